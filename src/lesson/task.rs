//! Tasks for students. Whether a task is done is decided by the trace, not by the click.

use super::Task;
use super::anchor::{hits, sentence};
use triage_analysis::query::Query;
use triage_language::tr;
use triage_playback::Player;

impl Task {
    /// The event before the cursor, at or after index `from`, that shows that the task is done.
    pub fn done(&self, player: &Player, from: u32) -> Option<u32> {
        // This is called with every played event, so only new events are searched if the query can be evaluated event
        // by event.
        let query = Query::parse(&self.until).ok()?;
        if query.is_pattern() {
            let seen = |seq: &u32| (from..player.count()).contains(seq);
            return hits(player, &self.until).ok()?.into_iter().find(seen);
        }
        let trace = player.trace();
        let text = |seq: u32| sentence(player, seq);
        let new = trace
            .iter_from(from)
            .take_while(|(seq, _)| *seq < player.count());
        let mut met = new.filter(|(seq, event)| query.matches(trace, *seq, event, &text));
        met.next().map(|(seq, _)| seq)
    }

    /// Executes the task's own command, and moves the cursor to where the task is done.
    ///
    /// # Errors
    /// If the command is rejected or doesn't have the expected effect.
    pub fn perform(&self, player: &mut Player) -> Result<(), String> {
        let from = player.count();
        let refused =
            |rejection: triage_engine::command::Rejection| triage_labels::rejection(&rejection);
        player
            .command("commander", self.command.clone())
            .map_err(refused)?;
        player.record_ahead(super::validate::RECORD_AHEAD_EVENTS);
        let hits = hits(player, &self.until)?;
        let found = hits.into_iter().find(|seq| *seq >= from);
        let seq = found.ok_or_else(|| tr!("no later event matches {}", self.until))?;
        if seq >= player.count() {
            player.seek_event(seq);
        }
        Ok(())
    }
}
