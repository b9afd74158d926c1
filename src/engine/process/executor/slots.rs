//! The slots: which job gets a free one, and which lose theirs when an emergency needs it.

use std::rc::Rc;

use super::Executor;
use crate::id::ProcessIndex;
use crate::job::{Class, Execution, Job};
use crate::policy::discipline::{Arrival, Heads, Source};
use crate::policy::level;
use crate::process::{Context, Effect, Effects, Timer};
use crate::record::{Attempt, Record};
use crate::time::from_us;

/// A job under one attempt.
#[derive(Clone, Debug)]
pub struct Assignment {
    /// The job.
    pub job: Rc<Job>,
    /// The fencing token its completion must carry.
    pub attempt: u32,
    /// The coordinator that owns the job.
    pub owner: ProcessIndex,
    /// When it came here.
    pub arrival: Arrival,
}

impl Assignment {
    /// Job and attempt.
    pub fn key(&self) -> Attempt {
        Attempt {
            job: self.job.id,
            number: self.attempt,
        }
    }
}

/// A job that was paused.
#[derive(Clone, Debug)]
pub struct Paused {
    /// What.
    pub assignment: Assignment,
    /// Work left at normal speed, in ns.
    pub remaining_ns: u64,
    /// The whole of it, cold start included, in ns.
    pub total_ns: u64,
}

/// A job in a slot.
#[derive(Clone, Debug)]
pub struct Running {
    /// What.
    pub assignment: Assignment,
    /// Where: 0 to capacity - 1.
    pub slot: u16,
    /// Work left at `since_ns`, at normal speed, in ns.
    pub remaining_ns: u64,
    /// The whole of it, cold start included, in ns.
    pub total_ns: u64,
    /// When `remaining_ns` was true, in ns.
    pub since_ns: u64,
}

impl Running {
    /// Brings `remaining_ns` up to date after running at one `factor`.
    pub(super) fn settle(&mut self, now_ns: u64, factor: u32) {
        let done_ns = now_ns.saturating_sub(self.since_ns) / u64::from(factor.max(1));
        self.remaining_ns = self.remaining_ns.saturating_sub(done_ns);
        self.since_ns = now_ns;
    }
}

impl Executor {
    pub(super) fn pause_normal(&mut self, context: Context, effects: &mut Effects) {
        let normal: Vec<Attempt> = self
            .running_jobs
            .iter()
            .filter(|(_, running)| running.assignment.job.class() == Class::Normal)
            .map(|(attempt, _)| *attempt)
            .collect();
        for attempt in normal {
            let Some(mut running) = self.running_jobs.remove(&attempt) else {
                continue;
            };
            running.settle(context.now_ns, self.slow_factor);
            effects
                .list
                .push(Effect::Cancel(Timer::Completion(attempt)));
            effects.record(Record::JobPaused(attempt, Class::Normal));
            let Running {
                assignment,
                remaining_ns,
                total_ns,
                ..
            } = running;
            self.paused_jobs.push_back(Paused {
                assignment,
                remaining_ns,
                total_ns,
            });
        }
    }

    /// Fills free slots as the discipline and the level allow.
    pub(super) fn try_start_jobs(&mut self, context: Context, effects: &mut Effects) {
        let Some(level) = self.level() else { return };
        while self.running_jobs.len() < usize::from(self.spec.capacity) {
            let is_normal = |running: &&Running| running.assignment.job.class() == Class::Normal;
            let normal_running = self.running_jobs.values().filter(is_normal).count();
            let heads = Heads {
                emergency: self
                    .emergency_jobs
                    .front()
                    .map(|assignment| assignment.arrival),
                paused: self
                    .paused_jobs
                    .front()
                    .map(|paused| paused.assignment.arrival),
                normal: self
                    .normal_jobs
                    .front()
                    .map(|assignment| assignment.arrival),
                normal_may_start: level::normal_may_start(
                    level,
                    normal_running,
                    self.spec.capacity,
                ),
            };
            let assignment = match self.configuration.discipline.next(heads) {
                Some(Source::Paused) => {
                    let Some(paused) = self.paused_jobs.pop_front() else {
                        return;
                    };
                    let attempt = paused.assignment.key();
                    effects.record(Record::JobResumed(attempt, Class::Normal));
                    self.occupy(context, paused, effects);
                    continue;
                }
                Some(Source::Emergency) => self.emergency_jobs.pop_front(),
                Some(Source::Normal) => self.normal_jobs.pop_front(),
                None => return,
            };
            let Some(assignment) = assignment else { return };
            self.start_job(context, assignment, effects);
        }
    }

    fn start_job(&mut self, context: Context, assignment: Assignment, effects: &mut Effects) {
        let job = &assignment.job;
        // Nothing unless the job is serverless; then what is left of its function's warm-up.
        let cold_start_ns = match job.execution {
            Execution::Serverless => self.warm.start(job.function(), context.now_ns),
            _ => 0,
        };
        let cold_start_us = (cold_start_ns / 1_000) as u32;
        effects.record(Record::JobStarted(
            assignment.key(),
            job.class(),
            cold_start_us,
        ));
        let total_ns = cold_start_ns + from_us(job.work_us);
        self.occupy(
            context,
            Paused {
                assignment,
                remaining_ns: total_ns,
                total_ns,
            },
            effects,
        );
    }

    fn occupy(&mut self, context: Context, paused: Paused, effects: &mut Effects) {
        let taken = |slot: &u16| {
            self.running_jobs
                .values()
                .any(|running| running.slot == *slot)
        };
        let slot = (0..self.spec.capacity)
            .find(|slot| !taken(slot))
            .unwrap_or_default();
        let Paused {
            assignment,
            remaining_ns,
            total_ns,
        } = paused;
        let attempt = assignment.key();
        let left_ns = remaining_ns.saturating_mul(u64::from(self.slow_factor));
        effects
            .list
            .push(Effect::Set(Timer::Completion(attempt), left_ns));
        let since_ns = context.now_ns;
        self.running_jobs.insert(
            attempt,
            Running {
                assignment,
                slot,
                remaining_ns,
                total_ns,
                since_ns,
            },
        );
    }
}
