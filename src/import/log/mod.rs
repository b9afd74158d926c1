//! Logs in the manner of ShiViz (Beschastnikh et al., "Debugging Distributed Systems", CACM 59(8), 2016): every event
//! names its process and carries a vector clock, and nothing else says who received what. An event has heard of another
//! process when its clock knows more of it than the one before; among those it heard of, it must have received
//! directly from each that no other of them explains.

mod causes;
mod clocks;
mod errors;
mod found;
mod order;

pub use errors::LogErrors;
pub use found::executions_from_json;

use causes::{causes, lanes};
use clocks::{clocks, hosts};
use order::{assemble, order};
use triage_engine::recorded::Log;
use triage_language::{say, tr};

/// How an event is found in a log that does not say: one line with what happened, one with the process and its clock.
pub const PARSER: &str = r"(?<event>.*)\n(?<host>\S*) (?<clock>{.*})";
/// A log may have so many processes,
pub const HOSTS_MAX: usize = 500;
/// so many events,
pub const EVENTS_MAX: usize = 200_000;
/// and so many bytes.
pub const BYTES_MAX: usize = 64_000_000;

/// A log file before it is taken apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogFile<'a> {
    /// The expression for one event, with groups `event`, `host` and `clock`; others become fields.
    pub parser: &'a str,
    /// The expression for what stands between two executions; empty if there is but one. A group `trace` names the one
    /// that follows.
    pub delimiter: &'a str,
    /// The log itself.
    pub body: &'a str,
    /// The line of the file in which it begins, from 1.
    pub first_line: u32,
}

impl<'a> LogFile<'a> {
    /// A file as ShiViz reads it has the parser in its first line and the delimiter in its second, and either may be
    /// empty. A file whose first line names no group `clock`, and is not empty, is taken for a log without them.
    pub fn split(text: &'a str) -> LogFile<'a> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let mut lines = text.splitn(3, '\n');
        let (first, second) = (lines.next(), lines.next());
        let trim = |line: Option<&'a str>| line.unwrap_or_default().trim_end_matches('\r');
        let (parser, delimiter) = (trim(first), trim(second));
        if parser.contains("(?<clock>") || (parser.is_empty() && second.is_some()) {
            return LogFile {
                parser: if parser.is_empty() { PARSER } else { parser },
                delimiter,
                body: lines.next().unwrap_or_default(),
                first_line: 3,
            };
        }
        LogFile {
            parser: PARSER,
            delimiter: "",
            body: text,
            first_line: 1,
        }
    }
}

/// One event as the parser found it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LogEntry {
    /// Its first line in the file, from 1.
    pub line: u32,
    /// Its last line.
    pub last_line: u32,
    /// What happened.
    pub event: String,
    /// Where.
    pub host: String,
    /// The vector clock: `{"host": count, …}`.
    pub clock: String,
    /// What other groups of the parser found, by their names.
    pub fields: Vec<(String, String)>,
}

/// One of the executions in a log file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Execution {
    /// Its name, or its number.
    pub name: String,
    /// The lines of the delimiter before it, if there is one.
    pub delimiter: Option<(u32, u32)>,
    /// What the parser found in it.
    pub entries: Vec<LogEntry>,
}

/// How many lines of a file belong to no event and to no delimiter and are not empty, and the first of them: the
/// parser passes over them, so whoever reads the log should know.
pub fn passed_over(file: &LogFile<'_>, executions: &[Execution]) -> Option<(usize, u32)> {
    let lines = file.body.lines().count();
    let mut covered = vec![false; lines];
    let mut cover = |first: u32, last: u32| {
        for line in first..=last {
            let place = line.checked_sub(file.first_line);
            if let Some(line) = place.and_then(|place| covered.get_mut(place as usize)) {
                *line = true;
            }
        }
    };
    for execution in executions {
        if let Some((first, last)) = execution.delimiter {
            cover(first, last);
        }
        for entry in &execution.entries {
            cover(entry.line, entry.last_line);
        }
    }
    let lines = (file.first_line..).zip(file.body.lines()).zip(covered);
    let mut left = lines.filter(|((_, text), covered)| !covered && !text.trim().is_empty());
    let ((first, _), _) = left.next()?;
    Some((1 + left.count(), first))
}

/// Reads the events of one execution.
///
/// # Errors
/// Every clock that cannot be read or contradicts another one, by its line; nothing is made of such a log.
pub fn read(entries: &[LogEntry]) -> Result<Log, LogErrors> {
    if entries.is_empty() {
        return Err(LogErrors::one(
            0,
            say(
                "the parser finds no event in this log: it must match every event, with the groups event, host and clock",
            ),
        ));
    }
    if entries.len() > EVENTS_MAX {
        let sentence = tr!(
            "{found} events are too many: a log can have at most {most}",
            found = entries.len(),
            most = EVENTS_MAX
        );
        return Err(LogErrors::one(0, sentence));
    }
    let hosts = hosts(entries)?;
    let clocks = clocks(entries, &hosts)?;
    let lanes = lanes(entries, &hosts, &clocks)?;
    let causes = causes(entries, &hosts, &clocks, &lanes)?;
    let order = order(entries, &lanes, &causes);
    Ok(assemble(entries, &hosts, &causes, &order))
}
