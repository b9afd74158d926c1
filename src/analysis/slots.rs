//! Who ran what, where and when: the slots of every executor as intervals, from the trace alone.

use triage_engine::id::ProcessIndex;
use triage_engine::job::Class;
use triage_engine::message::Ignored;
use triage_engine::record::{Attempt, FaultKind, Record};
use triage_engine::trace::{Event, Recorder, Trace};

/// How an interval ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// It has not.
    Running,
    /// The work is done.
    Completed,
    /// The job was paused and kept its work.
    Paused,
    /// The executor crashed or was stopped.
    Lost,
}

/// One stay of a job in a slot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SlotOccupancy {
    /// Where.
    pub executor: ProcessIndex,
    /// In which of its slots, from 0: the lowest that was free.
    pub slot: u16,
    /// Which job, under which attempt.
    pub attempt: Attempt,
    /// Its class.
    pub class: Class,
    /// Whether it goes on after a pause.
    pub resumed: bool,
    /// From when, in ns.
    pub from_ns: u64,
    /// The event it began with.
    pub from_seq: u32,
    /// Until when, in ns; `None` while it runs.
    pub to_ns: Option<u64>,
    /// How it ended.
    pub end: End,
}

/// An executor's slots.
#[derive(Clone, Debug)]
struct Rack {
    executor: ProcessIndex,
    capacity: u16,
    /// The stay that holds each slot.
    held: Vec<Option<usize>>,
}

/// Every stay so far; grows with the trace.
#[derive(Clone, Debug, Default)]
pub struct Slots {
    stays: Vec<SlotOccupancy>,
    racks: Vec<Rack>,
    seen: u32,
}

impl Slots {
    /// The slots of a whole trace.
    pub fn of(trace: &Trace) -> Slots {
        let mut slots = Slots::default();
        slots.follow(trace);
        slots
    }

    /// The slots of its first `count` events.
    pub fn until(trace: &Trace, count: u32) -> Slots {
        let mut slots = Slots::default();
        for (seq, event) in trace.iter().take(count as usize) {
            slots.observe(seq, event);
        }
        slots.seen = count;
        slots
    }

    /// Takes in what is new at the end of the trace.
    pub fn follow(&mut self, trace: &Trace) {
        for (seq, event) in trace.iter_from(self.seen) {
            self.observe(seq, event);
        }
        self.seen = trace.count();
    }

    /// Every stay, in the order of beginning.
    pub fn stays(&self) -> &[SlotOccupancy] {
        &self.stays
    }

    /// Every executor that ever joined, with its slots.
    pub fn executors(&self) -> impl Iterator<Item = (ProcessIndex, u16)> {
        self.racks.iter().map(|rack| (rack.executor, rack.capacity))
    }

    fn observe(&mut self, seq: u32, event: &Event) {
        let Some(process) = event.process() else {
            if let Record::FaultInjected(FaultKind::Crash, executor, _) = event.record {
                self.clear(executor, event.t_ns);
            }
            return;
        };
        match &event.record {
            Record::ExecutorAdded { executor, capacity } => self.racks.push(Rack {
                executor: *executor,
                capacity: *capacity,
                held: Vec::new(),
            }),
            Record::JobStarted(attempt, class, _) | Record::JobResumed(attempt, class) => {
                let resumed = matches!(event.record, Record::JobResumed(..));
                self.begin(SlotOccupancy {
                    executor: process,
                    slot: 0,
                    attempt: *attempt,
                    class: *class,
                    resumed,
                    from_ns: event.t_ns,
                    from_seq: seq,
                    to_ns: None,
                    end: End::Running,
                });
            }
            Record::JobCompleted(attempt) => {
                self.end(process, *attempt, event.t_ns, End::Completed);
            }
            Record::JobPaused(attempt, _) => self.end(process, *attempt, event.t_ns, End::Paused),
            Record::ExecutorRestarted { .. }
            | Record::MessageReceived(_, _, Some(Ignored::RemovedStops)) => {
                self.clear(process, event.t_ns);
            }
            _ => {}
        }
    }

    fn rack(&mut self, executor: ProcessIndex) -> Option<&mut Rack> {
        // Executors join in the order of their index.
        let place = self
            .racks
            .binary_search_by_key(&executor, |rack| rack.executor);
        place.ok().and_then(|place| self.racks.get_mut(place))
    }

    fn begin(&mut self, mut stay: SlotOccupancy) {
        let place = self.stays.len();
        let Some(rack) = self.rack(stay.executor) else {
            debug_assert!(false, "a job starts on an executor that was added");
            return;
        };
        let slot = match rack.held.iter().position(Option::is_none) {
            Some(free) => free,
            None => {
                rack.held.push(None);
                rack.held.len() - 1
            }
        };
        rack.held[slot] = Some(place);
        stay.slot = slot as u16;
        self.stays.push(stay);
    }

    fn end(&mut self, executor: ProcessIndex, attempt: Attempt, t_ns: u64, end: End) {
        let is_it = |stay: &SlotOccupancy| stay.attempt == attempt;
        let held = self.rack(executor).map(|rack| rack.held.clone());
        for (slot, place) in held.into_iter().flatten().enumerate() {
            let Some(place) = place else { continue };
            if is_it(&self.stays[place]) {
                self.close(executor, slot, place, t_ns, end);
                return;
            }
        }
        debug_assert!(false, "{attempt:?} ends in the slot in which it runs");
    }

    /// Everything that runs there is lost.
    fn clear(&mut self, executor: ProcessIndex, t_ns: u64) {
        let held = self.rack(executor).map(|rack| rack.held.clone());
        for (slot, place) in held.into_iter().flatten().enumerate() {
            if let Some(place) = place {
                self.close(executor, slot, place, t_ns, End::Lost);
            }
        }
    }

    fn close(&mut self, executor: ProcessIndex, slot: usize, place: usize, t_ns: u64, end: End) {
        if let Some(rack) = self.rack(executor) {
            rack.held[slot] = None;
        }
        let stay = &mut self.stays[place];
        (stay.to_ns, stay.end) = (Some(t_ns), end);
    }
}
