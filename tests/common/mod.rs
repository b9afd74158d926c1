//! What several tests begin with: a built-in scenario to play, and commands by chance.

use triage::engine::command::{Action, JobRequest};
use triage::engine::emergency::{EmergencyType, Level};
use triage::engine::rng::Generator;
use triage::playback::Player;
use triage::scenario;

/// A built-in scenario, at its beginning.
pub fn story(name: &str) -> Player {
    let library = scenario::library();
    let entry = library.iter().find(|entry| entry.name == name).unwrap();
    Player::new(scenario::parse(entry.json).unwrap())
}

/// What a person may do at any moment, whether it can be done or not.
pub fn an_action(chance: &mut Generator, player: &Player) -> Action {
    let executors = &player.scenario().executors;
    let at = chance.between(0, executors.len() as u64 - 1) as usize;
    let process = executors[at].id.clone();
    match chance.between(0, 7) {
        0 => Action::Crash { process },
        1 => Action::Restart { process },
        2 => Action::Hang { process },
        3 => Action::Resume { process },
        4 => Action::ClearEmergency { emergency: None },
        5 => Action::Slow { process, factor: 3 },
        6 => Action::SubmitNormalJob(JobRequest {
            work_us: chance.between(1, 2_000_000),
            ..JobRequest::default()
        }),
        _ => Action::DeclareEmergency {
            kind: EmergencyType::Fire,
            level: Level::Critical,
            place: None,
            location: None,
            radius_m: None,
        },
    }
}
