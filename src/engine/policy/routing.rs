//! Which executor a job goes to.

use std::cmp::Reverse;
use std::rc::Rc;

use serde::Serialize;

use crate::engine::command::ExecutorSpec;
use crate::engine::emergency::EmergencyType;
use crate::engine::id::ProcessIndex;
use crate::engine::job::{Job, Location};

/// A routing policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Routing {
    /// Each in turn.
    RoundRobin,
    /// The best capability score for the job's emergency type, then the least load, then the nearest.
    Capability,
}

impl Routing {
    /// The name used in scenarios and traces.
    pub fn name(self) -> &'static str {
        match self {
            Routing::RoundRobin => "round_robin",
            Routing::Capability => "capability",
        }
    }
}

/// What a router knows of an executor that could take the job.
#[derive(Clone, Copy, Debug)]
pub struct Candidate<'a> {
    /// Which.
    pub executor: ProcessIndex,
    /// What it is.
    pub spec: &'a ExecutorSpec,
    /// Unfinished jobs assigned to it.
    pub load: u32,
}

/// Whether an executor could ever run a job: it is the target if there is one, and meets every requirement.
pub fn could_run(spec: &ExecutorSpec, job: &Job) -> bool {
    let has = |requirement: &Rc<str>| spec.capabilities.contains(requirement);
    job.target.as_ref().is_none_or(|target| *target == spec.id) && job.requirements.iter().all(has)
}

/// How well an executor serves a type of emergency: 2 for the capability of that name, 1 for `general`, else 0.
pub fn capability_score(spec: &ExecutorSpec, kind: &EmergencyType) -> u8 {
    let has = |name: &str| {
        spec.capabilities
            .iter()
            .any(|capability| **capability == *name)
    };
    match (has(kind.name()), has(EmergencyType::General.name())) {
        (true, _) => 2,
        (false, true) => 1,
        (false, false) => 0,
    }
}

/// The executor that `policy` chooses. Candidates come in process order; `last` is the one that this policy
/// chose last, from which round-robin goes on.
pub fn choose(
    policy: Routing,
    job: &Job,
    candidates: &[Candidate<'_>],
    last: Option<ProcessIndex>,
) -> Option<ProcessIndex> {
    let chosen = match policy {
        Routing::RoundRobin => {
            let later = candidates
                .iter()
                .find(|candidate| Some(candidate.executor) > last);
            later.or(candidates.first())
        }
        Routing::Capability => candidates.iter().min_by_key(|candidate| {
            let score = job
                .emergency
                .as_ref()
                .map_or(0, |kind| capability_score(candidate.spec, kind));
            // Load in thousandths of a slot, so that a big executor counts as less loaded.
            let load = u64::from(candidate.load) * 1000 / u64::from(candidate.spec.capacity.max(1));
            (
                Reverse(score),
                load,
                distance_m(job.location, candidate.spec.location),
                candidate.executor,
            )
        }),
    };
    chosen.map(|candidate| candidate.executor)
}

fn distance_m(job: Option<Location>, executor: Option<Location>) -> u64 {
    match (job, executor) {
        (Some(job), Some(executor)) => job.distance_m(executor),
        // Unknown places count as far: a known near one is better.
        _ => u64::MAX,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::id::JobId;
    use crate::engine::job::Execution;

    fn spec(id: &str, capacity: u16, capabilities: &[&str], x_m: i32) -> ExecutorSpec {
        let capabilities = capabilities.iter().map(|name| Rc::from(*name)).collect();
        ExecutorSpec {
            id: id.into(),
            capacity,
            capabilities,
            location: Some(Location { x_m, y_m: 0 }),
        }
    }

    fn job(kind: Option<EmergencyType>) -> Job {
        Job {
            id: JobId(1),
            name: "j".into(),
            emergency: kind,
            work_us: 1,
            requirements: vec![],
            location: Some(Location { x_m: 0, y_m: 0 }),
            target: None,
            execution: Execution::Traditional,
        }
    }

    fn chosen(
        policy: Routing,
        specs: &[(ExecutorSpec, u32)],
        job: &Job,
        last: Option<u16>,
    ) -> Option<u16> {
        let candidates: Vec<_> = specs
            .iter()
            .enumerate()
            .map(|(index, (spec, load))| Candidate {
                executor: ProcessIndex(index as u16),
                spec,
                load: *load,
            })
            .collect();
        choose(policy, job, &candidates, last.map(ProcessIndex)).map(|executor| executor.0)
    }

    #[test]
    fn round_robin_takes_each_in_turn_and_begins_again() {
        let specs = [
            (spec("a", 1, &[], 0), 0),
            (spec("b", 1, &[], 0), 0),
            (spec("c", 1, &[], 0), 0),
        ];
        let job = job(None);
        assert_eq!(chosen(Routing::RoundRobin, &specs, &job, None), Some(0));
        assert_eq!(chosen(Routing::RoundRobin, &specs, &job, Some(0)), Some(1));
        assert_eq!(chosen(Routing::RoundRobin, &specs, &job, Some(2)), Some(0));
        assert_eq!(chosen(Routing::RoundRobin, &[], &job, None), None);
    }

    #[test]
    fn capability_then_load_then_distance_decide() {
        let fire = job(Some(EmergencyType::Fire));
        let skilled = [
            (spec("a", 2, &["general"], 0), 0),
            (spec("b", 2, &["fire"], 9), 5),
        ];
        assert_eq!(chosen(Routing::Capability, &skilled, &fire, None), Some(1));
        let loaded = [
            (spec("a", 2, &["fire"], 0), 2),
            (spec("b", 4, &["fire"], 9), 3),
        ];
        assert_eq!(chosen(Routing::Capability, &loaded, &fire, None), Some(1));
        let near = [
            (spec("a", 2, &["fire"], 5), 1),
            (spec("b", 2, &["fire"], -3), 1),
        ];
        assert_eq!(chosen(Routing::Capability, &near, &fire, None), Some(1));
    }

    #[test]
    fn targets_and_requirements_narrow_the_choice() {
        let executor = spec("a", 1, &["fire", "ladder"], 0);
        let needs = |names: &[&str]| Job {
            requirements: names.iter().map(|name| Rc::from(*name)).collect(),
            ..job(None)
        };
        assert!(could_run(&executor, &needs(&["ladder"])));
        assert!(!could_run(&executor, &needs(&["ladder", "boat"])));
        let elsewhere = Job {
            target: Some("b".into()),
            ..job(None)
        };
        assert!(!could_run(&executor, &elsewhere));
    }
}
