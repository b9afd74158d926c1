//! What a text may begin with: what is open, an example, something small, a draft, a file.

use js_sys::Array;
use leptos::prelude::*;
use wasm_bindgen::closure::Closure;

use super::editing::Editing;
use super::text::{LIBRARY, call};
use crate::app::Session;
use crate::edit::{Kind, SMALL_SCENARIO, formatted, lesson_on};
use crate::language::{known, say, tr};
use crate::lesson::{LessonSummary, parse_index};
use crate::page::files;
use crate::page::html::Html;
use crate::page::parts::{choice, option};
use crate::page::script;
use crate::scenario::library;
use crate::scenario::saved::scenario_text;

/// The text of what is open now; something small where there is none, as with the log of another system.
pub fn what_is_open(session: Session, kind: Kind) -> String {
    let source = Some(session.source()).filter(|source| !source.is_empty());
    let scenario = source.unwrap_or_else(|| SMALL_SCENARIO.to_owned());
    match kind {
        Kind::Scenario => scenario,
        Kind::Lesson => session.own_lesson().unwrap_or_else(|| lesson_on(&scenario)),
    }
}

/// The choice of a beginning.
pub fn beginnings(editing: Editing) -> AnyView {
    let lessons = RwSignal::new(Vec::<LessonSummary>::new());
    leptos::task::spawn_local(async move {
        let index = files::text("lessons/index.json").await;
        if let Ok(all) = index.and_then(|json| parse_index(&json)) {
            let _ = lessons.try_set(all);
        }
    });
    let options = move |html: &mut Html| {
        editing.changed.track();
        let kind = editing.kind.get();
        option(html, "", say("Start with…"), true);
        let group = |html: &mut Html, label: &str, rows: &[(String, String)]| {
            if rows.is_empty() {
                return;
            }
            html.open("optgroup", "label", label);
            for (value, words) in rows {
                option(html, value, words, false);
            }
            html.close("optgroup");
        };
        let row = |value: &str, words: &str| (value.to_owned(), words.to_owned());
        let here = match kind {
            Kind::Scenario => vec![
                row("open", say("The open scenario")),
                row("recorded", say("The open scenario with your commands")),
                row("small", say("A minimal scenario: two executors, one job")),
                row("file", say("A file…")),
            ],
            Kind::Lesson => vec![
                row("small", say("An empty lesson on the open scenario")),
                row("file", say("A file…")),
            ],
        };
        group(html, say("Start"), &here);
        let drafts = editing.drafts();
        let drafts: Vec<_> = drafts
            .iter()
            .map(|draft| {
                let title = if draft.title.is_empty() {
                    say("untitled")
                } else {
                    &draft.title
                };
                let title = match draft.kind() {
                    Some(Kind::Lesson) => tr!("{} (lesson)", title),
                    _ => tr!("{} (scenario)", title),
                };
                (["draft:", &draft.id.to_string()].concat(), title)
            })
            .collect();
        group(html, say("Drafts"), &drafts);
        let examples: Vec<_> = match kind {
            Kind::Scenario => library()
                .iter()
                .map(|one| (["library:", one.name].concat(), known(one.title)))
                .collect(),
            Kind::Lesson => lessons.with(|all| {
                let row =
                    |one: &LessonSummary| (["lesson:", &one.name].concat(), known(&one.title));
                all.iter().map(row).collect()
            }),
        };
        group(html, say("Examples"), &examples);
    };
    let choose = move |value: String| {
        begin_with(editing, &value);
        // The choice is of what to do, not of what is.
        editing
            .changed
            .update(|count| *count = count.wrapping_add(1));
        if let Ok(Some(element)) = document().query_selector("[data-testid=editor-begin]") {
            let _ = js_sys::Reflect::set(&element, &"value".into(), &"".into());
        }
    };
    choice(
        say("Start with"),
        "editor-begin",
        Box::new(options),
        Box::new(choose),
    )
}

fn begin_with(editing: Editing, value: &str) {
    let kind = editing.kind.get_untracked();
    let (what, name) = value.split_once(':').unwrap_or((value, ""));
    match what {
        "open" => editing.begin(kind, what_is_open(editing.session, kind)),
        "small" => editing.begin(kind, small(editing.session, kind)),
        "recorded" => recorded(editing),
        "file" => file(editing),
        "library" => {
            if let Some(entry) = library().into_iter().find(|one| one.name == name) {
                editing.begin(Kind::Scenario, entry.json.to_owned());
            }
        }
        "draft" => {
            let id = name.parse().unwrap_or(0);
            if let Some(draft) = editing.drafts().into_iter().find(|one| one.id == id) {
                editing.resume(draft);
            }
        }
        "lesson" => {
            let path = ["lessons/", name, ".json"].concat();
            leptos::task::spawn_local(async move {
                match files::text(&path).await {
                    Ok(text) if editing.said.try_get_untracked().is_some() => {
                        editing.begin(Kind::Lesson, text);
                    }
                    Ok(_) => {}
                    Err(problem) => {
                        let _ = editing.said.try_set(problem);
                    }
                }
            });
        }
        _ => {}
    }
}

/// The run with all that was done in it by hand.
fn recorded(editing: Editing) {
    let title = editing.session.ui.title.get_untracked();
    match editing.session.read(|player| player.recorded(&title)) {
        Ok(recording) => {
            editing.begin(Kind::Scenario, formatted(&recording.json()));
            editing.said.set(recording.in_words().join(" "));
        }
        Err(problem) => editing.said.set(problem),
    }
}

fn small(session: Session, kind: Kind) -> String {
    match kind {
        Kind::Scenario => SMALL_SCENARIO.to_owned(),
        Kind::Lesson => {
            let source = Some(session.source()).filter(|source| !source.is_empty());
            lesson_on(&source.unwrap_or_else(|| SMALL_SCENARIO.to_owned()))
        }
    }
}

fn file(editing: Editing) {
    let chosen = Closure::once_into_js(move |text: String, name: String| {
        if editing.said.try_get_untracked().is_none() {
            return;
        }
        // Of a saved run its scenario is edited.
        let text = match text.contains("\"run_format\"") {
            true => scenario_text(&text).map(str::to_owned).unwrap_or(text),
            false => text,
        };
        editing.begin(Kind::of_text(&text), text);
        editing.said.set(tr!("Opened: {}.", name));
    });
    let library = script::global(LIBRARY).unwrap_or_default();
    call(&library, "file", &Array::of1(&chosen));
}

/// Gives a text as a file.
pub fn save(name: &str, text: &str) {
    let library = script::global(LIBRARY).unwrap_or_default();
    call(&library, "save", &Array::of2(&name.into(), &text.into()));
}
