//! Events in words, as the diagram says them beside the pointer and to a screen reader.

use super::light::{Light, Standing};
use crate::language::tr;
use crate::playback::Player;
use crate::view::{log, words};

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
    let standing = process.map_or(Standing::Plain, |process| light.standing(process.0, seq));
    let event = words(player, seq);
    match standing {
        Standing::Plain => event,
        Standing::Chosen => tr!("{event}, chosen", event),
        Standing::Past => tr!("{event}, before the chosen event", event),
        Standing::Future => tr!("{event}, after the chosen event", event),
        Standing::Apart => tr!("{event}, concurrent with the chosen event", event),
    }
}
