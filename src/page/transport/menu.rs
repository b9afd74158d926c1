//! The menu of branches, named moments and files.

use leptos::prelude::*;

use crate::analysis::export::Format;
use crate::app::Session;
use crate::edit::Kind;
use crate::language::{known, say, say_as, tr};
use crate::page::parts::{dynamic, press, text};
use crate::page::words;

/// Letters of a title.
const TITLE_MAX: usize = 80;

/// The menu.
pub fn menu() -> AnyView {
    let session = expect_context::<Session>();
    view! {
        <section
            class="history-menu panel"
            id="history-menu"
            data-testid="history-menu"
            aria-label=say("Branches and markers")
        >
            <Branches />
            <Markers />
            <h2>{say("This run")}</h2>
            <p class="dim keeps-yes">{say("The run is saved in this browser after the first command.")}</p>
            <p class="dim keeps-embedded">{say("Not saved: this page is embedded in another one. Save the run as a file, or open it in its own window.")}</p>
            <p class="dim keeps-no">{say("Not saved: this browser does not allow storage here. Save the run as a file.")}</p>
            <div class="history-form">
                <button class="tool" data-testid="save-file" data-file="save">{say("Save as file")}</button>
                <button class="tool" data-testid="open-file" data-file="open">{say("Open file")}</button>
                <button class="tool" data-testid="import-file" data-file="import">{say("Import log or alerts")}</button>
            </div>
            <div class="history-form">
                <button
                    class="tool"
                    data-testid="edit-scenario"
                    on:click=press(move || session.open_editor(Kind::Scenario))
                >
                    {say("Edit the scenario")}
                </button>
            </div>
            <Recorded />
            <h2>{say("Export up to the cursor")}</h2>
            <ul class="history-list" data-testid="exports">{exports()}</ul>
            <MermaidRange />
            <h2>{say("Figures, on white")}</h2>
            <p class="dim" role="alert" data-testid="file-problem"></p>
            <div class="history-form">{figures("stage", [say("Stage as SVG"), say("Stage as PNG")])}</div>
            <div class="history-form">{figures("view", [say("Open view as SVG"), say("Open view as PNG")])}</div>
            <div class="history-form">
                <button class="tool" data-testid="handout" data-file="handout">{say("Print a handout")}</button>
            </div>
        </section>
    }
    .into_any()
}

/// A file for each format; `public/keep.js` writes it.
fn exports() -> Vec<AnyView> {
    let says = |format| match format {
        Format::Ndjson => (say("Trace"), say("every event, NDJSON")),
        Format::Shiviz => (say("ShiViz log"), say("vector clocks")),
        Format::Chrome => (say("Chrome trace"), say("opens in Perfetto")),
        Format::Mermaid => (say("Mermaid diagram"), say("the first 60 events")),
        Format::Csv => (say("Metrics"), say("metrics, CSV")),
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
fn figures(part: &'static str, [svg, png]: [&'static str; 2]) -> AnyView {
    let one = |kind: &'static str, words: &'static str| {
        let id = [part, "-", kind].concat();
        view! { <button class="tool" data-testid=id.clone() data-file=id>{words}</button> }
    };
    view! { {one("svg", svg)} {one("png", png)} }.into_any()
}

/// The span of a Mermaid diagram: at first the second around the cursor.
#[component]
fn MermaidRange() -> impl IntoView {
    let session = expect_context::<Session>();
    let now_s = session.ui.now_us.get_untracked() / 1e6;
    let seconds = |s: f64| format!("{:.1}", s.max(0.0));
    let input = |id: &'static str, words: &'static str, value: String| {
        view! {
            <input type="number" min="0" step="0.1" aria-label=words data-testid=id value=value />
        }
    };
    view! {
        <div class="history-form">
            {input("mermaid-from", say("Diagram from, in seconds"), seconds(now_s - 0.5))}
            <span class="dim">{say_as("a span of time", "to")}</span>
            {input("mermaid-to", say("Diagram to, in seconds"), seconds(now_s + 0.5))}
            <button class="tool" data-testid="mermaid-range" data-file="mermaid-range">{say("s: Mermaid")}</button>
        </div>
    }
    .into_any()
}

#[component]
fn Branches() -> impl IntoView {
    let session = expect_context::<Session>();
    let rows = move || {
        let all = session.ui.branches.get();
        let rows = all.into_iter().map(|branch| {
            let id = branch.id;
            let acts = match branch.acts {
                0 => say("no commands").to_owned(),
                acts => tr!("{n} command" | "{n} commands" % acts),
            };
            view! {
                <li>
                    <button
                        class="history-row"
                        data-testid=format!("branch-{id}")
                        aria-pressed=branch.is_current.to_string()
                        on:click=press(move || session.switch_branch(id))
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
            session.rename_branch(&input.value());
            input.set_value("");
        }
    };
    view! {
        <h2>{say("Branches")}</h2>
        <p class="dim">{say("A command in the past starts a new branch. The old branch is kept.")}</p>
        <ul class="history-list">{dynamic(rows)}</ul>
        <form class="history-form" on:submit=move |event| { event.prevent_default(); rename() }>
            <input
                node_ref=name
                type="text"
                maxlength="60"
                aria-label=say("New name of the current branch")
                placeholder=say("rename this branch")
                data-testid="branch-name"
            />
            <button class="tool" data-testid="rename-branch">{say("Rename")}</button>
        </form>
    }
    .into_any()
}

#[component]
fn Markers() -> impl IntoView {
    let session = expect_context::<Session>();
    let rows = move || {
        let all = session.ui.marks.with(|marks| marks.named.clone());
        let rows = all.into_iter().map(|(t_us, name)| {
            let forget = tr!("Remove marker {}", name);
            view! {
                <li class="history-marker">
                    <button class="history-row" on:click=press(move || session.seek(t_us))>
                        <span class="history-name">{name}</span>
                        <span class="dim">{words::clock(t_us as f64)}</span>
                    </button>
                    <button class="tool" aria-label=forget on:click=press(move || session.unmark(t_us))>"×"</button>
                </li>
            }
        });
        rows.collect_view().into_any()
    };
    let name = NodeRef::<leptos::html::Input>::new();
    let mark = move || {
        if let Some(input) = name.get_untracked() {
            session.mark(&input.value());
            input.set_value("");
        }
    };
    view! {
        <h2>{say("Markers")}</h2>
        <ul class="history-list">{dynamic(rows)}</ul>
        <form class="history-form" on:submit=move |event| { event.prevent_default(); mark() }>
            <input
                node_ref=name
                type="text"
                maxlength="60"
                aria-label=say("Name of this moment")
                placeholder=say("name this moment")
                data-testid="marker-name"
            />
            <button class="tool" data-testid="add-marker">{say_as("a moment", "Mark")}</button>
        </form>
    }
    .into_any()
}

/// What was done by hand as a scenario of its own; `public/keep.js` writes the file.
#[component]
fn Recorded() -> impl IntoView {
    let session = expect_context::<Session>();
    let title = RwSignal::new(session.read(|player| {
        let title = &player.scenario().title;
        tr!("My {}", known(title))
            .chars()
            .take(TITLE_MAX)
            .collect::<String>()
    }));
    let said = RwSignal::new(Vec::<String>::new());
    let open = move || {
        let recorded = session.read(|player| player.recorded(&title.get_untracked()));
        let opened = recorded.and_then(|recording| {
            session
                .load(&recording.json(), None)
                .map_err(|errors| errors.to_string())?;
            Ok(recording.in_words())
        });
        said.set(opened.unwrap_or_else(|problem| vec![problem]));
    };
    let check = move || {
        let recorded = session.read(|player| player.recorded(&title.get_untracked()));
        said.set(recorded.map_or_else(|problem| vec![problem], |recording| recording.in_words()));
    };
    view! {
        <h2>{say("Save your commands as a scenario")}</h2>
        <p class="dim">{say("The scenario contains its own commands and yours on this branch, at their times.")}</p>
        <div class="history-form">
            <input
                type="text"
                maxlength=TITLE_MAX.to_string()
                aria-label=say("Title of the scenario")
                data-testid="record-title"
                prop:value=move || title.get()
                on:input:target=move |event| title.set(event.target().value())
            />
        </div>
        <div class="history-form">
            <button class="tool" data-testid="record-save" data-file="record" on:click=press(check)>
                {say_as("a scenario", "Save as file")}
            </button>
            <button class="tool" data-testid="record-open" on:click=press(open)>{say("Open scenario")}</button>
        </div>
        <p class="dim" role="status" data-testid="record-said">{text(move || said.with(|said| said.join(" ")))}</p>
    }
    .into_any()
}
