//! A run written down and read again is the same run: every branch, every event, the cursor.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod common;

use common::{an_action, story};
use triage::engine::command::Action;
use triage::engine::rng::Generator;
use triage::engine::trace::Recorder;
use triage::playback::Player;
use triage::scenario;
use triage::scenario::saved::{SavedRun, scenario_text};

fn written(player: &Player) -> String {
    let scenario = serde_json::to_string(player.scenario()).unwrap();
    let json = player.saved(true).to_json(&scenario);
    assert_eq!(scenario_text(&json), Some(&*scenario));
    json
}

fn read(json: &str) -> Result<Player, String> {
    Player::from_saved(&SavedRun::parse(json)?)
}

/// Does what people do: looks, goes back, acts, takes back, names.
fn play(player: &mut Player, chance: &mut Generator) {
    for turn in 0..12 {
        match chance.between(0, 6) {
            0 => player.seek_us(chance.between(0, player.end_us())),
            1 => player.seek_event(chance.between(0, u64::from(player.trace().count())) as u32),
            2 => drop(player.undo()),
            3 => player.mark(&format!("moment {turn}")),
            4 => {
                let branches = player.branches();
                let at = chance.between(0, branches.len() as u64 - 1) as usize;
                player.switch_branch(branches[at].id);
                player.rename_branch(branches[at].id, &format!("name {turn}"));
            }
            _ => drop(player.command("commander", an_action(chance, player))),
        }
    }
}

#[test]
fn every_branch_and_every_event_comes_back() {
    let mut branches = 0;
    for seed in 0..40 {
        let library = scenario::library();
        let mut player = story(library[seed as usize % library.len()].name);
        let mut chance = Generator::new(seed, 7);
        play(&mut player, &mut chance);
        let mut again =
            read(&written(&player)).unwrap_or_else(|reason| panic!("seed {seed}: {reason}"));
        assert_eq!(again.count(), player.count(), "seed {seed}");
        assert_eq!(again.overview_json(), player.overview_json(), "seed {seed}");
        assert_eq!(again.branches(), player.branches(), "seed {seed}");
        assert_eq!(again.markers(), player.markers(), "seed {seed}");
        for branch in player.branches() {
            for run in [&mut player, &mut again] {
                run.switch_branch(branch.id);
                run.seek_us(u64::MAX);
            }
            assert!(
                again.trace_ndjson() == player.trace_ndjson(),
                "seed {seed}: {branch:?}"
            );
            branches += 1;
        }
    }
    assert!(branches > 80, "{branches}");
}

#[test]
fn what_is_damaged_or_from_elsewhere_is_said_and_not_played() {
    let mut player = story("failure-recovery");
    player.seek_us(9_000_000);
    player
        .command(
            "commander",
            Action::Crash {
                process: "harbour".into(),
            },
        )
        .unwrap();
    player.seek_us(15_000_000);
    let json = written(&player);
    let refused = |from: &str, to: &str| {
        assert!(json.contains(from), "{from}");
        read(&json.replacen(from, to, 1))
            .err()
            .unwrap_or_else(|| panic!("{to} is taken"))
    };
    assert!(read(&json).is_ok());
    assert!(read("").is_err() && read("{}").is_err() && read("[]").is_err());
    let newer = refused("\"run_format\":2", "\"run_format\":3");
    assert!(newer.contains("this page reads format 2"), "{newer}");
    let hash = player.digest_at_cursor().to_string();
    let other = hash.replace(|digit: char| digit.is_ascii_digit(), "a");
    assert!(refused(&hash, &other).contains("damaged"));
    let old = json.replacen("\"run_format\":2", "\"run_format\":1", 1);
    assert!(
        read(&old.replacen(&hash, &other, 1)).is_ok(),
        "its hash is of another trace"
    );
    let engine = concat!("\"engine\":\"", env!("CARGO_PKG_VERSION"), "\"");
    let act = format!(
        "\"steps\":{}",
        player.saved(false).versions[1]
            .act
            .as_ref()
            .unwrap()
            .at
            .steps
    );
    let damaged = refused(&act, "\"steps\":7");
    assert!(damaged.contains("damaged: command 1"), "{damaged}");
    let seed = format!("\"seed\":{}", player.scenario().seed);
    let other = refused(&seed, "\"seed\":999");
    assert!(other.contains("damaged"), "{other}");
    // The same difference from another engine is not called damage.
    let foreign =
        json.replacen(engine, "\"engine\":\"9.9.9\"", 1)
            .replacen(&seed, "\"seed\":999", 1);
    let foreign = read(&foreign).unwrap_err();
    assert!(foreign.contains("saved with engine 9.9.9"), "{foreign}");
    let endless = refused("\"current\":1", "\"current\":5");
    assert!(endless.contains("there is no version 5"), "{endless}");
    assert!(refused("\"parent\":0", "\"parent\":1").contains("versions[1]"));
    assert!(refused("\"parent\":null", "\"parent\":0").contains("versions[0]"));
    assert!(refused(&act, "\"steps\":99999999999").contains("versions[1]"));
    let crash = "\"crash\":{\"process\":\"harbour\"}";
    let unknown = refused(crash, "\"explode\":{}");
    assert!(unknown.contains("versions[1].act.action"), "{unknown}");
    assert!(refused("\"duration_us\":", "\"duration_us\":0,\"x\":").contains("scenario"));
}

#[test]
fn the_scenario_is_found_in_the_file_as_it_is_written() {
    let tricky = r#"{"a": "}\"{", "scenario_of": {"b": 1}, "list": [{"scenario": 3}], "scenario" : {"c": ["]}", {}], "d": "\\"}, "e": 1}"#;
    assert_eq!(
        scenario_text(tricky),
        Some(r#"{"c": ["]}", {}], "d": "\\"}"#)
    );
    for none in [
        "",
        "{}",
        "{\"scenario\"",
        "{\"scenario\": {",
        "}}}",
        "\"",
        "\\",
    ] {
        assert_eq!(scenario_text(none), None, "{none}");
    }
}
