//! How processes and jobs come in: executors join, workloads and scripted commands arrive.

use crate::sorted::SortedMap;
use std::collections::VecDeque;
use std::rc::Rc;

use super::{Process, Role, STREAM_HEARTBEAT_JITTER, STREAM_WALL_CLOCKS, Scheduled, Status, World};
use crate::clock::{Clocks, WallClock};
use crate::command::{Command, ExecutorSpec, JobRequest};
use crate::emergency::EmergencyType;
use crate::id::ProcessIndex;
use crate::process::causal_delivery::CausalDelivery;
use crate::process::executor::{Executor, ExecutorConfiguration};
use crate::process::log::Durable;
use crate::record::Record;
use crate::rng::Generator;
use crate::time::from_us;
use crate::trace::{Form, Recorder};

impl World {
    pub(super) fn join(
        &mut self,
        name: Rc<str>,
        role: Role,
        recorder: &mut dyn Recorder,
    ) -> ProcessIndex {
        let index = ProcessIndex(self.processes.len() as u16);
        let configuration = &self.setup.configuration;
        let mut chance = Generator::new(self.setup.seed, STREAM_WALL_CLOCKS + u64::from(index.0));
        let (offset, drift) = (
            configuration.wall_clock_offset_us,
            configuration.wall_clock_drift_ppm,
        );
        let wall = WallClock::new(&mut chance, offset, drift);
        recorder.process(Rc::clone(&name), wall);
        let mut order = CausalDelivery::default();
        if !matches!(role, Role::Executor(_)) {
            order.begin();
        }
        // What comes back from a log has its mail there too. The system is the client's side and does not crash.
        let mail = match role {
            Role::Coordinator(_) | Role::Recovery(_) => Durable::logged(),
            Role::System(_) | Role::Executor(_) | Role::Host => Durable::volatile(),
        };
        self.processes.push(Process {
            name,
            role,
            status: Status::Up,
            clocks: Clocks::new(wall),
            mail,
            timers: SortedMap::default(),
            held: VecDeque::new(),
            order,
        });
        index
    }

    pub(crate) fn join_executor(
        &mut self,
        spec: Rc<ExecutorSpec>,
        recorder: &mut dyn Recorder,
    ) -> ProcessIndex {
        let configuration = &self.setup.configuration;
        let given = ExecutorConfiguration {
            discipline: configuration.discipline,
            heartbeat_ns: from_us(configuration.heartbeat_us),
            heartbeat_jitter_percent: configuration.heartbeat_jitter_percent,
            cold_start_ns: from_us(configuration.cold_start_us),
        };
        let name = Rc::clone(&spec.id);
        let stream = STREAM_HEARTBEAT_JITTER + self.processes.len() as u64;
        let rng = Generator::new(self.setup.seed, stream);
        let role = Role::Executor(Executor::new(spec, given, rng));
        let executor = self.join(name, role, recorder);
        if let Some(Role::System(system)) =
            self.processes.first_mut().map(|process| &mut process.role)
        {
            system.executors.push(executor);
        }
        executor
    }

    /// An executor that is there when the run begins: everybody knows it without a message.
    pub(super) fn register_executor(
        &mut self,
        spec: Rc<ExecutorSpec>,
        recorder: &mut dyn Recorder,
    ) {
        let executor = self.join_executor(Rc::clone(&spec), recorder);
        self.processes[executor.index()].order.begin();
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
                Role::Recovery(recovery) => {
                    recovery.register_executor(context, executor, Rc::clone(&spec))
                }
                Role::Coordinator(coordinator) => {
                    coordinator.register_executor(executor, Rc::clone(&spec));
                    continue;
                }
                Role::Executor(new) if process == executor => new.begin(phase_ns),
                _ => continue,
            };
            self.perform(process, effects.list, recorder);
        }
    }

    pub(crate) fn submit(
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

    pub(super) fn schedule_arrival(&mut self, index: usize) {
        if let Some(t_ns) = self
            .sources
            .get_mut(index)
            .and_then(|source| source.next_ns(self.now_ns))
        {
            self.queue.schedule(t_ns, Scheduled::Arrival(index));
        }
    }

    pub(super) fn scripted(&mut self, index: usize, recorder: &mut dyn Recorder) {
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
}
