//! The right-hand side: the process that is looked at, and the four targets.

mod inspector;
mod targets;

use leptos::prelude::*;

/// Inspector and targets.
#[component]
pub fn Side() -> impl IntoView {
    view! {
        <aside class="panel side" tabindex="0" aria-label="Inspector and targets">
            <inspector::Inspector />
            <targets::Targets />
        </aside>
    }
    .into_any()
}
