//! A stamp that claims more of its receiver's own events than that has had is not believed, whatever it comes with.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::expect_used)]

use triage::analysis::lanes::Lanes;
use triage::analysis::query::Query;
use triage::engine::EmergencySystem;
use triage::engine::command::{Action, JobRequest};
use triage::engine::emergency::{EmergencyType, Level};
use triage::engine::id::ProcessIndex;
use triage::engine::message::MessageKind;
use triage::engine::record::{Record, Refused};
use triage::engine::trace::{Form, Recorder, Trace};
use triage::labels;
use triage::scenario;
use triage_soak as soak;

fn system(configuration: &str) -> EmergencySystem {
    let json = format!(
        r#"{{"format": 1, "name": "forged", "title": "Forged", "duration_us": 9000000,
        "configuration": {{{configuration}}},
        "executors": [{{"id": "a", "capacity": 2}}, {{"id": "b", "capacity": 2}}]}}"#
    );
    EmergencySystem::new(scenario::parse(&json).unwrap().setup())
}

fn forge(from: &str, to: &str) -> Action {
    Action::ForgeClock {
        from: from.into(),
        to: to.into(),
    }
}

/// Every refusal, with its place.
fn refusals(trace: &Trace) -> Vec<(u32, Refused)> {
    let refused = trace.iter().filter_map(|(seq, event)| match &event.record {
        Record::MessageRefused(refused) => Some((seq, **refused)),
        _ => None,
    });
    refused.collect()
}

#[test]
fn the_receipt_ticks_and_merges_nothing_and_the_true_message_is_repeated() {
    let mut system = system("");
    system.run_until(2_000_000);
    system
        .apply("commander", &forge("system", "coordinator-1"))
        .unwrap();
    let before = system.trace().count();
    let job = JobRequest {
        work_us: 1000,
        ..JobRequest::default()
    };
    system.submit_normal_job(job).unwrap();
    assert!(system.run_until_quiet(60_000_000));
    let trace = system.trace();
    let all = refusals(trace);
    assert_eq!(all.len(), 1, "the one after it is true");
    let (seq, refused) = all[0];
    assert_eq!(refused.what, MessageKind::JobSubmitted);
    assert_eq!(refused.claimed, refused.had + 1_000_000);
    let (own, event) = (ProcessIndex(1), trace.get(seq).unwrap());
    let Form::Receipt { message, cause, .. } = event.form else {
        panic!("{:?}", event.form);
    };
    // It ticks, and learns nothing of what the system had done.
    let lanes = Lanes::of(trace);
    let (after, place) = (trace.stamp(seq), lanes.entry(own, seq));
    assert_eq!(after.vector.get(own), place);
    assert_eq!(place, refused.had + 1);
    let earlier = lanes
        .event(own, place - 1)
        .map(|seq| trace.stamp(seq))
        .unwrap_or_default();
    let others = |vector: &triage::engine::clock::VectorClock| -> Vec<_> {
        vector
            .entries()
            .filter(|(process, _)| *process != own)
            .collect()
    };
    assert_eq!(others(&after.vector), others(&earlier.vector));
    assert_eq!(after.lamport, earlier.lamport + 1);
    assert!(
        trace.stamp(cause).vector.get(ProcessIndex::SYSTEM)
            > after.vector.get(ProcessIndex::SYSTEM)
    );
    // Nobody acknowledges it; the true one comes again and has its effect, once.
    let again = trace.iter_from(before).find(|(_, event)| {
        matches!(event.form, Form::Send { retry_of: Some(original), .. } if original == message)
    });
    assert!(again.is_some_and(|(place, _)| place > seq));
    let accepted = trace
        .iter()
        .filter(|(_, event)| matches!(event.record, Record::JobAccepted { .. }));
    assert_eq!(accepted.count(), 1);
    let acks = trace
        .iter_from(seq)
        .find_map(|(place, event)| match event.record {
            Record::MessageSent(MessageKind::Acknowledgement, _)
                if event.process() == Some(own) =>
            {
                Some(place)
            }
            _ => None,
        });
    assert!(acks > again.map(|(place, _)| place));
    assert_eq!(system.system_overview().jobs.completed, 1);
}

#[test]
fn the_fault_ends_with_the_next_message_and_is_found_by_queries() {
    let mut system = system("");
    system.run_until(500_000);
    system.apply("commander", &forge("a", "recovery")).unwrap();
    let refused = system
        .apply("commander", &forge("a", "recovery"))
        .unwrap_err();
    assert_eq!(refused.code(), "already_forged");
    system.run_until(4_000_000);
    system.apply("commander", &forge("a", "recovery")).unwrap();
    system.run_until(8_000_000);
    let trace = system.trace();
    let lanes = Lanes::of(trace);
    let places = |query: &str| {
        let query = Query::parse(query).unwrap();
        query.hits(trace, &lanes, &|_| String::new()).seqs
    };
    assert_eq!(refusals(trace).len(), 2);
    assert_eq!(places("fault:forged_clock").len(), 4);
    assert_eq!(
        places("fault:forged_clock kind:fault_cleared from:a to:recovery").len(),
        2
    );
    let found = places("kind:message_refused what:heartbeat reason:forged from:a");
    assert_eq!(
        found,
        refusals(trace)
            .iter()
            .map(|(seq, _)| *seq)
            .collect::<Vec<_>>()
    );
    // One heartbeat less is not a failure.
    assert!(places("kind:executor_failed").is_empty());
}

#[test]
fn what_no_link_is_is_refused() {
    let mut system = system("");
    for (from, to, words) in [
        ("a", "b", "a never sends anything to b"),
        ("a", "a", "a never sends anything to a"),
        ("a", "nobody", "there is no process nobody"),
        ("*", "a", "there is no process *"),
    ] {
        let refused = system.apply("commander", &forge(from, to)).unwrap_err();
        let said = labels::rejection(&refused);
        assert!(said.contains(words), "{said}");
    }
    let json = r#"{"format": 1, "name": "f", "title": "F", "duration_us": 1, "executors": [{"id": "a", "capacity": 1}],
        "commands": [{"action": {"forge_clock": {"from": "a", "to": "x"}}}]}"#;
    let errors = scenario::parse(json).unwrap_err().to_string();
    assert_eq!(
        errors,
        "commands[0].action.forge_clock.to: there is no process x"
    );
}

#[test]
fn a_forged_broadcast_is_refused_before_it_can_be_held_back() {
    for delivery in ["relayed", "fifo", "causal"] {
        let mut system = system(&format!(r#""emergency_delivery": "{delivery}""#));
        system.run_until(1_000_000);
        for (from, to) in [("system", "recovery"), ("recovery", "a"), ("system", "b")] {
            system.apply("commander", &forge(from, to)).unwrap();
        }
        system
            .declare_system_emergency(EmergencyType::Fire, Level::Critical)
            .unwrap();
        assert!(system.run_until_quiet(60_000_000), "{delivery}");
        let all = refusals(system.trace());
        assert!(all.len() >= 2, "{delivery}: {all:?}");
        for name in ["a", "b"] {
            assert_eq!(
                system.status(name).unwrap().version,
                1,
                "{delivery}: {name} knows the level"
            );
        }
    }
}

#[test]
fn random_runs_forge_clocks_and_keep_every_promise() {
    let mut refused = 0;
    for seed in 0..40 {
        let scenario = soak::scenario(seed);
        let mut system = EmergencySystem::new(scenario.setup());
        system.run_until(scenario.duration_us);
        refused += refusals(system.trace()).len();
    }
    assert!(refused > 20, "{refused}");
}
