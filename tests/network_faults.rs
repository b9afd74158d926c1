//! What a degraded link and a split do to messages, read off the trace; and that both are undone.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::collections::BTreeMap;

use triage::engine::EmergencySystem;
use triage::engine::message::Loss;
use triage::engine::record::Record;
use triage::engine::trace::{Event, Form};
use triage::labels;
use triage::scenario;

/// Two executors, twenty jobs, and a fault from 1 s on; everything is whole again after 20 s.
fn run(fault: &str, undone: &str) -> EmergencySystem {
    let text = format!(
        r#"{{
          "format": 1, "name": "faults", "title": "Faults", "duration_us": 60000000,
          "configuration": {{"network": {{"jitter_us": 0}}}},
          "executors": [{{"id": "a", "capacity": 2}}, {{"id": "b", "capacity": 2}}],
          "workload": [{{"name": "w", "arrivals": {{"fixed": {{"every_us": 500000}}}}, "until_us": 10000000,
                        "work": {{"min_us": 1000, "max_us": 100000}}}}],
          "commands": [
            {{"at_us": 1000000, "principal": "commander", "action": {fault}}},
            {{"at_us": 20000000, "principal": "commander", "action": {undone}}}
          ]
        }}"#
    );
    let mut system = EmergencySystem::new(scenario::parse(&text).unwrap().setup());
    assert!(system.run_until_quiet(300_000_000), "all work finishes");
    let overview = system.system_overview();
    assert_eq!(overview.jobs.completed, overview.jobs.submitted);
    system
}

fn events(system: &EmergencySystem) -> impl Iterator<Item = &Event> {
    system.trace().iter().map(|(_, event)| event)
}

fn name(system: &EmergencySystem, index: triage::engine::id::ProcessIndex) -> &str {
    system.trace().name(index)
}

fn lost(system: &EmergencySystem, reason: Loss) -> Vec<(String, String)> {
    events(system)
        .filter_map(|event| match event.record {
            Record::MessageDropped(from, to, why) if why == reason => {
                Some((name(system, from).to_owned(), name(system, to).to_owned()))
            }
            _ => None,
        })
        .collect()
}

/// How long each message took, in µs, with sender and receiver.
fn flights(system: &EmergencySystem) -> Vec<(String, String, u64, u64)> {
    let mut sent = BTreeMap::new();
    let mut flights = Vec::new();
    for event in events(system) {
        match event.form {
            Form::Send { message, .. } => {
                sent.insert(message, event.t_ns);
            }
            Form::Receipt { from, message, .. } => {
                let process = event.process().unwrap();
                let (from, to) = (name(system, from), name(system, process));
                let began = sent[&message];
                flights.push((
                    from.to_owned(),
                    to.to_owned(),
                    began,
                    (event.t_ns - began) / 1000,
                ));
            }
            _ => {}
        }
    }
    flights
}

#[test]
fn a_lossy_link_loses_in_one_direction_only() {
    let system = run(
        r#"{"degrade_link": {"from": "coordinator-1", "to": "a", "loss_percent": 50}}"#,
        r#"{"restore_link": {"from": "coordinator-1", "to": "a"}}"#,
    );
    let lost = lost(&system, Loss::Link);
    assert!(lost.len() > 3, "{lost:?}");
    assert!(
        lost.iter()
            .all(|(from, to)| from == "coordinator-1" && to == "a")
    );
}

#[test]
fn a_link_that_loses_everything_is_a_one_way_partition() {
    let system = run(
        r#"{"degrade_link": {"from": "a", "loss_percent": 100}}"#,
        r#"{"restore_link": {"from": "a"}}"#,
    );
    let during = |t_ns: u64| (1_000_000_000..20_000_000_000).contains(&t_ns);
    let heard = |from: &str, to: &str| {
        flights(&system)
            .iter()
            .any(|flight| flight.0 == from && flight.1 == to && during(flight.2))
    };
    assert!(!heard("a", "recovery") && heard("b", "recovery"));
    assert!(heard("coordinator-1", "a"), "it still hears the others");
    let failed = events(&system).any(|event| matches!(event.record, Record::ExecutorFailed(_)));
    assert!(failed, "nobody hears it");
}

#[test]
fn a_doubling_link_delivers_twice_and_the_effect_is_had_once() {
    let system = run(
        r#"{"degrade_link": {"duplicate_percent": 100}}"#,
        r#"{"restore_link": {}}"#,
    );
    let mut receipts = BTreeMap::new();
    for event in events(&system) {
        if let Form::Receipt { message, .. } = event.form {
            *receipts.entry(message).or_insert(0) += 1;
        }
    }
    assert!(receipts.values().filter(|count| **count == 2).count() > 50);
    assert!(receipts.values().all(|count| *count <= 2));
}

#[test]
fn a_reordering_link_lets_later_messages_overtake() {
    let overtaken = |system: &EmergencySystem| {
        let mut latest = BTreeMap::new();
        let mut overtaken = 0;
        for (from, to, began, _) in flights(system) {
            let last = latest.entry((from, to)).or_insert(0);
            overtaken += u32::from(began < *last);
            *last = began.max(*last);
        }
        overtaken
    };
    let system = run(
        r#"{"degrade_link": {"reorder_percent": 60, "delay_us": 200000}}"#,
        r#"{"restore_link": {}}"#,
    );
    assert!(overtaken(&system) > 0);
    let in_order = run(
        r#"{"degrade_link": {"delay_us": 200000}}"#,
        r#"{"restore_link": {}}"#,
    );
    assert_eq!(overtaken(&in_order), 0, "a slow link alone keeps its order");
}

#[test]
fn a_slow_link_adds_its_delay_until_it_is_restored() {
    let system = run(
        r#"{"degrade_link": {"from": "b", "to": "recovery", "delay_us": 300000}}"#,
        r#"{"restore_link": {"from": "b", "to": "recovery"}}"#,
    );
    for (from, to, began, took_us) in flights(&system) {
        let slow =
            from == "b" && to == "recovery" && (1_000_000_000..20_000_000_000).contains(&began);
        assert_eq!(
            took_us,
            if slow { 305_000 } else { 5_000 },
            "{from} to {to} at {began}"
        );
    }
}

#[test]
fn nothing_passes_between_the_sides_of_a_split_and_both_work_on() {
    let system = run(
        r#"{"split": {"group": ["recovery", "b"]}}"#,
        r#"{"unite": {}}"#,
    );
    let inside = |name: &str| name == "recovery" || name == "b";
    let during = |t_ns: u64| (1_000_000_000..19_000_000_000).contains(&t_ns);
    let flights = flights(&system);
    let mut within = flights.iter().filter(|flight| during(flight.2));
    assert!(
        within
            .clone()
            .all(|flight| inside(&flight.0) == inside(&flight.1))
    );
    assert!(within.clone().any(|flight| flight.0 == "b"), "one side");
    assert!(
        within.any(|flight| flight.0 == "coordinator-1"),
        "the other side"
    );
    assert!(!lost(&system, Loss::Partition).is_empty());
}

#[test]
fn what_makes_no_sense_is_refused_with_a_reason() {
    let text = r#"{"format": 1, "name": "n", "title": "N", "duration_us": 1000000, "executors": [{"id": "a", "capacity": 1}]}"#;
    let mut system = EmergencySystem::new(scenario::parse(text).unwrap().setup());
    let mut refused = |action: &str, reason: &str| {
        let command = format!(r#"{{"at_us": 0, "principal": "commander", "action": {action}}}"#);
        let command = scenario::parse_command(&command).unwrap();
        let rejection = system.apply("commander", &command.action).unwrap_err();
        let words = labels::rejection(&rejection);
        assert!(words.contains(reason), "{words}");
    };
    refused(
        r#"{"degrade_link": {"to": "nobody", "loss_percent": 5}}"#,
        "no process nobody",
    );
    refused(
        r#"{"degrade_link": {"loss_percent": 101}}"#,
        "101 is above 100",
    );
    refused(r#"{"degrade_link": {}}"#, "all 0");
    refused(r#"{"restore_link": {}}"#, "not degraded");
    refused(r#"{"split": {"group": []}}"#, "on each side");
    refused(r#"{"unite": {}}"#, "not split");
}
