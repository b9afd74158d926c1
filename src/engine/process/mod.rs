//! The processes. They share no memory: a handler sees its own state and one message or timer, and returns
//! effects that only the world applies.

use super::id::{MessageId, ProcessIndex};
use super::message::Payload;
use super::record::{Attempt, Record, Subject};
use crate::message::Ignored;
use crate::policy::delivery::EmergencyDelivery;

pub mod causal_delivery;
pub mod coordinator;
pub mod executor;
pub mod gossip;
mod heartbeat_window;
pub mod ledger;
pub mod log;
pub mod mailbox;
mod member;
pub mod outbox;
pub mod recovery;
pub mod system;

/// Something a process asked to be reminded of. Setting it again replaces it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Timer {
    /// Executor: the next heartbeat.
    Heartbeat,
    /// Executor: a running job is done.
    Completion(Attempt),
    /// Recovery: an executor's silence gets worse.
    Silence(ProcessIndex),
    /// Recovery: failures were held for long enough.
    Hold,
    /// Anyone: the message first sent under this number was not acknowledged in time.
    Retry(MessageId),
    /// Coordinator: the next round of gossip.
    Gossip,
}

/// How much a message matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Delivery {
    /// Sent once.
    Once,
    /// Repeated until acknowledged.
    Acknowledged,
    /// Repeated until acknowledged, but not for ever: who is away for longer learns of it in another way.
    Bounded,
    /// Repeated until acknowledged, and an earlier one with the same `what` to the same receiver is not repeated any more.
    Superseding,
}

/// What a handler wants done, in this order.
#[derive(Clone, Debug)]
pub enum Effect {
    /// A local event.
    Record(Record),
    /// A message.
    Send(ProcessIndex, Payload, Delivery),
    /// One broadcast, with what each receiver gets of it and how.
    Broadcast(Vec<(ProcessIndex, Payload, Delivery)>),
    /// A reminder, so many ns from now.
    Set(Timer, u64),
    /// No reminder.
    Cancel(Timer),
    /// Whatever waits for this receiver's acknowledgement is not repeated any more.
    GiveUp(ProcessIndex),
    /// The process ends for good.
    Leave,
}

/// The effects of one handler call.
#[derive(Clone, Debug, Default)]
pub struct Effects {
    /// How the receipt is recorded; `None` for the plain `message_received`.
    pub receipt: Option<Record>,
    /// If the receipt changed nothing: why.
    pub ignored: Option<Ignored>,
    /// In this order.
    pub list: Vec<Effect>,
}

impl Effects {
    /// Nothing to do but to record that the message was ignored.
    pub fn ignore(why: Ignored) -> Self {
        Effects {
            ignored: Some(why),
            ..Effects::default()
        }
    }

    /// Adds a local event.
    pub fn record(&mut self, record: Record) {
        self.list.push(Effect::Record(record));
    }

    /// Adds an acknowledged message.
    pub fn send(&mut self, to: ProcessIndex, body: Payload) {
        self.list
            .push(Effect::Send(to, body, Delivery::Acknowledged));
    }

    /// Adds a message that is sent once.
    pub fn send_once(&mut self, to: ProcessIndex, body: Payload) {
        self.list.push(Effect::Send(to, body, Delivery::Once));
    }

    /// The record of the receipt of `body`.
    pub fn receipt_of(&self, body: &Payload) -> Record {
        let plain = || Record::MessageReceived(body.what(), Subject::of(body), self.ignored);
        self.receipt.clone().unwrap_or_else(plain)
    }
}

/// What every handler may know beside its own state.
#[derive(Clone, Copy, Debug)]
pub struct Context {
    /// Now, in ns. A process uses it only to measure spans on its own: no two processes compare it.
    pub now_ns: u64,
    /// How many coordinators there are.
    pub coordinators: u16,
    /// How an emergency is announced.
    pub emergency_delivery: EmergencyDelivery,
}

impl Context {
    /// The coordinators, in order.
    pub fn coordinators(&self) -> impl Iterator<Item = ProcessIndex> + use<> {
        (1..=self.coordinators).map(ProcessIndex)
    }

    /// The recovery manager.
    pub fn recovery(&self) -> ProcessIndex {
        ProcessIndex(self.coordinators + 1)
    }
}
