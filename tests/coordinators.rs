//! Several coordinators: gossip converges within its bound, jobs stay with their owner, and new ones avoid who is down.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::collections::BTreeSet;
use std::rc::Rc;

use triage::engine::EmergencySystem;
use triage::engine::command::{Action, Command, ExecutorSpec, JobRequest};
use triage::engine::configuration::{Configuration, Setup};
use triage::engine::emergency::Level;
use triage::engine::id::ProcessIndex;
use triage::engine::message::{ExecutorUpdate, MembershipEpoch, Payload};
use triage::engine::policy::delivery::EmergencyDelivery;
use triage::engine::policy::routing::Routing;
use triage::engine::process::coordinator::{Coordinator, ExecutorAvailability};
use triage::engine::process::gossip::{NamedUpdate, PERIOD_NS};
use triage::engine::process::{Context, Effect, Timer};
use triage::engine::record::Record;
use triage::engine::rng::Generator;
use triage::engine::world::{Role, World};
use triage::scenario;

const MS: u64 = 1_000;

fn spec(id: &str) -> ExecutorSpec {
    ExecutorSpec {
        id: id.into(),
        capacity: 2,
        capabilities: vec![],
        location: None,
    }
}

/// Coordinators that gossip in rounds, without links between them.
struct Round {
    all: Vec<Coordinator>,
    up: Vec<bool>,
    context: Context,
}

impl Round {
    fn new(coordinators: u16) -> Round {
        let context = Context {
            now_ns: 0,
            coordinators,
            emergency_delivery: EmergencyDelivery::Relayed,
        };
        let new = |own| {
            let rng = Generator::new(1, 0);
            Coordinator::new(own, Routing::RoundRobin, Routing::Capability, rng)
        };
        Round {
            all: context.coordinators().map(new).collect(),
            up: vec![true; usize::from(coordinators)],
            context,
        }
    }

    /// A message and all that comes of it.
    fn deliver(&mut self, from: ProcessIndex, effects: Vec<Effect>) {
        for effect in effects {
            if let Effect::Send(to, body @ Payload::Gossip(_), _) = effect {
                let receiver = to.index() - 1;
                if self.up[receiver] {
                    let effects = self.all[receiver].receive(self.context, from, &body);
                    self.deliver(to, effects.list);
                }
            }
        }
    }

    /// One round of everybody, in an order of its own.
    fn pass(&mut self, order: &[usize]) {
        self.context.now_ns += PERIOD_NS;
        for &index in order {
            if self.up[index] {
                let effects = self.all[index].round(self.context);
                self.deliver(ProcessIndex(index as u16 + 1), effects.list);
            }
        }
    }

    fn informed(&self, executor: ProcessIndex) -> usize {
        let all = self.all.iter().zip(&self.up);
        all.filter(|(one, up)| {
            let known = one.ledger.executors.get(&executor);
            **up && known.is_some_and(|known| known.standing == ExecutorAvailability::Failed)
        })
        .count()
    }
}

#[test]
fn what_one_coordinator_knows_all_know_after_as_many_rounds_as_there_are_others() {
    let executor = ProcessIndex(20);
    let update = ExecutorUpdate {
        spec: Rc::new(spec("a")),
        version: 3,
        epoch: MembershipEpoch {
            incarnation: 1,
            failures: 1,
        },
        draining: false,
    };
    for coordinators in 2..=8u16 {
        let many = usize::from(coordinators);
        for source in 0..many {
            // At any point of their turns, in any order, and with any others down.
            for case in 0..64usize {
                let mut round = Round::new(coordinators);
                let mut order: Vec<usize> = (0..many).collect();
                order.rotate_left(case % many);
                if case % 2 == 1 {
                    order.reverse();
                }
                for _ in 0..case % 11 {
                    round.pass(&order);
                }
                for index in 0..many {
                    round.up[index] = index == source || (case >> (index % 6)) & 1 == 0;
                }
                let told = Payload::ExecutorFailed(executor, update.clone());
                let recovery = round.context.recovery();
                round.all[source].receive(round.context, recovery, &told);
                for _ in 0..many - 1 {
                    round.pass(&order);
                }
                let up = round.up.iter().filter(|up| **up).count();
                assert_eq!(
                    round.informed(executor),
                    up,
                    "{coordinators} coordinators, told {source}, case {case}"
                );
            }
        }
    }
}

#[test]
fn without_failures_news_take_about_a_logarithm_of_rounds() {
    for (coordinators, rounds) in [(2, 1), (3, 1), (4, 2), (5, 2), (6, 2), (7, 2), (8, 3)] {
        let mut round = Round::new(coordinators);
        let order: Vec<usize> = (0..usize::from(coordinators)).collect();
        let told = Payload::ExecutorFailed(
            ProcessIndex(20),
            ExecutorUpdate {
                spec: Rc::new(spec("a")),
                version: 1,
                epoch: MembershipEpoch::default(),
                draining: false,
            },
        );
        let recovery = round.context.recovery();
        round.all[0].receive(round.context, recovery, &told);
        for _ in 0..rounds {
            round.pass(&order);
        }
        assert_eq!(
            round.informed(ProcessIndex(20)),
            usize::from(coordinators),
            "{coordinators} coordinators after {rounds} rounds"
        );
    }
}

fn setup(coordinators: u16, executors: &[&str], commands: Vec<(u64, Action)>) -> Setup {
    let timed = |(at_ms, action)| Command {
        at_us: at_ms * MS,
        principal: "commander".into(),
        action,
    };
    Setup {
        principals: Vec::new(),
        name: "coordinators".into(),
        seed: 5,
        configuration: Configuration {
            coordinators,
            ..Configuration::default()
        },
        executors: executors.iter().map(|id| spec(id)).collect(),
        workloads: Vec::new(),
        commands: commands.into_iter().map(timed).collect(),
    }
}

fn job(ms: u64) -> Action {
    Action::SubmitNormalJob(JobRequest {
        work_us: ms * MS,
        ..JobRequest::default()
    })
}

fn cut_off_from_recovery(coordinator: &str) -> Action {
    Action::DegradeLink {
        from: "recovery".into(),
        to: coordinator.into(),
        loss_percent: 100,
        duplicate_percent: 0,
        reorder_percent: 0,
        delay_us: 0,
    }
}

fn coordinator(world: &World, number: usize) -> &Coordinator {
    match &world.processes()[number].role {
        Role::Coordinator(coordinator) => coordinator,
        _ => panic!("process {number} is no coordinator"),
    }
}

#[test]
fn a_coordinator_that_recovery_cannot_reach_learns_all_by_gossip_within_the_bound() {
    let declare = Action::DeclareEmergency {
        kind: triage::engine::emergency::EmergencyType::Fire,
        level: Level::High,
        place: None,
        location: None,
        radius_m: None,
    };
    for deaf in 1..=8 {
        let crash = Action::Crash {
            process: "a".into(),
        };
        let cut = cut_off_from_recovery(&format!("coordinator-{deaf}"));
        let commands = vec![(100, cut), (2_000, crash), (2_000, declare.clone())];
        let mut system = EmergencySystem::new(setup(8, &["a", "b"], commands));
        let (failed, _) = system.world().find("a").unwrap();
        let knows = |system: &EmergencySystem, number: usize| {
            let ledger = &coordinator(system.world(), number).ledger;
            let known = ledger.executors.get(&failed);
            known.is_some_and(|known| known.standing == ExecutorAvailability::Failed)
                && ledger.emergency.level() == Level::High
        };
        let other = deaf % 8 + 1;
        while !knows(&system, other) {
            assert!(system.step());
        }
        let first_us = system.system_overview().t_us;
        while !knows(&system, deaf) {
            assert!(system.step());
        }
        let took_us = system.system_overview().t_us - first_us;
        let bound_us = 7 * PERIOD_NS / 1_000 + 20 * MS;
        assert!(took_us <= bound_us, "coordinator-{deaf} after {took_us} µs");
    }
}

#[test]
fn new_jobs_avoid_a_coordinator_that_does_not_answer_and_its_own_wait_for_it() {
    let mut commands = vec![(
        500,
        Action::Crash {
            process: "coordinator-2".into(),
        },
    )];
    commands.extend((0..12).map(|number| (1_000 + 500 * number, job(100))));
    commands.push((
        9_000,
        Action::Restart {
            process: "coordinator-2".into(),
        },
    ));
    commands.extend((0..3).map(|number| (11_000 + 500 * number, job(100))));
    let mut system = EmergencySystem::new(setup(3, &["a", "b"], commands));
    system.run_until(8_500 * MS);
    // One job had gone to it before it was known not to answer.
    assert_eq!(system.system_overview().jobs.completed, 11);
    assert_eq!(
        system.world().system().unwrap().suspected,
        [ProcessIndex(2)]
    );
    assert!(system.run_until_quiet(60_000 * MS));
    assert_eq!(system.system_overview().jobs.completed, 15);
    assert!(system.world().system().unwrap().suspected.is_empty());
    let owners: BTreeSet<_> = system
        .trace()
        .iter()
        .filter(|(_, event)| matches!(event.record, Record::JobAccepted { .. }))
        .filter(|(_, event)| event.t_ns > 10_000_000_000)
        .map(|(_, event)| event.process().unwrap())
        .collect();
    assert_eq!(owners.len(), 3, "it takes its turn again");
}

#[test]
fn routing_by_load_counts_the_jobs_of_the_other_coordinators() {
    let mut setup = setup(2, &["a", "b"], vec![(100, job(60_000)), (3_000, job(100))]);
    setup.configuration.routing_normal = Routing::Capability;
    let mut system = EmergencySystem::new(setup);
    system.run_until(3_100 * MS);
    let at = |job: u32| {
        let events = system.trace().iter();
        let mut queued = events.filter(|(_, event)| {
            matches!(event.record, Record::JobQueued(attempt, _) if attempt.job.0 == job)
        });
        queued.next().unwrap().1.process().unwrap()
    };
    assert_ne!(
        at(1),
        at(2),
        "the second coordinator knows where the first's job is"
    );
}

#[test]
fn one_coordinator_has_nobody_to_gossip_with() {
    for built_in in scenario::library() {
        let made = scenario::parse(built_in.json).unwrap();
        let (alone, until_us) = (made.configuration.coordinators == 1, made.duration_us);
        let mut system = EmergencySystem::new(made.setup());
        system.run_until(until_us);
        let gossips = system.trace().iter().any(|(_, event)| {
            matches!(&event.record, Record::MessageSent(what, _) if what.name().starts_with("gossip"))
        });
        assert_eq!(gossips, !alone, "{}", built_in.name);
    }
}

#[test]
fn an_exchange_says_what_the_other_lacks_and_nothing_else() {
    let (stale, shared) = (ProcessIndex(20), ProcessIndex(21));
    let update = |version| ExecutorUpdate {
        spec: Rc::new(spec("a")),
        version,
        epoch: MembershipEpoch {
            incarnation: 1,
            failures: 0,
        },
        draining: false,
    };
    let mut round = Round::new(2);
    let (context, recovery) = (round.context, round.context.recovery());
    for (index, version) in [(0, 3), (1, 1)] {
        let told = Payload::ExecutorJoined(stale, update(version));
        round.all[index].receive(context, recovery, &told);
        let told = Payload::ExecutorJoined(shared, update(2));
        round.all[index].receive(context, recovery, &told);
    }
    let [first, second] = [ProcessIndex(1), ProcessIndex(2)];
    let sent = |effects: Vec<Effect>| {
        let mut gossip = effects.into_iter().filter_map(|effect| match effect {
            Effect::Send(_, Payload::Gossip(gossip), _) => Some(gossip),
            _ => None,
        });
        let one = gossip.next();
        assert!(gossip.next().is_none());
        one
    };
    let said = |all: &[NamedUpdate]| -> Vec<(ProcessIndex, u32)> {
        all.iter()
            .map(|(executor, _, update)| (*executor, update.version))
            .collect()
    };
    let ask = sent(round.all[0].round(context).list).unwrap();
    assert_eq!(said(&ask.updates), [], "it does not know yet what differs");
    let answer = round.all[1].receive(context, first, &Payload::Gossip(ask));
    let answer = sent(answer.list).unwrap();
    assert_eq!(said(&answer.updates), [(stale, 1), (shared, 2)]);
    let rest = round.all[0].receive(context, second, &Payload::Gossip(answer));
    let rest = sent(rest.list).unwrap();
    assert_eq!(
        said(&rest.updates),
        [(stale, 3)],
        "what is the same is not said again"
    );
    let end = round.all[1].receive(context, first, &Payload::Gossip(rest));
    assert!(sent(end.list).is_none());
    // Now both know the same: checksums say so.
    let ask = sent(round.all[1].round(context).list).unwrap();
    let answer = round.all[0].receive(context, second, &Payload::Gossip(ask));
    assert_eq!(said(&sent(answer.list).unwrap().updates), []);
}

#[test]
fn a_coordinator_that_is_alone_comes_back_without_a_round() {
    for coordinators in 1..=2 {
        let mut round = Round::new(coordinators);
        let context = round.context;
        round.all[0].crash();
        let effects = round.all[0].restart(context).list;
        let speaks = |effect: &Effect| {
            matches!(
                effect,
                Effect::Send(_, Payload::Gossip(_), _) | Effect::Set(Timer::Gossip, _)
            )
        };
        assert_eq!(effects.iter().any(speaks), coordinators > 1);
    }
}
