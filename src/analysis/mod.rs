//! Figures and relations from the trace alone. Knows events, and nothing of how the engine came to them.

pub mod causality;
pub mod lanes;
pub mod latency;
#[cfg(test)]
mod sample;
pub mod series;
pub mod slots;
