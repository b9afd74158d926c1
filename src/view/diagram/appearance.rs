//! Shapes and colours of events, messages and levels without a selection.

use super::picture::{Paint, Shape};
use super::scene::Scene;
use crate::stage::attempt_label;
use triage_engine::emergency::Level;
use triage_engine::id::JobId;
use triage_engine::job::Class;
use triage_engine::record::{FaultKind, Record};
use triage_engine::trace::Event;
use triage_language::{say, tr};

pub fn level(level: Level) -> Paint {
    match level {
        Level::None => Paint::DIM,
        Level::Low => Paint::LOW,
        Level::Medium => Paint::MEDIUM,
        Level::High => Paint::HIGH,
        Level::Critical => Paint::CRITICAL,
    }
}

/// Whether an event is routine traffic: heartbeats, their replies, acknowledgements, gossip.
pub fn is_background(record: &Record) -> bool {
    match record {
        Record::HeartbeatSent | Record::HeartbeatReceived => true,
        Record::MessageSent(what, _) | Record::MessageReceived(what, ..) => what.is_background(),
        _ => false,
    }
}

impl Scene<'_> {
    fn is_emergency(&self, job: Option<JobId>) -> bool {
        let job = job.and_then(|job| self.trace.jobs().get((job.0 as usize).checked_sub(1)?));
        job.is_some_and(|job| job.class() == Class::Emergency)
    }

    /// The colour of emergency jobs at a moment: that of the system level, or of CRITICAL if the level is NONE.
    fn emergency(&self, t_ns: u64) -> Paint {
        let all = self.index.process_states().emergencies();
        let before = all.partition_point(|one| one.from_ns <= t_ns);
        let last = before.checked_sub(1).and_then(|at| all.get(at));
        let current = last.filter(|one| one.to_ns > t_ns);
        current.map_or(Paint::CRITICAL, |one| level(one.level))
    }

    /// The mark of an event.
    pub fn appearance(&self, process: u16, event: &Event) -> (Shape, Paint) {
        match &event.record {
            Record::Emergency(announcement) => (Shape::Square, level(announcement.level)),
            Record::ModeSet { level: new, .. } => (Shape::Square, level(*new)),
            Record::ExecutorSuspected(_) => (Shape::Triangle, Paint::MEDIUM),
            Record::ExecutorFailed(_)
            | Record::MessageRefused(_)
            | Record::CompletionRefused(..) => (Shape::Cross, Paint::CRITICAL),
            Record::ExecutorHealthy(_) | Record::ExecutorRegistered { .. } => {
                (Shape::Circle, Paint::GOOD)
            }
            record if is_background(record) => (Shape::Dot, Paint::DIM),
            record if self.is_emergency(record.job()) => {
                (Shape::Diamond, self.emergency(event.t_ns))
            }
            _ => (Shape::Circle, Paint::hue(process)),
        }
    }

    /// The colour of a message, by its send.
    pub fn message_paint(&self, event: &Event) -> Paint {
        match &event.record {
            Record::Emergency(announcement) => level(announcement.level),
            record if self.is_emergency(record.job()) => self.emergency(event.t_ns),
            record if record.job().is_some() && !is_background(record) => Paint::NORMAL,
            _ => Paint::DIM,
        }
    }

    /// The label beside an event; most events have none.
    pub fn label(&self, event: &Event) -> Option<(String, Paint)> {
        match &event.record {
            Record::JobSubmitted { job, .. } => Some((job.to_string(), self.job_paint(event))),
            Record::JobStarted(attempt, ..) | Record::JobReassigned(attempt, _) => {
                Some((attempt_label(*attempt), self.job_paint(event)))
            }
            Record::CompletionRefused(attempt, _) => Some((
                tr!("{attempt} refused", attempt = attempt_label(*attempt)),
                Paint::CRITICAL,
            )),
            Record::Emergency(announcement) => Some((
                announcement.level.name().to_owned(),
                level(announcement.level),
            )),
            Record::ExecutorSuspected(executor) => Some((
                tr!("suspects {}", self.trace.name(*executor)),
                Paint::MEDIUM,
            )),
            Record::MessageRefused(_) => Some((say("forged").to_owned(), Paint::CRITICAL)),
            Record::ExecutorFailed(executor) => Some((
                tr!("{} failed", self.trace.name(*executor)),
                Paint::CRITICAL,
            )),
            _ => None,
        }
    }

    fn job_paint(&self, event: &Event) -> Paint {
        if self.is_emergency(event.record.job()) {
            self.emergency(event.t_ns)
        } else {
            Paint::DIM
        }
    }
}

/// The mark of a fault and its label.
pub fn fault(fault: FaultKind, begins: bool) -> (Shape, Paint, &'static str) {
    match (fault, begins) {
        (FaultKind::Crash, true) => (Shape::Cross, Paint::CRITICAL, say("crash")),
        (FaultKind::Hang, true) => (Shape::Bar, Paint::CRITICAL, say("hangs")),
        (FaultKind::Slow, true) => (Shape::Bar, Paint::MEDIUM, say("slow")),
        (FaultKind::Split, true) => (Shape::Bar, Paint::CRITICAL, say("split")),
        (FaultKind::Split, false) => (Shape::Bar, Paint::GOOD, say("united")),
        (FaultKind::Partition, true) => (Shape::Bar, Paint::CRITICAL, say("cut off")),
        (FaultKind::Crash, false) => (Shape::Bar, Paint::GOOD, say("restart")),
        (FaultKind::Hang, false) => (Shape::Bar, Paint::GOOD, say("resumes")),
        (FaultKind::Slow, false) => (Shape::Bar, Paint::GOOD, say("full speed")),
        (FaultKind::Partition, false) => (Shape::Bar, Paint::GOOD, say("connected")),
    }
}
