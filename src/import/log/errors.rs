//! What is wrong with a log.

use std::fmt;

use triage_language::tr;

/// So many problems are told one by one.
const PROBLEMS_TOLD: usize = 12;

/// Everything that is wrong with a log, each with its line; the first few in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogErrors {
    /// Line and sentence, in the order of lines.
    pub told: Vec<(u32, String)>,
    /// How many more there are.
    pub more: usize,
}

impl fmt::Display for LogErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, (line, sentence)) in self.told.iter().enumerate() {
            if place > 0 {
                f.write_str("\n")?;
            }
            match line {
                0 => f.write_str(sentence)?,
                line => f.write_str(&tr!(
                    "line {line}: {sentence}",
                    line = line,
                    sentence = sentence
                ))?,
            }
        }
        match self.more {
            0 => Ok(()),
            more => {
                f.write_str("\n")?;
                f.write_str(&tr!("and {} more", more))
            }
        }
    }
}

impl std::error::Error for LogErrors {}

impl LogErrors {
    pub(super) fn of(mut problems: Vec<(u32, String)>) -> LogErrors {
        problems.sort();
        let more = problems.len().saturating_sub(PROBLEMS_TOLD);
        problems.truncate(PROBLEMS_TOLD);
        LogErrors {
            told: problems,
            more,
        }
    }

    pub(super) fn one(line: u32, sentence: impl Into<String>) -> LogErrors {
        LogErrors::of(vec![(line, sentence.into())])
    }
}
