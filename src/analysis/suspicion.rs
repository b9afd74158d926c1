//! How often the failure detector is wrong: what it says of executors, and how much of that it takes back. Mistakes and
//! how long they last are two of the measures of Chen, Toueg and Aguilera ("On the quality of service of failure
//! detectors", 2002); the third, how soon it is right, is `latency::Target::Detection`.

use serde::Serialize;

use triage_engine::id::ProcessIndex;
use triage_engine::record::{FaultKind, Record};
use triage_engine::sorted::{SortedMap, SortedSet};
use triage_engine::time::to_us;
use triage_engine::trace::Event;

/// A suspicion that was taken back: the executor was heard again in the same life, and had not crashed. It may have
/// been hung or cut off, and was right to be missed, but not to be taken for dead.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Mistake {
    until_ns: u64,
    lasted_us: u64,
    /// It went as far as the verdict that the executor failed.
    failed: bool,
}

/// Watches the detector while events come in, in order.
#[derive(Clone, Debug, Default)]
pub struct Suspicions {
    suspected_ns: Vec<u64>,
    failed_ns: Vec<u64>,
    mistakes: Vec<Mistake>,
    /// Whom it distrusts: since when, in ns, and whether it has failed.
    open: SortedMap<ProcessIndex, (u64, bool)>,
    crashed: SortedSet<ProcessIndex>,
}

/// The detector in figures.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Figures {
    /// Executors suspected.
    pub suspicions: u32,
    /// Those that were taken back.
    pub suspicions_false: u32,
    /// Executors taken for failed.
    pub failures: u32,
    /// Those that were taken back.
    pub failures_false: u32,
    /// How long the longest of those mistakes lasted, in µs.
    pub mistake_us_max: Option<u64>,
}

impl Suspicions {
    /// Takes the next event in.
    pub fn observe(&mut self, event: &Event) {
        let t_ns = event.t_ns;
        match &event.record {
            Record::FaultInjected(FaultKind::Crash, executor, _) => {
                self.crashed.insert(*executor);
            }
            Record::FaultCleared(FaultKind::Crash, executor) => {
                self.crashed.remove(executor);
            }
            Record::ExecutorSuspected(executor) => {
                self.suspected_ns.push(t_ns);
                self.open.insert(*executor, (t_ns, false));
            }
            Record::ExecutorFailed(executor) => {
                self.failed_ns.push(t_ns);
                self.open.get_or_insert(*executor, (t_ns, true)).1 = true;
            }
            Record::ExecutorHealthy(executor) => {
                if let Some((since_ns, failed)) = self.open.remove(executor)
                    && !self.crashed.contains(executor)
                {
                    self.mistakes.push(Mistake {
                        until_ns: t_ns,
                        lasted_us: to_us(t_ns.saturating_sub(since_ns)),
                        failed,
                    });
                }
            }
            Record::ExecutorRegistered { executor, .. } | Record::ExecutorRemoved(executor) => {
                self.open.remove(executor);
            }
            _ => {}
        }
    }

    /// What the detector has said and taken back up to a moment, in ns.
    pub fn at(&self, t_ns: u64) -> Figures {
        let until = |moments: &[u64]| moments.partition_point(|moment| *moment <= t_ns) as u32;
        let known = self
            .mistakes
            .partition_point(|mistake| mistake.until_ns <= t_ns);
        let mistakes = &self.mistakes[..known];
        Figures {
            suspicions: until(&self.suspected_ns),
            suspicions_false: mistakes.len() as u32,
            failures: until(&self.failed_ns),
            failures_false: mistakes.iter().filter(|mistake| mistake.failed).count() as u32,
            mistake_us_max: mistakes.iter().map(|mistake| mistake.lasted_us).max(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is counted when one of these is recorded each second.
    fn seen(records: impl IntoIterator<Item = Record>) -> Suspicions {
        let mut suspicions = Suspicions::default();
        for (record, second) in records.into_iter().zip(1..) {
            suspicions.observe(&Event::environment(second * 1_000_000_000, None, record));
        }
        suspicions
    }

    #[test]
    fn a_suspicion_is_false_if_the_same_life_is_heard_again() {
        let [one, other] = [ProcessIndex(3), ProcessIndex(4)];
        let suspicions = seen([
            Record::ExecutorSuspected(one),
            Record::ExecutorSuspected(other),
            Record::ExecutorHealthy(one),
            Record::ExecutorFailed(other),
            Record::ExecutorHealthy(other),
        ]);
        let figures = suspicions.at(u64::MAX);
        assert_eq!((figures.suspicions, figures.suspicions_false), (2, 2));
        assert_eq!((figures.failures, figures.failures_false), (1, 1));
        assert_eq!(figures.mistake_us_max, Some(3_000_000));
        let earlier = suspicions.at(4_500_000_000);
        assert_eq!((earlier.suspicions_false, earlier.failures_false), (1, 0));
    }

    #[test]
    fn a_crash_makes_a_suspicion_true_even_if_a_late_heartbeat_comes() {
        let one = ProcessIndex(3);
        let crash = Record::FaultInjected(FaultKind::Crash, one, 0);
        let late = seen([
            crash.clone(),
            Record::ExecutorSuspected(one),
            Record::ExecutorHealthy(one),
            Record::ExecutorSuspected(one),
            Record::ExecutorFailed(one),
        ]);
        let restarted = seen([
            crash,
            Record::ExecutorSuspected(one),
            Record::FaultCleared(FaultKind::Crash, one),
            Record::ExecutorRegistered {
                executor: one,
                capacity: 1,
                incarnation: 2,
            },
            Record::ExecutorSuspected(one),
        ]);
        for suspicions in [late, restarted] {
            let figures = suspicions.at(u64::MAX);
            assert_eq!((figures.suspicions, figures.suspicions_false), (2, 0));
            assert_eq!(figures.mistake_us_max, None);
        }
    }
}
