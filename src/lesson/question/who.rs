//! Questions about processes: which executor gets a job, is suspected, or takes over an orphaned job.

use std::collections::BTreeMap;

use super::{Choice, Part, event_sentence};
use crate::anchor::{Anchor, find, time_ns};
use triage_engine::command::ExecutorSpec;
use triage_engine::id::{JobId, ProcessIndex};
use triage_engine::job::{Class, Job};
use triage_engine::policy::routing::{Routing, capability_score, could_run};
use triage_engine::record::Record;
use triage_engine::trace::{Event, Form};
use triage_language::{grouped, say, tr};
use triage_playback::Player;
use triage_view::format::{clock_ns, list_and, span};

/// The process that an event names, among those that it could have named.
pub fn who(player: &Player, of: &Anchor, part: Part) -> Result<Vec<Choice>, String> {
    let seq = find(player, of)?;
    let trace = player.trace();
    let event = trace
        .get(seq)
        .ok_or_else(|| say("after the end of the run"))?;
    let named = match part {
        Part::Process => event.process(),
        Part::Executor => event.record.executor().or(event.process()),
        Part::To => match event.form {
            Form::Send { to, .. } => Some(to),
            _ => None,
        },
    };
    let right = named.ok_or_else(|| tr!("{} does not name such a process", of.query))?;
    let world = player.world();
    let executors: Vec<ProcessIndex> = world.executors().map(|(index, ..)| index).collect();
    let candidates = if executors.contains(&right) {
        executors
    } else {
        (0..world.processes().len())
            .map(|index| ProcessIndex(index as u16))
            .collect()
    };
    let choice = |candidate: ProcessIndex| {
        let is_right = candidate == right;
        let why = why(player, seq, event, right, candidate);
        Choice::new(&**trace.name(candidate), is_right, why)
    };
    Ok(candidates.into_iter().map(choice).collect())
}

fn why(
    player: &Player,
    seq: u32,
    event: &Event,
    right: ProcessIndex,
    candidate: ProcessIndex,
) -> String {
    let reason = match &event.record {
        Record::JobRouted(attempt) => routed(player, seq, attempt.job, right, candidate),
        Record::JobReassigned(..) => {
            say("Recovery assigns lost jobs to the healthy executors in turn.").to_owned()
        }
        Record::ExecutorSuspected(_) | Record::ExecutorFailed(_) => silence(player, seq, candidate),
        _ => String::new(),
    };
    if candidate != right && !reason.is_empty() {
        return reason;
    }
    let sentence = [&event_sentence(player, seq), "."].concat();
    [reason, sentence].join(" ").trim_start().to_owned()
}

/// The routing rule, and how a candidate compares; first of all whether it can run the job.
fn routed(
    player: &Player,
    seq: u32,
    job: JobId,
    right: ProcessIndex,
    candidate: ProcessIndex,
) -> String {
    let trace = player.trace();
    let Some(job) = trace.jobs().get((job.0 as usize).wrapping_sub(1)) else {
        unreachable!("a trace contains every job that its events name");
    };
    if let Some(reason) = by_requirements(player, job, candidate) {
        return reason;
    }
    let configuration = &player.world().setup().configuration;
    let routing = match job.class() {
        Class::Normal => configuration.routing_normal,
        Class::Emergency => configuration.routing_emergency,
    };
    let load = || load(player, seq, candidate);
    match routing {
        Routing::RoundRobin => in_turn(player, seq, job),
        Routing::LeastLoaded => tr!(
            "The executor with the fewest unfinished jobs per slot gets it. If several have equally few, the next in turn gets it. {load}",
            load = load()
        ),
        Routing::TwoChoices => tr!(
            "Two executors are chosen at random, and the one with fewer unfinished jobs per slot gets it. {load}",
            load = load()
        ),
        Routing::Capability => by_capability(player, job, right, candidate),
        Routing::Nearest => tr!(
            "The executor nearest to the location of the job gets it. An unknown location counts as far away. {distance}",
            distance = distance(player, job, candidate)
        ),
    }
}

/// Why an executor can't run a job, or is the only one that can; `None` if several can.
fn by_requirements(player: &Player, job: &Job, candidate: ProcessIndex) -> Option<String> {
    let can = |process: ProcessIndex| spec(player, process).is_none_or(|spec| could_run(spec, job));
    let others = player.world().executors().filter(|(index, ..)| can(*index));
    let is_free = job.requirements.is_empty() && job.target.is_none();
    if can(candidate) && (is_free || others.count() > 1) {
        return None;
    }
    let executor = player.trace().name(candidate);
    let needs: Vec<String> = job.requirements.iter().map(|it| it.to_string()).collect();
    let needs = list_and(&needs);
    Some(match &job.target {
        Some(target) => tr!(
            "The job names {target} as its target, so only {target} can get it.",
            target
        ),
        None if can(candidate) => tr!(
            "The job requires {needs}, which only {executor} has.",
            needs,
            executor
        ),
        None => tr!(
            "The job requires {needs}, which {executor} does not have.",
            needs,
            executor
        ),
    })
}

fn in_turn(player: &Player, seq: u32, job: &Job) -> String {
    match previous(player, seq, job.class()) {
        Some(last) => tr!(
            "Normal jobs go in turn to the executors that can run them. {} got the previous one.",
            player.trace().name(last)
        ),
        None => say("Normal jobs go to the executors in turn, starting with the first.").to_owned(),
    }
}

fn by_capability(
    player: &Player,
    job: &Job,
    right: ProcessIndex,
    candidate: ProcessIndex,
) -> String {
    let Some(kind) = &job.emergency else {
        return String::new();
    };
    let score = |process| spec(player, process).map_or(0, |spec| capability_score(spec, kind));
    let rule = tr!(
        "An executor with the capability \"{}\" scores 2, one with \"general\" scores 1, and any other scores 0. The highest score wins, then the lowest load.",
        kind.name()
    );
    if candidate != right && score(candidate) == score(right) {
        return tr!(
            "{rule} Both score {score}. If score and load per slot are equal, the nearer one gets it.",
            rule,
            score = score(right)
        );
    }
    tr!(
        "{rule} {executor} scores {score}.",
        rule,
        executor = player.trace().name(candidate),
        score = score(candidate)
    )
}

/// The load of an executor that its coordinator knows before an event: the number of unfinished jobs assigned to it.
fn load(player: &Player, seq: u32, executor: ProcessIndex) -> String {
    let mut given = BTreeMap::new();
    for (_, event) in player.trace().iter().take_while(|(place, _)| *place < seq) {
        match (&event.record, &event.form) {
            (Record::JobRouted(attempt), Form::Send { to, .. }) => {
                given.insert(attempt.job, *to);
            }
            (Record::JobReassigned(attempt, to), _) => {
                given.insert(attempt.job, *to);
            }
            (Record::CompletionAccepted(attempt), _) => {
                given.remove(&attempt.job);
            }
            _ => {}
        }
    }
    let jobs = given.values().filter(|to| **to == executor).count() as u32;
    tr!(
        "{executor} has {n} unfinished job, slots: {slots}."
            | "{executor} has {n} unfinished jobs, slots: {slots}." % jobs,
        executor = player.trace().name(executor),
        slots = spec(player, executor).map_or(0, |spec| spec.capacity)
    )
}

fn distance(player: &Player, job: &Job, executor: ProcessIndex) -> String {
    let name = player.trace().name(executor);
    let place = spec(player, executor).and_then(|spec| spec.location);
    match job.location.zip(place) {
        Some((job, place)) => tr!(
            "{executor} is {metres} m away.",
            executor = name,
            metres = grouped(job.distance_m(place))
        ),
        None => tr!("The distance of {executor} is unknown.", executor = name),
    }
}

fn spec(player: &Player, process: ProcessIndex) -> Option<&ExecutorSpec> {
    let found = player
        .world()
        .executors()
        .find(|(index, ..)| *index == process);
    found.map(|(_, _, executor)| &*executor.spec)
}

/// The executor that got the previous job of the same class.
fn previous(player: &Player, seq: u32, class: Class) -> Option<ProcessIndex> {
    let trace = player.trace();
    let of_class = |event: &Event| {
        let Record::JobRouted(attempt) = &event.record else {
            return None;
        };
        let job = trace.jobs().get((attempt.job.0 as usize).wrapping_sub(1))?;
        match event.form {
            Form::Send { to, .. } if job.class() == class => Some(to),
            _ => None,
        }
    };
    let earlier = trace.iter().take_while(|(place, _)| *place < seq);
    earlier.filter_map(|(_, event)| of_class(event)).last()
}

/// When recovery received the last heartbeat of an executor.
fn silence(player: &Player, seq: u32, executor: ProcessIndex) -> String {
    let trace = player.trace();
    let now_ns = time_ns(player, seq);
    let is_from = |event: &Event| {
        matches!(event.form, Form::Receipt { from, .. } if from == executor)
            && event.record == Record::HeartbeatReceived
    };
    let earlier = trace.iter().take_while(|(place, _)| *place < seq);
    let last = earlier.filter(|(_, event)| is_from(event)).last();
    let silent = match last.map(|(_, event)| event.t_ns) {
        Some(t_ns) => tr!(
            "the last heartbeat of {executor} arrived at {at}, {span} earlier",
            executor = trace.name(executor),
            at = clock_ns(t_ns),
            span = span((now_ns - t_ns) / 1000)
        ),
        None => tr!("no heartbeat of {} has arrived", trace.name(executor)),
    };
    tr!(
        "Recovery only knows how long each executor has been silent: {silent}.",
        silent
    )
}
