//! Events in words, for the diagram's tooltips and for screen readers.

use super::causal_highlight::{CausalHighlight, CausalRelation};
use crate::{format, log};
use triage_language::tr;
use triage_playback::Player;

/// Time, number, process and sentence: `00:02.005 #42 coordinator-1 accepts job-1 into its ledger`.
pub fn event_label(player: &Player, seq: u32) -> String {
    let trace = player.trace();
    let Some(event) = trace.get(seq) else {
        return String::new();
    };
    let line = log::line(trace, seq, event);
    let number = ["#", &seq.to_string()].concat();
    let time = format::clock_ns(event.t_ns);
    [time, number, line.process_name, line.text].join(" ")
}

/// The focused event, with its relation to the selected one.
pub fn focused_label(player: &Player, highlight: &CausalHighlight) -> String {
    let trace = player.trace();
    let Some(seq) = highlight.focused else {
        return String::new();
    };
    let process = trace.get(seq).and_then(|event| event.process());
    let relation = process.map_or(CausalRelation::NoSelection, |process| {
        highlight.relation(process.0, seq)
    });
    let event = event_label(player, seq);
    match relation {
        CausalRelation::NoSelection => event,
        CausalRelation::Selected => tr!("{event}, selected", event),
        CausalRelation::Past => tr!("{event}, before the selected event", event),
        CausalRelation::Future => tr!("{event}, after the selected event", event),
        CausalRelation::Concurrent => tr!("{event}, concurrent with the selected event", event),
    }
}
