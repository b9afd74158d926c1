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
            "nobody here is called {name}: act as observer, operator, dispatcher or commander, or as somebody whom the scenario declares",
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
            "{name} is not active; active: {names}",
            name = emergency,
            names = active.join(", ")
        ),
        Rejection::SameLevel(emergency) => tr!(
            "{id} has that level already: choose another level",
            id = emergency
        ),
        Rejection::LevelNone => {
            say("NONE is not a level to declare: clear the emergency instead").to_owned()
        }
        Rejection::Process { name, mismatch } => self::mismatch(name, *mismatch),
        Rejection::TooManyExecutors => {
            tr!("a run has at most {most} executors", most = EXECUTORS_MAX)
        }
        Rejection::LinkNotDegraded => say("that link is not degraded").to_owned(),
        Rejection::LinkSame => say("that link is degraded like this already").to_owned(),
        Rejection::LinkUnused(Ends { from, to }) => tr!(
            "{from} never sends anything to {to}: choose the ends of a link that is used",
            from = from,
            to = to
        ),
        Rejection::AlreadyForged(Ends { from, to }) => tr!(
            "the next message from {from} to {to} is to carry a forged clock already",
            from = from,
            to = to
        ),
        Rejection::AlreadySplit => say("some are split already: unite them first").to_owned(),
        Rejection::NotSplit => say("nobody is split from the others").to_owned(),
        Rejection::SplitOneSided => say("a split needs somebody on both sides").to_owned(),
        Rejection::ReadOnly => {
            say("this is the log of another system: it can be looked at, not changed").to_owned()
        }
    }
}

fn mismatch(name: &str, mismatch: Mismatch) -> String {
    match mismatch {
        Mismatch::NoProcess => tr!("there is no process {name}", name),
        Mismatch::NoExecutor => tr!("there is no executor {name}", name),
        Mismatch::NotAnExecutor => tr!("{name} is not an executor: choose an executor", name),
        Mismatch::ExecutorRemoved => {
            tr!("{name} was removed: choose an executor that is there", name)
        }
        Mismatch::NotRegistered => tr!("{name} has not registered yet: wait a moment", name),
        Mismatch::AlreadyDraining => {
            tr!("{name} is draining already", name)
        }
        Mismatch::IdTaken => tr!(
            "{id} is taken, now or earlier in this run: choose another id",
            id = name
        ),
        Mismatch::SystemDoesNotFail => tr!(
            "{name} stands for those who use the system and does not fail: choose another process",
            name
        ),
        Mismatch::RunsNoJobs => tr!(
            "{name} runs no jobs that could take longer: delay its links instead",
            name
        ),
        Mismatch::HasCrashed => {
            tr!("{name} has crashed: restart it first", name)
        }
        Mismatch::NotCrashed => tr!("{name} has not crashed", name),
        Mismatch::AlreadyHung => tr!("{name} is hung already", name),
        Mismatch::NotHung => tr!("{name} is not hung", name),
        Mismatch::AlreadyCutOff => tr!("{name} is cut off already", name),
        Mismatch::NotCutOff => tr!("{name} is not cut off", name),
        Mismatch::SameSpeed => {
            tr!("{name} works at that speed already", name)
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
            "{who} may not submit jobs: that takes an operator or more",
            who = who
        ),
        Right::ManageExecutors => tr!(
            "{who} may not manage executors: that takes an operator or more",
            who = who
        ),
        Right::SubmitEmergencyJobs => tr!(
            "{who} may not submit emergency jobs: that takes a dispatcher or more",
            who = who
        ),
        Right::HandleEmergencies => tr!(
            "{who} may not declare, change or clear emergencies: only a commander may",
            who = who
        ),
        Right::InjectFaults => tr!(
            "{who} may not inject or undo faults, or remove by force: only a commander may",
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
            tr!("{count} are more than {most}", count = value, most = bound)
        }
        Violation::Duplicate(name) => tr!("{name} is there twice", name = name),
        Violation::TooLong(most) => tr!("longer than {most} characters", most = most),
        Violation::NameEmpty => say("a name needs at least one character").to_owned(),
        Violation::NameTooLong(name) => tr!(
            "\"{name}\" is longer than {most} characters",
            name = name,
            most = NAME_CHARACTERS_MAX
        ),
        Violation::NameCharacter(name) => tr!(
            "\"{name}\" has \"{odd}\": use lower-case letters, digits, - and _",
            name = name,
            odd = odd_character(name).unwrap_or_default()
        ),
        Violation::NoEffect => say(
            "loss_percent, duplicate_percent, reorder_percent and delay_us are all 0: restore the link instead",
        )
        .to_owned(),
    }
}
