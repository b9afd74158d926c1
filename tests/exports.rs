//! Exports obey the rules of the tools that open them, for every built-in scenario and for random ones with faults.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use sha2::{Digest, Sha256};
use triage::analysis::export::{Format, Range, Run, text};
use triage::analysis::latency::{Latencies, Target};
use triage::engine::EmergencySystem;
use triage::engine::audit::Hash;
use triage::engine::record::Record;
use triage::engine::trace::{Form, Recorder};
use triage::playback::Player;
use triage::scenario::{self, Scenario};
use triage_soak as soak;

/// Every built-in scenario to the end of its story, and random ones with forged clocks, losses and crashes.
fn systems() -> impl Iterator<Item = (String, EmergencySystem)> {
    let built_in = scenario::library()
        .into_iter()
        .map(|built_in| scenario::parse(built_in.json).unwrap());
    let random = (0..40).map(soak::scenario);
    built_in.chain(random).map(|scenario| {
        let mut system = EmergencySystem::new(scenario.setup());
        system.run_until(scenario.duration_us);
        (format!("{} {}", scenario.name, scenario.seed), system)
    })
}

fn run(system: &EmergencySystem) -> Run<'_> {
    Run {
        trace: system.trace(),
        count: system.trace().count(),
        end_ns: system.world().now_ns(),
    }
}

fn exported(system: &EmergencySystem, format: Format) -> String {
    text(&run(system), format, Range::default()).unwrap()
}

type Clock = BTreeMap<String, u64>;

/// What ShiViz's first expression finds: `(?<event>.*)\n(?<host>\S*) (?<clock>{.*})`.
fn shiviz(log: &str) -> Vec<(String, String, Clock)> {
    let lines: Vec<&str> = log.lines().collect();
    assert_eq!(lines.len() % 2, 0);
    lines
        .chunks(2)
        .map(|pair| {
            let (host, clock) = pair[1].split_once(' ').unwrap();
            assert!(!host.is_empty() && !host.contains(char::is_whitespace));
            assert!(clock.starts_with('{') && clock.ends_with('}'));
            let clock = serde_json::from_str(clock).unwrap();
            (pair[0].to_owned(), host.to_owned(), clock)
        })
        .collect()
}

#[test]
fn a_shiviz_log_obeys_the_rules_of_vector_clocks() {
    let (mut receipts, mut refusals) = (0, 0);
    for (name, system) in systems() {
        let trace = system.trace();
        let log = shiviz(&exported(&system, Format::Shiviz));
        let places: Vec<u32> = trace
            .iter()
            .filter(|(_, event)| event.process().is_some())
            .map(|(seq, _)| seq)
            .collect();
        assert_eq!(log.len(), places.len(), "{name}: all but the environment");
        let mut totals = Clock::new();
        for (_, host, _) in &log {
            *totals.entry(host.clone()).or_default() += 1;
        }
        let mut latest: BTreeMap<String, Clock> = BTreeMap::new();
        for ((event, host, clock), seq) in log.iter().zip(&places) {
            let record = trace.get(*seq).unwrap();
            let at = format!("{name}, event {seq}: {event} {clock:?}");
            assert_eq!(**trace.name(record.process().unwrap()), **host, "{at}");
            assert!(event.starts_with(record.record.kind()), "{at}");
            let before = latest.entry(host.clone()).or_default();
            let own = before.get(host).copied().unwrap_or(0);
            assert_eq!(clock[host], own + 1, "{at}: own entries count up by one");
            let knows = |earlier: &Clock| {
                let get = |process| clock.get(process).copied().unwrap_or(0);
                earlier
                    .iter()
                    .all(|(process, count)| get(process) >= *count)
            };
            assert!(knows(before), "{at}: nothing is forgotten");
            let possible =
                |(process, count): (&String, &u64)| *count >= 1 && *count <= totals[process];
            assert!(
                clock.iter().all(possible),
                "{at}: only events that there are"
            );
            if let Record::MessageRefused(_) = record.record {
                refusals += 1;
                let mut expected = before.clone();
                *expected.entry(host.clone()).or_default() += 1;
                assert_eq!(*clock, expected, "{at}: what is refused is not believed");
            } else if let Some(cause) = record.cause() {
                receipts += 1;
                let (_, sender, sent) = &log[places.binary_search(&cause).unwrap()];
                assert!(knows(sent) && sent[sender] < totals[sender] + 1, "{at}");
                assert!(sent.get(host).copied().unwrap_or(0) < clock[host], "{at}");
            } else {
                let others = |clock: &Clock| {
                    let mut others = clock.clone();
                    others.remove(host);
                    others
                };
                assert_eq!(others(clock), others(before), "{at}: only receipts teach");
            }
            *before = clock.clone();
        }
    }
    assert!(receipts > 10_000 && refusals > 0, "{receipts} {refusals}");
}

/// An event of a Chrome trace, checked for the fields that its phase has to have.
fn checked<'a>(event: &'a Value, end_us: u64, at: &str) -> &'a str {
    let number = |key: &str| {
        event[key]
            .as_u64()
            .unwrap_or_else(|| panic!("{at}: {key} in {event}"))
    };
    let word = |key: &str| {
        event[key]
            .as_str()
            .unwrap_or_else(|| panic!("{at}: {key} in {event}"))
    };
    assert!(!word("name").is_empty(), "{at}: {event}");
    assert!(number("pid") > 0 && number("tid") > 0, "{at}: {event}");
    let phase = word("ph");
    if phase == "M" {
        let argument = match word("name") {
            "process_sort_index" => "sort_index",
            "process_name" | "thread_name" => "name",
            other => panic!("{at}: metadata {other}"),
        };
        assert!(!event["args"][argument].is_null(), "{at}: {event}");
        return phase;
    }
    assert!(number("ts") <= end_us, "{at}: within the run: {event}");
    assert!(!word("cat").is_empty(), "{at}: {event}");
    match phase {
        "X" => assert!(number("ts") + number("dur") <= end_us + 1, "{at}: {event}"),
        "i" => assert!(["t", "p", "g"].contains(&word("s")), "{at}: {event}"),
        "s" | "b" | "e" => drop(number("id")),
        "f" => {
            number("id");
            assert_eq!(word("bp"), "e", "{at}: {event}");
        }
        other => panic!("{at}: phase {other}"),
    }
    phase
}

#[test]
fn a_chrome_trace_has_what_the_format_asks_for() {
    for (name, system) in systems() {
        let chrome: Value = serde_json::from_str(&exported(&system, Format::Chrome)).unwrap();
        let end_us = system.world().now_ns() / 1000;
        let events = chrome["traceEvents"].as_array().unwrap();
        let place = |event: &Value| {
            (
                event["pid"].as_u64().unwrap(),
                event["tid"].as_u64().unwrap(),
            )
        };
        let mut processes = BTreeMap::new();
        let mut threads = BTreeSet::new();
        let mut slices: BTreeMap<(u64, u64), Vec<(u64, u64)>> = BTreeMap::new();
        let mut flows: BTreeMap<u64, Vec<(&str, u64)>> = BTreeMap::new();
        let mut open: BTreeMap<(&str, u64), Vec<&str>> = BTreeMap::new();
        for (index, event) in events.iter().enumerate() {
            let at = format!("{name}, line {index}");
            let phase = checked(event, end_us, &at);
            let (id, ts) = (event["id"].as_u64(), event["ts"].as_u64().unwrap_or(0));
            match phase {
                "M" => {
                    threads.insert(place(event));
                    if event["name"] == "process_name" {
                        let name = event["args"]["name"].as_str().unwrap();
                        assert!(processes.insert(place(event).0, name).is_none(), "{at}");
                    }
                }
                "X" => {
                    let end = ts + event["dur"].as_u64().unwrap();
                    slices.entry(place(event)).or_default().push((ts, end));
                }
                "s" | "f" => {
                    // It is drawn from and to the slice just before it on its thread.
                    let slice = *slices[&place(event)].last().unwrap();
                    assert!(slice.0 == ts && ts < slice.1, "{at}: {event}");
                    flows.entry(id.unwrap()).or_default().push((phase, ts));
                }
                "b" | "e" => {
                    let key = (event["cat"].as_str().unwrap(), id.unwrap());
                    let stack = open.entry(key).or_default();
                    let name = event["name"].as_str().unwrap();
                    if phase == "b" {
                        stack.push(name);
                    } else {
                        assert_eq!(stack.pop(), Some(name), "{at}: spans nest");
                    }
                }
                _ => {}
            }
            assert!(
                threads.contains(&place(event)),
                "{at}: a thread with a name"
            );
        }
        let known: Vec<&str> = processes.values().copied().collect();
        let mut names: Vec<String> = system
            .trace()
            .names()
            .map(|name| name.to_string())
            .collect();
        names.push("environment".to_owned());
        assert_eq!(known, names, "{name}");
        assert!(open.values().all(Vec::is_empty), "{name}: every span ends");
        let receipts = system
            .trace()
            .iter()
            .filter(|(_, event)| event.cause().is_some());
        assert_eq!(
            flows.len(),
            receipts.count(),
            "{name}: an arrow for each receipt"
        );
        for (id, ends) in &flows {
            let [("s", sent), ("f", received)] = ends[..] else {
                panic!("{name}: arrow {id} has {ends:?}");
            };
            assert!(sent <= received, "{name}: arrow {id}");
        }
        for (thread, slices) in &mut slices {
            // Longer ones first, as they contain the others.
            slices.sort_by_key(|(from, to)| (*from, std::cmp::Reverse(*to)));
            let mut around: Vec<u64> = Vec::new();
            for (from, to) in slices.iter() {
                around.retain(|end| end > from);
                let nests = around.iter().all(|end| end >= to);
                assert!(nests, "{name}: slices of {thread:?} overlap at {from}");
                around.push(*to);
            }
        }
    }
}

/// Which event is on whose lifeline, in the order drawn.
fn lanes(diagram: &str) -> BTreeMap<String, Vec<u32>> {
    let mut lanes: BTreeMap<String, Vec<u32>> = BTreeMap::new();
    let number = |words: &str| words.split(' ').next().unwrap().parse::<u32>().ok();
    for line in diagram.lines().skip(1).map(str::trim) {
        let Some((who, says)) = line.split_once(": ") else {
            assert!(line.starts_with("participant p"), "{line}");
            continue;
        };
        if let Some(over) = who.strip_prefix("Note over ") {
            let seq = number(says).or_else(|| number(says.split(" arrives: ").nth(1)?));
            if !over.contains(',') {
                lanes
                    .entry(over.to_owned())
                    .or_default()
                    .push(seq.expect(line));
            }
            continue;
        }
        let head = ["->>", "-)", "-x"]
            .into_iter()
            .find(|head| who.contains(head))
            .expect(line);
        let (from, to) = who.split_once(head).unwrap();
        let mut ends = says.split(" → ");
        let sent = number(ends.next().unwrap()).expect(line);
        lanes.entry(from.to_owned()).or_default().push(sent);
        if let Some(received) = ends.next() {
            assert_eq!(head, "->>", "{line}");
            lanes
                .entry(to.to_owned())
                .or_default()
                .push(number(received).expect(line));
        }
    }
    lanes
}

#[test]
fn a_sequence_diagram_keeps_the_order_of_every_lifeline() {
    let mut lost = 0;
    for (name, system) in systems() {
        let run = run(&system);
        let last = run.count - 1;
        let all = Range {
            from: Some(last.saturating_sub(299)),
            to: Some(last),
        };
        for range in [Range::default(), all] {
            let diagram = text(&run, Format::Mermaid, range).unwrap();
            assert!(
                diagram.starts_with("sequenceDiagram\n    participant p"),
                "{name}"
            );
            lost += diagram.matches("-x").count();
            for (process, seqs) in lanes(&diagram) {
                assert!(
                    diagram.contains(&format!("participant {process} as ")),
                    "{name}"
                );
                let ordered = seqs.windows(2).all(|pair| pair[0] < pair[1]);
                assert!(
                    ordered || process == "environment",
                    "{name}: {process} {seqs:?}\n{diagram}"
                );
            }
        }
        let drawn = lanes(&text(&run, Format::Mermaid, all).unwrap());
        let drawn: BTreeSet<u32> = drawn.into_values().flatten().collect();
        let missing = run
            .trace
            .iter_from(all.from.unwrap())
            .find(|(seq, event)| event.process().is_some() && !drawn.contains(seq));
        assert_eq!(missing, None, "{name}: everything asked for is drawn");
    }
    assert!(lost > 0, "lost messages are crossed");
}

#[test]
fn a_range_that_cannot_be_drawn_is_told() {
    let scenario = scenario::parse(scenario::library()[0].json).unwrap();
    let mut system = EmergencySystem::new(scenario.setup());
    system.run_until(scenario.duration_us);
    let run = run(&system);
    let ask = |format, from, to| text(&run, format, Range { from, to }).unwrap_err();
    assert!(ask(Format::Csv, Some(1), None).starts_with("only mermaid accepts a range"));
    assert!(ask(Format::Mermaid, Some(8), Some(7)).contains("before it begins"));
    let beyond = ask(Format::Mermaid, None, Some(run.count));
    assert!(beyond.contains(&format!(
        "the run has {} events, numbered from 0",
        run.count
    )));
    assert!(
        ask(Format::Mermaid, Some(0), Some(run.count - 1))
            .contains("choose at most 400, such as 0 to 399")
    );
    assert!(
        Format::parse("pdf")
            .unwrap_err()
            .contains("ndjson, shiviz, chrome, mermaid, csv")
    );
}

#[test]
fn a_table_has_the_figures_of_the_run() {
    for (name, system) in systems() {
        let table = exported(&system, Format::Csv);
        let mut rows = table
            .split_terminator("\r\n")
            .map(|row| row.split(',').collect::<Vec<_>>());
        assert_eq!(
            rows.next().unwrap(),
            ["group", "name", "figure", "unit", "value"]
        );
        let mut figures = BTreeMap::new();
        for row in rows {
            assert_eq!(row.len(), 5, "{name}: {row:?}");
            let before = figures.insert((row[0], row[1], row[2]), row[4]);
            assert!(before.is_none(), "{name}: {row:?} twice");
        }
        let sum = |figure| {
            let of = |class| figures[&("jobs", class, figure)].parse::<u64>().unwrap();
            of("normal") + of("emergency")
        };
        let jobs = system.system_overview().jobs;
        assert_eq!(sum("submitted"), u64::from(jobs.submitted), "{name}");
        assert_eq!(sum("refused"), u64::from(jobs.refused), "{name}");
        assert_eq!(sum("completed"), u64::from(jobs.completed), "{name}");
        let mut latencies = Latencies::default();
        system
            .trace()
            .iter()
            .for_each(|(_, event)| latencies.observe(event));
        for (target, row) in Target::ALL.into_iter().zip([
            "emergency_start",
            "normal_start",
            "detection",
            "recovery",
        ]) {
            let summary = latencies.summary(target);
            assert_eq!(
                figures[&("latency", row, "met")],
                summary.met.to_string(),
                "{name}"
            );
            let p95 = figures
                .get(&("latency", row, "p95"))
                .map(|value| value.parse().unwrap());
            assert_eq!(p95, summary.p95_us, "{name}");
        }
        let sends = system
            .trace()
            .iter()
            .filter(|(_, event)| matches!(event.form, Form::Send { .. }));
        assert_eq!(
            figures[&("messages", "all", "sent")],
            sends.count().to_string(),
            "{name}"
        );
    }
}

#[test]
fn what_lies_ahead_of_the_cursor_is_in_no_export() {
    let scenarios: Vec<Scenario> = scenario::library()
        .iter()
        .map(|built_in| scenario::parse(built_in.json).unwrap())
        .collect();
    for scenario in scenarios {
        let mut player = Player::new(scenario.clone());
        player.seek_us(scenario.duration_us);
        for until_us in [0, scenario.duration_us / 3, scenario.duration_us / 2] {
            player.seek_us(until_us);
            let seen = Run {
                trace: player.trace(),
                count: player.count(),
                end_ns: player.world().now_ns(),
            };
            let mut system = EmergencySystem::new(scenario.setup());
            system.run_until(until_us);
            for format in Format::ALL {
                let ahead = text(&seen, format, Range::default()).unwrap();
                assert_eq!(
                    ahead,
                    exported(&system, format),
                    "{} {format:?}",
                    scenario.name
                );
            }
        }
    }
}

/// Lines of `FORMAT HASH`: the first 12 s of a built-in scenario. `exports.spec.mjs` holds the page to the same.
const GOLDEN: &str = include_str!("golden/exports.txt");

#[test]
fn every_format_gives_its_golden_export() {
    let mut library = scenario::library().into_iter();
    let built_in = library.find(|it| it.name == "failure-recovery").unwrap();
    let mut player = Player::new(scenario::parse(built_in.json).unwrap());
    player.seek_us(12_000_000);
    let run = Run {
        trace: player.trace(),
        count: player.count(),
        end_ns: player.world().now_ns(),
    };
    let line = |format: Format| {
        let hash = Sha256::digest(text(&run, format, Range::default()).unwrap());
        format!("{} {}\n", format.name(), Hash(hash.into()))
    };
    let found: String = Format::ALL.into_iter().map(line).collect();
    assert_eq!(
        found, GOLDEN,
        "if exports were meant to change, put the left side into tests/golden/exports.txt"
    );
}
