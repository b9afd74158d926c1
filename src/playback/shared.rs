//! A run from a link: played exactly, or as nearly as this engine can, and then said to be so.

use super::Player;
use super::saved::BEFORE_THE_CURSOR;
use triage_engine::time::to_us;
use triage_language::{say, tr};
use triage_scenario::link::{HASH_BYTES, Link, Source};
use triage_scenario::saved::SavedRun;

/// What came of opening a link.
#[derive(Debug)]
pub struct Shared {
    /// The run, paused at the moment of the link.
    pub player: Player,
    /// Whether it came out as the link says: if not, the events it names are others here.
    pub is_same: bool,
    /// What whoever opened it has to know, in sentences.
    pub warning: Option<String>,
}

impl Player {
    /// Opens a link. One that this engine plays differently is played with the same commands at the same moments.
    pub fn from_link(link: &Link) -> Shared {
        let exact = Player::replayed(&link.run).and_then(|player| {
            let ours = &player.digest_at_cursor().0[..HASH_BYTES];
            if link.hash.is_none_or(|theirs| theirs == *ours) {
                Ok(player)
            } else {
                Err(say(BEFORE_THE_CURSOR).to_owned())
            }
        });
        let warning = warning(link, exact.as_ref().err().map(|what| &**what));
        let is_same = exact.is_ok();
        Shared {
            player: exact.unwrap_or_else(|_| Player::replayed_by_time(&link.run)),
            is_same,
            warning,
        }
    }

    /// A run with the commands of the current version at their moments, to the µs.
    fn replayed_by_time(run: &SavedRun) -> Player {
        let mut player = Player::new(run.scenario.clone());
        player.stop_us = player.stop_us.max(run.end_us);
        for act in run
            .line()
            .into_iter()
            .filter_map(|version| version.act.as_ref())
        {
            player.seek_us(to_us(act.at.t_ns));
            // A refusal is part of the run, and on record.
            let _ = player.command(&act.principal, act.action.clone());
        }
        player.seek_us(to_us(run.cursor.t_ns));
        player.put_markers(run);
        player
    }
}

/// What is not as the link says; `differs` names what came out elsewhere.
fn warning(link: &Link, differs: Option<&str>) -> Option<String> {
    let (theirs, ours) = (&*link.run.engine, env!("CARGO_PKG_VERSION"));
    let mut sentences = Vec::new();
    if theirs != ours {
        sentences.push(tr!(
            "This link was made with version {theirs} of the engine; this page has version {ours}.",
            theirs = theirs,
            ours = ours
        ));
    }
    if link.source == (Source::BuiltIn { is_same: false }) {
        let changed = say("The built-in scenario has changed since this link was made.");
        sentences.push(changed.to_owned());
    }
    match differs {
        Some(what) => {
            if sentences.is_empty() {
                sentences.push(say("This link was made by another build of the page.").to_owned());
            }
            sentences.push(tr!(
                "The run is different here: {} differs. You see the same commands at the same times, but not exactly what was shared.",
                what
            ));
        }
        None if !sentences.is_empty() => {
            sentences.push(say("The run is the same up to this moment.").to_owned());
        }
        None => return None,
    }
    Some(sentences.join(" "))
}
