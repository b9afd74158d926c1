//! A run as it was played becomes a scenario that gives the same events, or says from when on it does not.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod common;

use common::{an_action, story};
use serde_json::Value;
use triage::engine::command::Action;
use triage::engine::rng::Generator;
use triage::engine::trace::Recorder;
use triage::playback::{Player, Recording, RepeatAccuracy};
use triage::scenario;

/// The scenario of a recording, read from its file.
fn read(recording: &Recording) -> Player {
    let scenario = scenario::parse(&recording.json()).unwrap();
    assert_eq!(scenario, recording.scenario);
    Player::new(scenario)
}

/// Events as everybody sees them. The first names the scenario, which has a name of its own.
fn events(player: &mut Player, until_us: u64) -> Vec<Value> {
    player.seek_us(until_us);
    let lines = player.trace_ndjson();
    let events = lines
        .lines()
        .map(|line| serde_json::from_str(line).unwrap());
    events
        .filter(|event: &Value| event["kind"] != "run_started")
        .collect()
}

/// What stays the same when a time is off by less than a microsecond.
fn in_order(events: &[Value]) -> Vec<String> {
    let fields = ["kind", "process", "message", "cause", "vector"];
    let one = |event: &Value| fields.map(|field| event[field].to_string()).join(" ");
    events.iter().map(one).collect()
}

/// Holds a recording to its word, by what everybody sees of both runs.
fn check(player: &mut Player, seed: u64) -> RepeatAccuracy {
    let recording = player.recorded("What I did").unwrap();
    assert!(recording.left_out.is_empty(), "seed {seed}");
    let end_us = player.recorded_us();
    let (ours, theirs) = (
        events(player, end_us),
        events(&mut read(&recording), end_us),
    );
    match recording.fidelity {
        RepeatAccuracy::Exact => assert!(ours == theirs, "seed {seed}"),
        RepeatAccuracy::Near => {
            // The last microsecond may hold an event more on one side.
            let both = ours.len().min(theirs.len());
            assert!(ours.len().abs_diff(theirs.len()) <= 8, "seed {seed}");
            assert!(
                in_order(&ours[..both]) == in_order(&theirs[..both]),
                "seed {seed}"
            );
        }
        RepeatAccuracy::Until(t_us) => {
            // A time may be a microsecond off, so what is before the moment is counted in the run alone.
            let is_before = |event: &&Value| event["t_us"].as_u64().unwrap() < t_us;
            let before = ours.iter().take_while(is_before).count();
            assert!(
                theirs.len() >= before && in_order(&ours[..before]) == in_order(&theirs[..before]),
                "seed {seed}"
            );
        }
    }
    recording.fidelity
}

#[test]
fn random_commands_at_whole_microseconds_are_repeated() {
    let library = scenario::library();
    let mut exact = 0;
    for seed in 0..40 {
        let mut player = story(library[seed as usize % library.len()].name);
        let mut chance = Generator::new(seed, 11);
        let end_us = player.end_us();
        let mut moments: Vec<u64> = (0..8).map(|_| chance.between(0, end_us)).collect();
        moments.sort_unstable();
        for t_us in moments {
            player.seek_us(t_us);
            // Refused or not: a refusal is part of the run.
            let _ = player.command("commander", an_action(&mut chance, &player));
        }
        player.seek_us(end_us);
        match check(&mut player, seed) {
            RepeatAccuracy::Exact => exact += 1,
            RepeatAccuracy::Near => panic!("seed {seed}: these moments can be written exactly"),
            // Which of several things at one moment comes first depends on when each was scheduled, and a written command
            // is scheduled by the one before it.
            RepeatAccuracy::Until(t_us) => {
                let mut written = player.scenario().commands.iter();
                assert!(
                    written.any(|command| command.at_us == t_us),
                    "seed {seed}: {t_us}"
                );
            }
        }
    }
    assert!(exact >= 30, "{exact} of 40 are exact");
}

#[test]
fn commands_between_events_of_a_moment_keep_their_order_or_the_difference_is_told() {
    let library = scenario::library();
    let mut told = 0;
    for seed in 0..40 {
        let mut player = story(library[seed as usize % library.len()].name);
        let mut chance = Generator::new(seed, 12);
        let end_us = player.end_us();
        player.seek_us(end_us);
        let mut at = 0;
        for _ in 0..4 {
            let last = u64::from(player.trace().count()) - 1;
            at = chance.between(at, last);
            player.seek_event(at as u32);
            let _ = player.command("commander", an_action(&mut chance, &player));
            player.seek_us(end_us);
        }
        if matches!(check(&mut player, seed), RepeatAccuracy::Until(_)) {
            told += 1;
        }
    }
    assert!(told <= 10, "{told} of 40 differ");
}

#[test]
fn only_the_branch_that_is_played_is_recorded_and_what_lies_behind_the_cursor_too() {
    let mut player = story("failure-recovery");
    let crash = |process: &str| Action::Crash {
        process: process.into(),
    };
    player.seek_us(6_000_000);
    player.command("commander", crash("harbour")).unwrap();
    player.seek_us(12_000_000);
    player.seek_us(5_000_000);
    player.command("operator", crash("harbour")).unwrap_err();
    player.seek_us(9_000_000);
    player.seek_us(1_000_000);
    let written = player.scenario().commands.len();
    let recording = player.recorded("  Mein Übungslauf, 2. Teil ").unwrap();
    let added = &recording.scenario.commands[written..];
    assert_eq!(added.len(), 1);
    assert_eq!(
        (added[0].at_us, &*added[0].principal),
        (5_000_000, "operator")
    );
    assert_eq!(recording.scenario.title, "Mein Übungslauf, 2. Teil");
    assert_eq!(recording.scenario.name, "mein-bungslauf-2-teil");
    assert_eq!(recording.fidelity, RepeatAccuracy::Exact);
}

#[test]
fn what_no_scenario_may_contain_is_left_out_and_told() {
    let mut player = story("failure-recovery");
    player.seek_us(6_000_000);
    let nobody = Action::Crash {
        process: "nobody".into(),
    };
    player.command("commander", nobody).unwrap_err();
    player.seek_us(9_000_000);
    let recording = player.recorded("Nobody").unwrap();
    assert_eq!(recording.scenario.commands, player.scenario().commands);
    assert_eq!(recording.left_out.len(), 1);
    assert!(
        recording.left_out[0].contains("there is no process nobody"),
        "{:?}",
        recording.left_out
    );
    assert_eq!(recording.fidelity, RepeatAccuracy::Until(6_000_000));
}

#[test]
fn a_title_is_needed() {
    let player = story("failure-recovery");
    for title in ["", "   ", &"x".repeat(81)] {
        let problem = player.recorded(title).unwrap_err();
        assert!(problem.contains("1 to 80 characters"), "{problem}");
    }
    assert_eq!(player.recorded("!?").unwrap().scenario.name, "recorded");
}
