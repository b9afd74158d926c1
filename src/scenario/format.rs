//! The types of the format, field by field: names as they are in a file, and what may be left out.

use std::rc::Rc;

use super::Scenario;
use super::json::Json;
use super::reader::{Problem, Read, object, tagged, text, word};
use triage_engine::access::{Principal, Role};
use triage_engine::command::{Action, Command, ExecutorSpec, JobRequest};
use triage_engine::configuration::{Configuration, LinkConfiguration, NetworkConfiguration};
use triage_engine::emergency::{EmergencyType, Level};
use triage_engine::job::{Execution, Location};
use triage_engine::policy::delivery::EmergencyDelivery;
use triage_engine::policy::detector::{Detector, Preset};
use triage_engine::policy::discipline::Discipline;
use triage_engine::policy::phi::{Distribution, PhiAccrual};
use triage_engine::policy::routing::Routing;
use triage_engine::workload::{Arrivals, Work, Workload};

impl Read for Scenario {
    fn read(json: &Json) -> Result<Scenario, Problem> {
        object!(json => Scenario {
            "format" => format,
            "name" => name,
            "title" => title,
            "description" => description = String::new(),
            "seed" => seed = 1,
            "duration_us" => duration_us,
            "configuration" => configuration = Configuration::default(),
            "principals" => principals = Vec::new(),
            "executors" => executors,
            "workload" => workload = Vec::new(),
            "commands" => commands = Vec::new(),
        })
    }
}

impl Read for Configuration {
    fn read(json: &Json) -> Result<Configuration, Problem> {
        let usual = Configuration::default();
        let read: Result<Configuration, Problem> = object!(json => Configuration {
            "discipline" => discipline = usual.discipline,
            "routing_normal" => routing_normal = usual.routing_normal,
            "routing_emergency" => routing_emergency = usual.routing_emergency,
            "detector" => detector = usual.detector,
            "brake_percent" => brake_percent = usual.brake_percent,
            "brake_hold_us" => brake_hold_us = usual.brake_hold_us,
            "coordinators" => coordinators = usual.coordinators,
            "emergency_delivery" => emergency_delivery = usual.emergency_delivery,
            "heartbeat_us" => heartbeat_us = usual.heartbeat_us,
            "heartbeat_jitter_percent" => heartbeat_jitter_percent = usual.heartbeat_jitter_percent,
            "cold_start_us" => cold_start_us = usual.cold_start_us,
            "network" => network = usual.network,
            "wall_clock_offset_us" => wall_clock_offset_us = usual.wall_clock_offset_us,
            "wall_clock_drift_ppm" => wall_clock_drift_ppm = usual.wall_clock_drift_ppm,
        });
        let mut read = read?;
        // The detector of a real system comes with that system's heartbeats.
        let is_given = matches!(json, Json::Object(entries)
            if entries.iter().any(|(name, _)| name == "heartbeat_us"));
        if let Some(heartbeat_us) = read.detector.heartbeat_us().filter(|_| !is_given) {
            read.heartbeat_us = heartbeat_us;
        }
        Ok(read)
    }
}

impl Read for NetworkConfiguration {
    fn read(json: &Json) -> Result<NetworkConfiguration, Problem> {
        let usual = NetworkConfiguration::default();
        object!(json => NetworkConfiguration {
            "latency_us" => latency_us = usual.latency_us,
            "jitter_us" => jitter_us = usual.jitter_us,
            "latency_ns_per_km" => latency_ns_per_km = usual.latency_ns_per_km,
            "links" => links = usual.links,
        })
    }
}

impl Read for LinkConfiguration {
    fn read(json: &Json) -> Result<LinkConfiguration, Problem> {
        object!(json => LinkConfiguration {
            "from" => from,
            "to" => to,
            "latency_us" => latency_us,
            "jitter_us" => jitter_us = 0,
        })
    }
}

impl Read for Discipline {
    fn read(json: &Json) -> Result<Discipline, Problem> {
        if let Json::Object(_) = json {
            return tagged(
                json,
                &["weighted"],
                |_, json| object!(json => Discipline::Weighted { "ageing_us" => ageing_us }),
            );
        }
        let all = [Discipline::Strict, Discipline::Fifo];
        Ok(all[word(json, &["strict", "fifo"])?])
    }
}

impl Read for EmergencyDelivery {
    fn read(json: &Json) -> Result<EmergencyDelivery, Problem> {
        let all = EmergencyDelivery::ALL;
        Ok(all[word(json, &all.map(EmergencyDelivery::name))?])
    }
}

impl Read for Routing {
    fn read(json: &Json) -> Result<Routing, Problem> {
        let all = Routing::ALL;
        Ok(all[word(json, &all.map(Routing::name))?])
    }
}

impl Read for Detector {
    fn read(json: &Json) -> Result<Detector, Problem> {
        let known = ["timeout", "phi_accrual", "preset"];
        tagged(json, &known, |name, json| match name {
            "timeout" => {
                object!(json => Detector::Timeout { "suspect_us" => suspect_us, "fail_us" => fail_us })
            }
            "phi_accrual" => Read::read(json).map(Detector::PhiAccrual),
            _ => {
                let all = Preset::ALL;
                Ok(Detector::Preset(all[word(json, &all.map(Preset::name))?]))
            }
        })
    }
}

impl Read for PhiAccrual {
    fn read(json: &Json) -> Result<PhiAccrual, Problem> {
        let usual = PhiAccrual::default();
        object!(json => PhiAccrual {
            "suspect_phi_thousandths" => suspect_phi_thousandths = usual.suspect_phi_thousandths,
            "fail_phi_thousandths" => fail_phi_thousandths = usual.fail_phi_thousandths,
            "window" => window = usual.window,
            "distribution" => distribution = usual.distribution,
            "deviation_us_min" => deviation_us_min = usual.deviation_us_min,
            "pause_us" => pause_us = usual.pause_us,
            "first_us" => first_us = usual.first_us,
        })
    }
}

impl Read for Distribution {
    fn read(json: &Json) -> Result<Distribution, Problem> {
        let all = [Distribution::Normal, Distribution::Exponential];
        Ok(all[word(json, &["normal", "exponential"])?])
    }
}

impl Read for Principal {
    fn read(json: &Json) -> Result<Principal, Problem> {
        object!(json => Principal { "name" => name, "role" => role })
    }
}

impl Read for Role {
    fn read(json: &Json) -> Result<Role, Problem> {
        Ok(Role::ALL[word(json, &Role::ALL.map(Role::name))?])
    }
}

impl Read for ExecutorSpec {
    fn read(json: &Json) -> Result<ExecutorSpec, Problem> {
        object!(json => ExecutorSpec {
            "id" => id,
            "capacity" => capacity,
            "capabilities" => capabilities = Vec::new(),
            "location" => location = None,
        })
    }
}

impl Read for Location {
    fn read(json: &Json) -> Result<Location, Problem> {
        object!(json => Location { "x_m" => x_m, "y_m" => y_m })
    }
}

impl Read for Workload {
    fn read(json: &Json) -> Result<Workload, Problem> {
        object!(json => Workload {
            "name" => name,
            "type" => kind = None,
            "arrivals" => arrivals,
            "from_us" => from_us = 0,
            "until_us" => until_us,
            "work" => work,
            "requirements" => requirements = Vec::new(),
            "execution" => execution = Execution::default(),
        })
    }
}

impl Read for Arrivals {
    fn read(json: &Json) -> Result<Arrivals, Problem> {
        tagged(json, &["fixed", "poisson"], |name, json| match name {
            "fixed" => object!(json => Arrivals::Fixed { "every_us" => every_us }),
            _ => object!(json => Arrivals::Poisson { "mean_us" => mean_us }),
        })
    }
}

impl Read for Work {
    fn read(json: &Json) -> Result<Work, Problem> {
        object!(json => Work { "min_us" => min_us, "max_us" => max_us })
    }
}

impl Read for Execution {
    fn read(json: &Json) -> Result<Execution, Problem> {
        let all = [
            Execution::Traditional,
            Execution::Serverless,
            Execution::Hybrid,
        ];
        Ok(all[word(json, &["traditional", "serverless", "hybrid"])?])
    }
}

impl Read for Level {
    fn read(json: &Json) -> Result<Level, Problem> {
        let all = [
            Level::None,
            Level::Low,
            Level::Medium,
            Level::High,
            Level::Critical,
        ];
        Ok(all[word(json, &all.map(Level::name))?])
    }
}

impl Read for EmergencyType {
    fn read(json: &Json) -> Result<EmergencyType, Problem> {
        EmergencyType::try_from(text(json)?.to_owned())
            .map_err(|problem| Problem::new(triage_labels::violation(&problem)))
    }
}

impl Read for Command {
    fn read(json: &Json) -> Result<Command, Problem> {
        object!(json => Command {
            "at_us" => at_us = 0,
            "principal" => principal = "commander".into(),
            "action" => action,
        })
    }
}

impl Read for JobRequest {
    fn read(json: &Json) -> Result<JobRequest, Problem> {
        object!(json => JobRequest {
            "name" => name = None,
            "work_us" => work_us,
            "requirements" => requirements = Vec::new(),
            "location" => location = None,
            "target" => target = None,
            "execution" => execution = Execution::default(),
        })
    }
}

/// The names of all actions.
const ACTIONS: [&str; 21] = [
    "submit_normal_job",
    "submit_emergency_job",
    "declare_emergency",
    "change_emergency",
    "clear_emergency",
    "add_executor",
    "drain_executor",
    "remove_executor",
    "crash",
    "restart",
    "hang",
    "resume",
    "slow",
    "partition",
    "heal",
    "degrade_link",
    "restore_link",
    "forge_clock",
    "split",
    "unite",
    "run_heartbeat_cycle",
];

impl Read for Action {
    fn read(json: &Json) -> Result<Action, Problem> {
        tagged(json, &ACTIONS, action)
    }
}

fn action(name: &str, json: &Json) -> Result<Action, Problem> {
    match name {
        "submit_normal_job" => Read::read(json).map(Action::SubmitNormalJob),
        "submit_emergency_job" => {
            object!(json => Action::SubmitEmergencyJob { "type" => kind, "job" => job })
        }
        "declare_emergency" => object!(json => Action::DeclareEmergency {
            "type" => kind,
            "level" => level,
            "place" => place = None,
            "location" => location = None,
            "radius_m" => radius_m = None,
        }),
        "change_emergency" => {
            object!(json => Action::ChangeEmergency { "emergency" => emergency = None, "level" => level })
        }
        "clear_emergency" => {
            object!(json => Action::ClearEmergency { "emergency" => emergency = None })
        }
        "add_executor" => Read::read(json).map(Action::AddExecutor),
        "drain_executor" => object!(json => Action::DrainExecutor { "executor" => executor }),
        "remove_executor" => object!(json => Action::RemoveExecutor { "executor" => executor }),
        "crash" => object!(json => Action::Crash { "process" => process }),
        "restart" => object!(json => Action::Restart { "process" => process }),
        "hang" => object!(json => Action::Hang { "process" => process }),
        "resume" => object!(json => Action::Resume { "process" => process }),
        "slow" => object!(json => Action::Slow { "process" => process, "factor" => factor }),
        "partition" => object!(json => Action::Partition { "process" => process }),
        "heal" => object!(json => Action::Heal { "process" => process }),
        "degrade_link" => object!(json => Action::DegradeLink {
            "from" => from = Rc::from("*"),
            "to" => to = Rc::from("*"),
            "loss_percent" => loss_percent = 0,
            "duplicate_percent" => duplicate_percent = 0,
            "reorder_percent" => reorder_percent = 0,
            "delay_us" => delay_us = 0,
        }),
        "restore_link" => object!(json => Action::RestoreLink {
            "from" => from = Rc::from("*"),
            "to" => to = Rc::from("*"),
        }),
        "forge_clock" => object!(json => Action::ForgeClock { "from" => from, "to" => to }),
        "split" => object!(json => Action::Split { "group" => group }),
        "unite" => object!(json => Action::Unite {}),
        _ => object!(json => Action::RunHeartbeatCycle {}),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{library, parse};

    /// One of each, in the order of `ACTIONS`.
    fn actions() -> Vec<Action> {
        let job = JobRequest {
            name: Some("a".into()),
            work_us: 1,
            requirements: vec!["fire".into()],
            location: Some(Location { x_m: -3, y_m: 4 }),
            target: Some("b".into()),
            execution: Execution::Hybrid,
        };
        let spec = ExecutorSpec {
            id: "b".into(),
            capacity: 2,
            capabilities: vec!["fire".into()],
            location: None,
        };
        let process = || "b".into();
        vec![
            Action::SubmitNormalJob(job.clone()),
            Action::SubmitEmergencyJob {
                kind: EmergencyType::Custom("flood".into()),
                job,
            },
            Action::DeclareEmergency {
                kind: EmergencyType::Fire,
                level: Level::Critical,
                place: Some("harbour".into()),
                location: Some(Location { x_m: 1, y_m: 2 }),
                radius_m: Some(7),
            },
            Action::ChangeEmergency {
                emergency: Some("emergency-1".into()),
                level: Level::Low,
            },
            Action::ClearEmergency { emergency: None },
            Action::AddExecutor(spec),
            Action::DrainExecutor {
                executor: "b".into(),
            },
            Action::RemoveExecutor {
                executor: "b".into(),
            },
            Action::Crash { process: process() },
            Action::Restart { process: process() },
            Action::Hang { process: process() },
            Action::Resume { process: process() },
            Action::Slow {
                process: process(),
                factor: 3,
            },
            Action::Partition { process: process() },
            Action::Heal { process: process() },
            Action::DegradeLink {
                from: "*".into(),
                to: process(),
                loss_percent: 10,
                duplicate_percent: 20,
                reorder_percent: 30,
                delay_us: 4_000,
            },
            Action::RestoreLink {
                from: "*".into(),
                to: process(),
            },
            Action::ForgeClock {
                from: process(),
                to: "recovery".into(),
            },
            Action::Split {
                group: vec![process(), "recovery".into()],
            },
            Action::Unite {},
            Action::RunHeartbeatCycle {},
        ]
    }

    #[test]
    fn every_action_is_read_as_it_is_written() {
        assert_eq!(actions().len(), ACTIONS.len());
        for (action, name) in actions().into_iter().zip(ACTIONS) {
            let written = serde_json::to_value(&action).unwrap();
            assert!(written.get(name).is_some(), "{name}: {written}");
            let json = format!(r#"{{"action": {written}}}"#);
            assert_eq!(crate::parse_command(&json).unwrap().action, action);
        }
    }

    #[test]
    fn every_built_in_scenario_is_read_as_it_is_written() {
        for built_in in library() {
            let mut scenario = parse(built_in.json).unwrap();
            scenario.configuration.discipline = Discipline::Weighted { ageing_us: 9 };
            scenario.configuration.routing_normal = Routing::Capability;
            scenario.configuration.wall_clock_drift_ppm = 7;
            scenario
                .configuration
                .network
                .links
                .push(LinkConfiguration {
                    from: "system".into(),
                    to: "recovery".into(),
                    latency_us: 9,
                    jitter_us: 1,
                });
            let presets = Preset::ALL.map(Detector::Preset);
            let phi = PhiAccrual {
                distribution: Distribution::Exponential,
                ..PhiAccrual::default()
            };
            let others = [Detector::default(), Detector::PhiAccrual(phi)];
            for detector in presets.into_iter().chain(others) {
                scenario.configuration.detector = detector;
                let written = serde_json::to_string(&scenario).unwrap();
                assert_eq!(parse(&written).unwrap(), scenario);
            }
        }
    }
}
