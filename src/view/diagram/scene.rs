//! What a picture is made from, and where each event is in it.

use super::axis::Axis;
use super::causal_highlight::{CausalHighlight, CausalRelation};
use super::index::{Index, Spot};
use super::picture::Paint;
use triage_engine::trace::Trace;

/// Events of one line at the same moment stand this far apart where there is room, in px.
const SAME_MOMENT_GAP_PX: f64 = 8.0;

/// Everything that a picture is made from.
pub struct Scene<'a> {
    /// What happened.
    pub trace: &'a Trace,
    /// What of it is drawn.
    pub index: &'a Index,
    /// Moments to places.
    pub axis: Axis,
    /// The place of the left edge, in px of the axis.
    pub left_px: f64,
    /// The width of the picture, in px.
    pub width_px: f64,
    /// The height of the picture, in px.
    pub height_px: f64,
    /// The middle of each line by process; `None` when it is hidden.
    pub middles: Vec<Option<f64>>,
    /// The distance of two lines, in px.
    pub row_px: f64,
    /// What is lit.
    pub highlight: &'a CausalHighlight,
    /// How many events are before the cursor.
    pub count: u32,
    /// The cursor, in ns.
    pub now_ns: u64,
    /// The end of what is recorded, in ns.
    pub end_ns: u64,
    /// Messages on their way at the cursor: place of the send in the trace, and how far they are, from 0 to 1.
    pub flights: Vec<(u32, f64)>,
}

impl Scene<'_> {
    /// Where a moment is in the picture, in px.
    pub fn x(&self, t_ns: u64) -> f64 {
        self.axis.x(t_ns as f64) - self.left_px
    }

    /// Which moment is at a place, in whole ns.
    pub fn t_ns(&self, x: f64) -> u64 {
        self.axis.t_ns(self.left_px + x).max(0.0) as u64
    }

    /// The middle of a line that is shown, near enough to the picture to leave a trace in it.
    pub fn y(&self, process: u16) -> Option<f64> {
        self.middles.get(usize::from(process)).copied().flatten()
    }

    /// Whether a height is within the picture.
    pub fn contains_y(&self, y: f64) -> bool {
        y > -self.row_px && y < self.height_px + self.row_px
    }

    /// Where an event with a mark of its own is, in px. Events of a line at the same moment stand beside each
    /// other in their order, as far as there is room before the next moment and no message runs backwards.
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

    /// Where an event of the trace is, in px: its mark, or its moment when it has none.
    pub fn locate(&self, seq: u32) -> Option<(f64, f64)> {
        let event = self.trace.get(seq)?;
        let process = event.process()?;
        let spots = &self.index.line(process.0)?.spots;
        let found = spots.binary_search_by_key(&seq, |spot| spot.seq);
        let x = found.map_or_else(|_| self.x(event.t_ns), |at| self.event_x(spots, at));
        Some((x, self.y(process.0)?))
    }

    /// The colour that the chosen event gives to others; `None` without a chosen event.
    pub fn relation_paint(&self, relation: CausalRelation) -> Option<Paint> {
        match relation {
            CausalRelation::NoSelection => None,
            CausalRelation::Chosen => Some(Paint::CHOSEN),
            CausalRelation::Past => Some(Paint::PAST),
            CausalRelation::Future => Some(Paint::FUTURE),
            CausalRelation::Concurrent => Some(Paint::CONCURRENT),
        }
    }
}
