//! What the world does with a command: rights, validation, audit, execution.

use std::rc::Rc;

use crate::access;
use crate::audit::Verdict;
use crate::command::{Action, Rejection};
use crate::id::ProcessIndex;
use crate::record::{Denial, Record};
use crate::time::to_us;
use crate::trace::{Form, Recorder};
use crate::world::World;

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
        let checked = access::check(principal, role, action).and_then(|()| self.validate(action));
        let verdict = match &checked {
            Ok(()) => Verdict::Allowed,
            Err(rejection) => Verdict::Denied(rejection.clone()),
        };
        let t_us = to_us(self.now_ns);
        self.audit
            .append(t_us, Rc::clone(principal), role, action.clone(), verdict);
        match &checked {
            Ok(()) => self.execute(principal, action, recorder),
            Err(rejection) => {
                let denial = Denial {
                    principal: Rc::clone(principal),
                    reason: rejection.clone(),
                };
                let record = Record::CommandDenied(Box::new(denial));
                self.record(ProcessIndex::SYSTEM, Form::Local, record, None, recorder);
            }
        }
        checked
    }
}
