//! The clock strip: a vector clock as a row of tinted cells, folded to what fits.

use leptos::html::Span;
use leptos::prelude::*;

use crate::page::desk::Desk;
use crate::page::html::{Html, Painted};
use crate::page::parts::effect;
use crate::page::screen::NodeRow;
use crate::page::words;
use crate::view::inspect::Strip as Labelled;
use crate::view::layout::{Density, fold_strip};
use crate::view::stage::ClockCell;

/// The strip of a card; pointing at it unfolds every entry and says them by name.
#[component]
pub fn Strip(row: NodeRow) -> impl IntoView {
    let desk = expect_context::<Desk>();
    let place = NodeRef::<Span>::new();
    let painted = StoredValue::new_local(Painted::default());
    let open = RwSignal::new(false);
    effect(move || {
        let Some(place) = place.get() else { return };
        let margin = match row.density.get() {
            Density::Full => 24.0,
            _ => 14.0,
        };
        let room = if open.get() {
            f64::MAX
        } else {
            row.width.get() - margin
        };
        row.view.with(|node| {
            let mut html = Html::default();
            write(&mut html, &node.clock.cells, room);
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
                        .map(|cell| (desk.name(cell.process), cell.value)),
                )
            });
            let _ = place.set_attribute("title", &words);
        }
    };
    view! { <span class="strip" class:open=move || open.get() node_ref=place on:pointerenter=unfold on:pointerleave=move |_| open.set(false)></span> }.into_any()
}

/// The entries that fit into `room` CSS pixels, and how many are folded away.
pub fn write(html: &mut Html, cells: &[ClockCell], room: f64) {
    let (shown, folded) = fold_strip(cells, room);
    for cell in &shown {
        entry(html, cell);
    }
    if folded > 0 {
        html.leaf("span", "fold", &format!("+{folded}"));
    }
}

/// One entry.
pub fn entry(html: &mut Html, cell: &ClockCell) {
    html.leaf("span", &class(cell), &cell.value.to_string());
}

/// Several strips below each other, each entry in its column: all of them folded alike.
pub fn steps(html: &mut Html, desk: Desk, strips: &[Labelled], room: f64) {
    let Some(last) = strips.last() else { return };
    let value = |at: usize| {
        let values = strips.iter().filter_map(|strip| strip.clock.cells.get(at));
        values.map(|cell| cell.value).max().unwrap_or_default()
    };
    let widest: Vec<ClockCell> = (0..)
        .zip(&last.clock.cells)
        .map(|(at, cell)| ClockCell {
            value: value(at),
            ..*cell
        })
        .collect();
    let (shown, folded) = fold_strip(&widest, room);
    html.put("<table class=\"steps\"><tbody>");
    for strip in strips {
        let cells = &strip.clock.cells;
        let named = cells
            .iter()
            .map(|cell| (desk.name(cell.process), cell.value));
        html.open("tr", "title", &words::clock_vector(named));
        html.put("<th scope=\"row\">");
        html.say(strip.label);
        html.close("th");
        for column in &shown {
            html.put("<td>");
            if let Some(cell) = cells.iter().find(|cell| cell.process == column.process) {
                entry(html, cell);
            }
            html.close("td");
        }
        if folded > 0 {
            html.leaf("td", "fold", &format!("+{folded}"));
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
