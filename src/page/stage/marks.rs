//! Waiting and paused jobs as small marks: diamonds, dots, bars.

use leptos::prelude::*;

use crate::language::say;
use crate::page::parts::{dynamic, when};
use crate::view::stage::NodeView;

/// Marks drawn before the rest becomes a number.
const MARKS_MAX: usize = 3;

/// The queues of an executor.
#[component]
pub fn Queues(node: RwSignal<NodeView, LocalStorage>) -> impl IntoView {
    let emergency = Memo::new(move |_| node.with(|node| node.queue_emergency.len()));
    let normal = Memo::new(move |_| node.with(|node| node.queue_normal.len()));
    let paused = Memo::new(move |_| node.with(|node| node.paused.len()));
    view! {
        <span class="queues">
            {line(say("emergency"), "queue emergency", emergency)}
            {line(say("normal"), "queue normal", normal)}
            {when(move || paused.get() > 0, move || line(say("paused"), "queue paused", paused))}
        </span>
    }
    .into_any()
}

fn line(words: &'static str, class: &'static str, count: Memo<usize>) -> AnyView {
    let marks = move || {
        let count = count.get();
        let drawn = if count > MARKS_MAX {
            MARKS_MAX - 1
        } else {
            count
        };
        let marks = (0..drawn)
            .map(|_| view! { <i class="queued"></i> })
            .collect_view();
        let rest = match count - drawn {
            0 if count == 0 => "–".to_owned(),
            0 => String::new(),
            rest => format!("+{rest}"),
        };
        view! { {marks}<span class="queue-rest">{rest}</span> }.into_any()
    };
    view! {
        <span class=class>
            <span class="queue-name">{words}</span>
            <span class="queue-marks">{dynamic(marks)}</span>
        </span>
    }
    .into_any()
}
