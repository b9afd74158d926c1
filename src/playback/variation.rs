//! The same run under another policy, level or detector: one thing differs, so that its effect is seen alone.

use super::Player;
use super::branches::seconds;
use triage_engine::command::{Action, Command};
use triage_engine::emergency::Level;
use triage_engine::policy::delivery::EmergencyDelivery;
use triage_engine::policy::detector::{Detector, Preset};
use triage_engine::policy::discipline::Discipline;
use triage_engine::policy::phi::PhiAccrual;
use triage_engine::policy::routing::Routing;
use triage_engine::time::to_us;
use triage_language::mark;
use triage_language::{say, tr};
use triage_scenario::Scenario;

/// What differs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Variation {
    /// Which waiting job a free slot goes to.
    Discipline(Discipline),
    /// Which executor a normal job goes to.
    NormalRouting(Routing),
    /// Which executor an emergency job goes to.
    EmergencyRouting(Routing),
    /// When silence means failure; in µs.
    Timeout {
        /// Suspected after this.
        suspect_us: u64,
        /// Failed after this.
        fail_us: u64,
    },
    /// The detector of a real system, with its heartbeats.
    Preset(Preset),
    /// φ-accrual with the usual parameters.
    PhiAccrual,
    /// Every emergency is declared at this level, and stays there.
    Level(Level),
    /// How the word of an emergency gets around.
    Delivery(EmergencyDelivery),
    /// Every link takes this many times as long.
    Latency(u64),
}

const ALL: [Variation; 27] = [
    Variation::Discipline(Discipline::Fifo),
    Variation::Discipline(Discipline::Strict),
    Variation::Discipline(Discipline::Weighted {
        ageing_us: 2_000_000,
    }),
    Variation::NormalRouting(Routing::RoundRobin),
    Variation::NormalRouting(Routing::LeastLoaded),
    Variation::NormalRouting(Routing::TwoChoices),
    Variation::NormalRouting(Routing::Nearest),
    Variation::EmergencyRouting(Routing::RoundRobin),
    Variation::EmergencyRouting(Routing::LeastLoaded),
    Variation::EmergencyRouting(Routing::TwoChoices),
    Variation::EmergencyRouting(Routing::Capability),
    Variation::EmergencyRouting(Routing::Nearest),
    Variation::Timeout {
        suspect_us: 1_200_000,
        fail_us: 1_600_000,
    },
    Variation::Timeout {
        suspect_us: 2_500_000,
        fail_us: 3_500_000,
    },
    Variation::Timeout {
        suspect_us: 6_000_000,
        fail_us: 9_000_000,
    },
    Variation::PhiAccrual,
    Variation::Preset(Preset::Akka),
    Variation::Preset(Preset::Cassandra),
    Variation::Preset(Preset::Kubernetes),
    Variation::Preset(Preset::MemberlistLan),
    Variation::Level(Level::Low),
    Variation::Level(Level::High),
    Variation::Level(Level::Critical),
    Variation::Delivery(EmergencyDelivery::Causal),
    Variation::Delivery(EmergencyDelivery::Fifo),
    Variation::Delivery(EmergencyDelivery::Relayed),
    Variation::Latency(10),
];

impl Variation {
    /// Those that would change something in a scenario.
    pub fn of(scenario: &Scenario) -> Vec<Variation> {
        let differs = |variation: &Variation| {
            let mut other = scenario.clone();
            variation.apply(&mut other);
            other != *scenario
        };
        ALL.into_iter().filter(differs).collect()
    }

    /// What differs, in words.
    pub fn in_words(self) -> String {
        match self {
            Variation::Discipline(Discipline::Fifo) => say("first in, first out").to_owned(),
            Variation::Discipline(Discipline::Strict) => say("strict priority").to_owned(),
            Variation::Discipline(Discipline::Weighted { ageing_us }) => {
                tr!("weighted with ageing, head start {} s", seconds(ageing_us))
            }
            Variation::NormalRouting(routing) => say(match routing {
                Routing::RoundRobin => mark!("normal jobs: round robin"),
                Routing::LeastLoaded => mark!("normal jobs: least loaded"),
                Routing::TwoChoices => mark!("normal jobs: power of two choices"),
                Routing::Capability => mark!("normal jobs: by capability"),
                Routing::Nearest => mark!("normal jobs: nearest"),
            })
            .to_owned(),
            Variation::EmergencyRouting(routing) => say(match routing {
                Routing::RoundRobin => mark!("emergency jobs: round robin"),
                Routing::LeastLoaded => mark!("emergency jobs: least loaded"),
                Routing::TwoChoices => mark!("emergency jobs: power of two choices"),
                Routing::Capability => mark!("emergency jobs: by capability"),
                Routing::Nearest => mark!("emergency jobs: nearest"),
            })
            .to_owned(),
            Variation::Timeout {
                suspect_us,
                fail_us,
            } => tr!(
                "timeout {suspect} s, failed at {fail} s",
                suspect = seconds(suspect_us),
                fail = seconds(fail_us)
            ),
            Variation::Preset(preset) => tr!("failure detection as in {}", preset.name()),
            Variation::PhiAccrual => say("φ-accrual failure detection").to_owned(),
            Variation::Level(level) => tr!("every emergency {}", level.name()),
            Variation::Delivery(delivery) => match delivery {
                EmergencyDelivery::Relayed => say("emergencies relayed by recovery").to_owned(),
                EmergencyDelivery::Fifo => say("emergencies broadcast, FIFO order").to_owned(),
                EmergencyDelivery::Causal => say("emergencies broadcast, causal order").to_owned(),
            },
            Variation::Latency(factor) => tr!("links {} times slower", factor),
        }
    }

    fn apply(self, scenario: &mut Scenario) {
        let configuration = &mut scenario.configuration;
        match self {
            Variation::Discipline(discipline) => configuration.discipline = discipline,
            Variation::NormalRouting(routing) => configuration.routing_normal = routing,
            Variation::EmergencyRouting(routing) => configuration.routing_emergency = routing,
            Variation::Timeout {
                suspect_us,
                fail_us,
            } => {
                configuration.detector = Detector::Timeout {
                    suspect_us,
                    fail_us,
                };
            }
            Variation::Preset(preset) => {
                configuration.detector = Detector::Preset(preset);
                configuration.heartbeat_us = preset.heartbeat_us();
            }
            Variation::PhiAccrual => {
                configuration.detector = Detector::PhiAccrual(PhiAccrual::default());
            }
            Variation::Level(level) => {
                for command in &mut scenario.commands {
                    set_level(&mut command.action, level);
                }
            }
            Variation::Delivery(delivery) => configuration.emergency_delivery = delivery,
            Variation::Latency(factor) => {
                let network = &mut configuration.network;
                network.latency_us *= factor;
                network.jitter_us *= factor;
                for link in &mut network.links {
                    link.latency_us *= factor;
                    link.jitter_us *= factor;
                }
            }
        }
    }
}

fn set_level(action: &mut Action, new: Level) {
    if let Action::DeclareEmergency { level, .. } | Action::ChangeEmergency { level, .. } = action {
        *level = new;
    }
}

impl Player {
    /// What is played on this branch as one scenario: the commands given by hand among those written in it.
    pub fn as_scenario(&self) -> Scenario {
        let mut scenario = self.scenario.clone();
        let given = self.given.iter().map(|given| Command {
            at_us: to_us(given.t_ns),
            principal: given.principal.clone(),
            action: given.action.clone(),
        });
        scenario.commands.extend(given);
        scenario.duration_us = self.end_us();
        scenario
    }

    /// The same seed and commands with one thing different, run to the same end.
    pub fn varied(&self, variation: Variation) -> Player {
        let mut scenario = self.as_scenario();
        variation.apply(&mut scenario);
        let mut player = Player::new(scenario);
        player.seek_us(u64::MAX);
        player
    }
}
