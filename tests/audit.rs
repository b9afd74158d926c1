//! The audit: every command is in it, whatever is altered in the file is located, and each branch has its own.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::rc::Rc;

use triage::engine::EmergencySystem;
use triage::engine::audit::{AuditEntry, Broken, Fault, Hash, Verdict, VerifiedChain, verify};
use triage::engine::command::Action;
use triage::engine::command::Rejection;
use triage::engine::rng::Generator;
use triage::labels;
use triage::playback::Player;
use triage::scenario::{self, audited};
use triage_soak as soak;

/// The audit of a random run: many commands, some of them denied.
fn random(seed: u64) -> EmergencySystem {
    let scenario = soak::scenario(seed);
    let mut system = EmergencySystem::new(scenario.setup());
    system.run_until(scenario.duration_us);
    system
}

fn file(seed: u64) -> String {
    random(seed).world().audit().to_ndjson()
}

fn entries(file: &str) -> Vec<AuditEntry> {
    file.lines()
        .map(|line| audited::entry(line).unwrap())
        .collect()
}

/// Entries as a forger writes them who gives each its own hash and link.
fn rewritten(mut entries: Vec<AuditEntry>, from: usize) -> String {
    for at in from..entries.len() {
        if at > from {
            entries[at].previous = entries[at - 1].hash;
        }
        entries[at].hash = entries[at].expected_hash();
    }
    written(&entries)
}

fn written(entries: &[AuditEntry]) -> String {
    let lines = entries.iter().map(|entry| entry.to_json() + "\n");
    lines.collect()
}

fn broken(file: &str) -> (u32, Fault) {
    let Broken { entry, fault } = verify(file.as_bytes(), None).unwrap_err();
    (entry, fault)
}

#[test]
fn every_command_is_on_record_with_what_came_of_it() {
    let (mut allowed, mut denied) = (0, 0);
    for seed in 0..6 {
        let scenario = soak::scenario(seed);
        let system = random(seed);
        let audit = system.world().audit();
        let due = scenario.commands.iter();
        let due: Vec<_> = due
            .filter(|command| command.at_us <= scenario.duration_us)
            .collect();
        assert_eq!(audit.entries().len(), due.len());
        for ((index, entry), command) in audit.entries().iter().enumerate().zip(due) {
            assert_eq!(entry.index as usize, index);
            assert_eq!(entry.t_us, command.at_us);
            assert_eq!(
                (&entry.principal, &entry.action),
                (&command.principal, &command.action)
            );
            match &entry.verdict {
                Verdict::Allowed => allowed += 1,
                Verdict::Denied(_) => denied += 1,
            }
            assert_eq!(audited::entry(&entry.to_json()).as_ref(), Ok(&**entry));
        }
        let whole = VerifiedChain {
            count: audit.entries().len() as u32,
            head: audit.head(),
        };
        let file = audit.to_ndjson();
        assert_eq!(verify(file.as_bytes(), None), Ok(whole));
        assert_eq!(verify(file.as_bytes(), Some(audit.head())), Ok(whole));
        assert_eq!(file, self::file(seed), "the same run has the same audit");
    }
    assert!(allowed > 100 && denied > 100, "{allowed} {denied}");
}

#[test]
fn the_chain_is_sha_256_over_the_very_bytes_of_the_lines() {
    let json = r#"{"format": 1, "name": "a", "title": "A", "duration_us": 9, "executors": [{"id": "a", "capacity": 1}],
        "commands": [{"at_us": 5, "principal": "mallory", "action": {"unite": {}}},
            {"at_us": 6, "action": {"crash": {"process": "a"}}}]}"#;
    let mut system = EmergencySystem::new(scenario::parse(json).unwrap().setup());
    system.run_until(9);
    let file = system.world().audit().to_ndjson();
    let [first, second] = [0, 1].map(|at| file.lines().nth(at).unwrap());
    assert!(first.starts_with(
        r#"{"index":0,"t_us":5,"principal":"mallory","role":null,"action":{"unite":{}},"verdict":"denied","reason":{"unknown_principal":"mallory"},"previous":""#
    ));
    assert!(second.starts_with(
        r#"{"index":1,"t_us":6,"principal":"commander","role":"commander","action":{"crash":{"process":"a"}},"verdict":"allowed","previous":""#
    ));
    let (hashed, hash) = second.split_once(",\"hash\":\"").unwrap();
    assert_eq!(
        format!("{}\"}}", Hash::of(format!("{hashed}}}").as_bytes())),
        hash
    );
    // The SHA-256 of "abc", from FIPS 180-4.
    assert_eq!(
        Hash::of(b"abc").to_string(),
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    );
}

#[test]
fn whatever_byte_is_changed_is_located() {
    let file = file(1);
    let head = verify(file.as_bytes(), None).unwrap().head;
    let mut chance = Generator::new(7, 7);
    let mut line = 0;
    for at in 0..file.len() {
        let mut bytes = file.clone().into_bytes();
        let old = bytes[at];
        let news = [
            old ^ 1,
            old ^ 0x20,
            b'\n',
            b'0',
            chance.between(0, 255) as u8,
        ];
        for new in news.into_iter().filter(|new| *new != old) {
            bytes[at] = new;
            let found = verify(&bytes, Some(head)).expect_err("a changed byte");
            assert_eq!(
                found.entry, line,
                "byte {at}: {old} became {new}: {found:?}"
            );
        }
        line += u32::from(old == b'\n');
    }
}

#[test]
fn whatever_field_is_changed_is_located() {
    let file = file(2);
    let changes: [fn(&mut AuditEntry); 7] = [
        |entry| entry.index += 1,
        |entry| entry.t_us ^= 1,
        |entry| {
            entry.principal = if *entry.principal == *"alice" {
                "bob"
            } else {
                "alice"
            }
            .into()
        },
        |entry| {
            entry.role = entry
                .role
                .is_none()
                .then_some(triage::engine::access::Role::Observer)
        },
        |entry| {
            entry.action = match entry.action {
                Action::Unite {} => Action::RunHeartbeatCycle {},
                _ => Action::Unite {},
            }
        },
        |entry| {
            entry.verdict = match &entry.verdict {
                Verdict::Allowed => Verdict::Denied(Rejection::NotSplit),
                Verdict::Denied(_) => Verdict::Allowed,
            }
        },
        |entry| entry.previous.0[31] ^= 1,
    ];
    let all = entries(&file);
    for at in 0..all.len() {
        for (number, change) in changes.iter().enumerate() {
            let mut altered = all.clone();
            change(&mut altered[at]);
            let label = format!("change {number} of entry {at}");
            assert_eq!(
                broken(&written(&altered)),
                (at as u32, Fault::Hash),
                "{label}"
            );
            // A forger who gives the entry a new hash is found out by the next one, or by the head.
            altered[at].hash = altered[at].expected_hash();
            let forged = written(&altered);
            let head = all.last().unwrap().hash;
            let found = verify(forged.as_bytes(), Some(head)).unwrap_err();
            let expected = match number {
                0 => (at, Fault::Order),
                6 => (at, Fault::Link),
                _ if at + 1 < all.len() => (at + 1, Fault::Link),
                _ => (at + 1, Fault::Truncated),
            };
            // A time may also be out of order, which is found at the entry itself.
            let found = (found.entry as usize, found.fault);
            assert!(
                found == expected || number == 1 && found == (at, Fault::Time),
                "{label}: {found:?}"
            );
        }
    }
}

#[test]
fn entries_taken_out_put_in_moved_and_cut_off_are_located() {
    let file = file(3);
    let all = entries(&file);
    let head = all.last().unwrap().hash;
    for at in 0..all.len() - 1 {
        let mut without = all.clone();
        without.remove(at);
        assert_eq!(broken(&written(&without)), (at as u32, Fault::Order));
        let mut twice = all.clone();
        twice.insert(at, all[at].clone());
        assert_eq!(broken(&written(&twice)), (at as u32 + 1, Fault::Order));
        let mut moved = all.clone();
        moved.swap(at, at + 1);
        assert_eq!(broken(&written(&moved)), (at as u32, Fault::Order));
        // Taken out, and all later ones numbered and hashed anew: only the head tells.
        for (index, entry) in without.iter_mut().enumerate() {
            entry.index = index as u32;
        }
        if let Some(next) = without.get_mut(at) {
            next.previous = all[at].previous;
        }
        let forged = rewritten(without, at);
        assert!(verify(forged.as_bytes(), None).is_ok());
        let found = verify(forged.as_bytes(), Some(head)).unwrap_err();
        assert_eq!(found.fault, Fault::Truncated);
        let cut: Vec<AuditEntry> = all[..at].to_vec();
        let found = verify(written(&cut).as_bytes(), Some(head)).unwrap_err();
        assert_eq!((found.entry as usize, found.fault), (at, Fault::Truncated));
    }
    assert_eq!(broken(file.trim_end()), (all.len() as u32 - 1, Fault::Form));
    assert_eq!(
        broken(&format!("{file}\n")),
        (all.len() as u32, Fault::Form)
    );
    assert_eq!(verify(b"", None).unwrap().count, 0);
    assert_eq!(verify(b"", Some(head)).unwrap_err().fault, Fault::Truncated);
}

#[test]
fn each_branch_has_the_audit_of_its_own_history() {
    let library = scenario::library();
    let mut player = Player::new(scenario::parse(library[2].json).unwrap());
    let audit = |player: &Player| player.world().audit().to_ndjson();
    player.seek_us(20_000_000);
    let scripted = audit(&player);
    assert!(!scripted.is_empty());
    let crash = |name: &Rc<str>| Action::Crash {
        process: Rc::clone(name),
    };
    let names: Vec<Rc<str>> = player
        .scenario()
        .executors
        .iter()
        .map(|spec| spec.id.clone())
        .collect();
    player.seek_us(2_000_000);
    let early = audit(&player);
    player.command("operator", crash(&names[0])).unwrap_err();
    player.command("commander", crash(&names[1])).unwrap();
    let acted = audit(&player);
    assert!(acted.starts_with(&early) && acted.lines().count() == early.lines().count() + 2);
    player.seek_us(20_000_000);
    let other = audit(&player);
    assert!(other.starts_with(&acted) && other != scripted);
    let scripted_branch = player
        .branches()
        .into_iter()
        .find(|branch| branch.acts == 0);
    player.switch_branch(scripted_branch.unwrap().id);
    player.seek_us(20_000_000);
    assert_eq!(audit(&player), scripted);
    // A run read from its file has the same audit in every branch.
    let json = serde_json::to_string(player.scenario()).unwrap();
    let saved = player.saved(true).to_json(&json);
    let mut again = Player::from_saved(&scenario::saved::SavedRun::parse(&saved).unwrap()).unwrap();
    assert_eq!(audit(&again), scripted);
    let acted_branch = again.branches().into_iter().find(|branch| branch.acts == 2);
    again.switch_branch(acted_branch.unwrap().id);
    again.seek_us(20_000_000);
    assert_eq!(audit(&again), other);
}

#[test]
fn what_is_wrong_is_said_in_words() {
    for (entry, fault, words) in [
        (
            3,
            Fault::Form,
            "entry 3 was altered: its format isn't that of an audit entry",
        ),
        (
            3,
            Fault::Hash,
            "entry 3 was altered: its hash does not match its content",
        ),
        (
            3,
            Fault::Order,
            "entry 3 does not belong here: entries were removed, inserted or moved",
        ),
        (
            3,
            Fault::Link,
            "entry 3 does not continue entry 2: entry 2 was altered and given a new hash",
        ),
        (
            0,
            Fault::Link,
            "entry 0 is not the first of its chain: earlier entries were removed",
        ),
        (
            3,
            Fault::Time,
            "entry 3 was altered: it is earlier than entry 2",
        ),
        (
            3,
            Fault::Truncated,
            "the chain of 3 entries does not end in the given head: its end was altered or cut off",
        ),
    ] {
        assert_eq!(labels::broken(&Broken { entry, fault }), words);
    }
}
