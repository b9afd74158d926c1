//! What a page around this one may want to know of a lesson: an event `triage-lesson` on the window for each answer, and
//! one for the end.

use js_sys::{Object, Reflect};
use leptos::prelude::*;
use wasm_bindgen::JsValue;
use web_sys::{CustomEvent, CustomEventInit};

fn dispatch(fields: &[(&str, JsValue)]) {
    let detail = Object::new();
    for (name, value) in fields {
        let _ = Reflect::set(&detail, &JsValue::from_str(name), value);
    }
    let init = CustomEventInit::new();
    init.set_detail(&detail);
    if let Ok(event) = CustomEvent::new_with_event_init_dict("triage-lesson", &init) {
        let _ = window().dispatch_event(&event);
    }
}

/// A question was answered. Steps and attempts count from 1.
pub fn answered(lesson: &str, step: usize, attempt: u32, right: bool) {
    dispatch(&[
        ("kind", "answer".into()),
        ("lesson", lesson.into()),
        ("step", (step as u32).into()),
        ("attempt", attempt.into()),
        ("right", right.into()),
    ]);
}

/// A lesson was played to its end.
pub fn finished(lesson: &str, right: u32, questions: u32, code: &str) {
    dispatch(&[
        ("kind", "finish".into()),
        ("lesson", lesson.into()),
        ("right", right.into()),
        ("questions", questions.into()),
        ("code", code.into()),
    ]);
}
