//! The latency charts. The library that draws them is loaded when they are first looked at.

use js_sys::{Function, Reflect};
use leptos::html::Div;
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};

use crate::app::Session;
use crate::page::parts::effect;
use crate::page::script;
use crate::view::charts;

const SCRIPT: &str = "charts.js";
/// What it puts on the window.
const LIBRARY: &str = "triageCharts";

/// The charts.
#[component]
pub fn Latency() -> impl IntoView {
    let session = expect_context::<Session>();
    let place = NodeRef::<Div>::new();
    // What is drawn: the record's epoch, its length and the end of the axis.
    let record = Memo::new(move |_| {
        session.ui.now_us.track();
        session.ui.end_us.track();
        let is_cut = session.ui.lessons.predicting.get();
        session.read(|player| {
            let known = is_cut.then(|| player.count());
            (player.epoch(), player.recorded_us(), player.end_us(), known)
        })
    });
    let drawn = StoredValue::new(None);
    effect(move || {
        let now = record.get();
        let seconds = session.ui.now_us.get() / 1e6;
        let Some(element) = place.get() else { return };
        if drawn.get_value() == Some(now) {
            call("now", &element, &[seconds.into()]);
            return;
        }
        drawn.set_value(Some(now));
        let charts = session.read(|player| charts::charts(player, now.3));
        let json = serde_json::to_string(&charts).unwrap_or_default();
        script::with(SCRIPT, LIBRARY, move || {
            call("draw", &element, &[json.as_str().into(), seconds.into()]);
        });
    });
    on_cleanup(move || {
        if let Some(element) = place.get_untracked() {
            call("drop", &element, &[]);
        }
    });
    view! { <div class="charts" data-testid="latency" tabindex="0" node_ref=place></div> }
        .into_any()
}

fn call(name: &str, element: &JsValue, more: &[JsValue]) {
    let Some(library) = script::global(LIBRARY) else {
        return;
    };
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
