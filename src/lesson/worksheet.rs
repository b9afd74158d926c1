//! Worksheets: the questions of a lesson with their answers for printing, without the solutions.

use super::{AnswerOptions, GivenClock, Lesson, ask, find, given_clocks, rehearse};
use triage_language::known;
use triage_view::diagram::labels::event_label;

/// A question for printing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Printed {
    /// Title of its step.
    pub step: String,
    /// The text of the question.
    pub ask: String,
    /// The events that it refers to, in the order of their numbers.
    pub events: Vec<String>,
    /// The answers to tick; empty for questions that are answered by clicking an event.
    pub choices: Vec<String>,
}

/// The questions of a lesson, with answers from its own run.
///
/// # Errors
/// If a step can't be reached or a question can't be asked.
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
        let events = events.map(|events| with_clocks(events, &given_clocks(player, question)));
        let asked = events.and_then(|events| Ok((events, ask(player, question)?)));
        match asked {
            Ok((events, asked)) => printed.push(Printed {
                step: known(&step.title),
                ask: known(&question.ask),
                events,
                choices: match asked {
                    AnswerOptions::Click => Vec::new(),
                    AnswerOptions::Choose(all) => {
                        all.into_iter().map(|choice| choice.text).collect()
                    }
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

/// Appends the clocks that the question shows to its events.
fn with_clocks(events: Vec<String>, given: &[GivenClock]) -> Vec<String> {
    let clock = |at: usize| given.get(at).map(|clock| clock.text.as_str());
    let one = |(at, event): (usize, String)| match clock(at) {
        Some(clock) => [&event, " — ", clock].concat(),
        None => event,
    };
    events.into_iter().enumerate().map(one).collect()
}
