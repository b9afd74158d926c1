//! What a query matches in the run of a lesson, so that authors see whether it means what they intend.

use triage_language::tr;
use triage_lesson::hits;
use triage_playback::Player;
use triage_view::diagram::labels::event_label;
use triage_view::log;

/// Maximum number of events that are recorded ahead, as in a lesson.
const RECORD_AHEAD_EVENTS: u32 = 20_000;

/// The run of a scenario, for evaluating queries.
pub struct Evidence {
    scenario: String,
    player: Player,
}

impl Evidence {
    /// Plays a scenario; `None` if it is invalid.
    pub fn of(scenario: &str) -> Option<Evidence> {
        let mut player = Player::new(triage_scenario::parse(scenario).ok()?);
        player.record_ahead(RECORD_AHEAD_EVENTS);
        Some(Evidence {
            scenario: scenario.to_owned(),
            player,
        })
    }

    /// Whether it is the run of this scenario.
    pub fn is_of(&self, scenario: &str) -> bool {
        self.scenario == scenario
    }

    /// Describes how many events a query matches, and the one that `hit` selects.
    pub fn describe(&self, query: &str, hit: usize) -> String {
        let seqs = match hits(&self.player, query) {
            Ok(seqs) => seqs,
            Err(problem) => return problem,
        };
        let count = seqs.len();
        let Some(seq) = hit.checked_sub(1).and_then(|place| seqs.get(place)) else {
            return tr!("One event matches." | "{n} events match." % count);
        };
        let event = event_label(&self.player, *seq);
        match hit {
            1 => tr!(
                "One event matches: {event}" | "{n} events match; the first is: {event}" % count,
                event = event
            ),
            // There are at least `hit` events.
            _ => tr!(
                "{n} events match; number {hit} is: {event}",
                n = count,
                hit = hit,
                event = event
            ),
        }
    }
}

/// A query that matches an event of a run, and which of its hits it is.
pub fn anchor_of(player: &Player, seq: u32) -> Option<(String, u32)> {
    let trace = player.trace();
    let event = trace.get(seq)?;
    let line = log::line(trace, seq, event);
    let mut query = ["kind:", line.kind].concat();
    let mut add = |field: &str, value: &str| {
        let quote = if value.contains([' ', ':', '"']) {
            "\""
        } else {
            ""
        };
        query = [&query, " ", field, ":", quote, value, quote].concat();
    };
    if let Some(what) = event.record.what() {
        add("what", what.name());
    }
    add("process", &line.process_name);
    if let Some(job) = event.record.job() {
        add("job", &["job-", &job.0.to_string()].concat());
    }
    let seqs = hits(player, &query).ok()?;
    let place = seqs.iter().position(|it| *it == seq)?;
    Some((query, place as u32 + 1))
}
