//! Cuts: how far each process is taken to have come. A cut is consistent if no effect in it lacks its cause.

use super::arrows;
use crate::bits::Bits;
use crate::lanes::Lanes;
use triage_engine::id::ProcessIndex;
use triage_engine::record::Record;
use triage_engine::trace::{Event, Form, Trace};
use triage_language::{say, tr};

/// For each process, how many of its events are included.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cut {
    included: Vec<u32>,
}

/// Whether what a cut shows can have been.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CutVerdict {
    /// Every effect inside has its cause inside: a state the run can have been in.
    Consistent {
        /// Messages that cross the cut: sent inside, not received inside, and not dropped by the network.
        in_flight: u32,
    },
    /// Some effects inside lack their cause: no run was ever in that state.
    Inconsistent {
        /// Send outside and receipt inside, in the order of the receipts.
        violations: Vec<(u32, u32)>,
    },
}

impl Cut {
    /// What had happened at a moment in ns, seen from outside. Always consistent.
    pub fn at_time(lanes: &Lanes, trace: &Trace, t_ns: u64) -> Cut {
        Cut::before(lanes, trace.count_until(t_ns))
    }

    /// The events before a place in the trace. Always consistent.
    pub fn before(lanes: &Lanes, count: u32) -> Cut {
        let of_lane = |index: usize| {
            let lane = lanes.of_process(ProcessIndex(index as u16));
            lane.partition_point(|seq| *seq < count) as u32
        };
        Cut {
            included: (0..lanes.processes()).map(of_lane).collect(),
        }
    }

    /// A cut by hand: events included by process; at most what there is, none where nothing is said.
    pub fn of(lanes: &Lanes, mut included: Vec<u32>) -> Cut {
        included.resize(lanes.processes(), 0);
        for (index, count) in included.iter_mut().enumerate() {
            let lane = lanes.of_process(ProcessIndex(index as u16));
            *count = (*count).min(lane.len() as u32);
        }
        Cut { included }
    }

    /// Events included, by process.
    pub fn included(&self) -> &[u32] {
        &self.included
    }

    /// The same with one process moved.
    pub fn moved(&self, lanes: &Lanes, process: ProcessIndex, count: u32) -> Cut {
        let mut included = self.included.clone();
        if let Some(mine) = included.get_mut(process.index()) {
            *mine = count;
        }
        Cut::of(lanes, included)
    }

    /// Whether it is consistent, and how not. One pass over the trace, and a second for what is in flight.
    pub fn verdict(&self, trace: &Trace, lanes: &Lanes) -> CutVerdict {
        let ends = self.ends(lanes);
        let inside = |process: ProcessIndex, seq: u32| seq < ends[process.index()];
        let mut violations = Vec::new();
        // Messages that are not on their way any more: received inside, or dropped for good.
        let mut arrived = Bits::default();
        for (seq, event) in trace.iter() {
            match (event.form, event.process()) {
                (Form::Receipt { message, .. }, Some(process)) if inside(process, seq) => {
                    arrived.insert(message.0);
                    let outside = arrows(event).filter(|(from, cause)| !inside(*from, *cause));
                    violations.extend(outside.map(|(_, cause)| (cause, seq)));
                }
                (Form::Environment { message }, _) => {
                    if let (Some(message), Record::MessageDropped(..)) = (message, &event.record) {
                        arrived.insert(message.0);
                    }
                }
                _ => {}
            }
        }
        if !violations.is_empty() {
            return CutVerdict::Inconsistent { violations };
        }
        let crossing = |(seq, event): (u32, &Event)| match (event.form, event.process()) {
            (Form::Send { message, .. }, Some(process)) => {
                usize::from(inside(process, seq) && !arrived.contains(message.0))
            }
            // A log says of no event that it sends; only the receipt tells.
            (Form::Receipt { .. }, Some(process))
                if matches!(event.record, Record::Logged(_)) && !inside(process, seq) =>
            {
                let within = |(from, cause): &(ProcessIndex, u32)| inside(*from, *cause);
                arrows(event).filter(within).count()
            }
            _ => 0,
        };
        CutVerdict::Consistent {
            in_flight: trace.iter().map(crossing).sum::<usize>() as u32,
        }
    }

    /// The greatest consistent cut inside this one: every event whose causes are all inside it.
    pub fn largest_consistent_within(&self, trace: &Trace, lanes: &Lanes) -> Cut {
        let mut ends = self.ends(lanes);
        // A send is before its receipt in the trace, so whether it stays inside is known by then.
        for (seq, event) in trace.iter() {
            let Some(process) = event.process() else {
                continue;
            };
            if seq < ends[process.index()]
                && arrows(event).any(|(from, cause)| cause >= ends[from.index()])
            {
                ends[process.index()] = seq;
            }
        }
        let of_lane = |(index, end): (usize, &u32)| {
            let lane = lanes.of_process(ProcessIndex(index as u16));
            lane.partition_point(|seq| seq < end) as u32
        };
        Cut {
            included: ends.iter().enumerate().map(of_lane).collect(),
        }
    }

    /// By process: its events inside are those before this place.
    fn ends(&self, lanes: &Lanes) -> Vec<u32> {
        let end = |(index, count): (usize, &u32)| {
            let last = lanes.event(ProcessIndex(index as u16), *count);
            last.map_or(0, |seq| seq + 1)
        };
        self.included.iter().enumerate().map(end).collect()
    }
}

impl CutVerdict {
    /// Whether it is consistent.
    pub fn is_consistent(&self) -> bool {
        matches!(self, CutVerdict::Consistent { .. })
    }

    /// The verdict in a sentence that names the first message at fault.
    pub fn in_words(&self, trace: &Trace) -> String {
        let violations = match self {
            CutVerdict::Consistent { in_flight } => {
                return match in_flight {
                    0 => say("Consistent: every effect has its cause, and no message crosses it.")
                        .to_owned(),
                    _ => tr!(
                        "Consistent: every effect has its cause, and 1 message crosses it."
                            | "Consistent: every effect has its cause, and {n} messages cross it."
                                % *in_flight
                    ),
                };
            }
            CutVerdict::Inconsistent { violations } => violations,
        };
        let mut words = say("Inconsistent").to_owned();
        if let Some((send, receipt)) = violations.first()
            && let (Some(event), Some(received)) = (trace.get(*send), trace.get(*receipt))
            && let (Some(from), Some(to)) = (event.process(), received.process())
        {
            let (from, to) = (trace.name(from), trace.name(to));
            words = match event.form {
                Form::Send { message, .. } => tr!(
                    "Inconsistent: message {number} ({kind} from {from} to {to}) is received inside the cut but sent outside it, so an effect has no cause",
                    number = message.0,
                    kind = event.record.kind(),
                    from = from,
                    to = to
                ),
                _ => tr!(
                    "Inconsistent: the message from {from} (#{send}) to {to} (#{receipt}) is received inside the cut but sent outside it, so an effect has no cause",
                    from = from,
                    send = send,
                    to = to,
                    receipt = receipt
                ),
            };
        }
        match violations.len() {
            0 | 1 => words + ".",
            all => tr!(
                "{first}; 1 more message is like this."
                    | "{first}; {n} more messages are like this." % all - 1,
                first = words
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::{Sample, built_ins};

    #[test]
    fn an_effect_without_its_cause_is_named_and_the_repair_takes_it_out() {
        let mut sample = Sample::new(&["a", "b", "c"]);
        sample.local(0);
        let send = sample.send(0, 1);
        let receipt = sample.receipt(1, send);
        let onward = sample.send(1, 2);
        sample.local(2);
        sample.receipt(2, onward);
        let (trace, lanes) = sample.done();
        let cut = Cut::of(&lanes, vec![1, 1, 2]);
        let verdict = cut.verdict(&trace, &lanes);
        let (second, last) = (onward, onward + 2);
        assert_eq!(
            verdict,
            CutVerdict::Inconsistent {
                violations: vec![(send, receipt), (second, last)]
            }
        );
        assert_eq!(
            verdict.in_words(&trace),
            "Inconsistent: message 1 (message_sent from a to b) is received inside the cut but sent outside it, so an effect has no cause; 1 more message is like this."
        );
        let repaired = cut.largest_consistent_within(&trace, &lanes);
        assert_eq!(repaired.included(), [1, 0, 1]);
        assert!(repaired.verdict(&trace, &lanes).is_consistent());
        // With the send inside, what follows from it may stay.
        let wider = cut
            .moved(&lanes, ProcessIndex(0), 9)
            .moved(&lanes, ProcessIndex(1), 2);
        assert_eq!(wider.included(), [2, 2, 2], "never more than there is");
        assert_eq!(
            wider.verdict(&trace, &lanes),
            CutVerdict::Consistent { in_flight: 0 }
        );
    }

    #[test]
    fn what_is_sent_and_neither_received_nor_dropped_is_in_flight() {
        let mut sample = Sample::new(&["a", "b"]);
        let lost = sample.send(0, 1);
        let arrives = sample.send(0, 1);
        sample.dropped(lost);
        sample.receipt(1, arrives);
        let (trace, lanes) = sample.done();
        let verdict = Cut::of(&lanes, vec![2]).verdict(&trace, &lanes);
        assert_eq!(verdict, CutVerdict::Consistent { in_flight: 1 });
        assert_eq!(
            verdict.in_words(&trace),
            "Consistent: every effect has its cause, and 1 message crosses it."
        );
    }

    #[test]
    fn every_moment_of_every_built_in_scenario_is_a_consistent_cut() {
        for (name, trace, lanes) in built_ins(20_000_000) {
            for ms in (0..20_000).step_by(331) {
                let cut = Cut::at_time(&lanes, &trace, ms * 1_000_000);
                let verdict = cut.verdict(&trace, &lanes);
                assert!(verdict.is_consistent(), "{name} at {ms} ms: {verdict:?}");
                assert_eq!(
                    cut,
                    cut.largest_consistent_within(&trace, &lanes),
                    "{name} at {ms} ms"
                );
            }
        }
    }
}
