//! The names of messages, as traces have them.

/// What a message is, in one byte: what traces call it, without what it says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum What {
    /// `ack`
    Acknowledgement,
    /// `job_submitted`
    JobSubmitted,
    /// `job_routed`
    JobRouted,
    /// `job_reassigned`
    JobReassigned,
    /// `job_completed`
    JobCompleted,
    /// `job_returned`
    JobReturned,
    /// `heartbeat`
    Heartbeat,
    /// `heartbeat_reply`
    HeartbeatReply,
    /// `emergency_declared`
    EmergencyDeclared,
    /// `emergency_changed`
    EmergencyChanged,
    /// `emergency_cleared`
    EmergencyCleared,
    /// `emergency_notice`
    EmergencyNotice,
    /// `set_mode`
    SetMode,
    /// `executor_added`
    ExecutorAdded,
    /// `register`
    Register,
    /// `welcome`
    Welcome,
    /// `executor_joined`
    ExecutorJoined,
    /// `executor_suspected`
    ExecutorSuspected,
    /// `executor_failed`
    ExecutorFailed,
    /// `executor_healthy`
    ExecutorHealthy,
    /// `executor_draining`
    ExecutorDraining,
    /// `executor_removed`
    ExecutorRemoved,
    /// `drain_executor`
    DrainExecutor,
    /// `drain`
    Drain,
    /// `drained`
    Drained,
    /// `remove_executor`
    RemoveExecutor,
    /// `orphans`
    Orphans,
    /// `reassigned`
    Reassigned,
    /// `gossip`
    Gossip,
    /// `gossip_reply`
    GossipReply,
}

impl What {
    /// Every one.
    pub const ALL: [What; 30] = [
        What::Acknowledgement,
        What::JobSubmitted,
        What::JobRouted,
        What::JobReassigned,
        What::JobCompleted,
        What::JobReturned,
        What::Heartbeat,
        What::HeartbeatReply,
        What::EmergencyDeclared,
        What::EmergencyChanged,
        What::EmergencyCleared,
        What::EmergencyNotice,
        What::SetMode,
        What::ExecutorAdded,
        What::Register,
        What::Welcome,
        What::ExecutorJoined,
        What::ExecutorSuspected,
        What::ExecutorFailed,
        What::ExecutorHealthy,
        What::ExecutorDraining,
        What::ExecutorRemoved,
        What::DrainExecutor,
        What::Drain,
        What::Drained,
        What::RemoveExecutor,
        What::Orphans,
        What::Reassigned,
        What::Gossip,
        What::GossipReply,
    ];

    /// The word used in traces (`what`).
    pub fn name(self) -> &'static str {
        match self {
            What::Acknowledgement => "ack",
            What::JobSubmitted => "job_submitted",
            What::JobRouted => "job_routed",
            What::JobReassigned => "job_reassigned",
            What::JobCompleted => "job_completed",
            What::JobReturned => "job_returned",
            What::Heartbeat => "heartbeat",
            What::HeartbeatReply => "heartbeat_reply",
            What::EmergencyDeclared => "emergency_declared",
            What::EmergencyChanged => "emergency_changed",
            What::EmergencyCleared => "emergency_cleared",
            What::EmergencyNotice => "emergency_notice",
            What::SetMode => "set_mode",
            What::ExecutorAdded => "executor_added",
            What::Register => "register",
            What::Welcome => "welcome",
            What::ExecutorJoined => "executor_joined",
            What::ExecutorSuspected => "executor_suspected",
            What::ExecutorFailed => "executor_failed",
            What::ExecutorHealthy => "executor_healthy",
            What::ExecutorDraining => "executor_draining",
            What::ExecutorRemoved => "executor_removed",
            What::DrainExecutor => "drain_executor",
            What::Drain => "drain",
            What::Drained => "drained",
            What::RemoveExecutor => "remove_executor",
            What::Orphans => "orphans",
            What::Reassigned => "reassigned",
            What::Gossip => "gossip",
            What::GossipReply => "gossip_reply",
        }
    }

    /// Whether it is only there to keep the system informed: acknowledgements, heartbeats, their replies, gossip.
    pub fn is_background(self) -> bool {
        matches!(
            self,
            What::Acknowledgement
                | What::Heartbeat
                | What::HeartbeatReply
                | What::Gossip
                | What::GossipReply
        )
    }
}
