//! The log: what happened, a sentence a line, newest at the bottom.

use leptos::html::Ol;
use leptos::prelude::*;

use crate::page::desk::Desk;
use crate::page::log_store::Row;
use crate::page::parts::{effect, press, rows, when};
use crate::page::screen::Key;
use crate::page::words;
use crate::view::log::Weight;

/// Choices of how much is shown.
const WEIGHTS: [(Weight, &str, &str); 3] = [
    (Weight::Loud, "loud", "loud only"),
    (Weight::Plain, "plain", "jobs and messages"),
    (Weight::Quiet, "quiet", "everything"),
];

/// How much of the log is shown.
#[component]
pub fn LogFilter() -> impl IntoView {
    let desk = expect_context::<Desk>();
    let options = WEIGHTS.map(|(weight, value, label)| {
        let selected = move || desk.screen.log_weight.get() == weight;
        view! { <option value=value selected=selected>{label}</option> }
    });
    let choose = move |value: String| {
        if let Some((weight, ..)) = WEIGHTS.iter().find(|choice| choice.1 == value) {
            desk.set_log_weight(*weight);
        }
    };
    view! {
        <label class="log-filter">
            <span class="field-label">"Show"</span>
            <select data-testid="log-filter" on:change:target=move |event| choose(event.target().value())>
                {options}
            </select>
        </label>
    }
    .into_any()
}

/// The lines.
#[component]
pub fn Log() -> impl IntoView {
    let desk = expect_context::<Desk>();
    let list = NodeRef::<Ol>::new();
    // Who reads further up is not torn away; who is at the bottom stays there.
    let at_bottom = StoredValue::new(true);
    effect(move || {
        desk.screen.log.track();
        let Some(list) = list.get() else { return };
        if at_bottom.get_value() {
            request_animation_frame(move || list.set_scroll_top(list.scroll_height()));
        }
    });
    let scrolled = move |_| {
        if let Some(list) = list.get_untracked() {
            let below = list.scroll_height() - list.scroll_top() - list.client_height();
            at_bottom.set_value(below < 24);
        }
    };
    let keys = move || {
        desk.screen
            .log
            .with(|rows| rows.iter().map(Row::key).collect())
    };
    view! {
        <ol class="log" data-testid="log" node_ref=list on:scroll=scrolled tabindex="0" aria-label="Log">
            {rows(keys, move |key| line(desk, key))}
            {when(
                move || desk.screen.log.with(Vec::is_empty),
                move || view! { <li class="log-empty">"Nothing has happened yet."</li> },
            )}
        </ol>
    }
    .into_any()
}

/// One event; a click goes back to it.
fn line(desk: Desk, key: Key) -> AnyView {
    let row = desk
        .screen
        .log
        .with_untracked(|rows| rows.iter().rev().find(|row| row.key() == key).cloned());
    let Some(Row { line, .. }) = row else {
        return ().into_any();
    };
    let hue = line.process.map_or("environment".to_owned(), |index| {
        format!("hue-{} pattern-{}", index % 8, index / 8 % 4)
    });
    let weight = match line.weight {
        Weight::Quiet => "quiet",
        Weight::Plain => "plain",
        Weight::Loud => "loud",
    };
    let level = line.level.map_or("", words::level_class);
    let (seq, t_us) = (line.seq, line.t_us);
    view! {
        <li>
            <button
                class=format!("log-line {weight} {hue}")
                data-level=level
                data-kind=line.kind
                title="Go to this moment"
                on:click=press(move || desk.seek_event(seq, t_us))
            >
                <span class="log-time">{words::clock(t_us as f64)}</span>
                <span class="log-process">{line.process_name}</span>
                <span class="log-text">{line.text}</span>
            </button>
        </li>
    }
    .into_any()
}
