//! Keys for everything that is done often, out of the way of people who type or use other keys.

use leptos::ev;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

use super::commands::Forms;
use super::storage;
use crate::app::Session;
use crate::app::preferences::LETTERS;
use crate::engine::emergency::Level;
use crate::language::mark;

/// What the help lists: keys, then what they do. Single letters can be switched off.
pub const KEYS: [(&str, &str); 14] = [
    (mark!("Space"), mark!("play or pause")),
    ("← →", mark!("one step back or forward")),
    (
        mark!("PgUp PgDn"),
        mark!("the same, or the previous or next step of a lesson (for presenter remotes)"),
    ),
    ("N", mark!("submit a normal job")),
    ("E", mark!("submit an emergency job")),
    ("D", mark!("declare an emergency at the last level used")),
    (
        "1 2 3 4",
        mark!("change the emergency to that level, or declare one"),
    ),
    ("C", mark!("clear the emergency")),
    ("F", mark!("crash or restart the selected executor")),
    ("A", mark!("add an executor")),
    ("M", mark!("add a marker at this moment")),
    (
        mark!("ctrl Z"),
        mark!("undo the last command; with shift, redo it"),
    ),
    (mark!("Esc"), mark!("close the open dialog or menu")),
    ("?", mark!("show this help")),
];

/// Switches single-letter keys on or off, also for later visits.
pub fn set_letters(session: Session, on: bool) {
    session.ui.letters.set(on);
    storage::remember(LETTERS, if on { "on" } else { "off" });
}

/// Listens as long as the page lives.
pub fn install(session: Session, forms: Forms) {
    let handle = window_event_listener(ev::keydown, move |event| {
        let command = event.ctrl_key() || event.meta_key();
        let undo = command && event.key().eq_ignore_ascii_case("z");
        if event.alt_key() || event.default_prevented() || command && !undo {
            return;
        }
        let element = event
            .target()
            .and_then(|target| target.dyn_into::<web_sys::Element>().ok());
        let tag = element
            .as_ref()
            .map_or_else(String::new, web_sys::Element::tag_name);
        let typing = matches!(tag.as_str(), "INPUT" | "SELECT" | "TEXTAREA");
        if typing || session.ui.help.get_untracked() {
            return;
        }
        if undo {
            event.prevent_default();
            return if event.shift_key() {
                session.redo()
            } else {
                session.undo()
            };
        }
        let key = event.key();
        // Space belongs to a button reached by keyboard; after a click with the mouse it plays.
        let on_button = matches!(tag.as_str(), "BUTTON" | "SUMMARY" | "A")
            && element.is_some_and(|element| element.matches(":focus-visible").unwrap_or(true));
        let pressed = !(key == " " && on_button) && press(session, forms, &key);
        if pressed {
            event.prevent_default();
        }
    });
    on_cleanup(move || handle.remove());
}

/// Does what a key stands for; says whether it stands for anything.
fn press(session: Session, forms: Forms, key: &str) -> bool {
    match key {
        " " => session.toggle(),
        "PageDown" | "PageUp" if session.ui.lessons.click(key == "PageDown") => {}
        "ArrowRight" | "PageDown" => session.step(true),
        "ArrowLeft" | "PageUp" => session.step(false),
        "Escape" => session.ui.sheet.set(false),
        _ => return session.ui.letters.get_untracked() && letter(session, forms, key),
    }
    true
}

fn letter(session: Session, forms: Forms, key: &str) -> bool {
    match key {
        "n" | "N" => forms.submit_normal(session),
        "e" | "E" => forms.submit_emergency(session),
        "d" | "D" => forms.declare(session, forms.level.get_untracked()),
        "c" | "C" => forms.clear(session),
        "f" | "F" => forms.crash(session),
        "a" | "A" => forms.add_executor(session),
        "m" | "M" => session.mark(""),
        "1" => forms.level_key(session, Level::Low),
        "2" => forms.level_key(session, Level::Medium),
        "3" => forms.level_key(session, Level::High),
        "4" => forms.level_key(session, Level::Critical),
        "?" => session.ui.help.set(true),
        _ => return false,
    }
    true
}
