//! Failure detection: when φ-accrual suspects, what the brake holds back and for how long, and jittered heartbeats.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use triage::engine::EmergencySystem;
use triage::engine::command::{Action, ExecutorSpec, JobRequest};
use triage::engine::configuration::{Configuration, Setup};
use triage::engine::policy::detector::{Detector, Preset};
use triage::engine::policy::phi::PhiAccrual;
use triage::engine::record::Record;
use triage::engine::trace::Event;

const SECOND_US: u64 = 1_000_000;

fn system(executors: u32, configuration: Configuration) -> EmergencySystem {
    let spec = |number: u32| ExecutorSpec {
        id: format!("exec-{number}").into(),
        capacity: 2,
        capabilities: vec![],
        location: None,
    };
    EmergencySystem::new(Setup {
        principals: Vec::new(),
        name: "detection".into(),
        seed: 5,
        configuration,
        executors: (1..=executors).map(spec).collect(),
        workloads: vec![],
        commands: vec![],
    })
}

fn submit(system: &mut EmergencySystem, jobs: u32, work_us: u64) {
    for _ in 0..jobs {
        let job = JobRequest {
            work_us,
            ..JobRequest::default()
        };
        system.submit_normal_job(job).unwrap();
    }
}

fn crash(system: &mut EmergencySystem, numbers: std::ops::RangeInclusive<u32>) {
    for number in numbers {
        let name = format!("exec-{number}");
        system.simulate_executor_failure(&name).unwrap();
    }
}

fn split(system: &mut EmergencySystem) {
    let group = vec!["recovery".into()];
    system.apply("commander", &Action::Split { group }).unwrap();
}

fn unite(system: &mut EmergencySystem) {
    system.apply("commander", &Action::Unite {}).unwrap();
}

/// The moments, in µs, of one kind of event.
fn moments(system: &EmergencySystem, kind: &str) -> Vec<u64> {
    let events = system.trace().iter().map(|(_, event)| event);
    let found = events.filter(|event| event.record.kind() == kind);
    found.map(|event| event.t_ns / 1_000).collect()
}

fn open_jobs(system: &EmergencySystem) -> u32 {
    let jobs = system.system_overview().jobs;
    jobs.submitted - jobs.completed
}

#[test]
fn a_recovery_manager_that_is_cut_off_declares_nobody_failed() {
    let mut system = system(5, Configuration::default());
    submit(&mut system, 10, 20 * SECOND_US);
    system.run_until(5 * SECOND_US);
    split(&mut system);
    system.run_until(15 * SECOND_US);
    let overview = system.system_overview();
    let held = moments(&system, "reassignment_held");
    assert_eq!(held.len(), 1);
    assert_eq!(
        overview.reassignment_held_until_us,
        Some(held[0] + 20 * SECOND_US)
    );
    assert!(
        overview
            .executors
            .iter()
            .all(|one| one.health == "suspected")
    );
    unite(&mut system);
    assert!(system.run_until_quiet(60 * SECOND_US));
    assert!(moments(&system, "executor_failed").is_empty());
    assert!(moments(&system, "job_orphaned").is_empty());
    // Three of five are enough: two silent ones are no majority.
    let [healthy, released] = ["executor_healthy", "reassignment_released"];
    assert_eq!(moments(&system, released), moments(&system, healthy)[2..3]);
    assert_eq!(open_jobs(&system), 0);
    assert_eq!(system.system_overview().reassignment_held_until_us, None);
}

#[test]
fn without_the_brake_the_same_cut_orphans_every_job() {
    let configuration = Configuration {
        brake_percent: 0,
        ..Configuration::default()
    };
    let mut system = system(5, configuration);
    submit(&mut system, 10, 20 * SECOND_US);
    system.run_until(5 * SECOND_US);
    split(&mut system);
    system.run_until(15 * SECOND_US);
    unite(&mut system);
    assert!(system.run_until_quiet(90 * SECOND_US));
    assert_eq!(moments(&system, "executor_failed").len(), 5);
    assert!(moments(&system, "reassignment_held").is_empty());
    assert_eq!(open_jobs(&system), 0);
}

#[test]
fn a_majority_that_is_really_dead_is_believed_after_the_hold() {
    let mut system = system(5, Configuration::default());
    submit(&mut system, 10, SECOND_US);
    system.run_until(500_000);
    crash(&mut system, 2..=5);
    assert!(system.run_until_quiet(90 * SECOND_US));
    let held = moments(&system, "reassignment_held");
    let released = moments(&system, "reassignment_released");
    let failed = moments(&system, "executor_failed");
    assert_eq!(held.len(), 1);
    assert_eq!(released, [held[0] + 20 * SECOND_US]);
    assert_eq!(failed, [released[0]; 4]);
    assert_eq!(open_jobs(&system), 0);
}

#[test]
fn the_dead_that_restart_during_a_hold_give_their_jobs_back_at_once() {
    let mut system = system(5, Configuration::default());
    submit(&mut system, 10, 2 * SECOND_US);
    system.run_until(500_000);
    crash(&mut system, 3..=5);
    system.run_until(10 * SECOND_US);
    assert_eq!(moments(&system, "reassignment_held").len(), 1);
    let process = "exec-4".into();
    system
        .apply("commander", &Action::Restart { process })
        .unwrap();
    system.run_until(11 * SECOND_US);
    let released = moments(&system, "reassignment_released");
    assert_eq!(released.len(), 1);
    // The other two have a full span of silence to speak up in, and are then taken for failed.
    assert!(system.run_until_quiet(60 * SECOND_US));
    let failed = moments(&system, "executor_failed");
    assert_eq!(failed, [released[0] + 3_500_000; 2]);
    assert_eq!(open_jobs(&system), 0);
}

#[test]
fn two_silent_executors_never_pull_the_brake() {
    let mut system = system(3, Configuration::default());
    submit(&mut system, 6, SECOND_US);
    system.run_until(500_000);
    crash(&mut system, 2..=3);
    assert!(system.run_until_quiet(60 * SECOND_US));
    assert!(moments(&system, "reassignment_held").is_empty());
    let worst_us = moments(&system, "executor_failed").into_iter().max();
    assert!(worst_us.unwrap() < 500_000 + 5 * SECOND_US);
}

/// Recomputed from the trace alone: the window of each executor's heartbeats, and from it the microsecond at which φ
/// reaches each threshold.
#[test]
fn phi_accrual_suspects_and_fails_at_the_microsecond_at_which_phi_crosses() {
    for detector in [
        Detector::PhiAccrual(PhiAccrual::default()),
        Detector::Preset(Preset::Akka),
        Detector::Preset(Preset::Cassandra),
    ] {
        let phi = detector.phi_accrual().unwrap();
        let mut configuration = Configuration {
            detector,
            heartbeat_jitter_percent: 30,
            ..Configuration::default()
        };
        configuration.network.jitter_us = 5_000;
        let mut system = system(2, configuration);
        system.run_until(60 * SECOND_US);
        crash(&mut system, 2..=2);
        system.run_until(100 * SECOND_US);
        let trace = system.trace();
        let (executor, _) = system.world().find("exec-2").unwrap();
        let is_heartbeat = |event: &&Event| {
            let from = match event.form {
                triage::engine::trace::Form::Receipt { from, .. } => Some(from),
                _ => None,
            };
            event.record == Record::HeartbeatReceived && from == Some(executor)
        };
        let mut window = phi.begin();
        let mut last_us = 0;
        let events = || trace.iter().map(|(_, event)| event);
        for event in events().filter(is_heartbeat) {
            window.on_heartbeat(event.t_ns, true, phi.window);
            last_us = event.t_ns / 1_000;
        }
        let bounds = detector.bounds(&window);
        let at = |wanted: &Record| {
            let found = events().find(|event| event.record == *wanted);
            found.unwrap().t_ns / 1_000 - last_us
        };
        let name = detector.name();
        let suspected = at(&Record::ExecutorSuspected(executor));
        let failed = at(&Record::ExecutorFailed(executor));
        assert_eq!(
            (suspected, failed),
            (bounds.suspect_us, bounds.fail_us),
            "{name}"
        );
    }
}

#[test]
fn jitter_moves_each_heartbeat_and_none_without_it() {
    let spans = |percent: u32| -> Vec<u64> {
        let configuration = Configuration {
            heartbeat_jitter_percent: percent,
            ..Configuration::default()
        };
        let mut system = system(1, configuration);
        system.run_until(200 * SECOND_US);
        let sent = moments(&system, "heartbeat_sent");
        sent.windows(2).map(|pair| pair[1] - pair[0]).collect()
    };
    // Cut to whole microseconds, a span of a second may show as one less or more.
    assert!(
        spans(0)
            .iter()
            .all(|span_us| span_us.abs_diff(SECOND_US) <= 1)
    );
    let jittered = spans(20);
    let (least, most) = (
        jittered.iter().min().unwrap(),
        jittered.iter().max().unwrap(),
    );
    assert!((800_000..830_000).contains(least), "{least}");
    assert!((1_170_000..=1_200_000).contains(most), "{most}");
}
