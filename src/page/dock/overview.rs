//! The overview: every process with what it is doing, and the sums.

use leptos::prelude::*;

use crate::engine::job::Class;
use crate::engine::time::from_us;
use crate::language::say;
use crate::page::desk::Desk;
use crate::page::html::Html;
use crate::page::parts::written;
use crate::page::stage::strip;
use crate::page::words;
use crate::view::inspect::Thing;
use crate::view::overview::{sums, suspicions};
use crate::view::stage::{NodeView, Role};
use crate::view::words::halves;

/// Executors drawn; a crowd beyond that is only in the sums.
const ROWS_MAX: usize = 100;
/// Room for a clock, in CSS pixels.
const CLOCK_PX: f64 = 130.0;

const HEAD: &str = "<table><thead><tr><th scope=\"col\">Process</th><th scope=\"col\">Believed</th><th scope=\"col\">In truth</th><th scope=\"col\">Mode</th><th scope=\"col\">Running</th><th scope=\"col\">Queued</th><th scope=\"col\">Paused</th><th scope=\"col\">Completed</th><th scope=\"col\">Vector clock</th></tr></thead><tbody>";

/// The overview.
pub fn overview(desk: Desk) -> AnyView {
    let write = move |html: &mut Html, _| {
        html.put("<div class=\"sums\" data-testid=\"sums\">");
        for line in desk.with(|player| sums(&player.world().overview())) {
            html.leaf("p", "", &line);
        }
        let said = desk.with(|player| {
            let now_ns = from_us(player.now_us() as u64 + 1);
            suspicions(&player.suspicions().at(now_ns))
        });
        html.leaf("p", "", &said);
        html.put("</div>");
        html.put(HEAD);
        let mut count = 0;
        for (_, index) in desk.screen.keys.get() {
            let Some(shown) = desk.row(index as u16) else {
                continue;
            };
            shown.view.with_untracked(|node| {
                let counted = node.role == Role::Executor;
                count += usize::from(counted);
                if !counted || count <= ROWS_MAX {
                    row(html, index as u16, node);
                }
            });
        }
        html.put("</tbody></table>");
        if count > ROWS_MAX {
            let more = (count - ROWS_MAX).to_string();
            html.leaf("p", "dim", &["and ", &more, " more"].concat());
        }
    };
    written("overview", "overview", "Overview", Box::new(write))
}

fn row(html: &mut Html, index: u16, node: &NodeView) {
    html.open("tr", "class", &words::hue(index));
    html.put("<th scope=\"row\"><button class=\"row-name halves\">");
    html.also("data-go", &Thing::Process(index).to_string());
    html.also("title", &node.name);
    html.also("aria-label", &node.name);
    let (begin, end) = halves(&node.name);
    html.leaf("span", "", begin);
    html.say(end);
    html.put("</button></th>");
    html.open("td", "data-health", words::health(node.health));
    html.put("<span class=\"health\"></span>");
    html.leaf("span", "", say(words::health(node.health)));
    html.close("td");
    let truth = words::truth(node.condition);
    html.leaf("td", "", if truth.is_empty() { "up" } else { &truth });
    if node.role == Role::Executor {
        executor(html, node);
    } else {
        // What the others do is said, not counted: one cell in the place of five.
        html.open("td", "class", "said");
        html.also("colspan", "5");
        html.say(&node.summary.join(" · "));
        html.close("td");
    }
    html.put("<td><span class=\"strip\">");
    strip::write(html, &node.clock.cells, CLOCK_PX);
    html.put("</span></td>");
    html.close("tr");
}

fn executor(html: &mut Html, node: &NodeView) {
    let slots = node.slots.len() + usize::from(node.slots_hidden);
    let running = node.slots.iter().flatten();
    let emergency = running
        .clone()
        .filter(|slot| slot.class == Class::Emergency);
    let (all, emergency) = (running.clone().count(), emergency.count());
    let queued = node.queue_emergency.len();
    for cell in [
        node.mode.map_or("–", |level| level.name()),
        &[
            &all.to_string(),
            " of ",
            &slots.to_string(),
            ", ",
            &emergency.to_string(),
            " emergency",
        ]
        .concat(),
        &[
            &(queued + node.queue_normal.len()).to_string(),
            ", ",
            &queued.to_string(),
            " emergency",
        ]
        .concat(),
        &node.paused.len().to_string(),
        &node.completed.to_string(),
    ] {
        html.leaf("td", "", cell);
    }
}
