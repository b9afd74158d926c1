//! What each process knows about the others (the matrix of vector clocks), how one event changed the clocks, and how
//! the three clocks compare two events. Vector clocks: Fidge 1988, Mattern 1989.

use std::cmp::Ordering;

use crate::format;
use crate::inspect::{Strip, strip_of};
use crate::log;
use triage_analysis::causality::{Comparison, MergeStep};
use triage_engine::clock::{Causality, HybridTime};
use triage_engine::id::ProcessIndex;
use triage_engine::world::Status;
use triage_language::mark;
use triage_language::{grouped, say, tr};
use triage_playback::Player;

/// How many events before the cursor are searched for the latest receipt.
const RECEIPT_SEARCH_MAX: u32 = 10_000;

/// Shown instead of a hybrid clock for an imported log.
const NO_WALL_CLOCK: &str = mark!("the log contains no wall-clock times");

/// One entry of the matrix: what one process knows about another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KnowledgeCell {
    /// Number of its events that are known.
    pub value: u32,
    /// Number of its events that have happened but aren't known.
    pub behind: u32,
    /// Whether both are the same process.
    pub own: bool,
    /// Whether the knowing process's latest merge raised the entry.
    pub raised: bool,
}

/// The indices of the processes that haven't left.
pub fn present(player: &Player) -> Vec<u16> {
    let all = player.world().processes().iter().zip(0..);
    all.filter(|(process, _)| !matches!(process.status, Status::Left))
        .map(|(_, index)| index)
        .collect()
}

/// What `knower` knows about `known` at the cursor.
pub fn cell(player: &Player, knower: u16, known: u16) -> KnowledgeCell {
    let processes = player.world().processes();
    let of = ProcessIndex(known);
    let entry = |process: u16| {
        let process = processes.get(usize::from(process));
        process.map_or(0, |process| process.clocks.stamp().vector.get(of))
    };
    let (value, real) = (entry(knower), entry(known));
    let raised = processes
        .get(usize::from(knower))
        .is_some_and(|process| process.clocks.raised().contains(&of));
    KnowledgeCell {
        value,
        behind: real.saturating_sub(value),
        own: knower == known,
        raised,
    }
}

/// Names the process that knows least, in a sentence.
pub fn summary(player: &Player) -> String {
    let all = present(player);
    let behind = |knower: u16| -> u64 {
        let cells = all.iter().map(|known| cell(player, knower, *known));
        cells.map(|cell| u64::from(cell.behind)).sum()
    };
    let least = all.iter().map(|index| (behind(*index), *index)).max();
    let Some((missing, index)) = least else {
        return String::new();
    };
    let name = &player.world().processes()[usize::from(index)].name;
    match missing {
        0 => say("Every process knows about all events so far.").to_owned(),
        _ => tr!(
            "{name} knows least: it does not know about 1 event of the others."
                | "{name} knows least: it does not know about {n} events of the others." % missing,
            name = name,
            n = grouped(missing)
        ),
    }
}

/// How one event changed the clocks of its process.
#[derive(Clone, Debug, PartialEq)]
pub struct ClockStep {
    /// Index of the event in the trace.
    pub seq: u32,
    /// "event 211: general-1 queues job-9, attempt 2, at 00:07.412".
    pub title: String,
    /// Before, received (for a receipt), and after.
    pub strips: Vec<Strip>,
    /// A sentence about the vector clock.
    pub vector: String,
    /// A sentence about the Lamport clock.
    pub lamport: String,
    /// A sentence about the hybrid clock.
    pub hybrid: String,
}

/// The step of an event, or of the latest receipt before the cursor if `event` is `None`.
pub fn step(player: &Player, event: Option<u32>) -> Option<ClockStep> {
    let seq = event.or_else(|| latest_receipt(player))?;
    let step = MergeStep::of(player.trace(), player.lanes(), seq)?;
    Some(ClockStep {
        seq,
        title: title(player, seq),
        lamport: lamport_step(&step),
        hybrid: if player.world().is_log() {
            say(NO_WALL_CLOCK).to_owned()
        } else {
            hybrid_step(&step)
        },
        vector: vector_step(player, &step),
        strips: strips(player, &step),
    })
}

fn latest_receipt(player: &Player) -> Option<u32> {
    let count = player.count();
    let back = (count.saturating_sub(RECEIPT_SEARCH_MAX)..count).rev();
    let is_receipt = |seq: &u32| {
        let event = player.trace().get(*seq);
        event.is_some_and(|event| event.cause().is_some())
    };
    back.into_iter().find(is_receipt)
}

fn title(player: &Player, seq: u32) -> String {
    let trace = player.trace();
    let Some(event) = trace.get(seq) else {
        return String::new();
    };
    let who = event
        .process()
        .map_or_else(|| say("environment"), |process| trace.name(process));
    let said = log::sentence(trace, event);
    let at = format::clock_ns(event.t_ns);
    tr!("event {seq}: {who} {said}, at {at}", seq, who, said, at)
}

/// The vector clocks before and after a step.
pub fn strips(player: &Player, step: &MergeStep) -> Vec<Strip> {
    let own = step.process;
    let processes = player.world().processes().len().max(own.index() + 1);
    let strip = |label, vector, own, raised: &[ProcessIndex]| Strip {
        label,
        clock: strip_of(vector, own, raised, processes),
    };
    let mut strips = vec![strip(say("before"), &step.before.vector, own, &[])];
    for received in &step.received {
        strips.push(strip(
            say("received"),
            &received.stamp.vector,
            received.from,
            &[],
        ));
    }
    strips.push(strip(say("after"), &step.after.vector, own, &step.raised));
    strips
}

/// How a step changed the vector clock, in a sentence.
pub fn vector_step(player: &Player, step: &MergeStep) -> String {
    let own = step.process;
    let ticks = tr!(
        "{process} increases its own entry: {from} → {to}.",
        process = player.trace().name(own),
        from = step.before.vector.get(own),
        to = step.after.vector.get(own)
    );
    let is_send = player
        .trace()
        .get(step.seq)
        .is_some_and(|event| matches!(event.form, triage_engine::trace::Form::Send { .. }));
    match step.received.first() {
        Some(received) if received.merged => tr!("Entry-wise maximum, then {ticks}", ticks),
        Some(_) => tr!(
            "The message is refused, so nothing is merged. {ticks}",
            ticks
        ),
        None if is_send => tr!("{ticks} The message carries a copy of the clock.", ticks),
        None => ticks,
    }
}

fn lamport_step(step: &MergeStep) -> String {
    let (before, after) = (step.before.lamport, step.after.lamport);
    if step.received.is_empty() {
        return format!("{before} + 1 = {after}");
    }
    let received = step.received.iter();
    let received = received.map(|received| format!(", {}", received.stamp.lamport));
    format!(
        "max({before}{}) + 1 = {after}",
        received.collect::<String>()
    )
}

fn hybrid_step(step: &MergeStep) -> String {
    let received = step.received.iter().map(|received| received.stamp.hybrid);
    let seen = received.fold(step.before.hybrid, HybridTime::max);
    let after = format::hybrid(step.after.hybrid);
    let wall_ms = step.wall_us / 1_000;
    if step.after.hybrid.counter == 0 {
        tr!(
            "its wall clock reads {wall} ms, later than all readings so far: {after}",
            wall = wall_ms,
            after
        )
    } else {
        tr!(
            "its wall clock reads {wall} ms, not later than the largest reading so far, {seen} ms, so the counter increases: {after}",
            wall = wall_ms,
            seen = seen.wall_us / 1_000,
            after
        )
    }
}

/// Two events compared by one clock.
#[derive(Clone, Debug, PartialEq)]
pub struct ClockVerdict {
    /// Name of the clock.
    pub clock: &'static str,
    /// Both values with the comparison sign between them.
    pub values: String,
    /// What follows from the comparison, in a sentence.
    pub meaning: String,
}

/// Two events compared by all three clocks.
#[derive(Clone, Debug, PartialEq)]
pub struct ClockComparison {
    /// Both events in words.
    pub titles: [String; 2],
    /// Both vector clocks.
    pub strips: Vec<Strip>,
    /// Vector, Lamport, hybrid.
    pub verdicts: [ClockVerdict; 3],
}

/// Compares two events; `None` if one of them has no clock.
pub fn compare(player: &Player, first: u32, second: u32) -> Option<ClockComparison> {
    let trace = player.trace();
    let comparison = Comparison::of(trace, player.lanes(), first, second)?;
    let (a, b) = (trace.stamp(first), trace.stamp(second));
    let processes = player.world().processes().len();
    let strip = |label, vector, own: ProcessIndex| Strip {
        label,
        clock: strip_of(vector, own, &[], processes.max(own.index() + 1)),
    };
    let strips = vec![
        strip(say("first"), &a.vector, comparison.a.process),
        strip(say("second"), &b.vector, comparison.b.process),
    ];
    let causality = comparison.causality;
    let sign = match causality {
        Causality::Equal => "=",
        Causality::Before => "→",
        Causality::After => "←",
        Causality::Concurrent => "∥",
    };
    Some(ClockComparison {
        titles: [title(player, first), title(player, second)],
        strips,
        verdicts: [
            ClockVerdict {
                clock: say("Vector"),
                values: tr!("first {sign} second", sign),
                meaning: comparison.in_words(trace),
            },
            scalar(say("Lamport"), a.lamport, b.lamport, causality, |value| {
                value.to_string()
            }),
            if player.world().is_log() {
                ClockVerdict {
                    clock: say("Hybrid"),
                    values: String::new(),
                    meaning: say(NO_WALL_CLOCK).to_owned(),
                }
            } else {
                scalar(say("Hybrid"), a.hybrid, b.hybrid, causality, format::hybrid)
            },
        ],
    })
}

/// What a scalar clock can show: "happened before" implies "less", but "less" implies nothing.
fn scalar<T: Ord + Copy>(
    clock: &'static str,
    a: T,
    b: T,
    causality: Causality,
    words: fn(T) -> String,
) -> ClockVerdict {
    let order = a.cmp(&b);
    let sign = match order {
        Ordering::Less => "<",
        Ordering::Equal => "=",
        Ordering::Greater => ">",
    };
    let values = format!("{} {sign} {}", words(a), words(b));
    let meaning = match (causality, order) {
        (Causality::Equal, _) => tr!("{values}: this is the same event.", values),
        (Causality::Concurrent, Ordering::Equal) => tr!(
            "{values}: the times are equal, so neither event happened before the other.",
            values
        ),
        (Causality::Concurrent, _) => {
            tr!(
                "{values}: this does not show that the events are concurrent. Only the vector clocks do.",
                values
            )
        }
        _ => tr!(
            "{values}: this agrees with happened before, but does not prove it. Concurrent events can have the same order.",
            values
        ),
    };
    ClockVerdict {
        clock,
        meaning,
        values,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use triage_engine::trace::Recorder;

    fn player(name: &str, t_ms: u64) -> Player {
        let mut library = triage_scenario::library().into_iter();
        let entry = library.find(|entry| entry.name == name).unwrap();
        let mut player = Player::new(triage_scenario::parse(entry.json).unwrap());
        player.seek_us(t_ms * 1_000);
        player
    }

    #[test]
    fn the_matrix_shows_what_each_knows_and_how_far_behind_it_is() {
        let player = player("failure-recovery", 9_360);
        let all = present(&player);
        assert_eq!(all.len(), 7);
        for knower in &all {
            for known in &all {
                let cell = cell(&player, *knower, *known);
                let real = player
                    .lanes()
                    .entry(ProcessIndex(*known), player.count() - 1);
                assert_eq!(cell.value + cell.behind, real, "{knower} of {known}");
                assert_eq!(cell.own, knower == known);
                assert!(!(cell.own && (cell.behind > 0 || cell.raised)));
            }
        }
        // system receives only acknowledgements, so it knows even less than the crashed executor.
        let missing = |index: u16| -> u32 {
            let cells = all.iter().map(|known| cell(&player, index, *known));
            cells.map(|cell| cell.behind).sum()
        };
        assert!(all.iter().all(|index| missing(*index) <= missing(0)));
        assert_eq!(
            summary(&player),
            format!(
                "system knows least: it does not know about {} events of the others.",
                missing(0)
            )
        );
    }

    #[test]
    fn a_step_names_the_rule_of_each_clock() {
        let player = player("failure-recovery", 9_360);
        let step = step(&player, Some(228)).unwrap();
        assert!(
            step.title
                .starts_with("event 228: coordinator-1 receives \"executor failed\""),
            "{}",
            step.title
        );
        assert!(
            step.vector
                .starts_with("Entry-wise maximum, then coordinator-1 increases its own entry: ")
        );
        assert!(step.lamport.starts_with("max("), "{}", step.lamport);
        let numbers: Vec<u32> = step
            .lamport
            .split(|letter: char| !letter.is_ascii_digit())
            .filter_map(|word| word.parse().ok())
            .collect();
        let [before, received, one, after] = numbers[..] else {
            panic!("{}", step.lamport);
        };
        assert_eq!((before.max(received) + one, one), (after, 1));
    }

    #[test]
    fn without_a_choice_the_latest_receipt_is_shown() {
        let mut player = player("basic-operation", 0);
        assert_eq!(step(&player, None), None, "nothing was received yet");
        player.seek_us(5_000_000);
        let step = step(&player, None).unwrap();
        let event = player.trace().get(step.seq).unwrap();
        assert!(event.cause().is_some() && step.seq < player.count());
        let later = (step.seq + 1..player.count()).filter_map(|seq| player.trace().get(seq));
        assert!(later.into_iter().all(|event| event.cause().is_none()));
        let labels: Vec<&str> = step.strips.iter().map(|strip| strip.label).collect();
        assert_eq!(labels, ["before", "received", "after"]);
    }

    /// "Happened before" implies "less"; concurrent events can have any order.
    #[test]
    fn the_scalars_never_contradict_the_vectors() {
        let mut player = player("emergency-response", 0);
        player.record_ahead(u32::MAX);
        let count = player.trace().count();
        let (mut nothing, mut must, mut told) = (0, 0, 0);
        for first in (0..count).step_by(23) {
            for second in (0..count).step_by(31) {
                let Some(compared) = compare(&player, first, second) else {
                    continue;
                };
                let [vector, lamport, hybrid] = &compared.verdicts;
                for scalar in [lamport, hybrid] {
                    let less = scalar.values.contains(" < ");
                    let more = scalar.values.contains(" > ");
                    match vector.values.as_str() {
                        "first → second" => assert!(less, "{first} {second}: {scalar:?}"),
                        "first ← second" => assert!(more, "{first} {second}: {scalar:?}"),
                        "first = second" => assert!(!less && !more),
                        _ if less || more => {
                            assert!(scalar.meaning.ends_with("Only the vector clocks do."));
                            nothing += 1;
                        }
                        _ => told += 1,
                    }
                    must += u32::from(scalar.meaning.contains("agrees with happened before"));
                }
            }
        }
        assert!(nothing > 0 && must > 0, "{nothing} {must} {told}");
    }
}
