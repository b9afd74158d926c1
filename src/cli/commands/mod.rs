//! The commands of the headless runner, one file for each.

pub mod audit;
pub mod causality;
pub mod export;
pub mod find;
pub mod import;
pub mod input;
pub mod lesson;
pub mod link;
pub mod record;
pub mod run;
pub mod schema;
pub mod soak;
pub mod texts;
