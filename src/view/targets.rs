//! The four latency targets of the source document, measured in every run.

use triage_analysis::latency::Target;
use triage_engine::time::from_us;
use triage_language::mark;
use triage_language::say;
use triage_playback::Player;

/// One target and its measurements so far.
#[derive(Clone, Debug, PartialEq)]
pub struct TargetView {
    /// The untranslated "Emergency start", "Normal start", "Detection" or "Recovery", also for tests; `say` translates
    /// it.
    pub name: &'static str,
    /// What is measured, in a sentence for a tooltip.
    pub what: &'static str,
    /// The worst value so far, in µs; `None` before the first.
    pub worst_us: Option<u64>,
    /// Number of measurements.
    pub count: u32,
    /// Values must stay below this, in µs.
    pub bound_us: u64,
}

impl TargetView {
    /// Whether every value so far is below the bound.
    pub fn is_met(&self) -> bool {
        self.worst_us.is_none_or(|worst| worst < self.bound_us)
    }
}

/// The four targets of the run up to the cursor.
pub fn targets(player: &Player) -> Vec<TargetView> {
    let now_ns = from_us(player.now_us() as u64 + 1);
    Target::ALL
        .into_iter()
        .map(|target| {
            let (count, worst_us) = player.latencies().at(target, now_ns);
            let (name, what) = words(target);
            TargetView {
                name,
                what,
                worst_us,
                count,
                bound_us: target.bound_us(),
            }
        })
        .collect()
}

fn words(target: Target) -> (&'static str, &'static str) {
    match target {
        Target::EmergencyStart => (
            mark!("Emergency start"),
            say("The longest time from the submission of an emergency job to its start"),
        ),
        Target::NormalStart => (
            mark!("Normal start"),
            say("The longest time from the submission of a normal job to its start"),
        ),
        Target::Detection => (
            mark!("Detection"),
            say(
                "The longest time from a crash, hang or partition until recovery declares the executor failed",
            ),
        ),
        Target::Recovery => (
            mark!("Recovery"),
            say(
                "The longest time from that verdict to the reassignment of a job that the executor lost",
            ),
        ),
    }
}
