//! Converts a played run to a scenario.

use std::io::Write;
use std::path::Path;

use triage_playback::Player;
use triage_scenario::saved::SavedRun;

use super::run::create;
use crate::Failure;

/// Prints or writes the scenario; how accurately it repeats the run goes to stderr.
pub fn record(file: &Path, title: Option<&str>, out: Option<&Path>) -> Result<(), Failure> {
    let failure = |reason: String| Failure::Message(format!("{}: {reason}", file.display()));
    let text = std::fs::read_to_string(file).map_err(|error| failure(error.to_string()))?;
    let saved = SavedRun::parse(&text).map_err(failure)?;
    let player = Player::from_saved(&saved).map_err(failure)?;
    let title = title.unwrap_or(&player.scenario().title);
    let recording = player.recorded(title).map_err(failure)?;
    let mut json = serde_json::to_string_pretty(&recording.scenario)
        .map_err(|error| failure(error.to_string()))?;
    json.push('\n');
    match out {
        Some(path) => create(path)?.write_all(json.as_bytes())?,
        None => std::io::stdout().lock().write_all(json.as_bytes())?,
    }
    let mut errors = std::io::stderr().lock();
    for words in recording.in_words() {
        writeln!(errors, "{words}")?;
    }
    Ok(())
}
