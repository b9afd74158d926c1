//! What recovery must not forget: its members and the emergency state. All of it is in its log. When it last heard of
//! whom is not: after a restart every silence is counted anew, or its own would be taken for theirs.

use std::rc::Rc;

use super::log::Logged;
use crate::engine::command::ExecutorSpec;
use crate::engine::emergency::EmergencyState;
use crate::engine::id::ProcessIndex;
use crate::engine::message::{Standing, Tenure, Word};
use crate::engine::sorted::SortedMap;

/// What recovery believes of an executor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Belief {
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
    pub belief: Belief,
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
        matches!(self.belief, Belief::Suspected | Belief::Failed)
    }

    /// The present stretch in which it is counted on.
    pub fn tenure(&self) -> Tenure {
        Tenure {
            incarnation: self.incarnation,
            failures: self.failures,
        }
    }

    /// The newest word about it.
    pub(super) fn word(&self) -> Word {
        Word {
            spec: Rc::clone(&self.spec),
            version: self.told,
            tenure: self.tenure(),
            draining: self.draining,
        }
    }

    /// What a reply tells it of itself.
    pub(super) fn standing(&self) -> Standing {
        if self.draining {
            Standing::Draining
        } else {
            Standing::Member
        }
    }
}

/// An entry in the log of recovery.
#[derive(Clone, Debug)]
pub enum Entry {
    /// An executor begins a life.
    Registered(ProcessIndex, Rc<ExecutorSpec>, u32),
    /// Something else is believed of it.
    Believed(ProcessIndex, Belief),
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
    type Entry = Entry;

    fn apply(&mut self, entry: Entry) {
        match entry {
            Entry::Registered(executor, spec, incarnation) => {
                let earlier = self.members.get(&executor);
                let member = Member {
                    spec,
                    incarnation,
                    belief: Belief::Healthy,
                    draining: earlier.is_some_and(|member| member.draining),
                    failures: earlier.map_or(0, |member| member.failures),
                    told: earlier.map_or(0, |member| member.told),
                };
                self.members.insert(executor, member);
            }
            Entry::Believed(executor, belief) => {
                if let Some(member) = self.members.get_mut(&executor) {
                    member.belief = belief;
                    member.failures += u32::from(belief == Belief::Failed);
                }
            }
            Entry::Draining(executor) => {
                if let Some(member) = self.members.get_mut(&executor) {
                    member.draining = true;
                }
            }
            Entry::Told(executor) => {
                if let Some(member) = self.members.get_mut(&executor) {
                    member.told += 1;
                }
            }
            Entry::Emergency(state) => self.state = state,
        }
    }
}

impl Membership {
    /// Whether an executor has registered and was not removed.
    pub fn is_member(&self, executor: ProcessIndex) -> bool {
        let member = self.members.get(&executor);
        member.is_some_and(|member| member.belief != Belief::Removed)
    }
}
