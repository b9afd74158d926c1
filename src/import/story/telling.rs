//! What each alert does in a story: declares, changes, ends or nothing, in the order in which they were sent.

use super::place::{middle_of, reach};
use crate::alerts::{Alert, Info, MessageType};
use triage_engine::emergency::{EmergencyType, Level};
use triage_language::{say, tr};

/// A place is named by so many characters at most.
const PLACE_CHARACTERS: usize = 60;

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

/// What the story does at a moment.
pub enum Step {
    /// Declares an emergency, the next by number.
    Declare(Box<Declared>),
    /// Gives one of them another level.
    Change(u32, Level),
    /// Ends one of them.
    Clear(u32),
}

/// An emergency to be declared.
pub struct Declared {
    /// Its type.
    pub kind: EmergencyType,
    /// Its level.
    pub level: Level,
    /// Where it is, in words.
    pub place: Option<String>,
    /// Where it is, in degrees.
    pub middle: Option<(f64, f64)>,
    /// How far it reaches from there, in m.
    pub reach_m: Option<f64>,
}

/// The alerts on their way into a story.
#[derive(Default)]
pub struct Telling {
    /// What there is to do, and when.
    pub steps: Vec<(i64, Step)>,
    active: Vec<Active>,
    declared: u32,
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

impl Telling {
    /// Ends what has expired by a moment; by the end of time without one.
    pub fn expire(&mut self, until_s: Option<i64>) {
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
    pub fn tell(&mut self, alert: &Alert) -> Vec<String> {
        if !["Actual", "Exercise", "Test"].contains(&alert.status.as_str()) {
            return vec![tr!("skipped: its status is {}", alert.status)];
        }
        let (named, others): (Vec<Active>, Vec<Active>) = std::mem::take(&mut self.active)
            .into_iter()
            .partition(|one| one.alerts.iter().any(|id| alert.references.contains(id)));
        self.active = others;
        match alert.message_type {
            MessageType::Other => {
                self.active.extend(named);
                vec![say("skipped: it isn't addressed to the public").to_owned()]
            }
            MessageType::Alert => {
                self.active.extend(named);
                self.declare_all(alert)
            }
            MessageType::Cancel if named.is_empty() => {
                vec![say("skipped: none of the alerts it refers to is active").to_owned()]
            }
            MessageType::Cancel => {
                let ended = named.into_iter().map(|one| self.clear(alert.sent_s, &one));
                ended.collect()
            }
            MessageType::Update if named.is_empty() => {
                let mut does = self.declare_all(alert);
                let new = say("none of the alerts it updates is active, so it counts as new");
                does.push(new.to_owned());
                does
            }
            MessageType::Update => self.update(alert, named),
        }
    }

    fn declare_all(&mut self, alert: &Alert) -> Vec<String> {
        let infos = spoken(alert);
        if infos.is_empty() {
            return vec![say("skipped: it doesn't describe an event").to_owned()];
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
            return vec![say("skipped: it doesn't describe an event").to_owned()];
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
pub fn spoken(alert: &Alert) -> Vec<&Info> {
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
