//! What is selected and inspected.

use reactive_graph::prelude::*;
use reactive_graph::signal::RwSignal;

use super::Session;
use crate::set_if_changed;
use crate::{NodeRow, spotlight};
use triage_edit::Kind;
use triage_view::inspect::Inspectable;
use triage_view::stage::Role;

impl Session {
    /// Inspects something; the cursor stays where it is.
    pub fn look(self, thing: Inspectable) {
        match thing {
            Inspectable::Process(index) => return self.select(index),
            Inspectable::Job(number) => self.ui.job.set(Some(number)),
            Inspectable::Event(seq) => self.ui.event.set(Some(seq)),
        }
        self.ui.inspected.set(Some(thing));
    }

    /// Inspects something, and seeks to its moment if it is an event.
    pub fn go(self, thing: Inspectable) {
        self.look(thing);
        if let Inspectable::Event(seq) = thing {
            let t_ns = self.read(|player| player.trace().get(seq).map(|event| event.t_ns));
            if let Some(t_ns) = t_ns {
                self.seek_event(seq, t_ns / 1_000);
            }
        }
    }

    /// Selects and inspects a process. Unless it is the system, which does not fail, it also becomes the target of faults.
    pub fn select(self, index: u16) {
        self.ui.selected.set(Some(index));
        self.ui.inspected.set(Some(Inspectable::Process(index)));
        if self.role(index).is_some_and(|role| role != Role::System) {
            self.ui.target.set(Some(index));
        }
        self.refresh_detailed(&[]);
    }

    /// Asks for the editor, on the scenario or lesson that is open.
    pub fn open_editor(self, kind: Kind) {
        self.ui.editor.set(Some(kind));
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

    pub(super) fn refresh_detailed(self, active: &[u16]) {
        let target = self.ui.target.get_untracked();
        let detailed = self.ui.detailed.get_untracked();
        set_if_changed(
            self.ui.detailed,
            spotlight::move_on(detailed, target, active),
        );
    }

    /// Clears the selection of events from `from` on and of jobs after the first `jobs`: the run no longer has them.
    pub(super) fn clear_stale_selection(self, from: u32, jobs: u32) {
        let gone = |chosen: RwSignal<Option<u32>>, first: u32| {
            if chosen.get_untracked().is_some_and(|it| it >= first) {
                chosen.set(None);
            }
        };
        gone(self.ui.event, from);
        gone(self.ui.second, from);
        gone(self.ui.job, jobs + 1);
        let void = match self.ui.inspected.get_untracked() {
            Some(Inspectable::Event(seq)) => seq >= from,
            Some(Inspectable::Job(number)) => number > jobs,
            _ => false,
        };
        if void {
            let process = self.ui.selected.get_untracked();
            self.ui.inspected.set(process.map(Inspectable::Process));
        }
    }

    /// Moves the selection away from nodes that were removed.
    pub(super) fn clear_removed_selection(self) {
        let keys = self.ui.keys;
        let gone = |index: u16| {
            keys.with_untracked(|keys| keys.iter().all(|key| key.1 != u32::from(index)))
        };
        for signal in [self.ui.selected, self.ui.target] {
            if signal.get_untracked().is_some_and(gone) {
                signal.set(self.executors().first().copied());
            }
        }
        let inspected = self.ui.inspected.get_untracked();
        if matches!(inspected, Some(Inspectable::Process(index)) if gone(index)) {
            let next = self.ui.selected.get_untracked();
            self.ui.inspected.set(next.map(Inspectable::Process));
        }
    }
}
