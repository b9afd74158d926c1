//! In a crowd only a few nodes can be seen close up: the chosen one and those where something happens.

use triage_view::stage::{NodeView, Role};

/// How many nodes stay in the light.
const KEPT: usize = 6;

/// The next nodes in the light. Who came last stays longest, and the chosen one is never pushed out.
pub fn move_on(mut lit: Vec<u16>, chosen: Option<u16>, active: &[u16]) -> Vec<u16> {
    for &index in chosen.iter().chain(active.iter().take(KEPT)) {
        if lit.contains(&index) {
            continue;
        }
        let oldest = lit.iter().position(|old| Some(*old) != chosen);
        if let Some(at) = oldest.filter(|_| lit.len() >= KEPT) {
            lit.remove(at);
        }
        lit.push(index);
    }
    lit
}

/// Whether something happened on a node that a person in a crowd should see close up.
pub fn is_active(old: &NodeView, new: &NodeView) -> bool {
    let jobs = |node: &NodeView| {
        node.slots
            .iter()
            .flatten()
            .map(|slot| slot.job)
            .collect::<Vec<_>>()
    };
    new.role == Role::Executor
        && (old.health != new.health || old.condition != new.condition || jobs(old) != jobs(new))
}
