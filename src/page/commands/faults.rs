//! Breaking a process and mending it: every button is a toggle whose word follows the truth.

use leptos::prelude::*;

use super::{Forms, field, group};
use crate::app::Session;
use crate::language::{say, say_as, tr};
use crate::page::parts::{dynamic, press, text};
use crate::view::stage::{Condition, Role};

/// The faults, aimed at one process.
#[component]
pub fn Faults() -> impl IntoView {
    let session = expect_context::<Session>();
    let forms = expect_context::<Forms>();
    let condition = Memo::new(move |_| {
        session.ui.keys.track();
        let row = session.ui.target.get().and_then(|index| session.row(index));
        row.map(|row| row.view.with(|node| node.condition))
    });
    let runs_no_jobs = move || {
        let role = session
            .ui
            .target
            .get()
            .and_then(|index| session.role(index));
        role != Some(Role::Executor)
    };
    let crash_words = move || match condition.get() {
        Some(Condition::Crashed) => say_as("command", "Restart"),
        _ => say_as("command", "Crash"),
    };
    let hang_words = move || match condition.get() {
        Some(Condition::Hung) => say_as("command", "Resume"),
        _ => say_as("command", "Hang"),
    };
    let slow_words = move || match condition.get() {
        Some(Condition::Slow { .. }) => say("Normal speed").to_owned(),
        _ => tr!("Slow ×{factor}", factor = forms.factor.get()),
    };
    let partition_words = move || match condition.get() {
        Some(Condition::Partitioned) => say_as("command", "Heal"),
        _ => say_as("command", "Partition"),
    };
    let inside = move || {
        view! {
        <div class="fields">
            <Target />
            {field(say("Slowdown factor"), "slow-factor", forms.factor, "×")}
        </div>
        <div class="pair">
            <button class="wide" data-testid="crash" on:click=press(move || forms.crash(session))>
                <span>{text(crash_words)}</span>
                <kbd aria-hidden="true">"F"</kbd>
            </button>
            <button class="wide" data-testid="hang" on:click=press(move || forms.hang(session))>{text(hang_words)}</button>
            <button
                class="wide"
                data-testid="slow"
                disabled=runs_no_jobs
                on:click=press(move || forms.slow(session))
            >
                {text(slow_words)}
            </button>
            <button class="wide" data-testid="partition" on:click=press(move || forms.partition(session))>
                {text(partition_words)}
            </button>
        </div>
    }
    .into_any()
    };
    group(say("Faults"), "faults", false, Box::new(inside))
}

/// Which process: the same one that is selected on the stage.
#[component]
fn Target() -> impl IntoView {
    let session = expect_context::<Session>();
    let options = move || {
        session.ui.keys.track();
        let option = |index: u16| {
            let selected = move || session.ui.target.get() == Some(index);
            view! { <option value=index.to_string() selected=selected>{session.name(index)}</option> }
        };
        session
            .breakable(&[Role::Executor, Role::Coordinator, Role::Recovery])
            .into_iter()
            .map(option)
            .collect_view()
            .into_any()
    };
    view! {
        <label class="field" title=say("The process that faults affect. Selecting a process on the stage chooses it too.")>
            <select
                aria-label=say("Process")
                data-testid="fault-target"
                on:change:target=move |event| {
                    if let Ok(index) = event.target().value().parse::<u16>() {
                        session.select(index);
                    }
                }
            >
                {dynamic(options)}
            </select>
        </label>
    }
    .into_any()
}
