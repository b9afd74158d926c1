//! The bar between the stage and the dock: dragged, moved by arrow keys, or doubled by a double click.

use leptos::ev::{KeyboardEvent, PointerEvent};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

use super::parts::live;
use super::storage;
use crate::app::preferences::{DOCK_SHARE, SHARE_MAX, SHARE_MIN, settled};
use crate::language::say;

const SHARE_DEFAULT: u32 = 30;

/// The value of the style attribute's `--dock-share`; none for the ordinary share.
pub fn style(share: u32) -> Option<String> {
    (share > 0).then(|| format!("{share}%"))
}

/// The bar; `share` is the dock's part in percent, 0 for the ordinary one.
#[component]
pub fn Splitter(share: RwSignal<u32>) -> impl IntoView {
    let choose = move |value: u32| {
        let value = settled(value);
        share.set(value);
        storage::remember(DOCK_SHARE, &value.to_string());
    };
    let dragged = move |event: PointerEvent| {
        if event.buttons() & 1 == 0 {
            return;
        }
        let bar = event
            .current_target()
            .and_then(|bar| bar.dyn_into::<Element>().ok());
        if let Some(middle) = bar.and_then(|bar| bar.parent_element()) {
            let area = middle.get_bounding_client_rect();
            let below = area.bottom() - f64::from(event.client_y());
            choose((below * 100.0 / area.height().max(1.0)).clamp(1.0, 100.0) as u32);
        }
    };
    let pressed = move |event: KeyboardEvent| {
        let now = match share.get_untracked() {
            0 => SHARE_DEFAULT,
            now => now,
        };
        let next = match event.key().as_str() {
            "ArrowUp" => now + 5,
            "ArrowDown" => now.saturating_sub(5).max(SHARE_MIN),
            "Home" => SHARE_MAX,
            "End" => SHARE_MIN,
            "Enter" => 0,
            _ => return,
        };
        event.prevent_default();
        event.stop_propagation();
        choose(next);
    };
    view! {
        <div
            class="splitter"
            role="separator"
            tabindex="0"
            aria-orientation="horizontal"
            aria-label=say("Height of the views below the stage")
            aria-valuemin="12"
            aria-valuemax="100"
            aria-valuenow=live(move || match share.get() { 0 => SHARE_DEFAULT, share => share })
            data-testid="splitter"
            title=say("Drag, or use the arrow keys; double-click for the default height")
            on:pointerdown=move |event| {
                let bar = event.current_target().and_then(|bar| bar.dyn_into::<HtmlElement>().ok());
                if let Some(bar) = bar {
                    let _ = bar.set_pointer_capture(event.pointer_id());
                }
            }
            on:pointermove=dragged
            on:dblclick=move |_| choose(0)
            on:keydown=pressed
        ></div>
    }
    .into_any()
}
