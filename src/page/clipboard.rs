//! Addresses of the page, and the way to the clipboard.

use js_sys::{Function, Promise, Reflect};
use leptos::prelude::window;
use wasm_bindgen::{JsCast, JsValue};

/// `None` where the browser has no clipboard for this page.
pub fn to_clipboard(words: &str) -> Option<Promise> {
    let clipboard = Reflect::get(&window().navigator(), &"clipboard".into()).ok()?;
    let write = Reflect::get(&clipboard, &"writeText".into()).ok()?;
    let promise = write
        .dyn_ref::<Function>()?
        .call1(&clipboard, &JsValue::from_str(words));
    promise.ok()?.dyn_into().ok()
}

/// The address of the page without what it asks for.
pub fn page_address() -> String {
    let address = window().location().href().unwrap_or_default();
    let end = address.find(['?', '#']).unwrap_or(address.len());
    address[..end].to_owned()
}
