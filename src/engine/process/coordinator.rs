//! A coordinator: the ledger of the jobs it owns, their attempts, and routing.

use std::rc::Rc;

use super::gossip::{self, Gossip, Gossiper, Part};
pub use super::ledger::{ExecutorAvailability, Known, Ledger, LedgerEntry, Open, Place};
use super::log::Durable;
use super::{Context, Effect, Effects, Timer};
use crate::command::ExecutorSpec;
use crate::emergency::EmergencyState;
use crate::id::{JobId, ProcessIndex};
use crate::job::JobRefusal;
use crate::job::{Class, Job};
use crate::message::{ExecutorUpdate, Ignored, MembershipEpoch, Payload, Placement};
use crate::policy::routing::{self, Candidate, Routing};
use crate::record::{Attempt, Record};
use crate::rng::Generator;

/// A `coordinator-N` process.
#[derive(Clone, Debug)]
pub struct Coordinator {
    own: ProcessIndex,
    routing_normal: Routing,
    routing_emergency: Routing,
    /// Of policies that draw lots.
    rng: Generator,
    /// What its log holds.
    pub ledger: Durable<Ledger>,
    /// The gossip it has received from the other coordinators.
    pub gossip: Gossiper,
    last_normal: Option<ProcessIndex>,
    last_emergency: Option<ProcessIndex>,
}

impl Coordinator {
    /// A coordinator with an empty ledger.
    pub fn new(
        own: ProcessIndex,
        routing_normal: Routing,
        routing_emergency: Routing,
        rng: Generator,
    ) -> Self {
        Coordinator {
            own,
            routing_normal,
            routing_emergency,
            rng,
            ledger: Durable::logged(),
            gossip: Gossiper::default(),
            last_normal: None,
            last_emergency: None,
        }
    }

    /// An executor that was there when the run began.
    pub fn register_executor(&mut self, executor: ProcessIndex, spec: Rc<ExecutorSpec>) {
        let update = ExecutorUpdate {
            spec,
            version: 0,
            epoch: MembershipEpoch {
                incarnation: 1,
                failures: 0,
            },
            draining: false,
        };
        self.ledger.write(LedgerEntry::ExecutorUpdated(
            executor,
            ExecutorAvailability::Available,
            update,
        ));
    }

    /// What survives a crash: its log. The routing turn and the reports of other coordinators are not worth an entry.
    pub fn crash(&mut self) {
        self.ledger.crash();
        self.gossip = Gossiper::default();
        (self.last_normal, self.last_emergency) = (None, None);
    }

    /// Goes on from its log. What it had not sent for good, and what nobody acknowledged, is in the log as well
    /// (`mail`) and is repeated; what others had to tell it meanwhile, they repeat.
    pub fn restart(&mut self, context: Context) -> Effects {
        let mut effects = Effects::default();
        effects.record(Record::ProcessRestarted);
        if context.coordinators > 1 {
            // Reports after a restart must count as newer than those before it.
            self.ledger.write(LedgerEntry::Restarted);
            let mut round = self.round(context);
            effects.list.append(&mut round.list);
        }
        effects
    }

    /// The rounds of gossip begin, not all at once, if there is anybody to speak with.
    pub fn begin(&self, context: Context) -> Effects {
        let mut effects = Effects::default();
        if context.coordinators > 1 {
            let share = gossip::PERIOD_NS / u64::from(context.coordinators);
            let first_ns = share * u64::from(self.own.0);
            effects.list.push(Effect::Set(Timer::Gossip, first_ns));
        }
        effects
    }

    /// One round of gossip.
    pub fn round(&mut self, context: Context) -> Effects {
        let mut effects = Effects::default();
        let peer = self.gossip.next_peer(context, self.own);
        let ask = self
            .gossip
            .message(context, self.own, &self.ledger, Part::Ask);
        effects.send_once(peer, Payload::Gossip(Rc::new(ask)));
        let next = Effect::Set(Timer::Gossip, gossip::PERIOD_NS);
        effects.list.push(next);
        effects
    }

    /// Gossip from another coordinator: merges what is newer, and replies with the updates that the sender lacks.
    fn on_gossip(&mut self, context: Context, from: ProcessIndex, gossip: &Gossip) -> Effects {
        self.gossip.merge(context, self.own, gossip);
        if gossip.emergency.version > self.ledger.emergency.version {
            let state = Rc::clone(&gossip.emergency);
            self.ledger.write(LedgerEntry::Emergency(state));
        }
        let mut effects = Effects::default();
        for (executor, news, update) in &gossip.updates {
            let mut update_effects = self.on_executor_update(context, *executor, *news, update);
            effects.list.append(&mut update_effects.list);
        }
        let reply = match gossip.part {
            Part::Ask if gossip.checksum != self.ledger.checksum() => {
                Some((Part::Answer, self.ledger.updates(|_, _| true)))
            }
            Part::Ask => Some((Part::Answer, Vec::new())),
            Part::Answer if gossip.checksum == self.ledger.checksum() => None,
            Part::Answer => {
                let theirs = |executor: ProcessIndex| {
                    let mut theirs = gossip.updates.iter();
                    theirs.find(|(known, ..)| *known == executor)
                };
                let rest = self.ledger.updates(|executor, version| {
                    theirs(executor).is_none_or(|(_, _, update)| update.version < version)
                });
                (!rest.is_empty()).then_some((Part::Rest, rest))
            }
            Part::Rest => None,
        };
        if let Some((part, updates)) = reply {
            let message = self.gossip.message(context, self.own, &self.ledger, part);
            let reply = Gossip { updates, ..message };
            effects.send_once(from, Payload::Gossip(Rc::new(reply)));
        }
        effects
    }

    /// Recovery tells of a newer emergency state.
    fn on_emergency_notice(&mut self, state: &Rc<EmergencyState>) -> Effects {
        if state.version <= self.ledger.emergency.version {
            return Effects::ignore(Ignored::OlderState);
        }
        self.ledger.write(LedgerEntry::Emergency(Rc::clone(state)));
        Effects::default()
    }

    /// Handles a message.
    pub fn receive(&mut self, context: Context, from: ProcessIndex, body: &Payload) -> Effects {
        match body {
            Payload::Gossip(gossip) => self.on_gossip(context, from, gossip),
            Payload::EmergencyNotice(state) => self.on_emergency_notice(state),
            Payload::SubmitJob(job) => self.submitted(job),
            Payload::Complete { job, attempt } => self.completed(job.id, *attempt),
            Payload::Return { job, attempt } => self.returned(job.id, *attempt),
            Payload::ExecutorJoined(executor, update)
            | Payload::ExecutorHealthy(executor, update) => {
                self.on_executor_update(context, *executor, ExecutorAvailability::Available, update)
            }
            Payload::ExecutorSuspected(executor, update) => {
                self.on_executor_update(context, *executor, ExecutorAvailability::Suspected, update)
            }
            Payload::ExecutorFailed(executor, update) => {
                self.on_executor_update(context, *executor, ExecutorAvailability::Failed, update)
            }
            Payload::ExecutorDraining(executor, update) => {
                self.on_executor_update(context, *executor, ExecutorAvailability::Draining, update)
            }
            Payload::ExecutorRemoved(executor, update) => {
                self.on_executor_update(context, *executor, ExecutorAvailability::Removed, update)
            }
            Payload::Reassigned(placements) => self.reassigned(context, placements),
            _ => Effects::ignore(Ignored::NotForCoordinator),
        }
    }

    /// The jobs that wait here for an executor that can take them.
    pub fn waiting(&self) -> impl Iterator<Item = &Open> {
        let open = self.ledger.jobs.values();
        open.filter(|open| open.place == Place::Waiting)
    }

    /// The executors that could run a waiting job, and what is known of each.
    pub fn waits_for(&self, job: &Job) -> Vec<(&Rc<str>, ExecutorAvailability)> {
        self.ledger
            .executors
            .values()
            .filter(|known| routing::could_run(&known.spec, job))
            .map(|known| (&known.spec.id, known.standing))
            .collect()
    }

    fn submitted(&mut self, job: &Rc<Job>) -> Effects {
        let mut effects = Effects::default();
        let could = |known: &Known| {
            known.standing != ExecutorAvailability::Removed && routing::could_run(&known.spec, job)
        };
        if !self.ledger.executors.values().any(could) {
            self.ledger.write(LedgerEntry::Refused);
            let reason = Box::new(JobRefusal::of(job));
            effects.receipt = Some(Record::JobRefused {
                job: job.id,
                reason,
            });
            return effects;
        }
        effects.receipt = Some(Record::JobAccepted {
            job: job.id,
            class: job.class(),
        });
        self.ledger.write(LedgerEntry::Accepted(Rc::clone(job)));
        self.route(job.id, &mut effects);
        effects
    }

    /// Sends a waiting job to an executor under a new attempt, if one can take it.
    fn route(&mut self, id: JobId, effects: &mut Effects) {
        let Some(open) = self.ledger.jobs.get(&id) else {
            return;
        };
        let job = Rc::clone(&open.job);
        let Some(executor) = self.choose(&job) else {
            return;
        };
        let Some(known) = self.ledger.executors.get(&executor) else {
            return;
        };
        let epoch = known.epoch;
        let attempt = self.issue(id, Place::Assigned(executor, epoch));
        let owner = self.own;
        effects.send(
            executor,
            Payload::Assign {
                job,
                attempt,
                incarnation: epoch.incarnation,
                owner,
                reassigned: false,
            },
        );
    }

    fn route_waiting(&mut self, effects: &mut Effects) {
        let mut waiting: Vec<(Class, JobId)> = self
            .waiting()
            .map(|open| (open.job.class(), open.job.id))
            .collect();
        waiting.sort_by_key(|(class, id)| (std::cmp::Reverse(*class), *id));
        for (_, id) in waiting {
            self.route(id, effects);
        }
    }

    fn choose(&mut self, job: &Job) -> Option<ProcessIndex> {
        let with_standing = |standing: ExecutorAvailability| -> Vec<Candidate<'_>> {
            let able = self.ledger.executors.iter().filter(|(_, known)| {
                known.standing == standing && routing::could_run(&known.spec, job)
            });
            able.map(|(executor, known)| Candidate {
                executor: *executor,
                spec: &known.spec,
                load: known.load + self.gossip.load(*executor),
            })
            .collect()
        };
        let mut candidates = with_standing(ExecutorAvailability::Available);
        if candidates.is_empty() {
            candidates = with_standing(ExecutorAvailability::Suspected);
        }
        let (policy, last) = match job.class() {
            Class::Normal => (self.routing_normal, self.last_normal),
            Class::Emergency => (self.routing_emergency, self.last_emergency),
        };
        let chosen = routing::choose(policy, job, &candidates, last, &mut self.rng);
        match job.class() {
            Class::Normal => self.last_normal = chosen.or(last),
            Class::Emergency => self.last_emergency = chosen.or(last),
        }
        chosen
    }

    /// The only place that issues attempts: each number is new, and logged before a message carries it.
    fn issue(&mut self, id: JobId, place: Place) -> u32 {
        let attempt = self.ledger.newest(id).map_or(1, |newest| newest + 1);
        self.ledger.write(LedgerEntry::Put(id, attempt, place));
        attempt
    }

    fn completed(&mut self, id: JobId, attempt: u32) -> Effects {
        let mut effects = Effects::default();
        let newest = self.ledger.newest(id);
        let number = Attempt {
            job: id,
            number: attempt,
        };
        if newest == Some(attempt) {
            self.ledger.write(LedgerEntry::Completed(id));
            effects.receipt = Some(Record::CompletionAccepted(number));
        } else {
            effects.receipt = Some(Record::CompletionRefused(number, newest));
        }
        effects
    }

    fn returned(&mut self, id: JobId, attempt: u32) -> Effects {
        match self.ledger.newest(id) {
            None => return Effects::ignore(Ignored::AlreadyCompleted),
            Some(newest) if newest != attempt => {
                return Effects::ignore(Ignored::SupersededAttempt);
            }
            Some(_) => self
                .ledger
                .write(LedgerEntry::Put(id, attempt, Place::Waiting)),
        }
        let mut effects = Effects::default();
        self.route(id, &mut effects);
        effects
    }

    /// Records recovery's newest update about an executor. Whatever an earlier tenure held is lost, noticed or not: recovery
    /// and this coordinator both stop repeating themselves to an executor at its end.
    fn on_executor_update(
        &mut self,
        context: Context,
        executor: ProcessIndex,
        news: ExecutorAvailability,
        update: &ExecutorUpdate,
    ) -> Effects {
        let known = self.ledger.executors.get(&executor);
        if known.is_some_and(|known| update.version <= known.version) {
            return Effects::ignore(Ignored::OlderReport);
        }
        let ended = known.is_none_or(|known| update.epoch > known.epoch);
        self.ledger.write(LedgerEntry::ExecutorUpdated(
            executor,
            news,
            ExecutorUpdate::clone(update),
        ));
        let mut effects = Effects::default();
        if ended || news == ExecutorAvailability::Removed {
            effects.list.push(Effect::GiveUp(executor));
            self.rescue(context, &mut effects);
        }
        self.route_waiting(&mut effects);
        effects
    }

    /// Issues a new attempt for every lost job, and hands them to recovery.
    fn rescue(&mut self, context: Context, effects: &mut Effects) {
        let mut handed = Vec::new();
        for (id, executor) in self.ledger.lost() {
            let number = self.issue(id, Place::WithRecovery);
            let attempt = Attempt { job: id, number };
            effects.record(Record::JobOrphaned(attempt, executor));
            let open = self.ledger.jobs.get(&id);
            handed.extend(open.map(|open| (Rc::clone(&open.job), number)));
        }
        if !handed.is_empty() {
            effects.send(context.recovery(), Payload::Orphans(handed));
        }
    }

    fn reassigned(&mut self, context: Context, placements: &[(JobId, u32, Placement)]) -> Effects {
        let mut effects = Effects::default();
        for (id, attempt, placement) in placements {
            let Some(open) = self.ledger.jobs.get(id) else {
                continue;
            };
            if open.attempt == *attempt && open.place == Place::WithRecovery {
                let assigned = |(executor, epoch)| Place::Assigned(executor, epoch);
                let place = placement.map_or(Place::Waiting, assigned);
                self.ledger.write(LedgerEntry::Put(*id, *attempt, place));
            }
        }
        // The executor may have failed or restarted meanwhile.
        self.rescue(context, &mut effects);
        self.route_waiting(&mut effects);
        effects
    }
}
