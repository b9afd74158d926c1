//! What is open, and where in it.

use reactive_graph::owner::{LocalStorage, StoredValue};
use reactive_graph::prelude::*;
use reactive_graph::signal::RwSignal;

use crate::{Session, set_if_changed};
use triage_engine::id::JobId;
use triage_lesson::progress::{Outcome, Progress};
use triage_lesson::question::{Answer, AnswerOptions};
use triage_lesson::result::Score;
use triage_lesson::{Lesson, Step};

/// A handle on the open lesson; copies are the same.
#[derive(Clone, Copy)]
pub struct OpenLesson {
    /// The run.
    pub session: Session,
    /// Counts the changes that the panel must show.
    pub changed: RwSignal<u32>,
    /// Which term of the glossary is open; empty for its begin.
    pub term: RwSignal<Option<String>>,
    pub(super) open: StoredValue<Option<Open>, LocalStorage>,
}

impl OpenLesson {
    /// The one of a session; nothing is open at first.
    pub fn of(session: Session) -> OpenLesson {
        let place = session.ui.lessons.course;
        place.get_value().unwrap_or_else(|| {
            let course = session.owned(|| OpenLesson {
                session,
                changed: RwSignal::new(0),
                term: RwSignal::new(None),
                open: StoredValue::new_local(None),
            });
            place.set_value(Some(course));
            course
        })
    }

    /// Reads what is open.
    pub fn read<T>(self, read: impl FnOnce(&Open) -> T) -> Option<T> {
        let read = |open: &Option<Open>| open.as_ref().map(read);
        self.open.try_with_value(read).flatten()
    }

    /// Changes what is open, and shows it.
    pub fn update(self, change: impl FnOnce(&mut Open)) {
        let _ = self.open.try_update_value(|open| {
            if let Some(open) = open {
                change(open);
            }
        });
        self.show();
    }

    /// Has the panel show what is open now.
    pub fn show(self) {
        let is_predicting = self.read(Open::is_predicting).unwrap_or(false);
        set_if_changed(self.session.ui.lessons.predicting, is_predicting);
        let _ = self
            .changed
            .try_update(|count| *count = count.wrapping_add(1));
    }

    /// Nothing is open any more.
    pub fn close(self) {
        let _ = self.open.try_update_value(Option::take);
        self.show();
    }
}

/// What is highlighted.
#[derive(Clone, Debug, PartialEq)]
pub enum Target {
    /// The card of a process, by name.
    Process(String),
    /// The clock on that card.
    Clock(String),
    /// The slot of a job.
    Job(JobId),
    /// An event, by its place in the trace.
    Event(u32),
    /// A message in flight, by the place of its send in the trace.
    Message(u32),
    /// A part of the page, by its `data-testid`.
    Part(&'static str),
}

/// A highlight of a step.
#[derive(Clone, Debug, PartialEq)]
pub struct Ring {
    /// The letter or number.
    pub label: String,
    /// What it is, in words.
    pub words: String,
    /// What it belongs to.
    pub target: Target,
}

/// The lesson that is open, and where in it.
pub struct Open {
    /// The lesson.
    pub lesson: Lesson,
    /// The step, from 0; their number once the lesson is at its end.
    pub at: usize,
    /// What is kept.
    pub progress: Progress,
    /// The question of this step in this run, or why it cannot be asked.
    pub asked: Option<Result<AnswerOptions, String>>,
    /// Which answers were tried, by their places.
    pub tried: Vec<usize>,
    /// How often an answer was given.
    pub attempts: u32,
    /// What is said to the latest answer.
    pub last: Option<Answer>,
    /// The right answer in words, given away after two wrong ones.
    pub solution: Option<String>,
    /// Whether the task of this step is done.
    pub done: bool,
    /// Why the step could not be shown as it is meant.
    pub problem: Option<String>,
    /// What there is to look at: letters or numbers with words.
    pub rings: Vec<Ring>,
    /// From this event on the task is looked for.
    pub from: u32,
    pub epoch: u32,
}

impl Open {
    /// The step that is shown; none at the end.
    pub fn step(&self) -> Option<&Step> {
        self.lesson.steps.get(self.at)
    }

    /// Which of the questions a step asks, from 0.
    pub fn question_index(&self) -> usize {
        let before = self.lesson.steps.iter().take(self.at);
        before.filter(|step| step.question.is_some()).count()
    }

    /// What became of the question of this step.
    pub fn outcome(&self) -> Outcome {
        let outcome = self.progress.outcomes.get(self.question_index());
        outcome.copied().unwrap_or_default()
    }

    /// Whether the question of this step was answered since it was opened: by the student or after two attempts.
    pub fn is_answered(&self) -> bool {
        self.solution.is_some() || self.last.as_ref().is_some_and(|answer| answer.right)
    }

    /// Whether a question waits for its answer.
    pub fn is_predicting(&self) -> bool {
        self.step().is_some_and(|step| step.question.is_some()) && !self.is_answered()
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
