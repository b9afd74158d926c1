//! Causal patterns: what has one of these in its past, with none of those between, or stands beside one.

use std::rc::Rc;

use crate::bits::Bits;
use crate::causality::arrows;
use crate::lanes::Lanes;
use triage_engine::clock::Stamp;
use triage_engine::id::ProcessIndex;
use triage_engine::trace::{Event, Recorder, Trace};

/// Entries compared or kept at most: less than a second's work, and at most 64 MB.
const BUDGET: usize = 16_000_000;

/// What a pattern found.
pub struct Found {
    /// Places in the trace.
    pub set: Bits,
    /// The first event that was not looked at, because it would have taken too long.
    pub stopped_at: Option<u32>,
}

/// Counts down the work that a pass over the trace may still do.
struct Budget {
    left: usize,
    stopped_at: Option<u32>,
}

impl Budget {
    fn new() -> Budget {
        Budget {
            left: BUDGET,
            stopped_at: None,
        }
    }

    /// Pays for a step at an event; false from the first one on for which nothing is left.
    fn pay(&mut self, seq: u32, entries: usize) -> bool {
        match self.left.checked_sub(entries) {
            Some(left) if self.stopped_at.is_none() => self.left = left,
            _ => {
                self.stopped_at.get_or_insert(seq);
            }
        }
        self.stopped_at.is_none()
    }
}

/// The events that some event of `a` happened before: a stain that spreads along processes and messages.
pub fn after(trace: &Trace, a: &Bits) -> Bits {
    let mut stained = vec![false; trace.names().len()];
    let mut carried = Bits::default();
    let mut found = Bits::default();
    for (seq, event) in trace.iter() {
        let Some(process) = event.process() else {
            continue;
        };
        let here = &mut stained[process.index()];
        *here |= arrows(event).any(|(_, cause)| carried.contains(cause));
        if *here {
            found.insert(seq);
        }
        *here |= a.contains(seq);
        if *here && event.may_be_cause() {
            carried.insert(seq);
        }
    }
    found
}

/// For each process the own entries of its events in a set, smallest first.
fn entries(lanes: &Lanes, set: &Bits) -> Vec<Vec<u32>> {
    let of_lane = |index: usize| {
        let lane = lanes.of_process(ProcessIndex(index as u16));
        let numbered = lane.iter().zip(1..);
        let inside = numbered.filter(|(seq, _)| set.contains(**seq));
        inside.map(|(_, entry)| entry).collect()
    };
    (0..lanes.processes()).map(of_lane).collect()
}

/// How many events of each process are known before an event, in the order of processes: its stamp without
/// the event itself.
fn known_before(stamp: &Stamp, own: usize, processes: usize) -> Vec<u32> {
    let mut known = vec![0; processes];
    for (process, entry) in stamp.vector.entries() {
        known[process.index()] = entry;
    }
    known[own] -= 1;
    known
}

/// The events of `b` that some event of `a` happened before with no event of `c` between: after it and before
/// `b`.
///
/// Beside its vector, each process keeps how many events of every process were known to the latest events of
/// `c` in its past. An event of `a` that those knew is covered by them; one beyond is not.
pub fn after_without(trace: &Trace, lanes: &Lanes, a: &Bits, b: &Bits, c: &Bits) -> Found {
    let processes = trace.names().len();
    let of_a = entries(lanes, a);
    let mut budget = Budget::new();
    let nothing = Rc::new(vec![0; processes]);
    let mut covered: Vec<Rc<Vec<u32>>> = vec![nothing; processes];
    let mut carried: Vec<(u32, Rc<Vec<u32>>)> = Vec::new();
    let mut found = Bits::default();
    trace.stamps(0, trace.count(), &mut |seq, event, stamp| {
        let Some(process) = event.process() else {
            return;
        };
        if budget.stopped_at.is_some() {
            return;
        }
        let own = process.index();
        for theirs in received(&carried, event) {
            if budget.pay(seq, processes) {
                raise(&mut covered[own], theirs);
            }
        }
        let (is_b, is_c) = (b.contains(seq), c.contains(seq));
        if (is_b || is_c) && budget.pay(seq, processes) {
            let known = known_before(stamp, own, processes);
            let reaches = |index: usize| {
                let before = of_a[index].partition_point(|entry| *entry <= known[index]);
                let latest = before.checked_sub(1).map_or(0, |place| of_a[index][place]);
                latest > covered[own][index]
            };
            if is_b && (0..processes).any(reaches) {
                found.insert(seq);
            }
            if is_c {
                raise(&mut covered[own], &known);
            }
        }
        if event.may_be_cause() {
            carried.push((seq, Rc::clone(&covered[own])));
        }
    });
    Found {
        set: found,
        stopped_at: budget.stopped_at,
    }
}

fn received<'a>(
    carried: &'a [(u32, Rc<Vec<u32>>)],
    event: &'a Event,
) -> impl Iterator<Item = &'a Rc<Vec<u32>>> {
    arrows(event).filter_map(|(_, cause)| {
        let place = carried.binary_search_by_key(&cause, |(seq, _)| *seq).ok()?;
        carried.get(place).map(|(_, covered)| covered)
    })
}

fn raise(mine: &mut Rc<Vec<u32>>, theirs: &[u32]) {
    if mine.iter().zip(theirs).any(|(mine, theirs)| mine < theirs) {
        for (mine, theirs) in Rc::make_mut(mine).iter_mut().zip(theirs) {
            *mine = (*mine).max(*theirs);
        }
    }
}

/// The events of `b` that are concurrent with some event of `a`.
///
/// Of the events of `a` in one process that an event does not know, the first knows the least: if that one
/// does not know the event either, they are concurrent, and else none of the later ones is.
pub fn beside(trace: &Trace, lanes: &Lanes, a: &Bits, b: &Bits) -> Found {
    let processes = trace.names().len();
    let of_b = entries(lanes, b);
    let (mut to_keep, mut to_compare) = (Budget::new(), Budget::new());
    let columns: Vec<usize> = (0..processes)
        .filter(|index| !of_b[*index].is_empty())
        .collect();
    // By process: own entries of its events of `a`, and what each knows of the processes with events of `b`.
    let mut rows: Vec<(Vec<u32>, Vec<u32>)> = vec![Default::default(); processes];
    trace.stamps(0, trace.count(), &mut |seq, event, stamp| {
        if let Some(process) = event.process()
            && a.contains(seq)
            && to_keep.pay(seq, columns.len() + 1)
        {
            let known = known_before(stamp, process.index(), processes);
            let (own, knows) = &mut rows[process.index()];
            own.push(known[process.index()] + 1);
            knows.extend(columns.iter().map(|index| known[*index]));
        }
    });
    let mut found = Bits::default();
    trace.stamps(0, trace.count(), &mut |seq, event, stamp| {
        let Some(process) = event.process() else {
            return;
        };
        if !b.contains(seq) || !to_compare.pay(seq, processes) {
            return;
        }
        let Ok(column) = columns.binary_search(&process.index()) else {
            return;
        };
        let known = known_before(stamp, process.index(), processes);
        let entry = known[process.index()] + 1;
        let is_beside = |index: usize| {
            let (own, knows) = &rows[index];
            let unknown = own.partition_point(|other| *other <= known[index]);
            let row = knows.chunks_exact(columns.len()).nth(unknown);
            index != process.index() && row.is_some_and(|row| row[column] < entry)
        };
        if (0..processes).any(is_beside) {
            found.insert(seq);
        }
    });
    Found {
        set: found,
        stopped_at: to_keep.stopped_at.or(to_compare.stopped_at),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn once_the_budget_is_spent_nothing_more_is_looked_at() {
        let mut budget = Budget::new();
        assert!(budget.pay(7, BUDGET - 1));
        assert!(!budget.pay(8, 2), "more than is left");
        assert!(!budget.pay(9, 0), "though it would cost nothing");
        assert_eq!(budget.stopped_at, Some(8), "the first one");
    }
}
