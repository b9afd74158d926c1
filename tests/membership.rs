//! Executors that come, go and come back are members as recovery says, and begin each life with its welcome.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use triage::engine::EmergencySystem;
use triage::engine::command::ExecutorSpec;
use triage::engine::configuration::Configuration;
use triage::engine::emergency::Level;
use triage::engine::id::ProcessIndex;
use triage::engine::message::{Ignored, Payload};
use triage::engine::policy::delivery::EmergencyDelivery;
use triage::engine::policy::detector::Detector;
use triage::engine::process::recovery::{HealthView, Recovery};
use triage::engine::process::{Context, Effects};
use triage::engine::record::Record;
use triage::scenario;

/// An order sent to an earlier life of the executor arrives between its restart and its welcome.
const LATE_ORDER: &str = r#"{
  "format": 1, "name": "late-order", "title": "Late order", "duration_us": 20000000,
  "configuration": {"network": {"links": [{"from": "recovery", "to": "a", "latency_us": 300000}]}},
  "executors": [{"id": "a", "capacity": 1}],
  "commands": [
    {"at_us": 3000000, "principal": "commander", "action": {"declare_emergency": {"type": "fire", "level": "HIGH"}}},
    {"at_us": 3050000, "principal": "commander", "action": {"crash": {"process": "a"}}},
    {"at_us": 3100000, "principal": "commander", "action": {"restart": {"process": "a"}}},
    {"at_us": 3120000, "principal": "dispatcher", "action": {"submit_normal_job": {"work_us": 100000}}}
  ]
}"#;

#[test]
fn a_new_life_begins_with_its_welcome_and_not_with_an_order_to_the_last_one() {
    let scenario = scenario::parse(LATE_ORDER).unwrap();
    let mut system = EmergencySystem::new(scenario.setup());
    system.run_until(20_000_000);
    let mut lines = system.trace().iter().map(|(_, event)| event);
    lines
        .find(|event| matches!(event.record, Record::ExecutorRestarted { .. }))
        .unwrap();
    let first = lines
        .find(|event| matches!(event.record, Record::ModeSet { .. }))
        .unwrap();
    let welcome = system.trace().get(first.cause().unwrap()).unwrap();
    assert!(matches!(&welcome.record, Record::MessageSent(what, _) if what.name() == "welcome"));
    let (index, _, executor) = system.world().executors().next().unwrap();
    assert_eq!(executor.level(), Some(Level::High));
    let recovery = system.world().recovery().unwrap();
    assert_eq!(
        recovery.members().get(&index).unwrap().health,
        HealthView::Healthy,
        "it sends heartbeats"
    );
}

#[test]
fn an_executor_whose_welcome_was_lost_asks_again_until_it_is_welcomed() {
    // Cut off right after it was registered, for long enough to be taken for failed.
    let restarted = r#"
        {"at_us": 3000000, "principal": "commander", "action": {"crash": {"process": "a"}}},
        {"at_us": 5000000, "principal": "commander", "action": {"restart": {"process": "a"}}},
        {"at_us": 5011000, "principal": "commander", "action": {"partition": {"process": "a"}}},
        {"at_us": 12000000, "principal": "commander", "action": {"heal": {"process": "a"}}}"#;
    let added = r#"
        {"at_us": 3000000, "principal": "operator", "action": {"add_executor": {"id": "b", "capacity": 1}}},
        {"at_us": 3011000, "principal": "commander", "action": {"partition": {"process": "b"}}},
        {"at_us": 12000000, "principal": "commander", "action": {"heal": {"process": "b"}}}"#;
    for (name, commands) in [("a", restarted), ("b", added)] {
        let scenario = format!(
            r#"{{"format": 1, "name": "lost-welcome", "title": "Lost welcome", "duration_us": 20000000,
            "configuration": {{"network": {{"jitter_us": 0, "latency_us": 10000}}}},
            "executors": [{{"id": "a", "capacity": 1}}], "commands": [{commands}]}}"#
        );
        let scenario = scenario::parse(&scenario).unwrap();
        let mut system = EmergencySystem::new(scenario.setup());
        system.run_until(11_000_000);
        let belief = |system: &EmergencySystem| {
            let index = system.world().find(name).unwrap().0;
            system
                .world()
                .recovery()
                .unwrap()
                .members()
                .get(&index)
                .unwrap()
                .health
        };
        assert_eq!(
            belief(&system),
            HealthView::Failed,
            "{name} is registered and silent"
        );
        system.run_until(20_000_000);
        assert_eq!(belief(&system), HealthView::Healthy, "{name}");
    }
}

/// The word that an executor is to join is slower than the executor, which crashes and restarts meanwhile.
const EARLY_RESTART: &str = r#"{
  "format": 1, "name": "early-restart", "title": "Early restart", "duration_us": 20000000,
  "configuration": {"network": {"links": [{"from": "system", "to": "recovery", "latency_us": 300000}]}},
  "executors": [{"id": "a", "capacity": 1}],
  "commands": [
    {"at_us": 1000000, "action": {"add_executor": {"id": "b", "capacity": 1}}},
    {"at_us": 1010000, "action": {"crash": {"process": "b"}}},
    {"at_us": 1020000, "action": {"restart": {"process": "b"}}}
  ]
}"#;

#[test]
fn a_life_that_registered_before_recovery_knew_of_it_is_a_member_by_its_heartbeats() {
    let scenario = scenario::parse(EARLY_RESTART).unwrap();
    let mut system = EmergencySystem::new(scenario.setup());
    system.run_until(20_000_000);
    let recovery = system.world().recovery().unwrap();
    let (index, _, executor) = system.world().executors().last().unwrap();
    let member = recovery.members().get(&index).unwrap();
    assert_eq!((executor.incarnation, member.incarnation), (2, 2));
    assert_eq!(member.health, HealthView::Healthy);
}

/// Recovery with one member, told by the system to admit another.
fn admit(spec: ExecutorSpec) -> (Recovery, Effects) {
    let context = Context {
        now_ns: 0,
        coordinators: 1,
        emergency_delivery: EmergencyDelivery::Relayed,
    };
    let mut recovery = Recovery::new(Detector::default(), Configuration::default().brake());
    let member = ExecutorSpec {
        id: "there".into(),
        capacity: 2,
        capabilities: Vec::new(),
        location: None,
    };
    recovery.register_executor(context, ProcessIndex(3), member.into());
    let body = Payload::AddExecutor {
        executor: ProcessIndex(4),
        spec: spec.into(),
    };
    let effects = recovery.receive(context, ProcessIndex::SYSTEM, &body);
    (recovery, effects)
}

#[test]
fn recovery_registers_nobody_whose_registration_is_not_valid() {
    let sound = ExecutorSpec {
        id: "new".into(),
        capacity: 1024,
        capabilities: vec!["fire".into()],
        location: None,
    };
    let spoilt: [fn(&mut ExecutorSpec); 8] = [
        |spec| spec.id = "there".into(),
        |spec| spec.id = "".into(),
        |spec| spec.id = "No Name".into(),
        |spec| spec.capacity = 0,
        |spec| spec.capacity = 1025,
        |spec| spec.capabilities = vec!["fire".into(), "fire".into()],
        |spec| spec.capabilities = vec!["<b>".into()],
        |spec| spec.capabilities = (0..17).map(|number| format!("c{number}").into()).collect(),
    ];
    for (number, spoil) in spoilt.into_iter().enumerate() {
        let mut spec = sound.clone();
        spoil(&mut spec);
        let (recovery, effects) = admit(spec);
        assert_eq!(
            effects.ignored,
            Some(Ignored::InvalidRegistration),
            "{number}"
        );
        assert!(
            effects.receipt.is_none() && effects.list.is_empty(),
            "{number}"
        );
        assert_eq!(recovery.members().len(), 1, "{number}");
    }
    let (recovery, effects) = admit(sound);
    assert!(matches!(
        effects.receipt,
        Some(Record::ExecutorRegistered { capacity: 1024, .. })
    ));
    assert_eq!(recovery.members().len(), 2);
}

#[test]
fn whoever_left_leaves_once() {
    let (mut recovery, _) = admit(ExecutorSpec {
        id: "new".into(),
        capacity: 1,
        capabilities: Vec::new(),
        location: None,
    });
    let context = Context {
        now_ns: 0,
        coordinators: 1,
        emergency_delivery: EmergencyDelivery::Relayed,
    };
    let drained = recovery.receive(context, ProcessIndex(3), &Payload::Drained);
    assert_eq!(
        drained.receipt,
        Some(Record::ExecutorRemoved(ProcessIndex(3)))
    );
    for from in [3, 9] {
        let again = recovery.receive(context, ProcessIndex(from), &Payload::Drained);
        assert_eq!(again.ignored, Some(Ignored::Removed), "from {from}");
        assert!(
            again.receipt.is_none() && again.list.is_empty(),
            "from {from}"
        );
    }
}

/// A job is on its way to an executor that is down, and goes on being repeated until the executor counts as failed. The
/// coordinator then crashes and comes back from its log.
const GIVEN_UP: &str = r#"{
  "format": 1, "name": "given-up", "title": "Given up", "duration_us": 30000000,
  "executors": [{"id": "a", "capacity": 1}],
  "commands": [
    {"at_us": 1000000, "action": {"crash": {"process": "a"}}},
    {"at_us": 1100000, "action": {"submit_normal_job": {"work_us": 100000}}},
    {"at_us": 15000000, "action": {"crash": {"process": "coordinator-1"}}},
    {"at_us": 16000000, "action": {"restart": {"process": "coordinator-1"}}}
  ]
}"#;

#[test]
fn what_is_sent_to_a_failed_executor_is_given_up_for_good() {
    let scenario = scenario::parse(GIVEN_UP).unwrap();
    let mut system = EmergencySystem::new(scenario.setup());
    let waiting = |system: &EmergencySystem| {
        let (_, coordinator) = system.world().find("coordinator-1").unwrap();
        let executor = system.world().find("a").unwrap().0;
        let outbox = coordinator.mail.outbox.iter();
        outbox.filter(|(_, sent)| sent.to == executor).count()
    };
    system.run_until(3_000_000);
    assert_eq!(waiting(&system), 1, "it is repeated while nobody knows");
    system.run_until(14_000_000);
    assert_eq!(waiting(&system), 0, "it was given up");
    system.run_until(30_000_000);
    assert_eq!(waiting(&system), 0, "the log says so too");
}
