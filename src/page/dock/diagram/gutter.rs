//! The names beside the lines: choose a process, hide its line, move it by keys or by dragging.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, HtmlElement, KeyboardEvent, PointerEvent};

use super::controller::Board;
use crate::app::Session;
use crate::language::tr;
use crate::playback::Player;
use crate::view::diagram::TOP_PX;
use crate::view::diagram::rows::Rows;
use crate::view::format::split_name;

/// A name in the document.
struct Name {
    process: u16,
    called: String,
    element: HtmlElement,
    y: i32,
}

/// The names in sight, from the top.
#[derive(Default)]
pub struct Gutter {
    room: Option<Element>,
    names: Vec<Name>,
    selected: Option<u16>,
}

/// Which process a name or its button belongs to.
pub fn process(target: &Element) -> Option<u16> {
    let line = target.closest(".diagram-line").ok()??;
    line.get_attribute("data-process")?.parse().ok()
}

impl Gutter {
    /// Where names are put.
    pub fn attach(&mut self, room: Option<Element>) {
        self.room = room;
        self.names.clear();
    }

    /// Brings the names up to date.
    pub fn show(&mut self, session: Session, player: &Player, rows: &Rows) {
        let middles = rows.middles();
        let lines = rows.visible().filter_map(|process| {
            let y = middles.get(usize::from(process)).copied().flatten()?;
            let seen = y > -rows.row_px && y < rows.height_px + rows.row_px;
            seen.then_some((process, (y + TOP_PX) as i32))
        });
        let lines: Vec<(u16, i32)> = lines.collect();
        let same = |(name, line): (&Name, &(u16, i32))| {
            (name.process, name.y) == *line && is_called(player, name)
        };
        let selected = session.ui.selected.get_untracked();
        let still = lines.len() == self.names.len() && self.names.iter().zip(&lines).all(same);
        if still && selected == self.selected {
            return;
        }
        self.selected = selected;
        let focused = document()
            .active_element()
            .and_then(|focused| process(&focused));
        let mut old = std::mem::take(&mut self.names);
        for (process, y) in lines {
            let same = |name: &Name| name.process == process && is_called(player, name);
            let found = old.iter().position(same);
            let element = match found {
                Some(at) => Some(old.swap_remove(at).element),
                None => make(player, process),
            };
            let (Some(element), Some(room)) = (element, &self.room) else {
                continue;
            };
            // Appended again in order: the order of the tab key is that of the lines.
            let _ = room.append_child(&element);
            let _ = element
                .style()
                .set_property("top", &[&y.to_string(), "px"].concat());
            let pressed = if selected == Some(process) {
                "true"
            } else {
                "false"
            };
            if let Some(button) = element.first_element_child() {
                let _ = button.set_attribute("aria-pressed", pressed);
                if focused == Some(process) {
                    let _ = button
                        .dyn_into::<HtmlElement>()
                        .map(|button| button.focus());
                }
            }
            self.names.push(Name {
                process,
                called: name_of(player, process).unwrap_or_default().to_owned(),
                element,
                y,
            });
        }
        for gone in old {
            gone.element.remove();
        }
    }
}

fn name_of(player: &Player, process: u16) -> Option<&str> {
    let mut names = player.trace().names();
    names.nth(process.into()).map(|name| &**name)
}

/// In another run the same process may have another name.
fn is_called(player: &Player, name: &Name) -> bool {
    name_of(player, name.process).is_some_and(|called| *called == name.called)
}

fn make(player: &Player, process: u16) -> Option<HtmlElement> {
    let name = name_of(player, process)?;
    let make = |tag: &str, class: &str, text: &str| -> Option<HtmlElement> {
        let element: HtmlElement = document().create_element(tag).ok()?.dyn_into().ok()?;
        element.set_class_name(class);
        element.set_text_content(Some(text));
        Some(element)
    };
    let hue = (process % 8).to_string();
    let line = make("div", &["diagram-line hue-", &hue].concat(), "")?;
    let _ = line.set_attribute("data-process", &process.to_string());
    let button = make("button", "line-name halves", "")?;
    let (begin, end) = split_name(name);
    let _ = button.append_child(&*make("span", "", begin)?);
    let _ = button.append_child(&*make("span", "", end)?);
    let _ = button.set_attribute("aria-label", name);
    button.set_title(&tr!(
        "{name}: drag or Alt+↑ ↓ to move, Delete to hide",
        name
    ));
    let hide = make("button", "line-hide", "×")?;
    let _ = hide.set_attribute("aria-label", &tr!("Hide {name}", name));
    let _ = hide.set_attribute("tabindex", "-1");
    let _ = line.append_child(&button);
    let _ = line.append_child(&hide);
    Some(line)
}

/// Something is done to a name.
pub fn hear(board: Board, event: &Event, process: u16, target: &Element) {
    if let Some(event) = event.dyn_ref::<KeyboardEvent>() {
        match event.key().as_str() {
            "ArrowUp" if event.alt_key() => move_by(board, process, -1),
            "ArrowDown" if event.alt_key() => move_by(board, process, 1),
            "Delete" => hide(board, process),
            _ => return,
        }
        event.prevent_default();
    } else if event.type_() == "click" {
        if target.class_name() == "line-hide" {
            hide(board, process);
        } else {
            board.session.select(process);
        }
    } else if let Some(event) = event.dyn_ref::<PointerEvent>() {
        drag(board, event, process, target);
    }
}

fn hide(board: Board, process: u16) {
    board.change(&mut |_, diagram| diagram.rows.hide(process));
}

fn move_by(board: Board, process: u16, places: i32) {
    board.change(&mut |_, diagram| diagram.rows.move_by(process, places));
}

/// A name that is dragged onto another one takes its place.
fn drag(board: Board, event: &PointerEvent, process: u16, target: &Element) {
    match event.type_().as_str() {
        "pointerdown" => {
            // A finger would keep to the name it came down on.
            let _ = target.release_pointer_capture(event.pointer_id());
            board.update(|state| state.dragged = Some(process));
        }
        "pointermove" if event.buttons() == 1 => {
            let dragged = board.read(|state| state.dragged);
            let Some(dragged) = dragged.filter(|dragged| *dragged != process) else {
                return;
            };
            board.change(&mut |_, diagram| diagram.rows.move_to(dragged, process));
        }
        _ => {}
    }
}
