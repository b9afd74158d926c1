//! Which entries of a vector clock fit into the available space.

use crate::stage::{ClockCell, ClockStrip};

/// A vector clock, as far as there is space. Which processes get a column depends only on the space and the width of an
/// entry, so that all cards show the same columns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Folded {
    /// The first entries.
    pub first: Vec<ClockCell>,
    /// Number of entries without a column; 0 if all fit.
    pub folded: usize,
    /// Whether one of them was raised.
    pub raised: bool,
    /// The process's own entry, in the last column, if it is one of them.
    pub own: Option<ClockCell>,
}

/// Folds a clock into `room` CSS pixels.
pub fn fold_strip(clock: &ClockStrip, room: f64) -> Folded {
    let cells = &clock.cells;
    let width = cell_width(clock.digits);
    let columns = ((room - FOLD_WIDTH) / width - 1.0).max(0.0) as usize;
    if cells.len() as f64 * width - CELL_SPACE <= room || columns >= cells.len() {
        return Folded {
            first: cells.clone(),
            folded: 0,
            raised: false,
            own: None,
        };
    }
    let (first, rest) = cells.split_at(columns);
    Folded {
        first: first.to_vec(),
        folded: rest.len(),
        raised: rest.iter().any(|cell| cell.raised && !cell.own),
        own: rest.iter().find(|cell| cell.own).copied(),
    }
}

/// Space between two entries, and width of "+999", in CSS pixels.
const CELL_SPACE: f64 = 2.0;
const FOLD_WIDTH: f64 = 26.0;

/// The width of an entry including the gap after it; must match `style/strip.css`.
fn cell_width(digits: u32) -> f64 {
    (f64::from(digits) * 6.1 + 4.0).max(17.0) + CELL_SPACE
}
