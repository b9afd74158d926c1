//! Records what is new and passes over what is recorded already.

use std::rc::Rc;

use triage_engine::clock::{Clocks, Stamp, WallClock};
use triage_engine::job::Job;
use triage_engine::trace::{Event, Recorder, Trace};

/// A trace with a position in it.
pub(super) struct Tape<'a> {
    pub trace: &'a mut Trace,
    pub count: &'a mut u32,
}

impl Tape<'_> {
    fn at_end(&self) -> bool {
        *self.count == self.trace.count()
    }
}

impl Recorder for Tape<'_> {
    fn process(&mut self, name: Rc<str>, wall: WallClock) {
        if self.at_end() {
            self.trace.process(name, wall);
        }
    }

    fn job(&mut self, job: Rc<Job>) {
        if self.at_end() {
            self.trace.job(job);
        }
    }

    fn count(&self) -> u32 {
        *self.count
    }

    fn wants_clocks(&self) -> bool {
        self.at_end() && self.trace.wants_clocks()
    }

    fn clocks(&mut self, clocks: Vec<Clocks>, in_flight: Vec<(u32, Rc<Stamp>)>) {
        self.trace.clocks(clocks, in_flight);
    }

    fn event(&mut self, event: Event) {
        if self.at_end() {
            self.trace.event(event);
        } else {
            // A run is a function of seed and commands: a replay that differs is a broken engine.
            let recorded = self.trace.get(*self.count);
            assert!(
                recorded == Some(&event),
                "a replay differs at event {}: {} for {}",
                self.count,
                event.record.kind(),
                recorded.map_or("nothing", |event| event.record.kind())
            );
        }
        *self.count += 1;
    }
}
