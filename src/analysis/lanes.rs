//! The events of each process in order: where a vector clock's entry is looked up in the trace.
//!
//! Every event of a process ticks its own entry once, so the entry is the event's place in its lane,
//! counted from 1.

use triage_engine::id::ProcessIndex;
use triage_engine::trace::{Recorder, Trace};

/// Places in the trace, by process. Grows with the trace and costs four bytes an event.
#[derive(Clone, Debug, Default)]
pub struct Lanes {
    lanes: Vec<Vec<u32>>,
    environment: Vec<u32>,
    seen: u32,
}

impl Lanes {
    /// The lanes of a whole trace.
    pub fn of(trace: &Trace) -> Lanes {
        let mut lanes = Lanes::default();
        lanes.follow(trace);
        lanes
    }

    /// Takes in what is new at the end of the trace.
    pub fn follow(&mut self, trace: &Trace) {
        let processes = trace.names().len();
        if self.lanes.len() < processes {
            self.lanes.resize_with(processes, Vec::new);
        }
        for (seq, event) in trace.iter_from(self.seen) {
            match event.process() {
                Some(process) => self.lanes[process.index()].push(seq),
                None => self.environment.push(seq),
            }
        }
        self.seen = trace.count();
    }

    /// Forgets every event from `count` on, and the processes beyond the first `processes`.
    pub fn truncate(&mut self, count: u32, processes: usize) {
        self.lanes.truncate(processes);
        for lane in self.lanes.iter_mut().chain([&mut self.environment]) {
            lane.truncate(lane.partition_point(|seq| *seq < count));
        }
        self.seen = self.seen.min(count);
    }

    /// How many events were taken in, the environment's among them.
    pub fn events(&self) -> u32 {
        self.seen
    }

    /// How many processes there are.
    pub fn processes(&self) -> usize {
        self.lanes.len()
    }

    /// The events of a process, oldest first; none for a process that is not there.
    pub fn of_process(&self, process: ProcessIndex) -> &[u32] {
        self.lanes
            .get(process.index())
            .map_or(&[], |lane| lane.as_slice())
    }

    /// What happened outside every process, oldest first.
    pub fn environment(&self) -> &[u32] {
        &self.environment
    }

    /// The own entry of an event of a process: how many events the process had had with it. 0 if `seq` is
    /// before its first event.
    pub fn entry(&self, process: ProcessIndex, seq: u32) -> u32 {
        let lane = self.of_process(process);
        lane.partition_point(|place| *place <= seq) as u32
    }

    /// The event of a process with an own entry from 1 on.
    pub fn event(&self, process: ProcessIndex, entry: u32) -> Option<u32> {
        let index = (entry as usize).checked_sub(1)?;
        self.of_process(process).get(index).copied()
    }
}
