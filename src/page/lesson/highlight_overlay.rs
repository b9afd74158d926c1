//! Highlights on the real views: a ring with a letter or a number around what a step speaks of. They lie above the page
//! and follow what they belong to; where that is out of sight, there is no ring.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{DomRect, Element, HtmlElement};

use crate::app::Session;
use crate::app::open_lesson::{OpenLesson, Ring, Target};
use crate::view::diagram::TOP_PX;
use crate::view::format::decimal;
use crate::view::inspect::Inspectable;

/// How far a ring stands off, in CSS pixels.
const OFF_PX: f64 = 3.0;
/// Half the side of a ring around an event of the diagram.
const EVENT_PX: f64 = 8.0;

/// Brings what it belongs to into sight, as far as scrolling goes.
pub fn reveal(ring: &Ring) {
    if let Some(element) = element(ring) {
        let options = web_sys::ScrollIntoViewOptions::new();
        options.set_block(web_sys::ScrollLogicalPosition::Nearest);
        element.scroll_into_view_with_scroll_into_view_options(&options);
    }
}

fn element(ring: &Ring) -> Option<Element> {
    let card = |name: &str| ["[data-testid=\"node-", name, "\"]"].concat();
    let selector = match &ring.target {
        Target::Process(name) => card(name),
        Target::Clock(name) => [&card(name), " .strip"].concat(),
        Target::Job(job) => ["[data-job=\"", &job.to_string(), "\"]"].concat(),
        Target::Event(seq) => {
            let go = Inspectable::Event(*seq).to_string();
            [".log [data-go=\"", &go, "\"]"].concat()
        }
        Target::Message(seq) => {
            let look = Inspectable::Event(*seq).to_string();
            [".tokens [data-look=\"", &look, "\"]"].concat()
        }
        Target::Part(id) => ["[data-testid=\"", id, "\"]"].concat(),
    };
    document().query_selector(&selector).ok().flatten()
}

/// Where it is, in client pixels: left, top, width, height.
fn place(ring: &Ring, session: Session) -> Option<[f64; 4]> {
    if let Target::Event(seq) = ring.target
        && session.ui.lessons.predicting.get_untracked()
        && session.read(|player| seq >= player.count())
    {
        return None;
    }
    if let Target::Event(seq) = ring.target
        && let Some(canvas) = document().get_element_by_id("diagram-canvas")
    {
        let at = canvas.get_bounding_client_rect();
        let (x, y) = session.read(|player| {
            session
                .diagram
                .with_value(|diagram| diagram.locate(player, seq))
        })?;
        // A projector shows everything larger.
        let zoom = at.width() / f64::from(canvas.client_width()).max(1.0);
        let (x, y) = (at.left() + x * zoom, at.top() + (y + TOP_PX) * zoom);
        let half = EVENT_PX * zoom;
        let inside = x >= at.left() && x <= at.right() && y >= at.top() && y <= at.bottom();
        return inside.then_some([x - half, y - half, 2.0 * half, 2.0 * half]);
    }
    let element = element(ring)?;
    let rect = element.get_bounding_client_rect();
    visible(&element, &rect)?;
    Some([
        rect.left() - OFF_PX,
        rect.top() - OFF_PX,
        rect.width() + 2.0 * OFF_PX,
        rect.height() + 2.0 * OFF_PX,
    ])
}

/// Nothing for what has no size, or whose middle is scrolled out of sight.
fn visible(element: &Element, rect: &DomRect) -> Option<()> {
    if rect.width() < 1.0 || rect.height() < 1.0 {
        return None;
    }
    let (x, y) = (
        rect.left() + rect.width() / 2.0,
        rect.top() + rect.height() / 2.0,
    );
    let scrolled = element
        .closest(".stage-room, .side, .commands, .dock-view")
        .ok()
        .flatten();
    let within = |room: &Element| {
        let room = room.get_bounding_client_rect();
        x >= room.left() && x <= room.right() && y >= room.top() && y <= room.bottom()
    };
    scrolled.as_ref().is_none_or(within).then_some(())
}

/// Draws the rings of the open step for as long as the panel is there.
pub fn install(course: OpenLesson) {
    let Some(layer) = document().create_element("div").ok() else {
        return;
    };
    let _ = layer.set_attribute("class", "rings");
    let _ = layer.set_attribute("aria-hidden", "true");
    let _ = layer.set_attribute("data-testid", "rings");
    if let Some(body) = document().body() {
        let _ = body.append_child(&layer);
    }
    // With the panel this value goes, and the next frame takes the layer away.
    let here = StoredValue::new(());
    request_animation_frame(move || frame(course, layer, here));
}

fn frame(course: OpenLesson, layer: Element, here: StoredValue<()>) {
    if here.is_disposed()
        || course
            .session
            .ui
            .lessons
            .open
            .with_untracked(Option::is_none)
    {
        return layer.remove();
    }
    let rings = course.read(|open| open.rings.clone()).unwrap_or_default();
    paint(course.session, &layer, &rings);
    request_animation_frame(move || frame(course, layer, here));
}

fn paint(session: Session, layer: &Element, rings: &[Ring]) {
    while layer.child_element_count() as usize > rings.len() {
        if let Some(last) = layer.last_element_child() {
            last.remove();
        }
    }
    while (layer.child_element_count() as usize) < rings.len() {
        let Ok(ring) = document().create_element("div") else {
            return;
        };
        ring.set_class_name("lesson-ring");
        let _ = layer.append_child(&ring);
    }
    let all = layer.children();
    for (at, ring) in (0..).zip(rings) {
        let Some(element) = all
            .item(at)
            .and_then(|it| it.dyn_into::<HtmlElement>().ok())
        else {
            continue;
        };
        let style = match place(ring, session) {
            None => "display:none".to_owned(),
            Some([left, top, width, height]) => [
                "transform:translate(",
                &decimal(left),
                "px,",
                &decimal(top),
                "px);width:",
                &decimal(width),
                "px;height:",
                &decimal(height),
                "px",
            ]
            .concat(),
        };
        set(&element, "data-label", &ring.label);
        // A mark of the diagram is round, a line of the log is not.
        let is_event = matches!(ring.target, Target::Event(_))
            && document().get_element_by_id("diagram-canvas").is_some();
        let _ = element.class_list().toggle_with_force("event", is_event);
        // Through the object model, which a page's policy on styles does not forbid.
        if element.style().css_text() != style
            && element.get_attribute("data-at").as_deref() != Some(&style)
        {
            element.style().set_css_text(&style);
            set(&element, "data-at", &style);
        }
    }
}

fn set(element: &HtmlElement, name: &str, value: &str) {
    if element.get_attribute(name).as_deref() != Some(value) {
        let _ = element.set_attribute(name, value);
    }
}
