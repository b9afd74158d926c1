//! The legend below the stage.

use leptos::prelude::*;

use crate::language::say;

/// What the shapes mean, in one line.
#[component]
pub fn Legend() -> impl IntoView {
    let entries = [
        ("mark normal", say("normal job")),
        ("mark emergency critical", say("emergency job")),
        ("mark paused", say("paused")),
        ("mark line", say("heartbeat")),
        ("cell own", say("own entry")),
        ("cell raised", say("just raised")),
        ("mark truth", say("ground truth")),
    ];
    let entries = entries.map(|(class, words)| {
        view! { <li><span class=class aria-hidden="true"></span>{words}</li> }
    });
    view! { <ul class="legend" aria-label=say("Legend")>{entries}</ul> }.into_any()
}
