//! Random runs under the checker: a safety phase in which everything fails, then a healed one in which all work
//! must finish. Only tests and the headless runner link it.

pub mod bytes;
pub mod generate;
mod shrink;

use triage_engine::checker::{Checker, Violation};
use triage_engine::time::from_us;
use triage_engine::trace::Recorder;
use triage_scenario::Scenario;

pub use generate::scenario;
pub use shrink::shrink;

/// Every run has at least this many events.
pub const EVENTS_MIN: u32 = 2_000;
/// After this much simulated time beyond the story, in µs, work that is left will not finish.
const LIVENESS_US: u64 = 600_000_000;

/// What a run was, in numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Figures {
    /// Runs.
    pub runs: u64,
    /// Events in all.
    pub events: u64,
    /// Faults injected.
    pub faults: u64,
    /// Jobs submitted.
    pub jobs: u64,
    /// Simulated time, in µs.
    pub simulated_us: u64,
}

impl Figures {
    /// Both together.
    pub fn add(&mut self, other: Figures) {
        self.runs += other.runs;
        self.events += other.events;
        self.faults += other.faults;
        self.jobs += other.jobs;
        self.simulated_us += other.simulated_us;
    }
}

/// Runs a scenario under the checker: its story first, in which only safety is asked for; then, as its last
/// commands undo every fault, until it is quiet, by when all work must be done.
///
/// # Errors
/// The first promise that was broken.
pub fn run(scenario: &Scenario) -> Result<Figures, Violation> {
    let (mut world, mut checker) = Checker::begin(scenario.setup())?;
    let story_ns = from_us(scenario.duration_us);
    while world.next_ns().is_some_and(|next| next <= story_ns) {
        checker.step(&mut world)?;
    }
    let patience_ns = story_ns + from_us(LIVENESS_US);
    let mut steps = 0u64;
    // Whether it is quiet takes a while to find out, so it is asked once every few steps.
    while !steps.is_multiple_of(64) || checker.count() < EVENTS_MIN || !world.is_quiet() {
        if world.now_ns() > patience_ns {
            checker.all_is_done(&world)?;
            return Err(Violation {
                rule: "it never becomes quiet",
                seq: checker.count(),
                seen: format!("after {} s", world.now_ns() / 1_000_000_000),
            });
        }
        if !checker.step(&mut world)? {
            break; // not even heartbeats: a scenario without executors
        }
        steps += 1;
    }
    checker.all_is_done(&world)?;
    Ok(Figures {
        runs: 1,
        events: u64::from(checker.count()),
        faults: u64::from(checker.faults),
        jobs: u64::from(checker.jobs()),
        simulated_us: world.now_ns() / 1_000,
    })
}
