//! Questions about how a run goes: levels, pauses, targets, fencing tokens, delays.

use std::rc::Rc;

use super::{Choice, Under, said};
use crate::engine::clock::{Clocks, Stamp, WallClock};
use crate::engine::command::Action;
use crate::engine::emergency::{EmergencyType, Level};
use crate::engine::job::{Class, Job};
use crate::engine::policy::discipline::Discipline;
use crate::engine::record::{Attempt, Record};
use crate::engine::time::{SECOND_NS, to_us};
use crate::engine::trace::{Event, Recorder};
use crate::lesson::anchor::{Anchor, find};
use crate::playback::{Player, Variation};
use crate::view::log::titled;
use crate::view::targets::{TargetView, targets as measured};
use crate::view::words::span;

/// How long a tried level is watched, in ns: a declaration takes a few hops to arrive.
const WATCHED_NS: u64 = SECOND_NS / 2;

/// Which level an executor takes.
pub fn level(player: &Player, of: &Anchor) -> Result<Vec<Choice>, String> {
    let seq = find(player, of)?;
    let event = player.trace().get(seq).map(|event| &event.record);
    let Some(Record::ModeSet { level: right, .. }) = event else {
        return Err(format!("{} sets no level", of.query));
    };
    let facts = format!(
        "{}. The system level is the highest of the active emergencies, and NONE without any.",
        said(player, seq)
    );
    let choice = |level: Level| {
        let why = match level.cmp(right) {
            std::cmp::Ordering::Equal => facts.clone(),
            std::cmp::Ordering::Less => ["A higher one is active. ", &facts].concat(),
            std::cmp::Ordering::Greater => ["No active emergency is as high. ", &facts].concat(),
        };
        Choice::new(level.name(), level == *right, why)
    };
    let all = [Level::None].into_iter().chain(Level::DECLARABLE);
    Ok(all.map(choice).collect())
}

/// The lowest level that pauses a running normal job: every level is declared in a copy of the run.
pub fn pauses(player: &Player, job: &Anchor) -> Result<Vec<Choice>, String> {
    let trace = player.trace();
    let event = trace.get(find(player, job)?);
    let attempt = event.and_then(|event| event.record.attempt());
    let attempt = attempt.ok_or_else(|| format!("{} is about no job", job.query))?;
    let name = titled(trace, attempt.job);
    let after: Vec<Option<u64>> = Level::DECLARABLE
        .iter()
        .map(|level| paused_after_ns(player, attempt, *level))
        .collect();
    let first = after.iter().position(Option::is_some);
    let told = match first.and_then(|at| Some((Level::DECLARABLE[at], after[at]?))) {
        Some((level, ns)) => format!(
            "Tried from this moment, {} pauses {name} {} after the declaration; no lower level does.",
            level.name(),
            span(to_us(ns)),
        ),
        None => format!("Tried from this moment, no level pauses {name}."),
    };
    let choice = |(at, level): (usize, &Level)| {
        let right = first == Some(at);
        let rule = match level {
            Level::Low => "LOW only gives emergency jobs precedence: everything runs.",
            Level::Medium => {
                "MEDIUM decides which normal jobs may start: those that hold a slot keep it."
            }
            Level::High => "HIGH starts no normal job, but lets running ones finish.",
            _ => "CRITICAL takes the slots of all running normal jobs.",
        };
        let why = [rule, " ", &told].concat();
        Choice::new(level.name(), right, why)
    };
    let mut choices: Vec<Choice> = Level::DECLARABLE.iter().enumerate().map(choice).collect();
    choices.push(Choice::new("No level does", first.is_none(), told.clone()));
    Ok(choices)
}

/// How long after a declaration a job is paused, in ns; the run itself is left alone.
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
    let mut seen = Pauses {
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

/// Watches for one pause and keeps nothing else.
struct Pauses {
    attempt: Attempt,
    count: u32,
    paused_ns: Option<u64>,
}

impl Recorder for Pauses {
    fn process(&mut self, _: Rc<str>, _: WallClock) {}
    fn job(&mut self, _: Rc<Job>) {}
    fn count(&self) -> u32 {
        self.count
    }
    fn wants_clocks(&self) -> bool {
        false
    }
    fn clocks(&mut self, _: Vec<Clocks>, _: Vec<(u32, Rc<Stamp>)>) {}
    fn event(&mut self, event: Event) {
        self.count += 1;
        if matches!(event.record, Record::JobPaused(paused, Class::Normal) if paused == self.attempt)
        {
            self.paused_ns = self.paused_ns.or(Some(event.t_ns));
        }
    }
}

/// How many of the four targets the whole story meets.
pub fn targets(player: &Player, under: Option<Under>) -> Vec<Choice> {
    let discipline = match under {
        Some(Under::Fifo) => Variation::Discipline(Discipline::Fifo),
        Some(Under::Strict) | None => Variation::Discipline(Discipline::Strict),
    };
    let mut whole = player.varied(discipline);
    whole.seek_us(u64::MAX);
    let found = measured(&whole);
    let met = found.iter().filter(|target| target.is_met()).count();
    let told: Vec<String> = found.iter().map(target_in_words).collect();
    let told = [told.join("; "), ".".to_owned()].concat();
    let choice = |count: usize| {
        let why = match count.cmp(&met) {
            std::cmp::Ordering::Equal => told.clone(),
            std::cmp::Ordering::Less => ["More than that are met. ", &told].concat(),
            std::cmp::Ordering::Greater => ["Not so many. ", &told].concat(),
        };
        let words = ["none", "one", "two", "three", "all four"][count];
        Choice::new(words, count == met, why)
    };
    (0..=found.len().min(4)).map(choice).collect()
}

fn target_in_words(target: &TargetView) -> String {
    match target.worst_us {
        None => format!("{}: nothing to measure", target.name),
        Some(worst) => {
            let verdict = if target.is_met() {
                "below"
            } else {
                "not below"
            };
            let bound = span(target.bound_us);
            format!(
                "{}: {} at worst, {verdict} {bound}",
                target.name,
                span(worst)
            )
        }
    }
}

/// Whether the coordinator accepts a completion.
pub fn token(player: &Player, of: &Anchor) -> Result<Vec<Choice>, String> {
    let seq = find(player, of)?;
    let event = player.trace().get(seq).map(|event| &event.record);
    let (attempt, newest, accepted) = match event {
        Some(Record::CompletionAccepted(attempt)) => (attempt, Some(attempt.number), true),
        Some(Record::CompletionRefused(attempt, newest)) => (attempt, *newest, false),
        _ => return Err(format!("{} is no receipt of a completion", of.query)),
    };
    let carried = attempt.number;
    let facts = match (accepted, newest) {
        (true, _) => {
            format!("It carries attempt {carried}, the newest that the coordinator gave out.")
        }
        (false, Some(newest)) => format!(
            "It carries attempt {carried}, but the coordinator has given out attempt {newest} since."
        ),
        (false, None) => format!("It carries attempt {carried}, but the job is already completed."),
    };
    let choice = |words: &str, yes: bool| {
        let why = match (yes == accepted, yes) {
            (true, _) => facts.clone(),
            (false, true) => [
                "Whoever was given up may not finish the job: its token is old. ",
                &facts,
            ]
            .concat(),
            (false, false) => ["Its token is good. ", &facts].concat(),
        };
        Choice::new(words, yes == accepted, why)
    };
    Ok(vec![
        choice("It is accepted", true),
        choice("It is refused", false),
    ])
}

/// How much time passes between two events, as one of the ranges between the bounds.
pub fn delay(
    player: &Player,
    from: &Anchor,
    to: &Anchor,
    bounds_ms: &[u32],
) -> Result<Vec<Choice>, String> {
    let (a, b) = (find(player, from)?, find(player, to)?);
    let t_ns = |seq: u32| player.trace().get(seq).map_or(0, |event| event.t_ns);
    let passed_us = to_us(t_ns(b).saturating_sub(t_ns(a)));
    let right = bounds_ms
        .iter()
        .filter(|bound| u64::from(**bound) * 1000 <= passed_us)
        .count();
    let passed = span(passed_us);
    let facts = format!("{passed} pass until {}.", said(player, b));
    let bound = |at: usize| span(u64::from(bounds_ms[at]) * 1000);
    let choice = |at: usize| {
        let words = if at == 0 {
            ["less than ", &bound(0)].concat()
        } else if at == bounds_ms.len() {
            [&bound(at - 1), " or more"].concat()
        } else {
            [&bound(at - 1), " to ", &bound(at)].concat()
        };
        let why = match at.cmp(&right) {
            std::cmp::Ordering::Equal => facts.clone(),
            std::cmp::Ordering::Less => ["It takes longer. ", &facts].concat(),
            std::cmp::Ordering::Greater => ["It is quicker than that. ", &facts].concat(),
        };
        Choice::new(words, at == right, why)
    };
    Ok((0..=bounds_ms.len()).map(choice).collect())
}
