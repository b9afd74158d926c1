//! What a student does: seen in the trace, not in the click.

use super::Task;
use super::anchor::{hits, sentence};
use triage_analysis::query::Query;
use triage_language::tr;
use triage_playback::Player;

impl Task {
    /// Where the trace up to the cursor shows that it was done, from an event on.
    pub fn done(&self, player: &Player, from: u32) -> Option<u32> {
        // Asked with every event that is played: only the new ones are looked at, where single events can tell.
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

    /// Does it, and goes to where it is done.
    ///
    /// # Errors
    /// Says why the command was refused, or that nothing came of it.
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
        let seq = found.ok_or_else(|| tr!("nothing like {} follows", self.until))?;
        if seq >= player.count() {
            player.seek_event(seq);
        }
        Ok(())
    }
}
