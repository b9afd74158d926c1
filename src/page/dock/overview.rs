//! The overview: every process with what it is doing, and the sums.

use leptos::prelude::*;

use crate::app::Session;
use crate::engine::job::Class;
use crate::engine::time::from_us;
use crate::language::{say, tr};
use crate::page::clock_strip;
use crate::page::html::Html;
use crate::page::parts::written;
use crate::page::words;
use crate::view::format::split_name;
use crate::view::inspect::Inspectable;
use crate::view::overview::{summary_lines, suspicions};
use crate::view::stage::{NodeView, Role};

/// Executors drawn; a crowd beyond that is only in the sums.
const ROWS_MAX: usize = 100;
/// Room for a clock, in CSS pixels.
const CLOCK_PX: f64 = 130.0;

/// The overview.
pub fn overview(session: Session) -> AnyView {
    let write = move |html: &mut Html, _| {
        html.put("<div class=\"sums\" data-testid=\"sums\">");
        for line in session.read(|player| summary_lines(&player.world().overview())) {
            html.leaf("p", "", &line);
        }
        let said = session.read(|player| {
            let now_ns = from_us(player.now_us() as u64 + 1);
            suspicions(&player.suspicions().at(now_ns))
        });
        html.leaf("p", "", &said);
        html.put("</div>");
        head(html);
        let mut count = 0;
        for (_, index) in session.ui.keys.get() {
            let Some(shown) = session.row(index as u16) else {
                continue;
            };
            shown.view.with_untracked(|node| {
                let counted = node.role == Role::Executor;
                count += usize::from(counted);
                if !counted || count <= ROWS_MAX {
                    row(html, session, index as u16, node);
                }
            });
        }
        html.put("</tbody></table>");
        if count > ROWS_MAX {
            html.leaf("p", "dim", &tr!("and {} more", count - ROWS_MAX));
        }
    };
    written("overview", "overview", say("Overview"), Box::new(write))
}

fn head(html: &mut Html) {
    html.put("<table><thead><tr>");
    for column in [
        say("Process"),
        say("Recovery's view"),
        say("Actual state"),
        say("Mode"),
        say("Running"),
        say("Queued"),
        say("Paused"),
        say("Completed"),
        say("Vector clock"),
    ] {
        html.open("th", "scope", "col");
        html.say(column);
        html.close("th");
    }
    html.put("</tr></thead><tbody>");
}

fn row(html: &mut Html, session: Session, index: u16, node: &NodeView) {
    html.open("tr", "class", &words::hue(index));
    html.put("<th scope=\"row\"><button class=\"row-name halves\">");
    html.also("data-go", &Inspectable::Process(index).to_string());
    html.also("title", &node.name);
    html.also("aria-label", &node.name);
    let (begin, end) = split_name(&node.name);
    html.leaf("span", "", begin);
    html.say(end);
    html.put("</button></th>");
    html.open("td", "data-health", words::health(node.health));
    html.also("data-label", say("Recovery's view"));
    html.put("<span class=\"health\"></span>");
    html.leaf("span", "", say(words::health(node.health)));
    html.close("td");
    let truth = words::truth(node.condition);
    html.open("td", "data-label", say("Actual state"));
    html.say(if truth.is_empty() { say("up") } else { &truth });
    html.close("td");
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
    clock_strip::write(html, session, &node.clock, CLOCK_PX);
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
    let busy = tr!(
        "{all} of {slots}, {emergency} emergency",
        all,
        slots,
        emergency
    );
    let waiting = tr!(
        "{all}, {emergency} emergency",
        all = queued + node.queue_normal.len(),
        emergency = queued
    );
    // On a phone each stands below its own label.
    for (label, cell) in [
        (say("Mode"), node.mode.map_or("–", |level| level.name())),
        (say("Running"), &busy),
        (say("Queued"), &waiting),
        (say("Paused"), &node.paused.len().to_string()),
        (say("Completed"), &node.completed.to_string()),
    ] {
        html.open("td", "data-label", label);
        html.say(cell);
        html.close("td");
    }
}
