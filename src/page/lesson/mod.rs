//! Lessons on the page: the panel, what it highlights, and presenting. All but this file is loaded when a lesson is
//! first opened.

mod glossary;
mod highlight_overlay;
mod list;
mod panel;

use leptos::prelude::*;

use super::parts::{live, press, when};
use crate::app::Session;
use crate::language::say;

/// The button in the top bar.
pub fn button() -> AnyView {
    let session = expect_context::<Session>();
    let open = session.ui.lessons.open;
    let toggle = move || match open.with_untracked(Option::is_some) {
        true => session.leave_lesson(),
        false => session.open_lesson(""),
    };
    view! {
        <button
            class="tool lessons-button"
            data-testid="lessons"
            aria-label=say("Lessons")
            title=say("Lessons")
            aria-expanded=live(move || open.with(Option::is_some).to_string())
            on:click=press(toggle)
        >
            <span class="lessons-mark" aria-hidden="true"></span>
            <span class="tool-word">{say("Lessons")}</span>
        </button>
    }
    .into_any()
}

/// The place of the panel.
pub fn place() -> AnyView {
    let open = expect_context::<Session>().ui.lessons.open;
    when(
        move || open.with(Option::is_some),
        || {
            view! {
                <aside class="panel lesson" data-testid="lesson" tabindex="0" aria-label=say("Lesson")>
                    {panel::panel()}
                </aside>
            }
        },
    )
}
