//! Places nodes column by column, then row by row.

use super::{Arrangement, Density, NARROW, PlacedNode, Rect, Request};

const FULL_WIDTH: f64 = 178.0;
const FULL_WIDTH_MAX: f64 = 232.0;
/// Full cards are higher if there is space, and lower if one more row fits that way.
const FULL_HEIGHT_MIN: f64 = 92.0;
const FULL_HEIGHT: f64 = 104.0;
/// For phones, where few cards have much height.
const FULL_HEIGHT_PHONE: f64 = 120.0;
const ROW_GAP_PHONE: f64 = 40.0;
const COMPACT_WIDTH: f64 = 106.0;
const COMPACT_WIDTH_MAX: f64 = 190.0;
const COMPACT_HEIGHT: f64 = 64.0;
const COMPACT_GAP: f64 = 6.0;
const CELL: f64 = 28.0;
const CELL_MAX: f64 = 60.0;
const GAP: f64 = 8.0;
const ROW_GAP: f64 = 6.0;
const CELL_GAP: f64 = 3.0;
/// Minimum space between columns for links, in pixels.
const LINK_ROOM: f64 = 64.0;

/// An arrangement under construction.
pub(super) struct Plan<'a> {
    request: &'a Request<'a>,
    pad: f64,
    placed: Vec<PlacedNode>,
    detailed_max: usize,
    vacated: Vec<Rect>,
}

impl<'a> Plan<'a> {
    pub(super) fn new(request: &'a Request<'a>) -> Self {
        let nowhere = PlacedNode {
            rect: Rect::default(),
            density: Density::Cell,
        };
        Plan {
            request,
            pad: if request.width < NARROW { 8.0 } else { 12.0 },
            placed: vec![nowhere; request.roles.len()],
            detailed_max: 0,
            vacated: Vec::new(),
        }
    }

    fn inner_height(&self) -> f64 {
        self.request.height - 2.0 * self.pad
    }

    fn place_node(&mut self, at: usize, density: Density, x: f64, y: f64, width: f64, height: f64) {
        self.placed[at] = PlacedNode {
            rect: Rect {
                x,
                y,
                width,
                height,
            },
            density,
        };
    }

    /// System at the left, coordinators above recovery in the next column, executors at the right, all as full cards.
    /// Returns whether they fit.
    pub(super) fn spread(&mut self, core: &[usize], executors: &[usize]) -> bool {
        let room = self.request.width - 2.0 * self.pad;
        let (first, others) = match core.split_first() {
            Some(split) => split,
            None => return false,
        };
        let rows_max = rows_that_fit(self.inner_height());
        let columns = executors.len().div_ceil(rows_max).max(1);
        let grid_min = columns as f64 * (FULL_WIDTH + GAP) - GAP;
        let spare = room - 2.0 * FULL_WIDTH - grid_min - 2.0 * LINK_ROOM;
        if spare < 0.0 || others.len() > rows_max {
            return false;
        }
        let wider = (spare * 0.35 / (columns + 2) as f64).min(FULL_WIDTH_MAX - FULL_WIDTH);
        let width = FULL_WIDTH + wider;
        let grid_width = columns as f64 * (width + GAP) - GAP;
        // Links need space, but not too much: on a wide stage the nodes stay together in the middle.
        let gap = ((room - 2.0 * width - grid_width) / 2.0).min(190.0);
        let left = self.pad + (room - 2.0 * width - grid_width - 2.0 * gap) / 2.0;
        self.column(others, left + width + gap, width, 0.44);
        let y = (self.request.height - FULL_HEIGHT) / 2.0;
        self.place_node(*first, Density::Full, left, y, width, FULL_HEIGHT);
        let rows = executors.len().div_ceil(columns).max(1);
        for (column, members) in executors.chunks(rows).enumerate() {
            let x = left + 2.0 * (width + gap) + column as f64 * (width + GAP);
            self.column(members, x, width, 0.14);
        }
        true
    }

    /// A centred column of full cards. Extra gaps take up to the fraction `extra_gap` of the height in total.
    fn column(&mut self, members: &[usize], x: f64, width: f64, extra_gap: f64) {
        let count = members.len() as f64;
        let height = full_height(self.inner_height(), members.len(), FULL_HEIGHT);
        let tight = count * (height + ROW_GAP) - ROW_GAP;
        let extra = (self.inner_height() - tight)
            .max(0.0)
            .min(self.inner_height() * extra_gap);
        let gap = ROW_GAP
            + if count > 1.0 {
                extra / (count - 1.0)
            } else {
                0.0
            };
        let total = count * (height + gap) - gap;
        let top = self.pad + ((self.inner_height() - total) / 2.0).max(0.0);
        for (row, &at) in members.iter().enumerate() {
            self.place_node(
                at,
                Density::Full,
                x,
                top + row as f64 * (height + gap),
                width,
                height,
            );
        }
    }

    /// All nodes that aren't executors in a column at the left; returns the remaining area.
    pub(super) fn core_stacked(&mut self, core: &[usize]) -> Rect {
        let width = FULL_WIDTH;
        self.column(core, self.pad, width, 0.3);
        let x = self.pad + width + LINK_ROOM;
        Rect {
            x,
            y: self.pad,
            width: (self.request.width - self.pad - x).max(CELL),
            height: self.inner_height(),
        }
    }

    /// All nodes that aren't executors in a row at the top, for phones; returns its lower edge.
    pub(super) fn core_across(&mut self, core: &[usize]) -> f64 {
        let columns = core.len().clamp(1, 3);
        let room = self.request.width - 2.0 * self.pad;
        let width = (room + GAP) / columns as f64 - GAP;
        let mut bottom = self.pad;
        for (number, &at) in core.iter().enumerate() {
            let x = self.pad + (number % columns) as f64 * (width + GAP);
            let y = self.pad + (number / columns) as f64 * (COMPACT_HEIGHT + GAP);
            self.place_node(at, Density::Compact, x, y, width, COMPACT_HEIGHT);
            bottom = y + COMPACT_HEIGHT;
        }
        bottom
    }

    /// The area below the top row on a phone: close to it if space is short, halfway down if there is plenty.
    pub(super) fn below(&self, top: f64, executors: usize, crowd: bool) -> Rect {
        let needed = if crowd {
            f64::MAX
        } else {
            executors.div_ceil(2) as f64 * (FULL_HEIGHT + GAP)
        };
        let spare = self.request.height - self.pad - top - needed;
        let y = top + (spare / 2.0).clamp(44.0, 110.0);
        Rect {
            x: self.pad,
            y,
            width: self.request.width - 2.0 * self.pad,
            height: (self.request.height - self.pad - y).max(0.0),
        }
    }

    pub(super) fn executors(&mut self, executors: &[usize], area: Rect, crowd: bool) {
        if crowd {
            self.cells(executors, area);
        } else if !self.grid(executors, area, Density::Full) {
            self.grid(executors, area, Density::Compact);
        }
    }

    /// Cards of one size in as few columns as fit the height. Returns whether they fit; compact cards are placed in any
    /// case, below the visible area if necessary.
    fn grid(&mut self, members: &[usize], area: Rect, density: Density) -> bool {
        let (width_min, width_max, height_min, gap) = match density {
            Density::Full => (FULL_WIDTH.min(164.0), FULL_WIDTH_MAX, FULL_HEIGHT_MIN, GAP),
            _ => (
                COMPACT_WIDTH,
                COMPACT_WIDTH_MAX,
                COMPACT_HEIGHT,
                COMPACT_GAP,
            ),
        };
        let columns_max = (((area.width + gap) / (width_min + gap)) as usize).max(1);
        let fits = (1..=columns_max).find(|&columns| {
            members.len().div_ceil(columns) as f64 * (height_min + gap) - gap <= area.height
        });
        if fits.is_none() && density == Density::Full {
            return false;
        }
        // At least two columns on a phone: one long column of wide cards would waste the width.
        let columns = fits.unwrap_or(columns_max).max(if area.width < 400.0 {
            columns_max.min(2)
        } else {
            1
        });
        let width = ((area.width + gap) / columns as f64 - gap).min(width_max);
        let rows = members.len().div_ceil(columns);
        let phone = area.x < FULL_WIDTH;
        let (height_max, gap_max) = if phone {
            (FULL_HEIGHT_PHONE, ROW_GAP_PHONE)
        } else {
            (FULL_HEIGHT, gap)
        };
        let height = match density {
            Density::Full => full_height(area.height, rows, height_max),
            _ => height_min,
        };
        let row_gap = match density {
            Density::Full => (area.height / rows as f64 - height).clamp(gap, gap_max),
            _ => gap,
        };
        let total = rows as f64 * (height + row_gap) - row_gap;
        let indent = area.width - (columns as f64 * (width + gap) - gap);
        let top =
            area.y + ((area.height - total) / 2.0).clamp(0.0, if phone { 40.0 } else { 400.0 });
        for (number, &at) in members.iter().enumerate() {
            let x = area.x + indent + (number / rows) as f64 * (width + gap);
            let y = top + (number % rows) as f64 * (height + row_gap);
            self.place_node(at, density, x, y, width, height);
        }
        true
    }

    /// A crowd: squares in a grid, with full cards for the selected executors in a column of their own.
    fn cells(&mut self, members: &[usize], area: Rect) {
        let across = area.width < 400.0;
        let lane_width = if across {
            (area.width - GAP) / 2.0
        } else {
            FULL_WIDTH
        };
        let lanes = if across { 2 } else { 1 };
        let rows = if across {
            1
        } else {
            ((area.height + GAP) / (FULL_HEIGHT_MIN + GAP)).max(1.0) as usize
        };
        let height = full_height(area.height, rows, FULL_HEIGHT);
        self.detailed_max = (lanes * rows).min(6);
        let grid = if across {
            let used = FULL_HEIGHT + 24.0;
            Rect {
                y: area.y + used,
                height: (area.height - used).max(0.0),
                ..area
            }
        } else {
            let used = lane_width + LINK_ROOM * 0.5;
            Rect {
                x: area.x + used,
                width: (area.width - used).max(CELL),
                ..area
            }
        };
        let side = cell_side(grid.width, grid.height, members.len());
        let columns = (((grid.width + CELL_GAP) / (side + CELL_GAP)) as usize).max(1);
        for (number, &at) in members.iter().enumerate() {
            let x = grid.x + (number % columns) as f64 * (side + CELL_GAP);
            let y = grid.y + (number / columns) as f64 * (side + CELL_GAP);
            self.place_node(at, Density::Cell, x, y, side, side);
        }
        let chosen = self
            .request
            .detailed
            .iter()
            .copied()
            .filter(|at| members.contains(at));
        for (number, at) in chosen
            .take(self.detailed_max)
            .collect::<Vec<_>>()
            .into_iter()
            .enumerate()
        {
            let x = area.x
                + if across {
                    number as f64 * (lane_width + GAP)
                } else {
                    0.0
                };
            let y = area.y
                + if across {
                    0.0
                } else {
                    number as f64 * (height + GAP)
                };
            // Its square stays empty, so that the others don't move whenever a card appears or disappears.
            self.vacated.push(self.placed[at].rect);
            self.place_node(at, Density::Full, x, y, lane_width, height);
        }
    }

    pub(super) fn finish(self, executors: usize) -> Arrangement {
        let bottom = self
            .placed
            .iter()
            .map(|placed| placed.rect.bottom())
            .fold(0.0, f64::max);
        Arrangement {
            height: self.request.height.max(bottom + self.pad),
            placed: self.placed,
            vacated: self.vacated,
            detailed_max: self.detailed_max,
            quiet_links: executors <= 12,
        }
    }
}

/// Number of full cards that fit in a column.
fn rows_that_fit(height: f64) -> usize {
    ((height + ROW_GAP) / (FULL_HEIGHT_MIN + ROW_GAP)).max(1.0) as usize
}

/// Height of each of `rows` full cards, at most `most`.
fn full_height(height: f64, rows: usize, most: f64) -> f64 {
    ((height + GAP) / rows.max(1) as f64 - GAP)
        .clamp(FULL_HEIGHT_MIN, most)
        .floor()
}

/// The largest square size with which all nodes fit, but at least the minimum touch target.
fn cell_side(width: f64, height: f64, count: usize) -> f64 {
    let mut side = CELL_MAX;
    while side > CELL {
        let columns = ((width + CELL_GAP) / (side + CELL_GAP)).floor().max(1.0);
        let rows = (count as f64 / columns).ceil();
        if rows * (side + CELL_GAP) <= height {
            return side;
        }
        side -= 1.0;
    }
    CELL
}
