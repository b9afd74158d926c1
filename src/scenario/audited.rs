//! One line of an audit file, read. Whether to believe it is for [`triage_engine::audit::verify`] to say.

use std::rc::Rc;

use super::json::Json;
use super::reader::{self, Problem, Read, object, text, word};
use triage_engine::access::Role;
use triage_engine::audit::{AuditEntry, Hash, Verdict};
use triage_engine::command::{Action, Rejection};
use triage_language::say;

/// Reads an entry.
///
/// # Errors
/// The first problem, with its path or its place.
pub fn entry(line: &str) -> Result<AuditEntry, String> {
    reader::read(line)
}

/// An entry as it is written.
struct Written {
    index: u32,
    t_us: u64,
    principal: Rc<str>,
    role: Option<Role>,
    action: Action,
    verdict: Allowed,
    reason: Option<Rejection>,
    previous: Hash,
    hash: Hash,
}

struct Allowed(bool);

impl Read for AuditEntry {
    fn read(json: &Json) -> Result<AuditEntry, Problem> {
        let written: Result<Written, Problem> = object!(json => Written {
            "index" => index,
            "t_us" => t_us,
            "principal" => principal,
            "role" => role,
            "action" => action,
            "verdict" => verdict,
            "reason" => reason = None,
            "previous" => previous,
            "hash" => hash,
        });
        let written = written?;
        let verdict = match (written.verdict, written.reason) {
            (Allowed(true), None) => Verdict::Allowed,
            (Allowed(false), Some(reason)) => Verdict::Denied(reason),
            _ => {
                let words = say("a reason is required for a denial and not allowed otherwise");
                return Err(Problem::new(words.to_owned()));
            }
        };
        Ok(AuditEntry {
            index: written.index,
            t_us: written.t_us,
            principal: written.principal,
            role: written.role,
            action: written.action,
            verdict,
            previous: written.previous,
            hash: written.hash,
        })
    }
}

impl Read for Allowed {
    fn read(json: &Json) -> Result<Allowed, Problem> {
        Ok(Allowed(word(json, &["allowed", "denied"])? == 0))
    }
}

impl Read for Hash {
    fn read(json: &Json) -> Result<Hash, Problem> {
        let found = Hash::parse(text(json)?.as_bytes());
        found.ok_or_else(|| Problem::new(say("needs 64 lower-case hexadecimal digits").to_owned()))
    }
}
