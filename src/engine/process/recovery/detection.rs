//! Silence: when an executor is suspected and declared failed, and the brake that holds failures back.

use super::{HealthView, Member, MembershipEntry, Recovery};
use crate::id::ProcessIndex;
use crate::message::Payload;
use crate::policy::detector::Verdict;
use crate::policy::mass_failure::MassFailureGuardState;
use crate::process::{Context, Effect, Effects, Timer};
use crate::record::Record;
use crate::time::from_us;

impl Recovery {
    fn judge(&self, context: Context, executor: ProcessIndex) -> (Verdict, Option<u64>) {
        let pulse = self.pulses.get(&executor);
        pulse.map_or((Verdict::Trusted, None), |pulse| {
            pulse.judge(self.detector, context.now_ns)
        })
    }

    /// Handles the reminder that an executor may have been silent for too long.
    pub fn silence(&mut self, context: Context, executor: ProcessIndex) -> Effects {
        let mut effects = Effects::default();
        let Some(health) = self.members().get(&executor).map(|member| member.health) else {
            return effects;
        };
        let (verdict, next_us) = self.judge(context, executor);
        if let Some(next_us) = next_us {
            effects
                .list
                .push(Effect::Set(Timer::Silence(executor), from_us(next_us)));
        }
        match (verdict, health) {
            (Verdict::Suspected, HealthView::Healthy) => {
                self.suspect(context, executor, &mut effects);
            }
            (Verdict::Failed, HealthView::Healthy | HealthView::Suspected) => {
                if self.is_held(executor) {
                    self.suspect(context, executor, &mut effects);
                    self.hold(context, &mut effects);
                } else {
                    self.failed(context, executor, &mut effects);
                }
            }
            _ => {}
        }
        effects
    }

    fn suspect(&mut self, context: Context, executor: ProcessIndex, effects: &mut Effects) {
        let member = self.members().get(&executor);
        if member.is_some_and(|member| member.health == HealthView::Healthy) {
            effects.record(Record::ExecutorSuspected(executor));
            self.known.write(MembershipEntry::HealthChanged(
                executor,
                HealthView::Suspected,
            ));
            self.tell(context, executor, Payload::ExecutorSuspected, effects);
        }
    }

    /// How many members look dead, of how many.
    fn silent(&self) -> (u32, u32) {
        let members = self.members().values();
        let members = members.filter(|member| member.health != HealthView::Removed);
        members.fold((0, 0), |(silent, all), member| {
            (silent + u32::from(member.is_silent()), all + 1)
        })
    }

    /// Whether the failure of this executor is not declared for now.
    fn is_held(&self, executor: ProcessIndex) -> bool {
        let is_new = |member: &Member| !member.is_silent();
        let new = u32::from(self.members().get(&executor).is_some_and(is_new));
        let (silent, members) = self.silent();
        match self.braking {
            MassFailureGuardState::Off => self.brake.is_pulled_by(silent + new, members),
            MassFailureGuardState::Held(_) => true,
            MassFailureGuardState::Over => false,
        }
    }

    fn hold(&mut self, context: Context, effects: &mut Effects) {
        if self.braking == MassFailureGuardState::Off {
            let hold_ns = from_us(self.brake.hold_us);
            self.braking = MassFailureGuardState::Held(context.now_ns.saturating_add(hold_ns));
            let (silent, members) = self.silent();
            effects.record(Record::ReassignmentHeld { silent, members });
            effects.list.push(Effect::Set(Timer::Hold, hold_ns));
        }
    }

    /// Handles the reminder that failures were held for long enough: whoever is silent still is declared failed.
    pub fn hold_is_over(&mut self, context: Context) -> Effects {
        let mut effects = Effects::default();
        if !matches!(self.braking, MassFailureGuardState::Held(_)) {
            return effects;
        }
        self.braking = MassFailureGuardState::Over;
        let (silent, members) = self.silent();
        effects.record(Record::ReassignmentReleased {
            silent,
            members,
            heard: false,
        });
        let dead = self.members().iter().filter(|(executor, member)| {
            let (verdict, _) = self.judge(context, **executor);
            member.health == HealthView::Suspected && verdict == Verdict::Failed
        });
        let dead: Vec<ProcessIndex> = dead.map(|(executor, _)| *executor).collect();
        for executor in dead {
            self.failed(context, executor, &mut effects);
        }
        effects
    }

    /// Lets the brake go once few enough members are silent. Those that still are get another chance, for their
    /// heartbeats may be on the way.
    pub(super) fn let_go(&mut self, context: Context, effects: &mut Effects) {
        let (silent, members) = self.silent();
        if self.braking == MassFailureGuardState::Off || self.brake.is_pulled_by(silent, members) {
            return;
        }
        let was_held = self.braking != MassFailureGuardState::Over;
        self.braking = MassFailureGuardState::Off;
        if !was_held {
            return;
        }
        effects.record(Record::ReassignmentReleased {
            silent,
            members,
            heard: true,
        });
        effects.list.push(Effect::Cancel(Timer::Hold));
        for executor in self.believed(|health| health == HealthView::Suspected) {
            if let Some(pulse) = self.pulses.get_mut(&executor) {
                pulse.silent_from_ns = context.now_ns;
            }
            self.watch(executor, effects);
        }
    }

    fn failed(&mut self, context: Context, executor: ProcessIndex, effects: &mut Effects) {
        self.known
            .write(MembershipEntry::HealthChanged(executor, HealthView::Failed));
        effects.record(Record::ExecutorFailed(executor));
        // It will learn what it missed from the reply to its next heartbeat or registration.
        effects.list.push(Effect::GiveUp(executor));
        let member = self.members().get(&executor);
        if member.is_some_and(|member| member.draining) {
            effects.record(Record::ExecutorRemoved(executor));
            self.remove(context, executor, effects);
        } else {
            self.tell(context, executor, Payload::ExecutorFailed, effects);
        }
    }

    /// Asks to be reminded when the silence of an executor that was just heard, or begins anew, means something.
    pub(super) fn watch(&self, executor: ProcessIndex, effects: &mut Effects) {
        let Some(pulse) = self.pulses.get(&executor) else {
            return;
        };
        if let (_, Some(next_us)) = self.detector.bounds(&pulse.window).judge(0) {
            effects
                .list
                .push(Effect::Set(Timer::Silence(executor), from_us(next_us)));
        }
    }
}
