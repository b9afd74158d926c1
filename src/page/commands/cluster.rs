//! Executors that come and go while the system runs.

use leptos::prelude::*;

use super::{Forms, field, group};
use crate::app::Session;
use crate::language::{say, say_as, tr};
use crate::page::parts::{live, press};
use crate::view::stage::Role;

/// Drain and remove the chosen executor, add another one.
#[component]
pub fn Cluster() -> impl IntoView {
    let session = expect_context::<Session>();
    let forms = expect_context::<Forms>();
    let next = move || {
        session.ui.keys.track();
        session.unused_name()
    };
    let no_executor = move || {
        let chosen = session.ui.target.get();
        chosen.is_some_and(|index| session.role(index) != Some(Role::Executor))
    };
    let chosen = move || {
        session.ui.keys.track();
        session.ui.target.get().map_or_else(
            || say("no executor").to_owned(),
            |index| session.name(index),
        )
    };
    let inside = move || {
        view! {
        <div class="pair">
            <button
                class="wide"
                data-testid="drain"
                disabled=no_executor
                title=live(move || {
                    tr!("{name} accepts no new jobs, finishes the running ones and leaves", name = chosen())
                })
                on:click=press(move || forms.drain(session))
            >
                {say_as("command", "Drain")}
            </button>
            <button
                class="wide"
                data-testid="remove"
                disabled=no_executor
                title=live(move || tr!("{name} crashes and is removed permanently", name = chosen()))
                on:click=press(move || forms.remove(session))
            >
                {say_as("command", "Remove")}
            </button>
        </div>
        <div class="fields">
            <label class="field" title=say("Name of a new executor")>
                <input
                    aria-label=say("Name of a new executor")
                    type="text"
                    autocomplete="off"
                    spellcheck="false"
                    maxlength="40"
                    data-testid="add-name"
                    placeholder=next
                    prop:value=live(move || forms.add_name.get())
                    on:input:target=move |event| forms.add_name.set(event.target().value())
                />
            </label>
            {field(say("Slots of a new executor"), "add-capacity", forms.add_capacity, say("slots"))}
        </div>
        {field(say("Capabilities, separated by commas"), "add-capabilities", forms.add_capabilities, "")}
        <button class="wide" data-testid="add" on:click=press(move || forms.add_executor(session))>
            <span>{say("Add executor")}</span>
            <kbd aria-hidden="true">"A"</kbd>
        </button>
    }
    .into_any()
    };
    group(say("Executors"), "executors", false, Box::new(inside))
}
