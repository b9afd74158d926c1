//! Messages that wait for an acknowledgement, and the memory of what was received: together they make an
//! unreliable link deliver each message that matters once in its effect.

use super::causal_delivery::CausalHeader;
use crate::id::{MessageId, ProcessIndex};
use crate::message::Payload;
use crate::sorted::{SortedMap, SortedSet};
use crate::time::SECOND_NS;

/// The longest wait between two transmissions, in ns.
const RETRY_NS_MAX: u64 = SECOND_NS;

/// How many received messages a process remembers. A repetition follows its original within seconds,
/// so a few thousand messages later it cannot come any more.
const REMEMBERED_MAX: usize = 4096;

/// A message that was sent and not acknowledged.
#[derive(Clone, Debug, PartialEq)]
pub struct Pending {
    /// To whom.
    pub to: ProcessIndex,
    /// What.
    pub body: Payload,
    /// What is on its envelope.
    pub mark: Option<CausalHeader>,
    /// How often it may still be sent again; `None` for as often as it takes.
    pub repeats_left: Option<u8>,
    /// How often it was sent again.
    pub repeats: u16,
    /// The wait before the next transmission, in ns; doubles each time.
    pub wait_ns: u64,
}

/// What one process has yet to hear about.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Outbox {
    pending: SortedMap<MessageId, Pending>,
}

impl Outbox {
    /// Remembers a message until it is acknowledged.
    pub fn insert(&mut self, original: MessageId, pending: Pending) {
        self.pending.insert(original, pending);
    }

    /// Forgets messages that are not repeated any more.
    pub fn forget(&mut self, originals: &[MessageId]) {
        for original in originals {
            self.pending.remove(original);
        }
    }

    /// Counts one more transmission of a message, and forgets one that was sent often enough.
    pub fn repeat(&mut self, original: MessageId) {
        let Some(pending) = self.pending.get_mut(&original) else {
            return;
        };
        match &mut pending.repeats_left {
            Some(0) => {
                self.pending.remove(&original);
                return;
            }
            Some(left) => *left -= 1,
            None => {}
        }
        pending.repeats = pending.repeats.saturating_add(1);
        pending.wait_ns = (pending.wait_ns * 2).min(RETRY_NS_MAX);
    }

    /// A message that waits.
    pub fn get(&self, original: MessageId) -> Option<&Pending> {
        self.pending.get(&original)
    }

    /// The numbers of those that `pick` picks.
    pub fn numbers(&self, mut pick: impl FnMut(&Pending) -> bool) -> Vec<MessageId> {
        let picked = self.pending.iter().filter(|(_, pending)| pick(pending));
        picked.map(|(id, _)| *id).collect()
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
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Received {
    numbers: SortedSet<MessageId>,
}

impl Received {
    /// Remembers a message.
    pub fn insert(&mut self, original: MessageId) {
        self.numbers.insert(original);
        if self.numbers.len() > REMEMBERED_MAX {
            self.numbers.drop_first(1);
        }
    }

    /// Whether it was received before.
    pub fn contains(&self, original: MessageId) -> bool {
        self.numbers.contains(&original)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pending(repeats_left: Option<u8>) -> Pending {
        Pending {
            to: ProcessIndex(1),
            body: Payload::Drained,
            mark: None,
            repeats_left,
            repeats: 0,
            wait_ns: 300_000_000,
        }
    }

    #[test]
    fn waits_double_up_to_the_longest_and_a_bounded_message_is_repeated_so_often_and_then_forgotten()
     {
        let (bounded, endless) = (MessageId(1), MessageId(2));
        let mut outbox = Outbox::default();
        outbox.insert(bounded, pending(Some(3)));
        outbox.insert(endless, pending(None));
        for (repeats, wait_ns) in [(1, 600_000_000), (2, RETRY_NS_MAX), (3, RETRY_NS_MAX)] {
            for original in [bounded, endless] {
                outbox.repeat(original);
                let pending = outbox.get(original).unwrap();
                assert_eq!((pending.repeats, pending.wait_ns), (repeats, wait_ns));
            }
        }
        outbox.repeat(bounded);
        outbox.repeat(endless);
        let left: Vec<MessageId> = outbox.iter().map(|(id, _)| id).collect();
        assert_eq!(left, [endless]);
        assert_eq!(outbox.numbers(|_| true), left);
        assert!(!outbox.is_empty());
        outbox.forget(&left);
        assert!(outbox.is_empty());
    }

    #[test]
    fn as_many_messages_are_remembered_as_promised_and_the_oldest_is_forgotten_first() {
        let mut received = Received::default();
        let last = REMEMBERED_MAX as u32 + 1;
        for number in 1..=last {
            received.insert(MessageId(number));
        }
        assert!(!received.contains(MessageId(1)));
        assert!((2..=last).all(|number| received.contains(MessageId(number))));
    }
}
