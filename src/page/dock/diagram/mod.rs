//! The space–time diagram (Lamport 1978; as a way to read logs: Beschastnikh et al., ShiViz): what happened
//! where, which message caused what, and how any two events stand to each other.
//!
//! Its parts are plain HTML and a canvas, written past the framework: they change with every frame.

mod bracket;
mod controller;
mod gutter;
mod input;
mod painter;
mod palette;
mod parts;
mod pointer;

use leptos::html::Div;
use leptos::prelude::*;

use self::controller::Board;
use crate::app::Session;
use crate::page::parts::effect;
use crate::page::parts::watch_size;

/// The diagram. It follows the run only while it is open.
#[component]
pub fn Diagram() -> impl IntoView {
    let session = expect_context::<Session>();
    let board = Board::new(session);
    let root = NodeRef::<Div>::new();
    let size = RwSignal::new((0.0, 0.0));
    watch_size(root, size);
    effect(move || {
        if let Some(root) = root.get() {
            board.attach(&root);
        }
    });
    let ui = session.ui;
    effect(move || {
        ui.revision.track();
        ui.now_us.track();
        ui.event.track();
        ui.second.track();
        ui.selected.track();
        ui.cut.track();
        ui.query.track();
        ui.lessons.predicting.track();
        size.track();
        board.request();
    });
    effect(move || {
        ui.colours.track();
        board.recolour();
    });
    view! { <div class="diagram" data-testid="diagram" node_ref=root inner_html=parts::html()></div> }
        .into_any()
}
