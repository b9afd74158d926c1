//! What the headless runner and the tests share: JSON Schemas, the tool for catalogues, expressions of log files.

pub mod expressions;
pub mod schema;
pub mod texts;
