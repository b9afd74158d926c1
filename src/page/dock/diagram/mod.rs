//! The space–time diagram (Lamport 1978; as a way to read logs: Beschastnikh et al., ShiViz): what happened
//! where, which message caused what, and how any two events stand to each other.
//!
//! Its parts are plain HTML and a canvas, written past the framework: they change with every frame.

mod board;
mod bracket;
mod brush;
mod gutter;
mod hands;
mod palette;
mod parts;
mod pointer;

pub use brush::TOP_PX;
use leptos::html::Div;
use leptos::prelude::*;

use self::board::Board;
use crate::page::desk::Desk;
use crate::page::parts::effect;
use crate::page::parts::watch_size;

/// The diagram. It follows the run only while it is open.
#[component]
pub fn Diagram() -> impl IntoView {
    let desk = expect_context::<Desk>();
    let board = Board::new(desk);
    let root = NodeRef::<Div>::new();
    let size = RwSignal::new((0.0, 0.0));
    watch_size(root, size);
    effect(move || {
        if let Some(root) = root.get() {
            board.attach(&root);
        }
    });
    let screen = desk.screen;
    effect(move || {
        screen.revision.track();
        screen.now_us.track();
        screen.event.track();
        screen.second.track();
        screen.selected.track();
        screen.cut.track();
        screen.query.track();
        size.track();
        board.request();
    });
    effect(move || {
        screen.colours.track();
        board.recolour();
    });
    view! { <div class="diagram" data-testid="diagram" node_ref=root inner_html=parts::html()></div> }
        .into_any()
}
