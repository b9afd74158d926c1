//! The same scenario gives the same trace, byte for byte: twice here, and as the golden file says, which
//! `tests/web.rs` holds the browser to as well.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use triage::playback::{Player, trace_hash};
use triage::scenario;

/// Lines of `NAME HASH`: the trace of a built-in scenario over its whole duration.
const GOLDEN: &str = include_str!("golden/traces.txt");

fn hashes() -> String {
    let lines = scenario::library().into_iter().map(|built_in| {
        let scenario = scenario::parse(built_in.json).expect("built-in scenarios are valid");
        let until_us = scenario.duration_us;
        format!("{} {}\n", built_in.name, trace_hash(&scenario, until_us))
    });
    lines.collect()
}

#[test]
fn every_built_in_scenario_gives_its_golden_trace_twice() {
    let first = hashes();
    assert_eq!(first, hashes());
    assert_eq!(
        first, GOLDEN,
        "if the engine was meant to change, put the left side into tests/golden/traces.txt"
    );
}

#[test]
fn another_seed_gives_another_trace() {
    let mut scenario = scenario::parse(scenario::library()[0].json).unwrap();
    let one = trace_hash(&scenario, 5_000_000);
    scenario.seed += 1;
    assert_ne!(one, trace_hash(&scenario, 5_000_000));
}

#[test]
fn frames_of_any_length_and_seeking_give_the_same_trace_as_running() {
    for built_in in scenario::library() {
        let scenario = scenario::parse(built_in.json).unwrap();
        let mut straight = Player::new(scenario.clone());
        straight.seek_us(15_000_000);
        let mut played = Player::new(scenario);
        played.play();
        let mut wall_ms = 7.0;
        while played.now_us() < 15_000_000.0 {
            played.advance(wall_ms);
            wall_ms = if wall_ms > 40.0 { 3.0 } else { wall_ms * 1.7 };
        }
        played.seek_us(2_000_000);
        played.seek_us(15_000_000);
        assert_eq!(
            straight.trace_ndjson(),
            played.trace_ndjson(),
            "{}",
            built_in.name
        );
    }
}
