//! The form of the common parts: what it shows is read from the text, what is typed into it changes the text and nothing
//! else in it. What the form does not know stays as it is.

mod action;
mod evidence;
mod lesson;
mod question;
mod scenario;
mod write;

pub use evidence::{Evidence, anchor_of};
pub use write::{anchor_json, apply, perform};

use super::tree::{Node, Value};
use super::{Found, Kind};

/// More items of a list than this are shown only when asked for.
const SHOWN: usize = 40;

/// All of it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Form {
    /// In the order of the screen.
    pub sections: Vec<Section>,
}

/// A group under a heading.
#[derive(Clone, Debug, PartialEq)]
pub struct Section {
    /// Tells it from others.
    pub id: &'static str,
    /// Its heading.
    pub title: &'static str,
    /// How it stands, in a few words.
    pub says: String,
    /// Its parts; none while it is folded.
    pub parts: Option<Vec<Part>>,
}

/// A part of a group or an item.
#[derive(Clone, Debug, PartialEq)]
pub enum Part {
    /// A field.
    Field(Field),
    /// A list of items.
    List(List),
    /// Words.
    Note(String),
    /// Something to be done.
    Act(Act),
}

/// A field.
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    /// Where its value is in the text.
    pub path: String,
    /// What it is called.
    pub label: &'static str,
    /// What its number counts; empty without one.
    pub unit: &'static str,
    /// What it is for.
    pub hint: String,
    /// How it is filled in.
    pub input: Input,
    /// What it shows.
    pub value: String,
    /// What holds while it is empty.
    pub usual: String,
    /// Whether it may be empty.
    pub needed: bool,
    /// What must be there before the value can be: its path, and what it begins with.
    pub inside: Option<(String, String)>,
    /// What goes when it is emptied, where that is more than itself.
    pub whole: Option<String>,
    /// What is wrong with it.
    pub problems: Vec<String>,
}

/// How a field is filled in.
#[derive(Clone, Debug, PartialEq)]
pub enum Input {
    /// A line of text.
    Line,
    /// Several lines of text.
    Long,
    /// A list of texts, with an empty line between.
    Paragraphs,
    /// A list of names, with commas between.
    Names,
    /// A list of whole numbers, with commas between.
    Numbers,
    /// A number.
    Number(Number),
    /// One of these.
    Choice(Vec<Pick>),
    /// An anchor: a query, or a query and which of its hits.
    Anchor,
    /// A query.
    Query,
    /// Which of the hits.
    Hit,
    /// On which side of its anchor the cursor stands.
    Side,
}

/// A number and its bounds, in the text's own unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Number {
    /// How many of the text's unit are one on the screen.
    pub per: u64,
    /// The least.
    pub least: i64,
    /// The most.
    pub most: i64,
}

/// One of a choice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pick {
    /// What stands in the text for it; empty for nothing at all.
    pub json: String,
    /// What it is called.
    pub words: String,
}

/// A list of items.
#[derive(Clone, Debug, PartialEq)]
pub struct List {
    /// Its heading; empty where it stands alone in its section.
    pub title: &'static str,
    /// Where it is in the text.
    pub path: String,
    /// The items that are shown.
    pub items: Vec<Item>,
    /// How many more there are.
    pub hidden: usize,
    /// What can be added.
    pub adds: Vec<Act>,
    /// Whether the order of items is a person's to choose.
    pub ordered: bool,
    /// What is said when there are none.
    pub empty: &'static str,
}

/// An item of a list.
#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    /// Where it is in the text.
    pub path: String,
    /// What it is called.
    pub title: String,
    /// How it stands, in a few words.
    pub says: String,
    /// Whether something is wrong in it.
    pub wrong: bool,
    /// Its parts; none while it is folded.
    pub parts: Option<Vec<Part>>,
}

/// Something to be done with the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Act {
    /// What it is called.
    pub words: &'static str,
    /// What it does.
    pub deed: Deed,
    /// Where.
    pub path: String,
    /// What it puts there.
    pub json: String,
}

/// What is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deed {
    /// An item is added at the end of a list.
    Add,
    /// A field is set.
    Set,
    /// A field or an item goes.
    Remove,
    /// An item is added again behind itself.
    Duplicate,
    /// An item goes one place up.
    Up,
    /// An item goes one place down.
    Down,
    /// A list is put in the order of its times.
    Sort,
}

impl Deed {
    /// All of them, with the words that the page has for them in its markup.
    pub const ALL: [(Deed, &'static str); 7] = [
        (Deed::Add, "add"),
        (Deed::Set, "set"),
        (Deed::Remove, "remove"),
        (Deed::Duplicate, "duplicate"),
        (Deed::Up, "up"),
        (Deed::Down, "down"),
        (Deed::Sort, "sort"),
    ];

    /// The word in markup.
    pub fn name(self) -> &'static str {
        let found = Deed::ALL.into_iter().find(|(deed, _)| *deed == self);
        found.map_or("", |(_, name)| name)
    }
}

/// What is folded and unfolded.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Folds {
    /// Sections that are open.
    pub sections: Vec<String>,
    /// Items that are open, by their paths.
    pub items: Vec<String>,
    /// Lists of which all is shown.
    pub whole: Vec<String>,
}

impl Folds {
    /// What is open at first.
    pub fn at_first(kind: Kind) -> Folds {
        let open = match kind {
            Kind::Scenario => vec!["general", "executors", "policies", "timeline"],
            Kind::Lesson => vec!["general", "steps"],
        };
        Folds {
            sections: open.into_iter().map(str::to_owned).collect(),
            ..Folds::default()
        }
    }

    /// Opens what is closed, and closes what is open.
    pub fn toggle(open: &mut Vec<String>, name: &str) {
        match open.iter().position(|one| one == name) {
            Some(at) => drop(open.remove(at)),
            None => open.push(name.to_owned()),
        }
    }

    /// An item is opened, and its neighbours are closed: what is worked at is one of them.
    pub fn open_item(&mut self, path: &str) {
        let (list, _) = super::change::split(path);
        self.close_below(list);
        self.items.push(path.to_owned());
    }

    /// Nothing of a list is open any more.
    pub fn close_below(&mut self, list: &str) {
        let begin = [list, "["].concat();
        self.items.retain(|one| !one.starts_with(&begin));
    }
}

/// The form of a text; nothing for one that is no JSON.
pub fn form(
    kind: Kind,
    text: &str,
    found: &[Found],
    folds: &Folds,
    evidence: Option<&Evidence>,
) -> Option<Form> {
    let tree = Node::parse(text)?;
    if !matches!(tree.value, Value::Object(_)) {
        return None;
    }
    let context = Context {
        text,
        tree: &tree,
        found,
        folds,
        evidence,
        usual: scenario::usual(),
        base: "",
    };
    let sections = match kind {
        Kind::Scenario => scenario::sections(&context),
        Kind::Lesson => lesson::sections(&context),
    };
    Some(Form { sections })
}

/// What parts are made from.
struct Context<'a> {
    text: &'a str,
    tree: &'a Node,
    found: &'a [Found],
    folds: &'a Folds,
    evidence: Option<&'a Evidence>,
    /// What holds where a scenario says nothing.
    usual: Node,
    /// Where the scenario is in the text, with the point behind it.
    base: &'a str,
}

impl Context<'_> {
    /// A path of the scenario as one of the text.
    fn at(&self, path: &str) -> String {
        [self.base, path].concat()
    }

    fn get(&self, path: &str) -> Option<&Node> {
        self.tree.get(path)
    }

    /// The text of a value.
    fn text_of(&self, path: &str) -> Option<&str> {
        self.get(path)?.text()
    }

    /// A number as it is written.
    fn plain(&self, path: &str) -> Option<&str> {
        match &self.get(path)?.value {
            Value::Plain(plain) => Some(plain),
            _ => None,
        }
    }

    /// A value as it is written.
    fn json(&self, path: &str) -> Option<&str> {
        let node = self.get(path)?;
        self.text.get(node.from..node.to)
    }

    /// How many items a list has.
    fn count(&self, path: &str) -> usize {
        self.get(path).map_or(0, |node| node.items().len())
    }

    fn is_open(&self, section: &str) -> bool {
        self.folds.sections.iter().any(|one| one == section)
    }

    /// What is wrong at a path itself, or below it as well.
    fn problems(&self, path: &str, below: bool) -> Vec<String> {
        let is_at = |found: &&Found| {
            let rest = found.path.strip_prefix(path);
            rest.is_some_and(|rest| rest.is_empty() || below && rest.starts_with(['.', '[']))
        };
        let found = self.found.iter().filter(is_at);
        found.map(|found| found.says.clone()).collect()
    }

    fn section(
        &self,
        id: &'static str,
        title: &'static str,
        says: String,
        parts: impl FnOnce() -> Vec<Part>,
    ) -> Section {
        Section {
            id,
            title,
            says,
            parts: self.is_open(id).then(parts),
        }
    }

    /// A list with its items; `name` gives the title of one and a few words, `parts` what is in it.
    fn list(
        &self,
        path: &str,
        empty: &'static str,
        name: &dyn Fn(&str) -> (String, String),
        parts: &dyn Fn(&str) -> Vec<Part>,
    ) -> List {
        let all = self.count(path);
        let is_whole = self.folds.whole.iter().any(|one| one == path);
        let shown = if is_whole { all } else { all.min(SHOWN) };
        let item = |at: usize| {
            let path = [path, "[", &at.to_string(), "]"].concat();
            let (title, says) = name(&path);
            let own = self.problems(&path, false);
            Item {
                wrong: !self.problems(&path, true).is_empty(),
                parts: self.folds.items.contains(&path).then(|| {
                    let notes = own.into_iter().map(Part::Note);
                    notes.chain(parts(&path)).collect()
                }),
                title,
                says,
                path,
            }
        };
        List {
            title: "",
            path: path.to_owned(),
            items: (0..shown).map(item).collect(),
            hidden: all - shown,
            adds: Vec::new(),
            ordered: false,
            empty,
        }
    }

    fn field(&self, path: &str, label: &'static str, input: Input) -> Field {
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
            usual: String::new(),
            needed: false,
            inside: None,
            whole: None,
            problems: self.problems(path, below),
            input,
        };
        if let Input::Number(number) = &field.input
            && let Some(path) = path.strip_prefix(self.base)
            && let Some(Value::Plain(plain)) = self.usual.get(path).map(|node| &node.value)
        {
            field.usual = number.shown(plain);
        }
        field
    }

    /// What a field shows of what is written.
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
                let usual = path.strip_prefix(self.base);
                let usual = usual.and_then(|path| self.usual.get(path)?.text());
                let is = |pick: &&Pick| same(&pick.json, there, usual);
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

/// Whether what stands in a text is one of a choice: the same word, the same name of what it holds, or nothing where the
/// usual is meant.
fn same(pick: &str, there: &str, usual: Option<&str>) -> bool {
    if there.is_empty() {
        return pick.is_empty() || usual.is_some_and(|usual| pick == super::change::quoted(usual));
    }
    let (Some(pick), Some(there)) = (Node::parse(pick), Node::parse(there)) else {
        return false;
    };
    match (pick.value, there.value) {
        (Value::Object(pick), Value::Object(there)) => match (pick.first(), there.first()) {
            // A choice of several of one kind, such as the presets, is by what they are.
            (Some(pick), Some(there)) => {
                pick.name == there.name
                    && (pick.node.text().is_none() || pick.node.text() == there.node.text())
            }
            _ => false,
        },
        (pick, there) => pick == there,
    }
}

impl Number {
    /// A number of the text in the screen's unit; what is none as it is.
    fn shown(self, plain: &str) -> String {
        let Ok(value) = plain.parse::<i64>() else {
            return plain.to_owned();
        };
        let per = self.per.max(1);
        let (whole, part) = (value.unsigned_abs() / per, value.unsigned_abs() % per);
        let sign = if value < 0 { "-" } else { "" };
        let digits = per.ilog10() as usize;
        let part = match part {
            0 => String::new(),
            part => {
                let part = part.to_string();
                let zeros = "0".repeat(digits.saturating_sub(part.len()));
                [".", &zeros, part.trim_end_matches('0')].concat()
            }
        };
        [sign, &whole.to_string(), &part].concat()
    }

    /// Its bounds, in the screen's unit.
    pub fn bounds(self) -> (String, String) {
        (
            self.shown(&self.least.to_string()),
            self.shown(&self.most.to_string()),
        )
    }
}

impl Field {
    fn unit(mut self, unit: &'static str) -> Field {
        self.unit = unit;
        self
    }

    fn hint(mut self, hint: impl Into<String>) -> Field {
        self.hint = hint.into();
        self
    }

    fn needed(mut self) -> Field {
        self.needed = true;
        self
    }

    fn part(self) -> Part {
        Part::Field(self)
    }
}

impl Act {
    fn new(words: &'static str, deed: Deed, path: &str, json: &str) -> Act {
        Act {
            words,
            deed,
            path: path.to_owned(),
            json: json.to_owned(),
        }
    }
}

/// A choice of words that stand in the text as they are, shown in other words.
fn picks(words: &[(&str, &str)]) -> Input {
    let pick = |(word, shown): &(&str, &str)| Pick {
        json: super::change::quoted(word),
        words: (*shown).to_owned(),
    };
    Input::Choice(words.iter().map(pick).collect())
}

/// A span of time in ms.
fn ms(least_us: i64, most_us: i64) -> Input {
    number(1_000, least_us, most_us)
}

/// A span of time or a moment in s.
fn seconds(least_us: i64, most_us: i64) -> Input {
    number(1_000_000, least_us, most_us)
}

fn number(per: u64, least: i64, most: i64) -> Input {
    Input::Number(Number { per, least, most })
}

/// Every field of a form that is shown, whatever it is in.
pub fn fields(form: &Form) -> Vec<&Field> {
    fn of<'a>(parts: &'a [Part], all: &mut Vec<&'a Field>) {
        for part in parts {
            match part {
                Part::Field(field) => all.push(field),
                Part::List(list) => {
                    for item in &list.items {
                        of(item.parts.as_deref().unwrap_or_default(), all);
                    }
                }
                Part::Note(_) | Part::Act(_) => {}
            }
        }
    }
    let mut all = Vec::new();
    for section in &form.sections {
        of(section.parts.as_deref().unwrap_or_default(), &mut all);
    }
    all
}

#[cfg(test)]
mod tests;
