//! The events of one job: found once, then followed as the run goes on.

use triage_engine::id::JobId;
use triage_engine::trace::Recorder;
use triage_playback::Player;

/// The places in the trace of everything that concerns a job, beyond the cursor too.
#[derive(Clone, Debug)]
pub struct JobHistory {
    job: JobId,
    epoch: u32,
    seen: u32,
    places: Vec<u32>,
}

impl JobHistory {
    /// A job whose events have not been looked for yet.
    pub fn of(job: JobId) -> JobHistory {
        JobHistory {
            job,
            epoch: 0,
            seen: 0,
            places: Vec::new(),
        }
    }

    /// Which job.
    pub fn job(&self) -> JobId {
        self.job
    }

    /// Takes in what was recorded since the last time; everything, when the past was rewritten.
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
