//! Links between nodes as curves, and points on them.

use super::Rect;

/// If the horizontal gap between two nodes is at least this, in pixels, their link connects their sides.
const SIDEWAYS: f64 = 40.0;

/// A cubic Bézier curve: the path of a link and of every message on it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cubic {
    /// Start, two control points, end; x and y in CSS pixels.
    pub points: [(f64, f64); 4],
}

impl Cubic {
    /// The point at `t`, from 0 at the start to 1 at the end.
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

    /// The same curve in the opposite direction.
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

/// The link between two nodes, from `a` to `b`. `shift` moves its end along the edge of `b`, in pixels, so that two
/// links to the same node are distinguishable.
pub fn link(a: &Rect, b: &Rect, shift: f64) -> Cubic {
    let (a_middle, b_middle) = (a.middle(), b.middle());
    let across = (b.x - a.right()).max(a.x - b.right());
    let down = (b.y - a.bottom()).max(a.y - b.bottom());
    // Sideways wherever there is space for a curve: nodes are in columns, and a curve above or below them would cross
    // their neighbours.
    if across >= down.min(SIDEWAYS) {
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
