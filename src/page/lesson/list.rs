//! The list of lessons, with how far somebody has come.

use leptos::prelude::*;

use super::course::kept;
use super::load;
use crate::language;
use crate::lesson::progress::Progress;
use crate::lesson::{Listed, parse_index};
use crate::page::desk::Desk;
use crate::page::parts::{dynamic, press};

/// The file that lists them.
const INDEX: &str = "lessons/index.json";

/// The list, once it is loaded.
pub fn list() -> AnyView {
    let desk = expect_context::<Desk>();
    let loaded = RwSignal::new(None::<Result<Vec<Listed>, String>>);
    let fetch = move || {
        leptos::task::spawn_local(async move {
            let read = load::text(INDEX).await.and_then(|json| parse_index(&json));
            let _ = loaded.try_set(Some(read));
        });
    };
    fetch();
    dynamic(move || match loaded.get() {
        None => view! { <p class="dim" role="status">"Loading the lessons…"</p> }.into_any(),
        Some(Err(problem)) => view! {
            <p role="alert">{problem}</p>
            <button class="tool" on:click=press(fetch)>"Try again"</button>
        }
        .into_any(),
        Some(Ok(all)) => {
            let kept = kept();
            let row = |listed: Listed| {
                let known = kept.iter().find(|one| one.name == listed.name);
                row(desk, listed, known)
            };
            let rows: Vec<AnyView> = all.into_iter().map(row).collect();
            view! { <ul class="lesson-list" data-testid="lesson-list">{rows}</ul> }.into_any()
        }
    })
}

fn row(desk: Desk, listed: Listed, known: Option<&Progress>) -> AnyView {
    let state = state(&listed, known);
    let is_done = known.is_some_and(|one| one.best.is_some());
    let id = ["lesson-", &listed.name].concat();
    let name = listed.name;
    let length = [&listed.minutes.to_string(), " min"].concat();
    view! {
        <li>
            <button
                class="lesson-row"
                class:done=is_done
                data-testid=id
                on:click=press(move || desk.open_lesson(&name))
            >
                <b>{language::known(&listed.title)}</b>
                <span class="dim">{language::known(&listed.about)}</span>
                <span class="lesson-state"><span>{state}</span><span class="dim">{length}</span></span>
            </button>
        </li>
    }
    .into_any()
}

fn state(listed: &Listed, known: Option<&Progress>) -> String {
    let under_way = known.filter(|one| one.step > 0);
    let finished = known.and_then(|one| one.best);
    match (under_way, finished) {
        (Some(one), _) => {
            let step = (one.step + 1).to_string();
            ["At step ", &step, " of ", &listed.steps.to_string()].concat()
        }
        (None, Some((right, all))) => [
            "✓ Finished, ",
            &right.to_string(),
            " of ",
            &all.to_string(),
            " right",
        ]
        .concat(),
        (None, None) => {
            let questions = listed.questions.to_string();
            [
                &listed.steps.to_string(),
                " steps, ",
                &questions,
                " questions",
            ]
            .concat()
        }
    }
}
