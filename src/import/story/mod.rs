//! A story made of public alerts: emergencies as they were declared, updated and cancelled, in a shorter time, with
//! stations and work for them. It is an exercise and says so wherever it says anything.
//!
//! | alert | here |
//! | --- | --- |
//! | severity Extreme, Severe, Moderate, Minor | level CRITICAL, HIGH, MEDIUM, LOW; Unknown counts as MEDIUM |
//! | category | type of the emergency, see [`kind_of`] |
//! | areas | place, with the middle of their outlines and how far they reach |
//! | Alert | is declared when it was sent |
//! | Update | gives what it refers to its new level; of another type: ends it and declares the new one |
//! | Cancel, or the time of expiry | ends it |

mod place;
mod scenario;
mod telling;

pub use telling::{kind_of, level_of};

use super::alerts::{Alert, MessageType};
use telling::{Telling, spoken};
use triage_language::{say, say_as, tr};
use triage_scenario::Scenario;

/// The story takes about as long at most, in s: time is shortened by one of [`SCALES`].
const STORY_S: i64 = 180;
/// How many seconds out there are one here.
const SCALES: [i64; 9] = [1, 10, 60, 300, 600, 3_600, 21_600, 86_400, 604_800];
/// The first alert is declared then, in µs: the stations have begun to work.
const BEGIN_US: u64 = 5_000_000;

/// What becomes of one alert.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Its identifier.
    pub alert: String,
    /// What the story does, such as "declares emergency-1 at 00:05: fire, HIGH".
    pub does: String,
    /// From what, such as "Severe, Fire".
    pub from: String,
}

/// A story and how it was made.
#[derive(Clone, Debug, PartialEq)]
pub struct Story {
    /// To be played.
    pub scenario: Scenario,
    /// Every alert, in the order in which they were sent.
    pub rows: Vec<Row>,
    /// How many seconds out there are one here.
    pub scale: i64,
}

/// Makes a story of alerts; `source` is what the file is called. What is told of the alerts is in the language that is
/// spoken; the scenario is data, and English.
///
/// # Errors
/// Says that there is nothing in them to tell.
pub fn of(mut alerts: Vec<Alert>, source: &str) -> Result<Story, String> {
    alerts.sort_by_key(|alert| alert.sent_s);
    let mut telling = Telling::default();
    let mut told = Vec::new();
    for alert in &alerts {
        telling.expire(Some(alert.sent_s));
        let does = telling.tell(alert);
        told.push((alert, does));
    }
    telling.expire(None);
    let steps = telling.steps;
    let Some(begin_s) = steps.first().map(|(t_s, _)| *t_s) else {
        return Err(
            say("none of these alerts declares an emergency, so there is nothing to play")
                .to_owned(),
        );
    };
    let end_s = steps.iter().map(|(t_s, _)| *t_s).max().unwrap_or(begin_s);
    let fits = |scale: &&i64| (end_s - begin_s) / **scale <= STORY_S;
    let scale = SCALES
        .iter()
        .find(fits)
        .copied()
        .unwrap_or((end_s - begin_s) / STORY_S + 1);
    let at_us =
        |t_s: i64| BEGIN_US + (t_s - begin_s).unsigned_abs() * 1_000_000 / scale.unsigned_abs();
    let row = |(alert, does): &(&Alert, Vec<String>)| Row {
        alert: alert.identifier.clone(),
        does: format!(
            "{}: {}",
            moment(at_us(alert.sent_s.max(begin_s))),
            does.join("; ")
        ),
        from: origin(alert),
    };
    let rows = told.iter().map(row).collect();
    Ok(Story {
        rows,
        scenario: scenario::scenario(&alerts, &steps, source, scale, &at_us),
        scale,
    })
}

fn origin(alert: &Alert) -> String {
    let kind = match alert.message_type {
        MessageType::Alert => say_as("kind of alert", "Alert"),
        MessageType::Update => say_as("kind of alert", "Update"),
        MessageType::Cancel => say_as("kind of alert", "Cancel"),
        MessageType::Other => say("other message"),
    };
    let infos = spoken(alert);
    let skipped = alert.infos.len() - infos.len();
    let said = infos.iter().map(|info| {
        let categories = info.categories.join(", ");
        [info.event.as_str(), info.severity.as_str(), &categories].join(", ")
    });
    let mut words: Vec<String> = [kind.to_owned()].into_iter().chain(said).collect();
    if skipped > 0 {
        words.push(tr!("{} more in other languages", skipped));
    }
    words.join("; ")
}

/// "00:05".
fn moment(t_us: u64) -> String {
    let seconds = t_us / 1_000_000;
    format!("{:02}:{:02}", seconds / 60, seconds % 60)
}
