//! What is wrong with a query, so that a person can put it right.

use std::fmt;

use triage_language::tr;

/// Why a query cannot be understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueryError {
    /// Where, in characters from 0.
    pub position: usize,
    /// What is wrong there.
    pub wrong: String,
    /// What would be right.
    pub possible: String,
}

impl fmt::Display for QueryError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&tr!(
            "at character {at}: {wrong}; {possible}",
            at = self.position + 1,
            wrong = self.wrong,
            possible = self.possible
        ))
    }
}

impl std::error::Error for QueryError {}

impl QueryError {
    pub(super) fn new(position: usize, wrong: String, possible: &str) -> QueryError {
        QueryError {
            position,
            wrong,
            possible: possible.to_owned(),
        }
    }

    /// A value that is none of those known to a field.
    pub(super) fn unknown(position: usize, field: &str, word: &str, known: &[&str]) -> QueryError {
        let wrong = tr!("there is no {field} \"{word}\"", field = field, word = word);
        QueryError::new(position, wrong, &meant(word, known))
    }

    /// A field that is none.
    pub(super) fn unknown_field(position: usize, word: &str, known: &[&str]) -> QueryError {
        let wrong = tr!("there is no field \"{}\"", word);
        QueryError::new(position, wrong, &meant(word, known))
    }
}

/// Suggests the known word that a word was probably meant to be, or lists all.
fn meant(word: &str, known: &[&str]) -> String {
    match nearest(word, known) {
        Some(nearest) => tr!("did you mean {}?", nearest),
        None => tr!("it is one of {}", known.join(", ")),
    }
}

/// The known word with the fewest letters to change, if they are few, or the first that contains the word.
fn nearest<'a>(word: &str, known: &[&'a str]) -> Option<&'a str> {
    let word = word.to_lowercase();
    let apart = |other: &&&str| distance(&word, other);
    let closest = known.iter().min_by_key(apart)?;
    if distance(&word, closest) <= (word.len() / 3).max(1) {
        return Some(closest);
    }
    let contains = |other: &&&str| word.len() > 2 && other.to_lowercase().contains(&word);
    known.iter().find(contains).copied()
}

/// Letters to insert, delete, replace or exchange with their neighbour (Damerau and Levenshtein).
fn distance(a: &str, b: &str) -> usize {
    let a: Vec<char> = a.to_lowercase().chars().collect();
    let b: Vec<char> = b.to_lowercase().chars().collect();
    let mut rows = vec![vec![0; b.len() + 1]; a.len() + 1];
    for i in 0..=a.len() {
        for j in 0..=b.len() {
            if i == 0 || j == 0 {
                rows[i][j] = i + j;
                continue;
            }
            let replaced = rows[i - 1][j - 1] + usize::from(a[i - 1] != b[j - 1]);
            let mut least = replaced.min(rows[i - 1][j] + 1).min(rows[i][j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                least = least.min(rows[i - 2][j - 2] + 1);
            }
            rows[i][j] = least;
        }
    }
    rows[a.len()][b.len()]
}
