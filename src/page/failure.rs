//! When the engine breaks: the page says so in words instead of standing still.

use wasm_bindgen::{JsCast, JsValue};

/// Calls a function that `public/boot.js` has put on the window; without it there is nobody to tell.
fn call(name: &str, message: &str) {
    let window = js_sys::global();
    let Ok(function) = js_sys::Reflect::get(&window, &JsValue::from_str(name)) else {
        return;
    };
    if let Some(function) = function.dyn_ref::<js_sys::Function>() {
        let _ = function.call1(&JsValue::NULL, &JsValue::from_str(message));
    }
}

/// Hands every panic to the failure screen of `boot.js`.
pub fn install() {
    std::panic::set_hook(Box::new(|info| call("triageFailed", &info.to_string())));
}

/// The page is there: the loading notice may go.
pub fn started() {
    call("triageStarted", "");
}

/// Shows the failure screen for something that is wrong without being a panic.
pub fn report(message: &str) {
    call("triageFailed", message);
}
