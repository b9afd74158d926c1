//! What a person wants to see: one job, what a query finds, heartbeats or not.

use std::cell::Cell;

use super::looks;
use crate::analysis::query::Query;
use crate::engine::trace::{Event, Recorder, Trace};
use crate::playback::Player;
use crate::view::log;

/// A person's choice of what is drawn.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Choice {
    /// Heartbeats and acknowledgements are drawn like other messages.
    pub heartbeats: bool,
    /// Only what is about one job, by its number.
    pub job: Option<u32>,
    /// Only what a query finds; everything when it is empty or cannot be understood.
    pub query: String,
}

/// What became of a query.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// What it is understood as, or why it is not.
    pub words: String,
    /// It was not understood.
    pub wrong: bool,
    /// How many events it finds.
    pub hits: u32,
    /// How many of them have no mark: heartbeats, events outside every process, those on hidden lines.
    pub hidden: u32,
}

/// A choice made ready for many events.
#[derive(Debug, Default)]
pub struct Filter {
    choice: Choice,
    query: Option<Query>,
    problem: Option<String>,
    /// Of a query about how events stand to each other: its hits, and how much was recorded when they were found.
    pattern: Option<(u32, Vec<u32>)>,
    hits: Cell<u32>,
}

impl Filter {
    /// Makes a choice ready.
    pub fn new(choice: &Choice) -> Filter {
        let words = choice.query.trim();
        let read = (!words.is_empty()).then(|| Query::parse(words));
        let (query, problem) = match read {
            None => (None, None),
            Some(Ok(query)) => (Some(query), None),
            Some(Err(error)) => (None, Some(error.to_string())),
        };
        Filter {
            choice: choice.clone(),
            query,
            problem,
            ..Filter::default()
        }
    }

    /// What was chosen.
    pub fn choice(&self) -> &Choice {
        &self.choice
    }

    /// Whether lines without any event of their own are left out.
    pub fn is_narrow(&self) -> bool {
        self.choice.job.is_some() || self.query.is_some()
    }

    /// Looks at the whole record again if the query cannot be answered event by event; says whether it did.
    pub fn look(&mut self, player: &Player) -> bool {
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
        let record = &event.record;
        let of_job = |job: u32| record.job().is_some_and(|id| id.0 == job);
        if !self.choice.job.is_none_or(of_job) || !self.finds(trace, seq, event) {
            return false;
        }
        self.hits.set(self.hits.get() + 1);
        event.process().is_some() && (self.choice.heartbeats || !looks::is_background(record))
    }

    fn finds(&self, trace: &Trace, seq: u32, event: &Event) -> bool {
        match (&self.query, &self.pattern) {
            (None, _) => true,
            (_, Some((_, hits))) => hits.binary_search(&seq).is_ok(),
            (Some(query), None) => query.matches(trace, seq, event, &|seq| text(trace, seq)),
        }
    }

    /// What is said of the query, when `drawn` events are on lines that are shown; nothing without a query.
    pub fn found(&self, drawn: u32) -> Option<Found> {
        let problem = self.problem.clone();
        let Some(query) = &self.query else {
            return problem.map(|words| Found {
                words,
                wrong: true,
                ..Found::default()
            });
        };
        let mut words = query.sentence();
        if let Some(note) = problem {
            words = [&words, "; ", &note].concat();
        }
        let hits = self.hits.get();
        Some(Found {
            words,
            wrong: false,
            hits,
            hidden: hits.saturating_sub(drawn),
        })
    }
}

fn text(trace: &Trace, seq: u32) -> String {
    let event = trace.get(seq);
    event.map_or_else(String::new, |event| log::sentence(trace, event))
}
