//! Files and commands that were damaged at random are refused with a message or run; nothing panics.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::expect_used)]

use triage::engine::EmergencySystem;
use triage::engine::rng::Generator;
use triage::scenario;
use triage_soak as soak;

/// Pieces that damage puts in: the edges of numbers, of nesting and of text.
const PIECES: [&str; 14] = [
    "0",
    "-1",
    "18446744073709551615",
    "1e9",
    "\"",
    "\\u0000",
    "{",
    "}",
    "[",
    "null",
    "é",
    ",",
    "\"exec-1\"",
    "\"system\"",
];

/// A few places of a text replaced, cut out or doubled.
fn damaged(text: &str, chance: &mut Generator) -> String {
    let mut characters: Vec<char> = text.chars().collect();
    for _ in 0..chance.between(1, 3) {
        let length = characters.len() as u64;
        let from = chance.between(0, length) as usize;
        let to = (from + chance.between(0, 12) as usize).min(characters.len());
        let piece = match chance.between(0, 2) {
            0 => String::new(),
            1 => characters[from..to].iter().collect::<String>().repeat(2),
            _ => PIECES[chance.between(0, PIECES.len() as u64 - 1) as usize].to_owned(),
        };
        characters.splice(from..to, piece.chars());
    }
    characters.into_iter().collect()
}

#[test]
fn a_damaged_scenario_is_refused_with_a_message_or_runs() {
    let mut chance = Generator::new(1, 0);
    let (mut refused, mut ran) = (0, 0);
    for round in 0..10_000 {
        let json = match scenario::library().get(round % 12) {
            Some(built_in) => built_in.json.to_owned(),
            None => serde_json::to_string(&soak::scenario(round as u64)).unwrap(),
        };
        match scenario::parse(&damaged(&json, &mut chance)) {
            Err(errors) => {
                assert!(!errors.to_string().is_empty());
                refused += 1;
            }
            Ok(scenario) => {
                let mut system = EmergencySystem::new(scenario.setup());
                for _ in 0..500 {
                    system.step();
                }
                ran += 1;
            }
        }
    }
    assert!(refused > 20 && ran > 20, "{refused} refused, {ran} ran");
}

#[test]
fn a_damaged_command_is_refused_with_a_message_or_applied() {
    let mut chance = Generator::new(2, 0);
    let (mut refused, mut applied) = (0, 0);
    for seed in 0..1_000 {
        let made = soak::scenario(seed);
        let mut system = EmergencySystem::new(made.setup());
        system.run_until(1_000_000);
        for command in &made.commands {
            let json = serde_json::to_string(command).unwrap();
            match scenario::parse_command(&damaged(&json, &mut chance)) {
                Err(problem) => {
                    assert!(!problem.is_empty());
                    refused += 1;
                }
                Ok(command) => {
                    applied += u32::from(system.apply(&command.principal, &command.action).is_ok());
                    system.step();
                }
            }
        }
    }
    assert!(
        refused > 20 && applied > 20,
        "{refused} refused, {applied} applied"
    );
}
