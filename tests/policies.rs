//! Queue disciplines, pre-warming and distance: what the policies promise, held against adversaries.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use triage::engine::command::{ExecutorSpec, JobRequest};
use triage::engine::configuration::{Configuration, Setup};
use triage::engine::emergency::{Emergency, EmergencyState, EmergencyType, Level};
use triage::engine::id::{EmergencyId, JobId, ProcessIndex};
use triage::engine::job::{Class, Execution, Job, Location};
use triage::engine::message::Payload;
use triage::engine::policy::delivery::EmergencyDelivery;
use triage::engine::policy::discipline::Discipline;
use triage::engine::process::executor::{Executor, ExecutorConfiguration};
use triage::engine::process::{Context, Effect, Effects, Timer};
use triage::engine::record::{Attempt, Record};
use triage::engine::rng::Generator;
use triage::engine::trace::Form;
use triage::engine::{EmergencySystem, create_emergency_system};

const MS: u64 = 1_000_000;

/// What comes to the executor, in the order of time.
#[derive(Clone, Copy, Debug)]
enum Input {
    Job(Class, u64),
    Level(Level),
}

/// What is known of a normal job.
#[derive(Clone, Copy, Debug)]
struct Victim {
    came_ns: u64,
    /// Jobs ahead of it once its head start is used up; `None` while that is to come, or if it starts before.
    ahead: Option<u64>,
    started_ns: Option<u64>,
    met_medium: bool,
}

/// An executor alone with its timers.
struct Rig {
    executor: Executor,
    now_ns: u64,
    timers: BTreeMap<Attempt, u64>,
    victims: BTreeMap<JobId, Victim>,
    jobs: u32,
    level: Level,
    version: u32,
}

impl Rig {
    fn new(capacity: u16, discipline: Discipline, slow_factor: u32) -> Rig {
        let spec = ExecutorSpec {
            id: "a".into(),
            capacity,
            capabilities: vec![],
            location: None,
        };
        let configuration = ExecutorConfiguration {
            discipline,
            heartbeat_ns: 1_000 * MS,
            heartbeat_jitter_percent: 0,
            cold_start_ns: 0,
        };
        let mut executor = Executor::new(Rc::new(spec), configuration, Generator::new(1, 0));
        executor.begin(0);
        executor.slow_factor = slow_factor;
        Rig {
            executor,
            now_ns: 0,
            timers: BTreeMap::new(),
            victims: BTreeMap::new(),
            jobs: 0,
            level: Level::None,
            version: 0,
        }
    }

    fn context(&self) -> Context {
        Context {
            now_ns: self.now_ns,
            coordinators: 1,
            emergency_delivery: EmergencyDelivery::Relayed,
        }
    }

    fn apply(&mut self, effects: Effects) {
        for effect in effects.list {
            match effect {
                Effect::Set(Timer::Completion(attempt), after_ns) => {
                    self.timers.insert(attempt, self.now_ns + after_ns);
                }
                Effect::Record(Record::JobStarted(attempt, Class::Normal, _)) => {
                    let victim = self.victims.get_mut(&attempt.job).unwrap();
                    victim.started_ns = Some(self.now_ns);
                }
                _ => {}
            }
        }
    }

    fn take(&mut self, input: Input) {
        let body = match input {
            Input::Level(level) => {
                self.version += 1;
                self.level = level;
                Payload::SetMode(Rc::new(state(self.version, level)))
            }
            Input::Job(class, work_us) => {
                self.jobs += 1;
                let id = JobId(self.jobs);
                if class == Class::Normal {
                    let victim = Victim {
                        came_ns: self.now_ns,
                        ahead: None,
                        started_ns: None,
                        met_medium: false,
                    };
                    self.victims.insert(id, victim);
                }
                Payload::Assign {
                    job: Rc::new(job(id, class, work_us)),
                    attempt: 1,
                    incarnation: 1,
                    owner: ProcessIndex(1),
                    reassigned: false,
                }
            }
        };
        let effects = self.executor.receive(self.context(), &body);
        self.apply(effects);
        if self.level >= Level::Medium {
            let waiting = self.victims.values_mut();
            waiting
                .filter(|victim| victim.started_ns.is_none())
                .for_each(|victim| victim.met_medium = true);
        }
        if let Input::Job(Class::Normal, _) = input {
            let level = self.level;
            let newest = self.victims.last_entry().unwrap().into_mut();
            newest.met_medium = level >= Level::Medium;
        }
    }

    /// Everything that happens before a moment, or at it.
    fn complete_until(&mut self, t_ns: u64) {
        while let Some((due_ns, attempt)) = self
            .timers
            .iter()
            .map(|(attempt, due)| (*due, *attempt))
            .min()
            .filter(|(due_ns, _)| *due_ns <= t_ns)
        {
            self.timers.remove(&attempt);
            self.now_ns = due_ns;
            let effects = self.executor.complete(self.context(), attempt);
            self.apply(effects);
        }
        self.now_ns = t_ns;
    }

    /// Counts who is ahead of each normal job whose head start is used up now.
    fn look(&mut self, ageing_ns: u64) {
        for (id, victim) in &mut self.victims {
            if victim.came_ns + ageing_ns == self.now_ns && victim.started_ns.is_none() {
                let line = &self.executor.normal_jobs;
                let place = line.iter().position(|waiting| waiting.job.id == *id);
                let ahead = place.unwrap()
                    + self.executor.paused_jobs.len()
                    + self.executor.emergency_jobs.len();
                victim.ahead = Some(ahead as u64);
            }
        }
    }
}

fn state(version: u32, level: Level) -> EmergencyState {
    let emergency = Emergency {
        id: EmergencyId(1),
        kind: EmergencyType::Security,
        level,
        place: None,
        location: None,
        radius_m: None,
        declared_by: "commander".into(),
        declared_us: 0,
    };
    let is_active = level > Level::None;
    EmergencyState {
        version,
        active: is_active.then_some(emergency).into_iter().collect(),
    }
}

fn job(id: JobId, class: Class, work_us: u64) -> Job {
    Job {
        id,
        name: "j".into(),
        emergency: (class == Class::Emergency).then_some(EmergencyType::Fire),
        work_us,
        requirements: vec![],
        location: None,
        target: None,
        execution: Execution::Traditional,
    }
}

/// Floods an executor with emergency jobs around a few normal ones, below HIGH. Gives back the worst share of the
/// bound that a normal job waited, in percent, after its head start.
fn worst_share(seed: u64, discipline: impl Fn(u64) -> Discipline) -> u64 {
    let mut chance = Generator::new(seed, 0xB0);
    let capacity = chance.between(1, 5) as u16;
    let slow_factor = [1, 1, 3][chance.between(0, 2) as usize];
    let ageing_us = [1_000, 40_000, 300_000][chance.between(0, 2) as usize];
    let work_us_max = [5_000, 50_000][chance.between(0, 1) as usize];
    let longest_ns = work_us_max * 1_000 * u64::from(slow_factor);
    // More work than the slots can do, so that emergency jobs alone would fill them for ever.
    let every_ns = longest_ns / u64::from(capacity) / 2;
    let end_ns = 40 * longest_ns + 3 * ageing_us * 1_000;
    let mut inputs: Vec<(u64, Input)> = Vec::new();
    let mut t_ns = 0;
    while t_ns < end_ns {
        let long = chance.between(0, 3) > 0;
        let least_us = if long { work_us_max } else { 1 };
        let work_us = chance.between(least_us, work_us_max);
        inputs.push((t_ns, Input::Job(Class::Emergency, work_us)));
        t_ns += chance.between(1, 2 * every_ns);
    }
    let with_levels = chance.between(0, 1) == 1;
    for _ in 0..chance.between(1, 12) {
        let came_ns = chance.between(0, end_ns / 2);
        let work_us = chance.between(1, work_us_max);
        inputs.push((came_ns, Input::Job(Class::Normal, work_us)));
        // At the last moment at which it still goes first, and at the first at which it does not.
        for after_ns in [0, 1] {
            let at_ns = came_ns + ageing_us * 1_000 + after_ns;
            inputs.push((at_ns, Input::Job(Class::Emergency, work_us_max)));
        }
        if with_levels {
            let levels = [Level::None, Level::Low, Level::Medium, Level::Medium];
            let level = levels[chance.between(0, 3) as usize];
            inputs.push((chance.between(0, end_ns), Input::Level(level)));
        }
    }
    inputs.sort_by_key(|(at_ns, _)| *at_ns);
    let mut looks: BTreeSet<u64> = inputs
        .iter()
        .filter(|(_, input)| matches!(input, Input::Job(Class::Normal, _)))
        .map(|(at_ns, _)| at_ns + ageing_us * 1_000)
        .collect();
    let mut rig = Rig::new(capacity, discipline(ageing_us), slow_factor);
    for (at_ns, input) in inputs {
        while let Some(look_ns) = looks.first().copied().filter(|look_ns| *look_ns < at_ns) {
            looks.pop_first();
            rig.complete_until(look_ns);
            rig.look(ageing_us * 1_000);
        }
        rig.complete_until(at_ns);
        rig.take(input);
    }
    rig.complete_until(u64::MAX / 2);
    let mut worst = 0;
    for victim in rig.victims.values() {
        let Some(ahead) = victim.ahead else { continue };
        let slots = u64::from(if victim.met_medium {
            capacity.div_ceil(2)
        } else {
            capacity
        });
        let waited_ns = victim.started_ns.unwrap() - victim.came_ns - ageing_us * 1_000;
        let bound_ns = longest_ns * (u64::from(capacity) + ahead) / slots;
        worst = worst.max(waited_ns * 100 / bound_ns);
    }
    worst
}

#[test]
fn with_ageing_no_normal_job_waits_longer_than_the_proved_bound() {
    let mut worst = 0;
    for seed in 0..3_000 {
        let share = worst_share(seed, |ageing_us| Discipline::Weighted { ageing_us });
        assert!(share <= 100, "seed {seed}: {share} % of the bound");
        worst = worst.max(share);
    }
    assert!(worst >= 90, "the adversary is weak: {worst} % of the bound");
}

#[test]
fn without_ageing_the_same_adversary_starves_normal_jobs() {
    let starved = (0..300).filter(|seed| worst_share(*seed, |_| Discipline::Strict) > 100);
    assert!(starved.count() > 30);
}

fn serverless(kind: EmergencyType, system: &mut EmergencySystem) {
    let job = JobRequest {
        work_us: 10_000,
        execution: Execution::Serverless,
        ..JobRequest::default()
    };
    system.submit_emergency_job(kind, job).unwrap();
}

fn lone_executor() -> EmergencySystem {
    let mut system = create_emergency_system("test");
    let spec = ExecutorSpec {
        id: "a".into(),
        capacity: 4,
        capabilities: vec![],
        location: None,
    };
    system.add_executor(spec).unwrap();
    system.run_until(100_000);
    system
}

/// What each start cost, in µs, and the functions that were warmed in advance.
fn starts(system: &EmergencySystem) -> (Vec<u32>, Vec<String>) {
    let (mut cold_us, mut functions) = (Vec::new(), Vec::new());
    for (_, event) in system.trace().iter() {
        match &event.record {
            Record::JobStarted(_, _, cold_start_us) => cold_us.push(*cold_start_us),
            Record::FunctionPrewarmed(kind) => functions.push(kind.name().to_owned()),
            _ => {}
        }
    }
    (cold_us, functions)
}

#[test]
fn a_declaration_warms_its_functions_so_that_its_jobs_pay_no_cold_start() {
    let compatible = EmergencyType::KNOWN
        .into_iter()
        .find(EmergencyType::is_serverless_compatible)
        .unwrap();
    // Nothing declared: the first start is cold, the second finds it warm for a minute.
    let mut system = lone_executor();
    serverless(compatible.clone(), &mut system);
    system.run_until(1_000_000);
    serverless(compatible.clone(), &mut system);
    system.run_until(2_000_000);
    assert_eq!(starts(&system), (vec![250_000, 0], vec![]));
    system.run_until(63_000_000);
    serverless(compatible.clone(), &mut system);
    system.run_until(64_000_000);
    assert_eq!(starts(&system).0, [250_000, 0, 250_000]);

    // Declared: a job that comes at once pays what is left of the warm-up, a later one nothing.
    let mut system = lone_executor();
    system
        .declare_system_emergency(compatible.clone(), Level::Low)
        .unwrap();
    system.run_until(200_000);
    serverless(compatible.clone(), &mut system);
    system.run_until(1_000_000);
    serverless(compatible.clone(), &mut system);
    system.run_until(2_000_000);
    let (cold_us, functions) = starts(&system);
    assert_eq!(functions, [compatible.name()]);
    assert!((100_000..200_000).contains(&cold_us[0]), "{cold_us:?}");
    assert_eq!(cold_us[1], 0);

    // Another level is no reason to warm what is warm.
    system
        .declare_system_emergency(compatible.clone(), Level::High)
        .unwrap();
    system.run_until(3_000_000);
    assert_eq!(starts(&system).1.len(), 1);
}

#[test]
fn what_is_no_function_is_not_warmed() {
    let mut system = lone_executor();
    for kind in EmergencyType::KNOWN {
        if !kind.is_serverless_compatible() {
            system.declare_system_emergency(kind, Level::Low).unwrap();
        }
    }
    system.run_until(2_000_000);
    assert!(starts(&system).1.is_empty());
}

#[test]
fn a_message_takes_longer_the_farther_its_executor_is() {
    let at = |id: &str, x_m: i32| ExecutorSpec {
        id: id.into(),
        capacity: 1,
        capabilities: vec![],
        location: (x_m > 0).then_some(Location { x_m, y_m: 0 }),
    };
    let mut configuration = Configuration::default();
    configuration.network.jitter_us = 0;
    // 5 µs for each kilometre, as light takes in fibre.
    let system = EmergencySystem::new(Setup {
        principals: Vec::new(),
        name: "distance".into(),
        seed: 1,
        configuration,
        executors: vec![at("here", 0), at("near", 200_000), at("far", 2_000_000)],
        workloads: vec![],
        commands: vec![],
    });
    let mut system = system;
    system.run_until(5_000_000);
    let mut latency_us = BTreeMap::new();
    let trace = system.trace();
    for (_, event) in trace.iter() {
        if let (Record::HeartbeatReceived, Form::Receipt { from, cause, .. }) =
            (&event.record, event.form)
        {
            let sent_ns = trace.get(cause).unwrap().t_ns;
            let name = trace.name(from).to_owned();
            latency_us.insert(name, (event.t_ns - sent_ns) / 1_000);
        }
    }
    let seen = ["here", "near", "far"].map(|name| latency_us[name]);
    assert_eq!(seen, [5_000, 6_000, 15_000]);
}
