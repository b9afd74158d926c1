//! Events of the trace as sentences.

use crate::format::{self, span};
use triage_engine::emergency::Level;
use triage_engine::id::{JobId, ProcessIndex};
use triage_engine::job::Class;
use triage_engine::message::{EmergencyChange, MessageKind};
use triage_engine::process::causal_delivery::Missing;
use triage_engine::record::{Attempt, FaultKind, LinkChange, Record, Subject};
use triage_engine::time::to_us;
use triage_engine::trace::{Event, Form, Trace};
use triage_labels as labels;
use triage_language::{grouped, say, tr};
use triage_playback::Player;

/// How important an event is to the user.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Importance {
    /// Heartbeats, acknowledgements, gossip.
    Background,
    /// Jobs and messages.
    Normal,
    /// Emergencies, faults, failures, refusals. Screen readers announce them.
    Notable,
}

/// One event as a line of the log.
#[derive(Clone, Debug, PartialEq)]
pub struct LogLine {
    /// Index in the trace.
    pub seq: u32,
    pub t_us: u64,
    /// Process index; `None` for the environment.
    pub process: Option<u16>,
    /// Name of the process, or "environment".
    pub process_name: String,
    /// The kind of the record, such as `job_started`.
    pub kind: &'static str,
    /// A sentence: "starts job-3 (attempt 1)".
    pub text: String,
    pub importance: Importance,
    /// The level that it is about, for its colour.
    pub level: Option<Level>,
}

/// The notable events from index `from` to the cursor, in words; only the latest ones if there are very many.
pub fn announcements(player: &Player, from: u32) -> Vec<String> {
    const SEARCHED_MAX: u32 = 3_000;
    let count = player.count();
    let from = from.max(count.saturating_sub(SEARCHED_MAX));
    let trace = player.trace();
    let passed = trace
        .iter_from(from)
        .take(count.saturating_sub(from) as usize);
    passed
        .filter(|(_, event)| importance(&event.record) == Importance::Notable)
        .map(|(seq, event)| {
            let line = line(trace, seq, event);
            format!("{} {}", line.process_name, line.text)
        })
        .collect()
}

pub fn line(trace: &Trace, seq: u32, event: &Event) -> LogLine {
    let process = event.process();
    LogLine {
        seq,
        t_us: to_us(event.t_ns),
        process: process.map(|process| process.0),
        process_name: process.map_or_else(
            || say("environment").to_owned(),
            |process| trace.name(process).to_string(),
        ),
        kind: event.record.kind(),
        text: sentence(trace, event),
        importance: importance(&event.record),
        level: match &event.record {
            Record::Emergency(announcement) => Some(announcement.level),
            Record::ModeSet { level, .. } => Some(*level),
            _ => None,
        },
    }
}

pub fn importance(record: &Record) -> Importance {
    match record {
        Record::HeartbeatSent | Record::HeartbeatReceived => Importance::Background,
        Record::MessageSent(what, _) | Record::MessageReceived(what, ..)
            if what.is_background() =>
        {
            Importance::Background
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
        | Record::ClockForged(_) => Importance::Notable,
        _ => Importance::Normal,
    }
}

/// A job's number, with its name if it has one.
pub fn job_title(trace: &Trace, job: JobId) -> String {
    let known = trace.jobs().get((job.0 as usize).wrapping_sub(1));
    match known {
        Some(known) if *known.name != *job.to_string() => format!("{job} \"{}\"", known.name),
        _ => job.to_string(),
    }
}

/// What happened, in words that follow the process's name.
pub fn sentence(trace: &Trace, event: &Event) -> String {
    let name = |process: ProcessIndex| trace.name(process).to_string();
    let job_title = |job: JobId| job_title(trace, job);
    let to = match event.form {
        Form::Send { to, .. } => name(to),
        _ => String::new(),
    };
    match &event.record {
        Record::RunStarted(run) => tr!(
            "{scenario} begins with seed {seed}",
            scenario = run.scenario,
            seed = run.seed
        ),
        Record::CommandDenied(denial) => tr!(
            "denies a command of {who}: {reason}",
            who = denial.principal,
            reason = labels::rejection(&denial.reason)
        ),
        Record::ExecutorAdded { executor, capacity } => tr!(
            "adds {executor} with 1 slot" | "adds {executor} with {n} slots" % *capacity,
            executor = name(*executor)
        ),
        Record::ExecutorRegistered {
            executor,
            incarnation,
            ..
        } => tr!(
            "registers {executor}, incarnation {incarnation}",
            executor = name(*executor),
            incarnation
        ),
        Record::ExecutorRestarted { incarnation, .. } => tr!(
            "restarts without jobs as incarnation {incarnation} and sends its registration",
            incarnation
        ),
        Record::ProcessRestarted => say("is restored from its write-ahead log").to_owned(),
        Record::CoordinatorSuspected(coordinator) => tr!(
            "receives no answer from {}, so new jobs go to the other coordinators",
            name(*coordinator)
        ),
        Record::CoordinatorHealthy(coordinator) => {
            tr!("receives an answer from {} again", name(*coordinator))
        }
        Record::ExecutorSuspected(executor) => tr!("suspects {}: no heartbeat", name(*executor)),
        Record::ExecutorFailed(executor) => tr!("declares {} failed", name(*executor)),
        Record::ExecutorHealthy(executor) => tr!(
            "receives a heartbeat from {} again: healthy",
            name(*executor)
        ),
        Record::ExecutorDraining(executor) => tr!("drains {}", name(*executor)),
        Record::ExecutorRemoved(executor) => tr!("removes {}", name(*executor)),
        Record::ReassignmentHeld { silent, members } => tr!(
            "holds reassignment back: {silent} of {members} executors are silent, so recovery itself may be cut off",
            silent,
            members
        ),
        Record::ReassignmentReleased {
            silent,
            members,
            heard: true,
        } => tr!(
            "allows reassignment again: only {silent} of {members} executors are still silent",
            silent,
            members
        ),
        Record::ReassignmentReleased {
            silent, members, ..
        } => tr!(
            "has held reassignment back for the maximum time and allows it: {silent} of {members} executors are silent",
            silent,
            members
        ),
        Record::JobSubmitted {
            job,
            class,
            work_us,
        } => {
            let (job, work) = (job_title(*job), span(*work_us));
            match class {
                Class::Normal => tr!("submits normal {job} with {work} of work", job, work),
                Class::Emergency => tr!("submits emergency {job} with {work} of work", job, work),
            }
        }
        Record::JobAccepted { job, .. } => tr!("accepts {job} into its ledger", job),
        Record::JobRefused { job, reason } => {
            tr!(
                "refuses {job}: {reason}",
                job,
                reason = labels::job_refusal(reason)
            )
        }
        Record::JobRouted(Attempt { job, number }) => {
            tr!("routes {job} to {to} as attempt {number}", job, to, number)
        }
        Record::JobQueued(Attempt { job, number }, _) => {
            tr!("queues {job}, attempt {number}", job, number)
        }
        Record::JobStarted(attempt, _, 0) => tr!("starts {}", job_title(attempt.job)),
        Record::JobStarted(attempt, _, cold_us) => tr!(
            "starts {job} after a cold start of {span}",
            job = job_title(attempt.job),
            span = span((*cold_us).into())
        ),
        Record::JobPaused(attempt, _) => tr!("pauses {} and keeps its work", attempt.job),
        Record::JobResumed(attempt, _) => tr!("resumes {} where it stopped", attempt.job),
        Record::JobReturned(Attempt { job, .. }) => tr!("returns {job} to {to}", job, to),
        Record::JobCompleted(Attempt { job, number }) => {
            tr!("completes {job}, attempt {number}", job, number)
        }
        Record::CompletionAccepted(Attempt { job, number }) => tr!(
            "accepts the completion of {job}: attempt {number} is the newest",
            job,
            number
        ),
        Record::CompletionRefused(Attempt { job, number }, newest) => {
            let why = format::refusal(*newest);
            tr!(
                "refuses the completion of {job}, attempt {number}: {why}",
                job,
                number,
                why
            )
        }
        Record::JobOrphaned(Attempt { job, number }, executor) => tr!(
            "takes {job} away from {executor} and issues attempt {number}",
            job,
            executor = name(*executor),
            number
        ),
        Record::JobReassigned(Attempt { job, number }, executor) => tr!(
            "reassigns {job} to {executor} as attempt {number}",
            job,
            executor = name(*executor),
            number
        ),
        Record::Emergency(announcement) => {
            let kind = format::emergency_type(&announcement.kind);
            let (id, level) = (announcement.emergency, announcement.level);
            match announcement.change {
                EmergencyChange::Declared => {
                    tr!("declares {id}: {kind}, {level}", id, kind, level)
                }
                EmergencyChange::Changed => {
                    tr!("changes {id} ({kind}) to {level}", id, kind, level)
                }
                EmergencyChange::Cleared => tr!("clears {id} ({kind})", id, kind),
            }
        }
        Record::ModeSet { level, version } => tr!(
            "changes to level {level} (version {version})",
            level,
            version
        ),
        Record::FunctionPrewarmed(kind) => {
            let kind = format::emergency_type(kind);
            tr!("warms up the {kind} function in advance", kind)
        }
        Record::HeartbeatSent => say("sends a heartbeat").to_owned(),
        Record::HeartbeatReceived => match sender(trace, event) {
            Some(from) => tr!("receives a heartbeat from {from}", from),
            None => say("receives a heartbeat").to_owned(),
        },
        Record::MessageSent(what, subject) => {
            let what = message_phrase(trace, *what, *subject);
            match event.form {
                Form::Send {
                    retry_of: Some(original),
                    ..
                } => tr!(
                    "sends {what} to {to} again (first sent as message {number})",
                    what,
                    to,
                    number = original.0
                ),
                _ => tr!("sends {what} to {to}", what, to),
            }
        }
        Record::MessageReceived(what, subject, ignored) => {
            let what = message_phrase(trace, *what, *subject);
            let why = ignored.map(labels::ignored);
            match (sender(trace, event), why) {
                (Some(from), None) => tr!("receives {what} from {from}", what, from),
                (Some(from), Some(why)) => {
                    tr!(
                        "receives {what} from {from}, ignored: {why}",
                        what,
                        from,
                        why
                    )
                }
                (None, None) => tr!("receives {what}", what),
                (None, Some(why)) => tr!("receives {what}, ignored: {why}", what, why),
            }
        }
        Record::MessageRefused(refused) => {
            let what = message_phrase(trace, refused.what, refused.subject);
            let own = event.process();
            tr!(
                "refuses {what} from {from}: its clock is forged, because it claims {claimed} events of {own}, which had {had}",
                what,
                from = sender(trace, event).unwrap_or(say("no process")),
                claimed = grouped(refused.claimed.into()),
                own = own.map_or(say("no process"), |own| trace.name(own)),
                had = grouped(refused.had.into())
            )
        }
        Record::MessageHeld(held) => {
            let (what, from) = (message_noun(held.what), name(held.from));
            match held.missing {
                Missing::Welcome => tr!(
                    "holds back {what} from {from}: its registration has not been confirmed yet",
                    what,
                    from
                ),
                Missing::Broadcast(process, number) => tr!(
                    "holds back {what} from {from}: it depends on broadcast {number} of {process}, which has not been delivered here",
                    what,
                    from,
                    number,
                    process = name(process)
                ),
            }
        }
        Record::MessageDropped(from, to, reason) => tr!(
            "loses a message from {from} to {to}: {reason}",
            from = name(*from),
            to = name(*to),
            reason = labels::loss(*reason)
        ),
        Record::FaultInjected(fault, executor, factor) => {
            let name = name(*executor);
            match fault {
                FaultKind::Crash => tr!("{name} crashes", name),
                FaultKind::Hang => tr!("{name} hangs", name),
                FaultKind::Slow => tr!("{name} becomes {factor} times slower", name, factor),
                FaultKind::Partition => tr!("{name} is cut off from all other processes", name),
                FaultKind::Split => tr!("{name} is on one side of a split", name),
            }
        }
        Record::FaultCleared(fault, executor) => {
            let name = name(*executor);
            match fault {
                FaultKind::Crash => tr!("{name} is restarted", name),
                FaultKind::Hang => tr!("{name} resumes", name),
                FaultKind::Slow => tr!("{name} works at normal speed again", name),
                FaultKind::Partition => tr!("{name} is reconnected", name),
                FaultKind::Split => tr!("{name} is united with the others", name),
            }
        }
        Record::Link(change) => link(trace, change),
        Record::Logged(logged) => logged.text.to_string(),
        Record::ClockForged(forgery) => {
            let (from, to) = (trace.name(forgery.from), trace.name(forgery.to));
            if forgery.done {
                tr!(
                    "the forged message from {from} to {to} is on its way: later messages carry the true clock",
                    from,
                    to
                )
            } else {
                tr!(
                    "the next message from {from} to {to} will claim more events of its receiver than there are",
                    from,
                    to
                )
            }
        }
    }
}

fn link(trace: &Trace, change: &LinkChange) -> String {
    let end = |end: Option<ProcessIndex>| {
        end.map_or_else(|| say("all processes"), |process| trace.name(process))
    };
    let (from, to) = (end(change.pair.from), end(change.pair.to));
    match change.fault {
        Some(fault) => {
            let becomes = format::link_fault(fault);
            tr!("the link from {from} to {to}: {becomes}", from, to, becomes)
        }
        None => tr!("the link from {from} to {to} is restored", from, to),
    }
}

/// The sender of a received message.
fn sender<'a>(trace: &'a Trace, event: &Event) -> Option<&'a str> {
    match event.form {
        Form::Receipt { from, .. } => Some(trace.name(from)),
        _ => None,
    }
}

/// A message as a noun, with its subject.
fn message_phrase(trace: &Trace, what: MessageKind, subject: Subject) -> String {
    let what = message_noun(what);
    match subject {
        Subject::Nothing => what,
        Subject::Job(job) => tr!("{what} for {job}", what, job),
        Subject::Executor(executor) => {
            let executor = trace.name(executor);
            tr!("{what} about {executor}", what, executor)
        }
    }
}

/// A message as a noun.
fn message_noun(what: MessageKind) -> String {
    let message_noun = match what {
        MessageKind::Acknowledgement => say("an acknowledgement"),
        MessageKind::HeartbeatReply => say("a heartbeat reply"),
        MessageKind::SetMode => say("the emergency state"),
        MessageKind::EmergencyNotice => say("the notice of an emergency"),
        MessageKind::Orphans => say("orphaned jobs"),
        MessageKind::Reassigned => say("the new assignments"),
        other => return tr!("\"{}\"", format::message_kind(other)),
    };
    message_noun.to_owned()
}
