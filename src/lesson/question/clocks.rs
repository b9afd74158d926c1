//! Questions about the clocks of events: vectors, Lamport times, wall clocks.

use super::{Choice, GivenClock, event_sentence};
use crate::anchor::{Anchor, find, time_ns};
use triage_analysis::causality::{Comparison, MergeStep};
use triage_engine::id::ProcessIndex;
use triage_engine::record::Record;
use triage_engine::trace::Form;
use triage_language::{grouped, language, say, tr};
use triage_playback::Player;
use triage_view::stage::ClockCell;

/// The vector clock after an event, among the vectors that typical mistakes lead to.
pub fn clock(player: &Player, of: &Anchor) -> Result<Vec<Choice>, String> {
    let seq = find(player, of)?;
    let (trace, lanes) = (player.trace(), player.lanes());
    let step = MergeStep::of(trace, lanes, seq)
        .ok_or_else(|| say("that event has no clock").to_owned())?;
    let processes: Vec<ProcessIndex> = (0..trace.names().len())
        .map(|index| ProcessIndex(index as u16))
        .collect();
    let own = step.process;
    let values = |read: &dyn Fn(ProcessIndex) -> u32| -> Vec<u32> {
        processes.iter().map(|process| read(*process)).collect()
    };
    let ticked = |process: ProcessIndex| u32::from(process == own);
    let before = |process| step.before.vector.get(process);
    let following = later_events_of_moment(player, seq, own);
    let right = values(&|process| step.after.vector.get(process));
    let mut wrong: Vec<(Vec<u32>, &str)> = Vec::new();
    match step.received.first() {
        Some(received) => {
            let sent = |process| received.stamp.vector.get(process);
            let most = |process| before(process).max(sent(process));
            wrong.push((
                values(&most),
                say("That is only the entry-wise maximum. The receipt is also an event of the receiver, so the receiver's own entry ticks as well."),
            ));
            wrong.push((
                values(&|process| before(process) + ticked(process)),
                say("Here only the receiver's own entry ticks. The message also carries the clock of its sender, and the receiver takes every larger entry from it."),
            ));
            wrong.push((
                values(&|process| sent(process) + ticked(process)),
                say("That is the sender's vector clock, unchanged. The receiver may have larger entries, and the larger entry of each pair is kept."),
            ));
            wrong.push((
                values(&|process| before(process) + sent(process)),
                say("Entries are not added. Both count the same events, and each event counts once."),
            ));
        }
        None => {
            wrong.push((
                values(&before),
                say("This is an event, so the process's own entry increases by one."),
            ));
            wrong.push((
                values(&|process| before(process) + u32::from(before(process) > 0 || process == own)),
                say("Only the process's own entry ticks. The other entries count events of other processes, and no information about them has arrived."),
            ));
            let event = trace.get(seq).map(|event| &event.record);
            if let Some(Record::ExecutorRestarted { .. } | Record::ProcessRestarted) = event {
                wrong.push((
                    values(&|process| ticked(process)),
                    say("If the clock started again from zero, two events would have the same number. The clock is on stable storage, so it continues."),
                ));
            }
            let other = processes
                .iter()
                .copied()
                .find(|process| *process != own && before(*process) > 0)
                .or(processes.iter().copied().find(|process| *process != own));
            wrong.push((
                values(&|process| before(process) + u32::from(Some(process) == other)),
                say("Here the entry of another process ticks. Each process counts only its own events."),
            ));
        }
    }
    // The card shows the clock after all events of this moment.
    let shown = |mut vector: Vec<u32>| {
        vector[own.index()] += following;
        vector
    };
    let why = explain(player, &step, following);
    let mut choices = vec![strip(own, &shown(right), true, why)];
    for (vector, why) in wrong {
        let vector = shown(vector);
        let is_same = |choice: &Choice| values_of(choice) == vector;
        if !choices.iter().any(is_same) {
            choices.push(strip(own, &vector, false, why.to_owned()));
        }
    }
    // Sort by value, so that the order doesn't give the answer away.
    choices.sort_by_cached_key(values_of);
    Ok(choices)
}

/// Number of further events of a process at the same moment, before its next receipt.
fn later_events_of_moment(player: &Player, seq: u32, own: ProcessIndex) -> u32 {
    let trace = player.trace();
    let t_ns = time_ns(player, seq);
    let own = trace
        .iter_from(seq + 1)
        .take_while(|(_, event)| event.t_ns == t_ns)
        .filter(|(_, event)| event.process() == Some(own));
    own.take_while(|(_, event)| !matches!(event.form, Form::Receipt { .. }))
        .count() as u32
}

/// The vector of an event, shown with a question.
pub fn vector(player: &Player, seq: u32) -> Option<GivenClock> {
    let trace = player.trace();
    let own = trace.get(seq)?.process()?;
    let stamp = trace.stamp(seq);
    let processes = (0..trace.names().len() as u16).map(ProcessIndex);
    let vector: Vec<u32> = processes.map(|process| stamp.vector.get(process)).collect();
    let numbers: Vec<String> = vector.iter().map(u32::to_string).collect();
    Some(GivenClock {
        text: tr!(
            "{numbers}, own entry: {process}",
            numbers = numbers.join(", "),
            process = trace.name(own)
        ),
        cells: cells(own, &vector),
    })
}

/// The Lamport time of an event, shown with a question.
pub fn lamport_time(player: &Player, seq: u32) -> GivenClock {
    GivenClock {
        text: tr!("Lamport time {}", player.trace().stamp(seq).lamport),
        cells: Vec::new(),
    }
}

fn cells(own: ProcessIndex, vector: &[u32]) -> Vec<ClockCell> {
    let cell = |(process, value): (u16, &u32)| ClockCell {
        process,
        value: *value,
        own: process == own.0,
        raised: false,
    };
    (0..).zip(vector).map(cell).collect()
}

fn values_of(choice: &Choice) -> Vec<u32> {
    choice.cells.iter().map(|cell| cell.value).collect()
}

fn strip(own: ProcessIndex, vector: &[u32], right: bool, why: String) -> Choice {
    let numbers: Vec<String> = vector.iter().map(u32::to_string).collect();
    let mut choice = Choice::new(numbers.join(", "), right, why);
    choice.cells = cells(own, vector);
    choice
}

fn explain(player: &Player, step: &MergeStep, following: u32) -> String {
    let first = explain_one(player, step);
    if following == 0 {
        return first;
    }
    let more = tr!(
        "{n} more event follows in the same instant, so the process's own entry ends at {end}."
            | "{n} more events follow in the same instant, so the process's own entry ends at {end}."
                % following,
        end = step.after.vector.get(step.process) + following
    );
    [first, more].join(" ")
}

fn explain_one(player: &Player, step: &MergeStep) -> String {
    let trace = player.trace();
    let name = |process: ProcessIndex| &**trace.name(process);
    let own = name(step.process);
    let (from, to) = (
        step.before.vector.get(step.process),
        step.after.vector.get(step.process),
    );
    let Some(received) = step.received.first() else {
        return tr!(
            "Only the own entry of {own} ticks, from {from} to {to}. The other entries do not change.",
            own,
            from,
            to
        );
    };
    let learnt: Vec<String> = step
        .raised
        .iter()
        .map(|process| {
            let (old, new) = (
                step.before.vector.get(*process),
                step.after.vector.get(*process),
            );
            let process = name(*process);
            tr!("{process} from {old} to {new}", process, old, new)
        })
        .collect();
    if learnt.is_empty() {
        return tr!(
            "The message from {sender} brings no new information. Then the own entry of {own} ticks, from {from} to {to}.",
            sender = name(received.from),
            own,
            from,
            to
        );
    }
    tr!(
        "The maximum raises {all}. Then the own entry of {own} ticks, from {from} to {to}.",
        all = learnt.join(", "),
        own,
        from,
        to
    )
}

/// What the Lamport times of two events show about their order.
pub fn lamport(player: &Player, of: &Anchor, to: &Anchor) -> Result<Vec<Choice>, String> {
    let (a, b) = (find(player, of)?, find(player, to)?);
    let trace = player.trace();
    let (first, second) = (trace.stamp(a).lamport, trace.stamp(b).lamport);
    let found = Comparison::of(trace, player.lanes(), a, b)
        .ok_or_else(|| say("that event has no clock").to_owned())?;
    let truth = found.in_words(trace);
    let times = tr!(
        "Event 1 has Lamport time {first}, event 2 has {second}.",
        first,
        second
    );
    let rule = say("If x happened before y, then L(x) < L(y). The converse does not hold.");
    // Only what the numbers rule out.
    let (right, conclusion) = match first.cmp(&second) {
        std::cmp::Ordering::Less => (
            2,
            say("So event 2 cannot have happened before event 1. More cannot be concluded."),
        ),
        std::cmp::Ordering::Greater => (
            3,
            say("So event 1 cannot have happened before event 2. More cannot be concluded."),
        ),
        std::cmp::Ordering::Equal => (
            4,
            say("Equal times rule out both orders, so the events are concurrent."),
        ),
    };
    let vectors = tr!("The vector clocks show more: {truth}", truth);
    let choice = |(at, words): (usize, &str)| {
        let why = if at == right {
            [&*times, rule, conclusion, &*vectors].join(" ")
        } else if at < 2 {
            let too_much = say(
                "The smaller number does not prove that: concurrent events have different numbers too.",
            );
            [&*times, too_much].join(" ")
        } else {
            [&*times, rule].join(" ")
        };
        Choice::new(words, at == right, why)
    };
    let words = [
        say("Event 1 happened before event 2"),
        say("Event 2 happened before event 1"),
        say("Event 2 did not happen before event 1; more cannot be concluded"),
        say("Event 1 did not happen before event 2; more cannot be concluded"),
        say("They are concurrent"),
    ];
    Ok(words.into_iter().enumerate().map(choice).collect())
}

/// Which of two events the wall clocks of their processes put first.
pub fn wall(player: &Player, of: &Anchor, to: &Anchor) -> Result<Vec<Choice>, String> {
    let (a, b) = (find(player, of)?, find(player, to)?);
    let trace = player.trace();
    let reading = |seq: u32| -> Result<(i64, u64), String> {
        let event = trace
            .get(seq)
            .ok_or_else(|| say("after the end of the run"))?;
        let process = event
            .process()
            .ok_or_else(|| say("that event has no clock"))?;
        Ok((trace.wall(process).read_us(event.t_ns), event.t_ns))
    };
    let ((first_us, first_ns), (second_us, second_ns)) = (reading(a)?, reading(b)?);
    let really = match first_ns.cmp(&second_ns) {
        std::cmp::Ordering::Less => say("In simulated time, event 1 came first."),
        std::cmp::Ordering::Greater => say("In simulated time, event 2 came first."),
        std::cmp::Ordering::Equal => say("In simulated time, they came at the same moment."),
    };
    let (first, second) = (event_sentence(player, a), event_sentence(player, b));
    let facts = tr!(
        "At event 1 ({first}), the wall clock reads {first_time}. At event 2 ({second}), the other wall clock reads {second_time}. {really}",
        first,
        first_time = milliseconds(first_us),
        second,
        second_time = milliseconds(second_us),
        really
    );
    let right = usize::from(first_us >= second_us) + usize::from(first_us == second_us);
    let choice = |(at, words): (usize, &str)| {
        let why = if at == right {
            facts.clone()
        } else {
            say("Wall clocks differ from each other and drift.").to_owned()
        };
        Choice::new(words, at == right, why)
    };
    let words = [say("Event 1"), say("Event 2"), say("Both at the same time")];
    Ok(words.into_iter().enumerate().map(choice).collect())
}

/// `1234.567 ms`
fn milliseconds(us: i64) -> String {
    let sign = if us < 0 { "−" } else { "" };
    let us = us.unsigned_abs();
    let (whole, point) = (grouped(us / 1000), language().decimal_mark());
    format!("{sign}{whole}{point}{:03} ms", us % 1000)
}
