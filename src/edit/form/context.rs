//! Builds the parts of a form from the text: values, problems, and default values.

use super::evidence::Evidence;
use super::folds::Folds;
use super::parts::{Field, Input, Item, List, Part, Pick, Section};
use crate::TextProblem;
use crate::change::quoted;
use crate::tree::{Node, Value};

/// Longer lists are cut off at this number of items until the user expands them.
const SHOWN: usize = 40;

/// What parts are built from.
pub(super) struct Context<'a> {
    pub(super) text: &'a str,
    pub(super) tree: &'a Node,
    pub(super) found: &'a [TextProblem],
    pub(super) folds: &'a Folds,
    pub(super) evidence: Option<&'a Evidence>,
    /// Default values of a scenario.
    pub(super) defaults: Node,
    /// Path of the scenario in the document, including the final `.`; empty in a scenario.
    pub(super) base: &'a str,
}

impl Context<'_> {
    /// Converts a path in the scenario to a path in the document.
    pub(super) fn at(&self, path: &str) -> String {
        [self.base, path].concat()
    }

    pub(super) fn get(&self, path: &str) -> Option<&Node> {
        self.tree.get(path)
    }

    /// The string at a path.
    pub(super) fn text_of(&self, path: &str) -> Option<&str> {
        self.get(path)?.text()
    }

    /// The number at a path, as written.
    pub(super) fn plain(&self, path: &str) -> Option<&str> {
        match &self.get(path)?.value {
            Value::Plain(plain) => Some(plain),
            _ => None,
        }
    }

    /// The value at a path, as written.
    pub(super) fn json(&self, path: &str) -> Option<&str> {
        let node = self.get(path)?;
        self.text.get(node.from..node.to)
    }

    /// Number of items of the list at a path.
    pub(super) fn count(&self, path: &str) -> usize {
        self.get(path).map_or(0, |node| node.items().len())
    }

    fn is_open(&self, section: &str) -> bool {
        self.folds.sections.iter().any(|one| one == section)
    }

    /// Messages about the value at a path and, if `below` is set, about values inside it.
    fn problems(&self, path: &str, below: bool) -> Vec<String> {
        let is_at = |found: &&TextProblem| {
            let rest = found.path.strip_prefix(path);
            rest.is_some_and(|rest| rest.is_empty() || below && rest.starts_with(['.', '[']))
        };
        let found = self.found.iter().filter(is_at);
        found.map(|found| found.message.clone()).collect()
    }

    pub(super) fn section(
        &self,
        id: &'static str,
        title: &'static str,
        summary: String,
        parts: impl FnOnce() -> Vec<Part>,
    ) -> Section {
        Section {
            id,
            title,
            summary,
            parts: self.is_open(id).then(parts),
        }
    }

    /// A list with its items. `name` returns the title and summary of an item, `parts` its content.
    pub(super) fn list(
        &self,
        path: &str,
        empty: &'static str,
        name: &dyn Fn(&str) -> (String, String),
        parts: &dyn Fn(&str) -> Vec<Part>,
    ) -> List {
        let all = self.count(path);
        let is_whole = self.folds.expanded_lists.iter().any(|one| one == path);
        let shown = if is_whole { all } else { all.min(SHOWN) };
        let item = |at: usize| {
            let path = [path, "[", &at.to_string(), "]"].concat();
            let (title, summary) = name(&path);
            let own = self.problems(&path, false);
            Item {
                wrong: !self.problems(&path, true).is_empty(),
                parts: self.folds.items.contains(&path).then(|| {
                    let notes = own.into_iter().map(Part::Note);
                    notes.chain(parts(&path)).collect()
                }),
                title,
                summary,
                path,
            }
        };
        List {
            title: "",
            path: path.to_owned(),
            items: (0..shown).map(item).collect(),
            hidden: all - shown,
            add_actions: Vec::new(),
            reorderable: false,
            empty,
        }
    }

    pub(super) fn field(&self, path: &str, label: &'static str, input: Input) -> Field {
        let below = matches!(
            input,
            Input::Names | Input::Numbers | Input::Paragraphs | Input::Anchor
        );
        let mut field = Field {
            path: path.to_owned(),
            label,
            unit: "",
            hint: String::new(),
            value: self.value(path, &input),
            default_value: String::new(),
            required: false,
            parent: None,
            removes: None,
            problems: self.problems(path, below),
            input,
        };
        if let Input::Number(number) = &field.input
            && let Some(path) = path.strip_prefix(self.base)
            && let Some(Value::Plain(plain)) = self.defaults.get(path).map(|node| &node.value)
        {
            field.default_value = number.shown(plain);
        }
        field
    }

    /// What a field shows for the value in the text.
    fn value(&self, path: &str, input: &Input) -> String {
        let texts = |joint: &str| {
            let items = self.get(path).map_or(&[][..], Node::items).iter();
            let words: Vec<&str> = items
                .map(|item| match &item.value {
                    Value::Text(text) | Value::Plain(text) => text,
                    _ => "…",
                })
                .collect();
            words.join(joint)
        };
        match input {
            Input::Line | Input::Long | Input::Query => {
                self.text_of(path).unwrap_or_default().to_owned()
            }
            Input::Paragraphs => texts("\n\n"),
            Input::Names | Input::Numbers => texts(", "),
            Input::Number(number) => number.shown(self.plain(path).unwrap_or_default()),
            Input::Choice(picks) => {
                let there = self.json(path).unwrap_or_default();
                let default_value = path.strip_prefix(self.base);
                let default_value = default_value.and_then(|path| self.defaults.get(path)?.text());
                let is = |pick: &&Pick| matches_option(&pick.json, there, default_value);
                let found = picks.iter().position(|pick| is(&pick));
                found.map_or_else(String::new, |at| at.to_string())
            }
            Input::Anchor => {
                let query = self.text_of(path);
                let inside = self.text_of(&[path, ".query"].concat());
                query.or(inside).unwrap_or_default().to_owned()
            }
            Input::Hit => {
                let path = path.strip_suffix("#hit").unwrap_or(path);
                let hit = self.plain(&[path, ".hit"].concat());
                hit.unwrap_or("1").to_owned()
            }
            Input::Side => {
                let step = path.strip_suffix("#side").unwrap_or(path);
                let is_there = |side: &&str| self.get(&[step, ".", side].concat()).is_some();
                let found = ["after", "before"].into_iter().find(|side| is_there(side));
                found.unwrap_or_default().to_owned()
            }
        }
    }
}

/// Whether a value in the text corresponds to an option: an equal string, an object with the same key, or no value if
/// the option is the default.
fn matches_option(pick: &str, there: &str, default_value: Option<&str>) -> bool {
    if there.is_empty() {
        return pick.is_empty()
            || default_value.is_some_and(|default_value| pick == quoted(default_value));
    }
    let (Some(pick), Some(there)) = (Node::parse(pick), Node::parse(there)) else {
        return false;
    };
    match (pick.value, there.value) {
        (Value::Object(pick), Value::Object(there)) => match (pick.first(), there.first()) {
            // Options of the same type, such as the presets, are compared by their content.
            (Some(pick), Some(there)) => {
                pick.name == there.name
                    && (pick.node.text().is_none() || pick.node.text() == there.node.text())
            }
            _ => false,
        },
        (pick, there) => pick == there,
    }
}
