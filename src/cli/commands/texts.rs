//! Updates the translation catalogues, or reports what they lack.

use std::io::Write;
use std::path::Path;

use triage_cli::texts::{problems, translated, update};

use crate::Failure;

/// The source tree that this program was built from, which contains the texts.
const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");

/// Updates every catalogue; with `check`, only compares them.
pub fn texts(check: bool) -> Result<(), Failure> {
    let mut out = std::io::stdout().lock();
    let mut whole = true;
    for language in translated() {
        if !check {
            let said = update(Path::new(ROOT), language).map_err(Failure::Message)?;
            writeln!(out, "{said}")?;
            continue;
        }
        for problem in problems(Path::new(ROOT), language).map_err(Failure::Message)? {
            writeln!(out, "{}: {problem}", language.tag())?;
            whole = false;
        }
    }
    if whole { Ok(()) } else { Err(Failure::Broken) }
}
