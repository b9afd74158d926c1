//! The system overview: what one screen says of a run at one moment.

use std::rc::Rc;

use serde::Serialize;

use super::emergency::{Emergency, Level};
use super::policy::brake::Braking;
use super::process::coordinator::Place;
use super::process::recovery::Belief;
use super::time::to_us;
use super::world::{Status, World};

/// The whole system in numbers.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SystemOverview {
    /// Now, in µs.
    pub t_us: u64,
    /// The highest level of the active emergencies, as the system knows them.
    pub level: Level,
    /// Active emergencies, oldest first.
    pub emergencies: Vec<Emergency>,
    /// What became of the jobs.
    pub jobs: JobCounts,
    /// Until when, in µs, recovery declares no failure at the latest, because too many executors look dead at once.
    pub reassignment_held_until_us: Option<u64>,
    /// Every executor that has not left, in the order they joined.
    pub executors: Vec<ExecutorOverview>,
}

/// What became of the jobs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct JobCounts {
    /// Given a number by the system.
    pub submitted: u32,
    /// Refused by a coordinator.
    pub refused: u32,
    /// Done, and their completion accepted.
    pub completed: u32,
    /// Accepted, not done, and with an executor or on the way to one.
    pub assigned: u32,
    /// Accepted and waiting at a coordinator for an executor that can take them.
    pub waiting: u32,
    /// Lost by an executor, and not yet with another.
    pub orphaned: u32,
}

/// An executor in numbers.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ExecutorOverview {
    /// Its name.
    pub id: Rc<str>,
    /// What recovery believes: `healthy`, `suspected`, `failed`, `joining`.
    pub health: &'static str,
    /// What is true: `up`, `crashed`, `hung`, `slow`, `partitioned`.
    pub condition: &'static str,
    /// The level it works under; absent while it does not know.
    pub mode: Option<Level>,
    /// Takes nothing new.
    pub draining: bool,
    /// Counts its lives.
    pub incarnation: u32,
    /// Slots.
    pub capacity: u16,
    /// Emergency jobs in slots.
    pub running_emergency: u32,
    /// Normal jobs in slots.
    pub running_normal: u32,
    /// Paused normal jobs.
    pub paused: u32,
    /// Emergency jobs that wait.
    pub queued_emergency: u32,
    /// Normal jobs that wait.
    pub queued_normal: u32,
    /// Jobs completed in this life.
    pub completed: u32,
}

impl World {
    /// The whole system in numbers.
    pub fn overview(&self) -> SystemOverview {
        let state = self
            .system()
            .map(|system| Rc::clone(&system.state))
            .unwrap_or_default();
        SystemOverview {
            t_us: to_us(self.now_ns()),
            level: state.level(),
            emergencies: state.active.clone(),
            jobs: self.job_counts(),
            reassignment_held_until_us: match self.recovery().map(|recovery| recovery.braking) {
                Some(Braking::Held(until_ns)) => Some(to_us(until_ns)),
                _ => None,
            },
            executors: self.executor_overviews(),
        }
    }

    fn job_counts(&self) -> JobCounts {
        let submitted = self.system().map_or(0, |system| system.jobs);
        let mut counts = JobCounts {
            submitted,
            ..JobCounts::default()
        };
        for coordinator in self.coordinators() {
            counts.refused += coordinator.ledger.refused;
            counts.completed += coordinator.ledger.completed;
            for entry in coordinator.ledger.jobs.values() {
                match entry.place {
                    Place::Waiting => counts.waiting += 1,
                    Place::Assigned(..) => counts.assigned += 1,
                    Place::WithRecovery => counts.orphaned += 1,
                }
            }
        }
        counts
    }

    fn executor_overviews(&self) -> Vec<ExecutorOverview> {
        let recovery = self.recovery();
        let present = self
            .executors()
            .filter(|(_, process, _)| !matches!(process.status, Status::Left));
        present
            .filter_map(|(index, process, executor)| {
                let member = recovery.and_then(|recovery| recovery.members().get(&index));
                let health = match member.map(|member| member.belief) {
                    None => "joining",
                    Some(Belief::Healthy) => "healthy",
                    Some(Belief::Suspected) => "suspected",
                    Some(Belief::Failed) => "failed",
                    Some(Belief::Removed) => return None,
                };
                let condition = match process.status {
                    Status::Crashed => "crashed",
                    Status::Hung { .. } => "hung",
                    _ if self.network().is_cut_off(index) => "partitioned",
                    _ if executor.slow_factor > 1 => "slow",
                    _ => "up",
                };
                let status = executor.status();
                let jobs = executor.running_jobs.values();
                let emergency = jobs
                    .filter(|running| running.assignment.job.emergency.is_some())
                    .count() as u32;
                Some(ExecutorOverview {
                    id: Rc::clone(&process.name),
                    health,
                    condition,
                    mode: executor.level(),
                    draining: executor.draining,
                    incarnation: executor.incarnation,
                    capacity: executor.spec.capacity,
                    running_emergency: emergency,
                    running_normal: status.running - emergency,
                    paused: status.paused,
                    queued_emergency: status.emergency_queued,
                    queued_normal: status.normal_queued,
                    completed: status.completed,
                })
            })
            .collect()
    }
}
