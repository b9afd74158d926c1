//! The clock strip: a vector clock as a row of tinted cells, folded to what fits.

use leptos::html::Span;
use leptos::prelude::*;

use crate::app::NodeRow;
use crate::app::Session;
use crate::page::html::{Html, Painted};
use crate::page::parts::effect;
use crate::page::words;
use crate::view::inspect::Strip as Labelled;
use crate::view::layout::{Folded, fold_strip};
use crate::view::stage::{ClockCell, ClockStrip};

/// The strip of a card; pointing at it unfolds every entry and says them by name.
#[component]
pub fn Strip(row: NodeRow) -> impl IntoView {
    let session = expect_context::<Session>();
    let place = NodeRef::<Span>::new();
    let painted = StoredValue::new_local(Painted::default());
    let open = RwSignal::new(false);
    effect(move || {
        let Some(place) = place.get() else { return };
        let room = if open.get() {
            f64::MAX
        } else {
            row.strip_px.get()
        };
        row.view.with(|node| {
            let mut html = Html::default();
            write(&mut html, session, &node.clock, room);
            painted.update_value(|painted| painted.paint(&place, html));
        });
    });
    let unfold = move |_| {
        open.set(true);
        if let Some(place) = place.get_untracked() {
            let words = row.view.with_untracked(|node| {
                words::clock_vector(
                    node.clock
                        .cells
                        .iter()
                        .map(|cell| (session.name(cell.process), cell.value)),
                )
            });
            let _ = place.set_attribute("title", &words);
        }
    };
    view! { <span class="strip" class:open=move || open.get() node_ref=place on:pointerenter=unfold on:pointerleave=move |_| open.set(false)></span> }.into_any()
}

/// The entries that fit into `room` CSS pixels, and how many are folded away. Each says whose it is.
pub fn write(html: &mut Html, session: Session, clock: &ClockStrip, room: f64) {
    let folded = fold_strip(clock, room);
    for cell in &folded.first {
        named(html, session, cell, clock.digits);
    }
    if folded.folded > 0 {
        gap(html, "span", &folded);
    }
    if let Some(own) = &folded.own {
        named(html, session, own, clock.digits);
    }
}

fn named(html: &mut Html, session: Session, cell: &ClockCell, digits: u32) {
    let class = format!("{} digits-{digits}", class(cell));
    html.open("span", "class", &class);
    html.also("title", &session.name(cell.process));
    html.say(&cell.value.to_string());
    html.close("span");
}

/// What stands for entries without a column.
fn gap(html: &mut Html, element: &str, folded: &Folded) {
    let class = if folded.raised { "fold raised" } else { "fold" };
    html.leaf(element, class, &format!("+{}", folded.folded));
}

/// One entry.
pub fn entry(html: &mut Html, cell: &ClockCell) {
    html.leaf("span", &class(cell), &cell.value.to_string());
}

/// Several strips below each other, each entry in its column: all of them folded alike.
pub fn steps(html: &mut Html, session: Session, strips: &[Labelled], room: f64) {
    let Some(last) = strips.last() else { return };
    let digits = strips.iter().map(|strip| strip.clock.digits).max();
    let widest = ClockStrip {
        digits: digits.unwrap_or(1),
        ..last.clock.clone()
    };
    let folded = fold_strip(&widest, room);
    let entry_of = |html: &mut Html, strip: &Labelled, process: u16| {
        html.put("<td>");
        let mut cells = strip.clock.cells.iter();
        if let Some(cell) = cells.find(|cell| cell.process == process) {
            entry(html, cell);
        }
        html.close("td");
    };
    html.put("<table class=\"steps\"><tbody>");
    for strip in strips {
        let cells = &strip.clock.cells;
        let named = cells
            .iter()
            .map(|cell| (session.name(cell.process), cell.value));
        html.open("tr", "title", &words::clock_vector(named));
        html.put("<th scope=\"row\">");
        html.say(strip.label);
        html.close("th");
        for column in &folded.first {
            entry_of(html, strip, column.process);
        }
        if folded.folded > 0 {
            gap(html, "td", &folded);
        }
        if let Some(own) = &folded.own {
            entry_of(html, strip, own.process);
        }
        html.close("tr");
    }
    html.put("</tbody></table>");
}

/// The class of an entry: its process's colour and pattern, and what is special about it.
fn class(cell: &ClockCell) -> String {
    let mut class = format!("cell {}", words::hue(cell.process));
    if cell.own {
        class.push_str(" own");
    }
    if cell.raised {
        class.push_str(" raised");
    }
    class
}
