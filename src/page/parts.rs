//! The few shapes that views are made of, each compiled once. A closure in a `view!` is a type of its own,
//! and the framework's code is copied for each of them: boxed here, the page is a fifth smaller.

use std::sync::Arc;

use leptos::ev::MouseEvent;
use leptos::html::Div;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;

use super::desk::Desk;
use super::screen::{Key, put};
use crate::view::inspect::Thing;

/// Something read again whenever what it reads changes.
pub type Read<T> = Box<dyn Fn() -> T + Send + Sync>;
/// Something that makes a view of what it is given.
type Make<T> = Arc<dyn Fn(T) -> AnyView + Send + Sync>;

/// A text that follows what it reads.
pub fn text<T: ToString>(read: impl Fn() -> T + Send + Sync + 'static) -> AnyView {
    boxed_text(Box::new(move || read().to_string()))
}

fn boxed_text(read: Read<String>) -> AnyView {
    (move || read()).into_any()
}

/// A view that is made anew whenever what it reads changes.
pub fn dynamic<V: IntoView + 'static>(make: impl Fn() -> V + Send + Sync + 'static) -> AnyView {
    boxed_dynamic(Box::new(move || make().into_any()))
}

fn boxed_dynamic(make: Read<AnyView>) -> AnyView {
    (move || make()).into_any()
}

/// A view that is there while a condition holds, and is left alone while it goes on holding.
pub fn when<V: IntoView + 'static>(
    holds: impl Fn() -> bool + Send + Sync + 'static,
    then: impl Fn() -> V + Send + Sync + 'static,
) -> AnyView {
    boxed_either(
        Box::new(holds),
        Box::new(move || then().into_any()),
        Box::new(|| ().into_any()),
    )
}

fn boxed_either(holds: Read<bool>, then: Read<AnyView>, other: Read<AnyView>) -> AnyView {
    let holds = Memo::new(move |_| holds());
    boxed_dynamic(Box::new(move || if holds.get() { then() } else { other() }))
}

/// Rows with stable keys: a row is made once and goes with its key.
pub fn rows<V: IntoView + 'static>(
    keys: impl Fn() -> Vec<Key> + Send + Sync + 'static,
    row: impl Fn(Key) -> V + Send + Sync + 'static,
) -> AnyView {
    boxed_rows(Box::new(keys), Arc::new(move |key| row(key).into_any()))
}

fn boxed_rows(keys: Read<Vec<Key>>, row: Make<Key>) -> AnyView {
    view! { <For each=keys key=|key| *key children=move |key| row(key) /> }.into_any()
}

/// The value of an attribute that follows what it reads.
pub fn live<T: ToString>(read: impl Fn() -> T + Send + Sync + 'static) -> Read<String> {
    Box::new(move || read().to_string())
}

/// What a click does.
pub fn press(mut run: impl FnMut() + 'static) -> Box<dyn FnMut(MouseEvent)> {
    Box::new(move |_| run())
}

/// A click in a place of many links leads where the link under it says.
pub fn go_there(desk: Desk) -> Box<dyn FnMut(MouseEvent)> {
    Box::new(move |event| {
        match thing_under(&event, "data-go") {
            // With Shift it is the one to compare with.
            Some(Thing::Event(seq)) if event.shift_key() => desk.screen.second.set(Some(seq)),
            Some(thing) => desk.go(thing),
            None => {}
        }
    })
}

/// What an attribute of the clicked element, or of the nearest one around it that has it, leads to.
pub fn thing_under(event: &MouseEvent, name: &str) -> Option<Thing> {
    let target = event.target()?.dyn_into::<web_sys::Element>().ok()?;
    let bearer = target.closest(&format!("[{name}]")).ok()??;
    Thing::parse(&bearer.get_attribute(name)?)
}

/// Keeps the size of a room up to date, in CSS pixels.
pub fn watch_size(room: NodeRef<Div>, size: RwSignal<(f64, f64)>) {
    effect(move || {
        let Some(element) = room.get() else { return };
        let measured = element.clone();
        let closure = Closure::<dyn FnMut()>::new(move || {
            put(
                size,
                (
                    f64::from(measured.client_width()),
                    f64::from(measured.client_height()),
                ),
            );
        });
        let Ok(observer) = web_sys::ResizeObserver::new(closure.as_ref().unchecked_ref()) else {
            return;
        };
        observer.observe(&element);
        let kept = StoredValue::new_local((observer, closure));
        on_cleanup(move || {
            let _ = kept.try_with_value(|(observer, _)| observer.disconnect());
        });
    });
}

/// Does something now and whenever what it reads changes.
pub fn effect(run: impl FnMut() + 'static) {
    boxed_effect(Box::new(run));
}

fn boxed_effect(mut run: Box<dyn FnMut()>) {
    Effect::new(move |_| run());
}
