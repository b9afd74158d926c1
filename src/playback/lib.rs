//! A run that can be moved through: one world at the cursor, the trace up to the furthest moment seen, the
//! commands given by hand, and checkpoints to go back to. Knows nothing of how anything looks.

mod branches;
mod checkpoints;
mod markers;
mod pace;
mod record;
mod saved;
mod shared;
mod steps;
mod tape;
mod variation;

use std::rc::Rc;

use triage_analysis::lanes::Lanes;
use triage_analysis::latency::Latencies;
use triage_analysis::suspicion::Suspicions;
use triage_engine::command::{Action, Rejection};
use triage_engine::configuration::Configuration;
use triage_engine::recorded::{Log, SPACING_NS};
use triage_engine::time::{from_us, to_us};
use triage_engine::trace::{Recorder, Trace};
use triage_engine::world::World;
use triage_engine::{EmergencySystem, trace_hash as hash_of};
use triage_language::mark;
use triage_scenario::{FORMAT, Scenario};

pub use branches::Branch;
use branches::{Given, Tree};
use checkpoints::{Checkpoint, Checkpoints};
pub use markers::Marker;
pub use pace::Pace;
use pace::Pacer;
pub use record::{Recording, RepeatAccuracy};
pub use shared::Shared;
pub use steps::StepUnit;
use tape::Tape;
pub use variation::Variation;

/// How much further a run goes when it is played at its end, in µs.
const EXTENSION_US: u64 = 60_000_000;

/// A scenario being played.
#[derive(Debug)]
pub struct Player {
    scenario: Scenario,
    world: World,
    /// Events before the cursor.
    count: u32,
    /// Commands by hand before the cursor.
    given_before: usize,
    trace: Trace,
    lanes: Lanes,
    /// Counts how often recorded events were replaced by others.
    epoch: u32,
    /// From which event on they were replaced the last time.
    replaced_from: u32,
    jobs_kept: u32,
    /// The commands by hand of the current version, in order.
    given: Vec<Given>,
    tree: Tree,
    markers: Vec<Marker>,
    checkpoints: Checkpoints,
    recorded_ns: u64,
    stop_us: u64,
    latencies: Latencies,
    suspicions: Suspicions,
    observed: u32,
    pacer: Pacer,
    playing: bool,
    revision: u64,
}

impl Player {
    /// A scenario at its first moment, paused.
    pub fn new(scenario: Scenario) -> Player {
        let mut trace = Trace::default();
        let world = World::new(Rc::new(scenario.setup()), &mut trace);
        Player::begin(scenario, world, trace)
    }

    /// The log of another system before its first event, paused. It is moved through like a run, and cannot be
    /// changed. `title` is what it is called.
    pub fn of_log(title: &str, log: Rc<Log>) -> Player {
        let scenario = Scenario {
            format: FORMAT,
            name: "log".to_owned(),
            title: title.to_owned(),
            description: mark!(
                "The log of another system. It has no common time, so one millisecond here is one event, in an order in which every cause comes before its effects."
            )
            .to_owned(),
            seed: 1,
            duration_us: to_us((log.events.len() as u64 + 1) * SPACING_NS),
            configuration: Configuration::default(),
            principals: Vec::new(),
            executors: Vec::new(),
            workload: Vec::new(),
            commands: Vec::new(),
        };
        let mut trace = Trace::default();
        let world = World::of_log(Rc::new(scenario.setup()), log, &mut trace);
        Player::begin(scenario, world, trace)
    }

    fn begin(scenario: Scenario, world: World, trace: Trace) -> Player {
        let count = trace.count();
        let mut player = Player {
            stop_us: scenario.duration_us,
            scenario,
            checkpoints: Checkpoints::new(Checkpoint {
                world: world.clone(),
                count,
                given: 0,
            }),
            tree: Tree::default(),
            markers: Vec::new(),
            world,
            count,
            given_before: 0,
            trace,
            lanes: Lanes::default(),
            epoch: 0,
            replaced_from: 0,
            jobs_kept: 0,
            given: Vec::new(),
            recorded_ns: 0,
            latencies: Latencies::default(),
            suspicions: Suspicions::default(),
            observed: 0,
            pacer: Pacer::default(),
            playing: false,
            revision: 1,
        };
        player.after_moving();
        player
    }

    /// What is played.
    pub fn scenario(&self) -> &Scenario {
        &self.scenario
    }

    /// The state at the cursor.
    pub fn world(&self) -> &World {
        &self.world
    }

    /// Everything recorded so far, beyond the cursor too.
    pub fn trace(&self) -> &Trace {
        &self.trace
    }

    /// The recorded events by process, beyond the cursor too.
    pub fn lanes(&self) -> &Lanes {
        &self.lanes
    }

    /// Changes whenever a recorded event was replaced by another: what was computed from the trace is void then.
    pub fn epoch(&self) -> u32 {
        self.epoch
    }

    /// From which event on the record is another one since the epoch changed last.
    pub fn replaced_from(&self) -> u32 {
        self.replaced_from
    }

    /// How many jobs had a number there: those with higher ones are other jobs now, or none.
    pub fn jobs_kept(&self) -> u32 {
        self.jobs_kept
    }

    /// Takes the place of another player: the epoch goes on from its, so that nobody who follows the run takes the
    /// events of the one for those of the other.
    pub fn succeed(&mut self, other: &Player) {
        self.epoch = other.epoch + 1;
    }

    /// How many events are before the cursor.
    pub fn count(&self) -> u32 {
        self.count
    }

    /// Latencies of everything recorded so far.
    pub fn latencies(&self) -> &Latencies {
        &self.latencies
    }

    /// What the failure detector has said in everything recorded so far.
    pub fn suspicions(&self) -> &Suspicions {
        &self.suspicions
    }

    /// The cursor, in µs.
    pub fn now_us(&self) -> f64 {
        self.world.now_ns() as f64 / 1e3
    }

    /// The furthest moment seen, in µs.
    pub fn recorded_us(&self) -> u64 {
        to_us(self.recorded_ns)
    }

    /// The right end of the scrubber, in µs: where playing stops, or the furthest moment seen.
    pub fn end_us(&self) -> u64 {
        self.stop_us.max(self.recorded_us())
    }

    /// Whether time passes.
    pub fn is_playing(&self) -> bool {
        self.playing
    }

    /// Lets time pass; at the end of the story, lets it go on for another minute.
    pub fn play(&mut self) {
        if to_us(self.world.now_ns()) >= self.end_us() && !self.world.is_log() {
            self.stop_us = self.end_us() + EXTENSION_US;
        }
        self.playing = true;
    }

    /// Stops time.
    pub fn pause(&mut self) {
        self.playing = false;
    }

    /// What time follows.
    pub fn pace(&self) -> Pace {
        self.pacer.pace
    }

    /// Changes what time follows.
    pub fn set_pace(&mut self, pace: Pace) {
        self.pacer = self.pacer.anew(pace, self.pacer.speed);
    }

    /// The multiplier of the pace.
    pub fn speed(&self) -> f64 {
        self.pacer.speed
    }

    /// Changes the multiplier: 0.01 to 1000, or infinity for as fast as possible. Anything else is ignored.
    pub fn set_speed(&mut self, speed: f64) {
        if speed == f64::INFINITY || (0.01..=1000.0).contains(&speed) {
            self.pacer = self.pacer.anew(self.pacer.pace, speed);
        }
    }

    /// Simulated seconds for each second on the wall, as of the latest frame.
    pub fn rate(&self) -> f64 {
        self.pacer.rate
    }

    /// One frame: moves the cursor by what `wall_ms` are worth, if time passes. A frame is at most 100 ms, so
    /// that a page that was busy does not jump.
    pub fn advance(&mut self, wall_ms: f64) {
        if !self.playing {
            return;
        }
        let stop_ns = from_us(self.end_us());
        let mut left_ms = wall_ms.clamp(0.0, 100.0);
        while left_ms > 0.0 && self.world.now_ns() < stop_ns {
            let stretch = self.pacer.stretch(&self.world, left_ms);
            left_ms -= stretch.wall_ms;
            self.run(stretch.until_ns.min(stop_ns), stretch.events_max);
        }
        if self.world.now_ns() >= stop_ns {
            self.playing = false;
        }
    }

    /// Moves the cursor to a moment, in µs; never beyond the end of the scrubber.
    pub fn seek_us(&mut self, t_us: u64) {
        let t_ns = from_us(t_us.min(self.end_us()));
        self.restore(
            |checkpoint| checkpoint.world.now_ns() <= t_ns,
            t_ns < self.world.now_ns(),
        );
        self.run(t_ns, u32::MAX);
        self.pacer = self.pacer.anew(self.pacer.pace, self.pacer.speed);
        self.revision += 1;
    }

    /// Records how the story goes on to its end, at most `events_max` further events, and leaves the cursor where
    /// it is: what causality is asked about includes what an event leads to.
    pub fn record_ahead(&mut self, events_max: u32) {
        let stop_ns = from_us(self.end_us());
        let wanted = self.trace.count().saturating_add(events_max);
        if self.recorded_ns >= stop_ns || events_max == 0 {
            return;
        }
        let cursor = (self.world.clone(), self.count, self.given_before);
        self.restore(|_| true, false);
        while self.count < wanted && self.next_event_ns() <= stop_ns && self.run_one() {}
        self.recorded_ns = if self.next_event_ns() > stop_ns {
            stop_ns
        } else {
            self.world.now_ns()
        };
        (self.world, self.count, self.given_before) = cursor;
        self.revision += 1;
        self.after_moving();
    }

    /// When something happens next, in ns: a step of the world or a command given by hand.
    fn next_event_ns(&self) -> u64 {
        let next_ns = self.world.next_ns().unwrap_or(u64::MAX);
        let given_ns = self.next_given().map_or(u64::MAX, |given| given.t_ns);
        next_ns.min(given_ns)
    }

    /// Moves the cursor just behind an event.
    pub fn seek_event(&mut self, seq: u32) {
        let wanted = seq.saturating_add(1);
        self.restore(|checkpoint| checkpoint.count <= wanted, self.count > wanted);
        while self.count < wanted && self.run_one() {}
        self.moved();
    }

    /// Does what somebody asks, at the cursor. Where somebody has watched what comes next, this begins a branch: a
    /// refused command too, for it is on record in the trace and in the audit.
    ///
    /// # Errors
    /// Says why the command is refused; beside the refusal nothing is recorded then.
    pub fn command(&mut self, principal: &str, action: Action) -> Result<(), Rejection> {
        if self.world.is_log() {
            return Err(Rejection::ReadOnly);
        }
        self.forget_future();
        let given = Given {
            t_ns: self.world.now_ns(),
            steps: self.world.steps(),
            principal: principal.into(),
            action,
        };
        self.give(given)
    }

    /// Does what was asked at the cursor, beyond which nothing is recorded.
    fn give(&mut self, given: Given) -> Result<(), Rejection> {
        let count = self.count;
        let mut tape = Tape {
            trace: &mut self.trace,
            count: &mut self.count,
        };
        let result = self
            .world
            .command(&given.principal, &given.action, &mut tape);
        self.remember_act(given, count);
        self.moved();
        result
    }

    /// Changes whenever anything but the progress of messages and jobs may have.
    pub fn revision(&self) -> u64 {
        self.revision
    }

    /// The system overview at the cursor as JSON.
    pub fn overview_json(&self) -> String {
        serde_json::to_string(&self.world.overview())
            .unwrap_or_else(|_| unreachable!("plain values can be serialised"))
    }

    /// The trace up to the cursor as newline-delimited JSON.
    pub fn trace_ndjson(&self) -> String {
        self.events_ndjson(0, self.count)
    }

    /// The events from one place on and before another, as far as the cursor has come.
    pub fn events_ndjson(&self, from: u32, to: u32) -> String {
        let mut bytes = Vec::new();
        let to = to.min(self.count);
        let written = self
            .trace
            .write_ndjson_between(from.min(to), to, &mut bytes);
        debug_assert!(written.is_ok(), "writing to memory can't fail");
        String::from_utf8(bytes).unwrap_or_else(|_| unreachable!("JSON is UTF-8"))
    }

    // Moving --------------------------------------------------------------------------------------------------

    /// Lets everything happen up to `t_ns`, or about `events_max` events.
    fn run(&mut self, t_ns: u64, events_max: u32) {
        let (begin, steps) = (self.count, self.world.steps());
        loop {
            if self.next_event_ns() > t_ns {
                self.world.pass(t_ns);
                break;
            }
            if self.count - begin >= events_max || !self.run_one() {
                break;
            }
        }
        if self.world.steps() != steps || self.count != begin {
            self.revision += 1;
        }
        self.after_moving();
    }

    /// Lets the next thing happen: a command given by hand when its turn has come, else a step of the world.
    fn run_one(&mut self) -> bool {
        let due = self
            .next_given()
            .filter(|given| given.steps == self.world.steps())
            .cloned();
        let mut tape = Tape {
            trace: &mut self.trace,
            count: &mut self.count,
        };
        let happened = match due {
            Some(Given {
                t_ns,
                principal,
                action,
                ..
            }) => {
                self.world.pass(t_ns);
                // Its refusal was told when it was given.
                let _ = self.world.command(&principal, &action, &mut tape);
                self.given_before += 1;
                true
            }
            None => self.world.step(&mut tape),
        };
        if self.checkpoints.is_due(self.count) {
            self.checkpoints.save(Checkpoint {
                world: self.world.clone(),
                count: self.count,
                given: self.given_before,
            });
        }
        happened
    }

    fn next_given(&self) -> Option<&Given> {
        self.given.get(self.given_before)
    }

    /// Goes to the last checkpoint that `fits`, if the cursor is to go back or the checkpoint is ahead of it.
    fn restore(&mut self, fits: impl Fn(&Checkpoint) -> bool, back: bool) {
        let Some(checkpoint) = self.checkpoints.last_before(fits) else {
            return;
        };
        if back || checkpoint.count > self.count {
            self.world = checkpoint.world.clone();
            self.count = checkpoint.count;
            self.given_before = checkpoint.given;
        }
    }

    fn forget_future(&mut self) {
        if self.count < self.trace.count() {
            self.jobs_kept = self.world.system().map_or(0, |system| system.jobs);
            let jobs = self.jobs_kept as usize;
            self.trace
                .truncate(self.count, self.world.processes().len(), jobs);
            self.lanes
                .truncate(self.count, self.world.processes().len());
            self.epoch += 1;
            self.replaced_from = self.count;
            self.latencies = Latencies::default();
            self.suspicions = Suspicions::default();
            self.observed = 0;
        }
        self.checkpoints.truncate(&self.world, self.count);
        self.recorded_ns = self.world.now_ns();
    }

    fn moved(&mut self) {
        self.after_moving();
        self.pacer = self.pacer.anew(self.pacer.pace, self.pacer.speed);
        self.revision += 1;
    }

    fn after_moving(&mut self) {
        self.tree.see(self.count);
        self.recorded_ns = self.recorded_ns.max(self.world.now_ns());
        for (_, event) in self.trace.iter_from(self.observed) {
            self.latencies.observe(event);
            self.suspicions.observe(event);
        }
        self.observed = self.trace.count();
        self.lanes.follow(&self.trace);
    }
}

/// The SHA-256 of the trace of a scenario up to a moment, in µs; lower-case hexadecimal.
pub fn trace_hash(scenario: &Scenario, until_us: u64) -> String {
    let mut system = EmergencySystem::new(scenario.setup());
    system.run_until(until_us);
    hash_of(system.trace())
}
