//! A coordinator and recovery crash and come back from their logs: at every event of a small story, for a moment or for
//! long, and every job still has its effect exactly once.
#![allow(clippy::unwrap_used, clippy::expect_used)]
#![cfg(not(target_arch = "wasm32"))]

use std::rc::Rc;

use triage::engine::EmergencySystem;
use triage::engine::checker::{Checker, Violation};
use triage::engine::command::{Action, Command, ExecutorSpec, JobRequest};
use triage::engine::configuration::{Configuration, Setup};
use triage::engine::emergency::{EmergencyType, Level};
use triage::engine::record::Record;
use triage::engine::world::World;

const MS: u64 = 1_000;

fn crash(process: &str) -> Action {
    Action::Crash {
        process: process.into(),
    }
}

fn restart(process: &str) -> Action {
    Action::Restart {
        process: process.into(),
    }
}

fn job(work_us: u64) -> JobRequest {
    JobRequest {
        work_us,
        ..JobRequest::default()
    }
}

fn declare(level: Level) -> Action {
    Action::DeclareEmergency {
        kind: EmergencyType::Fire,
        level,
        place: None,
        location: None,
        radius_m: None,
    }
}

fn setup(executors: &[&str], commands: Vec<(u64, Action)>) -> Setup {
    let spec = |id: &&str| ExecutorSpec {
        id: (*id).into(),
        capacity: 1,
        capabilities: vec![],
        location: None,
    };
    let timed = |(at_ms, action)| Command {
        at_us: at_ms * MS,
        principal: "commander".into(),
        action,
    };
    Setup {
        name: "restarts".into(),
        seed: 3,
        configuration: Configuration::default(),
        principals: Vec::new(),
        executors: executors.iter().map(spec).collect(),
        workloads: Vec::new(),
        commands: commands.into_iter().map(timed).collect(),
    }
}

/// Everything that a coordinator and recovery do, in a few seconds: routing, reassignment after a failure that is
/// noticed and one that is not, an emergency, a drain, a completion that is fenced off.
fn story(coordinators: u16) -> Setup {
    let emergency = Action::SubmitEmergencyJob {
        kind: EmergencyType::Fire,
        job: job(300 * MS),
    };
    let commands = vec![
        (100, Action::SubmitNormalJob(job(1_500 * MS))),
        (110, Action::SubmitNormalJob(job(400 * MS))),
        (150, declare(Level::Critical)),
        (200, emergency),
        (300, crash("b")),
        (350, restart("b")),
        (400, Action::ClearEmergency { emergency: None }),
        (500, Action::SubmitNormalJob(job(5_000 * MS))),
        (520, Action::SubmitNormalJob(job(5_000 * MS))),
        (
            600,
            Action::Partition {
                process: "a".into(),
            },
        ),
        (
            4_600,
            Action::Heal {
                process: "a".into(),
            },
        ),
        (
            4_650,
            Action::DrainExecutor {
                executor: "c".into(),
            },
        ),
    ];
    let mut made = setup(&["a", "b", "c"], commands);
    made.configuration.coordinators = coordinators;
    made
}

/// Lets `processes` crash after so many steps and come back later; false if it was over before.
fn crash_at(coordinators: u16, step: u64, processes: &[&str], down_us: u64) -> bool {
    let (mut world, mut checker) = Checker::begin(story(coordinators)).unwrap();
    let say = |world: &mut World, checker: &mut Checker, action: Action| {
        let principal: Rc<str> = "commander".into();
        world.command(&principal, &action, checker).unwrap();
        checker.check(world).unwrap();
    };
    let kept = |checked: Result<bool, Violation>| {
        checked.unwrap_or_else(|seen| {
            panic!("{processes:?} crash at step {step} for {down_us} µs: {seen}")
        });
    };
    while world.steps() < step {
        if world.is_quiet() && world.now_ns() > 5_000_000_000 {
            return false;
        }
        kept(checker.step(&mut world));
    }
    for process in processes {
        say(&mut world, &mut checker, crash(process));
    }
    let back_ns = world.now_ns() + down_us * 1_000;
    while world.next_ns().is_some_and(|next| next < back_ns) {
        kept(checker.step(&mut world));
    }
    for process in processes {
        say(&mut world, &mut checker, restart(process));
    }
    while world.now_ns() < 5_000_000_000 || !world.is_quiet() {
        assert!(
            world.now_ns() < 60_000_000_000,
            "{processes:?} crash at step {step} for {down_us} µs: it never becomes quiet"
        );
        for _ in 0..16 {
            kept(checker.step(&mut world));
        }
    }
    kept(checker.all_is_done(&world).map(|()| true));
    assert_eq!(checker.jobs(), 5);
    true
}

fn crash_everywhere(coordinators: u16, processes: &[&str], downs_ms: &[u64]) {
    for down_ms in downs_ms {
        let mut step = 0;
        while crash_at(coordinators, step, processes, down_ms * MS) {
            step += 1;
        }
        assert!(step > 250, "{step} crash points are too few for the story");
    }
}

#[test]
fn a_coordinator_may_crash_at_every_event() {
    crash_everywhere(1, &["coordinator-1"], &[1, 400, 6_000]);
}

#[test]
fn recovery_may_crash_at_every_event() {
    crash_everywhere(1, &["recovery"], &[1, 400, 6_000]);
}

#[test]
fn both_may_crash_together_at_every_event() {
    crash_everywhere(1, &["recovery", "coordinator-1"], &[1, 2_000]);
}

#[test]
fn one_of_two_coordinators_may_crash_at_every_event() {
    crash_everywhere(2, &["coordinator-2"], &[1, 6_000]);
}

#[test]
fn two_coordinators_may_crash_together_at_every_event() {
    crash_everywhere(2, &["coordinator-1", "coordinator-2"], &[400]);
}

fn run(executors: &[&str], commands: Vec<(u64, Action)>) -> EmergencySystem {
    let mut system = EmergencySystem::new(setup(executors, commands));
    system.run_until(1_000 * MS);
    assert!(system.run_until_quiet(120_000 * MS));
    system
}

fn count(system: &EmergencySystem, is: impl Fn(&Record) -> bool) -> usize {
    let events = system.trace().iter().map(|(_, event)| event);
    events.filter(|event| is(&event.record)).count()
}

#[test]
fn recovery_does_not_take_its_own_absence_for_the_silence_of_others() {
    let down = vec![(1_000, crash("recovery")), (21_000, restart("recovery"))];
    let mut system = run(&["a", "b"], down);
    system.run_until(40_000 * MS);
    let suspected = |record: &Record| matches!(record, Record::ExecutorSuspected(_));
    assert_eq!(count(&system, suspected), 0);
    let restarted = |record: &Record| matches!(record, Record::ProcessRestarted);
    assert_eq!(count(&system, restarted), 1);
}

#[test]
fn what_died_while_recovery_was_down_is_found_dead_after_its_restart() {
    let system = run(
        &["a", "b"],
        vec![
            (900, Action::SubmitNormalJob(job(5_000 * MS))),
            (1_000, crash("recovery")),
            (1_500, crash("a")),
            (9_000, restart("recovery")),
        ],
    );
    assert_eq!(
        count(&system, |record| matches!(
            record,
            Record::ExecutorFailed(_)
        )),
        1
    );
    assert_eq!(system.system_overview().jobs.completed, 1);
}

#[test]
fn a_job_whose_executor_restarted_while_its_coordinator_was_down_is_rescued() {
    let system = run(
        &["a"],
        vec![
            (500, Action::SubmitNormalJob(job(2_000 * MS))),
            (1_000, crash("coordinator-1")),
            (1_200, crash("a")),
            (1_400, restart("a")),
            (8_000, restart("coordinator-1")),
        ],
    );
    let orphaned = |record: &Record| matches!(record, Record::JobOrphaned(..));
    assert_eq!(count(&system, orphaned), 1);
    assert_eq!(system.system_overview().jobs.completed, 1);
}

#[test]
fn a_job_submitted_or_done_while_its_coordinator_is_down_is_not_lost() {
    let mut system = EmergencySystem::new(setup(
        &["a"],
        vec![
            (500, Action::SubmitNormalJob(job(1_000 * MS))),
            (1_000, crash("coordinator-1")),
            (2_000, Action::SubmitNormalJob(job(100 * MS))),
            (9_000, restart("coordinator-1")),
        ],
    ));
    system.run_until(8_000 * MS);
    assert_eq!(system.system_overview().jobs.completed, 0);
    assert!(system.run_until_quiet(30_000 * MS));
    assert_eq!(system.system_overview().jobs.completed, 2);
}

#[test]
fn an_emergency_declared_while_recovery_is_down_reaches_everybody_after_its_restart() {
    let commands = vec![
        (1_000, crash("recovery")),
        (2_000, declare(Level::High)),
        (3_000, restart("recovery")),
    ];
    let system = run(&["a", "b"], commands);
    for (_, process, executor) in system.world().executors() {
        assert_eq!(executor.level(), Some(Level::High), "{}", process.name);
    }
}

#[test]
fn a_recovery_that_was_cut_off_or_hung_takes_back_what_it_believed_of_the_living() {
    for (begin, end) in [
        (
            Action::Partition {
                process: "recovery".into(),
            },
            Action::Heal {
                process: "recovery".into(),
            },
        ),
        (
            Action::Hang {
                process: "recovery".into(),
            },
            Action::Resume {
                process: "recovery".into(),
            },
        ),
    ] {
        let mut system = run(
            &["a", "b"],
            vec![
                (900, Action::SubmitNormalJob(job(3_000 * MS))),
                (1_000, begin),
                (12_000, end),
            ],
        );
        system.run_until(20_000 * MS);
        let overview = system.system_overview();
        assert_eq!(overview.jobs.completed, 1);
        let health = overview.executors.iter().map(|executor| executor.health);
        assert_eq!(health.collect::<Vec<_>>(), ["healthy", "healthy"]);
    }
}
