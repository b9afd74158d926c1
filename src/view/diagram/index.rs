//! The drawn events, by process line and by link, in the order of time. It grows with the trace, so that drawing a
//! picture only searches for what is visible.

use super::axis::{UnfoldedInterval, UnfoldedIntervals};
use super::process_states::ProcessStates;
use triage_engine::id::{MessageId, ProcessIndex};
use triage_engine::record::Record;
use triage_engine::trace::{Event, Form, Recorder, Trace};

/// A message that travels longer than this, in ns, doesn't prevent its interval from being folded.
const LONG_FLIGHT_NS: u64 = 250_000_000;

/// An event that is drawn as a mark.
#[derive(Clone, Copy, Debug)]
pub struct Spot {
    pub t_ns: u64,
    /// Index in the trace.
    pub seq: u32,
    /// Number of marks of this line at the same moment before this one.
    pub rank: u16,
    /// Number of marks at this moment; only valid in the first of them.
    pub together: u16,
}

/// The events of one process.
#[derive(Clone, Debug, Default)]
pub struct ProcessLine {
    /// Events with marks, oldest first.
    pub spots: Vec<Spot>,
    /// Indices in the trace of the other events: heartbeats, acknowledgements, events that the filter excludes.
    pub unmarked: Vec<u32>,
}

impl ProcessLine {
    pub fn is_empty(&self) -> bool {
        self.spots.is_empty()
    }
}

/// A message between two marks, by their positions in `spots` of their lines.
#[derive(Clone, Copy, Debug)]
pub struct Arrow {
    /// Position of the send.
    pub from: u32,
    /// Position of the receipt.
    pub to: u32,
}

/// The messages of one link, ordered by send and by receipt alike, because links are first in, first out.
#[derive(Clone, Debug)]
pub struct Link {
    /// Index of the sending process.
    pub from: u16,
    /// Index of the receiving process.
    pub to: u16,
    /// Messages that have arrived.
    pub arrows: Vec<Arrow>,
}

#[derive(Clone, Copy, Debug)]
pub struct LostMessage {
    /// Index of the sending process.
    pub from: u16,
    /// Index of the receiving process.
    pub to: u16,
    /// Position of the send in the sender's `spots`.
    pub spot: u32,
    pub dropped_ns: u64,
    /// Index of the loss in the trace.
    pub seq: u32,
}

/// A message that is neither received nor lost at the end of the recording.
#[derive(Clone, Copy, Debug)]
pub struct InFlight {
    message: MessageId,
    /// Index of its send in the trace.
    pub seq: u32,
    /// Index of the sending process.
    pub from: u16,
    /// Index of the receiving process.
    pub to: u16,
    /// Position of the send in the sender's `spots`.
    pub spot: u32,
}

#[derive(Clone, Debug, Default)]
pub struct Index {
    lines: Vec<ProcessLine>,
    links: Vec<Link>,
    lost: Vec<LostMessage>,
    in_flight: Vec<InFlight>,
    process_states: ProcessStates,
    unfolded: UnfoldedIntervals,
    shortest_ns: Option<u64>,
    seen: u32,
    drawn: u32,
}

impl Index {
    /// Adds the new events of a trace. `drawn` is called once for each event and decides whether it gets a mark.
    pub fn follow(&mut self, trace: &Trace, drawn: &dyn Fn(u32, &Event) -> bool) {
        if self.seen == 0 {
            self.unfolded.add(0, 0);
        }
        let processes = trace.names().len();
        self.lines.resize_with(processes, ProcessLine::default);
        for (seq, event) in trace.iter_from(self.seen) {
            self.process_states.observe(event);
            match event.process() {
                None => {
                    drawn(seq, event);
                    self.add_environment_event(seq, event);
                }
                Some(process) if drawn(seq, event) => self.add_marked(trace, process, seq, event),
                Some(process) => self.add_unmarked(process, seq, event),
            }
        }
        self.seen = trace.count();
    }

    fn add_marked(&mut self, trace: &Trace, process: ProcessIndex, seq: u32, event: &Event) {
        let to = self.push(process, seq, event.t_ns);
        self.unfolded.add(event.t_ns, event.t_ns);
        match event.form {
            Form::Send { to, message, .. } => self.in_flight.push(InFlight {
                message,
                seq,
                from: process.0,
                to: to.0,
                spot: self.last(process),
            }),
            Form::Receipt { .. } if matches!(event.record, Record::Logged(_)) => {
                for (from, cause) in event.causes() {
                    self.add_logged_arrow((from, cause), (process, to), event.t_ns);
                }
            }
            Form::Receipt { message, cause, .. } => {
                let Some(send) = trace.get(cause) else {
                    unreachable!("the trace contains the send of every received message");
                };
                if let Some(open) = self.remove_in_flight(message) {
                    let from = (open.from, open.spot);
                    self.add_arrow(from, process, to, event.t_ns - send.t_ns);
                }
            }
            Form::Local | Form::Environment { .. } => {}
        }
        self.drawn += 1;
    }

    fn add_unmarked(&mut self, process: ProcessIndex, seq: u32, event: &Event) {
        self.lines[process.index()].unmarked.push(seq);
        if let Form::Receipt { message, .. } = event.form {
            // Its send may have a mark, but the message is no longer in flight.
            self.remove_in_flight(message);
        }
    }

    /// Adds a mark at the end of a line and returns its position.
    fn push(&mut self, process: ProcessIndex, seq: u32, t_ns: u64) -> u32 {
        let spots = &mut self.lines[process.index()].spots;
        let rank = match spots.last() {
            Some(last) if last.t_ns == t_ns => last.rank.saturating_add(1),
            _ => 0,
        };
        spots.push(Spot {
            t_ns,
            seq,
            rank,
            together: 1,
        });
        let at = spots.len() - 1;
        let first = at - usize::from(rank).min(at);
        spots[first].together = rank.saturating_add(1);
        at as u32
    }

    fn last(&self, process: ProcessIndex) -> u32 {
        self.lines[process.index()].spots.len() as u32 - 1
    }

    fn remove_in_flight(&mut self, message: MessageId) -> Option<InFlight> {
        let found = self
            .in_flight
            .binary_search_by_key(&message, |open| open.message);
        found.ok().map(|at| self.in_flight.remove(at))
    }

    /// Adds an arrow between two events of an imported log, if both have marks.
    fn add_logged_arrow(
        &mut self,
        (from, cause): (ProcessIndex, u32),
        (process, to): (ProcessIndex, u32),
        t_ns: u64,
    ) {
        let spots = &self.lines[from.index()].spots;
        if let Ok(spot) = spots.binary_search_by_key(&cause, |spot| spot.seq) {
            let flight_ns = t_ns - spots[spot].t_ns;
            self.add_arrow((from.0, spot as u32), process, to, flight_ns);
        }
    }

    fn add_arrow(
        &mut self,
        (sender, spot): (u16, u32),
        process: ProcessIndex,
        to: u32,
        flight_ns: u64,
    ) {
        let ends = (sender, process.0);
        let found = self
            .links
            .binary_search_by_key(&ends, |link| (link.from, link.to));
        let at = found.unwrap_or_else(|at| {
            let (from, to) = ends;
            let arrows = Vec::new();
            self.links.insert(at, Link { from, to, arrows });
            at
        });
        let from = spot;
        self.links[at].arrows.push(Arrow { from, to });
        let t_ns = self.lines[process.index()].spots[to as usize].t_ns;
        if flight_ns <= LONG_FLIGHT_NS {
            self.unfolded.add(t_ns - flight_ns, t_ns);
        }
        if flight_ns > 0 {
            let shortest_ns = self.shortest_ns.map_or(flight_ns, |old| old.min(flight_ns));
            self.shortest_ns = Some(shortest_ns);
        }
    }

    fn add_environment_event(&mut self, seq: u32, event: &Event) {
        let Form::Environment { message } = event.form else {
            return;
        };
        if matches!(
            event.record,
            Record::FaultInjected(..)
                | Record::FaultCleared(..)
                | Record::Link(_)
                | Record::ClockForged(_)
        ) {
            self.unfolded.add(event.t_ns, event.t_ns);
        }
        let Some(open) = message.and_then(|message| self.remove_in_flight(message)) else {
            return;
        };
        let sent_ns = self.lines[usize::from(open.from)].spots[open.spot as usize].t_ns;
        if event.t_ns - sent_ns <= LONG_FLIGHT_NS {
            self.unfolded.add(sent_ns, event.t_ns);
        }
        self.lost.push(LostMessage {
            from: open.from,
            to: open.to,
            spot: open.spot,
            dropped_ns: event.t_ns,
            seq,
        });
    }

    pub fn line(&self, process: u16) -> Option<&ProcessLine> {
        self.lines.get(usize::from(process))
    }

    /// Number of events taken in, with and without marks.
    pub fn events(&self) -> u32 {
        self.seen
    }

    /// Number of process lines.
    pub fn lines(&self) -> usize {
        self.lines.len()
    }

    /// Links with at least one arrow, ordered by sender and receiver.
    pub fn links(&self) -> &[Link] {
        &self.links
    }

    /// In the order of the losses.
    pub fn lost(&self) -> &[LostMessage] {
        &self.lost
    }

    /// In the order of the sends.
    pub fn in_flight(&self) -> &[InFlight] {
        &self.in_flight
    }

    pub fn process_states(&self) -> &ProcessStates {
        &self.process_states
    }

    /// The intervals in which something is drawn.
    pub fn unfolded(&self) -> &[UnfoldedInterval] {
        self.unfolded.as_slice()
    }

    /// The shortest flight time of a drawn message, in ns.
    pub fn shortest_ns(&self) -> Option<u64> {
        self.shortest_ns
    }

    /// Number of events that have a mark because of the filter or the causal chain.
    pub fn drawn(&self) -> u32 {
        self.drawn
    }
}
