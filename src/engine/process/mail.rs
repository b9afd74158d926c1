//! The mail of a process: what waits for an acknowledgement and what was received. A coordinator and recovery keep
//! it in their log (a transactional outbox), in the same step as the change of state that a message brought or led
//! to, so that a crash neither forgets a message that was due nor lets one have its effect twice.

use super::log::Logged;
use super::outbox::{Outbox, Pending, Received};
use crate::engine::id::MessageId;

/// What one process has sent and received.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Mail {
    /// What it sent and nobody acknowledged.
    pub outbox: Outbox,
    /// Original numbers of what it acknowledged.
    pub received: Received,
    /// Numbers of messages that need no acknowledgement and that a link delivers twice.
    pub copies: Received,
}

/// A change of the mail.
#[derive(Clone, Debug)]
pub enum Note {
    /// A message goes out and waits for its acknowledgement.
    Sent(MessageId, Pending),
    /// It goes out again.
    Repeated(MessageId),
    /// It was acknowledged.
    Acknowledged(MessageId),
    /// These are not repeated any more.
    GivenUp(Vec<MessageId>),
    /// A message came that is acknowledged.
    Received(MessageId),
    /// The first copy came of a message that is not.
    Copied(MessageId),
}

impl Logged for Mail {
    type Entry = Note;

    fn apply(&mut self, note: Note) {
        match note {
            Note::Sent(original, pending) => self.outbox.insert(original, pending),
            Note::Repeated(original) => self.outbox.repeat(original),
            Note::Acknowledged(original) => self.outbox.forget(&[original]),
            Note::GivenUp(originals) => self.outbox.forget(&originals),
            Note::Received(original) => self.received.insert(original),
            Note::Copied(id) => self.copies.insert(id),
        }
    }
}
