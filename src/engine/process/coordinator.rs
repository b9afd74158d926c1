//! A coordinator: the ledger of the jobs it owns, their attempts, and routing.

use crate::engine::sorted::SortedMap;
use std::rc::Rc;

use super::{Context, Effect, Effects};
use crate::engine::command::ExecutorSpec;
use crate::engine::id::{JobId, ProcessIndex};
use crate::engine::job::{Class, Job};
use crate::engine::message::{Body, Ignored, Placement, Tenure, Word};
use crate::engine::policy::routing::{self, Candidate, Routing};
use crate::engine::record::{Attempt, Record};

/// What a coordinator thinks of an executor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// Takes new jobs.
    Available,
    /// Silent: takes new jobs only if nobody else can.
    Suspected,
    /// Finishes what it has.
    Draining,
    /// Taken for dead.
    Failed,
    /// Gone for good.
    Removed,
}

/// An executor as a coordinator knows it.
#[derive(Clone, Debug)]
pub struct Known {
    /// What it is.
    pub spec: Rc<ExecutorSpec>,
    /// Which of recovery's words about it this is.
    pub version: u32,
    /// The stretch in which recovery counts on it.
    pub tenure: Tenure,
    /// What to expect of it.
    pub standing: Standing,
    /// Unfinished jobs assigned to it.
    pub load: u32,
}

/// Where an unfinished job is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// Here, until an executor can take it.
    Waiting,
    /// With an executor in one of its tenures.
    Assigned(ProcessIndex, Tenure),
    /// With recovery, which looks for an executor.
    WithRecovery,
}

/// An unfinished job in the ledger.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The job.
    pub job: Rc<Job>,
    /// The newest attempt issued; 0 before the first.
    pub attempt: u32,
    /// Where it is.
    pub place: Place,
}

/// A `coordinator-N` process.
#[derive(Clone, Debug)]
pub struct Coordinator {
    own: ProcessIndex,
    routing_normal: Routing,
    routing_emergency: Routing,
    /// Unfinished jobs.
    pub ledger: SortedMap<JobId, Entry>,
    /// Every executor it was told of.
    pub executors: SortedMap<ProcessIndex, Known>,
    last_normal: Option<ProcessIndex>,
    last_emergency: Option<ProcessIndex>,
    /// Jobs refused so far.
    pub refused: u32,
    /// Jobs finished so far.
    pub completed: u32,
    /// The greatest attempt issued so far.
    pub attempt_max: u32,
}

impl Coordinator {
    /// A coordinator with an empty ledger.
    pub fn new(own: ProcessIndex, routing_normal: Routing, routing_emergency: Routing) -> Self {
        Coordinator {
            own,
            routing_normal,
            routing_emergency,
            ledger: SortedMap::default(),
            executors: SortedMap::default(),
            last_normal: None,
            last_emergency: None,
            refused: 0,
            completed: 0,
            attempt_max: 0,
        }
    }

    /// An executor that was there when the run began.
    pub fn introduce(&mut self, executor: ProcessIndex, spec: Rc<ExecutorSpec>) {
        let tenure = Tenure {
            incarnation: 1,
            failures: 0,
        };
        let known = Known {
            spec,
            version: 0,
            tenure,
            standing: Standing::Available,
            load: 0,
        };
        self.executors.insert(executor, known);
    }

    /// Handles a message.
    pub fn receive(&mut self, context: Context, body: &Body) -> Effects {
        match body {
            Body::SubmitJob(job) => self.submitted(job),
            Body::Complete { job, attempt } => self.completed(job.id, *attempt),
            Body::Return { job, attempt } => self.returned(job.id, *attempt),
            Body::ExecutorJoined(executor, word) | Body::ExecutorHealthy(executor, word) => {
                self.regard(context, *executor, Standing::Available, word)
            }
            Body::ExecutorSuspected(executor, word) => {
                self.regard(context, *executor, Standing::Suspected, word)
            }
            Body::ExecutorFailed(executor, word) => {
                self.regard(context, *executor, Standing::Failed, word)
            }
            Body::ExecutorDraining(executor, word) => {
                self.regard(context, *executor, Standing::Draining, word)
            }
            Body::ExecutorRemoved(executor, word) => {
                self.regard(context, *executor, Standing::Removed, word)
            }
            Body::Reassigned(placements) => self.reassigned(context, placements),
            _ => Effects::ignore(Ignored::NotForCoordinator),
        }
    }

    /// The jobs that wait here for an executor that can take them.
    pub fn waiting(&self) -> impl Iterator<Item = &Entry> {
        self.ledger
            .values()
            .filter(|entry| entry.place == Place::Waiting)
    }

    /// What a waiting job waits for, in words.
    pub fn waits_for(&self, job: &Job) -> String {
        let able: Vec<&Known> = self
            .executors
            .values()
            .filter(|known| routing::could_run(&known.spec, job))
            .collect();
        let named = |known: &&Known| match known.standing {
            Standing::Draining => format!("{} (draining)", known.spec.id),
            Standing::Removed => format!("{} (removed)", known.spec.id),
            _ => format!("{} (failed)", known.spec.id),
        };
        match able.as_slice() {
            [] => "an executor that could run it".to_owned(),
            [..] if able.len() <= 3 => able.iter().map(named).collect::<Vec<_>>().join(" or "),
            [..] => format!("any of {} executors, none of them available", able.len()),
        }
    }

    fn submitted(&mut self, job: &Rc<Job>) -> Effects {
        let mut effects = Effects::default();
        let could = |known: &Known| {
            known.standing != Standing::Removed && routing::could_run(&known.spec, job)
        };
        if !self.executors.values().any(could) {
            self.refused += 1;
            let reason = refusal(job);
            effects.receipt = Some(Record::JobRefused {
                job: job.id,
                reason: reason.into(),
            });
            return effects;
        }
        effects.receipt = Some(Record::JobAccepted {
            job: job.id,
            class: job.class(),
        });
        let entry = Entry {
            job: Rc::clone(job),
            attempt: 0,
            place: Place::Waiting,
        };
        self.ledger.insert(job.id, entry);
        self.route(job.id, &mut effects);
        effects
    }

    /// Sends a waiting job to an executor under a new attempt, if one can take it.
    fn route(&mut self, id: JobId, effects: &mut Effects) {
        let Some(entry) = self.ledger.get(&id) else {
            return;
        };
        let job = Rc::clone(&entry.job);
        let Some(executor) = self.choose(&job) else {
            return;
        };
        let Some(tenure) = self.executors.get(&executor).map(|known| known.tenure) else {
            return;
        };
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
            .ledger
            .iter()
            .filter(|(_, entry)| entry.place == Place::Waiting)
            .map(|(id, entry)| (entry.job.class(), *id))
            .collect();
        waiting.sort_by_key(|(class, id)| (std::cmp::Reverse(*class), *id));
        for (_, id) in waiting {
            self.route(id, effects);
        }
    }

    fn choose(&mut self, job: &Job) -> Option<ProcessIndex> {
        let with_standing = |standing: Standing| -> Vec<Candidate<'_>> {
            let able = self.executors.iter().filter(|(_, known)| {
                known.standing == standing && routing::could_run(&known.spec, job)
            });
            able.map(|(executor, known)| Candidate {
                executor: *executor,
                spec: &known.spec,
                load: known.load,
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
        let chosen = routing::choose(policy, job, &candidates, last);
        match job.class() {
            Class::Normal => self.last_normal = chosen.or(last),
            Class::Emergency => self.last_emergency = chosen.or(last),
        }
        chosen
    }

    /// The only place where attempts are made: each one is new.
    fn issue(&mut self, id: JobId, place: Place) -> u32 {
        let Some(entry) = self.ledger.get_mut(&id) else {
            return 0;
        };
        entry.attempt += 1;
        let attempt = entry.attempt;
        self.attempt_max = self.attempt_max.max(attempt);
        self.put(id, place);
        attempt
    }

    /// Moves a job, and keeps the loads true.
    fn put(&mut self, id: JobId, place: Place) {
        let Some(entry) = self.ledger.get_mut(&id) else {
            return;
        };
        let old = std::mem::replace(&mut entry.place, place);
        self.unload(old);
        if let Place::Assigned(executor, _) = place
            && let Some(known) = self.executors.get_mut(&executor)
        {
            known.load += 1;
        }
    }

    fn unload(&mut self, place: Place) {
        if let Place::Assigned(executor, _) = place
            && let Some(known) = self.executors.get_mut(&executor)
        {
            known.load = known.load.saturating_sub(1);
        }
    }

    fn completed(&mut self, id: JobId, attempt: u32) -> Effects {
        let mut effects = Effects::default();
        let newest = self.ledger.get(&id).map(|entry| entry.attempt);
        let number = Attempt {
            job: id,
            number: attempt,
        };
        if newest == Some(attempt) {
            let place = self
                .ledger
                .remove(&id)
                .map_or(Place::Waiting, |entry| entry.place);
            self.unload(place);
            self.completed += 1;
            effects.receipt = Some(Record::CompletionAccepted(number));
        } else {
            effects.receipt = Some(Record::CompletionRefused(number, newest));
        }
        effects
    }

    fn returned(&mut self, id: JobId, attempt: u32) -> Effects {
        match self.ledger.get(&id).map(|entry| entry.attempt) {
            None => return Effects::ignore(Ignored::AlreadyCompleted),
            Some(newest) if newest != attempt => {
                return Effects::ignore(Ignored::SupersededAttempt);
            }
            Some(_) => self.put(id, Place::Waiting),
        }
        let mut effects = Effects::default();
        self.route(id, &mut effects);
        effects
    }

    /// Takes recovery's newest word of an executor. Whatever an earlier tenure held is lost, noticed or not: recovery
    /// and this coordinator both stop repeating themselves to an executor at its end.
    fn regard(
        &mut self,
        context: Context,
        executor: ProcessIndex,
        news: Standing,
        word: &Word,
    ) -> Effects {
        if !self.executors.contains_key(&executor) {
            self.introduce(executor, Rc::clone(&word.spec));
        }
        let Some(known) = self.executors.get_mut(&executor) else {
            return Effects::ignore(Ignored::UnknownExecutor);
        };
        if word.version <= known.version {
            return Effects::ignore(Ignored::OlderWord);
        }
        let ended = word.tenure > known.tenure;
        known.version = word.version;
        known.tenure = word.tenure;
        known.standing = if word.draining {
            news.max(Standing::Draining)
        } else {
            news
        };
        let mut effects = Effects::default();
        if ended || known.standing == Standing::Removed {
            effects.list.push(Effect::GiveUp(executor));
            self.rescue(context, &mut effects);
        }
        self.route_waiting(&mut effects);
        effects
    }

    /// Issues a new attempt for every job whose executor has left, or goes on in another tenure, and hands them to
    /// recovery. Failing ends a tenure; a placement in a later one was made by recovery after it heard from the executor
    /// again, and holds even while the word of that is still on its way.
    fn rescue(&mut self, context: Context, effects: &mut Effects) {
        let lost = |entry: &Entry| match entry.place {
            Place::Assigned(executor, tenure) => {
                // One that it does not know yet is recovery's choice too.
                let gone = self.executors.get(&executor).is_some_and(|known| {
                    known.standing == Standing::Removed || known.tenure > tenure
                });
                gone.then_some(executor)
            }
            _ => None,
        };
        let orphans: Vec<(JobId, ProcessIndex)> = self
            .ledger
            .iter()
            .filter_map(|(id, entry)| Some((*id, lost(entry)?)))
            .collect();
        let mut handed = Vec::new();
        for (id, executor) in orphans {
            let attempt = self.issue(id, Place::WithRecovery);
            effects.record(Record::JobOrphaned(
                Attempt {
                    job: id,
                    number: attempt,
                },
                executor,
            ));
            handed.extend(
                self.ledger
                    .get(&id)
                    .map(|entry| (Rc::clone(&entry.job), attempt)),
            );
        }
        if !handed.is_empty() {
            effects.send(context.recovery(), Body::Orphans(handed));
        }
    }

    fn reassigned(&mut self, context: Context, placements: &[(JobId, u32, Placement)]) -> Effects {
        let mut effects = Effects::default();
        for (id, attempt, placement) in placements {
            let Some(entry) = self.ledger.get(id) else {
                continue;
            };
            if entry.attempt == *attempt && entry.place == Place::WithRecovery {
                let waiting = Place::Waiting;
                let assigned = |(executor, tenure)| Place::Assigned(executor, tenure);
                self.put(*id, placement.map_or(waiting, assigned));
            }
        }
        // The executor may have failed or restarted meanwhile.
        self.rescue(context, &mut effects);
        self.route_waiting(&mut effects);
        effects
    }
}

fn refusal(job: &Job) -> String {
    let needs = job.requirements.join(", ");
    match (&job.target, needs.is_empty()) {
        (Some(target), true) => format!("no executor is called {target}"),
        (Some(target), false) => format!("{target} does not have {needs}, or does not exist"),
        (None, false) => format!("no executor has {needs}"),
        (None, true) => "there is no executor".to_owned(),
    }
}
