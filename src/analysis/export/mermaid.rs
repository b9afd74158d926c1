//! A sequence diagram of some events, as Mermaid draws it.
//!
//! Mermaid's arrows are level, while a message takes its time. A message whose sender does nothing else (that is drawn)
//! until it arrives is one arrow where it arrives. Any other is an open arrow where it is sent and a note where it
//! arrives. So the order along each lifeline is that of the run, faults among what a process does.

use std::io::{self, Write};

use super::{Run, is_background, plain, title};
use triage_engine::id::{MessageId, ProcessIndex};
use triage_engine::message::Loss;
use triage_engine::record::Record;
use triage_engine::sorted::{SortedMap, SortedSet};
use triage_engine::trace::{Event, Form};
use triage_language::tr;

use super::Range;

/// How many events are drawn if nobody says where to end.
pub const EVENTS: usize = 60;
/// How many can be: Mermaid draws no text of more than 50,000 characters, unless it is set up to.
pub const EVENTS_MAX: usize = 400;

/// The events to draw: all from one place to another; or if no end is given, the first 60 from there that are not
/// background. Both places are included.
///
/// # Errors
/// Says what is wrong with the range.
pub fn choose(run: &Run<'_>, range: Range) -> Result<Vec<u32>, String> {
    let from = range.from.unwrap_or(0);
    let within = |seq: u32| seq < run.count;
    if let Some(beyond) = [Some(from), range.to]
        .into_iter()
        .flatten()
        .find(|seq| !within(*seq))
    {
        return Err(tr!(
            "there is no event {beyond}: the run has {count} events, numbered from 0",
            beyond = beyond,
            count = run.count
        ));
    }
    let events = run.events().skip(from as usize);
    let Some(to) = range.to else {
        let matter = events.filter(|(_, event)| !is_background(&event.record));
        return Ok(matter.take(EVENTS).map(|(seq, _)| seq).collect());
    };
    if to < from {
        return Err(tr!(
            "the range ends at event {to}, before it begins at {from}",
            to = to,
            from = from
        ));
    }
    let wanted = (to - from) as usize + 1;
    if wanted > EVENTS_MAX {
        return Err(tr!(
            "{wanted} events are too many for a Mermaid diagram: choose at most {most}, such as {from} to {to}",
            wanted = wanted,
            most = EVENTS_MAX,
            from = from,
            to = from as usize + EVENTS_MAX - 1
        ));
    }
    Ok((from..=to).collect())
}

/// Writes the diagram of these events, which are in order.
///
/// # Errors
/// Only those of `out`.
pub fn write(run: &Run<'_>, chosen: &[u32], out: &mut dyn Write) -> io::Result<()> {
    let plan = Plan::new(run, chosen);
    let mut text = String::from("sequenceDiagram\n");
    for process in plan.participants.iter() {
        text.push_str("    participant ");
        lifeline(&mut text, *process);
        text.push_str(" as ");
        escaped(&mut text, run.name(*process));
        text.push('\n');
    }
    for seq in chosen {
        if let Some(event) = run.trace.get(*seq) {
            plan.draw(&mut text, *seq, event);
        }
    }
    out.write_all(text.as_bytes())
}

/// What has to be known before the first line is drawn.
struct Plan<'a> {
    run: &'a Run<'a>,
    participants: SortedSet<ProcessIndex>,
    sends: SortedMap<MessageId, Way>,
    lost: SortedMap<MessageId, Loss>,
}

/// The way of a message whose send is drawn.
#[derive(Clone, Copy)]
struct Way {
    /// The receipt at which it is drawn as one arrow.
    arrow_at: Option<u32>,
}

impl<'a> Plan<'a> {
    fn new(run: &'a Run<'a>, chosen: &[u32]) -> Plan<'a> {
        let mut plan = Plan {
            run,
            participants: SortedSet::default(),
            sends: SortedMap::default(),
            lost: SortedMap::default(),
        };
        for (_, event) in run.events() {
            if let (
                Form::Environment {
                    message: Some(message),
                },
                Record::MessageDropped(.., why),
            ) = (event.form, &event.record)
            {
                plan.lost.insert(message, *why);
            }
        }
        // The latest event of each process that is drawn.
        let mut latest: SortedMap<ProcessIndex, u32> = SortedMap::default();
        for (seq, event) in chosen
            .iter()
            .filter_map(|seq| Some((*seq, run.trace.get(*seq)?)))
        {
            for process in around(event) {
                plan.participants.insert(process);
            }
            match event.form {
                Form::Send { message, .. } => {
                    plan.sends.insert(message, Way { arrow_at: None });
                }
                Form::Receipt {
                    from,
                    message,
                    cause,
                } if latest.get(&from) == Some(&cause) => {
                    if let Some(way) = plan.sends.get_mut(&message) {
                        way.arrow_at.get_or_insert(seq);
                    }
                }
                _ => {}
            }
            match event.form {
                // Drawn by its arrow.
                Form::Environment {
                    message: Some(message),
                } if plan.sends.contains_key(&message) => {}
                // What happens to a process has its place among what it does; what touches all, among all.
                Form::Environment { .. } => {
                    let concerned = around(event);
                    if concerned.is_empty() {
                        latest.clear();
                    }
                    for process in concerned {
                        latest.insert(process, seq);
                    }
                }
                _ => {
                    if let Some(process) = event.process() {
                        latest.insert(process, seq);
                    }
                }
            }
        }
        if plan.participants.is_empty() {
            // A run that has only begun: Mermaid wants somebody.
            plan.participants.insert(ProcessIndex::SYSTEM);
        }
        plan
    }

    fn draw(&self, text: &mut String, seq: u32, event: &Event) {
        match event.form {
            Form::Send { to, message, .. } => {
                let way = self.sends.get(&message);
                if way.is_some_and(|way| way.arrow_at.is_some()) {
                    return;
                }
                let Some(from) = event.process() else {
                    unreachable!("only processes send messages");
                };
                let lost = self.lost.get(&message);
                let head = if lost.is_some() { "-x" } else { "-)" };
                self.arrow(text, from, head, to);
                self.says(text, seq, event);
                if let Some(why) = lost {
                    text.push_str(", lost: ");
                    escaped(text, why.code());
                }
            }
            Form::Receipt {
                from,
                message,
                cause,
            } => {
                let way = self.sends.get(&message);
                let Some(own) = event.process() else {
                    unreachable!("only processes receive messages");
                };
                if way.is_some_and(|way| way.arrow_at == Some(seq)) {
                    self.arrow(text, from, "->>", own);
                    if let Some(send) = self.run.trace.get(cause) {
                        self.says(text, cause, send);
                    }
                    text.push_str(" → ");
                } else {
                    self.note(text, &[own]);
                    text.push_str("message ");
                    text.push_str(&message.0.to_string());
                    text.push_str(" of ");
                    escaped(text, self.run.name(from));
                    text.push_str(" arrives: ");
                }
                self.says(text, seq, event);
            }
            Form::Local => {
                self.note(text, &around(event));
                self.says(text, seq, event);
            }
            Form::Environment { message } => {
                // Its arrow is crossed already.
                if message.is_some_and(|message| self.sends.contains_key(&message)) {
                    return;
                }
                let concerned = around(event);
                let all: Vec<ProcessIndex> = self.participants.iter().copied().collect();
                self.note(
                    text,
                    if concerned.is_empty() {
                        &all
                    } else {
                        &concerned
                    },
                );
                self.says(text, seq, event);
            }
        }
        text.push('\n');
    }

    fn arrow(&self, text: &mut String, from: ProcessIndex, head: &str, to: ProcessIndex) {
        text.push_str("    ");
        lifeline(text, from);
        text.push_str(head);
        lifeline(text, to);
        text.push_str(": ");
    }

    fn note(&self, text: &mut String, over: &[ProcessIndex]) {
        text.push_str("    Note over ");
        for (place, process) in [over.first(), over.last()]
            .into_iter()
            .flatten()
            .enumerate()
        {
            if place == 0 || over.len() > 1 {
                text.push_str(if place > 0 { "," } else { "" });
                lifeline(text, *process);
            }
        }
        text.push_str(": ");
    }

    /// "17 job_routed job-3 attempt 1", with the number of a message that is drawn as an open arrow.
    fn says(&self, text: &mut String, seq: u32, event: &Event) {
        let record = &event.record;
        text.push_str(&seq.to_string());
        text.push(' ');
        escaped(text, &title(record));
        if let Some(job) = record.job() {
            text.push(' ');
            text.push_str(&job.to_string());
        }
        if let Some(attempt) = record.attempt() {
            text.push_str(" attempt ");
            text.push_str(&attempt.number.to_string());
        }
        if let Some(executor) = record.executor() {
            text.push(' ');
            escaped(text, self.run.name(executor));
        }
        match record {
            Record::Emergency(announcement) => {
                text.push(' ');
                escaped(text, announcement.kind.name());
                text.push(' ');
                text.push_str(announcement.level.name());
            }
            Record::ModeSet { level, .. } => {
                text.push(' ');
                text.push_str(level.name());
            }
            Record::CommandDenied(denial) => {
                text.push_str(": ");
                escaped(text, denial.reason.code());
            }
            Record::JobRefused { reason, .. } => {
                text.push_str(": ");
                escaped(text, reason.code());
            }
            Record::MessageReceived(.., Some(ignored)) => {
                text.push_str(", ignored: ");
                escaped(text, ignored.code());
            }
            _ => {}
        }
        if let Some(fault) = record.fault() {
            text.push(' ');
            text.push_str(fault);
        }
        if let Form::Send { message, .. } = event.form {
            let way = self.sends.get(&message);
            if way.is_none_or(|way| way.arrow_at.is_none()) {
                text.push_str(", message ");
                text.push_str(&message.0.to_string());
            }
        }
    }
}

/// Whose lifelines an event touches.
fn around(event: &Event) -> Vec<ProcessIndex> {
    let own = event.process();
    let other = match event.form {
        Form::Send { to, .. } => Some(to),
        Form::Receipt { from, .. } => Some(from),
        Form::Environment { .. } => match &event.record {
            Record::MessageDropped(from, to, _) => return vec![*from, *to],
            record => record.executor(),
        },
        Form::Local => None,
    };
    own.into_iter().chain(other).collect()
}

/// What the lines call a process: its name could be a word of Mermaid's.
fn lifeline(text: &mut String, process: ProcessIndex) {
    text.push('p');
    text.push_str(&process.0.to_string());
}

/// Appends words of others so that Mermaid takes them for words: what ends a line or a statement, begins an entity, a
/// comment, a directive or markup is written as an entity.
fn escaped(text: &mut String, words: &str) {
    for c in words.chars().map(plain) {
        if matches!(
            c,
            '#' | ';' | ':' | '%' | '<' | '>' | '&' | '"' | '\\' | '`' | '{' | '}' | '$'
        ) {
            text.push('#');
            text.push_str(&u32::from(c).to_string());
            text.push(';');
        } else {
            text.push(c);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_others_end_no_line_and_no_statement() {
        let mut text = String::new();
        escaped(&mut text, "a;b\n%%c #1 <br>");
        assert_eq!(text, "a#59;b #37;#37;c #35;1 #60;br#62;");
    }
}
