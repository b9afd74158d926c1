//! Why a job or a process is in its state: one sentence each, from the world at the cursor. The user sees everything,
//! so these sentences include facts that no process can know.

pub mod job;
pub mod process;
#[cfg(test)]
mod tests;
mod waiting;

use crate::format;
use triage_engine::emergency::Level;
use triage_engine::id::{JobId, ProcessIndex};
use triage_engine::message::Payload;
use triage_engine::process::executor::{Assignment, Executor, Running};
use triage_engine::world::{Process, Role, Status, World};
use triage_language::tr;

/// Where an attempt is on an executor.
enum AttemptState<'a> {
    Running(&'a Running),
    Paused {
        place: usize,
        remaining_ns: u64,
    },
    Queued {
        place: usize,
        assignment: &'a Assignment,
    },
}

/// All attempts of a job on an executor, with their numbers.
fn attempts(executor: &Executor, job: JobId) -> Vec<(u32, AttemptState<'_>)> {
    let mut found = Vec::new();
    for running in executor.running_jobs.values() {
        if running.assignment.job.id == job {
            found.push((running.assignment.attempt, AttemptState::Running(running)));
        }
    }
    for (place, paused) in executor.paused_jobs.iter().enumerate() {
        if paused.assignment.job.id == job {
            let remaining_ns = paused.remaining_ns;
            found.push((
                paused.assignment.attempt,
                AttemptState::Paused {
                    place,
                    remaining_ns,
                },
            ));
        }
    }
    for line in [&executor.emergency_jobs, &executor.normal_jobs] {
        for (place, assignment) in line.iter().enumerate() {
            if assignment.job.id == job {
                found.push((
                    assignment.attempt,
                    AttemptState::Queued { place, assignment },
                ));
            }
        }
    }
    found
}

/// When a running job ends at the current speed, in ns.
fn done_ns(executor: &Executor, running: &Running) -> u64 {
    let left_ns = running
        .remaining_ns
        .saturating_mul(executor.slow_factor.max(1).into());
    running.since_ns.saturating_add(left_ns)
}

fn name(world: &World, process: ProcessIndex) -> &str {
    &world.processes()[process.index()].name
}

fn system_level(world: &World) -> Level {
    world
        .system()
        .map_or(Level::None, |system| system.state.level())
}

/// The state of a message that hasn't been received: in flight, lost and to be repeated, or held by a hung receiver.
/// `None` if there is no such message.
fn delivery(world: &World, is_it: &dyn Fn(&Payload) -> bool) -> Option<String> {
    let travelling = world
        .network()
        .in_flight()
        .filter(|message| is_it(&message.body));
    let mut lost = None;
    for message in travelling {
        let to = name(world, message.to);
        let is_lost = message.cut || world.network().is_cut(message.from, message.to);
        match receiver(world, message.to) {
            _ if is_lost => lost = Some(tr!("will be lost: the link to {to} is cut", to)),
            Some(Status::Crashed) => {
                lost = Some(tr!("will be lost: {to} has crashed", to));
            }
            _ => {
                let at = format::clock_ns(message.due_ns);
                return Some(tr!("reaches {to} at {at}", to, at));
            }
        }
    }
    if lost.is_some() {
        return lost;
    }
    let waits = |sender: &Process| {
        let mut pending = sender.mail.outbox.iter();
        let (_, pending) = pending.find(|(_, pending)| is_it(&pending.body))?;
        let to = name(world, pending.to);
        Some(match receiver(world, pending.to) {
            Some(Status::Hung { .. }) => {
                tr!("has reached {to}, which hangs and has not processed it", to)
            }
            Some(Status::Crashed) => tr!("was lost, because {to} has crashed", to),
            _ => tr!(
                "was lost; {sender} repeats it until {to} answers",
                sender = sender.name,
                to
            ),
        })
    };
    world.processes().iter().find_map(waits)
}

fn receiver(world: &World, process: ProcessIndex) -> Option<&Status> {
    world
        .processes()
        .get(process.index())
        .map(|process| &process.status)
}

/// Every executor that ever joined, except those that have left.
fn executors(world: &World) -> impl Iterator<Item = (ProcessIndex, &Process, &Executor)> {
    world
        .executors()
        .filter(|(_, process, _)| !matches!(process.status, Status::Left))
}

fn executor_at(world: &World, index: ProcessIndex) -> Option<(&Process, &Executor)> {
    let process = world.processes().get(index.index())?;
    match &process.role {
        Role::Executor(executor) => Some((process, executor)),
        _ => None,
    }
}
