//! Links that treat messages badly, and groups that cannot reach each other.

use leptos::prelude::*;

use super::{Forms, choice, field};
use crate::app::Session;
use crate::engine::command::Action;
use crate::language::{say, say_as, tr};
use crate::page::parts::{dynamic, press};

/// Degrade and restore links, split and unite groups.
pub fn network() -> AnyView {
    let session = expect_context::<Session>();
    let forms = expect_context::<Forms>();
    view! {
        <div class="fields even">
            {end_of_link(say("From"), "link-from", forms.link_from, from)}
            {end_of_link(say("To"), "link-to", forms.link_to, to)}
        </div>
        <div class="fields even">
            {field(say("Lost messages; 100 cuts the link in this direction"), "link-loss", forms.loss, say("% lost"))}
            {field(say("Duplicated messages"), "link-duplicate", forms.duplicate, say("% duplicated"))}
        </div>
        <div class="fields even">
            {field(say("Reordered messages"), "link-reorder", forms.reorder, say("% reordered"))}
            {field(say("Delay added to the latency"), "link-delay", forms.delay_ms, say("ms delay"))}
        </div>
        <div class="pair">
            <button class="wide" data-testid="degrade" on:click=press(move || forms.degrade(session))>{say_as("command", "Degrade")}</button>
            <button class="wide" data-testid="restore-link" on:click=press(move || forms.restore(session))>{say_as("command", "Restore")}</button>
        </div>
        <button
            class="wide"
            data-testid="forge-clock"
            title=say("The next message on this link will claim more events of its receiver than the receiver has recorded")
            on:click=press(move || forms.forge_clock(session))
        >
            {say("Forge next clock")}
        </button>
        {field(say("One side of a split, separated by commas"), "split-group", forms.group, "")}
        <div class="pair">
            <button
                class="wide"
                data-testid="split"
                title=say("No messages pass between these processes and all others")
                on:click=press(move || forms.split(session))
            >
                {say_as("command", "Split")}
            </button>
            <button
                class="wide"
                data-testid="unite"
                on:click=press(move || {
                    session.act(Action::Unite {});
                })
            >
                {say_as("command", "Unite")}
            </button>
        </div>
    }
    .into_any()
}

fn from(name: Option<&str>) -> String {
    match name {
        None => say("From all").to_owned(),
        Some(name) => tr!("From {name}", name),
    }
}

fn to(name: Option<&str>) -> String {
    match name {
        None => say("To all").to_owned(),
        Some(name) => tr!("To {name}", name),
    }
}

/// Whose messages, or whom they are for.
fn end_of_link(
    label: &'static str,
    id: &'static str,
    value: RwSignal<String>,
    words: fn(Option<&str>) -> String,
) -> AnyView {
    let session = expect_context::<Session>();
    let options = move || {
        let names = session.ui.keys.with(|keys| {
            let name = |&(_, index): &(u32, u32)| session.name(index as u16);
            keys.iter().map(name).collect::<Vec<_>>()
        });
        let everybody = choice(value, "*".to_owned(), words(None));
        let each = names.into_iter().map(|name| {
            let words = words(Some(&name));
            choice(value, name, words)
        });
        std::iter::once(everybody)
            .chain(each)
            .collect_view()
            .into_any()
    };
    view! {
        <label class="field" title=label>
            <select data-testid=id aria-label=label on:change:target=move |event| value.set(event.target().value())>
                {dynamic(options)}
            </select>
        </label>
    }
    .into_any()
}
