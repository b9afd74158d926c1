//! The slots of an executor: a running job each, with a ring that fills as it is worked on.

use leptos::html::Span;
use leptos::prelude::*;
use web_sys::Element;

use crate::app::Session;
use crate::engine::job::Class;
use crate::language::tr;
use crate::page::browser::SceneHandle;
use crate::page::parts::{effect, text, when};
use crate::page::scene::Ring;
use crate::page::token::svg;
use crate::page::words::level_class;
use crate::view::inspect::Inspectable;
use crate::view::stage::{NodeView, SlotView};

/// Up to this many slots are drawn large.
const LARGE_MAX: usize = 3;

/// The slots of an executor and how many jobs it has completed.
#[component]
pub fn Slots(index: u16, node: RwSignal<NodeView, LocalStorage>) -> impl IntoView {
    let session = expect_context::<Session>();
    let scene = expect_context::<SceneHandle>();
    let place = NodeRef::<Span>::new();
    let mut shown: Option<Vec<Option<SlotView>>> = None;
    effect(move || {
        let Some(place) = place.get() else { return };
        node.with(|node| {
            if shown.as_ref() != Some(&node.slots) {
                shown = Some(node.slots.clone());
                draw(session, scene, index, &place, &node.slots);
            }
        });
    });
    on_cleanup(move || {
        let _ = scene.try_update_value(|scene| scene.set_rings(index, Vec::new()));
    });
    let many = Memo::new(move |_| node.with(|node| node.slots.len() > LARGE_MAX));
    let hidden = Memo::new(move |_| node.with(|node| node.slots_hidden));
    let completed = Memo::new(move |_| node.with(|node| node.completed));
    view! {
        <span class="slots-block">
            <span class="slots" class:many=move || many.get() node_ref=place></span>
            <span class="completed">
                {text(move || format!("✓ {}", completed.get()))}
                {when(
                    move || hidden.get() > 0,
                    move || view! { <span class="slots-hidden">{text(move || tr!("+{n} slot" | "+{n} slots" % hidden.get()))}</span> },
                )}
            </span>
        </span>
    }
    .into_any()
}

/// Draws the slots anew: a handful of elements, and only when a job came or went.
fn draw(
    session: Session,
    scene: SceneHandle,
    index: u16,
    place: &Element,
    slots: &[Option<SlotView>],
) {
    place.set_text_content(None);
    let now_us = session.ui.now_us.get_untracked();
    let mut rings = Vec::new();
    for (number, slot) in (0u16..).zip(slots) {
        let Some(picture) = svg("svg") else { return };
        let _ = picture.set_attribute("viewBox", "-12 -12 24 24");
        let _ = picture.set_attribute("class", &slot_class(slot.as_ref()));
        if let Some(slot) = slot {
            let _ = picture.set_attribute("data-job", &slot.job.to_string());
            let look = Inspectable::Job(slot.job.0).to_string();
            let _ = picture.set_attribute("data-look", &look);
            path(&picture, "track", RING);
            if let Some(arc) = path(&picture, "ring", RING) {
                let _ = arc.set_attribute("pathLength", "100");
                let _ = arc.set_attribute("stroke-dasharray", "100 100");
                let ring = Ring::new(arc, slot);
                ring.paint(now_us);
                rings.push((number, ring));
            }
            let body = if slot.class == Class::Normal {
                CIRCLE
            } else {
                DIAMOND
            };
            path(&picture, "body", body);
            number_of(&picture, slot.attempt);
        }
        let _ = place.append_child(&picture);
    }
    scene.update_value(|scene| scene.set_rings(index, rings));
}

const RING: &str = "M0-9.5a9.5 9.5 0 0 1 0 19a9.5 9.5 0 0 1 0-19";
const CIRCLE: &str = "M-4 0a4 4 0 1 0 8 0a4 4 0 1 0-8 0z";
const DIAMOND: &str = "M0-5.2L5.2 0 0 5.2-5.2 0z";

fn path(parent: &Element, class: &str, d: &str) -> Option<Element> {
    let path = svg("path")?;
    let _ = path.set_attribute("class", class);
    let _ = path.set_attribute("d", d);
    parent.append_child(&path).ok()?;
    Some(path)
}

/// The attempt, where a slot is large enough to be read.
fn number_of(picture: &Element, attempt: u32) {
    if let Some(text) = svg("text") {
        let _ = text.set_attribute("x", "12");
        let _ = text.set_attribute("y", "11.5");
        text.set_text_content(Some(&["#", &attempt.to_string()].concat()));
        let _ = picture.append_child(&text);
    }
}

fn slot_class(slot: Option<&SlotView>) -> String {
    match slot {
        None => "slot".to_owned(),
        Some(slot) if slot.class == Class::Normal => "slot normal".to_owned(),
        Some(slot) => format!("slot emergency {}", level_class(slot.level)),
    }
}
