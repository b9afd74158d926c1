//! Two runs side by side on one axis: this one, and the same with one thing different.

use leptos::prelude::*;

use super::gantt::{self, VisibleSpan, WIDTH};
use super::slots::version;
use crate::analysis::slots::Slots;
use crate::app::Session;
use crate::language::{say, tr};
use crate::page::html::Html;
use crate::page::parts::{choice, option, written};
use crate::playback::{Player, Variation};
use crate::view::compare::{Figure, figures};
use crate::view::gantt::Gantt;

/// The other run.
struct Other {
    player: Player,
    slots: Slots,
}

/// The comparison.
#[component]
pub fn Compare() -> impl IntoView {
    let session = expect_context::<Session>();
    let sight: VisibleSpan = RwSignal::new(None);
    let chosen = RwSignal::new(0_usize);
    let version = version(session);
    let all = Memo::new(move |_| {
        version.track();
        session.read(|player| Variation::of(&player.as_scenario()))
    });
    let other = StoredValue::new_local(None::<Other>);
    // Runs the other run anew when the record or the choice changes; counts how often.
    let runs = Memo::new(move |count: Option<&u32>| {
        version.track();
        let variation = all.with(|all| all.get(chosen.get()).or(all.first()).copied());
        let Some(variation) = variation else {
            other.set_value(None);
            return 0;
        };
        let player = session.read(|player| player.varied(variation));
        let slots = Slots::of(player.trace());
        other.set_value(Some(Other { player, slots }));
        count.map_or(1, |count| count + 1)
    });
    let one = move || {
        version.track();
        let span = gantt::span(session, sight);
        session.read(|player| {
            let slots = Slots::of(player.trace());
            Gantt::of(
                player.trace(),
                &slots,
                span,
                WIDTH,
                player.recorded_us() * 1000,
                gantt::row_px_min(),
            )
        })
    };
    let two = move || {
        runs.get();
        let span = gantt::span(session, sight);
        other.with_value(|other| {
            other.as_ref().map_or_else(Gantt::default, |other| {
                let end_ns = other.player.recorded_us() * 1000;
                Gantt::of(
                    other.player.trace(),
                    &other.slots,
                    span,
                    WIDTH,
                    end_ns,
                    gantt::row_px_min(),
                )
            })
        })
    };
    let table = move |html: &mut Html, _| {
        runs.get();
        head(html);
        let all = other.with_value(|other| {
            let other = other.as_ref();
            other.map(|other| session.read(|player| figures(player, &other.player)))
        });
        for figure in all.unwrap_or_default() {
            row(html, &figure);
        }
        html.put("</tbody></table>");
    };
    let name = move || {
        all.with(|all| {
            let found = all.get(chosen.get()).or(all.first());
            found.map_or_else(String::new, |variation| variation.in_words())
        })
    };
    let options = move |html: &mut Html| {
        all.with(|all| {
            for (index, variation) in all.iter().enumerate() {
                let is_chosen = index == chosen.get();
                option(html, &index.to_string(), &variation.in_words(), is_chosen);
            }
        });
    };
    let choose = move |value: String| chosen.set(value.parse().unwrap_or_default());
    view! {
        <div class="compare" data-testid="compare">
            <div class="compare-figures">
                <label class="field">
                    <span>{say("The same run, but with")}</span>
                    {choice(say("Variation"), "variation", Box::new(options), Box::new(choose))}
                </label>
                {written("compare-table", "compare-table", say("Metrics of both runs"), Box::new(table))}
            </div>
            <div class="gantt-scroll">
                <div class="gantt-head">
                    {gantt::caption(|| say("This run").to_owned())}
                    {gantt::zoom_buttons(session, sight)}
                </div>
                {gantt::chart(session, sight, "gantt-one", true, one)}
                {gantt::caption(move || tr!("The other: {}", name()))}
                {gantt::chart(session, sight, "gantt-other", false, two)}
            </div>
        </div>
    }
    .into_any()
}

fn head(html: &mut Html) {
    html.put("<table><thead><tr>");
    html.leaf("td", "", say("targets: worst values"));
    for column in [say("this run"), say("the other"), say("difference")] {
        html.leaf("th", "", column);
    }
    html.put("</tr></thead><tbody>");
}

fn row(html: &mut Html, figure: &Figure) {
    let value = |html: &mut Html, met: bool, value: &str| {
        html.put("<td>");
        if !met {
            html.also("class", "missed");
            html.also("data-missed", say("missed"));
        }
        html.say(value);
        html.close("td");
    };
    html.put("<tr><th scope=\"row\">");
    html.say(figure.name);
    html.close("th");
    value(html, figure.met.0, &figure.one);
    value(html, figure.met.1, &figure.other);
    html.leaf("td", "", &figure.difference);
    html.close("tr");
}
