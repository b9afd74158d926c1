//! Commands: plain data with a time and a principal. Each is validated in full before anything changes, and a refusal is
//! recorded with its reason.

mod execute;
mod handle;
mod rejection;
mod validate;

use std::rc::Rc;

use serde::Serialize;

use crate::emergency::{EmergencyType, Level};
use crate::job::{Execution, Location};
pub use rejection::{Ends, Mismatch, Rejection};

/// A timed request by somebody. In JSON:
/// `{"at_us": 8000000, "principal": "commander", "action": {"crash": {"process": "fire-station"}}}`.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Command {
    /// When, in µs of simulated time; a command given by hand ignores it and means now.
    pub at_us: u64,
    /// Who asks.
    pub principal: Rc<str>,
    /// What is asked.
    pub action: Action,
}

/// Everything a person or a scenario can ask for.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Action {
    /// Everyday work.
    SubmitNormalJob(JobRequest),
    /// Work for an emergency of a type.
    SubmitEmergencyJob {
        /// Which capability serves it best.
        #[serde(rename = "type")]
        kind: EmergencyType,
        /// The work itself.
        job: JobRequest,
    },
    /// A new emergency; the system level becomes the highest of the active ones.
    DeclareEmergency {
        /// What kind.
        #[serde(rename = "type")]
        kind: EmergencyType,
        /// How severe; LOW to CRITICAL.
        level: Level,
        /// Where, in words.
        #[serde(skip_serializing_if = "Option::is_none")]
        place: Option<Rc<str>>,
        /// Where, on the plane.
        #[serde(skip_serializing_if = "Option::is_none")]
        location: Option<Location>,
        /// How far it reaches, in metres.
        #[serde(skip_serializing_if = "Option::is_none")]
        radius_m: Option<u32>,
    },
    /// Another level for an active emergency: escalation or de-escalation.
    ChangeEmergency {
        /// Such as `emergency-1`; without it, the one declared last.
        #[serde(skip_serializing_if = "Option::is_none")]
        emergency: Option<Rc<str>>,
        /// The new level; LOW to CRITICAL.
        level: Level,
    },
    /// The end of an active emergency.
    ClearEmergency {
        /// Such as `emergency-1`; without it, the one declared last.
        #[serde(skip_serializing_if = "Option::is_none")]
        emergency: Option<Rc<str>>,
    },
    /// A new executor, which registers by message.
    AddExecutor(ExecutorSpec),
    /// Takes nothing new, hands back what waits, finishes what runs, is then removed.
    DrainExecutor {
        /// Its name.
        executor: Rc<str>,
    },
    /// Removal by force: a crash and a removal.
    RemoveExecutor {
        /// Its name.
        executor: Rc<str>,
    },
    /// Nothing more happens there. An executor loses queues and running work; a coordinator and recovery keep
    /// what is in their logs.
    Crash {
        /// The process.
        process: Rc<str>,
    },
    /// Undoes a crash: an executor comes back empty with a new incarnation, a coordinator or recovery from its log.
    Restart {
        /// The process.
        process: Rc<str>,
    },
    /// Frozen: no work, no messages, nothing lost.
    Hang {
        /// The process.
        process: Rc<str>,
    },
    /// Undoes a hang: it goes on where it was.
    Resume {
        /// The process.
        process: Rc<str>,
    },
    /// The remaining and all later work takes `factor` times as long; 1 undoes it.
    Slow {
        /// The process.
        process: Rc<str>,
        /// 1 to 100.
        factor: u32,
    },
    /// Cuts the process off in both directions; both sides work on.
    Partition {
        /// The process.
        process: Rc<str>,
    },
    /// Undoes a partition.
    Heal {
        /// The process.
        process: Rc<str>,
    },
    /// These links treat each message badly, in one direction; `*` stands for everybody.
    DegradeLink {
        /// Sender, or `*`.
        from: Rc<str>,
        /// Receiver, or `*`.
        to: Rc<str>,
        /// The chance to be lost, in percent: 0 to 100; 100 is a one-way partition.
        loss_percent: u32,
        /// The chance to arrive twice, in percent: 0 to 100.
        duplicate_percent: u32,
        /// The chance to leave the order of the link, in percent: 0 to 100.
        reorder_percent: u32,
        /// Added to the latency, in µs: at most 60 000 000.
        delay_us: u64,
    },
    /// Undoes a degraded link, named as it was.
    RestoreLink {
        /// Sender, or `*`.
        from: Rc<str>,
        /// Receiver, or `*`.
        to: Rc<str>,
    },
    /// The next message of a link claims more of its receiver's own events than that has had; then it is over.
    ForgeClock {
        /// Sender.
        from: Rc<str>,
        /// Receiver.
        to: Rc<str>,
    },
    /// Nothing passes between these processes and all others; both sides work on.
    Split {
        /// One of the two sides.
        group: Vec<Rc<str>>,
    },
    /// Undoes a split.
    Unite {},
    /// Every running executor sends a heartbeat now instead of waiting for its period.
    RunHeartbeatCycle {},
}

/// The part of a submission that both classes share.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct JobRequest {
    /// What people call it; a default is made from its number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<Rc<str>>,
    /// 1 to 3 600 000 000 µs (an hour).
    pub work_us: u64,
    /// Capabilities an executor must have.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub requirements: Vec<Rc<str>>,
    /// Where it is needed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub location: Option<Location>,
    /// The only executor that may run it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target: Option<Rc<str>>,
    /// How it runs.
    pub execution: Execution,
}

/// An executor to be.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ExecutorSpec {
    /// Unique in the run, never used again after removal; 1 to 40 lower-case letters, digits, `-` or `_`.
    pub id: Rc<str>,
    /// Slots: how many jobs run at once, 1 to 1024.
    pub capacity: u16,
    /// What it is good at, such as `medical`; `general` helps a little with every type. At most 16.
    pub capabilities: Vec<Rc<str>>,
    /// Where it stands.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub location: Option<Location>,
}
