//! What another system has recorded: a log whose events carry vector clocks. A world can be made of it, which
//! repeats it event by event and takes no commands; so everything that is known of runs applies to logs too.

use std::rc::Rc;

use super::id::ProcessIndex;

/// The distance of two events on the common axis, in ns: a log has no common time, only an order.
pub const SPACING_NS: u64 = 1_000_000;

/// What an event of a log says, as it stands there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Logged {
    /// Its words.
    pub text: Rc<str>,
    /// Where it stands in the file, from 1.
    pub line: u32,
    /// What else is said of it: names and values.
    pub fields: Vec<(Rc<str>, Rc<str>)>,
    /// Process and place of further events that it received from, beside the one that its form names.
    pub more_causes: Vec<(ProcessIndex, u32)>,
}

/// An event of a log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogEvent {
    /// Where.
    pub process: ProcessIndex,
    /// What it received, if anything: from whom, and the place of that event in the log.
    pub cause: Option<(ProcessIndex, u32)>,
    /// What it says.
    pub logged: Rc<Logged>,
    /// Place of the last event that has it as a cause.
    pub last_effect: Option<u32>,
}

/// A log, in an order in which every cause comes before its effects.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Log {
    /// The processes by name.
    pub hosts: Vec<Rc<str>>,
    /// What happened.
    pub events: Vec<LogEvent>,
}
