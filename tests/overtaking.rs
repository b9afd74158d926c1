//! Messages can overtake each other on the way: of what recovery says of an executor and of the emergency only the newest
//! counts, nothing meant for an earlier life does, and no job is lost or handed round for it.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::rc::Rc;

use triage::engine::command::ExecutorSpec;
use triage::engine::emergency::{EmergencyState, EmergencyType};
use triage::engine::id::{JobId, ProcessIndex};
use triage::engine::job::{Execution, Job};
use triage::engine::message::{ExecutorUpdate, Ignored, MembershipEpoch, Payload};
use triage::engine::policy::delivery::EmergencyDelivery;
use triage::engine::policy::discipline::Discipline;
use triage::engine::policy::routing::Routing;
use triage::engine::process::coordinator::{Coordinator, ExecutorAvailability, Place};
use triage::engine::process::executor::{Executor, ExecutorConfiguration};
use triage::engine::process::{Context, Effect, Effects};
use triage::engine::rng::Generator;

const COORDINATOR: ProcessIndex = ProcessIndex(1);
const FIRST: ProcessIndex = ProcessIndex(3);
const SECOND: ProcessIndex = ProcessIndex(4);
const JOB: JobId = JobId(1);

fn context() -> Context {
    Context {
        now_ns: 0,
        coordinators: 1,
        emergency_delivery: EmergencyDelivery::Relayed,
    }
}

fn spec(id: &str) -> Rc<ExecutorSpec> {
    Rc::new(ExecutorSpec {
        id: id.into(),
        capacity: 1,
        capabilities: vec![],
        location: None,
    })
}

fn word(version: u32, failures: u32) -> ExecutorUpdate {
    ExecutorUpdate {
        spec: spec("first"),
        version,
        epoch: MembershipEpoch {
            incarnation: 1,
            failures,
        },
        draining: false,
    }
}

fn job() -> Rc<Job> {
    Rc::new(Job {
        id: JOB,
        name: "job".into(),
        emergency: None,
        work_us: 1,
        requirements: vec![],
        location: None,
        target: None,
        execution: Execution::Traditional,
    })
}

/// A coordinator that knows one executor and has given it a job.
fn with_a_job() -> Coordinator {
    let mut coordinator = coordinator();
    coordinator.register_executor(FIRST, spec("first"));
    coordinator.receive(context(), context().recovery(), &Payload::SubmitJob(job()));
    assert_eq!(
        place(&coordinator),
        Place::Assigned(FIRST, word(0, 0).epoch)
    );
    coordinator
}

fn place(coordinator: &Coordinator) -> Place {
    coordinator.ledger.jobs.get(&JOB).unwrap().place
}

fn attempt(coordinator: &Coordinator) -> u32 {
    coordinator.ledger.jobs.get(&JOB).unwrap().attempt
}

fn hands_over(effects: &Effects) -> bool {
    effects
        .list
        .iter()
        .any(|effect| matches!(effect, Effect::Send(_, Payload::Orphans(_), _)))
}

fn coordinator() -> Coordinator {
    let turns = Routing::RoundRobin;
    Coordinator::new(COORDINATOR, turns, turns, Generator::new(1, 0))
}

#[test]
fn a_failure_that_is_heard_of_after_the_recovery_has_cost_the_job_and_changes_nothing_more() {
    let mut coordinator = with_a_job();
    let healthy = Payload::ExecutorHealthy(FIRST, word(3, 1));
    let effects = coordinator.receive(context(), context().recovery(), &healthy);
    // Recovery and this coordinator have both stopped repeating what they had for it.
    assert!(hands_over(&effects));
    assert_eq!(place(&coordinator), Place::WithRecovery);
    let late = coordinator.receive(
        context(),
        context().recovery(),
        &Payload::ExecutorFailed(FIRST, word(2, 1)),
    );
    assert!(late.list.is_empty() && late.ignored.is_some());
    let known = coordinator.ledger.executors.get(&FIRST).unwrap();
    assert_eq!(known.standing, ExecutorAvailability::Available);
}

#[test]
fn a_placement_that_a_failure_ended_on_its_way_is_rescued_again() {
    let mut coordinator = with_a_job();
    coordinator.receive(
        context(),
        context().recovery(),
        &Payload::ExecutorFailed(FIRST, word(1, 1)),
    );
    coordinator.receive(
        context(),
        context().recovery(),
        &Payload::ExecutorHealthy(FIRST, word(2, 1)),
    );
    // Placed in the second tenure; meanwhile the third has begun.
    coordinator.receive(
        context(),
        context().recovery(),
        &Payload::ExecutorHealthy(FIRST, word(4, 2)),
    );
    let placed = Payload::Reassigned(vec![(JOB, 2, Some((FIRST, word(2, 1).epoch)))]);
    let effects = coordinator.receive(context(), context().recovery(), &placed);
    assert!(hands_over(&effects));
    assert_eq!(
        (place(&coordinator), attempt(&coordinator)),
        (Place::WithRecovery, 3)
    );
}

#[test]
fn a_placement_made_after_a_failure_holds_while_the_word_of_its_end_is_on_its_way() {
    let mut coordinator = with_a_job();
    coordinator.receive(
        context(),
        context().recovery(),
        &Payload::ExecutorFailed(FIRST, word(1, 1)),
    );
    let epoch = word(2, 1).epoch;
    let placed = Payload::Reassigned(vec![(JOB, 2, Some((FIRST, epoch)))]);
    let effects = coordinator.receive(context(), context().recovery(), &placed);
    assert!(!hands_over(&effects));
    assert_eq!(place(&coordinator), Place::Assigned(FIRST, epoch));
    let effects = coordinator.receive(
        context(),
        context().recovery(),
        &Payload::ExecutorHealthy(FIRST, word(2, 1)),
    );
    assert!(!hands_over(&effects));
    assert_eq!(attempt(&coordinator), 2);
}

#[test]
fn a_placement_on_an_executor_that_it_has_not_heard_of_holds() {
    let mut coordinator = with_a_job();
    coordinator.receive(
        context(),
        context().recovery(),
        &Payload::ExecutorFailed(FIRST, word(1, 1)),
    );
    let placed = Payload::Reassigned(vec![(JOB, 2, Some((SECOND, word(0, 0).epoch)))]);
    let effects = coordinator.receive(context(), context().recovery(), &placed);
    assert!(!hands_over(&effects));
    assert_eq!(
        place(&coordinator),
        Place::Assigned(SECOND, word(0, 0).epoch)
    );
}

#[test]
fn who_was_removed_does_not_come_back_by_an_older_word() {
    let mut coordinator = coordinator();
    coordinator.receive(
        context(),
        context().recovery(),
        &Payload::ExecutorRemoved(FIRST, word(2, 0)),
    );
    coordinator.receive(
        context(),
        context().recovery(),
        &Payload::ExecutorJoined(FIRST, word(1, 0)),
    );
    let known = coordinator.ledger.executors.get(&FIRST).unwrap();
    assert_eq!(known.standing, ExecutorAvailability::Removed);
}

#[test]
fn a_returned_job_goes_to_another_executor_at_once_and_an_older_return_changes_nothing() {
    let mut coordinator = with_a_job();
    let (job, draining) = (job(), Payload::ExecutorDraining(FIRST, word(1, 0)));
    coordinator.register_executor(SECOND, spec("second"));
    coordinator.receive(context(), context().recovery(), &draining);
    let give_back = |attempt| Payload::Return {
        job: Rc::clone(&job),
        attempt,
    };
    let effects = coordinator.receive(context(), FIRST, &give_back(1));
    let sent = |effect: &Effect| matches!(effect, Effect::Send(to, Payload::Assign { attempt: 2, .. }, _) if *to == SECOND);
    assert!(effects.ignored.is_none() && effects.list.iter().any(sent));
    let late = coordinator.receive(context(), FIRST, &give_back(1));
    assert_eq!(late.ignored, Some(Ignored::SupersededAttempt));
    assert!(late.list.is_empty());
    let now = (place(&coordinator), attempt(&coordinator));
    assert_eq!(now, (Place::Assigned(SECOND, word(0, 0).epoch), 2));
    let done = Payload::Complete {
        job: Rc::clone(&job),
        attempt: 2,
    };
    coordinator.receive(context(), SECOND, &done);
    let late = coordinator.receive(context(), SECOND, &give_back(2));
    assert_eq!(late.ignored, Some(Ignored::AlreadyCompleted));
}

#[test]
fn draining_is_part_of_every_word() {
    let mut coordinator = with_a_job();
    let draining = ExecutorUpdate {
        draining: true,
        ..word(2, 0)
    };
    coordinator.receive(
        context(),
        context().recovery(),
        &Payload::ExecutorHealthy(FIRST, draining),
    );
    coordinator.receive(
        context(),
        context().recovery(),
        &Payload::ExecutorDraining(FIRST, word(1, 0)),
    );
    let known = coordinator.ledger.executors.get(&FIRST).unwrap();
    assert_eq!(known.standing, ExecutorAvailability::Draining);
}

fn executor() -> Executor {
    executor_with(Discipline::Strict)
}

fn executor_with(discipline: Discipline) -> Executor {
    let configuration = ExecutorConfiguration {
        discipline,
        heartbeat_ns: 1_000_000_000,
        heartbeat_jitter_percent: 0,
        cold_start_ns: 0,
    };
    let mut executor = Executor::new(spec("first"), configuration, Generator::new(1, 0));
    executor.begin(0);
    executor
}

#[test]
fn an_older_emergency_state_is_ignored_whoever_brings_it() {
    let state = |version| {
        Rc::new(EmergencyState {
            version,
            active: Vec::new(),
        })
    };
    let mut executor = executor();
    executor.receive(context(), &Payload::SetMode(state(3)));
    for late in [
        Payload::SetMode(state(2)),
        Payload::EmergencyNotice(state(1)),
        Payload::SetMode(state(3)),
    ] {
        let effects = executor.receive(context(), &late);
        assert!(effects.receipt.is_none() && effects.ignored.is_some());
        assert_eq!(executor.state.as_ref().unwrap().version, 3);
    }
}

#[test]
fn a_job_that_was_given_to_an_earlier_life_is_not_taken() {
    let mut executor = executor();
    executor.incarnation = 2;
    let assign = |incarnation| Payload::Assign {
        job: job(),
        attempt: 1,
        incarnation,
        owner: COORDINATOR,
        reassigned: false,
    };
    let effects = executor.receive(context(), &assign(1));
    assert!(effects.ignored.is_some() && executor.is_empty());
    executor.receive(context(), &assign(2));
    assert!(!executor.is_empty());
}

#[test]
fn a_crash_leaves_an_executor_the_count_of_its_lives_and_a_machine_as_slow_as_before() {
    let mut executor = executor();
    executor.slow(context(), 3);
    for life in 2..5 {
        executor.crash();
        executor.restart(context(), FIRST);
        assert_eq!((executor.incarnation, executor.slow_factor), (life, 3));
        assert!(executor.state.is_none(), "it waits for its welcome");
    }
}

#[test]
fn jobs_that_come_at_one_moment_start_in_the_order_they_came_under_fifo() {
    let numbered = |number, emergency| Payload::Assign {
        job: Rc::new(Job {
            id: JobId(number),
            emergency,
            ..Job::clone(&job())
        }),
        attempt: 1,
        incarnation: 1,
        owner: COORDINATOR,
        reassigned: false,
    };
    let mut executor = executor_with(Discipline::Fifo);
    for (number, emergency) in [(1, None), (2, Some(EmergencyType::Fire)), (3, None)] {
        executor.receive(context(), &numbered(number, emergency));
    }
    for number in 1..=3 {
        let running = executor.running_jobs.keys().next().copied().unwrap();
        assert_eq!(running.job, JobId(number));
        executor.complete(context(), running);
    }
}
