//! A process in the inspector: recovery's view, the actual state, its jobs, its clock and its latest events.

use super::{
    Card, CardLine, Fact, FactStyle, Inspectable, LineShape, Section, Strip, event_line, fact,
};
use crate::format;
use crate::log::{self, Importance};
use crate::reason;
use crate::stage::{self, Condition, Health, NodeView, Role};
use triage_engine::emergency::Level;
use triage_engine::id::{JobId, ProcessIndex};
use triage_engine::job::Class;
use triage_engine::process::coordinator::{Coordinator, Place};
use triage_engine::trace::{Recorder, Trace};
use triage_engine::world::Role as Logic;
use triage_language::mark;
use triage_language::{grouped, say, say_as, tr};
use triage_playback::Player;

/// Maximum number of jobs that are listed.
const JOBS_MAX: usize = 24;
/// Number of latest events that are listed, and number of events that are searched for them.
const LATEST: usize = 8;
const LATEST_SEARCH_MAX: usize = 400;

/// The card of a process; `None` if it has left.
pub(super) fn card(player: &Player, index: ProcessIndex) -> Option<Card> {
    let node = stage::node_at(player, index)?;
    let world = player.world();
    let mut card = Card {
        kind: mark!("process"),
        title: node.name.to_string(),
        subtitle: say(format::role(node.role)).to_owned(),
        hue: Some(index.0),
        why: vec![reason::process::process(world, index)],
        facts: facts(player, index, &node),
        ..Card::default()
    };
    if node.role == Role::Executor {
        card.sections.push(jobs(player.trace(), &node));
    } else {
        card.summary = node.summary.join(" · ");
    }
    let process = world.processes().get(index.index());
    if let Some(Logic::Coordinator(coordinator)) = process.map(|process| &process.role) {
        card.sections.push(owned(player.trace(), coordinator));
        if world.setup().configuration.coordinators > 1 {
            card.sections.push(others(player, index, coordinator));
        }
    }
    card.strips.push(Strip {
        label: "",
        clock: node.clock,
    });
    card.sections.push(latest(player, index));
    Some(card)
}

fn facts(player: &Player, index: ProcessIndex, node: &NodeView) -> Vec<Fact> {
    let mut facts = Vec::new();
    if node.role == Role::Executor {
        facts.push(fact(
            say("Recovery's view"),
            say(format::health(node.health)),
            FactStyle::Health(node.health),
        ));
    }
    facts.push(match node.condition {
        Condition::Up => fact(say("Actual state"), say("up"), FactStyle::Plain),
        other => fact(
            say("Actual state"),
            format::truth(other),
            FactStyle::GroundTruth,
        ),
    });
    let process = player.world().processes().get(index.index());
    if let Some(Logic::Executor(executor)) = process.map(|process| &process.role) {
        facts.push(match node.mode {
            Some(level) => fact(say("Mode"), level, FactStyle::Badge(level)),
            None => fact(say("Mode"), say("unknown"), FactStyle::Plain),
        });
        let slots = tr!(
            "{busy} of {all} busy",
            busy = executor.running_jobs.len(),
            all = executor.spec.capacity
        );
        facts.push(fact(say("Slots"), slots, FactStyle::Plain));
        facts.push(fact(say("Completed"), node.completed, FactStyle::Plain));
        let member = match node.health {
            Health::Removed => say("removed"),
            Health::Joining => say("joining"),
            _ if node.draining => say("draining"),
            _ => say("member"),
        };
        let membership = tr!(
            "{member}, incarnation {number}",
            member,
            number = executor.incarnation
        );
        facts.push(fact(say("Membership"), membership, FactStyle::Plain));
        let able = executor.spec.capabilities.join(", ");
        facts.push(fact(
            say("Capabilities"),
            if able.is_empty() {
                say_as("no capability", "none")
            } else {
                &able
            },
            FactStyle::Plain,
        ));
    }
    let stamp = player
        .world()
        .processes()
        .get(index.index())
        .map(|process| process.clocks.stamp());
    if let Some(stamp) = stamp {
        facts.push(fact(say("Lamport clock"), stamp.lamport, FactStyle::Plain));
    }
    facts
}

/// The open jobs of a coordinator, oldest first.
fn owned(trace: &Trace, coordinator: &Coordinator) -> Section {
    let jobs = &coordinator.ledger.jobs;
    let lines = jobs.values().take(JOBS_MAX).map(|open| {
        let shape = match open.job.class() {
            Class::Normal => LineShape::Normal,
            Class::Emergency => LineShape::Emergency(Level::Low),
        };
        let state = match open.place {
            Place::Waiting => say("waiting"),
            Place::Assigned(..) => say("assigned"),
            Place::WithRecovery => say("with recovery"),
        };
        job_line(trace, shape, open.job.id, state, open.attempt)
    });
    Section {
        title: say("Owns"),
        lines: lines.collect(),
        more: jobs.len().saturating_sub(JOBS_MAX),
        empty: say("no open job"),
    }
}

/// What a coordinator has received about each other coordinator by gossip, and how old that is.
fn others(player: &Player, own: ProcessIndex, coordinator: &Coordinator) -> Section {
    let world = player.world();
    let name = |index: u16| player.trace().name(ProcessIndex(index)).to_string();
    let all = 1..=world.setup().configuration.coordinators;
    let lines = all.filter(|index| *index != own.0).map(|index| {
        let name = name(index);
        let text = match coordinator.gossip.peers.get(&ProcessIndex(index)) {
            Some(peer) => {
                let age_ms = world.now_ns().saturating_sub(peer.reported_ns) / 1_000_000;
                let said = &peer.summary;
                let assigned: u32 = said.loads.iter().map(|(_, load)| load).sum();
                tr!(
                    "{name}: owns 1 job, {assigned} with executors, emergency version {version}; {age} ms ago"
                    | "{name}: owns {n} jobs, {assigned} with executors, emergency version {version}; {age} ms ago"
                    % said.open,
                    name = name, assigned = assigned, version = said.emergency, age = grouped(age_ms)
                )
            }
            None => tr!("{name}: no gossip received yet", name),
        };
        CardLine {
            shape: LineShape::Nothing,
            t_us: None,
            hue: Some(index),
            text,
            state: "",
            target: Inspectable::Process(index),
        }
    });
    Section {
        title: say("Information about the others, by gossip"),
        lines: lines.collect(),
        more: 0,
        empty: "",
    }
}

/// The jobs of an executor: running, then paused, then waiting.
fn jobs(trace: &Trace, node: &NodeView) -> Section {
    let level = node.slots.iter().flatten().map(|slot| slot.level).max();
    let emergency = LineShape::Emergency(level.unwrap_or_default().max(Level::Low));
    let mut lines: Vec<CardLine> = Vec::new();
    for slot in node.slots.iter().flatten() {
        let shape = match slot.class {
            Class::Normal => LineShape::Normal,
            Class::Emergency => LineShape::Emergency(slot.level),
        };
        let state = if slot.frozen_at.is_some() {
            say("stopped")
        } else {
            say("running")
        };
        lines.push(job_line(trace, shape, slot.job, state, slot.attempt));
    }
    for (shape, jobs, state) in [
        (LineShape::Paused, &node.paused, say("paused")),
        (emergency, &node.queue_emergency, say("queued")),
        (LineShape::Normal, &node.queue_normal, say("queued")),
    ] {
        lines.extend(
            jobs.iter()
                .map(|job| job_line(trace, shape, *job, state, 1)),
        );
    }
    let hidden = lines.len().saturating_sub(JOBS_MAX);
    lines.truncate(JOBS_MAX);
    Section {
        title: say("Jobs here"),
        lines,
        more: hidden,
        empty: say_as("no job", "none"),
    }
}

fn job_line(
    trace: &Trace,
    shape: LineShape,
    job: JobId,
    state: &'static str,
    attempt: u32,
) -> CardLine {
    let mut text = log::job_title(trace, job);
    if attempt > 1 {
        text.push_str(&format!(" #{attempt}"));
    }
    CardLine {
        shape,
        t_us: None,
        hue: None,
        text,
        state,
        target: Inspectable::Job(job.0),
    }
}

/// Its latest events, newest first; heartbeats only if there is nothing else.
fn latest(player: &Player, index: ProcessIndex) -> Section {
    let trace = player.trace();
    let past = player.lanes().of_process(index);
    let past = &past[..past.partition_point(|seq| *seq < player.count().min(trace.count()))];
    let recent = past.iter().rev().take(LATEST_SEARCH_MAX);
    let that_matter = recent.filter(|seq| {
        let event = trace.get(**seq);
        event.is_some_and(|event| log::importance(&event.record) > Importance::Background)
    });
    let lines: Vec<CardLine> = that_matter
        .take(LATEST)
        .filter_map(|seq| event_line(trace, *seq))
        .collect();
    Section {
        title: say("Latest events"),
        lines,
        more: 0,
        empty: say("only heartbeats"),
    }
}
