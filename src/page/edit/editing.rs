//! What is being written: the text, what is wrong with it, and what becomes of it.

use std::time::Duration;

use leptos::leptos_dom::helpers::TimeoutHandle;
use leptos::prelude::*;

use super::start;
use super::text::TextSide;
use crate::app::Session;
use crate::app::set_if_changed;
use crate::edit::drafts::{self, Draft};
use crate::edit::{Kind, TextChange, TextProblem, name_of, run_problems, text_problems, title_of};
use crate::language::{say, tr};
use crate::page::storage;
use crate::scenario::library;

/// So long after the last key a text is read.
const PAUSE: Duration = Duration::from_millis(200);
/// So long after that a lesson is played to see whether it holds.
const LONG_PAUSE: Duration = Duration::from_millis(400);
/// Under this name drafts are kept.
const NAME: &str = "triage.drafts";

/// What is known of the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// It has changed and was not read yet.
    Unread,
    /// It is in order by itself; the run of the lesson is being looked at.
    Playing,
    /// It is in order.
    Good,
    /// Something is wrong.
    Bad,
}

/// Whether what is written is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keeps {
    /// Nothing was changed yet.
    Nothing,
    /// In this browser.
    Yes,
    /// This browser allows no storage here, or has no room.
    No,
}

/// The two sides, of which a phone shows one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// JSON.
    Text,
    /// The form.
    Form,
}

/// A handle on what is being written; copies are the same.
#[derive(Clone, Copy)]
pub struct Editing {
    /// The run of the page.
    pub session: Session,
    /// What is written.
    pub kind: RwSignal<Kind>,
    /// Counts texts.
    pub changed: RwSignal<u32>,
    /// Counts beginnings.
    pub begins: RwSignal<u32>,
    /// What is wrong with the present text, as far as it was read.
    pub found: RwSignal<Vec<TextProblem>>,
    /// What is known of it.
    pub state: RwSignal<State>,
    /// Whether it is kept.
    pub keeps: RwSignal<Keeps>,
    /// Whether the page is looked at instead.
    pub away: RwSignal<bool>,
    /// What a phone shows.
    pub side: RwSignal<Side>,
    /// What was done last, in words.
    pub said: RwSignal<String>,
    /// The text editor, once it has come.
    pub text_side: TextSide,
    text: StoredValue<String>,
    begun: StoredValue<String>,
    draft: StoredValue<u64>,
    timer: StoredValue<Option<TimeoutHandle>>,
    end: StoredValue<Box<dyn Fn()>, LocalStorage>,
}

impl Editing {
    /// Begins with a text; `end` takes the editor away.
    pub fn new(session: Session, kind: Kind, text: String, end: Box<dyn Fn()>) -> Editing {
        let editing = Editing {
            session,
            kind: RwSignal::new(kind),
            changed: RwSignal::new(0),
            begins: RwSignal::new(0),
            found: RwSignal::new(Vec::new()),
            state: RwSignal::new(State::Unread),
            keeps: RwSignal::new(Keeps::Nothing),
            away: RwSignal::new(false),
            side: RwSignal::new(Side::Form),
            said: RwSignal::new(String::new()),
            text_side: TextSide::new(),
            text: StoredValue::new(String::new()),
            begun: StoredValue::new(String::new()),
            draft: StoredValue::new(0),
            timer: StoredValue::new(None),
            end: StoredValue::new_local(end),
        };
        editing.begin(kind, text);
        editing
    }

    /// Begins anew with a text. What was written before stays among the drafts.
    pub fn begin(self, kind: Kind, text: String) {
        let text = text.replace("\r\n", "\n");
        self.begun.set_value(text.clone());
        self.draft.set_value(0);
        set_if_changed(self.keeps, Keeps::Nothing);
        self.said.set(String::new());
        self.kind.set(kind);
        self.text_side.begin(&text);
        self.text.set_value(text);
        self.begins.update(|count| *count = count.wrapping_add(1));
        self.read();
    }

    /// Goes on with a draft.
    pub fn resume(self, draft: Draft) {
        let kind = draft.kind().unwrap_or(Kind::Scenario);
        let id = draft.id;
        self.begin(kind, draft.text);
        self.draft.set_value(id);
        set_if_changed(self.keeps, Keeps::Yes);
    }

    /// Reads the text.
    pub fn with_text<T>(self, read: impl FnOnce(&str) -> T) -> T {
        self.text.with_value(|text| read(text))
    }

    /// Somebody has typed.
    pub fn typed(self, text: String) {
        if self.text.with_value(|old| *old == text) {
            return;
        }
        self.text.set_value(text);
        set_if_changed(self.state, State::Unread);
        self.after(PAUSE, move || {
            self.keep();
            self.read();
        });
    }

    /// A change that was made in the form: it goes through the text editor, so that it can be undone there.
    pub fn change(self, new: String) {
        let Some(change) = self.with_text(|old| TextChange::between(old, &new)) else {
            return;
        };
        self.text.set_value(new);
        self.text_side.change(&change);
        self.keep();
        self.read();
    }

    /// Does something after a while, unless something else is to be done by then.
    fn after(self, pause: Duration, run: impl FnOnce() + 'static) {
        self.timer.update_value(|timer| {
            if let Some(timer) = timer.take() {
                timer.clear();
            }
            *timer = set_timeout_with_handle(
                move || {
                    // The editor may have gone.
                    if self.state.try_get_untracked().is_some() {
                        run();
                    }
                },
                pause,
            )
            .ok();
        });
    }

    /// Reads the text and says what is wrong with it.
    fn read(self) {
        let kind = self.kind.get_untracked();
        let found = self.with_text(|text| text_problems(kind, text));
        let state = match (found.is_empty(), kind) {
            (false, _) => State::Bad,
            (true, Kind::Scenario) => State::Good,
            (true, Kind::Lesson) => State::Playing,
        };
        self.tell(found, state);
        if state == State::Playing {
            self.after(LONG_PAUSE, move || {
                let found = self.with_text(run_problems);
                let state = if found.is_empty() {
                    State::Good
                } else {
                    State::Bad
                };
                self.tell(found, state);
            });
        }
    }

    fn tell(self, found: Vec<TextProblem>, state: State) {
        self.with_text(|text| self.text_side.mark(text, &found));
        set_if_changed(self.found, found);
        set_if_changed(self.state, state);
        self.changed.update(|count| *count = count.wrapping_add(1));
    }

    /// Shows a problem in the text.
    pub fn go_to(self, found: &TextProblem) {
        set_if_changed(self.side, Side::Text);
        let place = found.range.clone();
        // On a phone the text has no size before it is shown.
        request_animation_frame(move || {
            self.with_text(|text| self.text_side.go(text, place));
        });
    }

    /// Whether it can be opened: in order, but for what does not hold in a lesson's run, which trying shows.
    pub fn may_open(self) -> bool {
        match self.state.get() {
            State::Good | State::Playing => true,
            State::Unread => false,
            State::Bad => {
                self.kind.get() == Kind::Lesson
                    && self.with_text(|text| text_problems(Kind::Lesson, text).is_empty())
            }
        }
    }

    /// Opens what is written: a scenario as a new run, a lesson at its first step.
    pub fn open(self) {
        let text = self.with_text(str::to_owned);
        let session = self.session;
        match self.kind.get_untracked() {
            Kind::Lesson => {
                self.away.set(true);
                session.try_lesson(text);
            }
            Kind::Scenario => {
                let at = library()
                    .iter()
                    .position(|one| one.json.trim() == text.trim());
                if let Err(problems) = session.load(&text, at) {
                    return self.said.set(problems.to_string());
                }
                session.leave_lesson();
                self.away.set(true);
                if !session.ui.still.get_untracked() {
                    session.play();
                }
            }
        }
    }

    /// Gives the text as a file.
    pub fn download(self) {
        let kind = self.kind.get_untracked().name();
        self.with_text(|text| {
            let name = name_of(text).unwrap_or_else(|| kind.to_owned());
            start::save(&[&name, ".json"].concat(), text);
        });
    }

    /// Puts the editor aside, to look at the page.
    pub fn look_away(self) {
        self.away.set(true);
    }

    /// Shows it again.
    pub fn show(self) {
        self.away.set(false);
    }

    /// Takes the editor away; what was written is among the drafts.
    pub fn close(self) {
        self.keep();
        self.timer.update_value(|timer| {
            if let Some(timer) = timer.take() {
                timer.clear();
            }
        });
        self.text_side.end();
        self.end.with_value(|end| end());
    }

    /// Keeps what was written, if anything was.
    pub fn keep(self) {
        let text = self.with_text(str::to_owned);
        if self.begun.with_value(|begun| *begun == text) && self.draft.get_value() == 0 {
            return;
        }
        if self.draft.get_value() == 0 {
            self.draft.set_value(js_sys::Date::now() as u64);
        }
        let draft = Draft {
            id: self.draft.get_value(),
            kind: self.kind.get_untracked().name().to_owned(),
            title: title_of(&text).unwrap_or_default(),
            text,
        };
        let kept = drafts::upsert(&storage::recall(NAME).unwrap_or_default(), draft);
        let keeps = match storage::keeps(NAME, &kept) {
            true => Keeps::Yes,
            false => Keeps::No,
        };
        set_if_changed(self.keeps, keeps);
    }

    /// What is kept of other texts, the newest first.
    pub fn drafts(self) -> Vec<Draft> {
        let mut all = drafts::read(&storage::recall(NAME).unwrap_or_default());
        all.retain(|draft| draft.id != self.draft.get_value());
        all
    }

    /// Forgets a draft.
    pub fn forget(self, id: u64) {
        let kept = drafts::remove(&storage::recall(NAME).unwrap_or_default(), id);
        storage::remember(NAME, &kept);
    }

    /// How it stands with the text, in a sentence.
    pub fn status(self) -> String {
        match self.state.get() {
            State::Unread => say("Reading…").to_owned(),
            State::Playing => say("The text is valid; checking its run…").to_owned(),
            State::Good => match self.kind.get() {
                Kind::Scenario => say("No problems: the scenario can be run.").to_owned(),
                Kind::Lesson => say("No problems: the lesson can be tried.").to_owned(),
            },
            State::Bad => {
                let count = self.found.with(Vec::len);
                tr!("One problem." | "{n} problems." % count)
            }
        }
    }
}
