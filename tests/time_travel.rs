//! Time travel: acting in the past branches, nothing is lost, and coming back gives the same events again.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use triage::engine::audit::Verdict;
use triage::engine::command::Mismatch;
use triage::engine::command::{Action, JobRequest};
use triage::engine::emergency::{EmergencyType, Level};
use triage::engine::trace::Recorder;
use triage::playback::{Player, StepUnit};
use triage::scenario;

fn player(index: usize) -> Player {
    Player::new(scenario::parse(scenario::library()[index].json).unwrap())
}

fn crash(name: &str) -> Action {
    Action::Crash {
        process: name.into(),
    }
}

fn declare() -> Action {
    Action::DeclareEmergency {
        kind: EmergencyType::Fire,
        level: Level::Critical,
        place: None,
        location: None,
        radius_m: None,
    }
}

fn first_executor(player: &Player) -> String {
    let first = player.world().executors().next().unwrap();
    first.1.name.to_string()
}

/// The whole trace of the current branch up to a moment, as text.
fn text_at(player: &mut Player, t_us: u64) -> String {
    player.seek_us(t_us);
    player.trace_ndjson()
}

#[test]
fn acting_in_the_past_branches_and_both_futures_stay() {
    for index in 0..scenario::library().len() {
        let mut player = player(index);
        let old = text_at(&mut player, 20_000_000);
        player.seek_us(5_000_000);
        let victim = first_executor(&player);
        player.command("commander", crash(&victim)).unwrap();
        let new = text_at(&mut player, 20_000_000);
        assert!(old != new, "the crash changed nothing");
        let branches = player.branches();
        assert_eq!(branches.len(), 2, "{branches:?}");
        assert!(branches[1].is_current && branches[1].name.starts_with("crash"));
        player.switch_branch(branches[0].id);
        assert_eq!(player.now_us(), 20_000_000.0, "the same moment");
        assert!(player.trace_ndjson() == old, "another past than before");
        player.switch_branch(branches[1].id);
        assert!(player.trace_ndjson() == new, "another past than before");
    }
}

#[test]
fn undo_and_redo_walk_along_the_acts() {
    let mut player = player(0);
    player.seek_us(4_000_000);
    let untouched = player.trace_ndjson();
    assert!(!player.undo() && !player.redo());
    player.command("commander", declare()).unwrap();
    player.seek_us(6_000_000);
    let declared = player.trace_ndjson();
    let victim = first_executor(&player);
    player.command("commander", crash(&victim)).unwrap();
    assert_eq!(player.branches().len(), 1, "nobody watched another future");
    player.seek_us(9_000_000);
    let both = player.trace_ndjson();

    assert!(player.undo());
    assert_eq!(player.now_us(), 6_000_000.0);
    assert!(
        player.trace_ndjson() == declared,
        "another past than before"
    );
    assert!(player.undo());
    assert!(
        player.trace_ndjson() == untouched,
        "another past than before"
    );
    assert_eq!(player.can_undo_redo(), (false, true));
    assert!(player.redo() && player.redo() && !player.redo());
    assert!(
        text_at(&mut player, 9_000_000) == both,
        "another past than before"
    );
}

#[test]
fn an_act_after_undo_is_another_branch_and_the_undone_one_stays_reachable() {
    let mut player = player(0);
    player.seek_us(4_000_000);
    player.command("commander", declare()).unwrap();
    let with = text_at(&mut player, 8_000_000);
    assert!(player.undo());
    let victim = first_executor(&player);
    player.command("commander", crash(&victim)).unwrap();
    player.seek_us(8_000_000);
    assert_eq!(player.can_undo_redo(), (true, false));
    let branches = player.branches();
    let other = branches.iter().find(|branch| !branch.is_current).unwrap();
    assert!(other.name.starts_with("declare"), "{branches:?}");
    player.switch_branch(other.id);
    assert!(player.trace_ndjson() == with, "another past than before");
}

#[test]
fn a_refused_command_in_the_past_is_on_record_in_a_branch_of_its_own() {
    let mut player = player(0);
    let before = text_at(&mut player, 10_000_000);
    let commands = player.world().audit().entries().len();
    player.seek_us(3_000_000);
    assert!(player.command("commander", crash("nobody")).is_err());
    let audit = player.world().audit();
    let last = audit.entries().last().unwrap();

    assert_eq!(
        last.verdict,
        Verdict::Denied(Mismatch::NoProcess.of("nobody"))
    );
    let branches = player.branches();
    let other = branches.iter().find(|branch| !branch.is_current).unwrap();
    player.switch_branch(other.id);
    assert!(
        text_at(&mut player, 10_000_000) == before,
        "another past than before"
    );
    assert_eq!(player.world().audit().entries().len(), commands);
}

#[test]
fn what_is_foreseen_is_not_watched_and_comes_true() {
    let mut player = player(2);
    player.seek_us(3_000_000);
    let at_cursor = player.count();
    player.record_ahead(u32::MAX);
    assert_eq!(player.count(), at_cursor);
    assert_eq!(player.now_us(), 3_000_000.0);
    let foreseen = player.trace().count();
    assert!(foreseen > at_cursor);
    player.seek_us(player.end_us());
    assert_eq!(player.count(), foreseen);
    assert_eq!(player.lanes().processes(), player.trace().names().len());

    player.seek_us(0);
    let mut fresh = self::player(2);
    fresh.seek_us(3_000_000);
    fresh.record_ahead(u32::MAX);
    fresh.command("commander", declare()).unwrap();
    assert_eq!(fresh.branches().len(), 1, "foreseeing is not watching");
}

#[test]
fn branches_keep_their_names_and_survive_checkpoints_and_steps() {
    let mut player = player(1);
    player.seek_us(12_000_000);
    player.rename_branch(0, "  the plan ");
    player.seek_us(2_000_000);
    let victim = first_executor(&player);
    player.command("commander", crash(&victim)).unwrap();
    for _ in 0..40 {
        player.step(StepUnit::Event, true);
    }
    let job = JobRequest {
        work_us: 1_000,
        ..JobRequest::default()
    };
    player
        .command("commander", Action::SubmitNormalJob(job))
        .unwrap();
    for _ in 0..40 {
        player.step(StepUnit::Event, true);
    }
    let (here, last) = (player.trace_ndjson(), player.count() - 1);
    for _ in 0..5 {
        player.step(StepUnit::Event, false);
    }
    let names: Vec<String> = player.branches().into_iter().map(|one| one.name).collect();
    assert_eq!(names[0], "the plan");
    let current = player.branches().into_iter().find(|one| one.is_current);
    player.switch_branch(0);
    player.switch_branch(current.unwrap().id);
    player.seek_event(last);
    assert!(player.trace_ndjson() == here, "another past than before");
}

#[test]
fn markers_are_in_the_order_of_time() {
    let mut player = player(0);
    player.seek_us(5_000_000);
    player.mark("late");
    player.seek_us(1_000_000);
    player.mark("");
    player.mark("early");
    let names: Vec<&str> = player
        .markers()
        .iter()
        .map(|marker| marker.name.as_str())
        .collect();
    assert_eq!(names, ["early", "late"]);
    player.unmark(1_000_000);
    assert_eq!(player.markers().len(), 1);
}
