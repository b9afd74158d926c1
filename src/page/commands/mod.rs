//! What a person can do to the system: jobs, emergencies, faults, executors.

mod acting;
mod cluster;
mod emergency;
mod faults;
mod forms;
mod jobs;
mod network;

use leptos::prelude::*;

pub use self::forms::Forms;
use super::{storage, words};
use crate::app::Session;
use crate::engine::emergency::{EmergencyType, Level};
use crate::language::{known, say};
use crate::page::parts::{Read, live, press, text, when};

/// A remembered yes.
const YES: &str = "yes";

/// The panel of commands; on a phone it is a sheet.
#[component]
pub fn Commands() -> impl IntoView {
    let ui = expect_context::<Session>().ui;
    view! {
        <section class="panel commands" data-testid="commands" aria-label=say("Commands")>
            <button class="sheet-close" on:click=press(move || ui.sheet.set(false))>
                {say("Close commands")}
            </button>
            <acting::Acting />
            <jobs::Jobs />
            <emergency::Emergencies />
            <faults::Faults />
            {group(say("Network"), "network", true, Box::new(network::network))}
            <cluster::Cluster />
        </section>
        <div class="notice-place" role="status" aria-live="polite">
            {when(
                move || ui.notice.with(|notice| !notice.is_empty()),
                move || view! {
                    <p class="notice" data-testid="notice">
                        <span>{text(move || ui.notice.get())}</span>
                        <button class="notice-close" aria-label=say("Dismiss") on:click=press(move || ui.notice.set(String::new()))>
                            "×"
                        </button>
                    </p>
                },
            )}
        </div>
    }
    .into_any()
}

/// A group of commands under a heading that folds it away. What is folded is remembered; `folded` is how it is at first.
fn group(title: &'static str, id: &'static str, folded: bool, inside: Read<AnyView>) -> AnyView {
    let name = ["triage.folded.", id].concat();
    let remembered = storage::recall(&name);
    let folded = RwSignal::new(remembered.map_or(folded, |word| word == YES));
    let toggle = move || {
        folded.update(|folded| *folded = !*folded);
        storage::remember(&name, if folded.get_untracked() { YES } else { "no" });
    };
    view! {
        <section class="group">
            <h2>
                <button
                    class="group-head"
                    data-testid=["group-", id].concat()
                    aria-expanded=live(move || (!folded.get()).to_string())
                    on:click=press(toggle)
                >
                    {title}
                </button>
            </h2>
            {when(move || !folded.get(), inside)}
        </section>
    }
    .into_any()
}

/// A number or a text; what it is stands in it, as its unit or as a hint while it is empty.
fn field(
    label: &'static str,
    id: &'static str,
    value: RwSignal<String>,
    unit: &'static str,
) -> AnyView {
    let keyboard = if unit.is_empty() { "text" } else { "numeric" };
    view! {
        <label class="field" class:with-unit=!unit.is_empty() title=label>
            <input
                type="text"
                inputmode=keyboard
                autocomplete="off"
                spellcheck="false"
                aria-label=label
                placeholder=label
                data-testid=id
                prop:value=live(move || value.get())
                on:input:target=move |event| value.set(event.target().value())
            />
            <span class="unit" aria-hidden="true">{unit}</span>
        </label>
    }
    .into_any()
}

/// One of the values of a field.
fn choice(value: RwSignal<String>, name: String, words: String) -> AnyView {
    let own = name.clone();
    view! { <option value=name selected=move || value.with(|value| *value == own)>{words}</option> }
        .into_any()
}

/// The type of an emergency.
fn type_field(label: &'static str, id: &'static str, value: RwSignal<String>) -> AnyView {
    let options = EmergencyType::KNOWN.map(|kind| {
        let name = kind.name().to_owned();
        let words = known(&name.replace('_', " "));
        choice(value, name, words)
    });
    view! {
        <label class="field" title=label>
            <select data-testid=id aria-label=label on:change:target=move |event| value.set(event.target().value())>
                {options}
            </select>
        </label>
    }
    .into_any()
}

/// Four buttons, one for each level: `words` is what all of them do, `named` what one does. `pressed` says which one is
/// the present one, if any.
fn level_buttons(
    prefix: &'static str,
    words: &'static str,
    named: fn(&str) -> String,
    pressed: impl Fn() -> Option<Level> + Copy + Send + Sync + 'static,
    choose: impl Fn(Level) + Copy + Send + Sync + 'static,
) -> AnyView {
    let buttons = Level::DECLARABLE.map(|level| {
        let class = words::level_class(level);
        view! {
            <button
                class="level"
                data-level=class
                data-testid=format!("{prefix}-{class}")
                aria-label=named(level.name())
                aria-pressed=move || pressed().map(|now| (now == level).to_string())
                on:click=press(move || choose(level))
            >
                {words::level_short(level)}
            </button>
        }
    });
    view! {
        <div class="levels-row">
            <span class="field-label" aria-hidden="true">{words}</span>
            <div class="levels" role="group" aria-label=words>{buttons}</div>
        </div>
    }
    .into_any()
}
