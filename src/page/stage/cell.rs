//! A process in a crowd: a square that says health, mode and load.

use leptos::prelude::*;

use crate::app::NodeRow;
use crate::page::parts::{live, text};
use crate::page::words::level_class;

/// A process in a crowd.
#[component]
pub fn Cell(row: NodeRow) -> impl IntoView {
    let node = row.view;
    let level = Memo::new(move |_| node.with(|node| level_class(node.mode.unwrap_or_default())));
    let load = Memo::new(move |_| {
        node.with(|node| {
            let running = node.slots.iter().flatten().count();
            let queued = node.queue_emergency.len() + node.queue_normal.len() + node.paused.len();
            (100 * running / node.slots.len().max(1), queued)
        })
    });
    view! {
        <span class="cell-level" data-level=live(move || level.get())></span>
        <span class="health"></span>
        <span class="cell-load">
            <span style:height=live(move || format!("{}%", load.get().0))></span>
        </span>
        <span class="cell-queue">
            {text(move || if load.get().1 > 0 { load.get().1.to_string() } else { String::new() })}
        </span>
    }
    .into_any()
}
