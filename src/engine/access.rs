//! Who may ask for what. Roles include one another: each may what the one before it may, and more. The engine
//! decides, at the moment of the command; whoever asks only learns the answer. What the workload brings is nobody's
//! command: the system itself receives it.

use std::rc::Rc;

use serde::Serialize;
use strum::{IntoStaticStr, VariantArray};

use super::command::{Action, Rejection};

/// What somebody is here, from the least to the most powerful.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Role {
    /// Reads.
    Observer,
    /// Submits normal jobs, adds and drains executors.
    Operator,
    /// Submits emergency jobs too.
    Dispatcher,
    /// May everything.
    Commander,
}

/// A kind of command that roles are told apart by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, IntoStaticStr, VariantArray)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Right {
    /// Everyday work.
    SubmitNormalJobs,
    /// Executors that come and go in good order, and their heartbeats.
    ManageExecutors,
    /// Work for an emergency.
    SubmitEmergencyJobs,
    /// What level everybody works under.
    HandleEmergencies,
    /// Faults, and their end. Removal by force is a crash, so it is among them.
    InjectFaults,
}

/// Somebody who gives commands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Principal {
    /// Unique; never the name of a role. 1 to 40 lower-case letters, digits, `-` or `_`.
    pub name: Rc<str>,
    /// What it is here.
    pub role: Role,
}

impl Role {
    /// Every role, the least powerful first.
    pub const ALL: [Role; 4] = [
        Role::Observer,
        Role::Operator,
        Role::Dispatcher,
        Role::Commander,
    ];

    /// The name used in scenarios and audits; also that of a principal which every run has.
    pub fn name(self) -> &'static str {
        match self {
            Role::Observer => "observer",
            Role::Operator => "operator",
            Role::Dispatcher => "dispatcher",
            Role::Commander => "commander",
        }
    }

    /// The role of that name.
    pub fn of(name: &str) -> Option<Role> {
        Role::ALL.into_iter().find(|role| role.name() == name)
    }

    /// Whether it has a right.
    pub fn has(self, right: Right) -> bool {
        self >= right.least_role()
    }
}

impl Right {
    /// What a command takes.
    pub fn of(action: &Action) -> Right {
        match action {
            Action::SubmitNormalJob(_) => Right::SubmitNormalJobs,
            Action::AddExecutor(_)
            | Action::DrainExecutor { .. }
            | Action::RunHeartbeatCycle {} => Right::ManageExecutors,
            Action::SubmitEmergencyJob { .. } => Right::SubmitEmergencyJobs,
            Action::DeclareEmergency { .. }
            | Action::ChangeEmergency { .. }
            | Action::ClearEmergency { .. } => Right::HandleEmergencies,
            Action::RemoveExecutor { .. }
            | Action::Crash { .. }
            | Action::Restart { .. }
            | Action::Hang { .. }
            | Action::Resume { .. }
            | Action::Slow { .. }
            | Action::Partition { .. }
            | Action::Heal { .. }
            | Action::DegradeLink { .. }
            | Action::RestoreLink { .. }
            | Action::ForgeClock { .. }
            | Action::Split { .. }
            | Action::Unite {} => Right::InjectFaults,
        }
    }

    /// Who has it: this role, and every one above it.
    pub fn least_role(self) -> Role {
        match self {
            Right::SubmitNormalJobs | Right::ManageExecutors => Role::Operator,
            Right::SubmitEmergencyJobs => Role::Dispatcher,
            Right::HandleEmergencies | Right::InjectFaults => Role::Commander,
        }
    }
}

/// The role of somebody: of a role by its own name, of others as the run declares them.
pub fn role_of(name: &str, declared: &[Principal]) -> Option<Role> {
    let found = declared.iter().find(|principal| *principal.name == *name);
    Role::of(name).or(found.map(|principal| principal.role))
}

/// Whether somebody in a role may ask for this; nobody without a role may.
///
/// # Errors
/// That nobody knows them, or the right that they lack.
pub fn check(principal: &str, role: Option<Role>, action: &Action) -> Result<(), Rejection> {
    let right = Right::of(action);
    let principal = principal.into();
    match role {
        None => Err(Rejection::UnknownPrincipal(principal)),
        Some(role) if role.has(right) => Ok(()),
        Some(role) => Err(Rejection::NotPermitted {
            principal,
            role,
            right,
        }),
    }
}
