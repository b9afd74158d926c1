//! Which waiting job an executor starts next when a slot is free.

use serde::Serialize;

use crate::time::from_us;

/// A queue discipline.
///
/// # What `Weighted` promises
///
/// The weight of an emergency job is a head start of A = `ageing_us`: an emergency job that came at e goes before a
/// normal job that came at n exactly if e ≤ n + A. Both age alike, so who goes first never changes while they wait
/// (Kleinrock's delay-dependent priority with equal slopes, "Queueing Systems" II, 1976, section 3.7).
///
/// **Bound.** A normal job comes to an executor at n. Let c be the capacity, W the longest time that any job there keeps
/// a slot (its work, its cold start, times the slow factor), k the number of jobs that are ahead of it at n + A: the paused
/// ones, the queued normal ones before it, and the emergency jobs that came by then and still wait. As long as the executor
/// knows its level, which stays below HIGH, and neither hangs, crashes nor drains, the job starts at or before
///
/// > n + A + W · (c + k) / s, where s = c if the level stays below MEDIUM, and s = ⌈c / 2⌉ otherwise.
///
/// **Proof.** Call old what is in a slot at n + A and those k; the rest is new. New work that is normal came after the job,
/// and normal jobs start in the order they came, paused ones first, so it starts after it. New emergency work came after
/// n + A, so it goes before neither the job nor any normal job ahead of it, which came earlier still (a paused one started
/// before everything that is queued): it starts only while the level lets no normal job start. Below MEDIUM that never is,
/// so while the job waits every one of the c slots is busy with old work. At MEDIUM it means that normal jobs, all
/// of them old, hold ⌈c / 2⌉ slots, so new work never holds more than the other ⌊c / 2⌋: all slots are busy and
/// ⌈c / 2⌉ of them with old work, or one is free and ⌈c / 2⌉ normal jobs run, old too. Either way old work is done in s
/// slots at once, and there is at most W · (c + k) of it. ∎
///
/// k is the queue that the job finds when it comes, and the emergency jobs that come within A: nothing later counts. Under
/// `Strict` there is no such bound: emergency jobs that keep coming keep it waiting.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Discipline {
    /// Emergency jobs always first.
    #[default]
    Strict,
    /// Emergency jobs first, but not before a normal job that came earlier by more than a head start.
    Weighted {
        /// The head start, in µs: 1 to 3 600 000 000.
        ageing_us: u64,
    },
    /// In the order of arrival, whatever the class: the baseline that shows why priority matters.
    /// A normal job that the level forbids to start lets others pass.
    Fifo,
}

/// When a job came to an executor; earlier ones are less.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Arrival {
    /// When, in ns.
    pub at_ns: u64,
    /// Counts arrivals at this executor: tells apart those of one moment.
    pub number: u32,
}

/// Where the next job comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// The first of the emergency queue.
    Emergency,
    /// The first of the paused normal jobs.
    Paused,
    /// The first of the normal queue.
    Normal,
}

/// The heads of an executor's three lines, each by its arrival.
#[derive(Clone, Copy, Debug, Default)]
pub struct Heads {
    /// First waiting emergency job.
    pub emergency: Option<Arrival>,
    /// First paused normal job; goes before every queued normal one.
    pub paused: Option<Arrival>,
    /// First waiting normal job.
    pub normal: Option<Arrival>,
    /// Whether the level lets a normal job take a slot now.
    pub normal_may_start: bool,
}

impl Discipline {
    /// The name used in scenarios and traces.
    pub fn name(self) -> &'static str {
        match self {
            Discipline::Strict => "strict",
            Discipline::Weighted { .. } => "weighted",
            Discipline::Fifo => "fifo",
        }
    }

    /// Which line a free slot goes to, if any.
    pub fn next(self, heads: Heads) -> Option<Source> {
        let normal = match (heads.paused, heads.normal) {
            _ if !heads.normal_may_start => None,
            (Some(arrival), _) => Some((arrival, Source::Paused)),
            (None, Some(arrival)) => Some((arrival, Source::Normal)),
            (None, None) => None,
        };
        let emergency = heads.emergency.map(|arrival| (arrival, Source::Emergency));
        match (emergency, normal) {
            (Some((one, emergency)), Some((other, normal))) => {
                let first = self.emergency_goes_first(one, other);
                Some(if first { emergency } else { normal })
            }
            (one, other) => one.or(other).map(|(_, source)| source),
        }
    }

    /// Whether an emergency job goes before a normal job that may start.
    pub fn emergency_goes_first(self, emergency: Arrival, normal: Arrival) -> bool {
        match self {
            Discipline::Strict => true,
            Discipline::Weighted { ageing_us } => {
                emergency.at_ns <= normal.at_ns.saturating_add(from_us(ageing_us))
            }
            Discipline::Fifo => emergency < normal,
        }
    }

    /// The head start of emergency jobs, in µs, where there is one.
    pub fn ageing_us(self) -> Option<u64> {
        match self {
            Discipline::Weighted { ageing_us } => Some(ageing_us),
            Discipline::Strict | Discipline::Fifo => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn came(number: u32) -> Option<Arrival> {
        let at_ns = u64::from(number) * 1_000_000;
        Some(Arrival { at_ns, number })
    }

    #[test]
    fn an_emergency_job_has_a_head_start_and_no_more() {
        let weighted = Discipline::Weighted { ageing_us: 5_000 };
        for (emergency, expected) in [
            (2, Source::Emergency),
            (7, Source::Emergency),
            (8, Source::Normal),
        ] {
            let heads = Heads {
                emergency: came(emergency),
                paused: None,
                normal: came(2),
                normal_may_start: true,
            };
            assert_eq!(weighted.next(heads), Some(expected));
            let paused = Heads {
                paused: came(2),
                normal: came(6),
                ..heads
            };
            let is_emergency = expected == Source::Emergency;
            let expected = if is_emergency {
                expected
            } else {
                Source::Paused
            };
            assert_eq!(weighted.next(paused), Some(expected));
            let forbidden = Heads {
                normal_may_start: false,
                ..heads
            };
            assert_eq!(weighted.next(forbidden), Some(Source::Emergency));
        }
    }

    #[test]
    fn strict_prefers_emergencies_and_fifo_the_earliest() {
        let heads = Heads {
            emergency: came(9),
            paused: None,
            normal: came(2),
            normal_may_start: true,
        };
        assert_eq!(Discipline::Strict.next(heads), Some(Source::Emergency));
        assert_eq!(Discipline::Fifo.next(heads), Some(Source::Normal));
        let forbidden = Heads {
            normal_may_start: false,
            ..heads
        };
        assert_eq!(Discipline::Fifo.next(forbidden), Some(Source::Emergency));
        let only_normal = Heads {
            emergency: None,
            ..forbidden
        };
        assert_eq!(Discipline::Strict.next(only_normal), None);
    }

    #[test]
    fn paused_jobs_go_before_queued_normal_ones() {
        let heads = Heads {
            emergency: None,
            paused: came(7),
            normal: came(2),
            normal_may_start: true,
        };
        let weighted = Discipline::Weighted { ageing_us: 1 };
        for discipline in [Discipline::Strict, weighted, Discipline::Fifo] {
            assert_eq!(discipline.next(heads), Some(Source::Paused));
        }
    }
}
