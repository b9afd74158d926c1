//! Which entries of a vector clock there is room for.

use crate::stage::{ClockCell, ClockStrip};

/// A clock as far as there is room for it. Which processes have a column depends on the room and on the width of an
/// entry alone, so that the same columns stand on every card.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Folded {
    /// The first entries.
    pub first: Vec<ClockCell>,
    /// How many entries have no column; 0 when there is room for all.
    pub folded: usize,
    /// Whether one of those was raised.
    pub raised: bool,
    /// The own entry, in the last column, when it is one of those.
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

/// Between two entries, and for "+999", in CSS pixels.
const CELL_SPACE: f64 = 2.0;
const FOLD_WIDTH: f64 = 26.0;

/// How wide an entry is drawn with the space behind it; `style/strip.css` agrees.
fn cell_width(digits: u32) -> f64 {
    (f64::from(digits) * 6.1 + 4.0).max(17.0) + CELL_SPACE
}
