//! What the address asks for is followed when the page begins, and when the fragment changes. Everything but this door
//! lies in the later part of the program: most visits ask for nothing.

use leptos::ev;
use leptos::prelude::*;

use super::desk::Desk;
use super::share;

/// Follows the address now and later; says whether it asks for anything.
pub fn follow(desk: Desk) -> bool {
    let handle = window_event_listener(ev::hashchange, move |_| {
        read(desk, true);
    });
    on_cleanup(move || handle.remove());
    read(desk, false)
}

/// `again` says that the page was there already, and only the fragment is new.
fn read(desk: Desk, again: bool) -> bool {
    let location = window().location();
    let (query, fragment) = (
        location.search().unwrap_or_default(),
        location.hash().unwrap_or_default(),
    );
    let asks = query.contains('=')
        || fragment.contains('=')
        || query.contains("embed")
        || fragment.contains("embed");
    if again && !fragment.contains('=') || !asks && !is_framed() {
        return false;
    }
    desk.screen.later.when_here(move |problem| {
        match problem {
            Some(words) => desk.notices.warn(words),
            None if again => share::open::apply(desk, "", &fragment),
            None => share::open::apply(desk, &query, &fragment),
        }
        if let Some(root) = document().document_element() {
            let _ = root.remove_attribute("data-coming");
        }
    });
    true
}

/// Whether a plain wheel belongs to the page around this one: it stands in another, and nobody works in it. `frame.js`
/// tells the latter.
pub fn leaves_wheel() -> bool {
    let root = document().document_element();
    root.is_some_and(|root| root.has_attribute("data-embed") && !root.has_attribute("data-inside"))
}

/// Whether the page stands in another one.
pub fn is_framed() -> bool {
    // Not the parent itself: a script of another origin may not look at it.
    let (parent, own) = (window().parent(), window());
    parent.is_ok_and(|parent| parent.is_some_and(|parent| *parent != *own))
}
