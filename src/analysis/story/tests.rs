//! Stories hold all that belongs to them and nothing else, in the built-in scenarios.

use std::collections::BTreeSet;

use super::*;
use crate::sample::built_ins;

fn kinds(trace: &Trace, story: &[u32]) -> Vec<&'static str> {
    story
        .iter()
        .map(|seq| trace.get(*seq).unwrap().record.kind())
        .collect()
}

/// Whatever is received in a story is sent in it, and every repetition's first sending is there.
fn is_whole(trace: &Trace, story: &[u32]) -> bool {
    let inside: BTreeSet<u32> = story.iter().copied().collect();
    story.is_sorted()
        && story.len() == inside.len()
        && story.iter().all(|seq| {
            let event = trace.get(*seq).unwrap();
            event.cause().is_none_or(|cause| inside.contains(&cause))
        })
}

#[test]
fn the_story_of_every_job_holds_every_event_about_it_and_what_carried_it() {
    for (name, trace, _) in built_ins(60_000_000) {
        for number in 1..=trace.jobs().len() as u32 {
            let job = JobId(number);
            let story = job_story(&trace, job);
            assert!(is_whole(&trace, &story), "{name} {job}: {story:?}");
            let about = trace
                .iter()
                .filter(|(_, event)| event.record.job() == Some(job));
            assert!(
                about.map(|(seq, _)| seq).all(|seq| story.contains(&seq)),
                "{name} {job}"
            );
            let kinds = kinds(&trace, &story);
            // Where its coordinator is down, it is sent more than once.
            let mut steps = kinds.iter().filter(|kind| !kind.starts_with("message_"));
            assert_eq!(steps.next(), Some(&"job_submitted"), "{name} {job}");
            assert_eq!(steps.next(), Some(&"job_accepted"), "{name} {job}");
            // Every step of its way is there: what is queued was routed, what completes was started.
            for (effect, cause) in [
                ("job_queued", "job_routed"),
                ("job_completed", "job_started"),
            ] {
                let first = |kind| kinds.iter().position(|known| *known == kind);
                assert!(
                    first(effect).is_none() || first(cause) < first(effect),
                    "{name} {job}"
                );
            }
            for seq in &story {
                let other = trace.get(*seq).unwrap().record.job();
                assert!(
                    other.is_none_or(|other| other == job),
                    "{name} {job}: #{seq}"
                );
            }
        }
    }
}

#[test]
fn a_job_that_lost_its_executor_is_followed_through_the_messages_that_hand_it_over() {
    let (_, trace, _) = built_ins(60_000_000)
        .into_iter()
        .find(|(name, ..)| *name == "failure-recovery")
        .unwrap();
    let orphaned = trace.iter().find_map(|(_, event)| match event.record {
        Record::JobOrphaned(attempt, _) => Some(attempt.job),
        _ => None,
    });
    let story = job_story(&trace, orphaned.unwrap());
    let told: Vec<&str> = story
        .iter()
        .map(|seq| match &trace.get(*seq).unwrap().record {
            Record::MessageSent(what, _) | Record::MessageReceived(what, ..) => what.name(),
            record => record.kind(),
        })
        .collect();
    // Each of them after the one before: sent and received, and then told on.
    let mut at = 0;
    for word in [
        "job_orphaned",
        "orphans",
        "orphans",
        "job_reassigned",
        "reassigned",
        "reassigned",
    ] {
        let further = told[at..].iter().position(|known| *known == word);
        at += 1 + further.unwrap_or_else(|| panic!("no {word} from {at} on: {told:?}"));
    }
}

#[test]
fn an_emergency_is_followed_to_every_executor_that_learns_of_it() {
    let (_, trace, _) = built_ins(60_000_000)
        .into_iter()
        .find(|(name, ..)| *name == "escalation")
        .unwrap();
    let mut versions = 0;
    let mut own = BTreeSet::new();
    for (_, event) in trace.iter() {
        if let Record::Emergency(told) = &event.record {
            versions += 1;
            if told.emergency == EmergencyId(1) {
                own.insert(versions);
            }
        }
    }
    assert!(own.len() > 1);
    let story = emergency_story(&trace, EmergencyId(1));
    assert!(is_whole(&trace, &story), "{story:?}");
    let kinds = kinds(&trace, &story);
    assert_eq!(kinds[..2], ["emergency_declared", "message_received"]);
    for version in own {
        let modes = |seqs: &mut dyn Iterator<Item = u32>| {
            seqs.filter(|seq| {
                matches!(trace.get(*seq).unwrap().record,
                    Record::ModeSet { version: set, .. } if set == version)
            })
            .count()
        };
        let all = modes(&mut trace.iter().map(|(seq, _)| seq));
        assert!(all > 0);
        assert_eq!(modes(&mut story.iter().copied()), all, "version {version}");
    }
    assert!(emergency_story(&trace, EmergencyId(99)).is_empty());
}

#[test]
fn every_function_that_is_warmed_up_in_advance_belongs_to_an_emergency() {
    let mut prewarmed = 0;
    for (name, trace, _) in built_ins(60_000_000) {
        let stories = (1..=9).flat_map(|number| emergency_story(&trace, EmergencyId(number)));
        let inside: BTreeSet<u32> = stories.collect();
        for (seq, event) in trace.iter() {
            if let Record::FunctionPrewarmed(_) = event.record {
                assert!(inside.contains(&seq), "{name}: #{seq}");
                prewarmed += 1;
            }
        }
    }
    assert!(prewarmed > 0);
}

#[test]
fn a_message_is_found_by_any_of_its_numbers_with_its_losses_and_repetitions() {
    let (_, trace, _) = built_ins(60_000_000)
        .into_iter()
        .find(|(name, ..)| *name == "partition")
        .unwrap();
    let (original, again) = trace
        .iter()
        .find_map(|(_, event)| match event.form {
            Form::Send {
                message,
                retry_of: Some(original),
                ..
            } => Some((original, message)),
            _ => None,
        })
        .unwrap();
    let story = message_story(&trace, original);
    assert_eq!(story, message_story(&trace, again));
    assert!(is_whole(&trace, &story));
    let kinds = kinds(&trace, &story);
    assert!(
        kinds.len() >= 3 && kinds.contains(&"message_dropped"),
        "{kinds:?}"
    );
    assert!(message_story(&trace, MessageId(1_000_000)).is_empty());
}
