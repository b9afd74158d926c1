//! JSON Schema of lesson types for which it can't be derived, for the headless runner.

use std::borrow::Cow;
use std::marker::PhantomData;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde_json::json;

use crate::Anchor;

/// Either a name or a value of type `T`.
pub struct NamedOr<T>(PhantomData<T>);

impl<T: JsonSchema> JsonSchema for NamedOr<T> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        Cow::Owned(["NamedOr", &T::schema_name()].concat())
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        json_schema!({ "anyOf": [{ "type": "string" }, generator.subschema_for::<T>()] })
    }
}

impl JsonSchema for Anchor {
    fn schema_name() -> Cow<'static, str> {
        "Anchor".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let query = json!({ "type": "string", "description": "A query, as the log and the diagram take it." });
        json_schema!({
            "description": "An event of the run: the first that a query finds, or another of its hits.",
            "anyOf": [query, {
                "type": "object",
                "properties": {
                    "query": query,
                    "hit": { "type": "integer", "minimum": 1, "maximum": u32::MAX, "default": 1,
                             "description": "Which of its hits, from 1." },
                },
                "required": ["query"],
            }],
        })
    }
}
