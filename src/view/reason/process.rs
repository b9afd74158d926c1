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
                "{does} It holds back 1 message until earlier ones are delivered: {messages}."
                    | "{does} It holds back {n} messages until earlier ones are delivered: {messages}."
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
            "It has crashed. Its log contains 1 open job, which waits for its restart."
                | "It has crashed. Its log contains {n} open jobs, which wait for its restart."
                    % coordinator.ledger.jobs.len()
        ),
        (Role::Recovery(recovery), Status::Crashed) => tr!(
            "It has crashed: until it restarts, no process monitors the 1 executor, and nothing is reassigned."
                | "It has crashed: until it restarts, no process monitors the {n} executors, and nothing is reassigned."
                    % recovery.members().len()
        ),
        (_, Status::Crashed) => say("It has crashed: nothing happens here.").to_owned(),
        (_, Status::Hung { since_ns, .. }) => {
            tr!("It has hung since {}.", format::clock_ns(*since_ns))
        }
        (Role::Host, _) => say("Its log shows what it did, but not why.").to_owned(),
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
            "The system is at {level}, the highest level of {all} active emergencies, because of {id} ({kind}).",
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
        0 => say("Its ledger contains no open jobs.").to_owned(),
        open => tr!(
            "Its ledger contains 1 open job: {assigned} with executors, {waiting} waiting for one, {orphaned} with recovery."
                | "Its ledger contains {n} open jobs: {assigned} with executors, {waiting} waiting for one, {orphaned} with recovery."
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
        all.filter(|(_, member)| member.health != HealthView::Removed)
    };
    let silent: Vec<String> = members()
        .filter(|(_, member)| member.health != HealthView::Healthy)
        .map(|(index, _)| {
            let heard = format::clock_ns(recovery.heard_ns(*index));
            let name = name(world, *index);
            tr!("{name} since {heard}", name, heard)
        })
        .collect();
    let all = members().count();
    let heard = match silent.len() {
        0 => tr!("It has received heartbeats in time from all of 1 executor."
            | "It has received heartbeats in time from all {n} executors." % all),
        1..=3 => {
            let silent = silent.join(", ");
            tr!(
                "Of 1 executor, it has not received heartbeats from {silent}."
                    | "Of {n} executors, it has not received heartbeats from {silent}." % all,
                silent = silent
            )
        }
        many => tr!(
            "Of 1 executor, {many} have not sent a heartbeat in time."
                | "Of {n} executors, {many} have not sent a heartbeat in time." % all,
            many = many
        ),
    };
    match recovery.braking {
        MassFailureGuardState::Off => heard,
        MassFailureGuardState::Held(until_ns) => {
            let until = format::clock_ns(until_ns);
            tr!(
                "{heard} So many silent executors are more likely cut off than crashed: it holds reassignment back until enough of them send heartbeats, or until {until}.",
                heard,
                until
            )
        }
        MassFailureGuardState::Over => tr!(
            "{heard} It has held reassignment back for the maximum time and declares the silent executors failed.",
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
        return say("It is joining: recovery has not registered it yet.").to_owned();
    };
    let Some(heartbeats) = recovery.pulse(index) else {
        unreachable!("recovery watches the heartbeats of every member");
    };
    let truth = match process.status {
        Status::Crashed => say("it has crashed"),
        Status::Hung { .. } => say("it hangs"),
        _ if world.network().is_cut_off(index) => {
            say("it works, but it is cut off from all other processes")
        }
        _ if member.health != HealthView::Healthy && cannot_receive(world, index) => {
            say("it works, but recovery cannot receive its messages")
        }
        _ => "",
    };
    match (member.health, truth) {
        (HealthView::Removed, _) => say("It is no longer a member.").to_owned(),
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
        "" => say("it works, and its next heartbeat will show it"),
        truth => truth,
    };
    let heard = format::clock_ns(heartbeats.heard_ns);
    let worse = match next_verdict_ns(world, heartbeats) {
        Some(at_ns) => tr!(
            ", and will declare it failed at {}",
            format::clock_ns(at_ns)
        ),
        None => String::new(),
    };
    let held = match world.recovery().map(|recovery| recovery.braking) {
        Some(MassFailureGuardState::Held(until_ns)) if health == HealthView::Suspected => {
            let until = format::clock_ns(until_ns);
            tr!(
                ", and holds reassignment of its jobs back until {until} at the latest, because too many executors are silent",
                until
            )
        }
        _ => worse,
    };
    let phi = suspicion(world, heartbeats);
    match health {
        HealthView::Failed => tr!(
            "Declared failed: recovery has received nothing since {heard}{phi}{held}. Actual state: {truth}.",
            heard,
            phi,
            held,
            truth
        ),
        _ => tr!(
            "Suspected: recovery has received nothing since {heard}{phi}{held}. Actual state: {truth}.",
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
            "if recovery receives nothing until {}, it will suspect the executor",
            format::clock_ns(at_ns)
        ),
        None if !recovery_is_up(world) => say("recovery is down too").to_owned(),
        None => say("recovery will detect it").to_owned(),
    };
    tr!("No process knows that {truth}: {next}.", truth, next)
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
        return say("It is draining: nothing runs here any more, so it leaves.").to_owned();
    }
    if executor.draining {
        return tr!(
            "It is draining: it accepts no new jobs, finishes 1 running job and then leaves."
                | "It is draining: it accepts no new jobs, finishes {n} running jobs and then leaves."
                    % running
        );
    }
    let Some(level) = executor.level() else {
        return say(
            "It starts no jobs before it receives the level in the reply to its registration.",
        )
        .to_owned();
    };
    let capacity = executor.spec.capacity;
    let rule = match level {
        Level::None => String::new(),
        Level::Low => {
            say("LOW: emergency jobs take priority, normal jobs start as usual; ").to_owned()
        }
        Level::Medium => tr!(
            "MEDIUM: normal jobs may hold {most} of {capacity} slots and hold {running}; ",
            most = capacity.div_ceil(2),
            capacity,
            running = normal_running(executor)
        ),
        Level::High => {
            say("HIGH: running normal jobs finish, but no normal jobs start; ").to_owned()
        }
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
        (0, 0) => say("no jobs are running or waiting").to_owned(),
        (running, 0) => tr!(
            "{running} of {capacity} slots are busy{slow}, no jobs are waiting",
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
