//! A process in the inspector: what is believed of it, what is true, its jobs, its clock and what it did last.

use super::{Card, Fact, Line, Look, Mark, Section, Strip, Thing, event_line, fact};
use crate::engine::emergency::Level;
use crate::engine::id::{JobId, ProcessIndex};
use crate::engine::job::Class;
use crate::engine::process::coordinator::{Coordinator, Place};
use crate::engine::trace::{Recorder, Trace};
use crate::engine::world::Role as Logic;
use crate::playback::Player;
use crate::view::log::{self, Weight};
use crate::view::reason;
use crate::view::stage::{self, Condition, Health, NodeView, Role};
use crate::view::words;

/// Jobs listed before the rest becomes a number.
const JOBS_MAX: usize = 24;
/// How many of its latest events are listed, and how many are looked through for them.
const LATEST: usize = 8;
const LATEST_SEEN: usize = 400;

/// The card of a process; `None` when it has left.
pub(super) fn card(player: &Player, index: ProcessIndex) -> Option<Card> {
    let node = stage::node_at(player, index)?;
    let world = player.world();
    let mut card = Card {
        kind: "process",
        title: node.name.to_string(),
        subtitle: words::role(node.role).to_owned(),
        hue: Some(index.0),
        why: vec![reason::process::process(world, index)],
        facts: facts(player, index, &node),
        ..Card::default()
    };
    if node.role == Role::Executor {
        card.sections.push(jobs(player.trace(), &node));
    } else {
        card.said = node.summary.join(" · ");
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
        facts.push(fact("Believed", words::health(node.health), Look::Health));
    }
    facts.push(match node.condition {
        Condition::Up => fact("In truth", "up", Look::Plain),
        other => fact("In truth", words::truth(other), Look::Untrue),
    });
    let process = player.world().processes().get(index.index());
    if let Some(Logic::Executor(executor)) = process.map(|process| &process.role) {
        facts.push(match node.mode {
            Some(level) => fact("Mode", level, Look::Badge(level)),
            None => fact("Mode", "unknown", Look::Plain),
        });
        let slots = format!(
            "{} of {} busy",
            executor.running_jobs.len(),
            executor.spec.capacity
        );
        facts.push(fact("Slots", slots, Look::Plain));
        facts.push(fact("Completed", node.completed, Look::Plain));
        let member = match node.health {
            Health::Removed => "removed",
            Health::Joining => "joining",
            _ if node.draining => "draining",
            _ => "member",
        };
        let membership = format!("{member}, incarnation {}", executor.incarnation);
        facts.push(fact("Membership", membership, Look::Plain));
        let able = executor.spec.capabilities.join(", ");
        facts.push(fact(
            "Capabilities",
            if able.is_empty() { "none" } else { &able },
            Look::Plain,
        ));
    }
    let stamp = player
        .world()
        .processes()
        .get(index.index())
        .map(|process| process.clocks.stamp());
    if let Some(stamp) = stamp {
        facts.push(fact("Lamport clock", stamp.lamport, Look::Plain));
    }
    facts
}

/// The open jobs of a coordinator, oldest first.
fn owned(trace: &Trace, coordinator: &Coordinator) -> Section {
    let jobs = &coordinator.ledger.jobs;
    let lines = jobs.values().take(JOBS_MAX).map(|open| {
        let mark = match open.job.class() {
            Class::Normal => Mark::Normal,
            Class::Emergency => Mark::Emergency(Level::Low),
        };
        let state = match open.place {
            Place::Waiting => "waiting",
            Place::Assigned(..) => "assigned",
            Place::WithRecovery => "with recovery",
        };
        job_line(trace, mark, open.job.id, state, open.attempt)
    });
    Section {
        title: "Owns",
        lines: lines.collect(),
        more: jobs.len().saturating_sub(JOBS_MAX),
        empty: "no open job",
    }
}

/// What a coordinator knows of each other one by gossip, and how stale that is.
fn others(player: &Player, own: ProcessIndex, coordinator: &Coordinator) -> Section {
    let world = player.world();
    let name = |index: u16| player.trace().name(ProcessIndex(index)).to_string();
    let all = 1..=world.setup().configuration.coordinators;
    let lines = all.filter(|index| *index != own.0).map(|index| {
        let mut text = name(index);
        match coordinator.gossip.peers.get(&ProcessIndex(index)) {
            Some(peer) => {
                let age_ms = world.now_ns().saturating_sub(peer.said_ns) / 1_000_000;
                let said = &peer.summary;
                let assigned: u32 = said.loads.iter().map(|(_, load)| load).sum();
                text.push_str(&format!(
                    ": owns {}, {assigned} with executors, emergency version {}; {age_ms} ms ago",
                    words::counted(said.open as usize, "job"),
                    said.emergency
                ));
            }
            None => text.push_str(": nothing heard yet"),
        }
        Line {
            mark: Mark::Nothing,
            t_us: None,
            hue: Some(index),
            text,
            state: "",
            go: Thing::Process(index),
        }
    });
    Section {
        title: "Knows of the others, by gossip",
        lines: lines.collect(),
        more: 0,
        empty: "",
    }
}

/// What it has: running first, then paused, then waiting; each as shape, name, state.
fn jobs(trace: &Trace, node: &NodeView) -> Section {
    let level = node.slots.iter().flatten().map(|slot| slot.level).max();
    let emergency = Mark::Emergency(level.unwrap_or_default().max(Level::Low));
    let mut lines: Vec<Line> = Vec::new();
    for slot in node.slots.iter().flatten() {
        let mark = match slot.class {
            Class::Normal => Mark::Normal,
            Class::Emergency => Mark::Emergency(slot.level),
        };
        let state = if slot.frozen_at.is_some() {
            "stands still"
        } else {
            "running"
        };
        lines.push(job_line(trace, mark, slot.job, state, slot.attempt));
    }
    for (mark, jobs, state) in [
        (Mark::Paused, &node.paused, "paused"),
        (emergency, &node.queue_emergency, "queued"),
        (Mark::Normal, &node.queue_normal, "queued"),
    ] {
        lines.extend(jobs.iter().map(|job| job_line(trace, mark, *job, state, 1)));
    }
    let hidden = lines.len().saturating_sub(JOBS_MAX);
    lines.truncate(JOBS_MAX);
    Section {
        title: "Jobs here",
        lines,
        more: hidden,
        empty: "none",
    }
}

fn job_line(trace: &Trace, mark: Mark, job: JobId, state: &'static str, attempt: u32) -> Line {
    let mut text = log::titled(trace, job);
    if attempt > 1 {
        text.push_str(&format!(" #{attempt}"));
    }
    Line {
        mark,
        t_us: None,
        hue: None,
        text,
        state,
        go: Thing::Job(job.0),
    }
}

/// What it did last, newest first; heartbeats only when there is nothing else.
fn latest(player: &Player, index: ProcessIndex) -> Section {
    let trace = player.trace();
    let past = player.lanes().of_process(index);
    let past = &past[..past.partition_point(|seq| *seq < player.count().min(trace.count()))];
    let recent = past.iter().rev().take(LATEST_SEEN);
    let that_matter = recent.filter(|seq| {
        let event = trace.get(**seq);
        event.is_some_and(|event| log::weight(&event.record) > Weight::Quiet)
    });
    let lines: Vec<Line> = that_matter
        .take(LATEST)
        .filter_map(|seq| event_line(trace, *seq))
        .collect();
    Section {
        title: "Latest events",
        lines,
        more: 0,
        empty: "nothing but heartbeats",
    }
}
