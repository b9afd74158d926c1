//! The brake on failure verdicts: what recovery may declare while it holds them back.

use super::{Verdict, rule};
use crate::configuration::BRAKE_PERCENT;
use crate::id::ProcessIndex;
use crate::policy::mass_failure::SILENT_MIN;
use crate::record::{FaultKind, Record};
use crate::trace::{Event, Form};

#[derive(Debug, Default)]
pub(super) struct MemberRules {
    percent: u64,
    /// Who holds failure verdicts back.
    held_by: Option<ProcessIndex>,
}

impl MemberRules {
    fn too_many(&self, silent: u32, members: u32) -> bool {
        let share = u64::from(silent) * 100 >= u64::from(members) * self.percent;
        self.percent > 0 && silent >= SILENT_MIN && silent <= members && share
    }

    pub(super) fn see(&mut self, event: &Event) -> Verdict {
        match &event.record {
            Record::RunStarted(run) => {
                self.percent = run.brake_percent.unwrap_or(BRAKE_PERCENT).into();
            }
            Record::FaultInjected(FaultKind::Crash, process, _) => {
                self.held_by = self.held_by.filter(|holder| holder != process);
            }
            Record::ReassignmentHeld { silent, members } => {
                rule(
                    self.held_by.is_none(),
                    "reassignment is held twice",
                    String::new,
                )?;
                rule(
                    self.too_many(*silent, *members),
                    "reassignment is held for no reason",
                    || format!("{silent} of {members}"),
                )?;
                self.held_by = event.process();
            }
            Record::ReassignmentReleased {
                silent,
                members,
                heard,
            } => {
                let holder = self.held_by.take();
                rule(
                    holder.is_some(),
                    "reassignment is released unheld",
                    String::new,
                )?;
                rule(
                    !heard || !self.too_many(*silent, *members),
                    "reassignment is released too early",
                    || format!("{silent} of {members}"),
                )?;
            }
            // What a person removes by force is a receipt, and has failed whatever recovery believes.
            Record::ExecutorFailed(executor) if matches!(event.form, Form::Local) => {
                rule(
                    self.held_by.is_none(),
                    "a failure is declared while reassignment is held",
                    || format!("{executor:?}"),
                )?;
            }
            _ => {}
        }
        Ok(())
    }
}
