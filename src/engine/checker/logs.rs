//! What a process would find in its log after a crash is what it holds in memory.

use super::{Verdict, rule};
use crate::process::mailbox::Mailbox;
use crate::trace::Event;
use crate::world::{Role, World};

/// A replay is long, so one is made this often, in events; and whenever a process crashes or comes back.
const EVERY: u32 = 32;

/// Compares the logs of the processes of these events.
pub(super) fn compare(new: &[Event], seq: u32, world: &World) -> Verdict {
    let is_fault = |event: &Event| event.record.kind().starts_with("fault_");
    if !seq.is_multiple_of(EVERY) && !new.iter().any(is_fault) {
        return Ok(());
    }
    for process in world.processes() {
        let same = match &process.role {
            Role::Coordinator(coordinator) => coordinator.ledger.replayed() == *coordinator.ledger,
            Role::Recovery(recovery) => recovery.known.replayed() == *recovery.known,
            Role::System(_) | Role::Executor(_) | Role::Host => continue,
        };
        let name = || process.name.to_string();
        rule(same, "memory holds what is not in the log", name)?;
        rule(
            process.mail.replayed() == Mailbox::clone(&process.mail),
            "mail is not in the log",
            name,
        )?;
    }
    Ok(())
}
