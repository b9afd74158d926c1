//! The expressions of log files, evaluated without a page: the language is the browser's (ECMAScript), so that both
//! take a log apart in the same way.

use regress::{Match, Regex};

use triage_import::log::{Execution, LogEntry, LogFile};

/// Takes a log file apart.
///
/// # Errors
/// Says which of the two expressions is none, or lacks a group.
pub fn executions(file: &LogFile<'_>) -> Result<Vec<Execution>, String> {
    let parser = expression(file.parser, "parser")?;
    for group in ["event", "host", "clock"] {
        if !file.parser.contains(&format!("(?<{group}>")) {
            return Err(format!(
                "the parser needs a group (?<{group}>…) besides event, host and clock"
            ));
        }
    }
    let mut lines = Lines {
        text: file.body,
        place: 0,
        line: file.first_line,
    };
    let mut parts = vec![(Execution::default(), 0, file.body.len())];
    if !file.delimiter.is_empty() {
        let delimiter = expression(file.delimiter, "delimiter")?;
        for found in delimiter.find_iter(file.body) {
            let name = found.named_group("trace");
            let name = name.map(|range| file.body[range].trim().to_owned());
            let begins = Execution {
                name: name.unwrap_or_default(),
                delimiter: Some((lines.of(found.start()), lines.of(found.end()))),
                entries: Vec::new(),
            };
            if let Some((_, _, end)) = parts.last_mut() {
                *end = found.start();
            }
            parts.push((begins, found.end(), file.body.len()));
        }
    }
    lines = Lines {
        text: file.body,
        place: 0,
        line: file.first_line,
    };
    let mut executions = Vec::new();
    for (mut execution, begin, end) in parts {
        let text = &file.body[begin..end];
        let found = parser.find_iter(text);
        execution.entries = found
            .map(|found| entry(&found, text, begin, &mut lines))
            .collect();
        // What stands before the first delimiter is often empty.
        if execution.entries.is_empty() && !file.delimiter.is_empty() {
            continue;
        }
        if execution.name.is_empty() {
            execution.name = format!("execution {}", executions.len() + 1);
        }
        executions.push(execution);
    }
    Ok(executions)
}

fn expression(text: &str, what: &str) -> Result<Regex, String> {
    // As ShiViz evaluates them: all matches, and ^ and $ at every line.
    Regex::with_flags(text, "m")
        .map_err(|problem| format!("the {what} isn't a valid regular expression: {problem}"))
}

fn entry(found: &Match, text: &str, begin: usize, lines: &mut Lines<'_>) -> LogEntry {
    let mut entry = LogEntry {
        line: lines.of(begin + found.start()),
        last_line: lines.of(begin + found.end()),
        ..LogEntry::default()
    };
    for (name, range) in found.named_groups() {
        let value = range.map_or("", |range| &text[range]).trim().to_owned();
        match name {
            "event" => entry.event = value,
            "host" => entry.host = value,
            "clock" => entry.clock = value,
            name => entry.fields.push((name.to_owned(), value)),
        }
    }
    entry
}

/// Counts lines on the way through a text.
struct Lines<'a> {
    text: &'a str,
    place: usize,
    line: u32,
}

impl Lines<'_> {
    /// The line of a place that is not before the last one asked for.
    fn of(&mut self, place: usize) -> u32 {
        let passed = &self.text.as_bytes()[self.place..place];
        self.line += passed.iter().filter(|byte| **byte == b'\n').count() as u32;
        self.place = place;
        self.line
    }
}
