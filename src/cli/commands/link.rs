//! Builds links, as the page's share button does.

use std::io::Write;

use triage_playback::Player;
use triage_scenario::link::{Link, Offer, ViewState};
use triage_scenario::saved::{SavedRun, scenario_text};

use super::input::{invalid_scenario, source};
use crate::Failure;

/// Prints a link to a scenario at a moment in µs, or to a recorded run, with the address of a page in front.
pub fn link(name: &str, at_us: Option<u64>, page: &str) -> Result<(), Failure> {
    let text = source(name)?;
    let (mut player, scenario) = match scenario_text(&text) {
        Some(scenario) if text.contains("\"run_format\"") => {
            let saved = SavedRun::parse(&text).and_then(|run| Player::from_saved(&run));
            let player = saved.map_err(|reason| Failure::Message(format!("{name}: {reason}")))?;
            (player, scenario)
        }
        _ => {
            let scenario =
                triage_scenario::parse(&text).map_err(|errors| invalid_scenario(name, &errors))?;
            (Player::new(scenario), &*text)
        }
    };
    if let Some(at_us) = at_us {
        if at_us > player.end_us() {
            let end_s = player.end_us() / 1_000_000;
            return Err(Failure::Message(format!(
                "{name} ends at {end_s}s: give an earlier time"
            )));
        }
        player.seek_us(at_us);
    }
    let digest = player.digest_at_cursor();
    let link = Link::new(
        player.saved(false),
        scenario,
        &digest.0,
        ViewState::default(),
    );
    match link.offer() {
        Offer::Link { fragment, left_out } => {
            if left_out > 0 {
                writeln!(
                    std::io::stderr(),
                    "{left_out} other branches do not fit: the link contains the current one"
                )?;
            }
            writeln!(std::io::stdout(), "{page}{fragment}")?;
            Ok(())
        }
        Offer::TooLong(length) => Err(Failure::Message(format!(
            "the link would have {length} characters, and mail programs and chats cut such long links: send the file instead"
        ))),
    }
}
