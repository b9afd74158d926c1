//! The top bar: which scenario, which emergency, theme and help.

use leptos::prelude::*;

use super::panels::panels;
use super::parts::{live, press, text, when};
use super::share;
use super::theme::Theme;
use super::words::{clock_short, level_class};
use super::{language, lesson};
use crate::app::Session;
use crate::edit::Kind;
use crate::engine::emergency::Level;
use crate::language::{known, say, tr};
use crate::scenario;

/// The top bar.
#[component]
pub fn TopBar() -> impl IntoView {
    let session = expect_context::<Session>();
    let theme = RwSignal::new(Theme::recalled());
    let next_theme = move |_| {
        theme.update(|theme| *theme = theme.next());
        theme.get_untracked().apply();
        session.ui.colours.update(|count| *count += 1);
    };
    view! {
        <header class="top-bar">
            <h1 class="brand">
                <span class="brand-mark" aria-hidden="true">"◆"</span>
                "Triage"
            </h1>
            <ScenarioPicker />
            {edit_button(session)}
            <EmergencyLine />
            <div class="top-tools">
                {share::share()}
                {lesson::button()}
                {panels()}
                {language::choice()}
                <button
                    class="tool"
                    data-testid="theme"
                    aria-label=live(move || tr!("Theme: {theme}", theme = say(theme.get().name())))
                    title=say("Theme: auto, light, dark")
                    on:click=next_theme
                >
                    <span class="theme-mark" data-theme-choice=live(move || theme.get().name()) aria-hidden="true"></span>
                    <span class="tool-word">{text(move || say(theme.get().name()))}</span>
                </button>
                <button
                    class="tool"
                    data-testid="help"
                    aria-label=say("Help")
                    title=say("Help (?)")
                    on:click=press(move || session.ui.help.set(true))
                >
                    "?"
                </button>
            </div>
        </header>
    }
    .into_any()
}

/// Beside the choice of scenarios, what writes one.
fn edit_button(session: Session) -> AnyView {
    let open = move || session.open_editor(Kind::Scenario);
    view! {
        <button class="tool edit-button" data-testid="edit" title=say("Edit this scenario, or write a new one") on:click=press(open)>
            {say("Edit")}
        </button>
    }
    .into_any()
}

#[component]
fn ScenarioPicker() -> impl IntoView {
    let session = expect_context::<Session>();
    let chosen = session.ui.library_index;
    let options = scenario::library()
        .into_iter()
        .enumerate()
        .map(|(index, entry)| {
            view! {
                <option value=index.to_string() selected=move || chosen.get() == Some(index)>
                    {known(entry.title)}
                </option>
            }
        });
    let options = options.collect_view();
    view! {
        <label class="picker">
            <span class="visually-hidden">{say("Scenario")}</span>
            <select
                data-testid="scenario"
                title=live(move || known(&session.ui.description.get()))
                on:change:target=move |event| {
                    if let Ok(index) = event.target().value().parse::<usize>() {
                        session.load_library(index);
                    }
                }
            >
                {options}
                {when(
                    move || chosen.get().is_none(),
                    move || view! { <option value="" selected=true>{text(move || known(&session.ui.title.get()))}</option> },
                )}
            </select>
        </label>
    }
    .into_any()
}

/// The most severe active emergency in words, and how many others there are.
#[component]
fn EmergencyLine() -> impl IntoView {
    let emergencies = expect_context::<Session>().ui.emergencies;
    let level = move || {
        let highest = emergencies.with(|all| all.iter().map(|one| one.level).max());
        level_class(highest.unwrap_or(Level::None))
    };
    let words = move || {
        emergencies.with(|all| {
            let Some(worst) = all.iter().rev().max_by_key(|one| one.level) else {
                return say("no emergency").to_owned();
            };
            let mut words = format!("{} · {}", worst.level.name(), worst.kind);
            if let Some(place) = &worst.place {
                words.push_str(" · ");
                words.push_str(place);
            }
            words.push_str(" · ");
            words.push_str(&tr!("since {time}", time = clock_short(worst.declared_us)));
            if all.len() > 1 {
                words.push_str(" · ");
                words.push_str(&tr!("+{count} more", count = all.len() - 1));
            }
            words
        })
    };
    view! {
        <p class="emergency-line" data-testid="emergency-line" data-level=level>
            <span class="level-mark" aria-hidden="true"></span>
            <span class="emergency-words">{text(words)}</span>
        </p>
    }
    .into_any()
}
