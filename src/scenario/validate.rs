//! Values that no run can have, each said with its path.

use std::ops::RangeInclusive;
use std::rc::Rc;

use triage_engine::access::{Principal, Role};
use triage_engine::bounds::{
    EXECUTORS_MAX, Invalid, PERCENT, SLOW_FACTOR, WORK_US, WORK_US_MAX, check_capabilities,
    check_executor, check_job, check_link_fault, check_range,
};
use triage_engine::command::{Action, Command, ExecutorSpec};
use triage_engine::configuration::Configuration;
use triage_engine::emergency::Level;
use triage_engine::id::check_name;
use triage_engine::network::LinkFault;
use triage_engine::policy::detector::Detector;
use triage_engine::policy::phi::PhiAccrual;
use triage_engine::sorted::SortedSet;
use triage_engine::workload::{Arrivals, Workload};
use triage_labels::{invalid, violation};
use triage_language::{say, tr};

use super::bounds::{self, DURATION_US_MAX, PRINCIPALS_MAX};
use super::{FORMAT, Scenario};

/// More arrivals than this from one workload would not fit in a browser tab.
const ARRIVALS_MAX: u64 = 1_000_000;

/// What is wrong, in the order of the file.
pub fn problems(scenario: &Scenario) -> Vec<String> {
    let mut found = Problems::default();
    if scenario.format != FORMAT {
        let format = scenario.format;
        found.add(
            "format",
            tr!(
                "{format} is not supported: this page reads format {known}",
                format = format,
                known = FORMAT
            ),
        );
    }
    if let Err(reason) = check_name(&scenario.name) {
        found.add("name", violation(&reason));
    }
    if scenario.title.is_empty() || scenario.title.chars().count() > bounds::TITLE_CHARACTERS_MAX {
        found.add("title", say("needs 1 to 80 characters").to_owned());
    }
    found.range("duration_us", scenario.duration_us, &bounds::DURATION_US);
    configuration(&scenario.configuration, &mut found);
    principals(&scenario.principals, &mut found);
    let known = Names::of(scenario);
    executors(&scenario.executors, &known, &mut found);
    for (index, load) in scenario.workload.iter().enumerate() {
        workload(index, load, &mut found);
    }
    for (index, one) in scenario.commands.iter().enumerate() {
        command(index, one, &known, &mut found);
    }
    links(scenario, &known, &mut found);
    found.list
}

/// What is wrong with one of the commands, first of all.
pub fn command_problem(scenario: &Scenario, index: usize) -> Option<String> {
    let mut found = Problems::default();
    let one = scenario.commands.get(index)?;
    command(index, one, &Names::of(scenario), &mut found);
    found.list.into_iter().next()
}

fn command(index: usize, command: &Command, known: &Names<'_>, found: &mut Problems) {
    let path = format!("commands[{index}]");
    found.range(&format!("{path}.at_us"), command.at_us, &bounds::MOMENT_US);
    // Who is unknown is denied when the time comes, which is worth showing.
    if let Err(reason) = check_name(&command.principal) {
        found.add(&format!("{path}.principal"), violation(&reason));
    }
    action(&format!("{path}.action"), &command.action, known, found);
}

#[derive(Default)]
struct Problems {
    list: Vec<String>,
}

impl Problems {
    fn add(&mut self, path: &str, reason: String) {
        self.list.push(format!("{path}: {reason}"));
    }

    fn invalid(&mut self, path: &str, reason: &Invalid) {
        self.list.push(format!("{path}.{}", invalid(reason)));
    }

    fn range(&mut self, path: &str, value: u64, bounds: &RangeInclusive<u64>) {
        if let Err(reason) = check_range(value, bounds) {
            self.add(path, violation(&reason));
        }
    }
}

fn configuration(configuration: &Configuration, found: &mut Problems) {
    let Configuration {
        detector,
        heartbeat_us,
        cold_start_us,
        network,
        ..
    } = configuration;
    if let Some(ageing_us) = configuration.discipline.ageing_us() {
        let path = "configuration.discipline.weighted.ageing_us";
        found.range(path, ageing_us, &bounds::AGEING_US);
    }
    match *detector {
        Detector::Timeout {
            suspect_us,
            fail_us,
        } => {
            let path = "configuration.detector.timeout";
            found.range(
                &format!("{path}.suspect_us"),
                suspect_us,
                &bounds::SUSPECT_US,
            );
            let later = suspect_us.saturating_add(1)..=bounds::FAIL_US_MAX;
            found.range(&format!("{path}.fail_us"), fail_us, &later);
        }
        Detector::PhiAccrual(phi) => phi_accrual(phi, found),
        Detector::Preset(_) => {}
    }
    let percent = u64::from(configuration.brake_percent);
    found.range("configuration.brake_percent", percent, &PERCENT);
    let hold_us = configuration.brake_hold_us;
    found.range(
        "configuration.brake_hold_us",
        hold_us,
        &bounds::BRAKE_HOLD_US,
    );
    found.range(
        "configuration.heartbeat_us",
        *heartbeat_us,
        &bounds::HEARTBEAT_US,
    );
    let jitter = u64::from(configuration.heartbeat_jitter_percent);
    found.range(
        "configuration.heartbeat_jitter_percent",
        jitter,
        &bounds::HEARTBEAT_JITTER_PERCENT,
    );
    found.range(
        "configuration.cold_start_us",
        *cold_start_us,
        &bounds::COLD_START_US,
    );
    let offset_us = u64::from(configuration.wall_clock_offset_us);
    found.range(
        "configuration.wall_clock_offset_us",
        offset_us,
        &bounds::WALL_CLOCK_OFFSET_US,
    );
    let coordinators = u64::from(configuration.coordinators);
    found.range(
        "configuration.coordinators",
        coordinators,
        &bounds::COORDINATORS,
    );
    let drift = u64::from(configuration.wall_clock_drift_ppm);
    found.range(
        "configuration.wall_clock_drift_ppm",
        drift,
        &bounds::WALL_CLOCK_DRIFT_PPM,
    );
    found.range(
        "configuration.network.latency_us",
        network.latency_us,
        &bounds::LATENCY_US,
    );
    found.range(
        "configuration.network.jitter_us",
        network.jitter_us,
        &(0..=network.latency_us),
    );
    found.range(
        "configuration.network.latency_ns_per_km",
        network.latency_ns_per_km,
        &bounds::LATENCY_NS_PER_KM,
    );
    for (index, link) in network.links.iter().enumerate() {
        let path = format!("configuration.network.links[{index}]");
        found.range(
            &format!("{path}.latency_us"),
            link.latency_us,
            &bounds::LATENCY_US,
        );
        found.range(
            &format!("{path}.jitter_us"),
            link.jitter_us,
            &(0..=link.latency_us),
        );
    }
}

fn phi_accrual(phi: PhiAccrual, found: &mut Problems) {
    let suspect = u64::from(phi.suspect_phi_thousandths);
    let most = bounds::PHI_THOUSANDTHS_MAX;
    for (field, value, bounds) in [
        ("suspect_phi_thousandths", suspect, 1..=most),
        (
            "fail_phi_thousandths",
            phi.fail_phi_thousandths.into(),
            suspect + 1..=most,
        ),
        ("window", phi.window.into(), bounds::PHI_WINDOW),
        (
            "deviation_us_min",
            phi.deviation_us_min,
            bounds::PHI_DEVIATION_US,
        ),
        ("pause_us", phi.pause_us, bounds::PHI_PAUSE_US),
        ("first_us", phi.first_us, bounds::PHI_FIRST_US),
    ] {
        let path = ["configuration.detector.phi_accrual.", field].concat();
        found.range(&path, value, &bounds);
    }
}

fn links(scenario: &Scenario, known: &Names<'_>, found: &mut Problems) {
    for (index, link) in scenario.configuration.network.links.iter().enumerate() {
        for (field, name) in [("from", &link.from), ("to", &link.to)] {
            if !known.is_process(name) {
                let path = format!("configuration.network.links[{index}].{field}");
                found.add(&path, tr!("there is no process {name}", name = name));
            }
        }
    }
}

fn principals(principals: &[Principal], found: &mut Problems) {
    found.range(
        "principals",
        principals.len() as u64,
        &(0..=PRINCIPALS_MAX as u64),
    );
    // The system is who brings the workload.
    let roles = Role::ALL.map(Role::name);
    let mut names: SortedSet<&str> = roles.into_iter().chain(["system"]).collect();
    for (index, principal) in principals.iter().enumerate() {
        let path = format!("principals[{index}].name");
        if let Err(reason) = check_name(&principal.name) {
            found.add(&path, violation(&reason));
        }
        if !names.insert(&principal.name) {
            found.add(&path, tr!("{} is already used", principal.name));
        }
    }
}

fn executors(executors: &[ExecutorSpec], known: &Names<'_>, found: &mut Problems) {
    found.range(
        "executors",
        executors.len() as u64,
        &(1..=EXECUTORS_MAX as u64),
    );
    let mut ids = SortedSet::default();
    for (index, spec) in executors.iter().enumerate() {
        let path = format!("executors[{index}]");
        if let Err(reason) = check_executor(spec) {
            found.invalid(&path, &reason);
        }
        let taken = *spec.id == *"environment" || known.is_control(&spec.id);
        if !ids.insert(&*spec.id) || taken {
            found.add(&format!("{path}.id"), tr!("{} is already used", spec.id));
        }
    }
}

fn workload(index: usize, load: &Workload, found: &mut Problems) {
    let path = format!("workload[{index}]");
    if load.name.is_empty() || load.name.chars().count() > bounds::WORKLOAD_NAME_CHARACTERS_MAX {
        found.add(
            &format!("{path}.name"),
            say("needs 1 to 40 characters").to_owned(),
        );
    }
    let (kind, span_us) = match load.arrivals {
        Arrivals::Fixed { every_us } => ("fixed.every_us", every_us),
        Arrivals::Poisson { mean_us } => ("poisson.mean_us", mean_us),
    };
    found.range(
        &format!("{path}.arrivals.{kind}"),
        span_us,
        &bounds::ARRIVALS_US,
    );
    found.range(
        &format!("{path}.until_us"),
        load.until_us,
        &(load.from_us.saturating_add(1)..=DURATION_US_MAX),
    );
    let count = load.until_us.saturating_sub(load.from_us) / span_us.max(1);
    if count > ARRIVALS_MAX {
        found.add(
            &format!("{path}.arrivals"),
            tr!(
                "about {count} jobs are too many: use at most {most}",
                count = count,
                most = ARRIVALS_MAX
            ),
        );
    }
    found.range(&format!("{path}.work.min_us"), load.work.min_us, &WORK_US);
    found.range(
        &format!("{path}.work.max_us"),
        load.work.max_us,
        &(load.work.min_us..=WORK_US_MAX),
    );
    if let Err(reason) = check_capabilities("requirements", &load.requirements) {
        found.invalid(&path, &reason);
    }
}

/// Who is in a run.
struct Names<'a> {
    /// Those at the beginning and those that a command adds.
    executors: SortedSet<&'a str>,
    coordinators: u16,
}

impl<'a> Names<'a> {
    fn of(scenario: &'a Scenario) -> Self {
        let added = scenario
            .commands
            .iter()
            .filter_map(|command| match &command.action {
                Action::AddExecutor(spec) => Some(&*spec.id),
                _ => None,
            });
        let begin = scenario.executors.iter().map(|spec| &*spec.id);
        Names {
            executors: begin.chain(added).collect(),
            coordinators: scenario.configuration.coordinators,
        }
    }

    fn is_process(&self, name: &str) -> bool {
        self.is_control(name) || self.executors.contains(&name)
    }

    /// The processes that the scenario does not list.
    fn is_control(&self, name: &str) -> bool {
        let number = name.strip_prefix("coordinator-");
        let is = |number: &str| (1..=self.coordinators).any(|known| known.to_string() == number);
        ["system", "recovery"].contains(&name) || number.is_some_and(is)
    }
}

fn action(path: &str, action: &Action, known: &Names<'_>, found: &mut Problems) {
    match action {
        Action::SubmitNormalJob(job) => {
            if let Err(reason) = check_job(job) {
                found.invalid(&format!("{path}.submit_normal_job"), &reason);
            }
        }
        Action::SubmitEmergencyJob { job, .. } => {
            if let Err(reason) = check_job(job) {
                found.invalid(&format!("{path}.submit_emergency_job.job"), &reason);
            }
        }
        Action::DeclareEmergency {
            level: Level::None, ..
        } => {
            found.add(
                &format!("{path}.declare_emergency.level"),
                say("NONE cannot be declared").to_owned(),
            );
        }
        Action::ChangeEmergency {
            level: Level::None, ..
        } => {
            let reason = say("NONE is not a level: clear the emergency instead").to_owned();
            found.add(&format!("{path}.change_emergency.level"), reason);
        }
        Action::AddExecutor(spec) => {
            if let Err(reason) = check_executor(spec) {
                found.invalid(&format!("{path}.add_executor"), &reason);
            }
        }
        Action::Slow { factor, .. } => {
            found.range(
                &format!("{path}.slow.factor"),
                u64::from(*factor),
                &SLOW_FACTOR,
            );
        }
        Action::DegradeLink {
            from,
            to,
            loss_percent,
            duplicate_percent,
            reorder_percent,
            delay_us,
        } => {
            ends(&format!("{path}.degrade_link"), &[from, to], known, found);
            let fault = LinkFault {
                loss_percent: *loss_percent,
                duplicate_percent: *duplicate_percent,
                reorder_percent: *reorder_percent,
                delay_us: *delay_us,
            };
            if let Err(reason) = check_link_fault(fault) {
                found.invalid(&format!("{path}.degrade_link"), &reason);
            }
        }
        Action::RestoreLink { from, to } => {
            ends(&format!("{path}.restore_link"), &[from, to], known, found);
        }
        Action::ForgeClock { from, to } => {
            let path = format!("{path}.forge_clock");
            for (field, name) in [("from", from), ("to", to)] {
                end(&format!("{path}.{field}"), name, known, found);
            }
        }
        Action::Split { group } => {
            let group: Vec<&Rc<str>> = group.iter().collect();
            ends(&format!("{path}.split"), &group, known, found);
        }
        _ => {}
    }
    let (field, reason) = match (named_executor(action), named_process(action)) {
        (Some((field, name)), _) if !known.executors.contains(&name) => {
            (field, tr!("there is no executor {name}", name = name))
        }
        (_, Some((field, name))) if !known.is_process(name) => {
            (field, tr!("there is no process {name}", name = name))
        }
        _ => return,
    };
    found.add(&format!("{path}.{field}"), reason);
}

/// A process by name.
fn end(path: &str, name: &str, known: &Names<'_>, found: &mut Problems) {
    if !known.is_process(name) {
        found.add(path, tr!("there is no process {name}", name = name));
    }
}

/// Processes by name, or everybody.
fn ends(path: &str, names: &[&Rc<str>], known: &Names<'_>, found: &mut Problems) {
    for name in names {
        if ***name != *"*" {
            end(path, name, known, found);
        }
    }
}

fn named_executor(action: &Action) -> Option<(&'static str, &str)> {
    Some(match action {
        Action::DrainExecutor { executor } => ("drain_executor.executor", executor),
        Action::RemoveExecutor { executor } => ("remove_executor.executor", executor),
        _ => return None,
    })
}

fn named_process(action: &Action) -> Option<(&'static str, &str)> {
    Some(match action {
        Action::Crash { process } => ("crash.process", process),
        Action::Restart { process } => ("restart.process", process),
        Action::Hang { process } => ("hang.process", process),
        Action::Resume { process } => ("resume.process", process),
        Action::Slow { process, .. } => ("slow.process", process),
        Action::Partition { process } => ("partition.process", process),
        Action::Heal { process } => ("heal.process", process),
        _ => return None,
    })
}
