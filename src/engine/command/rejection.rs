//! Why a command is refused.

use std::rc::Rc;

use serde::Serialize;
use strum::{IntoStaticStr, VariantArray};

use crate::access::{Right, Role};
use crate::bounds::Invalid;

/// Why a command was refused; nothing has changed. In JSON, as actions are:
/// `{"process": {"name": "fire-station", "mismatch": "not_crashed"}}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, IntoStaticStr)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Rejection {
    /// The principal has no role.
    UnknownPrincipal(Rc<str>),
    /// The role of the principal lacks a right.
    NotPermitted {
        /// Who asked.
        principal: Rc<str>,
        /// What they are.
        role: Role,
        /// What that lacks.
        right: Right,
    },
    /// What was asked does not fit the process that was named.
    Process {
        /// Its name.
        name: Rc<str>,
        /// Why not.
        mismatch: Mismatch,
    },
    /// A value breaks a bound.
    Invalid(Invalid),
    /// No emergency is active.
    NoEmergency,
    /// Others are active than the one that was named.
    EmergencyNotActive {
        /// The one that was named.
        emergency: Rc<str>,
        /// Those that are active.
        active: Vec<Rc<str>>,
    },
    /// The emergency is at that level already.
    SameLevel(Rc<str>),
    /// NONE can neither be declared nor changed to.
    LevelNone,
    /// A run has at most [`EXECUTORS_MAX`](crate::bounds::EXECUTORS_MAX) executors.
    TooManyExecutors,
    /// Only a degraded link can be restored.
    LinkNotDegraded,
    /// The link is degraded in the same way.
    LinkSame,
    /// Nothing is ever sent from the one to the other.
    LinkUnused(Ends),
    /// The next message of the link is to carry a forged clock.
    AlreadyForged(Ends),
    /// There is a split.
    AlreadySplit,
    /// Only a split can be undone.
    NotSplit,
    /// Nobody would be on the other side.
    SplitOneSided,
    /// What is shown is the log of another system.
    ReadOnly,
}

/// Why a command does not fit a process.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, IntoStaticStr, VariantArray)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Mismatch {
    /// No process has that name.
    NoProcess,
    /// No executor has that name.
    NoExecutor,
    /// The process has another role.
    NotAnExecutor,
    /// The executor was removed.
    ExecutorRemoved,
    /// The executor has not registered yet.
    NotRegistered,
    /// The executor is draining.
    AlreadyDraining,
    /// An executor has that id, now or earlier in the run.
    IdTaken,
    /// The system stands for its users.
    SystemDoesNotFail,
    /// A coordinator or recovery cannot be slow.
    RunsNoJobs,
    /// What was asked takes a process that has not crashed.
    HasCrashed,
    /// Only a crashed process can restart.
    NotCrashed,
    /// The process is hung.
    AlreadyHung,
    /// Only a hung process can resume.
    NotHung,
    /// The process is cut off.
    AlreadyCutOff,
    /// Only what is cut off can be reconnected.
    NotCutOff,
    /// The executor has that slowdown.
    SameSpeed,
}

/// The ends of a link, by name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Ends {
    /// The sender.
    pub from: Rc<str>,
    /// The receiver.
    pub to: Rc<str>,
}

impl Rejection {
    /// The code used in traces (`reason`).
    pub fn code(&self) -> &'static str {
        match self {
            Rejection::Process { mismatch, .. } => mismatch.into(),
            other => other.into(),
        }
    }
}

impl Mismatch {
    /// The refusal of what was asked of a process.
    pub fn of(self, name: &str) -> Rejection {
        Rejection::Process {
            name: name.into(),
            mismatch: self,
        }
    }
}

impl From<Invalid> for Rejection {
    fn from(invalid: Invalid) -> Self {
        Rejection::Invalid(invalid)
    }
}
