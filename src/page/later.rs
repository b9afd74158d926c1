//! The part of the program that a first visit does without. `tests/e2e/split.mjs` takes it out of the built program,
//! `public/later.js` brings it when it is about to be needed. Where nothing was split, as in tests, all is here at once.

use js_sys::{Function, Reflect};
use leptos::prelude::*;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};

use super::desk::Desk;
use super::parts::{Read, dynamic, press};
use super::screen::put;
use crate::language::say;

/// How far the later part has come: away until it is here or has failed.
#[derive(Clone, Copy)]
pub struct Later {
    here: RwSignal<bool>,
    /// Why it could not be loaded, in words; empty when it could, or may still come.
    problem: RwSignal<String>,
}

impl Later {
    /// Nobody has asked for it.
    pub fn new() -> Later {
        Later {
            here: RwSignal::new(false),
            problem: RwSignal::new(String::new()),
        }
    }

    /// Whether it is here; if not, it is asked for.
    pub fn is_here(self) -> bool {
        let Some(loader) = loader() else {
            put(self.here, true);
            return true;
        };
        let here = Reflect::get(&loader, &"here".into()).is_ok_and(|here| here.is_truthy());
        if here {
            put(self.here, true);
        } else {
            self.ask(&loader);
        }
        here
    }

    fn ask(self, loader: &JsValue) {
        let told = Closure::once_into_js(move |problem: JsValue| match problem.as_string() {
            None => put(self.here, true),
            Some(problem) => self.problem.set(problem),
        });
        let _ = call(loader, "soon", &told);
    }

    /// Calls when it is here, or with the reason why it cannot be.
    pub fn when_here(self, then: impl FnOnce(Option<String>) + 'static) {
        let Some(loader) = loader() else {
            put(self.here, true);
            return then(None);
        };
        let told = Closure::once_into_js(move |problem: JsValue| {
            put(self.here, problem.is_null());
            then(problem.as_string());
        });
        let _ = call(&loader, "soon", &told);
    }

    fn ask_again(self) {
        self.problem.set(String::new());
        self.is_here();
    }

    /// What stands in the place of a view that is not here.
    fn words(self) -> AnyView {
        let problem = self.problem.get();
        if problem.is_empty() {
            return view! { <p class="later" role="status">{say("Loading this part of the page…")}</p> }
                .into_any();
        }
        let again = press(move || self.ask_again());
        view! {
            <div class="later" role="alert" data-testid="later-failed">
                <p>{problem}</p>
                <button class="tool" data-testid="later-again" on:click=again>{say("Try again")}</button>
            </div>
        }
        .into_any()
    }
}

/// A view out of the later part: made when that is here, with a word in its place until then.
pub fn view(make: impl Fn() -> AnyView + Send + Sync + 'static) -> AnyView {
    boxed_view(Box::new(make))
}

fn boxed_view(make: Read<AnyView>) -> AnyView {
    let later = expect_context::<Desk>().screen.later;
    later.is_here();
    dynamic(move || {
        if later.here.get() {
            make()
        } else {
            later.words()
        }
    })
}

/// What `public/later.js` has put on the window, if this program was split.
fn loader() -> Option<JsValue> {
    let loader = Reflect::get(&js_sys::global(), &"triageLater".into()).ok()?;
    loader.is_object().then_some(loader)
}

fn call(loader: &JsValue, name: &str, argument: &JsValue) -> Result<JsValue, JsValue> {
    Reflect::get(loader, &name.into())?
        .unchecked_into::<Function>()
        .call1(loader, argument)
}

/// Has the later part loaded before it returns. The stubs that stand for its functions call this too, at any moment.
/// Where it cannot be loaded the page says so, and what was being done ends here.
#[inline(never)]
pub fn now() {
    if let Some(loader) = loader()
        && let Err(problem) = call(&loader, "now", &wasm_bindgen::exports())
    {
        wasm_bindgen::throw_val(problem);
    }
}
