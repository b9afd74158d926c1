//! When recovery received messages of an executor. It is in memory only: after a restart every silence starts again.

use crate::policy::detector::{Detector, Verdict};
use crate::policy::phi::Window;
use crate::time::to_us;

/// When messages of an executor arrived, and how regularly.
#[derive(Clone, Debug, Default)]
pub struct HeartbeatWindow {
    /// When it was last heard from, in ns; since a restart of recovery, when that was if it was later.
    pub heard_ns: u64,
    /// Its silence is counted from here, in ns: later than `heard_ns` if it was given another chance.
    pub silent_from_ns: u64,
    /// How regular its heartbeats are, where the detector learns that.
    pub window: Window,
}

impl HeartbeatWindow {
    /// Of somebody who is counted on from now on.
    pub(super) fn begin(detector: Detector, now_ns: u64) -> HeartbeatWindow {
        HeartbeatWindow {
            heard_ns: now_ns,
            silent_from_ns: now_ns,
            window: detector.begin(),
        }
    }

    /// A heartbeat has come. How long it took counts if its sender was not taken for failed meanwhile.
    pub(super) fn beat(&mut self, detector: Detector, now_ns: u64, counts: bool) {
        (self.heard_ns, self.silent_from_ns) = (now_ns, now_ns);
        if let Some(phi) = detector.phi_accrual() {
            self.window.on_heartbeat(now_ns, counts, phi.window);
        }
    }

    /// What the silence means, and how much more of it, in µs, would worsen the verdict.
    pub fn judge(&self, detector: Detector, now_ns: u64) -> (Verdict, Option<u64>) {
        let silence_us = to_us(now_ns.saturating_sub(self.silent_from_ns));
        detector.bounds(&self.window).judge(silence_us)
    }
}
