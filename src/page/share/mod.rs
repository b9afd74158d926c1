//! Links: the button that makes one, and what opens them.

pub mod menu;
pub mod open;

use leptos::prelude::*;

use super::parts::{live, press, when};
use crate::language::say;

/// The button, and what it opens.
pub fn share() -> AnyView {
    let open = RwSignal::new(false);
    view! {
        <div
            class="share"
            on:keydown=move |event| {
                if event.key() == "Escape" {
                    event.stop_propagation();
                    open.set(false);
                }
            }
        >
            <button
                class="tool"
                data-testid="share"
                title=say("Link to the current state")
                aria-label=say("Share")
                aria-expanded=live(move || open.get().to_string())
                aria-controls="share-menu"
                on:click=press(move || open.update(|open| *open = !*open))
            >
                <svg class="icon" viewBox="0 0 16 16" aria-hidden="true">
                    <path d="M8 10V2M5 4.500L8 1.500l3 3M3 8v6h10V8"></path>
                </svg>
            </button>
            {when(move || open.get(), menu::menu)}
        </div>
    }
    .into_any()
}
