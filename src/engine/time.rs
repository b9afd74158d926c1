//! Virtual time: whole nanoseconds since the run began. Shown and exported in microseconds.

/// One microsecond in the engine's unit.
pub const MICROSECOND_NS: u64 = 1_000;
/// One millisecond in the engine's unit.
pub const MILLISECOND_NS: u64 = 1_000_000;
/// One second in the engine's unit.
pub const SECOND_NS: u64 = 1_000_000_000;

/// Nanoseconds of a span or moment given in microseconds; saturates far beyond any run.
pub fn from_us(us: u64) -> u64 {
    us.saturating_mul(MICROSECOND_NS)
}

/// Whole microseconds of a moment, as every trace shows it.
pub fn to_us(ns: u64) -> u64 {
    ns / MICROSECOND_NS
}
