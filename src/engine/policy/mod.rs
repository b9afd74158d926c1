//! Decisions that can be exchanged without touching a protocol, each chosen by name in a scenario.

pub mod delivery;
pub mod detector;
pub mod discipline;
pub mod level;
pub mod mass_failure;
pub mod phi;
pub mod routing;
