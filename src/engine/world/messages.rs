//! How messages travel and timers ring, and what comes of it.

use std::rc::Rc;

use super::{Role, Scheduled, Status, World};
use crate::clock::Stamp;
use crate::id::{MessageId, ProcessIndex};
use crate::message::{Ignored, Loss, Message, Payload};
use crate::process::causal_delivery::{CausalHeader, Missing};
use crate::process::mailbox::MailboxEntry;
use crate::process::{Effects, Timer};
use crate::record::{ClockForged, Held, Record, Refused, Subject};
use crate::trace::{Form, Recorder};

/// How many more events of its receiver than there are a forged clock claims: more than happen on its way.
const FORGED_EVENTS: u32 = 1_000_000;

impl World {
    pub(super) fn arrive(&mut self, id: MessageId, recorder: &mut dyn Recorder) {
        let Some(message) = self.network.take(id) else {
            return;
        };
        if message.cut || self.network.is_cut(message.from, message.to) {
            return self.drop_message(&message, Loss::Partition, recorder);
        }
        if message.lost {
            return self.drop_message(&message, Loss::Link, recorder);
        }
        match &mut self.processes[message.to.index()].status {
            Status::Up => self.take_in(message, recorder),
            Status::Hung { .. } => self.processes[message.to.index()].held.push_back(message),
            Status::Crashed => self.drop_message(&message, Loss::Crashed, recorder),
            Status::Left => self.drop_message(&message, Loss::Removed, recorder),
        }
    }

    pub(super) fn drop_message(
        &mut self,
        message: &Message,
        reason: Loss,
        recorder: &mut dyn Recorder,
    ) {
        let dropped = Record::MessageDropped(message.from, message.to, reason);
        self.record_environment(Some(message.id), dropped, recorder);
    }

    /// Delivers a message and what waited for it, or holds it back until its turn.
    pub(super) fn take_in(&mut self, message: Message, recorder: &mut dyn Recorder) {
        let to = message.to;
        if self.is_forged(&message) {
            return self.refuse(&message, recorder);
        }
        if let Some(missing) = self.processes[to.index()].order.missing(&message) {
            return self.hold(message, missing, recorder);
        }
        self.receive(message, true, recorder);
        // It may have left for good on one of them.
        while matches!(self.processes[to.index()].status, Status::Up)
            && let Some(message) = self.processes[to.index()].order.release()
        {
            self.receive(message, false, recorder);
        }
    }

    /// Nobody knows more of a process's own events than it has had.
    fn is_forged(&self, message: &Message) -> bool {
        let (claimed, had) = self.claim(message);
        claimed > had
    }

    /// How many of the receiver's own events a message claims to know, and how many there were.
    fn claim(&self, message: &Message) -> (u32, u32) {
        let to = message.to;
        let own = &self.processes[to.index()].clocks;
        (message.stamp.vector.get(to), own.stamp().vector.get(to))
    }

    /// Nothing of it is believed: no clock is merged, nothing is acknowledged, so the true message is repeated if it
    /// matters.
    fn refuse(&mut self, message: &Message, recorder: &mut dyn Recorder) {
        let (claimed, had) = self.claim(message);
        let refused = Refused {
            what: message.body.what(),
            subject: Subject::of(&message.body),
            claimed,
            had,
        };
        let form = Form::Receipt {
            from: message.from,
            message: message.id,
            cause: message.send_seq,
        };
        let record = Record::MessageRefused(Box::new(refused));
        self.record(message.to, form, record, None, recorder);
    }

    /// It is acknowledged all the same: it has arrived, and a repetition would not help.
    fn hold(&mut self, message: Message, missing: Missing, recorder: &mut dyn Recorder) {
        let (to, from, original) = (message.to, message.from, message.original);
        let held = Held {
            message: message.id,
            from,
            what: message.body.what(),
            missing,
        };
        // First of all, for its stamp must not be forgotten.
        self.processes[to.index()].order.hold(message);
        let record = Record::MessageHeld(Box::new(held));
        self.record(to, Form::Local, record, None, recorder);
        let body = Payload::Acknowledgement(original);
        self.transmit(to, from, body, None, None, recorder);
    }

    fn receive(&mut self, message: Message, acknowledge: bool, recorder: &mut dyn Recorder) {
        let to = message.to;
        let context = self.context();
        let process = &mut self.processes[to.index()];
        process.order.deliver(&message);
        let (note, repeated) = if message.acknowledged {
            let seen = process.mail.received.contains(message.original);
            (Some(MailboxEntry::Received(message.original)), seen)
        } else {
            let seen = process.mail.copies.contains(message.id);
            (
                message.doubled.then_some(MailboxEntry::Copied(message.id)),
                seen,
            )
        };
        if let Some(note) = note
            && !repeated
        {
            process.mail.write(note);
        }
        let mut effects = if repeated {
            Effects::ignore(Ignored::ReceivedBefore)
        } else if let Payload::Acknowledgement(original) = message.body {
            let known = process.mail.outbox.get(original).is_some();
            process.timers.remove(&Timer::Retry(original));
            if known {
                process.mail.write(MailboxEntry::Acknowledged(original));
                match &mut process.role {
                    Role::System(system) => system.answered(message.from),
                    _ => Effects::default(),
                }
            } else {
                Effects::ignore(Ignored::AcknowledgedBefore)
            }
        } else {
            match &mut process.role {
                Role::System(system) => system.receive(&message.body),
                Role::Coordinator(coordinator) => {
                    coordinator.receive(context, message.from, &message.body)
                }
                Role::Recovery(recovery) => recovery.receive(context, message.from, &message.body),
                Role::Executor(executor) => executor.receive(context, &message.body),
                Role::Host => Effects::default(),
            }
        };
        let record = effects.receipt_of(&message.body);
        let form = Form::Receipt {
            from: message.from,
            message: message.id,
            cause: message.send_seq,
        };
        self.record(to, form, record, Some(&message), recorder);
        if message.acknowledged && acknowledge {
            let body = Payload::Acknowledgement(message.original);
            self.transmit(to, message.from, body, None, None, recorder);
        }
        self.perform(to, std::mem::take(&mut effects.list), recorder);
        self.settle(to, recorder);
    }

    /// A draining executor has one more thing to say once nothing waits to be acknowledged.
    pub(super) fn settle(&mut self, index: ProcessIndex, recorder: &mut dyn Recorder) {
        let context = self.context();
        let process = &mut self.processes[index.index()];
        if let Role::Executor(executor) = &mut process.role
            && executor.draining
            && process.mail.outbox.is_empty()
            && matches!(process.status, Status::Up)
        {
            let effects = executor.all_acknowledged(context);
            self.perform(index, effects.list, recorder);
        }
    }

    pub(super) fn ring(
        &mut self,
        index: ProcessIndex,
        timer: Timer,
        generation: u64,
        recorder: &mut dyn Recorder,
    ) {
        let context = self.context();
        let process = &mut self.processes[index.index()];
        if process
            .timers
            .get(&timer)
            .is_none_or(|(_, current)| *current != generation)
        {
            return; // replaced or cancelled since
        }
        process.timers.remove(&timer);
        let effects = match (&mut process.role, timer) {
            (_, Timer::Retry(original)) => return self.retry(index, original, recorder),
            (Role::Executor(executor), Timer::Heartbeat) => executor.heartbeat(context),
            (Role::Executor(executor), Timer::Completion(attempt)) => {
                executor.complete(context, attempt)
            }
            (Role::Coordinator(coordinator), Timer::Gossip) => coordinator.round(context),
            (Role::Recovery(recovery), Timer::Silence(executor)) => {
                recovery.silence(context, executor)
            }
            (Role::Recovery(recovery), Timer::Hold) => recovery.hold_is_over(context),
            _ => return,
        };
        self.perform(index, effects.list, recorder);
    }

    pub(super) fn retry(
        &mut self,
        index: ProcessIndex,
        original: MessageId,
        recorder: &mut dyn Recorder,
    ) {
        let mail = &mut self.processes[index.index()].mail;
        mail.write(MailboxEntry::Repeated(original));
        let Some(pending) = mail.outbox.get(original).cloned() else {
            return; // sent often enough
        };
        let is_job = matches!(pending.body, Payload::SubmitJob(_));
        let (to, body, mark) = (pending.to, pending.body, pending.mark);
        self.transmit(index, to, body, mark, Some(original), recorder);
        self.set_timer(index, Timer::Retry(original), pending.wait_ns);
        let context = self.context();
        if let Role::System(system) = &mut self.processes[index.index()].role
            && is_job
        {
            let effects = system.unanswered(context, to, pending.repeats);
            self.perform(index, effects.list, recorder);
        }
    }

    /// Records a send and puts the message on its way; returns its number.
    pub(super) fn transmit(
        &mut self,
        from: ProcessIndex,
        to: ProcessIndex,
        body: Payload,
        mark: Option<CausalHeader>,
        retry_of: Option<MessageId>,
        recorder: &mut dyn Recorder,
    ) -> MessageId {
        self.messages_sent += 1;
        let id = MessageId(self.messages_sent);
        let record = match retry_of {
            Some(_) => Record::MessageSent(body.what(), Subject::of(&body)),
            None => Record::of_send(&body, to),
        };
        let send_seq = recorder.count();
        self.record(
            from,
            Form::Send {
                to,
                message: id,
                retry_of,
            },
            record,
            None,
            recorder,
        );
        let (sender, receiver) = (
            self.processes[from.index()].end(from),
            self.processes[to.index()].end(to),
        );
        let fate = self.network.fate(self.now_ns, sender, receiver);
        let mut stamp = Rc::clone(self.processes[from.index()].clocks.stamp());
        let forged = self.network.take_forgery(from, to);
        if forged {
            let had = self.processes[to.index()].clocks.stamp().vector.get(to);
            let forgery: &mut Stamp = Rc::make_mut(&mut stamp);
            forgery.vector.claim(to, had.saturating_add(FORGED_EVENTS));
        }
        self.network.insert(Message {
            id,
            original: retry_of.unwrap_or(id),
            acknowledged: !body.is_background(),
            from,
            to,
            body,
            stamp,
            send_seq,
            sent_ns: self.now_ns,
            due_ns: fate.due_ns,
            mark,
            cut: self.network.is_cut(from, to),
            lost: fate.lost,
            doubled: fate.again_ns.is_some(),
            again_ns: fate.again_ns,
        });
        self.queue.schedule(fate.due_ns, Scheduled::Deliver(id));
        if let Some(again_ns) = fate.again_ns {
            self.queue.schedule(again_ns, Scheduled::Deliver(id));
        }
        if forged {
            let done = Record::ClockForged(ClockForged {
                from,
                to,
                done: true,
            });
            self.record_environment(None, done, recorder);
        }
        id
    }
}
