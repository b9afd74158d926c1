//! Moving between events with the keyboard: along a line, to a neighbouring line, along a message.

use super::index::{Index, Link, Spot};
use super::rows::Rows;
use triage_engine::trace::{Form, Trace};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// The previous event on the line.
    Back,
    /// The next event on the line.
    Forward,
    /// The first event on the line.
    First,
    /// The last event on the line.
    Last,
    /// The nearest event on the line above.
    Up,
    /// The nearest event on the line below.
    Down,
    /// From a receipt to its send.
    Cause,
    /// From a send to its receipt.
    Effect,
}

/// The event that a step leads to; `None` if there is none.
pub fn walk(trace: &Trace, index: &Index, rows: &Rows, seq: u32, step: Step) -> Option<u32> {
    let event = trace.get(seq)?;
    let process = event.process()?.0;
    let spots = &index.line(process)?.spots;
    let found = spots.binary_search_by_key(&seq, |spot| spot.seq);
    let spot = match step {
        Step::Back => spots.get(found.unwrap_or_else(|at| at).checked_sub(1)?),
        Step::Forward => spots.get(found.map_or_else(|at| at, |at| at + 1)),
        Step::First => spots.first(),
        Step::Last => spots.last(),
        Step::Up => across(index, rows, process, -1, event.t_ns),
        Step::Down => across(index, rows, process, 1, event.t_ns),
        Step::Cause => return event.cause(),
        Step::Effect => {
            return match event.form {
                Form::Send { to, .. } => received(index, (process, to.0), found.ok()?),
                _ => first_received(index, process, found.ok()?),
            };
        }
    };
    spot.map(|spot| spot.seq)
}

/// The event nearest in time on the next line in a direction that has events.
fn across<'a>(
    index: &'a Index,
    rows: &Rows,
    process: u16,
    direction: i32,
    t_ns: u64,
) -> Option<&'a Spot> {
    let mut places = direction;
    while let Some(line) = rows.neighbour(process, places) {
        let spots = &index.line(line)?.spots;
        if let Some(spot) = nearest(spots, t_ns) {
            return Some(spot);
        }
        places += direction;
    }
    None
}

/// The event on a line nearest to a moment.
pub fn nearest(spots: &[Spot], t_ns: u64) -> Option<&Spot> {
    let after = spots.partition_point(|spot| spot.t_ns < t_ns);
    let around = spots.get(after.saturating_sub(1)..(after + 1).min(spots.len()))?;
    around.iter().min_by_key(|spot| spot.t_ns.abs_diff(t_ns))
}

/// The first receipt of an event of an imported log, which doesn't name the receiver of a send.
fn first_received(index: &Index, process: u16, spot: usize) -> Option<u32> {
    let links = index.links().iter().filter(|link| link.from == process);
    let receipts = links.filter_map(|link| received(index, (process, link.to), spot));
    receipts.min()
}

fn received(index: &Index, ends: (u16, u16), spot: usize) -> Option<u32> {
    let links = index.links();
    let key = |link: &Link| (link.from, link.to);
    let link = &links[links.binary_search_by_key(&ends, key).ok()?];
    let at = link
        .arrows
        .binary_search_by_key(&(spot as u32), |arrow| arrow.from);
    let arrow = link.arrows.get(at.ok()?)?;
    let receipt = index.line(link.to)?.spots.get(arrow.to as usize)?;
    Some(receipt.seq)
}
