//! Exports a run to the formats of other tools.

use std::io::{BufWriter, Write};
use std::path::Path;

use triage_analysis::export::{self, Format, Problem, Range, Run};
use triage_engine::EmergencySystem;
use triage_engine::trace::Recorder;

use super::run::create;
use crate::Failure;

pub fn export(
    system: &EmergencySystem,
    format: Format,
    range: Range,
    file: Option<&Path>,
) -> Result<(), Failure> {
    let run = Run {
        trace: system.trace(),
        count: system.trace().count(),
        end_ns: system.world().now_ns(),
    };
    let failure = |problem| match problem {
        Problem::Asked(words) => Failure::Message(words),
        Problem::Output(error) => Failure::Output(error),
    };
    match file {
        None => {
            let mut out = BufWriter::new(std::io::stdout().lock());
            export::write(&run, format, range, &mut out).map_err(failure)?;
            out.flush()?;
        }
        Some(path) => {
            // Check first, so that a failed export doesn't create an empty file or overwrite an existing one.
            if let Err(words) = export::check(&run, format, range) {
                return Err(Failure::Message(words));
            }
            let mut out = BufWriter::new(create(path)?);
            export::write(&run, format, range, &mut out).map_err(failure)?;
            out.flush()?;
        }
    }
    Ok(())
}
