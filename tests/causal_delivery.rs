//! Broadcasts of emergencies in causal order: an executor never acts on an order before the notice that it
//! follows from, whatever fails, and nothing is held back for ever.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::collections::BTreeMap;

use triage::engine::EmergencySystem;
use triage::engine::command::{Action, Command, ExecutorSpec};
use triage::engine::id::{MessageId, ProcessIndex};
use triage::engine::message::{Ignored, MessageKind};
use triage::engine::policy::delivery::EmergencyDelivery;
use triage::engine::record::{FaultKind, Record};
use triage::engine::trace::{Form, Trace};
use triage::scenario::{self, Scenario};

const SCENARIO: &str = include_str!("../public/scenarios/causal-delivery.json");

fn told(delivery: EmergencyDelivery) -> Scenario {
    let mut scenario = scenario::parse(SCENARIO).unwrap();
    scenario.configuration.emergency_delivery = delivery;
    scenario
}

fn finished(scenario: &Scenario) -> EmergencySystem {
    let mut system = EmergencySystem::new(scenario.setup());
    let seed = scenario.seed;
    assert!(
        system.run_until_quiet(600_000_000),
        "seed {seed} is never quiet"
    );
    system
}

fn what(trace: &Trace, send: u32) -> Option<MessageKind> {
    match trace.get(send)?.record {
        Record::MessageSent(what, _) => Some(what),
        _ => None,
    }
}

/// How often executors set their mode by an order from recovery.
fn modes_set_by_order(trace: &Trace) -> usize {
    let by_order = trace.iter().filter(|(_, event)| {
        let mode_set = matches!(event.record, Record::ModeSet { .. });
        mode_set && event.cause().and_then(|cause| what(trace, cause)) == Some(MessageKind::SetMode)
    });
    by_order.count()
}

fn held(trace: &Trace) -> usize {
    let held = trace
        .iter()
        .filter(|(_, event)| matches!(event.record, Record::MessageHeld(_)));
    held.count()
}

/// The version of the emergency state that each of recovery's orders carries, by the place of its first sending.
fn versions_of_orders(trace: &Trace) -> BTreeMap<MessageId, u32> {
    let (mut announced, mut known) = (BTreeMap::new(), 0);
    let mut versions = BTreeMap::new();
    for (_, event) in trace.iter() {
        match (&event.record, event.form) {
            (Record::Emergency(_), Form::Send { message, .. }) => {
                announced.insert(message, announced.len() as u32 + 1);
            }
            (Record::MessageReceived(_, _, None), Form::Receipt { cause, .. }) => {
                let number = match trace.get(cause).unwrap().form {
                    Form::Send {
                        message, retry_of, ..
                    } => retry_of.unwrap_or(message),
                    _ => continue,
                };
                known = announced.get(&number).copied().unwrap_or(known);
            }
            (
                Record::MessageSent(MessageKind::SetMode, _),
                Form::Send {
                    message,
                    retry_of: None,
                    ..
                },
            ) => {
                versions.insert(message, known);
            }
            _ => {}
        }
    }
    versions
}

/// An order is received only by who works under its state, or a newer one, already: the notice came first, or
/// a reply of recovery that told as much.
fn hold_causal_order(trace: &Trace, seed: u64) {
    let versions = versions_of_orders(trace);
    let mut works_under = BTreeMap::<ProcessIndex, u32>::new();
    for (seq, event) in trace.iter() {
        match (&event.record, event.process()) {
            (Record::FaultInjected(FaultKind::Crash, executor, _), _) => {
                works_under.remove(executor);
            }
            (Record::ModeSet { version, .. }, Some(process)) => {
                let cause = event.cause().unwrap();
                assert_ne!(
                    what(trace, cause),
                    Some(MessageKind::SetMode),
                    "seed {seed}: #{seq}"
                );
                works_under.insert(process, *version);
            }
            (Record::MessageReceived(MessageKind::SetMode, ..), Some(process)) => {
                let Form::Send {
                    message, retry_of, ..
                } = trace.get(event.cause().unwrap()).unwrap().form
                else {
                    panic!("seed {seed}: #{seq} receives no sending");
                };
                let carried = versions[&retry_of.unwrap_or(message)];
                let known = works_under.get(&process).copied().unwrap_or_default();
                assert!(
                    known >= carried,
                    "seed {seed}: #{seq}: {known} is before {carried}"
                );
            }
            _ => {}
        }
    }
}

/// Whatever is held is received in the end, or dropped with who held it.
fn hold_that_all_is_released(trace: &Trace, seed: u64) {
    let mut open = BTreeMap::new();
    for (seq, event) in trace.iter() {
        match (&event.record, event.form) {
            (Record::MessageHeld(held), _) => drop(open.insert(held.message, seq)),
            (
                _,
                Form::Receipt { message, .. }
                | Form::Environment {
                    message: Some(message),
                },
            ) => {
                open.remove(&message);
            }
            _ => {}
        }
    }
    assert!(open.is_empty(), "seed {seed}: held for ever: {open:?}");
}

fn hold_that_everybody_knows(system: &EmergencySystem, seed: u64) {
    let state = &system.world().system().unwrap().state;
    for (_, process, executor) in system.world().executors() {
        let known = executor.state.as_ref().map(|state| state.version);
        assert_eq!(known, Some(state.version), "seed {seed}: {}", process.name);
    }
}

#[test]
fn one_scenario_shows_what_each_way_of_telling_does() {
    let [relayed, fifo, causal] = EmergencyDelivery::ALL.map(|delivery| finished(&told(delivery)));
    for system in [&relayed, &fifo, &causal] {
        hold_that_everybody_knows(system, 0);
        let jobs = system.system_overview().jobs;
        assert_eq!(jobs.submitted, jobs.completed);
    }
    // By order alone; by order where it overtakes the notice; by notice always.
    assert!(modes_set_by_order(relayed.trace()) > 0 && held(relayed.trace()) == 0);
    assert!(modes_set_by_order(fifo.trace()) > 0 && held(fifo.trace()) == 0);
    assert!(modes_set_by_order(causal.trace()) == 0 && held(causal.trace()) > 0);
    hold_causal_order(causal.trace(), 0);
    hold_that_all_is_released(causal.trace(), 0);
}

#[test]
fn a_held_order_is_received_when_the_notice_is_and_says_what_it_waited_for() {
    let system = finished(&told(EmergencyDelivery::Causal));
    let trace = system.trace();
    let (seq, held) = trace
        .iter()
        .find_map(|(seq, event)| match &event.record {
            Record::MessageHeld(held) => Some((seq, held)),
            _ => None,
        })
        .unwrap();
    let harbour = trace.get(seq).unwrap().process().unwrap();
    assert_eq!(
        (&**trace.name(harbour), &**trace.name(held.from)),
        ("harbour", "recovery")
    );
    let mut ndjson = Vec::new();
    trace.write_ndjson(seq + 1, &mut ndjson).unwrap();
    let line = String::from_utf8(ndjson)
        .unwrap()
        .lines()
        .last()
        .unwrap()
        .to_owned();
    for field in [
        "\"process\":\"harbour\",\"kind\":\"message_held\"",
        "\"what\":\"set_mode\",\"sender\":\"recovery\",\"missing_from\":\"system\",\"missing\":1",
    ] {
        assert!(line.contains(field), "{line}");
    }
    let receipts: Vec<_> = trace
        .iter_from(seq)
        .filter(|(_, event)| event.process() == Some(harbour) && event.cause().is_some())
        .map(|(_, event)| (event.t_ns, event.form, &event.record))
        .collect();
    let released = receipts
        .iter()
        .position(|(_, form, _)| matches!(form, Form::Receipt { message, .. } if *message == held.message))
        .unwrap();
    let (notice, order) = (receipts[released - 1], receipts[released]);
    assert!(
        matches!(notice.2, Record::ModeSet { version: 1, .. }),
        "{notice:?}"
    );
    assert_eq!(
        *order.2,
        Record::MessageReceived(
            MessageKind::SetMode,
            triage::engine::record::Subject::Nothing,
            Some(Ignored::OlderState)
        )
    );
    assert_eq!(notice.0, order.0, "at the same moment");
}

/// SplitMix64.
fn chance(state: &mut u64, bound: u64) -> u64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut z = *state;
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    (z ^ (z >> 31)) % bound
}

/// The same executors under faults of every kind, joins and leavings, all healed after 25 s.
fn troubled(seed: u64, delivery: EmergencyDelivery) -> Scenario {
    let mut state = seed;
    let mut scenario = told(delivery);
    scenario.seed = seed;
    let give = |scenario: &mut Scenario, at_us: u64, action: Action| {
        scenario.commands.push(Command {
            at_us,
            principal: "commander".into(),
            action,
        });
    };
    for process in ["harbour", "station", "depot"] {
        let mut at_us = 1_000_000;
        loop {
            at_us += chance(&mut state, 5_000_000);
            let until_us = at_us + chance(&mut state, 7_000_000);
            if until_us > 25_000_000 {
                break;
            }
            let process = || process.into();
            let (begin, end) = match chance(&mut state, 3) {
                0 => (
                    Action::Crash { process: process() },
                    Action::Restart { process: process() },
                ),
                1 => (
                    Action::Hang { process: process() },
                    Action::Resume { process: process() },
                ),
                _ => (
                    Action::Partition { process: process() },
                    Action::Heal { process: process() },
                ),
            };
            give(&mut scenario, at_us, begin);
            give(&mut scenario, until_us, end);
            at_us = until_us;
        }
    }
    let spec = ExecutorSpec {
        id: "late".into(),
        capacity: 2,
        capabilities: Vec::new(),
        location: None,
    };
    give(
        &mut scenario,
        1_000_000 + chance(&mut state, 20_000_000),
        Action::AddExecutor(spec),
    );
    scenario
        .commands
        .retain(|command| !is_about_depot_twice(command));
    scenario
}

/// The scenario's own crash of the depot would meet the other faults there.
fn is_about_depot_twice(command: &Command) -> bool {
    let own = [15_000_000, 17_300_000].contains(&command.at_us);
    own && matches!(
        command.action,
        Action::Crash { .. } | Action::Restart { .. }
    )
}

#[test]
fn whatever_fails_no_effect_is_delivered_before_its_cause_and_nothing_is_held_for_ever() {
    let mut held_in_all = 0;
    for seed in 1..=60 {
        for delivery in EmergencyDelivery::ALL {
            let system = finished(&troubled(seed, delivery));
            hold_that_everybody_knows(&system, seed);
            let jobs = system.system_overview().jobs;
            assert_eq!(jobs.submitted, jobs.completed + jobs.refused, "seed {seed}");
            if delivery == EmergencyDelivery::Causal {
                held_in_all += held(system.trace());
                hold_causal_order(system.trace(), seed);
                hold_that_all_is_released(system.trace(), seed);
            }
        }
    }
    assert!(held_in_all > 200, "only {held_in_all} were held");
}

#[test]
fn who_was_removed_is_not_told_any_more() {
    for delivery in [EmergencyDelivery::Fifo, EmergencyDelivery::Causal] {
        let mut scenario = told(delivery);
        scenario.commands.push(Command {
            at_us: 2_000_000,
            principal: "commander".into(),
            action: Action::RemoveExecutor {
                executor: "depot".into(),
            },
        });
        scenario
            .commands
            .retain(|command| !is_about_depot_twice(command));
        let system = finished(&scenario);
        let depot = system.world().find("depot").unwrap().0;
        let told = system.trace().iter().any(|(_, event)| {
            matches!(event.form, Form::Send { to, .. } if to == depot) && event.t_ns > 3_000_000_000
        });
        assert!(!told, "{delivery:?}");
    }
}
