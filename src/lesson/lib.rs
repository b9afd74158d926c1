//! Lessons: a run with steps, each anchored to an event of it, and questions answered from the run itself.
//! `docs/lesson-format.md` describes the files. Knows runs and words, nothing of a browser.

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
    Answer, Asked, Choice, GivenClock, Question, Subject, ask, given, judge, solution,
};
pub use validate::{VIEWS, problems, rehearse};

use triage_engine::command::Action;
use triage_language::mark;
use triage_scenario::reader;

/// The version of the format that this build reads.
pub const LESSON_FORMAT: u32 = 1;

/// A lesson.
#[derive(Clone, Debug, PartialEq)]
pub struct Lesson {
    /// Its name: lower-case letters, digits and `-`, at most 40.
    pub name: String,
    /// Its title.
    pub title: String,
    /// What a student can do after it, in a sentence or two.
    pub about: String,
    /// How long it takes, in minutes, about.
    pub minutes: u32,
    /// What is played: the text of a scenario.
    pub scenario: String,
    /// The steps, at least one.
    pub steps: Vec<Step>,
}

/// One step of a lesson.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// Its title.
    pub title: String,
    /// What it says, by paragraphs. `[[term]]` and `[[words|term]]` lead to the glossary.
    pub text: Vec<String>,
    /// Where the cursor goes; without it, it stays where it is.
    pub at: Option<Place>,
    /// Which view of the dock opens, by its name.
    pub view: Option<String>,
    /// Which arrows the diagram draws besides those of work and levels.
    pub arrows: Vec<Arrows>,
    /// What there is to look at.
    pub highlights: Vec<Highlight>,
    /// What there is to do before it goes on.
    pub task: Option<Task>,
    /// What there is to predict.
    pub question: Option<Question>,
}

/// A place of the cursor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// Just behind an event.
    After(Anchor),
    /// Just before it, so that it can be predicted.
    Before(Anchor),
}

/// Messages that the diagram draws on demand, because there are many of them.
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
    /// What the diagram draws in this step.
    pub fn drawn(&self) -> triage_view::diagram::FilterOptions {
        triage_view::diagram::FilterOptions {
            acknowledgements: self.arrows.contains(&Arrows::Acknowledgements),
            heartbeats: self.arrows.contains(&Arrows::Heartbeats),
            ..Default::default()
        }
    }
}

/// What is highlighted on the real views.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename_all = "snake_case"))]
pub enum Highlight {
    /// The card of a process, by its name.
    Process(String),
    /// The clock strip of a process.
    Clock(String),
    /// The slot in which the job of an event runs.
    Slot(Anchor),
    /// An event, in the diagram or the log.
    Event(Anchor),
    /// A message on its way over the stage, by its send.
    Message(Anchor),
    /// A part of the page, by its name in [`PARTS`].
    Part(usize),
}

/// The parts of the page that a lesson can point at: name, which is its `data-testid`, and what it is in words, shown by `say`.
pub const PARTS: [(&str, &str); 23] = [
    ("stage", mark!("the stage")),
    ("dock", mark!("the views below the stage")),
    ("diagram", mark!("the space–time diagram")),
    ("clocks", mark!("the clocks")),
    ("log", mark!("the log")),
    ("inspector", mark!("the inspector")),
    ("targets", mark!("the four targets")),
    ("transport", mark!("the transport")),
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
    (
        "fault-target",
        mark!("the executor that faults are aimed at"),
    ),
    ("crash", mark!("crashing it")),
    ("partition", mark!("cutting it off")),
];

/// What a student does at the page.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Task {
    /// What to do, in words.
    pub say: String,
    /// A command that does it, for who cannot or will not.
    pub command: Action,
    /// What the trace shows once it is done: a query.
    pub until: String,
}

impl Lesson {
    /// Reads a lesson.
    ///
    /// # Errors
    /// The first problem, with its path or its line.
    pub fn parse(json: &str) -> Result<Lesson, String> {
        let file: format::File = reader::read_file(json)?;
        let lesson = file.into_lesson(json)?;
        match validate::text_problem(&lesson) {
            Some(problem) => Err(problem),
            None => Ok(lesson),
        }
    }

    /// How many questions it asks.
    pub fn questions(&self) -> usize {
        let asks = |step: &&Step| step.question.is_some();
        self.steps.iter().filter(asks).count()
    }
}

/// A line of the list of lessons.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// The name, which is that of the file.
    pub name: String,
    /// The title.
    pub title: String,
    /// What it is about.
    pub about: String,
    /// How long it takes, in minutes, about.
    pub minutes: u32,
    /// How many steps it has.
    pub steps: u32,
    /// How many questions it asks.
    pub questions: u32,
}

/// Reads the list of lessons, `index.json`.
///
/// # Errors
/// The first problem, with its path or its line.
pub fn parse_index(json: &str) -> Result<Vec<Listed>, String> {
    reader::read(json)
}

#[cfg(test)]
mod tests;
