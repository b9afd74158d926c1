//! Light, dark, or as the device says. `boot.js` applies a remembered choice before the first paint.

use leptos::ev;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;

use super::storage;
use crate::language::mark;

/// The three choices, in the order the button goes through them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Theme {
    /// As the device says.
    Auto,
    /// Always light.
    Light,
    /// Always dark.
    Dark,
}

const NAME: &str = "triage.theme";
const ASKED: &str = "data-asked-theme";

impl Theme {
    /// What was chosen on an earlier visit.
    pub fn recalled() -> Theme {
        // What the address asks for counts as long as nobody chooses otherwise; `boot.js` has put it there.
        let asked = document()
            .document_element()
            .and_then(|root| root.get_attribute(ASKED));
        match asked.or_else(|| storage::recall(NAME)).as_deref() {
            Some("light") => Theme::Light,
            Some("dark") => Theme::Dark,
            _ => Theme::Auto,
        }
    }

    /// The word in the attribute; on the button it is looked up.
    pub fn name(self) -> &'static str {
        match self {
            Theme::Auto => mark!("auto"),
            Theme::Light => mark!("light"),
            Theme::Dark => mark!("dark"),
        }
    }

    /// The next choice.
    pub fn next(self) -> Theme {
        match self {
            Theme::Auto => Theme::Light,
            Theme::Light => Theme::Dark,
            Theme::Dark => Theme::Auto,
        }
    }

    /// Puts the choice on the document and remembers it.
    pub fn apply(self) {
        storage::remember(NAME, self.name());
        if let Some(root) = document().document_element() {
            let _ = root.remove_attribute(ASKED);
        }
        self.show();
    }

    fn show(self) {
        if let Some(root) = document().document_element() {
            let _ = match self {
                Theme::Auto => root.remove_attribute("data-theme"),
                other => root.set_attribute("data-theme", other.name()),
            };
        }
    }
}

/// Counts when the device turns light or dark.
pub fn watch_device(colours: RwSignal<u32>) {
    // Paper is white, and what is drawn on a canvas is drawn anew for it.
    let turn = move |theme: Theme| {
        theme.show();
        let _ = colours.try_update(|count| *count += 1);
    };
    window_event_listener(ev::beforeprint, move |_| turn(Theme::Light));
    window_event_listener(ev::afterprint, move |_| turn(Theme::recalled()));
    let Ok(Some(query)) = window().match_media("(prefers-color-scheme: dark)") else {
        return;
    };
    let turned = Closure::<dyn FnMut()>::new(move || {
        let _ = colours.try_update(|count| *count += 1);
    });
    let _ = query.add_event_listener_with_callback("change", turned.as_ref().unchecked_ref());
    // It listens as long as the page lives.
    turned.forget();
}
