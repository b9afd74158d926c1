//! Saved worlds to go back to: at most a fixed number, further apart the longer the run is.

use triage_engine::world::World;

/// New events between two checkpoints at first; doubled whenever there are too many checkpoints.
const SPACING_EVENTS: u32 = 4_000;
/// More checkpoints than this are thinned out.
const COUNT_MAX: usize = 64;

/// The world at one moment.
#[derive(Clone, Debug)]
pub(super) struct Checkpoint {
    pub world: World,
    /// Events before it.
    pub count: u32,
    /// Commands by hand before it.
    pub given: usize,
}

/// Checkpoints in the order of time; the first is the beginning and stays.
#[derive(Debug)]
pub(super) struct Checkpoints {
    saved: Vec<Checkpoint>,
    spacing_events: u32,
}

impl Checkpoints {
    pub fn new(beginning: Checkpoint) -> Checkpoints {
        Checkpoints {
            saved: vec![beginning],
            spacing_events: SPACING_EVENTS,
        }
    }

    /// Whether enough new has happened since the last one.
    pub fn is_due(&self, count: u32) -> bool {
        let last = self.saved.last().map_or(0, |checkpoint| checkpoint.count);
        count >= last.saturating_add(self.spacing_events)
    }

    /// Saves one more, and thins out if there are too many.
    pub fn save(&mut self, checkpoint: Checkpoint) {
        self.saved.push(checkpoint);
        if self.saved.len() > COUNT_MAX {
            let mut place = 0;
            self.saved.retain(|_| {
                place += 1;
                place % 2 == 1
            });
            self.spacing_events *= 2;
        }
    }

    /// The last one that fits; what fits must come before what does not.
    pub fn last_before(&self, fits: impl Fn(&Checkpoint) -> bool) -> Option<&Checkpoint> {
        let found = self.saved.partition_point(fits).checked_sub(1)?;
        self.saved.get(found)
    }

    /// Forgets those after the world of a moment.
    pub fn truncate(&mut self, world: &World, count: u32) {
        let steps = world.steps();
        self.saved
            .retain(|saved| saved.count <= count && saved.world.steps() <= steps);
        debug_assert!(
            !self.saved.is_empty(),
            "the cursor is never before the beginning"
        );
    }
}
