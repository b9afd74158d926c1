//! Emergencies: their types, their levels and the state every process holds of them.

use std::fmt;
use std::rc::Rc;

use serde::Serialize;

use super::bounds::Violation;
use super::id::EmergencyId;
use super::job::Location;

/// How severe an emergency is, and so what normal jobs may still do (`policy::level`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "UPPERCASE")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Level {
    /// No emergency is active.
    #[default]
    None,
    /// Level 1: emergency jobs first, everything runs.
    Low,
    /// Level 2: half of the slots are kept for emergency jobs.
    Medium,
    /// Level 3: no normal job starts, running ones finish.
    High,
    /// Level 4: running normal jobs are paused at once.
    Critical,
}

impl Level {
    /// The four levels that can be declared, mildest first.
    pub const DECLARABLE: [Level; 4] = [Level::Low, Level::Medium, Level::High, Level::Critical];

    /// The word used in traces and on the screen.
    pub fn name(self) -> &'static str {
        match self {
            Level::None => "NONE",
            Level::Low => "LOW",
            Level::Medium => "MEDIUM",
            Level::High => "HIGH",
            Level::Critical => "CRITICAL",
        }
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// What kind of emergency it is; decides which executors serve its jobs best.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(into = "String")]
pub enum EmergencyType {
    /// Injuries, illness, mass casualties.
    Medical,
    /// Fires of any size.
    Fire,
    /// Floods, storms, earthquakes.
    NaturalDisaster,
    /// Threats by people.
    Security,
    /// Power, water, transport or network outages.
    Infrastructure,
    /// Dangerous substances.
    Hazmat,
    /// Anything else.
    General,
    /// A name chosen by the scenario: 1 to 40 lower-case letters, digits, `-` or `_`.
    Custom(Rc<str>),
}

impl EmergencyType {
    /// The seven types that need no explanation.
    pub const KNOWN: [EmergencyType; 7] = [
        EmergencyType::Medical,
        EmergencyType::Fire,
        EmergencyType::NaturalDisaster,
        EmergencyType::Security,
        EmergencyType::Infrastructure,
        EmergencyType::Hazmat,
        EmergencyType::General,
    ];

    /// The word used in scenarios, traces and as the capability that serves this type.
    pub fn name(&self) -> &str {
        match self {
            EmergencyType::Medical => "medical",
            EmergencyType::Fire => "fire",
            EmergencyType::NaturalDisaster => "natural_disaster",
            EmergencyType::Security => "security",
            EmergencyType::Infrastructure => "infrastructure",
            EmergencyType::Hazmat => "hazmat",
            EmergencyType::General => "general",
            EmergencyType::Custom(name) => name,
        }
    }

    /// Whether the work of this type is short and stateless enough to run as serverless functions,
    /// so that declaring it pre-warms them. Hazmat, security and natural disasters need people and
    /// equipment on site; a custom type promises nothing.
    pub fn is_serverless_compatible(&self) -> bool {
        matches!(
            self,
            EmergencyType::Medical
                | EmergencyType::Fire
                | EmergencyType::Infrastructure
                | EmergencyType::General
        )
    }
}

impl TryFrom<String> for EmergencyType {
    type Error = Violation;

    fn try_from(name: String) -> Result<Self, Violation> {
        if let Some(known) = Self::KNOWN.into_iter().find(|known| known.name() == name) {
            return Ok(known);
        }
        super::id::check_name(&name)?;
        Ok(EmergencyType::Custom(name.into()))
    }
}

impl From<EmergencyType> for String {
    fn from(kind: EmergencyType) -> String {
        kind.name().to_owned()
    }
}

/// One active emergency.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Emergency {
    /// Its number in this run, shown as `emergency-1`.
    pub id: EmergencyId,
    /// What kind it is.
    #[serde(rename = "type")]
    pub kind: EmergencyType,
    /// Its level now.
    pub level: Level,
    /// Where, in words ("harbour district").
    pub place: Option<Rc<str>>,
    /// Where, on the plane.
    pub location: Option<Location>,
    /// How far it reaches from `location`, in metres.
    pub radius_m: Option<u32>,
    /// Who declared it.
    pub declared_by: Rc<str>,
    /// When it was declared, in µs.
    pub declared_us: u64,
}

/// Every active emergency under one version: what is older than what a process holds is ignored.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct EmergencyState {
    /// Counts the declarations, changes and clearings of this run.
    pub version: u32,
    /// The active ones, in the order they were declared.
    pub active: Vec<Emergency>,
}

impl EmergencyState {
    /// The level of the whole system: the highest of the active ones.
    pub fn level(&self) -> Level {
        self.active
            .iter()
            .map(|emergency| emergency.level)
            .max()
            .unwrap_or_default()
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for EmergencyType {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "EmergencyType".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let known = EmergencyType::KNOWN.map(|kind| kind.name().to_owned());
        schemars::json_schema!({
            "description": "What kind of emergency it is, which is also the capability that serves it: one of the examples, or a \
                name of your own.",
            "type": "string",
            "pattern": "^[a-z0-9_-]{1,40}$",
            "examples": known,
        })
    }
}
