//! The life of one thing through all processes: of a job, an emergency or a message, as places in the trace.
//!
//! One or two passes over the trace each, so a million events take milliseconds and nothing is kept.

use super::bits::Bits;
use triage_engine::id::{EmergencyId, JobId, MessageId, ProcessIndex};
use triage_engine::message::MessageKind;
use triage_engine::record::Record;
use triage_engine::trace::{Event, Form, Trace};

/// Every event about a job, and every sending, receipt and loss of a message that carries it, in order. A
/// message that carries several jobs at once is part of the story of each.
pub fn job_story(trace: &Trace, job: JobId) -> Vec<u32> {
    let mut messages = Bits::default();
    // A handler that hands jobs over says so job by job and then sends them in one message.
    let mut next: Vec<Option<MessageKind>> = vec![None; trace.names().len()];
    for (_, event) in trace.iter() {
        let Some(process) = event.process() else {
            continue;
        };
        let expected = &mut next[process.index()];
        match (&event.record, event.form) {
            (Record::JobOrphaned(attempt, _), _) if attempt.job == job => {
                *expected = Some(MessageKind::Orphans);
            }
            (
                Record::MessageReceived(MessageKind::Orphans, _, None),
                Form::Receipt { message, .. },
            ) if messages.contains(message.0) => {
                *expected = Some(MessageKind::Reassigned);
            }
            (
                Record::MessageSent(what, _),
                Form::Send {
                    message,
                    retry_of: None,
                    ..
                },
            ) if *expected == Some(*what) => {
                messages.insert(message.0);
                *expected = None;
            }
            (record, Form::Send { message, .. }) if record.job() == Some(job) => {
                messages.insert(message.0);
            }
            (
                _,
                Form::Send {
                    message,
                    retry_of: Some(original),
                    ..
                },
            ) if messages.contains(original.0) => {
                messages.insert(message.0);
            }
            _ => {}
        }
    }
    with_messages(trace, messages, &|_, event| event.record.job() == Some(job))
}

/// Every announcement of an emergency, its way to recovery and from there to the executors, and how each of
/// them came to work under it, by whatever message it learnt; in order.
pub fn emergency_story(trace: &Trace, emergency: EmergencyId) -> Vec<u32> {
    let mut announcements = Announcements::new(trace, emergency);
    for (seq, event) in trace.iter() {
        announcements.observe(trace, seq, event);
    }
    let Announcements {
        messages, modes, ..
    } = announcements;
    with_messages(trace, messages, &|seq, _| modes.contains(seq))
}

/// A message in all its transmissions: sent, sent again, received as often as it was, lost. Any of its numbers
/// finds it; empty if there was no such message.
pub fn message_story(trace: &Trace, message: MessageId) -> Vec<u32> {
    let mut messages = Bits::default();
    for (_, event) in trace.iter() {
        if let Form::Send {
            message: number,
            retry_of,
            ..
        } = event.form
            && number == message
        {
            messages.insert(retry_of.unwrap_or(number).0);
            break;
        }
    }
    with_messages(trace, messages, &|_, _| false)
}

/// What concerns these messages and their repetitions, and what else is asked for.
fn with_messages(
    trace: &Trace,
    mut messages: Bits,
    also: &dyn Fn(u32, &Event) -> bool,
) -> Vec<u32> {
    let mut story = Vec::new();
    for (seq, event) in trace.iter() {
        let number = match event.form {
            Form::Local => match &event.record {
                Record::MessageHeld(held) => Some(held.message),
                _ => None,
            },
            Form::Send {
                message, retry_of, ..
            } => {
                if retry_of.is_some_and(|original| messages.contains(original.0)) {
                    messages.insert(message.0);
                }
                Some(message)
            }
            Form::Receipt { message, .. } => Some(message),
            Form::Environment { message } => message,
        };
        if number.is_some_and(|number| messages.contains(number.0)) || also(seq, event) {
            story.push(seq);
        }
    }
    story
}

/// Follows the versions of the emergency state: each announcement of any emergency makes the next one.
struct Announcements {
    emergency: EmergencyId,
    version: u32,
    /// The versions that its announcements made.
    own: Vec<u32>,
    /// The version of each announcement, by the place of its sending.
    sends: Vec<(u32, u32)>,
    /// The version each process knows.
    known: Vec<u32>,
    messages: Bits,
    modes: Bits,
    /// The process whose latest event was one of the modes.
    changing: Vec<bool>,
}

impl Announcements {
    fn new(trace: &Trace, emergency: EmergencyId) -> Announcements {
        let processes = trace.names().len();
        Announcements {
            emergency,
            version: 0,
            own: Vec::new(),
            sends: Vec::new(),
            known: vec![0; processes],
            messages: Bits::default(),
            modes: Bits::default(),
            changing: vec![false; processes],
        }
    }

    fn observe(&mut self, trace: &Trace, seq: u32, event: &Event) {
        let Some(process) = event.process() else {
            return;
        };
        let mut changes = false;
        match (&event.record, event.form) {
            (Record::Emergency(told), Form::Send { message, .. }) => {
                self.version += 1;
                self.sends.push((seq, self.version));
                if told.emergency == self.emergency {
                    self.own.push(self.version);
                    self.messages.insert(message.0);
                }
            }
            (Record::MessageReceived(_, _, None), Form::Receipt { cause, .. }) => {
                if let Some(version) = self.announced(trace, cause) {
                    self.known[process.index()] = version;
                }
            }
            // Notices to everybody come with the announcement, orders after it was received.
            (
                Record::MessageSent(what, _),
                Form::Send {
                    message,
                    retry_of: None,
                    ..
                },
            ) => {
                let version = match what {
                    MessageKind::EmergencyNotice => self.version,
                    MessageKind::SetMode => self.known[process.index()],
                    _ => 0,
                };
                if self.own.contains(&version) {
                    self.messages.insert(message.0);
                }
                // An acknowledgement comes between what was learnt and what it leads to.
                return;
            }
            (Record::ModeSet { version, .. }, Form::Receipt { message, cause, .. }) => {
                changes = self.learns(process, *version);
                if changes {
                    self.modes.insert(seq);
                    self.messages
                        .insert(first_number(trace, cause).unwrap_or(message).0);
                    self.messages.insert(message.0);
                }
            }
            // Functions are warmed up because of the state that was just learnt.
            (Record::FunctionPrewarmed(_), _) if self.changing[process.index()] => {
                changes = true;
                self.modes.insert(seq);
            }
            _ => {}
        }
        self.changing[process.index()] = changes;
    }

    /// Whether a version new to a process brings it news of this emergency.
    fn learns(&mut self, process: ProcessIndex, version: u32) -> bool {
        let known = std::mem::replace(&mut self.known[process.index()], version);
        let news = |own: &u32| known < *own && *own <= version;
        self.own.iter().any(news)
    }

    /// The version that an announcement made, by the place of its sending or of its repetition.
    fn announced(&self, trace: &Trace, send: u32) -> Option<u32> {
        let by_place = |seq: u32| {
            let place = self.sends.binary_search_by_key(&seq, |(place, _)| *place);
            place.ok().map(|place| self.sends[place].1)
        };
        by_place(send).or_else(|| {
            let original = first_number(trace, send)?;
            let is_it = |(seq, _): &&(u32, u32)| number_of(trace, *seq) == Some(original);
            self.sends.iter().find(is_it).map(|(_, version)| *version)
        })
    }
}

/// The number of what was sent at a place.
fn number_of(trace: &Trace, send: u32) -> Option<MessageId> {
    match trace.get(send)?.form {
        Form::Send { message, .. } => Some(message),
        _ => None,
    }
}

/// The number that what was sent at a place had first, if it is a repetition.
fn first_number(trace: &Trace, send: u32) -> Option<MessageId> {
    match trace.get(send)?.form {
        Form::Send { retry_of, .. } => retry_of,
        _ => None,
    }
}

#[cfg(test)]
mod tests;
