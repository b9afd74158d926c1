//! Links between processes: latency, order, cuts, and the messages on their way.

use crate::sorted::{SortedMap, SortedSet};
use std::rc::Rc;

use super::configuration::NetworkConfiguration;
use super::id::{MessageId, ProcessIndex};
use super::job::Location;
use super::message::Message;
use super::rng::Generator;
use super::time::{MILLISECOND_NS, from_us};

/// Every link, and what travels.
#[derive(Clone, Debug)]
pub struct Network {
    configuration: Rc<NetworkConfiguration>,
    generator: Generator,
    /// Of the latest message of each link: the next may not overtake it.
    last_due_ns: SortedMap<(ProcessIndex, ProcessIndex), u64>,
    cut_off: SortedSet<ProcessIndex>,
    /// One side of a split; nobody when there is none.
    split: Vec<ProcessIndex>,
    faults: SortedMap<Pair, LinkFault>,
    /// Sender and receiver of links whose next message carries a forged clock.
    forged: SortedSet<(ProcessIndex, ProcessIndex)>,
    /// Chances of degraded links are drawn apart, so that a fault leaves every other latency as it was.
    rng: Generator,
    in_flight: SortedMap<MessageId, Message>,
}

/// Links by their ends; `None` stands for everybody.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Pair {
    /// Senders.
    pub from: Option<ProcessIndex>,
    /// Receivers.
    pub to: Option<ProcessIndex>,
}

/// What a degraded link does to each message, in one direction.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LinkFault {
    /// The chance to be lost, in percent: 0 to 100; 100 is a one-way partition.
    pub loss_percent: u32,
    /// The chance to arrive twice, in percent: 0 to 100.
    pub duplicate_percent: u32,
    /// The chance to leave the order of the link and be late by up to four latencies, in percent: 0 to 100.
    pub reorder_percent: u32,
    /// Added to the latency, in µs: at most 60 000 000.
    pub delay_us: u64,
}

/// What becomes of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fate {
    /// When it arrives, in ns.
    pub due_ns: u64,
    /// When a second copy arrives, in ns.
    pub again_ns: Option<u64>,
    /// It does not arrive.
    pub lost: bool,
}

/// An end of a link.
#[derive(Clone, Copy, Debug)]
pub struct End<'a> {
    /// Which process.
    pub process: ProcessIndex,
    /// Its name, for links that a scenario names.
    pub name: &'a str,
    /// Where it stands; unknown adds no latency.
    pub location: Option<Location>,
}

impl Network {
    /// A network with nothing on its way.
    /// `rng` decides over messages on degraded links.
    pub fn new(configuration: NetworkConfiguration, generator: Generator, rng: Generator) -> Self {
        Network {
            configuration: Rc::new(configuration),
            generator,
            last_due_ns: SortedMap::default(),
            cut_off: SortedSet::default(),
            split: Vec::new(),
            faults: SortedMap::default(),
            forged: SortedSet::default(),
            rng,
            in_flight: SortedMap::default(),
        }
    }

    /// What becomes of a message sent now: it arrives after the link's latency, and not before an earlier one of this
    /// link, unless the link is degraded.
    pub fn fate(&mut self, now_ns: u64, from: End<'_>, to: End<'_>) -> Fate {
        let (middle_ns, jitter_ns) = self.latency_ns(from, to);
        let mut latency_ns = middle_ns - jitter_ns + self.generator.between(0, 2 * jitter_ns);
        let fault = self.fault_of(from.process, to.process);
        latency_ns += from_us(fault.delay_us);
        let slack_ns = 4 * (middle_ns + jitter_ns);
        let mut fate = Fate {
            due_ns: now_ns + latency_ns.max(1),
            again_ns: None,
            lost: self.happens(fault.loss_percent),
        };
        if self.happens(fault.reorder_percent) {
            fate.due_ns += self.rng.between(0, slack_ns);
        } else {
            let last = self
                .last_due_ns
                .get_or_insert((from.process, to.process), 0);
            *last = fate.due_ns.max(*last);
            fate.due_ns = *last;
        }
        if !fate.lost && self.happens(fault.duplicate_percent) {
            fate.again_ns = Some(fate.due_ns + self.rng.between(0, slack_ns));
        }
        fate
    }

    fn happens(&mut self, percent: u32) -> bool {
        percent > 0 && self.rng.between(1, 100) <= u64::from(percent)
    }

    /// The fault of the narrowest pair that has one.
    fn fault_of(&self, from: ProcessIndex, to: ProcessIndex) -> LinkFault {
        let (from, to) = (Some(from), Some(to));
        let pairs = [(from, to), (from, None), (None, to), (None, None)];
        let found = pairs
            .into_iter()
            .find_map(|(from, to)| self.faults.get(&Pair { from, to }));
        found.copied().unwrap_or_default()
    }

    /// Degrades links, or restores them; false if that changes nothing.
    pub fn set_fault(&mut self, pair: Pair, fault: Option<LinkFault>) -> bool {
        match fault {
            Some(fault) => self.faults.insert(pair, fault) != Some(fault),
            None => self.faults.remove(&pair).is_some(),
        }
    }

    /// The fault of exactly these links.
    pub fn fault(&self, pair: Pair) -> Option<LinkFault> {
        self.faults.get(&pair).copied()
    }

    /// Every degraded link.
    pub fn faults(&self) -> impl Iterator<Item = (&Pair, &LinkFault)> {
        self.faults.iter()
    }

    /// The next message of a link is to carry a forged clock.
    pub fn forge_next(&mut self, from: ProcessIndex, to: ProcessIndex) {
        self.forged.insert((from, to));
    }

    /// Sender and receiver of every link whose next message is to carry a forged clock.
    pub fn forgeries(&self) -> impl Iterator<Item = &(ProcessIndex, ProcessIndex)> {
        self.forged.iter()
    }

    /// Whether the next message of a link is to carry a forged clock.
    pub fn will_forge(&self, from: ProcessIndex, to: ProcessIndex) -> bool {
        self.forged.contains(&(from, to))
    }

    /// The same, asked by that message: the one after it is true again.
    pub fn take_forgery(&mut self, from: ProcessIndex, to: ProcessIndex) -> bool {
        self.forged.remove(&(from, to))
    }

    /// Splits a group from all others, both ways; nobody in it unites them.
    pub fn set_split(&mut self, group: &[ProcessIndex]) {
        self.split = group.to_vec();
    }

    /// Who is split from the others.
    pub fn split(&self) -> &[ProcessIndex] {
        &self.split
    }

    /// How long to wait for an acknowledgement before sending again: some round trips and a little more.
    pub fn patience_ns(&self, from: End<'_>, to: End<'_>) -> u64 {
        let (middle_ns, jitter_ns) = self.latency_ns(from, to);
        4 * (middle_ns + jitter_ns) + 20 * MILLISECOND_NS
    }

    fn latency_ns(&self, from: End<'_>, to: End<'_>) -> (u64, u64) {
        let configuration = &self.configuration;
        let named = configuration
            .links
            .iter()
            .find(|link| *link.from == *from.name && *link.to == *to.name);
        if let Some(link) = named {
            return (from_us(link.latency_us), from_us(link.jitter_us));
        }
        let origin = Location::default();
        let distance_m = match (from.location, to.location) {
            (None, None) => 0,
            (a, b) => a.unwrap_or(origin).distance_m(b.unwrap_or(origin)),
        };
        let distance_ns = distance_m * configuration.latency_ns_per_km / 1_000;
        (
            from_us(configuration.latency_us) + distance_ns,
            from_us(configuration.jitter_us),
        )
    }

    /// Cuts a process off from everybody, or heals the cut; false if that changes nothing.
    pub fn set_cut_off(&mut self, process: ProcessIndex, cut: bool) -> bool {
        if cut {
            self.cut_off.insert(process)
        } else {
            self.cut_off.remove(&process)
        }
    }

    /// Whether messages between two processes are lost now.
    pub fn is_cut(&self, from: ProcessIndex, to: ProcessIndex) -> bool {
        let split = self.split.contains(&from) != self.split.contains(&to);
        from != to && (split || self.cut_off.contains(&from) || self.cut_off.contains(&to))
    }

    /// Whether a process is cut off from everybody.
    pub fn is_cut_off(&self, process: ProcessIndex) -> bool {
        self.cut_off.contains(&process)
    }

    /// Puts a message on its way.
    pub fn insert(&mut self, message: Message) {
        self.in_flight.insert(message.id, message);
    }

    /// Takes a message that arrives; a second copy of it may stay on its way.
    pub fn take(&mut self, id: MessageId) -> Option<Message> {
        if let Some(message) = self.in_flight.get_mut(&id)
            && let Some(again_ns) = message.again_ns.take()
        {
            let first = message.clone();
            message.due_ns = again_ns;
            return Some(first);
        }
        self.in_flight.remove(&id)
    }

    /// A message on its way.
    pub fn get(&self, id: MessageId) -> Option<&Message> {
        self.in_flight.get(&id)
    }

    /// Every message on its way, in the order sent.
    pub fn in_flight(&self) -> impl Iterator<Item = &Message> {
        self.in_flight.values()
    }
}
