//! Steps: from one event, message, command or emergency to the next, and back.

use super::{EXTENSION_US, Player};
use triage_engine::message::MessageKind;
use triage_engine::record::Record;
use triage_engine::time::from_us;
use triage_engine::trace::{Event, Form};

/// What one step covers.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum StepUnit {
    /// Whatever happens next.
    Event,
    /// The sending or receipt of a message that matters.
    Message,
    /// A command: something asked of the system, or a fault.
    Command,
    /// A declaration, change or clearing, or an executor that learns of it.
    Emergency,
}

impl Player {
    /// Stops, and moves the cursor to the next or previous thing of a kind.
    pub fn step(&mut self, unit: StepUnit, forward: bool) {
        self.playing = false;
        if forward {
            self.step_forward(unit);
        } else {
            self.step_back(unit);
        }
    }

    fn step_forward(&mut self, unit: StepUnit) {
        // The last event that matters may be behind us: do not look for ever.
        let horizon_ns = self.world.now_ns().max(from_us(self.end_us())) + from_us(EXTENSION_US);
        loop {
            let before = self.count;
            let due_ns = self.world.next_ns().unwrap_or(u64::MAX);
            if due_ns > horizon_ns || !self.run_one() {
                break;
            }
            let mut passed = (before..self.count).filter_map(|seq| self.trace.get(seq));
            if passed.any(|event| matches(unit, event)) {
                break;
            }
        }
        self.moved();
    }

    fn step_back(&mut self, unit: StepUnit) {
        // The events of the step we stand behind count as one.
        let current = self.boundary_before(self.count);
        let earlier = (0..current).rev();
        let found = earlier.into_iter().find(|seq| {
            self.trace
                .get(*seq)
                .is_some_and(|event| matches(unit, event))
        });
        match found {
            Some(seq) => self.seek_event(seq),
            None => self.seek_us(0),
        }
    }

    /// How many events there were before the step that brought the count to `count`.
    fn boundary_before(&mut self, count: u32) -> u32 {
        self.restore(|checkpoint| checkpoint.count < count, true);
        let mut before = self.count;
        while self.count < count {
            before = self.count;
            if !self.run_one() {
                break;
            }
        }
        before
    }
}

fn matches(unit: StepUnit, event: &Event) -> bool {
    let record = &event.record;
    match unit {
        StepUnit::Event => true,
        StepUnit::Message => {
            let background = match record {
                Record::HeartbeatSent | Record::HeartbeatReceived => true,
                Record::MessageRefused(_) => false,
                record => record.what().is_some_and(MessageKind::is_background),
            };
            matches!(event.form, Form::Send { .. } | Form::Receipt { .. }) && !background
        }
        StepUnit::Command => matches!(
            record,
            Record::JobSubmitted { .. }
                | Record::Emergency(_)
                | Record::FaultInjected(..)
                | Record::FaultCleared(..)
                | Record::Link(_)
                | Record::ClockForged(_)
                | Record::ExecutorAdded { .. }
                | Record::CommandDenied(_)
                | Record::MessageSent(MessageKind::DrainExecutor | MessageKind::RemoveExecutor, _)
        ),
        StepUnit::Emergency => matches!(record, Record::Emergency(_) | Record::ModeSet { .. }),
    }
}
