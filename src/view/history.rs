//! The events of one job: searched for once, then extended as the run continues.

use triage_engine::id::JobId;
use triage_engine::trace::Recorder;
use triage_playback::Player;

/// Indices in the trace of all events about a job, also after the cursor.
#[derive(Clone, Debug)]
pub struct JobHistory {
    job: JobId,
    epoch: u32,
    seen: u32,
    places: Vec<u32>,
}

impl JobHistory {
    /// An empty history; `follow` fills it.
    pub fn of(job: JobId) -> JobHistory {
        JobHistory {
            job,
            epoch: 0,
            seen: 0,
            places: Vec::new(),
        }
    }

    pub fn job(&self) -> JobId {
        self.job
    }

    /// Takes in the newly recorded events; starts again if the past has changed (a new epoch).
    pub fn follow(&mut self, player: &Player) {
        if self.epoch != player.epoch() {
            *self = JobHistory {
                epoch: player.epoch(),
                ..JobHistory::of(self.job)
            };
        }
        for (seq, event) in player.trace().iter_from(self.seen) {
            if event.record.job() == Some(self.job) {
                self.places.push(seq);
            }
        }
        self.seen = player.trace().count();
    }

    /// Its events before the cursor, oldest first.
    pub fn before(&self, count: u32) -> &[u32] {
        let end = self.places.partition_point(|seq| *seq < count);
        &self.places[..end]
    }
}
