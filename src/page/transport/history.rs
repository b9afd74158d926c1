//! Undo and redo, and the button of the menu.

use leptos::prelude::*;

use super::icon;
use super::menu::menu;
use crate::app::Session;
use crate::language::{say, tr};
use crate::page::parts::{live, press, text, when};

const UNDO: &str = "M6 3L2.500 6.500L6 10M3 6.500h6.500a3.500 3.500 0 0 1 0 7H6";
const REDO: &str = "M10 3l3.500 3.500L10 10M13 6.500H6.500a3.500 3.500 0 0 0 0 7H10";
const FORK: &str = "M4.500 2v12M4.500 10c0-3 7-2.500 7-7M9 5l2.500-2.500L14 5";

/// Undo, redo and the menu.
#[component]
pub fn History() -> impl IntoView {
    let session = expect_context::<Session>();
    let ui = session.ui;
    let open = RwSignal::new(false);
    let count = move || ui.branches.with(Vec::len);
    view! {
        <div
            class="history"
            on:keydown=move |event| {
                if event.key() == "Escape" {
                    event.stop_propagation();
                    open.set(false);
                }
            }
        >
            <button
                class="tool"
                data-testid="undo"
                aria-label=say("Undo the last command")
                title=say("Undo the last command (ctrl Z)")
                disabled=move || !ui.undo_redo.get().0
                on:click=press(move || session.undo())
            >
                {icon(UNDO)}
            </button>
            <button
                class="tool"
                data-testid="redo"
                aria-label=say("Redo the command that was undone")
                title=say("Redo (ctrl shift Z)")
                disabled=move || !ui.undo_redo.get().1
                on:click=press(move || session.redo())
            >
                {icon(REDO)}
            </button>
            <button
                class="tool"
                data-testid="branches"
                aria-label=live(move || tr!(
                    "Branches and markers, {n} branch" | "Branches and markers, {n} branches" % count()
                ))
                title=say("Branches of this run, and markers")
                aria-expanded=live(move || open.get().to_string())
                aria-controls="history-menu"
                on:click=press(move || open.update(|open| *open = !*open))
            >
                {icon(FORK)}
                <span class="tool-count">{text(count)}</span>
            </button>
            {when(move || open.get(), menu)}
        </div>
    }
    .into_any()
}
