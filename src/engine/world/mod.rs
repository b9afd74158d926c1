//! Owns every process, delivers messages and timers in the order of time, and applies the effects of handlers.
//! A world is a function of its setup and the commands given to it; where it writes changes nothing.

mod effects;
mod faults;
mod joining;
mod messages;
mod recording;
mod repeating;

use crate::sorted::SortedMap;
use std::collections::VecDeque;
use std::rc::Rc;

use crate::audit::Audit;
use crate::clock::Clocks;
use crate::configuration::{BRAKE_PERCENT, COORDINATORS_MAX, Setup};
use crate::id::{MessageId, ProcessIndex};
use crate::message::Message;
use crate::network::{End, Network};
use crate::process::causal_delivery::CausalDelivery;
use crate::process::coordinator::Coordinator;
use crate::process::executor::Executor;
use crate::process::log::Durable;
use crate::process::mailbox::Mailbox;
use crate::process::recovery::Recovery;
use crate::process::system::System;
use crate::process::{Context, Timer};
use crate::queue::EventQueue;
use crate::record::{Record, RunStarted};
use crate::rng::Generator;
use crate::time::from_us;
use crate::trace::Recorder;
use crate::workload::Source;

use repeating::Repeated;

/// Streams of chance, by what they are for.
const STREAM_NETWORK: u64 = 0;
const STREAM_HEARTBEATS: u64 = 1;
const STREAM_LINK_FAULTS: u64 = 2;
const STREAM_ROUTING: u64 = 1 << 16;
const STREAM_WALL_CLOCKS: u64 = 1 << 20;
const STREAM_HEARTBEAT_JITTER: u64 = 1 << 24;
const STREAM_WORKLOADS: u64 = 1 << 32;

/// What is really the case with a process.
#[derive(Clone, Debug)]
pub enum Status {
    /// Running.
    Up,
    /// Nothing happens there until it is restarted.
    Crashed,
    /// Frozen.
    Hung {
        /// Since when, in ns.
        since_ns: u64,
        /// What was left of each of its timers, in ns.
        timers: SortedMap<Timer, u64>,
    },
    /// Ended for good.
    Left,
}

/// The logic of a process.
#[derive(Clone, Debug)]
pub enum Role {
    /// `system`
    System(System),
    /// `coordinator-N`
    Coordinator(Coordinator),
    /// `recovery`
    Recovery(Recovery),
    /// One per executor.
    Executor(Executor),
    /// A process of a log: it does what is written there.
    Host,
}

/// A process: its logic, its clocks and its mail.
#[derive(Clone, Debug)]
pub struct Process {
    /// Its name.
    pub name: Rc<str>,
    /// Its logic.
    pub role: Role,
    /// What is really the case with it.
    pub status: Status,
    /// Its clocks.
    pub clocks: Clocks,
    /// What it sent and received.
    pub mail: Durable<Mailbox>,
    timers: SortedMap<Timer, (u64, u64)>,
    held: VecDeque<Message>,
    order: CausalDelivery,
}

/// What is yet to happen.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Scheduled {
    Deliver(MessageId),
    Timer(ProcessIndex, Timer, u64),
    Command(usize),
    Arrival(usize),
    Logged(u32),
}

/// The state of a run at one moment.
#[derive(Clone, Debug)]
pub struct World {
    pub(crate) setup: Rc<Setup>,
    pub(crate) now_ns: u64,
    pub(crate) queue: EventQueue<Scheduled>,
    pub(crate) network: Network,
    pub(crate) processes: Vec<Process>,
    pub(crate) audit: Audit,
    log: Option<Repeated>,
    sources: Vec<Source>,
    heartbeat_phases: Generator,
    messages_sent: u32,
    timers_set: u64,
    steps: u64,
}

impl World {
    /// A world without anybody.
    fn empty(setup: Rc<Setup>) -> Self {
        let seed = setup.seed;
        let sources = setup.workloads.iter().zip(STREAM_WORKLOADS..);
        World {
            now_ns: 0,
            queue: EventQueue::default(),
            network: Network::new(
                setup.configuration.network.clone(),
                Generator::new(seed, STREAM_NETWORK),
                Generator::new(seed, STREAM_LINK_FAULTS),
            ),
            processes: Vec::new(),
            audit: Audit::default(),
            log: None,
            sources: sources
                .map(|(load, stream)| Source::new(load.clone(), Generator::new(seed, stream)))
                .collect(),
            heartbeat_phases: Generator::new(seed, STREAM_HEARTBEATS),
            messages_sent: 0,
            timers_set: 0,
            steps: 0,
            setup,
        }
    }

    /// A run at its first moment: everybody is there, and nothing has been said.
    pub fn new(setup: Rc<Setup>, recorder: &mut dyn Recorder) -> Self {
        let seed = setup.seed;
        let mut world = World::empty(Rc::clone(&setup));
        let configuration = &setup.configuration;
        let (normal, emergency) = (
            configuration.routing_normal,
            configuration.routing_emergency,
        );
        world.join("system".into(), Role::System(System::default()), recorder);
        let coordinators = configuration.coordinators.clamp(1, COORDINATORS_MAX);
        for number in 1..=coordinators {
            let rng = Generator::new(seed, STREAM_ROUTING + u64::from(number));
            let coordinator = Coordinator::new(ProcessIndex(number), normal, emergency, rng);
            let name = format!("coordinator-{number}");
            world.join(name.into(), Role::Coordinator(coordinator), recorder);
        }
        world.join(
            "recovery".into(),
            Role::Recovery(Recovery::new(configuration.detector, configuration.brake())),
            recorder,
        );
        let started = RunStarted {
            scenario: Rc::clone(&setup.name),
            seed,
            discipline: configuration.discipline.name(),
            ageing_us: configuration.discipline.ageing_us(),
            routing: format!("{} / {}", normal.name(), emergency.name()),
            detector: configuration.detector.name(),
            brake_percent: (configuration.brake_percent != BRAKE_PERCENT)
                .then_some(configuration.brake_percent),
            emergency_delivery: configuration.emergency_delivery,
            coordinators,
        };
        world.record_environment(None, Record::RunStarted(Box::new(started)), recorder);
        for spec in &setup.executors {
            world.register_executor(Rc::new(spec.clone()), recorder);
        }
        let context = world.context();
        for index in context.coordinators() {
            let effects = match &world.processes[index.index()].role {
                Role::Coordinator(coordinator) => coordinator.begin(context),
                _ => continue,
            };
            world.perform(index, effects.list, recorder);
        }
        if let Some(command) = setup.commands.first() {
            world
                .queue
                .schedule(from_us(command.at_us), Scheduled::Command(0));
        }
        for index in 0..world.sources.len() {
            world.schedule_arrival(index);
        }
        world
    }

    /// Now, in ns.
    pub fn now_ns(&self) -> u64 {
        self.now_ns
    }

    /// Every process that ever joined, in the fixed order.
    pub fn processes(&self) -> &[Process] {
        &self.processes
    }

    /// What this run is made from.
    pub fn setup(&self) -> &Setup {
        &self.setup
    }

    /// Every command so far, allowed or denied.
    pub fn audit(&self) -> &Audit {
        &self.audit
    }

    /// The links and what travels on them.
    pub fn network(&self) -> &Network {
        &self.network
    }

    /// When something happens next, in ns.
    pub fn next_ns(&self) -> Option<u64> {
        self.queue.next_ns()
    }

    /// Lets the next thing happen; false if there is none.
    pub fn step(&mut self, recorder: &mut dyn Recorder) -> bool {
        let Some((t_ns, item)) = self.queue.pop() else {
            return false;
        };
        self.now_ns = t_ns;
        self.steps += 1;
        match item {
            Scheduled::Deliver(id) => self.arrive(id, recorder),
            Scheduled::Timer(process, timer, generation) => {
                self.ring(process, timer, generation, recorder)
            }
            Scheduled::Command(index) => self.scripted(index, recorder),
            Scheduled::Logged(place) => self.repeat(place, recorder),
            Scheduled::Arrival(index) => {
                if let Some(source) = self.sources.get_mut(index) {
                    let (kind, request) = source.arrive();
                    self.submit(kind, &request, recorder);
                    self.schedule_arrival(index);
                }
            }
        }
        true
    }

    /// Lets everything happen that is due at or before `t_ns`; afterwards it is `t_ns`.
    pub fn run_until(&mut self, t_ns: u64, recorder: &mut dyn Recorder) {
        while self.queue.next_ns().is_some_and(|next| next <= t_ns) {
            self.step(recorder);
        }
        self.now_ns = self.now_ns.max(t_ns);
    }

    /// How many things were let happen: tells apart moments that share a time.
    pub fn steps(&self) -> u64 {
        self.steps
    }

    /// Time passes without anything happening; no further than to what is due next.
    pub fn pass(&mut self, t_ns: u64) {
        let t_ns = self.queue.next_ns().map_or(t_ns, |next| next.min(t_ns));
        self.now_ns = self.now_ns.max(t_ns);
    }

    /// The `system` process.
    pub fn system(&self) -> Option<&System> {
        self.processes
            .iter()
            .find_map(|process| match &process.role {
                Role::System(system) => Some(system),
                _ => None,
            })
    }

    /// The `recovery` process.
    pub fn recovery(&self) -> Option<&Recovery> {
        self.processes
            .iter()
            .find_map(|process| match &process.role {
                Role::Recovery(recovery) => Some(recovery),
                _ => None,
            })
    }

    /// Where recovery is in the fixed order.
    pub fn recovery_index(&self) -> ProcessIndex {
        self.context().recovery()
    }

    /// Every coordinator.
    pub fn coordinators(&self) -> impl Iterator<Item = &Coordinator> {
        self.processes
            .iter()
            .filter_map(|process| match &process.role {
                Role::Coordinator(coordinator) => Some(coordinator),
                _ => None,
            })
    }

    /// Every executor that ever joined, with its process.
    pub fn executors(&self) -> impl Iterator<Item = (ProcessIndex, &Process, &Executor)> {
        self.processes
            .iter()
            .zip(0..)
            .filter_map(|(process, index)| match &process.role {
                Role::Executor(executor) => Some((ProcessIndex(index), process, executor)),
                _ => None,
            })
    }

    /// A process by its name.
    pub fn find(&self, name: &str) -> Option<(ProcessIndex, &Process)> {
        let found = self
            .processes
            .iter()
            .zip(0..)
            .find(|(process, _)| *process.name == *name);
        found.map(|(process, index)| (ProcessIndex(index), process))
    }

    pub(crate) fn context(&self) -> Context {
        Context {
            now_ns: self.now_ns,
            coordinators: self.coordinators().count() as u16,
            emergency_delivery: self.setup.configuration.emergency_delivery,
        }
    }
}

impl Process {
    /// What arrived and is held back until what it depends on was delivered here.
    pub fn held_back(&self) -> impl Iterator<Item = &Message> {
        self.order.held()
    }

    /// The process as an end of a link.
    fn end(&self, index: ProcessIndex) -> End<'_> {
        let location = match &self.role {
            Role::Executor(executor) => executor.spec.location,
            _ => None,
        };
        End {
            process: index,
            name: &self.name,
            location,
        }
    }
}
