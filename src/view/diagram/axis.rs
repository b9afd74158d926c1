//! The time axis: maps moments in ns to x coordinates in px and back. Long intervals in which nothing is drawn can be
//! folded to a small width; the scale is the same everywhere outside the folds.

/// Intervals without drawn events are folded from this length, in ns: well above a message and its reply.
pub const QUIET_NS: u64 = 25_000_000;
/// Maximum width of a fold, in px: enough for its label.
const FOLD_PX: f64 = 48.0;
/// Minimum width of a fold, in px.
const FOLD_PX_MIN: f64 = 5.0;
/// A fold is at most as wide as this many ns, so that zooming out narrows the folds too and a whole run fits.
const FOLD_NS: f64 = 12_000_000.0;

/// A time interval that isn't folded, in ns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnfoldedInterval {
    pub from_ns: u64,
    /// Equal to `from_ns` for a single moment.
    pub to_ns: u64,
}

/// A folded time interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Fold {
    /// Left edge, in px of the axis.
    pub from_x: f64,
    /// Right edge, in px of the axis.
    pub to_x: f64,
    /// Its duration in ns.
    pub length_ns: u64,
}

/// A point where the slope changes.
#[derive(Clone, Copy, Debug)]
struct Knot {
    t_ns: f64,
    x: f64,
    /// From here to the next knot, in px per ns.
    slope: f64,
}

/// A monotonic, piecewise linear map from ns to px; the start of the run is at 0 px.
#[derive(Clone, Debug)]
pub struct Axis {
    knots: Vec<Knot>,
    scale: f64,
}

impl Axis {
    /// The axis of a run up to `end_ns`, at `scale` px per ns. Folds the gaps between the intervals in `unfolded`
    /// (ascending, disjoint) and the gap before `end_ns`.
    pub fn folded(unfolded: &[UnfoldedInterval], end_ns: u64, scale: f64) -> Axis {
        let mut axis = Axis::linear(scale);
        let fold_px = FOLD_PX.min((scale * FOLD_NS).max(FOLD_PX_MIN));
        let mut quiet_from_ns = 0;
        let ends = [UnfoldedInterval {
            from_ns: end_ns,
            to_ns: end_ns,
        }];
        for interval in unfolded.iter().chain(&ends) {
            let gap_ns = interval.from_ns.saturating_sub(quiet_from_ns);
            let true_px = gap_ns as f64 * scale;
            if gap_ns >= QUIET_NS && true_px > fold_px {
                axis.fold(quiet_from_ns as f64, gap_ns as f64, fold_px);
            }
            quiet_from_ns = quiet_from_ns.max(interval.to_ns);
        }
        axis
    }

    /// An axis without folds, at `scale` px per ns.
    pub fn linear(scale: f64) -> Axis {
        let knot = Knot {
            t_ns: 0.0,
            x: 0.0,
            slope: scale,
        };
        Axis {
            knots: vec![knot],
            scale,
        }
    }

    fn fold(&mut self, from_ns: f64, length_ns: f64, width_px: f64) {
        let last = &self.knots[self.knots.len() - 1];
        let x = last.x + (from_ns - last.t_ns) * last.slope;
        self.knots.push(Knot {
            t_ns: from_ns,
            x,
            slope: width_px / length_ns,
        });
        self.knots.push(Knot {
            t_ns: from_ns + length_ns,
            x: x + width_px,
            slope: self.scale,
        });
    }

    /// The x coordinate of a moment, in px.
    pub fn x(&self, t_ns: f64) -> f64 {
        let after = self.knots.partition_point(|knot| knot.t_ns <= t_ns);
        let knot = &self.knots[after.saturating_sub(1)];
        knot.x + (t_ns - knot.t_ns) * knot.slope
    }

    /// The moment at an x coordinate, in ns; negative before the start of the run.
    pub fn t_ns(&self, x: f64) -> f64 {
        let after = self.knots.partition_point(|knot| knot.x <= x);
        let knot = &self.knots[after.saturating_sub(1)];
        knot.t_ns + (x - knot.x) / knot.slope
    }

    /// The scale outside folds, in px per ns.
    pub fn scale(&self) -> f64 {
        self.scale
    }

    /// The folds that overlap `from_x..=to_x`, in order.
    pub fn folds(&self, from_x: f64, to_x: f64) -> impl Iterator<Item = Fold> {
        let first = self.knots.partition_point(|knot| knot.x < from_x);
        let pairs = self.knots[first.saturating_sub(1)..].windows(2);
        pairs
            .take_while(move |pair| pair[0].x <= to_x)
            .filter(|pair| pair[0].slope < self.scale)
            .map(|pair| Fold {
                from_x: pair[0].x,
                to_x: pair[1].x,
                length_ns: (pair[1].t_ns - pair[0].t_ns) as u64,
            })
    }
}

/// Intervals that grow as events are added. An arrow is added at its receipt, so it can extend into the past.
#[derive(Clone, Debug, Default)]
pub struct UnfoldedIntervals(Vec<UnfoldedInterval>);

impl UnfoldedIntervals {
    /// Something is drawn in this interval. `to_ns` must not decrease between calls.
    pub fn add(&mut self, from_ns: u64, to_ns: u64) {
        let mut added = UnfoldedInterval { from_ns, to_ns };
        while let Some(last) = self.0.last() {
            if last.to_ns.saturating_add(QUIET_NS) <= added.from_ns {
                break;
            }
            added.from_ns = added.from_ns.min(last.from_ns);
            added.to_ns = added.to_ns.max(last.to_ns);
            self.0.pop();
        }
        self.0.push(added);
    }

    /// All intervals, ascending and at least `QUIET_NS` apart.
    pub fn as_slice(&self) -> &[UnfoldedInterval] {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MS: u64 = 1_000_000;
    /// 6 px for each millisecond.
    const SCALE: f64 = 6e-6;

    fn some() -> UnfoldedIntervals {
        let mut unfolded = UnfoldedIntervals::default();
        for (from, to) in [(0, 0), (2_000, 2_010), (2_012, 2_013), (3_600, 3_609)] {
            unfolded.add(from * MS, to * MS);
        }
        unfolded
    }

    #[test]
    fn neighbours_join_and_an_arrow_reaches_back() {
        let mut unfolded = some();
        assert_eq!(unfolded.as_slice().len(), 3);
        assert_eq!(unfolded.as_slice()[1].to_ns, 2_013 * MS);
        unfolded.add(1_990 * MS, 3_700 * MS);
        assert_eq!(unfolded.as_slice().len(), 2);
        assert_eq!(
            unfolded.as_slice()[1],
            UnfoldedInterval {
                from_ns: 1_990 * MS,
                to_ns: 3_700 * MS
            }
        );
    }

    #[test]
    fn the_scale_is_constant_in_intervals_and_gaps_are_folded() {
        let unfolded = some();
        let axis = Axis::folded(unfolded.as_slice(), 5_000 * MS, SCALE);
        let x = |ms: u64| axis.x((ms * MS) as f64);
        assert!((x(2_010) - x(2_000) - 60.0).abs() < 1e-6);
        assert!((x(3_609) - x(3_604) - 30.0).abs() < 1e-6);
        assert!((x(3_600) - x(2_013) - FOLD_PX).abs() < 1e-6);
        let folds: Vec<Fold> = axis.folds(0.0, x(5_000)).collect();
        let lengths: Vec<u64> = folds.iter().map(|fold| fold.length_ns / MS).collect();
        assert_eq!(lengths, [2_000, 1_587, 1_391]);
        assert_eq!(axis.folds(x(2_001), x(2_009)).count(), 0);
        assert_eq!(axis.folds(x(2_001), x(2_100)).count(), 1);
    }

    #[test]
    fn order_is_kept_and_the_way_back_is_exact() {
        let unfolded = some();
        for scale in [1e-9, 1e-7, SCALE, 1e-3] {
            let axis = Axis::folded(unfolded.as_slice(), 5_000 * MS, scale);
            let mut before = f64::NEG_INFINITY;
            for ms in 0..6_000 {
                let t_ns = (ms * MS) as f64;
                let x = axis.x(t_ns);
                assert!(x > before, "{ms} ms at {scale}");
                assert!((axis.t_ns(x) - t_ns).abs() < 10.0, "{ms} ms at {scale}");
                before = x;
            }
        }
    }

    #[test]
    fn zoomed_out_far_enough_nothing_is_folded() {
        let unfolded = some();
        let axis = Axis::folded(unfolded.as_slice(), 5_000 * MS, 1e-9);
        assert_eq!(axis.folds(0.0, 10.0).count(), 0);
        assert!((axis.x(5e9) - 5.0).abs() < 1e-9);
    }
}
