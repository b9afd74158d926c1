//! Figures and relations from the trace alone. Knows events, and nothing of how the engine came to them.

mod bits;
pub mod causality;
pub mod export;
pub mod lanes;
pub mod latency;
pub mod query;
#[cfg(test)]
mod sample;
pub mod series;
pub mod slots;
pub mod story;
pub mod suspicion;
