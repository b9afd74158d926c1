//! Figures of two runs, side by side.

use crate::format::span;
use triage_analysis::latency::{Summary, Target};
use triage_engine::message::MessageKind;
use triage_engine::record::Record;
use triage_engine::trace::Form;
use triage_language::{grouped, say};
use triage_playback::Player;

/// One figure of both runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Figure {
    pub name: &'static str,
    /// Value in the first run.
    pub one: String,
    /// Value in the second run.
    pub other: String,
    /// `other` minus `one`, with a sign; empty if one of them has no value.
    pub difference: String,
    /// Whether each run meets the target; true for figures that aren't targets.
    pub met: (bool, bool),
}

/// The four targets, then counts, up to the end of each recording.
pub fn figures(one: &Player, other: &Player) -> Vec<Figure> {
    let names = [
        say("Emergency start"),
        say("Normal start"),
        say("Detection"),
        say("Recovery"),
    ];
    let mut figures: Vec<Figure> = Target::ALL
        .into_iter()
        .zip(names)
        .map(|(target, name)| {
            let (one, other) = (
                one.latencies().summary(target),
                other.latencies().summary(target),
            );
            of_target(name, &one, &other)
        })
        .collect();
    let (one, other) = (counts(one), counts(other));
    for ((name, one), (_, other)) in one.into_iter().zip(other) {
        figures.push(Figure {
            name,
            one: grouped(one.into()),
            other: grouped(other.into()),
            difference: signed(i64::from(other) - i64::from(one), &grouped),
            met: (true, true),
        });
    }
    figures
}

fn of_target(name: &'static str, one: &Summary, other: &Summary) -> Figure {
    let words = |summary: &Summary| summary.max_us.map_or_else(|| "–".to_owned(), span);
    let difference = match (one.max_us, other.max_us) {
        (Some(one), Some(other)) => signed(other as i64 - one as i64, &span),
        _ => String::new(),
    };
    Figure {
        name,
        one: words(one),
        other: words(other),
        difference,
        met: (one.met, other.met),
    }
}

fn signed(value: i64, words: &dyn Fn(u64) -> String) -> String {
    let sign = match value {
        0 => return "±0".to_owned(),
        1.. => "+",
        _ => "−",
    };
    format!("{sign}{}", words(value.unsigned_abs()))
}

fn counts(player: &Player) -> [(&'static str, u32); 8] {
    let mut counts = [0; 8];
    for (_, event) in player.trace().iter() {
        match &event.record {
            Record::CompletionAccepted(_) => counts[0] += 1,
            Record::JobPaused(..) => counts[1] += 1,
            Record::JobOrphaned(..) => counts[2] += 1,
            Record::CompletionRefused(..) => counts[3] += 1,
            _ => {}
        }
        let background = match &event.record {
            Record::HeartbeatSent => true,
            Record::MessageSent(what, _) => *what == MessageKind::HeartbeatReply,
            _ => false,
        };
        if matches!(event.form, Form::Send { .. }) && !background {
            counts[7] += 1;
        }
    }
    let detector = player.suspicions().at(u64::MAX);
    counts[4] = detector.suspicions_false;
    counts[5] = detector.failures;
    counts[6] = detector.failures_false;
    let names = [
        say("Jobs completed"),
        say("Pauses"),
        say("Orphaned jobs"),
        say("Refused completions"),
        say("False suspicions"),
        say("Failure verdicts"),
        say("False failure verdicts"),
        say("Messages without background traffic"),
    ];
    std::array::from_fn(|place| (names[place], counts[place]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use triage_playback::Variation;

    fn story(name: &str) -> Player {
        let library = triage_scenario::library();
        let entry = library.into_iter().find(|entry| entry.name == name);
        let json = entry.expect("built in").json;
        let mut player = Player::new(triage_scenario::parse(json).expect("valid"));
        player.record_ahead(u32::MAX);
        player
    }

    #[test]
    fn a_longer_timeout_detects_later_and_only_that_target_is_missed() {
        let one = story("failure-recovery");
        let long = Variation::Timeout {
            suspect_us: 6_000_000,
            fail_us: 9_000_000,
        };
        let figures = figures(&one, &one.varied(long));
        let detection = &figures[2];
        assert_eq!(detection.met, (true, false), "{detection:?}");
        assert!(detection.difference.starts_with('+'), "{detection:?}");
        assert_eq!(figures[0].name, "Emergency start");
    }

    #[test]
    fn every_variation_of_every_story_runs_to_the_same_end() {
        for entry in triage_scenario::library() {
            let one = story(entry.name);
            let all = Variation::of(&one.as_scenario());
            assert!(all.len() >= 5, "{}", entry.name);
            for variation in all {
                let other = one.varied(variation);
                assert_eq!(other.end_us(), one.end_us());
                assert!(!variation.in_words().is_empty());
            }
        }
    }

    #[test]
    fn commands_of_the_user_are_in_both_runs() {
        let mut one = story("basic-operation");
        one.seek_us(3_000_000);
        let name = one.world().executors().next().expect("one").1.name.clone();
        let crash = triage_engine::command::Action::Crash { process: name };
        one.command("commander", crash).expect("it runs");
        one.record_ahead(u32::MAX);
        let same = one.varied(Variation::Discipline(Default::default()));
        assert!(
            same.trace_ndjson() == {
                one.seek_us(u64::MAX);
                one.trace_ndjson()
            }
        );
    }
}
