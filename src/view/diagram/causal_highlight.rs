//! The causal past and future of the selected event: where they end and begin on each line.

use triage_analysis::causality::{Comparison, Cone};
use triage_analysis::lanes::Lanes;
use triage_engine::id::ProcessIndex;
use triage_engine::trace::Trace;

/// Relation of an event to the selected one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CausalRelation {
    /// No event is selected.
    NoSelection,
    /// Happened before the selected event.
    Past,
    /// The selected event itself.
    Selected,
    /// Happened after the selected event.
    Future,
    /// Neither before nor after.
    Concurrent,
}

/// Limits of the past and the future on one line, as indices in the trace.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Border {
    /// Events before this index are in the past.
    pub past_to: u32,
    /// Events from this index on are in the future.
    pub future_from: u32,
}

/// The selected events and what is highlighted because of them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CausalHighlight {
    /// The selected event.
    pub selected: Option<u32>,
    /// The event that it is compared with.
    pub second: Option<u32>,
    /// One for each process; empty without a selected event.
    pub borders: Vec<Border>,
    /// The shortest causal chain between the two events.
    pub chain: Vec<u32>,
    /// The event that keyboard commands act on.
    pub focused: Option<u32>,
}

/// Text about the selected events.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CausalSummary {
    /// Number of events that happened before the selected one.
    pub past: u32,
    /// Number of events that happened after it.
    pub future: u32,
    /// Number of events that are concurrent with it.
    pub concurrent: u32,
    /// The relation of both events and its reason, in a sentence.
    pub verdict: Option<String>,
}

impl CausalHighlight {
    /// Computes the limits for the selected event, and the causal chain if there is a second one. `None` without a
    /// selected event, or if it belongs to no process.
    pub fn select(&mut self, trace: &Trace, lanes: &Lanes) -> Option<CausalSummary> {
        self.borders.clear();
        self.chain.clear();
        let selected = self.selected?;
        let cone = Cone::of(trace, lanes, selected)?;
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
        let comparison = second.and_then(|second| Comparison::of(trace, lanes, selected, second));
        let verdict = comparison.as_ref().map(|found| found.in_words(trace));
        self.chain = comparison.map_or_else(Vec::new, |found| found.chain);
        Some(CausalSummary {
            past: cone.past(),
            future: cone.future(),
            concurrent: cone.concurrent(),
            verdict,
        })
    }

    /// The relation of an event of `process` to the selected one.
    pub fn relation(&self, process: u16, seq: u32) -> CausalRelation {
        let Some(border) = self.borders.get(usize::from(process)) else {
            return CausalRelation::NoSelection;
        };
        if self.selected == Some(seq) {
            CausalRelation::Selected
        } else if seq < border.past_to {
            CausalRelation::Past
        } else if seq >= border.future_from {
            CausalRelation::Future
        } else {
            CausalRelation::Concurrent
        }
    }

    /// The next index after `seq` at which the relation changes on this line.
    pub fn next_border(&self, process: u16, seq: u32) -> u32 {
        let Some(border) = self.borders.get(usize::from(process)) else {
            return u32::MAX;
        };
        let selected = self.selected.unwrap_or(u32::MAX);
        let edges = [
            border.past_to,
            border.future_from,
            selected,
            selected.saturating_add(1),
        ];
        let after = edges.into_iter().filter(|edge| *edge > seq);
        after.min().unwrap_or(u32::MAX)
    }
}
