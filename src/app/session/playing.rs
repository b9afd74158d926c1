//! Time and history: playing, seeking, undo, branches, markers.

use reactive_graph::prelude::*;

use super::Session;
use triage_playback::{Pace, Player};

impl Session {
    /// Plays.
    pub fn play(self) {
        self.update(Player::play);
    }

    /// Pauses.
    pub fn pause(self) {
        self.update(Player::pause);
    }

    /// Plays if paused, pauses if playing.
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
        self.update(|player| player.step(unit, forward));
    }

    /// Moves the cursor to a moment, in µs.
    pub fn seek(self, t_us: u64) {
        self.update(|player| player.seek_us(t_us));
    }

    /// Pauses right after an event of the trace, which occurred at `t_us` µs.
    pub fn seek_event(self, seq: u32, t_us: u64) {
        self.update(|player| {
            player.pause();
            // The moment first: a single event can only be reached from a checkpoint.
            player.seek_us(t_us);
            player.seek_event(seq);
        });
    }

    /// Sets the pace, at its ordinary speed.
    pub fn set_pace(self, pace: Pace) {
        self.update(|player| {
            player.set_pace(pace);
            player.set_speed(1.0);
        });
    }

    /// Sets the speed as a multiplier; infinity means as fast as possible.
    pub fn set_speed(self, speed: f64) {
        self.update(|player| player.set_speed(speed));
    }

    /// Takes back the last command.
    pub fn undo(self) {
        self.update(Player::undo);
    }

    /// Gives the command again that was taken back last.
    pub fn redo(self) {
        self.update(Player::redo);
    }

    /// Switches to another branch of the run.
    pub fn switch_branch(self, id: usize) {
        self.update(|player| player.switch_branch(id));
    }

    /// Gives the current branch a name.
    pub fn rename_branch(self, name: &str) {
        let current = self.ui.branches.with_untracked(|branches| {
            let current = branches.iter().find(|branch| branch.is_current);
            current.map(|branch| branch.id)
        });
        if let Some(id) = current {
            self.update(|player| player.rename_branch(id, name));
        }
    }

    /// Names the moment at the cursor.
    pub fn mark(self, name: &str) {
        self.update(|player| player.mark(name));
    }

    /// Removes the marker at a moment, in µs.
    pub fn unmark(self, t_us: u64) {
        self.update(|player| player.unmark(t_us));
    }
}
