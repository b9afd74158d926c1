//! The four latency targets: how soon jobs start, failures are detected and recovery begins.

use serde::Serialize;
use triage_engine::sorted::SortedMap;

use triage_engine::id::{JobId, ProcessIndex};
use triage_engine::job::Class;
use triage_engine::record::{Attempt, FaultKind, Record};
use triage_engine::time::to_us;
use triage_engine::trace::Event;

/// One of the four.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// From submission to the first start of an emergency job.
    EmergencyStart,
    /// From submission to the first start of a normal job.
    NormalStart,
    /// From a crash, hang or partition to the verdict that the executor failed.
    Detection,
    /// From that verdict to the reassignment of a job that the executor lost.
    Recovery,
}

impl Target {
    /// All four, in the order shown.
    pub const ALL: [Target; 4] = [
        Target::EmergencyStart,
        Target::NormalStart,
        Target::Detection,
        Target::Recovery,
    ];

    /// Every value must stay below this, in µs.
    pub fn bound_us(self) -> u64 {
        match self {
            Target::EmergencyStart => 100_000,
            Target::NormalStart => 500_000,
            Target::Detection => 5_000_000,
            Target::Recovery => 1_000_000,
        }
    }
}

/// A measured value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sample {
    /// When it was known, in ns.
    pub t_ns: u64,
    /// The value, in µs.
    pub value_us: u64,
    /// The greatest value so far, in µs.
    pub worst_us: u64,
}

/// Measures while events come in, in order.
#[derive(Clone, Debug, Default)]
pub struct Latencies {
    samples: [Vec<Sample>; 4],
    submitted: SortedMap<JobId, (u64, Class)>,
    faults: SortedMap<ProcessIndex, u64>,
    failed: SortedMap<ProcessIndex, u64>,
    orphaned: SortedMap<Attempt, u64>,
}

impl Latencies {
    /// Takes the next event in.
    pub fn observe(&mut self, event: &Event) {
        let t_ns = event.t_ns;
        match &event.record {
            Record::JobSubmitted { job, class, .. } => {
                self.submitted.insert(*job, (t_ns, *class));
            }
            Record::JobRefused { job, .. } => {
                self.submitted.remove(job);
            }
            Record::JobStarted(attempt, ..) => {
                if let Some((since_ns, class)) = self.submitted.remove(&attempt.job) {
                    let target = match class {
                        Class::Emergency => Target::EmergencyStart,
                        Class::Normal => Target::NormalStart,
                    };
                    self.add(target, since_ns, t_ns);
                }
            }
            Record::FaultInjected(fault, executor, _) if *fault != FaultKind::Slow => {
                self.faults.get_or_insert(*executor, t_ns);
            }
            Record::FaultCleared(fault, executor) if *fault != FaultKind::Slow => {
                self.faults.remove(executor);
            }
            Record::ExecutorFailed(executor) => {
                if let Some(since_ns) = self.faults.remove(executor) {
                    self.add(Target::Detection, since_ns, t_ns);
                }
                self.failed.insert(*executor, t_ns);
            }
            Record::ExecutorHealthy(executor) | Record::ExecutorRegistered { executor, .. } => {
                self.failed.remove(executor);
            }
            Record::JobOrphaned(attempt, executor) => {
                if let Some(failed_ns) = self.failed.get(executor) {
                    self.orphaned.insert(*attempt, *failed_ns);
                }
            }
            Record::JobReassigned(attempt, _) => {
                if let Some(failed_ns) = self.orphaned.remove(attempt) {
                    self.add(Target::Recovery, failed_ns, t_ns);
                }
            }
            _ => {}
        }
    }

    /// Every value of a target, in the order of time.
    pub fn samples(&self, target: Target) -> &[Sample] {
        &self.samples[target as usize]
    }

    /// How many values there were at a moment, and the worst of them in µs.
    pub fn at(&self, target: Target, t_ns: u64) -> (u32, Option<u64>) {
        let samples = self.samples(target);
        let count = samples.partition_point(|sample| sample.t_ns <= t_ns);
        (
            count as u32,
            samples[..count].last().map(|sample| sample.worst_us),
        )
    }

    /// The whole run in figures.
    pub fn summary(&self, target: Target) -> Summary {
        let mut values: Vec<u64> = self
            .samples(target)
            .iter()
            .map(|sample| sample.value_us)
            .collect();
        values.sort_unstable();
        Summary {
            count: values.len() as u32,
            p50_us: percentile(&values, 50),
            p95_us: percentile(&values, 95),
            p99_us: percentile(&values, 99),
            max_us: values.last().copied(),
            bound_us: target.bound_us(),
            met: values.last().is_none_or(|worst| *worst < target.bound_us()),
        }
    }

    fn add(&mut self, target: Target, since_ns: u64, t_ns: u64) {
        let value_us = to_us(t_ns.saturating_sub(since_ns));
        let samples = &mut self.samples[target as usize];
        let worst_us = samples
            .last()
            .map_or(value_us, |last| last.worst_us.max(value_us));
        samples.push(Sample {
            t_ns,
            value_us,
            worst_us,
        });
    }
}

/// The percentile of values in ascending order by nearest rank: the smallest that at least this share of them does not
/// exceed; `None` without values.
pub fn percentile(ascending: &[u64], percent: usize) -> Option<u64> {
    let rank = (ascending.len() * percent).div_ceil(100).max(1);
    ascending.get(rank - 1).copied()
}

/// A target's values in figures; percentiles by nearest rank, absent without values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// How many values.
    pub count: u32,
    /// Half of them are at most this, in µs.
    pub p50_us: Option<u64>,
    /// 95 % of them are at most this, in µs.
    pub p95_us: Option<u64>,
    /// 99 % of them are at most this, in µs.
    pub p99_us: Option<u64>,
    /// The greatest, in µs.
    pub max_us: Option<u64>,
    /// The target, in µs.
    pub bound_us: u64,
    /// Whether every value is below it.
    pub met: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_by_nearest_rank_and_the_worst_is_known_at_any_time() {
        let mut latencies = Latencies::default();
        for (i, value) in [30, 10, 20, 40].into_iter().enumerate() {
            let t_ns = i as u64 * 1_000_000_000;
            latencies.add(Target::NormalStart, t_ns, t_ns + value * 1_000_000);
        }
        let summary = latencies.summary(Target::NormalStart);
        assert_eq!(
            (summary.p50_us, summary.p95_us, summary.max_us),
            (Some(20_000), Some(40_000), Some(40_000))
        );
        assert_eq!(latencies.at(Target::NormalStart, 0), (0, None));
        assert_eq!(
            latencies.at(Target::NormalStart, 2_500_000_000),
            (3, Some(30_000))
        );
        assert!(
            latencies.summary(Target::Recovery).met,
            "no value breaks no bound"
        );
    }
}
