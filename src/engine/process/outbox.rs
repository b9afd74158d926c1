//! Messages that wait for an acknowledgement, and the memory of what was received: together they make an
//! unreliable link deliver each message that matters once in its effect.

use super::order::Mark;
use crate::engine::id::{MessageId, ProcessIndex};
use crate::engine::message::Body;
use crate::engine::sorted::{SortedMap, SortedSet};
use crate::engine::time::SECOND_NS;

/// The longest wait between two transmissions, in ns.
const RETRY_NS_MAX: u64 = SECOND_NS;

/// How many received messages a process remembers. A repetition follows its original within seconds,
/// so a few thousand messages later it cannot come any more.
const REMEMBERED_MAX: usize = 4096;

/// A message that was sent and not acknowledged.
#[derive(Clone, Debug)]
pub struct Pending {
    /// To whom.
    pub to: ProcessIndex,
    /// What.
    pub body: Body,
    /// What is on its envelope.
    pub mark: Option<Mark>,
    /// How often it may still be sent again; `None` for as often as it takes.
    pub repeats_left: Option<u8>,
    /// The wait before the next transmission, in ns; doubles each time.
    pub wait_ns: u64,
}

/// What one process has yet to hear about.
#[derive(Clone, Debug, Default)]
pub struct Outbox {
    pending: SortedMap<MessageId, Pending>,
}

impl Outbox {
    /// Remembers a message until it is acknowledged.
    pub fn insert(&mut self, original: MessageId, pending: Pending) {
        self.pending.insert(original, pending);
    }

    /// Forgets an acknowledged message; false if it was not waiting.
    pub fn acknowledge(&mut self, original: MessageId) -> bool {
        self.pending.remove(&original).is_some()
    }

    /// The message to transmit again now, and the wait before the transmission after that. Forgets one that
    /// was sent often enough.
    pub fn repeat(&mut self, original: MessageId) -> Option<Pending> {
        let pending = self.pending.get_mut(&original)?;
        match &mut pending.repeats_left {
            Some(0) => {
                self.pending.remove(&original);
                return None;
            }
            Some(left) => *left -= 1,
            None => {}
        }
        pending.wait_ns = (pending.wait_ns * 2).min(RETRY_NS_MAX);
        Some(pending.clone())
    }

    /// Forgets what `forget` picks, and returns its numbers.
    pub fn give_up(&mut self, mut forget: impl FnMut(&Pending) -> bool) -> Vec<MessageId> {
        let numbers: Vec<_> = self
            .pending
            .iter()
            .filter(|(_, pending)| forget(pending))
            .map(|(id, _)| *id)
            .collect();
        for number in &numbers {
            self.pending.remove(number);
        }
        numbers
    }

    /// Whether everything sent was acknowledged.
    pub fn is_empty(&self) -> bool {
        self.pending.is_empty()
    }

    /// What is waiting.
    pub fn iter(&self) -> impl Iterator<Item = (MessageId, &Pending)> {
        self.pending.iter().map(|(id, pending)| (*id, pending))
    }
}

/// The original numbers of messages received lately.
#[derive(Clone, Debug, Default)]
pub struct Received {
    numbers: SortedSet<MessageId>,
}

impl Received {
    /// Remembers a message; false if it was received before.
    pub fn insert(&mut self, original: MessageId) -> bool {
        let new = self.numbers.insert(original);
        if self.numbers.len() > REMEMBERED_MAX {
            self.numbers.drop_first(1);
        }
        new
    }
}
