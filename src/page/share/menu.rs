//! The link to what is on the screen, to be copied; where it would be too long, the file in its place.

use leptos::html::Input;
use leptos::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};

use super::open::lesson_in_link;
use crate::app::Session;
use crate::language::{say, tr};
use crate::page::clipboard::{page_address, to_clipboard};
use crate::page::language::in_link;
use crate::page::parts::{HERE, around, press, text};
use crate::page::words::clock;
use crate::scenario::link::{LINK_MAX, Offer};

/// What the button opens.
pub fn menu() -> AnyView {
    let session = expect_context::<Session>();
    let moment = clock(session.ui.now_us.get_untracked());
    let what = tr!(
        "The link contains the scenario, your commands, the moment {moment}, and what is selected.",
        moment = HERE
    );
    let lesson = lesson_in_link(session);
    let inside = match session.link(session.view_state()).map(|link| link.offer()) {
        Ok(Offer::Link { fragment, left_out }) => {
            let fragment = [&fragment, &*lesson, &in_link()].concat();
            match fragment.len() {
                length if length > LINK_MAX => too_long(length),
                _ => link(&fragment, left_out),
            }
        }
        Ok(Offer::TooLong(length)) => too_long(length),
        Err(reason) => view! { <p data-testid="share-length">{reason}</p> }.into_any(),
    };
    view! {
        <section class="share-menu panel" id="share-menu" data-testid="share-menu" aria-label=say("Share")>
            <h2>{say("Share the current state")}</h2>
            <p class="dim">{around(&what, view! { <b>{moment}</b> }.into_any())}</p>
            {(!lesson.is_empty()).then(|| view! {
                <p class="dim" data-testid="share-lesson">
                    {say("It also contains the lesson and its current step, but not your answers and selected events.")}
                </p>
            })}
            {inside}
        </section>
    }
    .into_any()
}

fn link(fragment: &str, left_out: usize) -> AnyView {
    let page = page_address();
    let snippet = [
        "<script src=\"",
        &script_address(&page),
        "\"></script>\n<triage-sim ",
        &fragment
            .trim_start_matches('#')
            .replace('=', "=\"")
            .replace('&', "\" "),
        "\"></triage-sim>",
    ]
    .concat();
    let mut length = tr!("{n} character after the address of the page."
        | "{n} characters after the address of the page." % fragment.len());
    if left_out > 0 {
        length.push(' ');
        length.push_str(&tr!(
            "It contains the current branch; one other branch does not fit."
                | "It contains the current branch; {n} other branches do not fit." % left_out
        ));
    }
    let said = RwSignal::new("");
    view! {
        {field(say("Link"), "share-link", "share-copy", [&page, fragment].concat(), said)}
        <p class="dim" data-testid="share-length">{length}</p>
        {field(say("Code to embed it in a page"), "share-embed", "share-copy-embed", snippet, said)}
        <p role="status" data-testid="share-said">{text(move || said.get())}</p>
        <p class="dim">{say("The link contains everything; nothing is sent to a server.")}</p>
    }
    .into_any()
}

fn too_long(length: usize) -> AnyView {
    let words = tr!(
        "A link to this run would have {length} characters, and mail programs and chats cut links that are longer than {most}. Save the run as a file instead: anyone who opens the file in this page sees the same.",
        length,
        most = LINK_MAX
    );
    view! {
        <p data-testid="share-length">{words}</p>
        <div class="share-row">
            <button class="tool" data-testid="share-file" data-file="save">{say("Save as file")}</button>
        </div>
        <p class="dim">{say("The file contains everything; nothing is sent to a server.")}</p>
    }
    .into_any()
}

/// A text to be copied, and the button that does it.
fn field(
    label: &'static str,
    id: &'static str,
    copy_id: &'static str,
    value: String,
    said: RwSignal<&'static str>,
) -> AnyView {
    let place = NodeRef::<Input>::new();
    let copy = move || {
        let Some(input) = place.get_untracked() else {
            return;
        };
        let by_hand = move |input: &web_sys::HtmlInputElement| {
            let _ = input.focus();
            input.select();
            said.set(say("Press Ctrl+C or ⌘C to copy the selected text."));
        };
        let Some(promise) = to_clipboard(&input.value()) else {
            return by_hand(&input);
        };
        spawn_local(async move {
            match JsFuture::from(promise).await {
                Ok(_) => said.set(say("Copied.")),
                Err(_) => by_hand(&input),
            }
        });
    };
    view! {
        <div class="share-row">
            <label class="share-field">
                <span class="field-label">{label}</span>
                <input type="text" readonly=true spellcheck="false" data-testid=id prop:value=value node_ref=place />
            </label>
            <button class="tool" data-testid=copy_id aria-label=tr!("Copy: {what}", what = label) on:click=press(copy)>{say("Copy")}</button>
        </div>
    }
    .into_any()
}

/// Where the script lies that makes the element: beside the page.
fn script_address(page: &str) -> String {
    let folder = page.rfind('/').map_or("", |at| &page[..=at]);
    [folder, "embed.js"].concat()
}
