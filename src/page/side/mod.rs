//! The right-hand side: the process that is looked at, and the four targets.

mod inspector;
mod targets;

use leptos::prelude::*;

use crate::language::say;

/// Inspector and targets.
#[component]
pub fn Side() -> impl IntoView {
    view! {
        <aside class="panel side" tabindex="0" aria-label=say("Inspector and targets")>
            <inspector::Inspector />
            <targets::Targets />
        </aside>
    }
    .into_any()
}
