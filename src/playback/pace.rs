//! How fast simulated time passes on the wall. A hop of 5 ms is less than a frame, so the default pace follows
//! events: a message that matters takes 0.6 s on the screen whatever its latency, quiet stretches are shortened.

use triage_engine::time::SECOND_NS;
use triage_engine::world::World;

/// A hop on the screen at event pace and speed 1, in ms.
const HOP_MS: f64 = 600.0;
/// The shortest and the longest quiet stretch on the screen at event pace and speed 1, in ms.
const QUIET_MS: (f64, f64) = (120.0, 1_600.0);
/// Events in one frame as fast as possible.
const BATCH_EVENTS: u32 = 2_000;
/// Simulated time in one frame as fast as possible, in ns.
const BATCH_NS: u64 = 2 * SECOND_NS;

/// What time follows.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Pace {
    /// Messages that matter.
    Event,
    /// The clock.
    Clock,
}

/// A stretch of simulated time at one rate.
pub(super) struct PacedInterval {
    pub until_ns: u64,
    pub wall_ms: f64,
    pub events_max: u32,
}

/// Chooses the rate.
#[derive(Clone, Debug)]
pub(super) struct Pacer {
    pub pace: Pace,
    pub speed: f64,
    pub rate: f64,
    /// The end of the present quiet stretch, in ns, and its rate at speed 1, chosen at its beginning: it must
    /// not slow down as its end comes near.
    quiet: Option<(u64, f64)>,
}

impl Default for Pacer {
    fn default() -> Self {
        Pacer {
            pace: Pace::Event,
            speed: 1.0,
            rate: 0.0,
            quiet: None,
        }
    }
}

impl Pacer {
    /// The next stretch, at most `left_ms` long on the wall.
    pub fn stretch(&mut self, world: &World, left_ms: f64) -> PacedInterval {
        let now_ns = world.now_ns();
        if self.speed == f64::INFINITY {
            self.rate = f64::INFINITY;
            return PacedInterval {
                until_ns: now_ns + BATCH_NS,
                wall_ms: left_ms,
                events_max: BATCH_EVENTS,
            };
        }
        let (rate, end_ns) = match self.pace {
            Pace::Clock => (1.0, u64::MAX),
            Pace::Event => self.event_rate(world),
        };
        self.rate = rate * self.speed;
        let ns_per_ms = self.rate * 1e6;
        let whole_ms = end_ns.saturating_sub(now_ns) as f64 / ns_per_ms;
        let events_max = u32::MAX;
        if whole_ms <= left_ms {
            // At least a little wall time, so that a frame always comes to an end.
            PacedInterval {
                until_ns: end_ns,
                wall_ms: whole_ms.max(0.01),
                events_max,
            }
        } else {
            let until_ns = now_ns + ((left_ms * ns_per_ms) as u64).max(1);
            PacedInterval {
                until_ns,
                wall_ms: left_ms,
                events_max,
            }
        }
    }

    /// The same, beginning anew: the cursor was moved, or the pace changed.
    pub fn anew(&self, pace: Pace, speed: f64) -> Pacer {
        Pacer {
            pace,
            speed,
            rate: self.rate,
            quiet: None,
        }
    }

    fn event_rate(&mut self, world: &World) -> (f64, u64) {
        let now_ns = world.now_ns();
        let Some(end_ns) = world.next_notable_ns() else {
            return (2.0, u64::MAX);
        };
        let end_ns = end_ns.max(now_ns + 1);
        if let Some(message) = world.next_worth_watching() {
            let latency_ns = message.due_ns.saturating_sub(message.sent_ns).max(1) as f64;
            return (latency_ns / (HOP_MS * 1e6), end_ns);
        }
        if let Some((known_end_ns, rate)) = self.quiet
            && known_end_ns == end_ns
        {
            return (rate, end_ns);
        }
        let left_ns = (end_ns - now_ns) as f64;
        let seconds = left_ns / SECOND_NS as f64;
        let wall_ms = (seconds.sqrt() * 900.0).clamp(QUIET_MS.0, QUIET_MS.1);
        let rate = left_ns / (wall_ms * 1e6);
        self.quiet = Some((end_ns, rate));
        (rate, end_ns)
    }
}
