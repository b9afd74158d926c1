//! The form on the screen: written as markup out of the text, and changing the text by what is typed and pressed in it.

mod markup;

use leptos::html::Section;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, Event};

use super::editing::Editing;
use super::text::call;
use crate::edit::form::{
    self, EditAction, EditOperation, Evidence, Folds, Form, anchor_json, anchor_of,
};
use crate::edit::{Kind, Node};
use crate::language::{say, tr};
use crate::lesson::Lesson;
use crate::page::html::{Html, Painted};
use crate::page::parts::effect;
use markup::Writing;

/// What was typed and cannot be: it stays in its field, and the text as it was.
#[derive(Clone)]
struct Wrong {
    path: String,
    typed: String,
    says: String,
}

/// A handle on the form; copies are the same.
#[derive(Clone, Copy)]
struct FormSide {
    editing: Editing,
    folds: StoredValue<Folds>,
    shown: StoredValue<Option<Form>>,
    wrong: StoredValue<Option<Wrong>>,
    evidence: StoredValue<Option<Evidence>, LocalStorage>,
    /// The field that somebody is typing in: what is in it is nowhere else yet.
    typing: StoredValue<Option<String>>,
    /// Counts what changes it beside the text.
    changed: RwSignal<u32>,
    place: NodeRef<Section>,
}

/// The form.
pub fn form_side(editing: Editing) -> AnyView {
    let side = FormSide {
        editing,
        folds: StoredValue::new(Folds::initial(editing.kind.get_untracked())),
        shown: StoredValue::new(None),
        wrong: StoredValue::new(None),
        evidence: StoredValue::new_local(None),
        typing: StoredValue::new(None),
        changed: RwSignal::new(0),
        place: NodeRef::new(),
    };
    let painted = StoredValue::new_local(Painted::default());
    let begun = StoredValue::new(editing.begins.get_untracked());
    effect(move || {
        editing.changed.track();
        side.changed.track();
        let begins = editing.begins.get();
        let Some(place) = side.place.get() else {
            return;
        };
        if begun.get_value() != begins {
            begun.set_value(begins);
            side.wrong.set_value(None);
            side.folds
                .set_value(Folds::initial(editing.kind.get_untracked()));
            place.set_scroll_top(0);
        }
        let html = side.write();
        painted.update_value(|painted| painted.paint(&place, html));
        side.show_values(&place);
    });
    view! {
        <section
            class="editor-form"
            data-testid="editor-form"
            aria-label=say("Form")
            node_ref=side.place
            on:input=move |event| side.types(&event)
            on:change=move |event| side.typed(&event)
            on:click=move |event| side.pressed(&event)
        ></section>
    }
    .into_any()
}

fn value_of(element: &Element) -> String {
    let value = js_sys::Reflect::get(element, &"value".into()).ok();
    value.and_then(|it| it.as_string()).unwrap_or_default()
}

fn target(event: &Event, selector: &str) -> Option<Element> {
    let target = event.target()?.dyn_into::<Element>().ok()?;
    target.closest(selector).ok().flatten()
}

impl FormSide {
    fn show(self) {
        self.changed.update(|count| *count = count.wrapping_add(1));
    }

    /// What was typed covers what is written in markup: fields show the latter, but for the one that is typed in.
    fn show_values(self, place: &Element) {
        let typing = self.typing.get_value();
        let focused = document().active_element();
        let asked = js_sys::Array::of1(&"[data-value]".into());
        let found = call(place, "querySelectorAll", &asked).unwrap_or_default();
        for element in js_sys::Array::from(&found).iter() {
            let Ok(element) = element.dyn_into::<Element>() else {
                continue;
            };
            let is_typed_in = focused.as_ref() == Some(&element)
                && typing.is_some()
                && element.get_attribute("data-path") == typing;
            let wanted = element.get_attribute("data-value").unwrap_or_default();
            if !is_typed_in && value_of(&element) != wanted {
                let _ = js_sys::Reflect::set(&element, &"value".into(), &wanted.into());
            }
        }
    }

    /// Somebody is typing in a field.
    fn types(self, event: &Event) {
        let path = target(event, "[data-path]").and_then(|field| field.get_attribute("data-path"));
        self.typing.set_value(path);
    }

    /// Something was typed into a field, or chosen.
    fn typed(self, event: &Event) {
        let Some(element) = target(event, "[data-path]") else {
            return;
        };
        self.typing.set_value(None);
        let path = element.get_attribute("data-path").unwrap_or_default();
        let typed = value_of(&element);
        let field = self.shown.with_value(|form| {
            let all = form.as_ref().map(form::fields).unwrap_or_default();
            all.into_iter().find(|field| field.path == path).cloned()
        });
        let Some(field) = field else { return };
        match self
            .editing
            .with_text(|text| form::apply(text, &field, &typed))
        {
            Ok(new) => {
                self.wrong.set_value(None);
                self.editing.change(new);
            }
            Err(says) => self.wrong.set_value(Some(Wrong { path, typed, says })),
        }
        self.show();
    }

    /// Something was pressed.
    fn pressed(self, event: &Event) {
        let Some(element) = target(event, "button") else {
            return;
        };
        let data = |name: &str| element.get_attribute(name);
        if let Some(section) = data("data-section") {
            self.folds
                .update_value(|folds| Folds::toggle(&mut folds.sections, &section));
        } else if let Some(item) = data("data-open") {
            self.folds.update_value(|folds| {
                if folds.items.contains(&item) {
                    Folds::toggle(&mut folds.items, &item);
                } else {
                    folds.open_item(&item);
                }
            });
        } else if let Some(list) = data("data-whole") {
            self.folds
                .update_value(|folds| folds.expanded_lists.push(list));
        } else if let Some(path) = data("data-event") {
            self.take_event(&path);
        } else if let Some(operation) = data("data-act") {
            let operation = EditOperation::ALL
                .into_iter()
                .find(|(_, name)| *name == operation);
            let Some((operation, _)) = operation else {
                return;
            };
            self.perform(&EditAction {
                label: "",
                operation,
                path: data("data-at").unwrap_or_default(),
                json: data("data-json").unwrap_or_default(),
            });
        }
        self.show();
    }

    fn perform(self, act: &EditAction) {
        let done = self.editing.with_text(|text| form::perform(text, act));
        let Some((new, item)) = done else { return };
        self.wrong.set_value(None);
        self.folds.update_value(|folds| {
            if let Some(item) = &item {
                folds.open_item(item);
            } else if act.operation != EditOperation::Set {
                let list = match act.operation {
                    EditOperation::Sort => act.path.as_str(),
                    _ => crate::edit::change::split(&act.path).0,
                };
                folds.close_below(list);
            }
        });
        self.editing.change(new);
        // Who works by keyboard goes on where something came or went.
        let selector = match &item {
            Some(item) if matches!(act.operation, EditOperation::Up | EditOperation::Down) => {
                let name = act.operation.name();
                ["[data-item=\"", item, "\"] [data-act=", name, "]"].concat()
            }
            Some(item) => ["[data-item=\"", item, "\"] .ef input"].concat(),
            None if act.operation == EditOperation::Remove => {
                let (list, _) = crate::edit::change::split(&act.path);
                ["[data-act=add][data-at=\"", list, "\"]"].concat()
            }
            None => return,
        };
        request_animation_frame(move || {
            let found = document().query_selector(&selector).ok().flatten();
            if let Some(element) = found.and_then(|it| it.dyn_into::<web_sys::HtmlElement>().ok()) {
                let _ = element.focus();
            }
        });
    }

    /// The event that is chosen on the page becomes an anchor.
    fn take_event(self, path: &str) {
        let editing = self.editing;
        let session = editing.session;
        let Some(seq) = session.ui.event.get_untracked() else {
            return editing.said.set(
                say("No event is selected: go to the page, click one in the diagram or the log, and come back.").to_owned(),
            );
        };
        if let Some((query, hit)) = session.read(|player| anchor_of(player, seq)) {
            self.perform(&EditAction {
                label: "",
                operation: EditOperation::Set,
                path: path.to_owned(),
                json: anchor_json(&query, hit),
            });
            editing
                .said
                .set(tr!("The anchor now refers to event {} of the page.", seq));
        }
    }

    /// The run in which queries are tried, if the lesson has one that can be played.
    fn prove(self) {
        let scenario = match self.editing.kind.get_untracked() {
            Kind::Scenario => None,
            Kind::Lesson => self
                .editing
                .with_text(|text| Lesson::parse(text).ok())
                .map(|lesson| lesson.scenario),
        };
        // While the text is being mended, the run that was there is better than none.
        let Some(scenario) = scenario else { return };
        self.evidence.update_value(|evidence| {
            if !evidence.as_ref().is_some_and(|it| it.is_of(&scenario)) {
                *evidence = Evidence::of(&scenario);
            }
        });
    }

    fn write(self) -> Html {
        self.prove();
        let kind = self.editing.kind.get_untracked();
        let found = self.editing.found.get_untracked();
        let form = self.evidence.with_value(|evidence| {
            self.folds.with_value(|folds| {
                self.editing
                    .with_text(|text| form::form(kind, text, &found, folds, evidence.as_ref()))
            })
        });
        let mut html = Html::default();
        match &form {
            Some(form) => {
                let wrong = self.wrong.get_value();
                let mut writing = Writing {
                    html: &mut html,
                    wrong: wrong.as_ref(),
                    count: 0,
                };
                form.sections.iter().for_each(|it| writing.section(it));
            }
            None => html.leaf(
                "p",
                "editor-note",
                match self.editing.with_text(Node::parse) {
                    Some(_) => say("The text is not a JSON object, so there is nothing to edit here. Start it with an opening brace."),
                    None => say("Fix the JSON errors listed below to use the form."),
                },
            ),
        }
        self.shown.set_value(form);
        html
    }
}
