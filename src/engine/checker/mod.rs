//! Invariants, written apart from the code they hold: what the model promises, checked after every step from the
//! events alone and then compared with what the world says of itself. Only tests and the headless runner link it.

mod audit;
mod clocks;
mod executors;
mod jobs;
mod logs;
mod members;

use std::fmt;
use std::rc::Rc;

use super::clock::WallClock;
use super::configuration::Setup;
use super::trace::{Event, Recorder};
use super::world::World;

/// A broken promise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// Which rule, in a few words that stay the same when a scenario shrinks.
    pub rule: &'static str,
    /// Place of the event in the trace after which it was found.
    pub seq: u32,
    /// What was seen, in words.
    pub seen: String,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at seq {}: {}", self.rule, self.seq, self.seen)
    }
}

impl std::error::Error for Violation {}

/// What a rule says of one event: the rule that it breaks, and how.
type Verdict = Result<(), (&'static str, String)>;

/// Takes the events of a run as its recorder, forgets them once they are checked.
#[derive(Debug, Default)]
pub struct Checker {
    new: Vec<Event>,
    checked: u32,
    /// Faults that were injected so far.
    pub faults: u32,
    audit: audit::AuditRules,
    clocks: clocks::ClockRules,
    jobs: jobs::JobRules,
    executors: executors::ExecutorRules,
    members: members::MemberRules,
}

impl Recorder for Checker {
    fn process(&mut self, _: Rc<str>, _: WallClock) {
        self.clocks.join();
        self.executors.join();
    }

    fn count(&self) -> u32 {
        self.checked + self.new.len() as u32
    }

    fn event(&mut self, event: Event) {
        self.new.push(event);
    }
}

impl Checker {
    /// A world at its first moment, under a checker of its own.
    ///
    /// # Errors
    /// The first promise that its first events break.
    pub fn begin(setup: Setup) -> Result<(World, Checker), Violation> {
        let mut checker = Checker::default();
        let world = World::new(Rc::new(setup), &mut checker);
        checker.check(&world)?;
        Ok((world, checker))
    }

    /// Lets the next thing happen and checks what came of it; false if there is none.
    ///
    /// # Errors
    /// The first promise that it broke.
    pub fn step(&mut self, world: &mut World) -> Result<bool, Violation> {
        let more = world.step(self);
        self.check(world)?;
        Ok(more)
    }

    /// Checks what was recorded since the last time.
    ///
    /// # Errors
    /// The first promise that it broke.
    pub fn check(&mut self, world: &World) -> Result<(), Violation> {
        let new = std::mem::take(&mut self.new);
        if new.is_empty() {
            self.new = new;
            return Ok(());
        }
        for event in &new {
            let seq = self.checked;
            self.checked += 1;
            if matches!(event.record.kind(), "fault_injected") {
                self.faults += 1;
            }
            self.clocks
                .see(seq, event)
                .and_then(|()| self.jobs.see(event))
                .and_then(|()| self.executors.see(event))
                .and_then(|()| self.audit.see(event))
                .and_then(|()| self.members.see(event))
                .map_err(|(rule, seen)| {
                    let seen = format!("{seen}; the event: {:?} {:?}", event.form, event.record);
                    Violation { rule, seq, seen }
                })?;
        }
        let seq = self.checked.saturating_sub(1);
        self.clocks
            .compare(&new, world)
            .and_then(|()| self.jobs.compare(world))
            .and_then(|()| self.executors.compare(&new, world))
            .and_then(|()| logs::compare(&new, seq, world))
            .and_then(|()| self.audit.compare(world))
            .map_err(|(rule, seen)| Violation { rule, seq, seen })?;
        self.new = new;
        self.new.clear();
        Ok(())
    }

    /// Holds a run that has become quiet, with every fault undone, to the promise that all work finishes.
    ///
    /// # Errors
    /// Says which jobs or which executors were left behind.
    pub fn all_is_done(&self, world: &World) -> Result<(), Violation> {
        let seq = self.checked.saturating_sub(1);
        self.jobs
            .all_done()
            .and_then(|()| self.executors.all_informed(world))
            .and_then(|()| executors::coordinators_agree(world))
            .map_err(|(rule, seen)| Violation { rule, seq, seen })
    }

    /// How many jobs were submitted so far.
    pub fn jobs(&self) -> u32 {
        self.jobs.submitted()
    }
}

/// Breaks a rule unless `holds`.
fn rule(holds: bool, name: &'static str, seen: impl FnOnce() -> String) -> Verdict {
    if holds { Ok(()) } else { Err((name, seen())) }
}
