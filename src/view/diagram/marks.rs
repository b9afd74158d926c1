//! The marks of events: one for each event where there is space, one for several where there isn't, and small ones for
//! runs of events without marks. The cost depends on the pixels, not on the number of events.

use super::appearance;
use super::causal_highlight::CausalRelation;
use super::index::{ProcessLine, Spot};
use super::picture::{EventMark, Label, Paint, Picture, Shape, UnmarkedRun};
use super::scene::Scene;

/// Marks closer than this, in px, are merged.
const CELL_PX: f64 = 4.0;
/// Runs closer than this, in px, are merged.
const RUN_PX: f64 = 9.0;
/// Approximate width of a character of a label, in px.
const LETTER_PX: f64 = 6.2;
/// More labels than this would be unreadable.
const LABELS_MAX: usize = 80;

/// Adds the marks of every visible line.
pub fn draw(scene: &Scene, picture: &mut Picture) {
    let (from_ns, to_ns) = (scene.t_ns(-12.0), scene.t_ns(scene.width_px + 12.0));
    for process in 0..scene.middles.len() as u16 {
        let seen = scene.y(process).filter(|y| scene.contains_y(*y));
        let (Some(y), Some(line)) = (seen, scene.index.line(process)) else {
            continue;
        };
        runs(scene, picture, line, y, (from_ns, to_ns));
        spots(scene, picture, process, &line.spots, y, (from_ns, to_ns));
    }
    faults(scene, picture);
    selected(scene, picture);
}

fn spots(
    scene: &Scene,
    picture: &mut Picture,
    process: u16,
    spots: &[Spot],
    y: f64,
    window_ns: (u64, u64),
) {
    let mut at = spots.partition_point(|spot| spot.t_ns < window_ns.0);
    let end = spots.partition_point(|spot| spot.t_ns <= window_ns.1);
    let mut free_x = f64::MIN;
    while at < end {
        let x = scene.event_x(spots, at);
        let past = cluster_end(scene, process, spots, (at, end), x);
        mark(scene, picture, process, &spots[at..past], (x, y));
        if past == at + 1 && picture.labels.len() < LABELS_MAX && x > free_x {
            free_x = label(scene, picture, spots[at].seq, (x, y)).unwrap_or(free_x);
        }
        at = past;
    }
}

/// The end of the group of spots, starting at `at`, that share a cell and have the same relation to the selected event.
fn cluster_end(
    scene: &Scene,
    process: u16,
    spots: &[Spot],
    (at, end): (usize, usize),
    x: f64,
) -> usize {
    let seq = spots[at].seq;
    let mut border = scene.highlight.next_border(process, seq);
    if seq < scene.count {
        border = border.min(scene.count);
    }
    let limit = end.min(spots.partition_point(|spot| spot.seq < border));
    let mut past = at + 1;
    while past < limit && scene.event_x(spots, past) < x + CELL_PX {
        past += 1;
        if past - at == 8 {
            // For a large group, find the end by time instead of one by one.
            let until_ns = scene.t_ns(x + CELL_PX);
            let crowd = spots.partition_point(|spot| spot.t_ns < until_ns);
            past = crowd.clamp(past, limit);
            break;
        }
    }
    past
}

fn mark(scene: &Scene, picture: &mut Picture, process: u16, some: &[Spot], (x, y): (f64, f64)) {
    let seq = some[0].seq;
    let Some(event) = scene.trace.get(seq) else {
        return;
    };
    let relation = scene.highlight.relation(process, seq);
    let (mut shape, mut paint) = scene.appearance(process, event);
    if some.len() > 1 {
        (shape, paint) = (Shape::Cluster, Paint::hue(process));
    }
    picture.marks.push(EventMark {
        x,
        y,
        shape,
        paint: scene.relation_paint(relation).unwrap_or(paint),
        hollow: relation == CausalRelation::Concurrent,
        ahead: seq >= scene.count,
        count: some.len() as u32,
        seq,
    });
}

/// Adds the label of a mark, if it has one. Returns the x coordinate from which there is space for the next one.
fn label(scene: &Scene, picture: &mut Picture, seq: u32, (x, y): (f64, f64)) -> Option<f64> {
    let (text, paint) = scene.label(scene.trace.get(seq)?)?;
    let width_px = width_px(&text);
    picture.labels.push(Label {
        x: x + 5.0,
        y: y - 5.0,
        text,
        paint,
        ahead: seq >= scene.count,
    });
    Some(x + width_px + 8.0)
}

/// Approximate width of a text; counts characters, not bytes.
fn width_px(text: &str) -> f64 {
    text.chars().count() as f64 * LETTER_PX
}

fn runs(scene: &Scene, picture: &mut Picture, line: &ProcessLine, y: f64, window_ns: (u64, u64)) {
    let unmarked = &line.unmarked;
    let t_ns = |seq: u32| scene.trace.get(seq).map_or(u64::MAX, |event| event.t_ns);
    let mut at = unmarked.partition_point(|seq| t_ns(*seq) < window_ns.0);
    let end = unmarked.partition_point(|seq| t_ns(*seq) <= window_ns.1);
    while at < end {
        let first = at;
        let from_x = scene.x(t_ns(unmarked[at]));
        let mut to_x = from_x;
        loop {
            let until_ns = scene.t_ns(to_x + RUN_PX);
            let next = unmarked[..end].partition_point(|seq| t_ns(*seq) < until_ns);
            if next <= at + 1 {
                break;
            }
            at = next - 1;
            to_x = scene.x(t_ns(unmarked[at]));
        }
        at += 1;
        picture.runs.push(UnmarkedRun {
            from_x,
            to_x,
            y,
            count: (at - first) as u32,
            ahead: unmarked[first] >= scene.count,
            seq: unmarked[first],
        });
    }
}

/// Faults belong to no process. They are drawn on the line of the process that they affect.
fn faults(scene: &Scene, picture: &mut Picture) {
    for turn in scene.index.process_states().fault_changes() {
        let x = scene.x(turn.t_ns);
        let Some(y) = scene.y(turn.process).filter(|y| scene.contains_y(*y)) else {
            continue;
        };
        if !(-12.0..=scene.width_px + 12.0).contains(&x) {
            continue;
        }
        let (shape, paint, words) = appearance::fault(turn.fault, turn.begins);
        let ahead = turn.t_ns > scene.now_ns;
        picture.marks.push(EventMark {
            x,
            y,
            shape,
            paint,
            hollow: false,
            ahead,
            count: 0,
            seq: u32::MAX,
        });
        picture.labels.push(Label {
            x: x + 6.0,
            y: y - 5.0,
            text: words.to_owned(),
            paint,
            ahead,
        });
    }
}

/// Draws the selected events, the causal chain and the focused event on top.
fn selected(scene: &Scene, picture: &mut Picture) {
    let highlight = scene.highlight;
    let ends = [highlight.selected, highlight.second, highlight.focused];
    for seq in highlight
        .chain
        .iter()
        .copied()
        .chain(ends.into_iter().flatten())
    {
        let Some((x, y)) = scene.locate(seq).filter(|(_, y)| scene.contains_y(*y)) else {
            continue;
        };
        let Some((event, process)) = scene.trace.get(seq).and_then(|event| {
            let process = event.process()?;
            Some((event, process))
        }) else {
            continue;
        };
        picture.selected.push(EventMark {
            x,
            y,
            shape: scene.appearance(process.0, event).0,
            paint: Paint::SELECTED,
            hollow: highlight.selected != Some(seq) && highlight.second != Some(seq),
            ahead: seq >= scene.count,
            count: 1,
            seq,
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_letter_is_as_wide_with_its_dots_as_without() {
        assert_eq!(
            width_px("Überlauf läßt 3 µs"),
            width_px("Uberlauf lasst 3 u")
        );
        assert_eq!(width_px("φ"), LETTER_PX);
    }
}
