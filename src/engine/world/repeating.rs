//! A world that repeats what another system has recorded.

use std::rc::Rc;

use super::{Role, Scheduled, World};
use crate::clock::Stamp;
use crate::configuration::Setup;
use crate::id::MessageId;
use crate::record::Record;
use crate::recorded::{Log, SPACING_NS};
use crate::sorted::SortedMap;
use crate::trace::{Event, Form, Recorder};

/// A log on its way through time.
#[derive(Clone, Debug)]
pub(super) struct Repeated {
    log: Rc<Log>,
    /// The stamps that later events receive, by the places of their events.
    sent: SortedMap<u32, Rc<Stamp>>,
}

impl World {
    /// A log before its first event.
    pub fn of_log(setup: Rc<Setup>, log: Rc<Log>, recorder: &mut dyn Recorder) -> World {
        let mut world = World::empty(setup);
        for host in &log.hosts {
            world.join(Rc::clone(host), Role::Host, recorder);
        }
        if !log.events.is_empty() {
            world.queue.schedule(SPACING_NS, Scheduled::Logged(0));
        }
        world.log = Some(Repeated {
            log,
            sent: SortedMap::default(),
        });
        world
    }

    /// Whether it repeats a log, which no command can change.
    pub fn is_log(&self) -> bool {
        self.log.is_some()
    }

    /// The stamps that later events of the log receive.
    pub(super) fn logged_stamps(&self) -> Vec<(u32, Rc<Stamp>)> {
        let sent = self.log.iter().flat_map(|log| log.sent.iter());
        sent.map(|(place, stamp)| (*place, Rc::clone(stamp)))
            .collect()
    }

    pub(super) fn repeat(&mut self, place: u32, recorder: &mut dyn Recorder) {
        let Some(log) = self.log.as_ref().map(|repeated| Rc::clone(&repeated.log)) else {
            return;
        };
        let Some(event) = log.events.get(place as usize) else {
            return;
        };
        self.offer_clocks(None, recorder);
        // A log does not number its messages: they are called by the places of their receipts.
        let form = event
            .cause
            .map_or(Form::Local, |(from, cause)| Form::Receipt {
                from,
                message: MessageId(place),
                cause,
            });
        let recorded = Event::new(
            self.now_ns,
            event.process,
            form,
            Record::Logged(Rc::clone(&event.logged)),
        );
        let (now_ns, own) = (self.now_ns, event.process);
        if let Some(Repeated { sent, .. }) = &mut self.log {
            let causes: Vec<u32> = recorded.causes().map(|(_, cause)| cause).collect();
            let received = causes.iter().filter_map(|cause| sent.get(cause).cloned());
            let received: Vec<Rc<Stamp>> = received.collect();
            let received: Vec<&Stamp> = received.iter().map(|stamp| &**stamp).collect();
            let clocks = &mut self.processes[own.index()].clocks;
            clocks.receive_all(own, now_ns, &received);
            for cause in causes {
                let last = log.events.get(cause as usize);
                if last.is_some_and(|cause| cause.last_effect == Some(place)) {
                    sent.remove(&cause);
                }
            }
            if event.last_effect.is_some() {
                sent.insert(place, Rc::clone(clocks.stamp()));
            }
        }
        recorder.event(recorded);
        if place as usize + 1 < log.events.len() {
            self.queue
                .schedule(now_ns + SPACING_NS, Scheduled::Logged(place + 1));
        }
    }
}
