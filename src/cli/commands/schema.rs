//! The JSON Schema of the formats, derived from the types.

use std::io::Write;
use std::path::Path;

use clap::ValueEnum;
use triage_cli::schema;

use super::run::create;
use crate::Failure;

#[derive(Clone, Copy, ValueEnum)]
pub enum SchemaFormat {
    /// Described in docs/scenario-format.md
    Scenario,
    /// Described in docs/lesson-format.md
    Lesson,
}

/// Prints a schema, or writes it to a file.
pub fn schema(format: SchemaFormat, out: Option<&Path>) -> Result<(), Failure> {
    let schema = match format {
        SchemaFormat::Scenario => schema::scenario(),
        SchemaFormat::Lesson => schema::lesson(),
    };
    let mut text = serde_json::to_string_pretty(&schema)
        .map_err(|error| Failure::Message(error.to_string()))?;
    text.push('\n');
    match out {
        Some(path) => create(path)?.write_all(text.as_bytes())?,
        None => std::io::stdout().lock().write_all(text.as_bytes())?,
    }
    Ok(())
}
