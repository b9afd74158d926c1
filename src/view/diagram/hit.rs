//! Hit testing: what is at a point of the picture.

use super::picture::{EventMark, Picture, UnmarkedRun};

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Hit<'a> {
    /// A mark of one or several events.
    EventMark(&'a EventMark),
    /// Events without marks of their own.
    UnmarkedRun(&'a UnmarkedRun),
}

/// The nearest object within `reach_px`; marks take priority over runs.
pub fn at(picture: &Picture, x: f64, y: f64, reach_px: f64) -> Option<Hit<'_>> {
    let marks = picture.selected.iter().chain(&picture.marks);
    let marks = marks.filter(|mark| mark.seq != u32::MAX);
    let mark = marks
        .map(|mark| (distance(mark.x - x, mark.y - y), mark))
        .filter(|(distance, _)| *distance <= reach_px)
        .min_by(|(a, _), (b, _)| a.total_cmp(b));
    if let Some((_, mark)) = mark {
        return Some(Hit::EventMark(mark));
    }
    let runs = picture.runs.iter();
    let run = runs
        .map(|run| {
            let beside = (run.from_x - x).max(x - run.to_x).max(0.0);
            (distance(beside, run.y - y), run)
        })
        .filter(|(distance, _)| *distance <= reach_px / 2.0)
        .min_by(|(a, _), (b, _)| a.total_cmp(b));
    run.map(|(_, run)| Hit::UnmarkedRun(run))
}

fn distance(x: f64, y: f64) -> f64 {
    (x * x + y * y).sqrt()
}
