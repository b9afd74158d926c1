//! What comes from elsewhere: logs of other systems. `cli` brings the engine for their expressions.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used)]

use std::rc::Rc;

use triage::analysis::causality::{Comparison, Cone, Cut, CutVerdict, MergeStep};
use triage::analysis::export::{self, Format, Range, Run};
use triage::analysis::lanes::Lanes;
use triage::engine::EmergencySystem;
use triage::engine::clock::Causality;
use triage::engine::command::Rejection;
use triage::engine::id::ProcessIndex;
use triage::engine::record::Record;
use triage::engine::recorded::Log;
use triage::engine::trace::Recorder;
use triage::import::log::{self, LogFile};
use triage::playback::{Player, StepUnit};
use triage::scenario;
use triage_cli::expressions::executions;

fn read(text: &str) -> Result<Log, String> {
    let mut all = executions(&LogFile::split(text))?;
    let first = if all.is_empty() {
        Vec::new()
    } else {
        all.remove(0).entries
    };
    log::read(&first).map_err(|problems| problems.to_string())
}

fn played(text: &str) -> Player {
    let mut player = Player::of_log("a log", Rc::new(read(text).unwrap()));
    player.record_ahead(u32::MAX);
    player
}

/// Three processes; c hears of a and of b at once, and a speaks to two.
const LOG: &str = "\
wakes
a {\"a\":1}
wakes
b {\"b\":1}
tells everybody
a {\"a\":2}
hears a
b {\"a\":2,\"b\":2}
hears of both
c {\"a\":2, \"b\":1, \"c\":1}
ends
a {\"a\":3}
";

#[test]
fn a_log_without_a_header_is_read_and_what_was_received_is_found() {
    let log = read(LOG).unwrap();
    let names: Vec<&str> = log.hosts.iter().map(|name| &**name).collect();
    assert_eq!(names, ["a", "b", "c"]);
    let causes: Vec<Vec<u32>> = log
        .events
        .iter()
        .map(|event| {
            let more = event.logged.more_causes.iter();
            let all = event.cause.iter().chain(more);
            all.map(|(_, cause)| *cause).collect()
        })
        .collect();
    assert_eq!(
        causes,
        [vec![], vec![], vec![], vec![2], vec![2, 1], vec![]],
        "c's event has two causes, for neither explains the other"
    );
    assert_eq!(log.events[3].logged.line, 7);
    assert_eq!(&*log.events[4].logged.text, "hears of both");
}

#[test]
fn what_is_known_of_runs_is_known_of_logs() {
    let player = played(LOG);
    let (trace, lanes) = (player.trace(), player.lanes());
    assert_eq!(trace.count(), 6);
    let stamp = trace.stamp(4);
    let vector: Vec<u32> = (0..3)
        .map(|index| stamp.vector.get(ProcessIndex(index)))
        .collect();
    assert_eq!(vector, [2, 1, 1]);
    assert_eq!(
        stamp.lamport, 3,
        "one more than the greater of its two causes"
    );
    let causality = |a, b| Comparison::of(trace, lanes, a, b).unwrap();
    assert_eq!(causality(0, 4).causality, Causality::Before);
    assert_eq!(causality(0, 4).chain, [0, 2, 4]);
    assert_eq!(causality(1, 4).chain, [1, 4], "by its second cause");
    assert_eq!(causality(3, 4).causality, Causality::Concurrent);
    let cone = Cone::of(trace, lanes, 1).unwrap();
    assert_eq!(
        cone.first_after(ProcessIndex(2)),
        Some(1),
        "what the second cause leads to is in its future"
    );
    let step = MergeStep::of(trace, lanes, 4).unwrap();
    assert_eq!(step.received.len(), 2);
    assert_eq!(step.raised, [ProcessIndex(0), ProcessIndex(1)]);
    // c's event without b's first: an effect without its cause.
    let verdict = Cut::of(lanes, vec![2, 0, 1]).verdict(trace, lanes);
    assert_eq!(
        verdict.in_words(trace),
        "Inconsistent: the message from b (#1) to c (#4) is received inside the cut but sent outside it, so an effect has no cause."
    );
    assert_eq!(
        Cut::of(lanes, vec![2, 1, 0]).verdict(trace, lanes),
        CutVerdict::Consistent { in_flight: 3 }
    );
}

#[test]
fn a_log_is_moved_through_and_not_changed() {
    let mut player = played(LOG);
    player.seek_us(3_000);
    assert_eq!(player.count(), 3);
    player.step(StepUnit::Event, true);
    assert_eq!(player.count(), 4);
    player.step(StepUnit::Message, true);
    assert_eq!(player.count(), 5, "the next receipt");
    player.step(StepUnit::Event, false);
    assert_eq!(player.count(), 4);
    let crash = scenario::parse_command(
        r#"{"at_us": 0, "principal": "commander", "action": {"crash": {"process": "a"}}}"#,
    )
    .unwrap();
    let refused = player.command("commander", crash.action).unwrap_err();
    assert_eq!(refused, Rejection::ReadOnly);
    assert_eq!((player.count(), player.trace().count()), (4, 6));
}

#[test]
fn every_built_in_run_comes_back_from_its_own_shiviz_export() {
    for built_in in scenario::library() {
        let setup = scenario::parse(built_in.json).unwrap().setup();
        let mut system = EmergencySystem::new(setup);
        system.run_until(12_000_000);
        let trace = system.trace();
        let run = Run {
            trace,
            count: trace.count(),
            end_ns: system.world().now_ns(),
        };
        let text = export::text(&run, Format::parse("shiviz").unwrap(), Range::default()).unwrap();
        let player = played(&text);
        let (ours, back) = (Lanes::of(trace), player.lanes());
        let mut compared = 0;
        for (index, name) in (0u16..).zip(player.trace().names()) {
            let place = trace.names().position(|other| other == name).unwrap() as u16;
            let (mine, theirs) = (
                back.of_process(ProcessIndex(index)),
                ours.of_process(ProcessIndex(place)),
            );
            assert_eq!(mine.len(), theirs.len(), "{}: {name}", built_in.name);
            for (mine, theirs) in mine.iter().zip(theirs).step_by(3) {
                let (imported, recorded) = (player.trace().stamp(*mine), trace.stamp(*theirs));
                for (known, count) in recorded.vector.entries() {
                    let known = trace.name(known);
                    let there = player.trace().names().position(|name| name == known);
                    let there = ProcessIndex(there.unwrap() as u16);
                    assert_eq!(
                        imported.vector.get(there),
                        count,
                        "{}: #{theirs}",
                        built_in.name
                    );
                }
                assert_eq!(imported.vector.sum(), recorded.vector.sum());
                compared += 1;
            }
        }
        assert!(compared > 50, "{}: {compared}", built_in.name);
    }
}

#[test]
fn twenty_thousand_events_over_many_chunks_keep_their_clocks() {
    // A ring: each speaks to the next, who knows everything by then.
    let (hosts, rounds) = (40, 500);
    let mut known = vec![0u32; hosts];
    let mut text = String::new();
    for round in 0..rounds {
        for host in 0..hosts {
            known[host] = round + 1;
            let clock: Vec<String> = (0..hosts)
                .filter(|other| known[*other] > 0)
                .map(|other| format!("\"p{other}\":{}", known[other]))
                .collect();
            text += &format!("turn {round}\np{host} {{{}}}\n", clock.join(","));
        }
    }
    let mut player = played(&text);
    assert_eq!(player.trace().count(), 20_000);
    let last = player.trace().stamp(19_999);
    assert_eq!(last.vector.sum(), 20_000, "the last one knows all");
    assert_eq!(last.lamport, 20_000);
    player.seek_us(5_000_000);
    assert_eq!(player.count(), 5_000);
    let world = player.world().processes();
    assert_eq!(world[39].clocks.stamp().vector.sum(), 5_000);
}

#[test]
fn a_file_in_shiviz_form_has_its_parser_its_delimiter_and_executions() {
    let text = "(?<date>\\d+) (?<host>\\w+) (?<clock>\\{.*\\}) (?<event>.*)\n\
                ^== (?<trace>.*) ==$\n\
                == first ==\n\
                7 a {\"a\":1} begins\n\
                == second ==\n\
                8 a {\"a\":1} begins\n\
                9 b {\"a\":1,\"b\":1} follows\n";
    let file = LogFile::split(text);
    assert_eq!(
        (file.first_line, file.delimiter),
        (3, "^== (?<trace>.*) ==$")
    );
    let all = executions(&file).unwrap();
    let names: Vec<&str> = all.iter().map(|one| one.name.as_str()).collect();
    assert_eq!(names, ["first", "second"]);
    let second = &all[1].entries;
    assert_eq!((second[1].line, second[1].event.as_str()), (7, "follows"));
    assert_eq!(second[1].fields, [("date".to_owned(), "9".to_owned())]);
    assert_eq!(log::read(second).unwrap().events.len(), 2);
    // Empty lines stand for the usual parser and for one execution.
    let usual = format!("\n\n{LOG}");
    assert_eq!(LogFile::split(&usual).parser, log::PARSER);
    assert_eq!(read(&usual).unwrap().events[3].logged.line, 9);
}

fn refused(log: &str) -> String {
    read(log).unwrap_err()
}

#[test]
fn a_damaged_log_is_told_by_line() {
    let cases = [
        (
            "begins\na {\"a\":1,}\n",
            "line 1: the clock {\"a\":1,}",
            "isn't a JSON object",
        ),
        ("x\na {\"a\":2}\n", "line 1:", "it must be 1"),
        (
            "x\na {\"a\":1}\ny\na {\"a\":3}\n",
            "line 3: a goes from event 1 in line 1 to event 3",
            "missing",
        ),
        (
            "x\na {\"a\":1}\ny\na {\"a\":1}\n",
            "line 3: this is event 1 of a, and so is the one in line 1",
            "by one",
        ),
        (
            "x\na {\"b\":1}\n",
            "line 1:",
            "no event of a process with this name",
        ),
        (
            "x\na {\"a\":1, \"b\":2}\ny\nb {\"b\":1}\n",
            "line 1:",
            "counts 2 events of b, but the log has only 1",
        ),
        (
            "x\na {\"a\":\"1\"}\n",
            "line 1:",
            "must be a whole number of events, not string",
        ),
        ("x\na {\"a\":1,\"a\":2}\n", "line 1:", "two entries for a"),
        ("x\na {}\n", "line 1:", "no entry for its own process"),
        (
            "x\na {\"a\":1}\ny\nb {\"a\":1,\"b\":1}\nz\nb {\"b\":2}\n",
            "line 5: the entry of b for a was 1",
            "is missing now",
        ),
        (
            "x\na {\"a\":1}\ny\nb {\"a\":1,\"b\":1}\nz\nc {\"b\":1,\"c\":1}\n",
            "line 5: it depends on an event of b whose clock counts 1 events of a",
            "its own clock counts only 0",
        ),
        (
            "x\na {\"a\":1,\"b\":1}\ny\nb {\"a\":1,\"b\":1}\n",
            "line 1: it depends on an event of b whose clock counts 1 events of a",
            "had only 0 events before",
        ),
        ("nothing of the kind\n", "the parser finds no event", ""),
    ];
    for (log, begins, contains) in cases {
        let said = refused(log);
        assert!(said.contains(begins), "{log:?}: {said}");
        assert!(said.contains(contains), "{log:?}: {said}");
    }
    let many: String = (0..40).map(|_| "x\na {oops}\n").collect();
    let said = refused(&many);
    assert!(said.ends_with("and 28 more"), "{said}");
    let bad = "(?<event>.*) (?<host>\\S+) (?<clock>{.*}\n\nx\n";
    assert!(
        executions(&LogFile::split(bad))
            .unwrap_err()
            .contains("the parser isn't a valid regular expression")
    );
    let lacks = "(?<host>\\S+) (?<clock>{.*})\n\nx\n";
    assert!(
        executions(&LogFile::split(lacks))
            .unwrap_err()
            .contains("(?<event>")
    );
}

#[test]
fn lines_that_no_event_has_are_counted() {
    let text = "a note\nx\na {\"a\":1}\n\ny\na {\"a\":2\n";
    let file = LogFile::split(text);
    let all = executions(&file).unwrap();
    assert_eq!(all[0].entries.len(), 1);
    assert_eq!(
        log::passed_over(&file, &all),
        Some((3, 1)),
        "the note, and the event whose line is cut off"
    );
    let whole = LogFile::split(LOG);
    assert_eq!(log::passed_over(&whole, &executions(&whole).unwrap()), None);
    let split = "(?<event>.*)\\n(?<host>\\S*) (?<clock>{.*})\n^==.*$\n== one\nx\na {\"a\":1}\n== two\nx\na {\"a\":1}\n";
    let file = LogFile::split(split);
    let all = executions(&file).unwrap();
    assert_eq!(all.len(), 2);
    assert_eq!(all[1].delimiter, Some((6, 6)));
    assert_eq!(log::passed_over(&file, &all), None);
}

#[test]
fn lines_may_stand_in_any_order() {
    let log = read("later\na {\"a\":2,\"b\":1}\nhello\nb {\"b\":1}\nfirst\na {\"a\":1}\n").unwrap();
    let texts: Vec<&str> = log.events.iter().map(|event| &*event.logged.text).collect();
    assert_eq!(texts, ["hello", "first", "later"]);
    assert!(log.events.iter().all(|event| event.process.0 < 2));
}

#[test]
fn an_event_says_what_its_log_says() {
    let player = played(LOG);
    let event = player.trace().get(4).unwrap();
    assert!(matches!(&event.record, Record::Logged(logged) if logged.line == 9));
    assert_eq!(event.causes().count(), 2);
}
