//! Traces for tests: made by hand, or of the built-in scenarios.

use std::rc::Rc;

use super::lanes::Lanes;
use triage_engine::EmergencySystem;
use triage_engine::clock::WallClock;
use triage_engine::id::{MessageId, ProcessIndex};
use triage_engine::message::{Loss, MessageKind};
use triage_engine::record::{FaultKind, Record, Subject};
use triage_engine::trace::{Event, Form, Recorder, Trace};

/// A trace that grows by one event a call, a millisecond apart; each call gives the event's place.
pub struct Sample {
    trace: Trace,
    messages: u32,
}

impl Sample {
    /// Nothing has happened to these processes.
    pub fn new(names: &[&str]) -> Sample {
        let mut trace = Trace::default();
        for name in names {
            trace.process(Rc::from(*name), WallClock::default());
        }
        trace.clocks(Vec::new(), Vec::new());
        Sample { trace, messages: 0 }
    }

    pub fn local(&mut self, process: u16) -> u32 {
        let record = Record::ExecutorSuspected(ProcessIndex(process));
        self.event(process, Form::Local, record)
    }

    pub fn send(&mut self, process: u16, to: u16) -> u32 {
        self.messages += 1;
        let form = Form::Send {
            to: ProcessIndex(to),
            message: MessageId(self.messages),
            retry_of: None,
        };
        self.event(
            process,
            form,
            Record::MessageSent(MessageKind::Drain, Subject::Nothing),
        )
    }

    pub fn receipt(&mut self, process: u16, send: u32) -> u32 {
        let sent = self.trace.get(send).unwrap();
        let Form::Send { message, .. } = sent.form else {
            panic!("#{send} sends nothing");
        };
        let form = Form::Receipt {
            from: sent.process().unwrap(),
            message,
            cause: send,
        };
        let record = Record::MessageReceived(MessageKind::Drain, Subject::Nothing, None);
        self.event(process, form, record)
    }

    pub fn environment(&mut self) -> u32 {
        let record = Record::FaultCleared(FaultKind::Hang, ProcessIndex(0));
        let seq = self.trace.count();
        self.trace
            .event(Event::environment(u64::from(seq) * 1_000_000, None, record));
        seq
    }

    pub fn dropped(&mut self, send: u32) -> u32 {
        let seq = self.trace.count();
        let sent = self.trace.get(send).unwrap();
        let Form::Send { to, message, .. } = sent.form else {
            panic!("#{send} sends nothing");
        };
        let record = Record::MessageDropped(sent.process().unwrap(), to, Loss::Partition);
        let t_ns = u64::from(seq) * 1_000_000;
        self.trace
            .event(Event::environment(t_ns, Some(message), record));
        seq
    }

    pub fn done(self) -> (Trace, Lanes) {
        let lanes = Lanes::of(&self.trace);
        (self.trace, lanes)
    }

    fn event(&mut self, process: u16, form: Form, record: Record) -> u32 {
        let seq = self.trace.count();
        let t_ns = u64::from(seq) * 1_000_000;
        self.trace
            .event(Event::new(t_ns, ProcessIndex(process), form, record));
        seq
    }
}

/// Every built-in scenario up to a moment in µs, or to the end of its story if that is sooner.
pub fn built_ins(until_us: u64) -> Vec<(&'static str, Trace, Lanes)> {
    let run = |built_in: triage_scenario::BuiltIn| {
        let scenario = triage_scenario::parse(built_in.json).unwrap();
        let mut system = EmergencySystem::new(scenario.setup());
        system.run_until(until_us.min(scenario.duration_us));
        let trace = system.trace().clone();
        let lanes = Lanes::of(&trace);
        (built_in.name, trace, lanes)
    };
    triage_scenario::library().into_iter().map(run).collect()
}
