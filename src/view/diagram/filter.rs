//! What a person wants to see: one job, what a query finds, acknowledgements and heartbeats or not.

use std::cell::Cell;

use super::appearance;
use crate::log;
use triage_analysis::query::Query;
use triage_engine::message::MessageKind;
use triage_engine::record::Record;
use triage_engine::trace::{Event, Recorder, Trace};
use triage_playback::Player;

/// A person's choice of what is drawn.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FilterOptions {
    /// Acknowledgements are drawn like other messages.
    pub acknowledgements: bool,
    /// Heartbeats, their replies and gossip are drawn like other messages.
    pub heartbeats: bool,
    /// Only what is about one job, by its number.
    pub job: Option<u32>,
    /// Only what a query finds; everything when it is empty or cannot be understood.
    pub query: String,
}

impl FilterOptions {
    /// Takes over which kinds of messages are drawn, and leaves job and query alone.
    pub fn set_message_kinds(&mut self, kinds: &FilterOptions) {
        self.acknowledgements = kinds.acknowledgements;
        self.heartbeats = kinds.heartbeats;
    }

    /// Whether an event of this kind is drawn at all.
    pub fn shows(&self, record: &Record) -> bool {
        match record {
            Record::MessageSent(MessageKind::Acknowledgement, _)
            | Record::MessageReceived(MessageKind::Acknowledgement, ..) => self.acknowledgements,
            record => self.heartbeats || !appearance::is_background(record),
        }
    }
}

/// What became of a query.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct QueryResult {
    /// What it is understood as, or why it is not.
    pub text: String,
    /// It was not understood.
    pub is_error: bool,
    /// How many events it finds.
    pub hits: u32,
    /// How many of them have no mark: heartbeats, events outside every process, those on hidden lines.
    pub hidden: u32,
}

/// A choice made ready for many events.
#[derive(Debug, Default)]
pub struct Filter {
    options: FilterOptions,
    query: Option<Query>,
    problem: Option<String>,
    /// Of a query about how events stand to each other: its hits, and how much was recorded when they were found.
    pattern: Option<(u32, Vec<u32>)>,
    hits: Cell<u32>,
    /// Events that are drawn for the proof alone, in the order of the trace.
    proof: Vec<u32>,
}

impl Filter {
    /// Makes a choice ready.
    pub fn new(options: &FilterOptions) -> Filter {
        let text = options.query.trim();
        let read = (!text.is_empty()).then(|| Query::parse(text));
        let (query, problem) = match read {
            None => (None, None),
            Some(Ok(query)) => (Some(query), None),
            Some(Err(error)) => (None, Some(error.to_string())),
        };
        Filter {
            options: options.clone(),
            query,
            problem,
            ..Filter::default()
        }
    }

    /// What was chosen.
    pub fn options(&self) -> &FilterOptions {
        &self.options
    }

    /// Takes in the chain of a proof: every event of it is drawn, whatever else is left out. Says whether that changes
    /// what is drawn.
    pub fn set_proof(&mut self, trace: &Trace, chain: &[u32]) -> bool {
        let is_left_out = |seq: &u32| {
            let event = trace.get(*seq);
            event.is_some_and(|event| !self.shows(trace, *seq, event))
        };
        let proof: Vec<u32> = chain.iter().copied().filter(is_left_out).collect();
        let changed = proof != self.proof;
        self.proof = proof;
        changed
    }

    /// Whether an event is drawn for the proof alone.
    pub fn is_proof(&self, seq: u32) -> bool {
        self.proof.binary_search(&seq).is_ok()
    }

    /// Whether lines without any event of their own are left out.
    pub fn is_narrow(&self) -> bool {
        self.options.job.is_some() || self.query.is_some()
    }

    /// Looks at the whole record again if the query cannot be answered event by event; says whether it did.
    pub fn refresh_pattern(&mut self, player: &Player) -> bool {
        let trace = player.trace();
        let Some(query) = self.query.as_ref().filter(|query| query.is_pattern()) else {
            return false;
        };
        let count = trace.count();
        if self
            .pattern
            .as_ref()
            .is_some_and(|(then, _)| *then == count)
        {
            return false;
        }
        let hits = query.hits(trace, player.lanes(), &|seq| text(trace, seq));
        self.problem = hits.note;
        self.hits.set(0);
        self.pattern = Some((count, hits.seqs));
        true
    }

    /// Whether an event has a mark of its own. Every event is asked about once.
    pub fn draws(&self, trace: &Trace, seq: u32, event: &Event) -> bool {
        if self.matches_options(trace, seq, event) {
            self.hits.set(self.hits.get() + 1);
        }
        self.shows(trace, seq, event) || self.is_proof(seq)
    }

    /// Whether an event has a mark without a proof.
    fn shows(&self, trace: &Trace, seq: u32, event: &Event) -> bool {
        event.process().is_some()
            && self.options.shows(&event.record)
            && self.matches_options(trace, seq, event)
    }

    /// Whether an event is about the job and among the hits that were chosen.
    fn matches_options(&self, trace: &Trace, seq: u32, event: &Event) -> bool {
        let of_job = |job: u32| event.record.job().is_some_and(|id| id.0 == job);
        self.options.job.is_none_or(of_job) && self.finds(trace, seq, event)
    }

    fn finds(&self, trace: &Trace, seq: u32, event: &Event) -> bool {
        match (&self.query, &self.pattern) {
            (None, _) => true,
            (_, Some((_, hits))) => hits.binary_search(&seq).is_ok(),
            (Some(query), None) => query.matches(trace, seq, event, &|seq| text(trace, seq)),
        }
    }

    /// What is said of the query, when `drawn` events are on lines that are shown; nothing without a query.
    pub fn query_result(&self, drawn: u32) -> Option<QueryResult> {
        let problem = self.problem.clone();
        let Some(query) = &self.query else {
            return problem.map(|text| QueryResult {
                text,
                is_error: true,
                ..QueryResult::default()
            });
        };
        let mut text = query.sentence();
        if let Some(note) = problem {
            text = [&text, "; ", &note].concat();
        }
        let hits = self.hits.get();
        Some(QueryResult {
            text,
            is_error: false,
            hits,
            hidden: hits.saturating_sub(drawn),
        })
    }
}

fn text(trace: &Trace, seq: u32) -> String {
    let event = trace.get(seq);
    event.map_or_else(String::new, |event| log::sentence(trace, event))
}
