//! Searches for events with a query: the number of hits, then each one as a line of JSON.

use std::io::{BufWriter, Write};

use serde::Serialize;
use triage_analysis::lanes::Lanes;
use triage_analysis::query::Query;
use triage_engine::EmergencySystem;
use triage_engine::time::to_us;
use triage_view::log;

use crate::Failure;

#[derive(Serialize)]
struct Summary {
    query: String,
    count: usize,
    capped: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<String>,
}

#[derive(Serialize)]
struct Hit<'a> {
    seq: u32,
    t_us: u64,
    process: Option<&'a str>,
    kind: &'static str,
    text: String,
}

pub fn parse(words: &str) -> Result<Query, Failure> {
    let pointed = |error: triage_analysis::query::QueryError| {
        let arrow = " ".repeat(error.position);
        Failure::Message(format!("{words}\n{arrow}^\n{error}"))
    };
    Query::parse(words).map_err(pointed)
}

/// Prints how the query is understood and the number of its hits, then the hits.
pub fn find(system: &EmergencySystem, query: &Query) -> Result<(), Failure> {
    let trace = system.trace();
    let text = |seq| {
        trace
            .get(seq)
            .map_or_else(String::new, |event| log::sentence(trace, event))
    };
    let hits = query.hits(trace, &Lanes::of(trace), &text);
    let mut out = BufWriter::new(std::io::stdout().lock());
    let summary = Summary {
        query: query.sentence(),
        count: hits.seqs.len(),
        capped: hits.capped,
        note: hits.note,
    };
    print(&mut out, &summary)?;
    for seq in hits.seqs {
        let Some(event) = trace.get(seq) else {
            continue;
        };
        let process = event.process().map(|process| &**trace.name(process));
        let hit = Hit {
            seq,
            t_us: to_us(event.t_ns),
            process,
            kind: event.record.kind(),
            text: text(seq),
        };
        print(&mut out, &hit)?;
    }
    Ok(out.flush()?)
}

fn print(out: &mut dyn Write, line: &impl Serialize) -> Result<(), Failure> {
    let line = serde_json::to_string(line).map_err(std::io::Error::from)?;
    Ok(writeln!(out, "{line}")?)
}
