//! As whom a person gives commands. The engine decides what that allows; here it is only said.

use leptos::prelude::*;

use crate::app::Session;
use crate::app::preferences;
use crate::engine::access::Role;
use crate::language::{say, tr};
use crate::page::html::Html;
use crate::page::parts::{choice, option, text};
use crate::page::storage;

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
    let session = expect_context::<Session>();
    let options = move |html: &mut Html| {
        session.ui.title.track();
        let (chosen, _) = session.actor();
        for role in Role::ALL {
            let name = role.name();
            option(html, name, in_words(role), chosen == name);
        }
        session.read(|player| {
            for principal in &player.scenario().principals {
                let name = &*principal.name;
                let words = tr!("{name}, {role}", name, role = in_words(principal.role));
                option(html, name, &words, chosen == name);
            }
        });
    };
    let choose = move |name: String| {
        storage::remember(preferences::ACTING, &name);
        session.ui.acting.set(name);
    };
    let may = move || {
        session.ui.title.track();
        match session.actor().1 {
            Role::Observer => say("can only watch"),
            Role::Operator => say("can submit normal jobs and add or drain executors"),
            Role::Dispatcher => {
                say("has the permissions of an operator and can submit emergency jobs")
            }
            Role::Commander => say("can do everything"),
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
