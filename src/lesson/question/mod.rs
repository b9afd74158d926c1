//! Questions: a small set of kinds, each answered and explained from the current run, never from a stored answer.

mod behaviour;
mod causality;
mod clocks;
mod who;

use super::anchor::{Anchor, find};
use triage_language::{say, tr};
use triage_playback::Player;
use triage_view::diagram::labels::event_label;
use triage_view::stage::ClockCell;

/// A question of a step.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Question {
    /// The text of the question.
    pub ask: String,
    /// The kind of question, which determines the answer.
    pub about: About,
    /// Where the cursor moves once it is answered.
    pub reveal: Option<Anchor>,
    /// Text shown once it is answered, in addition to the explanation from the run.
    pub then: String,
}

/// The kind of a question.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename_all = "snake_case"))]
pub enum About {
    /// How two events are related.
    Relation {
        /// Event 1.
        of: Anchor,
        /// Event 2.
        to: Anchor,
    },
    /// How two events are related, decided by their vector clocks, which the question shows.
    Vectors {
        /// Event 1.
        of: Anchor,
        /// Event 2.
        to: Anchor,
    },
    /// The vector clock of a process after an event and all its further events at the same moment.
    Clock {
        /// The event.
        of: Anchor,
    },
    /// How many hits of a query happened before an event, happened after it, or are concurrent with it.
    Count {
        /// The relation to count.
        relation: Relation,
        /// The event.
        to: Anchor,
        /// The query.
        among: String,
    },
    /// Click an event with a given relation to another one.
    Click {
        /// The relation of the clicked event to the other one.
        relation: Relation,
        /// The other event.
        to: Anchor,
    },
    /// What the Lamport times of two events show about their order.
    Lamport {
        /// Event 1.
        of: Anchor,
        /// Event 2.
        to: Anchor,
    },
    /// Which of two events the wall clocks of their processes put first.
    Wall {
        /// Event 1.
        of: Anchor,
        /// Event 2.
        to: Anchor,
    },
    /// A process that an event names.
    Who {
        /// The event.
        of: Anchor,
        /// Which process it is.
        role: Part,
    },
    /// The level that an executor adopts.
    Level {
        /// The event `mode_set`.
        of: Anchor,
    },
    /// The lowest level that would pause a running job, tried at the cursor.
    Pauses {
        /// An event of the job.
        job: Anchor,
    },
    /// How many of the four targets the run meets.
    Targets {
        /// Another queue discipline, with which the run is repeated.
        under: Option<Under>,
    },
    /// Whether a completion's attempt is the newest.
    Token {
        /// The receipt of the completion.
        of: Anchor,
    },
    /// Which of two events happens first.
    First {
        /// Event 1.
        of: Anchor,
        /// Event 2.
        to: Anchor,
    },
    /// How much time passes between two events.
    Delay {
        /// The earlier event.
        from: Anchor,
        /// The later event.
        to: Anchor,
        /// The limits between the choices, in ms, ascending.
        bounds_ms: Vec<u32>,
    },
}

/// The relation of one event to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename_all = "snake_case"))]
pub enum Relation {
    /// It happened before the other event.
    Before,
    /// It happened after the other event.
    After,
    /// Neither happened before the other.
    Concurrent,
}

impl Relation {
    pub const ALL: [Relation; 3] = [Relation::Before, Relation::After, Relation::Concurrent];

    /// The name in files.
    pub fn name(self) -> &'static str {
        match self {
            Relation::Before => "before",
            Relation::After => "after",
            Relation::Concurrent => "concurrent",
        }
    }
}

/// Which process of an event a question asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename_all = "snake_case"))]
pub enum Part {
    /// The process that records the event.
    Process,
    /// The executor that the event is about.
    Executor,
    /// The process that the event sends to.
    To,
}

/// A queue discipline to compare with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename_all = "snake_case"))]
pub enum Under {
    /// First in, first out.
    Fifo,
    /// Emergency jobs first.
    Strict,
}

/// The answers to a question, computed from the current run.
#[derive(Clone, Debug, PartialEq)]
pub enum AnswerOptions {
    /// Multiple choice; exactly one is correct.
    Choose(Vec<Choice>),
    /// The student clicks an event; [`judge`] decides whether it is correct.
    Click,
}

/// One of the answers to choose from.
#[derive(Clone, Debug, PartialEq)]
pub struct Choice {
    pub text: String,
    /// The answer as a clock strip; empty for other answers.
    pub cells: Vec<ClockCell>,
    pub answer: Answer,
}

/// A clock shown with a question.
#[derive(Clone, Debug, PartialEq)]
pub struct GivenClock {
    /// The clock in words.
    pub text: String,
    /// The clock as a strip; empty for a Lamport time.
    pub cells: Vec<ClockCell>,
}

/// Whether an answer is correct, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// Whether it is correct.
    pub right: bool,
    /// The reason, from the run. For a wrong answer it only says what is wrong with it, because it serves as a hint at
    /// first.
    pub why: String,
}

/// The events that a question refers to, in the order of their numbers on the screen.
pub type Subject = Vec<Anchor>;

impl Question {
    /// The events that the question refers to, which are marked on the screen. Doesn't include events to predict.
    pub fn subject(&self) -> Subject {
        match &self.about {
            About::Relation { of, to }
            | About::Vectors { of, to }
            | About::Lamport { of, to }
            | About::Wall { of, to } => {
                vec![of.clone(), to.clone()]
            }
            About::Count { to, .. } | About::Click { to, .. } => vec![to.clone()],
            About::Delay { from, .. } => vec![from.clone()],
            _ => Vec::new(),
        }
    }
}

impl Question {
    /// All events that the answer depends on: those that the question refers to, those that it counts, and the causal
    /// chain between two of them.
    pub(crate) fn relevant_events(&self, player: &Player) -> Vec<u32> {
        let subject = self.subject();
        let mut all: Vec<u32> = subject
            .iter()
            .filter_map(|anchor| find(player, anchor).ok())
            .collect();
        match &self.about {
            About::Relation { .. } => all.extend(causality::chain(player, &all)),
            About::Count { among, .. } => {
                all.extend(causality::counted(player, among).unwrap_or_default());
            }
            _ => {}
        }
        all
    }
}

/// The answers to a question in the current run.
///
/// # Errors
/// If the run doesn't contain what the question refers to.
pub fn ask(player: &Player, question: &Question) -> Result<AnswerOptions, String> {
    let choices = match &question.about {
        About::Relation { of, to } => causality::relation(player, of, to, None)?,
        About::Vectors { of, to } => {
            let hint = say(
                "Compare the bordered entry of each clock with the entry in the same column of the other clock: is the other one at least as large?",
            );
            causality::relation(player, of, to, Some(hint))?
        }
        About::Count {
            relation,
            to,
            among,
        } => causality::count(player, *relation, to, among)?,
        About::Click { to, .. } => {
            find(player, to)?;
            return Ok(AnswerOptions::Click);
        }
        About::Clock { of } => clocks::clock(player, of)?,
        About::Lamport { of, to } => clocks::lamport(player, of, to)?,
        About::Wall { of, to } => clocks::wall(player, of, to)?,
        About::Who { of, role } => who::who(player, of, *role)?,
        About::Level { of } => behaviour::level(player, of)?,
        About::Pauses { job } => behaviour::pauses(player, job)?,
        About::Targets { under } => behaviour::targets(player, *under),
        About::Token { of } => behaviour::token(player, of)?,
        About::First { of, to } => behaviour::first(player, of, to)?,
        About::Delay {
            from,
            to,
            bounds_ms,
        } => behaviour::delay(player, from, to, bounds_ms)?,
    };
    Ok(AnswerOptions::Choose(choices))
}

/// The clocks shown with a question, one for each of its events.
pub fn given_clocks(player: &Player, question: &Question) -> Vec<GivenClock> {
    let subject = question.subject();
    let seqs = subject
        .iter()
        .filter_map(|anchor| find(player, anchor).ok());
    match &question.about {
        About::Vectors { .. } => seqs.filter_map(|seq| clocks::vector(player, seq)).collect(),
        About::Lamport { .. } => seqs.map(|seq| clocks::lamport_time(player, seq)).collect(),
        _ => Vec::new(),
    }
}

/// The correct answer and its reason, for students who ask for the solution. For click questions, the latest correct
/// event before the cursor.
pub fn solution(player: &Player, question: &Question, asked: &AnswerOptions) -> Option<String> {
    let (words, why) = match asked {
        AnswerOptions::Choose(choices) => {
            let right = choices.iter().find(|choice| choice.answer.right)?;
            (right.text.clone(), right.answer.why.clone())
        }
        AnswerOptions::Click => {
            let seqs = (0..player.count()).rev();
            let mut judged = seqs.filter_map(|seq| Some((seq, judge(player, question, seq)?)));
            let (seq, answer) = judged.find(|(_, answer)| answer.right)?;
            (event_label(player, seq), answer.why)
        }
    };
    Some(tr!("A right answer: {words}. {why}", words, why))
}

/// Judges a click on an event; `None` if the question isn't answered by clicking.
pub fn judge(player: &Player, question: &Question, seq: u32) -> Option<Answer> {
    match &question.about {
        About::Click { relation, to } => causality::clicked(player, *relation, to, seq),
        _ => None,
    }
}

impl Choice {
    fn new(text: impl Into<String>, right: bool, why: impl Into<String>) -> Choice {
        Choice {
            text: text.into(),
            cells: Vec::new(),
            answer: Answer {
                right,
                why: why.into(),
            },
        }
    }
}

/// An event in words: `fire-station starts job-3`.
fn event_sentence(player: &Player, seq: u32) -> String {
    let all = event_label(player, seq);
    // Skip the time and the event number at the start.
    let rest = all.splitn(3, ' ').nth(2).unwrap_or_default();
    rest.to_owned()
}
