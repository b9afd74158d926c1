//! Public alerts, as far as a story needs them: what OASIS CAP 1.0 to 1.2 and the GeoJSON of the US National Weather
//! Service have in common.

use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use triage_language::tr;

/// What an alert does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MessageType {
    /// It begins something.
    Alert,
    /// It replaces what it refers to.
    Update,
    /// It ends what it refers to.
    Cancel,
    /// An acknowledgement or an error report: nothing for the public.
    Other,
}

/// One alert message.
#[derive(Clone, Debug, PartialEq)]
pub struct Alert {
    /// Its identifier, unique for its sender.
    pub identifier: String,
    /// When it was sent, in s since 1970.
    pub sent_s: i64,
    /// `Actual`, `Exercise`, `System`, `Test` or `Draft`.
    pub status: String,
    /// What it does.
    pub message_type: MessageType,
    /// The identifiers of what it updates or cancels.
    pub references: Vec<String>,
    /// What it says; several when areas or languages differ.
    pub infos: Vec<Info>,
}

/// What an alert says of one event.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Info {
    /// Its language; `en-US` where nothing is said.
    pub language: String,
    /// The event in a few words.
    pub event: String,
    /// Categories, such as `Met` or `Fire`.
    pub categories: Vec<String>,
    /// `Extreme`, `Severe`, `Moderate`, `Minor` or `Unknown`.
    pub severity: String,
    /// When it no longer holds, in s since 1970.
    pub expires_s: Option<i64>,
    /// The places in words.
    pub areas: Vec<String>,
    /// Points of their outlines: latitude and longitude, in degrees.
    pub outline: Vec<(f64, f64)>,
}

/// A time as alerts write it, `2026-11-25T10:00:00-05:00`, in s since 1970.
///
/// # Errors
/// Says that it is none.
pub fn seconds(text: &str) -> Result<i64, String> {
    OffsetDateTime::parse(text.trim(), &Rfc3339)
        .map(OffsetDateTime::unix_timestamp)
        .map_err(|_| {
            tr!(
                "\"{}\" isn't a time such as 2026-11-25T10:00:00-05:00",
                text
            )
        })
}

/// The type of a message by its name; only `Alert`, `Update` and `Cancel` are for the public.
pub fn message_type(name: &str) -> MessageType {
    match name {
        "Alert" => MessageType::Alert,
        "Update" => MessageType::Update,
        "Cancel" => MessageType::Cancel,
        _ => MessageType::Other,
    }
}

/// A point in degrees, if it is one.
pub fn point(latitude: f64, longitude: f64) -> Option<(f64, f64)> {
    let sound = (-90.0..=90.0).contains(&latitude) && (-180.0..=180.0).contains(&longitude);
    sound.then_some((latitude, longitude))
}
