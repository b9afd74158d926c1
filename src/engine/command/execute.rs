//! Executes a command that was validated.

use std::rc::Rc;

use crate::command::Action;
use crate::emergency::Emergency;
use crate::id::{EmergencyId, ProcessIndex};
use crate::message::Payload;
use crate::process::system::System;
use crate::process::{Context, Effects};
use crate::record::{ClockForged, FaultKind, LinkChange, Record};
use crate::time::to_us;
use crate::trace::Recorder;
use crate::world::{Role, Status, World};

impl World {
    /// Only called with what `validate` let pass.
    pub(super) fn execute(
        &mut self,
        principal: &Rc<str>,
        action: &Action,
        recorder: &mut dyn Recorder,
    ) {
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
                self.tell_recovery(Payload::AddExecutor { executor, spec }, recorder);
            }
            Action::DrainExecutor { executor } => {
                let Some((index, _)) = self.find(executor) else {
                    return;
                };
                self.tell_recovery(Payload::DrainExecutor(index), recorder);
            }
            Action::RemoveExecutor { executor } => {
                let Some((index, process)) = self.find(executor) else {
                    return;
                };
                if !matches!(process.status, Status::Crashed) {
                    self.inject(FaultKind::Crash, index, 1, recorder);
                }
                self.tell_recovery(Payload::RemoveExecutor(index), recorder);
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

    fn tell_recovery(&mut self, body: Payload, recorder: &mut dyn Recorder) {
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
