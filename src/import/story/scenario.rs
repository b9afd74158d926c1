//! The scenario of a story: its commands, and stations and work that are invented for them.

use std::rc::Rc;

use super::BEGIN_US;
use super::place::{location, middle_of, on_plane};
use super::telling::{Declared, Step, spoken};
use crate::alerts::Alert;
use triage_engine::command::{Action, Command, ExecutorSpec};
use triage_engine::configuration::Configuration;
use triage_engine::emergency::EmergencyType;
use triage_engine::job::{Execution, Location};
use triage_engine::workload::{Arrivals, Work, Workload};
use triage_scenario::{FORMAT, Scenario};

/// What remains to be seen after the last command, in µs.
const AFTER_US: u64 = 15_000_000;

/// The scenario of what alerts do; `source` is what their file is called.
pub fn scenario(
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
        1 => "at the original speed".to_owned(),
        scale => format!("{scale} seconds in one second"),
    };
    Scenario {
        format: FORMAT,
        name: name(source),
        title,
        description: format!(
            "Exercise. Made from {} public alerts from {source}, {pace}. Executors and jobs are invented; no alert is sent to \
             anyone.",
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
