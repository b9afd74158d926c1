//! A query's text as terms and the words between them.

use super::error::QueryError;
use triage_language::say;

/// A term as it was typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word {
    /// Where it begins, in characters from 0.
    pub position: usize,
    /// Whether `-` stood before it.
    pub negated: bool,
    /// What stood before the colon; `None` for plain text.
    pub field: Option<String>,
    /// The rest, without its quotes.
    pub value: String,
}

/// The parts of a query.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Token {
    /// A term.
    Term(Word),
    /// `or`
    Or,
    /// `->`
    Arrow,
    /// `||`
    Beside,
    /// `without`
    Without,
}

/// Splits a query; every token with its position.
pub fn tokens(query: &str) -> Result<Vec<(usize, Token)>, QueryError> {
    let letters: Vec<char> = query.chars().collect();
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(letter) = letters.get(at) {
        let pair = (*letter, letters.get(at + 1).copied());
        match pair {
            (letter, _) if letter.is_whitespace() => at += 1,
            ('-', Some('>')) => {
                found.push((at, Token::Arrow));
                at += 2;
            }
            ('|', Some('|')) => {
                found.push((at, Token::Beside));
                at += 2;
            }
            _ => {
                let begin = at;
                let token = term(&letters, &mut at)?;
                // Whoever writes "and" means what a blank means.
                if let Some(token) = token {
                    found.push((begin, token));
                }
            }
        }
    }
    Ok(found)
}

fn term(letters: &[char], at: &mut usize) -> Result<Option<Token>, QueryError> {
    let position = *at;
    let negated = letters[position] == '-'
        && letters
            .get(position + 1)
            .is_some_and(|next| !next.is_whitespace());
    *at += usize::from(negated);
    let (mut field, mut value, mut quoted) = (None, String::new(), false);
    while let Some(letter) = letters.get(*at) {
        match letter {
            '"' if value.is_empty() && !quoted => {
                quoted = true;
                value = quotation(letters, at)?;
            }
            ':' if field.is_none() && !quoted && !value.is_empty() => {
                field = Some(std::mem::take(&mut value));
                *at += 1;
            }
            letter if letter.is_whitespace() => break,
            '-' if letters.get(*at + 1) == Some(&'>') => break,
            '|' if letters.get(*at + 1) == Some(&'|') => break,
            letter => {
                value.push(*letter);
                *at += 1;
            }
        }
    }
    if field.is_none() && !quoted && !negated {
        match value.to_lowercase().as_str() {
            "or" => return Ok(Some(Token::Or)),
            "and" => return Ok(None),
            "without" => return Ok(Some(Token::Without)),
            _ => {}
        }
    }
    Ok(Some(Token::Term(Word {
        position,
        negated,
        field: field.map(|field| field.to_lowercase()),
        value,
    })))
}

fn quotation(letters: &[char], at: &mut usize) -> Result<String, QueryError> {
    let begin = *at;
    let length = letters[begin + 1..]
        .iter()
        .position(|letter| *letter == '"');
    let Some(length) = length else {
        let wrong = say("the closing quotation mark is missing").to_owned();
        return Err(QueryError::new(begin, wrong, say("add \" at the end")));
    };
    *at = begin + length + 2;
    Ok(letters[begin + 1..=begin + length].iter().collect())
}
