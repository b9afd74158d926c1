//! Questions: a small fixed set, each answered and explained from the run that is played, never from a stored answer.

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
    /// The question itself.
    pub ask: String,
    /// What it is about, which decides the answer.
    pub about: About,
    /// Where the cursor goes once it is answered.
    pub reveal: Option<Anchor>,
    /// What is said once it is answered, beside the explanation from the run.
    pub then: String,
}

/// What a question is about.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename_all = "snake_case"))]
pub enum About {
    /// How one event stands to another.
    Relation {
        /// The one.
        of: Anchor,
        /// The other.
        to: Anchor,
    },
    /// How one event stands to another, decided by their two vectors, which the question shows.
    Vectors {
        /// The one.
        of: Anchor,
        /// The other.
        to: Anchor,
    },
    /// The vector clock of a process after an event, and after all that it does in the same instant.
    Clock {
        /// The event.
        of: Anchor,
    },
    /// How many events of a query are before, after or concurrent with an event.
    Count {
        /// How they stand to it.
        relation: Relation,
        /// The event.
        to: Anchor,
        /// The query.
        among: String,
    },
    /// An event to click, by how it stands to another.
    Click {
        /// How it is to stand to it.
        relation: Relation,
        /// The other.
        to: Anchor,
    },
    /// What the Lamport times of two events tell.
    Lamport {
        /// The one.
        of: Anchor,
        /// The other.
        to: Anchor,
    },
    /// Which of two events the wall clocks of their processes put first.
    Wall {
        /// The one.
        of: Anchor,
        /// The other.
        to: Anchor,
    },
    /// A process that an event names.
    Who {
        /// The event.
        of: Anchor,
        /// Which one it names.
        role: Part,
    },
    /// The level that an executor takes.
    Level {
        /// The event `mode_set`.
        of: Anchor,
    },
    /// The lowest level that would pause a running job, tried from the cursor.
    Pauses {
        /// An event of the job.
        job: Anchor,
    },
    /// How many of the four targets the run meets.
    Targets {
        /// Another queue discipline, under which it is played again.
        under: Option<Under>,
    },
    /// Whether a completion's attempt is the newest.
    Token {
        /// The receipt of the completion.
        of: Anchor,
    },
    /// Which of two events happens first.
    First {
        /// The one.
        of: Anchor,
        /// The other.
        to: Anchor,
    },
    /// How much time passes between two events.
    Delay {
        /// The earlier.
        from: Anchor,
        /// The later.
        to: Anchor,
        /// What the choices are divided by, in ms, ascending.
        bounds_ms: Vec<u32>,
    },
}

/// How an event stands to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename_all = "snake_case"))]
pub enum Relation {
    /// It happened before it.
    Before,
    /// It happened after it.
    After,
    /// Neither.
    Concurrent,
}

impl Relation {
    /// All three.
    pub const ALL: [Relation; 3] = [Relation::Before, Relation::After, Relation::Concurrent];

    /// The word in files.
    pub fn name(self) -> &'static str {
        match self {
            Relation::Before => "before",
            Relation::After => "after",
            Relation::Concurrent => "concurrent",
        }
    }
}

/// Which process of an event is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename_all = "snake_case"))]
pub enum Part {
    /// The one that records it.
    Process,
    /// The executor it is about.
    Executor,
    /// The one it sends to.
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

/// A question with its answers, as of the run that is played.
#[derive(Clone, Debug, PartialEq)]
pub enum Asked {
    /// One of these is right.
    Choose(Vec<Choice>),
    /// Events are clicked; [`judge`] says which are right.
    Click,
}

/// One of the answers.
#[derive(Clone, Debug, PartialEq)]
pub struct Choice {
    /// The answer in words.
    pub text: String,
    /// The answer as a clock strip; empty if it is none.
    pub cells: Vec<ClockCell>,
    /// Whether it is right, and why.
    pub answer: Answer,
}

/// A clock that a question is decided by.
#[derive(Clone, Debug, PartialEq)]
pub struct GivenClock {
    /// The clock in words.
    pub text: String,
    /// The clock as a strip; empty if it is a number.
    pub cells: Vec<ClockCell>,
}

/// Whether an answer is right, and why it is or is not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// Whether it is right.
    pub right: bool,
    /// Why, from the run. Of a wrong one only what is wrong with it: the first time it is a hint.
    pub why: String,
}

/// Events that a question speaks of, in the order of their numbers on the screen.
pub type Subject = Vec<Anchor>;

impl Question {
    /// The events that it speaks of, which are marked on the screen; not what is to be predicted.
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
    /// The events that its argument rests on: those it speaks of, those it counts, and the chain between two of them.
    pub(crate) fn rests_on(&self, player: &Player) -> Vec<u32> {
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

/// The answers of a question in the run that is played.
///
/// # Errors
/// Says what the run lacks to ask it.
pub fn ask(player: &Player, question: &Question) -> Result<Asked, String> {
    let choices = match &question.about {
        About::Relation { of, to } => causality::relation(player, of, to, None)?,
        About::Vectors { of, to } => {
            let hint = say(
                "Take the bordered entry of each clock: has the other clock at least as much in that column?",
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
            return Ok(Asked::Click);
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
    Ok(Asked::Choose(choices))
}

/// The clocks that a question is decided by, one for each of its events.
pub fn given(player: &Player, question: &Question) -> Vec<GivenClock> {
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

/// What is said when the right answer is given away: the answer and why it is right. Of events to click, the last one
/// before the cursor.
pub fn solution(player: &Player, question: &Question, asked: &Asked) -> Option<String> {
    let (words, why) = match asked {
        Asked::Choose(choices) => {
            let right = choices.iter().find(|choice| choice.answer.right)?;
            (right.text.clone(), right.answer.why.clone())
        }
        Asked::Click => {
            let seqs = (0..player.count()).rev();
            let mut judged = seqs.filter_map(|seq| Some((seq, judge(player, question, seq)?)));
            let (seq, answer) = judged.find(|(_, answer)| answer.right)?;
            (event_label(player, seq), answer.why)
        }
    };
    Some(tr!("A right answer: {words}. {why}", words, why))
}

/// Judges a click on an event; `None` if no click answers the question.
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

/// An event in a sentence: `fire-station starts job-3`.
fn event_sentence(player: &Player, seq: u32) -> String {
    let all = event_label(player, seq);
    // Without the time and the place in the trace, which stand at its begin.
    let rest = all.splitn(3, ' ').nth(2).unwrap_or_default();
    rest.to_owned()
}
