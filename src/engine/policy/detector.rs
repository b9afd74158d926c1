//! When silence means suspicion and when it means failure.

use serde::Serialize;

/// A failure detector for executors, fed by their heartbeats.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Detector {
    /// Fixed bounds on silence.
    Timeout {
        /// Suspected after this long, in µs.
        suspect_us: u64,
        /// Failed after this long, in µs; more than `suspect_us`.
        fail_us: u64,
    },
}

impl Default for Detector {
    fn default() -> Self {
        Detector::Timeout {
            suspect_us: 2_500_000,
            fail_us: 3_500_000,
        }
    }
}

/// What silence means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// Heard from recently enough.
    Trusted,
    /// Perhaps dead.
    Suspected,
    /// Taken for dead.
    Failed,
}

impl Detector {
    /// The name used in traces.
    pub fn name(self) -> &'static str {
        match self {
            Detector::Timeout { .. } => "timeout",
        }
    }

    /// The verdict after a silence of `silence_us`, and how much more silence, in µs, would worsen it.
    pub fn judge(self, silence_us: u64) -> (Verdict, Option<u64>) {
        match self {
            Detector::Timeout { suspect_us, .. } if silence_us < suspect_us => {
                (Verdict::Trusted, Some(suspect_us - silence_us))
            }
            Detector::Timeout { fail_us, .. } if silence_us < fail_us => {
                (Verdict::Suspected, Some(fail_us - silence_us))
            }
            Detector::Timeout { .. } => (Verdict::Failed, None),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn silence_is_judged_by_two_bounds() {
        let detector = Detector::default();
        assert_eq!(detector.judge(0), (Verdict::Trusted, Some(2_500_000)));
        assert_eq!(detector.judge(2_499_999), (Verdict::Trusted, Some(1)));
        assert_eq!(
            detector.judge(2_500_000),
            (Verdict::Suspected, Some(1_000_000))
        );
        assert_eq!(detector.judge(3_500_000), (Verdict::Failed, None));
    }
}
