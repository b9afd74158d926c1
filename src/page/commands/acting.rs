//! As whom a person gives commands. The engine decides what that allows; here it is only said.

use leptos::prelude::*;

use crate::engine::access::{Role, role_of};
use crate::language::{say, tr};
use crate::page::desk::Desk;
use crate::page::html::Html;
use crate::page::parts::{choice, option, text};
use crate::page::storage;

const NAME: &str = "triage.acting";

/// As whom somebody acted on the last visit; as the commander at first.
pub fn recalled() -> String {
    storage::recall(NAME).unwrap_or_else(|| Role::Commander.name().to_owned())
}

/// Who gives commands now, and in what role: whom was chosen, or the commander in a scenario that does not know them.
pub fn actor(desk: Desk) -> (String, Role) {
    let chosen = desk.screen.acting.get();
    let role = desk.with(|player| role_of(&chosen, &player.scenario().principals));
    match role {
        Some(role) => (chosen, role),
        None => (Role::Commander.name().to_owned(), Role::Commander),
    }
}

fn in_words(role: Role) -> &'static str {
    match role {
        Role::Observer => say("observer"),
        Role::Operator => say("operator"),
        Role::Dispatcher => say("dispatcher"),
        Role::Commander => say("commander"),
    }
}

/// The choice, at the top of the commands.
#[component]
pub fn Acting() -> impl IntoView {
    let desk = expect_context::<Desk>();
    let options = move |html: &mut Html| {
        desk.screen.title.track();
        let (chosen, _) = actor(desk);
        for role in Role::ALL {
            let name = role.name();
            option(html, name, in_words(role), chosen == name);
        }
        desk.with(|player| {
            for principal in &player.scenario().principals {
                let name = &*principal.name;
                let words = tr!("{name}, {role}", name, role = in_words(principal.role));
                option(html, name, &words, chosen == name);
            }
        });
    };
    let choose = move |name: String| {
        storage::remember(NAME, &name);
        desk.screen.acting.set(name);
    };
    let may = move || {
        desk.screen.title.track();
        match actor(desk).1 {
            Role::Observer => say("may only look on"),
            Role::Operator => say("may submit normal jobs, add and drain executors"),
            Role::Dispatcher => say("may do what an operator may, and submit emergency jobs"),
            Role::Commander => say("may do everything"),
        }
    };
    view! {
        <section class="group acting">
            <label class="field">
                <span class="field-label">{say("Acting as")}</span>
                {choice(say("Acting as"), "acting", Box::new(options), Box::new(choose))}
            </label>
            <p class="dim" data-testid="acting-may">{text(may)}</p>
        </section>
    }
    .into_any()
}
