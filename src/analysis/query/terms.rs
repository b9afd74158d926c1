//! One term of a query: what it asks of an event, how it is read, and whether an event meets it.

use super::error::QueryError;
use super::tokens::Word;
use triage_engine::emergency::Level;
use triage_engine::id::{EmergencyId, JobId, ProcessIndex};
use triage_engine::job::{Class, Job};
use triage_engine::message::MessageKind;
use triage_engine::record::Record;
use triage_engine::time::SECOND_NS;
use triage_engine::trace::{Event, Form, Trace};
use triage_language::tr;

/// The fields, with an example of each.
pub const FIELDS: [(&str, &str); 18] = [
    ("kind", "kind:job_started"),
    ("process", "process:exec-1"),
    ("to", "to:exec-1"),
    ("from", "from:recovery"),
    ("executor", "executor:exec-1"),
    ("job", "job:job-3"),
    ("message", "message:12"),
    ("class", "class:emergency"),
    ("emergency", "emergency:fire"),
    ("level", "level:HIGH"),
    ("attempt", "attempt:2"),
    ("fault", "fault:crash"),
    ("after", "after:42.5"),
    ("before", "before:60"),
    ("seq", "seq:10..20"),
    ("what", "what:ack"),
    ("reason", "reason:superseded"),
    ("text", "text:\"cold start\""),
];

/// A name, or with `*` at its end how a name begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name {
    /// Lower-case.
    pub begin: String,
    /// Whether anything may follow.
    pub open: bool,
}

impl Name {
    fn new(value: &str) -> Name {
        let value = value.to_lowercase();
        match value.strip_suffix('*') {
            Some(begin) => Name {
                begin: begin.to_owned(),
                open: true,
            },
            None => Name {
                begin: value,
                open: false,
            },
        }
    }

    fn is(&self, name: &str) -> bool {
        if self.open {
            name.starts_with(&self.begin)
        } else {
            name == self.begin
        }
    }
}

/// What is asked of an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Test {
    /// Its kind.
    Kind(Name),
    /// Who recorded it.
    Process(Name),
    /// Who is to receive the message it is about.
    To(Name),
    /// Who sent the message it is about.
    From(Name),
    /// The executor it names or is of.
    Executor(Name),
    /// The job it is about.
    Job(JobId),
    /// Part of the name of that job, lower-case.
    JobNamed(String),
    /// The message it is about, or repeats.
    Message(u32),
    /// The class of its job.
    Class(Class),
    /// The emergency it announces.
    Emergency(EmergencyId),
    /// The type of that emergency or of its job.
    EmergencyType(Name),
    /// The level it states.
    Level(Level),
    /// The attempt of a job.
    Attempt(u32),
    /// The fault.
    Fault(&'static str),
    /// Not before this, in ns.
    After(u64),
    /// Before this, in ns.
    Before(u64),
    /// A place in the trace: first and last.
    Seq(u32, u32),
    /// What a message is called.
    MessageKind(Name),
    /// Part of the reason it gives, lower-case.
    Reason(String),
    /// Part of what it says, lower-case.
    Text(String),
}

/// A test, or its opposite.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Term {
    /// Whether the event must fail the test.
    pub negated: bool,
    /// The test.
    pub test: Test,
}

impl Term {
    /// Reads a term.
    pub fn read(word: &Word) -> Result<Term, QueryError> {
        let test = match &word.field {
            None => Test::Text(word.value.to_lowercase()),
            Some(field) => read_field(field, word)?,
        };
        Ok(Term {
            negated: word.negated,
            test,
        })
    }

    /// Whether an event meets it. `text` says what an event says.
    pub fn matches(
        &self,
        trace: &Trace,
        seq: u32,
        event: &Event,
        text: &dyn Fn(u32) -> String,
    ) -> bool {
        self.test.holds(trace, seq, event, text) != self.negated
    }
}

fn read_field(field: &str, word: &Word) -> Result<Test, QueryError> {
    let Some((_, example)) = FIELDS.iter().find(|(name, _)| *name == field) else {
        let known: Vec<&str> = FIELDS.iter().map(|(name, _)| *name).collect();
        let mut error = QueryError::unknown_field(word.position, field, &known);
        error.possible = tr!(
            "{possible} (put text with a colon in quotes: \"{field}:{value}\")",
            possible = error.possible,
            field = field,
            value = word.value
        );
        return Err(error);
    };
    let value = word.value.as_str();
    let wrong = |wrong: String| {
        QueryError::new(word.position, wrong, &tr!("for example, write {}", example))
    };
    if value.is_empty() {
        return Err(wrong(tr!("{}: has no value", field)));
    }
    let term = || [field, ":", value].concat();
    let moment =
        || moment(value).ok_or_else(|| wrong(tr!("{} is not a time in seconds or ms", term())));
    let number = |prefix: &str| value.strip_prefix(prefix).unwrap_or(value).parse::<u32>();
    let one_of = |known: &[&str]| {
        let same = |name: &&str| name.eq_ignore_ascii_case(value);
        let place = known.iter().position(same);
        place.ok_or_else(|| QueryError::unknown(word.position, field, value, known))
    };
    let name = Name::new(value);
    let listed = |name: Name, known: &[&str]| {
        if known.iter().any(|known| name.is(known)) {
            return Ok(name);
        }
        Err(QueryError::unknown(
            word.position,
            field,
            value.trim_end_matches('*'),
            known,
        ))
    };
    Ok(match field {
        "kind" => Test::Kind(listed(name, &Record::KINDS)?),
        "what" => Test::MessageKind(listed(name, &MessageKind::ALL.map(MessageKind::name))?),
        "process" => Test::Process(name),
        "to" => Test::To(name),
        "from" => Test::From(name),
        "executor" => Test::Executor(name),
        "job" => match number("job-") {
            Ok(number) => Test::Job(JobId(number)),
            Err(_) => Test::JobNamed(name.begin),
        },
        "message" => Test::Message(
            number("").map_err(|_| wrong(tr!("{} is not the number of a message", term())))?,
        ),
        "attempt" => Test::Attempt(
            number("").map_err(|_| wrong(tr!("{} is not the number of an attempt", term())))?,
        ),
        "class" => {
            Test::Class([Class::Normal, Class::Emergency][one_of(&["normal", "emergency"])?])
        }
        "emergency" => match number("emergency-") {
            Ok(number) => Test::Emergency(EmergencyId(number)),
            Err(_) => Test::EmergencyType(name),
        },
        "level" => {
            let place = one_of(&["NONE", "LOW", "MEDIUM", "HIGH", "CRITICAL"])?;
            let declarable = place.checked_sub(1).map(|place| Level::DECLARABLE[place]);
            Test::Level(declarable.unwrap_or(Level::None))
        }
        "fault" => Test::Fault(Record::FAULTS[one_of(&Record::FAULTS)?]),
        "after" => Test::After(moment()?),
        "before" => Test::Before(moment()?),
        "seq" => {
            let (first, last) = places(value)
                .ok_or_else(|| wrong(tr!("{} is not a position in the trace", term())))?;
            Test::Seq(first, last)
        }
        "reason" => Test::Reason(value.to_lowercase()),
        _ => Test::Text(value.to_lowercase()),
    })
}

/// `42`, `42.5`, `42.5s` or `1500ms`, in ns.
fn moment(value: &str) -> Option<u64> {
    let (digits, unit_ns) = match (value.strip_suffix("ms"), value.strip_suffix('s')) {
        (Some(digits), _) => (digits, SECOND_NS / 1000),
        (None, Some(digits)) => (digits, SECOND_NS),
        (None, None) => (value, SECOND_NS),
    };
    let (whole, part) = digits.split_once('.').unwrap_or((digits, "0"));
    if part.is_empty() || part.len() > 9 || !part.bytes().all(|digit| digit.is_ascii_digit()) {
        return None;
    }
    let whole_ns = whole.parse::<u64>().ok()?.checked_mul(unit_ns)?;
    let part_ns = part.parse::<u64>().ok()? * unit_ns / 10_u64.pow(part.len() as u32);
    whole_ns.checked_add(part_ns)
}

/// `15`, `10..20`, `10..` or `..20`, both ends included.
fn places(value: &str) -> Option<(u32, u32)> {
    let place = |text: &str, open| {
        if text.is_empty() {
            Some(open)
        } else {
            text.parse().ok()
        }
    };
    match value.split_once("..") {
        None => value.parse().ok().map(|seq| (seq, seq)),
        Some(("", "")) => None,
        Some((first, last)) => Some((place(first, 0)?, place(last, u32::MAX)?)),
    }
}

impl Test {
    fn holds(&self, trace: &Trace, seq: u32, event: &Event, text: &dyn Fn(u32) -> String) -> bool {
        let record = &event.record;
        let is = |process: Option<ProcessIndex>, name: &Name| {
            process.is_some_and(|process| name.is(trace.name(process)))
        };
        let job = || trace.jobs().get(record.job()?.0 as usize - 1);
        match self {
            Test::Kind(name) => name.is(record.kind()),
            Test::Process(name) => match event.process() {
                Some(process) => name.is(trace.name(process)),
                None => name.is("environment"),
            },
            Test::To(name) => is(receiver(event), name),
            Test::From(name) => is(sender(event), name),
            Test::Executor(name) => is(record.executor(), name) || is(event.process(), name),
            Test::Job(number) => record.job() == Some(*number),
            Test::JobNamed(part) => job().is_some_and(|job| contains(&job.name, part)),
            Test::Message(number) => is_about_message(event, *number),
            Test::Class(class) => job().is_some_and(|job| job.class() == *class),
            Test::Emergency(id) => {
                matches!(record, Record::Emergency(told) if told.emergency == *id)
            }
            Test::EmergencyType(name) => has_emergency_type(record, job().map(|job| &**job), name),
            Test::Level(level) => match record {
                Record::Emergency(told) => told.level == *level,
                Record::ModeSet { level: set, .. } => set == level,
                _ => false,
            },
            Test::Attempt(number) => record
                .attempt()
                .is_some_and(|attempt| attempt.number == *number),
            Test::Fault(fault) => record.fault() == Some(*fault),
            Test::After(t_ns) => event.t_ns >= *t_ns,
            Test::Before(t_ns) => event.t_ns < *t_ns,
            Test::Seq(first, last) => (*first..=*last).contains(&seq),
            Test::MessageKind(name) => match record {
                Record::MessageHeld(held) => name.is(held.what.name()),
                record => record.what().is_some_and(|what| name.is(what.name())),
            },
            Test::Reason(part) => gives_reason(record, part),
            Test::Text(part) => {
                contains(record.kind(), part)
                    || event
                        .process()
                        .is_some_and(|process| contains(trace.name(process), part))
                    || contains(&text(seq), part)
            }
        }
    }
}

fn receiver(event: &Event) -> Option<ProcessIndex> {
    match (event.form, &event.record) {
        (Form::Send { to, .. }, _) => Some(to),
        (Form::Receipt { .. }, _) => event.process(),
        (_, Record::MessageDropped(_, to, _)) => Some(*to),
        (_, Record::ClockForged(forgery)) => Some(forgery.to),
        (_, Record::MessageHeld(_)) => event.process(),
        _ => None,
    }
}

fn sender(event: &Event) -> Option<ProcessIndex> {
    match (event.form, &event.record) {
        (Form::Send { .. }, _) => event.process(),
        (Form::Receipt { from, .. }, _) => Some(from),
        (_, Record::MessageDropped(from, ..)) => Some(*from),
        (_, Record::ClockForged(forgery)) => Some(forgery.from),
        (_, Record::MessageHeld(held)) => Some(held.from),
        _ => None,
    }
}

fn is_about_message(event: &Event, number: u32) -> bool {
    match event.form {
        Form::Local => {
            matches!(&event.record, Record::MessageHeld(held) if held.message.0 == number)
        }
        Form::Send {
            message, retry_of, ..
        } => message.0 == number || retry_of.is_some_and(|original| original.0 == number),
        Form::Receipt { message, .. } => message.0 == number,
        Form::Environment { message } => message.is_some_and(|message| message.0 == number),
    }
}

fn has_emergency_type(record: &Record, job: Option<&Job>, name: &Name) -> bool {
    let kind = match record {
        Record::Emergency(told) => Some(&told.kind),
        Record::FunctionPrewarmed(kind) => Some(kind),
        _ => job.and_then(|job| job.emergency.as_ref()),
    };
    kind.is_some_and(|kind| name.is(kind.name()))
}

fn gives_reason(record: &Record, part: &str) -> bool {
    let mut found = false;
    record.fields(&mut |key, field| {
        if key == "reason" {
            use triage_engine::record::Field;
            found |= match field {
                Field::Text(reason) => contains(reason, part),
                Field::Made(reason) => contains(&reason, part),
                _ => false,
            };
        }
    });
    found
}

/// Whether a text has a lower-case part in any case.
fn contains(text: &str, part: &str) -> bool {
    if text.is_ascii() && !part.is_empty() {
        let mut windows = text.as_bytes().windows(part.len());
        return windows.any(|window| window.eq_ignore_ascii_case(part.as_bytes()));
    }
    text.to_lowercase().contains(part)
}
