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

use triage_engine::id::ProcessIndex;
use triage_engine::record::Record;
use triage_engine::trace::Event;

/// No event has this place.
const NEVER: u32 = u32::MAX;

/// The arrows that end at an event: who sent what it received, and the place of that send. A refused message
/// is received without effect, so no arrow of causality ends there. Only events of a log have more than one.
pub(super) fn arrows(event: &Event) -> impl Iterator<Item = (ProcessIndex, u32)> {
    let refused = matches!(event.record, Record::MessageRefused(_));
    event.causes().filter(move |_| !refused)
}
