//! Two events compared: the verdict of their vectors, the entries that decide it, and the shortest proof.

use super::cone::reached;
use super::{NEVER, arrows};
use crate::lanes::Lanes;
use triage_engine::clock::{Causality, Stamp};
use triage_engine::id::ProcessIndex;
use triage_engine::record::Record;
use triage_engine::trace::Trace;
use triage_language::{Language, language, tr};

/// What one of two events is, and what it knows of the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Side {
    /// Its place in the trace.
    pub seq: u32,
    /// Its process.
    pub process: ProcessIndex,
    /// Its own entry: its number among the events of its process, from 1.
    pub entry: u32,
    /// How many events of the other's process it knows.
    pub knows: u32,
}

/// Two events and how they stand to each other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comparison {
    /// How the first stands to the second.
    pub causality: Causality,
    /// The first.
    pub a: Side,
    /// The second.
    pub b: Side,
    /// The proof: the shortest chain of events from the earlier to the later, each the previous event of the
    /// next one's process, or the send of what the next received. Just the one when they are equal, empty when
    /// they are concurrent.
    pub chain: Vec<u32>,
}

impl Comparison {
    /// Compares two events; `None` if one is of the environment, which has no clock, or beyond the end.
    pub fn of(trace: &Trace, lanes: &Lanes, a: u32, b: u32) -> Option<Comparison> {
        let stamps = (trace.stamp(a), trace.stamp(b));
        Comparison::with_stamps(trace, lanes, (a, &stamps.0), (b, &stamps.1))
    }

    /// The same for events whose clocks are at hand.
    pub fn with_stamps(
        trace: &Trace,
        lanes: &Lanes,
        a: (u32, &Stamp),
        b: (u32, &Stamp),
    ) -> Option<Comparison> {
        let process = |(seq, _)| trace.get(seq)?.process();
        let (process_a, process_b) = (process(a)?, process(b)?);
        let side = |(seq, stamp): (u32, &Stamp), process, other| Side {
            seq,
            process,
            entry: stamp.vector.get(process),
            knows: stamp.vector.get(other),
        };
        let a = side(a, process_a, process_b);
        let b = side(b, process_b, process_a);
        // An event knows another if and only if it knows as many events of its process.
        let causality = match (b.knows >= a.entry, a.knows >= b.entry) {
            (true, true) => Causality::Equal,
            (true, false) => Causality::Before,
            (false, true) => Causality::After,
            (false, false) => Causality::Concurrent,
        };
        let chain = match causality {
            Causality::Equal => vec![a.seq],
            Causality::Before => shortest_chain(trace, lanes, a, b),
            Causality::After => shortest_chain(trace, lanes, b, a),
            Causality::Concurrent => Vec::new(),
        };
        Some(Comparison {
            causality,
            a,
            b,
            chain,
        })
    }

    /// The verdict and the entries that decide it, in a sentence.
    pub fn in_words(&self, trace: &Trace) -> String {
        let (a, b) = (self.a, self.b);
        match self.causality {
            Causality::Equal => tr!("Both are the same event: {}.", event(trace, a)),
            Causality::Before => before(trace, a, b),
            Causality::After => before(trace, b, a),
            Causality::Concurrent => tr!(
                "{a} and {b} are concurrent, so neither can have caused the other: {first}; {second}.",
                a = event(trace, a),
                b = event(trace, b),
                first = ignorance(trace, b, a),
                second = ignorance(trace, a, b)
            ),
        }
    }
}

fn before(trace: &Trace, first: Side, second: Side) -> String {
    let reason = if first.process == second.process {
        tr!(
            "they are the {first} and the {second} event of one process",
            first = ordinal(first.entry),
            second = ordinal(second.entry)
        )
    } else {
        knowledge(trace, second, first)
    };
    tr!(
        "{first} happened before {second}: {reason}.",
        first = event(trace, first),
        second = event(trace, second),
        reason = reason
    )
}

/// "exec-2 knows 12 events of exec-1 at #180, and #120 is its 9th".
fn knowledge(trace: &Trace, knower: Side, known: Side) -> String {
    tr!(
        "the clock of {who} at #{at} counts 1 event of {whom}, and #{known} is its {nth}"
            | "the clock of {who} at #{at} counts {n} events of {whom}, and #{known} is its {nth}"
                % knower.knows,
        who = trace.name(knower.process),
        whom = trace.name(known.process),
        at = knower.seq,
        known = known.seq,
        nth = ordinal(known.entry)
    )
}

/// "exec-2 knows 8 events of exec-1 at #180, but #120 is its 9th".
fn ignorance(trace: &Trace, knower: Side, known: Side) -> String {
    let (who, whom) = (trace.name(knower.process), trace.name(known.process));
    let nth = ordinal(known.entry);
    if knower.knows == 0 {
        return tr!(
            "the clock of {who} at #{at} counts no event of {whom}, but #{known} is its {nth}",
            who = who,
            whom = whom,
            at = knower.seq,
            known = known.seq,
            nth = nth
        );
    }
    tr!(
        "the clock of {who} at #{at} counts 1 event of {whom}, but #{known} is its {nth}"
            | "the clock of {who} at #{at} counts {n} events of {whom}, but #{known} is its {nth}"
                % knower.knows,
        who = who,
        whom = whom,
        at = knower.seq,
        known = known.seq,
        nth = nth
    )
}

fn event(trace: &Trace, side: Side) -> String {
    let record = trace.get(side.seq).map(|event| &event.record);
    let kind = record.map_or("", Record::kind);
    let process = trace.name(side.process);
    if let Some(Record::MessageSent(what, _) | Record::MessageReceived(what, ..)) = record {
        return tr!(
            "{kind} ({what}) of {process} (#{seq})",
            kind = kind,
            what = what.name(),
            process = process,
            seq = side.seq
        );
    }
    tr!(
        "{kind} of {process} (#{seq})",
        kind = kind,
        process = process,
        seq = side.seq
    )
}

fn ordinal(number: u32) -> String {
    if language() == Language::German {
        return format!("{number}.");
    }
    let suffix = match (number % 10, number % 100) {
        (_, 11..=13) => "th",
        (1, _) => "st",
        (2, _) => "nd",
        (3, _) => "rd",
        _ => "th",
    };
    format!("{number}{suffix}")
}

/// Breadth first from the later event backwards. Only what the earlier one reached is looked at, so every step
/// leads to it in the end.
fn shortest_chain(trace: &Trace, lanes: &Lanes, earlier: Side, later: Side) -> Vec<u32> {
    let reached = reached(trace, earlier.seq, earlier.process, later.seq + 1);
    // The event that each one was come to from, by distance from the earlier event.
    let mut next = vec![NEVER; (later.seq - earlier.seq + 1) as usize];
    let mut level = vec![(later.process, later.entry)];
    while !level.is_empty() && next[0] == NEVER {
        let mut further = Vec::new();
        for (process, entry) in level {
            let Some(seq) = lanes.event(process, entry) else {
                unreachable!("entries of the search are those of recorded events");
            };
            let mut step = |process: ProcessIndex, seq_before: u32, entry_before: u32| {
                if reached[process.index()] <= seq_before {
                    let came_from = &mut next[(seq_before - earlier.seq) as usize];
                    if *came_from == NEVER {
                        *came_from = seq;
                        further.push((process, entry_before));
                    }
                }
            };
            for (from, cause) in trace.get(seq).into_iter().flat_map(arrows) {
                step(from, cause, lanes.entry(from, cause));
            }
            if let Some(previous) = lanes.event(process, entry - 1) {
                step(process, previous, entry - 1);
            }
        }
        level = further;
    }
    let mut chain = vec![earlier.seq];
    let mut at = earlier.seq;
    while at != later.seq {
        at = next[(at - earlier.seq) as usize];
        if at == NEVER {
            debug_assert!(
                false,
                "the search leads from the later event to the earlier one"
            );
            return Vec::new();
        }
        chain.push(at);
    }
    chain
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::Sample;

    #[test]
    fn the_shortest_of_two_chains_is_the_proof_and_the_sentence_names_the_deciding_entries() {
        let mut sample = Sample::new(&["a", "b", "c"]);
        let begin = sample.local(0);
        let long = sample.send(0, 1);
        let middle = sample.receipt(1, long);
        let onward = sample.send(1, 2);
        let direct = sample.send(0, 2);
        sample.receipt(2, onward);
        let end = sample.receipt(2, direct);
        let alone = sample.local(1);
        let (trace, lanes) = sample.done();
        let compare = |a, b| Comparison::of(&trace, &lanes, a, b).unwrap();

        let forward = compare(begin, end);
        assert_eq!(forward.causality, Causality::Before);
        assert_eq!(forward.chain, [begin, long, direct, end]);
        assert_eq!(
            forward.in_words(&trace),
            "executor_suspected of a (#0) happened before message_received (drain) of c (#6): the clock of c at #6 counts 3 events of a, and #0 is its 1st."
        );
        let backward = compare(end, begin);
        assert_eq!(backward.causality, Causality::After);
        assert_eq!(backward.chain, forward.chain);
        assert_eq!(backward.in_words(&trace), forward.in_words(&trace));

        let apart = compare(alone, direct);
        assert_eq!(apart.causality, Causality::Concurrent);
        assert!(apart.chain.is_empty());
        assert_eq!(
            apart.in_words(&trace),
            "executor_suspected of b (#7) and message_sent (drain) of a (#4) are concurrent, so neither can have caused the other: the clock of a at #4 counts no event of b, but #7 is its 3rd; the clock of b at #7 counts 2 events of a, but #4 is its 3rd."
        );
        assert_eq!(
            compare(middle, alone).in_words(&trace),
            "message_received (drain) of b (#2) happened before executor_suspected of b (#7): they are the 1st and the \
             3rd event of one process."
        );
        let same = compare(middle, middle);
        assert_eq!(
            (same.causality, same.chain),
            (Causality::Equal, vec![middle])
        );
    }

    #[test]
    fn ordinals_are_english() {
        let spoken: Vec<String> = [1, 2, 3, 4, 11, 12, 13, 21, 102, 111, 113]
            .into_iter()
            .map(ordinal)
            .collect();
        assert_eq!(
            spoken.join(" "),
            "1st 2nd 3rd 4th 11th 12th 13th 21st 102nd 111th 113th"
        );
    }
}
