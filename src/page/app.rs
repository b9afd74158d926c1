//! The whole page: puts the parts side by side and starts a run at once.

use leptos::ev;
use leptos::prelude::*;

use super::commands::{Commands, Forms};
use super::desk::Desk;
use super::dock::Dock;
use super::help::Help;
use super::parts::{live, press, rows, text};
use super::screen::Part;
use super::side::Side;
use super::splitter::{self, Splitter};
use super::stage::Stage;
use super::theme::watch_device;
use super::top_bar::TopBar;
use super::transport::Transport;
use super::{address, api, failure, keys, lesson};
use crate::language::say;
use crate::scenario;

/// Where a scenario of the library opens, in µs: late enough that there is something to see.
pub const OPENING_US: u64 = 1_500_000;

/// The page.
#[component]
pub fn App() -> impl IntoView {
    told(None)
}

/// The page, with something that it says at first.
pub fn told(words: Option<String>) -> AnyView {
    let first = scenario::library().into_iter().next();
    let desk = match first {
        Some(entry) => Desk::new(entry.json).map_err(|errors| errors.to_string()),
        None => Err("the library of scenarios is empty".to_owned()),
    };
    match desk {
        Ok(desk) => {
            let page = page(desk).into_any();
            if let Some(words) = words {
                desk.notices.warn(words);
            }
            page
        }
        Err(problem) => {
            failure::report(&problem);
            ().into_any()
        }
    }
}

fn page(desk: Desk) -> impl IntoView {
    let forms = Forms::new();
    provide_context(desk);
    provide_context(forms);
    api::install(desk);
    keys::install(desk, forms);
    pause_while_hidden(desk);
    watch_device(desk.screen.colours);
    desk.seek(OPENING_US);
    let still = prefers_still();
    desk.scene.update_value(|scene| scene.still = still);
    // What the address asks for also says whether time goes on.
    if !address::follow(desk) && !still {
        desk.play();
    }
    let part = move || match desk.screen.part.get() {
        Part::Stage => "stage",
        Part::Dock => "dock",
        Part::Side => "side",
    };
    let language = desk.screen.language;
    view! {
        <div
            class="page"
            data-testid="page"
            data-part=part
            data-closed=live(move || desk.screen.closed.get())
            class:sheet-open=move || desk.screen.sheet.get()
            class:still=still
            class:lesson-open=move || desk.screen.lessons.open.with(Option::is_some)
            class:projector=move || desk.screen.lessons.presenting.get()
        >
            {rows(move || vec![(language.get(), 0)], |_| inside())}
        </div>
    }
}

/// All that the page shows: made anew when its language changes.
fn inside() -> AnyView {
    let screen = expect_context::<Desk>().screen;
    let share = screen.dock_share;
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
            {text(move || screen.said.get())}
        </p>
    }
    .into_any()
}

/// A phone's way between the parts; wide screens show them all and hide this.
#[component]
fn Views() -> impl IntoView {
    let screen = expect_context::<Desk>().screen;
    let go = move |part: Part, id: &'static str, words: &'static str| {
        view! {
            <button
                class="view-tab"
                data-testid=id
                aria-pressed=live(move || (screen.part.get() == part && !screen.sheet.get()).to_string())
                on:click=press(move || {
                    screen.part.set(part);
                    screen.sheet.set(false);
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
                aria-expanded=live(move || screen.sheet.get().to_string())
                on:click=press(move || screen.sheet.update(|open| *open = !*open))
            >
                {say("Commands")}
            </button>
        </nav>
    }
    .into_any()
}

/// Whether the person asked their device for less motion.
fn prefers_still() -> bool {
    let query = window().match_media("(prefers-reduced-motion: reduce)");
    query.ok().flatten().is_some_and(|query| query.matches())
}

/// Nobody watches a hidden tab: it pauses, and goes on if it was going.
fn pause_while_hidden(desk: Desk) {
    let resume = StoredValue::new(false);
    let handle = window_event_listener(ev::visibilitychange, move |_| {
        if document().visibility_state() == web_sys::VisibilityState::Hidden {
            resume.set_value(desk.screen.playing.get_untracked());
            desk.pause();
        } else if resume.get_value() {
            resume.set_value(false);
            desk.play();
        }
    });
    on_cleanup(move || handle.remove());
}
