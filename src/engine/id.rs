//! Names and numbers of the things in a run.

use std::fmt;

use serde::{Serialize, Serializer};

use super::bounds::Violation;

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

/// A name chosen by a person, in characters at most.
pub const NAME_CHARACTERS_MAX: usize = 40;

/// Holds a name chosen by a person to what every view and export can show.
///
/// # Errors
/// A name that is empty, longer than 40 characters, or has anything but lower-case ASCII letters, digits, `-` and `_`.
pub fn check_name(name: &str) -> Result<(), Violation> {
    if name.is_empty() {
        Err(Violation::NameEmpty)
    } else if name.chars().count() > NAME_CHARACTERS_MAX {
        Err(Violation::NameTooLong(name.into()))
    } else if odd_character(name).is_some() {
        Err(Violation::NameCharacter(name.into()))
    } else {
        Ok(())
    }
}

/// The first character that no name may have.
pub fn odd_character(name: &str) -> Option<char> {
    name.chars()
        .find(|c| !(c.is_ascii_lowercase() || c.is_ascii_digit() || "-_".contains(*c)))
}
