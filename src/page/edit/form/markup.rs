//! The form as markup.

use super::Wrong;
use crate::edit::form::{self, EditAction, EditOperation, Field, Input, Item, List, Part};
use crate::language::{say, tr};
use crate::page::html::Html;
use crate::page::parts::option;

/// Signs of what can be done with an item, as lines in a square of 16.
const COPY: &str = "M6 6h7.500v7.500H6zM10 3.500V2.500H2.500V10h1";
const CROSS: &str = "M4 4l8 8M12 4l-8 8";
const UP: &str = "M8 13V3.500M4 7l4-4 4 4";
const DOWN: &str = "M8 3v9.500M4 9l4 4 4-4";

/// Writes the form as markup.
pub struct Writing<'a> {
    /// Where to.
    pub html: &'a mut Html,
    /// What was typed and cannot be.
    pub(super) wrong: Option<&'a Wrong>,
    /// Fields so far: a number for each.
    pub count: usize,
}

impl Writing<'_> {
    /// Writes one section.
    pub fn section(&mut self, section: &form::Section) {
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
        html.leaf("span", "es-says", &section.summary);
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
                Part::EditAction(act) => {
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

    fn act(&mut self, act: &EditAction) {
        let html = &mut *self.html;
        html.open("button", "class", "tool");
        html.also("data-act", act.operation.name());
        html.also("data-at", &act.path);
        html.also("data-json", &act.json);
        html.say(act.label);
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
        list.add_actions.iter().for_each(|act| self.act(act));
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
        self.html.leaf("span", "dim", &item.summary);
        self.html.close("span");
        if item.wrong {
            self.html.leaf("span", "ei-wrong", say("problem"));
        }
        self.html.close("button");
        let mut tools = vec![
            (
                EditOperation::Duplicate,
                COPY,
                tr!("Duplicate {}", item.title),
            ),
            (EditOperation::Remove, CROSS, tr!("Remove {}", item.title)),
        ];
        if list.reorderable {
            tools.insert(
                0,
                (EditOperation::Down, DOWN, tr!("Move {} down", item.title)),
            );
            tools.insert(0, (EditOperation::Up, UP, tr!("Move {} up", item.title)));
        }
        for (operation, sign, words) in tools {
            self.html.open("button", "class", "tool ei-tool");
            self.html.also("data-act", operation.name());
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
        let summary = hint(field);
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
            if field.required {
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
                    option(html, &at, &pick.label, at == value);
                }
                html.close("select");
            }
            Input::Side => {
                html.open("select", "", "");
                common(html);
                for (side, words) in [
                    ("", say("stays where it is")),
                    ("after", say("moves to just after an event")),
                    ("before", say("moves to just before an event")),
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
                html.also("placeholder", &field.default_value);
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
            html.say(say("Use the selected event"));
            html.close("button");
        }
        html.open("div", "class", "ef-says");
        html.also("id", &[&id, "-says"].concat());
        for problem in &problems {
            html.leaf("span", "ef-wrong", problem);
        }
        if !summary.is_empty() {
            html.leaf("span", "ef-hint", &summary);
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
    let range = if number.max / number.scale as i64 > 1_000_000_000 {
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
