//! Where alerts are: points on the earth, brought to a plane in metres.

use triage_engine::job::Location;

/// Mean radius of the earth, in m.
const EARTH_M: f64 = 6_371_000.0;

/// The middle of the points, in degrees.
pub fn middle_of(outline: &[(f64, f64)]) -> Option<(f64, f64)> {
    let count = outline.len() as f64;
    let sum = |part: fn(&(f64, f64)) -> f64| outline.iter().map(part).sum::<f64>() / count;
    (!outline.is_empty()).then(|| (sum(|point| point.0), sum(|point| point.1)))
}

/// The farthest point from the middle, in m.
pub fn reach(middle: (f64, f64), outline: &[(f64, f64)]) -> Option<f64> {
    let distances = outline.iter().map(|point| {
        let (east, north) = on_plane(middle, *point);
        libm::sqrt(east * east + north * north)
    });
    distances.reduce(f64::max).filter(|metres| *metres >= 1.0)
}

/// East and north of an origin, in m: the equirectangular projection, good enough for one region.
pub fn on_plane(origin: (f64, f64), point: (f64, f64)) -> (f64, f64) {
    let degree_m = EARTH_M * std::f64::consts::PI / 180.0;
    let east = (point.1 - origin.1) * degree_m * libm::cos(origin.0.to_radians());
    (east, (point.0 - origin.0) * degree_m)
}

/// A point of the plane, in whole metres.
pub fn location((east, north): (f64, f64)) -> Location {
    // Half around the earth is 20 million metres: it always fits.
    Location {
        x_m: east as i32,
        y_m: north as i32,
    }
}
