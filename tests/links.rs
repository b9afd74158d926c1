//! A link gives what was on the screen, stays short, and is refused with a sentence when it is damaged.
#![allow(clippy::unwrap_used, clippy::expect_used)]
#![allow(clippy::print_stdout)] // the lengths seen

use triage::engine::command::{Action, ExecutorSpec, JobRequest};
use triage::engine::emergency::{EmergencyType, Level};
use triage::engine::record::Record;
use triage::engine::rng::Generator;
use triage::playback::{Player, Shared};
use triage::scenario;
use triage::scenario::link::{LINK_MAX, Link, Offer, Source, ViewState};

fn story(name: &str) -> (Player, &'static str) {
    let library = scenario::library();
    let entry = library.iter().find(|entry| entry.name == name).unwrap();
    (
        Player::new(scenario::parse(entry.json).unwrap()),
        entry.json,
    )
}

fn link(player: &Player, source: &str, sight: ViewState) -> Link {
    Link::new(
        player.saved(false),
        source,
        &player.digest_at_cursor().0,
        sight,
    )
}

/// As much as can be looked at.
fn sight(player: &Player) -> ViewState {
    let events = player.count();
    ViewState {
        dock: "diagram".to_owned(),
        closed: "commands side".to_owned(),
        inspected: format!("e{}", events / 2),
        selected: Some(3),
        event: Some(events / 2),
        second: Some(events / 3),
        job: Some(7),
        cut: Some((0..8).map(|at| 20 + 7 * at).collect()),
        query: "kind:job_started".to_owned(),
    }
}

/// The letters after `run=`.
fn letters(fragment: &str) -> &str {
    fragment.strip_prefix("#run=").unwrap()
}

fn opened(fragment: &str) -> (Link, Shared) {
    let link = Link::parse(letters(fragment)).unwrap();
    let shared = Player::from_link(&link);
    (link, shared)
}

/// One of everything that people do.
fn an_action(chance: &mut Generator, player: &Player) -> Action {
    let executors = &player.scenario().executors;
    let at = chance.between(0, executors.len() as u64 - 1) as usize;
    let process = executors[at].id.clone();
    match chance.between(0, 8) {
        0 => Action::Crash { process },
        1 => Action::Restart { process },
        2 => Action::Hang { process },
        3 => Action::Slow {
            process,
            factor: chance.between(2, 9) as u32,
        },
        4 => Action::ClearEmergency { emergency: None },
        5 => Action::AddExecutor(ExecutorSpec {
            id: format!("exec-{}", chance.between(1, 99)).into(),
            capacity: 2,
            capabilities: vec!["medical".into(), "general".into()],
            location: None,
        }),
        6 => Action::SubmitNormalJob(JobRequest {
            work_us: chance.between(1, 5_000) * 1_000,
            ..JobRequest::default()
        }),
        7 => Action::SubmitEmergencyJob {
            kind: EmergencyType::Medical,
            job: JobRequest {
                work_us: chance.between(1, 5_000) * 1_000,
                requirements: vec!["medical".into()],
                ..JobRequest::default()
            },
        },
        _ => Action::DeclareEmergency {
            kind: EmergencyType::Fire,
            level: Level::Critical,
            place: Some("Harbour".into()),
            location: None,
            radius_m: None,
        },
    }
}

/// Commands at moments that a playing page comes to: any ns.
fn act(player: &mut Player, chance: &mut Generator, commands: u64) {
    for turn in 0..commands {
        player.seek_us((turn + 1) * 28_000_000 / commands);
        player.play();
        player.advance(chance.between(1, 16_000) as f64 / 1_000.0);
        player.pause();
        let _ = player.command("commander", an_action(chance, player));
    }
}

#[test]
fn a_link_to_a_built_in_is_short_and_opens_to_the_same() {
    for entry in scenario::library() {
        let (mut player, source) = story(entry.name);
        for t_us in [0, 1_500_000, 17_123_456] {
            player.seek_us(t_us);
            let made = link(&player, source, sight(&player));
            let fragment = made.fragment();
            println!("{} at {t_us} µs: {} characters", entry.name, fragment.len());
            assert!(fragment.len() < 200, "{}: {fragment}", entry.name);
            let (read, shared) = opened(&fragment);
            assert_eq!(read, made);
            assert_eq!((shared.warning, shared.is_same), (None, true));
            assert_eq!(shared.player.trace_ndjson(), player.trace_ndjson());
            assert_eq!(shared.player.overview_json(), player.overview_json());
        }
    }
}

#[test]
fn fifty_commands_fit_in_two_thousand_characters() {
    for (seed, entry) in scenario::library().into_iter().enumerate() {
        let (mut player, source) = story(entry.name);
        act(&mut player, &mut Generator::new(seed as u64, 50), 50);
        let made = link(&player, source, sight(&player));
        assert_eq!(made.run.line().len(), 51, "{}", entry.name);
        let Offer::Link {
            fragment,
            left_out: 0,
        } = made.offer()
        else {
            panic!("{}: {:?}", entry.name, made.offer());
        };
        println!("{}, 50 commands: {} characters", entry.name, fragment.len());
        assert!(fragment.len() < 2_000, "{}: {}", entry.name, fragment.len());
        let (read, shared) = opened(&fragment);
        assert_eq!(read, made);
        assert_eq!((shared.warning, shared.is_same), (None, true));
        assert_eq!(shared.player.trace_ndjson(), player.trace_ndjson());
    }
}

#[test]
fn every_branch_is_in_it_while_they_fit_and_then_the_present_one() {
    let (mut player, source) = story("failure-recovery");
    let mut chance = Generator::new(1, 1);
    act(&mut player, &mut chance, 3);
    player.seek_us(4_000_000);
    player
        .command("commander", an_action(&mut chance, &player))
        .ok();
    let both = link(&player, source, ViewState::default());
    let Offer::Link {
        fragment,
        left_out: 0,
    } = both.offer()
    else {
        panic!("two branches do not fit");
    };
    assert_eq!(opened(&fragment).1.player.branches(), player.branches());
    for seed in 0..20 {
        player.seek_us(1_000_000);
        act(&mut player, &mut Generator::new(seed, 2), 20);
    }
    let all = link(&player, source, ViewState::default());
    assert!(all.fragment().len() > LINK_MAX);
    let Offer::Link { fragment, left_out } = all.offer() else {
        panic!("one branch does not fit");
    };
    assert!(left_out >= 12, "{left_out}");
    let (read, shared) = opened(&fragment);
    assert_eq!(shared.warning, None);
    assert_eq!(read.run.versions.len(), all.run.line().len());
    assert_eq!(shared.player.trace_ndjson(), player.trace_ndjson());
}

#[test]
fn what_would_be_too_long_is_said_to_be() {
    let (mut player, source) = story("mixed-workload");
    act(&mut player, &mut Generator::new(3, 3), 400);
    match link(&player, source, ViewState::default()).offer() {
        Offer::TooLong(length) => assert!(length > LINK_MAX, "{length}"),
        offer => panic!("{offer:?}"),
    }
}

#[test]
fn an_own_scenario_is_carried_whole() {
    let (_, source) = story("partition");
    let own = source.replace("\"seed\": ", "\"seed\":  1");
    assert_ne!(own, source);
    let mut player = Player::new(scenario::parse(&own).unwrap());
    player.seek_us(9_000_000);
    let fragment = link(&player, &own, ViewState::default()).fragment();
    println!(
        "an own scenario of {} bytes: {} characters",
        own.len(),
        fragment.len()
    );
    assert!(fragment.len() < LINK_MAX);
    let (read, shared) = opened(&fragment);
    assert_eq!(shared.warning, None);
    assert_eq!(&read.run.scenario, player.scenario());
    assert_eq!(shared.player.trace_ndjson(), player.trace_ndjson());
}

#[test]
fn a_link_that_plays_differently_opens_with_a_warning() {
    let (mut player, source) = story("failure-recovery");
    act(&mut player, &mut Generator::new(5, 5), 4);
    let made = link(&player, source, ViewState::default());
    let warned = |change: &dyn Fn(&mut Link)| {
        let mut changed = made.clone();
        change(&mut changed);
        let (_, shared) = opened(&changed.fragment());
        (
            shared.is_same,
            shared.warning.unwrap_or_default(),
            shared.player,
        )
    };
    let (is_same, words, other) = warned(&|link| "9.9.9".clone_into(&mut link.run.engine));
    assert!(is_same && words.contains("version 9.9.9"), "{words}");
    assert!(
        words.ends_with("The run is the same up to this moment."),
        "{words}"
    );
    assert_eq!(other.trace_ndjson(), player.trace_ndjson());
    let (is_same, words, _) = warned(&|link| link.hash.as_mut().unwrap()[3] ^= 1);
    assert!(
        !is_same && words.contains("the part before the cursor"),
        "{words}"
    );
    assert!(
        words.starts_with("This link was made by another build"),
        "{words}"
    );
    let (is_same, words, near) = warned(&|link| {
        "0.0.1".clone_into(&mut link.run.engine);
        link.run.versions[2].act.as_mut().unwrap().at.steps += 1;
    });
    assert!(!is_same && words.contains("version 0.0.1"), "{words}");
    assert!(words.contains("command 2 differs"), "{words}");
    // As near as it gets: the same commands, the same moment.
    assert_eq!(near.branches().last().map(|branch| branch.acts), Some(4));
    assert!((near.now_us() - player.now_us()).abs() <= 1.0);
}

#[test]
fn a_link_of_the_first_format_opens_as_the_same_run() {
    let old = include_str!("golden/link-format-1.txt");
    let (read, shared) = opened(old);
    assert_eq!(read.hash, None);
    assert_eq!(opened(&read.fragment()).0, read, "as it is handed on");
    let warning = shared.warning.unwrap_or_default();
    assert!(
        shared.is_same && warning.contains("version 0.1.0"),
        "{warning}"
    );
    let denied = shared
        .player
        .trace()
        .iter()
        .find_map(|(_, event)| match &event.record {
            Record::CommandDenied(denial) => Some(denial.reason.code()),
            _ => None,
        });
    assert_eq!(denied, Some("not_permitted"));
}

#[test]
fn a_damaged_link_is_refused_with_a_reason() {
    let (mut player, source) = story("escalation");
    act(&mut player, &mut Generator::new(6, 6), 5);
    let fragment = link(&player, source, sight(&player)).fragment();
    let whole = letters(&fragment);
    for length in 0..whole.len() {
        let reason = Link::parse(&whole[..length]).expect_err("a part of it is taken");
        assert!(reason.ends_with('.') && reason.len() > 20, "{reason}");
    }
    for at in 0..whole.len() {
        for other in ["A", "_", "", "%", "é", "AA"] {
            let changed = [&whole[..at], other, &whole[at + 1..]].concat();
            assert!(
                changed == whole || Link::parse(&changed).is_err(),
                "{changed}"
            );
        }
    }
    let newer = Link::parse(&whole.replacen("2.", "3.", 1)).unwrap_err();
    assert!(
        newer.contains("format 3") && newer.contains("reads format 2"),
        "{newer}"
    );
    let mut bomb = link(&player, source, ViewState::default());
    bomb.source = Source::Own(" ".repeat(6 << 20));
    let bomb = Link::parse(letters(&bomb.fragment())).unwrap_err();
    assert!(bomb.contains("cannot be unpacked"), "{bomb}");
    // What a mail program does to a long line.
    let folded = [&whole[..60], "\r\n ", &whole[60..]].concat();
    assert!(Link::parse(&folded).is_ok());
}

#[test]
fn bytes_that_nobody_wrote_are_refused_with_a_reason() {
    let mut chance = Generator::new(7, 7);
    let mut refused = 0;
    for _ in 0..3_000 {
        let length = chance.between(0, 60);
        let bytes: Vec<u8> = (0..length).map(|_| chance.between(0, 255) as u8).collect();
        if let Err(reason) = Link::parse_unpacked(&bytes) {
            assert!(reason.ends_with('.'), "{reason}");
            refused += 1;
        }
    }
    assert_eq!(refused, 3_000);
}
