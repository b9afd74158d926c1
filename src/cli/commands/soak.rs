//! Random runs on all cores; prints metrics and, on failure, the seed and a minimised scenario.

use std::io::Write;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Instant;

use triage_engine::checker::Violation;
use triage_soak::Figures;

use super::input::load;
use crate::Failure;

/// Runs `seeds` seeds starting at `first`.
pub fn soak(first: u64, seeds: u64) -> Result<(), Failure> {
    #[expect(clippy::disallowed_methods)] // how fast it is, not what it does
    let begun = Instant::now();
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let (next, stop) = (AtomicU64::new(0), AtomicBool::new(false));
    let total = Mutex::new((Figures::default(), None));
    let work = || {
        let mut mine = Figures::default();
        let mut broken: Option<(u64, Violation)> = None;
        while !stop.load(Ordering::Relaxed) {
            let number = next.fetch_add(1, Ordering::Relaxed);
            if number >= seeds {
                break;
            }
            let seed = first.wrapping_add(number);
            match triage_soak::run(&triage_soak::scenario(seed)) {
                Ok(figures) => mine.add(figures),
                Err(violation) => {
                    stop.store(true, Ordering::Relaxed);
                    broken = Some((seed, violation));
                }
            }
        }
        if let Ok(mut total) = total.lock() {
            total.0.add(mine);
            total.1 = total.1.take().or(broken);
        }
    };
    std::thread::scope(|scope| {
        for _ in 0..cores {
            scope.spawn(work);
        }
    });
    let (figures, broken) = total.into_inner().unwrap_or_default();
    let mut out = std::io::stdout().lock();
    let seconds = begun.elapsed().as_secs_f64();
    writeln!(
        out,
        "{} seeds from {first} in {seconds:.1} s on {cores} cores: {:.1} seeds per second",
        figures.runs,
        figures.runs as f64 / seconds
    )?;
    writeln!(
        out,
        "{} events, {} faults injected, {} jobs, {} simulated hours",
        figures.events,
        figures.faults,
        figures.jobs,
        figures.simulated_us / 3_600_000_000
    )?;
    let Some((seed, violation)) = broken else {
        writeln!(out, "no violations")?;
        return Ok(());
    };
    writeln!(out, "seed {seed}: {violation}")?;
    writeln!(
        out,
        "shrinking the scenario (up to a few minutes); run it with ./dev cli soak --scenario FILE:"
    )?;
    let small = triage_soak::shrink(&triage_soak::scenario(seed));
    serde_json::to_writer_pretty(&mut out, &small).map_err(std::io::Error::from)?;
    writeln!(out)?;
    Err(Failure::Broken)
}

/// Runs one scenario.
pub fn one(name: &str) -> Result<(), Failure> {
    let scenario = load(name)?;
    let mut out = std::io::stdout().lock();
    match triage_soak::run(&scenario) {
        Ok(figures) => {
            writeln!(
                out,
                "{}: no violations in {} events",
                scenario.name, figures.events
            )?;
            Ok(())
        }
        Err(violation) => {
            writeln!(out, "{}: {violation}", scenario.name)?;
            Err(Failure::Broken)
        }
    }
}
