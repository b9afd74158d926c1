//! An event or a message in the inspector: what happened, its cause, its effects, and how it changed the clock.

use super::{
    Card, CardLine, Fact, FactStyle, Inspectable, LineShape, Section, event_line, fact,
    process_fact,
};
use crate::clocks;
use crate::format;
use crate::log;
use triage_analysis::causality::MergeStep;
use triage_engine::id::{MessageId, ProcessIndex};
use triage_engine::record::Record;
use triage_engine::trace::{Event, Form, Trace};
use triage_language::mark;
use triage_language::{say, tr};
use triage_playback::Player;

/// Maximum number of later events of the receiver that are searched for the receipt of a message: far more than occur
/// within any link's latency.
const RECEIPT_SEARCH_MAX: usize = 100_000;

/// Maximum number of receipts that are listed for one event of an imported log.
const LOGGED_RECEIPTS: usize = 8;

/// The clocks around an event, with the epoch of the recording.
pub(super) type CachedStep = (u32, MergeStep);

/// The card of an event; `None` if no such event is recorded.
pub(super) fn card(player: &Player, seq: u32, cached: &mut Option<CachedStep>) -> Option<Card> {
    let trace = player.trace();
    let event = trace.get(seq)?;
    let process = event.process();
    let at = format::clock_ns(event.t_ns);
    let who = process.map_or_else(|| say("environment"), |process| trace.name(process));
    let mut card = Card {
        kind: mark!("event"),
        title: event.record.kind().to_owned(),
        subtitle: tr!("{who} · {at} · event {seq}", who, at, seq),
        hue: process.map(|process| process.0),
        summary: format!("{who} {}", log::sentence(trace, event)),
        why: vec![cause(player, seq, event)],
        facts: facts(player, seq, event),
        ..Card::default()
    };
    let known = cached
        .take()
        .filter(|(epoch, step)| (*epoch, step.seq) == (player.epoch(), seq));
    *cached = known.or_else(|| {
        let step = MergeStep::of(trace, player.lanes(), seq)?;
        Some((player.epoch(), step))
    });
    if let Some((_, step)) = cached {
        fill_clocks(&mut card, player, step);
    }
    card.sections.push(causes_and_effects(player, seq, event));
    Some(card)
}

fn fill_clocks(card: &mut Card, player: &Player, step: &MergeStep) {
    card.rule = clocks::vector_step(player, step);
    card.strips = clocks::strips(player, step);
    let after = &step.after;
    card.facts
        .push(fact(say("Lamport clock"), after.lamport, FactStyle::Plain));
    if !player.world().is_log() {
        let hybrid = format::hybrid(after.hybrid);
        card.facts
            .push(fact(say("Hybrid clock"), hybrid, FactStyle::Plain));
    }
}

/// The cause of an event, in a sentence.
fn cause(player: &Player, seq: u32, event: &Event) -> String {
    let trace = player.trace();
    let Some(own) = event.process() else {
        return match &event.record {
            Record::RunStarted(_) => say("The run begins.").to_owned(),
            Record::MessageDropped(..) => say("The message cannot be delivered.").to_owned(),
            _ => say("A fault from outside: no process notices it.").to_owned(),
        };
    };
    if let Record::Logged(_) = event.record {
        return logged_cause(trace, event);
    }
    if let (Form::Receipt { from, message, .. }, Some(sent)) =
        (event.form, event.cause().and_then(|sent| trace.get(sent)))
    {
        return tr!(
            "Message {number} has arrived. {sender} sent it at {at}.",
            number = message.0,
            sender = trace.name(from),
            at = format::clock_ns(sent.t_ns)
        );
    }
    if let Form::Send {
        retry_of: Some(original),
        ..
    } = event.form
    {
        return tr!(
            "Message {} was not acknowledged in time, so it is sent again.",
            original.0
        );
    }
    if let Some((place, first)) = first_of_moment(player, seq, event, own) {
        let said = log::sentence(trace, first);
        return tr!(
            "It follows immediately from event {place}: {process} {said}.",
            place,
            process = trace.name(own),
            said
        );
    }
    reason_without_cause(&event.record).to_owned()
}

/// The sources of an imported event, according to its clock.
fn logged_cause(trace: &Trace, event: &Event) -> String {
    let from = event.causes().map(|(from, cause)| {
        let process = trace.name(from);
        tr!("event {cause} of {process}", cause, process)
    });
    let from: Vec<String> = from.collect();
    match from.as_slice() {
        [] => say("Its clock contains no new information about other processes.").to_owned(),
        [one] => tr!(
            "Its clock shows that its process has received information about {}.",
            one
        ),
        all => {
            let all = format::list_and(all);
            tr!(
                "Its clock shows that its process has received information about {} at the same time.",
                all
            )
        }
    }
}

/// The event that an event follows immediately: the first one of the same process and moment since its last receipt.
fn first_of_moment<'a>(
    player: &'a Player,
    seq: u32,
    event: &Event,
    own: ProcessIndex,
) -> Option<(u32, &'a Event)> {
    let lane = player.lanes().of_process(own);
    let earlier = &lane[..lane.partition_point(|place| *place < seq)];
    let mut first = None;
    for place in earlier.iter().rev() {
        let Some(before) = player.trace().get(*place) else {
            unreachable!("lanes contain only recorded events");
        };
        if before.t_ns != event.t_ns {
            break;
        }
        first = Some((*place, before));
        if before.cause().is_some() {
            break;
        }
    }
    first
}

/// The reason for an event without a causing event: a timer, or a user.
fn reason_without_cause(record: &Record) -> &'static str {
    match record {
        Record::HeartbeatSent => say("Heartbeats are sent at regular intervals."),
        Record::JobCompleted(_) => say("Its work is done."),
        Record::ExecutorSuspected(_) => say("No heartbeat has arrived for too long."),
        Record::ExecutorFailed(_) => {
            say("No heartbeat has arrived for so long that the executor is declared failed.")
        }
        Record::ReassignmentReleased { .. } => {
            say("Reassignment has been held back for the maximum time.")
        }
        Record::ExecutorRestarted { .. } | Record::ProcessRestarted => {
            say("A command restarted it.")
        }
        Record::JobSubmitted { .. } | Record::Emergency(_) | Record::ExecutorAdded { .. } => {
            say("A user or the scenario requested it.")
        }
        Record::CommandDenied(_) => {
            say("A user or the scenario requested something that is not allowed or not possible.")
        }
        _ => say("No earlier event at this moment caused it."),
    }
}

fn facts(player: &Player, seq: u32, event: &Event) -> Vec<Fact> {
    let trace = player.trace();
    let mut facts = Vec::new();
    if let Some(process) = event.process() {
        facts.push(process_fact(say("Process"), trace, process));
    }
    if let Record::Logged(logged) = &event.record {
        let causes = event.causes();
        facts.extend(causes.map(|(from, _)| process_fact(say("Depends on"), trace, from)));
        facts.push(fact(say("Line of the log"), logged.line, FactStyle::Plain));
        return facts;
    }
    let message = match event.form {
        Form::Send { to, message, .. } => {
            facts.push(process_fact(say("To"), trace, to));
            Some((message, fate(player, seq, to, message)))
        }
        Form::Receipt { from, message, .. } => {
            facts.push(process_fact(say("From"), trace, from));
            Some((message, flight(trace, event)))
        }
        Form::Environment {
            message: Some(message),
        } => Some((message, say("lost").to_owned())),
        _ => None,
    };
    if let Some((message, fate)) = message {
        let words = [&message.0.to_string(), ", ", &fate].concat();
        facts.push(fact(say("Message"), words, FactStyle::Plain));
    }
    if let Some(job) = event.record.job() {
        facts.push(fact(
            say("Job"),
            job,
            FactStyle::Link(Inspectable::Job(job.0)),
        ));
    }
    if let Some(executor) = event.record.executor() {
        facts.push(process_fact(say("Executor"), trace, executor));
    }
    facts
}

/// The flight time of a received message.
fn flight(trace: &Trace, receipt: &Event) -> String {
    let sent = receipt.cause().and_then(|sent| trace.get(sent));
    let us = sent.map_or(0, |sent| receipt.t_ns.saturating_sub(sent.t_ns) / 1_000);
    tr!("travelled {}", format::span(us))
}

/// The state of a sent message at the cursor.
fn fate(player: &Player, seq: u32, to: ProcessIndex, message: MessageId) -> String {
    let trace = player.trace();
    if let Some(receipt) = receipt(player, seq, to).filter(|receipt| *receipt < player.count()) {
        return trace
            .get(receipt)
            .map_or_else(String::new, |receipt| flight(trace, receipt));
    }
    match player.world().network().get(message) {
        Some(travelling) => tr!("arrives at {}", format::clock_ns(travelling.due_ns)),
        None if seq >= player.count() => say("not sent yet").to_owned(),
        None if lost(player, seq, message) => say("lost").to_owned(),
        None => say("not received yet").to_owned(),
    }
}

/// The receipt of the message sent by event `sent`, also after the cursor.
fn receipt(player: &Player, sent: u32, to: ProcessIndex) -> Option<u32> {
    let lane = player.lanes().of_process(to);
    let later = &lane[lane.partition_point(|seq| *seq <= sent)..];
    let is_it = |seq: &&u32| player.trace().get(**seq).and_then(Event::cause) == Some(sent);
    later.iter().take(RECEIPT_SEARCH_MAX).find(is_it).copied()
}

/// Whether the loss of a message is recorded before the cursor.
fn lost(player: &Player, sent: u32, message: MessageId) -> bool {
    let all = player.lanes().environment();
    let later = &all[all.partition_point(|seq| *seq <= sent)..];
    later.iter().any(|seq| {
        let form = player.trace().get(*seq).map(|event| event.form);
        *seq < player.count()
            && form
                == Some(Form::Environment {
                    message: Some(message),
                })
    })
}

/// The direct causes and effects of an event.
fn causes_and_effects(player: &Player, seq: u32, event: &Event) -> Section {
    let mut lines = Vec::new();
    let mut add = |place: Option<u32>, state: &'static str| {
        let line = place.and_then(|place| event_line(player.trace(), place));
        lines.extend(line.map(|line| CardLine {
            state,
            shape: LineShape::Nothing,
            ..line
        }));
    };
    for (_, cause) in event.causes() {
        add(Some(cause), say("sent"));
    }
    if let Some(own) = event.process() {
        let entry = player.lanes().entry(own, seq);
        add(
            player.lanes().event(own, entry.saturating_sub(1)),
            say("before"),
        );
        add(player.lanes().event(own, entry + 1), say("next"));
    }
    if let Form::Send { to, .. } = event.form {
        add(receipt(player, seq, to), say("received"));
    }
    if let Record::Logged(_) = event.record {
        let later = player.trace().iter_from(seq + 1).take(RECEIPT_SEARCH_MAX);
        let heard = later.filter(|(_, event)| event.causes().any(|(_, cause)| cause == seq));
        for (receipt, _) in heard.take(LOGGED_RECEIPTS) {
            add(Some(receipt), say("received"));
        }
    }
    Section {
        title: say("Directly before and after"),
        lines,
        more: 0,
        empty: "",
    }
}
