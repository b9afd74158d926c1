//! A cut in words: whether it is consistent, and the last included event of each process.

use crate::format;
use crate::log;
use triage_analysis::causality::Cut;
use triage_engine::id::ProcessIndex;
use triage_language::say;
use triage_playback::Player;

/// One process in a cut.
#[derive(Clone, Debug, PartialEq)]
pub struct CutRow {
    /// Process index.
    pub process: u16,
    pub name: String,
    /// Number of its events that the cut includes.
    pub included: u32,
    /// Number of its recorded events.
    pub all: u32,
    /// Index in the trace of the last included event.
    pub last: Option<u32>,
    /// That event in words, with its time.
    pub last_label: String,
}

/// Whether the cut is consistent; if not, which message violates it.
pub fn verdict(player: &Player, included: Vec<u32>) -> String {
    let cut = Cut::of(player.lanes(), included);
    cut.verdict(player.trace(), player.lanes())
        .in_words(player.trace())
}

/// One row for each process, in the order of their indices.
pub fn rows(player: &Player, included: Vec<u32>) -> Vec<CutRow> {
    let (trace, lanes) = (player.trace(), player.lanes());
    let cut = Cut::of(lanes, included);
    let row = |(index, included): (u16, &u32)| {
        let process = ProcessIndex(index);
        let last = lanes.event(process, *included);
        let event = last.and_then(|seq| trace.get(seq));
        CutRow {
            process: index,
            name: trace.name(process).to_string(),
            included: *included,
            all: lanes.of_process(process).len() as u32,
            last,
            last_label: event.map_or_else(
                || say("none of its events").to_owned(),
                |event| {
                    let at = format::clock_ns(event.t_ns);
                    [&at, " ", &log::sentence(trace, event)].concat()
                },
            ),
        }
    };
    (0..).zip(cut.included()).map(row).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_inconsistent_cut_names_the_message() {
        let mut library = triage_scenario::library().into_iter();
        let entry = library
            .find(|entry| entry.name == "failure-recovery")
            .unwrap();
        let mut player = Player::new(triage_scenario::parse(entry.json).unwrap());
        player.seek_us(9_340_000);
        let start = Cut::before(player.lanes(), player.count());
        assert!(verdict(&player, start.included().to_vec()).starts_with("Consistent: "));
        // The cut excludes recovery's message about the failure, but coordinator-1 has already acted on it.
        let (recovery, _) = player.world().find("recovery").unwrap();
        let known = start.included()[recovery.index()];
        let broken = start.moved(player.lanes(), recovery, known - 1);
        let said = verdict(&player, broken.included().to_vec());
        assert!(
            said.contains(
                "from recovery to coordinator-1) is received inside the cut but sent outside it"
            ),
            "{said}"
        );
        let rows = rows(&player, broken.included().to_vec());
        assert_eq!(rows.len(), 7);
        let row = &rows[recovery.index()];
        assert_eq!((row.included, row.name.as_str()), (known - 1, "recovery"));
        assert_eq!(row.last_label, "00:09.331 declares fire-station failed");
    }
}
