//! The latency charts. The library that draws them is loaded when they are first looked at.

use js_sys::{Function, Reflect};
use leptos::html::Div;
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};

use crate::page::desk::Desk;
use crate::page::parts::effect;
use crate::view::charts;

const SCRIPT: &str = "charts.js";

/// The charts.
#[component]
pub fn Latency() -> impl IntoView {
    let desk = expect_context::<Desk>();
    let place = NodeRef::<Div>::new();
    // What is drawn: the record's epoch, its length and the end of the axis.
    let record = Memo::new(move |_| {
        desk.screen.now_us.track();
        desk.screen.end_us.track();
        desk.with(|player| (player.epoch(), player.recorded_us(), player.end_us()))
    });
    let drawn = StoredValue::new(None);
    effect(move || {
        let now = record.get();
        let seconds = desk.screen.now_us.get() / 1e6;
        let Some(element) = place.get() else { return };
        if drawn.get_value() == Some(now) {
            call("now", &element, &[seconds.into()]);
            return;
        }
        drawn.set_value(Some(now));
        let charts = desk.with(charts::charts);
        let json = serde_json::to_string(&charts).unwrap_or_default();
        with_library(move || call("draw", &element, &[json.as_str().into(), seconds.into()]));
    });
    on_cleanup(move || {
        if let Some(element) = place.get_untracked() {
            call("drop", &element, &[]);
        }
    });
    view! { <div class="charts" data-testid="latency" tabindex="0" node_ref=place></div> }
        .into_any()
}

fn library() -> Option<JsValue> {
    let library = Reflect::get(&window(), &"triageCharts".into()).ok()?;
    library.is_object().then_some(library)
}

fn call(name: &str, element: &JsValue, more: &[JsValue]) {
    let Some(library) = library() else { return };
    let function = Reflect::get(&library, &name.into());
    if let Some(function) = function
        .ok()
        .and_then(|found| found.dyn_into::<Function>().ok())
    {
        let arguments = js_sys::Array::of1(element);
        more.iter().for_each(|one| {
            arguments.push(one);
        });
        let _ = function.apply(&library, &arguments);
    }
}

/// Calls when the library is there; a library that cannot be loaded says so itself.
fn with_library(then: impl FnOnce() + 'static) {
    if library().is_some() {
        return then();
    }
    let Ok(script) = document().create_element("script") else {
        return;
    };
    let _ = script.set_attribute("src", SCRIPT);
    let then = wasm_bindgen::closure::Closure::once_into_js(then);
    let _ = script.add_event_listener_with_callback("load", then.unchecked_ref());
    if let Some(head) = document().head() {
        let _ = head.append_child(&script);
    }
}
