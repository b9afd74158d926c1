//! The link to what is on the screen, to be copied; where it would be too long, the file in its place.

use js_sys::{Function, Promise, Reflect};
use leptos::html::Input;
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};

use super::open::{lesson_in_link, sight};
use crate::language::{say, tr};
use crate::page::desk::Desk;
use crate::page::language::in_link;
use crate::page::parts::{HERE, around, press, text};
use crate::page::words::clock;
use crate::scenario::link::{LINK_MAX, Offer};

/// What the button opens: a door into the later part of the program, `tests/e2e/later.txt`.
#[inline(never)]
pub fn menu() -> AnyView {
    let desk = expect_context::<Desk>();
    let moment = clock(desk.screen.now_us.get_untracked());
    let what = tr!(
        "The scenario, what was done by hand, the moment {moment}, and what is looked at.",
        moment = HERE
    );
    let lesson = lesson_in_link(desk);
    let inside = match desk.link(sight(desk)).map(|link| link.offer()) {
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
            <h2>{say("Share what is on the screen")}</h2>
            <p class="dim">{around(&what, view! { <b>{moment}</b> }.into_any())}</p>
            {(!lesson.is_empty()).then(|| view! {
                <p class="dim" data-testid="share-lesson">
                    {say("The lesson comes with it, at this step; answers and chosen events do not.")}
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
    let mut length = tr!("{n} characters after the address of the page."
        | "{n} characters after the address of the page." % fragment.len());
    if left_out > 0 {
        length.push(' ');
        length.push_str(&tr!(
            "It has the branch that is played; one other has no room."
                | "It has the branch that is played; {n} others have no room." % left_out
        ));
    }
    let said = RwSignal::new("");
    view! {
        {field(say("Link"), "share-link", "share-copy", [&page, fragment].concat(), said)}
        <p class="dim" data-testid="share-length">{length}</p>
        {field(say("To embed it in a page"), "share-embed", "share-copy-embed", snippet, said)}
        <p role="status" data-testid="share-said">{text(move || said.get())}</p>
        <p class="dim">{say("The link holds everything; nothing is sent to a server.")}</p>
    }
    .into_any()
}

fn too_long(length: usize) -> AnyView {
    let words = tr!(
        "A link to this run would have {length} characters. Mail programs and chats cut what is longer than {most}: save it as a file instead. Whoever opens the file in this page sees the same.",
        length,
        most = LINK_MAX
    );
    view! {
        <p data-testid="share-length">{words}</p>
        <div class="share-row">
            <button class="tool" data-testid="share-file" data-file="save">{say("Save as file")}</button>
        </div>
        <p class="dim">{say("The file holds everything; nothing is sent to a server.")}</p>
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
            said.set(say("Press Ctrl+C or ⌘C to copy the marked text."));
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

/// `None` where the browser has no clipboard for this page.
pub fn to_clipboard(words: &str) -> Option<Promise> {
    let clipboard = Reflect::get(&window().navigator(), &"clipboard".into()).ok()?;
    let write = Reflect::get(&clipboard, &"writeText".into()).ok()?;
    let promise = write
        .dyn_ref::<Function>()?
        .call1(&clipboard, &JsValue::from_str(words));
    promise.ok()?.dyn_into().ok()
}

/// The address of the page without what it asks for.
pub fn page_address() -> String {
    let address = window().location().href().unwrap_or_default();
    let end = address.find(['?', '#']).unwrap_or(address.len());
    address[..end].to_owned()
}

/// Where the script lies that makes the element: beside the page.
fn script_address(page: &str) -> String {
    let folder = page.rfind('/').map_or("", |at| &page[..=at]);
    [folder, "embed.js"].concat()
}
