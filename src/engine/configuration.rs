//! Everything a run is made from, beside the commands given by hand.

use std::rc::Rc;

use serde::Serialize;

use super::access::Principal;
use super::command::{Command, ExecutorSpec};
use super::policy::delivery::EmergencyDelivery;
use super::policy::detector::Detector;
use super::policy::discipline::Discipline;
use super::policy::mass_failure::MassFailureGuard;
use super::policy::routing::Routing;
use super::workload::Workload;

/// The most coordinators of a run.
pub const COORDINATORS_MAX: u16 = 8;

/// Policies and timings. Every field has the default that the four targets are held in.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Configuration {
    /// How many coordinators share the jobs: 1 to 8.
    pub coordinators: u16,
    /// Which waiting job a free slot goes to.
    pub discipline: Discipline,
    /// Which executor a normal job goes to.
    pub routing_normal: Routing,
    /// Which executor an emergency job goes to.
    pub routing_emergency: Routing,
    /// When silence means failure.
    pub detector: Detector,
    /// Reassignment is held when this share of all executors, and at least three, look dead at once, in percent:
    /// at most 100; 0 for never.
    pub brake_percent: u32,
    /// It is held for so long at most, in µs: 1 to 600 000 000.
    pub brake_hold_us: u64,
    /// How an emergency is announced.
    pub emergency_delivery: EmergencyDelivery,
    /// Between two heartbeats of an executor, in µs: 10 000 to 60 000 000.
    pub heartbeat_us: u64,
    /// Each span between heartbeats differs from that by up to this, in percent: at most 50.
    pub heartbeat_jitter_percent: u32,
    /// What the first run of a serverless function costs, in µs: at most 60 000 000.
    pub cold_start_us: u64,
    /// How messages travel.
    pub network: NetworkConfiguration,
    /// Wall clocks differ by up to this from true time, in µs: at most 60 000 000.
    pub wall_clock_offset_us: u32,
    /// Wall clocks gain or lose up to this, in µs for each second: at most 10 000.
    pub wall_clock_drift_ppm: u32,
}

/// The usual `brake_percent`: `--unhealthy-zone-threshold` of Kubernetes.
pub const BRAKE_PERCENT: u32 = 55;

impl Configuration {
    /// The brake on failure verdicts.
    pub fn brake(&self) -> MassFailureGuard {
        MassFailureGuard {
            percent: self.brake_percent,
            hold_us: self.brake_hold_us,
        }
    }
}

impl Default for Configuration {
    fn default() -> Self {
        Configuration {
            coordinators: 1,
            discipline: Discipline::Strict,
            routing_normal: Routing::RoundRobin,
            routing_emergency: Routing::Capability,
            detector: Detector::default(),
            brake_percent: BRAKE_PERCENT,
            brake_hold_us: 20_000_000,
            emergency_delivery: EmergencyDelivery::Relayed,
            heartbeat_us: 1_000_000,
            heartbeat_jitter_percent: 0,
            cold_start_us: 250_000,
            network: NetworkConfiguration::default(),
            wall_clock_offset_us: 50_000,
            wall_clock_drift_ppm: 50,
        }
    }
}

/// Latency of links.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct NetworkConfiguration {
    /// The middle latency of a link, in µs: 1 to 60 000 000.
    pub latency_us: u64,
    /// The latency of a message differs from the middle by up to this, in µs; at most `latency_us`.
    pub jitter_us: u64,
    /// Added for each kilometre between an executor and the origin, in ns: at most 1 000 000.
    /// The default is the delay of light in fibre.
    pub latency_ns_per_km: u64,
    /// Links that differ from the rest.
    pub links: Vec<LinkConfiguration>,
}

impl Default for NetworkConfiguration {
    fn default() -> Self {
        NetworkConfiguration {
            latency_us: 5_000,
            jitter_us: 2_000,
            latency_ns_per_km: 5_000,
            links: Vec::new(),
        }
    }
}

/// One link in one direction.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct LinkConfiguration {
    /// Sender by name.
    pub from: Rc<str>,
    /// Receiver by name.
    pub to: Rc<str>,
    /// The middle latency, in µs: 1 to 60 000 000. Distance is not added.
    pub latency_us: u64,
    /// See `NetworkConfiguration::jitter_us`.
    pub jitter_us: u64,
}

/// A run before it runs.
#[derive(Clone, Debug, PartialEq)]
pub struct Setup {
    /// The scenario's name, for the trace.
    pub name: Rc<str>,
    /// The seed of every chance.
    pub seed: u64,
    /// Policies and timings.
    pub configuration: Configuration,
    /// Who may give commands, beside those named as the roles.
    pub principals: Vec<Principal>,
    /// Registered when the run begins.
    pub executors: Vec<ExecutorSpec>,
    /// Where jobs come from.
    pub workloads: Vec<Workload>,
    /// Given by the scenario, in the order of time.
    pub commands: Vec<Command>,
}
