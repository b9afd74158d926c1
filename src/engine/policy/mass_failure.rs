//! The brake on failure verdicts: when most executors look dead at once, it is more likely the observer that is cut off.
//!
//! As in the node lifecycle controller of Kubernetes, whose zone is disrupted when more than two nodes and at least
//! `--unhealthy-zone-threshold` (0.55) of all are not ready. A small zone is then left alone for as long as it lasts; here
//! the hold has an end, so that work finishes when most executors really are dead.

/// Fewer silent executors than this never pull the brake.
pub const SILENT_MIN: u32 = 3;

/// When failures are not declared, and for how long at most.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MassFailureGuard {
    /// Pulled when at least this share of all members is silent, in percent; 0 for never.
    pub percent: u32,
    /// The longest hold, in µs.
    pub hold_us: u64,
}

/// Whether failures are declared.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum MassFailureGuardState {
    /// They are.
    #[default]
    Off,
    /// They are held until this moment, in ns, or until enough members are heard again.
    Held(u64),
    /// Most members are silent still, but the hold is over: they are declared.
    Over,
}

impl MassFailureGuard {
    /// Whether so many silent ones are too many to believe.
    pub fn is_pulled_by(self, silent: u32, members: u32) -> bool {
        let share = u64::from(silent) * 100 >= u64::from(members) * u64::from(self.percent);
        self.percent > 0 && silent >= SILENT_MIN && share
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_silent_ones_and_the_share_pull_it() {
        let brake = MassFailureGuard {
            percent: 55,
            hold_us: 1,
        };
        for (silent, members, pulled) in [
            (2, 2, false),
            (3, 3, true),
            (3, 5, true),
            (3, 6, false),
            (4, 7, true),
            (54, 100, false),
            (55, 100, true),
        ] {
            assert_eq!(
                brake.is_pulled_by(silent, members),
                pulled,
                "{silent} of {members}"
            );
        }
        let never = MassFailureGuard {
            percent: 0,
            ..brake
        };
        assert!(!never.is_pulled_by(9, 9));
    }
}
