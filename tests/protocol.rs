//! The source document's test list, line by line, through the facade: executors, recovery, integration.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use triage::engine::command::{Action, ExecutorSpec, JobRequest};
use triage::engine::emergency::{EmergencyType, Level};
use triage::engine::record::Record;
use triage::engine::trace::Event;
use triage::engine::{EmergencySystem, create_emergency_system};
use triage::labels;

fn system(executors: &[(&str, u16, &[&str])]) -> EmergencySystem {
    let mut system = create_emergency_system("test");
    for (id, capacity, capabilities) in executors {
        let capabilities = capabilities.iter().map(|name| (*name).into()).collect();
        let spec = ExecutorSpec {
            id: (*id).into(),
            capacity: *capacity,
            capabilities,
            location: None,
        };
        system.add_executor(spec).unwrap();
    }
    system.run_until(100_000);
    system
}

fn work(ms: u64) -> JobRequest {
    JobRequest {
        work_us: ms * 1_000,
        ..JobRequest::default()
    }
}

fn advance(system: &mut EmergencySystem, ms: u64) {
    let now_us = system.system_overview().t_us;
    system.run_until(now_us + ms * 1_000);
}

/// The kinds and jobs of an executor's events, such as `job_started job-1`.
fn story(system: &EmergencySystem, kinds: &[&str]) -> Vec<String> {
    let events = system.trace().iter().map(|(_, event)| event);
    let told = events.filter(|event| kinds.contains(&event.record.kind()));
    told.map(|event| format!("{} {}", event.record.kind(), event.record.job().unwrap()))
        .collect()
}

fn recorded(system: &EmergencySystem, is: impl Fn(&Event) -> bool) -> usize {
    system.trace().iter().filter(|(_, event)| is(event)).count()
}

#[test]
fn a_waiting_emergency_job_starts_before_normal_jobs_that_came_earlier() {
    let mut system = system(&[("a", 1, &[])]);
    system.submit_normal_job(work(1_000)).unwrap();
    advance(&mut system, 100);
    system.submit_normal_job(work(1_000)).unwrap();
    advance(&mut system, 100);
    system
        .submit_emergency_job(EmergencyType::Fire, work(1_000))
        .unwrap();
    advance(&mut system, 5_000);
    let started = story(&system, &["job_started"]);
    assert_eq!(
        started,
        [
            "job_started job-1",
            "job_started job-3",
            "job_started job-2"
        ]
    );
}

#[test]
fn each_level_lets_normal_jobs_do_what_the_table_says() {
    for (level, running, paused) in [
        (Level::Low, 4, 0),
        (Level::Medium, 2, 0),
        (Level::High, 0, 0),
        (Level::Critical, 0, 0),
    ] {
        let mut system = system(&[("a", 4, &[])]);
        system
            .declare_system_emergency(EmergencyType::Fire, level)
            .unwrap();
        advance(&mut system, 100);
        for _ in 0..4 {
            system.submit_normal_job(work(5_000)).unwrap();
        }
        advance(&mut system, 100);
        let status = system.status("a").unwrap();
        assert_eq!(
            (status.running, status.paused),
            (running, paused),
            "{level}"
        );
        assert_eq!(status.normal_queued, 4 - running, "{level}");
    }
}

#[test]
fn critical_pauses_keeps_the_work_left_and_resumes_only_when_allowed() {
    let mut system = system(&[("a", 2, &[])]);
    system.submit_normal_job(work(1_000)).unwrap();
    advance(&mut system, 500);
    system
        .declare_system_emergency(EmergencyType::Fire, Level::Critical)
        .unwrap();
    advance(&mut system, 2_000);
    assert_eq!(system.status("a").unwrap().paused, 1);
    let down = Action::ChangeEmergency {
        emergency: None,
        level: Level::High,
    };
    system.apply("commander", &down).unwrap();
    advance(&mut system, 500);
    assert_eq!(
        system.status("a").unwrap().paused,
        1,
        "HIGH resumes nothing"
    );
    system.clear_system_emergency(None).unwrap();
    advance(&mut system, 300);
    assert_eq!(
        system.status("a").unwrap().running,
        1,
        "about half of its second is left"
    );
    advance(&mut system, 400);
    assert_eq!(system.system_overview().jobs.completed, 1);
}

#[test]
fn the_system_level_is_the_highest_of_the_active_emergencies() {
    let mut system = system(&[("a", 1, &[])]);
    system
        .declare_system_emergency(EmergencyType::Fire, Level::Low)
        .unwrap();
    system
        .declare_system_emergency(EmergencyType::Hazmat, Level::High)
        .unwrap();
    advance(&mut system, 100);
    assert_eq!(
        system.system_overview().executors[0].mode,
        Some(Level::High)
    );
    system.clear_system_emergency(Some("emergency-2")).unwrap();
    advance(&mut system, 100);
    assert_eq!(system.system_overview().executors[0].mode, Some(Level::Low));
}

#[test]
fn an_emergency_job_goes_to_the_executor_that_serves_its_type_best() {
    let mut system = system(&[("a", 2, &["general"]), ("b", 2, &["medical"])]);
    system
        .submit_emergency_job(EmergencyType::Medical, work(1_000))
        .unwrap();
    advance(&mut system, 100);
    assert_eq!(system.status("b").unwrap().running, 1);
}

#[test]
fn a_crashed_executor_is_detected_and_its_jobs_finish_elsewhere_under_a_new_attempt() {
    let mut system = system(&[("a", 2, &[]), ("b", 2, &[])]);
    system.submit_normal_job(work(2_000)).unwrap();
    advance(&mut system, 100);
    system.simulate_executor_failure("a").unwrap();
    advance(&mut system, 5_000);
    assert_eq!(system.system_overview().executors[0].health, "failed");
    advance(&mut system, 5_000);
    assert_eq!(system.system_overview().jobs.completed, 1);
    let second =
        |event: &Event| matches!(&event.record, Record::CompletionAccepted(a) if a.number == 2);
    assert_eq!(recorded(&system, second), 1);
}

#[test]
fn the_completion_of_a_superseded_attempt_is_refused() {
    let mut system = system(&[("a", 1, &[]), ("b", 1, &[])]);
    system.submit_normal_job(work(6_000)).unwrap();
    advance(&mut system, 100);
    system
        .apply(
            "commander",
            &Action::Partition {
                process: "a".into(),
            },
        )
        .unwrap();
    advance(&mut system, 6_500);
    system
        .apply(
            "commander",
            &Action::Heal {
                process: "a".into(),
            },
        )
        .unwrap();
    // The old attempt reports while the new one still runs on b.
    advance(&mut system, 1_500);
    let refused = |event: &Event| matches!(&event.record, Record::CompletionRefused(a, Some(2)) if a.number == 1);
    assert_eq!(recorded(&system, refused), 1);
    assert_eq!(system.system_overview().jobs.completed, 0);
    advance(&mut system, 10_000);
    assert_eq!(system.system_overview().jobs.completed, 1);
    assert_eq!(system.system_overview().executors[0].health, "healthy");
}

#[test]
fn a_restarted_executor_is_a_new_incarnation_and_starts_nothing_before_it_knows_the_level() {
    let mut system = system(&[("a", 1, &[])]);
    system.submit_normal_job(work(3_000)).unwrap();
    advance(&mut system, 100);
    system.simulate_executor_failure("a").unwrap();
    system
        .declare_system_emergency(EmergencyType::Fire, Level::Critical)
        .unwrap();
    advance(&mut system, 100);
    system
        .apply(
            "commander",
            &Action::Restart {
                process: "a".into(),
            },
        )
        .unwrap();
    assert_eq!(system.system_overview().executors[0].mode, None);
    advance(&mut system, 1_000);
    let executor = &system.system_overview().executors[0];
    assert_eq!(
        (executor.incarnation, executor.mode),
        (2, Some(Level::Critical))
    );
    system.clear_system_emergency(None).unwrap();
    advance(&mut system, 5_000);
    assert_eq!(
        system.system_overview().jobs.completed,
        1,
        "the unnoticed loss was rescued"
    );
}

#[test]
fn a_hung_executor_goes_on_where_it_was() {
    let mut system = system(&[("a", 1, &[])]);
    system.submit_normal_job(work(1_000)).unwrap();
    advance(&mut system, 500);
    system
        .apply(
            "commander",
            &Action::Hang {
                process: "a".into(),
            },
        )
        .unwrap();
    advance(&mut system, 2_000);
    system
        .apply(
            "commander",
            &Action::Resume {
                process: "a".into(),
            },
        )
        .unwrap();
    advance(&mut system, 300);
    assert_eq!(system.system_overview().jobs.completed, 0);
    advance(&mut system, 400);
    assert_eq!(system.system_overview().jobs.completed, 1);
}

#[test]
fn a_slow_executor_takes_so_many_times_as_long_for_what_is_left() {
    let mut system = system(&[("a", 1, &[])]);
    system.submit_normal_job(work(1_000)).unwrap();
    advance(&mut system, 510);
    system
        .apply(
            "commander",
            &Action::Slow {
                process: "a".into(),
                factor: 4,
            },
        )
        .unwrap();
    advance(&mut system, 1_800);
    assert_eq!(system.system_overview().jobs.completed, 0);
    advance(&mut system, 400);
    assert_eq!(system.system_overview().jobs.completed, 1);
}

#[test]
fn a_drained_executor_hands_back_what_waits_finishes_what_runs_and_leaves() {
    let mut system = system(&[("a", 1, &[])]);
    system.submit_normal_job(work(1_000)).unwrap();
    system.submit_normal_job(work(1_000)).unwrap();
    advance(&mut system, 100);
    system
        .apply(
            "commander",
            &Action::DrainExecutor {
                executor: "a".into(),
            },
        )
        .unwrap();
    advance(&mut system, 3_000);
    let overview = system.system_overview();
    assert!(overview.executors.is_empty());
    assert_eq!((overview.jobs.completed, overview.jobs.waiting), (1, 1));
    let spec = ExecutorSpec {
        id: "b".into(),
        capacity: 1,
        capabilities: vec![],
        location: None,
    };
    system.add_executor(spec).unwrap();
    advance(&mut system, 2_000);
    assert_eq!(system.system_overview().jobs.completed, 2);
}

#[test]
fn a_job_that_nobody_could_run_is_refused_and_one_that_must_wait_says_for_what() {
    let mut system = system(&[("a", 1, &["boat"])]);
    let needs = |name: &str| JobRequest {
        requirements: vec![name.into()],
        ..work(100)
    };
    system.submit_normal_job(needs("helicopter")).unwrap();
    advance(&mut system, 100);
    assert_eq!(system.system_overview().jobs.refused, 1);
    system.simulate_executor_failure("a").unwrap();
    advance(&mut system, 5_000);
    system.submit_normal_job(needs("boat")).unwrap();
    advance(&mut system, 100);
    let coordinator = system.world().coordinators().next().unwrap();
    let waiting = coordinator.waiting().next().unwrap();
    assert_eq!(
        labels::waits_for(&coordinator.waits_for(&waiting.job)),
        "a (failed)"
    );
}

#[test]
fn a_refused_command_says_why_and_changes_nothing_but_the_record() {
    let mut system = system(&[("a", 1, &[])]);
    let before = system.system_overview();
    for (action, reason) in [
        (
            Action::Crash {
                process: "nobody".into(),
            },
            "there is no process nobody",
        ),
        (
            Action::Crash {
                process: "system".into(),
            },
            "system represents the users of the system and cannot fail",
        ),
        (
            Action::Slow {
                process: "recovery".into(),
                factor: 2,
            },
            "recovery does not run jobs, so it cannot be slowed down",
        ),
        (
            Action::Restart {
                process: "a".into(),
            },
            "a has not crashed",
        ),
        (
            Action::ClearEmergency { emergency: None },
            "no emergency is active",
        ),
        (
            Action::Slow {
                process: "a".into(),
                factor: 0,
            },
            "factor: 0 is below 1",
        ),
        (Action::SubmitNormalJob(work(0)), "work_us: 0 is below 1"),
    ] {
        let told = labels::rejection(&system.apply("commander", &action).unwrap_err());
        assert!(told.contains(reason), "{told}");
    }
    // A refusal is an event of the system, whose clock is all that it changes.
    let mut after = system.system_overview();
    assert_ne!(after, before);
    after.system.clock = before.system.clock.clone();
    assert_eq!(after, before);
}

#[test]
fn a_heartbeat_cycle_synchronises_the_clocks_of_everybody() {
    let mut system = system(&[("a", 1, &[]), ("b", 1, &[])]);
    let (own, recovery) = (
        system.world().find("a").unwrap().0,
        system.world().find("recovery").unwrap().0,
    );
    let known = |system: &EmergencySystem| {
        system.world().processes()[recovery.index()]
            .clocks
            .stamp()
            .vector
            .get(own)
    };
    let before = known(&system);
    system.run_heartbeat_cycle().unwrap();
    advance(&mut system, 50);
    assert!(known(&system) > before);
}
