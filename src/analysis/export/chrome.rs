//! The Trace Event Format (Duffy and others, "Trace Event Format", Google), which Perfetto and chrome://tracing open.
//!
//! Each process of the system is a process. Its first thread has its events: sends and receipts as slices, since only
//! slices can be the ends of an arrow, and everything else as instants. Each slot is a further thread, with a slice for
//! every stretch in which a job ran there. Emergencies, and faults of one process, are nested spans on the tracks of
//! the system and of that process. Moments and lengths are whole µs.

use std::io::{self, Write};

use super::json::{self, Value};
use super::{ENVIRONMENT, Run, is_background, title};
use crate::slots::{End, SlotOccupancy, Slots};
use triage_engine::id::{EmergencyId, ProcessIndex};
use triage_engine::message::{Announcement, EmergencyChange};
use triage_engine::record::{FaultKind, Field, Record};
use triage_engine::sorted::SortedMap;
use triage_engine::time::to_us;
use triage_engine::trace::{Event, Form};

/// How long a send or receipt is drawn, in µs. In the model a handler takes no time.
const SLICE_US: u64 = 1;
/// Room for the threads of one process: its events and at most 1024 slots.
const THREADS: u64 = 10_000;

/// A process's number there: 0 means something else to Perfetto.
fn pid(process: ProcessIndex) -> u64 {
    u64::from(process.0) + 1
}

/// Thread numbers are unique over all processes, as they are in an operating system.
fn events_tid(pid: u64) -> u64 {
    pid * THREADS
}

fn slot_tid(pid: u64, slot: u16) -> u64 {
    events_tid(pid) + u64::from(slot) + 1
}

/// Writes one JSON object, an event a line.
pub fn write(run: &Run<'_>, out: &mut dyn Write) -> io::Result<()> {
    let (scenario, seed) = run.scenario();
    let mut head = String::from("{\"displayTimeUnit\":\"ms\",\"otherData\":");
    let about = [
        ("scenario", Value::Text(scenario)),
        ("seed", Value::Made(seed.to_string())),
    ];
    json::object(&mut head, &about);
    head.push_str(",\"traceEvents\":[");
    out.write_all(head.as_bytes())?;
    let mut sheet = Sheet {
        run,
        out,
        begun: false,
        environment: run.processes().map(pid).max().unwrap_or(0) + 1,
        result: Ok(()),
    };
    let slots = Slots::until(run.trace, run.count);
    sheet.names(&slots);
    for stay in slots.stays() {
        sheet.stay(stay);
    }
    sheet.events();
    let Sheet { out, result, .. } = sheet;
    result?;
    out.write_all(b"\n]}\n")
}

type Fields<'a> = Vec<(&'static str, Value<'a>)>;

/// What is being written.
struct Sheet<'a, 'o> {
    run: &'a Run<'a>,
    out: &'o mut dyn Write,
    begun: bool,
    /// The number of what is outside every process: the next after theirs.
    environment: u64,
    result: io::Result<()>,
}

impl<'a> Sheet<'a, '_> {
    /// One event: its phase, where, what else.
    fn put(&mut self, phase: &'static str, pid: u64, tid: u64, rest: Fields<'_>) {
        if self.result.is_err() {
            return;
        }
        let mut line = String::from(if self.begun { ",\n" } else { "\n" });
        self.begun = true;
        let mut fields = vec![
            ("ph", Value::Text(phase)),
            ("pid", Value::Number(pid)),
            ("tid", Value::Number(tid)),
        ];
        fields.extend(rest);
        json::object(&mut line, &fields);
        self.result = self.out.write_all(line.as_bytes());
    }

    /// How processes and threads are called, and their order.
    fn names(&mut self, slots: &Slots) {
        let run = self.run;
        let named = run
            .processes()
            .map(|process| (pid(process), run.name(process)));
        for (pid, name) in named.chain([(self.environment, ENVIRONMENT)]) {
            self.metadata(
                "process_name",
                pid,
                events_tid(pid),
                ("name", Value::Text(name)),
            );
            let order = ("sort_index", Value::Number(pid));
            self.metadata("process_sort_index", pid, events_tid(pid), order);
            self.metadata(
                "thread_name",
                pid,
                events_tid(pid),
                ("name", Value::Text("events")),
            );
        }
        for (executor, capacity) in slots.executors() {
            for slot in 0..capacity {
                let (pid, name) = (pid(executor), format!("slot {}", slot + 1));
                let name = ("name", Value::Made(name));
                self.metadata("thread_name", pid, slot_tid(pid, slot), name);
            }
        }
    }

    fn metadata(
        &mut self,
        name: &'static str,
        pid: u64,
        tid: u64,
        field: (&'static str, Value<'_>),
    ) {
        let args = Value::Object(vec![field]);
        self.put(
            "M",
            pid,
            tid,
            vec![("name", Value::Text(name)), ("args", args)],
        );
    }

    /// A stretch of a job in a slot.
    fn stay(&mut self, stay: &SlotOccupancy) {
        let job = stay.attempt.job;
        let jobs = self.run.trace.jobs();
        let known = jobs.get((job.0 as usize).wrapping_sub(1));
        let name = known.map_or_else(|| job.to_string(), |job| job.name.to_string());
        let (from_us, to_us) = (
            to_us(stay.from_ns),
            to_us(stay.to_ns.unwrap_or(self.run.end_ns)),
        );
        let end = match stay.end {
            End::Running => "still runs",
            End::Completed => "completed",
            End::Paused => "paused",
            End::Lost => "lost",
        };
        let args = vec![
            ("job", Value::Made(job.to_string())),
            ("attempt", Value::Number(stay.attempt.number.into())),
            (
                "begins",
                Value::Text(if stay.resumed { "resumed" } else { "started" }),
            ),
            ("end", Value::Text(end)),
            ("seq", Value::Number(stay.from_seq.into())),
        ];
        let rest = vec![
            ("name", Value::Made(name)),
            ("cat", Value::Text(stay.class.name())),
            ("ts", Value::Number(from_us)),
            ("dur", Value::Number(to_us.saturating_sub(from_us))),
            ("args", Value::Object(args)),
        ];
        let pid = pid(stay.executor);
        self.put("X", pid, slot_tid(pid, stay.slot), rest);
    }

    /// Every event, every arrow behind its two ends, and the spans.
    fn events(&mut self) {
        let mut arrows: Vec<(u32, u32)> = self
            .run
            .events()
            .filter_map(|(seq, event)| Some((event.cause()?, seq)))
            .collect();
        arrows.sort_unstable();
        let mut arrows = arrows.into_iter().peekable();
        let mut spans = Spans::default();
        for (seq, event) in self.run.events() {
            self.event(seq, event);
            // An arrow belongs to the latest slice of its thread, so its ends follow their slices at once.
            while let Some((_, receipt)) = arrows.next_if(|(cause, _)| *cause == seq) {
                self.arrow("s", event, receipt);
            }
            if event.cause().is_some() {
                self.arrow("f", event, seq);
            }
            self.span(&mut spans, seq, event);
        }
        self.close(spans);
    }

    fn event(&mut self, seq: u32, event: &Event) {
        let record = &event.record;
        let pid = event.process().map_or(self.environment, pid);
        let is_message = matches!(event.form, Form::Send { .. } | Form::Receipt { .. });
        let category = match event.process() {
            _ if is_background(record) => "background",
            None => ENVIRONMENT,
            Some(_) if is_message => "message",
            Some(_) => "local",
        };
        let mut rest = vec![
            ("name", Value::Made(title(record))),
            ("cat", Value::Text(category)),
            ("ts", Value::Number(to_us(event.t_ns))),
        ];
        rest.push(if is_message {
            ("dur", Value::Number(SLICE_US))
        } else {
            ("s", Value::Text("t"))
        });
        rest.push(("args", Value::Object(self.arguments(seq, event))));
        let phase = if is_message { "X" } else { "i" };
        self.put(phase, pid, events_tid(pid), rest);
    }

    fn arguments<'e>(&self, seq: u32, event: &'e Event) -> Fields<'e>
    where
        'a: 'e,
    {
        let run = self.run;
        let mut arguments = vec![("seq", Value::Number(seq.into()))];
        match event.form {
            Form::Send {
                to,
                message,
                retry_of,
            } => {
                arguments.push(("to", Value::Text(run.name(to))));
                arguments.push(("message", Value::Number(message.0.into())));
                if let Some(first) = retry_of {
                    arguments.push(("retry_of", Value::Number(first.0.into())));
                }
            }
            Form::Receipt { from, message, .. } => {
                arguments.push(("from", Value::Text(run.name(from))));
                arguments.push(("message", Value::Number(message.0.into())));
            }
            Form::Environment {
                message: Some(message),
            } => arguments.push(("message", Value::Number(message.0.into()))),
            _ => {}
        }
        event.record.fields(&mut |key, field| {
            let value = match field {
                Field::Text(text) => Value::Text(text),
                Field::Made(text) => Value::Made(text),
                Field::Number(number) => Value::Number(number),
                Field::Process(process) => Value::Text(run.name(process)),
            };
            // What is held back has fields of the message's own.
            if arguments.iter().all(|(known, _)| *known != key) {
                arguments.push((key, value));
            }
        });
        arguments
    }

    /// One end of the arrow of a message; a second delivery is an arrow of its own.
    fn arrow(&mut self, phase: &'static str, event: &Event, receipt: u32) {
        let pid = event.process().map_or(self.environment, pid);
        let mut rest = vec![
            ("name", Value::Text("message")),
            ("cat", Value::Text("message")),
            ("id", Value::Number(receipt.into())),
            ("ts", Value::Number(to_us(event.t_ns))),
        ];
        if phase == "f" {
            // It ends in the slice around it, not in the next one.
            rest.push(("bp", Value::Text("e")));
        }
        self.put(phase, pid, events_tid(pid), rest);
    }

    // Spans ---------------------------------------------------------------------------------------------------

    fn span(&mut self, spans: &mut Spans, seq: u32, event: &Event) {
        let t_us = to_us(event.t_ns);
        match &event.record {
            // A repetition says nothing new.
            Record::Emergency(announcement) if !is_repetition(event) => {
                self.emergency(spans, announcement, t_us);
            }
            Record::FaultInjected(fault, process, _) => {
                self.fault_cleared(spans, *fault, *process, t_us);
                let span = Span {
                    category: "fault",
                    name: fault.name().to_owned(),
                    id: seq.into(),
                    pid: pid(*process),
                };
                self.edge("b", &span, t_us);
                spans.faults.insert((*process, fault.name()), span);
            }
            Record::FaultCleared(fault, process) => {
                self.fault_cleared(spans, *fault, *process, t_us);
            }
            _ => {}
        }
    }

    fn emergency(&mut self, spans: &mut Spans, announcement: &Announcement, t_us: u64) {
        let id = announcement.emergency;
        let span = |name| Span {
            category: "emergency",
            name,
            id: id.0.into(),
            pid: pid(ProcessIndex::SYSTEM),
        };
        let level = || span(announcement.level.name().to_owned());
        match announcement.change {
            EmergencyChange::Declared => {
                let whole = span([&id.to_string(), " ", announcement.kind.name()].concat());
                self.edge("b", &whole, t_us);
                self.edge("b", &level(), t_us);
                spans.emergencies.insert(id, (whole, level()));
            }
            EmergencyChange::Changed => {
                if let Some((_, now)) = spans.emergencies.get_mut(&id) {
                    self.edge("e", now, t_us);
                    *now = level();
                    self.edge("b", now, t_us);
                }
            }
            EmergencyChange::Cleared => {
                if let Some((whole, now)) = spans.emergencies.remove(&id) {
                    self.edge("e", &now, t_us);
                    self.edge("e", &whole, t_us);
                }
            }
        }
    }

    fn fault_cleared(
        &mut self,
        spans: &mut Spans,
        fault: FaultKind,
        process: ProcessIndex,
        t_us: u64,
    ) {
        if let Some(span) = spans.faults.remove(&(process, fault.name())) {
            self.edge("e", &span, t_us);
        }
    }

    /// What has not ended is drawn to the end of the run.
    fn close(&mut self, spans: Spans) {
        let t_us = self.run.end_us();
        for (whole, now) in spans.emergencies.values() {
            self.edge("e", now, t_us);
            self.edge("e", whole, t_us);
        }
        for span in spans.faults.values() {
            self.edge("e", span, t_us);
        }
    }

    fn edge(&mut self, phase: &'static str, span: &Span, t_us: u64) {
        let rest = vec![
            ("name", Value::Text(&span.name)),
            ("cat", Value::Text(span.category)),
            ("id", Value::Number(span.id)),
            ("ts", Value::Number(t_us)),
        ];
        self.put(phase, span.pid, events_tid(span.pid), rest);
    }
}

fn is_repetition(event: &Event) -> bool {
    matches!(
        event.form,
        Form::Send {
            retry_of: Some(_),
            ..
        }
    )
}

/// Something that lasts beside the slots.
struct Span {
    category: &'static str,
    name: String,
    id: u64,
    pid: u64,
}

/// What has begun and not ended.
#[derive(Default)]
struct Spans {
    /// The whole, and its present level.
    emergencies: SortedMap<EmergencyId, (Span, Span)>,
    faults: SortedMap<(ProcessIndex, &'static str), Span>,
}
