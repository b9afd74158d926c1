//! When silence means suspicion and when it means failure.

use serde::Serialize;

use super::phi::{Distribution, PhiAccrual, Window};

/// A failure detector for executors, fed by their heartbeats.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Detector {
    /// Fixed bounds on silence.
    Timeout {
        /// Suspected after this long, in µs.
        suspect_us: u64,
        /// Failed after this long, in µs; more than `suspect_us`.
        fail_us: u64,
    },
    /// Bounds that follow from how regular heartbeats were.
    PhiAccrual(PhiAccrual),
    /// What a real system does if nobody configures it.
    Preset(Preset),
}

/// Detectors of real systems with their published defaults, as far as one observer of heartbeats can be like them.
/// `docs/scenario-format.md` says for each what is left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Preset {
    /// Akka Cluster (`reference.conf`): heartbeats every 1 s, unreachable at φ = 8, standard deviation at least 100 ms,
    /// acceptable pause 3 s, 1000 samples.
    Akka,
    /// Cassandra (`FailureDetector.java`, `cassandra.yaml`): gossip every 1 s, convicted at φ = 8, exponential
    /// distribution, 1000 samples, first estimate 2 s.
    Cassandra,
    /// Kubernetes 1.32 and later: leases renewed every 10 s and valid for 40 s, a node that is silent for 50 s
    /// (`--node-monitor-grace-period`) is unknown.
    Kubernetes,
    /// HashiCorp memberlist, `DefaultLANConfig`: probes every 1 s that time out after 500 ms and are then tried by way of
    /// others until the next is due, and a suspicion of 4 (`SuspicionMult`) intervals.
    MemberlistLan,
}

impl Preset {
    /// All of them.
    pub const ALL: [Preset; 4] = [
        Preset::Akka,
        Preset::Cassandra,
        Preset::Kubernetes,
        Preset::MemberlistLan,
    ];

    /// The name used in scenarios and traces.
    pub fn name(self) -> &'static str {
        match self {
            Preset::Akka => "akka",
            Preset::Cassandra => "cassandra",
            Preset::Kubernetes => "kubernetes",
            Preset::MemberlistLan => "memberlist-lan",
        }
    }

    /// Between two heartbeats, in µs.
    pub fn heartbeat_us(self) -> u64 {
        match self {
            Preset::Kubernetes => 10_000_000,
            Preset::Akka | Preset::Cassandra | Preset::MemberlistLan => 1_000_000,
        }
    }

    /// The detector that it stands for.
    pub fn detector(self) -> Detector {
        // Akka and Cassandra know one threshold: suspicion at half of it is this simulation's addition.
        let phi = PhiAccrual {
            suspect_phi_thousandths: 4_000,
            fail_phi_thousandths: 8_000,
            window: 1_000,
            distribution: Distribution::Normal,
            deviation_us_min: 100_000,
            pause_us: 3_000_000,
            first_us: 1_000_000,
        };
        match self {
            Preset::Akka => Detector::PhiAccrual(phi),
            Preset::Cassandra => Detector::PhiAccrual(PhiAccrual {
                distribution: Distribution::Exponential,
                pause_us: 0,
                first_us: 2_000_000,
                ..phi
            }),
            Preset::Kubernetes => Detector::Timeout {
                suspect_us: 40_000_000,
                fail_us: 50_000_000,
            },
            // The last answer, the next probe an interval later, and its end after one more.
            Preset::MemberlistLan => Detector::Timeout {
                suspect_us: 2_000_000,
                fail_us: 6_000_000,
            },
        }
    }
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

/// How long an executor may be silent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// Suspected after this long, in µs.
    pub suspect_us: u64,
    /// Failed after this long, in µs; more than `suspect_us`.
    pub fail_us: u64,
}

impl Detector {
    /// The name used in traces.
    pub fn name(self) -> &'static str {
        match self {
            Detector::Timeout { .. } => "timeout",
            Detector::PhiAccrual(_) => "phi_accrual",
            Detector::Preset(preset) => preset.name(),
        }
    }

    /// How often heartbeats come where nobody says otherwise, in µs, if the detector has an opinion.
    pub fn heartbeat_us(self) -> Option<u64> {
        match self {
            Detector::Preset(preset) => Some(preset.heartbeat_us()),
            Detector::Timeout { .. } | Detector::PhiAccrual(_) => None,
        }
    }

    /// Its parameters if it learns from the spans between heartbeats.
    pub fn phi_accrual(self) -> Option<PhiAccrual> {
        match self {
            Detector::Timeout { .. } => None,
            Detector::PhiAccrual(phi) => Some(phi),
            Detector::Preset(preset) => preset.detector().phi_accrual(),
        }
    }

    /// What is known of the heartbeats of an executor that has sent none.
    pub fn begin(self) -> Window {
        let phi = self.phi_accrual();
        phi.map_or_else(Window::default, |phi| phi.begin())
    }

    /// How long an executor with such heartbeats may be silent.
    pub fn bounds(self, window: &Window) -> Bounds {
        match self {
            Detector::Timeout {
                suspect_us,
                fail_us,
            } => Bounds {
                suspect_us,
                fail_us,
            },
            Detector::PhiAccrual(phi) => {
                let suspect_us = phi.silence_us_at(window, phi.suspect_phi_thousandths);
                let fail_us = phi.silence_us_at(window, phi.fail_phi_thousandths);
                Bounds {
                    suspect_us,
                    fail_us: fail_us.max(suspect_us + 1),
                }
            }
            Detector::Preset(preset) => preset.detector().bounds(window),
        }
    }
}

impl Bounds {
    /// The verdict after a silence of `silence_us`, and how much more silence, in µs, would worsen it.
    pub fn judge(self, silence_us: u64) -> (Verdict, Option<u64>) {
        if silence_us < self.suspect_us {
            (Verdict::Trusted, Some(self.suspect_us - silence_us))
        } else if silence_us < self.fail_us {
            (Verdict::Suspected, Some(self.fail_us - silence_us))
        } else {
            (Verdict::Failed, None)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn silence_is_judged_by_two_bounds() {
        let bounds = Detector::default().bounds(&Window::default());
        assert_eq!(bounds.judge(0), (Verdict::Trusted, Some(2_500_000)));
        assert_eq!(bounds.judge(2_499_999), (Verdict::Trusted, Some(1)));
        assert_eq!(
            bounds.judge(2_500_000),
            (Verdict::Suspected, Some(1_000_000))
        );
        assert_eq!(bounds.judge(3_500_000), (Verdict::Failed, None));
    }

    /// How long each real system would take to give up an executor whose heartbeats were regular.
    #[test]
    fn presets_take_as_long_as_their_systems() {
        for (preset, suspect_us, fail_us) in [
            (Preset::Akka, 4_000_000..4_500_000, 4_400_000..4_700_000),
            (
                Preset::Cassandra,
                9_200_000..9_400_000,
                18_400_000..18_700_000,
            ),
            (
                Preset::Kubernetes,
                40_000_000..40_000_001,
                50_000_000..50_000_001,
            ),
            (
                Preset::MemberlistLan,
                2_000_000..2_000_001,
                6_000_000..6_000_001,
            ),
        ] {
            let detector = Detector::Preset(preset);
            let mut window = detector.begin();
            for beat in 0..1_200 {
                window.on_heartbeat(beat * 1_000_000_000, true, 1_000);
            }
            let bounds = detector.bounds(&window);
            let (name, found) = (preset.name(), (bounds.suspect_us, bounds.fail_us));
            assert!(suspect_us.contains(&found.0), "{name}: {found:?}");
            assert!(fail_us.contains(&found.1), "{name}: {found:?}");
        }
    }
}
