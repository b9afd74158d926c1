//! What queries find, what they say, and what they say is wrong.

use super::*;
use crate::sample::built_ins;
use triage_engine::clock::Causality;
use triage_engine::record::Record;
use triage_engine::trace::{Form, Recorder};

fn run(name: &str, until_us: u64) -> (Trace, Lanes) {
    let mut runs = built_ins(until_us).into_iter();
    let (_, trace, lanes) = runs.find(|(known, ..)| *known == name).unwrap();
    (trace, lanes)
}

/// As the page gives it, in short.
fn text(trace: &Trace) -> impl Fn(u32) -> String {
    |seq| {
        let record = &trace.get(seq).unwrap().record;
        record
            .job()
            .map_or_else(String::new, |job| format!("speaks of {job}"))
    }
}

fn hits(query: &str, trace: &Trace, lanes: &Lanes) -> Vec<u32> {
    let query = Query::parse(query).unwrap_or_else(|error| panic!("{query}: {error}"));
    query.hits(trace, lanes, &text(trace)).seqs
}

#[test]
fn every_field_finds_exactly_the_events_that_have_it() {
    let (trace, lanes) = run("failure-recovery", 60_000_000);
    let name = |process| trace.name(process).to_string();
    let check = |query: &str, expected: &dyn Fn(u32, &Event) -> bool| {
        let found = hits(query, &trace, &lanes);
        let all = trace.iter().filter(|(seq, event)| expected(*seq, event));
        assert_eq!(
            found,
            all.map(|(seq, _)| seq).collect::<Vec<_>>(),
            "{query}"
        );
        assert!(!found.is_empty(), "{query} finds nothing");
        assert!(
            query.is_empty() || found.len() < trace.count() as usize,
            "{query} finds all"
        );
    };
    check("", &|_, _| true);
    check("kind:job_started", &|_, event| {
        event.record.kind() == "job_started"
    });
    check("kind:JOB_*", &|_, event| {
        event.record.kind().starts_with("job_")
    });
    check("process:recovery", &|_, event| {
        event.process().is_some_and(|p| name(p) == "recovery")
    });
    check("process:environment", &|_, event| event.process().is_none());
    check("to:recovery", &|_, event| match event.form {
        Form::Send { to, .. } => name(to) == "recovery",
        Form::Receipt { .. } => event
            .process()
            .is_some_and(|process| name(process) == "recovery"),
        _ => matches!(event.record, Record::MessageDropped(_, to, _) if name(to) == "recovery"),
    });
    check("from:system", &|_, event| match event.form {
        Form::Receipt { from, .. } => name(from) == "system",
        Form::Send { .. } => event
            .process()
            .is_some_and(|process| name(process) == "system"),
        _ => matches!(event.record, Record::MessageDropped(from, ..) if name(from) == "system"),
    });
    check("job:job-3", &|_, event| {
        event.record.job().is_some_and(|job| job.0 == 3)
    });
    check("job:3", &|_, event| {
        event.record.job().is_some_and(|job| job.0 == 3)
    });
    check("message:12", &|_, event| match event.form {
        Form::Send { message, .. } | Form::Receipt { message, .. } => message.0 == 12,
        _ => false,
    });
    check("attempt:2", &|_, event| {
        event.record.attempt().is_some_and(|of| of.number == 2)
    });
    check("fault:crash", &|_, event| {
        matches!(&event.record, Record::FaultInjected(kind, ..) | Record::FaultCleared(kind, _)
            if kind.name() == "crash")
    });
    check("after:20", &|_, event| event.t_ns >= 20_000_000_000);
    check("after:20.5s", &|_, event| event.t_ns >= 20_500_000_000);
    check("before:1500ms", &|_, event| event.t_ns < 1_500_000_000);
    check("seq:10..20", &|seq, _| (10..=20).contains(&seq));
    check("seq:..20", &|seq, _| seq <= 20);
    check("seq:15", &|seq, _| seq == 15);
    check("what:ack", &|_, event| {
        matches!(&event.record, Record::MessageSent(what, _) | Record::MessageReceived(what, ..)
            if what.name() == "ack")
    });
    check("\"of job-1\"", &|_, event| {
        event
            .record
            .job()
            .is_some_and(|job| job.to_string().starts_with("job-1"))
    });
    check("HEARTBEAT_sent", &|_, event| {
        event.record.kind() == "heartbeat_sent"
    });
    check("-kind:heartbeat_* -what:ack", &|_, event| {
        let acknowledges = matches!(&event.record,
            Record::MessageSent(what, _) | Record::MessageReceived(what, ..) if what.name() == "ack");
        !acknowledges && !event.record.kind().starts_with("heartbeat_")
    });
    check(
        "kind:job_started after:20 or kind:fault_injected",
        &|_, event| {
            let kind = event.record.kind();
            kind == "fault_injected" || (kind == "job_started" && event.t_ns >= 20_000_000_000)
        },
    );
}

#[test]
fn classes_emergencies_and_levels_are_found_by_job_and_announcement() {
    let (trace, lanes) = run("escalation", 60_000_000);
    let jobs = |class: &str| {
        let mut found = hits(&format!("kind:job_started class:{class}"), &trace, &lanes);
        found.retain(|seq| {
            let record = &trace.get(*seq).unwrap().record;
            assert_eq!(record.class().unwrap().name(), class);
            true
        });
        found.len()
    };
    let started = hits("kind:job_started", &trace, &lanes).len();
    assert!(jobs("normal") > 0 && jobs("emergency") > 0);
    assert_eq!(jobs("normal") + jobs("emergency"), started);
    let declared = hits(
        "kind:emergency_declared emergency:emergency-1",
        &trace,
        &lanes,
    );
    assert_eq!(declared.len(), 1);
    let Record::Emergency(told) = &trace.get(declared[0]).unwrap().record else {
        panic!("no announcement");
    };
    let kind = told.kind.name();
    assert!(hits(&format!("emergency:{kind}"), &trace, &lanes).contains(&declared[0]));
    let modes = hits("kind:mode_set", &trace, &lanes);
    let of_level = |level: &str| hits(&format!("kind:mode_set level:{level}"), &trace, &lanes);
    let levels = ["none", "low", "MEDIUM", "high", "critical"].map(of_level);
    assert_eq!(levels.concat().len(), modes.len());
    assert!(levels.iter().filter(|found| !found.is_empty()).count() >= 3);
}

#[test]
fn patterns_find_what_comparing_every_vector_finds() {
    for (name, trace, lanes) in built_ins(8_000_000) {
        let mut stamps = Vec::new();
        trace.stamps(0, trace.count(), &mut |_, _, stamp| {
            stamps.push(stamp.clone())
        });
        let relation = |a: u32, b: u32| {
            has_clock(&trace, a).then_some(())?;
            has_clock(&trace, b).then_some(())?;
            Some(
                stamps[a as usize]
                    .vector
                    .compare(&stamps[b as usize].vector),
            )
        };
        let before = |a: u32, b: u32| relation(a, b) == Some(Causality::Before);
        let mut found_any = [false; 3];
        for (a, b, c) in [
            ("kind:job_routed", "kind:job_started", "kind:job_queued"),
            (
                "kind:job_submitted",
                "kind:job_started",
                "kind:heartbeat_received",
            ),
            (
                "kind:heartbeat_sent",
                "kind:job_started or kind:mode_set",
                "process:coordinator-1",
            ),
            ("process:system", "seq:10..400", "what:ack"),
            ("kind:job_started", "kind:job_started", "kind:job_started"),
            ("kind:run_started", "kind:job_*", "kind:ack"),
        ] {
            let Ok(third) = Query::parse(c) else { continue };
            let third = third.hits(&trace, &lanes, &text(&trace)).seqs;
            let (first, second) = (hits(a, &trace, &lanes), hits(b, &trace, &lanes));
            let expect = |query: &str, which: usize, is: &dyn Fn(u32, u32) -> bool| {
                let holds = |b: &&u32| first.iter().any(|a| is(*a, **b));
                let expected: Vec<u32> = second.iter().filter(holds).copied().collect();
                assert_eq!(hits(query, &trace, &lanes), expected, "{name}: {query}");
                (which, !expected.is_empty())
            };
            for (which, some) in [
                expect(&format!("{a} -> {b}"), 0, &before),
                expect(&format!("{a} -> {b} without {c}"), 1, &|a, b| {
                    before(a, b) && !third.iter().any(|c| before(a, *c) && before(*c, b))
                }),
                expect(&format!("{a} || {b}"), 2, &|a, b| {
                    relation(a, b) == Some(Causality::Concurrent)
                }),
            ] {
                found_any[which] |= some;
            }
        }
        assert_eq!(
            found_any, [true; 3],
            "{name}: a pattern found nothing at all"
        );
    }
}

#[test]
fn a_chain_of_arrows_narrows_step_by_step() {
    let (trace, lanes) = run("mixed-workload", 20_000_000);
    let one = hits("kind:emergency_declared -> kind:mode_set", &trace, &lanes);
    let two = hits(
        "kind:emergency_declared -> kind:mode_set -> kind:job_started process:medical-centre",
        &trace,
        &lanes,
    );
    assert!(!one.is_empty() && !two.is_empty());
    assert!(two.iter().all(|seq| *seq > one[0]));
}

#[test]
fn a_pattern_that_begins_outside_every_process_says_why_it_finds_nothing() {
    let (trace, lanes) = run("failure-recovery", 60_000_000);
    let query = Query::parse("fault:crash -> kind:executor_failed").unwrap();
    let hits = query.hits(&trace, &lanes, &text(&trace));
    assert!(hits.seqs.is_empty() && !hits.capped);
    assert!(hits.note.unwrap().contains("have no clock"));
}

#[test]
fn what_one_event_can_answer_is_the_same_as_the_hits() {
    let (trace, lanes) = run("partition", 20_000_000);
    for words in [
        "kind:job_* -class:emergency",
        "job-1 or process:recovery before:3",
        "",
    ] {
        let query = Query::parse(words).unwrap();
        assert!(!query.is_pattern());
        let found = hits(words, &trace, &lanes);
        for (seq, event) in trace.iter() {
            let one = query.matches(&trace, seq, event, &text(&trace));
            assert_eq!(one, found.contains(&seq), "{words}: #{seq}");
        }
    }
}

#[test]
fn a_wrong_query_says_where_what_and_what_would_be_right() {
    for (query, said) in [
        (
            "kind:job_startd",
            "at character 1: there is no kind \"job_startd\"; did you mean job_started?",
        ),
        (
            "kind:paused",
            "at character 1: there is no kind \"paused\"; did you mean job_paused?",
        ),
        (
            "job:3 knid:job_started",
            "at character 7: there is no field \"knid\"; did you mean kind? (put text with a colon in quotes: \"knid:job_started\")",
        ),
        (
            "kind:",
            "at character 1: kind: has no value; for example, write kind:job_started",
        ),
        (
            "level:severe",
            "at character 1: there is no level \"severe\"; it is one of NONE, LOW, MEDIUM, HIGH, CRITICAL",
        ),
        (
            "level:hgih",
            "at character 1: there is no level \"hgih\"; did you mean HIGH?",
        ),
        (
            "class:urgent",
            "at character 1: there is no class \"urgent\"; it is one of normal, emergency",
        ),
        (
            "after:soon",
            "at character 1: after:soon is not a time in seconds or ms; for example, write after:42.5",
        ),
        (
            "after:1.",
            "at character 1: after:1. is not a time in seconds or ms; for example, write after:42.5",
        ),
        (
            "after:99999999999999999999",
            "at character 1: after:99999999999999999999 is not a time in seconds or ms; for example, write after:42.5",
        ),
        (
            "seq:a..b",
            "at character 1: seq:a..b is not a position in the trace; for example, write seq:10..20",
        ),
        (
            "seq:..",
            "at character 1: seq:.. is not a position in the trace; for example, write seq:10..20",
        ),
        (
            "message:m12",
            "at character 1: message:m12 is not the number of a message; for example, write message:12",
        ),
        (
            "process:a \"open",
            "at character 11: the closing quotation mark is missing; add \" at the end",
        ),
        (
            "kind:job_started ->",
            "at character 18: \"->\" needs something on both sides; write kind:job_routed -> kind:job_started",
        ),
        (
            "|| kind:job_started",
            "at character 1: \"||\" needs something on both sides; write kind:job_started || kind:mode_set",
        ),
        (
            "or job-1",
            "at character 1: \"or\" needs something on both sides; write kind:job_paused or kind:job_resumed; put the word itself in quotes",
        ),
        (
            "job-1 without job-2",
            "at character 7: \"without\" is in the wrong place; it follows a single arrow: A -> B without C",
        ),
        (
            "a || b || c",
            "at character 3: \"||\" is in the wrong place; use || once, between two sides: A || B",
        ),
        (
            "a -> b || c",
            "at character 8: \"||\" is in the wrong place; use || once, between two sides: A || B",
        ),
    ] {
        let error = Query::parse(query).unwrap_err();
        assert_eq!(error.to_string(), said, "{query}");
    }
}

#[test]
fn a_query_is_said_in_a_sentence() {
    for (query, said) in [
        ("", "all events"),
        (
            "after:42 kind:job_started class:emergency",
            "job_started events of emergency jobs after 42 s",
        ),
        ("-after:1.5", "events before 1.5 s"),
        (
            "-process:recovery \"cold start\"",
            "events not of recovery that contain \"cold start\"",
        ),
        (
            "kind:job_paused or kind:job_resumed",
            "job_paused events, or job_resumed events",
        ),
        ("kind:job_* and process:exec-*", "job_* events of exec-*"),
        (
            "kind:job_routed->kind:job_started",
            "job_started events, with job_routed events in their past",
        ),
        (
            "kind:job_routed -> kind:job_completed without kind:job_paused",
            "job_completed events, with job_routed events in their past and no job_paused events between",
        ),
        (
            "kind:mode_set || kind:job_started",
            "job_started events, concurrent with mode_set events",
        ),
        (
            "fault:crash level:high seq:10..",
            "events of the fault \"crash\" with level HIGH numbered 10 or higher",
        ),
    ] {
        assert_eq!(Query::parse(query).unwrap().sentence(), said, "{query}");
    }
}
