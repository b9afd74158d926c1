//! The headless runner: the same engine without a page. Errors go to stderr with exit code 2.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use serde_json::json;
use triage::analysis::latency::{Latencies, Target};
use triage::engine::trace::Recorder;
use triage::engine::{EmergencySystem, trace_hash};
use triage::scenario::{self, Scenario};

/// A run that is not quiet after this is stopped, in µs: a day.
const QUIET_US_MAX: u64 = 86_400_000_000;

#[derive(Parser)]
#[command(
    name = "triage",
    about = "Runs emergency-response scenarios without a page."
)]
struct Arguments {
    #[command(subcommand)]
    command: Commands,
}

#[derive(Subcommand)]
enum Commands {
    /// Run a scenario; without --until, until every job is done or provably waits.
    Run {
        /// A file, or the name of a built-in scenario.
        scenario: String,
        /// Another seed than the scenario's.
        #[arg(long)]
        seed: Option<u64>,
        /// Stop at this simulated time: 60s, 1500ms or 2m.
        #[arg(long, value_parser = duration_us)]
        until: Option<u64>,
        /// Write the trace as newline-delimited JSON.
        #[arg(long, value_name = "FILE")]
        trace: Option<PathBuf>,
        /// Write counts and latencies as JSON.
        #[arg(long, value_name = "FILE")]
        metrics: Option<PathBuf>,
        /// Print the SHA-256 of the trace.
        #[arg(long)]
        hash: bool,
    },
    /// Say whether a scenario file is valid, and if not, what is wrong where.
    Check {
        /// A file, or the name of a built-in scenario.
        scenario: String,
    },
    /// List the built-in scenarios, name first.
    List,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let done = match &arguments.command {
        Commands::Run {
            scenario,
            seed,
            until,
            trace,
            metrics,
            hash,
        } => {
            let outputs = Outputs {
                trace: trace.as_deref(),
                metrics: metrics.as_deref(),
                hash: *hash,
            };
            run(scenario, *seed, *until, &outputs)
        }
        Commands::Check { scenario } => check(scenario),
        Commands::List => list(),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        // Whoever reads our output may stop reading it; that is no error.
        Err(Failure::Output(error)) if error.kind() == std::io::ErrorKind::BrokenPipe => {
            ExitCode::SUCCESS
        }
        Err(failure) => {
            let _ = writeln!(std::io::stderr(), "{}", failure.message());
            ExitCode::from(2)
        }
    }
}

enum Failure {
    Message(String),
    Output(std::io::Error),
}

impl Failure {
    fn message(&self) -> String {
        match self {
            Failure::Message(message) => message.clone(),
            Failure::Output(error) => format!("cannot write: {error}"),
        }
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        Failure::Output(error)
    }
}

struct Outputs<'a> {
    trace: Option<&'a Path>,
    metrics: Option<&'a Path>,
    hash: bool,
}

fn run(
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
        None => system.run_until_quiet(QUIET_US_MAX),
    };
    if let Some(path) = outputs.trace {
        let mut file = BufWriter::new(create(path)?);
        system
            .trace()
            .write_ndjson(system.trace().count(), &mut file)?;
        file.flush()?;
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
    for (id, reason) in waiting(system) {
        writeln!(out, "{id} waits for {reason}")?;
    }
    if !quiet {
        writeln!(out, "stopped before everything was done")?;
    }
    Ok(())
}

fn waiting(system: &EmergencySystem) -> Vec<(String, String)> {
    let ledgers = system.world().coordinators().flat_map(|coordinator| {
        coordinator
            .waiting()
            .map(|entry| (entry.job.id.to_string(), coordinator.waits_for(&entry.job)))
    });
    ledgers.collect()
}

fn check(name: &str) -> Result<(), Failure> {
    let scenario = load(name)?;
    let mut out = std::io::stdout().lock();
    writeln!(
        out,
        "{}: valid, {} executors, {} workloads, {} commands",
        scenario.name,
        scenario.executors.len(),
        scenario.workload.len(),
        scenario.commands.len()
    )?;
    Ok(())
}

fn list() -> Result<(), Failure> {
    let mut out = std::io::stdout().lock();
    for built_in in scenario::library() {
        writeln!(out, "{:<20} {}", built_in.name, built_in.title)?;
    }
    Ok(())
}

/// A built-in scenario by name, or a file.
fn load(name: &str) -> Result<Scenario, Failure> {
    let built_in = scenario::library()
        .into_iter()
        .find(|built_in| built_in.name == name);
    let json = match built_in {
        Some(built_in) => built_in.json.to_owned(),
        None => std::fs::read_to_string(name).map_err(|error| {
            let names: Vec<&str> = scenario::library()
                .iter()
                .map(|built_in| built_in.name)
                .collect();
            let built_in = names.join(", ");
            Failure::Message(format!(
                "{name}: {error}; it is neither a file nor one of {built_in}"
            ))
        })?,
    };
    scenario::parse(&json).map_err(|errors| {
        let lines: Vec<String> = errors
            .0
            .iter()
            .map(|error| format!("{name}: {error}"))
            .collect();
        Failure::Message(lines.join("\n"))
    })
}

fn create(path: &Path) -> Result<File, Failure> {
    File::create(path).map_err(|error| Failure::Message(format!("{}: {error}", path.display())))
}

/// 60s, 1500ms, 2m or 2500us as µs.
fn duration_us(text: &str) -> Result<u64, String> {
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
    let us = number.checked_mul(factor).filter(|us| *us <= QUIET_US_MAX);
    us.ok_or_else(|| "at most a day: 1440m".to_owned())
}
