//! Result codes of completed lessons, which students hand in: `messages-3-of-4-7KQ2`. The last four characters are
//! check digits. They detect typing errors, but not forgery.

use triage_engine::audit::Hash;
use triage_language::tr;

/// Crockford's base 32, without letters that resemble digits.
const DIGITS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const CHECK_DIGITS: usize = 4;

/// The content of a code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Score {
    /// Name of the lesson.
    pub lesson: String,
    /// Number of questions answered correctly at the first attempt.
    pub right: u32,
    /// Number of questions.
    pub questions: u32,
}

impl Score {
    pub fn code(&self) -> String {
        let body = self.body();
        [&body, "-", &check_digits(&body)].concat()
    }

    fn body(&self) -> String {
        format!("{}-{}-of-{}", self.lesson, self.right, self.questions)
    }

    /// Reads a code, in upper or lower case, ignoring surrounding whitespace.
    ///
    /// # Errors
    /// If it isn't a code, or the check digits don't match.
    pub fn read(code: &str) -> Result<Score, String> {
        let code = code.trim();
        let quoted = format!("{code:?}");
        let shape = || {
            tr!(
                "{code} isn't a result code: a result code looks like messages-3-of-4-7KQ2",
                code = quoted
            )
        };
        let (body, digits) = code.rsplit_once('-').ok_or_else(shape)?;
        let body = body.to_lowercase();
        let (rest, questions) = body.rsplit_once("-of-").ok_or_else(shape)?;
        let (lesson, right) = rest.rsplit_once('-').ok_or_else(shape)?;
        let number = |text: &str| text.parse::<u32>().map_err(|_| shape());
        let score = Score {
            lesson: lesson.to_owned(),
            right: number(right)?,
            questions: number(questions)?,
        };
        if check_digits(&score.body()) != digits.to_uppercase() || score.right > score.questions {
            return Err(tr!(
                "{code} has wrong check characters: compare it with the original",
                code = quoted
            ));
        }
        Ok(score)
    }
}

fn check_digits(body: &str) -> String {
    let hash = Hash::of(["triage lesson result 1 ", body].concat().as_bytes());
    let digit = |byte: &u8| char::from(DIGITS[usize::from(byte % 32)]);
    hash.0.iter().take(CHECK_DIGITS).map(digit).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_read_back_and_slips_are_caught() {
        let score = Score {
            lesson: "local-events".to_owned(),
            right: 3,
            questions: 4,
        };
        let code = score.code();
        assert!(code.starts_with("local-events-3-of-4-"), "{code}");
        assert_eq!(Score::read(&code.to_lowercase()), Ok(score));
        assert!(Score::read(&code.replace("3-of", "4-of")).is_err());
        for none in ["", "-", "a-b", "x-1-of-2", "x-9-of-y-0000", "ü-1-of-1-ÄÖ"] {
            assert!(Score::read(none).is_err(), "{none}");
        }
    }
}
