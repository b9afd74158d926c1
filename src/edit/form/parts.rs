//! The parts of a form: plain structs, independent of the document format.

use std::ops::RangeInclusive;

use crate::change::quoted;

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Form {
    /// From top to bottom.
    pub sections: Vec<Section>,
}

/// A group of parts under a heading.
#[derive(Clone, Debug, PartialEq)]
pub struct Section {
    pub id: &'static str,
    pub title: &'static str,
    /// A few words about its content.
    pub summary: String,
    /// `None` while it is folded.
    pub parts: Option<Vec<Part>>,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Part {
    Field(Field),
    List(List),
    /// A message.
    Note(String),
    /// A button.
    EditAction(EditAction),
}

#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    /// Path of its value in the text.
    pub path: String,
    pub label: &'static str,
    /// Unit of its number; may be empty.
    pub unit: &'static str,
    /// Explanation; may be empty.
    pub hint: String,
    pub input: Input,
    /// The current value, as shown.
    pub value: String,
    /// The value that applies while the field is empty.
    pub default_value: String,
    /// Whether it must not be empty.
    pub required: bool,
    /// The parent that must exist before the value can be set: its path and initial JSON.
    pub parent: Option<(String, String)>,
    /// The path to remove when the field is emptied, if it isn't the field's own.
    pub removes: Option<String>,
    pub problems: Vec<String>,
}

/// The type of a field.
#[derive(Clone, Debug, PartialEq)]
pub enum Input {
    /// One line of text.
    Line,
    /// Several lines of text.
    Long,
    /// A list of texts, separated by empty lines.
    Paragraphs,
    /// A list of names, separated by commas.
    Names,
    /// A list of integers, separated by commas.
    Numbers,
    Number(Number),
    /// One of several options.
    Choice(Vec<Pick>),
    /// An anchor: a query, or an object of query and hit.
    Anchor,
    Query,
    /// The number of the hit.
    Hit,
    /// Whether the cursor is before or after the anchor.
    Side,
}

/// The unit and bounds of a number. Bounds are in the unit of the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Number {
    /// Units of the text for each unit on the screen.
    pub scale: u64,
    pub min: i64,
    pub max: i64,
}

/// An option of a choice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pick {
    /// Its JSON in the text; empty to leave the field out.
    pub json: String,
    pub label: String,
}

#[derive(Clone, Debug, PartialEq)]
pub struct List {
    /// Empty if the list is alone in its section.
    pub title: &'static str,
    /// Path in the text.
    pub path: String,
    /// The items shown.
    pub items: Vec<Item>,
    /// Number of items that aren't shown.
    pub hidden: usize,
    /// Buttons that add an item.
    pub add_actions: Vec<EditAction>,
    /// Whether the user can change the order.
    pub reorderable: bool,
    /// Text shown if there are no items.
    pub empty: &'static str,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    /// Path in the text.
    pub path: String,
    pub title: String,
    /// A few words about its content.
    pub summary: String,
    /// Whether there is a problem in it.
    pub wrong: bool,
    /// `None` while it is folded.
    pub parts: Option<Vec<Part>>,
}

/// A button that changes the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EditAction {
    pub label: &'static str,
    pub operation: EditOperation,
    /// Path of the list, field or item.
    pub path: String,
    /// The JSON to insert.
    pub json: String,
}

/// What a button does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EditOperation {
    /// Adds an item at the end of a list.
    Add,
    /// Sets a field.
    Set,
    /// Removes a field or an item.
    Remove,
    /// Inserts a copy of an item after it.
    Duplicate,
    /// Moves an item up by one.
    Up,
    /// Moves an item down by one.
    Down,
    /// Sorts a list by time.
    Sort,
}

impl EditOperation {
    /// All operations with their names in the markup.
    pub const ALL: [(EditOperation, &'static str); 7] = [
        (EditOperation::Add, "add"),
        (EditOperation::Set, "set"),
        (EditOperation::Remove, "remove"),
        (EditOperation::Duplicate, "duplicate"),
        (EditOperation::Up, "up"),
        (EditOperation::Down, "down"),
        (EditOperation::Sort, "sort"),
    ];

    /// The name in the markup.
    pub fn name(self) -> &'static str {
        let found = EditOperation::ALL
            .into_iter()
            .find(|(operation, _)| *operation == self);
        let Some((_, name)) = found else {
            unreachable!("`ALL` contains every operation");
        };
        name
    }
}

impl Number {
    /// Converts a number of the text to the unit on the screen; anything else is returned unchanged.
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

    /// The bounds, in the unit on the screen.
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

/// A choice of strings in the text, with their labels.
pub(super) fn picks(label: &[(&str, &str)]) -> Input {
    let pick = |(word, shown): &(&str, &str)| Pick {
        json: quoted(word),
        label: (*shown).to_owned(),
    };
    Input::Choice(label.iter().map(pick).collect())
}

/// A duration in ms.
pub(super) fn ms(bounds_us: &RangeInclusive<u64>) -> Input {
    number(1_000, bounds_us)
}

/// A duration or a moment in s.
pub(super) fn seconds(bounds_us: &RangeInclusive<u64>) -> Input {
    number(1_000_000, bounds_us)
}

/// A number; `scale` units of the text are one unit on the screen.
pub(super) fn number(scale: u64, bounds: &RangeInclusive<u64>) -> Input {
    Input::Number(within(scale, bounds))
}

/// As [`number`], without wrapping it in an input.
pub(super) fn within(scale: u64, bounds: &RangeInclusive<u64>) -> Number {
    let signed = |bound: u64| i64::try_from(bound).unwrap_or(i64::MAX);
    Number {
        scale,
        min: signed(*bounds.start()),
        max: signed(*bounds.end()),
    }
}

/// Every visible field of a form, including those in items.
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
