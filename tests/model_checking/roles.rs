//! Processes and message bodies kept once each, by a digest of all that they hold, and what each handler made of each
//! input (the collapse compression of Holzmann's SPIN): states stay small and handlers run once for each pair.

use std::cell::RefCell;
use std::collections::HashMap;
use std::fmt::Debug;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::rc::Rc;

use triage::engine::command::{ExecutorSpec, JobRequest};
use triage::engine::configuration::Configuration;
use triage::engine::emergency::{Emergency, EmergencyType, Level};
use triage::engine::id::{EmergencyId, JobId, ProcessIndex};
use triage::engine::job::Class;
use triage::engine::message::{MessageKind, Payload};
use triage::engine::policy::delivery::EmergencyDelivery;
use triage::engine::policy::discipline::{Arrival, Discipline};
use triage::engine::process::coordinator::{Coordinator, LedgerEntry};
use triage::engine::process::executor::{Executor, ExecutorConfiguration};
use triage::engine::process::recovery::{Member, Recovery};
use triage::engine::process::system::System;
use triage::engine::process::{Context, Delivery, Effect, Effects};
use triage::engine::record::{Attempt, Record};
use triage::engine::rng::Generator;
use triage::engine::world::Role;

pub const SYSTEM: usize = 0;
pub const COORDINATOR: usize = 1;
pub const RECOVERY: usize = 2;
/// The first of two.
pub const EXECUTORS: usize = 3;

/// What a handler is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Input {
    Receive(usize, u64),
    SubmitNormal,
    SubmitEmergency,
    Declare,
    Clear,
    Suspect(usize),
    Fail(usize),
    Heartbeat,
    Complete(u32, u32),
    Crash,
    Restart,
}

#[derive(Clone, Copy)]
pub enum Op {
    Send(usize, u64, Delivery),
    GiveUp(usize),
}

/// What a handler made of its input.
#[derive(Default)]
pub struct Outcome {
    pub role: u64,
    pub ops: Vec<Op>,
    /// The job whose completion was accepted.
    pub effect: Option<u32>,
    pub refused: bool,
    pub broken: Option<&'static str>,
}

#[derive(Default)]
struct Known {
    roles: HashMap<u64, Role>,
    bodies: HashMap<u64, Payload>,
    first: [u64; 5],
    /// The coordinator that has finished so many jobs and knows nothing more.
    finished: [u64; 3],
    outcomes: HashMap<(usize, u64, Input), Rc<Outcome>>,
}

thread_local! {
    /// The checker's thread is not the one that asks for the first state, so each thread begins by itself.
    static KNOWN: RefCell<Known> = RefCell::new(Known::begin());
}

fn digest(value: &impl Debug) -> u64 {
    let mut hasher = DefaultHasher::new();
    format!("{value:?}").hash(&mut hasher);
    hasher.finish()
}

impl Known {
    fn begin() -> Known {
        let usual = Configuration::default();
        let (normal, emergency) = (usual.routing_normal, usual.routing_emergency);
        let mut coordinator =
            Coordinator::new(ProcessIndex(1), normal, emergency, Generator::new(1, 0));
        let mut recovery = Recovery::new(usual.detector, usual.brake());
        let given = ExecutorConfiguration {
            discipline: Discipline::Strict,
            heartbeat_ns: 1,
            heartbeat_jitter_percent: 0,
            cold_start_ns: 0,
        };
        let mut executors = Vec::new();
        for index in EXECUTORS..EXECUTORS + 2 {
            let spec = Rc::new(ExecutorSpec {
                id: format!("exec-{index}").into(),
                capacity: 1,
                capabilities: vec![],
                location: None,
            });
            let process = ProcessIndex(index as u16);
            coordinator.register_executor(process, Rc::clone(&spec));
            recovery.register_executor(context(0), process, Rc::clone(&spec));
            let mut executor = Executor::new(spec, given, Generator::new(1, 0));
            executor.begin(0);
            executors.push(Role::Executor(executor));
        }
        let first = [
            Role::System(System::default()),
            Role::Coordinator(coordinator),
            Role::Recovery(recovery),
        ];
        let mut known = Known::default();
        let digests: Vec<u64> = first
            .into_iter()
            .chain(executors)
            .map(|role| known.role(role))
            .collect();
        known.first.copy_from_slice(&digests);
        let Role::Coordinator(mut finished) = known.roles[&digests[COORDINATOR]].clone() else {
            unreachable!("not the coordinator");
        };
        for number in 1..=2 {
            let mut system = System::default();
            let (job, _) = system.submit(context(0), None, &JobRequest::default());
            let job = Rc::new(triage::engine::job::Job {
                id: JobId(number),
                ..Clone::clone(&*job)
            });
            finished
                .ledger
                .write(LedgerEntry::Accepted(Rc::clone(&job)));
            finished.ledger.write(LedgerEntry::Completed(job.id));
            known.finished[number as usize] = known.role(Role::Coordinator(finished.clone()));
        }
        known
    }

    fn role(&mut self, role: Role) -> u64 {
        let key = digest(&role);
        self.roles.entry(key).or_insert(role);
        key
    }
}

fn context(now_ns: u64) -> Context {
    Context {
        now_ns,
        coordinators: 1,
        emergency_delivery: EmergencyDelivery::Relayed,
    }
}

/// Everybody at the first moment.
pub fn begin() -> [u64; 5] {
    KNOWN.with_borrow(|known| known.first)
}

/// Asks an executor.
pub fn executor<T>(role: u64, ask: impl FnOnce(&Executor) -> T) -> T {
    KNOWN.with_borrow(|known| match &known.roles[&role] {
        Role::Executor(executor) => ask(executor),
        _ => unreachable!("not an executor"),
    })
}

/// Asks for what recovery knows of an executor.
pub fn member<T>(role: u64, executor: usize, ask: impl FnOnce(&Member) -> T) -> T {
    KNOWN.with_borrow(|known| match &known.roles[&role] {
        Role::Recovery(recovery) => ask(recovery
            .members()
            .get(&ProcessIndex(executor as u16))
            .unwrap()),
        _ => unreachable!("not recovery"),
    })
}

/// The version of the emergency state that recovery holds.
pub fn version(role: u64) -> u32 {
    KNOWN.with_borrow(|known| match &known.roles[&role] {
        Role::Recovery(recovery) => recovery.known.state.version,
        _ => unreachable!("not recovery"),
    })
}

/// What a message is called.
pub fn what(body: u64) -> MessageKind {
    KNOWN.with_borrow(|known| known.bodies[&body].what())
}

/// Whether a message changes nothing at its receiver, now or later, as incarnations, versions and attempts only grow:
/// what it has had, what was meant for an earlier life, and an order or reply before the welcome, which has the same state
/// or a newer one. (A welcome would be news to the life after another crash; there is one at most, and before it no
/// welcome.)
pub fn is_stale(role: u64, from: usize, body: u64) -> bool {
    KNOWN.with_borrow(|known| {
        let body = &known.bodies[&body];
        match (&known.roles[&role], body) {
            (Role::Executor(executor), Payload::Assign { incarnation, .. }) => {
                *incarnation < executor.incarnation
            }
            (
                Role::Executor(executor),
                Payload::SetMode(state) | Payload::HeartbeatReply { state, .. },
            ) => executor
                .state
                .as_ref()
                .is_none_or(|known| known.version >= state.version),
            (Role::Executor(executor), Payload::Welcome { state, .. }) => executor
                .state
                .as_ref()
                .is_some_and(|known| known.version >= state.version),
            (
                Role::Recovery(recovery),
                Payload::Heartbeat { incarnation, .. } | Payload::Register { incarnation },
            ) => {
                let member = recovery.members().get(&ProcessIndex(from as u16));
                member.is_some_and(|member| *incarnation < member.incarnation)
            }
            (Role::Coordinator(coordinator), Payload::Complete { job, attempt }) => {
                let newest = coordinator.ledger.newest(job.id);
                newest.is_none_or(|newest| *attempt < newest)
            }
            (
                Role::Coordinator(coordinator),
                Payload::ExecutorJoined(executor, word)
                | Payload::ExecutorHealthy(executor, word)
                | Payload::ExecutorSuspected(executor, word)
                | Payload::ExecutorFailed(executor, word),
            ) => {
                let known = coordinator.ledger.executors.get(executor);
                known.is_some_and(|known| word.version <= known.version)
            }
            _ => false,
        }
    })
}

/// Whether a coordinator has finished all jobs there can be (see `finished`).
pub fn is_finished(role: u64, jobs: u8) -> bool {
    KNOWN.with_borrow(|known| match &known.roles[&role] {
        Role::Coordinator(coordinator) => {
            coordinator.ledger.jobs.is_empty() && coordinator.ledger.completed == u32::from(jobs)
        }
        _ => unreachable!("not the coordinator"),
    })
}

/// A coordinator that has nothing left to do.
pub fn finished(jobs: u8) -> u64 {
    KNOWN.with_borrow(|known| known.finished[usize::from(jobs)])
}

/// Whether a job waits at a coordinator for an executor.
pub fn is_any_waiting(role: u64) -> bool {
    KNOWN.with_borrow(|known| match &known.roles[&role] {
        Role::Coordinator(coordinator) => coordinator.waiting().next().is_some(),
        _ => unreachable!("not the coordinator"),
    })
}

/// Without what nothing reads under strict priority: how many jobs came and were completed, and when those came that
/// wait in order. The counters start anew as after a crash; no executor drains or has warm functions here.
fn canonical(role: &mut Role) {
    if let Role::Executor(executor) = role {
        let mut blank = executor.clone();
        blank.crash();
        blank.emergency_jobs = std::mem::take(&mut executor.emergency_jobs);
        blank.normal_jobs = std::mem::take(&mut executor.normal_jobs);
        blank.paused_jobs = std::mem::take(&mut executor.paused_jobs);
        blank.running_jobs = std::mem::take(&mut executor.running_jobs);
        blank.state = executor.state.take();
        let arrival = Arrival {
            at_ns: 0,
            number: 0,
        };
        let queued = blank
            .emergency_jobs
            .iter_mut()
            .chain(&mut blank.normal_jobs);
        queued.for_each(|assignment| assignment.arrival = arrival);
        blank
            .paused_jobs
            .iter_mut()
            .for_each(|paused| paused.assignment.arrival = arrival);
        blank
            .running_jobs
            .values_mut()
            .for_each(|running| running.assignment.arrival = arrival);
        *executor = blank;
    }
}

/// Lets a process handle an input.
pub fn handle(process: usize, role: u64, input: Input) -> Rc<Outcome> {
    KNOWN.with_borrow_mut(|known| {
        if let Some(outcome) = known.outcomes.get(&(process, role, input)) {
            return Rc::clone(outcome);
        }
        let mut next = known.roles[&role].clone();
        let effects = run(known, process, &mut next, input);
        let mut outcome = Outcome::default();
        note(&effects.receipt, &next, &mut outcome);
        for effect in effects.list {
            match effect {
                Effect::Record(record) => note(&Some(record), &next, &mut outcome),
                Effect::Send(to, mut body, delivery) => {
                    if let Payload::Heartbeat { status, .. } = &mut body {
                        *status = Default::default();
                    }
                    let key = digest(&body);
                    known.bodies.entry(key).or_insert(body);
                    outcome.ops.push(Op::Send(to.index(), key, delivery));
                }
                Effect::GiveUp(to) => outcome.ops.push(Op::GiveUp(to.index())),
                Effect::Set(..) | Effect::Cancel(_) => {}
                other => unreachable!("not in these configurations: {other:?}"),
            }
        }
        canonical(&mut next);
        outcome.role = known.role(next);
        let outcome = Rc::new(outcome);
        known
            .outcomes
            .insert((process, role, input), Rc::clone(&outcome));
        outcome
    })
}

fn note(record: &Option<Record>, after: &Role, outcome: &mut Outcome) {
    match record {
        Some(Record::CompletionAccepted(attempt)) => outcome.effect = Some(attempt.job.0),
        Some(Record::CompletionRefused(..)) => outcome.refused = true,
        Some(Record::JobStarted(_, Class::Normal, _) | Record::JobResumed(..)) => {
            let Role::Executor(executor) = after else {
                return;
            };
            if executor.level().is_none_or(|level| level >= Level::High) {
                outcome.broken = Some("normal work starts at HIGH or above");
            }
        }
        _ => {}
    }
}

fn run(known: &Known, process: usize, role: &mut Role, input: Input) -> Effects {
    let own = ProcessIndex(process as u16);
    match (role, input) {
        (Role::System(system), Input::SubmitNormal) => submit(system, None),
        (Role::System(system), Input::SubmitEmergency) => {
            submit(system, Some(EmergencyType::Hazmat))
        }
        (Role::System(system), Input::Declare) => {
            let emergency = Emergency {
                id: EmergencyId(0),
                kind: EmergencyType::Hazmat,
                level: Level::Critical,
                place: None,
                location: None,
                radius_m: None,
                declared_by: "commander".into(),
                declared_us: 0,
            };
            system.declare(context(0), emergency)
        }
        (Role::System(system), Input::Clear) => system.clear(context(0), EmergencyId(1)),
        (Role::System(system), Input::Receive(_, body)) => system.receive(&known.bodies[&body]),
        (Role::Coordinator(coordinator), Input::Receive(from, body)) => {
            coordinator.receive(context(0), ProcessIndex(from as u16), &known.bodies[&body])
        }
        (Role::Recovery(recovery), Input::Receive(from, body)) => {
            recovery.receive(context(0), ProcessIndex(from as u16), &known.bodies[&body])
        }
        (Role::Recovery(recovery), Input::Suspect(executor)) => {
            recovery.silence(context(3_000_000_000), ProcessIndex(executor as u16))
        }
        (Role::Recovery(recovery), Input::Fail(executor)) => {
            recovery.silence(context(4_000_000_000), ProcessIndex(executor as u16))
        }
        (Role::Executor(executor), Input::Receive(_, body)) => {
            executor.receive(context(0), &known.bodies[&body])
        }
        (Role::Executor(executor), Input::Heartbeat) => executor.heartbeat(context(0)),
        (Role::Executor(executor), Input::Complete(job, number)) => {
            let job = JobId(job);
            executor.complete(context(0), Attempt { job, number })
        }
        (Role::Executor(executor), Input::Restart) => executor.restart(context(0), own),
        (Role::Executor(executor), Input::Crash) => {
            executor.crash();
            Effects::default()
        }
        (Role::Coordinator(coordinator), Input::Crash) => {
            coordinator.crash();
            Effects::default()
        }
        (Role::Coordinator(coordinator), Input::Restart) => coordinator.restart(context(0)),
        (Role::Recovery(recovery), Input::Crash) => {
            recovery.crash();
            Effects::default()
        }
        (Role::Recovery(recovery), Input::Restart) => recovery.restart(context(0)),
        (_, input) => unreachable!("{input:?} at process {process}"),
    }
}

fn submit(system: &mut System, kind: Option<EmergencyType>) -> Effects {
    let request = JobRequest {
        work_us: 1,
        ..JobRequest::default()
    };
    system.submit(context(0), kind, &request).1
}
