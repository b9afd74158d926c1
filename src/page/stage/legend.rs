//! The legend below the stage.

use leptos::prelude::*;

/// What the shapes mean, in one line.
#[component]
pub fn Legend() -> impl IntoView {
    let entries = [
        ("mark normal", "normal job"),
        ("mark emergency critical", "emergency job"),
        ("mark paused", "paused"),
        ("mark line", "heartbeat"),
        ("cell own", "own entry"),
        ("cell raised", "raised by last merge"),
        ("mark truth", "only you can see"),
    ];
    let entries = entries.map(|(class, words)| {
        view! { <li><span class=class aria-hidden="true"></span>{words}</li> }
    });
    view! { <ul class="legend" aria-label="Legend">{entries}</ul> }.into_any()
}
