//! `window.triage`: the same page for programs. Every function is synchronous.
//!
//! - `load(scenarioJson)` replaces the run; throws an `Error` with every problem and changes nothing
//!   when the scenario is not valid.
//! - `save()` returns the run as a file (`docs/run-format.md`); `open(json)` opens such a file, or a scenario, and throws
//!   an `Error` with the reason when it cannot. `keepsake()` is `save()` when there is something new worth keeping.
//! - `questions()` returns the questions of the open lesson for a handout, or nothing; throws an `Error` with the reason when
//!   its run cannot answer one.
//! - `record(title)` returns the run with the commands given by hand as a scenario of its own; throws an `Error` with the reason
//!   when it cannot.
//! - `import(text, name)` opens the dialog for the log of another system or for public alerts (`docs/imports.md`),
//!   which says what is wrong with them.
//! - `link()` returns what is on the screen as the fragment of an address (`docs/link-format.md`), short or long;
//!   `openLink(text)` opens one and returns a warning or nothing, or throws an `Error` with the reason.
//! - `play()`, `pause()`, `seek(ms)`.
//! - `command(json)` gives a command at the cursor; returns `null`, or throws an `Error` with the reason.
//! - `audit()` returns every command up to the cursor in a hash chain (`docs/audit-format.md`); `openAudit(text, name)`
//!   shows such a file in the audit view and returns what its chain says, in words.
//! - `export(format)` returns the run up to the cursor as `ndjson`, `shiviz`, `chrome`, `mermaid` or `csv`
//!   (`docs/exports.md`); `export("mermaid", from, to)` draws the events between two places of the trace. Throws an `Error`
//!   with the reason when it cannot.
//! - `overview()` returns an object, `trace()` NDJSON as a string.
//! - `view(name)` shows a view of the dock: `diagram`, `slots`, `latency`, `log`, `audit`, `overview`, `compare`; false if
//!   there is none of that name.
//! - `select(seq)` chooses the event at a place of the trace, `selectSecond(seq)` the one to compare it with.
//! - `locate(seq)` returns where the open space–time diagram draws an event, as `[x, y]` in client pixels, or
//!   `null`; it may be out of sight.
//! - `state()` returns where the run is, for a page around this one: scenario, title, moment, whether it plays, events,
//!   branches, level, the chosen event, and what the page says; `events(from, to)` a part of `trace()`.
//! - `openLesson(name)` opens a lesson, or the list of lessons for an empty name. Answers and the end are told by an event
//!   `triage-lesson` on the window, with `detail` as `docs/lesson-format.md` says. `present(on)` is the projector mode.
//! - `eventCount()` says how many events are before the cursor.
//! - `memoryBytes()` says how much memory the engine and the page's own code hold; JavaScript's heap is apart.
//! - `traceHash(scenarioJson, untilMs)` runs a scenario apart from the page and returns the SHA-256 of
//!   its trace in hexadecimal.

mod data;

use js_sys::{Error, Object, Reflect};
use leptos::prelude::*;
use wasm_bindgen::closure::{Closure, IntoWasmClosure, WasmClosure};
use wasm_bindgen::{JsCast, JsValue};

use crate::app::DockView;
use crate::app::Session;
use crate::app::{Part, set_if_changed as put_signal};
use crate::playback::Player;
use crate::view::diagram::TOP_PX;
use crate::view::inspect::Inspectable;

/// Puts the object on the window.
pub fn install(session: Session) {
    let object = Object::new();
    let seek = move |ms: f64| -> Result<(), JsValue> {
        session.seek(micros(ms)?);
        Ok(())
    };
    data::install(&object, session);
    let kept = std::cell::Cell::new((0, 0));
    let keepsake = move || -> Option<String> {
        let worth = session.unsaved_revision();
        let due = worth != (0, 0) && kept.get() != worth;
        due.then(|| {
            kept.set(worth);
            session.saved(false)
        })
    };
    put::<dyn Fn() -> Option<String>>(&object, "keepsake", keepsake);
    put::<dyn Fn()>(&object, "play", move || session.play());
    put::<dyn Fn()>(&object, "pause", move || session.pause());
    put::<dyn Fn(f64) -> Result<(), JsValue>>(&object, "seek", seek);
    let view = move |name: String| -> bool {
        let found = DockView::of(&name);
        if let Some(view) = found {
            put_signal(session.ui.dock, view);
            session.ui.part.set(Part::Dock);
        }
        found.is_some()
    };
    put::<dyn Fn(String) -> bool>(&object, "view", view);
    put::<dyn Fn(String)>(&object, "openLesson", move |name: String| {
        session.open_lesson(&name)
    });
    put::<dyn Fn(bool)>(&object, "present", move |on| session.present(on));
    let select = move |seq: u32| session.look(Inspectable::Event(seq));
    put::<dyn Fn(u32)>(&object, "select", select);
    let select_second = move |seq: u32| session.ui.second.set(Some(seq));
    put::<dyn Fn(u32)>(&object, "selectSecond", select_second);
    put::<dyn Fn(u32) -> JsValue>(&object, "locate", move |seq| locate(session, seq));
    put::<dyn Fn() -> u32>(&object, "eventCount", move || session.read(Player::count));
    put::<dyn Fn() -> f64>(&object, "memoryBytes", memory_bytes);
    let _ = Reflect::set(&window(), &JsValue::from_str("triage"), &object);
}

/// Where the mark of an event is in the open space–time diagram, as `[x, y]` in client pixels; else `null`.
fn locate(session: Session, seq: u32) -> JsValue {
    let diagram = session.diagram;
    let place = session.read(|player| diagram.with_value(|diagram| diagram.locate(player, seq)));
    let canvas = document().get_element_by_id("diagram-canvas");
    let (Some((x, y)), Some(canvas)) = (place, canvas) else {
        return JsValue::NULL;
    };
    let at = canvas.get_bounding_client_rect();
    js_sys::Array::of2(&(at.left() + x).into(), &(at.top() + TOP_PX + y).into()).into()
}

/// The size of the module's linear memory, which never shrinks.
fn memory_bytes() -> f64 {
    let memory = wasm_bindgen::memory().unchecked_into::<js_sys::WebAssembly::Memory>();
    let buffer = memory.buffer().unchecked_into::<js_sys::ArrayBuffer>();
    f64::from(buffer.byte_length())
}

/// The closure lives as long as the page, as the object on the window does.
fn put<T: WasmClosure + ?Sized>(
    object: &Object,
    name: &str,
    function: impl IntoWasmClosure<T> + 'static,
) {
    let closure = Closure::<T>::new(function);
    let _ = Reflect::set(object, &JsValue::from_str(name), &closure.into_js_value());
}

fn error(problem: impl std::fmt::Display) -> JsValue {
    Error::new(&problem.to_string()).into()
}

/// Milliseconds of a caller as whole µs.
fn micros(ms: f64) -> Result<u64, JsValue> {
    if ms.is_finite() && ms >= 0.0 {
        Ok((ms * 1000.0).round() as u64)
    } else {
        Err(error(
            "the time must be a number of milliseconds, 0 or more",
        ))
    }
}
