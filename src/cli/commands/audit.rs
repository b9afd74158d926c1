//! The command `audit`: verifies the hash chain of an audit file.

use std::io::Write;
use std::path::Path;

use triage_engine::audit::{Hash, verify};

use crate::Failure;

/// Parses a hash from the command line.
pub fn hash(digits: &str) -> Result<Hash, String> {
    Hash::parse(digits.as_bytes()).ok_or_else(|| "give 64 lower-case hexadecimal digits".to_owned())
}

/// Prints the number of entries and the head of the chain, or the first inconsistent entry.
pub fn audit(path: &Path, head: Option<Hash>) -> Result<(), Failure> {
    let file = std::fs::read(path)
        .map_err(|error| Failure::Message(format!("{}: {error}", path.display())))?;
    let mut out = std::io::stdout().lock();
    match verify(&file, head) {
        Ok(whole) => Ok(writeln!(
            out,
            "intact: {} entries, head {}",
            whole.count, whole.head
        )?),
        Err(broken) => {
            writeln!(out, "broken: {}", triage_labels::broken(&broken))?;
            Err(Failure::Broken)
        }
    }
}
