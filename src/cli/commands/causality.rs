//! The causal past and future of an event, and the relation of two events.

use std::io::Write;

use serde::Serialize;
use triage_analysis::causality::{Comparison, Cone};
use triage_analysis::lanes::Lanes;
use triage_engine::EmergencySystem;
use triage_engine::clock::Causality;
use triage_engine::time::to_us;
use triage_engine::trace::{Recorder, Trace};

use crate::Failure;

#[derive(Serialize)]
struct Answer<'a> {
    event: u32,
    process: &'a str,
    kind: &'static str,
    t_us: u64,
    past: u32,
    future: u32,
    concurrent: u32,
    #[serde(flatten)]
    beside: Option<Beside>,
}

#[derive(Serialize)]
struct Beside {
    and: u32,
    relation: &'static str,
    chain: Vec<u32>,
    sentence: String,
}

/// Prints the number of events in the past and future of an event as JSON, and its relation to a second one.
pub fn causality(system: &EmergencySystem, event: u32, and: Option<u32>) -> Result<(), Failure> {
    let trace = system.trace();
    let lanes = Lanes::of(trace);
    let cone = Cone::of(trace, &lanes, event).ok_or_else(|| no_clock(trace, event))?;
    let beside = match and {
        None => None,
        Some(and) => {
            let comparison = Comparison::of(trace, &lanes, event, and);
            let comparison = comparison.ok_or_else(|| no_clock(trace, and))?;
            Some(Beside {
                and,
                relation: match comparison.causality {
                    Causality::Equal => "equal",
                    Causality::Before => "before",
                    Causality::After => "after",
                    Causality::Concurrent => "concurrent",
                },
                sentence: comparison.in_words(trace),
                chain: comparison.chain,
            })
        }
    };
    let answer = Answer {
        event,
        process: trace.name(cone.process()),
        kind: trace.get(event).map_or("", |event| event.record.kind()),
        t_us: trace.get(event).map_or(0, |event| to_us(event.t_ns)),
        past: cone.past(),
        future: cone.future(),
        concurrent: cone.concurrent(),
        beside,
    };
    let answer = serde_json::to_string(&answer).map_err(std::io::Error::from)?;
    writeln!(std::io::stdout().lock(), "{answer}")?;
    Ok(())
}

fn no_clock(trace: &Trace, seq: u32) -> Failure {
    let count = trace.count();
    Failure::Message(match trace.get(seq) {
        Some(event) => format!(
            "event {seq} is {}, an event of the environment: it has no clock, so it is in the past of no event; choose an \
             event of a process{}",
            event.record.kind(),
            neighbour(trace, seq)
        ),
        None => format!(
            "there is no event {seq}: the run has {count} events, numbered from 0 to {}; choose one of them, or run \
             further with --until",
            count.saturating_sub(1)
        ),
    })
}

/// Names the next event that has a clock, or the previous one.
fn neighbour(trace: &Trace, seq: u32) -> String {
    let has_clock = |place: &u32| {
        trace
            .get(*place)
            .is_some_and(|event| event.process().is_some())
    };
    let found = (seq..trace.count())
        .find(has_clock)
        .or_else(|| (0..seq).rev().find(has_clock));
    let Some((place, event)) = found.and_then(|place| Some((place, trace.get(place)?))) else {
        return String::new();
    };
    let process = event.process().map_or("", |process| trace.name(process));
    format!(", such as {place} ({} of {process})", event.record.kind())
}
