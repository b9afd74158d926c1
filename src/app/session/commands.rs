//! Commands that a person gives, and what they can be aimed at.

use reactive_graph::graph::untrack;
use reactive_graph::prelude::*;

use super::{EVENTS_AHEAD, Session};
use triage_engine::access::{self, role_of};
use triage_engine::command::{Action, Rejection};
use triage_playback::Player;
use triage_view::audit::ExternalAudit;
use triage_view::stage::Role;

impl Session {
    /// Who gives commands now, and their role: the chosen principal, or the commander where the scenario has no such principal.
    pub fn actor(self) -> (String, access::Role) {
        let chosen = self.ui.acting.get();
        let role = self.read(|player| role_of(&chosen, &player.scenario().principals));
        match role {
            Some(role) => (chosen, role),
            None => (
                access::Role::Commander.name().to_owned(),
                access::Role::Commander,
            ),
        }
    }

    /// Gives a command at the cursor.
    ///
    /// # Errors
    /// Why it was rejected; nothing changes then but the audit.
    pub fn command(self, principal: &str, action: Action) -> Result<(), Rejection> {
        let give = |player: &mut Player| {
            let result = player.command(principal, action);
            player.record_ahead(EVENTS_AHEAD);
            result
        };
        self.update(give).unwrap_or(Ok(()))
    }

    /// Gives a command as the chosen principal and shows a rejection. Returns whether it was accepted.
    pub fn act(self, action: Action) -> bool {
        let (principal, _) = untrack(|| self.actor());
        match self.command(&principal, action) {
            Ok(()) => {
                self.notices.clear();
                true
            }
            Err(rejection) => {
                self.notices.reject(triage_labels::rejection(&rejection));
                false
            }
        }
    }

    /// The audit of the run up to the cursor.
    pub fn audit(self) -> ExternalAudit {
        self.read(|player| {
            let audit = player.world().audit();
            ExternalAudit {
                name: None,
                altered: false,
                text: audit.to_ndjson(),
                head: Some(audit.head()),
            }
        })
    }

    /// Executors on the stage, by process index.
    pub fn executors(self) -> Vec<u16> {
        self.breakable(&[Role::Executor])
    }

    /// Processes of these roles, by process index.
    pub fn breakable(self, roles: &[Role]) -> Vec<u16> {
        let keys = self.ui.keys.get_untracked();
        let all = keys.into_iter().map(|(_, index)| index as u16);
        all.filter(|index| self.role(*index).is_some_and(|role| roles.contains(&role)))
            .collect()
    }

    /// A name for a new executor that this run has not seen.
    pub fn unused_name(self) -> String {
        self.run.with_value(|run| {
            let mut number = 1;
            loop {
                let name = format!("exec-{number}");
                if !run.names.contains(&name) {
                    return name;
                }
                number += 1;
            }
        })
    }
}
