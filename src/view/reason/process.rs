//! What a process is doing at the cursor, and why.

use super::waiting::{missed_level, normal_running};
use super::{name, system_level};
use crate::format;
use triage_engine::emergency::Level;
use triage_engine::id::ProcessIndex;
use triage_engine::policy::mass_failure::MassFailureGuardState;
use triage_engine::process::coordinator::{Coordinator, Place};
use triage_engine::process::executor::Executor;
use triage_engine::process::recovery::{HealthView, HeartbeatWindow, Recovery};
use triage_engine::world::{Process, Role, Status, World};
use triage_language::{say, tr};

/// What a process is doing and why, in a sentence.
pub fn process(world: &World, index: ProcessIndex) -> String {
    let Some(process) = world.processes().get(index.index()) else {
        return String::new();
    };
    let does = activity(world, index, process);
    let held: Vec<String> = process
        .held_back()
        .map(|message| format::message_kind(message.body.what()))
        .collect();
    match held.len() {
        0 => does,
        count => {
            let messages = held.join(", ");
            tr!(
                "{does} It holds back 1 message until what comes before is delivered: {messages}."
                    | "{does} It holds back {n} messages until what comes before is delivered: {messages}."
                        % count,
                does = does,
                messages = messages
            )
        }
    }
}

fn activity(world: &World, index: ProcessIndex, process: &Process) -> String {
    match (&process.role, &process.status) {
        (Role::Executor(executor), _) => executor_activity(world, index, process, executor),
        (Role::Coordinator(coordinator), Status::Crashed) => tr!(
            "It has crashed; its log holds 1 open job, which wait for its restart."
                | "It has crashed; its log holds {n} open jobs, which wait for its restart."
                    % coordinator.ledger.jobs.len()
        ),
        (Role::Recovery(recovery), Status::Crashed) => tr!(
            "It has crashed: nobody watches 1 executor, and nothing is reassigned, until it is back from its log."
                | "It has crashed: nobody watches {n} executors, and nothing is reassigned, until it is back from its log."
                    % recovery.members().len()
        ),
        (_, Status::Crashed) => say("It has crashed: nothing happens here.").to_owned(),
        (_, Status::Hung { since_ns, .. }) => {
            tr!("It hangs since {}.", format::clock_ns(*since_ns))
        }
        (Role::Host, _) => say("Its log says what it did, not why.").to_owned(),
        (Role::System(_), _) => system_activity(world),
        (Role::Coordinator(coordinator), _) => coordinator_activity(coordinator),
        (Role::Recovery(recovery), _) => recovery_activity(world, recovery),
    }
}

fn system_activity(world: &World) -> String {
    let level = system_level(world);
    let active = world
        .system()
        .map_or(&[][..], |system| system.state.active.as_slice());
    let highest = active.iter().find(|emergency| emergency.level == level);
    match (highest, active.len()) {
        (None, _) => say("No emergency is active, so the system is at NONE.").to_owned(),
        (Some(one), 1) => tr!(
            "The system is at {level} because of {id} ({kind}).",
            level,
            id = one.id,
            kind = format::emergency_type(&one.kind)
        ),
        (Some(one), all) => tr!(
            "The system is at {level}, the highest of {all} active emergencies, because of {id} ({kind}).",
            level,
            all,
            id = one.id,
            kind = format::emergency_type(&one.kind)
        ),
    }
}

fn coordinator_activity(coordinator: &Coordinator) -> String {
    let count = |is: fn(&Place) -> bool| {
        let places = coordinator.ledger.jobs.values().map(|entry| &entry.place);
        places.filter(|place| is(place)).count()
    };
    let assigned = count(|place| matches!(place, Place::Assigned(..)));
    let waiting = count(|place| *place == Place::Waiting);
    let orphaned = count(|place| *place == Place::WithRecovery);
    match coordinator.ledger.jobs.len() {
        0 => say("Its ledger has no open job.").to_owned(),
        open => tr!(
            "Its ledger has 1 open job: {assigned} with executors, {waiting} waiting for one, {orphaned} with recovery."
                | "Its ledger has {n} open jobs: {assigned} with executors, {waiting} waiting for one, {orphaned} with recovery."
                    % open,
            assigned = assigned,
            waiting = waiting,
            orphaned = orphaned
        ),
    }
}

fn recovery_activity(world: &World, recovery: &Recovery) -> String {
    let members = || {
        let all = recovery.members().iter();
        all.filter(|(_, member)| member.belief != HealthView::Removed)
    };
    let silent: Vec<String> = members()
        .filter(|(_, member)| member.belief != HealthView::Healthy)
        .map(|(index, _)| {
            let heard = format::clock_ns(recovery.heard_ns(*index));
            let name = name(world, *index);
            tr!("{name} since {heard}", name, heard)
        })
        .collect();
    let all = members().count();
    let heard = match silent.len() {
        0 => tr!("It has heard from each of 1 executor in time."
            | "It has heard from each of {n} executors in time." % all),
        1..=3 => {
            let silent = silent.join(", ");
            tr!(
                "Of 1 executor it has not heard {silent}."
                    | "Of {n} executors it has not heard {silent}." % all,
                silent = silent
            )
        }
        many => tr!(
            "Of 1 executor it has not heard {many} in time."
                | "Of {n} executors it has not heard {many} in time." % all,
            many = many
        ),
    };
    match recovery.braking {
        MassFailureGuardState::Off => heard,
        MassFailureGuardState::Held(until_ns) => {
            let until = format::clock_ns(until_ns);
            tr!(
                "{heard} So many at once are more likely cut off than dead: it holds reassignment back until it hears enough of them, or until {until}.",
                heard,
                until
            )
        }
        MassFailureGuardState::Over => tr!(
            "{heard} It has held reassignment back for long enough and takes the silent ones for failed.",
            heard
        ),
    }
}

fn executor_activity(
    world: &World,
    index: ProcessIndex,
    process: &Process,
    executor: &Executor,
) -> String {
    if matches!(process.status, Status::Left) {
        return say("It has left the system.").to_owned();
    }
    let Some(recovery) = world.recovery() else {
        unreachable!("only an imported log has no recovery, and it has no executors either");
    };
    let Some(member) = recovery.members().get(&index) else {
        return say("It joins: recovery has not registered it yet.").to_owned();
    };
    let Some(heartbeats) = recovery.pulse(index) else {
        unreachable!("recovery watches the heartbeats of every member");
    };
    let truth = match process.status {
        Status::Crashed => say("it has crashed"),
        Status::Hung { .. } => say("it hangs"),
        _ if world.network().is_cut_off(index) => say("it works, but it is cut off from everybody"),
        _ if member.belief != HealthView::Healthy && cannot_receive(world, index) => {
            say("it works, and it is recovery that cannot hear it")
        }
        _ => "",
    };
    match (member.belief, truth) {
        (HealthView::Removed, _) => say("It is not a member any more.").to_owned(),
        (HealthView::Failed, _) => health_reason(HealthView::Failed, world, heartbeats, truth),
        (HealthView::Suspected, _) => {
            health_reason(HealthView::Suspected, world, heartbeats, truth)
        }
        (HealthView::Healthy, "") => healthy_activity(world, executor),
        (HealthView::Healthy, truth) => unnoticed(world, heartbeats, truth),
    }
}

/// Why recovery suspects an executor or has declared it failed, and whether that is correct.
fn health_reason(
    health: HealthView,
    world: &World,
    heartbeats: &HeartbeatWindow,
    truth: &str,
) -> String {
    let truth = match truth {
        "" => say("it is up, and its next heartbeat will tell"),
        truth => truth,
    };
    let heard = format::clock_ns(heartbeats.heard_ns);
    let worse = match next_verdict_ns(world, heartbeats) {
        Some(at_ns) => tr!(
            ", and it is taken for failed at {}",
            format::clock_ns(at_ns)
        ),
        None => String::new(),
    };
    let held = match world.recovery().map(|recovery| recovery.braking) {
        Some(MassFailureGuardState::Held(until_ns)) if health == HealthView::Suspected => {
            let until = format::clock_ns(until_ns);
            tr!(
                ", and its jobs stay with it until {until} at the latest, for too many are silent at once",
                until
            )
        }
        _ => worse,
    };
    let phi = suspicion(world, heartbeats);
    match health {
        HealthView::Failed => tr!(
            "Taken for failed: recovery has heard nothing since {heard}{phi}{held}; in truth {truth}.",
            heard,
            phi,
            held,
            truth
        ),
        _ => tr!(
            "Suspected: recovery has heard nothing since {heard}{phi}{held}; in truth {truth}.",
            heard,
            phi,
            held,
            truth
        ),
    }
}

/// A fault that no process can know about yet.
fn unnoticed(world: &World, heartbeats: &HeartbeatWindow, truth: &str) -> String {
    let next = match next_verdict_ns(world, heartbeats) {
        Some(at_ns) => tr!(
            "if recovery hears nothing until {}, it is suspected",
            format::clock_ns(at_ns)
        ),
        None if !recovery_is_up(world) => say("recovery is down as well").to_owned(),
        None => say("recovery will find out").to_owned(),
    };
    tr!("Nobody knows that {truth}: {next}.", truth, next)
}

fn recovery_is_up(world: &World) -> bool {
    let process = world.processes().get(world.recovery_index().index());
    process.is_some_and(|process| matches!(process.status, Status::Up))
}

/// Whether recovery itself can't receive heartbeats, because it is down or its link is cut.
fn cannot_receive(world: &World, index: ProcessIndex) -> bool {
    let recovery = world.recovery_index();
    !recovery_is_up(world) || world.network().is_cut(index, recovery)
}

/// When further silence changes the verdict, in ns.
fn next_verdict_ns(world: &World, heartbeats: &HeartbeatWindow) -> Option<u64> {
    if !recovery_is_up(world) {
        return None;
    }
    let (_, left_us) = heartbeats.judge(world.setup().configuration.detector, world.now_ns());
    left_us.map(|left_us| world.now_ns() + left_us * 1_000)
}

/// The suspicion level φ of an executor's silence, for detectors that have one.
fn suspicion(world: &World, heartbeats: &HeartbeatWindow) -> String {
    let Some(phi) = world.setup().configuration.detector.phi_accrual() else {
        return String::new();
    };
    let silence_us = world.now_ns().saturating_sub(heartbeats.silent_from_ns) / 1_000;
    let phi = phi.phi(&heartbeats.window, silence_us);
    [" (φ ", &format::number(phi.min(99.0)), ")"].concat()
}

/// What a healthy executor is doing.
fn healthy_activity(world: &World, executor: &Executor) -> String {
    let running = executor.running_jobs.len();
    if executor.draining && running == 0 {
        return say("It drains: nothing runs here any more, so it leaves.").to_owned();
    }
    if executor.draining {
        return tr!(
            "It drains: it takes nothing new, finishes 1 running job and then leaves."
                | "It drains: it takes nothing new, finishes {n} running jobs and then leaves."
                    % running
        );
    }
    let Some(level) = executor.level() else {
        return say(
            "It starts nothing before the reply to its registration has told it the level.",
        )
        .to_owned();
    };
    let capacity = executor.spec.capacity;
    let rule = match level {
        Level::None => String::new(),
        Level::Low => say("LOW: emergency jobs go first, normal jobs start as usual; ").to_owned(),
        Level::Medium => tr!(
            "MEDIUM: normal jobs may hold {most} of {capacity} slots and hold {running}; ",
            most = capacity.div_ceil(2),
            capacity,
            running = normal_running(executor)
        ),
        Level::High => say("HIGH: running normal jobs finish, none starts; ").to_owned(),
        Level::Critical => match executor.paused_jobs.len() {
            0 => say("CRITICAL: normal jobs do not start; ").to_owned(),
            paused => tr!("CRITICAL: normal jobs do not start, and 1 is paused; "
                | "CRITICAL: normal jobs do not start, and {n} are paused; " % paused),
        },
    };
    let waiting = executor.emergency_jobs.len() + executor.normal_jobs.len();
    let slow = match executor.slow_factor {
        0 | 1 => String::new(),
        factor => tr!(", {factor} times slower than usual", factor),
    };
    let does = match (running, waiting) {
        (0, 0) => say("nothing runs here and nothing waits").to_owned(),
        (running, 0) => tr!(
            "{running} of {capacity} slots are busy{slow}, nothing waits",
            running,
            capacity,
            slow
        ),
        (running, waiting) => tr!(
            "{running} of {capacity} slots are busy{slow}, 1 job in the queues"
                | "{running} of {capacity} slots are busy{slow}, {n} jobs in the queues" % waiting,
            running = running,
            capacity = capacity,
            slow = slow
        ),
    };
    let behind = missed_level(world, level);
    let said = tr!("{rule}{does}{behind}.", rule, does, behind);
    // Whichever part comes first, the sentence starts with a capital letter.
    let mut chars = said.chars();
    let first = chars.next().map(|first| first.to_ascii_uppercase());
    first.into_iter().chain(chars).collect()
}
