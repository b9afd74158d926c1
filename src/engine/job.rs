//! Jobs: what a person asks the system to do.

use std::rc::Rc;

use serde::Serialize;
use strum::IntoStaticStr;

use super::emergency::EmergencyType;
use super::id::JobId;

/// A point on the plane, in metres. Distance adds to latency (`network`) and breaks ties in routing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Location {
    /// East of the origin, in metres.
    pub x_m: i32,
    /// North of the origin, in metres.
    pub y_m: i32,
}

impl Location {
    /// The straight distance in whole metres, rounded down.
    pub fn distance_m(self, other: Location) -> u64 {
        let dx = i64::from(self.x_m).abs_diff(i64::from(other.x_m));
        let dy = i64::from(self.y_m).abs_diff(i64::from(other.y_m));
        (dx * dx + dy * dy).isqrt()
    }
}

/// The two classes that priority tells apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Class {
    /// Everyday work.
    Normal,
    /// Work that takes precedence.
    Emergency,
}

impl Class {
    /// The word used in traces and on the screen.
    pub fn name(self) -> &'static str {
        match self {
            Class::Normal => "normal",
            Class::Emergency => "emergency",
        }
    }
}

/// How an executor runs a job.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Execution {
    /// In a resident process: no cold start.
    #[default]
    Traditional,
    /// As a function: pays a cold start unless it is warm on that executor.
    Serverless,
    /// As a function where one is warm, else in the resident process: never pays a cold start,
    /// and never warms anything.
    Hybrid,
}

/// A job as it was submitted; never changes afterwards.
#[derive(Clone, Debug, PartialEq)]
pub struct Job {
    /// Its number in this run.
    pub id: JobId,
    /// What people call it.
    pub name: Rc<str>,
    /// The emergency it serves; `None` for a normal job.
    pub emergency: Option<EmergencyType>,
    /// How long it keeps a slot on an executor at normal speed, in µs.
    pub work_us: u64,
    /// Capabilities an executor must have to run it.
    pub requirements: Vec<Rc<str>>,
    /// Where it is needed.
    pub location: Option<Location>,
    /// The only executor that may run it, by name.
    pub target: Option<Rc<str>>,
    /// How it runs.
    pub execution: Execution,
}

impl Job {
    /// Normal or emergency.
    pub fn class(&self) -> Class {
        if self.emergency.is_some() {
            Class::Emergency
        } else {
            Class::Normal
        }
    }

    /// The function a serverless run of this job warms up: one for each emergency type, one for normal work.
    pub fn function(&self) -> &str {
        self.emergency
            .as_ref()
            .map_or("normal", EmergencyType::name)
    }
}

/// Why no executor of the run could ever run a job.
#[derive(Clone, Debug, PartialEq, Eq, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum JobRefusal {
    /// There is no executor at all.
    NoExecutor,
    /// No executor has the name of its target.
    NoSuchExecutor {
        /// The target.
        target: Rc<str>,
    },
    /// Its target lacks something, or does not exist.
    TargetLacks {
        /// The target.
        target: Rc<str>,
        /// What the job requires.
        requirements: Vec<Rc<str>>,
    },
    /// No executor has all that it requires.
    RequirementsUnmet {
        /// What the job requires.
        requirements: Vec<Rc<str>>,
    },
}

impl JobRefusal {
    /// Why a job that nobody could run is refused.
    pub fn of(job: &Job) -> JobRefusal {
        let requirements = job.requirements.clone();
        match (&job.target, requirements.is_empty()) {
            (None, true) => JobRefusal::NoExecutor,
            (None, false) => JobRefusal::RequirementsUnmet { requirements },
            (Some(target), true) => JobRefusal::NoSuchExecutor {
                target: Rc::clone(target),
            },
            (Some(target), false) => JobRefusal::TargetLacks {
                target: Rc::clone(target),
                requirements,
            },
        }
    }

    /// The code used in traces (`reason`).
    pub fn code(&self) -> &'static str {
        self.into()
    }
}
