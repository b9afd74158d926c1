//! The open lesson: which step, what was answered, and what a step does to the page.

mod answers;
mod rings;
mod showing;
mod state;

use reactive_graph::prelude::*;

use crate::{LessonEvent, Session, set_if_changed};
pub use state::{Open, OpenLesson, Ring, Target};
use triage_language::known;
use triage_lesson::progress::{self, Outcome, Progress};
use triage_lesson::question::{AnswerOptions, ask, judge, solution};
use triage_lesson::{Lesson, worksheet};

/// The progress of all lessons is stored under this name.
const NAME: &str = "triage.lessons";

/// The progress stored for every lesson.
pub fn stored_progress(session: Session) -> Vec<Progress> {
    let stored = session.platform().recall(NAME);
    progress::read(&stored.unwrap_or_default())
}

fn store(session: Session, progress: &Progress) {
    // A lesson that is being written has no name here.
    if progress.name.is_empty() {
        return;
    }
    let platform = session.platform();
    let all = platform.recall(NAME).unwrap_or_default();
    platform.remember(NAME, &progress::upsert(&all, progress));
}

impl OpenLesson {
    /// What was made of the run in words is made anew: the page speaks another language.
    pub fn refresh_language(self) {
        let step = self.read(|open| Some((open.step()?.clone(), open.last.is_some())));
        let Some((step, is_answered)) = step.flatten() else {
            return;
        };
        let session = self.session;
        let question = step.question.as_ref();
        let asked = question.map(|question| session.read(|player| ask(player, question)));
        let clicked = session.ui.event.get_untracked().filter(|_| is_answered);
        let judged = clicked
            .zip(question)
            .and_then(|(seq, question)| session.read(|player| judge(player, question, seq)));
        let solution = asked.as_ref().and_then(|asked| {
            let asked = asked.as_ref().ok()?;
            session.read(|player| solution(player, question?, asked))
        });
        let rings = rings::of(session, &step);
        self.update(|open| {
            open.solution = open.solution.take().and(solution);
            let chosen = match &asked {
                Some(Ok(AnswerOptions::Choose(choices))) => {
                    open.tried.last().and_then(|at| choices.get(*at))
                }
                _ => None,
            };
            if let Some(answer) = chosen.map(|choice| choice.answer.clone()).or(judged) {
                open.last = Some(answer);
            }
            open.asked = asked;
            open.rings = rings;
        });
    }

    /// The open lesson on paper, as JSON: `[title, about, questions]`, a question being `[step, question, events, answers]`;
    /// `None` when no lesson is open.
    ///
    /// # Errors
    /// Says which question its run cannot answer.
    pub fn printed(self) -> Result<Option<String>, String> {
        let lesson = self
            .open
            .with_value(|open| open.as_ref().map(|open| open.lesson.clone()));
        let Some(lesson) = lesson else {
            return Ok(None);
        };
        let questions = worksheet::questions(&lesson)?;
        let rows: Vec<_> = questions
            .iter()
            .map(|one| (known(&one.step), known(&one.ask), &one.events, &one.choices))
            .collect();
        let sheet = (known(&lesson.title), known(&lesson.about), rows);
        serde_json::to_string(&sheet)
            .map(Some)
            .map_err(|error| error.to_string())
    }

    /// Opens a lesson at a step, counted from 1, or else where it was left, or at its begin.
    ///
    /// # Errors
    /// Says what is wrong with its scenario.
    pub fn start(self, lesson: Lesson, step: Option<usize>) -> Result<(), String> {
        let questions = lesson.questions();
        let is_own = self.session.own_lesson().is_some();
        let known = stored_progress(self.session)
            .into_iter()
            .find(|one| one.name == lesson.name);
        let mut progress = known.filter(|_| !is_own).unwrap_or_default();
        if progress.step >= lesson.steps.len() {
            progress.step = 0;
        }
        if let Some(step) = step {
            progress.step = step.clamp(1, lesson.steps.len().max(1)) - 1;
        } else if progress.step == 0 {
            progress.outcomes.clear();
        }
        if !is_own {
            progress.name.clone_from(&lesson.name);
        }
        progress.outcomes.resize(questions, Outcome::Open);
        self.load(&lesson)?;
        // What was done by hand in the steps before is done again.
        for step in lesson.steps.iter().take(progress.step) {
            let place = step.at.as_ref();
            let Some(task) = &step.task else { continue };
            let place = place.and_then(|place| self.session.read(|run| place.last_event(run)).ok());
            if let Some(seq) = place {
                self.seek(seq);
            }
            self.session.update(|player| task.perform(player).is_ok());
        }
        let at = progress.step;
        let open = Open {
            lesson,
            at,
            progress,
            asked: None,
            tried: Vec::new(),
            attempts: 0,
            last: None,
            solution: None,
            done: false,
            problem: None,
            rings: Vec::new(),
            from: 0,
            epoch: 0,
        };
        self.open.update_value(|place| *place = Some(open));
        self.enter(at);
        Ok(())
    }

    fn load(self, lesson: &Lesson) -> Result<(), String> {
        let loaded = self.session.load(&lesson.scenario, None);
        loaded.map_err(|errors| errors.to_string())?;
        self.session.pause();
        Ok(())
    }

    /// The same lesson from its first step, with nothing answered.
    pub fn restart(self) {
        let Some(lesson) = self.read(|open| open.lesson.clone()) else {
            return;
        };
        if self.load(&lesson).is_ok() {
            self.update(|open| open.progress.outcomes.fill(Outcome::Open));
            self.enter(0);
        }
    }

    /// The next step, or the one before.
    pub fn turn(self, forward: bool) {
        let at = self.read(|open| match forward {
            true => (open.at + 1).min(open.lesson.steps.len()),
            false => open.at.saturating_sub(1),
        });
        if let Some(at) = at {
            self.enter(at);
        }
    }

    /// A press of a presenter's clicker: what is to be done is done first.
    pub fn click(self, forward: bool) {
        if forward && self.read(Open::may_go_on) == Some(false) {
            self.perform();
        } else {
            self.turn(forward);
        }
    }

    /// Does the task of this step.
    pub fn perform(self) {
        let task = self.read(|open| open.step().and_then(|step| step.task.clone()));
        let Some(task) = task.flatten() else { return };
        let done = self.session.update(|player| task.perform(player));
        match done {
            Some(Err(problem)) => self.update(|open| open.problem = Some(problem)),
            _ => self.update(|open| open.done = true),
        }
    }

    fn seek(self, seq: u32) {
        let t_ns = self
            .session
            .read(|player| player.trace().get(seq).map(|event| event.t_ns));
        self.session
            .seek_event(seq, t_ns.unwrap_or_default() / 1000);
    }

    /// Opens a step: puts cursor, views and highlights where it says.
    fn enter(self, at: usize) {
        let step = self
            .read(|open| open.lesson.steps.get(at).cloned())
            .flatten();
        let Some(step) = step else {
            return self.finish(at);
        };
        let session = self.session;
        session.pause();
        let mut problem = None;
        match step
            .at
            .as_ref()
            .map(|place| session.read(|player| place.last_event(player)))
        {
            Some(Ok(seq)) => self.seek(seq),
            Some(Err(reason)) => problem = Some(reason),
            None => {}
        }
        // What is chosen would show the answers.
        for chosen in [session.ui.event, session.ui.second] {
            set_if_changed(chosen, None);
        }
        set_if_changed(session.ui.cut, None);
        set_if_changed(session.ui.query, String::new());
        self.look_at_process(&step);
        self.open_views(&step);
        let asked = step.question.as_ref();
        let asked = asked.map(|question| session.read(|player| ask(player, question)));
        let rings = rings::of(session, &step);
        let (from, epoch) = session.read(|player| (player.count(), player.epoch()));
        self.update(|open| {
            open.at = at;
            open.progress.step = at;
            open.asked = asked;
            open.tried.clear();
            open.attempts = 0;
            open.last = None;
            open.solution = None;
            open.done = false;
            open.problem = problem;
            open.rings = rings;
            open.from = from;
            open.epoch = epoch;
            store(self.session, &open.progress);
        });
    }

    fn finish(self, at: usize) {
        self.update(|open| {
            open.at = at;
            open.asked = None;
            open.rings.clear();
            open.problem = None;
            open.progress.finish();
            store(self.session, &open.progress);
        });
        if let Some(score) = self.read(Open::score) {
            self.session.platform().report(LessonEvent::Finished {
                code: score.code(),
                lesson: score.lesson,
                right: score.right,
                questions: score.questions,
            });
        }
    }

    /// The run has changed: perhaps the task is done, perhaps the question has another answer now.
    pub fn follow(self) {
        let seen = self.read(|open| {
            let step = open.step()?;
            let task = step.task.clone().filter(|_| !open.done);
            let question = step.question.clone().filter(|_| !open.is_answered());
            Some((task, question, open.from, open.epoch))
        });
        let Some((task, question, from, epoch)) = seen.flatten() else {
            return;
        };
        let now = self.session.read(|player| player.epoch());
        let done = task.is_some_and(|task| {
            self.session
                .read(|player| task.done(player, from))
                .is_some()
        });
        let again = question.filter(|_| now != epoch);
        if !done && again.is_none() {
            return;
        }
        let asked = again.map(|question| self.session.read(|player| ask(player, &question)));
        self.update(|open| {
            open.done |= done;
            open.epoch = now;
            if asked.is_some() {
                open.asked = asked;
                open.tried.clear();
            }
        });
    }
}
