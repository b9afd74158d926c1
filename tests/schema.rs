//! The JSON Schema of the formats agrees with the readers: what is valid for the one is for the other, but for what a
//! structure cannot say. And the files beside the page are what the types say.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::fs;
use std::path::{Path, PathBuf};

use jsonschema::Validator;
use rand_core::{RngCore, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;
use serde_json::{Value, json};

use triage::lesson::Lesson;
use triage::scenario;
use triage_cli::schema;
use triage_soak::generate;

fn validator(schema: &Value) -> Validator {
    jsonschema::validator_for(schema).unwrap()
}

fn is_scenario(document: &Value) -> Result<(), String> {
    let read = scenario::parse(&document.to_string());
    read.map(|_| ()).map_err(|errors| errors.to_string())
}

fn is_lesson(document: &Value) -> Result<(), String> {
    // Its scenario is read when it is played.
    let lesson = Lesson::parse(&document.to_string())?;
    let played = scenario::parse(&lesson.scenario);
    played.map(|_| ()).map_err(|errors| errors.to_string())
}

fn files(folder: &str) -> Vec<(PathBuf, Value)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let paths = fs::read_dir(folder)
        .unwrap()
        .map(|file| file.unwrap().path());
    let read = |path: PathBuf| {
        let value = serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
        (path, value)
    };
    let mut all: Vec<(PathBuf, Value)> = paths.map(read).collect();
    all.sort_by(|one, other| one.0.cmp(&other.0));
    all
}

fn scenarios() -> Vec<Value> {
    let files = files("public/scenarios").into_iter();
    files.map(|(_, scenario)| scenario).collect()
}

fn lessons() -> Vec<Value> {
    let files = files("public/lessons").into_iter();
    let lessons = files.filter(|(path, _)| !path.ends_with("index.json"));
    lessons.map(|(_, lesson)| lesson).collect()
}

#[test]
fn the_files_beside_the_page_are_what_the_types_say() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("public/schema");
    for (name, schema) in [
        ("scenario", schema::scenario()),
        ("lesson", schema::lesson()),
    ] {
        let file = fs::read_to_string(folder.join(name).with_extension("json")).unwrap();
        let written: Value = serde_json::from_str(&file).unwrap();
        assert!(
            written == schema,
            "./dev cli schema {name} --out public/schema/{name}.json"
        );
        jsonschema::meta::validate(&schema).unwrap();
    }
}

#[test]
fn whatever_comes_with_the_page_is_valid() {
    let (scenario, lesson) = (validator(&schema::scenario()), validator(&schema::lesson()));
    for one in scenarios() {
        let problems: Vec<String> = scenario
            .iter_errors(&one)
            .map(|it| it.to_string())
            .collect();
        assert!(problems.is_empty(), "{}: {problems:?}", one["name"]);
    }
    for one in lessons() {
        let problems: Vec<String> = lesson.iter_errors(&one).map(|it| it.to_string()).collect();
        assert!(problems.is_empty(), "{}: {problems:?}", one["name"]);
    }
    for seed in 0..200 {
        let one = serde_json::to_value(generate::scenario(seed)).unwrap();
        let problems: Vec<String> = scenario
            .iter_errors(&one)
            .map(|it| it.to_string())
            .collect();
        assert!(problems.is_empty(), "seed {seed}: {problems:?}");
    }
}

/// A scenario with everything in it, so that each field can be spoilt.
fn full() -> Value {
    json!({
        "$schema": "scenario.json",
        "format": 1, "name": "full", "title": "Full", "description": "All of it", "seed": 7, "duration_us": 60_000_000,
        "configuration": {
            "coordinators": 2, "discipline": {"weighted": {"ageing_us": 5}}, "routing_normal": "nearest",
            "routing_emergency": "two_choices", "detector": {"timeout": {"suspect_us": 5, "fail_us": 9}},
            "brake_percent": 50, "brake_hold_us": 5, "emergency_delivery": "causal", "heartbeat_us": 20_000,
            "heartbeat_jitter_percent": 5, "cold_start_us": 5, "wall_clock_offset_us": 5, "wall_clock_drift_ppm": 5,
            "network": {"latency_us": 500, "jitter_us": 5, "latency_ns_per_km": 5,
                "links": [{"from": "system", "to": "a", "latency_us": 50, "jitter_us": 5}]}
        },
        "principals": [{"name": "ada", "role": "operator"}],
        "executors": [{"id": "a", "capacity": 2, "capabilities": ["fire"], "location": {"x_m": -5, "y_m": 5}}],
        "workload": [{"name": "w", "type": "flood", "arrivals": {"fixed": {"every_us": 1_000_000}}, "from_us": 5,
            "until_us": 9_000_000, "work": {"min_us": 5, "max_us": 9}, "requirements": ["fire"], "execution": "hybrid"}],
        "commands": [
            {"at_us": 5, "principal": "ada", "action": {"submit_normal_job": {"name": "n", "work_us": 5,
                "requirements": ["fire"], "location": {"x_m": 1, "y_m": 1}, "target": "a", "execution": "serverless"}}},
            {"at_us": 5, "action": {"submit_emergency_job": {"type": "fire", "job": {"work_us": 5}}}},
            {"at_us": 5, "action": {"declare_emergency": {"type": "fire", "level": "HIGH", "place": "p",
                "location": {"x_m": 1, "y_m": 1}, "radius_m": 5}}},
            {"at_us": 5, "action": {"change_emergency": {"emergency": null, "level": "LOW"}}},
            {"at_us": 5, "action": {"slow": {"process": "a", "factor": 5}}},
            {"at_us": 5, "action": {"degrade_link": {"from": "*", "to": "a", "loss_percent": 5, "duplicate_percent": 5,
                "reorder_percent": 5, "delay_us": 5}}},
            {"at_us": 5, "action": {"split": {"group": ["a"]}}},
            {"at_us": 5, "action": {"unite": {}}}
        ]
    })
}

/// A lesson with everything in it.
fn full_lesson() -> Value {
    let step = |question: Value| {
        json!({"title": "t", "text": ["p"], "after": "kind:job_started", "view": "diagram",
            "look_at": [{"process": "a"}, {"slot": "kind:job_started"}, {"event": {"query": "kind:job_started", "hit": 2}},
                {"part": "stage"}],
            "do": {"say": "s", "command": {"crash": {"process": "a"}}, "until": "kind:executor_failed"},
            "question": question})
    };
    let to = "kind:job_started";
    json!({
        "lesson_format": 1, "name": "full", "title": "Full", "about": "All of it", "minutes": 5,
        "scenario": "basic-operation",
        "steps": [
            step(json!({"ask": "?", "about": {"relation": {"of": to, "to": to}}, "reveal": to, "then": "so"})),
            step(json!({"ask": "?", "about": {"count": {"relation": "before", "to": to, "among": to}}})),
            step(json!({"ask": "?", "about": {"who": {"of": to, "role": "executor"}}})),
            step(json!({"ask": "?", "about": {"targets": {"under": "fifo"}}})),
            step(json!({"ask": "?", "about": {"delay": {"from": to, "to": to, "bounds_ms": [1, 2]}}})),
        ]
    })
}

/// Every place in a document, as JSON pointers.
fn places(value: &Value, here: &str, all: &mut Vec<String>) {
    all.push(here.to_owned());
    match value {
        Value::Object(object) => {
            for (name, value) in object {
                places(value, &format!("{here}/{name}"), all);
            }
        }
        Value::Array(list) => {
            for (at, value) in list.iter().enumerate() {
                places(value, &format!("{here}/{at}"), all);
            }
        }
        _ => {}
    }
}

/// A document with one thing wrong at a place: left out, of another type, out of range, or with something unknown beside.
fn spoilt(document: &Value, place: &str, how: u64) -> Option<Value> {
    let mut spoilt = document.clone();
    let (parent, last) = place.rsplit_once('/')?;
    let there = spoilt.pointer_mut(place)?;
    match how {
        0 => *there = json!(true),
        1 => *there = json!("NO such Word"),
        2 => *there = json!(-1),
        3 => *there = json!(1.5),
        4 => *there = json!([]),
        5 => *there = json!({}),
        6 => *there = Value::Null,
        7 => *there = json!(99_999_999_999_999_u64),
        8 => *there = json!(0),
        9 => *there = json!(""),
        10 => *there = json!("x".repeat(90)),
        11 => match there {
            Value::Object(object) => drop(object.insert("unknown".to_owned(), json!(1))),
            Value::Array(list) => {
                let first = list.first()?.clone();
                list.extend(std::iter::repeat_n(first, 200));
            }
            _ => return None,
        },
        _ => match spoilt.pointer_mut(parent)? {
            Value::Object(object) => drop(object.remove(last)?),
            Value::Array(list) => drop(list.remove(last.parse().ok()?)),
            _ => return None,
        },
    }
    (spoilt != *document).then_some(spoilt)
}

/// What only the reader can tell: where in the document, and in which words. It refers to something else there, compares
/// two values of it, or is a language of its own.
const READER_ONLY: [(&str, &str); 13] = [
    ("", "there is no process"),
    ("", "there is no executor"),
    ("", "is already used"),
    ("scenario", "there is no built-in scenario"),
    ("jitter_us", "is above"),
    ("fail_us", "is below"),
    ("fail_phi_thousandths", "is below"),
    ("until_us", "is below"),
    ("max_us", "is below"),
    ("arrivals", "jobs are too many"),
    ("degrade_link", "are all 0"),
    ("bounds_ms", "ascending"),
    ("steps", "NO such Word"),
];

fn agree(
    what: &str,
    document: &Value,
    validator: &Validator,
    read: fn(&Value) -> Result<(), String>,
    hows: impl Iterator<Item = (String, u64)>,
) -> (u32, u32) {
    read(document).unwrap();
    assert!(validator.is_valid(document), "{what}");
    let (mut refused, mut taken) = (0, 0);
    for (place, how) in hows {
        let Some(spoilt) = spoilt(document, &place, how) else {
            continue;
        };
        let (read, valid) = (read(&spoilt), validator.is_valid(&spoilt));
        match (&read, valid) {
            (Ok(()), true) => taken += 1,
            (Err(_), false) => refused += 1,
            (Ok(()), false) => panic!("{what} {place} {how}: only the schema refuses {spoilt}"),
            (Err(reason), true) => assert!(
                READER_ONLY
                    .iter()
                    .any(|(place, words)| reason.contains(place) && reason.contains(words)),
                "{what} {place} {how}: only the reader refuses it: {reason}"
            ),
        }
    }
    (refused, taken)
}

#[test]
fn schema_and_reader_refuse_the_same_at_every_place_of_a_full_document() {
    let every = |document: &Value| {
        let mut all = Vec::new();
        places(document, "", &mut all);
        all.into_iter()
            .flat_map(|place| (0..=12).map(move |how| (place.clone(), how)))
    };
    let (document, schema) = (full(), validator(&schema::scenario()));
    let (refused, taken) = agree(
        "scenario",
        &document,
        &schema,
        is_scenario,
        every(&document),
    );
    assert!(
        refused > 800 && taken > 100,
        "{refused} refused, {taken} taken"
    );
    let (document, schema) = (full_lesson(), validator(&schema::lesson()));
    let (refused, taken) = agree("lesson", &document, &schema, is_lesson, every(&document));
    assert!(
        refused > 400 && taken > 30,
        "{refused} refused, {taken} taken"
    );
}

#[test]
fn schema_and_reader_agree_on_random_documents_with_a_random_fault() {
    let schema = validator(&schema::scenario());
    let mut random = Xoshiro256PlusPlus::seed_from_u64(11);
    for seed in 0..60 {
        let document = serde_json::to_value(generate::scenario(seed)).unwrap();
        let mut all = Vec::new();
        places(&document, "", &mut all);
        let some: Vec<(String, u64)> = (0..40)
            .map(|_| {
                let place = random.next_u64() as usize % all.len();
                (all[place].clone(), random.next_u64() % 13)
            })
            .collect();
        agree(
            &format!("seed {seed}"),
            &document,
            &schema,
            is_scenario,
            some.into_iter(),
        );
    }
}
