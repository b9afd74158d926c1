//! A run as a file: the scenario, everything done by hand in all its branches, and the place of the cursor.
//! `docs/run-format.md` describes it. The events are not in it: they are replayed.

use serde::Serialize;

use super::reader::{self, Problem, Read, object};
use super::{Scenario, validate};
use crate::json::Json;
use triage_engine::command::Action;
use triage_language::{say, tr};

/// The version of the format that this build writes. It reads format 1 too: the same but for `trace_hash`, which was that
/// of a trace whose reasons were sentences.
pub const RUN_FORMAT: u32 = 2;
/// More than this does not fit in a browser tab: versions, steps of the world, and events.
const VERSIONS_MAX: usize = 10_000;
const STEPS_MAX: u64 = 20_000_000;
/// A day, in ns.
const DAY_NS: u64 = 86_400_000_000_000;

/// A place in a run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct SavedPlace {
    /// Events before it.
    pub events: u32,
    /// Steps of the world before it.
    pub steps: u64,
    /// The moment, in ns: at most a day.
    pub t_ns: u64,
}

/// What was done by hand.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SavedAct {
    /// Who asked for it.
    pub principal: String,
    /// What for.
    pub action: Action,
    /// Where.
    pub at: SavedPlace,
}

/// A version of the run: its parent's acts and one more. The first has none.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SavedVersion {
    /// Place in the list of the version it continues, which is before its own.
    pub parent: Option<u32>,
    /// Its act.
    pub act: Option<SavedAct>,
    /// Events that somebody watched in it.
    pub seen: u32,
    /// The name a person gave it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

/// A moment with a name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SavedMarker {
    /// When, in µs.
    pub t_us: u64,
    /// What a person calls it.
    pub name: String,
}

/// A run as a file.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SavedRun {
    /// Version of the format: 1.
    pub run_format: u32,
    /// Version of the engine that played it.
    pub engine: String,
    /// What is played. Written as the text that it was read from.
    #[serde(skip_serializing)]
    pub scenario: Scenario,
    /// Every version, the scenario as it is written first.
    pub versions: Vec<SavedVersion>,
    /// The version that is played.
    pub current: u32,
    /// Named moments.
    pub markers: Vec<SavedMarker>,
    /// Where the story ends, in µs.
    pub end_us: u64,
    /// The cursor.
    pub cursor: SavedPlace,
    /// SHA-256 of the trace up to the cursor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trace_hash: Option<String>,
}

impl SavedRun {
    /// Reads a run.
    ///
    /// # Errors
    /// Says in a sentence what is wrong and where, or that a newer page has written it.
    pub fn parse(json: &str) -> Result<SavedRun, String> {
        let run: SavedRun = reader::read(json)?;
        let problems = validate::problems(&run.scenario);
        if let Some(problem) = problems.first() {
            return Err(["scenario.", problem].concat());
        }
        run.check()?;
        Ok(run)
    }

    /// The file, with the scenario as it is written in its own.
    pub fn to_json(&self, scenario: &str) -> String {
        // Writing plain values to memory cannot fail.
        let rest = serde_json::to_string(self).unwrap_or_default();
        [
            "{\"scenario\":",
            scenario.trim(),
            ",",
            rest.get(1..).unwrap_or_default(),
        ]
        .concat()
    }

    /// The versions that lead to the current one, the scenario as it is written first. Only of a run that was checked.
    pub fn line(&self) -> Vec<&SavedVersion> {
        let mut line: Vec<&SavedVersion> = self
            .versions
            .get(self.current as usize)
            .into_iter()
            .collect();
        while let Some(parent) = line.last().and_then(|last| last.parent) {
            line.extend(self.versions.get(parent as usize));
        }
        line.reverse();
        line
    }

    /// How many versions nobody has continued.
    pub fn leaves(&self) -> usize {
        let mut continued: Vec<u32> = self
            .versions
            .iter()
            .filter_map(|version| version.parent)
            .collect();
        continued.sort_unstable();
        continued.dedup();
        self.versions.len() - continued.len()
    }

    pub(super) fn check(&self) -> Result<(), String> {
        if self.versions.is_empty() || self.versions.len() > VERSIONS_MAX {
            return Err(["versions: ", &tr!("needs 1 to {}", VERSIONS_MAX)].concat());
        }
        for (at, version) in self.versions.iter().enumerate() {
            let is_first = at == 0;
            let sound = match (version.parent, &version.act) {
                (None, None) => is_first,
                (Some(parent), Some(act)) => {
                    !is_first && (parent as usize) < at && act.at.is_possible()
                }
                _ => false,
            };
            if !sound {
                let wanted = say(
                    "needs both a parent and an act, except the first version, which has neither",
                );
                return Err(format!("versions[{at}]: {wanted}"));
            }
        }
        if self.current as usize >= self.versions.len() {
            return Err(["current: ", &tr!("there is no version {}", self.current)].concat());
        }
        if !self.cursor.is_possible() || self.end_us > DAY_NS / 1000 {
            return Err(["cursor: ", say("is later than a page can play")].concat());
        }
        Ok(())
    }
}

/// The scenario in the file of a run, as it is written there; `None` for a file that is none.
pub fn scenario_text(run: &str) -> Option<&str> {
    let (mut depth, mut begin) = (0, None);
    let mut letters = run.char_indices();
    while let Some((at, letter)) = letters.next() {
        match letter {
            '"' => {
                if depth == 1 && begin.is_none() && run.get(at..)?.starts_with("\"scenario\"") {
                    begin = Some(at + run.get(at..)?.find('{')?);
                }
                while let Some((_, inside)) = letters.next() {
                    match inside {
                        '\\' => drop(letters.next()),
                        '"' => break,
                        _ => {}
                    }
                }
            }
            '{' | '[' => depth += 1,
            '}' | ']' => {
                depth -= 1;
                if let (1, Some(begin)) = (depth, begin) {
                    return run.get(begin..=at);
                }
            }
            _ => {}
        }
    }
    None
}

impl SavedPlace {
    fn is_possible(&self) -> bool {
        self.steps <= STEPS_MAX && self.t_ns <= DAY_NS
    }
}

impl Read for SavedPlace {
    fn read(json: &Json) -> Result<SavedPlace, Problem> {
        object!(json => SavedPlace { "events" => events, "steps" => steps, "t_ns" => t_ns })
    }
}

impl Read for SavedAct {
    fn read(json: &Json) -> Result<SavedAct, Problem> {
        object!(json => SavedAct { "principal" => principal, "action" => action, "at" => at })
    }
}

impl Read for SavedVersion {
    fn read(json: &Json) -> Result<SavedVersion, Problem> {
        object!(json => SavedVersion {
            "parent" => parent = None,
            "act" => act = None,
            "seen" => seen = 0,
            "name" => name = None,
        })
    }
}

impl Read for SavedMarker {
    fn read(json: &Json) -> Result<SavedMarker, Problem> {
        object!(json => SavedMarker { "t_us" => t_us, "name" => name })
    }
}

impl Read for SavedRun {
    fn read(json: &Json) -> Result<SavedRun, Problem> {
        // A newer format may have fields that are unknown here: its number is the better message.
        if let Json::Object(entries) = json
            && let Some((_, Json::Whole(format))) =
                entries.iter().find(|(name, _)| name == "run_format")
            && !(1..=u64::from(RUN_FORMAT)).contains(format)
        {
            return Err(Problem::new(tr!(
                "run format {format} is not supported: this page reads format {known}; open the file with the page that wrote it",
                format = format,
                known = RUN_FORMAT
            )));
        }
        let run: Result<SavedRun, Problem> = object!(json => SavedRun {
            "run_format" => run_format,
            "engine" => engine,
            "scenario" => scenario,
            "versions" => versions,
            "current" => current,
            "markers" => markers = Vec::new(),
            "end_us" => end_us,
            "cursor" => cursor,
            "trace_hash" => trace_hash = None,
        });
        let mut run = run?;
        if run.run_format < RUN_FORMAT {
            run.run_format = RUN_FORMAT;
            run.trace_hash = None;
        }
        Ok(run)
    }
}
