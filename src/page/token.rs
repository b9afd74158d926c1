//! A message on its way, as an SVG group that is moved by hand.

use web_sys::Element;

use super::words::level_class;
use crate::view::format::decimal;
use crate::view::inspect::Inspectable;
use crate::view::layout::Rect;
use crate::view::stage::{TokenKind, TokenView};

const SVG: &str = "http://www.w3.org/2000/svg";

/// A new SVG element.
pub fn svg(name: &str) -> Option<Element> {
    web_sys::window()?
        .document()?
        .create_element_ns(Some(SVG), name)
        .ok()
}

/// Where the name of a token begins, in CSS pixels beside it.
const LABEL_PX: f64 = 11.0;
/// About as wide as a letter of it is.
const LETTER_PX: f64 = 5.8;

/// The room that the name of a token takes.
pub fn label_room(view: &TokenView, (x, y): (f64, f64)) -> Rect {
    Rect {
        x: x + LABEL_PX,
        y: y - 8.0,
        width: view.label.chars().count() as f64 * LETTER_PX + 3.0,
        height: 16.0,
    }
}

/// A group in the token layer.
pub struct Token {
    group: Element,
}

impl Token {
    /// Puts a token on the layer.
    pub fn new(layer: &Element, view: &TokenView) -> Option<Token> {
        let group = svg("g")?;
        let (kind, level) = words(view.kind);
        let mut class = format!("token {kind} {level}");
        if view.completion {
            class.push_str(" completion");
        }
        let _ = group.set_attribute("class", &class);
        let _ = group.set_attribute("data-token", &view.message.0.to_string());
        let _ = group.set_attribute("data-kind", kind);
        let look = Inspectable::Event(view.sent).to_string();
        let _ = group.set_attribute("data-look", &look);
        let _ = group.set_attribute("data-from", &view.from.to_string());
        let _ = group.set_attribute("data-to", &view.to.to_string());
        draw(&group, "body", shape(view.kind));
        if view.completion {
            draw(&group, "tick", "M-2.6 0l1.9 2.1L2.9-2.2");
        }
        if view.completion {
            draw(&group, "strike", "M-10 6L10-6");
        }
        if view.lost {
            draw(&group, "cross", "M-5-5L5 5M-5 5L5-5");
        }
        if !matches!(view.kind, TokenKind::Heartbeat | TokenKind::Acknowledgement) {
            label(&group, &view.label);
        }
        layer.append_child(&group).ok()?;
        Some(Token { group })
    }

    /// Puts it where its message is now. `near` hides its name, which would lie on a card.
    pub fn paint(&self, view: &TokenView, (x, y): (f64, f64), near: bool) {
        // A lost message falls off its link and fades from the middle on.
        let fall = if view.lost {
            f64::from(view.progress - 0.5).max(0.0) * 2.0
        } else {
            0.0
        };
        let y = y + fall * 26.0;
        let place = format!("translate({} {})", decimal(x), decimal(y));
        let _ = self.group.set_attribute("transform", &place);
        let _ = self
            .group
            .set_attribute("data-progress", &decimal(view.progress.into()));
        let _ = self.group.class_list().toggle_with_force("near", near);
        let _ = self
            .group
            .class_list()
            .toggle_with_force("refused", view.refused);
        if view.lost {
            let _ = self
                .group
                .class_list()
                .toggle_with_force("lost", fall > 0.0);
            let _ = self
                .group
                .set_attribute("opacity", &decimal((1.0 - fall).max(0.0)));
        }
    }

    /// Takes it off the layer.
    pub fn remove(self) {
        self.group.remove();
    }
}

fn draw(group: &Element, class: &str, d: &str) {
    let Some(path) = svg("path") else { return };
    let _ = path.set_attribute("class", class);
    let _ = path.set_attribute("d", d);
    let _ = group.append_child(&path);
}

fn label(group: &Element, words: &str) {
    let Some(text) = svg("text") else { return };
    let _ = text.set_attribute("x", &decimal(LABEL_PX));
    let _ = text.set_attribute("y", "3.5");
    text.set_text_content(Some(words));
    let _ = group.append_child(&text);
}

/// Kind and level as class names.
fn words(kind: TokenKind) -> (&'static str, &'static str) {
    match kind {
        TokenKind::NormalJob => ("normal_job", ""),
        TokenKind::EmergencyJob(level) => ("emergency_job", level_class(level)),
        TokenKind::Heartbeat => ("heartbeat", ""),
        TokenKind::Acknowledgement => ("acknowledgement", ""),
        TokenKind::Emergency(level) => ("emergency", level_class(level)),
        TokenKind::Control => ("control", ""),
    }
}

/// Around the origin, in CSS pixels.
fn shape(kind: TokenKind) -> &'static str {
    match kind {
        TokenKind::NormalJob => "M-6 0a6 6 0 1 0 12 0a6 6 0 1 0-12 0z",
        TokenKind::EmergencyJob(_) => "M0-8L8 0 0 8-8 0z",
        TokenKind::Heartbeat => "M-2.6 0a2.6 2.6 0 1 0 5.2 0a2.6 2.6 0 1 0-5.2 0z",
        TokenKind::Acknowledgement => "M-2.4 0a2.4 2.4 0 1 0 4.8 0a2.4 2.4 0 1 0-4.8 0z",
        TokenKind::Emergency(_) => "M-6-8L8-3.5-6 1.5V8.5H-7.5V-8z",
        TokenKind::Control => "M-4-4H4V4H-4z",
    }
}
