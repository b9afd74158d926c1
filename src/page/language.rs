//! Which language the page speaks. `public/boot.js` finds out which one it begins with and has its texts on their way
//! early; here they are taken in, and the choice in the top bar changes them. Nothing is lost by that: the run and all that
//! is chosen belong to the desk, and only what stands around it is made anew.

use js_sys::{Function, Reflect};
use leptos::prelude::*;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::HtmlElement;

use super::storage;
use crate::app::Session;
use crate::language::{Catalogue, Language, language, say, speak, tr};

/// Under this name the choice is remembered, for `boot.js` too.
const NAME: &str = "triage.lang";
/// What `boot.js` has put on the window; without it the page speaks English.
const BOOT: &str = "triageLanguage";

/// Takes in the language that the page begins with, and calls: at once for English, else when its texts are here, or with
/// the reason why they are not.
pub fn begin(then: impl FnOnce(Option<String>) + 'static) {
    let tag = boot("tag").and_then(|tag| tag.as_string());
    match tag.and_then(|tag| Language::of_tag(&tag)) {
        None | Some(Language::English) => then(None),
        Some(wanted) => ask(wanted, Box::new(then)),
    }
}

/// Changes the language of this visit, and calls when that is done.
pub fn turn(session: Session, wanted: Language, then: fn()) {
    let done = move |problem: Option<String>| {
        session.refresh_language(); // what was not to be had is not left as the choice either
        then();
        if let Some(problem) = problem {
            session.notices.warn(problem);
        }
    };
    ask(wanted, Box::new(done));
}

/// Has `boot.js` bring the texts of a language, and takes them in.
fn ask(wanted: Language, then: Box<dyn FnOnce(Option<String>)>) {
    let Some(bring) = boot("speak").and_then(|it| it.dyn_into::<Function>().ok()) else {
        return then(None);
    };
    let done = Closure::once_into_js(move |texts: JsValue| {
        let problem = match (texts.as_string(), wanted) {
            (Some(_), Language::English) => {
                speak(None);
                None
            }
            (Some(texts), _) => {
                speak(Some(Catalogue::read(wanted, &texts)));
                None
            }
            (None, _) => Some(not_here(wanted)),
        };
        then(problem);
    });
    let _ = bring.call2(&JsValue::NULL, &wanted.tag().into(), &done);
}

/// Changes the language and remembers it.
fn choose(session: Session, tag: &str) {
    if let Some(wanted) = Language::of_tag(tag) {
        storage::remember(NAME, wanted.tag());
        // Loaded again, the page is what was chosen, and not what a link asked for.
        if let Some(forget) = boot("forget").and_then(|it| it.dyn_into::<Function>().ok()) {
            let _ = forget.call0(&JsValue::NULL);
        }
        // The choice that was made is gone, with all that was shown, and another is in its place.
        turn(session, wanted, || request_animation_frame(focus));
    }
}

fn focus() {
    let choice = document().query_selector(".language select");
    let choice = choice
        .ok()
        .flatten()
        .and_then(|it| it.dyn_into::<HtmlElement>().ok());
    if let Some(choice) = choice {
        let _ = choice.focus();
    }
}

/// The choice in the top bar: each language by its own name.
pub fn choice() -> AnyView {
    let session = expect_context::<Session>();
    let spoken = language();
    let options = Language::ALL.map(|one| {
        view! {
            <option value=one.tag() lang=one.tag() selected=one == spoken>{one.name()}</option>
        }
    });
    view! {
        <label class="tool language" title=say("Language")>
            <span aria-hidden="true">{spoken.tag()}</span>
            <select
                data-testid="language"
                aria-label=say("Language")
                on:change:target=move |event| choose(session, &event.target().value())
            >
                {options.collect_view()}
            </select>
        </label>
    }
    .into_any()
}

/// What a link to the page says of its language: nothing while it speaks English.
pub fn in_link() -> String {
    match language() {
        Language::English => String::new(),
        other => ["&lang=", other.tag()].concat(),
    }
}

fn not_here(wanted: Language) -> String {
    tr!(
        "The texts in {} could not be loaded. Check the connection and choose the language again.",
        wanted.name()
    )
}

fn boot(name: &str) -> Option<JsValue> {
    let boot = Reflect::get(&js_sys::global(), &BOOT.into()).ok()?;
    Reflect::get(&boot, &name.into()).ok()
}
