//! The one place where random scenarios are made: policies, executors, work, faults, and their end.

use std::rc::Rc;

use triage_engine::access::{Principal, Role};
use triage_engine::command::{Action, Command, ExecutorSpec, JobRequest};
use triage_engine::configuration::Configuration;
use triage_engine::emergency::{EmergencyType, Level};
use triage_engine::job::{Execution, Location};
use triage_engine::policy::delivery::EmergencyDelivery;
use triage_engine::policy::detector::{Detector, Preset};
use triage_engine::policy::discipline::Discipline;
use triage_engine::policy::phi::{Distribution, PhiAccrual};
use triage_engine::policy::routing::Routing;
use triage_engine::rng::Generator;
use triage_engine::workload::{Arrivals, Work, Workload};
use triage_scenario::{FORMAT, Scenario};

/// A stream that no engine uses.
const STREAM_SCENARIO: u64 = 0x50AC;
const SECOND_US: u64 = 1_000_000;
/// What executors may be good at, and jobs may need.
const CAPABILITIES: [&str; 4] = ["medical", "fire", "general", "hazmat"];

struct Chance(Generator);

impl Chance {
    fn up_to(&mut self, high: u64) -> u64 {
        self.0.between(0, high)
    }

    fn one_in(&mut self, many: u64) -> bool {
        self.up_to(many - 1) == 0
    }

    fn pick<T: Clone>(&mut self, from: &[T]) -> T {
        from[self.up_to(from.len() as u64 - 1) as usize].clone()
    }
}

/// The scenario of a seed. Its first executor can run everything and is never taken away, so that nothing waits
/// for ever once its last commands have undone every fault.
pub fn scenario(seed: u64) -> Scenario {
    let mut chance = Chance(Generator::new(seed, STREAM_SCENARIO));
    let story_us = chance.0.between(15, 30) * SECOND_US;
    let executors: Vec<ExecutorSpec> = (1..=chance.0.between(2, 6))
        .map(|number| executor(&mut chance, number))
        .collect();
    let configuration = configuration(&mut chance);
    let mut control: Vec<Rc<str>> = vec!["recovery".into()];
    control.extend((1..=configuration.coordinators).map(coordinator));
    let mut commands = Vec::new();
    let mut names: Vec<Rc<str>> = executors.iter().map(|spec| Rc::clone(&spec.id)).collect();
    for _ in 0..chance.0.between(12, 40) {
        let at_us = chance.up_to(story_us);
        let action = action(&mut chance, &mut names);
        let principal = principal(&mut chance);
        commands.push(Command {
            principal,
            ..command(at_us, action)
        });
    }
    // The first ones hit an executor that is there, one after the other, so that each is really injected.
    for number in 0..3 {
        let at_us = (number * 4 + 1) * SECOND_US + chance.up_to(SECOND_US);
        let end_us = at_us + chance.up_to(2 * SECOND_US);
        commands.extend(fault(&mut chance, &names[..1], at_us, end_us));
    }
    for _ in 0..chance.0.between(2, 8) {
        let at_us = chance.0.between(12 * SECOND_US, story_us);
        let end_us =
            at_us + chance.pick(&[50_000, 700_000, 3 * SECOND_US, 8 * SECOND_US, story_us]);
        commands.extend(fault(&mut chance, &names, at_us, end_us));
    }
    // Those that come back from a log.
    for _ in 0..chance.up_to(3) {
        let at_us = chance.0.between(SECOND_US, story_us);
        let end_us = at_us + chance.pick(&[20_000, 700_000, 3 * SECOND_US, 8 * SECOND_US]);
        commands.extend(fault(&mut chance, &control, at_us, end_us));
    }
    for _ in 0..chance.up_to(4) {
        let at_us = chance.up_to(12 * SECOND_US);
        let end_us = at_us + chance.pick(&[50_000, 700_000, 3 * SECOND_US, 8 * SECOND_US]);
        commands.extend(fault(&mut chance, &names[1..], at_us, end_us));
    }
    // From then on it heals.
    commands.retain(|command| command.at_us < story_us);
    names.extend_from_slice(&control);
    heal(&names, story_us, &mut commands);
    commands.sort_by_key(|command| command.at_us);
    Scenario {
        format: FORMAT,
        name: format!("soak-{seed}"),
        title: format!("Soak, seed {seed}"),
        description: String::new(),
        seed,
        duration_us: story_us + SECOND_US,
        configuration,
        workload: (0..chance.0.between(1, 3))
            .map(|number| workload(&mut chance, number, story_us))
            .collect(),
        principals: principals(),
        executors,
        commands,
    }
}

fn coordinator(number: u16) -> Rc<str> {
    format!("coordinator-{number}").into()
}

/// Somebody of each role, under a name of their own.
fn principals() -> Vec<Principal> {
    let somebody = |role: Role| Principal {
        name: ["the-", role.name()].concat().into(),
        role,
    };
    Role::ALL.map(somebody).to_vec()
}

/// Mostly somebody who may; else somebody who may only some of it, or whom nobody knows.
fn principal(chance: &mut Chance) -> Rc<str> {
    match chance.up_to(9) {
        0 => chance.pick(&Role::ALL).name().into(),
        1 => ["the-", chance.pick(&Role::ALL).name()].concat().into(),
        2 => "stranger".into(),
        _ => "commander".into(),
    }
}

fn command(at_us: u64, action: Action) -> Command {
    Command {
        at_us,
        principal: "commander".into(),
        action,
    }
}

fn configuration(chance: &mut Chance) -> Configuration {
    let mut made = Configuration {
        discipline: discipline(chance),
        routing_normal: chance.pick(&Routing::ALL),
        routing_emergency: chance.pick(&Routing::ALL),
        emergency_delivery: chance.pick(&[
            EmergencyDelivery::Relayed,
            EmergencyDelivery::Relayed,
            EmergencyDelivery::Fifo,
            EmergencyDelivery::Causal,
        ]),
        coordinators: chance.pick(&[1, 1, 2, 3]),
        heartbeat_us: chance.pick(&[500_000, SECOND_US, SECOND_US]),
        heartbeat_jitter_percent: chance.pick(&[0, 0, 10, 50]),
        ..Configuration::default()
    };
    made.network.latency_us = chance.pick(&[1_000, 5_000, 50_000, 200_000]);
    made.network.jitter_us = made.network.latency_us * chance.up_to(4) / 4;
    let jitter_us = made.heartbeat_us * u64::from(made.heartbeat_jitter_percent) / 100;
    made.detector = detector(chance, made.heartbeat_us + jitter_us);
    made.brake_percent = chance.pick(&[55, 55, 0, 30, 100]);
    made.brake_hold_us = chance.pick(&[100_000, 5 * SECOND_US, 20 * SECOND_US]);
    made
}

/// Some are hasty: they take the living for dead now and then. But none does so for ever once all is well, for work
/// that is taken away again and again need not finish (Chandra and Toueg 1996: accuracy, eventually).
fn detector(chance: &mut Chance, span_us: u64) -> Detector {
    let hasty = chance.one_in(2);
    match chance.up_to(5) {
        0 => Detector::Timeout {
            suspect_us: span_us + 100_000,
            fail_us: span_us + 400_000,
        },
        1 | 2 => Detector::PhiAccrual(PhiAccrual {
            suspect_phi_thousandths: if hasty { 1_000 } else { 3_000 },
            fail_phi_thousandths: if hasty { 4_000 } else { 8_000 },
            window: chance.pick(&[20, 200, 1_000]),
            distribution: chance.pick(&[Distribution::Normal, Distribution::Exponential]),
            deviation_us_min: chance.pick(&[1, 100_000]),
            pause_us: if hasty { 0 } else { SECOND_US },
            first_us: span_us,
        }),
        3 => Detector::Preset(chance.pick(&Preset::ALL)),
        _ => Detector::default(),
    }
}

fn discipline(chance: &mut Chance) -> Discipline {
    let ageing_us = chance.pick(&[1, 20_000, 500_000, 4 * SECOND_US]);
    chance.pick(&[
        Discipline::Strict,
        Discipline::Strict,
        Discipline::Fifo,
        Discipline::Weighted { ageing_us },
    ])
}

fn executor(chance: &mut Chance, number: u64) -> ExecutorSpec {
    let mut capabilities: Vec<Rc<str>> = Vec::new();
    for capability in CAPABILITIES {
        if number == 1 || chance.one_in(2) {
            capabilities.push(capability.into());
        }
    }
    ExecutorSpec {
        id: format!("exec-{number}").into(),
        capacity: chance.0.between(1, 5) as u16,
        capabilities,
        location: chance.one_in(3).then(|| place(chance)),
    }
}

fn place(chance: &mut Chance) -> Location {
    let mut metres = || chance.up_to(400_000) as i32 - 200_000;
    Location {
        x_m: metres(),
        y_m: metres(),
    }
}

fn workload(chance: &mut Chance, number: u64, story_us: u64) -> Workload {
    let mean_us = chance.0.between(250_000, 1_200_000);
    let poisson = Arrivals::Poisson { mean_us };
    let max_us = chance.pick(&[50_000, 400_000, 2 * SECOND_US]);
    Workload {
        name: format!("work {number}").into(),
        kind: kind(chance),
        arrivals: chance.pick(&[poisson, Arrivals::Fixed { every_us: mean_us }]),
        from_us: 0,
        until_us: story_us,
        work: Work {
            min_us: 1_000,
            max_us,
        },
        requirements: requirements(chance),
        execution: execution(chance),
    }
}

fn kind(chance: &mut Chance) -> Option<EmergencyType> {
    let kinds = [
        EmergencyType::Medical,
        EmergencyType::Fire,
        EmergencyType::Hazmat,
    ];
    chance.one_in(2).then(|| chance.pick(&kinds))
}

fn requirements(chance: &mut Chance) -> Vec<Rc<str>> {
    let needed = chance.one_in(3);
    needed
        .then(|| chance.pick(&CAPABILITIES).into())
        .into_iter()
        .collect()
}

fn execution(chance: &mut Chance) -> Execution {
    chance.pick(&[
        Execution::Traditional,
        Execution::Serverless,
        Execution::Hybrid,
    ])
}

/// Something that people do: work, emergencies, membership.
fn action(chance: &mut Chance, names: &mut Vec<Rc<str>>) -> Action {
    match chance.up_to(11) {
        0..=2 => {
            let job = JobRequest {
                name: None,
                work_us: chance.0.between(1, 3 * SECOND_US),
                requirements: requirements(chance),
                location: chance.one_in(3).then(|| place(chance)),
                // Only the first can be relied on to be there in the end.
                target: chance.one_in(4).then(|| Rc::clone(&names[0])),
                execution: execution(chance),
            };
            match kind(chance) {
                Some(kind) => Action::SubmitEmergencyJob { kind, job },
                None => Action::SubmitNormalJob(job),
            }
        }
        3..=5 => Action::DeclareEmergency {
            kind: kind(chance).unwrap_or(EmergencyType::General),
            level: chance.pick(&Level::DECLARABLE),
            place: None,
            location: None,
            radius_m: None,
        },
        6 | 7 => Action::ChangeEmergency {
            emergency: None,
            level: chance.pick(&Level::DECLARABLE),
        },
        8 | 9 => Action::ClearEmergency { emergency: None },
        10 => Action::RunHeartbeatCycle {},
        _ if names.len() < 9 && chance.one_in(2) => {
            let spec = executor(chance, names.len() as u64 + 1);
            names.push(Rc::clone(&spec.id));
            Action::AddExecutor(spec)
        }
        _ => {
            let executor = chance.pick(&names[1..]);
            match chance.one_in(2) {
                true => Action::DrainExecutor { executor },
                false => Action::RemoveExecutor { executor },
            }
        }
    }
}

/// A fault, and its end.
fn fault(chance: &mut Chance, names: &[Rc<str>], at_us: u64, end_us: u64) -> [Command; 2] {
    let process = chance.pick(names);
    // A clock is not forged where every fault must be injected: on a link that is still to forge one it cannot be.
    let kinds = if names.len() > 1 { 16 } else { 14 };
    let (begin, end) = match chance.up_to(kinds) {
        10..=12 => link_fault(chance, process),
        13 | 14 => {
            let mut group = vec![process, chance.pick(names)];
            for control in ["coordinator-1", "recovery"] {
                if chance.one_in(3) {
                    group.push(control.into());
                }
            }
            (Action::Split { group }, Action::Unite {})
        }
        15 | 16 => forgery(chance, process),
        0..=3 => (
            Action::Crash {
                process: Rc::clone(&process),
            },
            Action::Restart { process },
        ),
        4 | 5 => (
            Action::Hang {
                process: Rc::clone(&process),
            },
            Action::Resume { process },
        ),
        6 => {
            let factor = chance.0.between(2, 20) as u32;
            (
                Action::Slow {
                    process: Rc::clone(&process),
                    factor,
                },
                Action::Slow { process, factor: 1 },
            )
        }
        _ => (
            Action::Partition {
                process: Rc::clone(&process),
            },
            Action::Heal { process },
        ),
    };
    [command(at_us, begin), command(end_us, end)]
}

/// A forged clock to or from an executor, or between those that run it all; over with the next message.
fn forgery(chance: &mut Chance, process: Rc<str>) -> (Action, Action) {
    let control: Rc<str> = chance.pick(&["recovery", "coordinator-1"]).into();
    let (from, to) = match chance.up_to(2) {
        0 => (process, control),
        1 => (control, process),
        _ => ("system".into(), control),
    };
    let begin = Action::ForgeClock { from, to };
    (begin, Action::RunHeartbeatCycle {})
}

/// Links to, from or among some processes lose, double, mix up or delay messages.
fn link_fault(chance: &mut Chance, process: Rc<str>) -> (Action, Action) {
    let (from, to): (Rc<str>, Rc<str>) = match chance.up_to(2) {
        0 => (process, "*".into()),
        1 => ("*".into(), process),
        _ => ("*".into(), "*".into()),
    };
    let mut percent = |most: u64| chance.0.between(0, most) as u32;
    let begin = Action::DegradeLink {
        from: Rc::clone(&from),
        to: Rc::clone(&to),
        loss_percent: percent(if *from == *to { 40 } else { 100 }),
        duplicate_percent: percent(50),
        reorder_percent: percent(50),
        delay_us: u64::from(percent(300_000)),
    };
    (begin, Action::RestoreLink { from, to })
}

/// Whatever is wrong by then is undone; what is not wrong refuses to be undone, which does no harm.
fn heal(names: &[Rc<str>], at_us: u64, commands: &mut Vec<Command>) {
    for process in names {
        let process = || Rc::clone(process);
        let undo = [
            Action::Heal { process: process() },
            Action::Resume { process: process() },
            Action::Restart { process: process() },
            Action::Slow {
                process: process(),
                factor: 1,
            },
        ];
        commands.extend(undo.map(|action| command(at_us, action)));
        let pairs = [(process(), "*".into()), ("*".into(), process())];
        commands.extend(pairs.map(|(from, to)| command(at_us, Action::RestoreLink { from, to })));
    }
    let everybody = Action::RestoreLink {
        from: "*".into(),
        to: "*".into(),
    };
    commands.push(command(at_us, everybody));
    commands.push(command(at_us, Action::Unite {}));
    // No more emergencies than were declared: then normal work goes on.
    let declared = commands
        .iter()
        .filter(|command| matches!(command.action, Action::DeclareEmergency { .. }))
        .count();
    for _ in 0..declared {
        commands.push(command(at_us, Action::ClearEmergency { emergency: None }));
    }
}
