//! Bounds of what may be asked of a run, whatever it holds, and how they are broken.

use std::ops::RangeInclusive;
use std::rc::Rc;

use serde::Serialize;
use strum::IntoStaticStr;

use super::command::{ExecutorSpec, JobRequest};
use super::id;
use super::network::LinkFault;

/// The longest work of a job: an hour, in µs.
pub const WORK_US_MAX: u64 = 3_600_000_000;
/// The work of a job, in µs.
pub const WORK_US: RangeInclusive<u64> = 1..=WORK_US_MAX;
/// A job's name, in characters at most.
pub const JOB_NAME_CHARACTERS_MAX: usize = 60;
/// The capabilities that one may have or ask for.
pub const CAPABILITIES_MAX: usize = 16;
/// The slots of an executor.
pub const CAPACITY: RangeInclusive<u64> = 1..=1_024;
/// How many times slower a fault makes an executor.
pub const SLOW_FACTOR: RangeInclusive<u64> = 1..=100;
/// A share of a hundred.
pub const PERCENT: RangeInclusive<u64> = 0..=100;
/// The most that a degraded link adds to its latency: a minute, in µs.
pub const DELAY_US_MAX: u64 = 60_000_000;
/// What a degraded link adds to its latency, in µs.
pub const DELAY_US: RangeInclusive<u64> = 0..=DELAY_US_MAX;
/// The most executors of a run, counting those that left.
pub const EXECUTORS_MAX: usize = 10_000;

/// A field of what is asked, and how its value breaks a bound.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Invalid {
    /// Where, within what is asked: `capabilities[2]`.
    pub field: Rc<str>,
    /// What is wrong with it.
    pub violation: Violation,
}

/// How a value breaks a bound.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, IntoStaticStr)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Violation {
    /// Smaller than the least.
    BelowLeast(Broken),
    /// Larger than the most.
    AboveMost(Broken),
    /// A list with more entries than the most.
    TooMany(Broken),
    /// An entry that the list has already.
    Duplicate(Rc<str>),
    /// A text with more characters than this.
    TooLong(u64),
    /// A name without a character.
    NameEmpty,
    /// A name with more than 40 characters.
    NameTooLong(Rc<str>),
    /// A name with something other than lower-case letters, digits, `-` and `_`.
    NameCharacter(Rc<str>),
    /// A degraded link that is as good as any other.
    NoEffect,
}

/// A number, and the bound that it breaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Broken {
    /// What it is.
    pub value: u64,
    /// What it has to be at least, or may be at most.
    pub bound: u64,
}

impl Violation {
    /// The same with where it is.
    pub fn of(self, field: &str) -> Invalid {
        Invalid {
            field: field.into(),
            violation: self,
        }
    }
}

/// Holds what a job asks for to its bounds.
///
/// # Errors
/// The first field that breaks a bound.
pub fn check_job(job: &JobRequest) -> Result<(), Invalid> {
    check_range(job.work_us, &WORK_US).map_err(|violation| violation.of("work_us"))?;
    let name_length = job.name.as_ref().map_or(0, |name| name.chars().count());
    if name_length > JOB_NAME_CHARACTERS_MAX {
        return Err(Violation::TooLong(JOB_NAME_CHARACTERS_MAX as u64).of("name"));
    }
    check_capabilities("requirements", &job.requirements)
}

/// Holds an executor to its bounds, apart from the uniqueness of its id.
///
/// # Errors
/// The first field that breaks a bound.
pub fn check_executor(spec: &ExecutorSpec) -> Result<(), Invalid> {
    id::check_name(&spec.id).map_err(|violation| violation.of("id"))?;
    check_range(spec.capacity.into(), &CAPACITY).map_err(|violation| violation.of("capacity"))?;
    check_capabilities("capabilities", &spec.capabilities)
}

/// Holds what a degraded link does to its bounds.
///
/// # Errors
/// The first field that breaks a bound, or `loss_percent` if there is no effect at all.
pub fn check_link_fault(fault: LinkFault) -> Result<(), Invalid> {
    for (field, value, bounds) in [
        ("loss_percent", fault.loss_percent.into(), PERCENT),
        ("duplicate_percent", fault.duplicate_percent.into(), PERCENT),
        ("reorder_percent", fault.reorder_percent.into(), PERCENT),
        ("delay_us", fault.delay_us, DELAY_US),
    ] {
        check_range(value, &bounds).map_err(|violation| violation.of(field))?;
    }
    if fault == LinkFault::default() {
        return Err(Violation::NoEffect.of("loss_percent"));
    }
    Ok(())
}

/// Holds a list of capabilities to its bounds: at most 16, each a name, none twice.
///
/// # Errors
/// The first entry that is wrong.
pub fn check_capabilities(field: &str, capabilities: &[Rc<str>]) -> Result<(), Invalid> {
    if capabilities.len() > CAPABILITIES_MAX {
        let (value, bound) = (capabilities.len() as u64, CAPABILITIES_MAX as u64);
        return Err(Violation::TooMany(Broken { value, bound }).of(field));
    }
    for (index, capability) in capabilities.iter().enumerate() {
        let here = |violation: Violation| violation.of(&format!("{field}[{index}]"));
        id::check_name(capability).map_err(here)?;
        if capabilities[..index].contains(capability) {
            return Err(here(Violation::Duplicate(Rc::clone(capability))));
        }
    }
    Ok(())
}

/// Holds a number to its bounds.
///
/// # Errors
/// That it is too small or too large.
pub fn check_range(value: u64, bounds: &RangeInclusive<u64>) -> Result<(), Violation> {
    let broken = |bound: &u64| Broken {
        value,
        bound: *bound,
    };
    if value < *bounds.start() {
        Err(Violation::BelowLeast(broken(bounds.start())))
    } else if value > *bounds.end() {
        Err(Violation::AboveMost(broken(bounds.end())))
    } else {
        Ok(())
    }
}
