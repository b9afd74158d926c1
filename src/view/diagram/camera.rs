//! The visible part of the time axis: pan, zoom around a point, fit, follow the cursor.

use super::axis::{Axis, UnfoldedInterval};

/// Initial scale, in px per ns: a hop of 5 ms is 40 px wide.
pub const SCALE_FIRST: f64 = 8e-6;
/// Maximum scale: 5 px for each µs.
const SCALE_MAX: f64 = 5e-3;
/// Space before the start of the run, in px.
const MARGIN_PX: f64 = 18.0;
/// Position of the cursor while it is followed, as a fraction of the width: most of the picture shows the past.
const FOLLOW_AT: f64 = 0.8;

/// What the axis depends on.
#[derive(Clone, Copy, Debug)]
pub struct Timeline<'a> {
    /// The intervals in which something is drawn.
    pub unfolded: &'a [UnfoldedInterval],
    /// End of the recording, in ns.
    pub end_ns: u64,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Camera {
    /// Width of the picture, in px.
    pub width_px: f64,
    /// The moment at the left edge, in ns; negative before the start of the run.
    pub left_ns: f64,
    /// The scale outside folds, in px per ns.
    pub scale: f64,
    /// Whether quiet intervals are folded.
    pub folded: bool,
}

impl Default for Camera {
    fn default() -> Self {
        Camera {
            width_px: 600.0,
            left_ns: 0.0,
            scale: SCALE_FIRST,
            folded: true,
        }
    }
}

impl Camera {
    pub fn axis(&self, timeline: Timeline) -> Axis {
        if self.folded {
            Axis::folded(timeline.unfolded, timeline.end_ns, self.scale)
        } else {
            Axis::linear(self.scale)
        }
    }

    /// The moments at the left and right edges, in ns.
    pub fn window_ns(&self, axis: &Axis) -> (f64, f64) {
        let left = axis.x(self.left_ns);
        (self.left_ns, axis.t_ns(left + self.width_px))
    }

    /// Moves the content to the left by `by_px`, to show later moments.
    pub fn pan(&mut self, timeline: Timeline, by_px: f64) {
        let axis = self.axis(timeline);
        self.set_left(timeline, &axis, axis.x(self.left_ns) + by_px);
    }

    /// Multiplies the scale by `factor` and keeps the moment at `at_px` from the left edge in place.
    pub fn zoom(&mut self, timeline: Timeline, at_px: f64, factor: f64) {
        let before = self.axis(timeline);
        let held_ns = before.t_ns(before.x(self.left_ns) + at_px);
        self.scale = (self.scale * factor).clamp(self.scale_min(timeline), SCALE_MAX);
        let axis = self.axis(timeline);
        self.set_left(timeline, &axis, axis.x(held_ns) - at_px);
    }

    /// Fits the moments from `from_ns` to `to_ns` to the width.
    pub fn show(&mut self, timeline: Timeline, from_ns: f64, to_ns: f64) {
        let room_px = (self.width_px - 2.0 * MARGIN_PX).max(1.0);
        let (mut low, mut high) = (1e-15, SCALE_MAX);
        // The width increases with the scale, with or without folds, so bisection works; sixty steps exhaust the
        // precision of an f64.
        for _ in 0..60 {
            self.scale = (low * high).sqrt();
            let axis = self.axis(timeline);
            if axis.x(to_ns) - axis.x(from_ns) > room_px {
                high = self.scale;
            } else {
                low = self.scale;
            }
        }
        let axis = self.axis(timeline);
        self.set_left(timeline, &axis, axis.x(from_ns) - MARGIN_PX);
    }

    /// Fits the whole run.
    pub fn show_all(&mut self, timeline: Timeline) {
        self.show(timeline, 0.0, (timeline.end_ns as f64).max(1.0));
    }

    /// Unfolding keeps the same moments visible; folding restores the initial view.
    pub fn fold(&mut self, timeline: Timeline, folded: bool) {
        if folded == self.folded {
            return;
        }
        let axis = self.axis(timeline);
        let (from_ns, to_ns) = self.window_ns(&axis);
        self.folded = folded;
        if folded {
            self.scale = SCALE_FIRST;
            let axis = self.axis(timeline);
            let middle = axis.x((from_ns + to_ns) / 2.0);
            self.set_left(timeline, &axis, middle - self.width_px / 2.0);
        } else {
            self.show(
                timeline,
                from_ns.max(0.0),
                to_ns.min(timeline.end_ns as f64),
            );
        }
    }

    /// Keeps the cursor at `FOLLOW_AT`.
    pub fn follow(&mut self, timeline: Timeline, now_ns: f64) {
        let axis = self.axis(timeline);
        let left = axis.x(now_ns) - self.width_px * FOLLOW_AT;
        self.set_left(timeline, &axis, left.max(-MARGIN_PX));
    }

    /// Scrolls as little as necessary to make a moment visible.
    pub fn reveal(&mut self, timeline: Timeline, t_ns: f64) {
        let axis = self.axis(timeline);
        let (left, x) = (axis.x(self.left_ns), axis.x(t_ns));
        let (near, far) = (x - self.width_px + 2.0 * MARGIN_PX, x - 2.0 * MARGIN_PX);
        self.set_left(timeline, &axis, left.clamp(near.min(far), far));
    }

    /// Sets the left edge, within bounds: slightly before the start of the run at the earliest, and with the end still
    /// visible at the latest.
    fn set_left(&mut self, timeline: Timeline, axis: &Axis, left_px: f64) {
        let end = axis.x(timeline.end_ns as f64);
        let last = (end - self.width_px * (1.0 - FOLLOW_AT)).max(-MARGIN_PX);
        self.left_ns = axis.t_ns(left_px.clamp(-MARGIN_PX, last));
    }

    /// Minimum scale: the whole run in a quarter of the width.
    fn scale_min(&self, timeline: Timeline) -> f64 {
        self.width_px / 4.0 / (timeline.end_ns as f64).max(1e6)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MS: u64 = 1_000_000;

    fn interval(from_ms: u64, to_ms: u64) -> UnfoldedInterval {
        UnfoldedInterval {
            from_ns: from_ms * MS,
            to_ns: to_ms * MS,
        }
    }

    fn with_course(check: impl Fn(Timeline)) {
        let unfolded: Vec<UnfoldedInterval> =
            (0..50).map(|i| interval(i * 700, i * 700 + 12)).collect();
        check(Timeline {
            unfolded: &unfolded,
            end_ns: 40_000 * MS,
        });
    }

    #[test]
    fn zooming_holds_the_moment_under_the_pointer() {
        with_course(|timeline| {
            let mut camera = Camera::default();
            camera.pan(timeline, 900.0);
            let axis = camera.axis(timeline);
            let held_ns = axis.t_ns(axis.x(camera.left_ns) + 250.0);
            for factor in [1.3, 4.0, 0.5, 0.2] {
                camera.zoom(timeline, 250.0, factor);
                let axis = camera.axis(timeline);
                let x = axis.x(held_ns) - axis.x(camera.left_ns);
                assert!((x - 250.0).abs() < 1e-3, "{x} after {factor}");
            }
        });
    }

    #[test]
    fn panning_moves_by_pixels_and_stops_at_the_ends() {
        with_course(|timeline| {
            let mut camera = Camera::default();
            camera.pan(timeline, 300.0);
            let axis = camera.axis(timeline);
            let left = axis.x(camera.left_ns);
            camera.pan(timeline, 40.0);
            assert!((axis.x(camera.left_ns) - left - 40.0).abs() < 1e-6);
            camera.pan(timeline, -1e9);
            assert!((axis.x(camera.left_ns) + MARGIN_PX).abs() < 1e-6);
            camera.pan(timeline, 1e9);
            let (left_ns, right_ns) = camera.window_ns(&axis);
            assert!(left_ns < timeline.end_ns as f64 && right_ns > timeline.end_ns as f64);
        });
    }

    #[test]
    fn the_whole_run_fits_folded_or_not() {
        with_course(|timeline| {
            for folded in [true, false] {
                let mut camera = Camera {
                    folded,
                    ..Camera::default()
                };
                camera.show_all(timeline);
                let axis = camera.axis(timeline);
                let (left_ns, right_ns) = camera.window_ns(&axis);
                assert!(left_ns <= 0.0 && right_ns >= timeline.end_ns as f64);
                let drawn = axis.x(timeline.end_ns as f64);
                assert!(drawn > 0.9 * camera.width_px - 40.0, "{drawn}");
            }
        });
    }

    #[test]
    fn following_keeps_the_cursor_in_sight_and_the_begin_at_the_left() {
        with_course(|timeline| {
            let mut camera = Camera::default();
            for ms in [0, 5, 700, 12_345, 40_000] {
                let now_ns = (ms * MS) as f64;
                camera.follow(timeline, now_ns);
                let axis = camera.axis(timeline);
                let x = axis.x(now_ns) - axis.x(camera.left_ns);
                assert!(
                    (0.0..=0.8 * camera.width_px + 1e-6).contains(&x),
                    "{ms}: {x}"
                );
            }
        });
    }

    #[test]
    fn revealing_moves_only_what_is_out_of_sight() {
        with_course(|timeline| {
            let mut camera = Camera::default();
            camera.follow(timeline, 7e9);
            let before = camera.clone();
            let axis = camera.axis(timeline);
            camera.reveal(timeline, axis.t_ns(axis.x(camera.left_ns) + 300.0));
            assert_eq!(camera, before);
            camera.reveal(timeline, 30e9);
            let (from_ns, to_ns) = camera.window_ns(&camera.axis(timeline));
            assert!(from_ns < 30e9 && to_ns > 30e9);
        });
    }
}
