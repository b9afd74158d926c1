//! What the engine has as codes, in words of the language that is spoken: for the page and the headless runner alike.

mod refused;

use std::rc::Rc;

use triage_engine::audit::{Broken, Fault};
use triage_engine::command::Action;
use triage_engine::job::JobRefusal;
use triage_engine::message::{Ignored, Loss};
use triage_engine::process::coordinator::ExecutorAvailability;
use triage_language::{say, tr};

pub use refused::{invalid, rejection, violation};

/// What a command asks for, in a few words: "crash fire-station".
pub fn action(action: &Action) -> String {
    let words = match action {
        Action::SubmitNormalJob(_) => say("submit normal job"),
        Action::SubmitEmergencyJob { .. } => say("submit emergency job"),
        Action::DeclareEmergency { level, .. } => return tr!("declare {}", level),
        Action::ChangeEmergency { level, .. } => return tr!("change to {}", level),
        Action::ClearEmergency { .. } => say("clear emergency"),
        Action::AddExecutor(spec) => return tr!("add {}", spec.id),
        Action::DrainExecutor { executor } => return tr!("drain {}", executor),
        Action::RemoveExecutor { executor } => return tr!("remove {}", executor),
        Action::Crash { process } => return tr!("crash {}", process),
        Action::Restart { process } => return tr!("restart {}", process),
        Action::Hang { process } => return tr!("hang {}", process),
        Action::Resume { process } => return tr!("resume {}", process),
        Action::Slow { process, .. } => return tr!("slow {}", process),
        Action::Partition { process } => return tr!("cut off {}", process),
        Action::Heal { process } => return tr!("reconnect {}", process),
        Action::DegradeLink { to, .. } => return tr!("degrade link to {}", to),
        Action::RestoreLink { to, .. } => return tr!("restore link to {}", to),
        Action::ForgeClock { to, .. } => return tr!("forge a clock to {}", to),
        Action::Split { .. } => say("split"),
        Action::Unite {} => say("unite network"),
        Action::RunHeartbeatCycle {} => say("request heartbeats"),
    };
    words.to_owned()
}

/// Why a receipt changed nothing.
pub fn ignored(reason: Ignored) -> &'static str {
    match reason {
        Ignored::ReceivedBefore => say("received already"),
        Ignored::AcknowledgedBefore => say("acknowledged already"),
        Ignored::AlreadyCompleted => say("already completed"),
        Ignored::SupersededAttempt => say("superseded attempt"),
        Ignored::InvalidRegistration => say("not a valid registration"),
        Ignored::UnknownExecutor => say("unknown executor"),
        Ignored::DrainingOrRemoved => say("draining or removed"),
        Ignored::OlderReport => say("older report"),
        Ignored::Removed => say("removed"),
        Ignored::RemovedStops => say("removed: it must stop"),
        Ignored::OlderIncarnation => say("older incarnation"),
        Ignored::OtherIncarnation => say("sent to another incarnation"),
        Ignored::OlderState => say("older emergency state"),
        Ignored::BeforeWelcome => say("not registered yet"),
        Ignored::NotForSystem => say("not for the system"),
        Ignored::NotForCoordinator => say("not for a coordinator"),
        Ignored::NotForRecovery => say("not for recovery"),
        Ignored::NotForExecutor => say("not for an executor"),
    }
}

/// Why a message did not arrive.
pub fn loss(reason: Loss) -> &'static str {
    match reason {
        Loss::Partition => say("partition"),
        Loss::Crashed => say("receiver has crashed"),
        Loss::Removed => say("receiver was removed"),
        Loss::Link => say("lost on the link"),
    }
}

/// Why no executor of the run could ever run a job.
pub fn job_refusal(reason: &JobRefusal) -> String {
    match reason {
        JobRefusal::NoExecutor => say("there is no executor").to_owned(),
        JobRefusal::NoSuchExecutor { target } => {
            tr!("there is no executor {name}", name = target)
        }
        JobRefusal::TargetLacks {
            target,
            requirements,
        } => tr!(
            "{name} does not have {needs}, or does not exist",
            name = target,
            needs = requirements.join(", ")
        ),
        JobRefusal::RequirementsUnmet { requirements } => {
            tr!("no executor has {needs}", needs = requirements.join(", "))
        }
    }
}

/// What a waiting job waits for: the executors that could run it, none of which takes jobs now.
pub fn waits_for(able: &[(&Rc<str>, ExecutorAvailability)]) -> String {
    let named = |(id, availability): &(&Rc<str>, ExecutorAvailability)| match availability {
        ExecutorAvailability::Draining => tr!("{} (draining)", id),
        ExecutorAvailability::Removed => tr!("{} (removed)", id),
        _ => tr!("{} (failed)", id),
    };
    match able {
        [] => say("an executor that could run it").to_owned(),
        [one] => named(one),
        [a, b] => tr!("{a} or {b}", a = named(a), b = named(b)),
        [a, b, c] => tr!(
            "{a} or {b} or {c}",
            a = named(a),
            b = named(b),
            c = named(c)
        ),
        [..] => tr!(
            "any of {} executors, none of which is available",
            able.len()
        ),
    }
}

/// Where and how the chain of an audit is broken.
pub fn broken(chain: &Broken) -> String {
    let entry = chain.entry;
    let before = entry.saturating_sub(1);
    match chain.fault {
        Fault::Form => tr!(
            "entry {entry} was altered: its format isn't that of an audit entry",
            entry = entry
        ),
        Fault::Hash => tr!(
            "entry {entry} was altered: its hash does not match its content",
            entry = entry
        ),
        Fault::Order => tr!(
            "entry {entry} does not belong here: entries were removed, inserted or moved",
            entry = entry
        ),
        Fault::Link if entry == 0 => {
            say("entry 0 is not the first of its chain: earlier entries were removed").to_owned()
        }
        Fault::Link => tr!(
            "entry {entry} does not continue entry {before}: entry {before} was altered and given a new hash",
            entry = entry,
            before = before
        ),
        Fault::Time => tr!(
            "entry {entry} was altered: it is earlier than entry {before}",
            entry = entry,
            before = before
        ),
        Fault::Truncated => tr!(
            "the chain of {entry} entries does not end in the given head: its end was altered or cut off",
            entry = entry
        ),
    }
}
