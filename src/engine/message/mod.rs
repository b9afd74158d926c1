//! The messages between processes.

mod kind;
mod reason;

use std::rc::Rc;

pub use kind::MessageKind;
pub use reason::{Ignored, Loss};

use super::clock::Stamp;
use super::command::ExecutorSpec;
use super::emergency::{EmergencyState, EmergencyType, Level};
use super::id::{EmergencyId, JobId, MessageId, ProcessIndex};
use super::job::Job;
use super::process::causal_delivery::CausalHeader;
use super::process::gossip::{Gossip, Part};

/// A message on its way or held by a hung receiver.
#[derive(Clone, Debug)]
pub struct Message {
    /// Its number.
    pub id: MessageId,
    /// The number of its first transmission; receivers ignore what they have seen under it.
    pub original: MessageId,
    /// Whether the receiver acknowledges it.
    pub acknowledged: bool,
    /// Who sent it.
    pub from: ProcessIndex,
    /// Whom it is for.
    pub to: ProcessIndex,
    /// What it says.
    pub body: Payload,
    /// The sender's clocks at the send.
    pub stamp: Rc<Stamp>,
    /// Place of the send in the trace.
    pub send_seq: u32,
    /// When it was sent, in ns.
    pub sent_ns: u64,
    /// When it arrives, in ns.
    pub due_ns: u64,
    /// What the order of delivery goes by.
    pub mark: Option<CausalHeader>,
    /// Sent into a cut link: it will be dropped.
    pub cut: bool,
    /// Sent over a degraded link that loses it.
    pub lost: bool,
    /// A degraded link delivers it twice.
    pub doubled: bool,
    /// When its second copy arrives, in ns, while the first has not.
    pub again_ns: Option<u64>,
}

/// How recovery regards an executor that asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MembershipStatus {
    /// A member.
    Member,
    /// A member that takes nothing new.
    Draining,
    /// Not a member any more: it stops.
    Removed,
}

/// Which of the three announcements a new emergency state is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EmergencyChange {
    /// A new emergency.
    Declared,
    /// Another level.
    Changed,
    /// The end of one.
    Cleared,
}

/// The announcement that goes with a new emergency state.
#[derive(Clone, Debug, PartialEq)]
pub struct Announcement {
    /// What happened.
    pub change: EmergencyChange,
    /// To which emergency.
    pub emergency: EmergencyId,
    /// Its level now (its last level, when cleared).
    pub level: Level,
    /// Its type.
    pub kind: EmergencyType,
}

/// What an executor tells of itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Status {
    /// Emergency jobs that wait.
    pub emergency_queued: u32,
    /// Normal jobs that wait.
    pub normal_queued: u32,
    /// Jobs in slots.
    pub running: u32,
    /// Paused normal jobs.
    pub paused: u32,
    /// Jobs completed by this incarnation.
    pub completed: u32,
    /// Version of the emergency state it works under.
    pub version: u32,
}

/// A stretch in which recovery counted on an executor: a restart ends it, and so does being taken for failed. Whatever
/// was assigned in an earlier one is lost for certain or given up, even if the executor is healthy by now.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct MembershipEpoch {
    /// Its life.
    pub incarnation: u32,
    /// How often it was taken for failed, in all its lives.
    pub failures: u32,
}

/// What recovery says of an executor beside the news itself. Words can overtake each other on their way, so each says
/// everything, and only a newer one counts.
#[derive(Clone, Debug, PartialEq)]
pub struct ExecutorUpdate {
    /// What it is.
    pub spec: Rc<ExecutorSpec>,
    /// Counts the updates about this executor.
    pub version: u32,
    /// The present tenure.
    pub epoch: MembershipEpoch,
    /// Takes nothing new.
    pub draining: bool,
}

/// A reassignment's outcome: the executor and its tenure, or nobody.
pub type Placement = Option<(ProcessIndex, MembershipEpoch)>;

/// What a message says. Each variant names its sender and receiver.
#[derive(Clone, Debug, PartialEq)]
pub enum Payload {
    /// Anyone: the message with this original number has arrived.
    Acknowledgement(MessageId),
    /// System to coordinator.
    SubmitJob(Rc<Job>),
    /// Coordinator or recovery to executor: run this, under this attempt, if you are still this incarnation.
    Assign {
        /// The job.
        job: Rc<Job>,
        /// The fencing token its completion must carry.
        attempt: u32,
        /// The incarnation of the executor it is meant for.
        incarnation: u32,
        /// The coordinator that owns the job.
        owner: ProcessIndex,
        /// Sent by recovery after a failure.
        reassigned: bool,
    },
    /// Executor to coordinator.
    Complete {
        /// The job.
        job: Rc<Job>,
        /// The attempt that ran.
        attempt: u32,
    },
    /// Draining executor to coordinator: not started, or paused.
    Return {
        /// The job.
        job: Rc<Job>,
        /// The attempt that is given back.
        attempt: u32,
    },
    /// Executor to recovery.
    Heartbeat {
        /// Which life of the executor speaks.
        incarnation: u32,
        /// How it is.
        status: Status,
    },
    /// Recovery to executor.
    HeartbeatReply {
        /// The emergency state.
        state: Rc<EmergencyState>,
        /// What recovery thinks of the executor.
        standing: MembershipStatus,
    },
    /// System to recovery.
    Emergency {
        /// The whole new state.
        state: Rc<EmergencyState>,
        /// What has changed in it.
        announcement: Rc<Announcement>,
    },
    /// System to executor, where it broadcasts, and recovery to coordinator, where there are several: the whole new state.
    EmergencyNotice(Rc<EmergencyState>),
    /// Recovery to executor.
    SetMode(Rc<EmergencyState>),
    /// System to recovery: a new executor is to join.
    AddExecutor {
        /// Its place in the process order.
        executor: ProcessIndex,
        /// What it is.
        spec: Rc<ExecutorSpec>,
    },
    /// Restarted executor to recovery.
    Register {
        /// Its new life.
        incarnation: u32,
    },
    /// Recovery to executor: registered; this is the state of things.
    Welcome {
        /// The emergency state.
        state: Rc<EmergencyState>,
        /// What recovery thinks of the executor.
        standing: MembershipStatus,
    },
    /// Recovery to coordinator: an executor joined, or came back under a new incarnation.
    ExecutorJoined(ProcessIndex, ExecutorUpdate),
    /// Recovery to coordinator: prefer others for now.
    ExecutorSuspected(ProcessIndex, ExecutorUpdate),
    /// Recovery to coordinator: its jobs are orphans.
    ExecutorFailed(ProcessIndex, ExecutorUpdate),
    /// Recovery to coordinator: heard from again.
    ExecutorHealthy(ProcessIndex, ExecutorUpdate),
    /// Recovery to coordinator: give it nothing new.
    ExecutorDraining(ProcessIndex, ExecutorUpdate),
    /// Recovery to coordinator, and to the system where that broadcasts: it is gone for good.
    ExecutorRemoved(ProcessIndex, ExecutorUpdate),
    /// System to recovery: drain this executor.
    DrainExecutor(ProcessIndex),
    /// Recovery to executor: you are to drain.
    Drain,
    /// Executor to recovery: everything is handed back or finished.
    Drained,
    /// System to recovery: this executor was removed by force.
    RemoveExecutor(ProcessIndex),
    /// Coordinator to recovery: reassign these, under these attempts.
    Orphans(Vec<(Rc<Job>, u32)>),
    /// Recovery to coordinator: where the orphans went, by job and attempt.
    Reassigned(Vec<(JobId, u32, Placement)>),
    /// Coordinator to coordinator.
    Gossip(Rc<Gossip>),
}

impl Payload {
    /// What it is called in traces.
    pub fn what(&self) -> MessageKind {
        match self {
            Payload::Acknowledgement(_) => MessageKind::Acknowledgement,
            Payload::SubmitJob(_) => MessageKind::JobSubmitted,
            Payload::Assign {
                reassigned: false, ..
            } => MessageKind::JobRouted,
            Payload::Assign {
                reassigned: true, ..
            } => MessageKind::JobReassigned,
            Payload::Complete { .. } => MessageKind::JobCompleted,
            Payload::Return { .. } => MessageKind::JobReturned,
            Payload::Heartbeat { .. } => MessageKind::Heartbeat,
            Payload::HeartbeatReply { .. } => MessageKind::HeartbeatReply,
            Payload::Emergency { announcement, .. } => match announcement.change {
                EmergencyChange::Declared => MessageKind::EmergencyDeclared,
                EmergencyChange::Changed => MessageKind::EmergencyChanged,
                EmergencyChange::Cleared => MessageKind::EmergencyCleared,
            },
            Payload::EmergencyNotice(_) => MessageKind::EmergencyNotice,
            Payload::SetMode(_) => MessageKind::SetMode,
            Payload::AddExecutor { .. } => MessageKind::ExecutorAdded,
            Payload::Register { .. } => MessageKind::Register,
            Payload::Welcome { .. } => MessageKind::Welcome,
            Payload::ExecutorJoined(..) => MessageKind::ExecutorJoined,
            Payload::ExecutorSuspected(..) => MessageKind::ExecutorSuspected,
            Payload::ExecutorFailed(..) => MessageKind::ExecutorFailed,
            Payload::ExecutorHealthy(..) => MessageKind::ExecutorHealthy,
            Payload::ExecutorDraining(..) => MessageKind::ExecutorDraining,
            Payload::ExecutorRemoved(..) => MessageKind::ExecutorRemoved,
            Payload::DrainExecutor(_) => MessageKind::DrainExecutor,
            Payload::Drain => MessageKind::Drain,
            Payload::Drained => MessageKind::Drained,
            Payload::RemoveExecutor(_) => MessageKind::RemoveExecutor,
            Payload::Orphans(_) => MessageKind::Orphans,
            Payload::Reassigned(_) => MessageKind::Reassigned,
            Payload::Gossip(gossip) => match gossip.part {
                Part::Ask => MessageKind::Gossip,
                Part::Answer | Part::Rest => MessageKind::GossipReply,
            },
        }
    }

    /// The job it carries, if it is about exactly one.
    pub fn job(&self) -> Option<&Rc<Job>> {
        match self {
            Payload::SubmitJob(job)
            | Payload::Assign { job, .. }
            | Payload::Complete { job, .. }
            | Payload::Return { job, .. } => Some(job),
            _ => None,
        }
    }

    /// The executor it is about, other than its sender and receiver.
    pub fn executor(&self) -> Option<ProcessIndex> {
        match self {
            Payload::AddExecutor { executor, .. }
            | Payload::ExecutorJoined(executor, _)
            | Payload::ExecutorSuspected(executor, _)
            | Payload::ExecutorFailed(executor, _)
            | Payload::ExecutorHealthy(executor, _)
            | Payload::ExecutorDraining(executor, _)
            | Payload::ExecutorRemoved(executor, _)
            | Payload::DrainExecutor(executor)
            | Payload::RemoveExecutor(executor) => Some(*executor),
            _ => None,
        }
    }

    /// Whether it is only there to keep the system informed: heartbeats, their replies, acknowledgements.
    /// The page shortens stretches in which nothing else happens.
    pub fn is_background(&self) -> bool {
        self.what().is_background()
    }
}
