//! Scenarios: what a run is made from, as a versioned JSON file. `docs/scenario-format.md` describes it.

pub mod audited;
pub mod bounds;
pub mod every;
mod format;
pub mod json;
mod library;
pub mod link;
pub mod reader;
mod rejection;
pub mod saved;
pub mod validate;

use std::fmt;
use std::rc::Rc;

use serde::Serialize;

pub use library::{BuiltIn, library};

use triage_engine::access::Principal;
use triage_engine::command::{Command, ExecutorSpec};
use triage_engine::configuration::{Configuration, Setup};
use triage_engine::workload::Workload;

/// The version of the format that this build reads and writes.
pub const FORMAT: u32 = 1;

/// A run to be, with its story.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Scenario {
    /// Version of the format: 1.
    pub format: u32,
    /// Its name: lower-case letters, digits, `-` and `_`, at most 40.
    pub name: String,
    /// Its title on the screen, at most 80 characters.
    pub title: String,
    /// What there is to see, in a few sentences.
    pub description: String,
    /// The seed of every chance.
    pub seed: u64,
    /// How long the story takes, in µs: 1 to 86 400 000 000 (a day).
    pub duration_us: u64,
    /// Policies and timings; what is left out has its default.
    pub configuration: Configuration,
    /// Who may give commands, beside those named as the roles; at most 100.
    pub principals: Vec<Principal>,
    /// Executors that are there when the run begins; at most 10 000.
    pub executors: Vec<ExecutorSpec>,
    /// Where jobs come from.
    pub workload: Vec<Workload>,
    /// Timed commands. Their order in the file decides between equal times.
    pub commands: Vec<Command>,
}

impl Scenario {
    /// What the engine makes a run from.
    pub fn setup(&self) -> Setup {
        let mut commands = self.commands.clone();
        commands.sort_by_key(|command| command.at_us);
        Setup {
            name: Rc::from(self.name.as_str()),
            seed: self.seed,
            configuration: self.configuration.clone(),
            principals: self.principals.clone(),
            executors: self.executors.clone(),
            workloads: self.workload.clone(),
            commands,
        }
    }
}

/// Everything that is wrong with a scenario, each with its path: `executors[2].capacity: 0 is below 1`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScenarioErrors(pub Vec<String>);

impl fmt::Display for ScenarioErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join("\n"))
    }
}

impl std::error::Error for ScenarioErrors {}

/// Reads a scenario.
///
/// # Errors
/// For JSON that is none, unknown fields and wrong types: the first, with its path or its line.
/// For impossible values: all of them, with their paths.
pub fn parse(json: &str) -> Result<Scenario, ScenarioErrors> {
    let scenario: Scenario =
        reader::read_file(json).map_err(|problem| ScenarioErrors(vec![problem]))?;
    let problems = validate::problems(&scenario);
    if problems.is_empty() {
        Ok(scenario)
    } else {
        Err(ScenarioErrors(problems))
    }
}

/// Reads a command, as a scenario has it in its list.
///
/// # Errors
/// The first problem, with its path or its line.
pub fn parse_command(json: &str) -> Result<Command, String> {
    reader::read(json)
}
