//! The recovery manager: membership, heartbeats, failure detection, round-robin reassignment of orphaned jobs,
//! and the spreading of the emergency state.

mod detection;
mod membership;

use std::rc::Rc;

pub use super::heartbeat_window::HeartbeatWindow;
use super::log::Durable;
pub use super::member::{HealthView, Member, Membership, MembershipEntry};
use super::{Context, Delivery, Effect, Effects};
use crate::command::ExecutorSpec;
use crate::emergency::EmergencyState;
use crate::id::ProcessIndex;
use crate::job::Job;
use crate::message::{ExecutorUpdate, Ignored, MembershipEpoch, MembershipStatus, Payload};
use crate::policy::delivery::EmergencyDelivery;
use crate::policy::detector::Detector;
use crate::policy::mass_failure::{MassFailureGuard, MassFailureGuardState};
use crate::policy::routing::{self, Candidate};
use crate::record::Record;
use crate::sorted::SortedMap;

/// The `recovery` process.
#[derive(Clone, Debug)]
pub struct Recovery {
    detector: Detector,
    brake: MassFailureGuard,
    /// Whether failures are declared; in memory only.
    pub braking: MassFailureGuardState,
    /// What its log holds.
    pub known: Durable<Membership>,
    /// What it has heard of each executor; in memory only.
    pulses: SortedMap<ProcessIndex, HeartbeatWindow>,
    last_reassigned: Option<ProcessIndex>,
}

impl Recovery {
    /// A recovery manager without members.
    pub fn new(detector: Detector, brake: MassFailureGuard) -> Self {
        Recovery {
            detector,
            brake,
            braking: MassFailureGuardState::Off,
            known: Durable::logged(),
            pulses: SortedMap::default(),
            last_reassigned: None,
        }
    }

    /// Every executor that ever registered.
    pub fn members(&self) -> &SortedMap<ProcessIndex, Member> {
        &self.known.members
    }

    /// When a member was last heard from, in ns; since a restart, when that was if it was later.
    pub fn heard_ns(&self, executor: ProcessIndex) -> u64 {
        let pulse = self.pulses.get(&executor);
        pulse.map_or(0, |pulse| pulse.heard_ns)
    }

    /// What it has heard of a member.
    pub fn pulse(&self, executor: ProcessIndex) -> Option<&HeartbeatWindow> {
        self.pulses.get(&executor)
    }

    /// The members of whom it believes that.
    fn believed(&self, is_it: impl Fn(HealthView) -> bool) -> Vec<ProcessIndex> {
        let members = self.members().iter();
        let found = members.filter(|(_, member)| is_it(member.health));
        found.map(|(executor, _)| *executor).collect()
    }

    /// What a crash leaves: its log.
    pub fn crash(&mut self) {
        self.known.crash();
        self.braking = MassFailureGuardState::Off;
        self.last_reassigned = None;
    }

    /// Goes on from its log. It cannot have heard anybody while it was down, so every silence begins now.
    pub fn restart(&mut self, context: Context) -> Effects {
        let mut effects = Effects::default();
        effects.record(Record::ProcessRestarted);
        for pulse in self.pulses.values_mut() {
            pulse.window = self.detector.begin();
        }
        let is_watched = |health| matches!(health, HealthView::Healthy | HealthView::Suspected);
        for executor in self.believed(is_watched) {
            let pulse = HeartbeatWindow::begin(self.detector, context.now_ns);
            self.pulses.insert(executor, pulse);
            self.watch(executor, &mut effects);
        }
        effects
    }

    /// Registers an executor that is there when the run begins.
    pub fn register_executor(
        &mut self,
        context: Context,
        executor: ProcessIndex,
        spec: Rc<ExecutorSpec>,
    ) -> Effects {
        let mut effects = Effects::default();
        effects.record(membership::registered(executor, &spec, 1));
        self.admit(context, executor, spec, 1, &mut effects);
        effects
    }

    /// Handles a message.
    pub fn receive(&mut self, context: Context, from: ProcessIndex, body: &Payload) -> Effects {
        match body {
            Payload::Heartbeat { incarnation, .. } => self.heartbeat(context, from, *incarnation),
            Payload::Emergency { state, .. } => self.emergency(context, state),
            Payload::AddExecutor { executor, spec } if !self.is_sound(*executor, spec) => {
                Effects::ignore(Ignored::InvalidRegistration)
            }
            Payload::AddExecutor { executor, spec } => self.joined(context, *executor, spec, 1),
            Payload::Register { incarnation } => match self.members().get(&from) {
                Some(member) if member.health == HealthView::Removed => {
                    let mut effects = Effects::ignore(Ignored::Removed);
                    effects.send(from, self.welcome(MembershipStatus::Removed));
                    effects
                }
                Some(member) if member.incarnation < *incarnation => {
                    let spec = Rc::clone(&member.spec);
                    self.joined(context, from, &spec, *incarnation)
                }
                Some(member) if member.incarnation == *incarnation => {
                    // It asks again, so its welcome was lost.
                    let standing = member.standing();
                    let mut effects = Effects::default();
                    let welcome = self.welcome(standing);
                    effects
                        .list
                        .push(Effect::Send(from, welcome, Delivery::Superseding));
                    effects
                }
                Some(_) => Effects::ignore(Ignored::OlderIncarnation),
                None => Effects::ignore(Ignored::UnknownExecutor),
            },
            Payload::DrainExecutor(executor) => self.drain(context, *executor),
            Payload::Drained => {
                let mut effects = Effects::default();
                if !self.known.is_member(from) {
                    return Effects::ignore(Ignored::Removed);
                }
                effects.receipt = Some(Record::ExecutorRemoved(from));
                self.remove(context, from, &mut effects);
                effects
            }
            Payload::RemoveExecutor(executor) => {
                let mut effects = Effects::default();
                match self.members().get(executor).map(|member| member.health) {
                    // It left by itself, or somebody asked twice.
                    Some(HealthView::Removed) => return Effects::ignore(Ignored::Removed),
                    Some(HealthView::Failed) => {}
                    _ => effects.receipt = Some(Record::ExecutorFailed(*executor)),
                }
                effects.record(Record::ExecutorRemoved(*executor));
                self.remove(context, *executor, &mut effects);
                effects
            }
            Payload::Orphans(orphans) => self.reassign(from, orphans),
            _ => Effects::ignore(Ignored::NotForRecovery),
        }
    }

    fn heartbeat(&mut self, context: Context, from: ProcessIndex, incarnation: u32) -> Effects {
        let mut effects = Effects {
            receipt: Some(Record::HeartbeatReceived),
            ..Effects::default()
        };
        let Some(member) = self.members().get(&from) else {
            return effects;
        };
        if member.health == HealthView::Removed {
            effects.send_once(from, self.reply(MembershipStatus::Removed));
            return effects;
        }
        if member.incarnation < incarnation {
            // It registered this life before recovery knew that it exists, and was welcomed as the earlier one.
            let spec = Rc::clone(&member.spec);
            return self.joined(context, from, &spec, incarnation);
        }
        if member.incarnation > incarnation {
            return effects;
        }
        let (standing, health) = (member.standing(), member.health);
        if let Some(pulse) = self.pulses.get_mut(&from) {
            pulse.beat(self.detector, context.now_ns, health != HealthView::Failed);
        }
        let was_silent = health != HealthView::Healthy;
        if was_silent {
            effects.record(Record::ExecutorHealthy(from));
            self.known
                .write(MembershipEntry::HealthChanged(from, HealthView::Healthy));
            self.tell(context, from, Payload::ExecutorHealthy, &mut effects);
        }
        // What was learned moves the bounds, earlier too; fixed ones are looked at when they are due.
        if was_silent || self.detector.phi_accrual().is_some() {
            self.watch(from, &mut effects);
        }
        if was_silent {
            self.let_go(context, &mut effects);
        }
        effects.send_once(from, self.reply(standing));
        effects
    }

    fn emergency(&mut self, context: Context, state: &Rc<EmergencyState>) -> Effects {
        if state.version <= self.known.state.version {
            return Effects::ignore(Ignored::OlderState);
        }
        self.known
            .write(MembershipEntry::Emergency(Rc::clone(state)));
        let mut effects = Effects::default();
        if context.coordinators > 1 {
            for coordinator in context.coordinators() {
                let notice = Payload::EmergencyNotice(Rc::clone(state));
                let send = Effect::Send(coordinator, notice, Delivery::Superseding);
                effects.list.push(send);
            }
        }
        let reachable = self.members().iter().filter(|(_, member)| {
            matches!(member.health, HealthView::Healthy | HealthView::Suspected)
        });
        let orders = reachable.map(|(executor, _)| (*executor, Payload::SetMode(Rc::clone(state))));
        if context.emergency_delivery == EmergencyDelivery::Relayed {
            effects
                .list
                .extend(orders.map(|(to, body)| Effect::Send(to, body, Delivery::Superseding)));
        } else {
            // Later ones may depend on each of them, so none is left out.
            let orders = orders.map(|(to, body)| (to, body, Delivery::Acknowledged));
            effects.list.push(Effect::Broadcast(orders.collect()));
        }
        effects
    }

    /// Sends each orphan to the next healthy executor that could run it, in turn.
    fn reassign(&mut self, owner: ProcessIndex, orphans: &[(Rc<Job>, u32)]) -> Effects {
        let mut effects = Effects::default();
        let mut placements = Vec::new();
        for (job, attempt) in orphans {
            let placement = self.next_for(job);
            if let Some((executor, epoch)) = placement {
                self.last_reassigned = Some(executor);
                let (job, attempt) = (Rc::clone(job), *attempt);
                effects.send(
                    executor,
                    Payload::Assign {
                        job,
                        attempt,
                        incarnation: epoch.incarnation,
                        owner,
                        reassigned: true,
                    },
                );
            }
            placements.push((job.id, *attempt, placement));
        }
        effects.send(owner, Payload::Reassigned(placements));
        effects
    }

    fn next_for(&self, job: &Job) -> Option<(ProcessIndex, MembershipEpoch)> {
        let able = self.members().iter().filter(|(_, member)| {
            member.health == HealthView::Healthy
                && !member.draining
                && routing::could_run(&member.spec, job)
        });
        let candidates: Vec<_> = able
            .map(|(executor, member)| Candidate {
                executor: *executor,
                spec: &member.spec,
                load: 0,
            })
            .collect();
        let chosen = routing::next_in_turn(&candidates, self.last_reassigned)?;
        Some((chosen, self.members().get(&chosen)?.epoch()))
    }

    /// Tells every coordinator something of an executor, all in the same words; the system hears who left, where it
    /// broadcasts.
    fn tell(
        &mut self,
        context: Context,
        executor: ProcessIndex,
        news: impl Fn(ProcessIndex, ExecutorUpdate) -> Payload,
        effects: &mut Effects,
    ) {
        self.known.write(MembershipEntry::UpdateSent(executor));
        let Some(update) = self.members().get(&executor).map(Member::update) else {
            return;
        };
        let body = news(executor, update);
        for coordinator in context.coordinators() {
            effects.send(coordinator, body.clone());
        }
        let everybody_broadcasts = context.emergency_delivery != EmergencyDelivery::Relayed;
        if everybody_broadcasts && matches!(body, Payload::ExecutorRemoved(..)) {
            effects.send(ProcessIndex::SYSTEM, body);
        }
    }

    fn reply(&self, standing: MembershipStatus) -> Payload {
        Payload::HeartbeatReply {
            state: Rc::clone(&self.known.state),
            standing,
        }
    }

    fn welcome(&self, standing: MembershipStatus) -> Payload {
        Payload::Welcome {
            state: Rc::clone(&self.known.state),
            standing,
        }
    }
}
