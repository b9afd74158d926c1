//! Which lesson is open, and how a page that is shown to a class looks.

use reactive_graph::owner::StoredValue;
use reactive_graph::prelude::*;
use reactive_graph::signal::RwSignal;

use super::open_lesson::OpenLesson;
use crate::{Session, set_if_changed};

/// Stands for the name of a lesson that is being written: no file has it.
pub const OWN: &str = "*";

/// Where a lesson begins, if not where it was left.
#[derive(Clone, Default)]
pub struct LessonAt {
    /// The step, from 1.
    pub step: Option<usize>,
    /// The run of a link, in its letters, in place of the one that the step begins with.
    pub run: Option<String>,
    /// What was wrong with the address: it is said once the lesson is open, since a run that opens takes notices away.
    pub problems: Vec<String>,
}

/// What of lessons the rest of the page knows.
#[derive(Clone, Copy)]
pub struct Lessons {
    /// `None` when the panel is closed, empty for the list, else the name of a lesson.
    pub open: RwSignal<Option<String>>,
    /// A presenter's clicker: counts its presses, and whether the last one was forward.
    pub clicked: RwSignal<(u32, bool)>,
    /// Whether the page is made for a projector.
    pub presenting: RwSignal<bool>,
    /// Whether a question is open: then no view shows what lies beyond the cursor.
    pub predicting: RwSignal<bool>,
    /// The open lesson; it outlives the panel, which is built again when the language changes.
    pub course: StoredValue<Option<OpenLesson>>,
    /// The text of a lesson that is being written, while it is tried.
    pub own: StoredValue<Option<String>>,
    /// Where a link says that the lesson begins which is opened next.
    pub entry: StoredValue<LessonAt>,
    /// Panels that were closed before presenting.
    pub closed_before: RwSignal<String>,
}

impl Lessons {
    /// No lesson is open.
    pub fn new() -> Lessons {
        Lessons {
            open: RwSignal::new(None),
            clicked: RwSignal::new((0, true)),
            presenting: RwSignal::new(false),
            predicting: RwSignal::new(false),
            course: StoredValue::new(None),
            own: StoredValue::new(None),
            entry: StoredValue::new(LessonAt::default()),
            closed_before: RwSignal::new(String::new()),
        }
    }

    /// Whether a lesson is open, and not the list or nothing.
    fn is_running(self) -> bool {
        let running = |open: &Option<String>| open.as_ref().is_some_and(|name| !name.is_empty());
        self.open.with_untracked(running)
    }

    /// The name of the lesson that is open, if it has one.
    pub fn named(self) -> Option<String> {
        self.open
            .get_untracked()
            .filter(|name| !name.is_empty() && name != OWN)
    }

    /// A step of a presenter's clicker; says whether a lesson took it.
    pub fn click(self, forward: bool) -> bool {
        let running = self.is_running();
        if running {
            self.clicked.update(|(count, way)| {
                *count = count.wrapping_add(1);
                *way = forward;
            });
        }
        running
    }
}

impl Session {
    /// Opens a lesson by its name, or the list of lessons for an empty name. A name that there is none of is said in the
    /// panel.
    pub fn open_lesson(self, name: &str) {
        self.enter_lesson(name, LessonAt::default());
    }

    /// Opens a lesson where a link says.
    pub fn enter_lesson(self, name: &str, entry: LessonAt) {
        let lessons = self.ui.lessons;
        lessons.entry.set_value(entry);
        // Closed first, so that the same name opens the lesson again.
        lessons.open.set(None);
        lessons.open.set(Some(name.to_owned()));
    }

    /// Opens a lesson that is being written, at its first step; nothing of it is kept.
    pub fn try_lesson(self, text: String) {
        self.ui.lessons.own.set_value(Some(text));
        self.open_lesson(OWN);
    }

    /// The text of a lesson that is being tried.
    pub fn own_lesson(self) -> Option<String> {
        let lessons = self.ui.lessons;
        let tried = lessons
            .open
            .with_untracked(|open| open.as_deref() == Some(OWN));
        lessons.own.get_value().filter(|_| tried)
    }

    /// Leaves the lesson; the run stays as it is.
    pub fn leave_lesson(self) {
        set_if_changed(self.ui.lessons.open, None);
    }

    /// Projector mode on or off: large type, and only stage, lesson and the view that a step opens.
    pub fn present(self, on: bool) {
        let (lessons, closed) = (self.ui.lessons, self.ui.closed);
        if lessons.presenting.get_untracked() == on {
            return;
        }
        lessons.presenting.set(on);
        if on {
            lessons.closed_before.set(closed.get_untracked());
            closed.set("commands side".to_owned());
        } else {
            closed.set(lessons.closed_before.get_untracked());
        }
    }
}
