//! A coordinator: the ledger of the jobs it owns, their attempts, and routing.

use std::rc::Rc;

use super::gossip::{self, Gossip, Gossiper, Part};
pub use super::ledger::{Entry, Known, Ledger, Open, Place, Standing};
use super::log::Durable;
use super::{Context, Effect, Effects, Timer};
use crate::engine::command::ExecutorSpec;
use crate::engine::emergency::EmergencyState;
use crate::engine::id::{JobId, ProcessIndex};
use crate::engine::job::{Class, Job};
use crate::engine::message::{Body, Ignored, Placement, Tenure, Word};
use crate::engine::policy::routing::{self, Candidate, Routing};
use crate::engine::record::{Attempt, Record};
use crate::engine::rng::Generator;
use crate::language::{Sentence, say, tr};
use crate::mark;

/// A `coordinator-N` process.
#[derive(Clone, Debug)]
pub struct Coordinator {
    own: ProcessIndex,
    routing_normal: Routing,
    routing_emergency: Routing,
    /// Of policies that draw lots.
    chances: Generator,
    /// What its log holds.
    pub ledger: Durable<Ledger>,
    /// What it has heard of the other coordinators.
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
        chances: Generator,
    ) -> Self {
        Coordinator {
            own,
            routing_normal,
            routing_emergency,
            chances,
            ledger: Durable::logged(),
            gossip: Gossiper::default(),
            last_normal: None,
            last_emergency: None,
        }
    }

    /// An executor that was there when the run began.
    pub fn introduce(&mut self, executor: ProcessIndex, spec: Rc<ExecutorSpec>) {
        let word = Word {
            spec,
            version: 0,
            tenure: Tenure {
                incarnation: 1,
                failures: 0,
            },
            draining: false,
        };
        self.ledger
            .write(Entry::Told(executor, Standing::Available, word));
    }

    /// What a crash leaves: its log. Whose turn it is, and what others told of themselves, is not worth an entry.
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
            // Others must not take what it says now for older than what it said before.
            self.ledger.write(Entry::Restarted);
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
        let ask = self.gossip.say(context, self.own, &self.ledger, Part::Ask);
        effects.send_once(peer, Body::Gossip(Rc::new(ask)));
        let next = Effect::Set(Timer::Gossip, gossip::PERIOD_NS);
        effects.list.push(next);
        effects
    }

    /// What another coordinator says: what is newer is taken, and what it does not know it is told.
    fn heard(&mut self, context: Context, from: ProcessIndex, gossip: &Gossip) -> Effects {
        self.gossip.hear(context, self.own, gossip);
        if gossip.emergency.version > self.ledger.emergency.version {
            let state = Rc::clone(&gossip.emergency);
            self.ledger.write(Entry::Emergency(state));
        }
        let mut effects = Effects::default();
        for (executor, news, word) in &gossip.words {
            let mut told = self.told(context, *executor, *news, word);
            effects.list.append(&mut told.list);
        }
        let reply = match gossip.part {
            Part::Ask if gossip.checksum != self.ledger.checksum() => {
                Some((Part::Answer, self.ledger.words(|_, _| true)))
            }
            Part::Ask => Some((Part::Answer, Vec::new())),
            Part::Answer if gossip.checksum == self.ledger.checksum() => None,
            Part::Answer => {
                let theirs = |executor: ProcessIndex| {
                    let mut said = gossip.words.iter();
                    said.find(|(known, ..)| *known == executor)
                };
                let rest = self.ledger.words(|executor, version| {
                    theirs(executor).is_none_or(|(_, _, word)| word.version < version)
                });
                (!rest.is_empty()).then_some((Part::Rest, rest))
            }
            Part::Rest => None,
        };
        if let Some((part, words)) = reply {
            let said = self.gossip.say(context, self.own, &self.ledger, part);
            let reply = Gossip { words, ..said };
            effects.send_once(from, Body::Gossip(Rc::new(reply)));
        }
        effects
    }

    /// Recovery tells of a newer emergency state.
    fn informed(&mut self, state: &Rc<EmergencyState>) -> Effects {
        if state.version <= self.ledger.emergency.version {
            return Effects::ignore(Ignored::OlderState);
        }
        self.ledger.write(Entry::Emergency(Rc::clone(state)));
        Effects::default()
    }

    /// Handles a message.
    pub fn receive(&mut self, context: Context, from: ProcessIndex, body: &Body) -> Effects {
        match body {
            Body::Gossip(gossip) => self.heard(context, from, gossip),
            Body::EmergencyNotice(state) => self.informed(state),
            Body::SubmitJob(job) => self.submitted(job),
            Body::Complete { job, attempt } => self.completed(job.id, *attempt),
            Body::Return { job, attempt } => self.returned(job.id, *attempt),
            Body::ExecutorJoined(executor, word) | Body::ExecutorHealthy(executor, word) => {
                self.told(context, *executor, Standing::Available, word)
            }
            Body::ExecutorSuspected(executor, word) => {
                self.told(context, *executor, Standing::Suspected, word)
            }
            Body::ExecutorFailed(executor, word) => {
                self.told(context, *executor, Standing::Failed, word)
            }
            Body::ExecutorDraining(executor, word) => {
                self.told(context, *executor, Standing::Draining, word)
            }
            Body::ExecutorRemoved(executor, word) => {
                self.told(context, *executor, Standing::Removed, word)
            }
            Body::Reassigned(placements) => self.reassigned(context, placements),
            _ => Effects::ignore(Ignored::NotForCoordinator),
        }
    }

    /// The jobs that wait here for an executor that can take them.
    pub fn waiting(&self) -> impl Iterator<Item = &Open> {
        let open = self.ledger.jobs.values();
        open.filter(|open| open.place == Place::Waiting)
    }

    /// What a waiting job waits for, in words.
    pub fn waits_for(&self, job: &Job) -> String {
        let able: Vec<&Known> = self
            .ledger
            .executors
            .values()
            .filter(|known| routing::could_run(&known.spec, job))
            .collect();
        let named = |known: &&Known| match known.standing {
            Standing::Draining => tr!("{} (draining)", known.spec.id),
            Standing::Removed => tr!("{} (removed)", known.spec.id),
            _ => tr!("{} (failed)", known.spec.id),
        };
        match able.as_slice() {
            [] => say("an executor that could run it").to_owned(),
            [one] => named(one),
            [a, b] => tr!("{a} or {b}", a = named(a), b = named(b)),
            [a, b, c] => tr!(
                "{a} or {b} or {c}",
                a = named(a),
                b = named(b),
                c = named(c)
            ),
            [..] => tr!("any of {} executors, none of them available", able.len()),
        }
    }

    fn submitted(&mut self, job: &Rc<Job>) -> Effects {
        let mut effects = Effects::default();
        let could = |known: &Known| {
            known.standing != Standing::Removed && routing::could_run(&known.spec, job)
        };
        if !self.ledger.executors.values().any(could) {
            self.ledger.write(Entry::Refused);
            let reason = refusal(job);
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
        self.ledger.write(Entry::Accepted(Rc::clone(job)));
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
        let tenure = known.tenure;
        let attempt = self.issue(id, Place::Assigned(executor, tenure));
        let owner = self.own;
        effects.send(
            executor,
            Body::Assign {
                job,
                attempt,
                incarnation: tenure.incarnation,
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
        let with_standing = |standing: Standing| -> Vec<Candidate<'_>> {
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
        let mut candidates = with_standing(Standing::Available);
        if candidates.is_empty() {
            candidates = with_standing(Standing::Suspected);
        }
        let (policy, last) = match job.class() {
            Class::Normal => (self.routing_normal, self.last_normal),
            Class::Emergency => (self.routing_emergency, self.last_emergency),
        };
        let chosen = routing::choose(policy, job, &candidates, last, &mut self.chances);
        match job.class() {
            Class::Normal => self.last_normal = chosen.or(last),
            Class::Emergency => self.last_emergency = chosen.or(last),
        }
        chosen
    }

    /// The only place where attempts are made: each one is new, and in the log before anybody is told.
    fn issue(&mut self, id: JobId, place: Place) -> u32 {
        let attempt = self.ledger.newest(id).map_or(1, |newest| newest + 1);
        self.ledger.write(Entry::Put(id, attempt, place));
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
            self.ledger.write(Entry::Completed(id));
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
            Some(_) => self.ledger.write(Entry::Put(id, attempt, Place::Waiting)),
        }
        let mut effects = Effects::default();
        self.route(id, &mut effects);
        effects
    }

    /// Takes recovery's newest word of an executor. Whatever an earlier tenure held is lost, noticed or not: recovery
    /// and this coordinator both stop repeating themselves to an executor at its end.
    fn told(
        &mut self,
        context: Context,
        executor: ProcessIndex,
        news: Standing,
        word: &Word,
    ) -> Effects {
        let known = self.ledger.executors.get(&executor);
        if known.is_some_and(|known| word.version <= known.version) {
            return Effects::ignore(Ignored::OlderWord);
        }
        let ended = known.is_none_or(|known| word.tenure > known.tenure);
        self.ledger
            .write(Entry::Told(executor, news, Word::clone(word)));
        let mut effects = Effects::default();
        if ended || news == Standing::Removed {
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
            effects.send(context.recovery(), Body::Orphans(handed));
        }
    }

    fn reassigned(&mut self, context: Context, placements: &[(JobId, u32, Placement)]) -> Effects {
        let mut effects = Effects::default();
        for (id, attempt, placement) in placements {
            let Some(open) = self.ledger.jobs.get(id) else {
                continue;
            };
            if open.attempt == *attempt && open.place == Place::WithRecovery {
                let assigned = |(executor, tenure)| Place::Assigned(executor, tenure);
                let place = placement.map_or(Place::Waiting, assigned);
                self.ledger.write(Entry::Put(*id, *attempt, place));
            }
        }
        // The executor may have failed or restarted meanwhile.
        self.rescue(context, &mut effects);
        self.route_waiting(&mut effects);
        effects
    }
}

fn refusal(job: &Job) -> Sentence {
    let needs = job.requirements.join(", ");
    match (&job.target, needs.is_empty()) {
        (Some(target), true) => {
            Sentence::new(mark!("no executor is called {name}"), &[("name", target)])
        }
        (Some(target), false) => Sentence::new(
            mark!("{name} does not have {needs}, or does not exist"),
            &[("name", target), ("needs", &needs)],
        ),
        (None, false) => Sentence::new(mark!("no executor has {needs}"), &[("needs", &needs)]),
        (None, true) => Sentence::new(mark!("there is no executor"), &[]),
    }
}
