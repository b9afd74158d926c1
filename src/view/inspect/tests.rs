//! Cards of the built-in scenarios.

use super::*;
use triage_engine::trace::{Form, Recorder};

fn player(name: &str, t_ms: u64) -> Player {
    let mut library = triage_scenario::library().into_iter();
    let entry = library.find(|entry| entry.name == name).unwrap();
    let mut player = Player::new(triage_scenario::parse(entry.json).unwrap());
    player.seek_us(t_ms * 1_000);
    player
}

fn value<'a>(card: &'a Card, name: &str) -> &'a str {
    let found = card.facts.iter().find(|fact| fact.name == name);
    found.map_or("", |fact| &fact.value)
}

#[test]
fn links_are_parsed_and_invalid_ones_are_rejected() {
    for go in [
        Inspectable::Event(211),
        Inspectable::Job(9),
        Inspectable::Process(4),
    ] {
        assert_eq!(Inspectable::parse(&go.to_string()), Some(go));
    }
    for nonsense in ["", "e", "x1", "e-1", "p70000", "é"] {
        assert_eq!(Inspectable::parse(nonsense), None, "{nonsense}");
    }
}

#[test]
fn a_receipt_shows_before_received_and_after() {
    let player = player("failure-recovery", 9_360);
    let card = Inspection::default()
        .card(&player, Inspectable::Event(230))
        .unwrap();
    assert_eq!(card.subtitle, "coordinator-1 · 00:09.337 · event 230");
    assert_eq!(
        card.why,
        [
            "It follows immediately from event 228: coordinator-1 receives \"executor failed\" about fire-station from recovery."
        ]
    );
    let receipt = Inspection::default()
        .card(&player, Inspectable::Event(182))
        .unwrap();
    assert_eq!(
        receipt.rule,
        "Entry-wise maximum, then coordinator-1 increases its own entry: 28 → 29."
    );
    assert_eq!(
        receipt.why,
        ["Message 83 has arrived. medical-centre sent it at 00:07.009."]
    );
    assert_eq!(value(&receipt, "Message"), "83, travelled 5 ms");
    let labels: Vec<&str> = receipt.strips.iter().map(|strip| strip.label).collect();
    assert_eq!(labels, ["before", "received", "after"]);
}

/// The vector clock rule of Fidge and Mattern, entry by entry, on every event of every built-in scenario.
#[test]
fn the_strips_of_every_event_obey_the_rule() {
    for entry in triage_scenario::library() {
        let mut player = player(entry.name, 0);
        player.record_ahead(u32::MAX);
        player.seek_us(player.end_us());
        let mut inspection = Inspection::default();
        for seq in (0..player.trace().count()).step_by(7) {
            let at = format!("event {seq} of {}", entry.name);
            let card = inspection.card(&player, Inspectable::Event(seq)).unwrap();
            assert!(card.why[0].ends_with('.'), "{at}: {:?}", card.why);
            let Some(own) = card.hue else { continue };
            let cells = |label: &str| {
                let strip = card.strips.iter().find(|strip| strip.label == label);
                strip.map(|strip| strip.clock.cells.clone())
            };
            let (before, after) = (cells("before").unwrap(), cells("after").unwrap());
            for (index, cell) in after.iter().enumerate() {
                let received = cells("received").map_or(0, |cells| cells[index].value);
                let merged = before[index].value.max(received);
                let tick = u32::from(cell.process == own);
                assert_eq!(cell.value, merged + tick, "{at}, entry {index}");
                assert_eq!(cell.own, cell.process == own, "{at}, entry {index}");
                assert_eq!(
                    cell.raised,
                    received > before[index].value,
                    "{at}, entry {index}"
                );
            }
        }
    }
}

#[test]
fn the_state_of_a_message_is_shown() {
    let mut player = player("failure-recovery", 9_341);
    let mut inspection = Inspection::default();
    let fate = |inspection: &mut Inspection, player: &Player, seq| {
        let card = inspection.card(player, Inspectable::Event(seq)).unwrap();
        value(&card, "Message").to_owned()
    };
    // coordinator-1 sends an acknowledgement at 00:09.337, and recovery receives it at 00:09.342.
    assert_eq!(
        fate(&mut inspection, &player, 229),
        "106, arrives at 00:09.342"
    );
    player.seek_us(9_360_000);
    assert_eq!(fate(&mut inspection, &player, 229), "106, travelled 5 ms");
    player.seek_us(9_330_000);
    assert_eq!(fate(&mut inspection, &player, 229), "106, not sent yet");
}

#[test]
fn a_lost_message_is_lost_from_the_moment_of_its_loss_on() {
    let mut player = player("partition", 14_000);
    let form = |player: &Player, seq| player.trace().get(seq).map(|event| event.form);
    let dropped = (0..player.count()).find_map(|seq| match form(&player, seq)? {
        Form::Environment { message } => Some((seq, message?)),
        _ => None,
    });
    let (dropped, lost) = dropped.unwrap();
    let is_send = |seq: &u32| matches!(form(&player, *seq), Some(Form::Send { message, .. }) if message == lost);
    let sent = (0..dropped).find(is_send).unwrap();
    let mut inspection = Inspection::default();
    let card = inspection.card(&player, Inspectable::Event(sent)).unwrap();
    assert_eq!(value(&card, "Message"), format!("{}, lost", lost.0));
    player.seek_event(sent);
    let card = inspection.card(&player, Inspectable::Event(sent)).unwrap();
    assert!(value(&card, "Message").contains("arrives at"));
}

#[test]
fn job_history_ends_at_the_cursor() {
    let mut player = player("failure-recovery", 9_360);
    let mut inspection = Inspection::default();
    let card = inspection.card(&player, Inspectable::Job(2)).unwrap();
    assert_eq!(
        (card.title.as_str(), card.subtitle.as_str()),
        ("job-2", "hydrant survey")
    );
    assert_eq!(value(&card, "State"), "running");
    assert_eq!(value(&card, "Where"), "medical-centre");
    assert_eq!(value(&card, "Newest attempt"), "2");
    let said: Vec<&str> = card.sections[0]
        .lines
        .iter()
        .map(|line| line.text.as_str())
        .collect();
    for words in [
        "system submits normal job-2 \"hydrant survey\" with 7 s of work",
        "coordinator-1 takes job-2 away from fire-station and issues attempt 2",
        "recovery reassigns job-2 to medical-centre as attempt 2",
        "medical-centre starts job-2 \"hydrant survey\"",
    ] {
        assert!(said.contains(&words), "{words} is not in {said:#?}");
    }
    player.seek_us(2_000_000);
    let earlier = inspection.card(&player, Inspectable::Job(2)).unwrap();
    assert!(earlier.sections[0].lines.len() < said.len());
    assert!(
        earlier.sections[0]
            .lines
            .iter()
            .all(|line| line.t_us <= Some(2_000_000))
    );
    assert_eq!(inspection.card(&player, Inspectable::Job(99)), None);
}

#[test]
fn an_executor_lists_its_jobs_and_lets_them_be_chosen() {
    let player = player("escalation", 33_100);
    let (index, _) = player.world().find("north").unwrap();
    let card = Inspection::default()
        .card(&player, Inspectable::Process(index.0))
        .unwrap();
    let jobs = &card.sections[0];
    assert_eq!(jobs.title, "Jobs here");
    let states: Vec<&str> = jobs.lines.iter().map(|line| line.state).collect();
    assert_eq!(
        states.iter().filter(|state| **state == "running").count(),
        4
    );
    assert!(states.contains(&"queued"));
    assert!(
        jobs.lines
            .iter()
            .all(|line| matches!(line.target, Inspectable::Job(_)))
    );
    assert_eq!(value(&card, "Slots"), "4 of 4 busy");
    assert_eq!(
        Inspection::default().card(&player, Inspectable::Process(999)),
        None
    );
}

#[test]
fn a_coordinator_lists_its_jobs_and_the_age_of_gossip() {
    let player = player("coordinators", 12_500);
    let card = process::card(&player, ProcessIndex(3)).unwrap();
    let section = |title: &str| {
        let mut sections = card.sections.iter();
        sections.find(|section| section.title == title).unwrap()
    };
    let owned = &section("Owns").lines;
    assert!(
        owned.iter().any(|line| line.text.contains("bed count")),
        "{owned:?}"
    );
    let others = &section("Information about the others, by gossip").lines;
    assert_eq!(others.len(), 2);
    let age_ms = |line: &CardLine| -> u64 {
        let words: Vec<&str> = line.text.split(' ').collect();
        words[words.len() - 3].parse().unwrap()
    };
    assert!(others[0].text.starts_with("coordinator-1: owns "));
    assert!(age_ms(&others[0]) <= 2_000, "{}", others[0].text);
    let down = crate::stage::node_at(&player, ProcessIndex(2)).unwrap();
    assert_eq!(down.condition, crate::stage::Condition::Crashed);
    assert_eq!(down.summary[0], "owns 2 jobs");
    assert!(
        others[1]
            .text
            .starts_with("coordinator-2: owns 2 jobs, 2 with executors")
    );
    assert!(age_ms(&others[1]) > 7_000, "{}", others[1].text);
}

#[test]
fn a_removed_executor_is_not_a_member() {
    let mut player = player("failure-recovery", 1_000);
    let (index, _) = player.world().find("harbour").unwrap();
    let membership = |player: &Player| {
        let thing = Inspectable::Process(index.0);
        let card = Inspection::default().card(player, thing).unwrap();
        value(&card, "Membership").to_owned()
    };
    assert_eq!(membership(&player), "member, incarnation 1");
    let removal = triage_engine::command::Action::RemoveExecutor {
        executor: "harbour".into(),
    };
    player.command("commander", removal).unwrap();
    player.seek_us(1_100_000);
    assert_eq!(membership(&player), "removed, incarnation 1");
}
