//! Events by what they are instead of when: a lesson's anchor is a query, and holds in every version of its run in
//! which the event occurs.

use super::Place;
use triage_analysis::query::Query;
use triage_language::{say, tr};
use triage_playback::Player;
use triage_view::log;

/// One hit of a query.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Anchor {
    /// The query, as the log and the diagram take it.
    pub query: String,
    /// Which of its hits, from 1.
    pub hit: u32,
}

/// Where in the trace an anchor is, beyond the cursor too.
///
/// # Errors
/// Says that the query is none, or that this run has no such event.
pub fn find(player: &Player, anchor: &Anchor) -> Result<u32, String> {
    let seqs = hits(player, &anchor.query)?;
    let place = (anchor.hit as usize).checked_sub(1);
    let found = place.and_then(|place| seqs.get(place)).copied();
    found.ok_or_else(|| {
        tr!(
            "this run does not have an event of {query}"
                | "this run does not have {n} events of {query}" % anchor.hit,
            query = anchor.query
        )
    })
}

/// Everything that a query finds in what is recorded.
///
/// # Errors
/// Says what is wrong with the query.
pub fn hits(player: &Player, query: &str) -> Result<Vec<u32>, String> {
    let parsed = Query::parse(query).map_err(|error| format!("{query}: {error}"))?;
    let text = |seq| sentence(player, seq);
    Ok(parsed.hits(player.trace(), player.lanes(), &text).seqs)
}

/// What the log says of an event.
pub fn sentence(player: &Player, seq: u32) -> String {
    let trace = player.trace();
    let event = trace.get(seq);
    event.map_or_else(String::new, |event| log::sentence(trace, event))
}

/// The first event of what happens at once with an event: a receipt and all that its receiver makes of it are one step
/// of the run, and the cursor cannot stand between them.
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
    /// The last event before the cursor once it is there.
    ///
    /// # Errors
    /// As for [`find`]; there is no place before the first event.
    pub fn last_event(&self, player: &Player) -> Result<u32, String> {
        match self {
            Place::After(anchor) => find(player, anchor),
            Place::Before(anchor) => {
                let first = first_of_step(player, find(player, anchor)?);
                let before = first.checked_sub(1);
                before.ok_or_else(|| say("there is nothing before the first event").to_owned())
            }
        }
    }
}
