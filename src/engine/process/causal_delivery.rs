//! Causal delivery of broadcasts (Birman, Schiper and Stephenson 1991), between a process and its links.
//!
//! Every broadcast carries a vector: how many broadcasts of each process its sender had delivered, and as its
//! own entry the broadcast's number. A receiver delivers it as the next of its sender, once it has delivered as
//! much of everybody else; until then it holds it back. Broadcasts to somebody who was away are not repeated for
//! ever: recovery's replies carry its vector beside the state that those broadcasts led to, so whoever takes the
//! state takes the vector with it.

use std::collections::VecDeque;
use std::rc::Rc;

use crate::clock::VectorClock;
use crate::id::ProcessIndex;
use crate::message::{Message, Payload};

/// What is written on the envelope of a message.
#[derive(Clone, Debug, PartialEq)]
pub enum CausalHeader {
    /// A broadcast, with its vector.
    Broadcast(Rc<VectorClock>),
    /// The state that these broadcasts led to.
    Snapshot(Rc<VectorClock>),
}

/// What a broadcast must wait for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Missing {
    /// The snapshot that a process begins with.
    Welcome,
    /// A broadcast of this process, by its number.
    Broadcast(ProcessIndex, u32),
}

/// The order of delivery at one process.
#[derive(Clone, Debug, Default)]
pub struct CausalDelivery {
    /// Broadcasts delivered by sender; the own entry counts those sent.
    delivered: Rc<VectorClock>,
    begun: bool,
    held: VecDeque<Message>,
}

impl CausalDelivery {
    /// It was there when the run began, so it has missed nothing.
    pub fn begin(&mut self) {
        self.begun = true;
    }

    /// A crash leaves nothing; what was held is for the world to drop.
    pub fn forget(&mut self) {
        self.delivered = Rc::default();
        self.begun = false;
    }

    /// The vector for the next broadcast of this process.
    pub fn next_broadcast(&mut self, own: ProcessIndex) -> CausalHeader {
        Rc::make_mut(&mut self.delivered).tick(own);
        CausalHeader::Broadcast(Rc::clone(&self.delivered))
    }

    /// The vector that belongs to the state of this process.
    pub fn snapshot(&self) -> CausalHeader {
        CausalHeader::Snapshot(Rc::clone(&self.delivered))
    }

    /// What a message must wait for; `None` if it can be delivered now.
    pub fn missing(&self, message: &Message) -> Option<Missing> {
        let Some(CausalHeader::Broadcast(vector)) = &message.mark else {
            return None;
        };
        if !self.begun {
            return Some(Missing::Welcome);
        }
        let from = message.from;
        if vector.get(from) <= self.delivered.get(from) {
            return None; // a repetition, or part of a snapshot
        }
        let lacks = |(process, count): (ProcessIndex, u32)| {
            let needed = if process == from { count - 1 } else { count };
            let next = self.delivered.get(process) + 1;
            (needed >= next).then_some(Missing::Broadcast(process, next))
        };
        vector.entries().find_map(lacks)
    }

    /// A message is delivered: what it brings is known from now on.
    pub fn deliver(&mut self, message: &Message) {
        let Some(CausalHeader::Broadcast(vector) | CausalHeader::Snapshot(vector)) = &message.mark
        else {
            return;
        };
        // A new life begins with its welcome, not with a reply to an earlier one.
        self.begun |= matches!(message.body, Payload::Welcome { .. });
        if !self.begun {
            return;
        }
        // What a delivered broadcast depends on was delivered before it, so this raises its sender's entry only.
        Rc::make_mut(&mut self.delivered).merge(vector, &mut Vec::new());
    }

    /// Holds a message back.
    pub fn hold(&mut self, message: Message) {
        self.held.push_back(message);
    }

    /// Takes the first held message that can be delivered now.
    pub fn release(&mut self) -> Option<Message> {
        let ready = |message: &Message| self.missing(message).is_none();
        let place = self.held.iter().position(ready)?;
        self.held.remove(place)
    }

    /// Takes everything that is held.
    pub fn take_held(&mut self) -> VecDeque<Message> {
        std::mem::take(&mut self.held)
    }

    /// What is held, as it arrived.
    pub fn held(&self) -> impl Iterator<Item = &Message> {
        self.held.iter()
    }
}
