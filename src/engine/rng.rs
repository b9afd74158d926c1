//! The one source of chance: xoshiro256++ (Blackman and Vigna 2019), the same on every machine.

use rand_core::{RngCore, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;

/// A stream of chance. Each use has a stream of its own, so that a command given by hand
/// does not change which jobs arrive later.
#[derive(Clone, Debug)]
pub struct Generator {
    inner: Xoshiro256PlusPlus,
}

impl Generator {
    /// The stream numbered `stream` of a run with this seed.
    pub fn new(seed: u64, stream: u64) -> Self {
        // The odd constant (2^64 divided by the golden ratio) spreads neighbouring streams apart.
        let mixed = seed ^ stream.wrapping_add(1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        Generator {
            inner: Xoshiro256PlusPlus::seed_from_u64(mixed),
        }
    }

    /// A whole number from `low` to `high`, both included. The bias is below `(high - low) / 2^64`.
    pub fn between(&mut self, low: u64, high: u64) -> u64 {
        let span = high.saturating_sub(low);
        if span == u64::MAX {
            return self.inner.next_u64();
        }
        let product = u128::from(self.inner.next_u64()) * u128::from(span + 1);
        low + (product >> 64) as u64
    }

    /// An exponentially distributed span with this mean, as between the arrivals of a Poisson process.
    /// At least 1, at most about 36 times the mean. `libm` keeps it the same on every machine.
    pub fn exponential(&mut self, mean: u64) -> u64 {
        // 53 random bits, shifted by half a step: never 0, so the logarithm is finite.
        let uniform = ((self.inner.next_u64() >> 11) as f64 + 0.5) / (1u64 << 53) as f64;
        let span = -libm::log(uniform) * mean as f64;
        (span as u64).max(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn same_seed_and_stream_give_the_same_numbers_and_others_do_not() {
        let draw = |seed, stream| {
            let mut generator = Generator::new(seed, stream);
            (0..8)
                .map(|_| generator.between(0, 1_000_000))
                .collect::<Vec<_>>()
        };
        assert_eq!(draw(7, 0), draw(7, 0));
        assert_ne!(draw(7, 0), draw(7, 1));
        assert_ne!(draw(7, 0), draw(8, 0));
    }

    #[test]
    fn numbers_stay_between_their_bounds_and_reach_both() {
        let mut generator = Generator::new(1, 0);
        let drawn: Vec<u64> = (0..1000).map(|_| generator.between(3, 7)).collect();
        assert!(drawn.iter().all(|n| (3..=7).contains(n)));
        assert!(drawn.contains(&3) && drawn.contains(&7));
        assert_eq!(generator.between(5, 5), 5);
    }

    #[test]
    fn exponential_spans_have_their_mean() {
        let mut generator = Generator::new(1, 0);
        let sum: u64 = (0..20_000).map(|_| generator.exponential(1_000_000)).sum();
        let mean = sum / 20_000;
        assert!((970_000..1_030_000).contains(&mean), "{mean}");
    }
}
