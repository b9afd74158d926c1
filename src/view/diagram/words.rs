//! Events in words, as the diagram says them beside the pointer and to a screen reader.

use super::causal_highlight::{CausalRelation, Light};
use crate::{log, words};
use triage_language::tr;
use triage_playback::Player;

/// When, which, where and what: `00:02.005 #42 coordinator-1 accepts job-1 into its ledger`.
pub fn words(player: &Player, seq: u32) -> String {
    let trace = player.trace();
    let Some(event) = trace.get(seq) else {
        return String::new();
    };
    let line = log::line(trace, seq, event);
    let number = ["#", &seq.to_string()].concat();
    let time = words::clock_ns(event.t_ns);
    [time, number, line.process_name, line.text].join(" ")
}

/// The event that keys act on, and how it stands to the chosen one.
pub fn spoken(player: &Player, light: &Light) -> String {
    let trace = player.trace();
    let Some(seq) = light.focused else {
        return String::new();
    };
    let process = trace.get(seq).and_then(|event| event.process());
    let standing = process.map_or(CausalRelation::Plain, |process| {
        light.standing(process.0, seq)
    });
    let event = words(player, seq);
    match standing {
        CausalRelation::Plain => event,
        CausalRelation::Chosen => tr!("{event}, chosen", event),
        CausalRelation::Past => tr!("{event}, before the chosen event", event),
        CausalRelation::Future => tr!("{event}, after the chosen event", event),
        CausalRelation::Apart => tr!("{event}, concurrent with the chosen event", event),
    }
}
