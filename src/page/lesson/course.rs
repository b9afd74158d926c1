//! The open lesson: which step, what was answered, and what a step does to the page.

use leptos::prelude::*;

use super::rings::{self, Ring};
use super::told;
use crate::engine::id::ProcessIndex;
use crate::language::known;
use crate::lesson::progress::{self, Outcome, Progress};
use crate::lesson::question::{About, Answer, Asked, ask, judge};
use crate::lesson::result::Score;
use crate::lesson::{Anchor, Lesson, Mark, Step, find, sheet};
use crate::page::desk::Desk;
use crate::page::dock::DockView;
use crate::page::screen::{Part, put};
use crate::page::storage;
use crate::view::inspect::Thing;

/// Under this name progress is kept.
const NAME: &str = "triage.lessons";
/// Beyond this scale the diagram shows less of the line than a person can follow, in px per ns.
const SCALE_MAX: f64 = 1.6e-5;
/// What the cursor and the names leave of the width of the diagram.
const ROOM: f64 = 0.7;

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
    from: u32,
    epoch: u32,
}

impl Open {
    /// The step that is shown; none at the end.
    pub fn step(&self) -> Option<&Step> {
        self.lesson.steps.get(self.at)
    }

    /// Which of the questions a step asks, from 0.
    fn question_index(&self) -> usize {
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

/// A handle on the open lesson; copies are the same.
#[derive(Clone, Copy)]
pub struct Course {
    /// The run.
    pub desk: Desk,
    /// Counts what the panel has to show anew.
    pub changed: RwSignal<u32>,
    /// Which term of the glossary is open; empty for its begin.
    pub term: RwSignal<Option<String>>,
    open: StoredValue<Option<Open>, LocalStorage>,
}

/// What was kept of every lesson.
pub fn kept() -> Vec<Progress> {
    progress::read(&storage::recall(NAME).unwrap_or_default())
}

fn keep(progress: &Progress) {
    // One that is being written has no name here.
    if progress.name.is_empty() {
        return;
    }
    let all = storage::recall(NAME).unwrap_or_default();
    storage::remember(NAME, &progress::with(&all, progress));
}

impl Course {
    /// The one of a desk; nothing is open at first.
    pub fn of(desk: Desk) -> Course {
        let place = desk.screen.lessons.course;
        place.get_value().unwrap_or_else(|| {
            let course = desk.beside(|| Course {
                desk,
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

    fn update(self, change: impl FnOnce(&mut Open)) {
        let _ = self.open.try_update_value(|open| {
            if let Some(open) = open {
                change(open);
            }
        });
        self.show();
    }

    fn show(self) {
        let _ = self
            .changed
            .try_update(|count| *count = count.wrapping_add(1));
    }

    /// Nothing is open any more.
    pub fn close(self) {
        let _ = self.open.try_update_value(Option::take);
        self.show();
    }

    /// What was made of the run in words is made anew: the page speaks another language.
    pub fn retell(self) {
        let step = self.read(|open| Some((open.step()?.clone(), open.last.is_some())));
        let Some((step, is_answered)) = step.flatten() else {
            return;
        };
        let desk = self.desk;
        let question = step.question.as_ref();
        let asked = question.map(|question| desk.with(|player| ask(player, question)));
        let clicked = desk.screen.event.get_untracked().filter(|_| is_answered);
        let judged = clicked
            .zip(question)
            .and_then(|(seq, question)| desk.with(|player| judge(player, question, seq)));
        let rings = rings::of(desk, &step);
        self.update(|open| {
            let chosen = match &asked {
                Some(Ok(Asked::Choose(choices))) => {
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
        let questions = sheet::questions(&lesson)?;
        let rows: Vec<_> = questions
            .iter()
            .map(|one| (known(&one.step), known(&one.ask), &one.events, &one.choices))
            .collect();
        let sheet = (known(&lesson.title), known(&lesson.about), rows);
        serde_json::to_string(&sheet)
            .map(Some)
            .map_err(|error| error.to_string())
    }

    /// Opens a lesson where it was left, or at its begin.
    ///
    /// # Errors
    /// Says what is wrong with its scenario.
    pub fn start(self, lesson: Lesson) -> Result<(), String> {
        let questions = lesson.questions();
        let is_own = self.desk.own_lesson().is_some();
        let known = kept().into_iter().find(|one| one.name == lesson.name);
        let mut progress = known.filter(|_| !is_own).unwrap_or_default();
        if progress.step >= lesson.steps.len() {
            progress.step = 0;
        }
        if progress.step == 0 {
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
            let place = place.and_then(|place| self.desk.with(|run| place.last_event(run)).ok());
            if let Some(seq) = place {
                self.seek(seq);
            }
            self.desk.change(|player| task.perform(player).is_ok());
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
        let loaded = self.desk.load(&lesson.scenario, None);
        loaded.map_err(|errors| errors.to_string())?;
        self.desk.pause();
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
        let done = self.desk.change(|player| task.perform(player));
        match done {
            Some(Err(problem)) => self.update(|open| open.problem = Some(problem)),
            _ => self.update(|open| open.done = true),
        }
    }

    fn seek(self, seq: u32) {
        let t_ns = self
            .desk
            .with(|player| player.trace().get(seq).map(|event| event.t_ns));
        self.desk.seek_event(seq, t_ns.unwrap_or_default() / 1000);
    }

    /// Opens a step: puts cursor, views and highlights where it says.
    fn enter(self, at: usize) {
        let step = self
            .read(|open| open.lesson.steps.get(at).cloned())
            .flatten();
        let Some(step) = step else {
            return self.finish(at);
        };
        let desk = self.desk;
        desk.pause();
        let mut problem = None;
        match step
            .at
            .as_ref()
            .map(|place| desk.with(|player| place.last_event(player)))
        {
            Some(Ok(seq)) => self.seek(seq),
            Some(Err(reason)) => problem = Some(reason),
            None => {}
        }
        // What is chosen would show the answers.
        for chosen in [desk.screen.event, desk.screen.second] {
            put(chosen, None);
        }
        put(desk.screen.cut, None);
        put(desk.screen.query, String::new());
        self.look_at_process(&step);
        self.open_views(&step);
        let asked = step.question.as_ref();
        let asked = asked.map(|question| desk.with(|player| ask(player, question)));
        let rings = rings::of(desk, &step);
        let (from, epoch) = desk.with(|player| (player.count(), player.epoch()));
        self.update(|open| {
            open.at = at;
            open.progress.step = at;
            open.asked = asked;
            open.tried.clear();
            open.attempts = 0;
            open.last = None;
            open.done = false;
            open.problem = problem;
            open.rings = rings;
            open.from = from;
            open.epoch = epoch;
            keep(&open.progress);
        });
    }

    fn finish(self, at: usize) {
        self.update(|open| {
            open.at = at;
            open.asked = None;
            open.rings.clear();
            open.problem = None;
            open.progress.finish();
            keep(&open.progress);
        });
        let score = self.read(|open| (open.score(), open.score().code()));
        if let Some((score, code)) = score {
            told::finished(&score.lesson, score.right, score.questions, &code);
        }
    }

    /// The inspector shows the process that the step begins with; faults are aimed at it.
    fn look_at_process(self, step: &Step) {
        let name = step.marks.iter().find_map(|mark| match mark {
            Mark::Process(name) | Mark::Clock(name) => Some(name),
            _ => None,
        });
        let index = name.and_then(|name| {
            let found = |player: &crate::playback::Player| player.world().find(name).map(|it| it.0);
            self.desk.with(found)
        });
        if let Some(ProcessIndex(index)) = index {
            self.desk.select(index);
        }
    }

    fn open_views(self, step: &Step) {
        let desk = self.desk;
        let view = step.view.as_deref().and_then(DockView::of);
        let presenting = desk.screen.lessons.presenting.get_untracked();
        let open_panel = |name: &str, open: bool| {
            let closed = desk.screen.closed.get_untracked();
            let others = closed
                .split(' ')
                .filter(|one| *one != name && !one.is_empty());
            let mut names: Vec<&str> = others.collect();
            if !open {
                names.push(name);
            }
            put(desk.screen.closed, names.join(" "));
        };
        match view {
            Some(view) => {
                put(desk.screen.dock, view);
                open_panel("dock", true);
            }
            None if presenting => open_panel("dock", false),
            None => {}
        }
        if step.task.is_some() && !presenting {
            open_panel("commands", true);
        }
        put(
            desk.screen.part,
            if view.is_some() {
                Part::Dock
            } else {
                Part::Stage
            },
        );
        put(desk.screen.sheet, false);
        if view == Some(DockView::Diagram) {
            let subject = step.question.as_ref().map(|question| question.subject());
            self.frame_events(&subject.unwrap_or_default());
        }
    }

    /// The diagram shows the events of a question together with the cursor.
    fn frame_events(self, anchors: &[Anchor]) {
        let desk = self.desk;
        desk.with(|player| {
            let moment = |anchor: &Anchor| {
                let seq = find(player, anchor).ok()?;
                player.trace().get(seq).map(|event| event.t_ns)
            };
            let now_ns = player.world().now_ns();
            let moments = anchors.iter().filter_map(moment);
            let (from_ns, to_ns) = moments.fold((now_ns, now_ns), |(from, to), t_ns| {
                (from.min(t_ns), to.max(t_ns))
            });
            desk.diagram.update_value(|diagram| {
                diagram.follow(player);
                diagram.look(&mut |camera, course| {
                    camera.show(course, from_ns as f64, to_ns as f64);
                    camera.scale = (camera.scale * ROOM).min(SCALE_MAX);
                });
            });
        });
    }

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
        let now = self.desk.with(|player| player.epoch());
        let done =
            task.is_some_and(|task| self.desk.with(|player| task.done(player, from)).is_some());
        let anew = question.filter(|_| now != epoch);
        if !done && anew.is_none() {
            return;
        }
        let asked = anew.map(|question| self.desk.with(|player| ask(player, &question)));
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
