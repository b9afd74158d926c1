//! The lesson that is open, as it stands: plain values, without the page.

use crate::lesson::progress::{Outcome, Progress};
use crate::lesson::question::{Answer, Asked};
use crate::lesson::result::Score;
use crate::lesson::{Lesson, Step};
use crate::page::lesson::rings::Ring;

/// The lesson that is open, and where in it.
pub struct Open {
    /// The lesson.
    pub lesson: Lesson,
    /// The step, from 0; their number once the lesson is at its end.
    pub at: usize,
    /// What is kept.
    pub progress: Progress,
    /// The question of this step in this run, or why it cannot be asked.
    pub asked: Option<Result<Asked, String>>,
    /// Which answers were tried, by their places.
    pub tried: Vec<usize>,
    /// How often an answer was given.
    pub attempts: u32,
    /// What is said to the latest answer.
    pub last: Option<Answer>,
    /// Whether the task of this step is done.
    pub done: bool,
    /// Why the step could not be shown as it is meant.
    pub problem: Option<String>,
    /// What there is to look at: letters or numbers with words.
    pub rings: Vec<Ring>,
    /// From this event on the task is looked for.
    pub(super) from: u32,
    pub(super) epoch: u32,
}

impl Open {
    /// The step that is shown; none at the end.
    pub fn step(&self) -> Option<&Step> {
        self.lesson.steps.get(self.at)
    }

    /// Which of the questions a step asks, from 0.
    pub(super) fn question_index(&self) -> usize {
        let before = self.lesson.steps.iter().take(self.at);
        before.filter(|step| step.question.is_some()).count()
    }

    /// What became of the question of this step.
    pub fn outcome(&self) -> Outcome {
        let outcome = self.progress.outcomes.get(self.question_index());
        outcome.copied().unwrap_or_default()
    }

    /// Whether the question of this step was answered rightly since it was opened.
    pub fn is_answered(&self) -> bool {
        self.last.as_ref().is_some_and(|answer| answer.right)
    }

    /// Whether the step can be left forwards.
    pub fn may_go_on(&self) -> bool {
        self.done || self.step().is_none_or(|step| step.task.is_none())
    }

    /// The result as it stands.
    pub fn score(&self) -> Score {
        Score {
            lesson: self.lesson.name.clone(),
            right: self.progress.right(),
            questions: self.progress.outcomes.len() as u32,
        }
    }
}
