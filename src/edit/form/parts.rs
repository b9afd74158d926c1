//! What a form is made of: plain structs in the screen's words, whatever they were read from.

use std::ops::RangeInclusive;

use crate::change::quoted;

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
    pub summary: String,
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
    EditAction(EditAction),
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
    pub default_value: String,
    /// Whether it may be empty.
    pub required: bool,
    /// What must be there before the value can be: its path, and what it begins with.
    pub parent: Option<(String, String)>,
    /// What goes when it is emptied, where that is more than itself.
    pub removes: Option<String>,
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
    pub scale: u64,
    /// The least.
    pub min: i64,
    /// The most.
    pub max: i64,
}

/// One of a choice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pick {
    /// What stands in the text for it; empty for nothing at all.
    pub json: String,
    /// What it is called.
    pub label: String,
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
    pub add_actions: Vec<EditAction>,
    /// Whether the order of items is a person's to choose.
    pub reorderable: bool,
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
    pub summary: String,
    /// Whether something is wrong in it.
    pub wrong: bool,
    /// Its parts; none while it is folded.
    pub parts: Option<Vec<Part>>,
}

/// Something to be done with the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EditAction {
    /// What it is called.
    pub label: &'static str,
    /// What it does.
    pub operation: EditOperation,
    /// Where.
    pub path: String,
    /// What it puts there.
    pub json: String,
}

/// What is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EditOperation {
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

impl EditOperation {
    /// All of them, with the words that the page has for them in its markup.
    pub const ALL: [(EditOperation, &'static str); 7] = [
        (EditOperation::Add, "add"),
        (EditOperation::Set, "set"),
        (EditOperation::Remove, "remove"),
        (EditOperation::Duplicate, "duplicate"),
        (EditOperation::Up, "up"),
        (EditOperation::Down, "down"),
        (EditOperation::Sort, "sort"),
    ];

    /// The word in markup.
    pub fn name(self) -> &'static str {
        let found = EditOperation::ALL
            .into_iter()
            .find(|(operation, _)| *operation == self);
        found.map_or("", |(_, name)| name)
    }
}

impl Number {
    /// A number of the text in the screen's unit; what is none as it is.
    pub(super) fn shown(self, plain: &str) -> String {
        let Ok(value) = plain.parse::<i64>() else {
            return plain.to_owned();
        };
        let scale = self.scale.max(1);
        let (whole, part) = (value.unsigned_abs() / scale, value.unsigned_abs() % scale);
        let sign = if value < 0 { "-" } else { "" };
        let digits = scale.ilog10() as usize;
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
            self.shown(&self.min.to_string()),
            self.shown(&self.max.to_string()),
        )
    }
}

impl Field {
    pub(super) fn unit(mut self, unit: &'static str) -> Field {
        self.unit = unit;
        self
    }

    pub(super) fn hint(mut self, hint: impl Into<String>) -> Field {
        self.hint = hint.into();
        self
    }

    pub(super) fn required(mut self) -> Field {
        self.required = true;
        self
    }

    pub(super) fn part(self) -> Part {
        Part::Field(self)
    }
}

impl EditAction {
    pub(super) fn new(
        label: &'static str,
        operation: EditOperation,
        path: &str,
        json: &str,
    ) -> EditAction {
        EditAction {
            label,
            operation,
            path: path.to_owned(),
            json: json.to_owned(),
        }
    }
}

/// A choice of words that stand in the text as they are, shown in other words.
pub(super) fn picks(label: &[(&str, &str)]) -> Input {
    let pick = |(word, shown): &(&str, &str)| Pick {
        json: quoted(word),
        label: (*shown).to_owned(),
    };
    Input::Choice(label.iter().map(pick).collect())
}

/// A span of time in ms.
pub(super) fn ms(bounds_us: &RangeInclusive<u64>) -> Input {
    number(1_000, bounds_us)
}

/// A span of time or a moment in s.
pub(super) fn seconds(bounds_us: &RangeInclusive<u64>) -> Input {
    number(1_000_000, bounds_us)
}

/// A number: so many of its units are one of the text.
pub(super) fn number(scale: u64, bounds: &RangeInclusive<u64>) -> Input {
    Input::Number(within(scale, bounds))
}

/// The same, before it is an input.
pub(super) fn within(scale: u64, bounds: &RangeInclusive<u64>) -> Number {
    let signed = |bound: u64| i64::try_from(bound).unwrap_or(i64::MAX);
    Number {
        scale,
        min: signed(*bounds.start()),
        max: signed(*bounds.end()),
    }
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
                Part::Note(_) | Part::EditAction(_) => {}
            }
        }
    }
    let mut all = Vec::new();
    for section in &form.sections {
        of(section.parts.as_deref().unwrap_or_default(), &mut all);
    }
    all
}
