//! A log that ShiViz (Beschastnikh et al., "Debugging Distributed Systems", CACM 59(8), 2016) opens with the parser
//! expression that it starts with: `(?<event>.*)\n(?<host>\S*) (?<clock>{.*})`.
//!
//! Clocks are written as they were recorded. ShiViz draws its lines from them alone: what a process could know. So the
//! receipt of a refused message, which merges nothing, has no line from its sender; and events of the environment,
//! which have no clock, are not in the log.

use std::io::{self, Write};

use super::{Run, caption, json};

/// Two lines an event: what happened; where, and the vector clock.
pub fn write(run: &Run<'_>, out: &mut dyn Write) -> io::Result<()> {
    let mut result = Ok(());
    let mut lines = String::new();
    run.trace.stamps(0, run.count, &mut |_, event, stamp| {
        let Some(process) = event.process().filter(|_| result.is_ok()) else {
            return;
        };
        lines.clear();
        lines.push_str(&caption(run, event));
        lines.push('\n');
        lines.push_str(run.name(process));
        lines.push_str(" {");
        for (place, (known, count)) in stamp.vector.entries().enumerate() {
            if place > 0 {
                lines.push(',');
            }
            json::text(&mut lines, run.name(known));
            lines.push(':');
            lines.push_str(&count.to_string());
        }
        lines.push_str("}\n");
        result = out.write_all(lines.as_bytes());
    });
    result
}
