//! What one event does to the clocks of its process.

use std::rc::Rc;

use super::arrows;
use crate::lanes::Lanes;
use triage_engine::clock::Stamp;
use triage_engine::id::ProcessIndex;
use triage_engine::time::to_us;
use triage_engine::trace::Trace;

/// What was received.
#[derive(Clone, Debug, PartialEq)]
pub struct Received {
    /// Who sent it.
    pub from: ProcessIndex,
    /// Place of its send in the trace.
    pub send: u32,
    /// The clocks it was sent with.
    pub stamp: Rc<Stamp>,
    /// Whether they were merged; not, if the message was refused.
    pub merged: bool,
}

/// The clocks of a process before and after one of its events, and those received in between.
#[derive(Clone, Debug, PartialEq)]
pub struct MergeStep {
    /// Its place in the trace.
    pub seq: u32,
    /// Its process, whose own entry ticks.
    pub process: ProcessIndex,
    /// The clocks before; all zero for a first event.
    pub before: Rc<Stamp>,
    /// What was received; more than one message only in the logs of other systems.
    pub received: Vec<Received>,
    /// The clocks after: of the event itself.
    pub after: Rc<Stamp>,
    /// Whose entries the merge raised: what the process learnt. Its own is not among them, it ticks always.
    pub raised: Vec<ProcessIndex>,
    /// What the wall clock of the process reads, in µs: the hybrid clock is never behind it.
    pub wall_us: i64,
    /// When it really was, in µs.
    pub t_us: u64,
}

impl MergeStep {
    /// The step of an event; `None` for the environment, which has no clocks, and beyond the end.
    pub fn of(trace: &Trace, lanes: &Lanes, seq: u32) -> Option<MergeStep> {
        let event = trace.get(seq)?;
        let process = event.process()?;
        let after = trace.stamp(seq);
        let before = lanes
            .event(process, after.vector.get(process) - 1)
            .map_or_else(Rc::default, |previous| trace.stamp(previous));
        let merged = arrows(event).next().is_some();
        let received = event.causes().map(|(from, send)| Received {
            from,
            send,
            stamp: trace.stamp(send),
            merged,
        });
        let grew = |(other, value): (ProcessIndex, u32)| {
            (other != process && value > before.vector.get(other)).then_some(other)
        };
        Some(MergeStep {
            seq,
            process,
            raised: after.vector.entries().filter_map(grew).collect(),
            before,
            received: received.collect(),
            wall_us: trace.wall(process).read_us(event.t_ns),
            t_us: to_us(event.t_ns),
            after,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::{Sample, built_ins};
    use triage_engine::trace::Recorder;

    #[test]
    fn a_receipt_raises_exactly_what_its_process_did_not_know() {
        let mut sample = Sample::new(&["a", "b"]);
        let send = sample.send(0, 1);
        sample.local(1);
        let receipt = sample.receipt(1, send);
        let (trace, lanes) = sample.done();
        let (a, b) = (ProcessIndex(0), ProcessIndex(1));
        let step = MergeStep::of(&trace, &lanes, receipt).unwrap();
        assert_eq!(
            (step.before.vector.get(a), step.before.vector.get(b)),
            (0, 1)
        );
        assert_eq!((step.after.vector.get(a), step.after.vector.get(b)), (1, 2));
        assert_eq!(step.raised, [a]);
        assert_eq!(step.after.lamport, 2);
        let received = step.received.first().unwrap();
        assert_eq!(
            (received.from, received.send, received.merged),
            (a, send, true)
        );
        let first = MergeStep::of(&trace, &lanes, send).unwrap();
        assert_eq!((first.before.vector.sum(), first.received), (0, Vec::new()));
    }

    #[test]
    fn in_every_built_in_scenario_after_is_the_greater_of_before_and_received_with_a_tick() {
        for (name, trace, lanes) in built_ins(10_000_000) {
            for seq in (0..trace.count()).step_by(31) {
                let Some(step) = MergeStep::of(&trace, &lanes, seq) else {
                    continue;
                };
                for index in 0..lanes.processes() {
                    let other = ProcessIndex(index as u16);
                    let received = step.received.first();
                    let carried = received.map_or(0, |received| received.stamp.vector.get(other));
                    let before = step.before.vector.get(other);
                    let expected = before.max(carried) + u32::from(other == step.process);
                    assert_eq!(step.after.vector.get(other), expected, "{name} #{seq}");
                    assert_eq!(
                        step.raised.contains(&other),
                        carried > before,
                        "{name} #{seq}"
                    );
                }
                assert!(step.after.hybrid.wall_us >= step.wall_us, "{name} #{seq}");
            }
        }
    }
}
