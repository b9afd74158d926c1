//! Why a message changed nothing, or did not arrive.

use crate::mark;

/// Why a receipt changed nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ignored {
    /// Received before.
    ReceivedBefore,
    /// Acknowledged before.
    AcknowledgedBefore,
    /// Already completed.
    AlreadyCompleted,
    /// Superseded attempt.
    SupersededAttempt,
    /// Not a valid registration.
    InvalidRegistration,
    /// Unknown executor.
    UnknownExecutor,
    /// Draining or removed.
    DrainingOrRemoved,
    /// Older word of an executor than the one at hand.
    OlderWord,
    /// Removed.
    Removed,
    /// Removed: it stops.
    RemovedStops,
    /// Older incarnation.
    OlderIncarnation,
    /// Meant for another incarnation.
    OtherIncarnation,
    /// Older emergency state.
    OlderState,
    /// Not registered yet: the welcome will tell.
    BeforeWelcome,
    /// Not for the system.
    NotForSystem,
    /// Not for a coordinator.
    NotForCoordinator,
    /// Not for recovery.
    NotForRecovery,
    /// Not for an executor.
    NotForExecutor,
}

impl Ignored {
    /// The words used in traces (`reason`).
    pub fn words(self) -> &'static str {
        match self {
            Ignored::ReceivedBefore => mark!("received before"),
            Ignored::AcknowledgedBefore => mark!("acknowledged before"),
            Ignored::AlreadyCompleted => mark!("already completed"),
            Ignored::SupersededAttempt => mark!("superseded attempt"),
            Ignored::InvalidRegistration => mark!("not a valid registration"),
            Ignored::UnknownExecutor => mark!("unknown executor"),
            Ignored::DrainingOrRemoved => mark!("draining or removed"),
            Ignored::OlderWord => mark!("older word"),
            Ignored::Removed => mark!("removed"),
            Ignored::RemovedStops => mark!("removed: it stops"),
            Ignored::OlderIncarnation => mark!("older incarnation"),
            Ignored::OtherIncarnation => mark!("meant for another incarnation"),
            Ignored::OlderState => mark!("older emergency state"),
            Ignored::BeforeWelcome => mark!("not registered yet"),
            Ignored::NotForSystem => mark!("not for the system"),
            Ignored::NotForCoordinator => mark!("not for a coordinator"),
            Ignored::NotForRecovery => mark!("not for recovery"),
            Ignored::NotForExecutor => mark!("not for an executor"),
        }
    }
}

/// Why a message did not arrive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Loss {
    /// Partition.
    Partition,
    /// Receiver has crashed.
    Crashed,
    /// Receiver has left.
    Left,
    /// A degraded link.
    Link,
}

impl Loss {
    /// The words used in traces (`reason`).
    pub fn words(self) -> &'static str {
        match self {
            Loss::Partition => mark!("partition"),
            Loss::Crashed => mark!("receiver has crashed"),
            Loss::Left => mark!("receiver has left"),
            Loss::Link => mark!("lost on the link"),
        }
    }
}
