//! Which executor a job goes to.

use std::cmp::Reverse;
use std::rc::Rc;

use serde::Serialize;

use crate::command::ExecutorSpec;
use crate::emergency::EmergencyType;
use crate::id::ProcessIndex;
use crate::job::{Job, Location};
use crate::rng::Generator;

/// A routing policy. Load is what a coordinator knows: unfinished jobs that it assigned, per slot of the executor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Routing {
    /// Each in turn.
    RoundRobin,
    /// The least load; of several, the next in turn.
    LeastLoaded,
    /// Two at random, and the less loaded of them: nearly as even as asking everybody, at the price of asking two
    /// (Mitzenmacher, "The power of two choices in randomized load balancing", 2001).
    TwoChoices,
    /// The best capability score for the job's emergency type, then the least load, then the nearest.
    Capability,
    /// The nearest to where the job is needed, then the least load. An unknown place counts as far.
    Nearest,
}

impl Routing {
    /// All of them.
    pub const ALL: [Routing; 5] = [
        Routing::RoundRobin,
        Routing::LeastLoaded,
        Routing::TwoChoices,
        Routing::Capability,
        Routing::Nearest,
    ];

    /// The name used in scenarios and traces.
    pub fn name(self) -> &'static str {
        match self {
            Routing::RoundRobin => "round_robin",
            Routing::LeastLoaded => "least_loaded",
            Routing::TwoChoices => "two_choices",
            Routing::Capability => "capability",
            Routing::Nearest => "nearest",
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
/// chose last, from which turns go on. Only two choices draw from `rng`.
pub fn choose(
    policy: Routing,
    job: &Job,
    candidates: &[Candidate<'_>],
    last: Option<ProcessIndex>,
    rng: &mut Generator,
) -> Option<ProcessIndex> {
    let by = |key: &dyn Fn(&Candidate<'_>) -> Key| {
        let best = candidates.iter().min_by_key(|candidate| key(candidate));
        best.map(|candidate| candidate.executor)
    };
    match policy {
        Routing::RoundRobin => next_in_turn(candidates, last),
        Routing::LeastLoaded => by(&|candidate| {
            let had_its_turn = Some(candidate.executor) <= last;
            let load = candidate.load_per_mille();
            (
                Reverse(0),
                load,
                u64::from(had_its_turn),
                candidate.executor,
            )
        }),
        Routing::TwoChoices => {
            let (one, other) = two_of(candidates, rng)?;
            let is_less = other.load_per_mille() < one.load_per_mille();
            Some(if is_less { other } else { one }.executor)
        }
        Routing::Capability => by(&|candidate| {
            let kind = job.emergency.as_ref();
            let score = kind.map_or(0, |kind| capability_score(candidate.spec, kind));
            let distance_m = distance_m(job.location, candidate.spec.location);
            let load = candidate.load_per_mille();
            (Reverse(score), load, distance_m, candidate.executor)
        }),
        Routing::Nearest => by(&|candidate| {
            let distance_m = distance_m(job.location, candidate.spec.location);
            let load = candidate.load_per_mille();
            (Reverse(0), distance_m, load, candidate.executor)
        }),
    }
}

/// What candidates are ordered by; the least is the best.
type Key = (Reverse<u8>, u64, u64, ProcessIndex);

/// The first after `last`, or the first of all.
pub fn next_in_turn(
    candidates: &[Candidate<'_>],
    last: Option<ProcessIndex>,
) -> Option<ProcessIndex> {
    let later = candidates
        .iter()
        .find(|candidate| Some(candidate.executor) > last);
    let next = later.or(candidates.first());
    next.map(|candidate| candidate.executor)
}

/// Two different candidates, each pair and order as likely as any other; the same one twice where there is one.
fn two_of<'a, 'b>(
    candidates: &'b [Candidate<'a>],
    rng: &mut Generator,
) -> Option<(&'b Candidate<'a>, &'b Candidate<'a>)> {
    let last = candidates.len().checked_sub(1)?;
    let one = rng.between(0, last as u64) as usize;
    if last == 0 {
        return Some((&candidates[0], &candidates[0]));
    }
    let step = 1 + rng.between(0, last as u64 - 1) as usize;
    let other = (one + step) % candidates.len();
    Some((&candidates[one], &candidates[other]))
}

impl Candidate<'_> {
    /// Load in thousandths of a slot, so that a big executor counts as less loaded.
    fn load_per_mille(&self) -> u64 {
        u64::from(self.load) * 1000 / u64::from(self.spec.capacity.max(1))
    }
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
    use crate::id::JobId;
    use crate::job::Execution;

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
        let mut rng = Generator::new(1, 0);
        let last = last.map(ProcessIndex);
        choose(policy, job, &candidates, last, &mut rng).map(|executor| executor.0)
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
    fn the_least_loaded_slot_wins_and_equals_take_turns() {
        let job = job(None);
        let specs = [
            (spec("a", 1, &[], 0), 1),
            (spec("b", 4, &[], 0), 3),
            (spec("c", 2, &[], 0), 2),
        ];
        assert_eq!(chosen(Routing::LeastLoaded, &specs, &job, Some(1)), Some(1));
        let idle = specs.map(|(spec, _)| (spec, 0));
        for (last, expected) in [(None, 0), (Some(0), 1), (Some(1), 2), (Some(2), 0)] {
            assert_eq!(
                chosen(Routing::LeastLoaded, &idle, &job, last),
                Some(expected)
            );
        }
    }

    #[test]
    fn the_nearest_wins_then_load_and_an_unknown_place_is_far() {
        let job = job(None);
        let nowhere = ExecutorSpec {
            location: None,
            ..spec("a", 1, &[], 0)
        };
        let specs = [
            (nowhere.clone(), 0),
            (spec("b", 1, &[], -9), 0),
            (spec("c", 1, &[], 7), 5),
        ];
        assert_eq!(chosen(Routing::Nearest, &specs, &job, None), Some(2));
        let level = [
            (spec("a", 1, &[], 7), 2),
            (spec("b", 1, &[], -7), 1),
            (nowhere, 0),
        ];
        assert_eq!(chosen(Routing::Nearest, &level, &job, None), Some(1));
        let anywhere = Job {
            location: None,
            ..job
        };
        assert_eq!(chosen(Routing::Nearest, &level, &anywhere, None), Some(2));
    }

    /// Every pair is drawn, the better of it is taken, and the worst of all never is.
    #[test]
    fn of_two_random_choices_the_less_loaded_is_taken() {
        let specs: Vec<ExecutorSpec> = (0..4).map(|_| spec("a", 1, &[], 0)).collect();
        let candidates: Vec<Candidate<'_>> = (0..4)
            .map(|index| Candidate {
                executor: ProcessIndex(index),
                spec: &specs[usize::from(index)],
                load: u32::from(index),
            })
            .collect();
        let mut rng = Generator::new(3, 0);
        let mut taken = [0; 4];
        for _ in 0..6_000 {
            let policy = Routing::TwoChoices;
            let chosen = choose(policy, &job(None), &candidates, None, &mut rng);
            taken[chosen.unwrap().index()] += 1;
        }
        // Of the six pairs three have the first, two the second, one the third as their better half.
        for (count, expected) in taken.into_iter().zip([3_000_i32, 2_000, 1_000, 0]) {
            assert!((count - expected).abs() < 200, "{taken:?}");
        }
        assert_eq!(taken[3], 0);
        let alone = choose(
            Routing::TwoChoices,
            &job(None),
            &candidates[3..],
            None,
            &mut rng,
        );
        assert_eq!(alone, Some(ProcessIndex(3)));
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
