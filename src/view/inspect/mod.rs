//! What the inspector says of a process, a job or an event: one kind of card for all three, so that a student
//! learns to read it once.

mod event;
mod job;
mod process;
#[cfg(test)]
mod tests;

use std::fmt;

use crate::history::JobHistory;
use crate::log;
use crate::stage::{ClockCell, ClockStrip, Health};
use triage_engine::clock::VectorClock;
use triage_engine::emergency::Level;
use triage_engine::id::{JobId, ProcessIndex};
use triage_engine::time::to_us;
use triage_engine::trace::Trace;
use triage_language::say;
use triage_playback::Player;

/// Something to look at, and so where a link leads: written as `e211`, `j9`, `p4`, and read back from that.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Inspectable {
    /// An event, by its place in the trace; a message is looked at by its send.
    Event(u32),
    /// A job, by its number.
    Job(u32),
    /// A process, by its index.
    Process(u16),
}

impl fmt::Display for Inspectable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (letter, number) = match self {
            Inspectable::Event(seq) => ("e", *seq),
            Inspectable::Job(job) => ("j", *job),
            Inspectable::Process(process) => ("p", (*process).into()),
        };
        f.write_str(letter)?;
        number.fmt(f)
    }
}

impl Inspectable {
    /// Reads a link.
    pub fn parse(words: &str) -> Option<Inspectable> {
        let number = words.get(1..)?.parse().ok()?;
        match words.as_bytes().first()? {
            b'e' => Some(Inspectable::Event(number)),
            b'j' => Some(Inspectable::Job(number)),
            b'p' => Some(Inspectable::Process(u16::try_from(number).ok()?)),
            _ => None,
        }
    }
}

/// How a fact looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FactStyle {
    /// As text.
    Plain,
    /// With the mark of its health.
    Health(Health),
    /// Something that only the person watching can see.
    GroundTruth,
    /// As the badge of a level.
    Badge(Level),
    /// As a link.
    Link(Inspectable),
}

/// A name and a value.
#[derive(Clone, Debug, PartialEq)]
pub struct Fact {
    /// Of what.
    pub name: &'static str,
    /// What it is.
    pub value: String,
    /// How it looks.
    pub style: FactStyle,
}

/// The shape beside a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LineShape {
    /// None.
    Nothing,
    /// A circle.
    Normal,
    /// A diamond in the colour of a level.
    Emergency(Level),
    /// Two bars.
    Paused,
}

/// A line that leads somewhere.
#[derive(Clone, Debug, PartialEq)]
pub struct CardLine {
    /// Its shape.
    pub shape: LineShape,
    /// When, in µs; `None` for what is now.
    pub t_us: Option<u64>,
    /// Whose colour it wears.
    pub hue: Option<u16>,
    /// What it says.
    pub text: String,
    /// A word at its end; may be empty.
    pub state: &'static str,
    /// Where a click leads.
    pub target: Inspectable,
}

/// Lines under a heading.
#[derive(Clone, Debug, PartialEq)]
pub struct Section {
    /// The heading.
    pub title: &'static str,
    /// The lines.
    pub lines: Vec<CardLine>,
    /// How many more there are than are listed.
    pub more: usize,
    /// What stands there instead of no lines; empty to leave the section out.
    pub empty: &'static str,
}

/// A clock with what it is.
#[derive(Clone, Debug, PartialEq)]
pub struct Strip {
    /// "before", "received", "after"; empty for the only one.
    pub label: &'static str,
    /// The clock.
    pub clock: ClockStrip,
}

/// Everything the inspector says of one thing.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Card {
    /// "process", "job" or "event": an attribute as it is, and shown by `say`.
    pub kind: &'static str,
    /// Its name.
    pub title: String,
    /// What it is and where, in few words.
    pub subtitle: String,
    /// Whose colour it wears.
    pub hue: Option<u16>,
    /// What happened, for an event; empty otherwise.
    pub summary: String,
    /// Why it is so, a sentence each.
    pub why: Vec<String>,
    /// Names and values.
    pub facts: Vec<Fact>,
    /// Its clocks.
    pub strips: Vec<Strip>,
    /// What the clocks show, in a sentence; may be empty.
    pub rule: String,
    /// Lists.
    pub sections: Vec<Section>,
}

/// Makes cards, and remembers what is costly to find.
#[derive(Debug, Default)]
pub struct Inspection {
    history: Option<JobHistory>,
    clocks: Option<event::CachedStep>,
}

impl Inspection {
    /// The card of what is looked at; `None` when there is no such thing in this run.
    pub fn card(&mut self, player: &Player, target: Inspectable) -> Option<Card> {
        match target {
            Inspectable::Process(index) => process::card(player, ProcessIndex(index)),
            Inspectable::Job(number) => {
                let history = self
                    .history
                    .take()
                    .filter(|history| history.job() == JobId(number));
                let mut history = history.unwrap_or_else(|| JobHistory::of(JobId(number)));
                history.follow(player);
                let card = job::card(player, &history);
                self.history = Some(history);
                card
            }
            Inspectable::Event(seq) => event::card(player, seq, &mut self.clocks),
        }
    }
}

/// A vector as a strip.
pub fn strip_of(
    vector: &VectorClock,
    own: ProcessIndex,
    raised: &[ProcessIndex],
    processes: usize,
) -> ClockStrip {
    let cell = |index: u16| ClockCell {
        process: index,
        value: vector.get(ProcessIndex(index)),
        own: index == own.0,
        raised: raised.contains(&ProcessIndex(index)),
    };
    ClockStrip::new((0..processes as u16).map(cell).collect())
}

fn fact(name: &'static str, value: impl ToString, style: FactStyle) -> Fact {
    Fact {
        name,
        value: value.to_string(),
        style,
    }
}

/// A fact that leads to a process.
fn process_fact(name: &'static str, trace: &Trace, process: ProcessIndex) -> Fact {
    let style = FactStyle::Link(Inspectable::Process(process.0));
    fact(name, trace.name(process), style)
}

/// An event as a line.
fn event_line(trace: &Trace, seq: u32) -> Option<CardLine> {
    let event = trace.get(seq)?;
    let process = event.process();
    let who = process.map_or_else(|| say("environment"), |process| trace.name(process));
    Some(CardLine {
        shape: LineShape::Nothing,
        t_us: Some(to_us(event.t_ns)),
        hue: process.map(|process| process.0),
        text: format!("{who} {}", log::sentence(trace, event)),
        state: "",
        target: Inspectable::Event(seq),
    })
}
