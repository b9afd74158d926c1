//! The desk: one run, the signals that show it, and everything a person can do with it.

use std::rc::Rc;

use leptos::prelude::*;

use super::frame::Frames;
use super::notices::Notices;
use super::ui_state::{Key, NodeRow, UiState, put};
use crate::edit::Kind;
use crate::engine::access::{self, role_of};
use crate::engine::command::{Action, Rejection};
use crate::engine::recorded::{Log, SPACING_NS};
use crate::engine::time::to_us;
use crate::language::say;
use crate::page::scene::Scene;
use crate::page::spotlight;
use crate::page::table::Table;
use crate::playback::{Pace, Player};
use crate::scenario::link::{Link, ViewState};
use crate::scenario::saved::{SavedRun, scenario_text};
use crate::scenario::{self, ScenarioErrors};
use crate::view::audit::Foreign;
use crate::view::diagram::Diagram;
use crate::view::inspect::Inspectable;
use crate::view::layout::Density;
use crate::view::marks::MarksFollower;
use crate::view::stage::{Role, StageView};
use crate::view::{log, stage, targets};

/// Where a scenario is opened: a little after its beginning, when there is something to see, in µs.
pub const OPENING_US: u64 = 1_500_000;
/// How far the story is recorded ahead of the cursor at once, in events: a few hundredths of a second of work.
const FORESEEN_EVENTS: u32 = 20_000;

/// The run and what of it is already on the screen.
struct Run {
    player: Player,
    /// The scenario as it was written.
    source: String,
    /// Events that were spoken of, or were not worth it.
    spoken: u32,
    marks: MarksFollower,
    /// Revision on the screen; `None` when everything has to be drawn anew.
    revision: Option<u64>,
    /// Counts scenarios loaded: the same process index in another scenario is another node.
    load: u32,
    /// Every name seen in this run: a name is never used twice.
    names: Vec<String>,
}

/// A handle on the one run of the page; copies are the same desk.
#[derive(Clone, Copy)]
pub struct Session {
    run: StoredValue<Run, LocalStorage>,
    /// Whose signals of rows are: not that of the dialog or button which brought a row about and then goes.
    owner: StoredValue<Owner>,
    rows: StoredValue<Table<NodeRow>, LocalStorage>,
    frames: StoredValue<Frames, LocalStorage>,
    /// Tokens, rings and links: what is drawn past Leptos.
    pub scene: StoredValue<Scene, LocalStorage>,
    /// The space–time diagram between two openings of its tab.
    pub diagram: StoredValue<Diagram, LocalStorage>,
    /// What the components read.
    pub ui: UiState,
    /// Refusals and speech.
    pub notices: Notices,
}

impl Session {
    /// A desk with a scenario at its beginning, paused.
    ///
    /// # Errors
    /// Says everything that is wrong with it.
    pub fn new(json: &str) -> Result<Session, ScenarioErrors> {
        let player = Player::new(scenario::parse(json)?);
        let ui = UiState::new();
        let run = Run {
            player,
            source: json.to_owned(),
            spoken: 0,
            marks: MarksFollower::default(),
            revision: None,
            load: 0,
            names: Vec::new(),
        };
        let session = Session {
            run: StoredValue::new_local(run),
            // One below the page's own, which would else hold itself and never go.
            owner: StoredValue::new(Owner::new()),
            rows: StoredValue::new_local(Table::default()),
            frames: StoredValue::new_local(Frames::default()),
            scene: StoredValue::new_local(Scene::default()),
            diagram: StoredValue::new_local(Diagram::default()),
            ui,
            notices: Notices::new(ui),
        };
        session
            .frames
            .update_value(|frames| frames.install(move |now_ms| session.tick(now_ms)));
        on_cleanup(move || session.stop_frames());
        session.begin();
        Ok(session)
    }

    /// Another scenario, at its beginning. `library_index` is its place in the library, if it has one.
    ///
    /// # Errors
    /// Says everything that is wrong with it; nothing changes then.
    pub fn load(self, json: &str, library_index: Option<usize>) -> Result<(), ScenarioErrors> {
        let player = Player::new(scenario::parse(json)?);
        self.put(player, json, library_index);
        Ok(())
    }

    /// Another run takes the place of this one; `source` is the text of its scenario.
    pub fn put(self, mut player: Player, source: &str, library_index: Option<usize>) {
        self.run.update_value(|run| {
            player.succeed(&run.player);
            run.player = player;
            run.source = source.to_owned();
            run.spoken = 0;
            run.marks = MarksFollower::default();
            run.revision = None;
            run.load += 1;
            run.names.clear();
        });
        self.scene.update_value(Scene::clear);
        self.diagram.update_value(Diagram::clear);
        for chosen in [self.ui.event, self.ui.second, self.ui.job] {
            put(chosen, None);
        }
        put(self.ui.cut, None);
        put(self.ui.foreign_audit, None);
        if let Some(root) = document().document_element() {
            // Style sheets show what there is to see of a log, and hide the rest.
            let _ = root.toggle_attribute_with_force(
                "data-log",
                self.with(|player| player.world().is_log()),
            );
        }
        put(self.ui.library_index, library_index);
        self.notices.calm();
        self.begin();
    }

    /// Opens the file of a run where it was left, or of a scenario at its beginning.
    ///
    /// # Errors
    /// Says what is wrong with it; nothing changes then.
    pub fn open(self, json: &str) -> Result<(), String> {
        if json.contains("\"run_format\"") {
            let player = Player::from_saved(&SavedRun::parse(json)?)?;
            self.put(player, scenario_text(json).unwrap_or_default(), None);
            Ok(())
        } else {
            self.load(json, None).map_err(|errors| errors.to_string())
        }
    }

    /// The log of another system, to be looked at from its end.
    pub fn open_log(self, title: &str, log: Rc<Log>) {
        let end_us = to_us(log.events.len() as u64 * SPACING_NS);
        self.put(Player::of_log(title, log), "", None);
        self.change(|player| player.record_ahead(u32::MAX));
        self.seek(end_us);
    }

    /// All that is said of the run is said anew: the page speaks another language.
    pub fn refresh_language(self) {
        self.run.update_value(|run| {
            run.marks = MarksFollower::default();
            run.revision = None;
        });
        self.diagram.update_value(Diagram::refresh_language);
        self.notices.calm();
        self.refresh();
        // Tokens and links lie in the part of the document that goes.
        self.scene.update_value(Scene::clear);
        self.ui.language.update(|count| *count += 1);
    }

    /// The run as a link, with what is looked at.
    ///
    /// # Errors
    /// Says that this is the log of another system, which no link can play again.
    pub fn link(self, sight: ViewState) -> Result<Link, String> {
        self.run.with_value(|run| {
            if run.player.world().is_log() {
                return Err(say(
                    "This is the log of another system: no link can play it again. Share its file.",
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
        self.with(|player| {
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

    fn begin(self) {
        self.run
            .update_value(|run| run.player.record_ahead(FORESEEN_EVENTS));
        self.ui.detailed.set(Vec::new());
        self.run.with_value(|run| {
            put(self.ui.title, run.player.scenario().title.clone());
            put(
                self.ui.description,
                run.player.scenario().description.clone(),
            );
        });
        self.refresh();
        let first = self.executors().first().copied();
        self.ui.selected.set(first);
        put(self.ui.looked, first.map(Inspectable::Process));
        self.ui.target.set(first);
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
            Err(errors) => self.notices.refuse(errors.to_string()),
        }
    }

    /// Makes something that lives as long as the desk, whoever asks for it.
    pub fn beside<T>(self, make: impl FnOnce() -> T) -> T {
        self.owner.with_value(|owner| owner.with(make))
    }

    /// Reads the run.
    pub fn with<T>(self, read: impl FnOnce(&Player) -> T) -> T {
        self.run.with_value(|run| read(&run.player))
    }

    /// Changes the run, shows the result at once and makes sure that frames go on.
    pub fn change<T>(self, change: impl FnOnce(&mut Player) -> T) -> Option<T> {
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
        self.frames.update_value(Frames::wake);
        result
    }

    /// What was chosen from an event on, and a job after the first `jobs`, is another one now, or none.
    fn clear_stale_selection(self, from: u32, jobs: u32) {
        let gone = |chosen: RwSignal<Option<u32>>, first: u32| {
            if chosen.get_untracked().is_some_and(|it| it >= first) {
                chosen.set(None);
            }
        };
        gone(self.ui.event, from);
        gone(self.ui.second, from);
        gone(self.ui.job, jobs + 1);
        let void = match self.ui.looked.get_untracked() {
            Some(Inspectable::Event(seq)) => seq >= from,
            Some(Inspectable::Job(number)) => number > jobs,
            _ => false,
        };
        if void {
            let process = self.ui.selected.get_untracked();
            self.ui.looked.set(process.map(Inspectable::Process));
        }
    }

    /// One frame of a playing run; says whether another one is wanted.
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

    /// The frame that was asked for has come, at a moment of the browser's clock in ms.
    pub fn tick(self, now_ms: f64) {
        let mut wall_ms = 0.0;
        self.frames
            .update_value(|frames| wall_ms = frames.come(now_ms));
        if self.frame(wall_ms) {
            self.frames.update_value(Frames::wake);
        } else {
            self.frames.update_value(Frames::rest);
        }
    }

    /// No frames any more: the page goes away.
    pub fn stop_frames(self) {
        let _ = self.frames.try_update_value(Frames::cancel);
    }

    /// Asks for the editor, on the scenario or lesson that is open.
    pub fn open_editor(self, kind: Kind) {
        self.ui.editor.set(Some(kind));
    }

    /// Lets time go on.
    pub fn play(self) {
        self.change(Player::play);
    }

    /// Stops time.
    pub fn pause(self) {
        self.change(Player::pause);
    }

    /// The one key that a presenter needs.
    pub fn toggle(self) {
        if self.ui.playing.get_untracked() {
            self.pause()
        } else {
            self.play()
        }
    }

    /// One step of the chosen unit.
    pub fn step(self, forward: bool) {
        let unit = self.ui.unit.get_untracked();
        self.change(|player| player.step(unit, forward));
    }

    /// Puts the cursor somewhere, in µs.
    pub fn seek(self, t_us: u64) {
        self.change(|player| player.seek_us(t_us));
    }

    /// Stops right after an event of the trace, which happened at `t_us` µs.
    pub fn seek_event(self, seq: u32, t_us: u64) {
        self.change(|player| {
            player.pause();
            // The moment first: before the first checkpoint there is no way to a single event.
            player.seek_us(t_us);
            player.seek_event(seq);
        });
    }

    /// Takes the last command back, or gives it again.
    pub fn undo(self) {
        self.change(Player::undo);
    }

    /// Gives the command that was taken back again.
    pub fn redo(self) {
        self.change(Player::redo);
    }

    /// Goes to another branch of the run.
    pub fn switch_branch(self, id: usize) {
        self.change(|player| player.switch_branch(id));
    }

    /// Gives the current branch a name.
    pub fn rename_branch(self, name: &str) {
        let current = self.ui.branches.with_untracked(|branches| {
            let current = branches.iter().find(|branch| branch.is_current);
            current.map(|branch| branch.id)
        });
        if let Some(id) = current {
            self.change(|player| player.rename_branch(id, name));
        }
    }

    /// Names the moment at the cursor.
    pub fn mark(self, name: &str) {
        self.change(|player| player.mark(name));
    }

    /// Forgets a named moment, in µs.
    pub fn unmark(self, t_us: u64) {
        self.change(|player| player.unmark(t_us));
    }

    /// What time follows; each pace begins at its ordinary speed.
    pub fn set_pace(self, pace: Pace) {
        self.change(|player| {
            player.set_pace(pace);
            player.set_speed(1.0);
        });
    }

    /// The multiplier; infinite means as fast as it goes.
    pub fn set_speed(self, speed: f64) {
        self.change(|player| player.set_speed(speed));
    }

    /// Who gives commands now, and in what role: whom was chosen, or the commander in a scenario that does not know them.
    pub fn actor(self) -> (String, access::Role) {
        let chosen = self.ui.acting.get();
        let role = self.with(|player| role_of(&chosen, &player.scenario().principals));
        match role {
            Some(role) => (chosen, role),
            None => (
                access::Role::Commander.name().to_owned(),
                access::Role::Commander,
            ),
        }
    }

    /// Gives a command at the cursor and says why it was refused, if it was.
    pub fn command(self, principal: &str, action: Action) -> Result<(), Rejection> {
        let give = |player: &mut Player| {
            let result = player.command(principal, action);
            player.record_ahead(FORESEEN_EVENTS);
            result
        };
        self.change(give).unwrap_or(Ok(()))
    }

    /// Gives a command as the person at the page; a refusal is shown. Says whether it was accepted.
    pub fn act(self, action: Action) -> bool {
        let (principal, _) = untrack(|| self.actor());
        match self.command(&principal, action) {
            Ok(()) => {
                self.notices.calm();
                true
            }
            Err(rejection) => {
                self.notices.refuse(crate::labels::rejection(&rejection));
                false
            }
        }
    }

    /// The audit of the run up to the cursor.
    pub fn audit(self) -> Foreign {
        self.with(|player| {
            let audit = player.world().audit();
            Foreign {
                name: None,
                altered: false,
                text: audit.to_ndjson(),
                head: Some(audit.head()),
            }
        })
    }

    /// Looks at something; time stands where it is.
    pub fn look(self, thing: Inspectable) {
        match thing {
            Inspectable::Process(index) => return self.select(index),
            Inspectable::Job(number) => self.ui.job.set(Some(number)),
            Inspectable::Event(seq) => self.ui.event.set(Some(seq)),
        }
        self.ui.looked.set(Some(thing));
    }

    /// Follows a link: looks at something, and goes to its moment if it has one.
    pub fn go(self, thing: Inspectable) {
        self.look(thing);
        if let Inspectable::Event(seq) = thing {
            let t_ns = self.with(|player| player.trace().get(seq).map(|event| event.t_ns));
            if let Some(t_ns) = t_ns {
                self.seek_event(seq, t_ns / 1_000);
            }
        }
    }

    /// Looks at a process; unless it is the system, which does not fail, it also becomes the aim of faults.
    pub fn select(self, index: u16) {
        self.ui.selected.set(Some(index));
        self.ui.looked.set(Some(Inspectable::Process(index)));
        if self.role(index).is_some_and(|role| role != Role::System) {
            self.ui.target.set(Some(index));
        }
        self.refresh_detailed(&[]);
    }

    /// The signals of a node.
    pub fn row(self, index: u16) -> Option<NodeRow> {
        self.rows.with_value(|rows| rows.get(index.into()).copied())
    }

    /// The name of a process; empty when it has gone.
    pub fn name(self, index: u16) -> String {
        self.row(index).map_or_else(String::new, |row| {
            row.view.with_untracked(|node| node.name.to_string())
        })
    }

    /// What a process on the stage is.
    pub fn role(self, index: u16) -> Option<Role> {
        let row = self.row(index)?;
        Some(row.view.with_untracked(|node| node.role))
    }

    /// Executors on the stage, by process index.
    pub fn executors(self) -> Vec<u16> {
        self.breakable(&[Role::Executor])
    }

    /// What faults can be aimed at, by process index.
    pub fn breakable(self, roles: &[Role]) -> Vec<u16> {
        let keys = self.ui.keys.get_untracked();
        let all = keys.into_iter().map(|(_, index)| index as u16);
        all.filter(|index| self.role(*index).is_some_and(|role| roles.contains(&role)))
            .collect()
    }

    /// A name for a new executor that this run has not seen.
    pub fn unused_name(self) -> String {
        self.run.with_value(|run| {
            let mut number = 1;
            loop {
                let name = format!("exec-{number}");
                if !run.names.contains(&name) {
                    return name;
                }
                number += 1;
            }
        })
    }

    /// Brings the screen up to date with the run. Cheap when nothing has changed.
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
            put(self.ui.targets, targets::targets(&run.player));
            put(self.ui.branches, run.player.branches());
            put(self.ui.undo_redo, run.player.can_undo_redo());
            put(self.ui.marks, run.marks.marks(&run.player));
            self.notices
                .speak(log::is_announced(&run.player, run.spoken));
            run.spoken = run.player.count();
            stage_view = Some((run.load, view));
        });
        if let Some((load, view)) = stage_view {
            self.show(load, view);
            self.ui.revision.update(|revision| *revision += 1);
        }
        self.run.with_value(|run| {
            let player = &run.player;
            put(self.ui.now_us, player.now_us());
            put(self.ui.end_us, player.end_us());
            put(self.ui.rate, player.rate());
            put(self.ui.playing, player.is_playing());
            put(self.ui.pace, player.pace());
            put(self.ui.speed, player.speed());
            self.scene.update_value(|scene| scene.paint(player));
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
                        let row = self.beside(row);
                        rows.insert(node.index.into(), row);
                    }
                }
            }
        });
        put(self.ui.keys, keys);
        put(self.ui.emergencies, view.emergencies);
        let waiting = view
            .waiting
            .into_iter()
            .map(|(job, reason)| format!("{job}: {reason}"));
        put(self.ui.waiting, waiting.collect());
        put(self.ui.network, view.network);
        self.refresh_detailed(&active);
        self.clear_removed_selection();
    }

    fn refresh_detailed(self, active: &[u16]) {
        let target = self.ui.target.get_untracked();
        let detailed = self.ui.detailed.get_untracked();
        put(
            self.ui.detailed,
            spotlight::move_on(detailed, target, active),
        );
    }

    /// Removed nodes are nobody's selection any more.
    fn clear_removed_selection(self) {
        let keys = self.ui.keys;
        let gone = |index: u16| {
            keys.with_untracked(|keys| keys.iter().all(|key| key.1 != u32::from(index)))
        };
        for signal in [self.ui.selected, self.ui.target] {
            if signal.get_untracked().is_some_and(gone) {
                signal.set(self.executors().first().copied());
            }
        }
        let looked = self.ui.looked.get_untracked();
        if matches!(looked, Some(Inspectable::Process(index)) if gone(index)) {
            let next = self.ui.selected.get_untracked();
            self.ui.looked.set(next.map(Inspectable::Process));
        }
    }
}
