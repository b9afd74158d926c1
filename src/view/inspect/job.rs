//! A job in the inspector: its parameters, its state, and its events.

use super::{Card, Fact, FactStyle, Section, event_line, fact};
use crate::format;
use crate::history::JobHistory;
use crate::reason;
use triage_engine::id::ProcessIndex;
use triage_engine::job::{Class, Execution, Job};
use triage_language::mark;
use triage_language::{say, tr};
use triage_playback::Player;

/// Events listed individually; older ones are only counted.
const HISTORY_MAX: usize = 60;

/// The card of a job; `None` if no such job is recorded.
pub(super) fn card(player: &Player, history: &JobHistory) -> Option<Card> {
    let id = history.job();
    let job = player.trace().jobs().get((id.0 as usize).checked_sub(1)?)?;
    let past = history.before(player.count());
    let reason = reason::job::job(player, id, past);
    let mut facts = vec![fact(say("State"), reason.state.label(), FactStyle::Plain)];
    if let Some(process) = reason.process {
        facts.push(super::process_fact(
            say("Where"),
            player.trace(),
            ProcessIndex(process),
        ));
    }
    facts.push(fact(
        say("Newest attempt"),
        reason.attempt,
        FactStyle::Plain,
    ));
    facts.extend(submission(job));
    let mut why = vec![reason.why];
    why.extend(reason.stale);
    let listed = past.iter().rev().take(HISTORY_MAX);
    let section = Section {
        title: say("History, newest first"),
        lines: listed
            .filter_map(|seq| event_line(player.trace(), *seq))
            .collect(),
        more: past.len().saturating_sub(HISTORY_MAX),
        empty: say("nothing yet"),
    };
    let own_name = *job.name != *id.to_string();
    Some(Card {
        kind: mark!("job"),
        title: id.to_string(),
        subtitle: if own_name {
            job.name.to_string()
        } else {
            let class = match job.class() {
                Class::Normal => say("normal job"),
                Class::Emergency => say("emergency job"),
            };
            class.to_owned()
        },
        hue: reason.process,
        why,
        facts,
        sections: vec![section],
        ..Card::default()
    })
}

/// The parameters of the submission.
fn submission(job: &Job) -> Vec<Fact> {
    let mut facts = Vec::new();
    facts.push(match (job.class(), &job.emergency) {
        (Class::Emergency, Some(kind)) => {
            let kind = format::emergency_type(kind);
            fact(
                say("Class"),
                tr!("emergency, {kind}", kind),
                FactStyle::Plain,
            )
        }
        _ => fact(say("Class"), say("normal"), FactStyle::Plain),
    });
    facts.push(fact(
        say("Work"),
        format::span(job.work_us),
        FactStyle::Plain,
    ));
    if !job.requirements.is_empty() {
        facts.push(fact(
            say("Requirements"),
            job.requirements.join(", "),
            FactStyle::Plain,
        ));
    }
    if let Some(target) = &job.target {
        facts.push(fact(say("Target"), target, FactStyle::Plain));
    }
    match job.execution {
        Execution::Traditional => {}
        Execution::Serverless => {
            facts.push(fact(say("Runs as"), say("serverless"), FactStyle::Plain))
        }
        Execution::Hybrid => facts.push(fact(say("Runs as"), say("hybrid"), FactStyle::Plain)),
    }
    if let Some(place) = job.location {
        let at = tr!(
            "{east} m E, {north} m N",
            east = place.x_m,
            north = place.y_m
        );
        facts.push(fact(say("Location"), at, FactStyle::Plain));
    }
    facts
}
