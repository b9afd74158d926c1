//! The states of processes and the system level over time: the actual state, recovery's view, and the level that an
//! executor works under.

use triage_engine::emergency::Level;
use triage_engine::id::EmergencyId;
use triage_engine::message::EmergencyChange;
use triage_engine::record::{FaultKind, Record};
use triage_engine::trace::Event;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProcessState {
    /// Not added yet.
    Absent,
    /// A fault is active.
    Fault(FaultKind),
    /// Suspected by recovery.
    Suspected,
    /// Declared failed by recovery.
    Failed,
    /// Removed by recovery.
    Removed,
    /// An executor works under a level above NONE.
    Mode(Level),
}

/// A process has a state during a time interval.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StateSpan {
    /// Process index.
    pub process: u16,
    pub state: ProcessState,
    pub from_ns: u64,
    /// `u64::MAX` while the state lasts.
    pub to_ns: u64,
}

/// A fault begins or ends. This is an event outside every process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FaultChange {
    /// Process index.
    pub process: u16,
    pub fault: FaultKind,
    pub begins: bool,
    pub t_ns: u64,
}

/// The system has a level above NONE during a time interval.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EmergencySpan {
    pub level: Level,
    pub from_ns: u64,
    /// `u64::MAX` while the level lasts.
    pub to_ns: u64,
}

/// Derived from the trace, event by event.
#[derive(Clone, Debug, Default)]
pub struct ProcessStates {
    spans: Vec<StateSpan>,
    fault_changes: Vec<FaultChange>,
    emergencies: Vec<EmergencySpan>,
    active: Vec<(EmergencyId, Level)>,
}

impl ProcessStates {
    /// In the order of their starts.
    pub fn spans(&self) -> &[StateSpan] {
        &self.spans
    }

    pub fn fault_changes(&self) -> &[FaultChange] {
        &self.fault_changes
    }

    /// Disjoint, in the order of time.
    pub fn emergencies(&self) -> &[EmergencySpan] {
        &self.emergencies
    }

    /// Takes in the next event of the trace.
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
