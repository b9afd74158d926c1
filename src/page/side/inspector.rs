//! The inspector: what a process, a job or an event is, why, and what led to it.

use leptos::html::Section as Place;
use leptos::prelude::*;

use crate::app::Session;
use crate::language::{say, tr};
use crate::page::clock_strip;
use crate::page::html::{Html, Painted};
use crate::page::parts::{effect, go_there};
use crate::page::words;
use crate::view::inspect::{Card, CardLine, Fact, FactStyle, Inspection, LineShape, Section};
use crate::view::stage::ClockCell;

/// Entries of a clock that are listed by name.
const ENTRIES_MAX: usize = 40;
/// What the words beside a strip and the padding take, in CSS pixels.
const BESIDE_STRIP: f64 = 92.0;

/// The inspector.
#[component]
pub fn Inspector() -> impl IntoView {
    let session = expect_context::<Session>();
    let place = NodeRef::<Place>::new();
    let inspection = StoredValue::new_local(Inspection::default());
    let painted = StoredValue::new_local(Painted::default());
    effect(move || {
        session.ui.revision.track();
        let looked = session.ui.inspected.get();
        let Some(place) = place.get() else { return };
        let mut card = None;
        inspection.update_value(|inspection| {
            card = looked.and_then(|thing| session.read(|player| inspection.card(player, thing)));
        });
        let kind = card.as_ref().map_or("process", |card| card.kind);
        let _ = place.set_attribute("data-kind", kind);
        // A part that is not on the screen has no width; the next change finds it.
        let room = f64::from(place.client_width()).max(240.0) - BESIDE_STRIP;
        let mut html = Html::default();
        let head = match kind {
            "job" => say("Selected job"),
            "message" => say("Selected message"),
            "event" => say("Selected event"),
            _ => say("Selected process"),
        };
        html.leaf("h2", "", head);
        match &card {
            Some(card) => write(&mut html, session, card, room),
            None => html.leaf("p", "dim", say("Click a process, a job or an event.")),
        }
        painted.update_value(|painted| painted.paint(&place, html));
    });
    view! { <section class="group inspector" data-testid="inspector" node_ref=place on:click=go_there(session)></section> }
        .into_any()
}

fn write(html: &mut Html, session: Session, card: &Card, room: f64) {
    let hue = card.hue.map_or_else(String::new, words::hue);
    html.open("div", "class", &format!("inspected {hue}"));
    html.put("<p class=\"inspected-head\">");
    html.leaf("b", "", &card.title);
    html.leaf("span", "dim", &card.subtitle);
    html.close("p");
    if !card.summary.is_empty() {
        html.leaf("p", "", &card.summary);
    }
    for why in &card.why {
        html.leaf("p", "why", why);
    }
    html.put("<dl class=\"facts\">");
    for fact in &card.facts {
        write_fact(html, fact);
    }
    html.close("dl");
    if let [only] = card.strips.as_slice() {
        html.leaf("h3", "", say("Vector clock"));
        html.put("<p class=\"strip\">");
        clock_strip::write(html, session, &only.clock, room + 64.0);
        html.close("p");
        entries(html, session, &only.clock.cells);
    } else {
        clock_strip::steps(html, session, &card.strips, room);
    }
    if !card.rule.is_empty() {
        html.leaf("p", "dim", &card.rule);
    }
    for section in &card.sections {
        list(html, section);
    }
    html.close("div");
}

fn write_fact(html: &mut Html, fact: &Fact) {
    html.put("<div>");
    html.leaf("dt", "", fact.name);
    html.put("<dd>");
    match fact.style {
        FactStyle::Plain => html.leaf("span", "", &fact.value),
        FactStyle::GroundTruth => html.leaf("span", "untrue", &fact.value),
        FactStyle::Health(health) => {
            html.also("data-health", words::health(health));
            html.put("<span class=\"health\"></span>");
            html.leaf("span", "", &fact.value);
        }
        FactStyle::Badge(level) => {
            html.put("<span class=\"badge\">");
            html.also("data-level", words::level_class(level));
            html.say(&fact.value);
            html.close("span");
        }
        FactStyle::Link(thing) => {
            html.put("<button class=\"go\">");
            html.also("data-go", &thing.to_string());
            html.say(&fact.value);
            html.close("button");
        }
    }
    html.put("</dd></div>");
}

/// The clock strip unfolded: every entry with the name of its process.
fn entries(html: &mut Html, session: Session, cells: &[ClockCell]) {
    html.put("<ul class=\"entries\">");
    for cell in cells.iter().take(ENTRIES_MAX) {
        html.put("<li>");
        clock_strip::entry(html, cell);
        html.leaf(
            "span",
            "entry-name",
            &words::short(&session.name(cell.process), 9),
        );
        html.close("li");
    }
    more(html, cells.len().saturating_sub(ENTRIES_MAX));
    html.close("ul");
}

fn more(html: &mut Html, count: usize) {
    if count > 0 {
        html.leaf("li", "dim", &tr!("and {} more", count));
    }
}

fn list(html: &mut Html, section: &Section) {
    if section.lines.is_empty() && section.empty.is_empty() {
        return;
    }
    html.leaf("h3", "", section.title);
    html.put("<ul class=\"lines\">");
    for line in &section.lines {
        write_line(html, line);
    }
    if section.lines.is_empty() {
        html.leaf("li", "dim", section.empty);
    }
    more(html, section.more);
    html.close("ul");
}

fn write_line(html: &mut Html, line: &CardLine) {
    let hue = line.hue.map_or_else(String::new, words::hue);
    html.put("<li>");
    html.open("button", "class", &format!("thing {hue}"));
    html.also("data-go", &line.target.to_string());
    if line.shape != LineShape::Nothing {
        let mark = match line.shape {
            LineShape::Emergency(level) => words::level_class(level),
            LineShape::Paused => "paused",
            _ => "normal",
        };
        let emergency = matches!(line.shape, LineShape::Emergency(_));
        let shape = if emergency {
            "mark emergency "
        } else {
            "mark "
        };
        html.put("<span aria-hidden=\"true\">");
        html.also("class", &[shape, mark].concat());
        html.close("span");
    }
    if let Some(t_us) = line.t_us {
        html.leaf("span", "line-time", &words::clock(t_us as f64));
    }
    html.leaf("span", "line-text", &line.text);
    if !line.state.is_empty() {
        html.leaf("span", "line-state", line.state);
    }
    html.put("</button></li>");
}
