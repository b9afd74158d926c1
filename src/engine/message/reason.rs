//! Why a message changed nothing, or did not arrive. Each reason has a stable code, which is its name in a trace.

use strum::IntoStaticStr;

/// Why a receipt changed nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum Ignored {
    /// Received before.
    ReceivedBefore,
    /// Acknowledged before.
    AcknowledgedBefore,
    /// Already completed.
    AlreadyCompleted,
    /// Of an attempt that a newer one has superseded.
    SupersededAttempt,
    /// Not a valid registration.
    InvalidRegistration,
    /// Unknown executor.
    UnknownExecutor,
    /// Draining or removed.
    DrainingOrRemoved,
    /// Older report of an executor than the one at hand.
    OlderReport,
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
    /// The code used in traces (`reason`).
    pub fn code(self) -> &'static str {
        self.into()
    }
}

/// Why a message did not arrive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum Loss {
    /// A partition or a split lies between both.
    Partition,
    /// The receiver has crashed.
    Crashed,
    /// The receiver was removed.
    Removed,
    /// A degraded link lost it.
    Link,
}

impl Loss {
    /// The code used in traces (`reason`).
    pub fn code(self) -> &'static str {
        self.into()
    }
}
