//! What is yet to happen, in the order of time; ties go to what was scheduled first.

use std::cmp::Ordering;
use std::collections::BinaryHeap;

#[derive(Clone, Debug)]
struct Scheduled<T> {
    t_ns: u64,
    sequence: u64,
    item: T,
}

impl<T> PartialEq for Scheduled<T> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl<T> Eq for Scheduled<T> {}

impl<T> PartialOrd for Scheduled<T> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<T> Ord for Scheduled<T> {
    fn cmp(&self, other: &Self) -> Ordering {
        // Reversed: the standard heap gives the greatest first, we want the earliest.
        (other.t_ns, other.sequence).cmp(&(self.t_ns, self.sequence))
    }
}

/// A future event list.
#[derive(Clone, Debug)]
pub struct EventQueue<T> {
    heap: BinaryHeap<Scheduled<T>>,
    scheduled: u64,
}

impl<T> Default for EventQueue<T> {
    fn default() -> Self {
        EventQueue {
            heap: BinaryHeap::new(),
            scheduled: 0,
        }
    }
}

impl<T> EventQueue<T> {
    /// Adds an item that is due at `t_ns`.
    pub fn schedule(&mut self, t_ns: u64, item: T) {
        self.heap.push(Scheduled {
            t_ns,
            sequence: self.scheduled,
            item,
        });
        self.scheduled += 1;
    }

    /// When the next item is due.
    pub fn next_ns(&self) -> Option<u64> {
        self.heap.peek().map(|entry| entry.t_ns)
    }

    /// Takes the next item.
    pub fn pop(&mut self) -> Option<(u64, T)> {
        self.heap.pop().map(|entry| (entry.t_ns, entry.item))
    }

    /// Every item with its time, in no particular order.
    pub fn iter(&self) -> impl Iterator<Item = (u64, &T)> {
        self.heap.iter().map(|entry| (entry.t_ns, &entry.item))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_come_by_time_and_ties_in_the_order_scheduled() {
        let mut queue = EventQueue::default();
        for (t_ns, item) in [(5, 'c'), (1, 'a'), (5, 'd'), (3, 'b'), (5, 'e')] {
            queue.schedule(t_ns, item);
        }
        let order: String = std::iter::from_fn(|| queue.pop())
            .map(|(_, item)| item)
            .collect();
        assert_eq!(order, "abcde");
    }
}
