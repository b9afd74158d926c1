//! An executor: its queues, its slots, and what the emergency level makes of them.

mod slots;
mod warm;

use std::collections::VecDeque;
use std::rc::Rc;

pub use slots::{Assignment, Paused, Running};

use warm::WarmFunctions;

use super::{Context, Delivery, Effect, Effects, Timer};
use crate::command::ExecutorSpec;
use crate::emergency::{EmergencyState, Level};
use crate::id::ProcessIndex;
use crate::job::{Class, Execution, Job};
use crate::message::{Ignored, MembershipStatus, Payload, Status};
use crate::policy::discipline::{Arrival, Discipline};
use crate::policy::level;
use crate::record::{Attempt, Record};
use crate::rng::Generator;
use crate::sorted::SortedMap;

/// What the scenario sets for an executor, once.
#[derive(Clone, Copy, Debug)]
pub struct ExecutorConfiguration {
    /// Which job a free slot goes to.
    pub discipline: Discipline,
    /// Between two heartbeats, in ns.
    pub heartbeat_ns: u64,
    /// The span to the next heartbeat differs from that by up to this, in percent: 0 to 50. Without it heartbeats
    /// that coincide once coincide for ever.
    pub heartbeat_jitter_percent: u32,
    /// A serverless job's first run on an executor pays this, in ns.
    pub cold_start_ns: u64,
}

/// One per executor.
#[derive(Clone, Debug)]
pub struct Executor {
    /// What it is.
    pub spec: Rc<ExecutorSpec>,
    configuration: ExecutorConfiguration,
    /// Of the spans between its heartbeats.
    rng: Generator,
    /// Counts its lives; on stable storage.
    pub incarnation: u32,
    /// Waiting emergency jobs.
    pub emergency_jobs: VecDeque<Assignment>,
    /// Waiting normal jobs.
    pub normal_jobs: VecDeque<Assignment>,
    /// Paused normal jobs, in the order paused.
    pub paused_jobs: VecDeque<Paused>,
    /// Jobs in slots.
    pub running_jobs: SortedMap<Attempt, Running>,
    /// Jobs completed in this life.
    pub completed_jobs: u32,
    /// The emergency state it works under; `None` until it has received one.
    pub state: Option<Rc<EmergencyState>>,
    /// Takes nothing new.
    pub draining: bool,
    told_drained: bool,
    /// Work takes this many times as long: a property of the machine, so it survives a crash.
    pub slow_factor: u32,
    arrivals: u32,
    warm: WarmFunctions,
}

impl Executor {
    /// An executor in its first life that knows nothing yet.
    pub fn new(
        spec: Rc<ExecutorSpec>,
        configuration: ExecutorConfiguration,
        rng: Generator,
    ) -> Self {
        Executor {
            spec,
            configuration,
            rng,
            incarnation: 1,
            emergency_jobs: VecDeque::new(),
            normal_jobs: VecDeque::new(),
            paused_jobs: VecDeque::new(),
            running_jobs: SortedMap::default(),
            completed_jobs: 0,
            state: None,
            draining: false,
            told_drained: false,
            slow_factor: 1,
            arrivals: 0,
            warm: WarmFunctions::new(configuration.cold_start_ns),
        }
    }

    /// It was added while the run goes on: it will be welcomed, or ask for it.
    pub fn join(&mut self) -> Effects {
        Effects {
            list: vec![self.next_heartbeat()],
            ..Effects::default()
        }
    }

    /// It was there when the run began: it knows that there is no emergency, and its first heartbeat is due
    /// `phase_ns` from now.
    pub fn begin(&mut self, phase_ns: u64) -> Effects {
        self.state = Some(Rc::default());
        Effects {
            list: vec![Effect::Set(Timer::Heartbeat, phase_ns)],
            ..Effects::default()
        }
    }

    /// What a crash leaves: identity and incarnation, and the machine as slow as it is.
    pub fn crash(&mut self) {
        let rng = self.rng.clone();
        let blank = Executor::new(Rc::clone(&self.spec), self.configuration, rng);
        *self = Executor {
            incarnation: self.incarnation,
            slow_factor: self.slow_factor,
            ..blank
        };
    }

    /// Comes back empty under a new incarnation and registers.
    pub fn restart(&mut self, context: Context, own: ProcessIndex) -> Effects {
        self.incarnation += 1;
        let mut effects = Effects::default();
        effects.record(Record::ExecutorRestarted {
            executor: own,
            incarnation: self.incarnation,
        });
        self.register(context, &mut effects);
        effects
    }

    /// Asks to be welcomed, and to be reminded to ask again: recovery stops repeating itself to whoever it
    /// takes for failed, so a welcome can be lost for good.
    fn register(&mut self, context: Context, effects: &mut Effects) {
        let body = Payload::Register {
            incarnation: self.incarnation,
        };
        let (to, delivery) = (context.recovery(), Delivery::Superseding);
        effects.list.push(Effect::Send(to, body, delivery));
        effects.list.push(self.next_heartbeat());
    }

    fn next_heartbeat(&mut self) -> Effect {
        let span_ns = self.configuration.heartbeat_ns;
        let jitter_ns = span_ns * u64::from(self.configuration.heartbeat_jitter_percent) / 100;
        let after_ns = match jitter_ns {
            0 => span_ns,
            _ => self.rng.between(span_ns - jitter_ns, span_ns + jitter_ns),
        };
        Effect::Set(Timer::Heartbeat, after_ns)
    }

    /// The level it works under; `None` while it does not know.
    pub fn level(&self) -> Option<Level> {
        self.state.as_ref().map(|state| state.level())
    }

    /// Whether it works under an emergency.
    pub fn in_emergency_mode(&self) -> bool {
        self.level().is_some_and(|level| level > Level::None)
    }

    /// What it tells of itself.
    pub fn status(&self) -> Status {
        Status {
            emergency_queued: self.emergency_jobs.len() as u32,
            normal_queued: self.normal_jobs.len() as u32,
            running: self.running_jobs.len() as u32,
            paused: self.paused_jobs.len() as u32,
            completed: self.completed_jobs,
            version: self.state.as_ref().map_or(0, |state| state.version),
        }
    }

    /// Handles a message.
    pub fn receive(&mut self, context: Context, body: &Payload) -> Effects {
        match body {
            Payload::Assign {
                job,
                attempt,
                incarnation,
                owner,
                ..
            } => {
                if *incarnation != self.incarnation {
                    return Effects::ignore(Ignored::OtherIncarnation);
                }
                self.receive_job(context, Rc::clone(job), *attempt, *owner)
            }
            // Only the welcome says what level a new life begins under; this was meant for an earlier one.
            Payload::EmergencyNotice(_) | Payload::SetMode(_) | Payload::HeartbeatReply { .. }
                if self.state.is_none() =>
            {
                Effects::ignore(Ignored::BeforeWelcome)
            }
            Payload::EmergencyNotice(state) | Payload::SetMode(state) => {
                self.set_emergency_mode(context, state)
            }
            Payload::HeartbeatReply { state, standing } | Payload::Welcome { state, standing } => {
                self.on_emergency_state(context, state, *standing)
            }
            Payload::Drain => {
                let mut effects = Effects::default();
                self.drain(&mut effects);
                effects
            }
            _ => Effects::ignore(Ignored::NotForExecutor),
        }
    }

    /// Sends a heartbeat and asks to be reminded of the next; before its welcome, asks for that.
    pub fn heartbeat(&mut self, context: Context) -> Effects {
        let mut effects = Effects::default();
        if self.state.is_none() {
            self.register(context, &mut effects);
            return effects;
        }
        let body = Payload::Heartbeat {
            incarnation: self.incarnation,
            status: self.status(),
        };
        effects.send_once(context.recovery(), body);
        effects.list.push(self.next_heartbeat());
        effects
    }

    /// A running job is done.
    pub fn complete(&mut self, context: Context, attempt: Attempt) -> Effects {
        let mut effects = Effects::default();
        let Some(running) = self.running_jobs.remove(&attempt) else {
            return effects;
        };
        self.completed_jobs += 1;
        let Assignment {
            job,
            attempt,
            owner,
            ..
        } = running.assignment;
        if job.execution == Execution::Serverless {
            self.warm.used(job.function(), context.now_ns);
        }
        effects.send(owner, Payload::Complete { job, attempt });
        self.try_start_jobs(context, &mut effects);
        effects
    }

    /// Nothing it sent waits to be acknowledged: a draining executor that holds nothing says so, and then leaves.
    /// Waiting for that keeps its last completions ahead of its removal.
    pub fn all_acknowledged(&mut self, context: Context) -> Effects {
        let mut effects = Effects::default();
        if self.told_drained {
            effects.list.push(Effect::Leave);
        } else if self.draining && self.is_empty() {
            self.told_drained = true;
            effects.send(context.recovery(), Payload::Drained);
        }
        effects
    }

    /// From now on work takes `factor` times as long.
    pub fn slow(&mut self, context: Context, factor: u32) -> Effects {
        let mut effects = Effects::default();
        let old = self.slow_factor;
        self.slow_factor = factor;
        for (attempt, running) in self.running_jobs.iter_mut() {
            running.settle(context.now_ns, old);
            let left_ns = running.remaining_ns * u64::from(factor);
            effects
                .list
                .push(Effect::Set(Timer::Completion(*attempt), left_ns));
        }
        effects
    }

    /// It was frozen for `frozen_ns` and goes on where it was.
    pub fn thaw(&mut self, frozen_ns: u64) {
        for running in self.running_jobs.values_mut() {
            running.since_ns += frozen_ns;
        }
    }

    /// Nothing queued, paused or running.
    pub fn is_empty(&self) -> bool {
        self.emergency_jobs.is_empty()
            && self.normal_jobs.is_empty()
            && self.paused_jobs.is_empty()
            && self.running_jobs.is_empty()
    }

    fn receive_job(
        &mut self,
        context: Context,
        job: Rc<Job>,
        attempt: u32,
        owner: ProcessIndex,
    ) -> Effects {
        let class = job.class();
        self.arrivals += 1;
        let assignment = Assignment {
            job,
            attempt,
            owner,
            arrival: Arrival {
                at_ns: context.now_ns,
                number: self.arrivals,
            },
        };
        let mut effects = Effects {
            receipt: Some(Record::JobQueued(assignment.key(), class)),
            ..Effects::default()
        };
        if self.draining {
            effects.send(
                owner,
                Payload::Return {
                    job: assignment.job,
                    attempt,
                },
            );
            return effects;
        }
        match class {
            Class::Emergency => self.emergency_jobs.push_back(assignment),
            Class::Normal => self.normal_jobs.push_back(assignment),
        }
        self.try_start_jobs(context, &mut effects);
        effects
    }

    fn set_emergency_mode(&mut self, context: Context, state: &Rc<EmergencyState>) -> Effects {
        if self
            .state
            .as_ref()
            .is_some_and(|known| known.version >= state.version)
        {
            return Effects::ignore(Ignored::OlderState);
        }
        let level = state.level();
        let mode_set = Record::ModeSet {
            level,
            version: state.version,
        };
        let mut effects = Effects {
            receipt: Some(mode_set),
            ..Effects::default()
        };
        self.state = Some(Rc::clone(state));
        // Its jobs find the functions warm that can serve them.
        for kind in state.active.iter().map(|emergency| &emergency.kind) {
            if kind.is_serverless_compatible() && self.warm.prewarm(kind.name(), context.now_ns) {
                effects.record(Record::FunctionPrewarmed(kind.clone()));
            }
        }
        if level::pauses_normal(level) {
            self.pause_normal(context, &mut effects);
        }
        self.try_start_jobs(context, &mut effects);
        effects
    }

    /// A reply from recovery: the emergency state, and whether this executor still belongs.
    fn on_emergency_state(
        &mut self,
        context: Context,
        state: &Rc<EmergencyState>,
        standing: MembershipStatus,
    ) -> Effects {
        if standing == MembershipStatus::Removed {
            let mut effects = Effects::ignore(Ignored::RemovedStops);
            effects.list.push(Effect::Leave);
            return effects;
        }
        let first = self.state.is_none();
        let mut effects = self.set_emergency_mode(context, state);
        if first {
            effects.list.push(self.next_heartbeat());
        }
        if standing == MembershipStatus::Draining && !self.draining {
            effects.ignored = None;
            self.drain(&mut effects);
        } else if effects.receipt.is_none() {
            // A reply that brings nothing new is the usual case, not a stale message.
            effects.ignored = None;
        }
        effects
    }

    fn drain(&mut self, effects: &mut Effects) {
        self.draining = true;
        let paused = self.paused_jobs.drain(..).map(|paused| paused.assignment);
        let held = paused
            .chain(self.emergency_jobs.drain(..))
            .chain(self.normal_jobs.drain(..));
        let held: Vec<Assignment> = held.collect();
        for Assignment {
            job,
            attempt,
            owner,
            ..
        } in held
        {
            effects.send(owner, Payload::Return { job, attempt });
        }
    }
}
