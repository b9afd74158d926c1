//! Who belongs to the system: registration, draining, removal.

use std::rc::Rc;

use super::{HealthView, HeartbeatWindow, Member, MembershipEntry, Recovery};
use crate::bounds::check_executor;
use crate::command::ExecutorSpec;
use crate::id::ProcessIndex;
use crate::message::{Ignored, MembershipStatus, Payload};
use crate::process::{Context, Effect, Effects, Timer};
use crate::record::Record;

impl Recovery {
    /// Whether a new executor may be registered: within bounds, under an id that nobody has or had. Recovery does not
    /// rely on whoever sent the registration to have looked.
    pub(super) fn is_sound(&self, executor: ProcessIndex, spec: &ExecutorSpec) -> bool {
        let mut others = self
            .members()
            .iter()
            .filter(|(index, _)| **index != executor);
        check_executor(spec).is_ok() && others.all(|(_, member)| member.spec.id != spec.id)
    }

    pub(super) fn joined(
        &mut self,
        context: Context,
        executor: ProcessIndex,
        spec: &Rc<ExecutorSpec>,
        incarnation: u32,
    ) -> Effects {
        let mut effects = Effects {
            receipt: Some(registered(executor, spec, incarnation)),
            ..Effects::default()
        };
        // Whatever still waits to be acknowledged was meant for an earlier life.
        effects.list.push(Effect::GiveUp(executor));
        self.admit(
            context,
            executor,
            Rc::clone(spec),
            incarnation,
            &mut effects,
        );
        self.tell(context, executor, Payload::ExecutorJoined, &mut effects);
        let member = self.members().get(&executor);
        let standing = member.map_or(MembershipStatus::Member, Member::standing);
        effects.send(executor, self.welcome(standing));
        effects
    }

    pub(super) fn admit(
        &mut self,
        context: Context,
        executor: ProcessIndex,
        spec: Rc<ExecutorSpec>,
        incarnation: u32,
        effects: &mut Effects,
    ) {
        self.known
            .write(MembershipEntry::Registered(executor, spec, incarnation));
        let pulse = HeartbeatWindow::begin(self.detector, context.now_ns);
        self.pulses.insert(executor, pulse);
        self.watch(executor, effects);
        self.let_go(context, effects);
    }

    pub(super) fn drain(&mut self, context: Context, executor: ProcessIndex) -> Effects {
        let Some(member) = self.members().get(&executor) else {
            return Effects::ignore(Ignored::UnknownExecutor);
        };
        if member.draining || member.health == HealthView::Removed {
            return Effects::ignore(Ignored::DrainingOrRemoved);
        }
        let mut effects = Effects {
            receipt: Some(Record::ExecutorDraining(executor)),
            ..Effects::default()
        };
        let failed = member.health == HealthView::Failed;
        self.known.write(MembershipEntry::Draining(executor));
        if failed {
            effects.record(Record::ExecutorRemoved(executor));
            self.remove(context, executor, &mut effects);
        } else {
            effects.send(executor, Payload::Drain);
            self.tell(context, executor, Payload::ExecutorDraining, &mut effects);
        }
        effects
    }

    pub(super) fn remove(
        &mut self,
        context: Context,
        executor: ProcessIndex,
        effects: &mut Effects,
    ) {
        effects.list.push(Effect::GiveUp(executor));
        effects.list.push(Effect::Cancel(Timer::Silence(executor)));
        self.known.write(MembershipEntry::HealthChanged(
            executor,
            HealthView::Removed,
        ));
        self.tell(context, executor, Payload::ExecutorRemoved, effects);
        self.let_go(context, effects);
    }
}

/// That an executor is a member from now on.
pub(super) fn registered(executor: ProcessIndex, spec: &ExecutorSpec, incarnation: u32) -> Record {
    Record::ExecutorRegistered {
        executor,
        capacity: spec.capacity,
        incarnation,
    }
}
