//! Commands: each is checked in full before anything changes, and a refusal is recorded with its reason.

use std::fmt::Display;
use std::rc::Rc;

use super::access;
use super::audit::Verdict;
use super::command::{Action, ExecutorSpec, JobRequest, Rejection};
use super::emergency::{Emergency, Level};
use super::id::{self, EmergencyId, ProcessIndex};
use super::message::Body;
use super::network::{LinkFault, Pair};
use super::process::Context;
use super::process::Effects;
use super::process::recovery::{Belief, Member};
use super::process::system::System;
use super::record::{ClockForged, Denial, FaultKind, LinkChange, Record};
use super::time::to_us;
use super::trace::{Form, Recorder};
use super::world::{Process, Role, Status, World};
use crate::language::Sentence;
use crate::mark;

/// The longest work of a job: an hour, in µs.
pub const WORK_US_MAX: u64 = 3_600_000_000;
/// The most that a degraded link adds to its latency: a minute, in µs.
pub const DELAY_US_MAX: u64 = 60_000_000;
/// The most executors of a run, counting those that left.
pub const EXECUTORS_MAX: usize = 10_000;

impl World {
    /// Does what somebody asks, now, if they may and it can be done. The audit has it in any case.
    ///
    /// # Errors
    /// Says why the command is refused; nothing but the refusal is recorded then.
    pub fn command(
        &mut self,
        principal: &Rc<str>,
        action: &Action,
        recorder: &mut dyn Recorder,
    ) -> Result<(), Rejection> {
        let role = access::role_of(principal, &self.setup.principals);
        let checked = access::check(principal, role, action).and_then(|()| self.check(action));
        let verdict = match &checked {
            Ok(()) => Verdict::Allowed,
            Err(rejection) => Verdict::Denied(rejection.reason.clone()),
        };
        let t_us = to_us(self.now_ns);
        self.audit
            .append(t_us, Rc::clone(principal), role, action.clone(), verdict);
        match &checked {
            Ok(()) => self.carry_out(principal, action, recorder),
            Err(rejection) => {
                let denial = Denial {
                    principal: Rc::clone(principal),
                    reason: rejection.reason.clone(),
                };
                let record = Record::CommandDenied(Box::new(denial));
                self.record(ProcessIndex::SYSTEM, Form::Local, record, None, recorder);
            }
        }
        checked
    }

    /// Whether a command of somebody who may give it can be carried out now.
    fn check(&self, action: &Action) -> Result<(), Rejection> {
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
    fn link(&self, action: &Action) -> Result<(Pair, Option<LinkFault>), Rejection> {
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
    fn group(&self, names: &[Rc<str>]) -> Result<Vec<ProcessIndex>, Rejection> {
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

    fn active(&self, name: Option<&str>) -> Result<&Emergency, Rejection> {
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
            (Action::Slow { factor, .. }, _) if !(1..=100).contains(factor) => Err(Rejection::new(
                mark!("a factor of {factor} is not between 1 and 100"),
                &[("factor", factor)],
            )),
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

    /// Only called with what `check` let pass.
    fn carry_out(&mut self, principal: &Rc<str>, action: &Action, recorder: &mut dyn Recorder) {
        match action {
            Action::SubmitNormalJob(job) => self.submit(None, job, recorder),
            Action::SubmitEmergencyJob { kind, job } => {
                self.submit(Some(kind.clone()), job, recorder)
            }
            Action::DeclareEmergency {
                kind,
                level,
                place,
                location,
                radius_m,
            } => {
                let emergency = Emergency {
                    id: EmergencyId(0),
                    kind: kind.clone(),
                    level: *level,
                    place: place.clone(),
                    location: *location,
                    radius_m: *radius_m,
                    declared_by: Rc::clone(principal),
                    declared_us: to_us(self.now_ns),
                };
                self.by_system(recorder, |system, context| {
                    system.declare(context, emergency)
                });
            }
            Action::ChangeEmergency { emergency, level } => {
                let Ok(id) = self.active(emergency.as_deref()).map(|found| found.id) else {
                    return;
                };
                self.by_system(recorder, |system, context| {
                    system.change(context, id, *level)
                });
            }
            Action::ClearEmergency { emergency } => {
                let Ok(id) = self.active(emergency.as_deref()).map(|found| found.id) else {
                    return;
                };
                self.by_system(recorder, |system, context| system.clear(context, id));
            }
            Action::AddExecutor(spec) => {
                let spec = Rc::new(spec.clone());
                let executor = self.join_executor(Rc::clone(&spec), recorder);
                if let Role::Executor(new) = &mut self.processes[executor.index()].role {
                    let effects = new.join();
                    self.perform(executor, effects.list, recorder);
                }
                self.tell_recovery(Body::AddExecutor { executor, spec }, recorder);
            }
            Action::DrainExecutor { executor } => {
                let Some((index, _)) = self.find(executor) else {
                    return;
                };
                self.tell_recovery(Body::DrainExecutor(index), recorder);
            }
            Action::RemoveExecutor { executor } => {
                let Some((index, process)) = self.find(executor) else {
                    return;
                };
                if !matches!(process.status, Status::Crashed) {
                    self.inject(FaultKind::Crash, index, 1, recorder);
                }
                self.tell_recovery(Body::RemoveExecutor(index), recorder);
            }
            Action::RunHeartbeatCycle {} => self.heartbeat_cycle(recorder),
            Action::DegradeLink { .. } | Action::RestoreLink { .. } => {
                if let Ok((pair, fault)) = self.link(action) {
                    let change = Record::Link(Box::new(LinkChange { pair, fault }));
                    self.record_environment(None, change, recorder);
                    self.network.set_fault(pair, fault);
                }
            }
            Action::ForgeClock { from, to } => {
                if let (Some((from, _)), Some((to, _))) = (self.find(from), self.find(to)) {
                    let armed = Record::ClockForged(ClockForged {
                        from,
                        to,
                        done: false,
                    });
                    self.record_environment(None, armed, recorder);
                    self.network.forge_next(from, to);
                }
            }
            Action::Split { group } => {
                let group = self.group(group).unwrap_or_default();
                for process in &group {
                    let split = Record::FaultInjected(FaultKind::Split, *process, 1);
                    self.record_environment(None, split, recorder);
                }
                self.network.set_split(&group);
            }
            Action::Unite {} => {
                let group = self.network.split().to_vec();
                for process in group {
                    let united = Record::FaultCleared(FaultKind::Split, process);
                    self.record_environment(None, united, recorder);
                }
                self.network.set_split(&[]);
            }
            fault => self.change_fault(fault, recorder),
        }
    }

    fn change_fault(&mut self, action: &Action, recorder: &mut dyn Recorder) {
        let (kind, process, begins) = match action {
            Action::Crash { process } => (FaultKind::Crash, process, true),
            Action::Restart { process } => (FaultKind::Crash, process, false),
            Action::Hang { process } => (FaultKind::Hang, process, true),
            Action::Resume { process } => (FaultKind::Hang, process, false),
            Action::Slow { process, factor } => (FaultKind::Slow, process, *factor > 1),
            Action::Partition { process } => (FaultKind::Partition, process, true),
            Action::Heal { process } => (FaultKind::Partition, process, false),
            _ => return,
        };
        let factor = if let Action::Slow { factor, .. } = action {
            *factor
        } else {
            1
        };
        let Some((index, _)) = self.find(process) else {
            return;
        };
        if begins {
            self.inject(kind, index, factor, recorder);
        } else {
            self.undo(kind, index, recorder);
        }
    }

    fn inject(
        &mut self,
        kind: FaultKind,
        index: ProcessIndex,
        factor: u32,
        recorder: &mut dyn Recorder,
    ) {
        self.record_environment(None, Record::FaultInjected(kind, index, factor), recorder);
        match kind {
            FaultKind::Crash => {
                self.crash(index);
                self.drop_held(index, recorder);
            }
            FaultKind::Hang => self.hang(index),
            FaultKind::Slow => self.slow(index, factor, recorder),
            FaultKind::Partition | FaultKind::Split => {
                self.network.set_cut_off(index, true);
            }
        }
    }

    fn undo(&mut self, kind: FaultKind, index: ProcessIndex, recorder: &mut dyn Recorder) {
        self.record_environment(None, Record::FaultCleared(kind, index), recorder);
        match kind {
            FaultKind::Crash => self.restart(index, recorder),
            FaultKind::Hang => self.resume(index, recorder),
            FaultKind::Slow => self.slow(index, 1, recorder),
            FaultKind::Partition | FaultKind::Split => {
                self.network.set_cut_off(index, false);
            }
        }
    }

    fn tell_recovery(&mut self, body: Body, recorder: &mut dyn Recorder) {
        let mut effects = Effects::default();
        effects.send(self.context().recovery(), body);
        self.perform(ProcessIndex::SYSTEM, effects.list, recorder);
    }

    fn by_system(
        &mut self,
        recorder: &mut dyn Recorder,
        act: impl FnOnce(&mut System, Context) -> Effects,
    ) {
        let context = self.context();
        if let Some(Role::System(system)) =
            self.processes.first_mut().map(|process| &mut process.role)
        {
            let effects = act(system, context);
            self.perform(ProcessIndex::SYSTEM, effects.list, recorder);
        }
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

/// Holds what a job asks for to its bounds.
///
/// # Errors
/// Says which bound is broken.
pub fn check_job(job: &JobRequest) -> Result<(), Rejection> {
    if !(1..=WORK_US_MAX).contains(&job.work_us) {
        let bounds = Sentence::new(
            mark!("{value} is not between 1 and {most} (an hour)"),
            &[("value", &job.work_us), ("most", &WORK_US_MAX)],
        );
        return Err(bounds.at(&"work_us").into());
    }
    if job
        .name
        .as_ref()
        .is_some_and(|name| name.chars().count() > 60)
    {
        let long = Sentence::new(mark!("longer than 60 characters"), &[]);
        return Err(long.at(&"name").into());
    }
    Ok(check_capabilities("requirements", &job.requirements)?)
}

/// A number that is too small.
pub fn below(value: &dyn Display, least: &dyn Display) -> Sentence {
    Sentence::new(
        mark!("{value} is below {least}"),
        &[("value", value), ("least", least)],
    )
}

/// A number that is too large.
pub fn above(value: &dyn Display, most: &dyn Display) -> Sentence {
    Sentence::new(
        mark!("{value} is above {most}"),
        &[("value", value), ("most", most)],
    )
}

/// Holds an executor to its bounds, apart from the uniqueness of its id.
///
/// # Errors
/// Says which field breaks which bound.
pub fn check_executor(spec: &ExecutorSpec) -> Result<(), Sentence> {
    id::check_name(&spec.id, 40).map_err(|reason| reason.at(&"id"))?;
    match spec.capacity {
        0 => return Err(below(&0, &1).at(&"capacity")),
        1..=1024 => {}
        more => return Err(above(&more, &1024).at(&"capacity")),
    }
    check_capabilities("capabilities", &spec.capabilities)
}

/// Holds what a degraded link does to its bounds.
///
/// # Errors
/// Says which bound is broken, or that it does nothing.
pub fn check_link_fault(fault: LinkFault) -> Result<(), Sentence> {
    for (field, percent) in [
        ("loss_percent", fault.loss_percent),
        ("duplicate_percent", fault.duplicate_percent),
        ("reorder_percent", fault.reorder_percent),
    ] {
        if percent > 100 {
            return Err(above(&percent, &100).at(&field));
        }
    }
    if fault.delay_us > DELAY_US_MAX {
        let delay_us = fault.delay_us;
        let bounds = Sentence::new(
            mark!("{value} is above {most} (a minute)"),
            &[("value", &delay_us), ("most", &DELAY_US_MAX)],
        );
        return Err(bounds.at(&"delay_us"));
    }
    if fault == LinkFault::default() {
        return Err(Sentence::new(
            mark!(
                "loss_percent, duplicate_percent, reorder_percent and delay_us are all 0: restore the link instead"
            ),
            &[],
        ));
    }
    Ok(())
}

/// Holds a list of capabilities to its bounds: at most 16, each a name, none twice.
///
/// # Errors
/// Says which one is wrong.
pub fn check_capabilities(field: &str, capabilities: &[Rc<str>]) -> Result<(), Sentence> {
    if capabilities.len() > 16 {
        let many = Sentence::new(
            mark!("{count} are more than 16"),
            &[("count", &capabilities.len())],
        );
        return Err(many.at(&field));
    }
    for (index, capability) in capabilities.iter().enumerate() {
        let here = |reason: Sentence| reason.at(&format_args!("{field}[{index}]"));
        id::check_name(capability, 40).map_err(here)?;
        if capabilities[..index].contains(capability) {
            return Err(here(Sentence::new(
                mark!("{name} is there twice"),
                &[("name", capability)],
            )));
        }
    }
    Ok(())
}
