//! The engine: a deterministic discrete-event simulation of the emergency-response system. Knows no browser,
//! no wall clock and no view. Reading order: [`clock`], [`message`], [`process`], [`world`], [`trace`].

pub mod access;
pub mod audit;
pub mod bounds;
#[cfg(not(target_arch = "wasm32"))]
pub mod checker;
pub mod clock;
pub mod command;
pub mod configuration;
pub mod emergency;
pub mod id;
pub mod job;
pub mod message;
pub mod network;
pub mod overview;
pub mod policy;
pub mod process;
pub mod queue;
mod quiescence;
pub mod record;
pub mod recorded;
pub mod rng;
pub mod sorted;
pub mod time;
pub mod trace;
pub mod workload;
pub mod world;

use std::rc::Rc;

use sha2::{Digest, Sha256};

use audit::Hash;
use command::{Action, ExecutorSpec, JobRequest, Rejection};
use configuration::{Configuration, Setup};
use emergency::{EmergencyType, Level};
use message::Status;
use overview::SystemOverview;
use time::from_us;
use trace::{Recorder, Trace};
use world::{Role, World};

/// A system with the default configuration, no executors and no workload.
pub fn create_emergency_system(name: &str) -> EmergencySystem {
    EmergencySystem::new(Setup {
        name: name.into(),
        seed: 1,
        configuration: Configuration::default(),
        principals: Vec::new(),
        executors: Vec::new(),
        workloads: Vec::new(),
        commands: Vec::new(),
    })
}

/// The single entry point: a world and the trace of what happened in it.
#[derive(Clone, Debug)]
pub struct EmergencySystem {
    world: World,
    trace: Trace,
}

impl EmergencySystem {
    /// A run at its first moment.
    pub fn new(setup: Setup) -> Self {
        let mut trace = Trace::default();
        let world = World::new(Rc::new(setup), &mut trace);
        EmergencySystem { world, trace }
    }

    /// The state now.
    pub fn world(&self) -> &World {
        &self.world
    }

    /// What happened so far.
    pub fn trace(&self) -> &Trace {
        &self.trace
    }

    /// Lets the next thing happen.
    pub fn step(&mut self) -> bool {
        self.world.step(&mut self.trace)
    }

    /// Lets everything happen up to a moment, in µs.
    pub fn run_until(&mut self, t_us: u64) {
        self.world.run_until(from_us(t_us), &mut self.trace);
    }

    /// Lets everything happen until only heartbeats are left, or until a moment, in µs; true if it became quiet.
    pub fn run_until_quiet(&mut self, t_us_max: u64) -> bool {
        while self
            .world
            .next_ns()
            .is_some_and(|next| next <= from_us(t_us_max))
        {
            if self.world.is_quiet() {
                return true;
            }
            // Quiet takes a while to come about: looking once every few events is soon enough.
            for _ in 0..16 {
                self.step();
            }
        }
        self.world.is_quiet()
    }

    /// Does what somebody asks, now.
    ///
    /// # Errors
    /// Says why the command is refused; nothing but the refusal is recorded then.
    pub fn apply(&mut self, principal: &str, action: &Action) -> Result<(), Rejection> {
        self.world
            .command(&principal.into(), action, &mut self.trace)
    }

    /// Adds an executor, which registers by message.
    ///
    /// # Errors
    /// Says what is wrong with it.
    pub fn add_executor(&mut self, spec: ExecutorSpec) -> Result<(), Rejection> {
        self.apply("commander", &Action::AddExecutor(spec))
    }

    /// Submits everyday work.
    ///
    /// # Errors
    /// Says what is wrong with it.
    pub fn submit_normal_job(&mut self, job: JobRequest) -> Result<(), Rejection> {
        self.apply("commander", &Action::SubmitNormalJob(job))
    }

    /// Submits work for an emergency of a type.
    ///
    /// # Errors
    /// Says what is wrong with it.
    pub fn submit_emergency_job(
        &mut self,
        kind: EmergencyType,
        job: JobRequest,
    ) -> Result<(), Rejection> {
        self.apply("commander", &Action::SubmitEmergencyJob { kind, job })
    }

    /// Declares an emergency for the whole system.
    ///
    /// # Errors
    /// Says why not.
    pub fn declare_system_emergency(
        &mut self,
        kind: EmergencyType,
        level: Level,
    ) -> Result<(), Rejection> {
        let action = Action::DeclareEmergency {
            kind,
            level,
            place: None,
            location: None,
            radius_m: None,
        };
        self.apply("commander", &action)
    }

    /// Clears the emergency of that name, or the one declared last.
    ///
    /// # Errors
    /// Says which emergencies are active, if not that one.
    pub fn clear_system_emergency(&mut self, emergency: Option<&str>) -> Result<(), Rejection> {
        self.apply(
            "commander",
            &Action::ClearEmergency {
                emergency: emergency.map(Rc::from),
            },
        )
    }

    /// Crashes an executor.
    ///
    /// # Errors
    /// Says why that is not possible.
    pub fn simulate_executor_failure(&mut self, executor: &str) -> Result<(), Rejection> {
        self.apply(
            "commander",
            &Action::Crash {
                process: executor.into(),
            },
        )
    }

    /// Lets every running executor send a heartbeat now.
    ///
    /// # Errors
    /// None at present.
    pub fn run_heartbeat_cycle(&mut self) -> Result<(), Rejection> {
        self.apply("commander", &Action::RunHeartbeatCycle {})
    }

    /// The whole system in numbers.
    pub fn system_overview(&self) -> SystemOverview {
        self.world.overview()
    }

    /// What an executor says of itself.
    pub fn status(&self, executor: &str) -> Option<Status> {
        match &self.world.find(executor)?.1.role {
            Role::Executor(executor) => Some(executor.status()),
            _ => None,
        }
    }
}

/// The SHA-256 of a trace as newline-delimited JSON, in lower-case hexadecimal.
pub fn trace_hash(trace: &Trace) -> String {
    trace_digest_until(trace, trace.count()).to_string()
}

/// The same of the first `count` events, as bytes.
pub fn trace_digest_until(trace: &Trace, count: u32) -> Hash {
    struct Hasher(Sha256);
    impl std::io::Write for Hasher {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.update(bytes);
            Ok(bytes.len())
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    let mut hasher = Hasher(Sha256::new());
    // Hashing cannot fail, and neither can exporting a trace to memory.
    let _ = trace.write_ndjson(count, &mut hasher);
    Hash(hasher.0.finalize().into())
}
