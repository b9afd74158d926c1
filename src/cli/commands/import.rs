//! Imports: a log of another system becomes a trace, public alerts become a scenario.

use std::io::{BufWriter, Write};
use std::path::Path;
use std::rc::Rc;

use triage_cli::expressions::executions;
use triage_import::log::{self, BYTES_MAX, Execution, LogFile};
use triage_import::{cap, nws, story};
use triage_playback::Player;

use super::run::create;
use crate::Failure;

/// The format of a file.
#[derive(Clone, Copy, Debug, clap::ValueEnum)]
pub enum Source {
    /// A log whose events carry vector clocks, as ShiViz reads it.
    Shiviz,
    /// OASIS CAP 1.0, 1.1 or 1.2.
    Cap,
    /// GeoJSON of the US National Weather Service.
    Nws,
}

/// How to parse a log, and which part of it to read.
pub struct LogOptions<'a> {
    /// Replaces the parser that the file specifies.
    pub parser: Option<&'a str>,
    /// Replaces the delimiter that the file specifies.
    pub delimiter: Option<&'a str>,
    /// The name of the execution to read; the first one if `None`.
    pub execution: Option<&'a str>,
}

/// Reads a file and writes the result; remarks go to stderr.
pub fn import(
    path: &Path,
    source: Source,
    options: &LogOptions<'_>,
    out: Option<&Path>,
) -> Result<(), Failure> {
    let name = path.display();
    let failure = |reason: String| Failure::Message(format!("{name}: {reason}"));
    let size = std::fs::metadata(path)
        .map_err(|error| failure(error.to_string()))?
        .len();
    if size > BYTES_MAX as u64 {
        return Err(failure(format!(
            "the file has {size} bytes; at most {BYTES_MAX} can be read"
        )));
    }
    let text = std::fs::read_to_string(path).map_err(|error| failure(error.to_string()))?;
    match source {
        Source::Shiviz => {
            let trace = trace_of(&text, options).map_err(failure)?;
            write(out, &trace)
        }
        Source::Cap | Source::Nws => {
            let story = alerts(&text, source, &name.to_string()).map_err(failure)?;
            let json = serde_json::to_string_pretty(&story.scenario)
                .map_err(|error| failure(error.to_string()))?;
            write(out, (json + "\n").as_bytes())
        }
    }
}

fn trace_of(text: &str, options: &LogOptions<'_>) -> Result<Vec<u8>, String> {
    let mut file = LogFile::split(text);
    file.parser = options.parser.unwrap_or(file.parser);
    file.delimiter = options.delimiter.unwrap_or(file.delimiter);
    let all = executions(&file)?;
    let mut stderr = std::io::stderr().lock();
    if let Some((lines, first)) = log::passed_over(&file, &all) {
        let _ = writeln!(
            stderr,
            "{lines} lines match nothing and are skipped; the first is line {first}"
        );
    }
    let names: Vec<&str> = all.iter().map(|one| one.name.as_str()).collect();
    if names.len() > 1 {
        let _ = writeln!(stderr, "executions: {}", names.join(", "));
    }
    let chosen: Option<&Execution> = match options.execution {
        None => all.first(),
        Some(wanted) => {
            let found = all.iter().find(|one| one.name == wanted);
            let none = || {
                format!(
                    "there is no execution {wanted}: choose one of {}",
                    names.join(", ")
                )
            };
            Some(found.ok_or_else(none)?)
        }
    };
    let entries = chosen.map_or(&[][..], |one| &one.entries);
    let read = log::read(entries).map_err(|problems| problems.to_string())?;
    let mut player = Player::of_log("log", Rc::new(read));
    player.seek_us(u64::MAX);
    let _ = writeln!(
        stderr,
        "{} events of {} processes",
        player.count(),
        player.trace().names().len()
    );
    Ok(player.trace_ndjson().into_bytes())
}

fn alerts(text: &str, source: Source, name: &str) -> Result<story::Story, String> {
    let mut stderr = std::io::stderr().lock();
    let alerts = if let Source::Nws = source {
        nws::read(text)?
    } else {
        let (alerts, signed) = cap::read(text)?;
        if signed {
            let _ = writeln!(
                stderr,
                "the alerts are signed; the signatures are not verified"
            );
        }
        alerts
    };
    let story = story::of(alerts, name)?;
    let _ = writeln!(stderr, "{} s of the alerts take 1 s here", story.scale);
    for row in &story.rows {
        let _ = writeln!(stderr, "{}: {} ({})", row.alert, row.does, row.from);
    }
    Ok(story)
}

fn write(out: Option<&Path>, bytes: &[u8]) -> Result<(), Failure> {
    match out {
        None => {
            let mut out = std::io::stdout().lock();
            out.write_all(bytes)?;
            out.flush()?;
        }
        Some(path) => {
            let mut out = BufWriter::new(create(path)?);
            out.write_all(bytes)?;
            out.flush()?;
        }
    }
    Ok(())
}
