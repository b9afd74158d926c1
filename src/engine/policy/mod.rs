//! Decisions that can be exchanged without touching a protocol, each chosen by name in a scenario.

pub mod brake;
pub mod delivery;
pub mod detector;
pub mod discipline;
pub mod level;
pub mod phi;
pub mod routing;
