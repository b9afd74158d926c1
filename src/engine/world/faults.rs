//! Faults, as far as they concern one process.

use super::{Role, Status, World};
use crate::id::ProcessIndex;
use crate::message::Loss;
use crate::process::{Effects, Timer};
use crate::trace::Recorder;

impl World {
    pub(crate) fn crash(&mut self, index: ProcessIndex) {
        let process = &mut self.processes[index.index()];
        process.status = Status::Crashed;
        process.timers.clear();
        process.mail.crash();
        match &mut process.role {
            Role::Executor(executor) => {
                executor.crash();
                process.order.forget();
            }
            // The order of delivery is in the log as well: what is held back was acknowledged.
            Role::Coordinator(coordinator) => coordinator.crash(),
            Role::Recovery(recovery) => recovery.crash(),
            Role::System(_) | Role::Host => {}
        }
    }

    /// What a hung receiver's kernel had taken in is lost with the crash; what waited for its turn, if there is no log.
    pub(crate) fn drop_held(&mut self, index: ProcessIndex, recorder: &mut dyn Recorder) {
        let process = &mut self.processes[index.index()];
        let waited = match process.role {
            Role::Executor(_) => process.order.take_held(),
            _ => Default::default(),
        };
        for message in std::mem::take(&mut process.held).into_iter().chain(waited) {
            self.drop_message(&message, Loss::Crashed, recorder);
        }
    }

    pub(crate) fn restart(&mut self, index: ProcessIndex, recorder: &mut dyn Recorder) {
        let context = self.context();
        let process = &mut self.processes[index.index()];
        process.status = Status::Up;
        let effects = match &mut process.role {
            Role::Executor(executor) => executor.restart(context, index),
            Role::Coordinator(coordinator) => coordinator.restart(context),
            Role::Recovery(recovery) => recovery.restart(context),
            Role::System(_) | Role::Host => Effects::default(),
        };
        // Whatever waits for an acknowledgement is sent again, before what the restart itself sends.
        let waits: Vec<_> = process
            .mail
            .outbox
            .iter()
            .map(|(original, pending)| (original, pending.wait_ns))
            .collect();
        for (original, wait_ns) in waits {
            self.set_timer(index, Timer::Retry(original), wait_ns);
        }
        self.perform(index, effects.list, recorder);
    }

    pub(crate) fn hang(&mut self, index: ProcessIndex) {
        let now_ns = self.now_ns;
        let process = &mut self.processes[index.index()];
        let timers = std::mem::take(&mut process.timers);
        let left = timers
            .into_iter()
            .map(|(timer, (due_ns, _))| (timer, due_ns.saturating_sub(now_ns)));
        process.status = Status::Hung {
            since_ns: now_ns,
            timers: left.collect(),
        };
    }

    pub(crate) fn resume(&mut self, index: ProcessIndex, recorder: &mut dyn Recorder) {
        let now_ns = self.now_ns;
        let process = &mut self.processes[index.index()];
        let Status::Hung { since_ns, timers } = std::mem::replace(&mut process.status, Status::Up)
        else {
            return;
        };
        if let Role::Executor(executor) = &mut process.role {
            executor.thaw(now_ns - since_ns);
        }
        for (timer, left_ns) in timers {
            self.set_timer(index, timer, left_ns);
        }
        // One by one: the stamps of the others are still wanted while the first is received.
        while let Some(message) = self.processes[index.index()].held.pop_front() {
            // It may have left for good on one of them.
            match self.processes[index.index()].status {
                Status::Up => self.take_in(message, recorder),
                _ => self.drop_message(&message, Loss::Removed, recorder),
            }
        }
    }

    pub(crate) fn slow(&mut self, index: ProcessIndex, factor: u32, recorder: &mut dyn Recorder) {
        let mut context = self.context();
        let process = &mut self.processes[index.index()];
        if let Status::Hung { since_ns, .. } = process.status {
            context.now_ns = since_ns; // its work stands still since then
        }
        if let Role::Executor(executor) = &mut process.role {
            let effects = executor.slow(context, factor);
            self.perform(index, effects.list, recorder);
        }
    }

    /// Every running executor that belongs sends a heartbeat now.
    pub(crate) fn heartbeat_cycle(&mut self, recorder: &mut dyn Recorder) {
        let context = self.context();
        for index in 0..self.processes.len() {
            let process = &mut self.processes[index];
            if let (Status::Up, Role::Executor(executor)) = (&process.status, &mut process.role)
                && executor.state.is_some()
            {
                let effects = executor.heartbeat(context);
                self.perform(ProcessIndex(index as u16), effects.list, recorder);
            }
        }
    }
}
