//! Commands: each is checked in full before anything changes, and a refusal is recorded with its reason.

mod carry;
mod check;

use std::rc::Rc;

use super::access;
use super::audit::Verdict;
use super::command::{Action, Rejection};
use super::id::ProcessIndex;
use super::record::{Denial, Record};
use super::time::to_us;
use super::trace::{Form, Recorder};
use super::world::World;

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
}
