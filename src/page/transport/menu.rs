//! The menu of branches, named moments and files.

use leptos::prelude::*;

use crate::analysis::export::Format;
use crate::page::desk::Desk;
use crate::page::parts::{dynamic, press};
use crate::page::words;

/// The menu: a door into the later part of the program, `tests/e2e/later.txt`.
#[inline(never)]
pub fn menu() -> AnyView {
    view! {
        <section
            class="history-menu panel"
            id="history-menu"
            data-testid="history-menu"
            aria-label="Branches and markers"
        >
            <Branches />
            <Markers />
            <h2>"This run"</h2>
            <p class="dim keeps-yes">"Kept in this browser from the first command on."</p>
            <p class="dim keeps-embedded">"Not kept: this page stands in another. Save the run as a file, or open it in a window of its own."</p>
            <p class="dim keeps-no">"Not kept: this browser allows no storage here. Save it as a file."</p>
            <div class="history-form">
                <button class="tool" data-testid="save-file" data-file="save">"Save as file"</button>
                <button class="tool" data-testid="open-file" data-file="open">"Open file"</button>
                <button class="tool" data-testid="import-file" data-file="import">"Import log or alerts"</button>
            </div>
            <h2>"Export up to the cursor"</h2>
            <ul class="history-list" data-testid="exports">{exports()}</ul>
            <MermaidRange />
            <h2>"Figures, on white"</h2>
            <p class="dim" role="alert" data-testid="file-problem"></p>
            <div class="history-form">{figures("Stage", "stage")}</div>
            <div class="history-form">{figures("Open view", "view")}</div>
            <div class="history-form">
                <button class="tool" data-testid="handout" data-file="handout">"Print a handout"</button>
            </div>
        </section>
    }
    .into_any()
}

/// A file for each format; `public/keep.js` writes it.
fn exports() -> Vec<AnyView> {
    let says = |format| match format {
        Format::Ndjson => ("Trace", "every event, NDJSON"),
        Format::Shiviz => ("ShiViz log", "vector clocks"),
        Format::Chrome => ("Chrome trace", "opens in Perfetto"),
        Format::Mermaid => ("Mermaid diagram", "the first 60 events"),
        Format::Csv => ("Metrics", "figures, CSV"),
    };
    let rows = Format::ALL.into_iter().map(|format| {
        let (name, what) = says(format);
        let id = ["export-", format.name()].concat();
        view! {
            <li>
                <button class="history-row" data-testid=id.clone() data-file=id>
                    <span class="history-name">{name}</span>
                    <span class="dim">{what}</span>
                </button>
            </li>
        }
        .into_any()
    });
    rows.collect()
}

/// A figure of one part of the page in both formats; `public/figure.js` makes it.
fn figures(name: &'static str, part: &'static str) -> AnyView {
    let one = |kind: &'static str, words: &'static str| {
        let id = [part, "-", kind].concat();
        view! { <button class="tool" data-testid=id.clone() data-file=id>{name}" as "{words}</button> }
    };
    view! { {one("svg", "SVG")} {one("png", "PNG")} }.into_any()
}

/// The span of a Mermaid diagram: at first the second around the cursor.
#[component]
fn MermaidRange() -> impl IntoView {
    let desk = expect_context::<Desk>();
    let now_s = desk.screen.now_us.get_untracked() / 1e6;
    let seconds = |s: f64| format!("{:.1}", s.max(0.0));
    let input = |id: &'static str, words: &'static str, value: String| {
        view! {
            <input type="number" min="0" step="0.1" aria-label=words data-testid=id value=value />
        }
    };
    view! {
        <div class="history-form">
            {input("mermaid-from", "Diagram from, in seconds", seconds(now_s - 0.5))}
            <span class="dim">"to"</span>
            {input("mermaid-to", "Diagram to, in seconds", seconds(now_s + 0.5))}
            <button class="tool" data-testid="mermaid-range" data-file="mermaid-range">"s: Mermaid"</button>
        </div>
    }
    .into_any()
}

#[component]
fn Branches() -> impl IntoView {
    let desk = expect_context::<Desk>();
    let rows = move || {
        let all = desk.screen.branches.get();
        let rows = all.into_iter().map(|branch| {
            let id = branch.id;
            let acts = match branch.acts {
                0 => "no commands".to_owned(),
                1 => "1 command".to_owned(),
                acts => format!("{acts} commands"),
            };
            view! {
                <li>
                    <button
                        class="history-row"
                        data-testid=format!("branch-{id}")
                        aria-pressed=branch.is_current.to_string()
                        on:click=press(move || desk.switch_branch(id))
                    >
                        <span class="history-name">{branch.name}</span>
                        <span class="dim">{acts}</span>
                    </button>
                </li>
            }
        });
        rows.collect_view().into_any()
    };
    let name = NodeRef::<leptos::html::Input>::new();
    let rename = move || {
        if let Some(input) = name.get_untracked() {
            desk.rename_branch(&input.value());
            input.set_value("");
        }
    };
    view! {
        <h2>"Branches"</h2>
        <p class="dim">"Acting in the past begins a branch; every future stays here."</p>
        <ul class="history-list">{dynamic(rows)}</ul>
        <form class="history-form" on:submit=move |event| { event.prevent_default(); rename() }>
            <input
                node_ref=name
                type="text"
                maxlength="60"
                aria-label="New name of the current branch"
                placeholder="name this branch"
                data-testid="branch-name"
            />
            <button class="tool" data-testid="rename-branch">"Rename"</button>
        </form>
    }
    .into_any()
}

#[component]
fn Markers() -> impl IntoView {
    let desk = expect_context::<Desk>();
    let rows = move || {
        let all = desk.screen.marks.with(|marks| marks.named.clone());
        let rows = all.into_iter().map(|(t_us, name)| {
            let forget = format!("Forget marker {name}");
            view! {
                <li class="history-marker">
                    <button class="history-row" on:click=press(move || desk.seek(t_us))>
                        <span class="history-name">{name}</span>
                        <span class="dim">{words::clock(t_us as f64)}</span>
                    </button>
                    <button class="tool" aria-label=forget on:click=press(move || desk.unmark(t_us))>"×"</button>
                </li>
            }
        });
        rows.collect_view().into_any()
    };
    let name = NodeRef::<leptos::html::Input>::new();
    let mark = move || {
        if let Some(input) = name.get_untracked() {
            desk.mark(&input.value());
            input.set_value("");
        }
    };
    view! {
        <h2>"Markers"</h2>
        <ul class="history-list">{dynamic(rows)}</ul>
        <form class="history-form" on:submit=move |event| { event.prevent_default(); mark() }>
            <input
                node_ref=name
                type="text"
                maxlength="60"
                aria-label="Name of this moment"
                placeholder="name this moment"
                data-testid="marker-name"
            />
            <button class="tool" data-testid="add-marker">"Mark"</button>
        </form>
    }
    .into_any()
}
