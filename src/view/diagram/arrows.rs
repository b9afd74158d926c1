//! Arrows of messages: only visible links, and only one of several arrows at the same pixels.

use super::appearance;
use super::causal_highlight::CausalRelation;
use super::index::{InFlight, Link, LostMessage, Spot};
use super::picture::{EventMark, Paint, Picture, Shaft, Shape, Stroke};
use super::scene::Scene;
use triage_engine::trace::Event;

/// Approximate maximum number of arrows; beyond it they are thinned out evenly.
const ARROWS_MAX: f64 = 1_200.0;
/// Fraction of its path that a lost message is drawn.
const LOST_PART: f64 = 0.72;

/// Adds every visible arrow, then the causal chain.
pub fn draw(scene: &Scene, picture: &mut Picture) {
    let links = scene.index.links();
    let cell_px = (links.len() as f64 * scene.width_px / ARROWS_MAX).max(1.5);
    let (from_ns, to_ns) = (scene.t_ns(-12.0), scene.t_ns(scene.width_px + 12.0));
    for link in links {
        let (Some(from_y), Some(to_y)) = (scene.y(link.from), scene.y(link.to)) else {
            continue;
        };
        let above = from_y.max(to_y) < -scene.row_px;
        if above || from_y.min(to_y) > scene.height_px + scene.row_px {
            continue;
        }
        push_link(
            scene,
            picture,
            link,
            (from_y, to_y),
            (from_ns, to_ns),
            cell_px,
        );
    }
    for lost in scene.index.lost() {
        push_lost(scene, picture, lost);
    }
    for in_flight in scene.index.in_flight() {
        push_in_flight(scene, picture, in_flight);
    }
    push_chain(scene, picture);
}

fn push_link(
    scene: &Scene,
    picture: &mut Picture,
    link: &Link,
    (from_y, to_y): (f64, f64),
    window_ns: (u64, u64),
    cell_px: f64,
) {
    let spots = |process: u16| {
        scene
            .index
            .line(process)
            .map_or(&[][..], |line| &line.spots)
    };
    let (sends, receipts) = (spots(link.from), spots(link.to));
    let arrows = &link.arrows;
    let sent_ns = |at: usize| sends[arrows[at].from as usize].t_ns;
    let received_ns = |at: usize| receipts[arrows[at].to as usize].t_ns;
    let mut at = partition(0, arrows.len(), |at| received_ns(at) < window_ns.0);
    let end = partition(at, arrows.len(), |at| sent_ns(at) <= window_ns.1);
    while at < end {
        let (send, receipt) = (arrows[at].from as usize, arrows[at].to as usize);
        let from = (scene.event_x(sends, send), from_y);
        let to = (scene.event_x(receipts, receipt), to_y);
        push_arrow(
            scene,
            picture,
            (&sends[send], &receipts[receipt]),
            link,
            (from, to),
        );
        // Continue with the next arrow that starts or ends in another cell.
        let (sent_until_ns, until_ns) = (scene.t_ns(from.0 + cell_px), scene.t_ns(to.0 + cell_px));
        at = partition(at + 1, end, |at| {
            sent_ns(at) < sent_until_ns && received_ns(at) < until_ns
        });
    }
}

/// The first index in `from..to` for which `holds` is false (binary search).
fn partition(from: usize, to: usize, holds: impl Fn(usize) -> bool) -> usize {
    let (mut low, mut high) = (from, to);
    while low < high {
        let middle = low + (high - low) / 2;
        if holds(middle) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    low
}

type Ends = ((f64, f64), (f64, f64));

fn push_arrow(
    scene: &Scene,
    picture: &mut Picture,
    ends: (&Spot, &Spot),
    link: &Link,
    (from, to): Ends,
) {
    let (send, receipt) = ends;
    let Some(event) = scene.trace.get(send.seq) else {
        return;
    };
    let sent = scene.highlight.relation(link.from, send.seq);
    let received = scene.highlight.relation(link.to, receipt.seq);
    let (paint, stroke) = style(scene, event, sent, received);
    let shaft = Shaft {
        from,
        to,
        paint,
        stroke,
        head: true,
        ahead: send.seq >= scene.count,
        seq: send.seq,
    };
    if shaft.ahead || receipt.seq < scene.count {
        picture.shafts.push(shaft);
        return;
    }
    // In flight at the cursor: the part already travelled, then the rest.
    let part = (scene.x(scene.now_ns) - from.0) / (to.0 - from.0).max(1e-9);
    let middle = between(from, to, part.clamp(0.0, 1.0));
    picture.shafts.push(Shaft {
        to: middle,
        head: false,
        ..shaft
    });
    picture.shafts.push(Shaft {
        from: middle,
        ahead: true,
        ..shaft
    });
}

fn style(
    scene: &Scene,
    send: &Event,
    sent: CausalRelation,
    received: CausalRelation,
) -> (Paint, Stroke) {
    let plain = if appearance::is_background(&send.record) {
        Stroke::Dotted
    } else {
        Stroke::Plain
    };
    let strong = if plain == Stroke::Plain {
        Stroke::Strong
    } else {
        plain
    };
    match (sent, received) {
        (CausalRelation::NoSelection, _) => (scene.message_paint(send), plain),
        // Both ends count: a message that is received without effect carries no causality.
        (CausalRelation::Past, CausalRelation::Past | CausalRelation::Selected) => {
            (Paint::PAST, strong)
        }
        (CausalRelation::Future | CausalRelation::Selected, CausalRelation::Future) => {
            (Paint::FUTURE, strong)
        }
        _ => (Paint::CONCURRENT, plain),
    }
}

fn between(from: (f64, f64), to: (f64, f64), part: f64) -> (f64, f64) {
    (
        from.0 + (to.0 - from.0) * part,
        from.1 + (to.1 - from.1) * part,
    )
}

fn push_lost(scene: &Scene, picture: &mut Picture, lost: &LostMessage) {
    let (Some(from_y), Some(to_y)) = (scene.y(lost.from), scene.y(lost.to)) else {
        return;
    };
    let Some(line) = scene.index.line(lost.from) else {
        return;
    };
    let spots = &line.spots;
    let from = (scene.event_x(spots, lost.spot as usize), from_y);
    let dropped_x = scene.x(lost.dropped_ns).max(from.0);
    let to = between(from, (dropped_x, to_y), LOST_PART);
    if to.0 < -12.0 || from.0 > scene.width_px + 12.0 {
        return;
    }
    let seq = spots[lost.spot as usize].seq;
    let background = scene
        .trace
        .get(seq)
        .is_some_and(|event| appearance::is_background(&event.record));
    picture.shafts.push(Shaft {
        from,
        to,
        paint: Paint::CRITICAL,
        stroke: if background {
            Stroke::Dotted
        } else {
            Stroke::Plain
        },
        head: false,
        ahead: seq >= scene.count,
        seq,
    });
    if to.0 > scene.width_px + 12.0 {
        return;
    }
    picture.marks.push(EventMark {
        x: to.0,
        y: to.1,
        shape: Shape::Cross,
        paint: Paint::CRITICAL,
        hollow: false,
        ahead: lost.seq >= scene.count,
        count: 0,
        seq: u32::MAX,
    });
}

/// A message in flight at the end of the recording: as far as it has travelled.
fn push_in_flight(scene: &Scene, picture: &mut Picture, in_flight: &InFlight) {
    let (Some(from_y), Some(to_y)) = (scene.y(in_flight.from), scene.y(in_flight.to)) else {
        return;
    };
    let flights = &scene.flights;
    let found = flights.iter().find(|(seq, _)| *seq == in_flight.seq);
    let (Some((_, part)), Some(line)) = (found, scene.index.line(in_flight.from)) else {
        return;
    };
    let Some(event) = scene.trace.get(in_flight.seq) else {
        return;
    };
    let from = (scene.event_x(&line.spots, in_flight.spot as usize), from_y);
    let to_x = scene.x(scene.now_ns).max(from.0);
    let sent = scene.highlight.relation(in_flight.from, in_flight.seq);
    // Its receipt will be in the causal future of its send.
    let (paint, stroke) = style(scene, event, sent, CausalRelation::Future);
    picture.shafts.push(Shaft {
        from,
        to: (to_x, from_y + (to_y - from_y) * part),
        paint,
        stroke,
        head: false,
        ahead: false,
        seq: in_flight.seq,
    });
}

/// The causal chain: along a line within a process, along an arrow between two.
fn push_chain(scene: &Scene, picture: &mut Picture) {
    for pair in scene.highlight.chain.windows(2) {
        let (Some(from), Some(to)) = (scene.locate(pair[0]), scene.locate(pair[1])) else {
            continue;
        };
        picture.shafts.push(Shaft {
            from,
            to,
            paint: Paint::SELECTED,
            stroke: Stroke::Chain,
            head: false,
            ahead: pair[1] >= scene.count,
            seq: pair[0],
        });
    }
}
