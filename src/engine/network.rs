//! Links between processes: latency, order, cuts, and the messages on their way.

use crate::engine::sorted::{SortedMap, SortedSet};
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
    in_flight: SortedMap<MessageId, Message>,
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
    pub fn new(configuration: NetworkConfiguration, generator: Generator) -> Self {
        Network {
            configuration: Rc::new(configuration),
            generator,
            last_due_ns: SortedMap::default(),
            cut_off: SortedSet::default(),
            in_flight: SortedMap::default(),
        }
    }

    /// When a message sent now arrives: after the link's latency, and not before an earlier one of this link.
    pub fn due_ns(&mut self, now_ns: u64, from: End<'_>, to: End<'_>) -> u64 {
        let (middle_ns, jitter_ns) = self.latency_ns(from, to);
        let latency_ns = middle_ns - jitter_ns + self.generator.between(0, 2 * jitter_ns);
        let last = self
            .last_due_ns
            .get_or_insert((from.process, to.process), 0);
        *last = (now_ns + latency_ns.max(1)).max(*last);
        *last
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
        from != to && (self.cut_off.contains(&from) || self.cut_off.contains(&to))
    }

    /// Whether a process is cut off from everybody.
    pub fn is_cut_off(&self, process: ProcessIndex) -> bool {
        self.cut_off.contains(&process)
    }

    /// Puts a message on its way.
    pub fn insert(&mut self, message: Message) {
        self.in_flight.insert(message.id, message);
    }

    /// Takes a message that arrives.
    pub fn take(&mut self, id: MessageId) -> Option<Message> {
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
