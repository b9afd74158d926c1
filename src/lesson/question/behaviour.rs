//! Questions about what happens in a run: levels, pauses, targets, fencing tokens, delays.

use super::{Choice, Under, event_sentence};
use crate::anchor::{Anchor, find, time_ns};
use triage_engine::command::Action;
use triage_engine::emergency::{EmergencyType, Level};
use triage_engine::job::Class;
use triage_engine::policy::discipline::Discipline;
use triage_engine::record::{Attempt, Record};
use triage_engine::time::{SECOND_NS, to_us};
use triage_engine::trace::{Event, Recorder};
use triage_language::{say, say_as, tr};
use triage_playback::{Player, Variation};
use triage_view::format::span;
use triage_view::log::job_title;
use triage_view::targets::{TargetView, targets as measured};

/// How long the effect of a declared level is observed, in ns: a declaration takes a few hops to arrive.
const WATCHED_NS: u64 = SECOND_NS / 2;

/// Which level an executor adopts.
pub fn level(player: &Player, of: &Anchor) -> Result<Vec<Choice>, String> {
    let seq = find(player, of)?;
    let event = player.trace().get(seq).map(|event| &event.record);
    let Some(Record::ModeSet { level: right, .. }) = event else {
        return Err(tr!("{} sets no level", of.query));
    };
    let event = event_sentence(player, seq);
    let facts = tr!(
        "{event}. The system level is the highest level of the active emergencies, or NONE if there are none.",
        event
    );
    let choice = |level: Level| {
        let why = match level.cmp(right) {
            std::cmp::Ordering::Equal => facts.clone(),
            std::cmp::Ordering::Less => {
                say("An emergency with a higher level is active.").to_owned()
            }
            std::cmp::Ordering::Greater => {
                say("No active emergency has such a high level.").to_owned()
            }
        };
        Choice::new(level.name(), level == *right, why)
    };
    let all = [Level::None].into_iter().chain(Level::DECLARABLE);
    Ok(all.map(choice).collect())
}

/// The lowest level that pauses a running normal job. Every level is tried in a copy of the run.
pub fn pauses(player: &Player, job: &Anchor) -> Result<Vec<Choice>, String> {
    let trace = player.trace();
    let event = trace.get(find(player, job)?);
    let attempt = event.and_then(|event| event.record.attempt());
    let attempt = attempt.ok_or_else(|| tr!("{} is not about a job", job.query))?;
    let name = job_title(trace, attempt.job);
    let after: Vec<Option<u64>> = Level::DECLARABLE
        .iter()
        .map(|level| paused_after_ns(player, attempt, *level))
        .collect();
    let first = after.iter().position(Option::is_some);
    let explanation = match first.and_then(|at| Some((Level::DECLARABLE[at], after[at]?))) {
        Some((level, ns)) => tr!(
            "Declared at this moment in a copy of the run, {level} pauses {job} after {span}. No lower level does.",
            level,
            job = name,
            span = span(to_us(ns))
        ),
        None => tr!(
            "Declared at this moment in a copy of the run, no level pauses {job}.",
            job = name
        ),
    };
    let choice = |(at, level): (usize, &Level)| {
        let right = first == Some(at);
        let rule = match level {
            Level::Low => say("LOW only gives priority to emergency jobs: all jobs run."),
            Level::Medium => say(
                "MEDIUM limits which normal jobs may start: jobs that already hold a slot keep it.",
            ),
            Level::High => say("HIGH starts no normal jobs, but running ones may finish."),
            _ => say("CRITICAL pauses all running normal jobs."),
        };
        let why = match right {
            true => [rule, " ", &explanation].concat(),
            false => rule.to_owned(),
        };
        Choice::new(level.name(), right, why)
    };
    let mut choices: Vec<Choice> = Level::DECLARABLE.iter().enumerate().map(choice).collect();
    choices.push(Choice::new(
        say("None of them"),
        first.is_none(),
        match first {
            None => explanation.clone(),
            Some(_) => say("One of the levels pauses running normal jobs.").to_owned(),
        },
    ));
    Ok(choices)
}

/// Time from the declaration of a level to the pause of a job, in ns, in a copy of the run; `None` if the job isn't
/// paused.
fn paused_after_ns(player: &Player, attempt: Attempt, level: Level) -> Option<u64> {
    let mut world = player.world().clone();
    let declared_ns = world.now_ns();
    let action = Action::DeclareEmergency {
        kind: EmergencyType::General,
        level,
        place: None,
        location: None,
        radius_m: None,
    };
    let mut seen = PauseRecorder {
        attempt,
        count: player.count(),
        paused_ns: None,
    };
    world
        .command(&"commander".into(), &action, &mut seen)
        .ok()?;
    world.run_until(declared_ns + WATCHED_NS, &mut seen);
    Some(seen.paused_ns? - declared_ns)
}

/// Recorder that only notes when one attempt is paused.
struct PauseRecorder {
    attempt: Attempt,
    count: u32,
    paused_ns: Option<u64>,
}

impl Recorder for PauseRecorder {
    fn count(&self) -> u32 {
        self.count
    }
    fn event(&mut self, event: Event) {
        self.count += 1;
        if matches!(event.record, Record::JobPaused(paused, Class::Normal) if paused == self.attempt)
        {
            self.paused_ns = self.paused_ns.or(Some(event.t_ns));
        }
    }
}

/// How many of the four targets the complete run meets.
pub fn targets(player: &Player, under: Option<Under>) -> Vec<Choice> {
    let discipline = match under {
        Some(Under::Fifo) => Variation::Discipline(Discipline::Fifo),
        Some(Under::Strict) | None => Variation::Discipline(Discipline::Strict),
    };
    let mut complete_run = player.varied(discipline);
    complete_run.seek_us(u64::MAX);
    let found = measured(&complete_run);
    let met = found.iter().filter(|target| target.is_met()).count();
    let explanation: Vec<String> = found.iter().map(target_in_words).collect();
    let explanation = [explanation.join("; "), ".".to_owned()].concat();
    let choice = |count: usize| {
        let why = match count.cmp(&met) {
            std::cmp::Ordering::Equal => explanation.clone(),
            std::cmp::Ordering::Less => say("The run meets more than that.").to_owned(),
            std::cmp::Ordering::Greater => say("The run meets fewer than that.").to_owned(),
        };
        let words = [
            say_as("no target", "none"),
            say_as("one target", "one"),
            say("two"),
            say("three"),
            say("all four"),
        ][count];
        Choice::new(words, count == met, why)
    };
    (0..=found.len().min(4)).map(choice).collect()
}

fn target_in_words(target: &TargetView) -> String {
    let (name, bound) = (say(target.name), span(target.bound_us));
    match target.worst_us.map(span) {
        None => tr!("{target}: no measurements", target = name),
        Some(worst) if target.is_met() => tr!(
            "{target}: {worst} at worst, below {bound}",
            target = name,
            worst,
            bound
        ),
        Some(worst) => tr!(
            "{target}: {worst} at worst, not below {bound}",
            target = name,
            worst,
            bound
        ),
    }
}

/// Whether the coordinator accepts a completion.
pub fn token(player: &Player, of: &Anchor) -> Result<Vec<Choice>, String> {
    let seq = find(player, of)?;
    let event = player.trace().get(seq).map(|event| &event.record);
    let (attempt, newest, accepted) = match event {
        Some(Record::CompletionAccepted(attempt)) => (attempt, Some(attempt.number), true),
        Some(Record::CompletionRefused(attempt, newest)) => (attempt, *newest, false),
        _ => return Err(tr!("{} is not the receipt of a completion", of.query)),
    };
    let carried = attempt.number;
    let facts = match (accepted, newest) {
        (true, _) => {
            tr!(
                "It carries attempt {carried}, the newest that the coordinator has issued.",
                carried
            )
        }
        (false, Some(newest)) => tr!(
            "It carries attempt {carried}, but the coordinator has since issued attempt {newest}.",
            carried,
            newest
        ),
        (false, None) => tr!(
            "It carries attempt {carried}, but the job is already completed.",
            carried
        ),
    };
    let choice = |words: &str, yes: bool| {
        let why = match (yes == accepted, yes) {
            (true, _) => facts.clone(),
            (false, true) => say(
                "Compare its attempt number with the newest one that the coordinator has issued.",
            )
            .to_owned(),
            (false, false) => {
                say("No newer attempt has been issued, and the job is not completed.").to_owned()
            }
        };
        Choice::new(words, yes == accepted, why)
    };
    Ok(vec![
        choice(say("It is accepted"), true),
        choice(say("It is refused"), false),
    ])
}

/// Which of two events happens first.
pub fn first(player: &Player, of: &Anchor, to: &Anchor) -> Result<Vec<Choice>, String> {
    let seqs = [find(player, of)?, find(player, to)?];
    let us = |seq: u32| to_us(time_ns(player, seq));
    let (earlier, later) = (seqs[0].min(seqs[1]), seqs[0].max(seqs[1]));
    let choice = |seq: u32| {
        let event = event_sentence(player, seq);
        let why = if seq == earlier {
            tr!(
                "{event}, {span} before {other}.",
                event = event,
                span = span(us(later) - us(earlier)),
                other = event_sentence(player, later)
            )
        } else {
            say("The other event happens before that.").to_owned()
        };
        Choice::new(event, seq == earlier, why)
    };
    Ok(seqs.map(choice).into())
}

/// The time between two events, as one of the ranges between the bounds.
pub fn delay(
    player: &Player,
    from: &Anchor,
    to: &Anchor,
    bounds_ms: &[u32],
) -> Result<Vec<Choice>, String> {
    let (a, b) = (find(player, from)?, find(player, to)?);
    let passed_us = to_us(time_ns(player, b).saturating_sub(time_ns(player, a)));
    let right = bounds_ms
        .iter()
        .filter(|bound| u64::from(**bound) * 1000 <= passed_us)
        .count();
    let passed = span(passed_us);
    let event = event_sentence(player, b);
    let facts = tr!("{passed} pass until {event}.", passed, event);
    let bound = |at: usize| span(u64::from(bounds_ms[at]) * 1000);
    let choice = |at: usize| {
        let words = if at == 0 {
            tr!("less than {}", bound(0))
        } else if at == bounds_ms.len() {
            tr!("{} or more", bound(at - 1))
        } else {
            tr!("{from} to {to}", from = bound(at - 1), to = bound(at))
        };
        let why = match at.cmp(&right) {
            std::cmp::Ordering::Equal => facts.clone(),
            std::cmp::Ordering::Less => say("It takes longer.").to_owned(),
            std::cmp::Ordering::Greater => say("It takes less time.").to_owned(),
        };
        Choice::new(words, at == right, why)
    };
    Ok((0..=bounds_ms.len()).map(choice).collect())
}
