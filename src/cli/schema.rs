//! The JSON Schema (draft 2020-12) of scenarios and lessons, generated from the types that are read into. What the types
//! cannot say stands here: what may be left out and what it then is, and which bounds of validation hold where.
//! `tests/schema.rs` holds both against the readers.

use std::ops::RangeInclusive;

use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde_json::{Value, json};

use triage_engine::bounds::{
    CAPABILITIES_MAX, CAPACITY, DELAY_US_MAX, EXECUTORS_MAX, JOB_NAME_CHARACTERS_MAX, PERCENT,
    SLOW_FACTOR, WORK_US,
};
use triage_engine::configuration::{Configuration, NetworkConfiguration};
use triage_engine::policy::phi::PhiAccrual;
use triage_lesson::{LESSON_FORMAT, PARTS, VIEWS, format};
use triage_scenario::bounds::{self, DURATION_US_MAX};
use triage_scenario::{FORMAT, Scenario};

/// A name, as `check_name` has it.
const NAME: &str = "^[a-z0-9_-]{1,40}$";
/// A name of a lesson.
const LESSON_NAME: &str = "^[a-z0-9-]{1,40}$";

/// The schema of a scenario.
pub fn scenario() -> Value {
    finished::<Scenario>("A scenario of Triage", "format")
}

/// The schema of a lesson.
pub fn lesson() -> Value {
    finished::<format::File>("A lesson of Triage", "lesson_format")
}

fn finished<T: JsonSchema>(title: &str, version: &str) -> Value {
    let settings = SchemaSettings::draft2020_12().for_deserialize();
    let mut schema = settings
        .into_generator()
        .into_root_schema_for::<T>()
        .to_value();
    close(&mut schema);
    refine(&mut schema);
    if let Some(root) = schema.as_object_mut() {
        root.insert("title".into(), title.into());
        if let Some(Value::Object(properties)) = root.get_mut("properties") {
            let reads = if version == "format" {
                FORMAT
            } else {
                LESSON_FORMAT
            };
            properties[version]["const"] = reads.into();
            let hint = json!({ "type": "string", "description": "Location of this schema, for text editors. Triage ignores it." });
            properties.insert("$schema".into(), hint);
        }
    }
    schema
}

/// Objects have the fields that they have, and a description is what stands before the first heading, in one line.
fn close(schema: &mut Value) {
    match schema {
        Value::Object(object) => {
            if let Some(Value::String(words)) = object.get_mut("description") {
                let first = words.split("\n\n#").next().unwrap_or_default();
                *words = first
                    .replace('\n', " ")
                    .replace("[`", "`")
                    .replace("`]", "`");
            }
            if object.contains_key("properties") || object.get("type") == Some(&"object".into()) {
                object.insert("additionalProperties".into(), false.into());
            }
            let whole = match object.get("format").and_then(Value::as_str) {
                Some("int32") => Some((i64::from(i32::MIN), i64::from(i32::MAX))),
                Some("uint32") => Some((0, i64::from(u32::MAX))),
                Some("uint16") => Some((0, i64::from(u16::MAX))),
                _ => None,
            };
            if let Some((least, most)) = whole {
                object.insert("minimum".into(), least.into());
                object.insert("maximum".into(), most.into());
            }
            object.values_mut().for_each(close);
        }
        Value::Array(list) => list.iter_mut().for_each(close),
        _ => {}
    }
}

/// Bounds of whole numbers, by definition and field. Where a bound is another field of the same file, what it can be at
/// most.
fn bounds() -> Vec<(&'static str, RangeInclusive<u64>)> {
    let phi = bounds::PHI_THOUSANDTHS_MAX;
    vec![
        ("Scenario.duration_us", bounds::DURATION_US),
        ("Configuration.coordinators", bounds::COORDINATORS),
        ("Configuration.brake_percent", PERCENT),
        ("Configuration.brake_hold_us", bounds::BRAKE_HOLD_US),
        ("Configuration.heartbeat_us", bounds::HEARTBEAT_US),
        (
            "Configuration.heartbeat_jitter_percent",
            bounds::HEARTBEAT_JITTER_PERCENT,
        ),
        ("Configuration.cold_start_us", bounds::COLD_START_US),
        (
            "Configuration.wall_clock_offset_us",
            bounds::WALL_CLOCK_OFFSET_US,
        ),
        (
            "Configuration.wall_clock_drift_ppm",
            bounds::WALL_CLOCK_DRIFT_PPM,
        ),
        ("Discipline.weighted.ageing_us", bounds::AGEING_US),
        ("Detector.timeout.suspect_us", bounds::SUSPECT_US),
        ("Detector.timeout.fail_us", 2..=bounds::FAIL_US_MAX),
        ("PhiAccrual.suspect_phi_thousandths", 1..=phi - 1),
        ("PhiAccrual.fail_phi_thousandths", 2..=phi),
        ("PhiAccrual.window", bounds::PHI_WINDOW),
        ("PhiAccrual.deviation_us_min", bounds::PHI_DEVIATION_US),
        ("PhiAccrual.pause_us", bounds::PHI_PAUSE_US),
        ("PhiAccrual.first_us", bounds::PHI_FIRST_US),
        ("NetworkConfiguration.latency_us", bounds::LATENCY_US),
        ("NetworkConfiguration.jitter_us", 0..=bounds::LATENCY_US_MAX),
        (
            "NetworkConfiguration.latency_ns_per_km",
            bounds::LATENCY_NS_PER_KM,
        ),
        ("LinkConfiguration.latency_us", bounds::LATENCY_US),
        ("LinkConfiguration.jitter_us", 0..=bounds::LATENCY_US_MAX),
        ("ExecutorSpec.capacity", CAPACITY),
        ("Arrivals.fixed.every_us", bounds::ARRIVALS_US),
        ("Arrivals.poisson.mean_us", bounds::ARRIVALS_US),
        ("Workload.until_us", 1..=DURATION_US_MAX),
        ("Workload.from_us", 0..=DURATION_US_MAX - 1),
        ("Work.min_us", WORK_US),
        ("Work.max_us", WORK_US),
        ("Command.at_us", bounds::MOMENT_US),
        ("JobRequest.work_us", WORK_US),
        ("Action.slow.factor", SLOW_FACTOR),
        ("Action.degrade_link.loss_percent", PERCENT),
        ("Action.degrade_link.duplicate_percent", PERCENT),
        ("Action.degrade_link.reorder_percent", PERCENT),
        ("Action.degrade_link.delay_us", 0..=DELAY_US_MAX),
    ]
}

/// Lengths of texts, in characters, and of lists; without a most where there is none.
fn lengths() -> Vec<(&'static str, usize, Option<usize>)> {
    let title = bounds::TITLE_CHARACTERS_MAX;
    let workload_name = bounds::WORKLOAD_NAME_CHARACTERS_MAX;
    vec![
        ("Scenario.title", 1, Some(title)),
        ("Scenario.principals", 0, Some(bounds::PRINCIPALS_MAX)),
        ("Scenario.executors", 1, Some(EXECUTORS_MAX)),
        ("Workload.name", 1, Some(workload_name)),
        ("Workload.requirements", 0, Some(CAPABILITIES_MAX)),
        ("JobRequest.name", 0, Some(JOB_NAME_CHARACTERS_MAX)),
        ("JobRequest.requirements", 0, Some(CAPABILITIES_MAX)),
        ("ExecutorSpec.capabilities", 0, Some(CAPABILITIES_MAX)),
        ("File.steps", 1, None),
        ("About.delay.bounds_ms", 1, None),
    ]
}

/// Texts that are names.
const NAMES: [(&str, &str); 5] = [
    ("Scenario.name", NAME),
    ("ExecutorSpec.id", NAME),
    ("Principal.name", NAME),
    ("Command.principal", NAME),
    ("File.name", LESSON_NAME),
];

/// Lists of capabilities.
const CAPABILITIES: [&str; 3] = [
    "ExecutorSpec.capabilities",
    "Workload.requirements",
    "JobRequest.requirements",
];

/// What stands where a field is left out.
fn defaults() -> Vec<(&'static str, Value)> {
    let everybody = || Value::from("*");
    let nothing = || Value::from(0);
    let mut all = vec![
        ("Scenario.description", "".into()),
        ("Scenario.seed", 1.into()),
        ("Scenario.configuration", json!({})),
        ("Scenario.principals", json!([])),
        ("Scenario.workload", json!([])),
        ("Scenario.commands", json!([])),
        ("LinkConfiguration.jitter_us", nothing()),
        ("ExecutorSpec.capabilities", json!([])),
        ("Workload.from_us", nothing()),
        ("Workload.requirements", json!([])),
        ("Workload.execution", "traditional".into()),
        ("Command.at_us", nothing()),
        ("Command.principal", "commander".into()),
        ("JobRequest.requirements", json!([])),
        ("JobRequest.execution", "traditional".into()),
        ("Action.degrade_link.from", everybody()),
        ("Action.degrade_link.to", everybody()),
        ("Action.degrade_link.loss_percent", nothing()),
        ("Action.degrade_link.duplicate_percent", nothing()),
        ("Action.degrade_link.reorder_percent", nothing()),
        ("Action.degrade_link.delay_us", nothing()),
        ("Action.restore_link.from", everybody()),
        ("Action.restore_link.to", everybody()),
        ("File.minutes", 5.into()),
        ("Step.arrows", json!([])),
        ("Step.look_at", json!([])),
        ("Question.then", "".into()),
    ];
    let usual = [
        ("Configuration", json!(Configuration::default())),
        (
            "NetworkConfiguration",
            json!(NetworkConfiguration::default()),
        ),
        ("PhiAccrual", json!(PhiAccrual::default())),
    ];
    for (definition, usual) in usual {
        let Value::Object(fields) = usual else {
            continue;
        };
        for (field, value) in fields {
            // Addresses live as long as the program; there are a few dozen.
            let address: &'static str =
                Box::leak([definition, ".", &field].concat().into_boxed_str());
            all.push((address, value));
        }
    }
    all
}

/// Puts in what types cannot say. A definition that is not in this schema is skipped; a field that its definition lacks
/// is a name that was changed elsewhere, and panics.
fn refine(schema: &mut Value) {
    for (address, bounds) in bounds() {
        if let Some(field) = field(schema, address) {
            field["minimum"] = (*bounds.start()).into();
            field["maximum"] = (*bounds.end()).into();
        }
    }
    for (address, least, most) in lengths() {
        if let Some(field) = field(schema, address) {
            let is_list = field["type"] == "array";
            let (min, max) = if is_list {
                ("minItems", "maxItems")
            } else {
                ("minLength", "maxLength")
            };
            field[min] = least.into();
            if let Some(most) = most {
                field[max] = most.into();
            }
        }
    }
    for (address, pattern) in NAMES {
        if let Some(field) = field(schema, address) {
            field["pattern"] = pattern.into();
        }
    }
    for address in CAPABILITIES {
        if let Some(field) = field(schema, address) {
            field["items"]["pattern"] = NAME.into();
            field["uniqueItems"] = true.into();
        }
    }
    for address in [
        "Action.declare_emergency.level",
        "Action.change_emergency.level",
    ] {
        if let Some(field) = field(schema, address) {
            field["not"] = json!({ "const": "NONE" });
        }
    }
    if let Some(part) = field(schema, "Highlight.part") {
        let parts = PARTS.map(|(name, _)| name);
        *part = json!({ "description": "A part of the page.", "enum": parts });
    }
    if let Some(view) = field(schema, "Step.view") {
        view["enum"] = VIEWS
            .iter()
            .map(|view| Value::from(*view))
            .chain([Value::Null])
            .collect();
    }
    for (address, value) in defaults() {
        if let Some(field) = field(schema, address) {
            field["default"] = value;
        }
        if let Some(Value::Array(required)) =
            owner(schema, address).and_then(|owner| owner.get_mut("required"))
        {
            let name = address.rsplit('.').next().unwrap_or_default();
            required.retain(|field| field != name);
        }
    }
}

/// The schema of a field, by its address: `Work.min_us`, `Action.slow.factor`.
fn field<'a>(schema: &'a mut Value, address: &str) -> Option<&'a mut Value> {
    let name = address.rsplit('.').next()?;
    let properties = owner(schema, address)?.get_mut("properties")?;
    let field = properties.get_mut(name);
    Some(field.unwrap_or_else(|| panic!("{address}: the type has no such field")))
}

/// The schema of the object that has the field.
fn owner<'a>(schema: &'a mut Value, address: &str) -> Option<&'a mut Value> {
    let steps: Vec<&str> = address.split('.').collect();
    let (definition, variant) = match steps.as_slice() {
        [definition, _] => (*definition, None),
        [definition, variant, _] => (*definition, Some(*variant)),
        _ => return None,
    };
    let mut place = if schema["title"] == definition {
        schema
    } else {
        schema.get_mut("$defs")?.get_mut(definition)?
    };
    if place.get("properties").is_none() || variant.is_some() {
        // One of several forms: the one that has the variant, or the field.
        let wanted = variant.unwrap_or(*steps.last()?);
        place = place["oneOf"]
            .as_array_mut()?
            .iter_mut()
            .find(|form| form["properties"].get(wanted).is_some())
            .unwrap_or_else(|| panic!("{address}: the type has no such variant or field"));
    }
    match variant {
        Some(variant) => place.get_mut("properties")?.get_mut(variant),
        None => Some(place),
    }
}
