//! What recovery must not forget: its members and the emergency state. All of it is in its log. When it last heard of
//! whom is not: after a restart every silence is counted anew, or its own would be taken for theirs.

use std::rc::Rc;

use super::log::Logged;
use crate::command::ExecutorSpec;
use crate::emergency::EmergencyState;
use crate::id::ProcessIndex;
use crate::message::{ExecutorUpdate, MembershipEpoch, MembershipStatus};
use crate::sorted::SortedMap;

/// What recovery believes of an executor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HealthView {
    /// Heard from in time.
    Healthy,
    /// Silent.
    Suspected,
    /// Silent for too long.
    Failed,
    /// Not a member any more.
    Removed,
}

/// An executor as recovery knows it.
#[derive(Clone, Debug, PartialEq)]
pub struct Member {
    /// What it is.
    pub spec: Rc<ExecutorSpec>,
    /// Its life.
    pub incarnation: u32,
    /// Recovery's view of it.
    pub health: HealthView,
    /// To be removed once it is empty.
    pub draining: bool,
    /// How often it was declared failed.
    pub failures: u32,
    /// Updates about it sent to coordinators: the version of the next one.
    pub updates_sent: u32,
}

impl Member {
    /// Whether it counts as silent: suspected or declared failed.
    pub fn is_silent(&self) -> bool {
        matches!(self.health, HealthView::Suspected | HealthView::Failed)
    }

    /// The present stretch in which it is counted on.
    pub fn epoch(&self) -> MembershipEpoch {
        MembershipEpoch {
            incarnation: self.incarnation,
            failures: self.failures,
        }
    }

    /// The newest update about it.
    pub(super) fn update(&self) -> ExecutorUpdate {
        ExecutorUpdate {
            spec: Rc::clone(&self.spec),
            version: self.updates_sent,
            epoch: self.epoch(),
            draining: self.draining,
        }
    }

    /// What a reply tells it of itself.
    pub(super) fn standing(&self) -> MembershipStatus {
        if self.draining {
            MembershipStatus::Draining
        } else {
            MembershipStatus::Member
        }
    }
}

/// An entry in the log of recovery.
#[derive(Clone, Debug)]
pub enum MembershipEntry {
    /// An executor begins a life.
    Registered(ProcessIndex, Rc<ExecutorSpec>, u32),
    /// Recovery's view of it changed.
    HealthChanged(ProcessIndex, HealthView),
    /// It must drain.
    Draining(ProcessIndex),
    /// Coordinators are sent an update about it.
    UpdateSent(ProcessIndex),
    /// A newer emergency state.
    Emergency(Rc<EmergencyState>),
}

/// What recovery must not forget.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Membership {
    /// Every executor that ever registered.
    pub members: SortedMap<ProcessIndex, Member>,
    /// The newest emergency state it knows.
    pub state: Rc<EmergencyState>,
}

impl Logged for Membership {
    type Entry = MembershipEntry;

    fn apply(&mut self, entry: MembershipEntry) {
        match entry {
            MembershipEntry::Registered(executor, spec, incarnation) => {
                let earlier = self.members.get(&executor);
                let member = Member {
                    spec,
                    incarnation,
                    health: HealthView::Healthy,
                    draining: earlier.is_some_and(|member| member.draining),
                    failures: earlier.map_or(0, |member| member.failures),
                    updates_sent: earlier.map_or(0, |member| member.updates_sent),
                };
                self.members.insert(executor, member);
            }
            MembershipEntry::HealthChanged(executor, health) => {
                if let Some(member) = self.members.get_mut(&executor) {
                    member.health = health;
                    member.failures += u32::from(health == HealthView::Failed);
                }
            }
            MembershipEntry::Draining(executor) => {
                if let Some(member) = self.members.get_mut(&executor) {
                    member.draining = true;
                }
            }
            MembershipEntry::UpdateSent(executor) => {
                if let Some(member) = self.members.get_mut(&executor) {
                    member.updates_sent += 1;
                }
            }
            MembershipEntry::Emergency(state) => self.state = state,
        }
    }
}

impl Membership {
    /// Whether an executor has registered and was not removed.
    pub fn is_member(&self, executor: ProcessIndex) -> bool {
        let member = self.members.get(&executor);
        member.is_some_and(|member| member.health != HealthView::Removed)
    }
}
