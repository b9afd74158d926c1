//! The mail of a process: what waits for an acknowledgement and what was received. A coordinator and recovery keep
//! it in their log (a transactional outbox), in the same step as the change of state that a message brought or led
//! to, so that a crash neither forgets a message that was due nor lets one have its effect twice.

use super::log::Logged;
use super::outbox::{Outbox, Pending, Received};
use crate::id::MessageId;

/// What one process has sent and received.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Mailbox {
    /// What it sent and nobody acknowledged.
    pub outbox: Outbox,
    /// Original numbers of what it acknowledged.
    pub received: Received,
    /// Numbers of messages that need no acknowledgement and that a link delivers twice.
    pub copies: Received,
}

/// A change of the mail.
#[derive(Clone, Debug)]
pub enum MailboxEntry {
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

impl Logged for Mailbox {
    type Entry = MailboxEntry;

    fn apply(&mut self, note: MailboxEntry) {
        match note {
            MailboxEntry::Sent(original, pending) => self.outbox.insert(original, pending),
            MailboxEntry::Repeated(original) => self.outbox.repeat(original),
            MailboxEntry::Acknowledged(original) => self.outbox.forget(&[original]),
            MailboxEntry::GivenUp(originals) => self.outbox.forget(&originals),
            MailboxEntry::Received(original) => self.received.insert(original),
            MailboxEntry::Copied(id) => self.copies.insert(id),
        }
    }
}
