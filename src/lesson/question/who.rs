//! Questions about who: which executor gets a job, is suspected, rescues an orphan.

use super::{Choice, Part, said};
use crate::engine::command::ExecutorSpec;
use crate::engine::id::{JobId, ProcessIndex};
use crate::engine::job::Class;
use crate::engine::policy::routing::{Routing, capability_score, could_run};
use crate::engine::record::Record;
use crate::engine::trace::{Event, Form};
use crate::language::{say, tr};
use crate::lesson::anchor::{Anchor, find};
use crate::playback::Player;
use crate::view::words::{clock_ns, list_and, span};

/// The process that an event names, among those that it could have named.
pub fn who(player: &Player, of: &Anchor, part: Part) -> Result<Vec<Choice>, String> {
    let seq = find(player, of)?;
    let trace = player.trace();
    let event = trace
        .get(seq)
        .ok_or_else(|| say("beyond the end of the run"))?;
    let named = match part {
        Part::Process => event.process(),
        Part::Executor => event.record.executor().or(event.process()),
        Part::To => match event.form {
            Form::Send { to, .. } => Some(to),
            _ => None,
        },
    };
    let right = named.ok_or_else(|| tr!("{} names no such process", of.query))?;
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
    let told = [&said(player, seq), "."].concat();
    let reason = match &event.record {
        Record::JobRouted(attempt) => routed(player, seq, attempt.job, right, candidate),
        Record::JobReassigned(..) => {
            say("Recovery hands lost jobs to the healthy executors in turn.").to_owned()
        }
        Record::ExecutorSuspected(_) | Record::ExecutorFailed(_) => {
            silence(player, seq, right, candidate)
        }
        _ => String::new(),
    };
    if reason.is_empty() {
        return told;
    }
    [reason, told].join(" ")
}

/// The rule of routing, and how a candidate stands by it.
fn routed(
    player: &Player,
    seq: u32,
    job: JobId,
    right: ProcessIndex,
    candidate: ProcessIndex,
) -> String {
    let trace = player.trace();
    let Some(job) = trace.jobs().get((job.0 as usize).wrapping_sub(1)) else {
        return String::new();
    };
    let configuration = &player.world().setup().configuration;
    let routing = match job.class() {
        Class::Normal => configuration.routing_normal,
        Class::Emergency => configuration.routing_emergency,
    };
    let spec = |process: ProcessIndex| spec(player, process);
    let name = |process: ProcessIndex| &**trace.name(process);
    if spec(candidate).is_some_and(|spec| !could_run(spec, job)) {
        return match &job.target {
            Some(target) => {
                tr!(
                    "The job names {target} as its target, so nobody else gets it.",
                    target
                )
            }
            None => {
                let needs: Vec<String> = job.requirements.iter().map(|it| it.to_string()).collect();
                let needs = list_and(&needs);
                tr!(
                    "The job requires {needs}, which {executor} does not have.",
                    needs,
                    executor = name(candidate)
                )
            }
        };
    }
    match routing {
        Routing::RoundRobin => match previous(player, seq, job.class()) {
            Some(last) => tr!(
                "Normal jobs go round in turn among those that can run them. {} had the one before.",
                name(last)
            ),
            None => say("Normal jobs go round in turn, from the first executor on.").to_owned(),
        },
        Routing::Capability => {
            let Some(kind) = &job.emergency else {
                return String::new();
            };
            let score = |process| spec(process).map_or(0, |spec| capability_score(spec, kind));
            let rule = tr!(
                "An executor with the capability \"{}\" scores 2, one with \"general\" 1, any other 0; the highest \
                 score wins, then the lowest load.",
                kind.name()
            );
            if candidate == right {
                tr!(
                    "{rule} {executor} scores {score}.",
                    rule,
                    executor = name(right),
                    score = score(right)
                )
            } else if score(candidate) == score(right) {
                tr!(
                    "{rule} Both score {score}. Where scores and load for each slot are equal, the nearer one gets it.",
                    rule,
                    score = score(right)
                )
            } else {
                tr!(
                    "{rule} {executor} scores {score}, {better} scores {higher}.",
                    rule,
                    executor = name(candidate),
                    score = score(candidate),
                    better = name(right),
                    higher = score(right)
                )
            }
        }
        other => tr!("The policy here is {}.", other.name().replace('_', " ")),
    }
}

fn spec(player: &Player, process: ProcessIndex) -> Option<&ExecutorSpec> {
    let found = player
        .world()
        .executors()
        .find(|(index, ..)| *index == process);
    found.map(|(_, _, executor)| &*executor.spec)
}

/// To whom the job of a class went that was routed last before an event.
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

/// When recovery heard from an executor last.
fn silence(player: &Player, seq: u32, right: ProcessIndex, candidate: ProcessIndex) -> String {
    let trace = player.trace();
    let now_ns = trace.get(seq).map_or(0, |event| event.t_ns);
    let heard = |executor: ProcessIndex| {
        let is_from = |event: &Event| {
            matches!(event.form, Form::Receipt { from, .. } if from == executor)
                && event.record == Record::HeartbeatReceived
        };
        let earlier = trace.iter().take_while(|(place, _)| *place < seq);
        let last = earlier.filter(|(_, event)| is_from(event)).last();
        last.map(|(_, event)| event.t_ns)
    };
    let silent = |executor: ProcessIndex| match heard(executor) {
        Some(t_ns) => tr!(
            "the last heartbeat of {executor} came at {at}, {span} before",
            executor = trace.name(executor),
            at = clock_ns(t_ns),
            span = span((now_ns - t_ns) / 1000)
        ),
        None => tr!("no heartbeat of {} has come", trace.name(executor)),
    };
    let right_one = silent(right);
    let silent = if candidate == right {
        right_one
    } else {
        [&silent(candidate), "; ", &right_one].concat()
    };
    tr!(
        "Recovery knows nothing but who has been silent for how long: {silent}.",
        silent
    )
}
