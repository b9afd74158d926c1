//! What of a trace is drawn, line by line and link by link, in the order of time: made once and then
//! lengthened, so that a picture only looks up what is visible.

use super::axis::{UnfoldedInterval, UnfoldedIntervals};
use super::process_states::ProcessStates;
use triage_engine::id::{MessageId, ProcessIndex};
use triage_engine::record::Record;
use triage_engine::trace::{Event, Form, Recorder, Trace};

/// A message on its way for longer than this does not keep its time from being folded, in ns.
const LONG_FLIGHT_NS: u64 = 250_000_000;

/// An event that has a mark of its own.
#[derive(Clone, Copy, Debug)]
pub struct Spot {
    /// When, in ns.
    pub t_ns: u64,
    /// Its place in the trace.
    pub seq: u32,
    /// How many events of this line at the same moment are drawn before it.
    pub rank: u16,
    /// How many there are, when this is the first of them.
    pub together: u16,
}

/// The events of one process.
#[derive(Clone, Debug, Default)]
pub struct ProcessLine {
    /// With a mark of their own, oldest first.
    pub spots: Vec<Spot>,
    /// The others by their places in the trace: heartbeats, acknowledgements, what a filter leaves out.
    pub unmarked: Vec<u32>,
}

impl ProcessLine {
    /// Whether nothing on it has a mark of its own.
    pub fn is_empty(&self) -> bool {
        self.spots.is_empty()
    }
}

/// A message from a spot to a spot, by their positions in their lines.
#[derive(Clone, Copy, Debug)]
pub struct Arrow {
    /// Where it is sent.
    pub from: u32,
    /// Where it is received.
    pub to: u32,
}

/// The messages of one link, in the order of sends and of receipts: a link is first in, first out.
#[derive(Clone, Debug)]
pub struct Link {
    /// From whom.
    pub from: u16,
    /// To whom.
    pub to: u16,
    /// All that have arrived.
    pub arrows: Vec<Arrow>,
}

/// A message that never arrived.
#[derive(Clone, Copy, Debug)]
pub struct LostMessage {
    /// From whom.
    pub from: u16,
    /// To whom.
    pub to: u16,
    /// Where it is sent, by its position in the line.
    pub spot: u32,
    /// When it was dropped, in ns.
    pub dropped_ns: u64,
    /// Place of the loss in the trace.
    pub seq: u32,
}

/// A message that is sent and neither received nor lost within what is recorded.
#[derive(Clone, Copy, Debug)]
pub struct InFlight {
    message: MessageId,
    /// Place of its send in the trace.
    pub seq: u32,
    /// From whom.
    pub from: u16,
    /// To whom.
    pub to: u16,
    /// Where it is sent, by its position in the line.
    pub spot: u32,
}

/// Everything drawn, in tables.
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
    /// Takes in what is new in a trace; `drawn` is asked once about each event whether it gets a mark of its own.
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
                    self.environment(seq, event);
                }
                Some(process) if drawn(seq, event) => self.draw(trace, process, seq, event),
                Some(process) => self.pass_over(process, seq, event),
            }
        }
        self.seen = trace.count();
    }

    fn draw(&mut self, trace: &Trace, process: ProcessIndex, seq: u32, event: &Event) {
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
                    self.arrive_from(trace, (from, cause), (process, to), event.t_ns);
                }
            }
            Form::Receipt { message, cause, .. } => {
                let sent_ns = trace.get(cause).map_or(event.t_ns, |send| send.t_ns);
                if let Some(open) = self.close(message) {
                    let from = (open.from, open.spot);
                    self.arrive(from, process, to, event.t_ns - sent_ns);
                }
            }
            Form::Local | Form::Environment { .. } => {}
        }
        self.drawn += 1;
    }

    fn pass_over(&mut self, process: ProcessIndex, seq: u32, event: &Event) {
        self.lines[process.index()].unmarked.push(seq);
        if let Form::Receipt { message, .. } = event.form {
            // Its send may be drawn; it is on its way no more.
            self.close(message);
        }
    }

    /// A new mark at the end of a line; gives its position.
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

    fn close(&mut self, message: MessageId) -> Option<InFlight> {
        let found = self
            .in_flight
            .binary_search_by_key(&message, |open| open.message);
        found.ok().map(|at| self.in_flight.remove(at))
    }

    /// An arrow between two events of a log, if both are drawn.
    fn arrive_from(
        &mut self,
        trace: &Trace,
        (from, cause): (ProcessIndex, u32),
        (process, to): (ProcessIndex, u32),
        t_ns: u64,
    ) {
        let spots = &self.lines[from.index()].spots;
        if let (Ok(spot), Some(sent)) = (
            spots.binary_search_by_key(&cause, |spot| spot.seq),
            trace.get(cause),
        ) {
            self.arrive((from.0, spot as u32), process, to, t_ns - sent.t_ns);
        }
    }

    fn arrive(
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

    fn environment(&mut self, seq: u32, event: &Event) {
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
        let Some(open) = message.and_then(|message| self.close(message)) else {
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

    /// The events of a process; none for one that is not there.
    pub fn line(&self, process: u16) -> Option<&ProcessLine> {
        self.lines.get(usize::from(process))
    }

    /// How many processes there are.
    pub fn lines(&self) -> usize {
        self.lines.len()
    }

    /// Links on which a drawn message has arrived.
    pub fn links(&self) -> &[Link] {
        &self.links
    }

    /// LostMessage messages, in the order of their losses.
    pub fn lost(&self) -> &[LostMessage] {
        &self.lost
    }

    /// Messages on their way at the end of what is recorded, in the order of their sends.
    pub fn in_flight(&self) -> &[InFlight] {
        &self.in_flight
    }

    /// What became of processes, and the emergencies.
    pub fn process_states(&self) -> &ProcessStates {
        &self.process_states
    }

    /// When something is drawn.
    pub fn unfolded(&self) -> &[UnfoldedInterval] {
        self.unfolded.as_slice()
    }

    /// The shortest flight of a drawn message, in ns.
    pub fn shortest_ns(&self) -> Option<u64> {
        self.shortest_ns
    }

    /// How many events of processes have a mark of their own.
    pub fn drawn(&self) -> u32 {
        self.drawn
    }
}
