//! No accepted job is lost, none has its effect twice, and attempts are new.

use std::collections::{BTreeMap, BTreeSet};

use super::{Verdict, rule};
use crate::id::{JobId, ProcessIndex};
use crate::record::{Attempt, Record};
use crate::trace::Event;
use crate::world::World;

#[derive(Debug, Default)]
struct Fate {
    /// The coordinator that accepted it.
    owner: Option<ProcessIndex>,
    refused: bool,
    done: bool,
    /// The newest attempt that its coordinator issued.
    issued: u32,
}

#[derive(Debug, Default)]
pub(super) struct JobRules {
    jobs: BTreeMap<JobId, Fate>,
    accepted: u32,
    done: u32,
    /// Where each attempt was received first.
    queued: BTreeMap<Attempt, ProcessIndex>,
    /// Attempts that ran to their end.
    completed: BTreeSet<Attempt>,
}

impl JobRules {
    pub(super) fn see(&mut self, event: &Event) -> Verdict {
        let Some(process) = event.process() else {
            return Ok(());
        };
        match &event.record {
            Record::JobSubmitted { job, .. } => {
                let new = self.jobs.insert(*job, Fate::default()).is_none();
                rule(new, "a job number is not new", || job.to_string())
            }
            Record::JobAccepted { job, .. } => {
                let fate = self.fate(*job)?;
                rule(
                    fate.owner.is_none() && !fate.refused,
                    "a job is accepted twice",
                    || job.to_string(),
                )?;
                fate.owner = Some(process);
                self.accepted += 1;
                Ok(())
            }
            Record::JobRefused { job, .. } => {
                let fate = self.fate(*job)?;
                rule(fate.owner.is_none(), "an accepted job is refused", || {
                    job.to_string()
                })?;
                fate.refused = true;
                Ok(())
            }
            Record::JobRouted(attempt) | Record::JobOrphaned(attempt, _) => {
                let fate = self.fate(attempt.job)?;
                rule(
                    fate.owner == Some(process),
                    "only the owner issues attempts",
                    || format!("{attempt:?} by {process:?}, owner {:?}", fate.owner),
                )?;
                rule(
                    attempt.number > fate.issued,
                    "an attempt is not new",
                    || format!("{attempt:?} after {}", fate.issued),
                )?;
                fate.issued = attempt.number;
                Ok(())
            }
            Record::JobReassigned(attempt, _) => {
                let issued = self.fate(attempt.job)?.issued;
                rule(
                    attempt.number <= issued,
                    "an attempt was never issued",
                    || format!("{attempt:?} after {issued}"),
                )
            }
            Record::JobQueued(attempt, _) => {
                let first = *self.queued.entry(*attempt).or_insert(process);
                rule(
                    first == process,
                    "an attempt is held by two executors",
                    || format!("{attempt:?} by {first:?} and {process:?}"),
                )
            }
            Record::JobCompleted(attempt) => {
                self.completed.insert(*attempt);
                Ok(())
            }
            Record::CompletionAccepted(attempt) => self.accept(*attempt),
            Record::CompletionRefused(attempt, _) => {
                let fate = self.fate(attempt.job)?;
                rule(
                    fate.done || attempt.number != fate.issued,
                    "the newest attempt is refused",
                    || format!("{attempt:?}"),
                )
            }
            _ => Ok(()),
        }
    }

    fn accept(&mut self, attempt: Attempt) -> Verdict {
        rule(
            self.completed.contains(&attempt),
            "a completion of what never ran",
            || format!("{attempt:?}"),
        )?;
        let fate = self.fate(attempt.job)?;
        rule(!fate.done, "a job has its effect twice", || {
            format!("{attempt:?}")
        })?;
        let issued = fate.issued;
        rule(
            attempt.number == issued,
            "a stale attempt is accepted",
            || format!("{attempt:?}, newest {issued}"),
        )?;
        fate.done = true;
        self.done += 1;
        Ok(())
    }

    fn fate(&mut self, job: JobId) -> Result<&mut Fate, (&'static str, String)> {
        self.jobs
            .get_mut(&job)
            .ok_or_else(|| ("a job that nobody submitted", job.to_string()))
    }

    /// Every accepted job that is not done stands in one ledger; a crashed coordinator's is what its log says.
    pub(super) fn compare(&self, world: &World) -> Verdict {
        let held: usize = world
            .coordinators()
            .map(|coordinator| coordinator.ledger.jobs.len())
            .sum();
        let open = self.accepted - self.done;
        rule(held as u32 == open, "an accepted job is lost", || {
            format!("{open} are accepted and not done, {held} stand in ledgers")
        })
    }

    pub(super) fn all_done(&self) -> Verdict {
        let left: Vec<String> = self
            .jobs
            .iter()
            .filter(|(_, fate)| !fate.done && !fate.refused)
            .map(|(id, _)| id.to_string())
            .collect();
        rule(left.is_empty(), "work is left undone", || {
            format!("{} of {} jobs: {left:?}", left.len(), self.jobs.len())
        })
    }

    pub(super) fn submitted(&self) -> u32 {
        self.jobs.len() as u32
    }
}
