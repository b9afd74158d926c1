//! The document model of the editor for scenarios and lessons: paths in the text, located problems, the form of common
//! parts, and changes that preserve the rest of the text. The text is the only source of truth; the form reads and
//! changes it.

pub mod change;
mod check;
pub mod drafts;
pub mod form;
mod templates;
mod tree;

pub use change::{TextChange, utf16};
pub use check::{TextProblem, run_problems, text_problems};
pub use templates::{SMALL_SCENARIO, formatted, lesson_on, name_of, title_of};
pub use tree::{Node, Value};

/// The kind of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// See `docs/scenario-format.md`.
    Scenario,
    /// See `docs/lesson-format.md`.
    Lesson,
}

impl Kind {
    /// The name in addresses and in storage.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Scenario => "scenario",
            Kind::Lesson => "lesson",
        }
    }

    /// The kind with this name.
    pub fn of(name: &str) -> Option<Kind> {
        let all = [Kind::Scenario, Kind::Lesson];
        all.into_iter().find(|kind| kind.name() == name)
    }

    /// The kind of a text, by the field with the format version.
    pub fn of_text(text: &str) -> Kind {
        if text.contains("\"lesson_format\"") {
            Kind::Lesson
        } else {
            Kind::Scenario
        }
    }
}
