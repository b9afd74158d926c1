//! An executor as the recovery manager knows it.

use std::rc::Rc;

use crate::engine::command::ExecutorSpec;
use crate::engine::message::{Standing, Tenure, Word};

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
#[derive(Clone, Debug)]
pub struct Member {
    /// What it is.
    pub spec: Rc<ExecutorSpec>,
    /// Its life.
    pub incarnation: u32,
    /// What is believed of it.
    pub belief: Belief,
    /// To be removed once it is empty.
    pub draining: bool,
    /// When it was last heard from, in ns.
    pub heard_ns: u64,
    /// How often it was taken for failed.
    pub failures: u32,
    /// How often coordinators were told of it.
    pub told: u32,
}

impl Member {
    /// The present stretch in which it is counted on.
    pub fn tenure(&self) -> Tenure {
        Tenure {
            incarnation: self.incarnation,
            failures: self.failures,
        }
    }

    /// The next word about it.
    pub(super) fn next_word(&mut self) -> Word {
        self.told += 1;
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
