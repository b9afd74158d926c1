//! Reads values into types, and says where a problem is: `executors[2].capacity: …`.
//! By hand instead of derived: what serde writes for these types is three times the code, in bytes to download.

use std::fmt::{self, Display};
use std::rc::Rc;

use super::json::{self, Json};
use triage_language::mark;
use triage_language::{say, tr};

/// The first problem comes with its line for JSON that is none, with its path for unknown fields and wrong types.
pub fn read<T: Read>(json: &str) -> Result<T, String> {
    T::read(&json::parse(json)?).map_err(|problem| problem.to_string())
}

/// As [`read`], for what people write: they may say for their editor where the schema is, which nobody reads here.
pub fn read_file<T: Read>(json: &str) -> Result<T, String> {
    T::read(&file(json)?).map_err(|problem| problem.to_string())
}

/// What people write, without what their editor is told.
pub fn file(json: &str) -> Result<Json, String> {
    let mut json = json::parse(json)?;
    if let Json::Object(entries) = &mut json {
        entries.retain(|(name, value)| name != "$schema" || !matches!(value, Json::Text(_)));
    }
    Ok(json)
}

/// A type that can be read out of a value.
pub trait Read: Sized {
    fn read(json: &Json) -> Result<Self, Problem>;
}

/// What is wrong, and where, from the outside in.
#[derive(Debug)]
pub struct Problem {
    path: String,
    reason: String,
}

impl Problem {
    pub fn new(reason: String) -> Problem {
        Problem {
            path: String::new(),
            reason,
        }
    }

    /// The same problem, seen from one step further out.
    pub fn below(mut self, step: &str) -> Problem {
        let joint = match self.path.as_bytes().first() {
            None | Some(b'[') => "",
            _ => ".",
        };
        self.path = [step, joint, &self.path].concat();
        self
    }

    fn unknown_field(name: &str, known: &[&str]) -> Problem {
        Problem::new(if let [known] = known {
            tr!(
                "unknown field `{name}`, expected `{known}`",
                name = name,
                known = known
            )
        } else {
            tr!(
                "unknown field `{name}`, expected one of `{known}`",
                name = name,
                known = known.join("`, `")
            )
        })
    }

    fn unknown_variant(name: &str, known: &[&str]) -> Problem {
        Problem::new(if let [known] = known {
            tr!(
                "unknown variant `{name}`, expected `{known}`",
                name = name,
                known = known
            )
        } else {
            tr!(
                "unknown variant `{name}`, expected one of `{known}`",
                name = name,
                known = known.join("`, `")
            )
        })
    }

    fn invalid_type(json: &Json, wanted: &'static str) -> Problem {
        Problem::new(tr!(
            "invalid type: {found}, expected {wanted}",
            found = json.in_words(),
            wanted = say(wanted)
        ))
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

/// The fields of an object, each known and there at most once.
pub struct Fields<'a>(&'a [(String, Json)]);

impl<'a> Fields<'a> {
    pub fn of(json: &'a Json, known: &[&str]) -> Result<Fields<'a>, Problem> {
        let Json::Object(entries) = json else {
            return Err(Problem::invalid_type(json, mark!("a map")));
        };
        for (index, (name, _)) in entries.iter().enumerate() {
            if !known.contains(&&**name) {
                return Err(Problem::unknown_field(name, known).below(name));
            }
            if entries[..index].iter().any(|(before, _)| before == name) {
                return Err(Problem::new(tr!("duplicate field `{}`", name)));
            }
        }
        Ok(Fields(entries))
    }

    fn find(&self, name: &str) -> Option<&'a Json> {
        let found = self.0.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value)
    }

    /// A field that must be there.
    pub fn need<T: Read>(&self, name: &str) -> Result<T, Problem> {
        match self.find(name) {
            Some(value) => T::read(value).map_err(|problem| problem.below(name)),
            None => Err(Problem::new(tr!("missing field `{}`", name))),
        }
    }

    /// A field that may be left out.
    pub fn or<T: Read>(&self, name: &str, default: T) -> Result<T, Problem> {
        match self.find(name) {
            Some(value) => T::read(value).map_err(|problem| problem.below(name)),
            None => Ok(default),
        }
    }
}

/// Reads an object: `object!(json => Work { "min_us" => min_us, "max_us" => max_us = 0 })`. A field without a
/// default must be there; what is missing here is missing in the type too, and does not compile.
#[macro_export]
macro_rules! object {
    ($json:expr => $($type:ident)::+ { $($name:literal => $field:ident $(= $default:expr)?),* $(,)? }) => {{
        #[allow(unused_variables)] // an object may be empty
        let fields = $crate::reader::Fields::of($json, &[$($name),*])?;
        Ok($($type)::+ { $($field: $crate::object!(@ fields $name $($default)?)),* })
    }};
    (@ $fields:ident $name:literal) => { $fields.need($name)? };
    (@ $fields:ident $name:literal $default:expr) => { $fields.or($name, $default)? };
}
pub use crate::object;

/// Which of some words a value is.
pub fn word(json: &Json, known: &[&str]) -> Result<usize, Problem> {
    let name = text(json)?;
    let found = known.iter().position(|word| *word == name);
    found.ok_or_else(|| Problem::unknown_variant(name, known))
}

/// Reads an object of one entry that says by its name what it is: `{"crash": …}`.
pub fn tagged<T>(
    json: &Json,
    known: &[&str],
    read: fn(&str, &Json) -> Result<T, Problem>,
) -> Result<T, Problem> {
    let (name, value) = variant(json, known)?;
    read(name, value).map_err(|problem| problem.below(name))
}

fn variant<'a>(json: &'a Json, known: &[&str]) -> Result<(&'a str, &'a Json), Problem> {
    match json {
        Json::Object(entries) if entries.len() == 1 => {
            let (name, value) = &entries[0];
            if known.contains(&&**name) {
                Ok((name, value))
            } else {
                Err(Problem::unknown_variant(name, known))
            }
        }
        Json::Object(_) => Err(Problem::new(
            say("expected a map with a single key").to_owned(),
        )),
        Json::Text(name) => Err(Problem::new(tr!("{} needs a value", name))),
        _ => Err(Problem::invalid_type(
            json,
            mark!("a map with a single key"),
        )),
    }
}

pub fn text(json: &Json) -> Result<&str, Problem> {
    match json {
        Json::Text(text) => Ok(text),
        _ => Err(Problem::invalid_type(json, mark!("a string"))),
    }
}

/// The bits of a whole number between two bounds.
fn whole(json: &Json, least: i64, most: u64, wanted: &'static str) -> Result<u64, Problem> {
    match *json {
        Json::Whole(value) if value <= most => Ok(value),
        Json::Negative(value) if value >= least => Ok(value as u64),
        Json::Whole(_) | Json::Negative(_) => {
            let found = json.in_words();
            Err(Problem::new(tr!(
                "invalid value: {found}, expected {wanted}",
                found = found,
                wanted = wanted
            )))
        }
        _ => Err(Problem::invalid_type(json, wanted)),
    }
}

macro_rules! whole_numbers {
    ($($number:ident)*) => {$(
        impl Read for $number {
            fn read(json: &Json) -> Result<$number, Problem> {
                let bits = whole(json, $number::MIN as i64, $number::MAX as u64, stringify!($number))?;
                Ok(bits as $number)
            }
        }
    )*};
}

whole_numbers! { u16 u32 u64 i32 }

impl Read for String {
    fn read(json: &Json) -> Result<String, Problem> {
        text(json).map(str::to_owned)
    }
}

impl Read for Rc<str> {
    fn read(json: &Json) -> Result<Rc<str>, Problem> {
        text(json).map(Rc::from)
    }
}

impl<T: Read> Read for Option<T> {
    fn read(json: &Json) -> Result<Option<T>, Problem> {
        match json {
            Json::Null => Ok(None),
            value => T::read(value).map(Some),
        }
    }
}

impl<T: Read> Read for Vec<T> {
    fn read(json: &Json) -> Result<Vec<T>, Problem> {
        let Json::List(items) = json else {
            return Err(Problem::invalid_type(json, mark!("a sequence")));
        };
        let mut read = Vec::with_capacity(items.len());
        for (index, item) in items.iter().enumerate() {
            read.push(T::read(item).map_err(|problem| problem.below(&format!("[{index}]")))?);
        }
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use crate::parse_command;
    use triage_engine::command::Action;

    fn problem(json: &str) -> String {
        parse_command(json).expect_err(json)
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
        let read = parse_command(r#"{"action": {"clear_emergency": {"emergency": null}}}"#);
        assert_eq!(
            read.unwrap().action,
            Action::ClearEmergency { emergency: None }
        );
    }
}
