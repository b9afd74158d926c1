//! The questions of a lesson on paper: with their answers to tick, and without what is right.

use super::{Asked, GivenClock, Lesson, ask, find, given, rehearse};
use triage_language::known;
use triage_view::diagram::labels::event_label;

/// A question as it is printed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Printed {
    /// The title of its step.
    pub step: String,
    /// The question.
    pub ask: String,
    /// The events it speaks of, by their numbers in it.
    pub events: Vec<String>,
    /// The answers to tick; none where events are to be found.
    pub choices: Vec<String>,
}

/// The questions of a lesson, with answers from its own run.
///
/// # Errors
/// Says which step cannot be reached, or which question cannot be asked.
pub fn questions(lesson: &Lesson) -> Result<Vec<Printed>, String> {
    let mut printed = Vec::new();
    let mut failed = None;
    rehearse(lesson, &mut |player, _, step| {
        let Some(question) = &step.question else {
            return;
        };
        let event = |anchor| find(player, &anchor).map(|seq| event_label(player, seq));
        let events: Result<Vec<String>, String> =
            question.subject().into_iter().map(event).collect();
        let events = events.map(|events| with_clocks(events, &given(player, question)));
        let asked = events.and_then(|events| Ok((events, ask(player, question)?)));
        match asked {
            Ok((events, asked)) => printed.push(Printed {
                step: known(&step.title),
                ask: known(&question.ask),
                events,
                choices: match asked {
                    Asked::Click => Vec::new(),
                    Asked::Choose(all) => all.into_iter().map(|choice| choice.text).collect(),
                },
            }),
            Err(problem) => failed = failed.take().or(Some(problem)),
        }
    })?;
    match failed {
        Some(problem) => Err(problem),
        None => Ok(printed),
    }
}

/// Events with the clocks by which the question is decided.
fn with_clocks(events: Vec<String>, given: &[GivenClock]) -> Vec<String> {
    let clock = |at: usize| given.get(at).map(|clock| clock.text.as_str());
    let one = |(at, event): (usize, String)| match clock(at) {
        Some(clock) => [&event, " — ", clock].concat(),
        None => event,
    };
    events.into_iter().enumerate().map(one).collect()
}
