//! Sentences for the built-in scenarios: each agrees with the trace, and those that explain something are as written
//! here.

use super::job::JobState;
use super::*;
use crate::history::JobHistory;
use triage_engine::record::Record;
use triage_playback::Player;

fn player(name: &str) -> Player {
    let mut library = triage_scenario::library().into_iter();
    let entry = library.find(|entry| entry.name == name).unwrap();
    Player::new(triage_scenario::parse(entry.json).unwrap())
}

fn job_at(name: &str, t_ms: u64, number: u32) -> job::JobReason {
    let mut player = player(name);
    player.seek_us(t_ms * 1_000);
    let mut history = JobHistory::of(JobId(number));
    history.follow(&player);
    job::job(&player, JobId(number), history.before(player.count()))
}

#[test]
fn a_waiting_job_names_the_rule_or_the_jobs_ahead() {
    for (scenario, t_ms, number, state, why) in [
        (
            "escalation",
            15_012,
            37,
            JobState::Queued,
            "Waiting: south is in HIGH mode, normal jobs do not start.",
        ),
        (
            "escalation",
            18_000,
            38,
            JobState::Queued,
            "Waiting: east is in HIGH mode, normal jobs do not start (it has not yet received the level CRITICAL of the system).",
        ),
        (
            "escalation",
            14_013,
            34,
            JobState::Queued,
            "Waiting: west is in MEDIUM mode, where normal jobs may hold 2 of 3 slots and hold 2.",
        ),
        (
            "escalation",
            33_012,
            64,
            JobState::Queued,
            "Waiting: all 4 slots of south are taken, the next becomes free at 00:33.459, and 1 normal job is ahead of it.",
        ),
        (
            "escalation",
            33_159,
            70,
            JobState::Queued,
            "Waiting: all 3 slots of east are taken, the next becomes free at 00:34.073, and it is next.",
        ),
        (
            "emergency-response",
            15_513,
            5,
            JobState::Paused,
            "Paused since 00:08.010 with 2.7 s of work left: medical-centre is in HIGH mode, paused jobs do not resume.",
        ),
        (
            "failure-recovery",
            6_402,
            2,
            JobState::Lost,
            "Lost: fire-station has crashed, and attempt 1 is lost; recovery has not detected it yet, because fire-station has not been silent for long enough.",
        ),
        (
            "partition",
            10_600,
            8,
            JobState::Waiting,
            "Waiting at coordinator-1: no healthy executor has security, so it waits for harbour (failed).",
        ),
        (
            "failure-recovery",
            23_000,
            13,
            JobState::Running,
            "Running in slot 1 of general-1 until 00:24.011, 3 times slower than usual.",
        ),
        (
            "coordinators",
            10_000,
            8,
            JobState::Submitted,
            "Waiting: coordinator-2 is down; its jobs wait for its restart.",
        ),
        (
            "coordinators",
            12_000,
            2,
            JobState::Lost,
            "Lost: general-1 has crashed, and attempt 1 is lost; coordinator-2 is down and will reassign it after its restart.",
        ),
    ] {
        let reason = job_at(scenario, t_ms, number);
        assert_eq!(reason.why, why, "{scenario} at {t_ms} ms: {reason:?}");
        assert_eq!(reason.state, state, "{scenario} at {t_ms} ms");
    }
}

#[test]
fn stale_attempts_are_listed() {
    let fenced = job_at("partition", 7_059, 4);
    assert_eq!(fenced.state, JobState::Orphaned);
    assert_eq!(fenced.attempt, 2);
    assert_eq!(
        fenced.stale,
        [
            "harbour still has attempt 1, but its completion will be refused: superseded by attempt 2."
        ]
    );
}

#[test]
fn process_sentences_include_the_actual_state() {
    for (scenario, t_ms, name, expected) in [
        (
            "failure-recovery",
            6_402,
            "fire-station",
            "No process knows that it has crashed: if recovery receives nothing until 00:08.331, it will suspect the executor.",
        ),
        (
            "failure-recovery",
            8_532,
            "fire-station",
            "Suspected: recovery has received nothing since 00:05.831, and will declare it failed at 00:09.331. Actual state: it has crashed.",
        ),
        (
            "partition",
            10_000,
            "harbour",
            "Declared failed: recovery has received nothing since 00:03.546. Actual state: it works, but it is cut off from all other processes.",
        ),
        (
            "partition",
            10_000,
            "recovery",
            "Of 4 executors, it has not received heartbeats from harbour since 00:03.546.",
        ),
        (
            "mixed-workload",
            16_002,
            "field-unit",
            "It is joining: recovery has not registered it yet.",
        ),
        (
            "escalation",
            20_000,
            "system",
            "The system is at CRITICAL, the highest level of 2 active emergencies, because of emergency-2 (infrastructure).",
        ),
    ] {
        let mut player = player(scenario);
        player.seek_us(t_ms * 1_000);
        let (index, _) = player.world().find(name).unwrap();
        let said = process::process(player.world(), index);
        assert_eq!(said, expected, "{name} in {scenario} at {t_ms} ms");
    }
}

/// The state of a job after its last event, as far as its events show it.
fn told(player: &Player, history: &[u32]) -> Option<JobState> {
    let last = history.iter().rev().find_map(|seq| {
        let event = player.trace().get(*seq)?;
        Some(match &event.record {
            Record::JobSubmitted { .. } => JobState::Submitted,
            Record::JobRefused { .. } => JobState::Refused,
            Record::JobQueued(..) => JobState::Queued,
            Record::JobStarted(..) | Record::JobResumed(..) => JobState::Running,
            Record::JobPaused(..) => JobState::Paused,
            Record::JobRouted(_) => JobState::Routed,
            Record::JobCompleted(_) => JobState::Finishing,
            Record::CompletionAccepted(_) => JobState::Completed,
            _ => return None,
        })
    });
    Some(last.unwrap_or(JobState::Future))
}

#[test]
fn every_state_agrees_with_the_trace_in_every_built_in_scenario() {
    let mut seen = Vec::new();
    for entry in triage_scenario::library() {
        let mut player = player(entry.name);
        player.record_ahead(u32::MAX);
        let jobs = player.trace().jobs().len() as u32;
        let mut histories: Vec<JobHistory> = (1..=jobs)
            .map(|number| JobHistory::of(JobId(number)))
            .collect();
        for history in &mut histories {
            history.follow(&player);
        }
        for t_ms in (0..player.end_us() / 1_000).step_by(7) {
            player.seek_us(t_ms * 1_000);
            for history in &histories {
                let past = history.before(player.count());
                let reason = job::job(&player, history.job(), past);
                let at = format!("{} in {} at {t_ms} ms", history.job(), entry.name);
                assert!(reason.why.ends_with('.'), "{at}: {}", reason.why);
                // A fault changes the state of a job without an event of the job; everything else has one.
                let lost = [JobState::Lost, JobState::Orphaned, JobState::Waiting];
                let attempts_one = reason.attempt <= 1 && reason.stale.is_empty();
                if attempts_one && !lost.contains(&reason.state) {
                    assert_eq!(Some(reason.state), told(&player, past), "{at}: {reason:?}");
                }
                if !seen.contains(&reason.state) {
                    seen.push(reason.state);
                }
            }
        }
    }
    for state in [
        JobState::Future,
        JobState::Submitted,
        JobState::Waiting,
        JobState::Routed,
        JobState::Queued,
        JobState::Running,
        JobState::Paused,
        JobState::Finishing,
        JobState::Lost,
        JobState::Orphaned,
        JobState::Completed,
    ] {
        assert!(seen.contains(&state), "{state:?} never occurs");
    }
}

#[test]
fn under_ageing_a_job_says_who_is_ahead_because_of_it_and_who_will_not_be() {
    let json = r#"{"format": 1, "name": "t", "title": "t", "duration_us": 20000000,
        "configuration": {"discipline": {"weighted": {"ageing_us": 100000}}, "network": {"jitter_us": 0}},
        "executors": [{"id": "a", "capacity": 1}],
        "commands": [
            {"at_us": 1000000, "action": {"submit_normal_job": {"work_us": 3000000}}},
            {"at_us": 1100000, "action": {"submit_normal_job": {"work_us": 10}}},
            {"at_us": 1150000, "action": {"submit_emergency_job": {"type": "fire", "job": {"work_us": 10}}}},
            {"at_us": 1500000, "action": {"submit_emergency_job": {"type": "fire", "job": {"work_us": 10}}}}
        ]}"#;
    let mut player = Player::new(triage_scenario::parse(json).unwrap());
    player.seek_us(2_000_000);
    let slot = "the only slot of a is taken, the next becomes free at 00:04.010";
    for (number, expected) in [
        (
            2,
            "1 emergency job is ahead of it; no emergency job that arrives after 00:01.210 overtakes it (ageing).",
        ),
        (3, "it is next."),
        (
            4,
            "2 jobs are ahead of it (1 emergency, 1 normal); a normal job that arrived more than 100 ms earlier takes priority (ageing).",
        ),
    ] {
        let mut history = JobHistory::of(JobId(number));
        history.follow(&player);
        let why = job::job(&player, JobId(number), history.before(player.count())).why;
        assert_eq!(why, format!("Waiting: {slot}, and {expected}"));
    }
}

#[test]
fn held_reassignment_is_explained() {
    let entry = triage_scenario::library()
        .into_iter()
        .find(|entry| entry.name == "basic-operation");
    let mut told = triage_scenario::parse(entry.unwrap().json).unwrap();
    told.configuration.brake_hold_us = 10_000_000;
    let mut player = Player::new(told);
    player.seek_us(2_000_000);
    let executors = player.world().executors();
    let names: Vec<_> = executors
        .map(|(_, process, _)| process.name.clone())
        .collect();
    for process in names.iter().take(3).cloned() {
        let crash = triage_engine::command::Action::Crash { process };
        player.command("commander", crash).unwrap();
    }
    player.seek_us(8_000_000);
    let says = |name: &str| {
        let (index, _) = player.world().find(name).unwrap();
        process::process(player.world(), index)
    };
    let recovery = says("recovery");
    let held =
        "So many silent executors are more likely cut off than crashed: it holds reassignment back";
    assert!(recovery.contains(held), "{recovery}");
    let crashed = says(&names[0]);
    let stays = "and holds reassignment of its jobs back until 00:1";
    assert!(crashed.contains(stays), "{crashed}");
    let lines = crate::overview::summary_lines(&player.world().overview());
    assert!(
        lines[2].contains("reassignment held back until 00:1"),
        "{lines:?}"
    );
    player.seek_us(17_000_000);
    let (index, _) = player.world().find("recovery").unwrap();
    let over = process::process(player.world(), index);
    assert!(over.contains("for the maximum time"), "{over}");
}
