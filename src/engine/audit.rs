//! The audit: every command of a run, allowed or denied, in a hash chain. Each entry carries the SHA-256 (FIPS 180-4)
//! of everything else in it, the hash of the entry before it among that; so no entry can be changed without changing
//! every hash after it (Haber and Stornetta 1991). Who knows the last hash, the head, can tell that nothing was
//! changed, taken out or cut off; without it, that the chain was not rewritten to its end cannot be known.
//!
//! As a file it is newline-delimited JSON in one exact form, so that what is hashed are the very bytes of a line.

use std::fmt;
use std::rc::Rc;

use serde::Serialize;
use sha2::{Digest, Sha256};

use super::access::Role;
use super::command::{Action, Rejection};

/// A SHA-256.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Hash(pub [u8; 32]);

/// What came of a command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It was carried out.
    Allowed,
    /// It was not, for this reason.
    Denied(Rejection),
}

/// One command on record.
#[derive(Clone, Debug, PartialEq)]
pub struct AuditEntry {
    /// Its place in the audit, from 0.
    pub index: u32,
    /// When it was given, in µs.
    pub t_us: u64,
    /// Who gave it.
    pub principal: Rc<str>,
    /// What they were then; `None` for somebody whom nobody knows.
    pub role: Option<Role>,
    /// What was asked.
    pub action: Action,
    /// What came of it.
    pub verdict: Verdict,
    /// The hash of the entry before; all zeros for the first.
    pub previous: Hash,
    /// The hash of all of the above.
    pub hash: Hash,
}

/// The entries of one run, in order.
#[derive(Clone, Debug, Default)]
pub struct Audit {
    /// Shared with the checkpoints of the run.
    entries: Rc<Vec<Rc<AuditEntry>>>,
}

/// An entry as it is hashed: its fields in this order.
#[derive(Serialize)]
struct Hashed<'a> {
    index: u32,
    t_us: u64,
    principal: &'a str,
    role: Option<Role>,
    action: &'a Action,
    verdict: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'a Rejection>,
    previous: Hash,
}

impl Audit {
    /// The entries, oldest first.
    pub fn entries(&self) -> &[Rc<AuditEntry>] {
        &self.entries
    }

    /// The hash of the last entry; all zeros without any.
    pub fn head(&self) -> Hash {
        self.entries
            .last()
            .map_or(Hash::default(), |last| last.hash)
    }

    /// Puts a command on record.
    pub fn append(
        &mut self,
        t_us: u64,
        principal: Rc<str>,
        role: Option<Role>,
        action: Action,
        verdict: Verdict,
    ) {
        let mut entry = AuditEntry {
            index: self.entries.len() as u32,
            t_us,
            principal,
            role,
            action,
            verdict,
            previous: self.head(),
            hash: Hash::default(),
        };
        entry.hash = entry.expected_hash();
        Rc::make_mut(&mut self.entries).push(Rc::new(entry));
    }

    /// The audit as a file: an entry a line.
    pub fn to_ndjson(&self) -> String {
        let mut text = String::new();
        for entry in self.entries() {
            text.push_str(&entry.to_json());
            text.push('\n');
        }
        text
    }
}

impl AuditEntry {
    /// The hash that its other fields give.
    pub fn expected_hash(&self) -> Hash {
        Hash::of(self.hashed().as_bytes())
    }

    /// The entry as a line of the file, without the line's end.
    pub fn to_json(&self) -> String {
        let mut json = self.hashed();
        json.pop();
        [&json, HASH, &self.hash.to_string(), "\"}"].concat()
    }

    fn hashed(&self) -> String {
        let (verdict, reason) = match &self.verdict {
            Verdict::Allowed => ("allowed", None),
            Verdict::Denied(reason) => ("denied", Some(reason)),
        };
        let hashed = Hashed {
            index: self.index,
            t_us: self.t_us,
            principal: &self.principal,
            role: self.role,
            action: &self.action,
            verdict,
            reason,
            previous: self.previous,
        };
        // Writing plain values to memory cannot fail.
        serde_json::to_string(&hashed).unwrap_or_default()
    }
}

impl Hash {
    /// The hash of some bytes.
    pub fn of(bytes: &[u8]) -> Hash {
        Hash(Sha256::digest(bytes).into())
    }

    /// A hash from its 64 lower-case hexadecimal digits.
    pub fn parse(digits: &[u8]) -> Option<Hash> {
        let digit = |letter: u8| match letter {
            b'0'..=b'9' => Some(letter - b'0'),
            b'a'..=b'f' => Some(letter - b'a' + 10),
            _ => None,
        };
        if digits.len() != 64 {
            return None;
        }
        let mut hash = Hash::default();
        for (byte, pair) in hash.0.iter_mut().zip(digits.chunks_exact(2)) {
            *byte = digit(pair[0])? * 16 + digit(pair[1])?;
        }
        Some(hash)
    }
}

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const DIGITS: &[u8; 16] = b"0123456789abcdef";
        for byte in self.0 {
            for half in [byte >> 4, byte & 15] {
                fmt::Write::write_char(f, char::from(DIGITS[usize::from(half)]))?;
            }
        }
        Ok(())
    }
}

impl Serialize for Hash {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// A whole chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct VerifiedChain {
    /// How many entries it has.
    pub count: u32,
    /// The hash of the last one.
    pub head: Hash,
}

/// What is wrong with a chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The line is not an entry in the exact form.
    Form,
    /// The hash does not fit the rest of the entry.
    Hash,
    /// It has another place in the chain than in the file.
    Order,
    /// It does not continue the entry before it.
    Link,
    /// It is earlier than the entry before it.
    Time,
    /// The chain ends before the head that was given.
    Truncated,
}

/// The first place where a chain is broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Broken {
    /// Which entry, counted from 0; the number of entries when something is missing after the last.
    pub entry: u32,
    /// What is wrong there.
    pub fault: Fault,
}

const INDEX: &str = "{\"index\":";
const TIME: &str = ",\"t_us\":";
const WHO: &str = ",\"principal\":\"";
const PREVIOUS: &str = ",\"previous\":\"";
const HASH: &str = ",\"hash\":\"";

/// Verifies an audit as it lies in a file, byte by byte: every hash, every link, the order, and that it ends in `head`
/// if one is given. Knows nothing but the file: whoever altered it is not believed anything.
///
/// # Errors
/// Names the first entry that does not fit.
pub fn verify(file: &[u8], head: Option<Hash>) -> Result<VerifiedChain, Broken> {
    let mut whole = VerifiedChain {
        count: 0,
        head: Hash::default(),
    };
    let mut latest_us = 0;
    let mut rest = file;
    while !rest.is_empty() {
        let broken = |fault| Broken {
            entry: whole.count,
            fault,
        };
        let end = rest.iter().position(|byte| *byte == b'\n');
        let (line, after) = rest.split_at(end.ok_or(broken(Fault::Form))?);
        rest = after.get(1..).unwrap_or_default();
        let read = Line::read(line).ok_or(broken(Fault::Form))?;
        if read.hash != read.expected {
            return Err(broken(Fault::Hash));
        }
        if read.index != u64::from(whole.count) {
            return Err(broken(Fault::Order));
        }
        if read.previous != whole.head {
            return Err(broken(Fault::Link));
        }
        if read.t_us < latest_us {
            return Err(broken(Fault::Time));
        }
        latest_us = read.t_us;
        whole.count += 1;
        whole.head = read.hash;
    }
    if head.is_some_and(|head| head != whole.head) {
        return Err(Broken {
            entry: whole.count,
            fault: Fault::Truncated,
        });
    }
    Ok(whole)
}

/// What the chain needs of a line.
struct Line {
    index: u64,
    t_us: u64,
    previous: Hash,
    hash: Hash,
    expected: Hash,
}

impl Line {
    fn read(line: &[u8]) -> Option<Line> {
        let line = line.strip_suffix(b"\"}")?;
        let (line, hash) = line.split_at(line.len().checked_sub(64)?);
        let hashed = line.strip_suffix(HASH.as_bytes())?;
        let body = hashed.strip_suffix(b"\"")?;
        let (body, previous) = body.split_at(body.len().checked_sub(64)?);
        let body = body.strip_suffix(PREVIOUS.as_bytes())?;
        let (index, body) = number(body.strip_prefix(INDEX.as_bytes())?)?;
        let (t_us, body) = number(body.strip_prefix(TIME.as_bytes())?)?;
        body.strip_prefix(WHO.as_bytes())?;
        Some(Line {
            index,
            t_us,
            previous: Hash::parse(previous)?,
            hash: Hash::parse(hash)?,
            expected: Hash::of(&[hashed, b"}"].concat()),
        })
    }
}

/// The number that some bytes begin with, and the rest.
fn number(bytes: &[u8]) -> Option<(u64, &[u8])> {
    let end = bytes.iter().position(|byte| !byte.is_ascii_digit())?;
    let (digits, rest) = bytes.split_at(end);
    let number = std::str::from_utf8(digits).ok()?.parse().ok()?;
    Some((number, rest))
}
