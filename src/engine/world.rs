//! Owns every process, delivers messages and timers in the order of time, and applies the effects of handlers.
//! A world is a function of its setup and the commands given to it; where it writes changes nothing.

use std::collections::{BTreeMap, VecDeque};
use std::rc::Rc;

use super::clock::{Clocks, Stamp, WallClock};
use super::command::{Command, ExecutorSpec, JobRequest};
use super::configuration::Setup;
use super::emergency::EmergencyType;
use super::id::{MessageId, ProcessIndex};
use super::message::{Body, Ignored, Loss, Message};
use super::network::{End, Network};
use super::process::coordinator::Coordinator;
use super::process::executor::{Executor, ExecutorConfiguration};
use super::process::outbox::{Outbox, Pending, Received};
use super::process::recovery::Recovery;
use super::process::system::System;
use super::process::{Context, Delivery, Effect, Effects, Timer};
use super::queue::EventQueue;
use super::record::{Record, RunStarted, Subject};
use super::rng::Generator;
use super::time::from_us;
use super::trace::{Event, Form, Recorder};
use super::workload::Source;

/// Streams of chance, by what they are for.
const STREAM_NETWORK: u64 = 0;
const STREAM_HEARTBEATS: u64 = 1;
const STREAM_WALL_CLOCKS: u64 = 1 << 20;
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
        timers: BTreeMap<Timer, u64>,
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
    /// What it sent and nobody acknowledged.
    pub outbox: Outbox,
    received: Received,
    timers: BTreeMap<Timer, (u64, u64)>,
    held: VecDeque<Message>,
}

/// What is yet to happen.
#[derive(Clone, Copy, Debug)]
pub(super) enum Scheduled {
    Deliver(MessageId),
    Timer(ProcessIndex, Timer, u64),
    Command(usize),
    Arrival(usize),
}

/// The state of a run at one moment.
#[derive(Clone, Debug)]
pub struct World {
    pub(super) setup: Rc<Setup>,
    pub(super) now_ns: u64,
    pub(super) queue: EventQueue<Scheduled>,
    pub(super) network: Network,
    pub(super) processes: Vec<Process>,
    sources: Vec<Source>,
    heartbeat_phases: Generator,
    messages_sent: u32,
    timers_set: u64,
    steps: u64,
}

impl World {
    /// A run at its first moment: everybody is there, and nothing has been said.
    pub fn new(setup: Rc<Setup>, recorder: &mut dyn Recorder) -> Self {
        let seed = setup.seed;
        let sources = setup.workloads.iter().zip(STREAM_WORKLOADS..);
        let mut world = World {
            now_ns: 0,
            queue: EventQueue::default(),
            network: Network::new(
                setup.configuration.network.clone(),
                Generator::new(seed, STREAM_NETWORK),
            ),
            processes: Vec::new(),
            sources: sources
                .map(|(load, stream)| Source::new(load.clone(), Generator::new(seed, stream)))
                .collect(),
            heartbeat_phases: Generator::new(seed, STREAM_HEARTBEATS),
            messages_sent: 0,
            timers_set: 0,
            steps: 0,
            setup: Rc::clone(&setup),
        };
        let configuration = &setup.configuration;
        let (normal, emergency) = (
            configuration.routing_normal,
            configuration.routing_emergency,
        );
        let coordinator = Coordinator::new(ProcessIndex(1), normal, emergency);
        world.join("system".into(), Role::System(System::default()), recorder);
        world.join(
            "coordinator-1".into(),
            Role::Coordinator(coordinator),
            recorder,
        );
        world.join(
            "recovery".into(),
            Role::Recovery(Recovery::new(configuration.detector)),
            recorder,
        );
        let started = RunStarted {
            scenario: Rc::clone(&setup.name),
            seed,
            discipline: configuration.discipline.name(),
            routing: format!("{} / {}", normal.name(), emergency.name()),
            detector: configuration.detector.name(),
        };
        world.record_environment(None, Record::RunStarted(Box::new(started)), recorder);
        for spec in &setup.executors {
            world.introduce(Rc::new(spec.clone()), recorder);
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

    pub(super) fn context(&self) -> Context {
        Context {
            now_ns: self.now_ns,
            coordinators: self.coordinators().count() as u16,
        }
    }

    // Joining and submitting --------------------------------------------------------------------------------

    fn join(&mut self, name: Rc<str>, role: Role, recorder: &mut dyn Recorder) -> ProcessIndex {
        let index = ProcessIndex(self.processes.len() as u16);
        let configuration = &self.setup.configuration;
        let mut chance = Generator::new(self.setup.seed, STREAM_WALL_CLOCKS + u64::from(index.0));
        let (offset, drift) = (
            configuration.wall_clock_offset_us,
            configuration.wall_clock_drift_ppm,
        );
        let wall = WallClock::new(&mut chance, offset, drift);
        recorder.process(Rc::clone(&name), wall);
        self.processes.push(Process {
            name,
            role,
            status: Status::Up,
            clocks: Clocks::new(wall),
            outbox: Outbox::default(),
            received: Received::default(),
            timers: BTreeMap::new(),
            held: VecDeque::new(),
        });
        index
    }

    pub(super) fn join_executor(
        &mut self,
        spec: Rc<ExecutorSpec>,
        recorder: &mut dyn Recorder,
    ) -> ProcessIndex {
        let configuration = &self.setup.configuration;
        let given = ExecutorConfiguration {
            discipline: configuration.discipline,
            heartbeat_ns: from_us(configuration.heartbeat_us),
            cold_start_ns: from_us(configuration.cold_start_us),
        };
        let name = Rc::clone(&spec.id);
        self.join(name, Role::Executor(Executor::new(spec, given)), recorder)
    }

    /// An executor that is there when the run begins: everybody knows it without a message.
    fn introduce(&mut self, spec: Rc<ExecutorSpec>, recorder: &mut dyn Recorder) {
        let executor = self.join_executor(Rc::clone(&spec), recorder);
        let added = Record::ExecutorAdded {
            executor,
            capacity: spec.capacity,
        };
        self.record(ProcessIndex::SYSTEM, Form::Local, added, None, recorder);
        let context = self.context();
        let heartbeat_ns = from_us(self.setup.configuration.heartbeat_us);
        let phase_ns = self.heartbeat_phases.between(0, heartbeat_ns);
        for index in 0..self.processes.len() {
            let process = ProcessIndex(index as u16);
            let effects = match &mut self.processes[index].role {
                Role::Recovery(recovery) => recovery.introduce(context, executor, Rc::clone(&spec)),
                Role::Coordinator(coordinator) => {
                    coordinator.introduce(executor, Rc::clone(&spec), 1);
                    continue;
                }
                Role::Executor(new) if process == executor => new.begin(phase_ns),
                _ => continue,
            };
            self.perform(process, effects.list, recorder);
        }
    }

    pub(super) fn submit(
        &mut self,
        emergency: Option<EmergencyType>,
        request: &JobRequest,
        recorder: &mut dyn Recorder,
    ) {
        let context = self.context();
        let Some(Role::System(system)) =
            self.processes.first_mut().map(|process| &mut process.role)
        else {
            return;
        };
        let (job, effects) = system.submit(context, emergency, request);
        recorder.job(job);
        self.perform(ProcessIndex::SYSTEM, effects.list, recorder);
    }

    fn schedule_arrival(&mut self, index: usize) {
        if let Some(t_ns) = self
            .sources
            .get_mut(index)
            .and_then(|source| source.next_ns(self.now_ns))
        {
            self.queue.schedule(t_ns, Scheduled::Arrival(index));
        }
    }

    fn scripted(&mut self, index: usize, recorder: &mut dyn Recorder) {
        let setup = Rc::clone(&self.setup);
        if let Some(next) = setup.commands.get(index + 1) {
            self.queue
                .schedule(from_us(next.at_us), Scheduled::Command(index + 1));
        }
        if let Some(Command {
            principal, action, ..
        }) = setup.commands.get(index)
        {
            // A refusal is in the trace; there is nobody else to tell.
            let _ = self.command(principal, action, recorder);
        }
    }

    // Messages ----------------------------------------------------------------------------------------------

    fn arrive(&mut self, id: MessageId, recorder: &mut dyn Recorder) {
        let Some(message) = self.network.take(id) else {
            return;
        };
        if message.cut || self.network.is_cut(message.from, message.to) {
            return self.drop_message(&message, Loss::Partition, recorder);
        }
        match &mut self.processes[message.to.index()].status {
            Status::Up => self.receive(message, recorder),
            Status::Hung { .. } => self.processes[message.to.index()].held.push_back(message),
            Status::Crashed => self.drop_message(&message, Loss::Crashed, recorder),
            Status::Left => self.drop_message(&message, Loss::Left, recorder),
        }
    }

    fn drop_message(&mut self, message: &Message, reason: Loss, recorder: &mut dyn Recorder) {
        let dropped = Record::MessageDropped(message.from, message.to, reason);
        self.record_environment(Some(message.id), dropped, recorder);
    }

    fn receive(&mut self, message: Message, recorder: &mut dyn Recorder) {
        let to = message.to;
        let context = self.context();
        let process = &mut self.processes[to.index()];
        let repeated = message.acknowledged && !process.received.insert(message.original);
        let mut effects = if repeated {
            Effects::ignore(Ignored::ReceivedBefore)
        } else if let Body::Acknowledgement(original) = message.body {
            let known = process.outbox.acknowledge(original);
            process.timers.remove(&Timer::Retry(original));
            if known {
                Effects::default()
            } else {
                Effects::ignore(Ignored::AcknowledgedBefore)
            }
        } else {
            match &mut process.role {
                Role::System(_) => Effects::ignore(Ignored::NotForSystem),
                Role::Coordinator(coordinator) => coordinator.receive(context, &message.body),
                Role::Recovery(recovery) => recovery.receive(context, message.from, &message.body),
                Role::Executor(executor) => executor.receive(context, &message.body),
            }
        };
        let record = effects.receipt_of(&message.body);
        let form = Form::Receipt {
            from: message.from,
            message: message.id,
            cause: message.send_seq,
        };
        self.record(to, form, record, Some(&message), recorder);
        if message.acknowledged {
            let body = Body::Acknowledgement(message.original);
            self.transmit(to, message.from, body, None, recorder);
        }
        self.perform(to, std::mem::take(&mut effects.list), recorder);
        self.settle(to, recorder);
    }

    /// A draining executor has one more thing to say once nothing waits to be acknowledged.
    fn settle(&mut self, index: ProcessIndex, recorder: &mut dyn Recorder) {
        let context = self.context();
        let process = &mut self.processes[index.index()];
        if let Role::Executor(executor) = &mut process.role
            && executor.draining
            && process.outbox.is_empty()
            && matches!(process.status, Status::Up)
        {
            let effects = executor.all_acknowledged(context);
            self.perform(index, effects.list, recorder);
        }
    }

    fn ring(
        &mut self,
        index: ProcessIndex,
        timer: Timer,
        generation: u64,
        recorder: &mut dyn Recorder,
    ) {
        let context = self.context();
        let process = &mut self.processes[index.index()];
        if process
            .timers
            .get(&timer)
            .is_none_or(|(_, current)| *current != generation)
        {
            return; // replaced or cancelled since
        }
        process.timers.remove(&timer);
        let effects = match (&mut process.role, timer) {
            (_, Timer::Retry(original)) => return self.retry(index, original, recorder),
            (Role::Executor(executor), Timer::Heartbeat) => executor.heartbeat(context),
            (Role::Executor(executor), Timer::Completion(attempt)) => {
                executor.complete(context, attempt)
            }
            (Role::Recovery(recovery), Timer::Silence(executor)) => {
                recovery.silence(context, executor)
            }
            _ => return,
        };
        self.perform(index, effects.list, recorder);
    }

    fn retry(&mut self, index: ProcessIndex, original: MessageId, recorder: &mut dyn Recorder) {
        let Some(pending) = self.processes[index.index()].outbox.repeat(original) else {
            return;
        };
        self.transmit(index, pending.to, pending.body, Some(original), recorder);
        self.set_timer(index, Timer::Retry(original), pending.wait_ns);
    }

    /// Records a send and puts the message on its way; returns its number.
    fn transmit(
        &mut self,
        from: ProcessIndex,
        to: ProcessIndex,
        body: Body,
        retry_of: Option<MessageId>,
        recorder: &mut dyn Recorder,
    ) -> MessageId {
        self.messages_sent += 1;
        let id = MessageId(self.messages_sent);
        let record = match retry_of {
            Some(_) => Record::MessageSent(body.what(), Subject::of(&body)),
            None => Record::of_send(&body, to),
        };
        let send_seq = recorder.count();
        self.record(
            from,
            Form::Send {
                to,
                message: id,
                retry_of,
            },
            record,
            None,
            recorder,
        );
        let (sender, receiver) = (end(&self.processes, from), end(&self.processes, to));
        let due_ns = self.network.due_ns(self.now_ns, sender, receiver);
        self.network.insert(Message {
            id,
            original: retry_of.unwrap_or(id),
            acknowledged: !body.is_background(),
            from,
            to,
            body,
            stamp: Rc::clone(self.processes[from.index()].clocks.stamp()),
            send_seq,
            sent_ns: self.now_ns,
            due_ns,
            cut: self.network.is_cut(from, to),
        });
        self.queue.schedule(due_ns, Scheduled::Deliver(id));
        id
    }

    // Effects -----------------------------------------------------------------------------------------------

    pub(super) fn perform(
        &mut self,
        index: ProcessIndex,
        effects: Vec<Effect>,
        recorder: &mut dyn Recorder,
    ) {
        for effect in effects {
            match effect {
                Effect::Record(record) => self.record(index, Form::Local, record, None, recorder),
                Effect::Send(to, body, delivery) => self.send(index, to, body, delivery, recorder),
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
                    process.outbox = Outbox::default();
                    process.timers.clear();
                }
            }
        }
    }

    fn send(
        &mut self,
        from: ProcessIndex,
        to: ProcessIndex,
        body: Body,
        delivery: Delivery,
        recorder: &mut dyn Recorder,
    ) {
        if delivery == Delivery::Superseding {
            let what = body.what();
            self.give_up(from, |pending| {
                pending.to == to && pending.body.what() == what
            });
        }
        if delivery == Delivery::Once {
            self.transmit(from, to, body, None, recorder);
            return;
        }
        let id = self.transmit(from, to, body.clone(), None, recorder);
        let (sender, receiver) = (end(&self.processes, from), end(&self.processes, to));
        let wait_ns = self.network.patience_ns(sender, receiver);
        self.processes[from.index()]
            .outbox
            .insert(id, Pending { to, body, wait_ns });
        self.set_timer(from, Timer::Retry(id), wait_ns);
    }

    fn give_up(&mut self, index: ProcessIndex, forget: impl FnMut(&Pending) -> bool) {
        let process = &mut self.processes[index.index()];
        for original in process.outbox.give_up(forget) {
            process.timers.remove(&Timer::Retry(original));
        }
    }

    fn set_timer(&mut self, index: ProcessIndex, timer: Timer, after_ns: u64) {
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
    pub(super) fn is_current(&self, index: ProcessIndex, timer: Timer, generation: u64) -> bool {
        let set = self.processes[index.index()].timers.get(&timer);
        set.is_some_and(|(_, current)| *current == generation)
    }

    // Faults ------------------------------------------------------------------------------------------------

    pub(super) fn crash(&mut self, index: ProcessIndex) {
        let process = &mut self.processes[index.index()];
        process.status = Status::Crashed;
        process.timers.clear();
        process.outbox = Outbox::default();
        process.received = Received::default();
        if let Role::Executor(executor) = &mut process.role {
            executor.crash();
        }
    }

    /// What a hung receiver's kernel had taken in is lost with the crash.
    pub(super) fn drop_held(&mut self, index: ProcessIndex, recorder: &mut dyn Recorder) {
        for message in std::mem::take(&mut self.processes[index.index()].held) {
            self.drop_message(&message, Loss::Crashed, recorder);
        }
    }

    pub(super) fn restart(&mut self, index: ProcessIndex, recorder: &mut dyn Recorder) {
        let context = self.context();
        let process = &mut self.processes[index.index()];
        process.status = Status::Up;
        if let Role::Executor(executor) = &mut process.role {
            let effects = executor.restart(context, index);
            self.perform(index, effects.list, recorder);
        }
    }

    pub(super) fn hang(&mut self, index: ProcessIndex) {
        let now_ns = self.now_ns;
        let process = &mut self.processes[index.index()];
        let timers = std::mem::take(&mut process.timers);
        let left = timers
            .into_iter()
            .map(|(timer, (due_ns, _))| (timer, due_ns.saturating_sub(now_ns)));
        process.status = Status::Hung {
            since_ns: now_ns,
            timers: left.collect(),
        };
    }

    pub(super) fn resume(&mut self, index: ProcessIndex, recorder: &mut dyn Recorder) {
        let now_ns = self.now_ns;
        let process = &mut self.processes[index.index()];
        let Status::Hung { since_ns, timers } = std::mem::replace(&mut process.status, Status::Up)
        else {
            return;
        };
        if let Role::Executor(executor) = &mut process.role {
            executor.thaw(now_ns - since_ns);
        }
        let held = std::mem::take(&mut process.held);
        for (timer, left_ns) in timers {
            self.set_timer(index, timer, left_ns);
        }
        for message in held {
            // It may have left for good on one of them.
            match self.processes[index.index()].status {
                Status::Up => self.receive(message, recorder),
                _ => self.drop_message(&message, Loss::Left, recorder),
            }
        }
    }

    pub(super) fn slow(&mut self, index: ProcessIndex, factor: u32, recorder: &mut dyn Recorder) {
        let mut context = self.context();
        let process = &mut self.processes[index.index()];
        if let Status::Hung { since_ns, .. } = process.status {
            context.now_ns = since_ns; // its work stands still since then
        }
        if let Role::Executor(executor) = &mut process.role {
            let effects = executor.slow(context, factor);
            self.perform(index, effects.list, recorder);
        }
    }

    /// Every running executor that belongs sends a heartbeat now.
    pub(super) fn heartbeat_cycle(&mut self, recorder: &mut dyn Recorder) {
        let context = self.context();
        for index in 0..self.processes.len() {
            let process = &mut self.processes[index];
            if let (Status::Up, Role::Executor(executor)) = (&process.status, &mut process.role)
                && executor.state.is_some()
            {
                let effects = executor.heartbeat(context);
                self.perform(ProcessIndex(index as u16), effects.list, recorder);
            }
        }
    }

    // Recording ---------------------------------------------------------------------------------------------

    pub(super) fn record_environment(
        &mut self,
        message: Option<MessageId>,
        record: Record,
        recorder: &mut dyn Recorder,
    ) {
        self.offer_clocks(None, recorder);
        recorder.event(Event::environment(self.now_ns, message, record));
    }

    pub(super) fn record(
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

    fn offer_clocks(&self, received: Option<&Message>, recorder: &mut dyn Recorder) {
        if !recorder.wants_clocks() {
            return;
        }
        let held = self.processes.iter().flat_map(|process| &process.held);
        let on_their_way = self.network.in_flight().chain(held).chain(received);
        let stamps: Vec<(u32, Rc<Stamp>)> = on_their_way
            .map(|message| (message.send_seq, Rc::clone(&message.stamp)))
            .collect();
        recorder.clocks(
            self.processes
                .iter()
                .map(|process| process.clocks.clone())
                .collect(),
            stamps,
        );
    }
}

fn end(processes: &[Process], index: ProcessIndex) -> End<'_> {
    let process = &processes[index.index()];
    let location = match &process.role {
        Role::Executor(executor) => executor.spec.location,
        _ => None,
    };
    End {
        process: index,
        name: &process.name,
        location,
    }
}
