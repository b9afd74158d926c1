//! What the address asks for is followed when the page begins, and when the fragment changes.

use leptos::ev;
use leptos::prelude::*;

use super::embedding::is_framed;
use super::share;
use crate::app::Session;

/// Follows the address now and later; says whether it asks for anything.
pub fn follow(session: Session) -> bool {
    let handle = window_event_listener(ev::hashchange, move |_| {
        read(session, true);
    });
    on_cleanup(move || handle.remove());
    read(session, false)
}

/// `again` says that the page was there already, and only the fragment is new.
fn read(session: Session, again: bool) -> bool {
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
    let query = if again { "" } else { &query };
    share::open::apply(session, query, &fragment);
    if let Some(root) = document().document_element() {
        let _ = root.remove_attribute("data-coming");
    }
    true
}
