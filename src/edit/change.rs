//! Edits of JSON text that preserve everything else: the order, unknown fields, whitespace and lines.

use super::tree::{Member, Node, Value};

/// The order of fields in the format documentation, which determines where new fields are inserted.
const ORDER: [&str; 41] = [
    "format",
    "lesson_format",
    "name",
    "id",
    "title",
    "about",
    "minutes",
    "description",
    "seed",
    "duration_us",
    "configuration",
    "scenario",
    "principals",
    "executors",
    "workload",
    "commands",
    "steps",
    "text",
    "after",
    "before",
    "view",
    "look_at",
    "do",
    "question",
    "at_us",
    "principal",
    "action",
    "type",
    "level",
    "arrivals",
    "from_us",
    "until_us",
    "work",
    "work_us",
    "capacity",
    "capabilities",
    "requirements",
    "place",
    "location",
    "target",
    "execution",
];

/// Replaces a range of a text. Positions are in UTF-16 code units, as in JavaScript.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextChange {
    pub from: u32,
    pub to: u32,
    pub insert: String,
}

impl TextChange {
    /// The shortest change from one text to another; `None` if they are equal.
    pub fn between(old: &str, new: &str) -> Option<TextChange> {
        if old == new {
            return None;
        }
        let same = |(a, b): &(char, char)| a == b;
        let length = |pairs: &mut dyn Iterator<Item = (char, char)>| -> usize {
            pairs
                .take_while(same)
                .map(|(letter, _)| letter.len_utf8())
                .sum()
        };
        let begin = length(&mut old.chars().zip(new.chars()));
        let (old_rest, new_rest) = (&old[begin..], &new[begin..]);
        let end = length(&mut old_rest.chars().rev().zip(new_rest.chars().rev()));
        Some(TextChange {
            from: utf16(old, begin),
            to: utf16(old, old.len() - end),
            insert: new_rest[..new_rest.len() - end].to_owned(),
        })
    }
}

/// Converts a byte offset to UTF-16 code units.
pub fn utf16(text: &str, at: usize) -> u32 {
    let before = text.get(..at).unwrap_or(text);
    before.chars().map(|letter| letter.len_utf16() as u32).sum()
}

/// A text as a JSON string.
pub fn quoted(text: &str) -> String {
    serde_json::to_string(text).unwrap_or_else(|_| unreachable!("a string can be serialised"))
}

/// Sets the value at a path and creates missing parents. `None` if the path can't exist in this text.
pub fn set(text: &str, path: &str, json: &str) -> Option<String> {
    let tree = Node::parse(text)?;
    let lookup = tree.lookup(path);
    if lookup.rest.is_empty() {
        return Some(replaced(text, lookup.node.from, lookup.node.to, json));
    }
    let mut names: Vec<&str> = lookup.rest.split('.').collect();
    let first = names.remove(0);
    if first.contains('[') || names.iter().any(|name| name.contains('[')) {
        return None;
    }
    let value = names.iter().rev().fold(json.to_owned(), |value, name| {
        ["{", &quoted(name), ": ", &value, "}"].concat()
    });
    with_field(text, lookup.node, first, &value)
}

fn with_field(text: &str, object: &Node, name: &str, json: &str) -> Option<String> {
    let Value::Object(entries) = &object.value else {
        return None;
    };
    let [first, ..] = entries.as_slice() else {
        let is_root = object.from == 0 || text[..object.from].trim().is_empty();
        let (open, close) = if is_root {
            ("{\n  ", "\n}")
        } else {
            ("{", "}")
        };
        let value = [open, &quoted(name), ": ", json, close].concat();
        return Some(replaced(text, object.from, object.to, &value));
    };
    let separator = separator(text, object.from, first.from);
    let json = indented(json, &separator);
    let field = [&quoted(name), ": ", &json].concat();
    let place = |name: &str| ORDER.iter().position(|known| *known == name);
    let comes_before = |entry: &&Member| match (place(&entry.name), place(name)) {
        (Some(one), Some(other)) => one < other,
        _ => true, // unknown fields stay where they are
    };
    Some(match entries.iter().rev().find(comes_before) {
        Some(entry) => {
            let more = [",", &separator, &field].concat();
            replaced(text, entry.node.to, entry.node.to, &more)
        }
        None => {
            let more = [&field, ",", &separator].concat();
            replaced(text, first.from, first.from, &more)
        }
    })
}

/// Removes the field or item at a path; returns the text unchanged if there is none.
pub fn remove(text: &str, path: &str) -> Option<String> {
    let tree = Node::parse(text)?;
    if tree.get(path).is_none() {
        return Some(text.to_owned());
    }
    let (parent, _) = split(path);
    let holder = tree.get(parent)?;
    let target = tree.get(path)?;
    let parts: Vec<(usize, usize)> = match &holder.value {
        Value::Object(entries) => entries.iter().map(|it| (it.from, it.node.to)).collect(),
        Value::List(items) => items.iter().map(|it| (it.from, it.to)).collect(),
        _ => return None,
    };
    let at = parts.iter().position(|part| part.1 == target.to)?;
    let (from, to) = match (parts.get(at + 1), at.checked_sub(1)) {
        (Some(next), _) => (parts[at].0, next.0),
        (None, Some(before)) => (parts[before].1, parts[at].1),
        (None, None) => (holder.from + 1, holder.to - 1),
    };
    Some(replaced(text, from, to, ""))
}

/// Inserts an item into a list at index `at`; creates the list if it doesn't exist.
pub fn insert(text: &str, list: &str, at: usize, json: &str) -> Option<String> {
    let tree = Node::parse(text)?;
    let Some(node) = tree.get(list) else {
        let value = match json.starts_with('{') {
            true => ["[\n  ", &indented(json, "\n  "), "\n]"].concat(),
            false => ["[", json, "]"].concat(),
        };
        return set(text, list, &value);
    };
    let Value::List(items) = &node.value else {
        return None;
    };
    let Some(first) = items.first() else {
        let indent = indent_of(text, node.from);
        let separator = ["\n", indent, "  "].concat();
        let value = match json.starts_with('{') {
            true => [
                "[",
                &separator,
                &indented(json, &separator),
                "\n",
                indent,
                "]",
            ]
            .concat(),
            false => ["[", json, "]"].concat(),
        };
        return Some(replaced(text, node.from, node.to, &value));
    };
    let separator = separator(text, node.from, first.from);
    let json = indented(json, &separator);
    Some(match at.min(items.len()).checked_sub(1) {
        None => replaced(
            text,
            first.from,
            first.from,
            &[&json, ",", &separator].concat(),
        ),
        Some(before) => {
            let place = items[before].to;
            replaced(text, place, place, &[",", &separator, &json].concat())
        }
    })
}

/// Reorders the items of a list; `order` has their old indices.
pub fn reorder(text: &str, list: &str, order: &[usize]) -> Option<String> {
    let tree = Node::parse(text)?;
    let items = tree.get(list)?.items();
    if order.len() != items.len() {
        return None;
    }
    let mut new = String::with_capacity(text.len());
    let mut written = 0;
    for (place, old) in items.iter().zip(order) {
        let item = items.get(*old)?;
        new.push_str(&text[written..place.from]);
        new.push_str(&text[item.from..item.to]);
        written = place.to;
    }
    new.push_str(&text[written..]);
    Some(new)
}

/// Splits a path into the parent and the last segment.
pub fn split(path: &str) -> (&str, &str) {
    if let Some(begin) = path.strip_suffix(']')
        && let Some((parent, number)) = begin.rsplit_once('[')
    {
        return (parent, number);
    }
    path.rsplit_once('.').unwrap_or(("", path))
}

fn replaced(text: &str, from: usize, to: usize, by: &str) -> String {
    [&text[..from], by, &text[to..]].concat()
}

/// The whitespace between two members of an object or list: a newline and indent if they are on separate lines.
fn separator(text: &str, open: usize, first: usize) -> String {
    let between = &text[open + 1..first];
    match between.rfind('\n') {
        Some(line) => ["\n", &between[line + 1..]].concat(),
        None => " ".to_owned(),
    }
}

/// Indents a multi-line value to match a separator.
fn indented(json: &str, separator: &str) -> String {
    if separator.starts_with('\n') {
        json.replace('\n', separator)
    } else {
        json.to_owned()
    }
}

/// The indent of the line that contains a byte.
fn indent_of(text: &str, at: usize) -> &str {
    let line = text[..at].rfind('\n').map_or(0, |line| line + 1);
    let rest = &text[line..];
    &rest[..rest.len() - rest.trim_start_matches([' ', '\t']).len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "{\n  \"name\": \"a\",\n  \"own\": 1,\n  \"executors\": [\n    {\"id\": \"x\",  \"capacity\": 1},\n    {\"id\": \"y\"}\n  ]\n}\n";

    #[test]
    fn a_value_is_replaced_and_nothing_else() {
        let new = set(TEXT, "executors[0].capacity", "20").unwrap();
        assert_eq!(new, TEXT.replace("\"capacity\": 1", "\"capacity\": 20"));
        let change = TextChange::between(TEXT, &new).unwrap();
        assert_eq!((change.insert.as_str(), change.to - change.from), ("20", 1));
        assert_eq!(TextChange::between(TEXT, TEXT), None);
    }

    #[test]
    fn a_new_field_goes_where_the_documents_have_it() {
        let new = set(TEXT, "title", "\"T\"").unwrap();
        assert_eq!(
            new,
            TEXT.replace("\n  \"own\": 1", "\n  \"own\": 1,\n  \"title\": \"T\"")
        );
        let new = set(TEXT, "executors[1].capacity", "3").unwrap();
        assert!(new.contains(r#"{"id": "y", "capacity": 3}"#));
        let new = set(TEXT, "format", "1").unwrap();
        assert!(new.contains("\"own\": 1,\n  \"format\": 1"), "{new}");
        let new = set(r#"{"name": "a"}"#, "format", "1").unwrap();
        assert_eq!(new, r#"{"format": 1, "name": "a"}"#);
    }

    #[test]
    fn missing_parents_are_created() {
        let new = set(TEXT, "configuration.network.latency_us", "5").unwrap();
        assert!(new.contains(
            "\n  \"configuration\": {\"network\": {\"latency_us\": 5}},\n  \"executors\""
        ));
        assert_eq!(set("{}", "a.b", "1").unwrap(), "{\n  \"a\": {\"b\": 1}\n}");
        assert_eq!(set(TEXT, "executors[5].id", "1"), None);
        assert_eq!(set(TEXT, "name.x", "1"), None);
    }

    #[test]
    fn items_come_and_go_with_their_lines() {
        let more = insert(TEXT, "executors", 9, "{\"id\": \"z\"}").unwrap();
        assert!(more.contains("    {\"id\": \"y\"},\n    {\"id\": \"z\"}\n  ]"));
        assert_eq!(remove(&more, "executors[2]").unwrap(), TEXT);
        let front = insert(TEXT, "executors", 0, "{\"id\": \"z\"}").unwrap();
        assert!(front.contains("[\n    {\"id\": \"z\"},\n    {\"id\": \"x\""));
        assert_eq!(remove(&front, "executors[0]").unwrap(), TEXT);
        let one = remove(&remove(TEXT, "executors[0]").unwrap(), "executors[0]").unwrap();
        assert!(one.contains("\"executors\": []"));
        let again = insert(&one, "executors", 0, "{\"id\": \"q\"}").unwrap();
        assert!(again.contains("\"executors\": [\n    {\"id\": \"q\"}\n  ]"));
        let made = insert(TEXT, "commands", 0, "{\n  \"a\": 1\n}").unwrap();
        assert!(
            made.contains("  ],\n  \"commands\": [\n    {\n      \"a\": 1\n    }\n  ]\n}"),
            "{made}"
        );
        let names = insert(TEXT, "executors[1].capabilities", 0, "\"fire\"").unwrap();
        assert!(names.contains(r#"{"id": "y", "capabilities": ["fire"]}"#));
    }

    #[test]
    fn a_field_goes_with_its_comma() {
        assert_eq!(
            remove(TEXT, "own").unwrap(),
            TEXT.replace("\"own\": 1,\n  ", "")
        );
        assert_eq!(
            remove(TEXT, "executors[0].capacity").unwrap(),
            TEXT.replace(",  \"capacity\": 1", "")
        );
        assert_eq!(remove(TEXT, "nothing").unwrap(), TEXT);
    }

    #[test]
    fn items_change_places_and_keep_their_own_text() {
        let turned = reorder(TEXT, "executors", &[1, 0]).unwrap();
        assert!(
            turned.contains("[\n    {\"id\": \"y\"},\n    {\"id\": \"x\",  \"capacity\": 1}\n  ]")
        );
        assert_eq!(reorder(&turned, "executors", &[1, 0]).unwrap(), TEXT);
        assert_eq!(reorder(TEXT, "executors", &[0]), None);
    }

    #[test]
    fn positions_are_in_utf16() {
        let change = TextChange::between("é😀a", "é😀b").unwrap();
        assert_eq!(
            (change.from, change.to, change.insert.as_str()),
            (3, 4, "b")
        );
        let change = TextChange::between("aa", "aaa").unwrap();
        assert_eq!(
            (change.from, change.to, change.insert.as_str()),
            (2, 2, "a")
        );
    }
}
