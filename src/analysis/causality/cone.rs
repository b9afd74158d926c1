//! The light cone of one event: what can have caused it, and what it can have caused.

use std::rc::Rc;

use super::{NEVER, arrows};
use crate::lanes::Lanes;
use triage_engine::clock::Stamp;
use triage_engine::id::ProcessIndex;
use triage_engine::trace::{Recorder, Trace};

/// How another event stands to the event of a cone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Relation {
    /// It is the event of the cone.
    Itself,
    /// It happened before, and may be a cause.
    Past,
    /// It happened after, and may be an effect.
    Future,
    /// Neither can have caused the other.
    Concurrent,
}

impl Relation {
    /// The word shown.
    pub fn name(self) -> &'static str {
        match self {
            Relation::Itself => "itself",
            Relation::Past => "past",
            Relation::Future => "future",
            Relation::Concurrent => "concurrent",
        }
    }
}

/// Everything about one event's past and future, as far as the trace was recorded when it was computed.
#[derive(Clone, Debug)]
pub struct Cone {
    event: u32,
    process: ProcessIndex,
    entry: u32,
    stamp: Rc<Stamp>,
    /// By process: own entry of its first event in the future; 0 for none.
    first_after: Vec<u32>,
    past: u32,
    future: u32,
    concurrent: u32,
}

impl Cone {
    /// The cone of an event; `None` for events of the environment, which are in nobody's past, and beyond the
    /// end. One pass over the trace from the event on.
    pub fn of(trace: &Trace, lanes: &Lanes, seq: u32) -> Option<Cone> {
        let process = trace.get(seq)?.process()?;
        let stamp = trace.stamp(seq);
        let reached = reached(trace, seq, process, trace.count());
        let (mut total, mut future) = (0, 0);
        let mut first_after = vec![0; lanes.processes()];
        for (index, first) in first_after.iter_mut().enumerate() {
            let other = ProcessIndex(index as u16);
            let had = lanes.of_process(other).len() as u32;
            let begin = match reached.get(index) {
                // The event reaches its own process with the event after it.
                Some(place) if *place == seq => lanes.entry(process, seq) + 1,
                Some(place) if *place != NEVER => lanes.entry(other, *place),
                _ => had + 1,
            };
            if begin <= had {
                *first = begin;
            }
            total += had;
            future += had + 1 - begin;
        }
        let past = (stamp.vector.sum() - 1) as u32;
        Some(Cone {
            event: seq,
            process,
            entry: stamp.vector.get(process),
            stamp,
            first_after,
            past,
            future,
            concurrent: total - past - future - 1,
        })
    }

    /// Its place in the trace.
    pub fn event(&self) -> u32 {
        self.event
    }

    /// The process it is an event of.
    pub fn process(&self) -> ProcessIndex {
        self.process
    }

    /// Its own entry: how many events its process had had with it.
    pub fn entry(&self) -> u32 {
        self.entry
    }

    /// Its clocks.
    pub fn stamp(&self) -> &Rc<Stamp> {
        &self.stamp
    }

    /// How many events of a process are known to it: the first ones, up to this entry, are its past.
    pub fn known(&self, process: ProcessIndex) -> u32 {
        self.stamp.vector.get(process)
    }

    /// Own entry of the first event of a process that it can have caused; all later ones it can too.
    pub fn first_after(&self, process: ProcessIndex) -> Option<u32> {
        let first = self.first_after.get(process.index()).copied();
        first.filter(|entry| *entry > 0)
    }

    /// How an event of a process, by its own entry, stands to this one.
    pub fn relation(&self, process: ProcessIndex, entry: u32) -> Relation {
        if process == self.process && entry == self.entry {
            Relation::Itself
        } else if entry <= self.known(process) {
            Relation::Past
        } else if self
            .first_after(process)
            .is_some_and(|first| first <= entry)
        {
            Relation::Future
        } else {
            Relation::Concurrent
        }
    }

    /// How an event, by its place, stands to this one; `None` for the environment and beyond the end.
    pub fn relation_of(&self, trace: &Trace, lanes: &Lanes, seq: u32) -> Option<Relation> {
        let process = trace.get(seq)?.process()?;
        Some(self.relation(process, lanes.entry(process, seq)))
    }

    /// How many events happened before it.
    pub fn past(&self) -> u32 {
        self.past
    }

    /// How many events happened after it.
    pub fn future(&self) -> u32 {
        self.future
    }

    /// How many events of processes did neither.
    pub fn concurrent(&self) -> u32 {
        self.concurrent
    }
}

/// By process: the place of its first event before `end` that an event happened before, counting the event
/// itself; `NEVER` where it has not reached. What a process has learnt it keeps, so one place a process is enough.
pub(super) fn reached(trace: &Trace, seq: u32, process: ProcessIndex, end: u32) -> Vec<u32> {
    let mut reached = vec![NEVER; trace.names().len()];
    reached[process.index()] = seq;
    let mut missing = reached.len() - 1;
    for (place, event) in trace.iter_from(seq + 1) {
        if place >= end || missing == 0 {
            break;
        }
        let Some(here) = event.process() else {
            continue;
        };
        if reached[here.index()] == NEVER
            && arrows(event).any(|(from, cause)| reached[from.index()] <= cause)
        {
            reached[here.index()] = place;
            missing -= 1;
        }
    }
    reached
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::{Sample, built_ins};

    #[test]
    fn a_cone_holds_what_reached_the_event_and_what_it_reaches() {
        let mut sample = Sample::new(&["a", "b", "c"]);
        let first = sample.local(0);
        let send = sample.send(0, 1);
        let alone = sample.local(2);
        let receipt = sample.receipt(1, send);
        let answer = sample.send(1, 2);
        let after = sample.local(0);
        let heard = sample.receipt(2, answer);
        sample.environment();
        let (trace, lanes) = sample.done();
        let cone = Cone::of(&trace, &lanes, receipt).unwrap();
        let relation = |seq| cone.relation_of(&trace, &lanes, seq);
        assert_eq!(relation(first), Some(Relation::Past));
        assert_eq!(relation(send), Some(Relation::Past));
        assert_eq!(relation(alone), Some(Relation::Concurrent));
        assert_eq!(relation(receipt), Some(Relation::Itself));
        assert_eq!(relation(answer), Some(Relation::Future));
        assert_eq!(relation(after), Some(Relation::Concurrent));
        assert_eq!(relation(heard), Some(Relation::Future));
        assert_eq!(relation(heard + 1), None, "the environment has no past");
        assert_eq!(
            (cone.past(), cone.future(), cone.concurrent()),
            (2, 2, 2),
            "the event itself is in none"
        );
        assert_eq!(cone.known(ProcessIndex(0)), 2);
        assert_eq!(cone.first_after(ProcessIndex(0)), None);
        assert_eq!(cone.first_after(ProcessIndex(1)), Some(2));
        assert_eq!(cone.first_after(ProcessIndex(2)), Some(2));
    }

    #[test]
    fn the_environment_and_what_is_beyond_the_end_have_no_cone() {
        let mut sample = Sample::new(&["a"]);
        let environment = sample.environment();
        let (trace, lanes) = sample.done();
        assert!(Cone::of(&trace, &lanes, environment).is_none());
        assert!(Cone::of(&trace, &lanes, environment + 1).is_none());
    }

    #[test]
    fn past_future_and_concurrent_are_every_other_event_in_every_built_in_scenario() {
        for (name, trace, lanes) in built_ins(15_000_000) {
            for seq in (0..trace.count()).step_by(97) {
                let Some(cone) = Cone::of(&trace, &lanes, seq) else {
                    continue;
                };
                let mut counts = [0; 4];
                for place in 0..trace.count() {
                    if let Some(relation) = cone.relation_of(&trace, &lanes, place) {
                        counts[relation as usize] += 1;
                    }
                }
                assert_eq!(
                    counts,
                    [1, cone.past(), cone.future(), cone.concurrent()],
                    "{name} #{seq}"
                );
            }
        }
    }
}
