//! The text editor, which a script brings: what is said to it and what it says.

use std::ops::Range;

use js_sys::{Array, Function, Reflect};
use leptos::prelude::*;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::Element;

use crate::edit::change::quoted;
use crate::edit::{TextChange, TextProblem, utf16};
use crate::language::mark;
use crate::language::say;
use crate::page::script;

const SCRIPT: &str = "editor.js";
/// What it puts on the window.
pub const LIBRARY: &str = "triageEditor";

/// The library's own words.
const PHRASES: [&str; 16] = [
    mark!("Find"),
    mark!("Replace"),
    mark!("next"),
    mark!("previous"),
    mark!("all"),
    mark!("match case"),
    mark!("regexp"),
    mark!("by word"),
    mark!("replace"),
    mark!("replace all"),
    mark!("close"),
    mark!("current match"),
    mark!("on line"),
    mark!("Go to line"),
    mark!("go"),
    mark!("No diagnostics"),
];

/// A handle on the text editor; copies are the same.
#[derive(Clone, Copy)]
pub struct TextSide {
    made: StoredValue<Option<JsValue>, LocalStorage>,
}

impl TextSide {
    /// It has not come yet.
    pub fn new() -> TextSide {
        TextSide {
            made: StoredValue::new_local(None),
        }
    }

    /// Makes it in an element; `typed` is called with the text whenever it has changed.
    pub fn make(
        self,
        element: Element,
        text: impl FnOnce() -> String + 'static,
        typed: impl Fn(String) + 'static,
        ready: impl FnOnce() + 'static,
    ) {
        script::with(SCRIPT, LIBRARY, move || {
            if self.made.try_with_value(Option::is_none) != Some(true) {
                return; // it has gone meanwhile
            }
            element.set_text_content(None);
            let typed = Closure::<dyn Fn(String)>::new(typed).into_js_value();
            let words = PHRASES.map(|phrase| [quoted(phrase), quoted(say(phrase))].join(":"));
            let phrases = ["{", &words.join(","), "}"].concat();
            let arguments = Array::of5(
                &element,
                &text().into(),
                &say("JSON text").into(),
                &phrases.into(),
                &typed,
            );
            let library = script::global(LIBRARY).unwrap_or_default();
            if let Some(made) = call(&library, "make", &arguments) {
                self.made.set_value(Some(made));
                ready();
            }
        });
    }

    fn say(self, name: &str, arguments: &Array) {
        let _ = self.made.try_with_value(|made| {
            if let Some(made) = made {
                call(made, name, arguments);
            }
        });
    }

    /// Another text, with nothing to undo.
    pub fn begin(self, text: &str) {
        self.say("begin", &Array::of1(&text.into()));
    }

    /// One stretch of the text becomes another.
    pub fn change(self, change: &TextChange) {
        let insert = change.insert.as_str();
        self.say(
            "change",
            &Array::of3(&change.from.into(), &change.to.into(), &insert.into()),
        );
    }

    /// Marks what is wrong.
    pub fn mark(self, text: &str, found: &[TextProblem]) {
        let one = |found: &TextProblem| {
            let (from, to) = (utf16(text, found.range.start), utf16(text, found.range.end));
            [
                "{\"from\":",
                &from.to_string(),
                ",\"to\":",
                &to.to_string(),
                ",\"says\":",
                &quoted(&found.message),
                "}",
            ]
            .concat()
        };
        let list: Vec<String> = found.iter().map(one).collect();
        let list = ["[", &list.join(","), "]"].concat();
        self.say("problems", &Array::of1(&list.into()));
    }

    /// Goes to a place.
    pub fn go(self, text: &str, place: Range<usize>) {
        let (from, to) = (utf16(text, place.start), utf16(text, place.end));
        self.say("go", &Array::of3(&from.into(), &to.into(), &true.into()));
    }

    /// Takes the last change back.
    pub fn undo(self) {
        self.say("undo", &Array::new());
    }

    /// Makes it again.
    pub fn redo(self) {
        self.say("redo", &Array::new());
    }

    /// It goes.
    pub fn end(self) {
        self.say("end", &Array::new());
    }
}

/// Calls a function of an object of the script.
pub fn call(object: &JsValue, name: &str, arguments: &Array) -> Option<JsValue> {
    let function = Reflect::get(object, &name.into()).ok()?;
    let function = function.dyn_into::<Function>().ok()?;
    function.apply(object, arguments).ok()
}
