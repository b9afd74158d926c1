//! The whole page: puts the parts side by side and starts a run at once.

use leptos::ev;
use leptos::prelude::*;

use super::commands::{Commands, Forms};
use super::dock::Dock;
use super::help::Help;
use super::parts::{live, press, rows, text};
use super::side::Side;
use super::splitter::{self, Splitter};
use super::stage::Stage;
use super::theme::watch_device;
use super::top_bar::TopBar;
use super::transport::Transport;
use super::{address, api, browser, edit, failure, keys, lesson};
use crate::app::{OPENING_US, Part, Session};
use crate::language::say;
use crate::scenario;

/// The page.
#[component]
pub fn App() -> impl IntoView {
    told(None)
}

/// The page, with something that it says at first.
pub fn told(words: Option<String>) -> AnyView {
    let first = scenario::library().into_iter().next();
    let session = match first {
        Some(entry) => browser::start(entry.json).map_err(|errors| errors.to_string()),
        None => Err("the library of scenarios is empty".to_owned()),
    };
    match session {
        Ok(session) => {
            let page = page(session).into_any();
            if let Some(words) = words {
                session.notices.warn(words);
            }
            page
        }
        Err(problem) => {
            failure::report(&problem);
            ().into_any()
        }
    }
}

fn page(session: Session) -> impl IntoView {
    let forms = Forms::new();
    provide_context(forms);
    api::install(session);
    edit::install(session);
    keys::install(session, forms);
    pause_while_hidden(session);
    watch_device(session.ui.colours);
    session.seek(OPENING_US);
    let still = session.ui.still.get_untracked();
    // What the address asks for also says whether time goes on.
    if !address::follow(session) && !still {
        session.play();
    }
    let part = move || match session.ui.part.get() {
        Part::Stage => "stage",
        Part::Dock => "dock",
        Part::Side => "side",
    };
    let language = session.ui.language;
    view! {
        <div
            class="page"
            data-testid="page"
            data-part=part
            data-closed=live(move || session.ui.closed.get())
            class:sheet-open=move || session.ui.sheet.get()
            class:still=still
            class:lesson-open=move || session.ui.lessons.open.with(Option::is_some)
            class:projector=move || session.ui.lessons.presenting.get()
            class:predicting=move || session.ui.lessons.predicting.get()
        >
            {rows(move || vec![(language.get(), 0)], |_| inside())}
        </div>
    }
}

/// All that the page shows: made anew when its language changes.
fn inside() -> AnyView {
    let ui = expect_context::<Session>().ui;
    let share = ui.dock_share;
    view! {
        <TopBar />
        <Views />
        <main class="main">
            <Commands />
            <div
                class="middle"
                class:dock-only=move || share.get() == 100
                style:--dock-share=move || splitter::style(share.get())
            >
                <Stage />
                <Splitter share=share />
                <Dock />
            </div>
            {lesson::place()}
            <Side />
        </main>
        <Transport />
        <Help />
        <p class="visually-hidden" role="status" aria-live="polite" data-testid="live">
            {text(move || ui.announcement.get())}
        </p>
    }
    .into_any()
}

/// A phone's way between the parts; wide screens show them all and hide this.
#[component]
fn Views() -> impl IntoView {
    let ui = expect_context::<Session>().ui;
    let go = move |part: Part, id: &'static str, words: &'static str| {
        view! {
            <button
                class="view-tab"
                data-testid=id
                aria-pressed=live(move || (ui.part.get() == part && !ui.sheet.get()).to_string())
                on:click=press(move || {
                    ui.part.set(part);
                    ui.sheet.set(false);
                })
            >
                {words}
            </button>
        }
    };
    view! {
        <nav class="views" aria-label=say("Parts of the page")>
            {go(Part::Stage, "view-stage", say("Stage"))}
            {go(Part::Dock, "view-dock", say("Views"))}
            {go(Part::Side, "view-side", say("Inspect"))}
            <button
                class="view-tab act"
                data-testid="view-commands"
                aria-expanded=live(move || ui.sheet.get().to_string())
                on:click=press(move || ui.sheet.update(|open| *open = !*open))
            >
                {say("Commands")}
            </button>
        </nav>
    }
    .into_any()
}

/// Nobody watches a hidden tab: it pauses, and goes on if it was going.
fn pause_while_hidden(session: Session) {
    let resume = StoredValue::new(false);
    let handle = window_event_listener(ev::visibilitychange, move |_| {
        if document().visibility_state() == web_sys::VisibilityState::Hidden {
            resume.set_value(session.ui.playing.get_untracked());
            session.pause();
        } else if resume.get_value() {
            resume.set_value(false);
            session.play();
        }
    });
    on_cleanup(move || handle.remove());
}
