//! Runs a scenario and writes its trace, its metrics or a summary.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use serde_json::json;
use triage_analysis::latency::{Latencies, Target};
use triage_analysis::suspicion::{Figures, Suspicions};
use triage_engine::trace::Recorder;
use triage_engine::{EmergencySystem, trace_hash};
use triage_scenario::Scenario;
use triage_view::overview::suspicions;

use super::input::{RUN_US_MAX, load};
use crate::Failure;

/// What to write, and where.
pub struct Outputs<'a> {
    /// The trace as newline-delimited JSON.
    pub trace: Option<&'a Path>,
    /// Counts and latencies as JSON.
    pub metrics: Option<&'a Path>,
    /// The audit as newline-delimited JSON.
    pub audit: Option<&'a Path>,
    /// Whether to print the SHA-256 of the trace to stdout instead of the summary.
    pub hash: bool,
}

/// Runs until a moment in µs, or until every job is done or provably waits forever.
pub fn run(
    name: &str,
    seed: Option<u64>,
    until: Option<u64>,
    outputs: &Outputs<'_>,
) -> Result<(), Failure> {
    let mut scenario = load(name)?;
    if let Some(seed) = seed {
        scenario.seed = seed;
    }
    let mut system = EmergencySystem::new(scenario.setup());
    let quiet = match until {
        Some(t_us) => {
            system.run_until(t_us);
            system.world().is_quiet()
        }
        None => system.run_until_quiet(RUN_US_MAX),
    };
    if let Some(path) = outputs.trace {
        let mut file = BufWriter::new(create(path)?);
        system
            .trace()
            .write_ndjson(system.trace().count(), &mut file)?;
        file.flush()?;
    }
    if let Some(path) = outputs.audit {
        create(path)?.write_all(system.world().audit().to_ndjson().as_bytes())?;
    }
    let metrics = metrics(&scenario, &system, quiet);
    if let Some(path) = outputs.metrics {
        let mut file = create(path)?;
        writeln!(file, "{metrics:#}")?;
    }
    let mut out = std::io::stdout().lock();
    if outputs.hash {
        writeln!(out, "{}", trace_hash(system.trace()))?;
    } else {
        write_summary(&mut out, &scenario, &system, quiet)?;
    }
    Ok(())
}

fn detector(system: &EmergencySystem) -> Figures {
    let mut suspicions = Suspicions::default();
    let events = system.trace().iter();
    events.for_each(|(_, event)| suspicions.observe(event));
    suspicions.at(u64::MAX)
}

fn measure(system: &EmergencySystem) -> Latencies {
    let mut latencies = Latencies::default();
    system
        .trace()
        .iter()
        .for_each(|(_, event)| latencies.observe(event));
    latencies
}

fn metrics(scenario: &Scenario, system: &EmergencySystem, quiet: bool) -> serde_json::Value {
    let overview = system.system_overview();
    let latencies = measure(system);
    json!({
        "scenario": scenario.name,
        "seed": scenario.seed,
        "simulated_us": overview.t_us,
        "quiet": quiet,
        "events": system.trace().count(),
        "jobs": overview.jobs,
        "targets": {
            "emergency_start": latencies.summary(Target::EmergencyStart),
            "normal_start": latencies.summary(Target::NormalStart),
            "detection": latencies.summary(Target::Detection),
            "recovery": latencies.summary(Target::Recovery),
        },
        "detector": detector(system),
    })
}

fn write_summary(
    out: &mut dyn Write,
    scenario: &Scenario,
    system: &EmergencySystem,
    quiet: bool,
) -> Result<(), Failure> {
    let overview = system.system_overview();
    let jobs = overview.jobs;
    let seconds = overview.t_us as f64 / 1e6;
    let events = system.trace().count();
    writeln!(
        out,
        "{}: {events} events in {seconds:.3} simulated seconds, seed {}",
        scenario.name, scenario.seed
    )?;
    writeln!(
        out,
        "jobs: {} submitted, {} refused, {} completed, {} assigned, {} waiting, {} orphaned",
        jobs.submitted, jobs.refused, jobs.completed, jobs.assigned, jobs.waiting, jobs.orphaned
    )?;
    let latencies = measure(system);
    let milliseconds =
        |us: Option<u64>| us.map_or("-".to_owned(), |us| format!("{:.1} ms", us as f64 / 1e3));
    for target in Target::ALL {
        let summary = latencies.summary(target);
        let verdict = if summary.met { "met" } else { "MISSED" };
        writeln!(
            out,
            "{target:?}: {} values, median {}, worst {}, target < {}: {verdict}",
            summary.count,
            milliseconds(summary.p50_us),
            milliseconds(summary.max_us),
            milliseconds(Some(summary.bound_us)),
        )?;
    }
    writeln!(out, "detector: {}", suspicions(&detector(system)))?;
    for (id, reason) in waiting(system) {
        writeln!(out, "{id} waits for {reason}")?;
    }
    if !quiet {
        writeln!(out, "stopped before all jobs were completed")?;
    }
    Ok(())
}

fn waiting(system: &EmergencySystem) -> Vec<(String, String)> {
    let ledgers = system.world().coordinators().flat_map(|coordinator| {
        coordinator.waiting().map(|entry| {
            (
                entry.job.id.to_string(),
                triage_labels::waits_for(&coordinator.waits_for(&entry.job)),
            )
        })
    });
    ledgers.collect()
}

/// Creates or truncates a file.
pub fn create(path: &Path) -> Result<File, Failure> {
    File::create(path).map_err(|error| Failure::Message(format!("{}: {error}", path.display())))
}
