//! What became of each process and which emergencies there were, as spans of time: what is true, what recovery
//! believes, and under which level an executor works.

use triage_engine::emergency::Level;
use triage_engine::id::EmergencyId;
use triage_engine::message::EmergencyChange;
use triage_engine::record::{FaultKind, Record};
use triage_engine::trace::Event;

/// What a span of a process says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProcessState {
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
pub struct StateSpan {
    /// Which process.
    pub process: u16,
    /// What is the matter.
    pub state: ProcessState,
    /// Begin, in ns.
    pub from_ns: u64,
    /// End, in ns; the end of time while it goes on.
    pub to_ns: u64,
}

/// A fault that begins or ends, as an event outside every process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FaultChange {
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
pub struct EmergencySpan {
    /// The level.
    pub level: Level,
    /// Begin, in ns.
    pub from_ns: u64,
    /// End, in ns; the end of time while it goes on.
    pub to_ns: u64,
}

/// Spans in the order of their begins.
#[derive(Clone, Debug, Default)]
pub struct ProcessStates {
    spans: Vec<StateSpan>,
    fault_changes: Vec<FaultChange>,
    emergencies: Vec<EmergencySpan>,
    active: Vec<(EmergencyId, Level)>,
}

impl ProcessStates {
    /// Every span.
    pub fn spans(&self) -> &[StateSpan] {
        &self.spans
    }

    /// Every begin and end of a fault.
    pub fn fault_changes(&self) -> &[FaultChange] {
        &self.fault_changes
    }

    /// System levels above NONE, not overlapping.
    pub fn emergencies(&self) -> &[EmergencySpan] {
        &self.emergencies
    }

    /// Takes the next event in.
    pub fn observe(&mut self, event: &Event) {
        let t_ns = event.t_ns;
        match &event.record {
            Record::ExecutorAdded { executor, .. } if t_ns > 0 => {
                self.begin(executor.0, ProcessState::Absent, 0);
                self.end(executor.0, t_ns, |state| state == ProcessState::Absent);
            }
            Record::ExecutorSuspected(executor) => {
                self.begin(executor.0, ProcessState::Suspected, t_ns);
            }
            Record::ExecutorFailed(executor) => {
                self.end(executor.0, t_ns, is_health);
                self.begin(executor.0, ProcessState::Failed, t_ns);
            }
            Record::ExecutorHealthy(executor) | Record::ExecutorRegistered { executor, .. } => {
                self.end(executor.0, t_ns, is_health);
            }
            Record::ExecutorRemoved(executor) => {
                self.end(executor.0, t_ns, is_health);
                self.begin(executor.0, ProcessState::Removed, t_ns);
            }
            Record::ExecutorRestarted { executor, .. } => self.end(executor.0, t_ns, is_mode),
            Record::ModeSet { level, .. } => {
                if let Some(process) = event.process() {
                    self.end(process.0, t_ns, is_mode);
                    if *level > Level::None {
                        self.begin(process.0, ProcessState::Mode(*level), t_ns);
                    }
                }
            }
            Record::FaultInjected(fault, executor, _) => {
                self.record_fault(executor.0, *fault, true, t_ns)
            }
            Record::FaultCleared(fault, executor) => {
                self.record_fault(executor.0, *fault, false, t_ns)
            }
            Record::Emergency(announcement) => {
                self.active.retain(|(id, _)| *id != announcement.emergency);
                if announcement.change != EmergencyChange::Cleared {
                    self.active
                        .push((announcement.emergency, announcement.level));
                }
                self.level(t_ns);
            }
            _ => {}
        }
    }

    fn record_fault(&mut self, process: u16, fault: FaultKind, begins: bool, t_ns: u64) {
        self.end(process, t_ns, |state| state == ProcessState::Fault(fault));
        if begins {
            self.begin(process, ProcessState::Fault(fault), t_ns);
            if fault == FaultKind::Crash {
                self.end(process, t_ns, is_mode);
            }
        }
        self.fault_changes.push(FaultChange {
            process,
            fault,
            begins,
            t_ns,
        });
    }

    fn begin(&mut self, process: u16, state: ProcessState, from_ns: u64) {
        self.spans.push(StateSpan {
            process,
            state,
            from_ns,
            to_ns: u64::MAX,
        });
    }

    fn end(&mut self, process: u16, to_ns: u64, which: impl Fn(ProcessState) -> bool) {
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
            self.emergencies.push(EmergencySpan {
                level,
                from_ns: t_ns,
                to_ns: u64::MAX,
            });
        }
    }
}

fn is_health(state: ProcessState) -> bool {
    matches!(state, ProcessState::Suspected | ProcessState::Failed)
}

fn is_mode(state: ProcessState) -> bool {
    matches!(state, ProcessState::Mode(_))
}
