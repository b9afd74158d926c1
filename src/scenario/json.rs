//! JSON as values: what the readers of the format walk over.

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};

use triage_language::mark;
use triage_language::{known, say, say_as, tr};

/// A value. The formats of this page have no numbers with fractions; those of others do.
#[derive(Debug)]
pub enum Json {
    Null,
    Bool(bool),
    Whole(u64),
    Negative(i64),
    Fraction(f64),
    Text(String),
    List(Vec<Json>),
    Object(Vec<(String, Json)>),
}

impl Json {
    /// What it is, for a sentence about what it should have been.
    pub fn in_words(&self) -> String {
        match self {
            Json::Null => "null".to_owned(),
            Json::Bool(value) => tr!("boolean `{}`", value),
            Json::Whole(value) => tr!("integer `{}`", value),
            Json::Negative(value) => tr!("integer `{}`", value),
            Json::Fraction(_) => say("number with a fraction or an exponent").to_owned(),
            Json::Text(value) => tr!("string \"{}\"", value),
            Json::List(_) => say("sequence").to_owned(),
            Json::Object(_) => say_as("of JSON", "map").to_owned(),
        }
    }
}

/// Reads any JSON.
///
/// # Errors
/// Says what is wrong with it, and where.
pub fn parse(text: &str) -> Result<Json, String> {
    serde_json::from_str(text).map_err(|problem| said(&problem))
}

/// What is wrong with a text that is no JSON, and its line and column from 1; nothing for JSON.
pub fn misread(text: &str) -> Option<(String, usize, usize)> {
    let problem = serde_json::from_str::<Json>(text).err()?;
    let words = problem.to_string();
    let what = words.rsplit_once(" at line ").map_or(&*words, |it| it.0);
    Some((known(what), problem.line(), problem.column()))
}

/// What is wrong with JSON, in the words of the library that reads it.
fn said(problem: &serde_json::Error) -> String {
    let words = problem.to_string();
    match words.rsplit_once(" at line ") {
        Some((what, _)) => tr!(
            "{what} at line {line} column {column}",
            what = known(what),
            line = problem.line(),
            column = problem.column()
        ),
        None => known(&words),
    }
}

/// The library's words, for whoever makes a catalogue.
const _: [&str; 18] = [
    mark!("EOF while parsing a list"),
    mark!("EOF while parsing an object"),
    mark!("EOF while parsing a string"),
    mark!("EOF while parsing a value"),
    mark!("expected `:`"),
    mark!("expected `,` or `]`"),
    mark!("expected `,` or `}`"),
    mark!("expected ident"),
    mark!("expected value"),
    mark!("invalid escape"),
    mark!("invalid number"),
    mark!("number out of range"),
    mark!("invalid unicode code point"),
    mark!("control character (\\u0000-\\u001F) found while parsing a string"),
    mark!("key must be a string"),
    mark!("trailing comma"),
    mark!("trailing characters"),
    mark!("recursion limit exceeded"),
];

impl<'de> Deserialize<'de> for Json {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Json, D::Error> {
        deserializer.deserialize_any(JsonVisitor)
    }
}

struct JsonVisitor;

impl<'de> Visitor<'de> for JsonVisitor {
    type Value = Json;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Json, E> {
        Ok(Json::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Json, E> {
        Ok(Json::Bool(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Json, E> {
        Ok(Json::Whole(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Json, E> {
        Ok(Json::Negative(value))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Json, E> {
        Ok(Json::Fraction(value))
    }

    fn visit_str<E>(self, value: &str) -> Result<Json, E> {
        Ok(Json::Text(value.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Json, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element()? {
            list.push(item);
        }
        Ok(Json::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Json, A::Error> {
        let mut object = Vec::new();
        while let Some(entry) = entries.next_entry()? {
            object.push(entry);
        }
        Ok(Json::Object(object))
    }
}
