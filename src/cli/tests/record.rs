//! The headless runner makes the scenario that the page makes of a run.
#![allow(clippy::unwrap_used)]

use triage_engine::command::Action;
use triage_playback::Player;
use triage_scenario::{self as scenario, library};

#[test]
fn the_headless_runner_writes_the_same_scenario() {
    let built_in = library()
        .into_iter()
        .find(|it| it.name == "failure-recovery");
    let mut player = Player::new(scenario::parse(built_in.unwrap().json).unwrap());
    player.seek_us(6_000_000);
    let crash = Action::Crash {
        process: "harbour".into(),
    };
    player.command("commander", crash).unwrap();
    player.seek_us(9_000_000);
    let source = serde_json::to_string(player.scenario()).unwrap();
    let folder = std::env::temp_dir().join(format!("triage-record-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let (run, out) = (folder.join("run.json"), folder.join("scenario.json"));
    std::fs::write(&run, player.saved(true).to_json(&source)).unwrap();
    let record = |title: &str| {
        std::process::Command::new(env!("CARGO_BIN_EXE_triage-cli"))
            .arg("record")
            .arg(&run)
            .args(["--title", title, "--out"])
            .arg(&out)
            .output()
            .unwrap()
    };
    let done = record("By hand");
    let said = String::from_utf8(done.stderr).unwrap();
    assert!(done.status.success(), "{said}");
    assert!(said.contains("the same events at the same times"), "{said}");
    let written = scenario::parse(&std::fs::read_to_string(&out).unwrap()).unwrap();
    assert_eq!(written, player.recorded("By hand").unwrap().scenario);
    assert_eq!(record("").status.code(), Some(2));
    std::fs::remove_dir_all(&folder).unwrap();
}
