//! Whether a command of somebody who may give it can be carried out now: nothing is changed here.

use std::rc::Rc;

use crate::bounds::{
    EXECUTORS_MAX, SLOW_FACTOR, check_executor, check_job, check_link_fault, check_range,
};
use crate::command::{Action, Ends, ExecutorSpec, Mismatch, Rejection};
use crate::emergency::{Emergency, Level};
use crate::id::ProcessIndex;
use crate::network::{LinkFault, Pair};
use crate::process::recovery::{HealthView, Member};
use crate::world::{Process, Role, Status, World};

impl World {
    /// Whether a command of somebody who may give it can be carried out now.
    pub(super) fn validate(&self, action: &Action) -> Result<(), Rejection> {
        match action {
            Action::SubmitNormalJob(job) | Action::SubmitEmergencyJob { job, .. } => {
                Ok(check_job(job)?)
            }
            Action::DeclareEmergency { level, .. } => check_level(*level),
            Action::ChangeEmergency { emergency, level } => {
                check_level(*level)?;
                let found = self.active(emergency.as_deref())?;
                if found.level == *level {
                    let id = found.id.to_string().into();
                    return Err(Rejection::SameLevel(id));
                }
                Ok(())
            }
            Action::ClearEmergency { emergency } => self.active(emergency.as_deref()).map(|_| ()),
            Action::AddExecutor(spec) => self.check_new_executor(spec),
            Action::DrainExecutor { executor } => {
                let (index, _) = self.executor(executor)?;
                if self.registered(index, executor)?.draining {
                    return Err(Mismatch::AlreadyDraining.of(executor));
                }
                Ok(())
            }
            Action::RemoveExecutor { executor } => {
                let (index, _) = self.executor(executor)?;
                self.registered(index, executor).map(|_| ())
            }
            Action::Crash { process }
            | Action::Restart { process }
            | Action::Hang { process }
            | Action::Resume { process }
            | Action::Slow { process, .. }
            | Action::Partition { process }
            | Action::Heal { process } => {
                let (index, found) = self.fault_target(action, process)?;
                self.check_fault(action, index, found)
            }
            Action::DegradeLink { .. } | Action::RestoreLink { .. } => {
                let (pair, fault) = self.link(action)?;
                match (fault, self.network.fault(pair)) {
                    (None, None) => Err(Rejection::LinkNotDegraded),
                    (new, old) if new == old => Err(Rejection::LinkSame),
                    _ => Ok(()),
                }
            }
            Action::ForgeClock { from, to } => self.check_forgery(from, to),
            Action::Split { group } => {
                if !self.network.split().is_empty() {
                    return Err(Rejection::AlreadySplit);
                }
                let group = self.group(group)?;
                if group.is_empty() || group.len() >= self.processes.len() {
                    return Err(Rejection::SplitOneSided);
                }
                Ok(())
            }
            Action::Unite {} if self.network.split().is_empty() => Err(Rejection::NotSplit),
            Action::Unite {} | Action::RunHeartbeatCycle {} => Ok(()),
        }
    }

    /// Which links a command is about, and what it makes of them.
    pub(super) fn link(&self, action: &Action) -> Result<(Pair, Option<LinkFault>), Rejection> {
        let (Action::DegradeLink { from, to, .. } | Action::RestoreLink { from, to }) = action
        else {
            unreachable!("asked of commands about links only");
        };
        let pair = Pair {
            from: self.end_of_link(from)?,
            to: self.end_of_link(to)?,
        };
        let Action::DegradeLink {
            loss_percent,
            duplicate_percent,
            reorder_percent,
            delay_us,
            ..
        } = action
        else {
            return Ok((pair, None));
        };
        let fault = LinkFault {
            loss_percent: *loss_percent,
            duplicate_percent: *duplicate_percent,
            reorder_percent: *reorder_percent,
            delay_us: *delay_us,
        };
        check_link_fault(fault)?;
        Ok((pair, Some(fault)))
    }

    fn end_of_link(&self, name: &str) -> Result<Option<ProcessIndex>, Rejection> {
        match self.find(name) {
            _ if name == "*" => Ok(None),
            Some((index, _)) => Ok(Some(index)),
            None => Err(no_process(name)),
        }
    }

    fn check_forgery(&self, from: &str, to: &str) -> Result<(), Rejection> {
        let ends = || Ends {
            from: from.into(),
            to: to.into(),
        };
        let end = |name: &str| self.find(name).ok_or_else(|| no_process(name));
        let ((sender, _), (receiver, _)) = (end(from)?, end(to)?);
        let is_executor =
            |(_, process): (ProcessIndex, &Process)| matches!(process.role, Role::Executor(_));
        if sender == receiver || is_executor(end(from)?) && is_executor(end(to)?) {
            return Err(Rejection::LinkUnused(ends()));
        }
        if self.network.will_forge(sender, receiver) {
            return Err(Rejection::AlreadyForged(ends()));
        }
        Ok(())
    }

    /// Each of some names, once.
    pub(super) fn group(&self, names: &[Rc<str>]) -> Result<Vec<ProcessIndex>, Rejection> {
        let mut group = Vec::new();
        for name in names {
            let Some((index, _)) = self.find(name) else {
                return Err(no_process(name));
            };
            if !group.contains(&index) {
                group.push(index);
            }
        }
        Ok(group)
    }

    pub(super) fn active(&self, name: Option<&str>) -> Result<&Emergency, Rejection> {
        let system = self.system().ok_or(Rejection::ReadOnly)?;
        system.find(name)
    }

    /// An executor that has not left.
    fn executor(&self, name: &str) -> Result<(ProcessIndex, &Process), Rejection> {
        match self.find(name) {
            Some((_, process)) if !matches!(process.role, Role::Executor(_)) => {
                Err(Mismatch::NotAnExecutor.of(name))
            }
            Some((index, process)) if self.has_left(index, process) => {
                Err(Mismatch::ExecutorRemoved.of(name))
            }
            Some(found) => Ok(found),
            None => Err(Mismatch::NoExecutor.of(name)),
        }
    }

    /// A process that a fault can be aimed at.
    fn fault_target(
        &self,
        action: &Action,
        name: &str,
    ) -> Result<(ProcessIndex, &Process), Rejection> {
        let Some((index, process)) = self.find(name) else {
            return Err(no_process(name));
        };
        match (&process.role, action) {
            (Role::System(_), _) => Err(Mismatch::SystemDoesNotFail.of(name)),
            (Role::Coordinator(_) | Role::Recovery(_), Action::Slow { .. }) => {
                Err(Mismatch::RunsNoJobs.of(name))
            }
            (Role::Executor(_), _) => self.executor(name),
            _ => Ok((index, process)),
        }
    }

    /// What recovery knows of an executor.
    fn registered(&self, index: ProcessIndex, name: &str) -> Result<&Member, Rejection> {
        let recovery = self.recovery();
        let member = recovery.and_then(|recovery| recovery.members().get(&index));
        member.ok_or_else(|| Mismatch::NotRegistered.of(name))
    }

    fn has_left(&self, index: ProcessIndex, process: &Process) -> bool {
        let member = self
            .recovery()
            .and_then(|recovery| recovery.members().get(&index));
        let removed = member.is_some_and(|member| member.health == HealthView::Removed);
        matches!(process.status, Status::Left) || removed
    }

    fn check_fault(
        &self,
        action: &Action,
        index: ProcessIndex,
        found: &Process,
    ) -> Result<(), Rejection> {
        let process = &found.name;
        let cut = self.network.is_cut_off(index);
        match (action, &found.status) {
            (Action::Restart { .. }, Status::Crashed) => Ok(()),
            (Action::Restart { .. }, _) => Err(Mismatch::NotCrashed.of(process)),
            (Action::Resume { .. }, Status::Hung { .. }) => Ok(()),
            (Action::Resume { .. }, _) => Err(Mismatch::NotHung.of(process)),
            (Action::Partition { .. }, _) if cut => Err(Mismatch::AlreadyCutOff.of(process)),
            (Action::Heal { .. }, _) if !cut => Err(Mismatch::NotCutOff.of(process)),
            (Action::Partition { .. } | Action::Heal { .. }, _) => Ok(()),
            (_, Status::Crashed) => Err(Mismatch::HasCrashed.of(process)),
            (Action::Hang { .. }, Status::Hung { .. }) => Err(Mismatch::AlreadyHung.of(process)),
            (Action::Slow { factor, .. }, _) => {
                let violation = check_range(u64::from(*factor), &SLOW_FACTOR);
                violation.map_err(|violation| violation.of("factor"))?;
                match &found.role {
                    Role::Executor(executor) if executor.slow_factor == *factor => {
                        Err(Mismatch::SameSpeed.of(process))
                    }
                    _ => Ok(()),
                }
            }
            _ => Ok(()),
        }
    }

    fn check_new_executor(&self, spec: &ExecutorSpec) -> Result<(), Rejection> {
        check_executor(spec)?;
        if self.find(&spec.id).is_some() {
            return Err(Mismatch::IdTaken.of(&spec.id));
        }
        if self.executors().count() >= EXECUTORS_MAX {
            return Err(Rejection::TooManyExecutors);
        }
        Ok(())
    }
}

fn no_process(name: &str) -> Rejection {
    Mismatch::NoProcess.of(name)
}

fn check_level(level: Level) -> Result<(), Rejection> {
    match level {
        Level::None => Err(Rejection::LevelNone),
        _ => Ok(()),
    }
}
