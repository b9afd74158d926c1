//! Which run is open: scenarios, saved runs, logs of other systems, links to share.

use std::rc::Rc;

use reactive_graph::prelude::*;

use super::{EVENTS_AHEAD, OPENING_US, Session};
use crate::set_if_changed;
use triage_engine::recorded::{Log, SPACING_NS};
use triage_engine::time::to_us;
use triage_language::say;
use triage_playback::Player;
use triage_scenario::link::{Link, ViewState};
use triage_scenario::saved::{SavedRun, scenario_text};
use triage_scenario::{self as scenario, ScenarioErrors};
use triage_view::diagram::Diagram;
use triage_view::inspect::Inspectable;
use triage_view::scrubber::ScrubberMarksFollower;

impl Session {
    /// Another scenario, at its beginning. `library_index` is its place in the library, if it has one.
    ///
    /// # Errors
    /// Lists everything that is wrong with it; nothing changes then.
    pub fn load(self, json: &str, library_index: Option<usize>) -> Result<(), ScenarioErrors> {
        let player = Player::new(scenario::parse(json)?);
        self.replace_run(player, json, library_index);
        Ok(())
    }

    /// Replaces the run; `source` is the text of its scenario.
    pub fn replace_run(self, mut player: Player, source: &str, library_index: Option<usize>) {
        self.run.update_value(|run| {
            player.succeed(&run.player);
            run.player = player;
            run.source = source.to_owned();
            run.announced = 0;
            run.marks = ScrubberMarksFollower::default();
            run.revision = None;
            run.load += 1;
            run.names.clear();
        });
        self.platform().clear_painted();
        self.diagram.update_value(Diagram::clear);
        for chosen in [self.ui.event, self.ui.second, self.ui.job] {
            set_if_changed(chosen, None);
        }
        set_if_changed(self.ui.cut, None);
        set_if_changed(self.ui.foreign_audit, None);
        set_if_changed(self.ui.is_log, self.read(|player| player.world().is_log()));
        set_if_changed(self.ui.library_index, library_index);
        self.notices.clear();
        self.show_new_run();
    }

    /// Opens the file of a run where it was left, or of a scenario at its beginning.
    ///
    /// # Errors
    /// Says what is wrong with it; nothing changes then.
    pub fn open(self, json: &str) -> Result<(), String> {
        if json.contains("\"run_format\"") {
            let player = Player::from_saved(&SavedRun::parse(json)?)?;
            self.replace_run(player, scenario_text(json).unwrap_or_default(), None);
            Ok(())
        } else {
            self.load(json, None).map_err(|errors| errors.to_string())
        }
    }

    /// Opens the log of another system, at its end.
    pub fn open_log(self, title: &str, log: Rc<Log>) {
        let end_us = to_us(log.events.len() as u64 * SPACING_NS);
        self.replace_run(Player::of_log(title, log), "", None);
        self.update(|player| player.record_ahead(u32::MAX));
        self.seek(end_us);
    }

    /// One of the built-in scenarios by its place in the library, a little after its beginning.
    pub fn load_library(self, index: usize) {
        let Some(entry) = scenario::library().into_iter().nth(index) else {
            return;
        };
        let playing = self.ui.playing.get_untracked();
        match self.load(entry.json, Some(index)) {
            Ok(()) => {
                self.seek(OPENING_US);
                if playing {
                    self.play();
                }
            }
            Err(errors) => self.notices.reject(errors.to_string()),
        }
    }

    pub(super) fn show_new_run(self) {
        self.run
            .update_value(|run| run.player.record_ahead(EVENTS_AHEAD));
        self.ui.detailed.set(Vec::new());
        self.run.with_value(|run| {
            set_if_changed(self.ui.title, run.player.scenario().title.clone());
            set_if_changed(
                self.ui.description,
                run.player.scenario().description.clone(),
            );
        });
        self.refresh();
        let first = self.executors().first().copied();
        self.ui.selected.set(first);
        set_if_changed(self.ui.inspected, first.map(Inspectable::Process));
        self.ui.target.set(first);
    }

    /// The run as a link, with what is inspected at.
    ///
    /// # Errors
    /// Says that this is the log of another system, which no link can play again.
    pub fn link(self, sight: ViewState) -> Result<Link, String> {
        self.run.with_value(|run| {
            if run.player.world().is_log() {
                return Err(say(
                    "This is the log of another system, so a link cannot replay it. Share the log file instead.",
                )
                .to_owned());
            }
            let digest = run.player.digest_at_cursor();
            Ok(Link::new(
                run.player.saved(false),
                &run.source,
                &digest.0,
                sight,
            ))
        })
    }

    /// The run as a file.
    pub fn saved(self, hashed: bool) -> String {
        self.run
            .with_value(|run| run.player.saved(hashed).to_json(&run.source))
    }

    /// The text of the scenario; empty for the log of another system.
    pub fn source(self) -> String {
        self.run.with_value(|run| run.source.clone())
    }

    /// Zeros until something was done by hand; then what changes with everything that a file would say.
    pub fn unsaved_revision(self) -> (u64, u32) {
        self.read(|player| {
            if player.world().is_log() {
                return (0, 0);
            }
            let touched = player.can_undo_redo().0 || !player.markers().is_empty();
            if touched || player.branches().len() > 1 {
                (player.revision(), player.count())
            } else {
                (0, 0)
            }
        })
    }
}
