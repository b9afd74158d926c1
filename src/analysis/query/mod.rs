//! Looking for events: by their fields, by what they say, and by how they stand to each other.
//!
//! Terms joined by blanks must all hold: `kind:job_started class:emergency after:42`. `or` separates
//! alternatives, `-` before a term turns it round, a name may end in `*`. `A -> B` finds the events of B that
//! an event of A happened before, `A -> B without C` those with no event of C between, `A || B` the
//! events of B that are concurrent with an event of A.

mod error;
mod patterns;
mod terms;
mod tokens;
mod words;

pub use error::QueryError;
pub use terms::FIELDS;
use terms::Term;
use tokens::{Token, tokens};

use crate::bits::Bits;
use crate::lanes::Lanes;
use triage_engine::trace::{Event, Trace};
use triage_language::{say, tr};

/// Alternatives, of each of which every term must hold.
type Any = Vec<Vec<Term>>;

/// One arrow of a pattern.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Step {
    /// The events that one of those before happened before.
    After(Any),
    /// The same with none of the second between.
    AfterWithout(Any, Any),
    /// The events that are concurrent with one of those before.
    Beside(Any),
}

/// A query that was understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Query {
    first: Any,
    steps: Vec<Step>,
}

/// What a query found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Hits {
    /// Places in the trace, in order.
    pub seqs: Vec<u32>,
    /// Whether some events were not looked at, because it would have taken too long.
    pub capped: bool,
    /// What a person should know about the result.
    pub note: Option<String>,
}

impl Query {
    /// Reads a query; the empty one finds everything.
    ///
    /// # Errors
    /// With the place, what is wrong there and what would be right.
    pub fn parse(query: &str) -> Result<Query, QueryError> {
        let tokens = tokens(query)?;
        let mut rest = tokens.as_slice();
        let first = read_any(&mut rest)?;
        let mut steps = Vec::new();
        while let Some((position, token)) = rest.split_first().map(|(token, after)| {
            rest = after;
            token
        }) {
            let sides_missing = |side: &Any| side.is_empty().then(|| needs_sides(*position, token));
            if let Some(error) = sides_missing(&first) {
                return Err(error);
            }
            let side = read_any(&mut rest)?;
            if let Some(error) = sides_missing(&side) {
                return Err(error);
            }
            let alone = steps.is_empty() && rest.is_empty();
            match (token, steps.pop()) {
                (Token::Arrow, last) if !matches!(last, Some(Step::Beside(_))) => {
                    steps.extend(last);
                    steps.push(Step::After(side));
                }
                (Token::Without, Some(Step::After(end))) => {
                    steps.push(Step::AfterWithout(end, side))
                }
                (Token::Beside, None) if alone => steps.push(Step::Beside(side)),
                _ => return Err(misplaced(*position, token)),
            }
        }
        Ok(Query { first, steps })
    }

    /// Whether it asks how events stand to each other, so that one event alone cannot answer it.
    pub fn is_pattern(&self) -> bool {
        !self.steps.is_empty()
    }

    /// Whether one event meets it; for a pattern, whether it can be among the hits. `text` says what an
    /// event says.
    pub fn matches(
        &self,
        trace: &Trace,
        seq: u32,
        event: &Event,
        text: &dyn Fn(u32) -> String,
    ) -> bool {
        let shown = match self.steps.last() {
            None => &self.first,
            Some(Step::After(side) | Step::AfterWithout(side, _) | Step::Beside(side)) => side,
        };
        meets(shown, trace, seq, event, text)
    }

    /// Every event it finds; of a pattern, those of its last side. `text` says what an event says.
    pub fn hits(&self, trace: &Trace, lanes: &Lanes, text: &dyn Fn(u32) -> String) -> Hits {
        let select = |any: &Any| {
            let mut set = Bits::default();
            for (seq, event) in trace.iter() {
                if meets(any, trace, seq, event, text) {
                    set.insert(seq);
                }
            }
            set
        };
        let mut set = select(&self.first);
        let (mut stopped_at, mut timeless) = (None, false);
        for step in &self.steps {
            let begun = set.iter().next().is_some();
            timeless |= begun && !set.iter().any(|seq| has_clock(trace, seq));
            let found = match step {
                Step::After(side) => {
                    set = patterns::after(trace, &set).and(&select(side));
                    continue;
                }
                Step::AfterWithout(side, between) => {
                    let (side, between) = (select(side), select(between));
                    patterns::after_without(trace, lanes, &set, &side, &between)
                }
                Step::Beside(side) => patterns::beside(trace, lanes, &set, &select(side)),
            };
            set = found.set;
            stopped_at = stopped_at.or(found.stopped_at);
        }
        Hits {
            seqs: set.iter().collect(),
            capped: stopped_at.is_some(),
            note: note(stopped_at, timeless),
        }
    }

    /// What it looks for, in a sentence without its full stop.
    pub fn sentence(&self) -> String {
        let mut said = words::any(&self.first);
        if self.first.is_empty() {
            return say("all events").to_owned();
        }
        for step in &self.steps {
            said = match step {
                Step::After(side) => tr!(
                    "{what}, with {before} in their past",
                    what = words::any(side),
                    before = said
                ),
                Step::AfterWithout(side, between) => tr!(
                    "{what}, with {before} in their past and no {between} between",
                    what = words::any(side),
                    before = said,
                    between = words::any(between)
                ),
                Step::Beside(side) => tr!(
                    "{what}, concurrent with {others}",
                    what = words::any(side),
                    others = said
                ),
            };
        }
        said
    }
}

fn note(stopped_at: Option<u32>, timeless: bool) -> Option<String> {
    match stopped_at {
        Some(seq) => Some(tr!(
            "only events before #{} were searched: search for fewer kinds, or for one process",
            seq
        )),
        None if timeless => Some(
            say(
                "events of the environment (faults, lost messages) have no clock, so they have no happened-before relation",
            )
            .to_owned(),
        ),
        None => None,
    }
}

fn has_clock(trace: &Trace, seq: u32) -> bool {
    trace
        .get(seq)
        .is_some_and(|event| event.process().is_some())
}

fn meets(any: &Any, trace: &Trace, seq: u32, event: &Event, text: &dyn Fn(u32) -> String) -> bool {
    let all = |terms: &Vec<Term>| {
        terms
            .iter()
            .all(|term| term.matches(trace, seq, event, text))
    };
    any.is_empty() || any.iter().any(all)
}

/// Terms up to what stands between the sides of a pattern, which is left in `rest`.
fn read_any(rest: &mut &[(usize, Token)]) -> Result<Any, QueryError> {
    let mut any: Any = Vec::new();
    let mut alternative = Vec::new();
    let mut open = None;
    while let Some(((position, token), after)) = rest.split_first() {
        match token {
            Token::Term(word) => {
                alternative.push(Term::read(word)?);
                open = None;
            }
            Token::Or => {
                if alternative.is_empty() {
                    return Err(needs_sides(*position, token));
                }
                any.push(std::mem::take(&mut alternative));
                open = Some(*position);
            }
            _ => break,
        }
        *rest = after;
    }
    if let Some(position) = open {
        return Err(needs_sides(position, &Token::Or));
    }
    if !alternative.is_empty() {
        any.push(alternative);
    }
    Ok(any)
}

fn sign(token: &Token) -> &'static str {
    match token {
        Token::Or => "or",
        Token::Without => "without",
        Token::Beside => "||",
        Token::Arrow | Token::Term(_) => "->",
    }
}

fn needs_sides(position: usize, token: &Token) -> QueryError {
    let sign = sign(token);
    let wrong = tr!("\"{}\" needs something on both sides", sign);
    let example = match token {
        Token::Or => {
            say("write kind:job_paused or kind:job_resumed; put the word itself in quotes")
        }
        Token::Without => {
            say("write kind:job_routed -> kind:job_completed without kind:job_paused")
        }
        Token::Beside => say("write kind:job_started || kind:mode_set"),
        Token::Arrow | Token::Term(_) => say("write kind:job_routed -> kind:job_started"),
    };
    QueryError::new(position, wrong, example)
}

fn misplaced(position: usize, token: &Token) -> QueryError {
    let wrong = tr!("\"{}\" is in the wrong place", sign(token));
    let possible = match token {
        Token::Without => say("it follows a single arrow: A -> B without C"),
        _ => say("use || once, between two sides: A || B"),
    };
    QueryError::new(position, wrong, possible)
}

#[cfg(test)]
mod tests;
