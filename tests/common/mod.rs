//! What several tests begin with: a built-in scenario to play, and commands by chance.

use triage::engine::command::{Action, ExecutorSpec, JobRequest};
use triage::engine::emergency::{EmergencyType, Level};
use triage::engine::rng::Generator;
use triage::playback::Player;
use triage::scenario;

/// The text of a built-in scenario.
pub fn source(name: &str) -> &'static str {
    let library = scenario::library();
    library
        .iter()
        .find(|entry| entry.name == name)
        .unwrap()
        .json
}

/// A built-in scenario, at its beginning.
pub fn story(name: &str) -> Player {
    Player::new(scenario::parse(source(name)).unwrap())
}

/// One of everything that people do, whether it can be done or not.
pub fn an_action(chance: &mut Generator, player: &Player) -> Action {
    let executors = &player.scenario().executors;
    let at = chance.between(0, executors.len() as u64 - 1) as usize;
    let process = executors[at].id.clone();
    match chance.between(0, 9) {
        0 => Action::Crash { process },
        1 => Action::Restart { process },
        2 => Action::Hang { process },
        3 => Action::Resume { process },
        4 => Action::Slow {
            process,
            factor: chance.between(2, 9) as u32,
        },
        5 => Action::ClearEmergency { emergency: None },
        6 => Action::AddExecutor(ExecutorSpec {
            id: format!("exec-{}", chance.between(1, 99)).into(),
            capacity: 2,
            capabilities: vec!["medical".into(), "general".into()],
            location: None,
        }),
        7 => Action::SubmitNormalJob(JobRequest {
            work_us: chance.between(1, 5_000) * 1_000,
            ..JobRequest::default()
        }),
        8 => Action::SubmitEmergencyJob {
            kind: EmergencyType::Medical,
            job: JobRequest {
                work_us: chance.between(1, 5_000) * 1_000,
                requirements: vec!["medical".into()],
                ..JobRequest::default()
            },
        },
        _ => Action::DeclareEmergency {
            kind: EmergencyType::Fire,
            level: Level::Critical,
            place: Some("Harbour".into()),
            location: None,
            radius_m: None,
        },
    }
}
