//! The trace as sentences, newest last.

use crate::engine::emergency::Level;
use crate::engine::id::{JobId, ProcessIndex};
use crate::engine::message::EmergencyChange;
use crate::engine::process::order::Missing;
use crate::engine::record::{FaultKind, LinkChange, Record, Subject, refusal};
use crate::engine::time::to_us;
use crate::engine::trace::{Event, Form, Trace};
use crate::playback::Player;
use crate::view::words::{self, counted, span};

/// How much a person cares.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Weight {
    /// Heartbeats and acknowledgements.
    Quiet,
    /// The life of jobs and messages that matter.
    Plain,
    /// Emergencies, faults, failures, refusals: also spoken by the live region.
    Loud,
}

/// One event as a line of the log.
#[derive(Clone, Debug, PartialEq)]
pub struct LogLine {
    /// Place in the trace.
    pub seq: u32,
    /// When, in µs.
    pub t_us: u64,
    /// Process index; `None` for the environment.
    pub process: Option<u16>,
    /// Name of the process, or "environment".
    pub process_name: String,
    /// The kind of model.md section 8, such as `job_started`.
    pub kind: &'static str,
    /// A sentence: "starts job-3 (attempt 1)".
    pub text: String,
    /// How much a person cares.
    pub weight: Weight,
    /// The level it is about, for its colour.
    pub level: Option<Level>,
}

/// The loud events between the first `from` and the cursor, in words; of very many only the latest.
pub fn loud(player: &Player, from: u32) -> Vec<String> {
    const LOOKED_AT_MAX: u32 = 3_000;
    let count = player.count();
    let from = from.max(count.saturating_sub(LOOKED_AT_MAX));
    let trace = player.trace();
    let passed = trace
        .iter_from(from)
        .take(count.saturating_sub(from) as usize);
    passed
        .filter(|(_, event)| weight(&event.record) == Weight::Loud)
        .map(|(seq, event)| {
            let line = line(trace, seq, event);
            format!("{} {}", line.process_name, line.text)
        })
        .collect()
}

/// One event as a line.
pub fn line(trace: &Trace, seq: u32, event: &Event) -> LogLine {
    let process = event.process();
    LogLine {
        seq,
        t_us: to_us(event.t_ns),
        process: process.map(|process| process.0),
        process_name: process.map_or_else(
            || "environment".to_owned(),
            |process| trace.name(process).to_string(),
        ),
        kind: event.record.kind(),
        text: sentence(trace, event),
        weight: weight(&event.record),
        level: match &event.record {
            Record::Emergency(announcement) => Some(announcement.level),
            Record::ModeSet { level, .. } => Some(*level),
            _ => None,
        },
    }
}

/// How much a person cares.
pub fn weight(record: &Record) -> Weight {
    match record {
        Record::HeartbeatSent | Record::HeartbeatReceived => Weight::Quiet,
        Record::MessageSent(what, _) | Record::MessageReceived(what, ..)
            if what.is_background() =>
        {
            Weight::Quiet
        }
        Record::CommandDenied(_)
        | Record::ExecutorFailed(_)
        | Record::ExecutorHealthy(_)
        | Record::ExecutorRemoved(_)
        | Record::ExecutorRestarted { .. }
        | Record::ProcessRestarted
        | Record::CoordinatorSuspected(_)
        | Record::CoordinatorHealthy(_)
        | Record::ReassignmentHeld { .. }
        | Record::ReassignmentReleased { .. }
        | Record::JobRefused { .. }
        | Record::CompletionRefused(..)
        | Record::MessageRefused(_)
        | Record::JobReassigned(..)
        | Record::Emergency(_)
        | Record::FaultInjected(..)
        | Record::FaultCleared(..)
        | Record::Link(_)
        | Record::ClockForged(_) => Weight::Loud,
        _ => Weight::Plain,
    }
}

/// A job by its number and its name, if it has one.
pub fn titled(trace: &Trace, job: JobId) -> String {
    let known = trace.jobs().get((job.0 as usize).wrapping_sub(1));
    match known {
        Some(known) if *known.name != *job.to_string() => format!("{job} \"{}\"", known.name),
        _ => job.to_string(),
    }
}

/// What happened, in words that follow the process's name.
pub fn sentence(trace: &Trace, event: &Event) -> String {
    let name = |process: ProcessIndex| trace.name(process).to_string();
    let titled = |job: JobId| titled(trace, job);
    let to = match event.form {
        Form::Send { to, .. } => name(to),
        _ => String::new(),
    };
    match &event.record {
        Record::RunStarted(run) => format!("{} begins with seed {}", run.scenario, run.seed),
        Record::CommandDenied(denial) => format!("refuses {}: {}", denial.principal, denial.reason),
        Record::ExecutorAdded { executor, capacity } => {
            let slots = counted(usize::from(*capacity), "slot");
            format!("adds {} with {slots}", name(*executor))
        }
        Record::ExecutorRegistered {
            executor,
            incarnation,
            ..
        } => {
            format!("registers {}, incarnation {incarnation}", name(*executor))
        }
        Record::ExecutorRestarted { incarnation, .. } => {
            format!("restarts empty as incarnation {incarnation} and asks to be registered")
        }
        Record::ProcessRestarted => "is back from its write-ahead log".to_owned(),
        Record::CoordinatorSuspected(coordinator) => format!(
            "gets no answer from {}, so new jobs go to the others",
            name(*coordinator)
        ),
        Record::CoordinatorHealthy(coordinator) => {
            format!("has an answer from {} again", name(*coordinator))
        }
        Record::ExecutorSuspected(executor) => {
            format!("suspects {}: no heartbeat", name(*executor))
        }
        Record::ExecutorFailed(executor) => format!("takes {} for failed", name(*executor)),
        Record::ExecutorHealthy(executor) => format!("hears {} again: healthy", name(*executor)),
        Record::ExecutorDraining(executor) => format!("drains {}", name(*executor)),
        Record::ExecutorRemoved(executor) => format!("removes {}", name(*executor)),
        Record::ReassignmentHeld { silent, members } => format!(
            "holds reassignment back: {silent} of {members} executors are silent, so it may be cut off itself"
        ),
        Record::ReassignmentReleased {
            silent,
            members,
            heard: true,
        } => format!("reassigns again: only {silent} of {members} executors are silent now"),
        Record::ReassignmentReleased {
            silent, members, ..
        } => format!(
            "has held reassignment back for long enough and believes it: {silent} of {members} executors are silent"
        ),
        Record::JobSubmitted {
            job,
            class,
            work_us,
        } => {
            format!(
                "submits {} {}, {} of work",
                class.name(),
                titled(*job),
                span(*work_us)
            )
        }
        Record::JobAccepted { job, .. } => format!("accepts {job} into its ledger"),
        Record::JobRefused { job, reason } => format!("refuses {job}: {reason}"),
        Record::JobRouted(attempt) => format!(
            "routes {} to {to} as attempt {}",
            attempt.job, attempt.number
        ),
        Record::JobQueued(attempt, _) => {
            format!("queues {}, attempt {}", attempt.job, attempt.number)
        }
        Record::JobStarted(attempt, _, 0) => format!("starts {}", titled(attempt.job)),
        Record::JobStarted(attempt, _, cold_us) => {
            format!(
                "starts {} after a cold start of {}",
                titled(attempt.job),
                span((*cold_us).into())
            )
        }
        Record::JobPaused(attempt, _) => format!("pauses {}, its work is kept", attempt.job),
        Record::JobResumed(attempt, _) => format!("resumes {} where it was", attempt.job),
        Record::JobReturned(attempt) => format!("hands {} back to {to}", attempt.job),
        Record::JobCompleted(attempt) => {
            format!("completes {}, attempt {}", attempt.job, attempt.number)
        }
        Record::CompletionAccepted(attempt) => {
            format!(
                "accepts the completion of {}: attempt {} is the newest",
                attempt.job, attempt.number
            )
        }
        Record::CompletionRefused(attempt, newest) => {
            let why = refusal(*newest);
            format!(
                "refuses the completion of {}, attempt {}: {why}",
                attempt.job, attempt.number
            )
        }
        Record::JobOrphaned(attempt, executor) => format!(
            "takes {} from {} and issues attempt {}",
            attempt.job,
            name(*executor),
            attempt.number
        ),
        Record::JobReassigned(attempt, executor) => {
            format!(
                "reassigns {} to {} as attempt {}",
                attempt.job,
                name(*executor),
                attempt.number
            )
        }
        Record::Emergency(announcement) => {
            let kind = announcement.kind.name().replace('_', " ");
            let (id, level) = (announcement.emergency, announcement.level);
            match announcement.change {
                EmergencyChange::Declared => format!("declares {id}: {kind}, {level}"),
                EmergencyChange::Changed => format!("changes {id} ({kind}) to {level}"),
                EmergencyChange::Cleared => format!("clears {id} ({kind})"),
            }
        }
        Record::ModeSet { level, version } => {
            format!("works under {level} from now on (version {version})")
        }
        Record::FunctionPrewarmed(kind) => {
            format!(
                "warms up the {} function in advance",
                kind.name().replace('_', " ")
            )
        }
        Record::HeartbeatSent => "sends a heartbeat".to_owned(),
        Record::HeartbeatReceived => format!("receives a heartbeat{}", sender(trace, event)),
        Record::MessageSent(what, subject) => {
            let again = match event.form {
                Form::Send {
                    retry_of: Some(original),
                    ..
                } => {
                    format!(" again (first sent as message {})", original.0)
                }
                _ => String::new(),
            };
            format!(
                "sends {}{} to {to}{again}",
                words(what.name()),
                about(trace, *subject)
            )
        }
        Record::MessageReceived(what, subject, ignored) => {
            let why = ignored.map_or_else(String::new, |why| format!(", ignored: {}", why.words()));
            format!(
                "receives {}{}{}{why}",
                words(what.name()),
                about(trace, *subject),
                sender(trace, event)
            )
        }
        Record::MessageRefused(refused) => format!(
            "refuses {}{}{}: its clock is forged, for it claims {} events of {} of which there were {}",
            words(refused.what.name()),
            about(trace, refused.subject),
            sender(trace, event),
            refused.claimed,
            event.process().map_or("nobody", |own| trace.name(own)),
            refused.had
        ),
        Record::MessageHeld(held) => {
            let waits_for = match held.missing {
                Missing::Welcome => "it has not been welcomed yet".to_owned(),
                Missing::Broadcast(process, number) => format!(
                    "it depends on broadcast {number} of {}, which has not been delivered here",
                    name(process)
                ),
            };
            format!(
                "holds back {} from {}: {waits_for}",
                words(held.what.name()),
                name(held.from)
            )
        }
        Record::MessageDropped(from, to, reason) => {
            format!(
                "loses a message from {} to {}: {}",
                name(*from),
                name(*to),
                reason.words()
            )
        }
        Record::FaultInjected(fault, executor, factor) => match fault {
            FaultKind::Crash => format!("{} crashes", name(*executor)),
            FaultKind::Hang => format!("{} hangs", name(*executor)),
            FaultKind::Slow => format!("{} becomes {factor} times slower", name(*executor)),
            FaultKind::Partition => format!("{} is cut off from everybody", name(*executor)),
            FaultKind::Split => format!("{} is on one side of a split", name(*executor)),
        },
        Record::FaultCleared(fault, executor) => match fault {
            FaultKind::Crash => format!("{} is started again", name(*executor)),
            FaultKind::Hang => format!("{} goes on where it was", name(*executor)),
            FaultKind::Slow => format!("{} works at its normal speed again", name(*executor)),
            FaultKind::Partition => format!("{} is connected again", name(*executor)),
            FaultKind::Split => format!("{} is united with the others", name(*executor)),
        },
        Record::Link(change) => link(trace, change),
        Record::Logged(logged) => logged.text.to_string(),
        Record::ClockForged(forgery) => {
            let (from, to) = (trace.name(forgery.from), trace.name(forgery.to));
            let (which, says) = if forgery.done {
                ("forged", " is on its way: later ones are true")
            } else {
                (
                    "next",
                    " is to claim more events of its receiver than there are",
                )
            };
            ["the ", which, " message from ", from, " to ", to, says].concat()
        }
    }
}

fn link(trace: &Trace, change: &LinkChange) -> String {
    let end = |end: Option<ProcessIndex>| end.map_or("everybody", |process| trace.name(process));
    let (from, to) = (end(change.pair.from), end(change.pair.to));
    let becomes = match change.fault {
        Some(fault) => words::link_fault(fault),
        None => "as it should be again".to_owned(),
    };
    ["the link from ", from, " to ", to, ": ", &becomes].concat()
}

fn sender(trace: &Trace, event: &Event) -> String {
    match event.form {
        Form::Receipt { from, .. } => format!(" from {}", trace.name(from)),
        _ => String::new(),
    }
}

fn about(trace: &Trace, subject: Subject) -> String {
    match subject {
        Subject::Nothing => String::new(),
        Subject::Job(job) => format!(" for {job}"),
        Subject::Executor(executor) => format!(" about {}", trace.name(executor)),
    }
}

/// A message's `what` as a noun.
fn words(what: &str) -> String {
    match what {
        "ack" => "an acknowledgement".to_owned(),
        "heartbeat_reply" => "a heartbeat reply".to_owned(),
        "set_mode" => "the emergency state".to_owned(),
        "emergency_notice" => "the notice of an emergency".to_owned(),
        "orphans" => "orphaned jobs".to_owned(),
        "reassigned" => "the new assignments".to_owned(),
        other => format!("\"{}\"", other.replace('_', " ")),
    }
}
