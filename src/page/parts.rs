//! The few shapes that views are made of, each compiled once. A closure in a `view!` is a type of its own,
//! and the framework's code is copied for each of them: boxed here, the page is a fifth smaller.

use std::sync::Arc;

use leptos::ev::MouseEvent;
use leptos::html::{Div, Select};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;

use super::html::{Html, Painted};
use crate::app::Session;
use crate::app::{Key, set_if_changed};
use crate::view::inspect::Inspectable;

/// Something read again whenever what it reads changes.
pub type Read<T> = Box<dyn Fn() -> T + Send + Sync>;
/// Something that makes a view of what it is given.
type Make<T> = Arc<dyn Fn(T) -> AnyView + Send + Sync>;

/// Whether the device is pointed at with a finger, which needs 44 px to hit something (WCAG 2.2, 2.5.5).
pub fn coarse() -> bool {
    let query = window().match_media("(pointer: coarse)");
    query.ok().flatten().is_some_and(|query| query.matches())
}

/// A text that follows what it reads.
pub fn text<T: ToString>(read: impl Fn() -> T + Send + Sync + 'static) -> AnyView {
    boxed_text(Box::new(move || read().to_string()))
}

fn boxed_text(read: Read<String>) -> AnyView {
    (move || read()).into_any()
}

/// Stands for an element in a sentence that [`around`] takes apart.
pub const HERE: char = '\u{1}';

/// A sentence with an element in it, where `HERE` stands: languages put it in different places.
pub fn around(sentence: &str, element: AnyView) -> AnyView {
    let (before, after) = sentence.split_once(HERE).unwrap_or((sentence, ""));
    let (before, after) = (before.to_owned(), after.to_owned());
    view! {
        {before}
        {element}
        {after}
    }
    .into_any()
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
pub fn go_there(session: Session) -> Box<dyn FnMut(MouseEvent)> {
    Box::new(move |event| {
        match thing_under(&event, "data-go") {
            // With Shift it is the one to compare with.
            Some(Inspectable::Event(seq)) if event.shift_key() => session.ui.second.set(Some(seq)),
            Some(thing) => session.go(thing),
            None => {}
        }
    })
}

/// What an attribute of the clicked element, or of the nearest one around it that has it, leads to.
pub fn thing_under(event: &MouseEvent, name: &str) -> Option<Inspectable> {
    let target = event.target()?.dyn_into::<web_sys::Element>().ok()?;
    let bearer = target.closest(&format!("[{name}]")).ok()??;
    Inspectable::parse(&bearer.get_attribute(name)?)
}

/// Writes markup into a room as wide as it says, in CSS pixels.
pub type Write = Box<dyn Fn(&mut Html, f64)>;

/// A region written anew with every event and whenever else what it reads changes. Links in it lead where they say.
pub fn written(
    class: &'static str,
    id: &'static str,
    label: &'static str,
    write: Write,
) -> AnyView {
    let session = expect_context::<Session>();
    let place = NodeRef::<Div>::new();
    let painted = StoredValue::new_local(Painted::default());
    effect(move || {
        session.ui.revision.track();
        let Some(place) = place.get() else { return };
        let mut html = Html::default();
        write(&mut html, f64::from(place.client_width()));
        painted.update_value(|painted| painted.paint(&place, html));
    });
    view! {
        <div
            class=class
            data-testid=id
            tabindex="0"
            role="region"
            aria-label=label
            node_ref=place
            on:click=go_there(session)
        ></div>
    }
    .into_any()
}

/// A choice whose options may change.
pub fn choice(
    label: &'static str,
    id: &'static str,
    options: Box<dyn Fn(&mut Html)>,
    choose: Box<dyn Fn(String)>,
) -> AnyView {
    let place = NodeRef::<Select>::new();
    let painted = StoredValue::new_local(Painted::default());
    effect(move || {
        let Some(place) = place.get() else { return };
        let mut html = Html::default();
        options(&mut html);
        painted.update_value(|painted| painted.paint(&place, html));
    });
    view! {
        <select
            data-testid=id
            aria-label=label
            node_ref=place
            on:change:target=move |event| choose(event.target().value())
        ></select>
    }
    .into_any()
}

/// One of the options of a choice.
pub fn option(html: &mut Html, value: &str, words: &str, chosen: bool) {
    html.open("option", "value", value);
    if chosen {
        html.also("selected", "");
    }
    html.say(words);
    html.close("option");
}

/// Keeps the size of a room up to date, in CSS pixels.
pub fn watch_size(room: NodeRef<Div>, size: RwSignal<(f64, f64)>) {
    effect(move || {
        let Some(element) = room.get() else { return };
        let measured = element.clone();
        let closure = Closure::<dyn FnMut()>::new(move || {
            set_if_changed(
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
