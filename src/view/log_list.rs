//! The events that the log shows: filtered and searched in slices as the run continues. Only indices in the trace are
//! stored, so that a million events cost four bytes each; lines are built when they become visible.

use crate::log::{self, Importance, LogLine};
use triage_analysis::query::Query;
use triage_engine::trace::{Event, Trace};
use triage_language::{grouped, say, tr};
use triage_playback::Player;

/// Whose events are shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ProcessFilter {
    #[default]
    All,
    /// Events outside every process: faults, lost messages.
    Environment,
    /// Events of the process with this index.
    Process(u16),
}

#[derive(Clone, Debug, PartialEq)]
pub struct LogFilter {
    /// The minimum importance.
    pub importance: Importance,
    pub process: ProcessFilter,
    /// A kind of record, such as `job_started`; empty for all.
    pub kind: String,
    /// A search query; empty for all events.
    pub query: String,
}

impl Default for LogFilter {
    fn default() -> Self {
        LogFilter {
            importance: Importance::Normal,
            process: ProcessFilter::All,
            kind: String::new(),
            query: String::new(),
        }
    }
}

/// The events that match a filter, up to the furthest position the cursor has reached.
#[derive(Debug, Default)]
pub struct LogList {
    filter: LogFilter,
    query: Option<Query>,
    /// The error in the query; empty if it is valid.
    problem: String,
    epoch: u32,
    /// Number of events before the furthest position the cursor has reached.
    horizon: u32,
    /// Number of events searched so far.
    scanned: u32,
    found: Vec<u32>,
    /// The query's remark about its own result; may be empty.
    note: String,
}

impl LogList {
    /// Changes the filter.
    pub fn set_filter(&mut self, filter: LogFilter) {
        if filter == self.filter {
            return;
        }
        self.filter = filter;
        let query = self.filter.query.trim();
        let read = (!query.is_empty()).then(|| Query::parse(query));
        (self.query, self.problem) = match read {
            None => (None, String::new()),
            Some(Ok(query)) => (Some(query), String::new()),
            Some(Err(error)) => (None, error.to_string()),
        };
        self.rescan();
    }

    /// Resets the list for another run.
    pub fn clear(&mut self) {
        self.horizon = 0;
        self.rescan();
    }

    fn rescan(&mut self) {
        self.scanned = 0;
        self.found.clear();
        self.note.clear();
    }

    /// Searches at most `events_max` more events; returns whether the search is complete. Queries about relations
    /// between events need the whole recording, so they are only evaluated if `thorough`.
    pub fn follow(&mut self, player: &Player, events_max: u32, thorough: bool) -> bool {
        if self.epoch != player.epoch() {
            self.epoch = player.epoch();
            self.clear();
        }
        self.horizon = self.horizon.max(player.count());
        let to = self.horizon.min(self.scanned.saturating_add(events_max));
        let pattern = self.query.as_ref().filter(|query| query.is_pattern());
        if let Some(query) = pattern {
            if thorough && self.scanned < self.horizon {
                let text = |seq| text(player.trace(), seq);
                let hits = query.hits(player.trace(), player.lanes(), &text);
                self.note = hits.note.unwrap_or_default();
                self.found = hits.seqs;
                let (filter, trace) = (&self.filter, player.trace());
                self.found.retain(|seq| {
                    let event = trace.get(*seq);
                    event.is_some_and(|event| passes(filter, event))
                });
                // Don't reveal what happens after the furthest position the cursor has reached.
                let end = self.found.partition_point(|seq| *seq < self.horizon);
                self.found.truncate(end);
                self.scanned = self.horizon;
            }
            return !thorough || self.scanned == self.horizon;
        }
        let left = (to - self.scanned) as usize;
        for (seq, event) in player.trace().iter_from(self.scanned).take(left) {
            let is_hit = |query: &Query| {
                let text = |seq| text(player.trace(), seq);
                query.matches(player.trace(), seq, event, &text)
            };
            if passes(&self.filter, event) && self.query.as_ref().is_none_or(is_hit) {
                self.found.push(seq);
            }
        }
        self.scanned = to;
        self.scanned == self.horizon
    }

    /// Number of matching events.
    pub fn count(&self) -> usize {
        self.found.len()
    }

    /// Number of matching events before the cursor.
    pub fn before(&self, count: u32) -> usize {
        self.found.partition_point(|seq| *seq < count)
    }

    /// At most `count` lines, starting at position `from`.
    pub fn lines(&self, player: &Player, from: usize, count: usize) -> Vec<LogLine> {
        let places = self.found.iter().skip(from).take(count);
        places
            .filter_map(|seq| {
                let event = player.trace().get(*seq)?;
                Some(log::line(player.trace(), *seq, event))
            })
            .collect()
    }

    /// What is shown and how much is hidden, in a sentence.
    pub fn summary(&self, player: &Player) -> String {
        if !self.problem.is_empty() {
            return tr!("The search has an error {}.", self.problem);
        }
        let (shown, all) = (self.found.len() as u64, u64::from(self.scanned));
        let hidden = all - shown.min(all);
        let (all, shown) = (grouped(all), grouped(shown));
        let mut sentence = match hidden {
            0 => tr!("All {} events so far", all),
            _ => tr!("{shown} of {all} events so far", shown, all),
        };
        match self.filter.importance {
            Importance::Background => {}
            Importance::Normal => {
                sentence.push_str(say(", without heartbeats and acknowledgements"))
            }
            Importance::Notable => sentence.push_str(say(", only important ones")),
        }
        match self.filter.process {
            ProcessFilter::All => {}
            ProcessFilter::Environment => sentence.push_str(say(", outside every process")),
            ProcessFilter::Process(index) => {
                let mut names = player.trace().names();
                let name = names.nth(index.into()).map_or("", |name| &**name);
                sentence.push_str(&tr!(", of {name}", name));
            }
        }
        if !self.filter.kind.is_empty() {
            sentence.push_str(&tr!(", of kind {}", self.filter.kind));
        }
        if let Some(query) = &self.query {
            let query = query.sentence();
            sentence.push_str(&tr!(", matching: {query}", query));
        }
        if hidden > 0 {
            sentence.push_str(&tr!("; {} hidden", grouped(hidden)));
        }
        if self.scanned < self.horizon {
            let left = u64::from(self.horizon - self.scanned);
            sentence.push_str(&tr!("; {} not searched yet", grouped(left)));
        }
        if !self.note.is_empty() {
            sentence.push_str("; ");
            sentence.push_str(&self.note);
        }
        sentence.push('.');
        sentence
    }
}

/// Whether an event matches everything but the query.
fn passes(filter: &LogFilter, event: &Event) -> bool {
    let who = match (filter.process, event.process()) {
        (ProcessFilter::All, _) => true,
        (ProcessFilter::Environment, process) => process.is_none(),
        (ProcessFilter::Process(index), process) => {
            process.is_some_and(|process| process.0 == index)
        }
    };
    who && log::importance(&event.record) >= filter.importance
        && (filter.kind.is_empty() || event.record.kind() == filter.kind)
}

fn text(trace: &Trace, seq: u32) -> String {
    trace
        .get(seq)
        .map_or_else(String::new, |event| log::sentence(trace, event))
}

#[cfg(test)]
mod tests {
    use super::*;
    use triage_engine::trace::Recorder;

    fn player(name: &str, t_ms: u64) -> Player {
        let mut library = triage_scenario::library().into_iter();
        let entry = library.find(|entry| entry.name == name).unwrap();
        let mut player = Player::new(triage_scenario::parse(entry.json).unwrap());
        player.record_ahead(u32::MAX);
        player.seek_us(t_ms * 1_000);
        player
    }

    fn list(player: &Player, filter: LogFilter) -> LogList {
        let mut list = LogList::default();
        list.set_filter(filter);
        assert!(list.follow(player, u32::MAX, true));
        list
    }

    #[test]
    fn the_future_is_not_revealed() {
        let mut player = player("failure-recovery", 9_000);
        let everything = LogFilter {
            importance: Importance::Background,
            ..LogFilter::default()
        };
        let mut list = list(&player, everything);
        assert_eq!(list.count() as u32, player.count());
        assert!(player.count() < player.trace().count());
        let seen = list.count();
        player.seek_us(2_000_000);
        list.follow(&player, u32::MAX, true);
        assert_eq!(list.count(), seen, "what was seen stays");
        assert_eq!(list.before(player.count()) as u32, player.count());
    }

    #[test]
    fn filters_narrow_and_the_sentence_says_by_how_much() {
        let player = player("failure-recovery", 9_400);
        let plain = list(&player, LogFilter::default());
        assert_eq!(
            plain.summary(&player),
            format!(
                "{} of {} events so far, without heartbeats and acknowledgements; {} hidden.",
                plain.count(),
                player.count(),
                player.count() as usize - plain.count()
            )
        );
        let (recovery, _) = player.world().find("recovery").unwrap();
        let narrow = list(
            &player,
            LogFilter {
                process: ProcessFilter::Process(recovery.0),
                kind: "job_reassigned".to_owned(),
                ..LogFilter::default()
            },
        );
        let lines = narrow.lines(&player, 0, 100);
        assert_eq!(lines.len(), narrow.count());
        assert_eq!(lines.len(), 3, "fire-station lost three jobs");
        assert!(
            lines
                .iter()
                .all(|line| line.process == Some(recovery.0) && line.kind == "job_reassigned")
        );
        let outside = list(
            &player,
            LogFilter {
                process: ProcessFilter::Environment,
                ..LogFilter::default()
            },
        );
        assert!(
            outside
                .lines(&player, 0, 9)
                .iter()
                .all(|line| line.process.is_none())
        );
    }

    #[test]
    fn a_search_finds_by_field_by_words_and_by_order() {
        let player = player("failure-recovery", 20_000);
        let hits = |query: &str| {
            let filter = LogFilter {
                importance: Importance::Background,
                query: query.to_owned(),
                ..LogFilter::default()
            };
            let list = list(&player, filter);
            let lines = list.lines(&player, 0, usize::MAX);
            (lines, list.summary(&player))
        };
        let (started, words) = hits("kind:job_started");
        assert!(!started.is_empty());
        assert!(started.iter().all(|line| line.kind == "job_started"));
        assert!(words.contains("matching: "), "{words}");
        let (kitchen, _) = hits("kitchen");
        assert!(kitchen.iter().all(|line| line.text.contains("kitchen")));
        assert!(!kitchen.is_empty());
        let (after, _) = hits("kind:executor_failed -> kind:job_started");
        assert!(!after.is_empty() && after.len() < started.len());
        let (none, words) = hits("kind:no_such_kind");
        assert!(words.starts_with("The search has an error"), "{words}");
        assert_eq!(
            none.len() as u32,
            player.count(),
            "a broken search hides nothing"
        );
    }

    #[test]
    fn it_looks_in_slices_and_finds_the_same() {
        let player = player("mixed-workload", 30_000);
        let whole = list(&player, LogFilter::default());
        let mut sliced = LogList::default();
        let mut slices = 1;
        while !sliced.follow(&player, 100, false) {
            slices += 1;
        }
        assert_eq!(slices, player.count().div_ceil(100));
        assert_eq!(sliced.found, whole.found);
        assert_eq!(sliced.summary(&player), whole.summary(&player));
    }
}
