//! A query said in a sentence.

use super::terms::{Name, Term, Test};
use triage_engine::job::Class;
use triage_engine::time::SECOND_NS;
use triage_language::{language, say, tr};

/// One of several conjunctions of terms.
pub fn any(alternatives: &[Vec<Term>]) -> String {
    let said = alternatives.iter().map(|terms| all(terms));
    said.reduce(|a, b| tr!("{a}, or {b}", a = a, b = b))
        .unwrap_or_default()
}

fn all(terms: &[Term]) -> String {
    let is_noun = |term: &&Term| !term.negated && matches!(term.test, Test::Kind(_));
    let noun = terms.iter().find(is_noun);
    let mut words = match noun {
        Some(Term {
            test: Test::Kind(name),
            ..
        }) => tr!("{} events", said(name)),
        _ => say("events").to_owned(),
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
            return if negated {
                tr!("that do not contain \"{}\"", part)
            } else {
                tr!("that contain \"{}\"", part)
            };
        }
        // The other side of a moment is as easy to say.
        Test::After(t_ns) | Test::Before(t_ns) => {
            let after = matches!(term.test, Test::After(_)) != negated;
            return if after {
                tr!("events" => "after {}", seconds(*t_ns))
            } else {
                tr!("events" => "before {}", seconds(*t_ns))
            };
        }
        Test::Kind(name) => tr!("of kind {}", said(name)),
        Test::Process(name) => tr!("events" => "of {}", said(name)),
        Test::To(name) => tr!("with a message to {}", said(name)),
        Test::From(name) => tr!("with a message from {}", said(name)),
        Test::Executor(name) => tr!("of or about {}", said(name)),
        Test::Job(job) => tr!("events" => "about {}", job),
        Test::JobNamed(part) => tr!("about a job with \"{}\" in its name", part),
        Test::Message(number) => tr!("about message {}", number),
        Test::Class(Class::Normal) => say("of normal jobs").to_owned(),
        Test::Class(Class::Emergency) => say("of emergency jobs").to_owned(),
        Test::Emergency(id) => tr!("events" => "about {}", id),
        Test::EmergencyType(name) => tr!("about {} emergencies", said(name).replace('_', " ")),
        Test::Level(level) => tr!("with level {}", level),
        Test::Attempt(number) => tr!("of attempt {}", number),
        Test::Fault(fault) => tr!("of the fault \"{}\"", fault),
        Test::Seq(first, last) if first == last => tr!("numbered {}", first),
        Test::Seq(first, u32::MAX) => tr!("numbered {} or higher", first),
        Test::Seq(first, last) => tr!("numbered {first} to {last}", first = first, last = last),
        Test::MessageKind(name) => tr!("with a message called {}", said(name)),
        Test::Reason(part) => tr!("with \"{}\" in their reason", part),
    };
    if negated {
        tr!("events" => "not {}", words)
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
    let mark = language().decimal_mark();
    format!("{whole}{mark}{} s", digits.trim_end_matches('0'))
}
