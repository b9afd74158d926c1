//! Answers to the question of a step, and what follows the right one.

use super::{Open, OpenLesson, store};
use crate::{LessonEvent, set_if_changed};
use triage_lesson::question::{About, Answer, AnswerOptions, judge, solution};
use triage_lesson::{Anchor, find};
use triage_view::inspect::Inspectable;

/// How many wrong answers it takes until the right one is given.
const ATTEMPTS: u32 = 2;

impl OpenLesson {
    /// An answer by its place among the choices.
    pub fn choose(self, choice: usize) {
        let answer = self.read(|open| match &open.asked {
            Some(Ok(AnswerOptions::Choose(choices))) => {
                choices.get(choice).map(|it| it.answer.clone())
            }
            _ => None,
        });
        if let Some(answer) = answer.flatten() {
            self.answered(answer, Some(choice));
        }
    }

    /// An event was chosen, which may be an answer.
    pub fn chose_event(self, seq: u32) {
        let question = self.read(|open| match (&open.asked, open.is_answered()) {
            (Some(Ok(AnswerOptions::Click)), false) => {
                open.step().and_then(|step| step.question.clone())
            }
            _ => None,
        });
        let Some(question) = question.flatten() else {
            return;
        };
        if let Some(answer) = self.session.read(|player| judge(player, &question, seq)) {
            self.answered(answer, None);
        }
    }

    fn answered(self, answer: Answer, choice: Option<usize>) {
        let right = answer.right;
        let solution = self.solution().filter(|_| !right);
        let told = self.read(|open| {
            let reveal = open.step()?.question.as_ref()?.reveal.clone();
            Some((
                reveal,
                open.lesson.name.clone(),
                open.at + 1,
                open.attempts + 1,
            ))
        });
        self.update(|open| {
            open.attempts += 1;
            open.tried.extend(choice);
            open.last = Some(answer);
            open.solution = solution;
            let index = open.question_index();
            if let Some(outcome) = open.progress.outcomes.get_mut(index) {
                *outcome = outcome.answered(right);
            }
            store(self.session, &open.progress);
        });
        let Some((reveal, lesson, step, attempt)) = told.flatten() else {
            return;
        };
        self.session.platform().report(LessonEvent::Answered {
            lesson,
            step,
            attempt,
            right,
        });
        let is_answered = self.read(Open::is_answered).unwrap_or(false);
        let place = reveal.filter(|_| is_answered);
        let place = place.and_then(|anchor| self.session.read(|player| find(player, &anchor)).ok());
        if let Some(seq) = place {
            self.seek(seq);
        }
        if is_answered {
            self.show_proof();
        }
    }

    /// The right answer in words, if the next wrong one gives it away.
    fn solution(self) -> Option<String> {
        self.read(|open| {
            let question = open.step()?.question.as_ref()?;
            let asked = open.asked.as_ref()?.as_ref().ok()?;
            let is_last = open.attempts + 1 >= ATTEMPTS;
            is_last.then(|| {
                self.session
                    .read(|player| solution(player, question, asked))
            })?
        })
        .flatten()
    }

    /// After the right answer the inspector shows what a clock is made of, and the diagram how two events hang together.
    fn show_proof(self) {
        let about = self.read(|open| Some(open.step()?.question.as_ref()?.about.clone()));
        let place = |anchor: &Anchor| self.session.read(|player| find(player, anchor)).ok();
        match about.flatten() {
            Some(About::Clock { of }) => {
                if let Some(seq) = place(&of) {
                    self.session.look(Inspectable::Event(seq));
                }
            }
            Some(About::Relation { of, to } | About::Vectors { of, to }) => {
                if let (Some(first), Some(second)) = (place(&of), place(&to)) {
                    set_if_changed(self.session.ui.event, Some(first));
                    set_if_changed(self.session.ui.second, Some(second));
                }
            }
            _ => {}
        }
    }
}
