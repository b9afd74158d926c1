//! What choosing events lights up: for each line where the past ends and where the future begins.

use triage_analysis::causality::{Comparison, Cone};
use triage_analysis::lanes::Lanes;
use triage_engine::id::ProcessIndex;
use triage_engine::trace::Trace;

/// How an event stands to the chosen one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CausalRelation {
    /// Nothing is chosen.
    NoSelection,
    /// It happened before.
    Past,
    /// It is the chosen one.
    Chosen,
    /// It happened after.
    Future,
    /// Neither.
    Concurrent,
}

/// The borders on one line, by places in the trace.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Border {
    /// Events before this place are in the past.
    pub past_to: u32,
    /// Events from this place on are in the future.
    pub future_from: u32,
}

/// What is lit.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CausalHighlight {
    /// The chosen event.
    pub chosen: Option<u32>,
    /// The event it is compared with.
    pub second: Option<u32>,
    /// One border for each process; none without a chosen event.
    pub borders: Vec<Border>,
    /// The shortest chain of events from one to the other.
    pub chain: Vec<u32>,
    /// The event that keys act on.
    pub focused: Option<u32>,
}

/// What is said of the chosen events.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CausalSummary {
    /// How many events happened before the chosen one.
    pub past: u32,
    /// How many happened after it.
    pub future: u32,
    /// How many did neither.
    pub concurrent: u32,
    /// How it stands to the second one and why, in a sentence.
    pub verdict: Option<String>,
}

impl CausalHighlight {
    /// Lights up what belongs to a chosen event, and the proof if there is a second one. Says nothing without a
    /// chosen event, nor of one outside every process.
    pub fn choose(&mut self, trace: &Trace, lanes: &Lanes) -> Option<CausalSummary> {
        self.borders.clear();
        self.chain.clear();
        let chosen = self.chosen?;
        let cone = Cone::of(trace, lanes, chosen)?;
        let processes = (0..lanes.processes()).map(|index| ProcessIndex(index as u16));
        let borders = processes.map(|process| {
            let place = |entry: u32| lanes.event(process, entry);
            Border {
                past_to: place(cone.known(process)).map_or(0, |seq| seq + 1),
                future_from: cone
                    .first_after(process)
                    .and_then(place)
                    .unwrap_or(u32::MAX),
            }
        });
        self.borders = borders.collect();
        let second = self.second;
        let comparison = second.and_then(|second| Comparison::of(trace, lanes, chosen, second));
        let verdict = comparison.as_ref().map(|found| found.in_words(trace));
        self.chain = comparison.map_or_else(Vec::new, |found| found.chain);
        Some(CausalSummary {
            past: cone.past(),
            future: cone.future(),
            concurrent: cone.concurrent(),
            verdict,
        })
    }

    /// How an event of a process stands to the chosen one.
    pub fn relation(&self, process: u16, seq: u32) -> CausalRelation {
        let Some(border) = self.borders.get(usize::from(process)) else {
            return CausalRelation::NoSelection;
        };
        if self.chosen == Some(seq) {
            CausalRelation::Chosen
        } else if seq < border.past_to {
            CausalRelation::Past
        } else if seq >= border.future_from {
            CausalRelation::Future
        } else {
            CausalRelation::Concurrent
        }
    }

    /// The next place after `seq` at which the standing of a line changes.
    pub fn next_border(&self, process: u16, seq: u32) -> u32 {
        let Some(border) = self.borders.get(usize::from(process)) else {
            return u32::MAX;
        };
        let chosen = self.chosen.unwrap_or(u32::MAX);
        let edges = [
            border.past_to,
            border.future_from,
            chosen,
            chosen.saturating_add(1),
        ];
        let after = edges.into_iter().filter(|edge| *edge > seq);
        after.min().unwrap_or(u32::MAX)
    }
}
