//! Lessons: a run with steps, each anchored to an event, and questions that are answered from the run itself.
//! `docs/lesson-format.md` describes the files. Doesn't depend on a browser.

mod anchor;
pub mod format;
pub mod glossary;
pub mod progress;
pub mod question;
pub mod result;
#[cfg(feature = "schema")]
pub mod schema;
mod task;
pub mod text;
pub mod text_problems;
mod validate;
pub mod worksheet;

pub use anchor::{Anchor, find, hits};
pub use question::{
    Answer, AnswerOptions, Choice, GivenClock, Question, Subject, ask, given_clocks, judge,
    solution,
};
pub use validate::{VIEWS, problems, rehearse};

use triage_engine::command::Action;
use triage_language::mark;
use triage_scenario::reader;

/// The version of the file format that this build reads.
pub const LESSON_FORMAT: u32 = 1;

#[derive(Clone, Debug, PartialEq)]
pub struct Lesson {
    /// Lower-case letters, digits and `-`, at most 40.
    pub name: String,
    pub title: String,
    /// What students can do after the lesson, in a sentence or two.
    pub about: String,
    /// The approximate duration, in minutes.
    pub minutes: u32,
    /// The text of the scenario.
    pub scenario: String,
    /// At least one.
    pub steps: Vec<Step>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    pub title: String,
    /// The text by paragraphs. `[[term]]` and `[[words|term]]` link to the glossary.
    pub text: Vec<String>,
    /// Where the cursor moves; `None` to leave it where it is.
    pub at: Option<Place>,
    /// The name of the dock view to open.
    pub view: Option<String>,
    /// Messages to draw in the diagram in addition to those about jobs and levels.
    pub arrows: Vec<Arrows>,
    pub highlights: Vec<Highlight>,
    /// What the student must do before going on.
    pub task: Option<Task>,
    pub question: Option<Question>,
}

/// A position of the cursor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// Just after an event.
    After(Anchor),
    /// Just before an event, so that students can predict it.
    Before(Anchor),
}

/// Messages that the diagram draws only on demand, because there are many of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename_all = "snake_case"))]
pub enum Arrows {
    /// Acknowledgements.
    Acknowledgements,
    /// Heartbeats, their replies and gossip.
    Heartbeats,
}

impl Step {
    /// The messages that the diagram draws in this step.
    pub fn drawn(&self) -> triage_view::diagram::FilterOptions {
        triage_view::diagram::FilterOptions {
            acknowledgements: self.arrows.contains(&Arrows::Acknowledgements),
            heartbeats: self.arrows.contains(&Arrows::Heartbeats),
            ..Default::default()
        }
    }
}

/// Something to highlight on the page.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename_all = "snake_case"))]
pub enum Highlight {
    /// The card of the process with this name.
    Process(String),
    /// The clock strip of the process with this name.
    Clock(String),
    /// The slot in which the job of an event runs.
    Slot(Anchor),
    /// An event in the diagram or the log.
    Event(Anchor),
    /// A message in flight on the stage, by its send.
    Message(Anchor),
    /// A part of the page, as an index in [`PARTS`].
    Part(usize),
}

/// The parts of the page that a lesson can highlight: the name, which is also the `data-testid`, and the untranslated
/// description; `say` translates it.
pub const PARTS: [(&str, &str); 23] = [
    ("stage", mark!("the stage")),
    ("dock", mark!("the views below the stage")),
    ("diagram", mark!("the space–time diagram")),
    ("clocks", mark!("the clocks")),
    ("log", mark!("the log")),
    ("inspector", mark!("the inspector")),
    ("targets", mark!("the four targets")),
    ("transport", mark!("the playback controls")),
    ("scrubber", mark!("the scrubber")),
    ("play", mark!("play")),
    ("step-forward", mark!("one step forward")),
    ("step-back", mark!("one step back")),
    ("emergency-line", mark!("the active emergency")),
    ("commands", mark!("the commands")),
    ("submit-normal", mark!("submitting a normal job")),
    ("submit-emergency", mark!("submitting an emergency job")),
    ("declare-critical", mark!("declaring CRITICAL")),
    ("declare-high", mark!("declaring HIGH")),
    ("declare-type", mark!("the type of an emergency")),
    ("clear", mark!("clearing the emergency")),
    ("fault-target", mark!("the target of faults")),
    ("crash", mark!("crashing the process")),
    ("partition", mark!("cutting the process off")),
];

/// Something that the student does on the page.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Task {
    /// The instruction.
    pub say: String,
    /// A command that completes the task, for students who can't or don't want to do it themselves.
    pub command: Action,
    /// A query that matches an event once the task is done.
    pub until: String,
}

impl Lesson {
    /// Reads a lesson.
    ///
    /// # Errors
    /// The first problem, with its path or line.
    pub fn parse(json: &str) -> Result<Lesson, String> {
        let file: format::File = reader::read_file(json)?;
        let lesson = file.into_lesson(json)?;
        match validate::text_problem(&lesson) {
            Some(problem) => Err(problem),
            None => Ok(lesson),
        }
    }

    /// Number of questions.
    pub fn questions(&self) -> usize {
        let asks = |step: &&Step| step.question.is_some();
        self.steps.iter().filter(asks).count()
    }
}

/// An entry of the list of lessons.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LessonSummary {
    /// Also the name of the file.
    pub name: String,
    pub title: String,
    pub about: String,
    /// The approximate duration, in minutes.
    pub minutes: u32,
    /// Number of steps.
    pub steps: u32,
    /// Number of questions.
    pub questions: u32,
}

/// Reads the list of lessons, `index.json`.
///
/// # Errors
/// The first problem, with its path or line.
pub fn parse_index(json: &str) -> Result<Vec<LessonSummary>, String> {
    reader::read(json)
}

#[cfg(test)]
mod tests;
