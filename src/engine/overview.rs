//! The system overview: what one screen says of a run at one moment.

use std::rc::Rc;

use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};

use super::clock::Stamp;
use super::emergency::{Emergency, Level};
use super::id::ProcessIndex;
use super::policy::mass_failure::MassFailureGuardState;
use super::process::coordinator::{Coordinator, Place};
use super::process::recovery::HealthView;
use super::time::to_us;
use super::world::{Process, Role, Status, World};

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
    /// The single entry point.
    pub system: SystemProcess,
    /// Every coordinator, in the fixed order.
    pub coordinators: Vec<CoordinatorOverview>,
    /// Who watches the executors; absent only in a world that has none.
    pub recovery: Option<RecoveryOverview>,
    /// Every executor that has not left, in the order they joined.
    pub executors: Vec<ExecutorOverview>,
}

/// The clocks of a process at its latest event, written as a line of the trace writes them: `vc` by name, `lamport`,
/// `hlc`.
#[derive(Clone, Debug, PartialEq)]
pub struct ClockOverview {
    stamp: Rc<Stamp>,
    names: Rc<[Rc<str>]>,
}

impl ClockOverview {
    /// The three clocks.
    pub fn stamp(&self) -> &Stamp {
        &self.stamp
    }
}

impl Serialize for ClockOverview {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let hybrid = self.stamp.hybrid;
        let mut clocks = serializer.serialize_struct("ClockOverview", 3)?;
        clocks.serialize_field("vc", &ByName(self))?;
        clocks.serialize_field("lamport", &self.stamp.lamport)?;
        clocks.serialize_field("hlc", &(hybrid.wall_us, hybrid.counter))?;
        clocks.end()
    }
}

struct ByName<'a>(&'a ClockOverview);

impl Serialize for ByName<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let entries = self.0.stamp.vector.entries();
        serializer.collect_map(entries.filter_map(|(process, count)| {
            let name = self.0.names.get(usize::from(process.0))?;
            Some((name, count))
        }))
    }
}

/// The process `system` in numbers.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SystemProcess {
    /// Its name.
    pub id: Rc<str>,
    /// Emergencies declared so far.
    pub emergencies_declared: u32,
    /// Counts declarations, changes and clearings.
    pub emergency_version: u32,
    /// The coordinators that it passes over, for they have not answered.
    pub coordinators_suspected: Vec<Rc<str>>,
    /// The clock of the system.
    pub clock: ClockOverview,
}

/// A coordinator in numbers.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CoordinatorOverview {
    /// Its name.
    pub id: Rc<str>,
    /// What is true, as of an executor.
    pub condition: &'static str,
    /// Jobs that it owns and that are not done.
    pub open: u32,
    /// Those of them that wait for an executor.
    pub waiting: u32,
    /// Those of them that an executor lost and none has again.
    pub orphaned: u32,
    /// Completions that it accepted.
    pub completed: u32,
    /// Jobs that it refused.
    pub refused: u32,
    /// The highest attempt (fencing token) that it issued.
    pub attempt_max: u32,
    /// How often it came back.
    pub restarts: u32,
    /// The version of the emergency state that it knows.
    pub emergency_version: u32,
    /// Its clocks.
    pub clock: ClockOverview,
}

/// The process `recovery` in numbers; what it believes of each executor is `health` there.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RecoveryOverview {
    /// Its name.
    pub id: Rc<str>,
    /// What is true, as of an executor.
    pub condition: &'static str,
    /// Executors that it believes healthy.
    pub healthy: u32,
    /// Suspected.
    pub suspected: u32,
    /// Failed.
    pub failed: u32,
    /// Removed for good.
    pub removed: u32,
    /// The level of the active emergencies, as it knows them.
    pub level: Level,
    /// The version of that state.
    pub emergency_version: u32,
    /// Its clocks.
    pub clock: ClockOverview,
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
    /// What is true: `up`, `crashed`, `hung`, `slow`, `partitioned` (from all others), `split` (in a group that is cut
    /// from the rest).
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
    /// Messages that arrived and are held back until what they depend on is there.
    pub held: u32,
    /// The version of the emergency state that it knows; 0 while it knows none.
    pub emergency_version: u32,
    /// Its clocks.
    pub clock: ClockOverview,
}

impl World {
    /// The whole system in numbers.
    pub fn overview(&self) -> SystemOverview {
        let state = self
            .system()
            .map(|system| Rc::clone(&system.state))
            .unwrap_or_default();
        let names: Rc<[Rc<str>]> = self
            .processes()
            .iter()
            .map(|process| Rc::clone(&process.name))
            .collect();
        SystemOverview {
            t_us: to_us(self.now_ns()),
            level: state.level(),
            emergencies: state.active.clone(),
            jobs: self.job_counts(),
            reassignment_held_until_us: match self.recovery().map(|recovery| recovery.braking) {
                Some(MassFailureGuardState::Held(until_ns)) => Some(to_us(until_ns)),
                _ => None,
            },
            system: self.system_process(&names),
            coordinators: self.coordinator_overviews(&names),
            recovery: self.recovery_overview(&names),
            executors: self.executor_overviews(&names),
        }
    }

    fn system_process(&self, names: &Rc<[Rc<str>]>) -> SystemProcess {
        let system = self.system();
        let suspected = system.map_or(&[][..], |system| &system.suspected);
        let process = self.processes().first();
        SystemProcess {
            id: process.map_or_else(|| "system".into(), |process| Rc::clone(&process.name)),
            emergencies_declared: system.map_or(0, |system| system.emergencies),
            emergency_version: system.map_or(0, |system| system.state.version),
            coordinators_suspected: suspected
                .iter()
                .filter_map(|index| names.get(usize::from(index.0)).cloned())
                .collect(),
            clock: ClockOverview {
                stamp: process
                    .map_or_else(Rc::default, |process| Rc::clone(process.clocks.stamp())),
                names: Rc::clone(names),
            },
        }
    }

    fn coordinator_overviews(&self, names: &Rc<[Rc<str>]>) -> Vec<CoordinatorOverview> {
        let all = self.processes().iter().zip(0..);
        all.filter_map(|(process, index)| {
            let Role::Coordinator(Coordinator { ledger, .. }) = &process.role else {
                return None;
            };
            let count = |wanted: fn(&Place) -> bool| {
                let places = ledger.jobs.values().map(|open| &open.place);
                places.filter(|place| wanted(place)).count() as u32
            };
            Some(CoordinatorOverview {
                id: Rc::clone(&process.name),
                condition: self.condition(ProcessIndex(index), process),
                open: ledger.jobs.len() as u32,
                waiting: count(|place| matches!(place, Place::Waiting)),
                orphaned: count(|place| matches!(place, Place::WithRecovery)),
                completed: ledger.completed,
                refused: ledger.refused,
                attempt_max: ledger.attempt_max,
                restarts: ledger.restarts,
                emergency_version: ledger.emergency.version,
                clock: clock(process, names),
            })
        })
        .collect()
    }

    fn recovery_overview(&self, names: &Rc<[Rc<str>]>) -> Option<RecoveryOverview> {
        let index = self.recovery_index();
        let process = self.processes().get(usize::from(index.0))?;
        let Role::Recovery(recovery) = &process.role else {
            return None;
        };
        let count = |belief: HealthView| {
            let members = recovery.members().values();
            members.filter(|member| member.health == belief).count() as u32
        };
        Some(RecoveryOverview {
            id: Rc::clone(&process.name),
            condition: self.condition(index, process),
            healthy: count(HealthView::Healthy),
            suspected: count(HealthView::Suspected),
            failed: count(HealthView::Failed),
            removed: count(HealthView::Removed),
            level: recovery.known.state.level(),
            emergency_version: recovery.known.state.version,
            clock: clock(process, names),
        })
    }

    /// What is true of a process, whatever is believed.
    fn condition(&self, index: ProcessIndex, process: &Process) -> &'static str {
        let is_slow = matches!(&process.role, Role::Executor(executor) if executor.slow_factor > 1);
        match process.status {
            Status::Crashed => "crashed",
            Status::Hung { .. } => "hung",
            _ if self.network().is_cut_off(index) => "partitioned",
            _ if self.network().split().contains(&index) => "split",
            _ if is_slow => "slow",
            _ => "up",
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

    fn executor_overviews(&self, names: &Rc<[Rc<str>]>) -> Vec<ExecutorOverview> {
        let recovery = self.recovery();
        let present = self
            .executors()
            .filter(|(_, process, _)| !matches!(process.status, Status::Left));
        present
            .filter_map(|(index, process, executor)| {
                let member = recovery.and_then(|recovery| recovery.members().get(&index));
                let health = match member.map(|member| member.health) {
                    None => "joining",
                    Some(HealthView::Healthy) => "healthy",
                    Some(HealthView::Suspected) => "suspected",
                    Some(HealthView::Failed) => "failed",
                    Some(HealthView::Removed) => return None,
                };
                let status = executor.status();
                let jobs = executor.running_jobs.values();
                let emergency = jobs
                    .filter(|running| running.assignment.job.emergency.is_some())
                    .count() as u32;
                Some(ExecutorOverview {
                    id: Rc::clone(&process.name),
                    health,
                    condition: self.condition(index, process),
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
                    held: process.held_back().count() as u32,
                    emergency_version: status.version,
                    clock: clock(process, names),
                })
            })
            .collect()
    }
}

fn clock(process: &Process, names: &Rc<[Rc<str>]>) -> ClockOverview {
    ClockOverview {
        stamp: Rc::clone(process.clocks.stamp()),
        names: Rc::clone(names),
    }
}
