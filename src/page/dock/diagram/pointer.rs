//! Fingers and the mouse on the canvas: point, choose, drag, pinch.

use web_sys::PointerEvent;

use super::controller::Board;

/// Movement up to this is a click, in px.
const CLICK_PX: f64 = 4.0;
/// What a click may miss by with a mouse, in px.
pub const REACH_PX: f64 = 12.0;
/// What a click may miss by with a finger, in px.
const REACH_TOUCH_PX: f64 = 22.0;

/// One finger, or the mouse.
#[derive(Clone, Copy)]
struct Finger {
    id: i32,
    x: f64,
    y: f64,
}

/// What is pressed.
#[derive(Default)]
pub struct Hand {
    fingers: Vec<Finger>,
    /// The way since the first finger came, in px: more than a little and it is no click.
    way_px: f64,
    /// Whether the cut is being drawn.
    cuts: bool,
}

/// A finger comes.
pub fn down(board: Board, event: &PointerEvent) {
    if event.button() != 0 {
        return;
    }
    let on_cut = board.is_on_cut(place(event));
    board.update(|state| {
        let hand = &mut state.hand;
        if hand.fingers.is_empty() {
            hand.way_px = 0.0;
            hand.cuts = on_cut;
        }
        hand.fingers.push(finger(event));
    });
}

/// A finger or the free mouse moves.
pub fn moved(board: Board, event: &PointerEvent) {
    let now = finger(event);
    let mut done = None;
    board.update(|state| {
        let hand = &mut state.hand;
        let at = hand.fingers.iter().position(|old| old.id == now.id);
        let Some(at) = at else { return };
        let before = std::mem::replace(&mut hand.fingers[at], now);
        hand.way_px += (now.x - before.x).abs() + (now.y - before.y).abs();
        let other = hand.fingers.iter().find(|other| other.id != now.id);
        done = Some((before, other.copied(), hand.way_px));
    });
    let cuts = board.read(|state| state.hand.cuts);
    match done {
        None => board.point((now.x, now.y), REACH_PX),
        Some((_, None, way_px)) if way_px <= CLICK_PX => {}
        Some((before, None, _)) if cuts => board.cut_along((before.x, before.y), (now.x, now.y)),
        Some((before, None, _)) => {
            board.move_camera(&mut |camera, timeline| camera.pan(timeline, before.x - now.x));
            scroll(board, before.y - now.y);
        }
        Some((before, Some(other), _)) => {
            let apart = |finger: Finger| (finger.x - other.x).abs().max(20.0);
            let middle = (now.x + other.x) / 2.0;
            board.move_camera(&mut |camera, timeline| {
                camera.zoom(timeline, middle, apart(now) / apart(before));
                camera.pan(timeline, (before.x - now.x) / 2.0);
            });
        }
    }
}

/// Scrolls the lines when there are more than there is room for.
pub fn scroll(board: Board, by_px: f64) {
    board.change(&mut |_, diagram| diagram.rows.scroll_px += by_px);
}

/// A finger goes; without a way it was a click.
pub fn up(board: Board, event: &PointerEvent) {
    let mut click = false;
    board.update(|state| {
        let hand = &mut state.hand;
        let single = hand.fingers.len() == 1;
        hand.fingers
            .retain(|finger| finger.id != event.pointer_id());
        click = single && hand.fingers.is_empty() && hand.way_px <= CLICK_PX;
    });
    if !click || event.type_() != "pointerup" {
        return;
    }
    let at = finger(event);
    if event.pointer_type() == "touch" {
        board.click((at.x, at.y), REACH_TOUCH_PX, false);
        board.point((at.x, at.y), REACH_TOUCH_PX);
    } else {
        board.click((at.x, at.y), REACH_PX, event.shift_key());
    }
}

/// Where on the canvas, in px.
pub fn place(event: &PointerEvent) -> (f64, f64) {
    (f64::from(event.offset_x()), f64::from(event.offset_y()))
}

fn finger(event: &PointerEvent) -> Finger {
    Finger {
        id: event.pointer_id(),
        x: f64::from(event.offset_x()),
        y: f64::from(event.offset_y()),
    }
}
