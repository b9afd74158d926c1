//! One line of an audit file, read. Whether to believe it is for [`crate::engine::audit::verify`] to say.

use std::rc::Rc;

use super::json::Json;
use super::reader::{self, Problem, Read, object, text, word};
use crate::engine::access::Role;
use crate::engine::audit::{Entry, Hash, Verdict};
use crate::engine::command::Action;
use crate::language::{Sentence, say};

/// Reads an entry.
///
/// # Errors
/// The first problem, with its path or its place.
pub fn entry(line: &str) -> Result<Entry, String> {
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
    reason: Option<Rc<str>>,
    previous: Hash,
    hash: Hash,
}

struct Allowed(bool);

impl Read for Entry {
    fn read(json: &Json) -> Result<Entry, Problem> {
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
        Ok(Entry {
            index: written.index,
            t_us: written.t_us,
            principal: written.principal,
            role: written.role,
            action: written.action,
            verdict: match written.verdict {
                Allowed(true) => Verdict::Allowed,
                Allowed(false) => {
                    Verdict::Denied(Sentence::from(&*written.reason.unwrap_or_default()))
                }
            },
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
