//! What can have caused what: the past and future of an event, two events compared with the proof, what a
//! receipt does to the clocks, and cuts through a run.

mod comparison;
mod cone;
mod cut;
mod merge_step;

pub use comparison::{Comparison, Side};
pub use cone::{Cone, Relation};
pub use cut::{Cut, CutVerdict};
pub use merge_step::{MergeStep, Received};

use crate::engine::id::ProcessIndex;
use crate::engine::trace::{Event, Form};

/// No event has this place.
const NEVER: u32 = u32::MAX;

/// The arrow that ends at an event: who sent what it received, and the place of that send. A refused message
/// is received without effect, so no arrow of causality ends there.
pub(super) fn arrow(event: &Event) -> Option<(ProcessIndex, u32)> {
    match event.form {
        Form::Receipt { from, cause, .. } if event.record.kind() != "message_refused" => {
            Some((from, cause))
        }
        _ => None,
    }
}
