//! The clock strip: a vector clock as a row of tinted cells, folded to what fits.

use leptos::html::Span;
use leptos::prelude::*;
use web_sys::Element;

use crate::page::desk::Desk;
use crate::page::parts::effect;
use crate::page::screen::NodeRow;
use crate::page::words;
use crate::view::layout::{Density, fold_strip};
use crate::view::stage::ClockCell;

/// The strip of a card; pointing at it says every entry by name.
#[component]
pub fn Strip(row: NodeRow) -> impl IntoView {
    let desk = expect_context::<Desk>();
    let place = NodeRef::<Span>::new();
    effect(move || {
        let Some(place) = place.get() else { return };
        let room = row.width.get()
            - if row.density.get() == Density::Full {
                24.0
            } else {
                14.0
            };
        row.view.with(|node| draw(&place, &node.clock.cells, room));
    });
    let unfold = move |_| {
        if let Some(place) = place.get_untracked() {
            let words = row.view.with_untracked(|node| {
                words::clock_vector(
                    node.clock
                        .cells
                        .iter()
                        .map(|cell| (desk.name(cell.process), cell.value)),
                )
            });
            let _ = place.set_attribute("title", &words);
        }
    };
    view! { <span class="strip" node_ref=place on:pointerenter=unfold></span> }.into_any()
}

/// Draws the entries that fit into `room` CSS pixels, and how many are folded away.
pub fn draw(place: &Element, cells: &[ClockCell], room: f64) {
    let (shown, folded) = fold_strip(cells, room);
    let wanted = shown.len() + usize::from(folded > 0);
    while place.child_element_count() as usize > wanted {
        if let Some(last) = place.last_element_child() {
            last.remove();
        }
    }
    while (place.child_element_count() as usize) < wanted {
        let Ok(cell) = document().create_element("span") else {
            return;
        };
        let _ = place.append_child(&cell);
    }
    let mut next = place.first_element_child();
    for cell in &shown {
        let Some(element) = next else { return };
        write(&element, &class(cell), &cell.value.to_string());
        next = element.next_element_sibling();
    }
    if let Some(element) = next {
        write(&element, "fold", &format!("+{folded}"));
    }
}

/// Touches the document only where something changed: strips change often and everywhere.
fn write(element: &Element, class: &str, text: &str) {
    if element.class_name() != class {
        element.set_class_name(class);
    }
    if element.text_content().as_deref() != Some(text) {
        element.set_text_content(Some(text));
    }
}

/// The class of an entry: its process's colour and pattern, and what is special about it.
pub fn class(cell: &ClockCell) -> String {
    let mut class = format!(
        "cell hue-{} pattern-{}",
        cell.process % 8,
        cell.process / 8 % 4
    );
    if cell.own {
        class.push_str(" own");
    }
    if cell.raised {
        class.push_str(" raised");
    }
    class
}
