//! An executor: its queues, its slots, and what the emergency level makes of them.

use crate::engine::sorted::SortedMap;
use std::collections::VecDeque;
use std::rc::Rc;

use super::{Context, Delivery, Effect, Effects, Timer};
use crate::engine::command::ExecutorSpec;
use crate::engine::emergency::{EmergencyState, Level};
use crate::engine::id::ProcessIndex;
use crate::engine::job::{Class, Execution, Job};
use crate::engine::message::{Body, Ignored, Standing, Status};
use crate::engine::policy::discipline::{Arrival, Discipline, Heads, Source};
use crate::engine::policy::level;
use crate::engine::record::{Attempt, Record};
use crate::engine::rng::Generator;
use crate::engine::time::{SECOND_NS, from_us};

/// How long a function stays warm after its last use, in ns.
const WARM_NS: u64 = 60 * SECOND_NS;

/// What an executor is told once, by the scenario.
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

/// A job under one attempt.
#[derive(Clone, Debug)]
pub struct Assignment {
    /// The job.
    pub job: Rc<Job>,
    /// The fencing token its completion must carry.
    pub attempt: u32,
    /// The coordinator that owns the job.
    pub owner: ProcessIndex,
    /// When it came here.
    pub arrival: Arrival,
}

impl Assignment {
    /// Job and attempt.
    pub fn key(&self) -> Attempt {
        Attempt {
            job: self.job.id,
            number: self.attempt,
        }
    }
}

/// A job that was paused.
#[derive(Clone, Debug)]
pub struct Paused {
    /// What.
    pub assignment: Assignment,
    /// Work left at normal speed, in ns.
    pub remaining_ns: u64,
    /// The whole of it, cold start included, in ns.
    pub total_ns: u64,
}

/// A job in a slot.
#[derive(Clone, Debug)]
pub struct Running {
    /// What.
    pub assignment: Assignment,
    /// Where: 0 to capacity - 1.
    pub slot: u16,
    /// Work left at `since_ns`, at normal speed, in ns.
    pub remaining_ns: u64,
    /// The whole of it, cold start included, in ns.
    pub total_ns: u64,
    /// When `remaining_ns` was true, in ns.
    pub since_ns: u64,
}

/// One per executor.
#[derive(Clone, Debug)]
pub struct Executor {
    /// What it is.
    pub spec: Rc<ExecutorSpec>,
    configuration: ExecutorConfiguration,
    /// Of the spans between its heartbeats.
    chances: Generator,
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
    /// The emergency state it works under; `None` until it was told.
    pub state: Option<Rc<EmergencyState>>,
    /// Takes nothing new.
    pub draining: bool,
    told_drained: bool,
    /// Work takes this many times as long: a property of the machine, so it survives a crash.
    pub slow_factor: u32,
    arrivals: u32,
    /// From when to when a function is warm, in ns, by name.
    warm: SortedMap<String, (u64, u64)>,
}

impl Executor {
    /// An executor in its first life that knows nothing yet.
    pub fn new(
        spec: Rc<ExecutorSpec>,
        configuration: ExecutorConfiguration,
        chances: Generator,
    ) -> Self {
        Executor {
            spec,
            configuration,
            chances,
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
            warm: SortedMap::default(),
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
        let chances = self.chances.clone();
        let blank = Executor::new(Rc::clone(&self.spec), self.configuration, chances);
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
        let body = Body::Register {
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
            _ => self
                .chances
                .between(span_ns - jitter_ns, span_ns + jitter_ns),
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
    pub fn receive(&mut self, context: Context, body: &Body) -> Effects {
        match body {
            Body::Assign {
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
            Body::EmergencyNotice(_) | Body::SetMode(_) | Body::HeartbeatReply { .. }
                if self.state.is_none() =>
            {
                Effects::ignore(Ignored::BeforeWelcome)
            }
            Body::EmergencyNotice(state) | Body::SetMode(state) => {
                self.set_emergency_mode(context, state)
            }
            Body::HeartbeatReply { state, standing } | Body::Welcome { state, standing } => {
                self.informed(context, state, *standing)
            }
            Body::Drain => {
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
        let body = Body::Heartbeat {
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
            self.keep_warm(job.function(), context.now_ns);
        }
        effects.send(owner, Body::Complete { job, attempt });
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
            effects.send(context.recovery(), Body::Drained);
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
                Body::Return {
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
        self.prewarm(context, state, &mut effects);
        if level::pauses_normal(level) {
            self.pause_normal(context, &mut effects);
        }
        self.try_start_jobs(context, &mut effects);
        effects
    }

    /// A reply from recovery: the emergency state, and whether this executor still belongs.
    fn informed(
        &mut self,
        context: Context,
        state: &Rc<EmergencyState>,
        standing: Standing,
    ) -> Effects {
        if standing == Standing::Removed {
            let mut effects = Effects::ignore(Ignored::RemovedStops);
            effects.list.push(Effect::Leave);
            return effects;
        }
        let first = self.state.is_none();
        let mut effects = self.set_emergency_mode(context, state);
        if first {
            effects.list.push(self.next_heartbeat());
        }
        if standing == Standing::Draining && !self.draining {
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
            effects.send(owner, Body::Return { job, attempt });
        }
    }

    fn pause_normal(&mut self, context: Context, effects: &mut Effects) {
        let normal: Vec<Attempt> = self
            .running_jobs
            .iter()
            .filter(|(_, running)| running.assignment.job.class() == Class::Normal)
            .map(|(attempt, _)| *attempt)
            .collect();
        for attempt in normal {
            let Some(mut running) = self.running_jobs.remove(&attempt) else {
                continue;
            };
            running.settle(context.now_ns, self.slow_factor);
            effects
                .list
                .push(Effect::Cancel(Timer::Completion(attempt)));
            effects.record(Record::JobPaused(attempt, Class::Normal));
            let Running {
                assignment,
                remaining_ns,
                total_ns,
                ..
            } = running;
            self.paused_jobs.push_back(Paused {
                assignment,
                remaining_ns,
                total_ns,
            });
        }
    }

    /// Fills free slots as the discipline and the level allow.
    fn try_start_jobs(&mut self, context: Context, effects: &mut Effects) {
        let Some(level) = self.level() else { return };
        while self.running_jobs.len() < usize::from(self.spec.capacity) {
            let is_normal = |running: &&Running| running.assignment.job.class() == Class::Normal;
            let normal_running = self.running_jobs.values().filter(is_normal).count();
            let heads = Heads {
                emergency: self
                    .emergency_jobs
                    .front()
                    .map(|assignment| assignment.arrival),
                paused: self
                    .paused_jobs
                    .front()
                    .map(|paused| paused.assignment.arrival),
                normal: self
                    .normal_jobs
                    .front()
                    .map(|assignment| assignment.arrival),
                normal_may_start: level::normal_may_start(
                    level,
                    normal_running,
                    self.spec.capacity,
                ),
            };
            let assignment = match self.configuration.discipline.next(heads) {
                Some(Source::Paused) => {
                    let Some(paused) = self.paused_jobs.pop_front() else {
                        return;
                    };
                    let attempt = paused.assignment.key();
                    effects.record(Record::JobResumed(attempt, Class::Normal));
                    self.occupy(context, paused, effects);
                    continue;
                }
                Some(Source::Emergency) => self.emergency_jobs.pop_front(),
                Some(Source::Normal) => self.normal_jobs.pop_front(),
                None => return,
            };
            let Some(assignment) = assignment else { return };
            self.start_job(context, assignment, effects);
        }
    }

    fn start_job(&mut self, context: Context, assignment: Assignment, effects: &mut Effects) {
        let job = &assignment.job;
        let cold_start_ns = self.cold_start_ns(job, context.now_ns);
        let cold_start_us = (cold_start_ns / 1_000) as u32;
        effects.record(Record::JobStarted(
            assignment.key(),
            job.class(),
            cold_start_us,
        ));
        let total_ns = cold_start_ns + from_us(job.work_us);
        self.occupy(
            context,
            Paused {
                assignment,
                remaining_ns: total_ns,
                total_ns,
            },
            effects,
        );
    }

    fn occupy(&mut self, context: Context, paused: Paused, effects: &mut Effects) {
        let taken = |slot: &u16| {
            self.running_jobs
                .values()
                .any(|running| running.slot == *slot)
        };
        let slot = (0..self.spec.capacity)
            .find(|slot| !taken(slot))
            .unwrap_or_default();
        let Paused {
            assignment,
            remaining_ns,
            total_ns,
        } = paused;
        let attempt = assignment.key();
        let left_ns = remaining_ns.saturating_mul(u64::from(self.slow_factor));
        effects
            .list
            .push(Effect::Set(Timer::Completion(attempt), left_ns));
        let since_ns = context.now_ns;
        self.running_jobs.insert(
            attempt,
            Running {
                assignment,
                slot,
                remaining_ns,
                total_ns,
                since_ns,
            },
        );
    }

    /// What this start costs: nothing unless the job is serverless; then what is left of its function's warm-up.
    fn cold_start_ns(&mut self, job: &Job, now_ns: u64) -> u64 {
        if job.execution != Execution::Serverless {
            return 0;
        }
        let from_ns = match self.warm.get(job.function()) {
            Some((from_ns, until_ns)) if *until_ns > now_ns => *from_ns,
            _ => now_ns + self.configuration.cold_start_ns,
        };
        let used_ns = from_ns.max(now_ns);
        self.warm
            .insert(job.function().to_owned(), (from_ns, used_ns + WARM_NS));
        from_ns.saturating_sub(now_ns)
    }

    fn keep_warm(&mut self, function: &str, now_ns: u64) {
        if let Some((_, until_ns)) = self.warm.get_mut(function) {
            *until_ns = now_ns + WARM_NS;
        }
    }

    /// Warms the functions of every active emergency that can use them, so that its jobs find them warm.
    fn prewarm(&mut self, context: Context, state: &EmergencyState, effects: &mut Effects) {
        let compatible = state
            .active
            .iter()
            .filter(|emergency| emergency.kind.is_serverless_compatible());
        for emergency in compatible {
            let warm = self.warm.get(emergency.kind.name());
            if warm.is_some_and(|(_, until)| *until > context.now_ns) {
                continue;
            }
            let from_ns = context.now_ns + self.configuration.cold_start_ns;
            self.warm.insert(
                emergency.kind.name().to_owned(),
                (from_ns, from_ns + WARM_NS),
            );
            effects.record(Record::FunctionPrewarmed(emergency.kind.clone()));
        }
    }
}

impl Running {
    /// Brings `remaining_ns` up to date after running at one `factor`.
    fn settle(&mut self, now_ns: u64, factor: u32) {
        let done_ns = now_ns.saturating_sub(self.since_ns) / u64::from(factor.max(1));
        self.remaining_ns = self.remaining_ns.saturating_sub(done_ns);
        self.since_ns = now_ns;
    }
}
