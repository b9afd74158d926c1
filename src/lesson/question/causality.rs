//! Questions about happens-before (Lamport 1978), answered by comparing vectors (Fidge 1988, Mattern 1989).

use super::{Answer, Choice, Relation};
use crate::anchor::{Anchor, find, hits};
use triage_analysis::causality::Comparison;
use triage_engine::clock::Causality;
use triage_language::{grouped, say, tr};
use triage_playback::Player;

fn compare(player: &Player, a: u32, b: u32) -> Result<Comparison, String> {
    Comparison::of(player.trace(), player.lanes(), a, b)
        .ok_or_else(|| say("that event belongs to no process and has no clock").to_owned())
}

/// The causal chain between two events; empty if they are concurrent.
pub fn chain(player: &Player, ends: &[u32]) -> Vec<u32> {
    match ends {
        [a, b] => compare(player, *a, *b).map_or_else(|_| Vec::new(), |found| found.chain),
        _ => Vec::new(),
    }
}

/// The hits of a query that have a clock; faults and lost messages don't.
pub fn counted(player: &Player, among: &str) -> Result<Vec<u32>, String> {
    let has_clock = |seq: &u32| {
        let event = player.trace().get(*seq);
        event.is_some_and(|event| event.process().is_some())
    };
    Ok(hits(player, among)?.into_iter().filter(has_clock).collect())
}

/// The relation between event 1 and event 2.
pub fn relation(
    player: &Player,
    of: &Anchor,
    to: &Anchor,
    hint: Option<&'static str>,
) -> Result<Vec<Choice>, String> {
    let (a, b) = (find(player, of)?, find(player, to)?);
    let found = compare(player, a, b)?;
    let verdict = found.in_words(player.trace());
    let choice = |words: &str, is: Causality| {
        let right = found.causality == is;
        let why = if right {
            verdict.clone()
        } else {
            hint.unwrap_or_else(|| why_not(is, found.causality))
                .to_owned()
        };
        Choice::new(words, right, why)
    };
    Ok(vec![
        choice(say("Event 1 happened before event 2"), Causality::Before),
        choice(say("Event 2 happened before event 1"), Causality::After),
        choice(say("They are concurrent"), Causality::Concurrent),
    ])
}

/// Why a wrong answer about a relation is wrong.
fn why_not(thought: Causality, true_one: Causality) -> &'static str {
    match (thought, true_one) {
        (Causality::Concurrent, _) => say(
            "Two events are concurrent if no chain of events and messages leads from one to the other, but here there is one.",
        ),
        (_, Causality::Concurrent) => say(
            "An earlier position on the time axis is not enough: a chain of events and messages must lead from one event to the other.",
        ),
        _ => say("Follow the arrows from tail to head: the chain leads in the other direction."),
    }
}

/// The number of hits of a query that have a given relation to an event.
pub fn count(
    player: &Player,
    relation: Relation,
    to: &Anchor,
    among: &str,
) -> Result<Vec<Choice>, String> {
    let place = find(player, to)?;
    let (mut before, mut after, mut concurrent) = (0, 0, 0);
    let all = counted(player, among)?;
    for seq in all.iter().filter(|seq| **seq != place) {
        match compare(player, *seq, place)?.causality {
            Causality::Before => before += 1,
            Causality::After => after += 1,
            _ => concurrent += 1,
        }
    }
    let (right, total) = match relation {
        Relation::Before => (before, before + after + concurrent),
        Relation::After => (after, before + after + concurrent),
        Relation::Concurrent => (concurrent, before + after + concurrent),
    };
    let parts = tr!(
        "Of {total} events, {before} happened before it, {after} happened after it, and {concurrent} are concurrent with it.",
        total = grouped(total as u64),
        before = grouped(before as u64),
        after = grouped(after as u64),
        concurrent = grouped(concurrent as u64)
    );
    let mut values = vec![before, after, concurrent, total, right + 1];
    values.sort_unstable();
    values.dedup();
    let choice = |value: usize| {
        let why = if value == right {
            parts.clone()
        } else {
            let reason = match value {
                v if v == total => say("This number counts all of the events."),
                v if v == before => say("This number counts the events that happened before it."),
                v if v == after => say("This number counts the events that happened after it."),
                v if v == concurrent => {
                    say("This number counts the events that are concurrent with it.")
                }
                _ => say("This number is one too many."),
            };
            reason.to_owned()
        };
        Choice::new(grouped(value as u64), value == right, why)
    };
    Ok(values.into_iter().map(choice).collect())
}

/// Whether a clicked event has the requested relation to another one.
pub fn clicked(player: &Player, relation: Relation, to: &Anchor, seq: u32) -> Option<Answer> {
    let place = find(player, to).ok()?;
    if seq == place {
        let why = say("That is event 1 itself. Choose another one.").to_owned();
        return Some(Answer { right: false, why });
    }
    let found = match compare(player, seq, place) {
        Ok(found) => found,
        Err(why) => {
            let why = tr!("Choose another one: {why}.", why);
            return Some(Answer { right: false, why });
        }
    };
    let wanted = match relation {
        Relation::Before => Causality::Before,
        Relation::After => Causality::After,
        Relation::Concurrent => Causality::Concurrent,
    };
    let right = found.causality == wanted;
    let verdict = found.in_words(player.trace());
    let why = if right {
        verdict
    } else {
        let is = match found.causality {
            Causality::Before => say("That event happened before it."),
            Causality::After => say("That event happened after it."),
            _ => say("That event is concurrent with it."),
        };
        is.to_owned()
    };
    Some(Answer { right, why })
}
