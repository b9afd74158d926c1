//! The φ-accrual failure detector of Hayashibara, Défago, Yared and Katayama ("The φ accrual failure detector", SRDS
//! 2004): how long an executor may be silent follows from how regular its heartbeats were.

use std::collections::VecDeque;

use serde::Serialize;

/// What spans between heartbeats are taken to follow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Distribution {
    /// A normal distribution, as in the paper and in Akka.
    Normal,
    /// An exponential one, as in Cassandra: only the mean counts.
    Exponential,
}

/// The parameters. φ = −log₁₀(P(a heartbeat is later than the silence so far)): at φ = 3 one heartbeat in a
/// thousand is as late as that.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PhiAccrual {
    /// Suspected at this φ, in thousandths: 1 to 100 000.
    pub suspect_phi_thousandths: u32,
    /// Failed at this φ, in thousandths: more than `suspect_phi_thousandths`, at most 100 000.
    pub fail_phi_thousandths: u32,
    /// So many of the latest spans count: 2 to 1000.
    pub window: u32,
    /// What spans are taken to follow.
    pub distribution: Distribution,
    /// The standard deviation is taken to be at least this, in µs: 1 to 60 000 000.
    pub deviation_us_min: u64,
    /// A pause that is no reason to suspect, added to the mean, in µs: at most 600 000 000.
    pub pause_us: u64,
    /// What the span is thought to be before any was seen, in µs: 1 000 to 600 000 000.
    pub first_us: u64,
}

impl Default for PhiAccrual {
    fn default() -> Self {
        PhiAccrual {
            suspect_phi_thousandths: 3_000,
            fail_phi_thousandths: 8_000,
            window: 200,
            distribution: Distribution::Normal,
            deviation_us_min: 100_000,
            pause_us: 500_000,
            first_us: 1_000_000,
        }
    }
}

/// The latest spans between heartbeats of one executor.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Window {
    spans_us: VecDeque<u32>,
    sum_us: u64,
    squares_us: u128,
    /// When the latest heartbeat came, in ns; none before the first.
    heard_ns: Option<u64>,
}

impl Window {
    /// Takes a heartbeat in. The span that ends with it counts unless its sender was taken for failed meanwhile: then it
    /// says nothing of how regular heartbeats are.
    pub fn on_heartbeat(&mut self, now_ns: u64, counts: bool, most: u32) {
        if let Some(heard_ns) = self.heard_ns.replace(now_ns)
            && counts
        {
            self.add((now_ns - heard_ns) / 1_000, most);
        }
    }

    fn add(&mut self, span_us: u64, most: u32) {
        let span_us = u32::try_from(span_us).unwrap_or(u32::MAX);
        while self.spans_us.len() >= most.max(1) as usize
            && let Some(oldest_us) = self.spans_us.pop_front()
        {
            self.sum_us -= u64::from(oldest_us);
            self.squares_us -= u128::from(oldest_us).pow(2);
        }
        self.spans_us.push_back(span_us);
        self.sum_us += u64::from(span_us);
        self.squares_us += u128::from(span_us).pow(2);
    }

    /// The mean span, in µs, rounded down.
    pub fn mean_us(&self) -> u64 {
        self.sum_us / (self.spans_us.len() as u64).max(1)
    }

    /// The standard deviation of spans, in µs, rounded down.
    pub fn deviation_us(&self) -> u64 {
        // n² · variance = n · Σx² − (Σx)², in whole numbers and so the same everywhere.
        let count = self.spans_us.len() as u128;
        let scaled = (count * self.squares_us).saturating_sub(u128::from(self.sum_us).pow(2));
        (scaled.isqrt() / count.max(1)) as u64
    }
}

impl PhiAccrual {
    /// A window before the first heartbeat. Two spans, a quarter more and less than the first estimate, make it
    /// careful in the beginning; Akka does the same.
    pub fn begin(&self) -> Window {
        let mut window = Window::default();
        for span_us in [self.first_us * 3 / 4, self.first_us * 5 / 4] {
            window.add(span_us, self.window);
        }
        window
    }

    /// How suspicious a silence is. Whole numbers and `libm` make it the same on every machine.
    pub fn phi(&self, window: &Window, silence_us: u64) -> f64 {
        let mean_us = window.mean_us() as f64;
        match self.distribution {
            Distribution::Exponential => {
                let late_us = silence_us.saturating_sub(self.pause_us) as f64;
                late_us / mean_us.max(1.0) * core::f64::consts::LOG10_E
            }
            Distribution::Normal => {
                let deviation_us = window.deviation_us().max(self.deviation_us_min).max(1);
                let late_us = silence_us as f64 - mean_us - self.pause_us as f64;
                let y = late_us / deviation_us as f64;
                // A logistic curve in place of the normal distribution function, as in Akka: the tail needs no erfc.
                let e = libm::exp(-y * (1.5976 + 0.070566 * y * y));
                if late_us > 0.0 {
                    -libm::log10(e / (1.0 + e))
                } else {
                    -libm::log10(1.0 - 1.0 / (1.0 + e))
                }
            }
        }
    }

    /// The shortest silence, in µs, at which φ is at least so many thousandths.
    pub fn silence_us_at(&self, window: &Window, phi_thousandths: u32) -> u64 {
        /// Half a year: no run is as long.
        const SILENCE_US_MAX: u64 = 1 << 44;
        let wanted = f64::from(phi_thousandths) / 1e3;
        let reaches = |silence_us| self.phi(window, silence_us) >= wanted;
        let mut most = 1;
        while most < SILENCE_US_MAX && !reaches(most) {
            most *= 2;
        }
        let mut least = most / 2;
        // It is reached at `most` and not at `least`.
        while most - least > 1 {
            let middle = least + (most - least) / 2;
            if reaches(middle) {
                most = middle;
            } else {
                least = middle;
            }
        }
        most
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn window(detector: &PhiAccrual, spans_ms: impl IntoIterator<Item = u64>) -> Window {
        let mut window = detector.begin();
        let mut now_ns = 0;
        window.on_heartbeat(now_ns, true, detector.window);
        for span_ms in spans_ms {
            now_ns += span_ms * 1_000_000;
            window.on_heartbeat(now_ns, true, detector.window);
        }
        window
    }

    #[test]
    fn mean_and_deviation_are_those_of_the_latest_spans() {
        let detector = PhiAccrual {
            window: 4,
            ..PhiAccrual::default()
        };
        let regular = window(&detector, [900; 10]);
        assert_eq!((regular.mean_us(), regular.deviation_us()), (900_000, 0));
        let mixed = window(&detector, [5_000, 5_000, 200, 400, 400, 600]);
        assert_eq!(mixed.mean_us(), 400_000);
        // √(20 000 000 000) = 141 421.3…
        assert_eq!(mixed.deviation_us(), 141_421);
        // The first estimate alone: a quarter to either side.
        let first = detector.begin();
        assert_eq!(
            (first.mean_us(), first.deviation_us()),
            (1_000_000, 250_000)
        );
    }

    #[test]
    fn a_span_that_ended_a_failure_does_not_count() {
        let detector = PhiAccrual::default();
        let mut window = window(&detector, [1_000; 5]);
        let before = window.mean_us();
        window.on_heartbeat(90_000_000_000, false, detector.window);
        assert_eq!(window.mean_us(), before);
        window.on_heartbeat(91_000_000_000, true, detector.window);
        assert_eq!(window.mean_us(), before);
    }

    #[test]
    fn phi_is_what_the_formula_says_and_grows_with_silence() {
        let detector = PhiAccrual {
            pause_us: 0,
            window: 10,
            ..PhiAccrual::default()
        };
        let regular = window(&detector, [1_000; 10]);
        // On time, half of all heartbeats are later: −log₁₀(½) = log₁₀(2).
        let half = core::f64::consts::LOG10_2;
        assert!((detector.phi(&regular, 1_000_000) - half).abs() < 1e-5);
        // Two deviations late: 2.3 % are later.
        assert!((detector.phi(&regular, 1_200_000) - 1.643).abs() < 5e-3);
        let mut last = -1.0;
        for silence_us in (0..3_000_000).step_by(10_000) {
            let phi = detector.phi(&regular, silence_us);
            assert!(phi >= last, "{silence_us}");
            last = phi;
        }
        let exponential = PhiAccrual {
            distribution: Distribution::Exponential,
            ..detector
        };
        // Ten times the mean: e^−10.
        assert!((exponential.phi(&regular, 10_000_000) - 4.342_94).abs() < 1e-4);
    }

    /// Found by halving, so it must be the very microsecond.
    #[test]
    fn the_silence_at_a_phi_is_the_first_that_reaches_it() {
        for distribution in [Distribution::Normal, Distribution::Exponential] {
            let detector = PhiAccrual {
                distribution,
                ..PhiAccrual::default()
            };
            for spans_ms in [[1_000; 4], [400, 1_600, 900, 1_100], [1, 2, 3, 4]] {
                let window = window(&detector, spans_ms);
                for thousandths in [1, 300, 302, 1_000, 3_000, 8_000, 100_000] {
                    let at_us = detector.silence_us_at(&window, thousandths);
                    let wanted = f64::from(thousandths) / 1e3;
                    assert!(detector.phi(&window, at_us) >= wanted);
                    assert!(at_us <= 1 || detector.phi(&window, at_us - 1) < wanted);
                }
            }
        }
    }

    #[test]
    fn irregular_heartbeats_buy_patience() {
        let detector = PhiAccrual::default();
        let regular = window(&detector, [1_000; 50]);
        let irregular = window(&detector, [200, 1_800].into_iter().cycle().take(50));
        let fails_us = |window| detector.silence_us_at(window, detector.fail_phi_thousandths);
        assert!(fails_us(&irregular) > fails_us(&regular) + 2_000_000);
    }
}
