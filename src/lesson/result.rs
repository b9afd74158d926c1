//! The short code of a finished lesson, for a student to hand in: `messages-3-of-4-7KQ2`. Its last four characters are
//! check digits: they catch a slip of the pen. They are a courtesy and keep nobody from making a code up.

use triage_engine::audit::Hash;
use triage_language::tr;

/// Crockford's base 32: no letter that is taken for a digit.
const DIGITS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const CHECK_DIGITS: usize = 4;

/// What a code says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Score {
    /// The name of the lesson.
    pub lesson: String,
    /// How many questions were answered rightly at the first attempt.
    pub right: u32,
    /// How many there are.
    pub questions: u32,
}

impl Score {
    /// The code.
    pub fn code(&self) -> String {
        let body = self.body();
        [&body, "-", &check_digits(&body)].concat()
    }

    fn body(&self) -> String {
        format!("{}-{}-of-{}", self.lesson, self.right, self.questions)
    }

    /// Reads a code, in capitals or not, with blanks around it or not.
    ///
    /// # Errors
    /// Says whether it is no code or one with a slip in it.
    pub fn read(code: &str) -> Result<Score, String> {
        let code = code.trim();
        let quoted = format!("{code:?}");
        let shape = || {
            tr!(
                "{code} is no result code: one looks like messages-3-of-4-7KQ2",
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
                "{code} does not fit its check digits: one of its characters is wrong",
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
