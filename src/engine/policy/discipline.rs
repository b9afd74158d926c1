//! Which waiting job an executor starts next when a slot is free.

use serde::Serialize;

/// A queue discipline.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Discipline {
    /// Emergency jobs always first.
    #[default]
    Strict,
    /// In the order of arrival, whatever the class: the baseline that shows why priority matters.
    /// A normal job that the level forbids to start lets others pass.
    Fifo,
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

/// The heads of an executor's three lines, each by the order in which the job arrived.
#[derive(Clone, Copy, Debug, Default)]
pub struct Heads {
    /// First waiting emergency job.
    pub emergency: Option<u32>,
    /// First paused normal job; goes before every queued normal one.
    pub paused: Option<u32>,
    /// First waiting normal job.
    pub normal: Option<u32>,
    /// Whether the level lets a normal job take a slot now.
    pub normal_may_start: bool,
}

impl Discipline {
    /// The name used in scenarios and traces.
    pub fn name(self) -> &'static str {
        match self {
            Discipline::Strict => "strict",
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
        let chosen = match (self, emergency, normal) {
            (Discipline::Fifo, Some(emergency), Some(normal)) => Some(if emergency.0 < normal.0 {
                emergency
            } else {
                normal
            }),
            (_, emergency, normal) => emergency.or(normal),
        };
        chosen.map(|(_, source)| source)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strict_prefers_emergencies_and_fifo_the_earliest() {
        let heads = Heads {
            emergency: Some(9),
            paused: None,
            normal: Some(2),
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
            paused: Some(7),
            normal: Some(2),
            normal_may_start: true,
        };
        for discipline in [Discipline::Strict, Discipline::Fifo] {
            assert_eq!(discipline.next(heads), Some(Source::Paused));
        }
    }
}
