//! Alerts as the US National Weather Service publishes them (api.weather.gov, `application/geo+json`): a
//! FeatureCollection of alerts, or one of them as a Feature. Their fields are those of CAP under names of their own.

use super::alerts::{Alert, Info, message_type, point, seconds};
use super::cap::ALERTS_MAX;
use triage_language::{say, tr};
use triage_scenario::json::{Json, parse};

/// The alerts of a file, in the order in which they stand there.
///
/// # Errors
/// Says what is wrong, and in which feature.
pub fn read(text: &str) -> Result<Vec<Alert>, String> {
    let json = parse(text.strip_prefix('\u{feff}').unwrap_or(text))?;
    let features: Vec<&Json> = match (word(&json, "type"), get(&json, "features")) {
        (Some("FeatureCollection"), Some(Json::List(features))) => features.iter().collect(),
        (Some("Feature"), _) => vec![&json],
        _ => {
            return Err(say(
                "the file isn't GeoJSON with alerts: it must be a FeatureCollection or a Feature",
            )
            .to_owned());
        }
    };
    if features.is_empty() {
        return Err(say("the file has no alerts: its list of features is empty").to_owned());
    }
    if features.len() > ALERTS_MAX {
        return Err(tr!(
            "{found} alerts are too many for one exercise: use at most {most}",
            found = features.len(),
            most = ALERTS_MAX
        ));
    }
    let read = features.iter().enumerate().map(|(index, feature)| {
        alert(feature).map_err(|problem| format!("features[{index}]: {problem}"))
    });
    read.collect()
}

fn get<'a>(json: &'a Json, name: &str) -> Option<&'a Json> {
    match json {
        Json::Object(entries) => entries
            .iter()
            .find(|(found, _)| found == name)
            .map(|(_, value)| value),
        _ => None,
    }
}

/// A text that is not empty.
fn word<'a>(json: &'a Json, name: &str) -> Option<&'a str> {
    match get(json, name) {
        Some(Json::Text(text)) if !text.trim().is_empty() => Some(text.trim()),
        _ => None,
    }
}

fn time(json: &Json, name: &str) -> Result<Option<i64>, String> {
    let read =
        |text: &str| seconds(text).map_err(|problem| format!("properties.{name}: {problem}"));
    word(json, name).map(read).transpose()
}

fn alert(feature: &Json) -> Result<Alert, String> {
    let Some(properties) = get(feature, "properties") else {
        return Err(say("it has no properties").to_owned());
    };
    let missing = |name: &str| tr!("properties.{} is missing or empty", name);
    let needed = |name: &str| word(properties, name).ok_or_else(|| missing(name));
    let references = match get(properties, "references") {
        Some(Json::List(all)) => all
            .iter()
            .filter_map(|one| word(one, "identifier"))
            .map(str::to_owned)
            .collect(),
        _ => Vec::new(),
    };
    let sent_s = time(properties, "sent")?.ok_or_else(|| missing("sent"))?;
    let mut info = Info {
        language: word(properties, "language").unwrap_or("en-US").to_owned(),
        event: needed("event")?.to_owned(),
        categories: word(properties, "category")
            .map(str::to_owned)
            .into_iter()
            .collect(),
        severity: word(properties, "severity").unwrap_or("Unknown").to_owned(),
        // `ends` is when the event is over; `expires` is when the message is.
        expires_s: time(properties, "ends")?.or(time(properties, "expires")?),
        areas: word(properties, "areaDesc")
            .map(str::to_owned)
            .into_iter()
            .collect(),
        outline: Vec::new(),
    };
    if let Some(coordinates) = get(feature, "geometry").and_then(|shape| get(shape, "coordinates"))
    {
        outline(coordinates, &mut info.outline)?;
    }
    Ok(Alert {
        identifier: needed("id")?.to_owned(),
        sent_s,
        status: word(properties, "status").unwrap_or("Actual").to_owned(),
        message_type: message_type(needed("messageType")?),
        references,
        infos: vec![info],
    })
}

/// Points of a polygon or of several: nested lists, of which the innermost are longitude and latitude.
fn outline(coordinates: &Json, points: &mut Vec<(f64, f64)>) -> Result<(), String> {
    let Json::List(items) = coordinates else {
        return Err(say("geometry.coordinates must be lists of numbers").to_owned());
    };
    if let [Json::List(_), ..] = items.as_slice() {
        return items.iter().try_for_each(|item| outline(item, points));
    }
    let numbers: Option<Vec<f64>> = items.iter().map(number).collect();
    match numbers.as_deref() {
        Some([]) => Ok(()),
        Some([longitude, latitude, ..]) => {
            let found = point(*latitude, *longitude);
            let problem = || {
                tr!(
                    "geometry.coordinates: {longitude}, {latitude} isn't a valid point",
                    longitude = longitude,
                    latitude = latitude
                )
            };
            points.push(found.ok_or_else(problem)?);
            Ok(())
        }
        _ => Err(say("geometry.coordinates must be pairs of longitude and latitude").to_owned()),
    }
}

fn number(json: &Json) -> Option<f64> {
    match json {
        Json::Whole(value) => Some(*value as f64),
        Json::Negative(value) => Some(*value as f64),
        Json::Fraction(value) => Some(*value),
        _ => None,
    }
}
