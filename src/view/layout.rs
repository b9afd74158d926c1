//! Where everything on the stage goes: pure geometry, from the room there is to rectangles and curves.
//! Knows nothing of what a node says; only what role it has and how much space a card needs.

use super::stage::{ClockCell, Role};

/// How much of a node there is room for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Density {
    /// Everything: slots, queues, clock strip.
    Full,
    /// Three short lines.
    Compact,
    /// A small square: health, mode and load.
    Cell,
}

impl Density {
    /// The word used in class names and tests.
    pub fn name(self) -> &'static str {
        match self {
            Density::Full => "full",
            Density::Compact => "compact",
            Density::Cell => "cell",
        }
    }
}

/// A rectangle in CSS pixels, origin at the top left of the stage.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Rect {
    /// Left edge.
    pub x: f64,
    /// Upper edge.
    pub y: f64,
    /// To the right.
    pub width: f64,
    /// Downwards.
    pub height: f64,
}

impl Rect {
    fn right(&self) -> f64 {
        self.x + self.width
    }

    fn bottom(&self) -> f64 {
        self.y + self.height
    }

    fn middle(&self) -> (f64, f64) {
        (self.x + self.width / 2.0, self.y + self.height / 2.0)
    }

    /// Whether two rectangles share any area.
    pub fn overlaps(&self, other: &Rect) -> bool {
        self.x < other.right()
            && other.x < self.right()
            && self.y < other.bottom()
            && other.y < self.bottom()
    }
}

/// One node in its place.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Placed {
    /// Where.
    pub rect: Rect,
    /// With how much detail.
    pub density: Density,
}

/// What has to be placed, and the room for it in CSS pixels.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    /// Room to the right.
    pub width: f64,
    /// Room downwards; more is taken when it is not enough, and the stage scrolls.
    pub height: f64,
    /// One role for each node, in the fixed process order.
    pub roles: &'a [Role],
    /// Positions in `roles` of executors that deserve a full card in a crowd, most deserving first.
    pub detailed: &'a [usize],
}

/// Every node in its place.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Arrangement {
    /// In the order of the request.
    pub placed: Vec<Placed>,
    /// The height it takes; above the height asked for, the stage scrolls.
    pub height: f64,
    /// How many crowd members get a full card.
    pub detailed_max: usize,
    /// Few enough nodes that every link can be drawn while nothing travels on it.
    pub quiet_links: bool,
}

/// Beyond this many executors the stage is a grid of cells.
const CROWD: usize = 40;
/// Below this width in pixels the stage is laid out for a phone.
const NARROW: f64 = 640.0;
const FULL_WIDTH: f64 = 178.0;
const FULL_WIDTH_MAX: f64 = 232.0;
const FULL_HEIGHT: f64 = 102.0;
const COMPACT_WIDTH: f64 = 106.0;
const COMPACT_WIDTH_MAX: f64 = 190.0;
const COMPACT_HEIGHT: f64 = 64.0;
const COMPACT_GAP: f64 = 6.0;
const CELL: f64 = 28.0;
const CELL_MAX: f64 = 60.0;
const GAP: f64 = 8.0;
const CELL_GAP: f64 = 3.0;
/// The least room between columns that links need to be seen, in pixels.
const LINK_ROOM: f64 = 64.0;

/// Finds a place for every node. Nothing overlaps and nothing leaves the width, whatever the numbers.
pub fn arrange(request: &Request) -> Arrangement {
    let executors = positions(request.roles, |role| role == Role::Executor);
    let core = positions(request.roles, |role| role != Role::Executor);
    let crowd = executors.len() > CROWD;
    let mut plan = Plan::new(request);
    if request.width < NARROW {
        let top = plan.core_across(&core);
        let area = plan.below(top, executors.len(), crowd);
        plan.executors(&executors, area, crowd);
    } else if !crowd && plan.spread(&core, &executors) {
        // The roomy picture: system, coordinators over recovery, executors.
    } else {
        let area = plan.core_stacked(&core);
        plan.executors(&executors, area, crowd);
    }
    plan.finish(executors.len())
}

fn positions(roles: &[Role], keep: impl Fn(Role) -> bool) -> Vec<usize> {
    (0..roles.len()).filter(|&at| keep(roles[at])).collect()
}

/// The work in progress: places found so far.
struct Plan<'a> {
    request: &'a Request<'a>,
    pad: f64,
    placed: Vec<Placed>,
    detailed_max: usize,
}

impl<'a> Plan<'a> {
    fn new(request: &'a Request<'a>) -> Self {
        let nowhere = Placed {
            rect: Rect::default(),
            density: Density::Cell,
        };
        Plan {
            request,
            pad: if request.width < NARROW { 8.0 } else { 16.0 },
            placed: vec![nowhere; request.roles.len()],
            detailed_max: 0,
        }
    }

    fn inner_height(&self) -> f64 {
        self.request.height - 2.0 * self.pad
    }

    fn put(&mut self, at: usize, density: Density, x: f64, y: f64, width: f64, height: f64) {
        self.placed[at] = Placed {
            rect: Rect {
                x,
                y,
                width,
                height,
            },
            density,
        };
    }

    /// System at the left, coordinators over recovery in the middle, executors at the right, all as
    /// full cards. Says whether that was possible.
    fn spread(&mut self, core: &[usize], executors: &[usize]) -> bool {
        let room = self.request.width - 2.0 * self.pad;
        let (first, others) = match core.split_first() {
            Some(split) => split,
            None => return false,
        };
        let rows_max = ((self.inner_height() + GAP) / (FULL_HEIGHT + GAP))
            .floor()
            .max(1.0) as usize;
        let columns = executors.len().div_ceil(rows_max).max(1);
        let grid_min = columns as f64 * (FULL_WIDTH + GAP) - GAP;
        let spare = room - 2.0 * FULL_WIDTH - grid_min - 2.0 * LINK_ROOM;
        if spare < 0.0 || others.len() > rows_max {
            return false;
        }
        let wider = (spare * 0.35 / (columns + 2) as f64).min(FULL_WIDTH_MAX - FULL_WIDTH);
        let width = FULL_WIDTH + wider;
        let grid_width = columns as f64 * (width + GAP) - GAP;
        // Links need room, but not oceans: on a wide stage the picture stays together in the middle.
        let gap = ((room - 2.0 * width - grid_width) / 2.0).min(190.0);
        let left = self.pad + (room - 2.0 * width - grid_width - 2.0 * gap) / 2.0;
        self.column(others, left + width + gap, width, 0.44);
        let level = others
            .first()
            .map_or(self.pad, |&at| self.placed[at].rect.y);
        self.put(*first, Density::Full, left, level, width, FULL_HEIGHT);
        let rows = executors.len().div_ceil(columns).max(1);
        for (column, members) in executors.chunks(rows).enumerate() {
            let x = left + 2.0 * (width + gap) + column as f64 * (width + GAP);
            self.column(members, x, width, 0.14);
        }
        true
    }

    /// Full cards above each other, centred, with up to `airy` of the height as extra gap in all.
    fn column(&mut self, members: &[usize], x: f64, width: f64, airy: f64) {
        let count = members.len() as f64;
        let tight = count * (FULL_HEIGHT + GAP) - GAP;
        let extra = (self.inner_height() - tight)
            .max(0.0)
            .min(self.inner_height() * airy);
        let gap = GAP
            + if count > 1.0 {
                extra / (count - 1.0)
            } else {
                0.0
            };
        let total = count * (FULL_HEIGHT + gap) - gap;
        let top = self.pad + ((self.inner_height() - total) / 2.0).max(0.0);
        for (row, &at) in members.iter().enumerate() {
            self.put(
                at,
                Density::Full,
                x,
                top + row as f64 * (FULL_HEIGHT + gap),
                width,
                FULL_HEIGHT,
            );
        }
    }

    /// All that is not an executor above each other at the left; returns the area that is left.
    fn core_stacked(&mut self, core: &[usize]) -> Rect {
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

    /// All that is not an executor as a row at the top, for phones; returns where it ends.
    fn core_across(&mut self, core: &[usize]) -> f64 {
        let columns = core.len().clamp(1, 3);
        let room = self.request.width - 2.0 * self.pad;
        let width = (room + GAP) / columns as f64 - GAP;
        let mut bottom = self.pad;
        for (number, &at) in core.iter().enumerate() {
            let x = self.pad + (number % columns) as f64 * (width + GAP);
            let y = self.pad + (number / columns) as f64 * (COMPACT_HEIGHT + GAP);
            self.put(at, Density::Compact, x, y, width, COMPACT_HEIGHT);
            bottom = y + COMPACT_HEIGHT;
        }
        bottom
    }

    /// What a phone has below the row at the top: close to it when space is short.
    fn below(&self, top: f64, executors: usize, crowd: bool) -> Rect {
        let needed = if crowd {
            f64::MAX
        } else {
            executors.div_ceil(2) as f64 * (FULL_HEIGHT + GAP)
        };
        let spare = self.request.height - self.pad - top - needed;
        let y = top + spare.clamp(44.0, 110.0);
        Rect {
            x: self.pad,
            y,
            width: self.request.width - 2.0 * self.pad,
            height: (self.request.height - self.pad - y).max(0.0),
        }
    }

    fn executors(&mut self, executors: &[usize], area: Rect, crowd: bool) {
        if crowd {
            self.cells(executors, area);
        } else if !self.grid(executors, area, Density::Full) {
            self.grid(executors, area, Density::Compact);
        }
    }

    /// Cards of one size in as few columns as fit the height. Says whether they fitted; compact cards
    /// are placed in any case, below the visible edge if they must.
    fn grid(&mut self, members: &[usize], area: Rect, density: Density) -> bool {
        let (width_min, width_max, height, gap) = match density {
            Density::Full => (FULL_WIDTH.min(164.0), FULL_WIDTH_MAX, FULL_HEIGHT, GAP),
            _ => (
                COMPACT_WIDTH,
                COMPACT_WIDTH_MAX,
                COMPACT_HEIGHT,
                COMPACT_GAP,
            ),
        };
        let columns_max = (((area.width + gap) / (width_min + gap)) as usize).max(1);
        let fits = (1..=columns_max).find(|&columns| {
            members.len().div_ceil(columns) as f64 * (height + gap) - gap <= area.height
        });
        if fits.is_none() && density == Density::Full {
            return false;
        }
        // Two columns at least on a phone: one long column of wide cards wastes the width.
        let columns = fits.unwrap_or(columns_max).max(if area.width < 400.0 {
            columns_max.min(2)
        } else {
            1
        });
        let width = ((area.width + gap) / columns as f64 - gap).min(width_max);
        let rows = members.len().div_ceil(columns);
        let total = rows as f64 * (height + gap) - gap;
        let indent = area.width - (columns as f64 * (width + gap) - gap);
        let top = area.y
            + ((area.height - total) / 2.0)
                .clamp(0.0, if area.x > FULL_WIDTH { 400.0 } else { 0.0 });
        for (number, &at) in members.iter().enumerate() {
            let x = area.x + indent + (number / rows) as f64 * (width + gap);
            let y = top + (number % rows) as f64 * (height + gap);
            self.put(at, density, x, y, width, height);
        }
        true
    }

    /// A crowd: squares in a grid, and full cards for those that deserve them in a lane of their own.
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
            ((area.height + GAP) / (FULL_HEIGHT + GAP)).max(1.0) as usize
        };
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
            self.put(at, Density::Cell, x, y, side, side);
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
                    number as f64 * (FULL_HEIGHT + GAP)
                };
            self.put(at, Density::Full, x, y, lane_width, FULL_HEIGHT);
        }
    }

    fn finish(self, executors: usize) -> Arrangement {
        let bottom = self
            .placed
            .iter()
            .map(|placed| placed.rect.bottom())
            .fold(0.0, f64::max);
        Arrangement {
            height: self.request.height.max(bottom + self.pad),
            placed: self.placed,
            detailed_max: self.detailed_max,
            quiet_links: executors <= 12,
        }
    }
}

/// The largest square that lets all members fit, never smaller than a finger-tip's least.
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

/// A cubic Bézier curve: the way of a link and of every token on it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cubic {
    /// Begin, two handles, end; each x then y, in CSS pixels.
    pub points: [(f64, f64); 4],
}

impl Cubic {
    /// The point at `t`, 0 at the begin and 1 at the end.
    pub fn at(&self, t: f64) -> (f64, f64) {
        let u = 1.0 - t;
        let weights = [u * u * u, 3.0 * u * u * t, 3.0 * u * t * t, t * t * t];
        let mut sum = (0.0, 0.0);
        for (weight, point) in weights.into_iter().zip(self.points) {
            sum.0 += weight * point.0;
            sum.1 += weight * point.1;
        }
        sum
    }

    /// The same way, walked from its end.
    pub fn reversed(mut self) -> Cubic {
        self.points.reverse();
        self
    }

    /// As the `d` of an SVG path.
    pub fn path(&self) -> String {
        let [a, b, c, d] = self.points.map(|(x, y)| (x.round(), y.round()));
        format!(
            "M{} {}C{} {} {} {} {} {}",
            a.0, a.1, b.0, b.1, c.0, c.1, d.0, d.1
        )
    }
}

/// The link between two nodes, from `a` to `b`. `shift` moves its end along the edge of `b`, in
/// pixels, so that two links to the same node can be told apart.
pub fn link(a: &Rect, b: &Rect, shift: f64) -> Cubic {
    let (a_middle, b_middle) = (a.middle(), b.middle());
    let across = (b.x - a.right()).max(a.x - b.right());
    let down = (b.y - a.bottom()).max(a.y - b.bottom());
    if across >= down {
        let rightwards = b_middle.0 >= a_middle.0;
        let from = (if rightwards { a.right() } else { a.x }, a_middle.1);
        let to = (if rightwards { b.x } else { b.right() }, b_middle.1 + shift);
        let pull = (to.0 - from.0) * 0.55;
        Cubic {
            points: [from, (from.0 + pull, from.1), (to.0 - pull, to.1), to],
        }
    } else {
        let downwards = b_middle.1 >= a_middle.1;
        let from = (a_middle.0, if downwards { a.bottom() } else { a.y });
        let to = (b_middle.0 + shift, if downwards { b.y } else { b.bottom() });
        let pull = (to.1 - from.1) * 0.55;
        Cubic {
            points: [from, (from.0, from.1 + pull), (to.0, to.1 - pull), to],
        }
    }
}

/// The entries of a clock that fit into `room` CSS pixels, and how many are folded away. The own entry
/// stays, then as many raised ones as fit, then the first of the others; all in process order.
pub fn fold_strip(cells: &[ClockCell], room: f64) -> (Vec<ClockCell>, usize) {
    let total: f64 = cells.iter().map(cell_width).sum();
    if total - CELL_SPACE <= room {
        return (cells.to_vec(), 0);
    }
    let mut left = room - FOLD_WIDTH;
    let mut kept = vec![false; cells.len()];
    for wanted in [|cell: &ClockCell| cell.own, |cell: &ClockCell| cell.raised, |_: &ClockCell| true] {
        for (at, cell) in cells.iter().enumerate() {
            let width = cell_width(cell);
            if !kept[at] && wanted(cell) && width <= left {
                kept[at] = true;
                left -= width;
            }
        }
    }
    let shown: Vec<ClockCell> = cells.iter().zip(&kept).filter(|(_, kept)| **kept).map(|(cell, _)| *cell).collect();
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

#[cfg(test)]
mod tests {
    use super::*;

    fn roles(executors: usize) -> Vec<Role> {
        let mut roles = vec![Role::System, Role::Coordinator, Role::Recovery];
        roles.extend(std::iter::repeat_n(Role::Executor, executors));
        roles
    }

    fn check(width: f64, height: f64, executors: usize) -> Arrangement {
        let roles = roles(executors);
        let detailed = [3, executors + 2, 5.min(executors + 2)];
        let request = Request {
            width,
            height,
            roles: &roles,
            detailed: &detailed,
        };
        let found = arrange(&request);
        for (at, one) in found.placed.iter().enumerate() {
            let rect = one.rect;
            assert!(
                rect.x >= 0.0 && rect.y >= 0.0,
                "{executors} in {width}x{height}: {rect:?}"
            );
            assert!(
                rect.right() <= width + 0.01,
                "{executors} in {width}x{height}: {rect:?}"
            );
            assert!(
                rect.bottom() <= found.height,
                "{executors} in {width}x{height}: {rect:?}"
            );
            assert!(
                rect.width >= 24.0 && rect.height >= 24.0,
                "too small to point at: {rect:?}"
            );
            for other in &found.placed[at + 1..] {
                assert!(
                    !rect.overlaps(&other.rect),
                    "{executors} in {width}x{height}: {rect:?} {:?}",
                    other.rect
                );
            }
        }
        found
    }

    #[test]
    fn nothing_overlaps_or_leaves_the_stage() {
        for (width, height) in [
            (856.0, 440.0),
            (374.0, 560.0),
            (344.0, 480.0),
            (1500.0, 900.0),
            (700.0, 300.0),
        ] {
            for executors in [0, 1, 2, 4, 7, 12, 13, 20, 30, 40, 41, 100, 300] {
                check(width, height, executors);
            }
        }
        check(856.0, 440.0, 1000);
        check(374.0, 560.0, 1000);
    }

    #[test]
    fn four_executors_are_full_and_fit() {
        for (width, height) in [(856.0, 450.0), (374.0, 560.0)] {
            let found = check(width, height, 4);
            assert!(
                found.placed[3..]
                    .iter()
                    .all(|one| one.density == Density::Full)
            );
            assert_eq!(found.height, height);
            assert!(found.quiet_links);
        }
    }

    #[test]
    fn thirty_executors_are_compact_and_fit_a_laptop() {
        let found = check(856.0, 450.0, 30);
        assert!(
            found.placed[3..]
                .iter()
                .all(|one| one.density == Density::Compact)
        );
        assert_eq!(found.height, 450.0);
    }

    #[test]
    fn a_crowd_shows_those_that_matter_as_cards() {
        let found = check(856.0, 450.0, 200);
        assert_eq!(found.placed[3].density, Density::Full);
        assert_eq!(found.placed[202].density, Density::Full);
        assert_eq!(found.placed[4].density, Density::Cell);
        assert!(found.detailed_max >= 2);
    }

    #[test]
    fn a_link_begins_and_ends_at_the_edges() {
        let a = Rect {
            x: 0.0,
            y: 0.0,
            width: 100.0,
            height: 50.0,
        };
        let b = Rect {
            x: 300.0,
            y: 200.0,
            width: 100.0,
            height: 50.0,
        };
        let curve = link(&a, &b, 6.0);
        assert_eq!(curve.at(0.0), (100.0, 25.0));
        assert_eq!(curve.at(1.0), (300.0, 231.0));
        assert_eq!(curve.reversed().at(0.0), (300.0, 231.0));
        let (x, y) = curve.at(0.5);
        assert!((x - 200.0).abs() < 1e-9 && (y - 128.0).abs() < 1e-9);
        assert_eq!(curve.path(), "M100 25C210 25 190 231 300 231");
    }

    #[test]
    fn a_link_to_a_node_below_leaves_downwards() {
        let a = Rect {
            x: 0.0,
            y: 0.0,
            width: 100.0,
            height: 50.0,
        };
        let b = Rect {
            x: 20.0,
            y: 200.0,
            width: 100.0,
            height: 50.0,
        };
        let curve = link(&a, &b, 0.0);
        assert_eq!(curve.at(0.0), (50.0, 50.0));
        assert_eq!(curve.at(1.0), (70.0, 200.0));
    }

    #[test]
    fn a_strip_keeps_the_own_and_the_raised_entries() {
        let cell = |process: u16| ClockCell { process, value: 12, own: process == 30, raised: process == 20 };
        let cells: Vec<ClockCell> = (0..33).map(cell).collect();
        let (shown, folded) = fold_strip(&cells, 92.0);
        let processes: Vec<u16> = shown.iter().map(|cell| cell.process).collect();
        assert_eq!(processes, [0, 20, 30]);
        assert_eq!(folded, 30);
        assert_eq!(fold_strip(&cells[..4], 92.0).1, 0);
    }
}
