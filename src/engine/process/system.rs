//! The single entry point: numbers jobs and emergencies, and holds the authoritative emergency state.

use std::rc::Rc;

use super::{Context, Delivery, Effect, Effects};
use crate::command::{JobRequest, Rejection};
use crate::emergency::{Emergency, EmergencyState, EmergencyType, Level};
use crate::id::{EmergencyId, JobId, ProcessIndex};
use crate::job::Job;
use crate::message::{Announcement, EmergencyChange, Ignored, Payload};
use crate::policy::delivery::EmergencyDelivery;
use crate::record::Record;

/// A coordinator that has not answered so many transmissions of a job is passed over: within half a second, as waits
/// double from some round trips on.
const UNANSWERED: u16 = 3;

/// The `system` process.
#[derive(Clone, Debug, Default)]
pub struct System {
    /// Jobs submitted so far.
    pub jobs: u32,
    /// Emergencies declared so far.
    pub emergencies: u32,
    /// The executors it has added and not heard to be gone: who gets its notices, where it broadcasts.
    pub executors: Vec<ProcessIndex>,
    /// Coordinators that left a job without an answer for too long, and have not answered since.
    pub suspected: Vec<ProcessIndex>,
    last_owner: u16,
    /// The emergency state that everybody else learns from.
    pub state: Rc<EmergencyState>,
}

impl System {
    /// Handles a message.
    pub fn receive(&mut self, body: &Payload) -> Effects {
        match body {
            Payload::ExecutorRemoved(executor, _) => {
                self.executors.retain(|known| known != executor);
                let mut effects = Effects::default();
                effects.list.push(Effect::GiveUp(*executor));
                effects
            }
            _ => Effects::ignore(Ignored::NotForSystem),
        }
    }

    /// Numbers a job and sends it to a coordinator, which owns it for life.
    pub fn submit(
        &mut self,
        context: Context,
        emergency: Option<EmergencyType>,
        request: &JobRequest,
    ) -> (Rc<Job>, Effects) {
        self.jobs += 1;
        let id = JobId(self.jobs);
        let job = Rc::new(Job {
            id,
            name: request
                .name
                .clone()
                .unwrap_or_else(|| id.to_string().into()),
            emergency,
            work_us: request.work_us,
            requirements: request.requirements.clone(),
            location: request.location,
            target: request.target.clone(),
            execution: request.execution,
        });
        let mut effects = Effects::default();
        let owner = self.next_owner(context);
        effects.send(owner, Payload::SubmitJob(Rc::clone(&job)));
        (job, effects)
    }

    /// Each coordinator in turn, without those that do not answer as long as others do. What is sent to one stays with
    /// it, whatever is learnt of it later.
    fn next_owner(&mut self, context: Context) -> ProcessIndex {
        let all = context.coordinators;
        let turn = (0..all).map(|step| ProcessIndex(1 + (self.last_owner + step) % all));
        let answers = |owner: &ProcessIndex| !self.suspected.contains(owner);
        let owner = turn.clone().find(answers).or_else(|| turn.clone().next());
        let owner = owner.unwrap_or(ProcessIndex(1));
        self.last_owner = owner.0;
        owner
    }

    /// A job was sent to a coordinator this often without an answer.
    pub fn unanswered(&mut self, context: Context, owner: ProcessIndex, times: u16) -> Effects {
        let mut effects = Effects::default();
        let is_late = times >= UNANSWERED && context.coordinators > 1;
        if is_late && !self.suspected.contains(&owner) {
            self.suspected.push(owner);
            effects.record(Record::CoordinatorSuspected(owner));
        }
        effects
    }

    /// Somebody answered. Whoever is suspected is asked again and again about the job that it left unanswered.
    pub fn answered(&mut self, by: ProcessIndex) -> Effects {
        let mut effects = Effects::default();
        if self.suspected.contains(&by) {
            self.suspected.retain(|suspected| *suspected != by);
            effects.record(Record::CoordinatorHealthy(by));
        }
        effects
    }

    /// Adds an emergency and tells recovery. `emergency.id` is set here.
    pub fn declare(&mut self, context: Context, mut emergency: Emergency) -> Effects {
        self.emergencies += 1;
        emergency.id = EmergencyId(self.emergencies);
        let announcement = announcement(EmergencyChange::Declared, &emergency);
        let state = Rc::make_mut(&mut self.state);
        state.active.push(emergency);
        self.announce(context, announcement)
    }

    /// Changes the level of an active emergency and tells recovery.
    pub fn change(&mut self, context: Context, id: EmergencyId, level: Level) -> Effects {
        let state = Rc::make_mut(&mut self.state);
        let Some(emergency) = state.active.iter_mut().find(|emergency| emergency.id == id) else {
            return Effects::default();
        };
        emergency.level = level;
        let announcement = announcement(EmergencyChange::Changed, emergency);
        self.announce(context, announcement)
    }

    /// Ends an active emergency and tells recovery.
    pub fn clear(&mut self, context: Context, id: EmergencyId) -> Effects {
        let state = Rc::make_mut(&mut self.state);
        let Some(place) = state.active.iter().position(|emergency| emergency.id == id) else {
            return Effects::default();
        };
        let emergency = state.active.remove(place);
        let announcement = announcement(EmergencyChange::Cleared, &emergency);
        self.announce(context, announcement)
    }

    /// The active emergency of that name, or without a name the one declared last.
    ///
    /// # Errors
    /// Says which emergencies are active when there is no such one.
    pub fn find(&self, name: Option<&str>) -> Result<&Emergency, Rejection> {
        let active = &self.state.active;
        let found = match name {
            Some(name) => active
                .iter()
                .find(|emergency| emergency.id.to_string() == name),
            None => active.last(),
        };
        found.ok_or_else(|| match name {
            Some(name) if !active.is_empty() => Rejection::EmergencyNotActive {
                emergency: name.into(),
                active: active
                    .iter()
                    .map(|emergency| emergency.id.to_string().into())
                    .collect(),
            },
            _ => Rejection::NoEmergency,
        })
    }

    fn announce(&mut self, context: Context, announcement: Announcement) -> Effects {
        Rc::make_mut(&mut self.state).version += 1;
        let mut effects = Effects::default();
        let state = Rc::clone(&self.state);
        let to_recovery = Payload::Emergency {
            state,
            announcement: Rc::new(announcement),
        };
        if context.emergency_delivery == EmergencyDelivery::Relayed {
            effects.send(context.recovery(), to_recovery);
            return effects;
        }
        let notice = |executor: &ProcessIndex| {
            let body = Payload::EmergencyNotice(Rc::clone(&self.state));
            (*executor, body, Delivery::Bounded)
        };
        let mut everybody = vec![(context.recovery(), to_recovery, Delivery::Acknowledged)];
        everybody.extend(self.executors.iter().map(notice));
        effects.list.push(Effect::Broadcast(everybody));
        effects
    }
}

fn announcement(change: EmergencyChange, emergency: &Emergency) -> Announcement {
    Announcement {
        change,
        emergency: emergency.id,
        level: emergency.level,
        kind: emergency.kind.clone(),
    }
}
