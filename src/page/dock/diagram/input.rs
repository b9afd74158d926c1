//! Everything a person does with the diagram comes in here: one listener for all of it.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{
    Element, Event, HtmlInputElement, HtmlSelectElement, KeyboardEvent, MouseEvent, PointerEvent,
    WheelEvent,
};

use super::controller::Board;
use super::{gutter, pointer};
use crate::app::set_if_changed;
use crate::page::embedding::leaves_wheel;
use crate::playback::Player;
use crate::view::diagram::walk::Step;
use crate::view::inspect::Inspectable;

/// The one closure that hears everything.
pub type Listener = Closure<dyn FnMut(Event)>;

/// What is listened to.
const EVENTS: [&str; 11] = [
    "click",
    "change",
    "input",
    "keydown",
    "dblclick",
    "wheel",
    "pointerdown",
    "pointermove",
    "pointerup",
    "pointercancel",
    "pointerout",
];
/// How much a button or a key zooms.
const ZOOM: f64 = 1.6;
/// How much a key pans, as a part of the width.
const PAN: f64 = 0.25;
/// A line of a wheel that counts in lines, in px.
const WHEEL_LINE_PX: f64 = 16.0;

/// Listens to the diagram as long as the closure lives.
pub fn listen(board: Board, root: &Element) -> Listener {
    let listener = Listener::new(move |event: Event| hear(board, &event));
    for name in EVENTS {
        let _ = root.add_event_listener_with_callback(name, listener.as_ref().unchecked_ref());
    }
    listener
}

fn hear(board: Board, event: &Event) {
    let target = event
        .target()
        .and_then(|target| target.dyn_into::<Element>().ok());
    let Some(target) = target else { return };
    let part = target.get_attribute("data-testid").unwrap_or_default();
    let kind = event.type_();
    if part == "diagram-canvas" {
        on_canvas(board, event, &target, &kind);
    } else if let Some(process) = gutter::process(&target) {
        gutter::hear(board, event, process, &target);
    } else if kind == "click" {
        press(board, &part);
    } else if let Some(select) = target.dyn_ref::<HtmlSelectElement>() {
        if kind == "change" {
            follow_job(board, select.value().parse().ok());
        }
    } else if let Some(input) = target.dyn_ref::<HtmlInputElement>()
        && kind == "input"
    {
        set_if_changed(board.session.ui.query, input.value());
    }
}

/// A button among the tools or in the strip.
fn press(board: Board, part: &str) {
    match part {
        "diagram-fold" => board.change(&mut |_, diagram| {
            let folded = !diagram.camera.folded;
            diagram.move_camera(&mut |camera, timeline| camera.fold(timeline, folded));
        }),
        "diagram-acknowledgements" => board.change(&mut |_, diagram| {
            diagram.filter_options.acknowledgements = !diagram.filter_options.acknowledgements;
        }),
        "diagram-heartbeats" => board.change(&mut |_, diagram| {
            diagram.filter_options.heartbeats = !diagram.filter_options.heartbeats;
        }),
        "diagram-compare" => board.update(|state| state.compare = !state.compare),
        "diagram-follow" => board.update(|state| state.follow = !state.follow),
        "diagram-cut" => board.toggle_cut(),
        "diagram-out" => zoom(board, 1.0 / ZOOM),
        "diagram-in" => zoom(board, ZOOM),
        "diagram-all" => board.move_camera(&mut |camera, timeline| camera.show_all(timeline)),
        "diagram-lines" => board.change(&mut |_, diagram| diagram.rows.show_all()),
        "relation-clear" => board.let_go(),
        "relation-job" => {
            let seq = board.session.ui.event.get_untracked().unwrap_or_default();
            let job = |player: &Player| player.trace().get(seq)?.record.job();
            follow_job(board, board.session.read(job).map(|job| job.0));
        }
        _ => return,
    }
    board.request();
}

/// Follows one job through all processes, or shows all again.
fn follow_job(board: Board, job: Option<u32>) {
    if let Some(job) = job {
        board.session.look(Inspectable::Job(job));
    }
    board.change(&mut |_, diagram| diagram.filter_options.job = job);
}

/// Zooms about the cursor while it is followed, else about the middle.
fn zoom(board: Board, factor: f64) {
    if board.read(|state| state.follow) {
        board.change(&mut |_, diagram| {
            diagram.move_camera(&mut |camera, timeline| camera.zoom(timeline, 0.0, factor));
        });
    } else {
        board.move_camera(&mut |camera, timeline| {
            camera.zoom(timeline, camera.width_px / 2.0, factor)
        });
    }
}

fn on_canvas(board: Board, event: &Event, canvas: &Element, kind: &str) {
    if let Some(event) = event.dyn_ref::<WheelEvent>() {
        wheel(board, event, canvas);
    } else if let Some(event) = event.dyn_ref::<KeyboardEvent>() {
        if !(event.ctrl_key() || event.alt_key() || event.meta_key()) && key(board, event) {
            event.prevent_default();
        }
    } else if kind == "dblclick" {
        if let Some(event) = event.dyn_ref::<MouseEvent>() {
            let at = (f64::from(event.offset_x()), f64::from(event.offset_y()));
            board.seek(at, pointer::REACH_PX);
        }
    } else if let Some(event) = event.dyn_ref::<PointerEvent>() {
        match kind {
            "pointerdown" => {
                let _ = canvas.set_pointer_capture(event.pointer_id());
                pointer::down(board, event);
            }
            "pointermove" => {
                let over = board.is_on_cut(pointer::place(event));
                let _ = canvas.toggle_attribute_with_force("data-over-cut", over);
                pointer::moved(board, event);
            }
            "pointerup" | "pointercancel" => pointer::up(board, event),
            "pointerout" => board.point((-1e6, 0.0), 0.0),
            _ => {}
        }
    }
}

/// Scrolling past the diagram is never trapped: a plain wheel zooms only while the diagram has the focus.
fn wheel(board: Board, event: &WheelEvent, canvas: &Element) {
    let unit = if event.delta_mode() == WheelEvent::DOM_DELTA_LINE {
        WHEEL_LINE_PX
    } else {
        1.0
    };
    let (dx, dy) = (event.delta_x() * unit, event.delta_y() * unit);
    let at_x = f64::from(event.offset_x());
    let diagram = board.session.diagram;
    let overhang_px = diagram.with_value(|diagram| diagram.rows.overhang_px());
    let zooms = event.ctrl_key() || event.meta_key();
    if !zooms && leaves_wheel() {
        return;
    }
    let focused = canvas.matches(":focus").unwrap_or_default();
    if !zooms && (event.shift_key() || dx.abs() > dy.abs()) {
        let by_x = if dx == 0.0 { dy } else { dx };
        board.move_camera(&mut |camera, timeline| camera.pan(timeline, by_x));
    } else if zooms || (focused && overhang_px == 0.0) {
        let factor = 1.0 - (dy * 0.0025).clamp(-0.5, 0.5);
        board.move_camera(&mut |camera, timeline| camera.zoom(timeline, at_x, factor));
    } else if overhang_px > 0.0 {
        pointer::scroll(board, dy);
    } else {
        return;
    }
    event.prevent_default();
}

/// A key while the canvas has the focus; says whether it stands for anything.
fn key(board: Board, event: &KeyboardEvent) -> bool {
    let shift = event.shift_key();
    let pan = |part: f64| {
        board.move_camera(&mut |camera, timeline| camera.pan(timeline, part * camera.width_px));
    };
    match event.key().as_str() {
        "ArrowLeft" if shift => pan(-PAN),
        "ArrowRight" if shift => pan(PAN),
        "ArrowLeft" => board.walk(Step::Back),
        "ArrowRight" => board.walk(Step::Forward),
        "ArrowUp" => board.walk(Step::Up),
        "ArrowDown" => board.walk(Step::Down),
        "Home" => board.walk(Step::First),
        "End" => board.walk(Step::Last),
        "[" => board.walk(Step::Cause),
        "]" => board.walk(Step::Effect),
        "+" | "=" => zoom(board, ZOOM),
        "-" | "_" => zoom(board, 1.0 / ZOOM),
        "0" => board.move_camera(&mut |camera, timeline| camera.show_all(timeline)),
        "Escape" => board.let_go(),
        "Enter" => match board.focused() {
            Some(seq) => board.choose(seq, shift),
            None => board.walk(Step::Forward),
        },
        _ => return false,
    }
    true
}
