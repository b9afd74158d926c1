//! Cuts by hand: how far each process is taken to have come, and whether the run can ever have been so.

use leptos::ev::Event;
use leptos::html::Div;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::HtmlInputElement;

use crate::analysis::causality::Cut;
use crate::app::Session;
use crate::engine::id::ProcessIndex;
use crate::language::{say, tr};
use crate::page::html::{Html, Painted};
use crate::page::parts::{effect, go_there, live, press};
use crate::page::words;
use crate::playback::Player;
use crate::view::cut;
use crate::view::inspect::Inspectable;

/// The tool. The cut itself is a signal of the screen: the diagram draws it.
#[component]
pub fn CutTool() -> impl IntoView {
    let session = expect_context::<Session>();
    let signal = session.ui.cut;
    // The cut as it was before it was made consistent.
    let before = RwSignal::new(None::<Vec<u32>>);
    let at_cursor = move || {
        let cut = session.read(|player| Cut::before(player.lanes(), player.count()));
        before.set(None);
        signal.set(Some(cut.included().to_vec()));
    };
    if signal.with_untracked(Option::is_none) {
        at_cursor();
    }
    let repair = move || {
        let Some(included) = signal.get_untracked() else {
            return;
        };
        let cut = session.read(|player| {
            let cut = Cut::of(player.lanes(), included.clone());
            cut.largest_consistent_within(player.trace(), player.lanes())
        });
        before.set(Some(included));
        signal.set(Some(cut.included().to_vec()));
    };
    let restore = move || {
        if before.with_untracked(Option::is_some) {
            signal.set(before.get_untracked());
            before.set(None);
        }
    };
    let is_consistent = Memo::new(move |_| {
        session.ui.revision.track();
        let included = signal.get();
        included.is_none_or(|included| {
            session.read(|player| {
                let cut = Cut::of(player.lanes(), included);
                cut.verdict(player.trace(), player.lanes()).is_consistent()
            })
        })
    });
    view! {
        <div class="cut" data-testid="cut" tabindex="0" role="region" aria-label=say("Consistent cut")>
            <Verdict consistent=is_consistent />
            <div class="cut-tools">
                <button data-testid="cut-take" on:click=press(at_cursor)>{say("At the cursor")}</button>
                <button
                    data-testid="cut-largest"
                    disabled=move || is_consistent.get()
                    on:click=press(repair)
                >
                    {say("Largest consistent cut within it")}
                </button>
                <button
                    data-testid="cut-restore"
                    disabled=move || before.with(Option::is_none)
                    on:click=press(restore)
                >
                    {say("Restore")}
                </button>
                <button data-testid="cut-clear" on:click=press(move || signal.set(None))>{say("Remove cut")}</button>
            </div>
            <Sliders />
        </div>
    }
    .into_any()
}

#[component]
fn Verdict(consistent: Memo<bool>) -> impl IntoView {
    let session = expect_context::<Session>();
    let words = move || {
        session.ui.revision.track();
        let included = session.ui.cut.get();
        included.map_or_else(
            || {
                say("There is no cut: take the one at the cursor, then move its ends along the processes.")
                    .to_owned()
            },
            |included| session.read(|player| cut::verdict(player, included)),
        )
    };
    view! {
        <p
            class="cut-verdict"
            data-testid="cut-verdict"
            data-consistent=live(move || consistent.get())
            role="status"
        >
            {crate::page::parts::text(words)}
        </p>
    }
    .into_any()
}

/// A slider and a number for each process, and the last event that the cut includes.
#[component]
fn Sliders() -> impl IntoView {
    let session = expect_context::<Session>();
    let place = NodeRef::<Div>::new();
    let painted = StoredValue::new_local(Painted::default());
    effect(move || {
        session.ui.revision.track();
        let included = session.ui.cut.get();
        let Some(place) = place.get() else { return };
        let mut html = Html::default();
        html.put("<ul>");
        if let Some(included) = included {
            for row in session.read(|player| cut::rows(player, included)) {
                write(&mut html, &row);
            }
        }
        html.close("ul");
        painted.update_value(|painted| painted.paint(&place, html));
    });
    let moved = move |event: Event| {
        let input = event
            .target()
            .and_then(|target| target.dyn_into::<HtmlInputElement>().ok());
        let Some(input) = input else { return };
        let process = input
            .get_attribute("data-process")
            .and_then(|index| index.parse().ok());
        let (Some(process), Ok(count)) = (process, input.value().parse()) else {
            return;
        };
        let move_to = |player: &Player| {
            let included = session.ui.cut.get_untracked().unwrap_or_default();
            let cut = Cut::of(player.lanes(), included);
            let cut = cut.moved(player.lanes(), ProcessIndex(process), count);
            cut.included().to_vec()
        };
        session.ui.cut.set(Some(session.read(move_to)));
    };
    view! { <div class="cut-rows" node_ref=place on:input=moved on:click=go_there(session)></div> }
        .into_any()
}

fn write(html: &mut Html, row: &cut::CutRow) {
    let (included, all) = (row.included.to_string(), row.all.to_string());
    html.open("li", "class", &words::hue(row.process));
    html.put("<span class=\"cut-name\">");
    html.also("title", &row.name);
    html.say(&words::short(&row.name, 13));
    html.close("span");
    for (kind, label) in [
        ("range", tr!("Events of {}", row.name)),
        ("number", tr!("Number of events of {}", row.name)),
    ] {
        html.open("input", "type", kind);
        html.also("data-testid", &["cut-", kind, "-", &row.name].concat());
        html.also("data-process", &row.process.to_string());
        html.also("aria-label", &label);
        html.also("min", "0");
        html.also("max", &all);
        html.also("value", &included);
    }
    match row.last {
        Some(seq) => {
            html.put("<button class=\"thing\">");
            html.also("data-go", &Inspectable::Event(seq).to_string());
            html.also("title", &row.last_label);
            html.say(&row.last_label);
            html.close("button");
        }
        None => html.leaf("span", "dim", &row.last_label),
    }
    html.close("li");
}
