//! Which entries of a vector clock there is room for.

use crate::view::stage::ClockCell;

/// The entries of a clock that fit into `room` CSS pixels, and how many are folded away. The own entry
/// stays, then as many raised ones as fit, then the first of the others; all in process order.
pub fn fold_strip(cells: &[ClockCell], room: f64) -> (Vec<ClockCell>, usize) {
    let total: f64 = cells.iter().map(cell_width).sum();
    if total - CELL_SPACE <= room {
        return (cells.to_vec(), 0);
    }
    let mut left = room - FOLD_WIDTH;
    let mut kept = vec![false; cells.len()];
    for wanted in [
        |cell: &ClockCell| cell.own,
        |cell: &ClockCell| cell.raised,
        |_: &ClockCell| true,
    ] {
        for (at, cell) in cells.iter().enumerate() {
            let width = cell_width(cell);
            if !kept[at] && wanted(cell) && width <= left {
                kept[at] = true;
                left -= width;
            }
        }
    }
    let shown: Vec<ClockCell> = cells
        .iter()
        .zip(&kept)
        .filter(|(_, kept)| **kept)
        .map(|(cell, _)| *cell)
        .collect();
    let folded = cells.len() - shown.len();
    (shown, folded)
}

/// Between two entries, and for "+999" at the end, in CSS pixels.
const CELL_SPACE: f64 = 2.0;
const FOLD_WIDTH: f64 = 26.0;

/// How wide an entry is drawn with the space behind it; `style/strip.css` agrees.
fn cell_width(cell: &ClockCell) -> f64 {
    let digits = f64::from(cell.value.max(1).ilog10() + 1);
    (digits * 6.1 + 5.0).max(19.0) + CELL_SPACE
}
