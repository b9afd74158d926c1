//! A write-ahead log: what a process must remember through a crash is changed by nothing but entries, each of which is
//! written before it takes effect (Mohan et al., ARIES, 1992). After a crash the state is what the entries make of it,
//! replayed in order by the same pure function. A snapshot takes the place of entries that have grown many.

use std::fmt;
use std::ops::Deref;
use std::rc::Rc;

/// So many entries are folded into the snapshot: the log stays small, however long a run is.
const ENTRIES_MAX: usize = 256;

/// State that a log can rebuild.
pub trait Logged: Clone + Default {
    /// One change.
    type Entry: Clone;

    /// Makes a change. Depends on nothing but the state and the entry, so that a replay does the same again.
    fn apply(&mut self, entry: Self::Entry);
}

/// Entries on stable storage, after the snapshot that the older ones led to.
#[derive(Clone)]
struct Log<S: Logged> {
    snapshot: Rc<S>,
    entries: Vec<S::Entry>,
}

impl<S: Logged> Log<S> {
    fn append(&mut self, entry: S::Entry) {
        self.entries.push(entry);
        if self.entries.len() >= ENTRIES_MAX {
            // From the entries, not from the state in memory: what was not written must not creep in.
            self.snapshot = Rc::new(self.replay());
            self.entries.clear();
        }
    }

    fn replay(&self) -> S {
        let mut state = S::clone(&self.snapshot);
        for entry in &self.entries {
            state.apply(entry.clone());
        }
        state
    }
}

/// State in memory and its log. It is read like the state itself and changed only by [`Durable::write`].
#[derive(Clone)]
pub struct Durable<S: Logged> {
    state: S,
    log: Option<Log<S>>,
}

impl<S: Logged> Durable<S> {
    /// Empty state whose log survives a crash.
    pub fn logged() -> Self {
        let (snapshot, entries) = (Rc::default(), Vec::new());
        Durable {
            state: S::default(),
            log: Some(Log { snapshot, entries }),
        }
    }

    /// Empty state without a log: a crash leaves nothing of it.
    pub fn volatile() -> Self {
        Durable {
            state: S::default(),
            log: None,
        }
    }

    /// Writes an entry, and then lets it take effect.
    pub fn write(&mut self, entry: S::Entry) {
        if let Some(log) = &mut self.log {
            log.append(entry.clone());
        }
        self.state.apply(entry);
    }

    /// Memory is lost: what remains is what the log says. Nobody changes it before the restart, so it makes no
    /// difference that the replay happens now, and views can show what a crashed process has on its disk.
    pub fn crash(&mut self) {
        self.state = self.replayed();
    }

    /// What a crash at this moment would leave.
    pub fn replayed(&self) -> S {
        self.log.as_ref().map(Log::replay).unwrap_or_default()
    }

    /// How many entries there are since the snapshot.
    pub fn entries(&self) -> usize {
        self.log.as_ref().map_or(0, |log| log.entries.len())
    }
}

impl<S: Logged> Deref for Durable<S> {
    type Target = S;

    fn deref(&self) -> &S {
        &self.state
    }
}

/// The state stands for its log, which says nothing else: the model checker counts each state once.
impl<S: Logged + fmt::Debug> fmt::Debug for Durable<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.state.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Clone, Debug, Default, PartialEq)]
    struct Sum(u64);

    impl Logged for Sum {
        type Entry = u64;

        fn apply(&mut self, entry: u64) {
            self.0 = (self.0 * 3 + entry) % 1_000_003;
        }
    }

    #[test]
    fn a_crash_leaves_what_was_written_and_the_log_stays_small() {
        let (mut kept, mut lost) = (Durable::<Sum>::logged(), Durable::<Sum>::volatile());
        for written in 1..=1_000 {
            let entry = written as u64 % 7;
            kept.write(entry / 5);
            lost.write(entry);
            assert_eq!(*kept, kept.replayed());
            assert_eq!(kept.entries(), written % ENTRIES_MAX);
            kept.crash();
        }
        let before = kept.clone();
        kept.crash();
        assert_eq!(*kept, *before);
        lost.crash();
        assert_eq!(*lost, Sum(0));
    }
}
