//! Logical clocks. Vector clocks (Fidge 1988, Mattern 1989) order events exactly as happens-before does;
//! Lamport's scalar clock (1978) and a hybrid logical clock (Kulkarni et al. 2014) ride along for comparison
//! and decide nothing.

use std::rc::Rc;

use super::id::ProcessIndex;
use super::rng::Generator;

/// How two stamps stand to each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Causality {
    /// The same event.
    Equal,
    /// The first happened before the second and may have caused it.
    Before,
    /// The second happened before the first.
    After,
    /// Neither can have caused the other.
    Concurrent,
}

/// Counts, for each process, how many of its events are known. A missing entry is 0.
#[derive(Clone, Debug, Default)]
pub struct VectorClock {
    entries: Vec<u32>,
}

impl VectorClock {
    /// How many events of `process` are known.
    pub fn get(&self, process: ProcessIndex) -> u32 {
        self.entries.get(process.index()).copied().unwrap_or(0)
    }

    /// Counts one more own event.
    pub fn tick(&mut self, process: ProcessIndex) {
        if self.entries.len() <= process.index() {
            self.entries.resize(process.index() + 1, 0);
        }
        self.entries[process.index()] += 1;
    }

    /// Entry-wise maximum: afterwards everything the other knew is known here too.
    /// Adds to `raised` whose entries grew.
    pub fn merge(&mut self, other: &VectorClock, raised: &mut Vec<ProcessIndex>) {
        if self.entries.len() < other.entries.len() {
            self.entries.resize(other.entries.len(), 0);
        }
        for (index, (mine, theirs)) in self.entries.iter_mut().zip(&other.entries).enumerate() {
            if *mine < *theirs {
                *mine = *theirs;
                raised.push(ProcessIndex(index as u16));
            }
        }
    }

    /// Claims that so many events of a process are known: what only a forged clock does.
    pub fn claim(&mut self, process: ProcessIndex, count: u32) {
        if self.entries.len() <= process.index() {
            self.entries.resize(process.index() + 1, 0);
        }
        self.entries[process.index()] = count;
    }

    /// The four-way comparison: before if no entry is greater and one is less.
    pub fn compare(&self, other: &VectorClock) -> Causality {
        let (mut less, mut greater) = (false, false);
        for index in 0..self.entries.len().max(other.entries.len()) {
            let mine = self.entries.get(index).copied().unwrap_or(0);
            let theirs = other.entries.get(index).copied().unwrap_or(0);
            less |= mine < theirs;
            greater |= mine > theirs;
        }
        match (less, greater) {
            (false, false) => Causality::Equal,
            (true, false) => Causality::Before,
            (false, true) => Causality::After,
            (true, true) => Causality::Concurrent,
        }
    }

    /// The entries that are not zero, in the fixed process order.
    pub fn entries(&self) -> impl Iterator<Item = (ProcessIndex, u32)> {
        let indexed = self.entries.iter().enumerate();
        indexed
            .filter(|(_, value)| **value > 0)
            .map(|(index, value)| (ProcessIndex(index as u16), *value))
    }

    /// The sum of all entries: for an event's stamp, how many events are in its past, itself included.
    pub fn sum(&self) -> u64 {
        self.entries.iter().map(|value| u64::from(*value)).sum()
    }
}

/// Vectors are equal when every entry is, however many zeros trail.
impl PartialEq for VectorClock {
    fn eq(&self, other: &Self) -> bool {
        self.compare(other) == Causality::Equal
    }
}

/// A hybrid logical clock's reading: never behind the wall clock of its process, never behind what it has seen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct HybridTime {
    /// The greatest wall-clock reading known, in µs; may be negative early in a run, since clocks differ.
    pub wall_us: i64,
    /// Orders events that share `wall_us`.
    pub counter: u32,
}

/// A wall clock that is a little off, as real ones are. Used by nothing but the hybrid clock.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct WallClock {
    offset_us: i64,
    drift_ppm: i64,
}

impl WallClock {
    /// A clock off by up to `offset_us_max`, gaining or losing up to `drift_ppm_max` µs a second.
    pub fn new(generator: &mut Generator, offset_us_max: u32, drift_ppm_max: u32) -> Self {
        let mut symmetric = |bound: u32| {
            let bound = u64::from(bound);
            generator.between(0, 2 * bound) as i64 - bound as i64
        };
        WallClock {
            offset_us: symmetric(offset_us_max),
            drift_ppm: symmetric(drift_ppm_max),
        }
    }

    /// What it reads at a moment of simulated time, in µs.
    pub fn read_us(&self, now_ns: u64) -> i64 {
        let now_us = (now_ns / 1_000) as i64;
        now_us + self.offset_us + now_us / 1_000 * self.drift_ppm / 1_000
    }
}

/// The three clocks of one event, as a message carries them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Stamp {
    /// Fidge/Mattern.
    pub vector: VectorClock,
    /// Lamport.
    pub lamport: u32,
    /// Kulkarni et al.
    pub hybrid: HybridTime,
}

/// The clocks of one process. The stamp is shared with the messages that carry it.
#[derive(Clone, Debug, Default)]
pub struct Clocks {
    stamp: Rc<Stamp>,
    wall: WallClock,
    raised: Vec<ProcessIndex>,
}

impl Clocks {
    /// All at zero, over this wall clock.
    pub fn new(wall: WallClock) -> Self {
        Clocks {
            wall,
            ..Clocks::default()
        }
    }

    /// The entries that the latest event raised by its merge; none unless it was a receipt.
    pub fn raised(&self) -> &[ProcessIndex] {
        &self.raised
    }

    /// The stamp of the latest event.
    pub fn stamp(&self) -> &Rc<Stamp> {
        &self.stamp
    }

    /// A local event or a send: tick.
    pub fn tick(&mut self, own: ProcessIndex, now_ns: u64) {
        self.advance(own, now_ns, &[]);
    }

    /// A receipt: entry-wise maximum with the stamp of the send, then tick.
    pub fn receive(&mut self, own: ProcessIndex, now_ns: u64, received: &Stamp) {
        self.advance(own, now_ns, &[received]);
    }

    /// A receipt of several messages at once, as logs of other systems have them.
    pub fn receive_all(&mut self, own: ProcessIndex, now_ns: u64, received: &[&Stamp]) {
        self.advance(own, now_ns, received);
    }

    fn advance(&mut self, own: ProcessIndex, now_ns: u64, received: &[&Stamp]) {
        let wall_us = self.wall.read_us(now_ns);
        // Copies only while a message in flight still shares the old stamp.
        let stamp = Rc::make_mut(&mut self.stamp);
        let before = stamp.hybrid;
        let hybrids = received.iter().map(|received| received.hybrid);
        let seen = hybrids.fold(before, HybridTime::max);
        stamp.hybrid = if wall_us > seen.wall_us {
            HybridTime {
                wall_us,
                counter: 0,
            }
        } else {
            HybridTime {
                wall_us: seen.wall_us,
                counter: seen.counter + 1,
            }
        };
        self.raised.clear();
        for received in received {
            stamp.vector.merge(&received.vector, &mut self.raised);
            stamp.lamport = stamp.lamport.max(received.lamport);
        }
        if received.len() > 1 {
            self.raised.sort_unstable();
            self.raised.dedup();
        }
        stamp.vector.tick(own);
        stamp.lamport += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vector(entries: &[u32]) -> VectorClock {
        VectorClock {
            entries: entries.to_vec(),
        }
    }

    #[test]
    fn comparison_is_four_way_and_missing_entries_are_zero() {
        for (a, b, expected) in [
            (&[1, 2][..], &[1, 2, 0][..], Causality::Equal),
            (&[1, 2], &[1, 3], Causality::Before),
            (&[1, 2], &[1, 2, 1], Causality::Before),
            (&[2, 2], &[1, 2], Causality::After),
            (&[2, 1], &[1, 2], Causality::Concurrent),
            (&[], &[], Causality::Equal),
        ] {
            let (a, b) = (vector(a), vector(b));
            assert_eq!(a.compare(&b), expected, "{a:?} {b:?}");
            assert_eq!(a == b, expected == Causality::Equal, "{a:?} {b:?}");
        }
    }

    #[test]
    fn a_receipt_takes_the_maximum_and_then_ticks() {
        let (p, q) = (ProcessIndex(0), ProcessIndex(1));
        let (mut sender, mut receiver) = (Clocks::default(), Clocks::default());
        sender.tick(p, 0);
        sender.tick(p, 0);
        let carried = Rc::clone(sender.stamp());
        receiver.tick(q, 0);
        receiver.receive(q, 0, &carried);
        assert_eq!(receiver.stamp().vector, vector(&[2, 2]));
        assert_eq!(receiver.stamp().lamport, 3);
        assert_eq!(receiver.raised(), [p]);
        receiver.receive(q, 0, &carried);
        assert!(receiver.raised().is_empty(), "it knew all of that");
        assert_eq!(receiver.stamp().vector.sum(), 2 + 3);
        sender.tick(p, 0);
        assert!(sender.raised().is_empty());
        assert_eq!(
            carried.vector,
            vector(&[2]),
            "a message keeps the stamp it was sent with"
        );
    }

    #[test]
    fn the_hybrid_clock_never_goes_back_though_wall_clocks_differ() {
        let fast = WallClock {
            offset_us: 40_000,
            drift_ppm: 0,
        };
        let slow = WallClock {
            offset_us: -40_000,
            drift_ppm: 0,
        };
        let (mut sender, mut receiver) = (Clocks::new(fast), Clocks::new(slow));
        sender.tick(ProcessIndex(0), 1_000_000);
        receiver.receive(ProcessIndex(1), 6_000_000, &Rc::clone(sender.stamp()));
        assert!(receiver.stamp().hybrid > sender.stamp().hybrid);
        assert_eq!(
            receiver.stamp().hybrid,
            HybridTime {
                wall_us: 41_000,
                counter: 1
            }
        );
    }
}
