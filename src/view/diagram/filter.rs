//! Which events are drawn: all, those of one job, or those that match a query; with or without acknowledgements and
//! heartbeats.

use std::cell::Cell;

use super::appearance;
use crate::log;
use triage_analysis::query::Query;
use triage_engine::message::MessageKind;
use triage_engine::record::Record;
use triage_engine::trace::{Event, Recorder, Trace};
use triage_playback::Player;

/// The user's filter settings.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FilterOptions {
    /// Whether acknowledgements are drawn.
    pub acknowledgements: bool,
    /// Whether heartbeats, their replies and gossip are drawn.
    pub heartbeats: bool,
    /// Only events about the job with this number.
    pub job: Option<u32>,
    /// Only events that match this query; all if it is empty or invalid.
    pub query: String,
}

impl FilterOptions {
    /// Copies which kinds of messages are drawn, but not the job and the query.
    pub fn set_message_kinds(&mut self, kinds: &FilterOptions) {
        self.acknowledgements = kinds.acknowledgements;
        self.heartbeats = kinds.heartbeats;
    }

    /// Whether events of this kind are drawn at all.
    pub fn shows(&self, record: &Record) -> bool {
        match record {
            Record::MessageSent(MessageKind::Acknowledgement, _)
            | Record::MessageReceived(MessageKind::Acknowledgement, ..) => self.acknowledgements,
            record => self.heartbeats || !appearance::is_background(record),
        }
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct QueryResult {
    /// How the query is understood, or the error in it.
    pub text: String,
    /// Whether the query is invalid.
    pub is_error: bool,
    /// Number of matching events.
    pub hits: u32,
    /// Number of matching events without a mark: heartbeats, events of no process, events on hidden lines.
    pub hidden: u32,
}

/// The compiled settings.
#[derive(Debug, Default)]
pub struct Filter {
    options: FilterOptions,
    query: Option<Query>,
    problem: Option<String>,
    /// Hits of a query about relations between events, with the number of recorded events when it was evaluated.
    pattern: Option<(u32, Vec<u32>)>,
    hits: Cell<u32>,
    /// Events that are drawn only because they are in the causal chain, ascending.
    proof: Vec<u32>,
}

impl Filter {
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

    pub fn options(&self) -> &FilterOptions {
        &self.options
    }

    /// Sets the causal chain: its events are drawn even if the filter excludes them. Returns whether that changes what
    /// is drawn.
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

    /// Whether an event is drawn only because of the causal chain.
    pub fn is_proof(&self, seq: u32) -> bool {
        self.proof.binary_search(&seq).is_ok()
    }

    /// Whether lines without drawn events are left out.
    pub fn is_narrow(&self) -> bool {
        self.options.job.is_some() || self.query.is_some()
    }

    /// Evaluates the query on the whole recording again if it can't be evaluated event by event. Returns whether it
    /// did.
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

    /// Whether an event gets a mark. Must be called once for each event, because it counts the hits.
    pub fn draws(&self, trace: &Trace, seq: u32, event: &Event) -> bool {
        if self.matches_options(trace, seq, event) {
            self.hits.set(self.hits.get() + 1);
        }
        self.shows(trace, seq, event) || self.is_proof(seq)
    }

    /// Whether an event gets a mark without being in the causal chain.
    fn shows(&self, trace: &Trace, seq: u32, event: &Event) -> bool {
        event.process().is_some()
            && self.options.shows(&event.record)
            && self.matches_options(trace, seq, event)
    }

    /// Whether an event is about the chosen job and matches the query.
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

    /// The result of the query; `None` without one. `drawn` is the number of matching events on visible lines.
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
