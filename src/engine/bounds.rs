//! Bounds of what may be asked of a run, whatever it holds, and what is said of what breaks them.

use std::fmt::Display;
use std::ops::RangeInclusive;
use std::rc::Rc;

use super::command::{ExecutorSpec, JobRequest, Rejection};
use super::id;
use super::network::LinkFault;
use crate::language::Sentence;
use crate::mark;

/// The longest work of a job: an hour, in µs.
pub const WORK_US_MAX: u64 = 3_600_000_000;
/// The work of a job, in µs.
pub const WORK_US: RangeInclusive<u64> = 1..=WORK_US_MAX;
/// A job's name, in characters at most; its sentence below names it too.
pub const JOB_NAME_CHARACTERS_MAX: usize = 60;
/// The capabilities that one may have or ask for; the sentence below names them too.
pub const CAPABILITIES_MAX: usize = 16;
/// The slots of an executor.
pub const CAPACITY: RangeInclusive<u64> = 1..=1_024;
/// How many times slower a fault makes an executor.
pub const SLOW_FACTOR: RangeInclusive<u64> = 1..=100;
/// A share of a hundred.
pub const PERCENT: RangeInclusive<u64> = 0..=100;
/// The most that a degraded link adds to its latency: a minute, in µs.
pub const DELAY_US_MAX: u64 = 60_000_000;
/// The most executors of a run, counting those that left.
pub const EXECUTORS_MAX: usize = 10_000;

/// Holds what a job asks for to its bounds.
///
/// # Errors
/// Says which bound is broken.
pub fn check_job(job: &JobRequest) -> Result<(), Rejection> {
    if !WORK_US.contains(&job.work_us) {
        let bounds = Sentence::new(
            mark!("{value} is not between 1 and {most} (an hour)"),
            &[("value", &job.work_us), ("most", &WORK_US_MAX)],
        );
        return Err(bounds.at(&"work_us").into());
    }
    if job
        .name
        .as_ref()
        .is_some_and(|name| name.chars().count() > JOB_NAME_CHARACTERS_MAX)
    {
        let long = Sentence::new(mark!("longer than 60 characters"), &[]);
        return Err(long.at(&"name").into());
    }
    Ok(check_capabilities("requirements", &job.requirements)?)
}

/// Holds an executor to its bounds, apart from the uniqueness of its id.
///
/// # Errors
/// Says which field breaks which bound.
pub fn check_executor(spec: &ExecutorSpec) -> Result<(), Sentence> {
    id::check_name(&spec.id, 40).map_err(|reason| reason.at(&"id"))?;
    check_range(spec.capacity.into(), &CAPACITY).map_err(|reason| reason.at(&"capacity"))?;
    check_capabilities("capabilities", &spec.capabilities)
}

/// Holds what a degraded link does to its bounds.
///
/// # Errors
/// Says which bound is broken, or that it does nothing.
pub fn check_link_fault(fault: LinkFault) -> Result<(), Sentence> {
    for (field, percent) in [
        ("loss_percent", fault.loss_percent),
        ("duplicate_percent", fault.duplicate_percent),
        ("reorder_percent", fault.reorder_percent),
    ] {
        check_range(percent.into(), &PERCENT).map_err(|reason| reason.at(&field))?;
    }
    if fault.delay_us > DELAY_US_MAX {
        let delay_us = fault.delay_us;
        let bounds = Sentence::new(
            mark!("{value} is above {most} (a minute)"),
            &[("value", &delay_us), ("most", &DELAY_US_MAX)],
        );
        return Err(bounds.at(&"delay_us"));
    }
    if fault == LinkFault::default() {
        return Err(Sentence::new(
            mark!(
                "loss_percent, duplicate_percent, reorder_percent and delay_us are all 0: restore the link instead"
            ),
            &[],
        ));
    }
    Ok(())
}

/// Holds a list of capabilities to its bounds: at most 16, each a name, none twice.
///
/// # Errors
/// Says which one is wrong.
pub fn check_capabilities(field: &str, capabilities: &[Rc<str>]) -> Result<(), Sentence> {
    if capabilities.len() > CAPABILITIES_MAX {
        let many = Sentence::new(
            mark!("{count} are more than 16"),
            &[("count", &capabilities.len())],
        );
        return Err(many.at(&field));
    }
    for (index, capability) in capabilities.iter().enumerate() {
        let here = |reason: Sentence| reason.at(&format_args!("{field}[{index}]"));
        id::check_name(capability, 40).map_err(here)?;
        if capabilities[..index].contains(capability) {
            return Err(here(Sentence::new(
                mark!("{name} is there twice"),
                &[("name", capability)],
            )));
        }
    }
    Ok(())
}

/// Holds a number to its bounds.
///
/// # Errors
/// Says that it is too small or too large.
pub fn check_range(value: u64, bounds: &RangeInclusive<u64>) -> Result<(), Sentence> {
    let broken = |english, name, bound: &u64| {
        let parts: [(&str, &dyn Display); 2] = [("value", &value), (name, bound)];
        Err(Sentence::new(english, &parts))
    };
    if value < *bounds.start() {
        broken(mark!("{value} is below {least}"), "least", bounds.start())
    } else if value > *bounds.end() {
        broken(mark!("{value} is above {most}"), "most", bounds.end())
    } else {
        Ok(())
    }
}
