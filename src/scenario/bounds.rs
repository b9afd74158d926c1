//! Bounds of what a scenario may say: validation holds values to them, and its schema states them.

use std::ops::RangeInclusive;

use triage_engine::configuration::COORDINATORS_MAX;

type Bounds = RangeInclusive<u64>;

/// A minute, in µs.
const MINUTE_US: u64 = 60_000_000;
/// A day, in µs.
pub const DURATION_US_MAX: u64 = 86_400_000_000;

/// How long a run takes.
pub const DURATION_US: Bounds = 1..=DURATION_US_MAX;
/// A moment of a run.
pub const MOMENT_US: Bounds = 0..=DURATION_US_MAX;
/// A title, in characters; its sentence names them too.
pub const TITLE_CHARACTERS_MAX: usize = 80;
/// More principals than this are a mistake.
pub const PRINCIPALS_MAX: usize = 100;

/// The coordinators of a run.
pub const COORDINATORS: Bounds = 1..=COORDINATORS_MAX as u64;
/// How long the brake holds.
pub const BRAKE_HOLD_US: Bounds = 1..=10 * MINUTE_US;
/// The span between two heartbeats,
pub const HEARTBEAT_US: Bounds = 10_000..=MINUTE_US;
/// and by how much it differs.
pub const HEARTBEAT_JITTER_PERCENT: Bounds = 0..=50;
/// What a function takes to begin.
pub const COLD_START_US: Bounds = 0..=MINUTE_US;
/// By how much a wall clock is wrong at the beginning,
pub const WALL_CLOCK_OFFSET_US: Bounds = 0..=MINUTE_US;
/// and how much more later.
pub const WALL_CLOCK_DRIFT_PPM: Bounds = 0..=10_000;
/// The head start of an emergency job.
pub const AGEING_US: Bounds = 1..=60 * MINUTE_US;

/// After which silence somebody is suspected,
pub const SUSPECT_US: Bounds = 1..=MINUTE_US;
/// and failed: later than that.
pub const FAIL_US_MAX: u64 = 10 * MINUTE_US;
/// The φ at which somebody has failed; suspected is below it.
pub const PHI_THOUSANDTHS_MAX: u64 = 100_000;
/// How many spans φ is made of.
pub const PHI_WINDOW: Bounds = 2..=1_000;
/// The least deviation of spans.
pub const PHI_DEVIATION_US: Bounds = 1..=MINUTE_US;
/// The silence that is excused.
pub const PHI_PAUSE_US: Bounds = 0..=10 * MINUTE_US;
/// The span that is expected before any was seen.
pub const PHI_FIRST_US: Bounds = 1_000..=10 * MINUTE_US;

/// The most that a message takes, of the network or of one link; jitter is at most the latency.
pub const LATENCY_US_MAX: u64 = MINUTE_US;
/// The latency of the network or of one link.
pub const LATENCY_US: Bounds = 1..=LATENCY_US_MAX;
/// What a distance adds to it.
pub const LATENCY_NS_PER_KM: Bounds = 0..=1_000_000;

/// The span between two jobs of a stream.
pub const ARRIVALS_US: Bounds = 100..=DURATION_US_MAX;
/// The name of a stream, in characters; its sentence names them too.
pub const WORKLOAD_NAME_CHARACTERS_MAX: usize = 40;
