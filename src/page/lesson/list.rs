//! The list of lessons, with how far somebody has come.

use leptos::prelude::*;

use crate::app::Session;
use crate::app::open_lesson::stored_progress;
use crate::language::{self, say, tr};
use crate::lesson::progress::Progress;
use crate::lesson::{LessonSummary, parse_index};
use crate::page::files;
use crate::page::parts::{dynamic, press};

/// The file that lists them.
const INDEX: &str = "lessons/index.json";

/// The list, once it is loaded.
pub fn list() -> AnyView {
    let session = expect_context::<Session>();
    let loaded = RwSignal::new(None::<Result<Vec<LessonSummary>, String>>);
    let fetch = move || {
        leptos::task::spawn_local(async move {
            let read = files::text(INDEX).await.and_then(|json| parse_index(&json));
            let _ = loaded.try_set(Some(read));
        });
    };
    fetch();
    dynamic(move || match loaded.get() {
        None => view! { <p class="dim" role="status">{say("Loading the lessons…")}</p> }.into_any(),
        Some(Err(problem)) => view! {
            <p role="alert">{problem}</p>
            <button class="tool" on:click=press(fetch)>{say("Try again")}</button>
        }
        .into_any(),
        Some(Ok(all)) => {
            let stored = stored_progress(session);
            let row = |listed: LessonSummary| {
                let known = stored.iter().find(|one| one.name == listed.name);
                row(session, listed, known)
            };
            let rows: Vec<AnyView> = all.into_iter().map(row).collect();
            view! { <ul class="lesson-list" data-testid="lesson-list">{rows}</ul> }.into_any()
        }
    })
}

/// A button that leads on to the lesson after another; nothing after the last one.
pub fn next(session: Session, name: String) -> AnyView {
    let following = RwSignal::new(None::<LessonSummary>);
    leptos::task::spawn_local(async move {
        let read = files::text(INDEX).await.and_then(|json| parse_index(&json));
        let all = read.unwrap_or_default().into_iter();
        let found = all.skip_while(|one| one.name != name).nth(1);
        let _ = following.try_set(found);
    });
    dynamic(move || {
        let Some(listed) = following.get() else {
            return ().into_any();
        };
        let title = language::known(&listed.title);
        view! {
            <p>
                <button
                    class="tool primary"
                    data-testid="lesson-following"
                    on:click=press(move || session.open_lesson(&listed.name))
                >
                    {tr!("Next lesson: {title}", title)}
                </button>
            </p>
        }
        .into_any()
    })
}

fn row(session: Session, listed: LessonSummary, known: Option<&Progress>) -> AnyView {
    let state = state(&listed, known);
    let is_done = known.is_some_and(|one| one.best.is_some());
    let id = ["lesson-", &listed.name].concat();
    let name = listed.name;
    let length = tr!("{minutes} min", minutes = listed.minutes);
    view! {
        <li>
            <button
                class="lesson-row"
                class:done=is_done
                data-testid=id
                on:click=press(move || session.open_lesson(&name))
            >
                <b>{language::known(&listed.title)}</b>
                <span class="dim">{language::known(&listed.about)}</span>
                <span class="lesson-state"><span>{state}</span><span class="dim">{length}</span></span>
            </button>
        </li>
    }
    .into_any()
}

fn state(listed: &LessonSummary, known: Option<&Progress>) -> String {
    let under_way = known.filter(|one| one.step > 0);
    let finished = known.and_then(|one| one.best);
    match (under_way, finished) {
        (Some(one), _) => {
            let (step, all) = (one.step + 1, listed.steps);
            tr!("At step {step} of {all}", step, all)
        }
        (None, Some((right, all))) => tr!("✓ Finished, {right} of {all} right", right, all),
        (None, None) => {
            let (steps, questions) = (listed.steps, listed.questions);
            tr!("{steps} steps, {questions} questions", steps, questions)
        }
    }
}
