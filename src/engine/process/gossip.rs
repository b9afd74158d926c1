//! Gossip among coordinators, where there are several: push–pull anti-entropy (Demers et al. 1987, section 1.3) with
//! checksums. Once every [`PERIOD_NS`] a coordinator speaks with one other (fan-out 1), the others in turn, as SWIM
//! bounds its detection (Das, Gupta and Motivala 2002, section 4.3). Each exchange goes both ways: an ask, an answer,
//! and, where the checksums of what they know of executors differ, the rest.
//!
//! **Convergence.** In N − 1 of its rounds a coordinator has spoken with every other, so what one of them knows, all know
//! that run and can be reached after N − 1 periods and a message's latency, whoever else is down: 7 s at the most, for 8. A
//! lost message costs another turn. Without failures news usually take about log₂ N rounds, for whoever has heard them
//! spreads them too.
//!
//! Nothing of it is acknowledged or logged: a coordinator that comes back asks at once.

use std::rc::Rc;

use super::Context;
use super::ledger::{ExecutorAvailability, Ledger};
use crate::emergency::EmergencyState;
use crate::id::ProcessIndex;
use crate::message::ExecutorUpdate;
use crate::sorted::SortedMap;
use crate::time::SECOND_NS;

/// Between two rounds of a coordinator, in ns; as long as in Cassandra.
pub const PERIOD_NS: u64 = SECOND_NS;

/// What a coordinator says of itself; others hand it on.
#[derive(Clone, Debug, PartialEq)]
pub struct Summary {
    /// Who says it.
    pub coordinator: ProcessIndex,
    /// Counts its restarts; on stable storage.
    pub generation: u32,
    /// Counts its reports since then.
    pub version: u32,
    /// Unfinished jobs that it owns.
    pub open: u32,
    /// Those that are with an executor, by executor; without those that have none.
    pub loads: Vec<(ProcessIndex, u32)>,
    /// The version of the emergency state that it knows.
    pub emergency: u32,
}

/// What one coordinator knows of another.
#[derive(Clone, Debug, PartialEq)]
pub struct Peer {
    /// Its newest report.
    pub summary: Rc<Summary>,
    /// When it said so, as far as the ages go that were handed on with it, in ns: the time on the links is not in
    /// them (as with the Age of HTTP, RFC 9111).
    pub reported_ns: u64,
}

/// Which part of an exchange a message is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// The first.
    Ask,
    /// The second.
    Answer,
    /// What the first asker knows and the other did not.
    Rest,
}

/// The update about one executor.
pub type NamedUpdate = (ProcessIndex, ExecutorAvailability, ExecutorUpdate);

/// One message of gossip.
#[derive(Clone, Debug, PartialEq)]
pub struct Gossip {
    /// Which part.
    pub part: Part,
    /// Everybody's newest summary that the sender knows, its own too, each with its age in ns.
    pub summaries: Vec<(Rc<Summary>, u64)>,
    /// Over what the sender knows of executors.
    pub checksum: u64,
    /// What it knows of executors, if the other knows something else.
    pub updates: Vec<NamedUpdate>,
    /// The emergency state that it knows.
    pub emergency: Rc<EmergencyState>,
}

/// The reports that a coordinator has received, and whose turn it is. In memory only.
#[derive(Clone, Debug, Default)]
pub struct Gossiper {
    /// The other coordinators, as far as it has reports of them.
    pub peers: SortedMap<ProcessIndex, Peer>,
    rounds: u32,
    version: u32,
}

impl Gossiper {
    /// With whom it speaks in this round: each other one in turn.
    pub(super) fn next_peer(&mut self, context: Context, own: ProcessIndex) -> ProcessIndex {
        let all = context.coordinators;
        let others = u32::from(all.saturating_sub(1).max(1));
        let step = 1 + (self.rounds % others) as u16;
        self.rounds += 1;
        ProcessIndex(1 + (own.0 - 1 + step) % all)
    }

    /// A message with every report it has received, and one of its own ledger.
    pub(super) fn message(
        &mut self,
        context: Context,
        own: ProcessIndex,
        ledger: &Ledger,
        part: Part,
    ) -> Gossip {
        self.version += 1;
        let loads = ledger.executors.iter();
        let summary = Summary {
            coordinator: own,
            generation: ledger.restarts,
            version: self.version,
            open: ledger.jobs.len() as u32,
            loads: loads
                .filter(|(_, known)| known.load > 0)
                .map(|(executor, known)| (*executor, known.load))
                .collect(),
            emergency: ledger.emergency.version,
        };
        let peers = self.peers.values();
        let mut summaries: Vec<_> = peers
            .map(|peer| {
                let age_ns = context.now_ns.saturating_sub(peer.reported_ns);
                (Rc::clone(&peer.summary), age_ns)
            })
            .collect();
        summaries.push((Rc::new(summary), 0));
        Gossip {
            part,
            summaries,
            checksum: ledger.checksum(),
            updates: Vec::new(),
            emergency: Rc::clone(&ledger.emergency),
        }
    }

    /// Keeps the reports that are newer than its own copies.
    pub(super) fn merge(&mut self, context: Context, own: ProcessIndex, gossip: &Gossip) {
        for (summary, age_ns) in &gossip.summaries {
            let newness = |summary: &Summary| (summary.generation, summary.version);
            let known = self.peers.get(&summary.coordinator);
            let is_new = known.is_none_or(|peer| newness(&peer.summary) < newness(summary));
            if summary.coordinator != own && is_new {
                let peer = Peer {
                    summary: Rc::clone(summary),
                    reported_ns: context.now_ns.saturating_sub(*age_ns),
                };
                self.peers.insert(summary.coordinator, peer);
            }
        }
    }

    /// Unfinished jobs of other coordinators that are with an executor, as far as it has heard.
    pub(super) fn load(&self, executor: ProcessIndex) -> u32 {
        let loads = self.peers.values().flat_map(|peer| &peer.summary.loads);
        loads
            .filter(|(loaded, _)| *loaded == executor)
            .map(|(_, load)| load)
            .sum()
    }
}

impl Ledger {
    /// The same for two coordinators if and (all but certainly) only if they were told the same of all executors.
    pub fn checksum(&self) -> u64 {
        let mixed = |(executor, known): (&ProcessIndex, &super::ledger::Known)| {
            let said = u64::from(executor.0) << 32 | u64::from(known.version);
            let said = (said + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
            (said ^ said >> 29).wrapping_mul(0xBF58_476D_1CE4_E5B9)
        };
        self.executors.iter().map(mixed).fold(0, u64::wrapping_add)
    }

    /// What it was told of every executor that `is_wanted`.
    pub(super) fn updates(
        &self,
        is_wanted: impl Fn(ProcessIndex, u32) -> bool,
    ) -> Vec<NamedUpdate> {
        let known = self.executors.iter();
        known
            .filter(|(executor, known)| is_wanted(**executor, known.version))
            .map(|(executor, known)| {
                let update = ExecutorUpdate {
                    spec: Rc::clone(&known.spec),
                    version: known.version,
                    epoch: known.epoch,
                    draining: known.standing == ExecutorAvailability::Draining,
                };
                (*executor, known.standing, update)
            })
            .collect()
    }
}
