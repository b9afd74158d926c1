//! The append-only trace. It keeps causes, not vectors: every stamp is rebuilt on demand by replaying a chunk
//! from the clocks saved at its beginning, so a million events of a hundred processes fit in a browser tab.

use crate::sorted::SortedMap;
use std::io::{self, Write};
use std::rc::Rc;

use serde::ser::{Serialize, SerializeMap, Serializer};

use super::clock::{Clocks, Stamp, WallClock};
use super::id::{MessageId, ProcessIndex};
use super::job::Job;
use super::record::{Field, Record};

/// Events between two saved sets of clocks: bounds the work of rebuilding one stamp.
const CHUNK_EVENTS: usize = 4096;

/// Which of the four forms an event has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Inside one process.
    Local,
    /// Sends a message.
    Send {
        /// To whom.
        to: ProcessIndex,
        /// Its number, new.
        message: MessageId,
        /// The first transmission, if this is a repetition.
        retry_of: Option<MessageId>,
    },
    /// Receives a message.
    Receipt {
        /// From whom.
        from: ProcessIndex,
        /// Its number.
        message: MessageId,
        /// Place of the send in the trace.
        cause: u32,
    },
    /// Outside every process.
    Environment {
        /// The message concerned, if any.
        message: Option<MessageId>,
    },
}

/// One recorded event; its place in the trace is its `seq`.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    /// When, in ns.
    pub t_ns: u64,
    /// Where; meaningless for the environment, see `process()`.
    process: ProcessIndex,
    /// Its form and its cause.
    pub form: Form,
    /// What it says.
    pub record: Record,
}

// A million events have to fit in a browser tab.
const _: () = assert!(size_of::<Event>() <= 64);

impl Event {
    /// An event of a process.
    pub fn new(t_ns: u64, process: ProcessIndex, form: Form, record: Record) -> Self {
        Event {
            t_ns,
            process,
            form,
            record,
        }
    }

    /// An event of the environment.
    pub fn environment(t_ns: u64, message: Option<MessageId>, record: Record) -> Self {
        Event {
            t_ns,
            process: ProcessIndex(u16::MAX),
            form: Form::Environment { message },
            record,
        }
    }

    /// The process that recorded it; `None` for the environment.
    pub fn process(&self) -> Option<ProcessIndex> {
        match self.form {
            Form::Environment { .. } => None,
            _ => Some(self.process),
        }
    }

    /// Every event it received from, with its process: of a log's event there may be several.
    pub fn causes(&self) -> impl Iterator<Item = (ProcessIndex, u32)> {
        let first = match self.form {
            Form::Receipt { from, cause, .. } => Some((from, cause)),
            _ => None,
        };
        let more = match &self.record {
            Record::Logged(logged) => logged.more_causes.as_slice(),
            _ => &[],
        };
        first.into_iter().chain(more.iter().copied())
    }

    /// Whether others may have received from it: it sends a message, or is an event of a log, which does not say.
    pub fn may_be_cause(&self) -> bool {
        matches!(self.form, Form::Send { .. }) || matches!(self.record, Record::Logged(_))
    }

    /// Place of the send it received, if it is a receipt.
    pub fn cause(&self) -> Option<u32> {
        match self.form {
            Form::Receipt { cause, .. } => Some(cause),
            _ => None,
        }
    }
}

/// Where the world writes what happens.
pub trait Recorder {
    /// A process joins under the next free index.
    fn process(&mut self, _name: Rc<str>, _wall: WallClock) {}
    /// A job is submitted under the next free number.
    fn job(&mut self, _job: Rc<Job>) {}
    /// How many events there are.
    fn count(&self) -> u32;
    /// Whether the next event wants the clocks of this moment first.
    fn wants_clocks(&self) -> bool {
        false
    }
    /// The clocks of every process, and the stamps on their way with the place of their sends.
    fn clocks(&mut self, _clocks: Vec<Clocks>, _in_flight: Vec<(u32, Rc<Stamp>)>) {}
    /// The next event.
    fn event(&mut self, event: Event);
}

/// Counts and forgets: for replaying what a trace holds already.
#[derive(Clone, Debug, Default)]
pub struct CountingRecorder {
    /// Events so far.
    pub count: u32,
}

impl Recorder for CountingRecorder {
    fn count(&self) -> u32 {
        self.count
    }
    fn event(&mut self, _: Event) {
        self.count += 1;
    }
}

#[derive(Clone, Debug)]
struct Chunk {
    events: Vec<Event>,
    clocks: Vec<Clocks>,
    in_flight: Vec<(u32, Rc<Stamp>)>,
}

/// Everything that happened, in order.
#[derive(Clone, Debug, Default)]
pub struct Trace {
    chunks: Vec<Chunk>,
    processes: Vec<(Rc<str>, WallClock)>,
    jobs: Vec<Rc<Job>>,
}

impl Recorder for Trace {
    fn process(&mut self, name: Rc<str>, wall: WallClock) {
        self.processes.push((name, wall));
    }

    fn job(&mut self, job: Rc<Job>) {
        self.jobs.push(job);
    }

    fn count(&self) -> u32 {
        let full = self.chunks.len().saturating_sub(1) * CHUNK_EVENTS;
        (full + self.chunks.last().map_or(0, |chunk| chunk.events.len())) as u32
    }

    fn wants_clocks(&self) -> bool {
        self.chunks
            .last()
            .is_none_or(|chunk| chunk.events.len() == CHUNK_EVENTS)
    }

    fn clocks(&mut self, clocks: Vec<Clocks>, in_flight: Vec<(u32, Rc<Stamp>)>) {
        self.chunks.push(Chunk {
            events: Vec::new(),
            clocks,
            in_flight,
        });
    }

    fn event(&mut self, event: Event) {
        // A run that filled one chunk will likely fill the next: no regrowth.
        let follows = self.chunks.len() > 1;
        if let Some(chunk) = self.chunks.last_mut() {
            if follows && chunk.events.is_empty() {
                chunk.events.reserve_exact(CHUNK_EVENTS);
            }
            chunk.events.push(event);
        }
    }
}

impl Trace {
    /// The event at a place.
    pub fn get(&self, seq: u32) -> Option<&Event> {
        let seq = seq as usize;
        self.chunks
            .get(seq / CHUNK_EVENTS)?
            .events
            .get(seq % CHUNK_EVENTS)
    }

    /// Events from `from` on, with their places.
    pub fn iter_from(&self, from: u32) -> impl Iterator<Item = (u32, &Event)> {
        let skip = from as usize % CHUNK_EVENTS;
        let chunks = self
            .chunks
            .get(from as usize / CHUNK_EVENTS..)
            .unwrap_or_default();
        (from..).zip(chunks.iter().flat_map(|chunk| &chunk.events).skip(skip))
    }

    /// Every event with its place.
    pub fn iter(&self) -> impl Iterator<Item = (u32, &Event)> {
        self.iter_from(0)
    }

    /// How many events happened at or before a moment.
    pub fn count_until(&self, t_ns: u64) -> u32 {
        let chunk = self
            .chunks
            .partition_point(|chunk| chunk.events.first().is_some_and(|event| event.t_ns <= t_ns));
        let Some(index) = chunk.checked_sub(1) else {
            return 0;
        };
        let within = self.chunks[index]
            .events
            .partition_point(|event| event.t_ns <= t_ns);
        (index * CHUNK_EVENTS + within) as u32
    }

    /// The name of a process.
    pub fn name(&self, process: ProcessIndex) -> &Rc<str> {
        &self.processes[process.index()].0
    }

    /// The wall clock of a process, which its hybrid clock reads.
    pub fn wall(&self, process: ProcessIndex) -> WallClock {
        self.processes[process.index()].1
    }

    /// The names of all processes, in the fixed order.
    pub fn names(&self) -> impl ExactSizeIterator<Item = &Rc<str>> {
        self.processes.iter().map(|(name, _)| name)
    }

    /// Every job, in the order of submission: `job-1` first.
    pub fn jobs(&self) -> &[Rc<Job>] {
        &self.jobs
    }

    /// The clocks of one event; all zero for an event of the environment or beyond the end.
    /// Rebuilds at most one chunk.
    pub fn stamp(&self, seq: u32) -> Rc<Stamp> {
        let mut found = Rc::default();
        self.stamps(seq, seq + 1, &mut |_, _, stamp| found = Rc::clone(stamp));
        found
    }

    /// Calls `see` with every event from `from` to before `to`, its place and its clocks.
    pub fn stamps(&self, from: u32, to: u32, see: &mut dyn FnMut(u32, &Event, &Rc<Stamp>)) {
        let none = Rc::default();
        let first = from as usize / CHUNK_EVENTS;
        for (index, chunk) in self.chunks.iter().enumerate().skip(first) {
            let begin = (index * CHUNK_EVENTS) as u32;
            if begin >= to {
                break;
            }
            let mut replay = Replay::new(self, chunk);
            for (seq, event) in (begin..to).zip(&chunk.events) {
                let stamp = replay.apply(seq, event);
                if seq >= from {
                    see(seq, event, stamp.as_ref().unwrap_or(&none));
                }
            }
        }
    }

    /// Forgets every event from `count` on, and the processes and jobs that only they brought.
    pub fn truncate(&mut self, count: u32, processes: usize, jobs: usize) {
        let count = count as usize;
        self.chunks.truncate(count.div_ceil(CHUNK_EVENTS));
        if let Some(chunk) = self.chunks.last_mut() {
            chunk
                .events
                .truncate(count - (count - 1) / CHUNK_EVENTS * CHUNK_EVENTS);
        }
        self.processes.truncate(processes);
        self.jobs.truncate(jobs);
    }

    /// Writes the first `count` events as newline-delimited JSON.
    ///
    /// # Errors
    /// Only those of `out`.
    pub fn write_ndjson(&self, count: u32, out: &mut dyn Write) -> io::Result<()> {
        self.write_ndjson_between(0, count, out)
    }

    /// The same of the events from one place on and before another.
    ///
    /// # Errors
    /// What the writer says.
    pub fn write_ndjson_between(&self, from: u32, to: u32, out: &mut dyn Write) -> io::Result<()> {
        let mut result = Ok(());
        self.stamps(from, to, &mut |seq, event, stamp| {
            if result.is_ok() {
                let line = Line {
                    trace: self,
                    seq,
                    event,
                    stamp,
                };
                let written = serde_json::to_writer(&mut *out, &line).map_err(io::Error::from);
                result = written.and_then(|()| out.write_all(b"\n"));
            }
        });
        result
    }
}

/// Clocks computed again from the beginning of a chunk.
struct Replay<'a> {
    trace: &'a Trace,
    clocks: Vec<Clocks>,
    sent: SortedMap<u32, Rc<Stamp>>,
}

impl<'a> Replay<'a> {
    fn new(trace: &'a Trace, chunk: &Chunk) -> Self {
        Replay {
            trace,
            clocks: chunk.clocks.clone(),
            sent: chunk.in_flight.iter().cloned().collect(),
        }
    }

    fn apply(&mut self, seq: u32, event: &Event) -> Option<Rc<Stamp>> {
        let process = event.process()?;
        while self.clocks.len() <= process.index() {
            let (_, wall) = &self.trace.processes[self.clocks.len()];
            self.clocks.push(Clocks::new(*wall));
        }
        let clocks = &mut self.clocks[process.index()];
        // A refused message is not believed: its clock was forged.
        let refused = matches!(event.record, Record::MessageRefused(_));
        let cause = event.cause().filter(|_| !refused);
        match (&event.record, cause.and_then(|cause| self.sent.get(&cause))) {
            (Record::Logged(_), _) => {
                let stamps = event
                    .causes()
                    .filter_map(|(_, cause)| Some(&**self.sent.get(&cause)?));
                let stamps: Vec<&Stamp> = stamps.collect();
                clocks.receive_all(process, event.t_ns, &stamps);
            }
            (_, Some(stamp)) => clocks.receive(process, event.t_ns, stamp),
            (_, None) => clocks.tick(process, event.t_ns),
        }
        if event.may_be_cause() {
            self.sent.insert(seq, Rc::clone(clocks.stamp()));
        }
        Some(Rc::clone(clocks.stamp()))
    }
}

/// One event as a line of the export.
struct Line<'a> {
    trace: &'a Trace,
    seq: u32,
    event: &'a Event,
    stamp: &'a Stamp,
}

impl Serialize for Line<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let event = self.event;
        let name = |process: ProcessIndex| self.trace.name(process);
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("seq", &self.seq)?;
        map.serialize_entry("t_us", &super::time::to_us(event.t_ns))?;
        map.serialize_entry("process", &event.process().map(name))?;
        map.serialize_entry("kind", event.record.kind())?;
        match event.form {
            Form::Local => {}
            Form::Send {
                to,
                message,
                retry_of,
            } => {
                map.serialize_entry("to", name(to))?;
                map.serialize_entry("message", &message.0)?;
                if let Some(retry_of) = retry_of {
                    map.serialize_entry("retry_of", &retry_of.0)?;
                }
            }
            Form::Receipt {
                from,
                message,
                cause,
            } => {
                map.serialize_entry("from", name(from))?;
                map.serialize_entry("message", &message.0)?;
                map.serialize_entry("cause", &cause)?;
            }
            Form::Environment {
                message: Some(message),
            } => map.serialize_entry("message", &message.0)?,
            Form::Environment { message: None } => {}
        }
        map.serialize_entry("vc", &Vector(self.trace, self.stamp))?;
        if event.process().is_some() {
            map.serialize_entry("lamport", &self.stamp.lamport)?;
        }
        // A log says nothing of wall clocks.
        if event.process().is_some() && !matches!(event.record, Record::Logged(_)) {
            let hybrid = self.stamp.hybrid;
            map.serialize_entry("hlc", &(hybrid.wall_us, hybrid.counter))?;
        }
        let mut result = Ok(());
        event.record.fields(&mut |key, field| {
            if result.is_ok() {
                result = match field {
                    Field::Text(text) => map.serialize_entry(key, text),
                    Field::Made(text) => map.serialize_entry(key, &text),
                    Field::Number(number) => map.serialize_entry(key, &number),
                    Field::Process(process) => map.serialize_entry(key, name(process)),
                };
            }
        });
        result?;
        map.end()
    }
}

struct Vector<'a>(&'a Trace, &'a Stamp);

impl Serialize for Vector<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let entries = self.1.vector.entries();
        serializer.collect_map(entries.map(|(process, value)| (self.0.name(process), value)))
    }
}
