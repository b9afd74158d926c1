//! The clocks: what every process knows of every other, how one event changed that, two events compared by three
//! clocks, and cuts through the run.

use leptos::html::Div;
use leptos::prelude::*;

use super::cut::CutTool;
use crate::app::Session;
use crate::language::say;
use crate::page::clock_strip;
use crate::page::html::{Html, Painted};
use crate::page::parts::{coarse, dynamic, effect, go_there, live, press, watch_size, written};
use crate::page::words;
use crate::view::clocks::{self, ClockComparison, ClockStep, KnowledgeCell};
use crate::view::format::{decimal, split_name};
use crate::view::inspect::Inspectable;
use crate::view::window::Scroll;

/// The sizes of the matrix in CSS pixels; `style/clocks.css` agrees.
const HEAD_PX: f64 = 34.0;
const NAME_PX: f64 = 132.0;
const COLUMN_PX: f64 = 66.0;
const ROW_PX: f64 = 24.0;
const ROW_TOUCH_PX: f64 = 44.0;
/// What stands beside the strips of a step, in CSS pixels.
const BESIDE_PX: f64 = 90.0;

/// What the larger part shows.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Main {
    Matrix,
    Comparison,
    Cut,
}

/// The view.
#[component]
pub fn Clocks() -> impl IntoView {
    let session = expect_context::<Session>();
    // What was chosen elsewhere is what one came for.
    let main = RwSignal::new(if session.ui.cut.with_untracked(Option::is_some) {
        Main::Cut
    } else if session.ui.second.with_untracked(Option::is_some) {
        Main::Comparison
    } else {
        Main::Matrix
    });
    let choice = move |shows: Main, id: &'static str, words: &'static str| {
        view! {
            <button
                class="tool"
                data-testid=id
                aria-pressed=live(move || main.get() == shows)
                on:click=press(move || main.set(shows))
            >
                {words}
            </button>
        }
    };
    view! {
        <div class="clocks" data-testid="clocks">
            <div class="clocks-main">
                <div class="clocks-tools" role="group" aria-label=say("Clocks")>
                    {choice(Main::Matrix, "show-matrix", say("What each process knows"))}
                    {choice(Main::Comparison, "show-compare", say("Two events"))}
                    {choice(Main::Cut, "show-cut", say("Consistent cut"))}
                </div>
                {dynamic(move || match main.get() {
                    Main::Matrix => view! { <Matrix /> }.into_any(),
                    Main::Comparison => view! { <Comparison /> }.into_any(),
                    Main::Cut => view! { <CutTool /> }.into_any(),
                })}
            </div>
            <StepOfEvent />
        </div>
    }
    .into_any()
}

/// Rows know, columns are known; only what is in sight is in the document.
#[component]
fn Matrix() -> impl IntoView {
    let session = expect_context::<Session>();
    let (place, space, table) = (
        NodeRef::<Div>::new(),
        NodeRef::<Div>::new(),
        NodeRef::<Div>::new(),
    );
    let size = RwSignal::new((0.0, 0.0));
    watch_size(place, size);
    let tick = RwSignal::new(0u32);
    let painted = StoredValue::new_local(Painted::default());
    effect(move || {
        session.ui.revision.track();
        tick.track();
        let (width, height) = size.get();
        let (Some(place), Some(space), Some(table)) = (place.get(), space.get(), table.get())
        else {
            return;
        };
        let all = session.read(clocks::present);
        let opening = |row_px: f64, view_px: f64| Scroll {
            count: all.len(),
            row_px,
            view_px: view_px.max(row_px),
        };
        let across = opening(COLUMN_PX, width - NAME_PX);
        let row_px = if coarse() { ROW_TOUCH_PX } else { ROW_PX };
        let down = opening(row_px, height - HEAD_PX);
        for (name, px) in [
            ("width", NAME_PX + across.space_px()),
            ("height", HEAD_PX + down.space_px()),
        ] {
            let _ = (*space).style().set_property(name, &(decimal(px) + "px"));
        }
        let columns = across.whole_rows(f64::from(place.scroll_left()));
        let rows = down.whole_rows(f64::from(place.scroll_top()));
        let mut html = Html::default();
        matrix(&mut html, session, &all[rows], &all[columns]);
        painted.update_value(|painted| painted.paint(&table, html));
    });
    view! {
        <div
            class="matrix"
            data-testid="matrix"
            tabindex="0"
            role="region"
            aria-label=say("What each process knows")
            node_ref=place
            on:scroll=move |_| tick.update(|tick| *tick += 1)
            on:click=go_there(session)
        >
            <div class="matrix-pin" node_ref=table></div>
            <div node_ref=space></div>
        </div>
    }
    .into_any()
}

fn matrix(html: &mut Html, session: Session, rows: &[u16], columns: &[u16]) {
    html.put("<table><thead><tr>");
    html.leaf("th", "corner", say("knows ↓ of →"));
    for column in columns {
        let name = session.name(*column);
        html.open("th", "class", &words::hue(*column));
        html.also("scope", "col");
        html.also("title", &name);
        html.leaf("span", "", &words::short(&name, 16));
        html.close("th");
    }
    html.put("</tr></thead><tbody>");
    for row in rows {
        let name = session.name(*row);
        html.open("tr", "class", &words::hue(*row));
        html.put("<th scope=\"row\"><button class=\"row-name halves\">");
        html.also("data-go", &Inspectable::Process(*row).to_string());
        html.also("title", &name);
        html.also("aria-label", &name);
        let (begin, end) = split_name(&name);
        html.leaf("span", "", begin);
        html.say(end);
        html.put("</button></th>");
        session.read(|player| {
            for column in columns {
                matrix_cell(html, *column, clocks::cell(player, *row, *column));
            }
        });
        html.close("tr");
    }
    html.put("</tbody></table>");
}

fn matrix_cell(html: &mut Html, known: u16, cell: KnowledgeCell) {
    // How stale: four tints, each for four times as many missing events as the one before.
    let stale = match cell.behind {
        0 => "",
        1..4 => "stale-1",
        4..16 => "stale-2",
        16..64 => "stale-3",
        _ => "stale-4",
    };
    html.open("td", "class", stale);
    clock_strip::entry(
        html,
        &crate::view::stage::ClockCell {
            process: known,
            value: cell.value,
            own: cell.own,
            raised: cell.raised,
        },
    );
    if cell.behind > 0 {
        html.leaf("small", "", &format!("−{}", cell.behind));
    }
    html.close("td");
}

#[component]
fn StepOfEvent() -> impl IntoView {
    let session = expect_context::<Session>();
    let write = move |html: &mut Html, width_px: f64| {
        let room = width_px.max(220.0) - BESIDE_PX;
        let event = session.ui.event.get();
        html.leaf("p", "", &session.read(clocks::summary));
        match session.read(|player| clocks::step(player, event)) {
            Some(step) => write_step(html, session, &step, event.is_some(), room),
            None => html.leaf(
                "p",
                "dim",
                say("No event is selected, and no message has been received yet."),
            ),
        }
    };
    written(
        "clocks-side",
        "clock-step",
        say("How one event changed the clocks"),
        Box::new(write),
    )
}

/// Two events by all three clocks.
#[component]
fn Comparison() -> impl IntoView {
    let session = expect_context::<Session>();
    let ui = session.ui;
    let write = move |html: &mut Html, width_px: f64| {
        let room = width_px.max(220.0) - BESIDE_PX;
        let both = ui.event.get().zip(ui.second.get());
        match both.map(|(a, b)| session.read(|player| clocks::compare(player, a, b))) {
            Some(Some(both)) => write_comparison(html, session, &both, room),
            Some(None) => html.leaf(
                "p",
                "dim",
                say("One of the two events has no clock or does not exist."),
            ),
            None => html.leaf(
                "p",
                "dim",
                say(
                    "Select an event in the log or the diagram, and a second one with Shift+click.",
                ),
            ),
        }
    };
    let number = move |label: &'static str, id: &'static str, signal: RwSignal<Option<u32>>| {
        view! {
            <label>
                {label}
                <input
                    type="number"
                    min="0"
                    data-testid=id
                    prop:value=live(move || signal.get().map_or(String::new(), |seq| seq.to_string()))
                    on:change:target=move |event| signal.set(event.target().value().parse().ok())
                />
            </label>
        }
    };
    view! {
        <div class="clocks-compare">
            <div class="compare-numbers">
                {number(say("Event"), "compare-first", ui.event)}
                {number(say("and event"), "compare-second", ui.second)}
            </div>
            {written("clocks-words", "clock-compare", say("Two events compared by three clocks"), Box::new(write))}
        </div>
    }
    .into_any()
}

fn write_step(html: &mut Html, session: Session, step: &ClockStep, chosen: bool, room: f64) {
    html.leaf(
        "h3",
        "",
        if chosen {
            say("The selected event")
        } else {
            say("The latest receipt")
        },
    );
    html.put("<p><button class=\"go\">");
    html.also("data-go", &Inspectable::Event(step.seq).to_string());
    html.say(&step.title);
    html.put("</button></p>");
    clock_strip::steps(html, session, &step.strips, room);
    html.put("<dl class=\"rules\">");
    for (clock, words) in [
        (say("Vector"), &step.vector),
        (say("Lamport"), &step.lamport),
        (say("Hybrid"), &step.hybrid),
    ] {
        html.leaf("dt", "", clock);
        html.leaf("dd", "", words);
    }
    html.close("dl");
}

fn write_comparison(html: &mut Html, session: Session, compared: &ClockComparison, room: f64) {
    for title in &compared.titles {
        html.leaf("p", "", title);
    }
    clock_strip::steps(html, session, &compared.strips, room);
    html.put("<dl class=\"rules\">");
    for verdict in &compared.verdicts {
        html.leaf("dt", "", verdict.clock);
        html.leaf("dd", "", &verdict.meaning);
    }
    html.close("dl");
}
