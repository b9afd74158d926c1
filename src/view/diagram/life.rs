//! What became of each process and which emergencies there were, as spans of time: what is true, what recovery
//! believes, and under which level an executor works.

use triage_engine::emergency::Level;
use triage_engine::id::EmergencyId;
use triage_engine::message::EmergencyChange;
use triage_engine::record::{FaultKind, Record};
use triage_engine::trace::Event;

/// What a span of a process says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// It has not joined yet.
    Absent,
    /// A fault is in force.
    Fault(FaultKind),
    /// Recovery suspects it.
    Suspected,
    /// Recovery takes it for failed.
    Failed,
    /// Recovery has removed it.
    Removed,
    /// It works under a level above NONE.
    Mode(Level),
}

/// A stretch of the life of a process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// Which process.
    pub process: u16,
    /// What is the matter.
    pub state: State,
    /// Begin, in ns.
    pub from_ns: u64,
    /// End, in ns; the end of time while it goes on.
    pub to_ns: u64,
}

/// A fault that begins or ends, as an event outside every process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Turn {
    /// Which process.
    pub process: u16,
    /// Which fault.
    pub fault: FaultKind,
    /// Whether it begins.
    pub begins: bool,
    /// When, in ns.
    pub t_ns: u64,
}

/// A time under a system level above NONE.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Emergency {
    /// The level.
    pub level: Level,
    /// Begin, in ns.
    pub from_ns: u64,
    /// End, in ns; the end of time while it goes on.
    pub to_ns: u64,
}

/// Spans in the order of their begins.
#[derive(Clone, Debug, Default)]
pub struct Lives {
    spans: Vec<Span>,
    turns: Vec<Turn>,
    emergencies: Vec<Emergency>,
    active: Vec<(EmergencyId, Level)>,
}

impl Lives {
    /// Every span.
    pub fn spans(&self) -> &[Span] {
        &self.spans
    }

    /// Every begin and end of a fault.
    pub fn turns(&self) -> &[Turn] {
        &self.turns
    }

    /// System levels above NONE, not overlapping.
    pub fn emergencies(&self) -> &[Emergency] {
        &self.emergencies
    }

    /// Takes the next event in.
    pub fn see(&mut self, event: &Event) {
        let t_ns = event.t_ns;
        match &event.record {
            Record::ExecutorAdded { executor, .. } if t_ns > 0 => {
                self.begin(executor.0, State::Absent, 0);
                self.end(executor.0, t_ns, |state| state == State::Absent);
            }
            Record::ExecutorSuspected(executor) => {
                self.begin(executor.0, State::Suspected, t_ns);
            }
            Record::ExecutorFailed(executor) => {
                self.end(executor.0, t_ns, is_belief);
                self.begin(executor.0, State::Failed, t_ns);
            }
            Record::ExecutorHealthy(executor) | Record::ExecutorRegistered { executor, .. } => {
                self.end(executor.0, t_ns, is_belief);
            }
            Record::ExecutorRemoved(executor) => {
                self.end(executor.0, t_ns, is_belief);
                self.begin(executor.0, State::Removed, t_ns);
            }
            Record::ExecutorRestarted { executor, .. } => self.end(executor.0, t_ns, is_mode),
            Record::ModeSet { level, .. } => {
                if let Some(process) = event.process() {
                    self.end(process.0, t_ns, is_mode);
                    if *level > Level::None {
                        self.begin(process.0, State::Mode(*level), t_ns);
                    }
                }
            }
            Record::FaultInjected(fault, executor, _) => self.turn(executor.0, *fault, true, t_ns),
            Record::FaultCleared(fault, executor) => self.turn(executor.0, *fault, false, t_ns),
            Record::Emergency(news) => {
                self.active.retain(|(id, _)| *id != news.emergency);
                if news.change != EmergencyChange::Cleared {
                    self.active.push((news.emergency, news.level));
                }
                self.level(t_ns);
            }
            _ => {}
        }
    }

    fn turn(&mut self, process: u16, fault: FaultKind, begins: bool, t_ns: u64) {
        self.end(process, t_ns, |state| state == State::Fault(fault));
        if begins {
            self.begin(process, State::Fault(fault), t_ns);
            if fault == FaultKind::Crash {
                self.end(process, t_ns, is_mode);
            }
        }
        self.turns.push(Turn {
            process,
            fault,
            begins,
            t_ns,
        });
    }

    fn begin(&mut self, process: u16, state: State, from_ns: u64) {
        self.spans.push(Span {
            process,
            state,
            from_ns,
            to_ns: u64::MAX,
        });
    }

    fn end(&mut self, process: u16, to_ns: u64, which: impl Fn(State) -> bool) {
        let own = self.spans.iter_mut().rev();
        let mut open = own.filter(|span| span.process == process && span.to_ns == u64::MAX);
        if let Some(span) = open.find(|span| which(span.state)) {
            span.to_ns = to_ns;
        }
    }

    fn level(&mut self, t_ns: u64) {
        let level = self.active.iter().map(|(_, level)| *level).max();
        let level = level.unwrap_or_default();
        if let Some(last) = self.emergencies.last_mut()
            && last.to_ns == u64::MAX
        {
            if last.level == level {
                return;
            }
            last.to_ns = t_ns;
        }
        if level > Level::None {
            self.emergencies.push(Emergency {
                level,
                from_ns: t_ns,
                to_ns: u64::MAX,
            });
        }
    }
}

fn is_belief(state: State) -> bool {
    matches!(state, State::Suspected | State::Failed)
}

fn is_mode(state: State) -> bool {
    matches!(state, State::Mode(_))
}
