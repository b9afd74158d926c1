//! What a coordinator must not forget: the jobs it owns, their newest attempts and where they are, and what it was
//! told of executors. All of it is in its log; loads are counted from it again.

use std::rc::Rc;

use super::log::Logged;
use crate::command::ExecutorSpec;
use crate::emergency::EmergencyState;
use crate::id::{JobId, ProcessIndex};
use crate::job::Job;
use crate::message::{ExecutorUpdate, MembershipEpoch};
use crate::sorted::SortedMap;

/// What a coordinator thinks of an executor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ExecutorAvailability {
    /// Takes new jobs.
    Available,
    /// Silent: takes new jobs only if nobody else can.
    Suspected,
    /// Finishes what it has.
    Draining,
    /// Taken for dead.
    Failed,
    /// Gone for good.
    Removed,
}

/// An executor as a coordinator knows it.
#[derive(Clone, Debug, PartialEq)]
pub struct Known {
    /// What it is.
    pub spec: Rc<ExecutorSpec>,
    /// Which of recovery's updates about it this is.
    pub version: u32,
    /// The stretch in which recovery counts on it.
    pub epoch: MembershipEpoch,
    /// What to expect of it.
    pub standing: ExecutorAvailability,
    /// Unfinished jobs assigned to it.
    pub load: u32,
}

/// Where an unfinished job is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// Here, until an executor can take it.
    Waiting,
    /// With an executor in one of its tenures.
    Assigned(ProcessIndex, MembershipEpoch),
    /// With recovery, which looks for an executor.
    WithRecovery,
}

/// An unfinished job in the ledger.
#[derive(Clone, Debug, PartialEq)]
pub struct Open {
    /// The job.
    pub job: Rc<Job>,
    /// The newest attempt issued; 0 before the first.
    pub attempt: u32,
    /// Where it is.
    pub place: Place,
}

/// An entry in a coordinator's log.
#[derive(Clone, Debug)]
pub enum LedgerEntry {
    /// A newer update about an executor.
    ExecutorUpdated(ProcessIndex, ExecutorAvailability, ExecutorUpdate),
    /// A job is its own from now on.
    Accepted(Rc<Job>),
    /// A job was refused.
    Refused,
    /// A job goes somewhere, perhaps under a new attempt.
    Put(JobId, u32, Place),
    /// A newer emergency state.
    Emergency(Rc<EmergencyState>),
    /// It came back.
    Restarted,
    /// A completion was accepted: whatever comes of this job later is refused.
    Completed(JobId),
}

/// What a coordinator must not forget.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Ledger {
    /// Unfinished jobs.
    pub jobs: SortedMap<JobId, Open>,
    /// Every executor that recovery sent an update about.
    pub executors: SortedMap<ProcessIndex, Known>,
    /// Jobs refused so far.
    pub refused: u32,
    /// Jobs finished so far.
    pub completed: u32,
    /// The greatest attempt issued so far.
    pub attempt_max: u32,
    /// The newest emergency state it has received; with one coordinator it stays empty.
    pub emergency: Rc<EmergencyState>,
    /// How often it came back, where others must know.
    pub restarts: u32,
}

impl Logged for Ledger {
    type Entry = LedgerEntry;

    fn apply(&mut self, entry: LedgerEntry) {
        match entry {
            LedgerEntry::ExecutorUpdated(executor, news, update) => {
                let load = self.executors.get(&executor).map(|known| known.load);
                let standing = match update.draining {
                    true => news.max(ExecutorAvailability::Draining),
                    false => news,
                };
                let known = Known {
                    spec: update.spec,
                    version: update.version,
                    epoch: update.epoch,
                    standing,
                    load: load.unwrap_or_default(),
                };
                self.executors.insert(executor, known);
            }
            LedgerEntry::Accepted(job) => {
                let (id, attempt, place) = (job.id, 0, Place::Waiting);
                let open = Open {
                    job,
                    attempt,
                    place,
                };
                self.jobs.insert(id, open);
            }
            LedgerEntry::Refused => self.refused += 1,
            LedgerEntry::Emergency(state) => self.emergency = state,
            LedgerEntry::Restarted => self.restarts += 1,
            LedgerEntry::Put(id, attempt, place) => self.put(id, attempt, place),
            LedgerEntry::Completed(id) => {
                if let Some(open) = self.jobs.remove(&id) {
                    self.unload(open.place);
                    self.completed += 1;
                }
            }
        }
    }
}

impl Ledger {
    /// The newest attempt of an unfinished job.
    pub fn newest(&self, id: JobId) -> Option<u32> {
        self.jobs.get(&id).map(|open| open.attempt)
    }

    /// The jobs whose executor has left, or goes on in another tenure; with who lost each. Failing ends a tenure; a
    /// placement in a later one was made by recovery after it heard from the executor again, and holds even while the
    /// update about that is still in flight.
    pub fn lost(&self) -> Vec<(JobId, ProcessIndex)> {
        let lost = |open: &Open| match open.place {
            Place::Assigned(executor, epoch) => {
                // One that it does not know yet is recovery's choice too.
                let gone = self.executors.get(&executor).is_some_and(|known| {
                    known.standing == ExecutorAvailability::Removed || known.epoch > epoch
                });
                gone.then_some(executor)
            }
            _ => None,
        };
        let jobs = self.jobs.iter();
        jobs.filter_map(|(id, open)| Some((*id, lost(open)?)))
            .collect()
    }

    /// Moves a job, and keeps the loads true.
    fn put(&mut self, id: JobId, attempt: u32, place: Place) {
        let Some(open) = self.jobs.get_mut(&id) else {
            return;
        };
        open.attempt = attempt;
        let old = std::mem::replace(&mut open.place, place);
        self.attempt_max = self.attempt_max.max(attempt);
        self.unload(old);
        if let Place::Assigned(executor, _) = place
            && let Some(known) = self.executors.get_mut(&executor)
        {
            known.load += 1;
        }
    }

    fn unload(&mut self, place: Place) {
        if let Place::Assigned(executor, _) = place
            && let Some(known) = self.executors.get_mut(&executor)
        {
            known.load = known.load.saturating_sub(1);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refusals_and_restarts_are_counted() {
        let mut ledger = Ledger::default();
        for entry in [
            LedgerEntry::Refused,
            LedgerEntry::Restarted,
            LedgerEntry::Refused,
        ] {
            ledger.apply(entry);
        }
        assert_eq!((ledger.refused, ledger.restarts), (2, 1));
    }
}
