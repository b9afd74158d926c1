//! Which panels beside the stage are open: three buttons, remembered for the next visit.

use leptos::prelude::*;

use super::parts::{live, press};
use super::storage;
use crate::app::PANELS;
use crate::app::Session;
use crate::app::preferences::CLOSED;
use crate::language::say;

/// The buttons; a phone shows one part at a time and has tabs instead.
pub fn panels() -> AnyView {
    let closed = expect_context::<Session>().ui.closed;
    let is_open = move |id: &str| closed.with(|all| !all.split(' ').any(|one| one == id));
    let button = |(id, words): (&'static str, &'static str)| {
        let toggle = move || {
            let names = PANELS.map(|(name, _)| name).into_iter();
            let then_closed = |name: &&str| (*name == id) == is_open(name);
            closed.set(names.filter(then_closed).collect::<Vec<_>>().join(" "));
            storage::remember(CLOSED, &closed.get_untracked());
        };
        view! {
            <button
                class="tool panel-button"
                data-testid=["panel-", id].concat()
                data-panel=id
                aria-label=say(words)
                title=say(words)
                aria-pressed=live(move || is_open(id).to_string())
                on:click=press(toggle)
            ></button>
        }
    };
    PANELS.map(button).collect_view().into_any()
}
