//! Why a queued or paused job does not run: the rule of the level, or who is ahead.

use super::{done_ns, name, system_level};
use crate::engine::emergency::Level;
use crate::engine::id::ProcessIndex;
use crate::engine::job::Class;
use crate::engine::policy::discipline::{Discipline, Heads, Source};
use crate::engine::policy::level;
use crate::engine::process::executor::Executor;
use crate::engine::time::from_us;
use crate::engine::world::{Process, Status, World};
use crate::view::words;

/// Why the job at `place` of a line of an executor waits, as the second half of a sentence.
pub(super) fn waits(
    world: &World,
    (index, process, executor): (ProcessIndex, &Process, &Executor),
    line: Source,
    place: usize,
) -> String {
    let name = name(world, index);
    if let Status::Hung { .. } = process.status {
        return format!("{name} hangs, so nothing starts there");
    }
    let Some(level) = executor.level() else {
        return format!(
            "{name} starts nothing before the reply to its registration has told it the level"
        );
    };
    let is_normal = line != Source::Emergency;
    let normal_running = normal_running(executor);
    if is_normal && !level::normal_may_start(level, normal_running, executor.spec.capacity) {
        let rule = rule(name, executor, line == Source::Paused);
        return format!("{rule}{}", behind(world, level));
    }
    let slots = usize::from(executor.spec.capacity);
    let free_ns = executor
        .running_jobs
        .values()
        .map(|running| done_ns(executor, running))
        .min();
    let next = free_ns.map_or_else(String::new, |free_ns| {
        format!(", the next is free at {}", words::clock_ns(free_ns))
    });
    let taken = match slots {
        1 => format!("the only slot of {name} is taken"),
        2 => format!("both slots of {name} are taken"),
        _ => format!("all {slots} slots of {name} are taken"),
    };
    let ahead = ahead(
        world.setup().configuration.discipline,
        executor,
        line,
        place,
    );
    format!("{taken}{next}, and {ahead}")
}

/// How many normal jobs hold a slot.
pub(super) fn normal_running(executor: &Executor) -> usize {
    let jobs = executor.running_jobs.values();
    jobs.filter(|running| running.assignment.job.class() == Class::Normal)
        .count()
}

/// What the level of an executor forbids.
fn rule(name: &str, executor: &Executor, paused: bool) -> String {
    let level = executor.level().unwrap_or_default();
    let forbidden = if paused {
        "paused jobs do not resume"
    } else {
        "normal jobs do not start"
    };
    if level == Level::Medium {
        let running = normal_running(executor);
        let slots = executor.spec.capacity;
        return format!(
            "{name} is in MEDIUM mode, where normal jobs may hold {} of {slots} slots and hold {running}",
            slots.div_ceil(2)
        );
    }
    format!("{name} is in {level} mode, {forbidden}")
}

/// What an executor has not heard yet, if the system is at another level by now.
pub(super) fn behind(world: &World, level: Level) -> String {
    match system_level(world) {
        now if now == level => String::new(),
        now => format!(" (it has not heard yet that the system is at {now})"),
    }
}

/// Who goes first: the executor's own discipline is asked, again and again, until it is this job's turn.
fn ahead(discipline: Discipline, executor: &Executor, line: Source, place: usize) -> String {
    let (mut emergency, mut paused, mut normal) = (0, 0, 0);
    loop {
        let heads = Heads {
            emergency: executor
                .emergency_jobs
                .get(emergency)
                .map(|waiting| waiting.arrival),
            paused: executor
                .paused_jobs
                .get(paused)
                .map(|waiting| waiting.assignment.arrival),
            normal: executor
                .normal_jobs
                .get(normal)
                .map(|waiting| waiting.arrival),
            normal_may_start: line != Source::Emergency
                || executor.level().unwrap_or_default() < Level::High,
        };
        let (count, own) = match discipline.next(heads) {
            Some(Source::Emergency) => (&mut emergency, Source::Emergency),
            Some(Source::Paused) => (&mut paused, Source::Paused),
            Some(Source::Normal) => (&mut normal, Source::Normal),
            None => break,
        };
        if own == line && *count == place {
            break;
        }
        *count += 1;
    }
    let parts = [
        (emergency, "emergency"),
        (paused, "paused"),
        (normal, "normal"),
    ];
    let parts: Vec<(usize, &str)> = parts.into_iter().filter(|(count, _)| *count > 0).collect();
    let mut said = match parts.as_slice() {
        [] => "it is the next in line".to_owned(),
        [(1, kind)] => format!("1 {kind} job is ahead of it"),
        [(count, kind)] => format!("{count} {kind} jobs are ahead of it"),
        mixed => {
            let all: usize = mixed.iter().map(|(count, _)| count).sum();
            let kinds: Vec<String> = mixed
                .iter()
                .map(|(count, kind)| format!("{count} {kind}"))
                .collect();
            format!("{all} jobs are ahead of it ({})", kinds.join(", "))
        }
    };
    if let Some(ageing_us) = discipline.ageing_us() {
        let arrival = match line {
            Source::Emergency => None,
            Source::Paused => executor
                .paused_jobs
                .get(place)
                .map(|paused| paused.assignment.arrival),
            Source::Normal => executor.normal_jobs.get(place).map(|job| job.arrival),
        };
        if let Some(arrival) = arrival {
            let until_ns = arrival.at_ns.saturating_add(from_us(ageing_us));
            said.push_str("; no emergency job that comes after ");
            said.push_str(&words::clock_ns(until_ns));
            said.push_str(" goes before it (ageing)");
        } else if paused + normal > 0 {
            said.push_str("; a normal job that came earlier by more than ");
            said.push_str(&words::span(ageing_us));
            said.push_str(" goes first (ageing)");
        }
    }
    said
}
