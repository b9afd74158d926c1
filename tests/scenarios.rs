//! The built-in scenarios end as their stories say, and bad scenarios are refused with path and reason.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use triage::analysis::latency::{Latencies, Target};
use triage::analysis::suspicion::Suspicions;
use triage::engine::EmergencySystem;
use triage::engine::policy::detector::Detector;
use triage::engine::record::Record;
use triage::scenario;

fn finished(name: &str) -> EmergencySystem {
    let built_in = scenario::library()
        .into_iter()
        .find(|known| known.name == name)
        .unwrap();
    let mut system = EmergencySystem::new(scenario::parse(built_in.json).unwrap().setup());
    assert!(
        system.run_until_quiet(120_000_000),
        "{name} never becomes quiet"
    );
    system
}

fn count(system: &EmergencySystem, is: impl Fn(&Record) -> bool) -> usize {
    system
        .trace()
        .iter()
        .filter(|(_, event)| is(&event.record))
        .count()
}

#[test]
fn every_accepted_job_is_completed_exactly_once() {
    for built_in in scenario::library() {
        let system = finished(built_in.name);
        let mut done = std::collections::BTreeMap::<_, u32>::new();
        for (_, event) in system.trace().iter() {
            match &event.record {
                Record::JobAccepted { job, .. } => drop(done.entry(*job).or_default()),
                Record::CompletionAccepted(attempt) => *done.entry(attempt.job).or_default() += 1,
                _ => {}
            }
        }
        assert!(!done.is_empty());
        assert!(
            done.values().all(|times| *times == 1),
            "{}: {done:?}",
            built_in.name
        );
    }
}

#[test]
fn the_four_demos_meet_the_four_targets() {
    for name in [
        "basic-operation",
        "emergency-response",
        "failure-recovery",
        "mixed-workload",
    ] {
        let system = finished(name);
        let mut latencies = Latencies::default();
        system
            .trace()
            .iter()
            .for_each(|(_, event)| latencies.observe(event));
        for target in Target::ALL {
            let summary = latencies.summary(target);
            assert!(summary.met, "{name} {target:?}: {summary:?}");
        }
        assert!(latencies.summary(Target::NormalStart).count > 0);
    }
}

#[test]
fn critical_pauses_normal_jobs_and_clearing_resumes_each() {
    let system = finished("emergency-response");
    let paused = count(&system, |record| matches!(record, Record::JobPaused(..)));
    let resumed = count(&system, |record| matches!(record, Record::JobResumed(..)));
    assert!(paused > 0);
    assert_eq!(paused, resumed);
}

#[test]
fn a_crash_orphans_jobs_and_recovery_reassigns_each() {
    let system = finished("failure-recovery");
    let orphaned = count(&system, |record| matches!(record, Record::JobOrphaned(..)));
    let reassigned = count(&system, |record| {
        matches!(record, Record::JobReassigned(..))
    });
    assert!(orphaned > 0);
    assert_eq!(orphaned, reassigned);
}

#[test]
fn a_partition_makes_zombies_whose_completions_are_fenced_off() {
    let system = finished("partition");
    assert!(
        count(&system, |record| matches!(
            record,
            Record::CompletionRefused(..)
        )) >= 2
    );
    assert!(
        count(&system, |record| matches!(
            record,
            Record::ExecutorHealthy(_)
        )) >= 2
    );
}

/// The same line from the lighthouse, watched by a detector that learns and by one that does not.
#[test]
fn phi_accrual_bears_with_an_irregular_line_that_a_timeout_takes_for_death() {
    let built_in = scenario::library()
        .into_iter()
        .find(|known| known.name == "false-suspicion")
        .unwrap();
    let told = scenario::parse(built_in.json).unwrap();
    let run = |detector: Detector| {
        let mut scenario = told.clone();
        scenario.configuration.detector = detector;
        let mut system = EmergencySystem::new(scenario.setup());
        assert!(system.run_until_quiet(120_000_000));
        let mut suspicions = Suspicions::default();
        let events = system.trace().iter();
        events.for_each(|(_, event)| suspicions.observe(event));
        let refused = count(&system, |record| {
            matches!(record, Record::CompletionRefused(..))
        });
        (suspicions.at(u64::MAX), refused)
    };
    let (learning, refused) = run(told.configuration.detector);
    assert_eq!(
        (learning.suspicions, learning.suspicions_false, refused),
        (2, 0, 0)
    );
    let (fixed, refused) = run(Detector::default());
    assert_eq!((fixed.failures, fixed.failures_false, refused), (5, 3, 2));
}

#[test]
fn bad_scenarios_are_refused_with_path_and_reason() {
    let valid = scenario::library()[0].json;
    for (from, to, expected) in [
        (
            "\"capacity\": 2",
            "\"capacity\": 0",
            "executors[3].capacity: 0 is below 1",
        ),
        (
            "\"capacity\": 2",
            "\"capacity\": \"two\"",
            "executors[3].capacity: invalid type: string",
        ),
        ("\"seed\":", "\"sead\":", "sead: unknown field"),
        (
            "\"format\": 1",
            "\"format\": 9",
            "format: 9 is not supported",
        ),
        ("\"CRITICAL\"", "\"NONE\"", "NONE is not a level"),
        (
            "\"executor\": \"harbour\"",
            "\"executor\": \"nobody\"",
            "there is no executor nobody",
        ),
    ] {
        assert!(valid.contains(from), "{from}");
        let errors = scenario::parse(&valid.replacen(from, to, 1))
            .expect_err(to)
            .to_string();
        assert!(errors.contains(expected), "{to}: {errors}");
    }
    assert!(scenario::parse("{").is_err());
}

#[test]
fn every_scenario_file_is_valid_named_as_itself_and_built_in_or_in_the_documentation() {
    let documented = include_str!("../docs/scenario-format.md");
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/public/scenarios");
    let mut files = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let scenario = scenario::parse(&std::fs::read_to_string(&path).unwrap());
        let scenario = scenario.unwrap_or_else(|errors| panic!("{}: {errors}", path.display()));
        assert_eq!(path.file_stem().unwrap().to_str(), Some(&*scenario.name));
        let built_in = scenario::library()
            .iter()
            .any(|known| known.name == scenario.name);
        let file = format!("public/scenarios/{}.json", scenario.name);
        assert!(
            built_in || documented.contains(&file),
            "{file} is mentioned nowhere"
        );
        files += 1;
    }
    assert!(files >= scenario::library().len());
}
