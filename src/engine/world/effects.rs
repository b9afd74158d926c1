//! Effects of handlers, applied.

use super::{Scheduled, Status, World};
use crate::id::ProcessIndex;
use crate::message::{Loss, Payload};
use crate::policy::delivery::EmergencyDelivery;
use crate::process::causal_delivery::CausalHeader;
use crate::process::log::Durable;
use crate::process::mailbox::MailboxEntry;
use crate::process::outbox::Pending;
use crate::process::{Delivery, Effect, Timer};
use crate::trace::{Form, Recorder};

/// How often a message that need not arrive is sent again: for longer than it takes to be taken for failed.
const BOUNDED_REPEATS: u8 = 10;

impl World {
    pub(crate) fn perform(
        &mut self,
        index: ProcessIndex,
        effects: Vec<Effect>,
        recorder: &mut dyn Recorder,
    ) {
        for effect in effects {
            match effect {
                Effect::Record(record) => self.record(index, Form::Local, record, None, recorder),
                Effect::Send(to, body, delivery) => {
                    let mark = self.snapshot_for(index, &body);
                    self.send(index, to, body, delivery, mark, recorder);
                }
                Effect::Broadcast(list) => self.broadcast(index, list, recorder),
                Effect::Set(timer, after_ns) => self.set_timer(index, timer, after_ns),
                Effect::Cancel(timer) => {
                    let process = &mut self.processes[index.index()];
                    process.timers.remove(&timer);
                    if let Status::Hung { timers, .. } = &mut process.status {
                        timers.remove(&timer);
                    }
                }
                Effect::GiveUp(to) => self.give_up(index, |pending| pending.to == to),
                Effect::Leave => {
                    let process = &mut self.processes[index.index()];
                    process.status = Status::Left;
                    process.mail = Durable::volatile();
                    process.timers.clear();
                    for message in process.order.take_held() {
                        self.drop_message(&message, Loss::Removed, recorder);
                    }
                }
            }
        }
    }

    pub(super) fn send(
        &mut self,
        from: ProcessIndex,
        to: ProcessIndex,
        body: Payload,
        delivery: Delivery,
        mark: Option<CausalHeader>,
        recorder: &mut dyn Recorder,
    ) {
        if delivery == Delivery::Superseding {
            let what = body.what();
            self.give_up(from, |pending| {
                pending.to == to && pending.body.what() == what
            });
        }
        if delivery == Delivery::Once {
            self.transmit(from, to, body, mark, None, recorder);
            return;
        }
        let id = self.transmit(from, to, body.clone(), mark.clone(), None, recorder);
        let (sender, receiver) = (
            self.processes[from.index()].end(from),
            self.processes[to.index()].end(to),
        );
        let wait_ns = self.network.patience_ns(sender, receiver);
        let pending = Pending {
            to,
            body,
            mark,
            repeats: 0,
            repeats_left: (delivery == Delivery::Bounded).then_some(BOUNDED_REPEATS),
            wait_ns,
        };
        self.processes[from.index()]
            .mail
            .write(MailboxEntry::Sent(id, pending));
        self.set_timer(from, Timer::Retry(id), wait_ns);
    }

    /// Sends everybody their part of one broadcast, all with one number.
    fn broadcast(
        &mut self,
        index: ProcessIndex,
        list: Vec<(ProcessIndex, Payload, Delivery)>,
        recorder: &mut dyn Recorder,
    ) {
        let mark = self
            .orders_causally()
            .then(|| self.processes[index.index()].order.next_broadcast(index));
        for (to, body, delivery) in list {
            self.send(index, to, body, delivery, mark.clone(), recorder);
        }
    }

    /// Recovery's state travels with the broadcasts that led to it.
    fn snapshot_for(&self, index: ProcessIndex, body: &Payload) -> Option<CausalHeader> {
        let carries_state = matches!(
            body,
            Payload::HeartbeatReply { .. } | Payload::Welcome { .. }
        );
        let order = &self.processes[index.index()].order;
        (carries_state && self.orders_causally()).then(|| order.snapshot())
    }

    fn orders_causally(&self) -> bool {
        self.setup.configuration.emergency_delivery == EmergencyDelivery::Causal
    }

    pub(super) fn give_up(&mut self, index: ProcessIndex, forget: impl FnMut(&Pending) -> bool) {
        let process = &mut self.processes[index.index()];
        let numbers = process.mail.outbox.numbers(forget);
        for original in &numbers {
            process.timers.remove(&Timer::Retry(*original));
        }
        if !numbers.is_empty() {
            process.mail.write(MailboxEntry::GivenUp(numbers));
        }
    }

    pub(super) fn set_timer(&mut self, index: ProcessIndex, timer: Timer, after_ns: u64) {
        let process = &mut self.processes[index.index()];
        if let Status::Hung { timers, .. } = &mut process.status {
            timers.insert(timer, after_ns);
            return;
        }
        self.timers_set += 1;
        let due_ns = self.now_ns.saturating_add(after_ns);
        process.timers.insert(timer, (due_ns, self.timers_set));
        self.queue
            .schedule(due_ns, Scheduled::Timer(index, timer, self.timers_set));
    }

    /// Whether a scheduled timer will still ring.
    pub(crate) fn is_current(&self, index: ProcessIndex, timer: Timer, generation: u64) -> bool {
        let set = self.processes[index.index()].timers.get(&timer);
        set.is_some_and(|(_, current)| *current == generation)
    }
}
