//! The input of a picture, and the position of each event in it.

use super::axis::Axis;
use super::causal_highlight::{CausalHighlight, CausalRelation};
use super::index::{Index, Spot};
use super::picture::Paint;
use triage_engine::trace::Trace;

/// Distance between marks of the same line and moment, in px, if there is space.
const SAME_MOMENT_GAP_PX: f64 = 8.0;

pub struct Scene<'a> {
    pub trace: &'a Trace,
    /// The drawn events.
    pub index: &'a Index,
    pub axis: Axis,
    /// The left edge of the picture, in px of the axis.
    pub left_px: f64,
    pub width_px: f64,
    pub height_px: f64,
    /// The middle of each line by process index, in px; `None` if it isn't shown.
    pub middles: Vec<Option<f64>>,
    /// Distance between two lines, in px.
    pub row_px: f64,
    pub highlight: &'a CausalHighlight,
    /// Number of events before the cursor.
    pub count: u32,
    /// The cursor, in ns.
    pub now_ns: u64,
    /// End of the recording, in ns.
    pub end_ns: u64,
    /// Messages in flight at the cursor: index of the send in the trace, and progress from 0 to 1.
    pub flights: Vec<(u32, f64)>,
}

impl Scene<'_> {
    /// The x coordinate of a moment, in px.
    pub fn x(&self, t_ns: u64) -> f64 {
        self.axis.x(t_ns as f64) - self.left_px
    }

    /// The moment at an x coordinate, in ns.
    pub fn t_ns(&self, x: f64) -> u64 {
        self.axis.t_ns(self.left_px + x).max(0.0) as u64
    }

    /// The middle of a process's line in px; `None` if it isn't shown.
    pub fn y(&self, process: u16) -> Option<f64> {
        self.middles.get(usize::from(process)).copied().flatten()
    }

    /// Whether a y coordinate is within the picture or at most one line outside it.
    pub fn contains_y(&self, y: f64) -> bool {
        y > -self.row_px && y < self.height_px + self.row_px
    }

    /// The x coordinate of a mark, in px. Marks of the same line and moment are drawn side by side in their order, as
    /// far as there is space before the next moment and no message seems to travel back in time.
    pub fn event_x(&self, spots: &[Spot], at: usize) -> f64 {
        let spot = &spots[at];
        let first = at - usize::from(spot.rank).min(at);
        let together = usize::from(spots[first].together);
        let x = self.x(spot.t_ns);
        if together < 2 {
            return x;
        }
        let next = spots.get(first + together);
        let room_px = next.map_or(f64::MAX, |next| (self.x(next.t_ns) - x) * 0.7);
        let shortest_px = self.index.shortest_ns().unwrap_or(0) as f64 * self.axis.scale() * 0.7;
        let step_px = SAME_MOMENT_GAP_PX.min(room_px.min(shortest_px) / together as f64);
        x + step_px * f64::from(spot.rank)
    }

    /// The position of an event in px: its mark, or its moment if it has none.
    pub fn locate(&self, seq: u32) -> Option<(f64, f64)> {
        let event = self.trace.get(seq)?;
        let process = event.process()?;
        let spots = &self.index.line(process.0)?.spots;
        let found = spots.binary_search_by_key(&seq, |spot| spot.seq);
        let x = found.map_or_else(|_| self.x(event.t_ns), |at| self.event_x(spots, at));
        Some((x, self.y(process.0)?))
    }

    /// The colour of a relation; `None` without a selected event.
    pub fn relation_paint(&self, relation: CausalRelation) -> Option<Paint> {
        match relation {
            CausalRelation::NoSelection => None,
            CausalRelation::Selected => Some(Paint::SELECTED),
            CausalRelation::Past => Some(Paint::PAST),
            CausalRelation::Future => Some(Paint::FUTURE),
            CausalRelation::Concurrent => Some(Paint::CONCURRENT),
        }
    }
}
