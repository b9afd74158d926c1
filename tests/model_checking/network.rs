//! Links in order, at most one loss, and messages that are repeated until they are acknowledged.

use crate::roles;
use triage::engine::process::Delivery;

/// A message on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Envelope {
    /// By digest.
    pub body: u64,
    /// Its sender repeats it if it is lost.
    repeated: bool,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Network {
    /// Not empty, by sender and receiver.
    links: Vec<((usize, usize), Vec<Envelope>)>,
    /// Lost, and to be sent again.
    lost: Vec<((usize, usize), Envelope)>,
}

impl Network {
    pub fn links(&self) -> impl Iterator<Item = (usize, usize)> {
        self.links.iter().map(|(link, _)| *link)
    }

    pub fn heads(&self) -> impl Iterator<Item = ((usize, usize), Envelope)> {
        self.links
            .iter()
            .map(|(link, messages)| (*link, messages[0]))
    }

    /// How many messages may come again.
    pub fn repeating(&self) -> usize {
        self.lost.len()
    }

    pub fn between(&self, from: usize, to: usize) -> bool {
        self.links().any(|link| link == (from, to))
            || self.lost.iter().any(|(link, _)| *link == (from, to))
    }

    pub fn send(&mut self, from: usize, to: usize, body: u64, delivery: Delivery) {
        if delivery == Delivery::Superseding {
            let what = roles::what(body);
            self.give_up(from, to, |other| roles::what(other) == what);
        }
        let repeated = delivery != Delivery::Once;
        self.put((from, to), Envelope { body, repeated });
    }

    fn put(&mut self, link: (usize, usize), message: Envelope) {
        match self.links.binary_search_by_key(&link, |(link, _)| *link) {
            Ok(place) => self.links[place].1.push(message),
            Err(place) => self.links.insert(place, (link, vec![message])),
        }
    }

    pub fn take(&mut self, from: usize, to: usize) -> Option<Envelope> {
        let place = self.links().position(|link| link == (from, to))?;
        let message = self.links[place].1.remove(0);
        if self.links[place].1.is_empty() {
            self.links.remove(place);
        }
        Some(message)
    }

    pub fn lose(&mut self, from: usize, to: usize) {
        if let Some(message) = self.take(from, to)
            && message.repeated
        {
            self.lost.push(((from, to), message));
            self.lost.sort_unstable();
        }
    }

    pub fn repeat(&mut self, index: usize) {
        let (link, message) = self.lost.remove(index);
        self.put(link, message);
    }

    pub fn give_up(&mut self, from: usize, to: usize, which: impl Fn(u64) -> bool) {
        self.lost
            .retain(|(link, message)| *link != (from, to) || !which(message.body));
        for (link, messages) in &mut self.links {
            if *link == (from, to) {
                for message in messages.iter_mut().filter(|message| which(message.body)) {
                    message.repeated = false;
                }
            }
        }
    }

    /// A crashed executor repeats nothing that it sent.
    pub fn crash(&mut self, process: usize) {
        let gone = |(from, to): (usize, usize)| from == process || to == process;
        self.lost.retain(|(link, _)| !gone(*link));
        self.links.retain(|((_, to), _)| *to != process);
        for ((from, _), messages) in &mut self.links {
            if *from == process {
                messages
                    .iter_mut()
                    .for_each(|message| message.repeated = false);
            }
        }
    }

    pub fn is_lost(&self, from: usize, to: usize) -> bool {
        self.lost.iter().any(|(link, _)| *link == (from, to))
    }

    pub fn will_not_repeat(&mut self) {
        let messages = self.links.iter_mut().flat_map(|(_, messages)| messages);
        messages.for_each(|message| message.repeated = false);
    }

    pub fn is_worth_losing(&self, from: usize, to: usize) -> bool {
        let link = self.links.iter().find(|(link, _)| *link == (from, to));
        link.is_some_and(|(_, messages)| messages.len() > 1 || !messages[0].repeated)
    }
}
