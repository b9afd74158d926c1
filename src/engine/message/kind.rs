//! The names of messages, as traces have them.

/// What a message is, in one byte: what traces call it, without what it says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum MessageKind {
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

impl MessageKind {
    /// Every one.
    pub const ALL: [MessageKind; 30] = [
        MessageKind::Acknowledgement,
        MessageKind::JobSubmitted,
        MessageKind::JobRouted,
        MessageKind::JobReassigned,
        MessageKind::JobCompleted,
        MessageKind::JobReturned,
        MessageKind::Heartbeat,
        MessageKind::HeartbeatReply,
        MessageKind::EmergencyDeclared,
        MessageKind::EmergencyChanged,
        MessageKind::EmergencyCleared,
        MessageKind::EmergencyNotice,
        MessageKind::SetMode,
        MessageKind::ExecutorAdded,
        MessageKind::Register,
        MessageKind::Welcome,
        MessageKind::ExecutorJoined,
        MessageKind::ExecutorSuspected,
        MessageKind::ExecutorFailed,
        MessageKind::ExecutorHealthy,
        MessageKind::ExecutorDraining,
        MessageKind::ExecutorRemoved,
        MessageKind::DrainExecutor,
        MessageKind::Drain,
        MessageKind::Drained,
        MessageKind::RemoveExecutor,
        MessageKind::Orphans,
        MessageKind::Reassigned,
        MessageKind::Gossip,
        MessageKind::GossipReply,
    ];

    /// The word used in traces (`what`).
    pub fn name(self) -> &'static str {
        match self {
            MessageKind::Acknowledgement => "ack",
            MessageKind::JobSubmitted => "job_submitted",
            MessageKind::JobRouted => "job_routed",
            MessageKind::JobReassigned => "job_reassigned",
            MessageKind::JobCompleted => "job_completed",
            MessageKind::JobReturned => "job_returned",
            MessageKind::Heartbeat => "heartbeat",
            MessageKind::HeartbeatReply => "heartbeat_reply",
            MessageKind::EmergencyDeclared => "emergency_declared",
            MessageKind::EmergencyChanged => "emergency_changed",
            MessageKind::EmergencyCleared => "emergency_cleared",
            MessageKind::EmergencyNotice => "emergency_notice",
            MessageKind::SetMode => "set_mode",
            MessageKind::ExecutorAdded => "executor_added",
            MessageKind::Register => "register",
            MessageKind::Welcome => "welcome",
            MessageKind::ExecutorJoined => "executor_joined",
            MessageKind::ExecutorSuspected => "executor_suspected",
            MessageKind::ExecutorFailed => "executor_failed",
            MessageKind::ExecutorHealthy => "executor_healthy",
            MessageKind::ExecutorDraining => "executor_draining",
            MessageKind::ExecutorRemoved => "executor_removed",
            MessageKind::DrainExecutor => "drain_executor",
            MessageKind::Drain => "drain",
            MessageKind::Drained => "drained",
            MessageKind::RemoveExecutor => "remove_executor",
            MessageKind::Orphans => "orphans",
            MessageKind::Reassigned => "reassigned",
            MessageKind::Gossip => "gossip",
            MessageKind::GossipReply => "gossip_reply",
        }
    }

    /// Whether it is only there to keep the system informed: acknowledgements, heartbeats, their replies, gossip.
    pub fn is_background(self) -> bool {
        matches!(
            self,
            MessageKind::Acknowledgement
                | MessageKind::Heartbeat
                | MessageKind::HeartbeatReply
                | MessageKind::Gossip
                | MessageKind::GossipReply
        )
    }
}
