//! What an event says: the closed list of kinds with their fields, and how each field is exported.

use std::rc::Rc;

use super::command::Rejection;
use super::emergency::{EmergencyType, Level};
use super::id::{JobId, MessageId, ProcessIndex};
use super::job::{Class, JobRefusal};
use super::message::{Announcement, EmergencyChange, Ignored, Loss, MessageKind, Payload};
use super::network::{LinkFault, Pair};
use super::policy::delivery::EmergencyDelivery;
use super::process::causal_delivery::Missing;
use super::recorded::Logged;

/// What makes a run what it is, in its first event.
#[derive(Clone, Debug, PartialEq)]
pub struct RunStarted {
    /// The scenario's name.
    pub scenario: Rc<str>,
    /// The seed of every chance.
    pub seed: u64,
    /// Queue discipline by name.
    pub discipline: &'static str,
    /// The head start of emergency jobs, in µs, where the discipline has one.
    pub ageing_us: Option<u64>,
    /// Routing of normal and emergency jobs by name.
    pub routing: String,
    /// Failure detector by name.
    pub detector: &'static str,
    /// The share of silent executors that holds reassignment, in percent; `None` for the usual one.
    pub brake_percent: Option<u32>,
    /// How an emergency is announced.
    pub emergency_delivery: EmergencyDelivery,
    /// How many coordinators there are.
    pub coordinators: u16,
}

/// A refused command.
#[derive(Clone, Debug, PartialEq)]
pub struct Denial {
    /// Who asked.
    pub principal: Rc<str>,
    /// Why not.
    pub reason: Rejection,
}

/// A job and the attempt of it: the fencing token that tells assignments apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Attempt {
    /// The job.
    pub job: JobId,
    /// Counts its assignments from 1.
    pub number: u32,
}

/// Which fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FaultKind {
    /// Nothing more happens there.
    Crash,
    /// Frozen.
    Hang,
    /// Work takes longer.
    Slow,
    /// Cut off in both directions.
    Partition,
    /// In a group that is split from all others.
    Split,
}

impl FaultKind {
    /// The word used in traces.
    pub fn name(self) -> &'static str {
        match self {
            FaultKind::Crash => "crash",
            FaultKind::Hang => "hang",
            FaultKind::Slow => "slow",
            FaultKind::Partition => "partition",
            FaultKind::Split => "split",
        }
    }
}

/// Links that begin to treat messages badly, or stop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LinkChange {
    /// Which.
    pub pair: Pair,
    /// How; `None` as they should.
    pub fault: Option<LinkFault>,
}

/// A link whose next message claims what it cannot know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClockForged {
    /// Sender.
    pub from: ProcessIndex,
    /// Receiver.
    pub to: ProcessIndex,
    /// Whether that message has been sent, which ends the fault.
    pub done: bool,
}

/// A message with a forged clock, as its receiver found it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refused {
    /// What it is called.
    pub what: MessageKind,
    /// What it is about.
    pub subject: Subject,
    /// How many of the receiver's own events it claims to know.
    pub claimed: u32,
    /// How many there were.
    pub had: u32,
}

/// A message that arrived and is not delivered yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Held {
    /// Its number.
    pub message: MessageId,
    /// Who sent it.
    pub from: ProcessIndex,
    /// What it is called.
    pub what: MessageKind,
    /// What must be delivered first.
    pub missing: Missing,
}

/// What a message that has no kind of its own is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// Nothing but what it is called.
    Nothing,
    /// A job.
    Job(JobId),
    /// An executor.
    Executor(ProcessIndex),
}

/// One kind of event with its fields. The doc comment names who records it.
#[derive(Clone, Debug, PartialEq)]
pub enum Record {
    /// Environment; always the first.
    RunStarted(Box<RunStarted>),
    /// System.
    CommandDenied(Box<Denial>),
    /// System.
    ExecutorAdded {
        /// Which.
        executor: ProcessIndex,
        /// Its slots.
        capacity: u16,
    },
    /// Recovery.
    ExecutorRegistered {
        /// Which.
        executor: ProcessIndex,
        /// Its slots.
        capacity: u16,
        /// Its life.
        incarnation: u32,
    },
    /// The executor.
    ExecutorRestarted {
        /// Which.
        executor: ProcessIndex,
        /// Its new life.
        incarnation: u32,
    },
    /// A coordinator or recovery, back from its log.
    ProcessRestarted,
    /// System: it does not answer, so new jobs go to others.
    CoordinatorSuspected(ProcessIndex),
    /// System: it answers again.
    CoordinatorHealthy(ProcessIndex),
    /// Recovery.
    ExecutorSuspected(ProcessIndex),
    /// Recovery.
    ExecutorFailed(ProcessIndex),
    /// Recovery.
    ExecutorHealthy(ProcessIndex),
    /// Recovery.
    ExecutorDraining(ProcessIndex),
    /// Recovery.
    ExecutorRemoved(ProcessIndex),
    /// Recovery: too many look dead at once, so failures are not declared.
    ReassignmentHeld {
        /// Members that look dead.
        silent: u32,
        /// All members.
        members: u32,
    },
    /// Recovery: failures are declared again.
    ReassignmentReleased {
        /// Members that look dead.
        silent: u32,
        /// All members.
        members: u32,
        /// Enough were heard again; else the hold has lasted for long enough.
        heard: bool,
    },
    /// System.
    JobSubmitted {
        /// Which.
        job: JobId,
        /// Its class.
        class: Class,
        /// Its work.
        work_us: u64,
    },
    /// Coordinator.
    JobAccepted {
        /// Which.
        job: JobId,
        /// Its class.
        class: Class,
    },
    /// Coordinator.
    JobRefused {
        /// Which.
        job: JobId,
        /// Why.
        reason: Box<JobRefusal>,
    },
    /// Coordinator.
    JobRouted(Attempt),
    /// Executor.
    JobQueued(Attempt, Class),
    /// Executor; with the cold start it pays, in µs.
    JobStarted(Attempt, Class, u32),
    /// Executor.
    JobPaused(Attempt, Class),
    /// Executor.
    JobResumed(Attempt, Class),
    /// Draining executor.
    JobReturned(Attempt),
    /// Executor.
    JobCompleted(Attempt),
    /// Coordinator.
    CompletionAccepted(Attempt),
    /// Coordinator; with the newest attempt, or none when the job is already done.
    CompletionRefused(Attempt, Option<u32>),
    /// Coordinator; the new attempt, and who lost the job.
    JobOrphaned(Attempt, ProcessIndex),
    /// Recovery; with the new executor.
    JobReassigned(Attempt, ProcessIndex),
    /// System.
    Emergency(Rc<Announcement>),
    /// Executor.
    ModeSet {
        /// The level it works under from now on.
        level: Level,
        /// Of the emergency state.
        version: u32,
    },
    /// Executor: a serverless function is warm without having run.
    FunctionPrewarmed(EmergencyType),
    /// Executor.
    HeartbeatSent,
    /// Recovery.
    HeartbeatReceived,
    /// Anyone.
    MessageSent(MessageKind, Subject),
    /// Anyone; with whether it was ignored, and why.
    MessageReceived(MessageKind, Subject, Option<Ignored>),
    /// Anyone: arrived with a forged clock; nothing of it is believed.
    MessageRefused(Box<Refused>),
    /// Anyone: arrived, and held back until what it depends on was delivered.
    MessageHeld(Box<Held>),
    /// Environment: sender, receiver, reason.
    MessageDropped(ProcessIndex, ProcessIndex, Loss),
    /// Environment; with the factor of a slowdown.
    FaultInjected(FaultKind, ProcessIndex, u32),
    /// Environment.
    FaultCleared(FaultKind, ProcessIndex),
    /// Environment: links are degraded or restored.
    Link(Box<LinkChange>),
    /// Environment: the next message of a link is to carry a forged clock, or has been sent.
    ClockForged(ClockForged),
    /// A process of another system, whose log is shown.
    Logged(Rc<Logged>),
}

/// A field's value on its way to an export.
#[derive(Clone, Debug, PartialEq)]
pub enum Field<'a> {
    /// A word or sentence.
    Text(&'a str),
    /// The same, made for the occasion.
    Made(String),
    /// A number.
    Number(u64),
    /// A process, exported by its name.
    Process(ProcessIndex),
}

impl Record {
    /// How the sending of a message is recorded.
    pub fn of_send(body: &Payload, to: ProcessIndex) -> Record {
        match body {
            Payload::SubmitJob(job) => Record::JobSubmitted {
                job: job.id,
                class: job.class(),
                work_us: job.work_us,
            },
            Payload::Assign {
                job,
                attempt,
                reassigned,
                ..
            } => {
                let attempt = Attempt {
                    job: job.id,
                    number: *attempt,
                };
                if *reassigned {
                    Record::JobReassigned(attempt, to)
                } else {
                    Record::JobRouted(attempt)
                }
            }
            Payload::Complete { job, attempt } => Record::JobCompleted(Attempt {
                job: job.id,
                number: *attempt,
            }),
            Payload::Return { job, attempt } => Record::JobReturned(Attempt {
                job: job.id,
                number: *attempt,
            }),
            Payload::Heartbeat { .. } => Record::HeartbeatSent,
            Payload::Emergency { announcement, .. } => Record::Emergency(Rc::clone(announcement)),
            Payload::AddExecutor { executor, spec } => Record::ExecutorAdded {
                executor: *executor,
                capacity: spec.capacity,
            },
            _ => Record::MessageSent(body.what(), Subject::of(body)),
        }
    }

    /// Every kind there is, by name.
    pub const KINDS: [&str; 44] = [
        "run_started",
        "command_denied",
        "executor_added",
        "executor_registered",
        "executor_restarted",
        "process_restarted",
        "coordinator_suspected",
        "coordinator_healthy",
        "executor_suspected",
        "executor_failed",
        "executor_healthy",
        "executor_draining",
        "executor_removed",
        "reassignment_held",
        "reassignment_released",
        "job_submitted",
        "job_accepted",
        "job_refused",
        "job_routed",
        "job_queued",
        "job_started",
        "job_paused",
        "job_resumed",
        "job_returned",
        "job_completed",
        "completion_accepted",
        "completion_refused",
        "job_orphaned",
        "job_reassigned",
        "emergency_declared",
        "emergency_changed",
        "emergency_cleared",
        "mode_set",
        "function_prewarmed",
        "heartbeat_sent",
        "heartbeat_received",
        "message_sent",
        "message_received",
        "message_refused",
        "message_held",
        "message_dropped",
        "fault_injected",
        "fault_cleared",
        "logged",
    ];

    /// The name of the kind, as in every export.
    pub fn kind(&self) -> &'static str {
        match self {
            Record::RunStarted(_) => "run_started",
            Record::CommandDenied(_) => "command_denied",
            Record::ExecutorAdded { .. } => "executor_added",
            Record::ExecutorRegistered { .. } => "executor_registered",
            Record::ExecutorRestarted { .. } => "executor_restarted",
            Record::ProcessRestarted => "process_restarted",
            Record::CoordinatorSuspected(_) => "coordinator_suspected",
            Record::CoordinatorHealthy(_) => "coordinator_healthy",
            Record::ExecutorSuspected(_) => "executor_suspected",
            Record::ExecutorFailed(_) => "executor_failed",
            Record::ExecutorHealthy(_) => "executor_healthy",
            Record::ExecutorDraining(_) => "executor_draining",
            Record::ExecutorRemoved(_) => "executor_removed",
            Record::ReassignmentHeld { .. } => "reassignment_held",
            Record::ReassignmentReleased { .. } => "reassignment_released",
            Record::JobSubmitted { .. } => "job_submitted",
            Record::JobAccepted { .. } => "job_accepted",
            Record::JobRefused { .. } => "job_refused",
            Record::JobRouted(_) => "job_routed",
            Record::JobQueued(..) => "job_queued",
            Record::JobStarted(..) => "job_started",
            Record::JobPaused(..) => "job_paused",
            Record::JobResumed(..) => "job_resumed",
            Record::JobReturned(_) => "job_returned",
            Record::JobCompleted(_) => "job_completed",
            Record::CompletionAccepted(_) => "completion_accepted",
            Record::CompletionRefused(..) => "completion_refused",
            Record::JobOrphaned(..) => "job_orphaned",
            Record::JobReassigned(..) => "job_reassigned",
            Record::Emergency(announcement) => match announcement.change {
                EmergencyChange::Declared => "emergency_declared",
                EmergencyChange::Changed => "emergency_changed",
                EmergencyChange::Cleared => "emergency_cleared",
            },
            Record::ModeSet { .. } => "mode_set",
            Record::FunctionPrewarmed(_) => "function_prewarmed",
            Record::HeartbeatSent => "heartbeat_sent",
            Record::HeartbeatReceived => "heartbeat_received",
            Record::MessageSent(..) => "message_sent",
            Record::MessageReceived(..) => "message_received",
            Record::MessageRefused(_) => "message_refused",
            Record::MessageHeld(_) => "message_held",
            Record::MessageDropped(..) => "message_dropped",
            Record::FaultInjected(..) => "fault_injected",
            Record::FaultCleared(..) => "fault_cleared",
            Record::Link(change) => FAULTS[usize::from(change.fault.is_none())],
            Record::ClockForged(forgery) => FAULTS[usize::from(forgery.done)],
            Record::Logged(_) => "logged",
        }
    }

    /// Every fault there is, by name.
    pub const FAULTS: [&str; 7] = [
        "crash",
        "hang",
        "slow",
        "partition",
        "split",
        "link",
        "forged_clock",
    ];

    /// The name of the fault that begins or ends.
    pub fn fault(&self) -> Option<&'static str> {
        match self {
            Record::FaultInjected(fault, ..) | Record::FaultCleared(fault, _) => Some(fault.name()),
            Record::Link(_) => Some("link"),
            Record::ClockForged(_) => Some("forged_clock"),
            _ => None,
        }
    }

    /// What the message is called that it sends or receives, where the kind does not say it.
    pub fn what(&self) -> Option<MessageKind> {
        match self {
            Record::MessageSent(what, _) | Record::MessageReceived(what, ..) => Some(*what),
            Record::MessageRefused(refused) => Some(refused.what),
            _ => None,
        }
    }

    /// The job it is about.
    pub fn job(&self) -> Option<JobId> {
        match self {
            Record::JobSubmitted { job, .. }
            | Record::JobAccepted { job, .. }
            | Record::JobRefused { job, .. } => Some(*job),
            Record::MessageSent(_, Subject::Job(job))
            | Record::MessageReceived(_, Subject::Job(job), _) => Some(*job),
            Record::MessageRefused(refused) => match refused.subject {
                Subject::Job(job) => Some(job),
                _ => None,
            },
            _ => self.attempt().map(|attempt| attempt.job),
        }
    }

    /// The attempt it is about.
    pub fn attempt(&self) -> Option<Attempt> {
        match self {
            Record::JobRouted(attempt)
            | Record::JobQueued(attempt, _)
            | Record::JobStarted(attempt, ..)
            | Record::JobPaused(attempt, _)
            | Record::JobResumed(attempt, _)
            | Record::JobReturned(attempt)
            | Record::JobCompleted(attempt)
            | Record::CompletionAccepted(attempt)
            | Record::CompletionRefused(attempt, _)
            | Record::JobOrphaned(attempt, _)
            | Record::JobReassigned(attempt, _) => Some(*attempt),
            _ => None,
        }
    }

    /// The class it states.
    pub fn class(&self) -> Option<Class> {
        match self {
            Record::JobSubmitted { class, .. }
            | Record::JobAccepted { class, .. }
            | Record::JobQueued(_, class)
            | Record::JobStarted(_, class, _)
            | Record::JobPaused(_, class)
            | Record::JobResumed(_, class) => Some(*class),
            _ => None,
        }
    }

    /// The executor it names, other than by recording it.
    pub fn executor(&self) -> Option<ProcessIndex> {
        match self {
            Record::ExecutorAdded { executor, .. }
            | Record::ExecutorRegistered { executor, .. }
            | Record::ExecutorRestarted { executor, .. }
            | Record::ExecutorSuspected(executor)
            | Record::ExecutorFailed(executor)
            | Record::ExecutorHealthy(executor)
            | Record::ExecutorDraining(executor)
            | Record::ExecutorRemoved(executor)
            | Record::JobOrphaned(_, executor)
            | Record::JobReassigned(_, executor)
            | Record::FaultInjected(_, executor, _)
            | Record::FaultCleared(_, executor)
            | Record::MessageSent(_, Subject::Executor(executor))
            | Record::MessageReceived(_, Subject::Executor(executor), _) => Some(*executor),
            Record::MessageRefused(refused) => match refused.subject {
                Subject::Executor(executor) => Some(executor),
                _ => None,
            },
            _ => None,
        }
    }

    /// Calls `put` with each field beside those that every event has, in the order of export.
    pub fn fields<'a>(&'a self, put: &mut dyn FnMut(&'static str, Field<'a>)) {
        if let Some(what) = self.what() {
            put("what", Field::Text(what.name()));
        }
        if let Some(job) = self.job() {
            put("job", Field::Made(job.to_string()));
        }
        if let Some(attempt) = self.attempt() {
            put("attempt", Field::Number(attempt.number.into()));
        }
        if let Some(class) = self.class() {
            put("class", Field::Text(class.name()));
        }
        if let Some(executor) = self.executor() {
            put("executor", Field::Process(executor));
        }
        if let Some(fault) = self.fault() {
            put("fault", Field::Text(fault));
        }
        self.own_fields(put);
    }

    fn own_fields<'a>(&'a self, put: &mut dyn FnMut(&'static str, Field<'a>)) {
        match self {
            Record::RunStarted(run) => {
                put("scenario", Field::Text(&run.scenario));
                put("seed", Field::Number(run.seed));
                put("engine", Field::Text(env!("CARGO_PKG_VERSION")));
                put("discipline", Field::Text(run.discipline));
                if let Some(ageing_us) = run.ageing_us {
                    put("ageing_us", Field::Number(ageing_us));
                }
                put("routing", Field::Text(&run.routing));
                put("detector", Field::Text(run.detector));
                if let Some(percent) = run.brake_percent {
                    put("brake_percent", Field::Number(percent.into()));
                }
                if run.emergency_delivery != EmergencyDelivery::Relayed {
                    let name = run.emergency_delivery.name();
                    put("emergency_delivery", Field::Text(name));
                }
                if run.coordinators > 1 {
                    put("coordinators", Field::Number(run.coordinators.into()));
                }
            }
            Record::CoordinatorSuspected(coordinator) | Record::CoordinatorHealthy(coordinator) => {
                put("coordinator", Field::Process(*coordinator));
            }
            Record::CommandDenied(denial) => {
                put("principal", Field::Text(&denial.principal));
                put("reason", Field::Text(denial.reason.code()));
            }
            Record::ExecutorAdded { capacity, .. } => {
                put("capacity", Field::Number((*capacity).into()))
            }
            Record::ExecutorRegistered {
                capacity,
                incarnation,
                ..
            } => {
                put("capacity", Field::Number((*capacity).into()));
                put("incarnation", Field::Number((*incarnation).into()));
            }
            Record::ExecutorRestarted { incarnation, .. } => {
                put("incarnation", Field::Number((*incarnation).into()));
            }
            Record::ReassignmentHeld { silent, members } => brake_fields(*silent, *members, put),
            Record::ReassignmentReleased {
                silent,
                members,
                heard,
            } => {
                brake_fields(*silent, *members, put);
                let reason = if *heard { "heard_again" } else { "held_long" };
                put("reason", Field::Text(reason));
            }
            Record::JobSubmitted { work_us, .. } => put("work_us", Field::Number(*work_us)),
            Record::JobRefused { reason, .. } => put("reason", Field::Text(reason.code())),
            Record::JobStarted(_, _, cold_start_us) if *cold_start_us > 0 => {
                put("cold_start_us", Field::Number((*cold_start_us).into()));
            }
            Record::CompletionAccepted(_) => put("reason", Field::Text("newest_attempt")),
            Record::CompletionRefused(_, Some(newest)) => {
                put("newest_attempt", Field::Number((*newest).into()));
                put("reason", Field::Text(Ignored::SupersededAttempt.code()));
            }
            Record::CompletionRefused(_, None) => {
                put("reason", Field::Text(Ignored::AlreadyCompleted.code()));
            }
            Record::Emergency(announcement) => {
                put("emergency", Field::Made(announcement.emergency.to_string()));
                put("level", Field::Text(announcement.level.name()));
                put("type", Field::Text(announcement.kind.name()));
            }
            Record::ModeSet { level, version } => {
                put("level", Field::Text(level.name()));
                put("version", Field::Number((*version).into()));
            }
            Record::FunctionPrewarmed(kind) => put("function", Field::Text(kind.name())),
            Record::MessageReceived(_, _, Some(ignored)) => {
                put("reason", Field::Text(ignored.code()))
            }
            Record::MessageRefused(refused) => {
                put("claimed", Field::Number(refused.claimed.into()));
                put("had", Field::Number(refused.had.into()));
                put("reason", Field::Text("forged_clock"));
            }
            Record::MessageHeld(held) => {
                put("message", Field::Number(held.message.0.into()));
                put("what", Field::Text(held.what.name()));
                put("sender", Field::Process(held.from));
                let reason = match held.missing {
                    Missing::Welcome => "waits_for_welcome",
                    Missing::Broadcast(process, number) => {
                        put("missing_from", Field::Process(process));
                        put("missing", Field::Number(number.into()));
                        "waits_for_broadcast"
                    }
                };
                put("reason", Field::Text(reason));
            }
            Record::MessageDropped(from, to, reason) => {
                put("from", Field::Process(*from));
                put("to", Field::Process(*to));
                put("reason", Field::Text(reason.code()));
            }
            Record::FaultInjected(FaultKind::Slow, _, factor) => {
                put("factor", Field::Number((*factor).into()));
            }
            Record::Link(change) => link_fields(change, put),
            Record::Logged(logged) => {
                put("text", Field::Text(&logged.text));
                put("line", Field::Number(logged.line.into()));
            }
            Record::ClockForged(forgery) => {
                put("link_from", Field::Process(forgery.from));
                put("link_to", Field::Process(forgery.to));
            }
            _ => {}
        }
    }
}

const FAULTS: [&str; 2] = ["fault_injected", "fault_cleared"];

fn brake_fields<'a>(silent: u32, members: u32, put: &mut dyn FnMut(&'static str, Field<'a>)) {
    put("silent", Field::Number(silent.into()));
    put("members", Field::Number(members.into()));
}

fn link_fields<'a>(change: &'a LinkChange, put: &mut dyn FnMut(&'static str, Field<'a>)) {
    for (name, end) in [("link_from", change.pair.from), ("link_to", change.pair.to)] {
        put(name, end.map_or(Field::Text("*"), Field::Process));
    }
    let Some(fault) = change.fault else { return };
    for (name, number) in [
        ("loss_percent", fault.loss_percent.into()),
        ("duplicate_percent", fault.duplicate_percent.into()),
        ("reorder_percent", fault.reorder_percent.into()),
        ("delay_us", fault.delay_us),
    ] {
        put(name, Field::Number(number));
    }
}

impl Subject {
    /// What a message is about.
    pub fn of(body: &Payload) -> Subject {
        match (body.job(), body.executor()) {
            (Some(job), _) => Subject::Job(job.id),
            (None, Some(executor)) => Subject::Executor(executor),
            (None, None) => Subject::Nothing,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_of_kinds_is_the_list_of_their_names() {
        let source = include_str!("record.rs");
        let begin = source.find("pub fn kind(&self)").unwrap();
        let names = source[begin..].split("=> \"").skip(1);
        let names: Vec<&str> = names
            .take(Record::KINDS.len())
            .filter_map(|rest| rest.split('"').next())
            .collect();
        assert_eq!(names, Record::KINDS);
        let end = begin + source[begin..].find("    }\n\n").unwrap();
        let count = source[begin..end].matches("=> \"").count();
        assert_eq!(count, Record::KINDS.len());
    }
}
