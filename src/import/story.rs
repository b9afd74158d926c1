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

use std::rc::Rc;

use super::alerts::{Alert, Info, MessageType};
use crate::engine::command::{Action, Command, ExecutorSpec};
use crate::engine::configuration::Configuration;
use crate::engine::emergency::{EmergencyType, Level};
use crate::engine::job::{Execution, Location};
use crate::engine::workload::{Arrivals, Work, Workload};
use crate::language::{say, say_as, tr};
use crate::scenario::{FORMAT, Scenario};

/// The story takes about as long at most, in s: time is shortened by one of [`SCALES`].
const STORY_S: i64 = 180;
/// How many seconds out there are one here.
const SCALES: [i64; 9] = [1, 10, 60, 300, 600, 3_600, 21_600, 86_400, 604_800];
/// The first alert is declared then, in µs: the stations have begun to work.
const BEGIN_US: u64 = 5_000_000;
/// What remains to be seen after the last command, in µs.
const AFTER_US: u64 = 15_000_000;
/// Mean radius of the earth, in m.
const EARTH_M: f64 = 6_371_000.0;
/// A place is named by so many characters at most.
const PLACE_CHARACTERS: usize = 60;

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

/// The type of an emergency by the categories of its alert: the first that says something.
///
/// Geo and Met are natural disasters; Security, Fire and Health are what they are called; Env and CBRNE are hazardous
/// materials; Transport and Infra are infrastructure; Safety, Rescue, Other and none are general.
pub fn kind_of(categories: &[String]) -> EmergencyType {
    let kinds = categories.iter().map(|category| match category.as_str() {
        "Geo" | "Met" => EmergencyType::NaturalDisaster,
        "Security" => EmergencyType::Security,
        "Fire" => EmergencyType::Fire,
        "Health" => EmergencyType::Medical,
        "Env" | "CBRNE" => EmergencyType::Hazmat,
        "Transport" | "Infra" => EmergencyType::Infrastructure,
        _ => EmergencyType::General,
    });
    let mut kinds = kinds.filter(|kind| *kind != EmergencyType::General);
    kinds.next().unwrap_or(EmergencyType::General)
}

/// The level of a severity; an unknown one counts as MEDIUM.
pub fn level_of(severity: &str) -> Level {
    match severity {
        "Extreme" => Level::Critical,
        "Severe" => Level::High,
        "Minor" => Level::Low,
        _ => Level::Medium,
    }
}

/// An emergency that is on.
struct Active {
    /// Of which alerts: the first, and those that updated it.
    alerts: Vec<String>,
    event: String,
    number: u32,
    kind: EmergencyType,
    level: Level,
    expires_s: Option<i64>,
}

enum Step {
    Declare(Box<Declared>),
    Change(u32, Level),
    Clear(u32),
}

struct Declared {
    kind: EmergencyType,
    level: Level,
    place: Option<String>,
    middle: Option<(f64, f64)>,
    reach_m: Option<f64>,
}

/// The alerts on their way into a story.
#[derive(Default)]
struct Telling {
    steps: Vec<(i64, Step)>,
    active: Vec<Active>,
    declared: u32,
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
            say("none of these alerts declares anything: there is nothing to tell").to_owned(),
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
        scenario: scenario(&alerts, &steps, source, scale, &at_us),
        scale,
    })
}

impl Telling {
    /// Ends what has expired by a moment; by the end of time without one.
    fn expire(&mut self, until_s: Option<i64>) {
        let mut ended: Vec<(i64, u32)> = Vec::new();
        self.active.retain(|one| match one.expires_s {
            Some(expires_s) if until_s.is_none_or(|until_s| expires_s <= until_s) => {
                ended.push((expires_s, one.number));
                false
            }
            _ => true,
        });
        ended.sort_unstable();
        let steps = ended.into_iter();
        self.steps
            .extend(steps.map(|(t_s, number)| (t_s, Step::Clear(number))));
    }

    /// What an alert does, in words.
    fn tell(&mut self, alert: &Alert) -> Vec<String> {
        if !["Actual", "Exercise", "Test"].contains(&alert.status.as_str()) {
            return vec![tr!("passed over: its status is {}", alert.status)];
        }
        let (named, others): (Vec<Active>, Vec<Active>) = std::mem::take(&mut self.active)
            .into_iter()
            .partition(|one| one.alerts.iter().any(|id| alert.references.contains(id)));
        self.active = others;
        match alert.message_type {
            MessageType::Other => {
                self.active.extend(named);
                vec![say("passed over: it is no message for the public").to_owned()]
            }
            MessageType::Alert => {
                self.active.extend(named);
                self.declare_all(alert)
            }
            MessageType::Cancel if named.is_empty() => {
                vec![say("passed over: nothing that it names is active").to_owned()]
            }
            MessageType::Cancel => {
                let ended = named.into_iter().map(|one| self.clear(alert.sent_s, &one));
                ended.collect()
            }
            MessageType::Update if named.is_empty() => {
                let mut does = self.declare_all(alert);
                let new = say("nothing that it updates is active, so it counts as new");
                does.push(new.to_owned());
                does
            }
            MessageType::Update => self.update(alert, named),
        }
    }

    fn declare_all(&mut self, alert: &Alert) -> Vec<String> {
        let infos = spoken(alert);
        if infos.is_empty() {
            return vec![say("passed over: it says nothing of any event").to_owned()];
        }
        let declared = infos.into_iter().map(|info| self.declare(alert, info));
        declared.collect()
    }

    fn declare(&mut self, alert: &Alert, info: &Info) -> String {
        let (kind, level) = (kind_of(&info.categories), level_of(&info.severity));
        self.declared += 1;
        let number = self.declared;
        let middle = middle_of(&info.outline);
        let declared = Declared {
            kind: kind.clone(),
            level,
            place: place_of(info),
            middle,
            reach_m: middle.and_then(|middle| reach(middle, &info.outline)),
        };
        self.steps
            .push((alert.sent_s, Step::Declare(Box::new(declared))));
        let words = tr!(
            "declares emergency-{number}: {kind}, {level}",
            number = number,
            kind = kind.name(),
            level = level
        );
        self.active.push(Active {
            alerts: vec![alert.identifier.clone()],
            event: info.event.clone(),
            number,
            kind,
            level,
            expires_s: expiry(alert, info),
        });
        words
    }

    fn clear(&mut self, t_s: i64, ended: &Active) -> String {
        self.steps.push((t_s, Step::Clear(ended.number)));
        tr!("ends emergency-{}", ended.number)
    }

    /// Each event of an update goes on with what it refers to of the same name, or else with the next.
    fn update(&mut self, alert: &Alert, mut named: Vec<Active>) -> Vec<String> {
        let mut does = Vec::new();
        let infos = spoken(alert);
        if infos.is_empty() {
            self.active.extend(named);
            return vec![say("passed over: it says nothing of any event").to_owned()];
        }
        for info in infos {
            let same = named.iter().position(|one| one.event == info.event);
            let Some(place) = same.or((!named.is_empty()).then_some(0)) else {
                does.push(self.declare(alert, info));
                continue;
            };
            let mut one = named.remove(place);
            let (kind, level) = (kind_of(&info.categories), level_of(&info.severity));
            if one.kind != kind {
                does.push(self.clear(alert.sent_s, &one));
                does.push(self.declare(alert, info));
                continue;
            }
            if one.level == level {
                does.push(tr!(
                    "emergency-{number} stays {level}",
                    number = one.number,
                    level = level
                ));
            } else {
                self.steps
                    .push((alert.sent_s, Step::Change(one.number, level)));
                does.push(tr!(
                    "changes emergency-{number} from {before} to {level}",
                    number = one.number,
                    before = one.level,
                    level = level
                ));
            }
            one.level = level;
            one.event.clone_from(&info.event);
            one.alerts.push(alert.identifier.clone());
            one.expires_s = expiry(alert, info);
            self.active.push(one);
        }
        for one in named {
            does.push(self.clear(alert.sent_s, &one));
        }
        does
    }
}

/// An alert may say the same in several languages: what is taken is English, or else the first.
fn spoken(alert: &Alert) -> Vec<&Info> {
    let english = alert
        .infos
        .iter()
        .find(|info| info.language.to_ascii_lowercase().starts_with("en"));
    let Some(language) = english.or(alert.infos.first()).map(|info| &info.language) else {
        return Vec::new();
    };
    let infos = alert.infos.iter();
    infos.filter(|info| info.language == *language).collect()
}

/// When it is over, if that is after it was sent.
fn expiry(alert: &Alert, info: &Info) -> Option<i64> {
    info.expires_s.filter(|expires_s| *expires_s > alert.sent_s)
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

fn place_of(info: &Info) -> Option<String> {
    let areas = info.areas.join("; ");
    if areas.is_empty() {
        return None;
    }
    let mut place: String = areas.chars().take(PLACE_CHARACTERS).collect();
    if areas.chars().count() > PLACE_CHARACTERS {
        place.push('…');
    }
    Some(["Exercise: ", &place].concat())
}

/// The middle of the points, in degrees.
fn middle_of(outline: &[(f64, f64)]) -> Option<(f64, f64)> {
    let count = outline.len() as f64;
    let sum = |part: fn(&(f64, f64)) -> f64| outline.iter().map(part).sum::<f64>() / count;
    (!outline.is_empty()).then(|| (sum(|point| point.0), sum(|point| point.1)))
}

/// The farthest point from the middle, in m.
fn reach(middle: (f64, f64), outline: &[(f64, f64)]) -> Option<f64> {
    let distances = outline.iter().map(|point| {
        let (east, north) = on_plane(middle, *point);
        libm::sqrt(east * east + north * north)
    });
    distances.reduce(f64::max).filter(|metres| *metres >= 1.0)
}

/// East and north of an origin, in m: the equirectangular projection, good enough for one region.
fn on_plane(origin: (f64, f64), point: (f64, f64)) -> (f64, f64) {
    let degree_m = EARTH_M * std::f64::consts::PI / 180.0;
    let east = (point.1 - origin.1) * degree_m * libm::cos(origin.0.to_radians());
    (east, (point.0 - origin.0) * degree_m)
}

fn location((east, north): (f64, f64)) -> Location {
    // Half around the earth is 20 million metres: it always fits.
    Location {
        x_m: east as i32,
        y_m: north as i32,
    }
}

fn scenario(
    alerts: &[Alert],
    steps: &[(i64, Step)],
    source: &str,
    scale: i64,
    at_us: &dyn Fn(i64) -> u64,
) -> Scenario {
    let declared: Vec<&Declared> = steps
        .iter()
        .filter_map(|(_, step)| match step {
            Step::Declare(declared) => Some(&**declared),
            _ => None,
        })
        .collect();
    let middles: Vec<(f64, f64)> = declared.iter().filter_map(|one| one.middle).collect();
    let origin = middle_of(&middles).unwrap_or_default();
    let commands: Vec<Command> = steps
        .iter()
        .map(|(t_s, step)| Command {
            at_us: at_us(*t_s),
            principal: "commander".into(),
            action: action(step, origin),
        })
        .collect();
    let last_us = commands.iter().map(|command| command.at_us).max();
    let duration_us = last_us.unwrap_or(BEGIN_US) + AFTER_US;
    let first = alerts
        .iter()
        .find_map(|alert| spoken(alert).first().map(|info| &info.event));
    let event = first.filter(|event| !event.is_empty());
    let title: String = ["Exercise: ", event.map_or("public alerts", String::as_str)]
        .concat()
        .chars()
        .take(80)
        .collect();
    let pace = match scale {
        1 => "as fast as it was".to_owned(),
        scale => format!("{scale} seconds in one"),
    };
    Scenario {
        format: FORMAT,
        name: name(source),
        title,
        description: format!(
            "Exercise. Made of {} public alerts from {source}, {pace}. Stations and jobs are invented; no alert is sent to \
             anybody.",
            alerts.len()
        ),
        seed: 1,
        duration_us,
        configuration: Configuration::default(),
        principals: Vec::new(),
        executors: stations(&declared, origin),
        workload: workload(&commands, duration_us),
        commands,
    }
}

fn action(step: &Step, origin: (f64, f64)) -> Action {
    let named = |number: &u32| Some(Rc::from(format!("emergency-{number}")));
    match step {
        Step::Declare(declared) => Action::DeclareEmergency {
            kind: declared.kind.clone(),
            level: declared.level,
            place: declared.place.as_deref().map(Rc::from),
            location: declared
                .middle
                .map(|middle| location(on_plane(origin, middle))),
            radius_m: declared.reach_m.map(|metres| metres as u32),
        },
        Step::Change(number, level) => Action::ChangeEmergency {
            emergency: named(number),
            level: *level,
        },
        Step::Clear(number) => Action::ClearEmergency {
            emergency: named(number),
        },
    }
}

/// "exercise-" and what of the file's name a scenario may be called.
fn name(source: &str) -> String {
    let stem = source.rsplit(['/', '\\']).next().unwrap_or_default();
    let stem = stem
        .split('.')
        .next()
        .unwrap_or_default()
        .to_ascii_lowercase();
    let letters = stem.chars().map(|c| match c {
        'a'..='z' | '0'..='9' | '-' | '_' => c,
        _ => '-',
    });
    let letters: String = letters.take(30).collect();
    let letters = letters.trim_matches('-');
    if letters.is_empty() {
        "exercise".to_owned()
    } else {
        ["exercise-", letters].concat()
    }
}

/// Four stations around the middle, each type served by two of them.
fn stations(declared: &[&Declared], origin: (f64, f64)) -> Vec<ExecutorSpec> {
    let mut kinds: Vec<&EmergencyType> = Vec::new();
    for one in declared {
        if !kinds.contains(&&one.kind) && one.kind != EmergencyType::General {
            kinds.push(&one.kind);
        }
    }
    let far = declared.iter().filter_map(|one| {
        let (east, north) = on_plane(origin, one.middle?);
        Some(east.abs().max(north.abs()))
    });
    let away_m = far.fold(3_000.0, f64::max) as i32;
    let sides = [
        ("north", 0, 1),
        ("east", 1, 0),
        ("south", 0, -1),
        ("west", -1, 0),
    ];
    let stations = sides
        .iter()
        .enumerate()
        .map(|(place, (side, east, north))| {
            let mine = kinds
                .iter()
                .enumerate()
                .filter(|(index, _)| index % 2 == place % 2);
            let mine = mine.map(|(_, kind)| Rc::from(kind.name()));
            ExecutorSpec {
                id: ["station-", side].concat().into(),
                capacity: 4,
                capabilities: mine.chain([Rc::from("general")]).collect(),
                location: Some(Location {
                    x_m: east * away_m,
                    y_m: north * away_m,
                }),
            }
        });
    stations.collect()
}

/// Everyday work throughout, and calls for each emergency as long as it is on.
fn workload(commands: &[Command], duration_us: u64) -> Vec<Workload> {
    let stream =
        |name: &str, kind: Option<EmergencyType>, mean_us: u64, from_us: u64, until_us: u64| {
            Workload {
                name: name.into(),
                kind,
                arrivals: Arrivals::Poisson { mean_us },
                from_us,
                until_us,
                work: Work {
                    min_us: 500_000,
                    max_us: 2_500_000,
                },
                requirements: Vec::new(),
                execution: Execution::default(),
            }
        };
    let quiet_us = duration_us - AFTER_US / 2;
    let mut all = vec![stream("routine", None, 900_000, 0, quiet_us)];
    let mut declared: Vec<(EmergencyType, u64, u64)> = Vec::new();
    for command in commands {
        match &command.action {
            Action::DeclareEmergency { kind, .. } => {
                declared.push((kind.clone(), command.at_us, quiet_us));
            }
            Action::ClearEmergency {
                emergency: Some(name),
            } => {
                let number = name
                    .strip_prefix("emergency-")
                    .and_then(|number| number.parse::<usize>().ok());
                let place = number.and_then(|number| number.checked_sub(1));
                if let Some(one) = place.and_then(|place| declared.get_mut(place)) {
                    one.2 = command.at_us;
                }
            }
            _ => {}
        }
    }
    // However many there are, together they ask for about as much.
    let mean_us = 700_000 * declared.len().max(2) as u64;
    // One that is over as soon as it began, on the shortened axis of time, brings nobody any work.
    let lasts = |((_, from_us, until_us), _): &((_, u64, u64), _)| from_us < until_us;
    let calls = declared.into_iter().zip(1..).filter(lasts);
    all.extend(calls.map(|((kind, from_us, until_us), number)| {
        stream(
            &format!("call {number}"),
            Some(kind),
            mean_us,
            from_us,
            until_us,
        )
    }));
    all
}
