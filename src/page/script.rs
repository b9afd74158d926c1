//! Scripts of the page that are loaded when they are first needed.

use js_sys::Reflect;
use leptos::prelude::*;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};

/// What a script has put on the window, once it is there.
pub fn global(name: &str) -> Option<JsValue> {
    let found = Reflect::get(&window(), &name.into()).ok()?;
    (!found.is_undefined()).then_some(found)
}

/// Loads a script that puts `name` on the window, unless it is there, and then calls. One that cannot be loaded is told by
/// `public/boot.js`.
pub fn with(file: &str, name: &str, then: impl FnOnce() + 'static) {
    if global(name).is_some() {
        return then();
    }
    let Ok(script) = document().create_element("script") else {
        return;
    };
    let _ = script.set_attribute("src", file);
    let then = Closure::once_into_js(then);
    let _ = script.add_event_listener_with_callback("load", then.unchecked_ref());
    if let Some(head) = document().head() {
        let _ = head.append_child(&script);
    }
}
