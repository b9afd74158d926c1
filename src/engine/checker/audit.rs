//! The audit chain is whole, and has every refusal that the trace has. Hashes are taken of the written lines.

use sha2::{Digest, Sha256};

use super::{Verdict, rule};
use crate::audit::Verdict as Outcome;
use crate::record::Record;
use crate::trace::Event;
use crate::world::World;

#[derive(Debug, Default)]
pub(super) struct AuditRules {
    entries: usize,
    head: [u8; 32],
    denied_by_audit: u32,
    denied_by_trace: u32,
}

impl AuditRules {
    pub(super) fn see(&mut self, event: &Event) -> Verdict {
        self.denied_by_trace += u32::from(matches!(event.record, Record::CommandDenied(_)));
        Ok(())
    }

    pub(super) fn compare(&mut self, world: &World) -> Verdict {
        let entries = world.audit().entries();
        rule(self.entries <= entries.len(), "the audit shrinks", || {
            format!("{} entries after {}", entries.len(), self.entries)
        })?;
        for entry in &entries[self.entries..] {
            let line = entry.to_json();
            let written = line.split(",\"hash\":").next().unwrap_or_default();
            let hash: [u8; 32] = Sha256::digest([written, "}"].concat()).into();
            let fits = entry.previous.0 == self.head && entry.hash.0 == hash;
            rule(fits, "the audit chain is broken", || line.clone())?;
            self.head = hash;
            self.entries += 1;
            self.denied_by_audit += u32::from(matches!(entry.verdict, Outcome::Denied(_)));
        }
        rule(
            self.denied_by_audit == self.denied_by_trace,
            "audit and trace disagree on what was denied",
            || format!("{} and {}", self.denied_by_audit, self.denied_by_trace),
        )
    }
}
