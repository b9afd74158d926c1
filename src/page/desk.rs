//! The desk: one run, the signals that show it, and everything a person can do with it.

use std::rc::Rc;

use leptos::prelude::*;

use super::commands::actor;
use super::frame::Frames;
use super::keys;
use super::notices::Notices;
use super::scene::Scene;
use super::screen::{Key, NodeRow, Screen, put};
use super::spotlight;
use super::table::Table;
use crate::engine::command::{Action, Rejection};
use crate::engine::recorded::{Log, SPACING_NS};
use crate::engine::time::to_us;
use crate::language::say;
use crate::playback::{Pace, Player};
use crate::scenario::link::{Link, Sight};
use crate::scenario::saved::{SavedRun, scenario_text};
use crate::scenario::{self, ScenarioErrors};
use crate::view::audit::Foreign;
use crate::view::diagram::Diagram;
use crate::view::inspect::Thing;
use crate::view::layout::Density;
use crate::view::marks::MarksFollower;
use crate::view::stage::{Role, StageView};
use crate::view::{log, stage, targets};

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
pub struct Desk {
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
    pub screen: Screen,
    /// Refusals and speech.
    pub notices: Notices,
}

impl Desk {
    /// A desk with a scenario at its beginning, paused.
    ///
    /// # Errors
    /// Says everything that is wrong with it.
    pub fn new(json: &str) -> Result<Desk, ScenarioErrors> {
        let player = Player::new(scenario::parse(json)?);
        let screen = Screen::new(keys::letters_recalled());
        let run = Run {
            player,
            source: json.to_owned(),
            spoken: 0,
            marks: MarksFollower::default(),
            revision: None,
            load: 0,
            names: Vec::new(),
        };
        let desk = Desk {
            run: StoredValue::new_local(run),
            // One below the page's own, which would else hold itself and never go.
            owner: StoredValue::new(Owner::new()),
            rows: StoredValue::new_local(Table::default()),
            frames: StoredValue::new_local(Frames::default()),
            scene: StoredValue::new_local(Scene::default()),
            diagram: StoredValue::new_local(Diagram::default()),
            screen,
            notices: Notices::new(screen),
        };
        desk.frames.update_value(|frames| frames.install(desk));
        desk.begin();
        Ok(desk)
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
        for chosen in [self.screen.event, self.screen.second, self.screen.job] {
            put(chosen, None);
        }
        put(self.screen.cut, None);
        put(self.screen.foreign_audit, None);
        if let Some(root) = document().document_element() {
            // Style sheets show what there is to see of a log, and hide the rest.
            let _ = root.toggle_attribute_with_force(
                "data-log",
                self.with(|player| player.world().is_log()),
            );
        }
        put(self.screen.library_index, library_index);
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
        self.change(|player| player.foresee(u32::MAX));
        self.seek(end_us);
    }

    /// All that is said of the run is said anew: the page speaks another language.
    pub fn retell(self) {
        self.run.update_value(|run| {
            run.marks = MarksFollower::default();
            run.revision = None;
        });
        self.diagram.update_value(Diagram::retell);
        self.notices.calm();
        self.refresh();
        // Tokens and links lie in the part of the document that goes.
        self.scene.update_value(Scene::clear);
        self.screen.language.update(|count| *count += 1);
    }

    /// The run as a link, with what is looked at.
    ///
    /// # Errors
    /// Says that this is the log of another system, which no link can play again.
    pub fn link(self, sight: Sight) -> Result<Link, String> {
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
    pub fn worth_keeping(self) -> (u64, u32) {
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
            .update_value(|run| run.player.foresee(FORESEEN_EVENTS));
        self.screen.detailed.set(Vec::new());
        self.run.with_value(|run| {
            put(self.screen.title, run.player.scenario().title.clone());
            put(
                self.screen.description,
                run.player.scenario().description.clone(),
            );
        });
        self.refresh();
        let first = self.executors().first().copied();
        self.screen.selected.set(first);
        put(self.screen.looked, first.map(Thing::Process));
        self.screen.target.set(first);
    }

    /// One of the built-in scenarios by its place in the library, a little after its beginning.
    pub fn load_library(self, index: usize) {
        let Some(entry) = scenario::library().into_iter().nth(index) else {
            return;
        };
        let playing = self.screen.playing.get_untracked();
        match self.load(entry.json, Some(index)) {
            Ok(()) => {
                self.seek(super::app::OPENING_US);
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
            self.let_go(seq, jobs);
        }
        self.refresh();
        self.frames.update_value(Frames::wake);
        result
    }

    /// What was chosen from an event on, and a job after the first `jobs`, is another one now, or none.
    fn let_go(self, from: u32, jobs: u32) {
        let gone = |chosen: RwSignal<Option<u32>>, first: u32| {
            if chosen.get_untracked().is_some_and(|it| it >= first) {
                chosen.set(None);
            }
        };
        gone(self.screen.event, from);
        gone(self.screen.second, from);
        gone(self.screen.job, jobs + 1);
        let void = match self.screen.looked.get_untracked() {
            Some(Thing::Event(seq)) => seq >= from,
            Some(Thing::Job(number)) => number > jobs,
            _ => false,
        };
        if void {
            let process = self.screen.selected.get_untracked();
            self.screen.looked.set(process.map(Thing::Process));
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
        if self.screen.playing.get_untracked() {
            self.pause()
        } else {
            self.play()
        }
    }

    /// One step of the chosen unit.
    pub fn step(self, forward: bool) {
        let unit = self.screen.unit.get_untracked();
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
        let current = self.screen.branches.with_untracked(|branches| {
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

    /// Gives a command at the cursor and says why it was refused, if it was.
    pub fn command(self, principal: &str, action: Action) -> Result<(), Rejection> {
        let give = |player: &mut Player| {
            let result = player.command(principal, action);
            player.foresee(FORESEEN_EVENTS);
            result
        };
        self.change(give).unwrap_or(Ok(()))
    }

    /// Gives a command as the person at the page; a refusal is shown. Says whether it was accepted.
    pub fn act(self, action: Action) -> bool {
        let (principal, _) = untrack(|| actor(self));
        match self.command(&principal, action) {
            Ok(()) => {
                self.notices.calm();
                true
            }
            Err(rejection) => {
                self.notices.refuse(rejection.reason.said());
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
    pub fn look(self, thing: Thing) {
        match thing {
            Thing::Process(index) => return self.select(index),
            Thing::Job(number) => self.screen.job.set(Some(number)),
            Thing::Event(seq) => self.screen.event.set(Some(seq)),
        }
        self.screen.looked.set(Some(thing));
    }

    /// Follows a link: looks at something, and goes to its moment if it has one.
    pub fn go(self, thing: Thing) {
        self.look(thing);
        if let Thing::Event(seq) = thing {
            let t_ns = self.with(|player| player.trace().get(seq).map(|event| event.t_ns));
            if let Some(t_ns) = t_ns {
                self.seek_event(seq, t_ns / 1_000);
            }
        }
    }

    /// Looks at a process; unless it is the system, which does not fail, it also becomes the aim of faults.
    pub fn select(self, index: u16) {
        self.screen.selected.set(Some(index));
        self.screen.looked.set(Some(Thing::Process(index)));
        if self.role(index).is_some_and(|role| role != Role::System) {
            self.screen.target.set(Some(index));
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
        let keys = self.screen.keys.get_untracked();
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
            put(self.screen.targets, targets::targets(&run.player));
            put(self.screen.branches, run.player.branches());
            put(self.screen.undo_redo, run.player.can_undo_redo());
            put(self.screen.marks, run.marks.marks(&run.player));
            self.notices.speak(log::loud(&run.player, run.spoken));
            run.spoken = run.player.count();
            stage_view = Some((run.load, view));
        });
        if let Some((load, view)) = stage_view {
            self.show(load, view);
            self.screen.revision.update(|revision| *revision += 1);
        }
        self.run.with_value(|run| {
            let player = &run.player;
            put(self.screen.now_us, player.now_us());
            put(self.screen.end_us, player.end_us());
            put(self.screen.rate, player.rate());
            put(self.screen.playing, player.is_playing());
            put(self.screen.pace, player.pace());
            put(self.screen.speed, player.speed());
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
                            width: RwSignal::new(0.0),
                            view: RwSignal::new_local(node.clone()),
                        };
                        let row = self.beside(row);
                        rows.insert(node.index.into(), row);
                    }
                }
            }
        });
        put(self.screen.keys, keys);
        put(self.screen.emergencies, view.emergencies);
        let waiting = view
            .waiting
            .into_iter()
            .map(|(job, reason)| format!("{job}: {reason}"));
        put(self.screen.waiting, waiting.collect());
        put(self.screen.network, view.network);
        self.refresh_detailed(&active);
        self.drop_gone();
    }

    fn refresh_detailed(self, active: &[u16]) {
        let target = self.screen.target.get_untracked();
        let detailed = self.screen.detailed.get_untracked();
        put(
            self.screen.detailed,
            spotlight::move_on(detailed, target, active),
        );
    }

    /// Removed nodes are nobody's selection any more.
    fn drop_gone(self) {
        let keys = self.screen.keys;
        let gone = |index: u16| {
            keys.with_untracked(|keys| keys.iter().all(|key| key.1 != u32::from(index)))
        };
        for signal in [self.screen.selected, self.screen.target] {
            if signal.get_untracked().is_some_and(gone) {
                signal.set(self.executors().first().copied());
            }
        }
        let looked = self.screen.looked.get_untracked();
        if matches!(looked, Some(Thing::Process(index)) if gone(index)) {
            let next = self.screen.selected.get_untracked();
            self.screen.looked.set(next.map(Thing::Process));
        }
    }
}
