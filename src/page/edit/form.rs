//! The form on the screen: written as markup out of the text, and changing the text by what is typed and pressed in it.

use leptos::html::Section;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, Event};

use super::editing::Editing;
use super::text::call;
use crate::edit::form::{
    self, Act, Deed, Evidence, Field, Folds, Form, Input, Item, List, Part, anchor_json, anchor_of,
};
use crate::edit::{Kind, Node};
use crate::language::{say, tr};
use crate::lesson::Lesson;
use crate::page::html::{Html, Painted};
use crate::page::parts::{effect, option};

/// Signs of what can be done with an item, as lines in a square of 16.
const COPY: &str = "M6 6h7.500v7.500H6zM10 3.500V2.500H2.500V10h1";
const CROSS: &str = "M4 4l8 8M12 4l-8 8";
const UP: &str = "M8 13V3.500M4 7l4-4 4 4";
const DOWN: &str = "M8 3v9.500M4 9l4 4 4-4";

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
    /// Counts what changes it beside the text.
    changed: RwSignal<u32>,
    place: NodeRef<Section>,
}

/// The form.
pub fn form_side(editing: Editing) -> AnyView {
    let side = FormSide {
        editing,
        folds: StoredValue::new(Folds::at_first(editing.kind.get_untracked())),
        shown: StoredValue::new(None),
        wrong: StoredValue::new(None),
        evidence: StoredValue::new_local(None),
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
                .set_value(Folds::at_first(editing.kind.get_untracked()));
            place.set_scroll_top(0);
        }
        let html = side.write();
        painted.update_value(|painted| painted.paint(&place, html));
        show_values(&place);
    });
    view! {
        <section
            class="editor-form"
            data-testid="editor-form"
            aria-label=say("Form")
            node_ref=side.place
            on:change=move |event| side.typed(&event)
            on:click=move |event| side.pressed(&event)
        ></section>
    }
    .into_any()
}

/// What was typed covers what is written in markup: fields show the latter.
fn show_values(place: &Element) {
    let asked = js_sys::Array::of1(&"[data-value]".into());
    let found = call(place, "querySelectorAll", &asked).unwrap_or_default();
    for element in js_sys::Array::from(&found).iter() {
        let Ok(element) = element.dyn_into::<Element>() else {
            continue;
        };
        let wanted = element.get_attribute("data-value").unwrap_or_default();
        if value_of(&element) != wanted {
            let _ = js_sys::Reflect::set(&element, &"value".into(), &wanted.into());
        }
    }
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

    /// Something was typed into a field, or chosen.
    fn typed(self, event: &Event) {
        let Some(element) = target(event, "[data-path]") else {
            return;
        };
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
            self.folds.update_value(|folds| folds.whole.push(list));
        } else if let Some(path) = data("data-event") {
            self.take_event(&path);
        } else if let Some(deed) = data("data-act") {
            let deed = Deed::ALL.into_iter().find(|(_, name)| *name == deed);
            let Some((deed, _)) = deed else { return };
            self.perform(&Act {
                words: "",
                deed,
                path: data("data-at").unwrap_or_default(),
                json: data("data-json").unwrap_or_default(),
            });
        }
        self.show();
    }

    fn perform(self, act: &Act) {
        let done = self.editing.with_text(|text| form::perform(text, act));
        let Some((new, item)) = done else { return };
        self.wrong.set_value(None);
        self.folds.update_value(|folds| {
            if let Some(item) = &item {
                folds.open_item(item);
            } else if act.deed != Deed::Set {
                let list = match act.deed {
                    Deed::Sort => act.path.as_str(),
                    _ => crate::edit::change::split(&act.path).0,
                };
                folds.close_below(list);
            }
        });
        self.editing.change(new);
        // Who works by keyboard goes on where something came or went.
        let selector = match &item {
            Some(item) if matches!(act.deed, Deed::Up | Deed::Down) => {
                let name = act.deed.name();
                ["[data-item=\"", item, "\"] [data-act=", name, "]"].concat()
            }
            Some(item) => ["[data-item=\"", item, "\"] .ef input"].concat(),
            None if act.deed == Deed::Remove => {
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
        let desk = editing.desk;
        let Some(seq) = desk.screen.event.get_untracked() else {
            return editing.said.set(
                say("No event is selected: look at the page, click one in the diagram or the log, and come back.").to_owned(),
            );
        };
        if let Some((query, hit)) = desk.with(|player| anchor_of(player, seq)) {
            self.perform(&Act {
                words: "",
                deed: Deed::Set,
                path: path.to_owned(),
                json: anchor_json(&query, hit),
            });
            editing
                .said
                .set(tr!("The anchor is event {} of the page.", seq));
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
                    Some(_) => say("The text is no object: there is nothing to fill in."),
                    None => say("The text is no JSON at the moment. Mend it there: the list below says where. Then the form is here again."),
                },
            ),
        }
        self.shown.set_value(form);
        html
    }
}

/// Writes the form as markup.
struct Writing<'a> {
    html: &'a mut Html,
    wrong: Option<&'a Wrong>,
    /// Fields so far: a number for each.
    count: usize,
}

impl Writing<'_> {
    fn section(&mut self, section: &form::Section) {
        let html = &mut *self.html;
        html.open("section", "class", "es");
        html.open("h3", "", "");
        html.open("button", "data-section", section.id);
        html.also("data-testid", &["form-", section.id].concat());
        html.also(
            "aria-expanded",
            if section.parts.is_some() {
                "true"
            } else {
                "false"
            },
        );
        html.leaf("span", "", section.title);
        html.leaf("span", "es-says", &section.says);
        html.close("button");
        html.close("h3");
        if let Some(parts) = &section.parts {
            self.parts(parts);
        }
        self.html.close("section");
    }

    fn parts(&mut self, parts: &[Part]) {
        let mut in_grid = false;
        for part in parts {
            let wants_grid = matches!(part, Part::Field(_));
            if in_grid && !wants_grid {
                self.html.close("div");
            }
            if !in_grid && wants_grid {
                self.html.open("div", "class", "ef-grid");
            }
            in_grid = wants_grid;
            match part {
                Part::Field(field) => self.field(field),
                Part::List(list) => self.list(list),
                Part::Note(words) => self.html.leaf("p", "editor-note", words),
                Part::Act(act) => {
                    self.html.open("p", "class", "editor-acts");
                    self.act(act);
                    self.html.close("p");
                }
            }
        }
        if in_grid {
            self.html.close("div");
        }
    }

    fn act(&mut self, act: &Act) {
        let html = &mut *self.html;
        html.open("button", "class", "tool");
        html.also("data-act", act.deed.name());
        html.also("data-at", &act.path);
        html.also("data-json", &act.json);
        html.say(act.words);
        html.close("button");
    }

    fn list(&mut self, list: &List) {
        if !list.title.is_empty() {
            self.html.leaf("h4", "ei-title", list.title);
        }
        if list.items.is_empty() {
            self.html.leaf("p", "dim", list.empty);
        } else {
            self.html.open("ul", "class", "ei-list");
            list.items.iter().for_each(|item| self.item(list, item));
            self.html.close("ul");
        }
        self.html.open("p", "class", "editor-acts");
        if list.hidden > 0 {
            self.html.open("button", "data-whole", &list.path);
            self.html.also("class", "tool");
            self.html
                .say(&tr!("Show one more" | "Show {n} more" % list.hidden));
            self.html.close("button");
        }
        list.adds.iter().for_each(|act| self.act(act));
        self.html.close("p");
    }

    fn item(&mut self, list: &List, item: &Item) {
        self.html.open("li", "class", "ei");
        self.html.also("data-item", &item.path);
        if item.wrong {
            self.html.also("data-wrong", "");
        }
        self.html.open("div", "class", "ei-head");
        self.html.open("button", "data-open", &item.path);
        self.html.also("class", "ei-open");
        let is_open = item.parts.is_some();
        self.html
            .also("aria-expanded", if is_open { "true" } else { "false" });
        self.html.open("span", "class", "ei-words");
        self.html.leaf("b", "", &item.title);
        self.html.leaf("span", "dim", &item.says);
        self.html.close("span");
        if item.wrong {
            self.html.leaf("span", "ei-wrong", say("problem"));
        }
        self.html.close("button");
        let mut tools = vec![
            (Deed::Duplicate, COPY, tr!("Duplicate {}", item.title)),
            (Deed::Remove, CROSS, tr!("Remove {}", item.title)),
        ];
        if list.ordered {
            tools.insert(0, (Deed::Down, DOWN, tr!("Move {} down", item.title)));
            tools.insert(0, (Deed::Up, UP, tr!("Move {} up", item.title)));
        }
        for (deed, sign, words) in tools {
            self.html.open("button", "class", "tool ei-tool");
            self.html.also("data-act", deed.name());
            self.html.also("data-at", &item.path);
            self.html.also("aria-label", &words);
            self.html.also("title", &words);
            self.html
                .put("<svg class=\"icon\" viewBox=\"0 0 16 16\" aria-hidden=\"true\"><path d=\"");
            self.html.put(sign);
            self.html.put("\"></path></svg>");
            self.html.close("button");
        }
        self.html.close("div");
        if let Some(parts) = &item.parts {
            self.html.open("div", "class", "ei-inside");
            self.parts(parts);
            self.html.close("div");
        }
        self.html.close("li");
    }

    fn field(&mut self, field: &Field) {
        self.count += 1;
        let id = ["ef-", &self.count.to_string()].concat();
        let wrong = self.wrong.filter(|wrong| wrong.path == field.path);
        let value = wrong.map_or(field.value.as_str(), |wrong| &wrong.typed);
        let wide = matches!(
            field.input,
            Input::Long | Input::Paragraphs | Input::Anchor | Input::Query
        );
        let html = &mut *self.html;
        html.open("div", "class", if wide { "ef ef-wide" } else { "ef" });
        html.open("label", "for", &id);
        html.leaf("span", "", field.label);
        if !field.unit.is_empty() {
            html.leaf("span", "ef-unit", field.unit);
        }
        html.close("label");
        let says = hint(field);
        let problems = field.problems.iter().map(String::as_str);
        let problems: Vec<&str> = wrong
            .map(|it| it.says.as_str())
            .into_iter()
            .chain(problems)
            .collect();
        let common = |html: &mut Html| {
            html.also("id", &id);
            html.also("data-path", &field.path);
            html.also("data-value", value);
            html.also("data-testid", &["field:", &field.path].concat());
            html.also("aria-describedby", &[&id, "-says"].concat());
            if !problems.is_empty() {
                html.also("aria-invalid", "true");
            }
            if field.needed {
                html.also("aria-required", "true");
            }
        };
        match &field.input {
            Input::Choice(picks) => {
                html.open("select", "", "");
                common(html);
                if value.is_empty() {
                    option(html, "", "", true);
                }
                for (at, pick) in picks.iter().enumerate() {
                    let at = at.to_string();
                    option(html, &at, &pick.words, at == value);
                }
                html.close("select");
            }
            Input::Side => {
                html.open("select", "", "");
                common(html);
                for (side, words) in [
                    ("", say("stays where it is")),
                    ("after", say("goes behind an event")),
                    ("before", say("goes in front of an event")),
                ] {
                    option(html, side, words, side == value);
                }
                html.close("select");
            }
            Input::Long | Input::Paragraphs => {
                let rows = if field.input == Input::Long { "2" } else { "5" };
                html.open("textarea", "rows", rows);
                common(html);
                html.close("textarea");
            }
            input => {
                html.put("<input>");
                html.also("type", "text");
                common(html);
                html.also("value", value);
                html.also("placeholder", &field.usual);
                match input {
                    Input::Number(_) | Input::Hit => html.also("inputmode", "decimal"),
                    Input::Line => {}
                    _ => {
                        html.also("spellcheck", "false");
                        html.also("autocapitalize", "off");
                        html.also("class", "ef-code");
                    }
                }
            }
        }
        if field.input == Input::Anchor {
            html.open("button", "data-event", &field.path);
            html.also("class", "tool ef-take");
            html.say(say("Take the selected event"));
            html.close("button");
        }
        html.open("div", "class", "ef-says");
        html.also("id", &[&id, "-says"].concat());
        for problem in &problems {
            html.leaf("span", "ef-wrong", problem);
        }
        if !says.is_empty() {
            html.leaf("span", "ef-hint", &says);
        }
        html.close("div");
        html.close("div");
    }
}

/// What a field is for, and what it may hold.
fn hint(field: &Field) -> String {
    let Input::Number(number) = field.input else {
        return field.hint.clone();
    };
    let (least, most) = number.bounds();
    // Bounds that nobody reaches say nothing.
    let range = if number.most / number.per as i64 > 1_000_000_000 {
        String::new()
    } else if least.starts_with("0.0") {
        tr!("At most {}.", most)
    } else {
        tr!("{least} to {most}.", least = least, most = most)
    };
    match (field.hint.is_empty(), range.is_empty()) {
        (true, _) => range,
        (false, true) => field.hint.clone(),
        (false, false) => tr!("{hint} {range}", hint = field.hint, range = range),
    }
}
