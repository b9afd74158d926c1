//! What happens is recorded, each event with the clocks of its process.

use std::rc::Rc;

use super::World;
use crate::clock::Stamp;
use crate::id::{MessageId, ProcessIndex};
use crate::message::Message;
use crate::record::Record;
use crate::trace::{Event, Form, Recorder};

impl World {
    pub(crate) fn record_environment(
        &mut self,
        message: Option<MessageId>,
        record: Record,
        recorder: &mut dyn Recorder,
    ) {
        self.offer_clocks(None, recorder);
        recorder.event(Event::environment(self.now_ns, message, record));
    }

    pub(crate) fn record(
        &mut self,
        index: ProcessIndex,
        form: Form,
        record: Record,
        received: Option<&Message>,
        recorder: &mut dyn Recorder,
    ) {
        self.offer_clocks(received, recorder);
        let now_ns = self.now_ns;
        let clocks = &mut self.processes[index.index()].clocks;
        match received {
            Some(message) => clocks.receive(index, now_ns, &message.stamp),
            None => clocks.tick(index, now_ns),
        }
        recorder.event(Event::new(now_ns, index, form, record));
    }

    pub(super) fn offer_clocks(&self, received: Option<&Message>, recorder: &mut dyn Recorder) {
        if !recorder.wants_clocks() {
            return;
        }
        let held = self
            .processes
            .iter()
            .flat_map(|process| process.held.iter().chain(process.order.held()));
        let on_their_way = self.network.in_flight().chain(held).chain(received);
        let mut stamps: Vec<(u32, Rc<Stamp>)> = on_their_way
            .map(|message| (message.send_seq, Rc::clone(&message.stamp)))
            .collect();
        stamps.extend(self.logged_stamps());
        recorder.clocks(
            self.processes
                .iter()
                .map(|process| process.clocks.clone())
                .collect(),
            stamps,
        );
    }
}
