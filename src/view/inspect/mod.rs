//! The inspector's cards for processes, jobs and events: the same kind of card for all three, so that students have to
//! learn only one.

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

/// Something that can be inspected, and so the target of a link: written as `e211`, `j9`, `p4`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Inspectable {
    /// By its index in the trace. A message is identified by its send.
    Event(u32),
    /// By its number.
    Job(u32),
    /// By its index.
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
    /// Parses a link's target.
    pub fn parse(text: &str) -> Option<Inspectable> {
        let number = text.get(1..)?.parse().ok()?;
        match text.as_bytes().first()? {
            b'e' => Some(Inspectable::Event(number)),
            b'j' => Some(Inspectable::Job(number)),
            b'p' => Some(Inspectable::Process(u16::try_from(number).ok()?)),
            _ => None,
        }
    }
}

/// How a fact is displayed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FactStyle {
    /// As text.
    Plain,
    /// With a health symbol.
    Health(Health),
    /// Ground truth: no process can see this, only the user.
    GroundTruth,
    /// As a level's badge.
    Badge(Level),
    /// As a link.
    Link(Inspectable),
}

#[derive(Clone, Debug, PartialEq)]
pub struct Fact {
    pub name: &'static str,
    pub value: String,
    pub style: FactStyle,
}

/// The symbol beside a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LineShape {
    Nothing,
    /// A circle.
    Normal,
    /// A diamond in the colour of a level.
    Emergency(Level),
    /// Two bars.
    Paused,
}

/// A line with a link.
#[derive(Clone, Debug, PartialEq)]
pub struct CardLine {
    pub shape: LineShape,
    /// In µs; `None` for the current state.
    pub t_us: Option<u64>,
    /// Index of the process whose colour it has.
    pub hue: Option<u16>,
    pub text: String,
    /// A word at the end of the line; may be empty.
    pub state: &'static str,
    /// The target of the link.
    pub target: Inspectable,
}

/// Lines under a heading.
#[derive(Clone, Debug, PartialEq)]
pub struct Section {
    pub title: &'static str,
    pub lines: Vec<CardLine>,
    /// Number of lines that aren't listed.
    pub more: usize,
    /// Text shown if there are no lines; if it is empty too, the section is left out.
    pub empty: &'static str,
}

/// A labelled vector clock.
#[derive(Clone, Debug, PartialEq)]
pub struct Strip {
    /// "before", "received", "after"; empty for a single clock.
    pub label: &'static str,
    pub clock: ClockStrip,
}

/// Everything that the inspector shows about one object.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Card {
    /// The untranslated "process", "job" or "event"; `say` translates it.
    pub kind: &'static str,
    pub title: String,
    /// What it is and where, in a few words.
    pub subtitle: String,
    /// Index of the process whose colour it has.
    pub hue: Option<u16>,
    /// What happened, for an event; empty otherwise.
    pub summary: String,
    /// Reasons, one sentence each.
    pub why: Vec<String>,
    pub facts: Vec<Fact>,
    pub strips: Vec<Strip>,
    /// What the clocks show, in a sentence; may be empty.
    pub rule: String,
    pub sections: Vec<Section>,
}

/// Builds cards, and caches what is expensive to find.
#[derive(Debug, Default)]
pub struct Inspection {
    history: Option<JobHistory>,
    clocks: Option<event::CachedStep>,
}

impl Inspection {
    /// The card of an object; `None` if the run doesn't contain it.
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

/// A vector clock as a strip.
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

/// A fact that links to a process.
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
