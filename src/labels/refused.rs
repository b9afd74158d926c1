//! Why a command or a value is refused, and what to do instead.

use triage_engine::access::{Right, Role};
use triage_engine::bounds::{Broken, EXECUTORS_MAX, Invalid, Violation};
use triage_engine::command::{Ends, Mismatch, Rejection};
use triage_engine::id::{NAME_CHARACTERS_MAX, odd_character};
use triage_language::{say, tr};

/// Why a command was refused, and what to do instead.
pub fn rejection(reason: &Rejection) -> String {
    match reason {
        Rejection::UnknownPrincipal(principal) => tr!(
            "there is no principal {name}: act as observer, operator, dispatcher or commander, or as a principal that the scenario declares",
            name = principal
        ),
        Rejection::NotPermitted {
            principal,
            role,
            right,
        } => not_permitted(principal, *role, *right),
        Rejection::Invalid(reason) => invalid(reason),
        Rejection::NoEmergency => say("no emergency is active: declare one first").to_owned(),
        Rejection::EmergencyNotActive { emergency, active } => tr!(
            "{name} is not active: choose one of {names}",
            name = emergency,
            names = active.join(", ")
        ),
        Rejection::SameLevel(emergency) => tr!(
            "{id} already has that level: choose another level",
            id = emergency
        ),
        Rejection::LevelNone => {
            say("NONE cannot be declared: clear the emergency instead").to_owned()
        }
        Rejection::Process { name, mismatch } => self::mismatch(name, *mismatch),
        Rejection::TooManyExecutors => {
            tr!("a run has at most {most} executors", most = EXECUTORS_MAX)
        }
        Rejection::LinkNotDegraded => say("that link is not degraded").to_owned(),
        Rejection::LinkSame => say("that link is already degraded like this").to_owned(),
        Rejection::LinkUnused(Ends { from, to }) => tr!(
            "{from} never sends anything to {to}: choose a link that is used",
            from = from,
            to = to
        ),
        Rejection::AlreadyForged(Ends { from, to }) => tr!(
            "the next message from {from} to {to} will already carry a forged clock",
            from = from,
            to = to
        ),
        Rejection::AlreadySplit => say("the network is already split: unite it first").to_owned(),
        Rejection::NotSplit => say("the network is not split").to_owned(),
        Rejection::SplitOneSided => {
            say("a split needs at least one process on each side").to_owned()
        }
        Rejection::ReadOnly => {
            say("this is the log of another system: you can view it, but not change it").to_owned()
        }
    }
}

fn mismatch(name: &str, mismatch: Mismatch) -> String {
    match mismatch {
        Mismatch::NoProcess => tr!("there is no process {name}", name),
        Mismatch::NoExecutor => tr!("there is no executor {name}", name),
        Mismatch::NotAnExecutor => tr!("{name} is not an executor: choose an executor", name),
        Mismatch::ExecutorRemoved => {
            tr!("{name} was removed: choose another executor", name)
        }
        Mismatch::NotRegistered => tr!("{name} has not registered yet: wait a moment", name),
        Mismatch::AlreadyDraining => {
            tr!("{name} is already draining", name)
        }
        Mismatch::IdTaken => tr!(
            "{id} is already used in this run: choose another id",
            id = name
        ),
        Mismatch::SystemDoesNotFail => tr!(
            "{name} represents the users of the system and cannot fail: choose another process",
            name
        ),
        Mismatch::RunsNoJobs => tr!(
            "{name} does not run jobs, so it cannot be slowed down: delay its links instead",
            name
        ),
        Mismatch::HasCrashed => {
            tr!("{name} has crashed: restart it first", name)
        }
        Mismatch::NotCrashed => tr!("{name} has not crashed", name),
        Mismatch::AlreadyHung => tr!("{name} already hangs", name),
        Mismatch::NotHung => tr!("{name} does not hang", name),
        Mismatch::AlreadyCutOff => tr!("{name} is already cut off", name),
        Mismatch::NotCutOff => tr!("{name} is not cut off", name),
        Mismatch::SameSpeed => {
            tr!("{name} already works at that speed", name)
        }
    }
}

fn not_permitted(principal: &str, role: Role, right: Right) -> String {
    let who = if role.name() == principal {
        match role {
            Role::Observer => say("the observer").to_owned(),
            Role::Operator => say("the operator").to_owned(),
            Role::Dispatcher => say("the dispatcher").to_owned(),
            Role::Commander => say("the commander").to_owned(),
        }
    } else {
        match role {
            Role::Observer => tr!("{name} is an observer and", name = principal),
            Role::Operator => tr!("{name} is an operator and", name = principal),
            Role::Dispatcher => tr!("{name} is a dispatcher and", name = principal),
            Role::Commander => tr!("{name} is a commander and", name = principal),
        }
    };
    match right {
        Right::SubmitNormalJobs => tr!(
            "{who} may not submit jobs: this requires the operator role or higher",
            who = who
        ),
        Right::ManageExecutors => tr!(
            "{who} may not manage executors: this requires the operator role or higher",
            who = who
        ),
        Right::SubmitEmergencyJobs => tr!(
            "{who} may not submit emergency jobs: this requires the dispatcher role or higher",
            who = who
        ),
        Right::HandleEmergencies => tr!(
            "{who} may not declare, change or clear emergencies: this requires the commander role",
            who = who
        ),
        Right::InjectFaults => tr!(
            "{who} may not inject or undo faults, or remove executors: this requires the commander role",
            who = who
        ),
    }
}

/// Which field breaks which bound: `capabilities[2]: "A" has "A": use lower-case letters, digits, - and _`.
pub fn invalid(reason: &Invalid) -> String {
    format!("{}: {}", reason.field, violation(&reason.violation))
}

/// How a value breaks a bound.
pub fn violation(reason: &Violation) -> String {
    match reason {
        Violation::BelowLeast(Broken { value, bound }) => {
            tr!("{value} is below {least}", value = value, least = bound)
        }
        Violation::AboveMost(Broken { value, bound }) => {
            tr!("{value} is above {most}", value = value, most = bound)
        }
        Violation::TooMany(Broken { value, bound }) => {
            tr!("{count} is more than {most}", count = value, most = bound)
        }
        Violation::Duplicate(name) => tr!("{name} is listed twice", name = name),
        Violation::TooLong(most) => tr!("longer than {most} characters", most = most),
        Violation::NameEmpty => say("a name needs at least one character").to_owned(),
        Violation::NameTooLong(name) => tr!(
            "\"{name}\" is longer than {most} characters",
            name = name,
            most = NAME_CHARACTERS_MAX
        ),
        Violation::NameCharacter(name) => tr!(
            "\"{name}\" contains \"{odd}\": use lower-case letters, digits, - and _",
            name = name,
            odd = odd_character(name).unwrap_or_default()
        ),
        Violation::NoEffect => say(
            "loss_percent, duplicate_percent, reorder_percent and delay_us are all 0: restore the link instead",
        )
        .to_owned(),
    }
}
