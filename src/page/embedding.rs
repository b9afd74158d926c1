//! Whether the page stands in another one, and what then belongs to that.

use leptos::prelude::{document, window};

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
