//! The session: one run, the signals that show it, and everything that a person can do with it. Its methods stand by theme
//! in the files of this folder.

mod commands;
mod playing;
mod runs;
mod selection;

use std::ops::Deref;
use std::rc::Rc;

use reactive_graph::owner::{LocalStorage, Owner, StoredValue};
use reactive_graph::prelude::*;
use reactive_graph::signal::RwSignal;

use crate::notices::Notices;
use crate::platform::Platform;
use crate::spotlight;
use crate::table::Table;
use crate::ui_state::{Key, NodeRow, UiState, set_if_changed};
use triage_playback::Player;
use triage_scenario::{self as scenario, ScenarioErrors};
use triage_view::diagram::Diagram;
use triage_view::layout::Density;
use triage_view::scrubber::ScrubberMarksFollower;
use triage_view::stage::StageView;
use triage_view::{log, stage, targets};

/// Where a scenario opens, in µs: shortly after its beginning, when there is something to see.
pub const OPENING_US: u64 = 1_500_000;
/// How many events a change of the run records ahead of the cursor: a few hundredths of a second of work.
const EVENTS_AHEAD: u32 = 20_000;

/// The run and what of it is already in the signals.
struct Run {
    player: Player,
    /// The scenario as it was written.
    source: String,
    /// Events up to this one have been announced.
    announced: u32,
    marks: ScrubberMarksFollower,
    /// The revision that the signals show; `None` when all of them must be set again.
    revision: Option<u64>,
    /// Counts the runs opened: the same process index in another run is another node.
    load: u32,
    /// Every name seen in this run: a name is never used twice.
    names: Vec<String>,
}

/// A handle on the one run of the page; copies refer to the same one.
#[derive(Clone, Copy)]
pub struct Session(&'static Shared);

impl Deref for Session {
    type Target = Shared;

    fn deref(&self) -> &Shared {
        self.0
    }
}

/// What the copies of a session share. It is never freed: there is one for each page, and the page lives as long as its
/// document. Hundreds of closures hold a session, and a reference keeps them small.
pub struct Shared {
    run: StoredValue<Run, LocalStorage>,
    /// Owns the signals of rows, which outlive the dialog or button that created them.
    owner: StoredValue<Owner>,
    rows: StoredValue<Table<NodeRow>, LocalStorage>,
    platform: StoredValue<Rc<dyn Platform>, LocalStorage>,
    /// The space–time diagram; it outlives the component that shows it.
    pub diagram: StoredValue<Diagram, LocalStorage>,
    /// What the components read.
    pub ui: UiState,
    /// Rejections and announcements.
    pub notices: Notices,
}

impl Session {
    /// A session with a scenario at its beginning, paused.
    ///
    /// # Errors
    /// Lists everything that is wrong with the scenario.
    pub fn new(json: &str, platform: Rc<dyn Platform>) -> Result<Session, ScenarioErrors> {
        let player = Player::new(scenario::parse(json)?);
        let ui = UiState::new(&*platform);
        let platform = StoredValue::new_local(platform);
        let run = Run {
            player,
            source: json.to_owned(),
            announced: 0,
            marks: ScrubberMarksFollower::default(),
            revision: None,
            load: 0,
            names: Vec::new(),
        };
        let shared = Shared {
            run: StoredValue::new_local(run),
            // A child of the page's owner, which would otherwise hold itself and never be dropped.
            owner: StoredValue::new(Owner::new()),
            rows: StoredValue::new_local(Table::default()),
            platform,
            diagram: StoredValue::new_local(Diagram::default()),
            ui,
            notices: Notices::new(&ui, platform),
        };
        let session = Session(Box::leak(Box::new(shared)));
        session.show_new_run();
        Ok(session)
    }

    /// Reads the run.
    pub fn read<T>(self, read: impl FnOnce(&Player) -> T) -> T {
        self.run.with_value(|run| read(&run.player))
    }

    /// Changes the run, brings the signals up to date and requests a frame.
    pub fn update<T>(self, change: impl FnOnce(&mut Player) -> T) -> Option<T> {
        let (mut result, mut replaced) = (None, None);
        self.run.update_value(|run| {
            let epoch = run.player.epoch();
            result = Some(change(&mut run.player));
            if run.player.epoch() != epoch {
                replaced = Some((run.player.replaced_from(), run.player.jobs_kept()));
            }
        });
        if let Some((seq, jobs)) = replaced {
            self.clear_stale_selection(seq, jobs);
        }
        self.refresh();
        self.platform().request_frame();
        result
    }

    /// One frame, which stands for so many ms of wall time. Returns whether another one is needed.
    pub fn frame(self, wall_ms: f64) -> bool {
        let mut playing = false;
        self.run.update_value(|run| {
            if run.player.is_playing() {
                run.player.advance(wall_ms);
            }
            playing = run.player.is_playing();
        });
        self.refresh();
        playing
    }

    pub(crate) fn platform(self) -> Rc<dyn Platform> {
        self.platform.get_value()
    }

    /// Creates something that lives as long as the session, independently of the component that asks for it.
    pub fn owned<T>(self, create: impl FnOnce() -> T) -> T {
        self.owner.with_value(|owner| owner.with(create))
    }

    /// Brings the signals up to date with the run. Cheap when nothing has changed.
    pub fn refresh(self) {
        let mut stage_view = None;
        self.run.update_value(|run| {
            let revision = run.player.revision();
            if run.revision == Some(revision) {
                return;
            }
            run.revision = Some(revision);
            let view = stage::stage(&run.player);
            for node in &view.nodes {
                if !run.names.iter().any(|name| **name == *node.name) {
                    run.names.push(node.name.to_string());
                }
            }
            set_if_changed(self.ui.targets, targets::targets(&run.player));
            set_if_changed(self.ui.branches, run.player.branches());
            set_if_changed(self.ui.undo_redo, run.player.can_undo_redo());
            set_if_changed(self.ui.marks, run.marks.marks(&run.player));
            self.notices
                .announce(log::announcements(&run.player, run.announced));
            run.announced = run.player.count();
            stage_view = Some((run.load, view));
        });
        if let Some((load, view)) = stage_view {
            self.show(load, view);
            self.ui.revision.update(|revision| *revision += 1);
        }
        let platform = self.platform();
        self.run.with_value(|run| {
            let player = &run.player;
            set_if_changed(self.ui.now_us, player.now_us());
            set_if_changed(self.ui.end_us, player.end_us());
            set_if_changed(self.ui.rate, player.rate());
            set_if_changed(self.ui.playing, player.is_playing());
            set_if_changed(self.ui.pace, player.pace());
            set_if_changed(self.ui.speed, player.speed());
            platform.paint(player);
        });
    }

    fn show(self, load: u32, view: StageView) {
        let keys: Vec<Key> = view
            .nodes
            .iter()
            .map(|node| (load, node.index.into()))
            .collect();
        let mut active = Vec::new();
        self.rows.update_value(|rows| {
            for node in view.nodes {
                match rows.get(node.index.into()) {
                    Some(row) => {
                        if row.view.with_untracked(|old| *old != node) {
                            if row
                                .view
                                .with_untracked(|old| spotlight::is_active(old, &node))
                            {
                                active.push(node.index);
                            }
                            row.view.set(node);
                        }
                    }
                    None => {
                        let row = || NodeRow {
                            density: RwSignal::new(Density::Full),
                            strip_px: RwSignal::new(0.0),
                            view: RwSignal::new_local(node.clone()),
                        };
                        let row = self.owned(row);
                        rows.insert(node.index.into(), row);
                    }
                }
            }
        });
        set_if_changed(self.ui.keys, keys);
        set_if_changed(self.ui.emergencies, view.emergencies);
        let waiting = view
            .waiting
            .into_iter()
            .map(|(job, reason)| format!("{job}: {reason}"));
        set_if_changed(self.ui.waiting, waiting.collect());
        set_if_changed(self.ui.network, view.network);
        self.refresh_detailed(&active);
        self.clear_removed_selection();
    }

    /// Sets every text again, in the language that the page has now.
    pub fn refresh_language(self) {
        self.run.update_value(|run| {
            run.marks = ScrubberMarksFollower::default();
            run.revision = None;
        });
        self.diagram.update_value(Diagram::refresh_language);
        self.notices.clear();
        self.refresh();
        // What is painted stands in the part of the document that is built again.
        self.platform().clear_painted();
        self.ui.language.update(|count| *count += 1);
    }
}
