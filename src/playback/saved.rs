//! A run written down and read again: its commands are given anew in every branch, and must lead to the same places.

use super::Player;
use super::branches::Given;
use triage_engine::audit::Hash;
use triage_engine::command::Action;
use triage_engine::trace_digest_until;
use triage_language::mark;
use triage_language::{say, tr};
use triage_scenario::saved::{
    RUN_FORMAT, SavedAct, SavedMarker, SavedPlace, SavedRun, SavedVersion,
};

/// A trace longer than this, in events, is not hashed: it would be felt.
const HASHED_EVENTS_MAX: u32 = 50_000;
/// What differs when the trace does.
pub(super) const BEFORE_THE_CURSOR: &str = mark!("the part before the cursor");

impl Player {
    /// The run as a file. With `hashed`, it says what the trace up to the cursor must come out as.
    pub fn saved(&self, hashed: bool) -> SavedRun {
        let versions = self.tree.versions().iter().map(|version| SavedVersion {
            parent: version.parent.map(|parent| parent as u32),
            act: version.act.as_ref().map(|act| SavedAct {
                principal: act.principal.to_string(),
                action: act.action.clone(),
                at: SavedPlace {
                    events: version.begin.count,
                    steps: act.steps,
                    t_ns: act.t_ns,
                },
            }),
            seen: version.seen,
            name: version.name.clone(),
        });
        let markers = self.markers.iter().map(|marker| SavedMarker {
            t_us: marker.t_us,
            name: marker.name.clone(),
        });
        SavedRun {
            run_format: RUN_FORMAT,
            engine: env!("CARGO_PKG_VERSION").to_owned(),
            scenario: self.scenario.clone(),
            versions: versions.collect(),
            current: self.tree.current() as u32,
            markers: markers.collect(),
            end_us: self.stop_us,
            cursor: self.place(),
            trace_hash: (hashed && self.count <= HASHED_EVENTS_MAX)
                .then(|| self.digest_at_cursor().to_string()),
        }
    }

    /// A run from its file, paused, with the cursor where it was.
    ///
    /// # Errors
    /// Says that the file is damaged, or that another engine plays it differently; nothing is lost then.
    pub fn from_saved(run: &SavedRun) -> Result<Player, String> {
        let differs = |what: &str| {
            let (theirs, ours) = (&run.engine, env!("CARGO_PKG_VERSION"));
            if theirs == ours {
                tr!("the saved run is damaged: {} does not match the run", what)
            } else {
                tr!(
                    "the run was saved with engine {theirs}, and engine {ours} of this page plays it differently: {what} differs",
                    theirs = theirs,
                    ours = ours,
                    what = what
                )
            }
        };
        let player = Player::replayed(run).map_err(|what| differs(&what))?;
        if run
            .trace_hash
            .as_ref()
            .is_some_and(|hash| *hash != player.digest_at_cursor().to_string())
        {
            return Err(differs(say(BEFORE_THE_CURSOR)));
        }
        Ok(player)
    }

    /// A run with every command exactly where it was given; else what is not where it was.
    pub(super) fn replayed(run: &SavedRun) -> Result<Player, String> {
        let mut player = Player::new(run.scenario.clone());
        player.stop_us = player.stop_us.max(run.end_us);
        for (at, version) in run.versions.iter().enumerate() {
            let (Some(parent), Some(act)) = (version.parent, &version.act) else {
                continue;
            };
            player.go_to_version(parent as usize);
            if !player.go_to_exactly(act.at) {
                return Err(tr!("command {}", at));
            }
            player.give_again(&act.principal, &act.action);
        }
        for (version, saved) in player.tree.versions_mut().iter_mut().zip(&run.versions) {
            version.name.clone_from(&saved.name);
            version.seen = version.seen.max(saved.seen);
        }
        player.go_to_version(run.current as usize);
        if !player.go_to_exactly(run.cursor) {
            return Err(say("the cursor").to_owned());
        }
        player.put_markers(run);
        Ok(player)
    }

    pub(super) fn put_markers(&mut self, run: &SavedRun) {
        for marker in &run.markers {
            self.put_marker(marker.t_us, &marker.name);
        }
    }

    fn place(&self) -> SavedPlace {
        SavedPlace {
            events: self.count,
            steps: self.world.steps(),
            t_ns: self.world.now_ns(),
        }
    }

    /// Gives a command of the file at the cursor, refused or not: its refusal is part of the run.
    fn give_again(&mut self, principal: &str, action: &Action) {
        self.forget_future();
        let given = Given {
            t_ns: self.world.now_ns(),
            steps: self.world.steps(),
            principal: principal.into(),
            action: action.clone(),
        };
        let _ = self.give(given);
    }

    /// Moves the cursor of the current version to a place; false if the run never comes there.
    fn go_to_exactly(&mut self, place: SavedPlace) -> bool {
        let given = self
            .given
            .iter()
            .filter(|act| act.steps <= place.steps)
            .count();
        let back = self.world.steps() > place.steps || self.world.now_ns() > place.t_ns;
        self.restore(
            |checkpoint| {
                checkpoint.world.steps() <= place.steps && checkpoint.world.now_ns() <= place.t_ns
            },
            back,
        );
        while (self.world.steps() < place.steps
            || self.given_before < given && self.count < place.events)
            && self.next_event_ns() <= place.t_ns
            && self.run_one()
        {}
        self.world.pass(place.t_ns);
        self.moved();
        self.place() == place
    }

    /// The SHA-256 of the trace up to the cursor.
    pub fn digest_at_cursor(&self) -> Hash {
        trace_digest_until(&self.trace, self.count)
    }
}
