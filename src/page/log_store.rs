//! The recent part of the log, kept line by line so that a frame only asks for what is new.

use super::screen::Key;
use crate::playback::Player;
use crate::view::log::{self, LogLine, Weight};

/// A line on the screen. The epoch changes when time was rewritten, so that a line of another branch
/// with the same number is another line.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// How often time had been rewritten.
    pub epoch: u32,
    /// What it says.
    pub line: LogLine,
}

impl Row {
    /// What tells it from every other line.
    pub fn key(&self) -> Key {
        (self.epoch, self.line.seq)
    }
}

/// Lines kept, and how many of them are put on the screen.
const KEPT_MAX: u32 = 3000;
const SHOWN_MAX: usize = 250;

/// The recent part of the log.
#[derive(Default)]
pub struct LogStore {
    rows: Vec<Row>,
    next: u32,
    epoch: u32,
}

impl LogStore {
    /// Forgets everything, for another run.
    pub fn clear(&mut self) {
        self.rows.clear();
        self.next = 0;
        self.epoch += 1;
    }

    /// Follows the cursor. Returns how many lines are new at the end, or `None` when nothing changed.
    pub fn follow(&mut self, player: &Player) -> Option<usize> {
        let count = log::count(player);
        if count == self.next {
            return None;
        }
        if count < self.next {
            self.epoch += 1;
            self.rows.retain(|row| row.line.seq < count);
            if self.rows.len() < SHOWN_MAX {
                self.rows.clear();
                self.append(player, count.saturating_sub(KEPT_MAX));
            }
            self.next = count;
            return Some(0);
        }
        let from = self.next.max(count.saturating_sub(KEPT_MAX));
        if from > self.next {
            self.rows.clear();
        }
        let added = self.append(player, from);
        let excess = self.rows.len().saturating_sub(KEPT_MAX as usize);
        if excess > 0 {
            self.rows.drain(..excess);
        }
        self.next = count;
        Some(added)
    }

    fn append(&mut self, player: &Player, from: u32) -> usize {
        let lines = log::lines(player, from);
        let added = lines.len();
        let epoch = self.epoch;
        self.rows
            .extend(lines.into_iter().map(|line| Row { epoch, line }));
        added
    }

    /// The last lines that weigh enough, oldest first.
    pub fn shown(&self, weight: Weight) -> Vec<Row> {
        let heavy = self
            .rows
            .iter()
            .rev()
            .filter(|row| row.line.weight >= weight);
        let mut shown: Vec<Row> = heavy.take(SHOWN_MAX).cloned().collect();
        shown.reverse();
        shown
    }

    /// The loud ones among the last `count` lines, in words.
    pub fn loud(&self, count: usize) -> Vec<String> {
        let from = self.rows.len().saturating_sub(count);
        let loud = self.rows[from..]
            .iter()
            .filter(|row| row.line.weight == Weight::Loud);
        loud.map(|row| format!("{} {}", row.line.process_name, row.line.text))
            .collect()
    }
}
