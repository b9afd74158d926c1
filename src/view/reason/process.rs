//! What a process does at the cursor, and why.

use super::waiting::{behind, normal_running};
use super::{name, system_level};
use crate::engine::emergency::Level;
use crate::engine::id::ProcessIndex;
use crate::engine::policy::brake::Braking;
use crate::engine::process::coordinator::{Coordinator, Place};
use crate::engine::process::executor::Executor;
use crate::engine::process::recovery::{Belief, Pulse, Recovery};
use crate::engine::world::{Process, Role, Status, World};
use crate::view::words::{self, counted};

/// What a process does and why, in a sentence.
pub fn process(world: &World, index: ProcessIndex) -> String {
    let Some(process) = world.processes().get(index.index()) else {
        return String::new();
    };
    let does = does(world, index, process);
    let held: Vec<String> = process
        .held_back()
        .map(|message| message.body.what().name().replace('_', " "))
        .collect();
    match held.len() {
        0 => does,
        _ => format!(
            "{does} It holds back {} until what comes before is delivered: {}.",
            counted(held.len(), "message"),
            held.join(", ")
        ),
    }
}

fn does(world: &World, index: ProcessIndex, process: &Process) -> String {
    match (&process.role, &process.status) {
        (Role::Executor(executor), _) => executor_does(world, index, process, executor),
        (Role::Coordinator(coordinator), Status::Crashed) => format!(
            "It has crashed; its log holds {}, which wait for its restart.",
            counted(coordinator.ledger.jobs.len(), "open job")
        ),
        (Role::Recovery(recovery), Status::Crashed) => format!(
            "It has crashed: nobody watches {}, and nothing is reassigned, until it is back from its log.",
            counted(recovery.members().len(), "executor")
        ),
        (_, Status::Crashed) => "It has crashed: nothing happens here.".to_owned(),
        (_, Status::Hung { since_ns, .. }) => {
            format!("It hangs since {}.", words::clock_ns(*since_ns))
        }
        (Role::Host, _) => "Its log says what it did, not why.".to_owned(),
        (Role::System(_), _) => system(world),
        (Role::Coordinator(coordinator), _) => coordinates(coordinator),
        (Role::Recovery(recovery), _) => recovers(world, recovery),
    }
}

fn system(world: &World) -> String {
    let level = system_level(world);
    let active = world
        .system()
        .map_or(&[][..], |system| system.state.active.as_slice());
    let highest = active.iter().find(|emergency| emergency.level == level);
    match (highest, active.len()) {
        (None, _) => "No emergency is active, so the system is at NONE.".to_owned(),
        (Some(one), 1) => format!(
            "The system is at {level} because of {} ({}).",
            one.id,
            kind(one.kind.name())
        ),
        (Some(one), all) => format!(
            "The system is at {level}, the highest of {all} active emergencies, because of {} ({}).",
            one.id,
            kind(one.kind.name())
        ),
    }
}

fn coordinates(coordinator: &Coordinator) -> String {
    let count = |is: fn(&Place) -> bool| {
        let places = coordinator.ledger.jobs.values().map(|entry| &entry.place);
        places.filter(|place| is(place)).count()
    };
    let assigned = count(|place| matches!(place, Place::Assigned(..)));
    let waiting = count(|place| *place == Place::Waiting);
    let orphaned = count(|place| *place == Place::WithRecovery);
    match coordinator.ledger.jobs.len() {
        0 => "Its ledger has no open job.".to_owned(),
        open => format!(
            "Its ledger has {}: {assigned} with executors, {waiting} waiting for one, {orphaned} with recovery.",
            counted(open, "open job")
        ),
    }
}

fn recovers(world: &World, recovery: &Recovery) -> String {
    let members = || {
        let all = recovery.members().iter();
        all.filter(|(_, member)| member.belief != Belief::Removed)
    };
    let silent: Vec<String> = members()
        .filter(|(_, member)| member.belief != Belief::Healthy)
        .map(|(index, _)| {
            let heard = words::clock_ns(recovery.heard_ns(*index));
            format!("{} since {heard}", name(world, *index))
        })
        .collect();
    let all = counted(members().count(), "executor");
    let heard = match silent.len() {
        0 => format!("It has heard from each of {all} in time."),
        1..=3 => format!("Of {all} it has not heard {}.", silent.join(", ")),
        many => format!("Of {all} it has not heard {many} in time."),
    };
    match recovery.braking {
        Braking::Off => heard,
        Braking::Held(until_ns) => format!(
            "{heard} So many at once are more likely cut off than dead: it holds reassignment back until it hears enough of them, or until {}.",
            words::clock_ns(until_ns)
        ),
        Braking::Over => format!(
            "{heard} It has held reassignment back for long enough and takes the silent ones for failed."
        ),
    }
}

fn executor_does(
    world: &World,
    index: ProcessIndex,
    process: &Process,
    executor: &Executor,
) -> String {
    if matches!(process.status, Status::Left) {
        return "It has left the system.".to_owned();
    }
    let Some(recovery) = world.recovery() else {
        return String::new();
    };
    let Some(member) = recovery.members().get(&index) else {
        return "It joins: recovery has not registered it yet.".to_owned();
    };
    let Some(pulse) = recovery.pulse(index) else {
        return String::new();
    };
    let truth = match process.status {
        Status::Crashed => "it has crashed",
        Status::Hung { .. } => "it hangs",
        _ if world.network().is_cut_off(index) => "it works, but it is cut off from everybody",
        _ if member.belief != Belief::Healthy && is_deaf(world, index) => {
            "it works, and it is recovery that cannot hear it"
        }
        _ => "",
    };
    match (member.belief, truth) {
        (Belief::Removed, _) => "It is not a member any more.".to_owned(),
        (Belief::Failed, _) => believed(Belief::Failed, world, pulse, truth),
        (Belief::Suspected, _) => believed(Belief::Suspected, world, pulse, truth),
        (Belief::Healthy, "") => works(world, executor),
        (Belief::Healthy, truth) => unnoticed(world, pulse, truth),
    }
}

/// Why recovery thinks ill of an executor, and whether it is right.
fn believed(belief: Belief, world: &World, pulse: &Pulse, truth: &str) -> String {
    let truth = match truth {
        "" => "it is up, and its next heartbeat will tell",
        truth => truth,
    };
    let heard = words::clock_ns(pulse.heard_ns);
    let worse = match next_verdict_ns(world, pulse) {
        Some(at_ns) => format!(", and it is taken for failed at {}", words::clock_ns(at_ns)),
        None => String::new(),
    };
    let held = match world.recovery().map(|recovery| recovery.braking) {
        Some(Braking::Held(until_ns)) if belief == Belief::Suspected => {
            let until = words::clock_ns(until_ns);
            [
                ", and its jobs stay with it until ",
                &until,
                " at the latest, for too many are silent at once",
            ]
            .concat()
        }
        _ => worse,
    };
    let phi = suspicion(world, pulse);
    let belief = match belief {
        Belief::Failed => "Taken for failed",
        _ => "Suspected",
    };
    format!("{belief}: recovery has heard nothing since {heard}{phi}{held}; in truth {truth}.")
}

/// Something is wrong that nobody inside the system can know yet.
fn unnoticed(world: &World, pulse: &Pulse, truth: &str) -> String {
    let next = match next_verdict_ns(world, pulse) {
        Some(at_ns) => format!(
            "if recovery hears nothing until {}, it is suspected",
            words::clock_ns(at_ns)
        ),
        None if !recovery_is_up(world) => "recovery is down as well".to_owned(),
        None => "recovery will find out".to_owned(),
    };
    format!("Nobody knows that {truth}: {next}.")
}

fn recovery_is_up(world: &World) -> bool {
    let process = world.processes().get(world.recovery_index().index());
    process.is_some_and(|process| matches!(process.status, Status::Up))
}

/// Whether recovery hears nothing of a process for its own sake.
fn is_deaf(world: &World, index: ProcessIndex) -> bool {
    let recovery = world.recovery_index();
    !recovery_is_up(world) || world.network().is_cut(index, recovery)
}

/// When more silence makes the verdict worse, in ns.
fn next_verdict_ns(world: &World, pulse: &Pulse) -> Option<u64> {
    if !recovery_is_up(world) {
        return None;
    }
    let (_, left_us) = pulse.judge(world.setup().configuration.detector, world.now_ns());
    left_us.map(|left_us| world.now_ns() + left_us * 1_000)
}

/// How suspicious the silence of an executor is, where the detector has a measure of it.
fn suspicion(world: &World, pulse: &Pulse) -> String {
    let Some(phi) = world.setup().configuration.detector.phi_accrual() else {
        return String::new();
    };
    let silence_us = world.now_ns().saturating_sub(pulse.silent_from_ns) / 1_000;
    let phi = phi.phi(&pulse.window, silence_us);
    [" (φ ", &words::decimal(phi.min(99.0)), ")"].concat()
}

/// What a healthy executor does.
fn works(world: &World, executor: &Executor) -> String {
    let running = executor.running_jobs.len();
    if executor.draining && running == 0 {
        return "It drains: nothing runs here any more, so it leaves.".to_owned();
    }
    if executor.draining {
        return format!(
            "It drains: it takes nothing new, finishes {} and then leaves.",
            counted(running, "running job")
        );
    }
    let Some(level) = executor.level() else {
        return "It starts nothing before the reply to its registration has told it the level."
            .to_owned();
    };
    let capacity = executor.spec.capacity;
    let rule = match level {
        Level::None => String::new(),
        Level::Low => "LOW: emergency jobs go first, normal jobs start as usual; ".to_owned(),
        Level::Medium => format!(
            "MEDIUM: normal jobs may hold {} of {capacity} slots and hold {}; ",
            capacity.div_ceil(2),
            normal_running(executor)
        ),
        Level::High => "HIGH: running normal jobs finish, none starts; ".to_owned(),
        Level::Critical => match executor.paused_jobs.len() {
            0 => "CRITICAL: normal jobs do not start; ".to_owned(),
            1 => "CRITICAL: normal jobs do not start, and 1 is paused; ".to_owned(),
            paused => format!("CRITICAL: normal jobs do not start, and {paused} are paused; "),
        },
    };
    let waiting = executor.emergency_jobs.len() + executor.normal_jobs.len();
    let slow = match executor.slow_factor {
        0 | 1 => String::new(),
        factor => format!(", {factor} times slower than usual"),
    };
    let does = match (running, waiting) {
        (0, 0) => "nothing runs here and nothing waits".to_owned(),
        (running, 0) => format!("{running} of {capacity} slots are busy{slow}, nothing waits"),
        (running, waiting) => format!(
            "{running} of {capacity} slots are busy{slow}, {} in the queues",
            counted(waiting, "job")
        ),
    };
    let said = format!("{rule}{does}{}.", behind(world, level));
    // A sentence begins with a capital, whichever part comes first.
    let mut letters = said.chars();
    let first = letters.next().map(|first| first.to_ascii_uppercase());
    first.into_iter().chain(letters).collect()
}

fn kind(name: &str) -> String {
    name.replace('_', " ")
}
