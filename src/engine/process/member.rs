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
    /// What is believed of it.
    pub belief: HealthView,
    /// To be removed once it is empty.
    pub draining: bool,
    /// How often it was taken for failed.
    pub failures: u32,
    /// How often coordinators were told of it.
    pub told: u32,
}

impl Member {
    /// Silent so far, as recovery believes.
    pub fn looks_dead(&self) -> bool {
        matches!(self.belief, HealthView::Suspected | HealthView::Failed)
    }

    /// The present stretch in which it is counted on.
    pub fn epoch(&self) -> MembershipEpoch {
        MembershipEpoch {
            incarnation: self.incarnation,
            failures: self.failures,
        }
    }

    /// The newest word about it.
    pub(super) fn word(&self) -> ExecutorUpdate {
        ExecutorUpdate {
            spec: Rc::clone(&self.spec),
            version: self.told,
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
    /// Something else is believed of it.
    Believed(ProcessIndex, HealthView),
    /// It is to drain.
    Draining(ProcessIndex),
    /// Coordinators are told of it.
    Told(ProcessIndex),
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
                    belief: HealthView::Healthy,
                    draining: earlier.is_some_and(|member| member.draining),
                    failures: earlier.map_or(0, |member| member.failures),
                    told: earlier.map_or(0, |member| member.told),
                };
                self.members.insert(executor, member);
            }
            MembershipEntry::Believed(executor, belief) => {
                if let Some(member) = self.members.get_mut(&executor) {
                    member.belief = belief;
                    member.failures += u32::from(belief == HealthView::Failed);
                }
            }
            MembershipEntry::Draining(executor) => {
                if let Some(member) = self.members.get_mut(&executor) {
                    member.draining = true;
                }
            }
            MembershipEntry::Told(executor) => {
                if let Some(member) = self.members.get_mut(&executor) {
                    member.told += 1;
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
        member.is_some_and(|member| member.belief != HealthView::Removed)
    }
}
