//! Random scenarios under the checker, fewer than `./dev soak` runs and from the same generator; a failure names its seed.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::expect_used)]

use triage::scenario;
use triage_soak as soak;

#[test]
fn every_promise_holds_in_random_runs_and_all_work_finishes_once_healed() {
    for seed in 0..2_000 {
        let made = soak::scenario(seed);
        match soak::run(&made) {
            Ok(figures) => {
                assert!(figures.events >= 2_000, "seed {seed}: {figures:?}");
                assert!(figures.faults >= 3, "seed {seed}: {figures:?}");
            }
            Err(violation) => {
                let small = serde_json::to_string(&soak::shrink(&made)).unwrap();
                panic!("seed {seed}: {violation}\nshrunk: {small}");
            }
        }
    }
}

#[test]
fn a_generated_scenario_is_a_valid_file() {
    for seed in 0..100 {
        let made = soak::scenario(seed);
        let json = serde_json::to_string(&made).unwrap();
        assert_eq!(scenario::parse(&json).unwrap(), made, "seed {seed}");
    }
}
