//! Everything behind the events: bands, folds, process lines, the axis.

use super::appearance;
use super::causal_highlight::{Border, CausalHighlight};
use super::picture::{Band, BandLayer, FoldMark, LineSegment, LineStyle, Paint, Picture, Tick};
use super::process_states::{ProcessState, StateSpan};
use super::scene::Scene;
use crate::format;
use triage_engine::record::FaultKind;
use triage_language::language;

/// Half the height of a band along a line, in px.
const ALONG_PX: f64 = 3.5;
/// Minimum distance between two ticks on the axis, in px.
const TICK_PX: f64 = 76.0;
/// Approximate width of a character on the axis, in px.
const LETTER_PX: f64 = 5.4;

pub fn draw(scene: &Scene, picture: &mut Picture) {
    emergencies(scene, picture);
    folds(scene, picture);
    for process in 0..scene.middles.len() as u16 {
        let Some(y) = scene.y(process).filter(|y| scene.contains_y(*y)) else {
            continue;
        };
        let spans = scene.index.process_states().spans().iter();
        let own: Vec<StateSpan> = spans
            .filter(|span| span.process == process)
            .copied()
            .collect();
        along(scene, picture, &own, y);
        process_line(scene, picture, process, &own, y);
        causal_segments(scene, picture, process, y);
    }
    ticks(scene, picture);
    picture.now_x = scene.x(scene.now_ns);
    picture.now = format::clock_ns(scene.now_ns);
}

/// A time interval in px, clipped to the picture; `None` if nothing of it is visible.
fn visible(scene: &Scene, from_ns: u64, to_ns: u64) -> Option<(f64, f64)> {
    let from = scene.x(from_ns).max(-20.0);
    let to = scene.x(to_ns.min(scene.end_ns)).min(scene.width_px + 20.0);
    (to > from).then_some((from, to))
}

fn emergencies(scene: &Scene, picture: &mut Picture) {
    for emergency in scene.index.process_states().emergencies() {
        if let Some((from_x, to_x)) = visible(scene, emergency.from_ns, emergency.to_ns) {
            picture.bands.push(Band {
                from_x,
                to_x,
                from_y: 0.0,
                to_y: scene.height_px,
                paint: appearance::level(emergency.level),
                layer: BandLayer::Everywhere,
            });
        }
    }
}

fn folds(scene: &Scene, picture: &mut Picture) {
    let left = scene.left_px;
    for fold in scene.axis.folds(left, left + scene.width_px) {
        picture.folds.push(FoldMark {
            from_x: fold.from_x - left,
            to_x: fold.to_x - left,
            length_ns: fold.length_ns,
        });
    }
}

fn along(scene: &Scene, picture: &mut Picture, own: &[StateSpan], y: f64) {
    for span in own {
        let paint = match span.state {
            ProcessState::Suspected => Paint::MEDIUM,
            ProcessState::Failed => Paint::CRITICAL,
            ProcessState::Mode(level) => appearance::level(level),
            ProcessState::Absent | ProcessState::Fault(_) | ProcessState::Removed => continue,
        };
        let Some((from_x, to_x)) = visible(scene, span.from_ns, span.to_ns) else {
            continue;
        };
        // Recovery's view is drawn below the line, the level around it.
        let (above, below) = match span.state {
            ProcessState::Mode(_) => (ALONG_PX, ALONG_PX),
            _ => (-ALONG_PX, ALONG_PX + 3.0),
        };
        picture.bands.push(Band {
            from_x,
            to_x,
            from_y: y - above,
            to_y: y + below,
            paint,
            layer: BandLayer::Along,
        });
    }
}

fn process_line(scene: &Scene, picture: &mut Picture, process: u16, own: &[StateSpan], y: f64) {
    let mut edges = vec![0];
    let mut cut = |t_ns: u64| {
        let t_ns = t_ns.min(scene.end_ns);
        if let Err(at) = edges.binary_search(&t_ns) {
            edges.insert(at, t_ns);
        }
    };
    cut(scene.now_ns);
    cut(scene.end_ns);
    for span in own {
        cut(span.from_ns);
        cut(span.to_ns);
    }
    let last_ns = last_event_ns(scene, process);
    for pair in edges.windows(2) {
        let (from_ns, mut to_ns) = (pair[0], pair[1]);
        let holds = |state: ProcessState| {
            let mut spans = own.iter();
            spans.any(|span| span.state == state && span.from_ns <= from_ns && span.to_ns > from_ns)
        };
        if holds(ProcessState::Absent) {
            continue;
        }
        if holds(ProcessState::Removed) {
            // It keeps running until the message about its removal arrives.
            to_ns = to_ns.min(last_ns);
        }
        let style = if holds(ProcessState::Fault(FaultKind::Crash))
            || holds(ProcessState::Fault(FaultKind::Hang))
        {
            LineStyle::Dotted
        } else if holds(ProcessState::Fault(FaultKind::Partition))
            || holds(ProcessState::Fault(FaultKind::Split))
        {
            LineStyle::Dashed
        } else {
            LineStyle::Alive
        };
        if let Some((from_x, to_x)) = visible(scene, from_ns, to_ns) {
            picture.segments.push(LineSegment {
                from_x,
                to_x,
                y,
                paint: Paint::hue(process),
                style,
                ahead: from_ns >= scene.now_ns,
            });
        }
    }
}

fn last_event_ns(scene: &Scene, process: u16) -> u64 {
    let Some(line) = scene.index.line(process) else {
        return 0;
    };
    let drawn_ns = line.spots.last().map_or(0, |spot| spot.t_ns);
    let unmarked = line.unmarked.last().and_then(|seq| scene.trace.get(*seq));
    drawn_ns.max(unmarked.map_or(0, |event| event.t_ns))
}

/// Highlights the parts of a line in the causal past and future of the selected event.
fn causal_segments(scene: &Scene, picture: &mut Picture, process: u16, y: f64) {
    let CausalHighlight { borders, .. } = scene.highlight;
    let Some(Border {
        past_to,
        future_from,
    }) = borders.get(usize::from(process)).copied()
    else {
        return;
    };
    let x = |seq: u32| scene.locate(seq).map(|(x, _)| x);
    let now_x = scene.x(scene.now_ns);
    let mut push = |from_x: f64, to_x: f64, paint: Paint, ahead: bool| {
        let (from_x, to_x) = (from_x.max(-20.0), to_x.min(scene.width_px + 20.0));
        if to_x > from_x {
            picture.segments.push(LineSegment {
                from_x,
                to_x,
                y,
                paint,
                style: LineStyle::Lit,
                ahead,
            });
        }
    };
    if let Some(to_x) = past_to.checked_sub(1).and_then(x) {
        push(scene.x(0), to_x, Paint::PAST, false);
    }
    if let Some(from_x) = x(future_from) {
        push(from_x, now_x, Paint::FUTURE, false);
        push(
            from_x.max(now_x),
            scene.x(scene.end_ns),
            Paint::FUTURE,
            true,
        );
    }
}

/// Writes the start of every unfolded interval, and round moments within it, where they don't overlap other labels.
fn ticks(scene: &Scene, picture: &mut Picture) {
    let step_ns = round_step_ns(TICK_PX / scene.axis.scale());
    let width = scene.width_px;
    let folds = std::mem::take(&mut picture.folds);
    // Unfolded intervals are between two folds, before the first one and after the last one.
    let mut from_x = -TICK_PX;
    let mut free_x = -1.0_f64;
    // The next fold with a label: a tick's label must end before it.
    let mut written = 0;
    for place in 0..=folds.len() {
        let next = folds.get(place);
        let to_x = next.map_or(width + TICK_PX, |fold| fold.from_x);
        written = written.max(place);
        while written < folds.len() && folds[written].label_x().is_none() {
            written += 1;
        }
        let until_x = folds.get(written).and_then(FoldMark::label_x);
        let until_x = until_x.unwrap_or(f64::MAX);
        let mut push = |t_ns: u64, x: f64| {
            if x < free_x {
                return;
            }
            let text = moment(t_ns, step_ns);
            let end_x = x + text.chars().count() as f64 * LETTER_PX + 6.0;
            if end_x <= until_x {
                picture.ticks.push(Tick { x, text });
                free_x = end_x;
            }
        };
        if place > 0 {
            push(scene.t_ns(from_x), from_x);
        }
        let mut t_ns = scene.t_ns(from_x).next_multiple_of(step_ns);
        // No ticks after the end of the recording.
        while scene.x(t_ns) <= to_x && t_ns <= scene.end_ns {
            push(t_ns, scene.x(t_ns));
            t_ns += step_ns;
        }
        from_x = next.map_or(to_x, |fold| fold.to_x);
    }
    picture.folds = folds;
}

/// A moment, as precise as the distance between ticks requires: `6 s`, `6.5 s`, `6.512 s`, `1:06.512`.
fn moment(t_ns: u64, step_ns: u64) -> String {
    let (seconds, rest_ns) = (t_ns / 1_000_000_000, t_ns % 1_000_000_000);
    let digits = match step_ns {
        1_000_000_000.. => 0,
        100_000_000.. => 1,
        1_000_000.. => 3,
        _ => 6,
    };
    let mut text = if seconds < 60 {
        seconds.to_string()
    } else {
        let padded = (100 + seconds % 60).to_string();
        [&(seconds / 60).to_string(), ":", &padded[1..]].concat()
    };
    if digits > 0 {
        let padded = (1_000_000_000 + rest_ns).to_string();
        text.push_str(language().decimal_mark());
        text.push_str(&padded[1..=digits]);
    }
    if seconds < 60 {
        text.push_str(" s");
    }
    text
}

/// The smallest of 1, 2 or 5 times a power of ten that is at least `least_ns`.
fn round_step_ns(least_ns: f64) -> u64 {
    let mut unit_ns = 1_u64;
    while unit_ns < 1_000_000_000_000_000 {
        for step_ns in [unit_ns, 2 * unit_ns, 5 * unit_ns] {
            if step_ns as f64 >= least_ns {
                return step_ns;
            }
        }
        unit_ns *= 10;
    }
    unit_ns
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_as_exact_as_the_scale() {
        let t_ns = 6_512_345_678;
        let texts = [2_000_000_000, 500_000_000, 10_000_000, 5_000].map(|step| moment(t_ns, step));
        assert_eq!(texts, ["6 s", "6.5 s", "6.512 s", "6.512345 s"]);
        assert_eq!(moment(66_012_000_000, 10_000_000), "1:06.012");
    }

    #[test]
    fn steps_are_round() {
        for (least, step) in [(0.3, 1), (1.5, 2), (3.0, 5), (5.1, 10), (2e8, 200_000_000)] {
            assert_eq!(round_step_ns(least), step, "{least}");
        }
    }
}
