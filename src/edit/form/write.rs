//! Applies input in a form to the text.

use super::{EditAction, EditOperation, Field, Input, Number};
use crate::change::{insert, quoted, remove, reorder, set, split};
use crate::tree::{Node, Value};
use triage_language::{say, tr};

/// The text after input in a field.
///
/// # Errors
/// If the input can't be applied; the text stays unchanged.
pub fn apply(text: &str, field: &Field, typed: &str) -> Result<String, String> {
    if field.value == typed {
        return Ok(text.to_owned());
    }
    let path = field.path.as_str();
    let json = match &field.input {
        Input::Line | Input::Query => filled(typed.trim()).map(quoted),
        Input::Long => filled(typed).map(quoted),
        Input::Paragraphs => {
            let paragraphs = typed.replace("\r\n", "\n");
            let all = paragraphs.split("\n\n").map(str::trim);
            let all: Vec<String> = all.filter(|it| !it.is_empty()).map(quoted).collect();
            Some(["[", &all.join(", "), "]"].concat())
        }
        Input::Names => {
            let all: Vec<String> = parts(typed).map(quoted).collect();
            (!all.is_empty()).then(|| ["[", &all.join(", "), "]"].concat())
        }
        Input::Numbers => {
            let is_number = |part: &str| part.bytes().all(|it| it.is_ascii_digit());
            if !parts(typed).all(is_number) {
                return Err(say("Enter whole numbers separated by commas.").to_owned());
            }
            let all: Vec<&str> = parts(typed).collect();
            Some(["[", &all.join(", "), "]"].concat())
        }
        Input::Number(number) => match filled(typed.trim()) {
            Some(typed) => Some(number.read(typed)?),
            None => None,
        },
        Input::Choice(picks) => {
            let at: Option<usize> = typed.parse().ok();
            let pick = at.and_then(|at| picks.get(at));
            let pick = pick.ok_or_else(|| say("Choose one of the options.").to_owned())?;
            filled(&pick.json).map(str::to_owned)
        }
        Input::Anchor => return anchor(text, field, typed.trim()),
        Input::Hit => return hit(text, path, typed.trim()),
        Input::Side => return side(text, path, typed),
    };
    match json {
        Some(json) => write_value(text, field, &json),
        None if field.required => Err(say("This field is required.").to_owned()),
        None => {
            let gone = field.removes.as_deref().unwrap_or(path);
            remove(text, gone).ok_or_else(no_place_error)
        }
    }
}

fn filled(typed: &str) -> Option<&str> {
    (!typed.is_empty()).then_some(typed)
}

fn parts(typed: &str) -> impl Iterator<Item = &str> {
    typed
        .split(',')
        .map(str::trim)
        .filter(|part| !part.is_empty())
}

fn no_place_error() -> String {
    say("The text has no place for this value. Check its structure in the editor.").to_owned()
}

fn write_value(text: &str, field: &Field, json: &str) -> Result<String, String> {
    let mut text = text.to_owned();
    if let Some((path, begin)) = &field.parent
        && Node::parse(&text).is_some_and(|tree| tree.get(path).is_none())
    {
        text = set(&text, path, begin).ok_or_else(no_place_error)?;
    }
    set(&text, &field.path, json).ok_or_else(no_place_error)
}

impl Number {
    /// Converts a number in the unit on the screen to the text.
    fn read(self, typed: &str) -> Result<String, String> {
        let wrong = || tr!("{} isn't a number.", typed);
        let (sign, digits) = match typed.strip_prefix(['-', '−']) {
            Some(digits) => (-1, digits),
            None => (1, typed),
        };
        let (whole, part) = digits.split_once(['.', ',']).unwrap_or((digits, ""));
        let is_number = |part: &str| part.bytes().all(|it| it.is_ascii_digit());
        if whole.is_empty() && part.is_empty() || !is_number(whole) || !is_number(part) {
            return Err(wrong());
        }
        let places = self.scale.max(1).ilog10() as usize;
        let part = part.trim_end_matches('0');
        if part.len() > places {
            return Err(match places {
                0 => say("Enter a whole number.").to_owned(),
                _ => tr!("Enter at most {n} decimal places.", n = places),
            });
        }
        let digits = [whole, part, &"0".repeat(places - part.len())].concat();
        let value: i64 = digits.parse().map_err(|_| wrong())?;
        Ok((sign * value).to_string())
    }
}

/// Changes the query of an anchor and keeps its hit number.
fn anchor(text: &str, field: &Field, query: &str) -> Result<String, String> {
    let path = &field.path;
    if query.is_empty() && !field.required {
        return remove(text, path).ok_or_else(no_place_error);
    }
    let tree = Node::parse(text).ok_or_else(no_place_error)?;
    let is_object = matches!(tree.get(path).map(|it| &it.value), Some(Value::Object(_)));
    let path = match is_object {
        true => [path, ".query"].concat(),
        false => path.clone(),
    };
    set(text, &path, &quoted(query)).ok_or_else(no_place_error)
}

/// Changes the hit number of an anchor; hit 1 is written as the query alone.
fn hit(text: &str, path: &str, typed: &str) -> Result<String, String> {
    let path = path.strip_suffix("#hit").unwrap_or(path);
    let hit: u32 = typed
        .parse()
        .map_err(|_| say("Matches are counted from 1.").to_owned())?;
    let tree = Node::parse(text).ok_or_else(no_place_error)?;
    let node = tree.get(path).ok_or_else(no_place_error)?;
    let inside = node.get("query").and_then(Node::text);
    let query = node.text().or(inside).unwrap_or_default();
    set(text, path, &anchor_json(query, hit)).ok_or_else(no_place_error)
}

/// The JSON of an anchor.
pub fn anchor_json(query: &str, hit: u32) -> String {
    match hit {
        1 => quoted(query),
        hit => [
            "{\"query\": ",
            &quoted(query),
            ", \"hit\": ",
            &hit.to_string(),
            "}",
        ]
        .concat(),
    }
}

/// Moves the cursor after an anchor, before it, or leaves it where it is.
fn side(text: &str, path: &str, typed: &str) -> Result<String, String> {
    let step = path.strip_suffix("#side").unwrap_or(path);
    let tree = Node::parse(text).ok_or_else(no_place_error)?;
    let place = |side: &str| [step, ".", side].concat();
    let there = tree.get(&place("after")).or(tree.get(&place("before")));
    let json = there.map_or("\"kind:job_submitted\"", |node| &text[node.from..node.to]);
    let bare = remove(text, &place("after")).ok_or_else(no_place_error)?;
    let bare = remove(&bare, &place("before")).ok_or_else(no_place_error)?;
    match typed {
        "" => Ok(bare),
        side => set(&bare, &place(side), json).ok_or_else(no_place_error),
    }
}

/// The text after a button was pressed, and the path of the item to open.
pub fn perform(text: &str, act: &EditAction) -> Option<(String, Option<String>)> {
    let item = |list: &str, at: usize| Some([list, "[", &at.to_string(), "]"].concat());
    let tree = Node::parse(text)?;
    let (list, last) = split(&act.path);
    let at: usize = last.parse().unwrap_or(0);
    let count = |list: &str| tree.get(list).map_or(0, |node| node.items().len());
    Some(match act.operation {
        EditOperation::Add => {
            let at = count(&act.path);
            let json = with_unused_name(&tree, &act.path, &act.json);
            (insert(text, &act.path, at, &json)?, item(&act.path, at))
        }
        EditOperation::Set => (set(text, &act.path, &act.json)?, None),
        EditOperation::Remove => (remove(text, &act.path)?, None),
        EditOperation::Duplicate => {
            let node = tree.get(&act.path)?;
            let json = with_unused_name(&tree, list, text.get(node.from..node.to)?);
            (insert(text, list, at + 1, &json)?, item(list, at + 1))
        }
        EditOperation::Up | EditOperation::Down => {
            let to = match act.operation {
                EditOperation::Up => at.checked_sub(1)?,
                _ => at + 1,
            };
            let mut order: Vec<usize> = (0..count(list)).collect();
            if to >= order.len() {
                return None;
            }
            order.swap(at, to);
            (reorder(text, list, &order)?, item(list, to))
        }
        EditOperation::Sort => {
            let items = tree.get(&act.path)?.items();
            let at_us = |at: &usize| match items[*at].get("at_us").map(|it| &it.value) {
                Some(Value::Plain(number)) => number.parse::<u64>().unwrap_or(u64::MAX),
                _ => 0,
            };
            let mut order: Vec<usize> = (0..items.len()).collect();
            order.sort_by_key(at_us);
            (reorder(text, &act.path, &order)?, None)
        }
    })
}

/// Renames an item if another one in its list has the same name.
fn with_unused_name(tree: &Node, list: &str, json: &str) -> String {
    let Some(item) = Node::parse(json) else {
        return json.to_owned();
    };
    let named = ["id", "name"]
        .into_iter()
        .find_map(|field| Some((field, item.get(field)?.text()?)));
    let Some((field, name)) = named else {
        return json.to_owned();
    };
    let items = tree.get(list).map_or(&[][..], Node::items);
    let is_taken = |name: &str| {
        items
            .iter()
            .any(|one| one.get(field).and_then(Node::text) == Some(name))
    };
    if !is_taken(name) {
        return json.to_owned();
    }
    let begin = name.trim_end_matches(|letter: char| letter.is_ascii_digit());
    let begin = match begin.ends_with('-') {
        true => begin.to_owned(),
        false => [name, "-"].concat(),
    };
    let names = (2..).map(|number: u32| [&begin, number.to_string().as_str()].concat());
    let free = names
        .into_iter()
        .find(|name| !is_taken(name))
        .unwrap_or_default();
    set(json, field, &quoted(&free)).unwrap_or_else(|| json.to_owned())
}
