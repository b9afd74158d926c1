//! The glossary in the panel: the same file as in the docs.

use leptos::prelude::*;
use wasm_bindgen::JsCast;

use crate::app::open_lesson::OpenLesson;
use crate::language::{known, say};
use crate::lesson::glossary::{GlossaryEntry, entries};
use crate::page::files;
use crate::page::html::Html;
use crate::page::parts::{dynamic, press};

const FILE: &str = "glossary.md";

/// All terms, with the one that was asked for in sight.
pub fn glossary(course: OpenLesson) -> AnyView {
    let loaded = RwSignal::new(None::<Result<Vec<GlossaryEntry>, String>>);
    leptos::task::spawn_local(async move {
        let read = files::text(FILE).await.map(|text| entries(&text));
        let _ = loaded.try_set(Some(read));
    });
    let body = move || match loaded.get() {
        None => {
            view! { <p class="dim" role="status">{say("Loading the glossary…")}</p> }.into_any()
        }
        Some(Err(problem)) => view! { <p role="alert">{problem}</p> }.into_any(),
        Some(Ok(all)) => {
            let term = course.term.get_untracked().unwrap_or_default();
            request_animation_frame(move || reveal(&term));
            view! { <dl class="glossary" data-testid="glossary" inner_html=written(&all)></dl> }
                .into_any()
        }
    };
    view! {
        <header class="lesson-head">
            <h2 class="lesson-title">{say("Glossary")}</h2>
            <button
                class="tool"
                data-testid="glossary-close"
                on:click=press(move || course.term.set(None))
            >
                {say("Back")}
            </button>
        </header>
        {dynamic(body)}
    }
    .into_any()
}

fn written(all: &[GlossaryEntry]) -> String {
    let mut html = Html::default();
    for entry in all {
        html.open("div", "id", &["term-", &entry.slug].concat());
        html.leaf("dt", "", &known(&entry.term));
        for paragraph in &entry.text {
            let source = paragraph.starts_with("Source");
            html.leaf("dd", if source { "dim" } else { "" }, &known(paragraph));
        }
        html.close("div");
    }
    html.into_string()
}

/// Marks a term and brings it into sight.
fn reveal(term: &str) {
    let Some(entry) = document().get_element_by_id(&["term-", term].concat()) else {
        return;
    };
    let _ = entry.class_list().add_1("asked");
    let room = entry.closest(".lesson").ok().flatten();
    if let (Some(room), Some(entry)) = (room, entry.dyn_ref::<web_sys::HtmlElement>()) {
        room.set_scroll_top(entry.offset_top() - 60);
    }
}
