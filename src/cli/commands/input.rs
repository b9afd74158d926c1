//! Parses arguments: scenarios by name or file, and times with a unit.

use triage_engine::EmergencySystem;
use triage_scenario::{Scenario, ScenarioErrors};

use crate::Failure;

/// Runs that aren't quiescent after this time, in µs, are stopped: a day.
pub const RUN_US_MAX: u64 = 86_400_000_000;

/// The text of a built-in scenario, or of a file.
pub fn source(name: &str) -> Result<String, Failure> {
    let built_in = triage_scenario::library()
        .into_iter()
        .find(|built_in| built_in.name == name);
    match built_in {
        Some(built_in) => Ok(built_in.json.to_owned()),
        None => std::fs::read_to_string(name).map_err(|error| {
            let names: Vec<&str> = triage_scenario::library()
                .iter()
                .map(|built_in| built_in.name)
                .collect();
            let built_in = names.join(", ");
            Failure::Message(format!(
                "{name}: {error}; it is neither a file nor one of {built_in}"
            ))
        }),
    }
}

/// All problems of a scenario, one on each line.
pub fn invalid_scenario(name: &str, errors: &ScenarioErrors) -> Failure {
    let lines: Vec<String> = errors
        .0
        .iter()
        .map(|error| format!("{name}: {error}"))
        .collect();
    Failure::Message(lines.join("\n"))
}

/// A built-in scenario, or one from a file.
pub fn load(name: &str) -> Result<Scenario, Failure> {
    triage_scenario::parse(&source(name)?).map_err(|errors| invalid_scenario(name, &errors))
}

/// A scenario recorded until a moment in µs, or until the end of its story, as the page records ahead.
pub fn recorded(
    name: &str,
    seed: Option<u64>,
    until: Option<u64>,
) -> Result<EmergencySystem, Failure> {
    let mut scenario = load(name)?;
    scenario.seed = seed.unwrap_or(scenario.seed);
    let mut system = EmergencySystem::new(scenario.setup());
    system.run_until(until.unwrap_or(scenario.duration_us));
    Ok(system)
}

/// Parses 60s, 1500ms, 2m or 2500us to µs.
pub fn duration_us(text: &str) -> Result<u64, String> {
    let number_end = text
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(text.len());
    let (number, unit) = text.split_at(number_end);
    let factor = match unit {
        "us" => 1,
        "ms" => 1_000,
        "s" => 1_000_000,
        "m" => 60_000_000,
        _ => return Err("give a number with a unit: 60s, 1500ms, 2m or 2500us".to_owned()),
    };
    let number: u64 = number
        .parse()
        .map_err(|_| "give a whole number with a unit, such as 60s".to_owned())?;
    let us = number.checked_mul(factor).filter(|us| *us <= RUN_US_MAX);
    us.ok_or_else(|| "give at most one day: 1440m".to_owned())
}
