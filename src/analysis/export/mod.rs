//! A run in the formats of other tools, one file each; `docs/exports.md` says what each holds and what opens it.
//!
//! Everything is a function of the first `count` events, so a run that was watched and gone back in exports what one
//! that was only run so far exports.

mod chrome;
mod csv;
mod json;
mod mermaid;
mod shiviz;

use std::io::{self, Write};

use triage_engine::id::ProcessIndex;
use triage_engine::record::{Field, Record};
use triage_engine::time::to_us;
use triage_engine::trace::{Event, Form, Trace};
use triage_language::{say, tr};

/// The recorder of what happens outside every process, as exports call it.
const ENVIRONMENT: &str = "environment";

/// What can be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// The trace itself, a JSON object a line.
    Ndjson,
    /// A log with vector clocks for ShiViz.
    Shiviz,
    /// The Trace Event Format, for Perfetto and chrome://tracing.
    Chrome,
    /// A sequence diagram.
    Mermaid,
    /// Figures as a table.
    Csv,
}

impl Format {
    /// Every format, in the order shown.
    pub const ALL: [Format; 5] = [
        Format::Ndjson,
        Format::Shiviz,
        Format::Chrome,
        Format::Mermaid,
        Format::Csv,
    ];

    /// What it is called in commands.
    pub fn name(self) -> &'static str {
        match self {
            Format::Ndjson => "ndjson",
            Format::Shiviz => "shiviz",
            Format::Chrome => "chrome",
            Format::Mermaid => "mermaid",
            Format::Csv => "csv",
        }
    }

    /// The format of that name.
    ///
    /// # Errors
    /// Says which formats there are.
    pub fn parse(name: &str) -> Result<Format, String> {
        let found = Format::ALL.into_iter().find(|format| format.name() == name);
        found.ok_or_else(|| {
            tr!(
                "there is no format \"{name}\": choose one of {names}",
                name = name,
                names = Format::ALL.map(Format::name).join(", ")
            )
        })
    }
}

/// What is exported: a run from its beginning to a moment.
#[derive(Clone, Copy, Debug)]
pub struct Run<'a> {
    /// The trace, which may go on beyond.
    pub trace: &'a Trace,
    /// How many of its events belong to the run.
    pub count: u32,
    /// The moment it has come to, in ns: at or after its last event.
    pub end_ns: u64,
}

/// Places in the trace, both included.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Range {
    /// The first; 0 if not given.
    pub from: Option<u32>,
    /// The last; if not given, the format decides how far it goes.
    pub to: Option<u32>,
}

/// Why there is no export.
#[derive(Debug)]
pub enum Problem {
    /// What was asked for cannot be: a sentence about it.
    Asked(String),
    /// `out` failed.
    Output(io::Error),
}

impl From<io::Error> for Problem {
    fn from(error: io::Error) -> Self {
        Problem::Output(error)
    }
}

/// Whether a range can be exported in a format.
///
/// # Errors
/// Says what is wrong with the range.
pub fn check(run: &Run<'_>, format: Format, range: Range) -> Result<(), String> {
    match format {
        Format::Mermaid => mermaid::choose(run, range).map(drop),
        _ if range == Range::default() => Ok(()),
        _ => Err(say(
            "only mermaid accepts a range of events: leave out from and to, or choose mermaid",
        )
        .to_owned()),
    }
}

/// Writes a run.
///
/// # Errors
/// Those of `out`; and what is wrong with the range, before anything is written.
pub fn write(
    run: &Run<'_>,
    format: Format,
    range: Range,
    out: &mut dyn Write,
) -> Result<(), Problem> {
    check(run, format, range).map_err(Problem::Asked)?;
    match format {
        Format::Ndjson => run.trace.write_ndjson(run.count, out)?,
        Format::Shiviz => shiviz::write(run, out)?,
        Format::Chrome => chrome::write(run, out)?,
        Format::Mermaid => {
            let chosen = mermaid::choose(run, range).map_err(Problem::Asked)?;
            mermaid::write(run, &chosen, out)?;
        }
        Format::Csv => csv::write(run, out)?,
    }
    Ok(())
}

/// The same as text.
///
/// # Errors
/// Only those about the range.
pub fn text(run: &Run<'_>, format: Format, range: Range) -> Result<String, String> {
    let mut bytes = Vec::new();
    match write(run, format, range, &mut bytes) {
        Ok(()) => {
            Ok(String::from_utf8(bytes).unwrap_or_else(|_| unreachable!("every format is UTF-8")))
        }
        Err(Problem::Asked(words)) => Err(words),
        Err(Problem::Output(error)) => Err(error.to_string()),
    }
}

impl<'a> Run<'a> {
    /// Its events with their places.
    fn events(&self) -> impl Iterator<Item = (u32, &'a Event)> {
        self.trace.iter().take(self.count as usize)
    }

    /// The moment it has come to, in µs.
    fn end_us(&self) -> u64 {
        to_us(self.end_ns)
    }

    /// The processes that had joined by then, in the fixed order. A trace that goes on may know more.
    fn processes(&self) -> impl Iterator<Item = ProcessIndex> + use<'a> {
        let mut count = 0;
        for (_, event) in self.events() {
            let named = match event.record {
                Record::ExecutorAdded { executor, .. } => Some(executor),
                _ => event.process(),
            };
            count = count.max(named.map_or(0, |process| process.0 + 1));
            if let Form::Send { to, .. } = event.form {
                count = count.max(to.0 + 1);
            }
        }
        (0..count).map(ProcessIndex)
    }

    fn name(&self, process: ProcessIndex) -> &'a str {
        self.trace.name(process)
    }

    /// What its first event says of it.
    fn scenario(&self) -> (&'a str, u64) {
        match self.trace.get(0).map(|event| &event.record) {
            Some(Record::RunStarted(run)) => (&run.scenario, run.seed),
            _ => ("", 0),
        }
    }
}

/// Whether an event is only there to keep the system informed: heartbeats, their replies, acknowledgements, gossip.
fn is_background(record: &Record) -> bool {
    match record {
        Record::HeartbeatSent | Record::HeartbeatReceived => true,
        _ => record.what().is_some_and(|what| what.is_background()),
    }
}

/// The kind, and for messages without a kind of their own what they are called: `message_sent ack`.
fn title(record: &Record) -> String {
    match record.what() {
        Some(what) => [record.kind(), " ", what.name()].concat(),
        None => record.kind().to_owned(),
    }
}

/// One event on one line: its kind, then each of its fields as `key=value`, text of several words in quotes.
fn caption(run: &Run<'_>, event: &Event) -> String {
    let mut line = event.record.kind().to_owned();
    let mut put = |key: &str, value: &str| {
        line.push(' ');
        line.push_str(key);
        line.push('=');
        let quote = if value.contains(char::is_whitespace) {
            "\""
        } else {
            ""
        };
        line.push_str(quote);
        line.extend(value.chars().map(plain));
        line.push_str(quote);
    };
    match event.form {
        Form::Send { to, message, .. } => {
            put("to", run.name(to));
            put("message", &message.0.to_string());
        }
        Form::Receipt { from, message, .. } => {
            put("from", run.name(from));
            put("message", &message.0.to_string());
        }
        _ => {}
    }
    event.record.fields(&mut |key, field| match field {
        Field::Text(text) => put(key, text),
        Field::Made(text) => put(key, &text),
        Field::Number(number) => put(key, &number.to_string()),
        Field::Process(process) => put(key, run.name(process)),
    });
    line
}

/// A character that ends no line and steers nothing: principals and reasons may hold what somebody typed.
fn plain(c: char) -> char {
    if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}') {
        ' '
    } else {
        c
    }
}
