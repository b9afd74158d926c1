//! Anchors identify events by a query instead of a time, so a lesson stays valid if its run changes, as long as the
//! event occurs.

use super::Place;
use triage_analysis::query::Query;
use triage_language::{say, tr};
use triage_playback::Player;
use triage_view::log;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Anchor {
    /// In the query language of the log and the diagram.
    pub query: String,
    /// Which of its hits, from 1.
    pub hit: u32,
}

/// The index in the trace of an anchor's event, also after the cursor.
///
/// # Errors
/// If the query is invalid, or has too few hits in this run.
pub fn find(player: &Player, anchor: &Anchor) -> Result<u32, String> {
    let seqs = hits(player, &anchor.query)?;
    let place = (anchor.hit as usize).checked_sub(1);
    let found = place.and_then(|place| seqs.get(place)).copied();
    found.ok_or_else(|| {
        tr!(
            "this run does not have an event that matches {query}"
                | "this run does not have {n} events that match {query}" % anchor.hit,
            query = anchor.query
        )
    })
}

/// The indices of all recorded events that match a query.
///
/// # Errors
/// If the query is invalid.
pub fn hits(player: &Player, query: &str) -> Result<Vec<u32>, String> {
    let parsed = Query::parse(query).map_err(|error| format!("{query}: {error}"))?;
    let text = |seq| sentence(player, seq);
    Ok(parsed.hits(player.trace(), player.lanes(), &text).seqs)
}

/// The time of an event that [`find`] or [`hits`] returned, in ns.
pub(crate) fn time_ns(player: &Player, seq: u32) -> u64 {
    let Some(event) = player.trace().get(seq) else {
        unreachable!("a query only finds recorded events");
    };
    event.t_ns
}

/// The log's sentence about an event.
pub fn sentence(player: &Player, seq: u32) -> String {
    let trace = player.trace();
    let event = trace.get(seq);
    event.map_or_else(String::new, |event| log::sentence(trace, event))
}

/// The first event of the run's step that contains an event. A receipt and everything that its receiver does in
/// response are one step, and the cursor can't be inside a step.
fn first_of_step(player: &Player, seq: u32) -> u32 {
    let trace = player.trace();
    let Some(event) = trace.get(seq) else {
        return seq;
    };
    let same = |place: &u32| {
        trace.get(*place).is_some_and(|other| {
            let process = other.process();
            other.t_ns == event.t_ns && (process.is_none() || process == event.process())
        })
    };
    (0..seq).rev().take_while(same).last().unwrap_or(seq)
}

impl Place {
    /// The last event before the cursor at this position.
    ///
    /// # Errors
    /// As for [`find`]; also if there is no position before the first event.
    pub fn last_event(&self, player: &Player) -> Result<u32, String> {
        match self {
            Place::After(anchor) => find(player, anchor),
            Place::Before(anchor) => {
                let first = first_of_step(player, find(player, anchor)?);
                let before = first.checked_sub(1);
                before.ok_or_else(|| say("there is no event before the first one").to_owned())
            }
        }
    }
}
