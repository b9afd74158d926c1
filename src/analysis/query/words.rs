//! A query said in a sentence.

use super::terms::{Name, Term, Test};
use crate::engine::time::SECOND_NS;

/// One of several conjunctions of terms.
pub fn any(alternatives: &[Vec<Term>]) -> String {
    let said: Vec<String> = alternatives.iter().map(|terms| all(terms)).collect();
    said.join(", or ")
}

fn all(terms: &[Term]) -> String {
    let is_noun = |term: &&Term| !term.negated && matches!(term.test, Test::Kind(_));
    let noun = terms.iter().find(is_noun);
    let mut words = match noun {
        Some(Term {
            test: Test::Kind(name),
            ..
        }) => format!("{} events", said(name)),
        _ => "events".to_owned(),
    };
    let when = |term: &&Term| matches!(term.test, Test::After(_) | Test::Before(_));
    let others = || terms.iter().filter(|term| noun != Some(*term));
    for term in others()
        .filter(|term| !when(term))
        .chain(others().filter(when))
    {
        words.push(' ');
        words += &phrase(term);
    }
    words
}

fn phrase(term: &Term) -> String {
    let negated = term.negated;
    let words = match &term.test {
        Test::Text(part) => {
            let verb = if negated {
                "that do not say"
            } else {
                "that say"
            };
            return format!("{verb} \"{part}\"");
        }
        // The other side of a moment is as easy to say.
        Test::After(t_ns) | Test::Before(t_ns) => {
            let after = matches!(term.test, Test::After(_)) != negated;
            return format!(
                "{} {}",
                if after { "after" } else { "before" },
                seconds(*t_ns)
            );
        }
        Test::Kind(name) => format!("of kind {}", said(name)),
        Test::Process(name) => format!("of {}", said(name)),
        Test::To(name) => format!("with a message to {}", said(name)),
        Test::From(name) => format!("with a message from {}", said(name)),
        Test::Executor(name) => format!("of or about {}", said(name)),
        Test::Job(job) => format!("about {job}"),
        Test::JobNamed(part) => format!("about a job with \"{part}\" in its name"),
        Test::Message(number) => format!("about message {number}"),
        Test::Class(class) => format!("of {} jobs", class.name()),
        Test::Emergency(id) => format!("about {id}"),
        Test::EmergencyType(name) => format!("about {} emergencies", said(name).replace('_', " ")),
        Test::Level(level) => format!("with level {level}"),
        Test::Attempt(number) => format!("of attempt {number}"),
        Test::Fault(fault) => format!("of the fault \"{fault}\""),
        Test::Seq(first, last) if first == last => format!("numbered {first}"),
        Test::Seq(first, u32::MAX) => format!("numbered {first} or higher"),
        Test::Seq(first, last) => format!("numbered {first} to {last}"),
        Test::What(name) => format!("with a message called {}", said(name)),
        Test::Reason(part) => format!("with \"{part}\" in their reason"),
    };
    if negated {
        format!("not {words}")
    } else {
        words
    }
}

fn said(name: &Name) -> String {
    let star = if name.open { "*" } else { "" };
    format!("{}{star}", name.begin)
}

fn seconds(t_ns: u64) -> String {
    let (whole, part) = (t_ns / SECOND_NS, t_ns % SECOND_NS);
    if part == 0 {
        return format!("{whole} s");
    }
    let digits = format!("{part:09}");
    format!("{whole}.{} s", digits.trim_end_matches('0'))
}
