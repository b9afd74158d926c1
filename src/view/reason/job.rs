//! The state of a job, and the reason for it.

use super::{AttemptState, attempts, delivery, done_ns, executor_at, executors, name, waiting};
use crate::format;
use triage_engine::id::{JobId, ProcessIndex};
use triage_engine::job::{Class, Job};
use triage_engine::message::Payload;
use triage_engine::policy::discipline::Source;
use triage_engine::policy::mass_failure::MassFailureGuardState;
use triage_engine::process::coordinator::{Coordinator, Open, Place};
use triage_engine::process::executor::{Executor, Running};
use triage_engine::process::recovery::HealthView;
use triage_engine::record::Record;
use triage_engine::trace::Event;
use triage_engine::world::{Process, Role, Status, World};
use triage_labels as labels;
use triage_language::{say, tr};
use triage_playback::Player;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JobState {
    /// Not submitted yet at the cursor.
    Future,
    /// On its way to the coordinator that will own it.
    Submitted,
    /// No executor could ever run it.
    Refused,
    /// At its coordinator, until an executor can take it.
    Waiting,
    /// Assigned to an executor, but not there yet.
    Routed,
    /// In an executor's queue.
    Queued,
    /// In a slot.
    Running,
    /// Out of its slot, with its progress kept.
    Paused,
    /// Returned by a draining executor.
    Returning,
    /// Done, but its coordinator doesn't know yet.
    Finishing,
    /// Lost with an executor, whether or not any process knows.
    Lost,
    /// Orphaned, and waiting for recovery to reassign it.
    Orphaned,
    Completed,
}

impl JobState {
    pub fn label(self) -> &'static str {
        match self {
            JobState::Future => say("not submitted yet"),
            JobState::Submitted => say("submitted"),
            JobState::Refused => say("refused"),
            JobState::Waiting => say("waiting"),
            JobState::Routed => say("on its way"),
            JobState::Queued => say("queued"),
            JobState::Running => say("running"),
            JobState::Paused => say("paused"),
            JobState::Returning => say("returned"),
            JobState::Finishing => say("finished"),
            JobState::Lost => say("lost"),
            JobState::Orphaned => say("orphaned"),
            JobState::Completed => say("completed"),
        }
    }
}

/// The state of a job at the cursor, and the reason for it.
#[derive(Clone, Debug, PartialEq)]
pub struct JobReason {
    pub state: JobState,
    /// The process that has it; `None` while it travels or when it is completed.
    pub process: Option<u16>,
    /// The newest attempt issued; 0 before the first.
    pub attempt: u32,
    /// The reason, in a sentence.
    pub why: String,
    /// Older attempts that still run somewhere, one sentence each.
    pub stale: Vec<String>,
}

/// The job at the cursor. `history` has the indices in the trace of its events before the cursor.
pub fn job(player: &Player, id: JobId, history: &[u32]) -> JobReason {
    let world = player.world();
    let entry = world
        .processes()
        .iter()
        .zip(0u16..)
        .find_map(|(process, index)| match &process.role {
            Role::Coordinator(coordinator) => {
                let entry = coordinator.ledger.jobs.get(&id)?;
                Some((ProcessIndex(index), coordinator, entry))
            }
            _ => None,
        });
    let events = || {
        let known = history.iter().rev();
        known.filter_map(|seq| player.trace().get(*seq))
    };
    let Some((owner, coordinator, entry)) = entry else {
        let mut over = without_entry(world, id, events());
        over.stale = stale(world, id, u32::MAX, over.attempt);
        return over;
    };
    let mut reason = holder(world, id, entry.attempt, events())
        .unwrap_or_else(|| by_ledger(world, id, (owner, coordinator, entry), events()));
    reason.attempt = entry.attempt;
    reason.stale = stale(world, id, entry.attempt, entry.attempt);
    reason
}

fn reason(state: JobState, process: Option<ProcessIndex>, why: String) -> JobReason {
    JobReason {
        state,
        process: process.map(|process| process.0),
        attempt: 0,
        why,
        stale: Vec::new(),
    }
}

/// A job that is in no ledger: not submitted yet, refused or completed.
fn without_entry<'a>(
    world: &World,
    id: JobId,
    events: impl Iterator<Item = &'a Event>,
) -> JobReason {
    let mut submitted = false;
    for event in events {
        let at = format::clock_ns(event.t_ns);
        match &event.record {
            Record::JobRefused { reason: why, .. } => {
                return reason(
                    JobState::Refused,
                    None,
                    tr!(
                        "Refused at {at}, because {why}.",
                        at,
                        why = labels::job_refusal(why)
                    ),
                );
            }
            Record::CompletionAccepted(attempt) => {
                let why = tr!(
                    "Completed: attempt {number} was the newest when its completion arrived at {at}.",
                    number = attempt.number,
                    at
                );
                let mut over = reason(JobState::Completed, None, why);
                over.attempt = attempt.number;
                return over;
            }
            Record::JobSubmitted { .. } => submitted = true,
            _ => {}
        }
    }
    if !submitted {
        let why = say("The job has not been submitted yet at this moment.").to_owned();
        return reason(JobState::Future, None, why);
    }
    let is_it = |body: &Payload| matches!(body, Payload::SubmitJob(job) if job.id == id);
    // It belongs to the coordinator that it was sent to, even if that one is down.
    let sent = world.processes().first().and_then(|system| {
        let mut pending = system.mail.outbox.iter();
        pending.find(|(_, pending)| is_it(&pending.body))
    });
    if let Some(why) = sent.and_then(|(_, pending)| owner_down_reason(world, pending.to)) {
        return reason(JobState::Submitted, None, why);
    }
    let way = delivery(world, &is_it).unwrap_or_else(|| say("is on its way").to_owned());
    reason(
        JobState::Submitted,
        None,
        tr!("Submitted: its message {way}.", way),
    )
}

/// The newest attempt, if an executor has it.
fn holder<'a>(
    world: &World,
    id: JobId,
    attempt: u32,
    events: impl Iterator<Item = &'a Event>,
) -> Option<JobReason> {
    for (index, process, executor) in executors(world) {
        let found = attempts(executor, id)
            .into_iter()
            .find(|(number, _)| *number == attempt);
        let place = (index, process, executor);
        let (state, why) = match found {
            None => continue,
            Some((_, AttemptState::Running(running))) => {
                (JobState::Running, running_reason(world, place, running))
            }
            Some((
                _,
                AttemptState::Paused {
                    place: at,
                    remaining_ns,
                },
            )) => {
                let mut events = events;
                let since = events
                    .find(|event| matches!(&event.record, Record::JobPaused(paused, _) if paused.number == attempt))
                    .map(|event| format::clock_ns(event.t_ns));
                let left = format::span(remaining_ns / 1_000);
                let why = waiting::waiting_reason(world, place, Source::Paused, at);
                let why = match since {
                    Some(since) => tr!(
                        "Paused since {since} with {left} of work left: {why}.",
                        since,
                        left,
                        why
                    ),
                    None => tr!("Paused with {left} of work left: {why}.", left, why),
                };
                (JobState::Paused, why)
            }
            Some((
                _,
                AttemptState::Queued {
                    place: at,
                    assignment,
                },
            )) => {
                let line = match assignment.job.class() {
                    Class::Emergency => Source::Emergency,
                    Class::Normal => Source::Normal,
                };
                let why = waiting::waiting_reason(world, place, line, at);
                (JobState::Queued, tr!("Waiting: {why}.", why))
            }
        };
        return Some(reason(state, Some(index), why));
    }
    None
}

fn running_reason(
    world: &World,
    (index, process, executor): (ProcessIndex, &Process, &Executor),
    running: &Running,
) -> String {
    let name = name(world, index);
    let slot = running.slot + 1;
    if let Status::Hung { since_ns, .. } = process.status {
        let since = format::clock_ns(since_ns);
        return tr!(
            "In slot {slot} of {name}, which has hung since {since}.",
            slot,
            name,
            since
        );
    }
    let until = format::clock_ns(done_ns(executor, running));
    let slow = match executor.slow_factor {
        0 | 1 => String::new(),
        factor => tr!(", {factor} times slower than usual", factor),
    };
    let cut = if world.network().is_cut_off(index) {
        say(", cut off from all other processes: its completion will not arrive")
    } else {
        ""
    };
    tr!(
        "Running in slot {slot} of {name} until {until}{slow}{cut}.",
        slot,
        name,
        until,
        slow,
        cut
    )
}

/// A job whose newest attempt is on no executor: the ledger's view and the actual state.
fn by_ledger<'a>(
    world: &World,
    id: JobId,
    (owner, coordinator, entry): (ProcessIndex, &Coordinator, &Open),
    mut events: impl Iterator<Item = &'a Event>,
) -> JobReason {
    match entry.place {
        Place::Waiting => {
            let why = owner_down_reason(world, owner)
                .unwrap_or_else(|| no_executor_reason(world, owner, coordinator, &entry.job));
            reason(JobState::Waiting, Some(owner), why)
        }
        Place::Assigned(executor, epoch) => assigned_reason(
            world,
            id,
            entry.attempt,
            (owner, executor, epoch.incarnation),
        ),
        Place::WithRecovery => {
            let lost_by = events.find_map(|event| match &event.record {
                Record::JobOrphaned(attempt, executor) if attempt.number == entry.attempt => {
                    Some(name(world, *executor))
                }
                _ => None,
            });
            let lost_by = lost_by.unwrap_or_else(|| say("its executor"));
            let attempt = entry.attempt;
            let is_way = |body: &Payload| match body {
                Payload::Orphans(orphans) => orphans.iter().any(|(job, _)| job.id == id),
                Payload::Assign { job, .. } => job.id == id,
                Payload::Reassigned(placed) => placed.iter().any(|(job, ..)| *job == id),
                _ => false,
            };
            let next = delivery(world, &is_way).map_or_else(
                || say("recovery is choosing another executor").to_owned(),
                |way| tr!("the message about it {way}", way),
            );
            reason(
                JobState::Orphaned,
                None,
                tr!(
                    "Orphaned: {lost_by} lost it, attempt {attempt} is issued, and {next}.",
                    lost_by,
                    attempt,
                    next
                ),
            )
        }
    }
}

/// The reason why a job's owner can't do anything for it, if it is down.
fn owner_down_reason(world: &World, owner: ProcessIndex) -> Option<String> {
    let process = world.processes().get(owner.index())?;
    let name = &process.name;
    match process.status {
        Status::Crashed => Some(tr!(
            "Waiting: {name} is down; its jobs wait for its restart.",
            name
        )),
        Status::Hung { .. } => Some(tr!("Waiting: {name} hangs, so its jobs wait.", name)),
        _ => None,
    }
}

/// Why a coordinator can't assign a job.
fn no_executor_reason(
    world: &World,
    owner: ProcessIndex,
    coordinator: &Coordinator,
    job: &Job,
) -> String {
    let needs = match (&job.target, job.requirements.is_empty()) {
        (Some(target), _) => tr!("it can only run on {target}", target),
        (None, true) => say("there is no healthy executor").to_owned(),
        (None, false) => {
            let needs: Vec<String> = job.requirements.iter().map(|it| it.to_string()).collect();
            let needs = format::list_and(&needs);
            tr!("no healthy executor has {needs}", needs)
        }
    };
    let waited_for = labels::waits_for(&coordinator.waits_for(job));
    tr!(
        "Waiting at {owner}: {needs}, so it waits for {waited_for}.",
        owner = name(world, owner),
        needs,
        waited_for
    )
}

/// Assigned to an executor that doesn't have it: on the way there or back, or lost.
fn assigned_reason(
    world: &World,
    id: JobId,
    attempt: u32,
    (owner, executor, incarnation): (ProcessIndex, ProcessIndex, u32),
) -> JobReason {
    let to = name(world, executor);
    let of_this = |body: &Payload, wanted: fn(&Payload) -> Option<u32>| -> bool {
        body.job().is_some_and(|job| job.id == id) && wanted(body) == Some(attempt)
    };
    let routed = |body: &Payload| match body {
        Payload::Assign { attempt, .. } => Some(*attempt),
        _ => None,
    };
    let finished = |body: &Payload| match body {
        Payload::Complete { attempt, .. } => Some(*attempt),
        _ => None,
    };
    let returned = |body: &Payload| match body {
        Payload::Return { attempt, .. } => Some(*attempt),
        _ => None,
    };
    if let Some(way) = delivery(world, &|body| of_this(body, finished)) {
        let why = tr!("Finished on {to}: its completion {way}.", to, way);
        return reason(JobState::Finishing, None, why);
    }
    if let Some(way) = delivery(world, &|body| of_this(body, returned)) {
        let why = tr!(
            "{to} is draining and returns it: the message {way}.",
            to,
            way
        );
        return reason(JobState::Returning, None, why);
    }
    let gone = executor_at(world, executor).is_none_or(|(process, executor)| {
        matches!(process.status, Status::Crashed | Status::Left)
            || executor.incarnation > incarnation
    });
    if gone {
        let why = lost_reason(world, attempt, (owner, executor));
        return reason(JobState::Lost, None, why);
    }
    let way = delivery(world, &|body| of_this(body, routed))
        .unwrap_or_else(|| say("is on its way").to_owned());
    let why = tr!(
        "Assigned to {to} as attempt {attempt}: the message {way}.",
        to,
        attempt,
        way
    );
    reason(JobState::Routed, None, why)
}

/// Lost with an executor: which processes know, and how the others will find out.
fn lost_reason(
    world: &World,
    attempt: u32,
    (owner, executor): (ProcessIndex, ProcessIndex),
) -> String {
    let owner_is_down = owner_down_reason(world, owner).is_some();
    let (from, owner) = (name(world, executor), name(world, owner));
    let is_back = executor_at(world, executor)
        .is_some_and(|(process, _)| !matches!(process.status, Status::Crashed | Status::Left));
    let health = world
        .recovery()
        .and_then(|recovery| recovery.members().get(&executor))
        .map(|member| member.health);
    let braking = world.recovery().map(|recovery| recovery.braking);
    let next = match health {
        _ if owner_is_down => tr!(
            "{owner} is down and will reassign it after its restart",
            owner
        ),
        _ if is_back => tr!(
            "{owner} will reassign it when the message about the restart arrives",
            owner
        ),
        Some(HealthView::Failed | HealthView::Removed) => {
            tr!(
                "the message about it is on its way from recovery to {owner}",
                owner
            )
        }
        Some(HealthView::Suspected) if matches!(braking, Some(MassFailureGuardState::Held(_))) => {
            say("recovery holds reassignment back, because too many executors are silent")
                .to_owned()
        }
        _ => tr!(
            "recovery has not detected it yet, because {from} has not been silent for long enough",
            from
        ),
    };
    tr!(
        "Lost: {from} has crashed, and attempt {attempt} is lost; {next}.",
        from,
        attempt,
        next
    )
}

/// Attempts older than `below` that an executor still works on. `below` is the newest attempt, or `u32::MAX`.
fn stale(world: &World, id: JobId, below: u32, newest: u32) -> Vec<String> {
    let mut said = Vec::new();
    for (index, _, executor) in executors(world) {
        for (attempt, _) in attempts(executor, id) {
            if attempt < below {
                let why = format::refusal((below != u32::MAX).then_some(newest));
                said.push(tr!(
                    "{executor} still has attempt {attempt}, but its completion will be refused: {why}.",
                    executor = name(world, index),
                    attempt,
                    why
                ));
            }
        }
    }
    said
}
