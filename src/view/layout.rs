//! The layout of the stage: pure geometry, from the available space to rectangles and curves. It depends only on the
//! roles of nodes and the size of cards, not on their content.

mod link;
mod plan;
mod strip;

use self::plan::Plan;
use super::stage::Role;

pub use self::link::{Cubic, link};
pub use self::strip::{Folded, fold_strip};

/// How much detail of a node is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Density {
    /// Slots, queues, clock strip.
    Full,
    /// Three short lines.
    Compact,
    /// A small square with health, level and load.
    Cell,
}

impl Density {
    /// The name in CSS classes and tests.
    pub fn name(self) -> &'static str {
        match self {
            Density::Full => "full",
            Density::Compact => "compact",
            Density::Cell => "cell",
        }
    }
}

/// A rectangle in CSS pixels; the origin is the top left corner of the stage.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Rect {
    pub x: f64,
    pub y: f64,
    pub width: f64,
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

/// One node on the stage.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PlacedNode {
    pub rect: Rect,
    pub density: Density,
}

/// The nodes to place, and the available space in CSS pixels.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    pub width: f64,
    /// If it isn't enough, the arrangement is higher and the stage scrolls.
    pub height: f64,
    /// One role for each node, in the order of process indices.
    pub roles: &'a [Role],
    /// Positions in `roles` of the executors that get a full card in a crowd, by descending priority.
    pub detailed: &'a [usize],
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Arrangement {
    /// In the order of the request.
    pub placed: Vec<PlacedNode>,
    /// In a crowd, the empty squares of executors that are shown as cards instead.
    pub vacated: Vec<Rect>,
    /// If it is more than the requested height, the stage scrolls.
    pub height: f64,
    /// Maximum number of executors in a crowd that get a full card.
    pub detailed_max: usize,
    /// Whether there are few enough nodes to draw links without messages.
    pub quiet_links: bool,
}

/// With more executors than this, the stage is a grid of cells.
const CROWD: usize = 40;
/// Below this width in pixels, the layout is for a phone.
const NARROW: f64 = 640.0;

/// Finds a place for every node. Nodes never overlap or exceed the width.
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
        // The wide layout: system, coordinators above recovery, executors.
    } else {
        let area = plan.core_stacked(&core);
        plan.executors(&executors, area, crowd);
    }
    plan.finish(executors.len())
}

fn positions(roles: &[Role], keep: impl Fn(Role) -> bool) -> Vec<usize> {
    (0..roles.len()).filter(|&at| keep(roles[at])).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stage::{ClockCell, ClockStrip};

    fn roles(coordinators: usize, executors: usize) -> Vec<Role> {
        let mut roles = vec![Role::System];
        roles.extend(std::iter::repeat_n(Role::Coordinator, coordinators));
        roles.push(Role::Recovery);
        roles.extend(std::iter::repeat_n(Role::Executor, executors));
        roles
    }

    fn check(width: f64, height: f64, executors: usize) -> Arrangement {
        check_with(1, width, height, executors)
    }

    fn check_with(coordinators: usize, width: f64, height: f64, executors: usize) -> Arrangement {
        let roles = roles(coordinators, executors);
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
                check_with(3, width, height, executors);
                check_with(8, width, height, executors);
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
    fn a_few_executors_leave_no_empty_corner() {
        let found = check(900.0, 456.0, 4);
        let middle = |at: usize| found.placed[at].rect.middle().1;
        assert_eq!(middle(0), 228.0, "the system stands halfway");
        assert!(middle(1) < 228.0 && middle(2) > 228.0);
        for executors in 3..=6 {
            let found = check(390.0, 500.0, executors);
            let last = found.placed.iter().map(|one| one.rect.bottom());
            let empty = 500.0 - last.fold(0.0, f64::max);
            assert!(empty < 120.0, "{executors}: {empty} px below the cards");
        }
    }

    #[test]
    fn five_executors_still_stand_in_one_column_on_a_laptop() {
        let found = check(868.0, 512.0, 5);
        assert!(
            found.placed[3..]
                .iter()
                .all(|one| one.rect.x == found.placed[3].rect.x)
        );
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
        assert_eq!(found.vacated.len(), 3, "a square is left for each card");
        for (hole, one) in found
            .vacated
            .iter()
            .flat_map(|hole| found.placed.iter().map(move |one| (hole, one)))
        {
            assert!(!hole.overlaps(&one.rect), "{hole:?} {:?}", one.rect);
        }
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
    fn a_strip_has_the_same_columns_whatever_it_counts() {
        let clock = |own: u16, raised: u16| {
            let cell = |process: u16| ClockCell {
                process,
                value: 12,
                own: process == own,
                raised: process == raised,
            };
            ClockStrip::new((0..33).map(cell).collect())
        };
        let folded = fold_strip(&clock(30, 20), 92.0);
        let processes = |folded: &Folded| -> Vec<u16> {
            folded.first.iter().map(|cell| cell.process).collect()
        };
        assert_eq!(processes(&folded), [0, 1]);
        assert_eq!(folded.own.map(|cell| cell.process), Some(30));
        assert!(folded.folded == 31 && folded.raised);
        let other = fold_strip(&clock(1, 0), 92.0);
        assert_eq!(processes(&other), processes(&folded));
        assert_eq!((other.folded, other.own, other.raised), (31, None, false));
        let few = ClockStrip::new(clock(1, 0).cells[..4].to_vec());
        assert_eq!(fold_strip(&few, 92.0).folded, 0);
    }
}
