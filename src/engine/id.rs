//! Names and numbers of the things in a run.

use std::fmt;

use serde::{Serialize, Serializer};

use crate::language::Sentence;
use crate::mark;

/// A process by its place in the fixed order: system, coordinators, recovery, executors as they joined.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ProcessIndex(pub u16);

impl ProcessIndex {
    /// The system, single entry point of every command.
    pub const SYSTEM: ProcessIndex = ProcessIndex(0);

    /// As an index into a list of all processes.
    pub fn index(self) -> usize {
        usize::from(self.0)
    }
}

/// A job by its number, counted from 1 in the order of submission.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct JobId(pub u32);

/// An emergency by its number, counted from 1 in the order of declaration.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EmergencyId(pub u32);

/// A message by its number, counted from 1 in the order of sending; a retransmission has its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MessageId(pub u32);

impl fmt::Display for JobId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "job-{}", self.0)
    }
}

impl fmt::Display for EmergencyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "emergency-{}", self.0)
    }
}

impl Serialize for JobId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl Serialize for EmergencyId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// Holds a name chosen by a person to what every view and export can show.
///
/// # Errors
/// Says what is wrong with a name that is empty, longer than `length_max` characters, or has
/// anything but lower-case ASCII letters, digits, `-` and `_`.
pub fn check_name(name: &str, length_max: usize) -> Result<(), Sentence> {
    if name.is_empty() {
        return Err(Sentence::new(
            mark!("a name needs at least one character"),
            &[],
        ));
    }
    if name.chars().count() > length_max {
        return Err(Sentence::new(
            mark!("\"{name}\" is longer than {most} characters"),
            &[("name", &name), ("most", &length_max)],
        ));
    }
    let odd = name
        .chars()
        .find(|c| !(c.is_ascii_lowercase() || c.is_ascii_digit() || "-_".contains(*c)));
    match odd {
        Some(odd) => Err(Sentence::new(
            mark!("\"{name}\" has \"{odd}\": use lower-case letters, digits, - and _"),
            &[("name", &name), ("odd", &odd)],
        )),
        None => Ok(()),
    }
}
