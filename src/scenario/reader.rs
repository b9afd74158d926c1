//! Reads JSON into the types of the format, and says where a problem is: `executors[2].capacity: …`.
//! Made for few bytes: every type is read by one reader, out of values that are parsed once.

use std::fmt::{self, Display};
use std::slice;

use serde::Deserialize;
use serde::de::value::StrDeserializer;
use serde::de::{
    DeserializeSeed, Deserializer, EnumAccess, Error, Expected, IntoDeserializer, MapAccess,
    SeqAccess, Unexpected, VariantAccess, Visitor,
};
use serde::forward_to_deserialize_any;

/// Reads a value of the format.
///
/// # Errors
/// The first problem: with its line for JSON that is none, with its path for unknown fields and wrong types.
pub fn read<T: for<'a> Deserialize<'a>>(json: &str) -> Result<T, String> {
    let json: Json = serde_json::from_str(json).map_err(|problem| problem.to_string())?;
    T::deserialize(&json).map_err(|problem| problem.to_string())
}

/// A value as JSON has it. The format has no numbers with fractions.
enum Json {
    Null,
    Bool(bool),
    Whole(u64),
    Negative(i64),
    Fraction,
    Text(String),
    List(Vec<Json>),
    Object(Vec<(String, Json)>),
}

impl Json {
    fn instead_of(&self, wanted: &dyn Expected) -> Problem {
        Problem::invalid_type(
            match self {
                Json::Null => Unexpected::Unit,
                Json::Bool(value) => Unexpected::Bool(*value),
                Json::Whole(value) => Unexpected::Unsigned(*value),
                Json::Negative(value) => Unexpected::Signed(*value),
                Json::Fraction => Unexpected::Other("number with a fraction or an exponent"),
                Json::Text(value) => Unexpected::Str(value),
                Json::List(_) => Unexpected::Seq,
                Json::Object(_) => Unexpected::Map,
            },
            wanted,
        )
    }
}

/// What is wrong, and where, from the outside in.
#[derive(Debug)]
struct Problem {
    path: String,
    reason: String,
}

impl Problem {
    fn below(mut self, step: &str) -> Problem {
        let joint = match self.path.as_bytes().first() {
            None | Some(b'[') => "",
            _ => ".",
        };
        self.path = [step, joint, &self.path].concat();
        self
    }
}

impl Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.path.is_empty() {
            f.write_str(&self.path)?;
            f.write_str(": ")?;
        }
        f.write_str(&self.reason)
    }
}

impl std::error::Error for Problem {}

/// In place of serde's words, which can print numbers with fractions: 20 kB of code for what is never read.
impl Error for Problem {
    fn custom<T: Display>(reason: T) -> Problem {
        Problem {
            path: String::new(),
            reason: reason.to_string(),
        }
    }

    fn invalid_type(found: Unexpected<'_>, wanted: &dyn Expected) -> Problem {
        let found = in_words(found);
        Problem::custom(format_args!("invalid type: {found}, expected {wanted}"))
    }

    fn invalid_value(found: Unexpected<'_>, wanted: &dyn Expected) -> Problem {
        let found = in_words(found);
        Problem::custom(format_args!("invalid value: {found}, expected {wanted}"))
    }
}

fn in_words(found: Unexpected<'_>) -> String {
    match found {
        Unexpected::Bool(value) => format!("boolean `{value}`"),
        Unexpected::Unsigned(value) => format!("integer `{value}`"),
        Unexpected::Signed(value) => format!("integer `{value}`"),
        Unexpected::Str(value) => format!("string \"{value}\""),
        Unexpected::Unit => "null".to_owned(),
        Unexpected::Seq => "sequence".to_owned(),
        Unexpected::Map => "map".to_owned(),
        Unexpected::Other(what) => what.to_owned(),
        _ => "something else".to_owned(),
    }
}

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

    fn visit_f64<E>(self, _: f64) -> Result<Json, E> {
        Ok(Json::Fraction)
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

/// Reads every kind of whole number alike.
macro_rules! whole {
    ($($method:ident)*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Problem> {
            match *self {
                Json::Whole(value) => visitor.visit_u64(value),
                Json::Negative(value) => visitor.visit_i64(value),
                _ => Err(self.instead_of(&visitor)),
            }
        }
    )*};
}

/// One method for each kind of type, so that no visitor is compiled for what its type cannot be.
impl<'de> Deserializer<'de> for &'de Json {
    type Error = Problem;

    whole! { deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64 deserialize_i32 deserialize_i64 }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Problem> {
        match self {
            Json::Bool(value) => visitor.visit_bool(*value),
            _ => Err(self.instead_of(&visitor)),
        }
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Problem> {
        match self {
            Json::Text(value) => visitor.visit_borrowed_str(value),
            _ => Err(self.instead_of(&visitor)),
        }
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Problem> {
        self.deserialize_str(visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Problem> {
        match self {
            Json::Null => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Problem> {
        match self {
            Json::List(items) => visitor.visit_seq(Items(items.iter().enumerate())),
            _ => Err(self.instead_of(&visitor)),
        }
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Problem> {
        match self {
            Json::Object(entries) => visitor.visit_map(Entries {
                rest: entries.iter(),
                current: None,
            }),
            _ => Err(self.instead_of(&visitor)),
        }
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Problem> {
        match self {
            Json::Text(name) => visitor.visit_enum(Variant { name, value: None }),
            Json::Object(entries) if entries.len() == 1 => visitor.visit_enum(Variant {
                name: &entries[0].0,
                value: Some(&entries[0].1),
            }),
            Json::Object(_) => Err(Problem::custom("expected a map with a single key")),
            _ => Err(self.instead_of(&"string or map")),
        }
    }

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Problem> {
        Err(self.instead_of(&visitor))
    }

    forward_to_deserialize_any! {
        i8 i16 i128 u128 f32 f64 char bytes byte_buf unit unit_struct newtype_struct tuple tuple_struct map
        identifier ignored_any
    }
}

struct Items<'de>(std::iter::Enumerate<slice::Iter<'de, Json>>);

impl<'de> SeqAccess<'de> for Items<'de> {
    type Error = Problem;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, Problem> {
        let Some((index, item)) = self.0.next() else {
            return Ok(None);
        };
        let read = seed.deserialize(item);
        read.map(Some)
            .map_err(|problem| problem.below(&format!("[{index}]")))
    }
}

struct Entries<'de> {
    rest: slice::Iter<'de, (String, Json)>,
    current: Option<&'de (String, Json)>,
}

impl<'de> MapAccess<'de> for Entries<'de> {
    type Error = Problem;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, Problem> {
        self.current = self.rest.next();
        let Some((key, _)) = self.current else {
            return Ok(None);
        };
        let read = seed.deserialize(name(key));
        read.map(Some).map_err(|problem| problem.below(key))
    }

    fn next_value_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<T::Value, Problem> {
        let Some((key, value)) = self.current else {
            return Err(Problem::custom("a value without its key"));
        };
        seed.deserialize(value)
            .map_err(|problem| problem.below(key))
    }
}

fn name(name: &str) -> StrDeserializer<'_, Problem> {
    name.into_deserializer()
}

/// `"name"` or `{"name": value}`.
struct Variant<'de> {
    name: &'de str,
    value: Option<&'de Json>,
}

impl<'de> EnumAccess<'de> for Variant<'de> {
    type Error = Problem;
    type Variant = Variant<'de>;

    fn variant_seed<T: DeserializeSeed<'de>>(
        self,
        seed: T,
    ) -> Result<(T::Value, Variant<'de>), Problem> {
        Ok((seed.deserialize(name(self.name))?, self))
    }
}

impl<'de> Variant<'de> {
    fn value(&self) -> Result<&'de Json, Problem> {
        let missing = || Problem::custom(format_args!("{} needs a value", self.name));
        self.value.ok_or_else(missing)
    }
}

impl<'de> VariantAccess<'de> for Variant<'de> {
    type Error = Problem;

    fn unit_variant(self) -> Result<(), Problem> {
        match self.value {
            None | Some(Json::Null) => Ok(()),
            Some(value) => Err(value.instead_of(&"nothing").below(self.name)),
        }
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, Problem> {
        seed.deserialize(self.value()?)
            .map_err(|problem| problem.below(self.name))
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Problem> {
        (self.value()?.deserialize_seq(visitor)).map_err(|problem| problem.below(self.name))
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Problem> {
        let read = self.value()?.deserialize_struct("", fields, visitor);
        read.map_err(|problem| problem.below(self.name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::command::Command;

    fn problem(json: &str) -> String {
        read::<Command>(json).expect_err(json)
    }

    #[test]
    fn a_problem_has_its_path_and_says_what_was_found_and_wanted() {
        for (json, expected) in [
            (r#"{"at_us": 1}"#, "missing field `action`"),
            (
                r#"{"at_us": -1, "action": "crash"}"#,
                "at_us: invalid value: integer `-1`, expected u64",
            ),
            (
                r#"{"at_us": 1.5}"#,
                "at_us: invalid type: number with a fraction or an exponent, expected u64",
            ),
            (
                r#"{"action": {"slow": {"process": "a", "factor": 4294967296}}}"#,
                "action.slow.factor: invalid value: integer `4294967296`, expected u32",
            ),
            (
                r#"{"action": {"add_executor": {"id": "a", "capacity": 1, "capabilities": ["x", 2]}}}"#,
                "action.add_executor.capabilities[1]: invalid type: integer `2`, expected a string",
            ),
            (
                r#"{"action": {"crash": {"proces": "a"}}}"#,
                "action.crash.proces: unknown field `proces`, expected `process`",
            ),
            (
                r#"{"action": {"crash": {"process": "a", "process": "b"}}}"#,
                "action.crash: duplicate field `process`",
            ),
            (r#"{"action": "crash"}"#, "action: crash needs a value"),
            (
                r#"{"action": {"crash": {"process": "a"}, "hang": {"process": "a"}}}"#,
                "action: expected a map with a single key",
            ),
        ] {
            assert_eq!(problem(json), expected);
        }
        assert!(
            problem(r#"{"action": {"explode": {}}}"#).starts_with(
                "action: unknown variant `explode`, expected one of `submit_normal_job`"
            )
        );
    }

    #[test]
    fn json_that_is_none_has_its_line() {
        for json in ["", "{", "{\n\"at_us\": }", "{} {}"] {
            assert!(problem(json).contains(" at line "), "{json}");
        }
    }

    #[test]
    fn null_stands_for_what_may_be_left_out() {
        let read = read::<Command>(r#"{"action": {"clear_emergency": {"emergency": null}}}"#);
        assert_eq!(
            read.unwrap().action,
            crate::engine::command::Action::ClearEmergency { emergency: None }
        );
    }
}
