//! A link: what of the page it has beside the run, and how one is opened.

use reactive_graph::prelude::*;
use reactive_graph::signal::RwSignal;

use super::{DockView, PANELS, Session, set_if_changed};
use triage_engine::trace::Recorder;
use triage_language::say;
use triage_playback::Player;
use triage_scenario::library;
use triage_scenario::link::{Link, Source, ViewState};
use triage_view::inspect::Inspectable;

impl Session {
    /// Opens the letters of a link. What comes with it is a warning.
    ///
    /// # Errors
    /// Says what is wrong with it; nothing changes then.
    pub fn open_link(self, letters: &str) -> Result<Option<String>, String> {
        let link = Link::parse(letters)?;
        let shared = Player::from_link(&link);
        let name = &link.run.scenario.name;
        let at = library().iter().position(|one| one.name == name);
        match (&link.source, at) {
            (Source::BuiltIn { .. }, Some(at)) => {
                self.replace_run(shared.player, library()[at].json, Some(at))
            }
            (Source::BuiltIn { .. }, None) => {
                return Err(say("This page does not have this scenario.").to_owned());
            }
            (Source::Own(text), _) => self.replace_run(shared.player, text, None),
        }
        look(self, &link.sight, shared.is_same);
        Ok(shared.warning)
    }

    /// Opens the letters of a link, and says what there is to know.
    pub fn open_link_or_warn(self, letters: &str) {
        if let Some(warning) = self.open_link(letters).unwrap_or_else(Some) {
            self.notices.warn(warning);
        }
    }

    /// What is looked at now. In a lesson it is not said which events are chosen: that would answer its questions.
    pub fn view_state(self) -> ViewState {
        let ui = self.ui;
        let is_open = ui.lessons.named().is_some();
        let event = |chosen: RwSignal<Option<u32>>| chosen.get_untracked().filter(|_| !is_open);
        let looked = ui.inspected.get_untracked();
        ViewState {
            dock: ui.dock.get_untracked().id().to_owned(),
            closed: ui.closed.get_untracked(),
            inspected: looked.map(|thing| thing.to_string()).unwrap_or_default(),
            selected: ui.selected.get_untracked(),
            event: event(ui.event),
            second: event(ui.second),
            job: ui.job.get_untracked(),
            cut: ui.cut.get_untracked(),
            query: ui.query.get_untracked(),
        }
    }
}

/// Looks at what a link names, as far as it is there; in another run its events and jobs are others.
fn look(session: Session, sight: &ViewState, is_same: bool) {
    let ui = session.ui;
    if let Some(view) = DockView::of(&sight.dock) {
        set_if_changed(ui.dock, view);
    }
    let closed = PANELS.map(|(name, _)| name).into_iter();
    let closed = closed.filter(|name| sight.closed.split(' ').any(|one| one == *name));
    set_if_changed(ui.closed, closed.collect::<Vec<_>>().join(" "));
    set_if_changed(ui.query, sight.query.clone());
    if sight
        .selected
        .is_some_and(|index| session.row(index).is_some())
    {
        set_if_changed(ui.selected, sight.selected);
        set_if_changed(ui.inspected, sight.selected.map(Inspectable::Process));
    }
    if !is_same {
        return;
    }
    let (events, jobs) = session.read(|player| {
        let jobs = player.world().system().map_or(0, |system| system.jobs);
        (player.trace().count(), jobs)
    });
    let known = |thing: &Inspectable| match *thing {
        Inspectable::Event(seq) => seq < events,
        Inspectable::Job(number) => (1..=jobs).contains(&number),
        Inspectable::Process(index) => session.row(index).is_some(),
    };
    let event = |seq: Option<u32>| seq.filter(|seq| *seq < events);
    set_if_changed(ui.event, event(sight.event));
    set_if_changed(ui.second, event(sight.second));
    set_if_changed(
        ui.job,
        sight.job.filter(|job| known(&Inspectable::Job(*job))),
    );
    set_if_changed(ui.cut, sight.cut.clone());
    if let Some(thing) = Inspectable::parse(&sight.inspected).filter(known) {
        set_if_changed(ui.inspected, Some(thing));
    }
}
