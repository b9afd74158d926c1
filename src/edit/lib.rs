//! A scenario or a lesson while it is written: where in its text a path lies, what is wrong where, the form of its common
//! parts, and changes that leave the rest of the text as it is. The text is the truth; the form reads it and changes it.

pub mod change;
mod check;
pub mod drafts;
pub mod form;
mod templates;
mod tree;

pub use change::{TextChange, utf16};
pub use check::{TextProblem, run_problems, text_problems};
pub use templates::{SMALL_SCENARIO, laid_out, lesson_on, name_of, title_of};
pub use tree::{Node, Value};

/// What is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `docs/scenario-format.md`.
    Scenario,
    /// `docs/lesson-format.md`.
    Lesson,
}

impl Kind {
    /// The word in addresses and in what is kept.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Scenario => "scenario",
            Kind::Lesson => "lesson",
        }
    }

    /// The kind of a word.
    pub fn of(name: &str) -> Option<Kind> {
        let all = [Kind::Scenario, Kind::Lesson];
        all.into_iter().find(|kind| kind.name() == name)
    }

    /// What a text is, by the field that says its format.
    pub fn of_text(text: &str) -> Kind {
        if text.contains("\"lesson_format\"") {
            Kind::Lesson
        } else {
            Kind::Scenario
        }
    }
}
