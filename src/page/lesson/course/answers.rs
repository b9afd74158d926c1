//! Answers to the question of a step, and what follows the right one.

use super::{Course, keep};
use crate::lesson::question::{About, Answer, Asked, judge};
use crate::lesson::{Anchor, find};
use crate::page::lesson::told;
use crate::page::screen::put;
use crate::view::inspect::Thing;

impl Course {
    /// An answer by its place among the choices.
    pub fn choose(self, choice: usize) {
        let answer = self.read(|open| match &open.asked {
            Some(Ok(Asked::Choose(choices))) => choices.get(choice).map(|it| it.answer.clone()),
            _ => None,
        });
        if let Some(answer) = answer.flatten() {
            self.answered(answer, Some(choice));
        }
    }

    /// An event was chosen, which may be an answer.
    pub fn chose_event(self, seq: u32) {
        let question = self.read(|open| match (&open.asked, open.is_answered()) {
            (Some(Ok(Asked::Click)), false) => open.step().and_then(|step| step.question.clone()),
            _ => None,
        });
        let Some(question) = question.flatten() else {
            return;
        };
        if let Some(answer) = self.desk.with(|player| judge(player, &question, seq)) {
            self.answered(answer, None);
        }
    }

    fn answered(self, answer: Answer, choice: Option<usize>) {
        let right = answer.right;
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
            let index = open.question_index();
            if let Some(outcome) = open.progress.outcomes.get_mut(index) {
                *outcome = outcome.answered(right);
            }
            keep(&open.progress);
        });
        let Some((reveal, lesson, step, attempt)) = told.flatten() else {
            return;
        };
        told::answered(&lesson, step, attempt, right);
        let place = reveal.filter(|_| right);
        let place = place.and_then(|anchor| self.desk.with(|player| find(player, &anchor)).ok());
        if let Some(seq) = place {
            self.seek(seq);
        }
        if right {
            self.show_proof();
        }
    }

    /// After the right answer the inspector shows what a clock is made of, and the diagram how two events hang together.
    fn show_proof(self) {
        let about = self.read(|open| Some(open.step()?.question.as_ref()?.about.clone()));
        let place = |anchor: &Anchor| self.desk.with(|player| find(player, anchor)).ok();
        match about.flatten() {
            Some(About::Clock { of }) => {
                if let Some(seq) = place(&of) {
                    self.desk.look(Thing::Event(seq));
                }
            }
            Some(About::Relation { of, to }) => {
                if let (Some(first), Some(second)) = (place(&of), place(&to)) {
                    put(self.desk.screen.event, Some(first));
                    put(self.desk.screen.second, Some(second));
                }
            }
            _ => {}
        }
    }
}
