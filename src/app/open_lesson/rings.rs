//! The highlights of a step, described without saying where they are on the screen.

use super::state::{Ring, Target};
use crate::Session;
use triage_language::{say, tr};
use triage_lesson::{Highlight, PARTS, Step, find};
use triage_playback::Player;
use triage_view::log;

/// The highlights of a step: numbers for the events of its question, letters for the rest.
pub(super) fn of(session: Session, step: &Step) -> Vec<Ring> {
    let question = step.question.as_ref();
    let subject = question
        .map(|question| question.subject())
        .unwrap_or_default();
    let events = (1..).zip(&subject).filter_map(|(number, anchor)| {
        let seq = session.read(|player| find(player, anchor)).ok()?;
        Some(Ring {
            label: i32::to_string(&number),
            words: session.read(|player| event_words(player, seq)),
            target: Target::Event(seq),
        })
    });
    let marks = ('A'..='Z')
        .zip(&step.highlights)
        .filter_map(|(letter, mark)| {
            let (words, target) = session.read(|player| target(player, mark))?;
            Some(Ring {
                label: letter.to_string(),
                words,
                target,
            })
        });
    events.chain(marks).collect()
}

fn event_words(player: &Player, seq: u32) -> String {
    let trace = player.trace();
    let Some(event) = trace.get(seq) else {
        return String::new();
    };
    let who = event
        .process()
        .map_or(say("environment"), |process| trace.name(process));
    [who, " ", &log::sentence(trace, event)].concat()
}

fn target(player: &Player, mark: &Highlight) -> Option<(String, Target)> {
    Some(match mark {
        Highlight::Process(name) => (name.clone(), Target::Process(name.clone())),
        Highlight::Clock(name) => (
            tr!("the clock of {name}", name),
            Target::Clock(name.clone()),
        ),
        Highlight::Slot(anchor) => {
            let seq = find(player, anchor).ok()?;
            let job = player.trace().get(seq)?.record.job()?;
            (log::job_title(player.trace(), job), Target::Job(job))
        }
        Highlight::Event(anchor) => {
            let seq = find(player, anchor).ok()?;
            (event_words(player, seq), Target::Event(seq))
        }
        Highlight::Message(anchor) => {
            let seq = find(player, anchor).ok()?;
            (
                say("the message on its way").to_owned(),
                Target::Message(seq),
            )
        }
        Highlight::Part(part) => {
            let (id, words) = *PARTS.get(*part)?;
            (say(words).to_owned(), Target::Part(id))
        }
    })
}
