//! Capacity, levels, order of queues, versions of the emergency state, and who may act at all.

use std::collections::{BTreeMap, VecDeque};

use super::{Verdict, rule};
use crate::emergency::Level;
use crate::id::{EmergencyId, ProcessIndex};
use crate::job::Class;
use crate::message::EmergencyChange;
use crate::process::ledger::Ledger;
use crate::record::{Attempt, FaultKind, Record};
use crate::trace::Event;
use crate::world::{Role, Status, World};

/// What one process can be said to hold, by its events.
#[derive(Debug, Default)]
struct Held {
    capacity: usize,
    incarnation: u32,
    crashed: bool,
    hung: bool,
    removed: bool,
    /// Version and level it works under; unknown after a restart until it receives them.
    mode: Option<(u32, Level)>,
    emergency: VecDeque<Attempt>,
    normal: VecDeque<Attempt>,
    paused: VecDeque<Attempt>,
    running: Vec<(Attempt, Class)>,
    /// When each waiting attempt came, in ns, and how many came before it.
    came: BTreeMap<Attempt, (u64, usize)>,
    arrivals: usize,
}

/// Who goes first, by the first event of the run.
#[derive(Clone, Copy, Debug, Default)]
struct Turns {
    discipline: &'static str,
    ageing_ns: u64,
}

impl Turns {
    /// Whether an emergency job that came at one moment goes before a normal one that came at another.
    fn emergency_first(self, emergency: (u64, usize), normal: (u64, usize)) -> bool {
        match self.discipline {
            "weighted" => emergency.0 <= normal.0.saturating_add(self.ageing_ns),
            "fifo" => emergency.1 < normal.1,
            _ => true,
        }
    }
}

impl Held {
    fn empty(&mut self) {
        self.came.clear();
        self.emergency.clear();
        self.normal.clear();
        self.paused.clear();
        self.running.clear();
        self.mode = None;
    }

    fn normal_running(&self) -> usize {
        let normal = |(_, class): &&(Attempt, Class)| *class == Class::Normal;
        self.running.iter().filter(normal).count()
    }

    fn waiting(&mut self, class: Class) -> &mut VecDeque<Attempt> {
        match class {
            Class::Emergency => &mut self.emergency,
            Class::Normal => &mut self.normal,
        }
    }

    fn holds(&self, attempt: &Attempt) -> bool {
        let waits = [&self.emergency, &self.normal, &self.paused];
        waits.iter().any(|line| line.contains(attempt))
            || self.running.iter().any(|(running, _)| running == attempt)
    }
}

#[derive(Debug, Default)]
pub(super) struct ExecutorRules {
    held: Vec<Held>,
    turns: Turns,
    active: Vec<(EmergencyId, Level)>,
    /// The level of the whole system by version; version 0 is before any emergency.
    levels: Vec<Level>,
}

impl ExecutorRules {
    pub(super) fn join(&mut self) {
        self.held.push(Held {
            incarnation: 1,
            ..Held::default()
        });
    }

    pub(super) fn see(&mut self, event: &Event) -> Verdict {
        let Some(process) = event.process() else {
            self.environment(event);
            return Ok(());
        };
        match &event.record {
            Record::Emergency(announcement) => {
                match announcement.change {
                    EmergencyChange::Declared => self
                        .active
                        .push((announcement.emergency, announcement.level)),
                    EmergencyChange::Changed => {
                        let known = self
                            .active
                            .iter_mut()
                            .find(|(id, _)| *id == announcement.emergency);
                        let Some((_, level)) = known else {
                            return Err((
                                "an emergency that is not active is changed",
                                String::new(),
                            ));
                        };
                        *level = announcement.level;
                    }
                    EmergencyChange::Cleared => {
                        let before = self.active.len();
                        self.active.retain(|(id, _)| *id != announcement.emergency);
                        rule(
                            self.active.len() + 1 == before,
                            "an emergency that is not active is cleared",
                            || announcement.emergency.to_string(),
                        )?;
                    }
                }
                let highest = self.active.iter().map(|(_, level)| *level).max();
                self.levels.push(highest.unwrap_or_default());
            }
            Record::ExecutorAdded { executor, capacity } => {
                self.held[executor.index()].capacity = usize::from(*capacity);
            }
            Record::ExecutorRemoved(executor) => self.held[executor.index()].removed = true,
            Record::ExecutorRegistered { executor, .. } if event.t_ns == 0 => {
                // Whoever is there when the run begins knows that there is no emergency.
                self.held[executor.index()].mode = Some((0, Level::None));
            }
            _ => {}
        }
        self.by_process(process, event.t_ns, &event.record)
    }

    fn environment(&mut self, event: &Event) {
        match &event.record {
            Record::RunStarted(run) => {
                self.turns = Turns {
                    discipline: run.discipline,
                    ageing_ns: run.ageing_us.unwrap_or_default().saturating_mul(1_000),
                };
                self.levels.push(Level::None);
            }
            Record::FaultInjected(FaultKind::Crash, process, _) => {
                let held = &mut self.held[process.index()];
                held.empty();
                (held.crashed, held.hung) = (true, false);
            }
            Record::FaultInjected(FaultKind::Hang, process, _) => {
                self.held[process.index()].hung = true;
            }
            Record::FaultCleared(FaultKind::Hang, process) => {
                self.held[process.index()].hung = false;
            }
            Record::FaultCleared(FaultKind::Crash, process) => {
                self.held[process.index()].crashed = false;
            }
            _ => {}
        }
    }

    fn by_process(&mut self, process: ProcessIndex, t_ns: u64, record: &Record) -> Verdict {
        let (turns, levels) = (self.turns, &self.levels);
        let held = &mut self.held[process.index()];
        let who = || format!("{process:?}");
        rule(!held.crashed, "a crashed process acts", who)?;
        rule(!held.hung, "a hung process acts", who)?;
        match record {
            Record::ExecutorRestarted { incarnation, .. } => {
                let next = held.incarnation + 1;
                rule(
                    *incarnation == next,
                    "an incarnation is not the next",
                    || format!("{incarnation} in place of {next}"),
                )?;
                held.incarnation = next;
                held.empty();
            }
            Record::ModeSet { level, version } => {
                rule(
                    held.mode.is_none_or(|(known, _)| known < *version),
                    "an emergency state is not newer",
                    || format!("{version} after {:?}", held.mode),
                )?;
                rule(
                    levels.get(*version as usize) == Some(level),
                    "a level differs from what was announced",
                    || format!("{level} at version {version}"),
                )?;
                held.mode = Some((*version, *level));
            }
            Record::JobQueued(attempt, class) => {
                rule(!held.holds(attempt), "an attempt is queued twice", || {
                    format!("{attempt:?}")
                })?;
                held.waiting(*class).push_back(*attempt);
                held.came.insert(*attempt, (t_ns, held.arrivals));
                held.arrivals += 1;
            }
            Record::JobStarted(attempt, class, _) => {
                held.is_its_turn(*class, turns)?;
                let line = held.waiting(*class);
                rule(
                    line.pop_front() == Some(*attempt),
                    "a job starts before its turn",
                    || format!("{attempt:?}"),
                )?;
                rule(
                    *class == Class::Emergency || held.paused.is_empty(),
                    "a queued job starts before a paused one",
                    || format!("{attempt:?}"),
                )?;
                held.take_slot(*attempt, *class)?;
            }
            Record::JobResumed(attempt, class) => {
                held.is_its_turn(*class, turns)?;
                rule(
                    held.paused.pop_front() == Some(*attempt),
                    "a job resumes before its turn",
                    || format!("{attempt:?}"),
                )?;
                held.take_slot(*attempt, *class)?;
            }
            Record::JobPaused(attempt, class) => {
                rule(
                    *class == Class::Normal
                        && held.mode.is_some_and(|(_, level)| level == Level::Critical),
                    "a pause without cause",
                    || format!("{attempt:?} in {:?}", held.mode),
                )?;
                held.leave_slot(attempt)?;
                held.paused.push_back(*attempt);
            }
            Record::JobReturned(attempt) => {
                for line in [&mut held.emergency, &mut held.normal, &mut held.paused] {
                    line.retain(|waiting| waiting != attempt);
                }
            }
            Record::JobCompleted(attempt) => held.leave_slot(attempt)?,
            _ => {}
        }
        Ok(())
    }

    /// What the processes of these events hold, as they say themselves, and what must hold between events.
    pub(super) fn compare(&self, new: &[Event], world: &World) -> Verdict {
        for process in new.iter().filter_map(Event::process) {
            let real = &world.processes()[process.index()];
            let (Role::Executor(executor), Status::Up) = (&real.role, &real.status) else {
                continue;
            };
            let held = &self.held[process.index()];
            let name = || format!("{}: {held:?}", real.name);
            let same = executor.running_jobs.len() == held.running.len()
                && executor.emergency_jobs.len() == held.emergency.len()
                && executor.normal_jobs.len() == held.normal.len()
                && executor.paused_jobs.len() == held.paused.len()
                && executor.state.as_ref().map(|state| state.version)
                    == held.mode.map(|(version, _)| version);
            rule(same, "the trace and the executor differ", name)?;
            let Some((_, level)) = held.mode else {
                continue;
            };
            rule(
                level != Level::Critical || held.normal_running() == 0,
                "normal work goes on at CRITICAL",
                name,
            )?;
            rule(
                held.emergency.is_empty() || held.running.len() >= held.capacity,
                "an emergency job waits beside a free slot",
                name,
            )?;
        }
        Ok(())
    }

    /// Every executor that runs and belongs has received the newest level.
    pub(super) fn all_informed(&self, world: &World) -> Verdict {
        let last = self.levels.len() as u32 - 1;
        for (index, process, _) in world.executors() {
            let belongs = !self.held[index.index()].removed;
            if belongs && matches!(process.status, Status::Up) {
                let knows = self.held[index.index()].mode.map(|(version, _)| version);
                rule(knows == Some(last), "an executor was never told", || {
                    format!("{} holds version {knows:?} of {last}", process.name)
                })?;
            }
        }
        Ok(())
    }
}

/// Every coordinator that runs knows the same of executors and emergencies.
pub(super) fn coordinators_agree(world: &World) -> Verdict {
    let ledgers: Vec<_> = world
        .processes()
        .iter()
        .filter(|process| matches!(process.status, Status::Up))
        .filter_map(|process| match &process.role {
            Role::Coordinator(coordinator) => Some(&coordinator.ledger),
            _ => None,
        })
        .collect();
    for ledger in ledgers.iter().skip(1) {
        let of = |ledger: &Ledger| {
            let known = ledger.executors.iter();
            let said = known.map(|(executor, known)| (*executor, known.version, known.standing));
            (ledger.emergency.version, said.collect::<Vec<_>>())
        };
        let (first, other) = (of(ledgers[0]), of(ledger));
        rule(first == other, "coordinators never agree", || {
            format!("{first:?} and {other:?}")
        })?;
    }
    Ok(())
}

impl Held {
    /// Of the first emergency job that waits and the first normal one that may start, the one of this class goes first.
    fn is_its_turn(&self, class: Class, turns: Turns) -> Verdict {
        let reserve = self.capacity.div_ceil(2);
        let normal_may = self.mode.is_some_and(|(_, level)| {
            level < Level::Medium || (level == Level::Medium && self.normal_running() < reserve)
        });
        let came = |attempt: Option<&Attempt>| self.came.get(attempt?).copied();
        let (Some(emergency), Some(normal)) = (
            came(self.emergency.front()),
            came(self.paused.front().or(self.normal.front())),
        ) else {
            return Ok(());
        };
        let emergency_first = !normal_may || turns.emergency_first(emergency, normal);
        rule(
            emergency_first == (class == Class::Emergency),
            "a job starts before one that its discipline puts first",
            || format!("{class:?}, {turns:?}: {self:?}"),
        )
    }

    fn take_slot(&mut self, attempt: Attempt, class: Class) -> Verdict {
        let seen = |held: &Held| format!("{attempt:?}: {held:?}");
        let Some((_, level)) = self.mode else {
            return Err(("a start before the level is known", seen(self)));
        };
        self.running.push((attempt, class));
        rule(self.running.len() <= self.capacity, "over capacity", || {
            seen(self)
        })?;
        if class == Class::Emergency {
            return Ok(());
        }
        rule(
            level < Level::High,
            "normal work starts at HIGH or above",
            || seen(self),
        )?;
        let reserve = self.capacity.div_ceil(2);
        rule(
            level != Level::Medium || self.normal_running() <= reserve,
            "normal work takes the reserve of MEDIUM",
            || seen(self),
        )
    }

    fn leave_slot(&mut self, attempt: &Attempt) -> Verdict {
        let before = self.running.len();
        self.running.retain(|(running, _)| running != attempt);
        rule(
            self.running.len() + 1 == before,
            "what does not run leaves a slot",
            || format!("{attempt:?}"),
        )
    }
}
