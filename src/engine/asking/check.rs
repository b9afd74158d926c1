//! Whether a command of somebody who may give it can be carried out now: nothing is changed here.

use std::rc::Rc;

use crate::engine::bounds::{
    EXECUTORS_MAX, SLOW_FACTOR, check_executor, check_job, check_link_fault,
};
use crate::engine::command::{Action, ExecutorSpec, Rejection};
use crate::engine::emergency::{Emergency, Level};
use crate::engine::id::ProcessIndex;
use crate::engine::network::{LinkFault, Pair};
use crate::engine::process::recovery::{Belief, Member};
use crate::engine::world::{Process, Role, Status, World};
use crate::mark;

impl World {
    /// Whether a command of somebody who may give it can be carried out now.
    pub(super) fn check(&self, action: &Action) -> Result<(), Rejection> {
        match action {
            Action::SubmitNormalJob(job) | Action::SubmitEmergencyJob { job, .. } => check_job(job),
            Action::DeclareEmergency { level, .. } => check_level(*level),
            Action::ChangeEmergency { emergency, level } => {
                check_level(*level)?;
                let found = self.active(emergency.as_deref())?;
                if found.level == *level {
                    let id = found.id;
                    return Err(Rejection::new(
                        mark!("{id} is {level} already: choose another level"),
                        &[("id", &id), ("level", level)],
                    ));
                }
                Ok(())
            }
            Action::ClearEmergency { emergency } => self.active(emergency.as_deref()).map(|_| ()),
            Action::AddExecutor(spec) => self.check_new_executor(spec),
            Action::DrainExecutor { executor } => {
                let (index, _) = self.executor(executor)?;
                if self.registered(index, executor)?.draining {
                    return Err(Rejection::new(
                        mark!("{name} is draining already"),
                        &[("name", executor)],
                    ));
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
                    (None, None) => Err(Rejection::new(mark!("that link is not degraded"), &[])),
                    (new, old) if new == old => Err(Rejection::new(
                        mark!("that link is degraded like this already"),
                        &[],
                    )),
                    _ => Ok(()),
                }
            }
            Action::ForgeClock { from, to } => self.check_forgery(from, to),
            Action::Split { group } => {
                if !self.network.split().is_empty() {
                    return Err(Rejection::new(
                        mark!("some are split already: unite them first"),
                        &[],
                    ));
                }
                let group = self.group(group)?;
                if group.is_empty() || group.len() >= self.processes.len() {
                    return Err(Rejection::new(
                        mark!("a split needs somebody on both sides"),
                        &[],
                    ));
                }
                Ok(())
            }
            Action::Unite {} if self.network.split().is_empty() => Err(Rejection::new(
                mark!("nobody is split from the others"),
                &[],
            )),
            Action::Unite {} | Action::RunHeartbeatCycle {} => Ok(()),
        }
    }

    /// Which links a command is about, and what it makes of them.
    pub(super) fn link(&self, action: &Action) -> Result<(Pair, Option<LinkFault>), Rejection> {
        let (Action::DegradeLink { from, to, .. } | Action::RestoreLink { from, to }) = action
        else {
            return Err(Rejection::new(mark!("not about a link"), &[]));
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
        let end = |name: &str| self.find(name).ok_or_else(|| no_process(name));
        let ((sender, _), (receiver, _)) = (end(from)?, end(to)?);
        let is_executor =
            |(_, process): (ProcessIndex, &Process)| matches!(process.role, Role::Executor(_));
        if sender == receiver || is_executor(end(from)?) && is_executor(end(to)?) {
            return Err(Rejection::new(
                mark!(
                    "{from} never sends anything to {to}: choose the ends of a link that is used"
                ),
                &[("from", &from), ("to", &to)],
            ));
        }
        if self.network.will_forge(sender, receiver) {
            return Err(Rejection::new(
                mark!("the next message from {from} to {to} is to carry a forged clock already"),
                &[("from", &from), ("to", &to)],
            ));
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
        let system = self
            .system()
            .ok_or_else(|| Rejection::new(mark!("there is no system"), &[]))?;
        system.find(name)
    }

    /// An executor that has not left.
    fn executor(&self, name: &str) -> Result<(ProcessIndex, &Process), Rejection> {
        match self.find(name) {
            Some((_, process)) if !matches!(process.role, Role::Executor(_)) => {
                Err(Rejection::new(
                    mark!("{name} is not an executor: choose an executor"),
                    &[("name", &name)],
                ))
            }
            Some((index, process)) if self.has_left(index, process) => Err(Rejection::new(
                mark!("{name} was removed: choose an executor that is there"),
                &[("name", &name)],
            )),
            Some(found) => Ok(found),
            None => Err(Rejection::new(
                mark!("there is no executor {name}"),
                &[("name", &name)],
            )),
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
            (Role::System(_), _) => Err(Rejection::new(
                mark!(
                    "{name} stands for those who use the system and does not fail: choose another process"
                ),
                &[("name", &name)],
            )),
            (Role::Coordinator(_) | Role::Recovery(_), Action::Slow { .. }) => Err(Rejection::new(
                mark!("{name} runs no jobs that could take longer: delay its links instead"),
                &[("name", &name)],
            )),
            (Role::Executor(_), _) => self.executor(name),
            _ => Ok((index, process)),
        }
    }

    /// What recovery knows of an executor.
    fn registered(&self, index: ProcessIndex, name: &str) -> Result<&Member, Rejection> {
        let recovery = self.recovery();
        let member = recovery.and_then(|recovery| recovery.members().get(&index));
        member.ok_or_else(|| {
            Rejection::new(
                mark!("{name} has not registered yet: wait a moment"),
                &[("name", &name)],
            )
        })
    }

    fn has_left(&self, index: ProcessIndex, process: &Process) -> bool {
        let member = self
            .recovery()
            .and_then(|recovery| recovery.members().get(&index));
        let removed = member.is_some_and(|member| member.belief == Belief::Removed);
        matches!(process.status, Status::Left) || removed
    }

    fn check_fault(
        &self,
        action: &Action,
        index: ProcessIndex,
        found: &Process,
    ) -> Result<(), Rejection> {
        let name = &found.name;
        let cut = self.network.is_cut_off(index);
        let refuse = |english| Err(Rejection::new(english, &[("name", name)]));
        match (action, &found.status) {
            (Action::Restart { .. }, Status::Crashed) => Ok(()),
            (Action::Restart { .. }, _) => refuse(mark!("{name} has not crashed")),
            (Action::Resume { .. }, Status::Hung { .. }) => Ok(()),
            (Action::Resume { .. }, _) => refuse(mark!("{name} is not hung")),
            (Action::Partition { .. }, _) if cut => refuse(mark!("{name} is cut off already")),
            (Action::Heal { .. }, _) if !cut => refuse(mark!("{name} is not cut off")),
            (Action::Partition { .. } | Action::Heal { .. }, _) => Ok(()),
            (_, Status::Crashed) => refuse(mark!("{name} has crashed: restart it first")),
            (Action::Hang { .. }, Status::Hung { .. }) => refuse(mark!("{name} is hung already")),
            (Action::Slow { factor, .. }, _) if !SLOW_FACTOR.contains(&u64::from(*factor)) => {
                Err(Rejection::new(
                    mark!("a factor of {factor} is not between 1 and 100"),
                    &[("factor", factor)],
                ))
            }
            (Action::Slow { factor, .. }, _) => match &found.role {
                Role::Executor(executor) if executor.slow_factor == *factor => {
                    refuse(mark!("{name} works at that speed already"))
                }
                _ => Ok(()),
            },
            _ => Ok(()),
        }
    }

    fn check_new_executor(&self, spec: &ExecutorSpec) -> Result<(), Rejection> {
        check_executor(spec)?;
        if self.find(&spec.id).is_some() {
            return Err(Rejection::new(
                mark!("{id} is taken, now or earlier in this run: choose another id"),
                &[("id", &spec.id)],
            ));
        }
        if self.executors().count() >= EXECUTORS_MAX {
            return Err(Rejection::new(
                mark!("a run has at most {most} executors"),
                &[("most", &EXECUTORS_MAX)],
            ));
        }
        Ok(())
    }
}

fn no_process(name: &str) -> Rejection {
    Rejection::new(mark!("there is no process {name}"), &[("name", &name)])
}

fn check_level(level: Level) -> Result<(), Rejection> {
    match level {
        Level::None => Err(Rejection::new(
            mark!("NONE is not a level to declare: clear the emergency instead"),
            &[],
        )),
        _ => Ok(()),
    }
}
