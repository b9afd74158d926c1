//! Why a queued or paused job isn't running: the rule of the level, or the jobs ahead of it.

use super::{done_ns, name, system_level};
use crate::format;
use triage_engine::emergency::Level;
use triage_engine::id::ProcessIndex;
use triage_engine::job::Class;
use triage_engine::policy::discipline::{Discipline, Heads, Source};
use triage_engine::policy::level;
use triage_engine::process::executor::Executor;
use triage_engine::time::from_us;
use triage_engine::world::{Process, Status, World};
use triage_language::{say, tr};

/// Why the job at `place` of an executor's queue waits, as the second half of a sentence.
pub(super) fn waiting_reason(
    world: &World,
    (index, process, executor): (ProcessIndex, &Process, &Executor),
    line: Source,
    place: usize,
) -> String {
    let name = name(world, index);
    if let Status::Hung { .. } = process.status {
        return tr!("{name} hangs, so no jobs start there", name);
    }
    let Some(level) = executor.level() else {
        return tr!(
            "{name} starts no jobs before it receives the level in the reply to its registration",
            name
        );
    };
    let is_normal = line != Source::Emergency;
    let normal_running = normal_running(executor);
    if is_normal && !level::normal_may_start(level, normal_running, executor.spec.capacity) {
        let rule = level_rule(name, executor, line == Source::Paused);
        return format!("{rule}{}", missed_level(world, level));
    }
    let slots = usize::from(executor.spec.capacity);
    let free_ns = executor
        .running_jobs
        .values()
        .map(|running| done_ns(executor, running))
        .min();
    let next = free_ns.map_or_else(String::new, |free_ns| {
        tr!(", the next becomes free at {}", format::clock_ns(free_ns))
    });
    let taken = match slots {
        1 => tr!("the only slot of {name} is taken", name),
        2 => tr!("both slots of {name} are taken", name),
        _ => tr!("all {slots} slots of {name} are taken", slots, name),
    };
    let ahead = jobs_ahead(
        world.setup().configuration.discipline,
        executor,
        line,
        place,
    );
    tr!("{taken}{next}, and {ahead}", taken, next, ahead)
}

/// Number of normal jobs in slots.
pub(super) fn normal_running(executor: &Executor) -> usize {
    let jobs = executor.running_jobs.values();
    jobs.filter(|running| running.assignment.job.class() == Class::Normal)
        .count()
}

/// What the level of an executor forbids.
fn level_rule(name: &str, executor: &Executor, paused: bool) -> String {
    let level = executor.level().unwrap_or_default();
    if level == Level::Medium {
        let slots = executor.spec.capacity;
        return tr!(
            "{name} is in MEDIUM mode, where normal jobs may hold {most} of {slots} slots and hold {running}",
            name,
            most = slots.div_ceil(2),
            slots,
            running = normal_running(executor)
        );
    }
    if paused {
        tr!(
            "{name} is in {level} mode, paused jobs do not resume",
            name,
            level
        )
    } else {
        tr!(
            "{name} is in {level} mode, normal jobs do not start",
            name,
            level
        )
    }
}

/// A note if the system has another level that the executor hasn't received yet.
pub(super) fn missed_level(world: &World, level: Level) -> String {
    match system_level(world) {
        now if now == level => String::new(),
        now => tr!(
            " (it has not yet received the level {level} of the system)",
            level = now
        ),
    }
}

/// Which jobs come first: applies the executor's own discipline repeatedly until it is this job's turn.
fn jobs_ahead(discipline: Discipline, executor: &Executor, line: Source, place: usize) -> String {
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
    let said = match (emergency, paused, normal) {
        (0, 0, 0) => say("it is next").to_owned(),
        (count, 0, 0) => {
            tr!("1 emergency job is ahead of it" | "{n} emergency jobs are ahead of it" % count)
        }
        (0, count, 0) => {
            tr!("1 paused job is ahead of it" | "{n} paused jobs are ahead of it" % count)
        }
        (0, 0, count) => {
            tr!("1 normal job is ahead of it" | "{n} normal jobs are ahead of it" % count)
        }
        _ => {
            let mut kinds = Vec::new();
            if emergency > 0 {
                kinds.push(tr!("{n} emergency", n = emergency));
            }
            if paused > 0 {
                kinds.push(tr!("{n} paused", n = paused));
            }
            if normal > 0 {
                kinds.push(tr!("{n} normal", n = normal));
            }
            tr!(
                "{all} jobs are ahead of it ({kinds})",
                all = emergency + paused + normal,
                kinds = kinds.join(", ")
            )
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
            let until = format::clock_ns(until_ns);
            return tr!(
                "{said}; no emergency job that arrives after {until} overtakes it (ageing)",
                said,
                until
            );
        }
        if paused + normal > 0 {
            let span = format::span(ageing_us);
            return tr!(
                "{said}; a normal job that arrived more than {span} earlier takes priority (ageing)",
                said,
                span
            );
        }
    }
    said
}
