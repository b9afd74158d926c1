//! Which interleavings need not be told apart. What a check says is about one process at a time (how often the
//! coordinator accepted a job, what an executor runs at which level) or about states in which nothing is left to happen,
//! so it is enough to visit one order of steps that commute: every process goes through the same states in all of them
//! (Godefroid, Partial-Order Methods, 1996: persistent sets; here each is one step that only consumes a message, so no
//! step is put off for ever). There is at most one crash of an executor in a configuration, on which some of it rests.
//!
//! - **Commands come first.** Nobody sends to the system, and a message may lie on its link for as long as it likes: to
//!   command late is to deliver late. A repetition before a later command finds nothing to be behind: as if never lost.
//! - **What is stale comes at once** (`roles::is_stale`): it changes nothing at its receiver, at any time, so it matters
//!   to nobody when it comes. That it has no effect is checked when it is delivered.
//! - **What only the coordinator notes comes at once** (`is_noted`).
//! - **A coordinator that has finished every job** answers nothing any more: what it still knows is left out, and
//!   whatever comes to it comes at once, once nothing of what it sent to executors is on its way (`finish`).
//! - **A message is lost only when another is behind it** on its link (`Network::is_worth_losing`): a loss and a
//!   repetition put it behind the others, and without others that is no change.
//! - **The loss of an acknowledgement is left out.** The coordinator and recovery remember for ever what they received.
//!   A new life of an executor is given again what the earlier one was given before its crash: an assignment to that
//!   one, which it ignores, or a mode or reply, which it ignores before its welcome, and which is not newer than that.
//! - **A crashed executor is sent nothing** (`Network::crash`, `State::handle`): for the same reason.
//! - **What nothing reads is left out** of states and messages (`roles::handle`): an executor's counters and the status in
//!   its heartbeats; and, once nothing can be lost, whether a message would be repeated.

use crate::network::Envelope;
use crate::roles::{self, COORDINATOR, EXECUTORS, Input, Op, RECOVERY, SYSTEM};
use crate::{Action, State, commands};

/// The steps that are enough from here on, if those are fewer than all.
pub fn enough(state: &State, actions: &mut Vec<Action>) -> bool {
    commands(state, actions);
    if !actions.is_empty() {
        return true;
    }
    let found = state.network.heads().find(|(link, message)| {
        is_stale(state, *link, *message) || is_noted(state, *link, *message)
    });
    if let Some(((from, to), _)) = found {
        actions.push(Action::Deliver(from, to));
    }
    found.is_some()
}

fn is_stale(state: &State, (from, to): (usize, usize), message: Envelope) -> bool {
    let finished = to == COORDINATOR && is_finished_with_all(state);
    !state.crashed[to] && (finished || roles::is_stale(state.roles[to], from, message.body))
}

fn is_finished_with_all(state: &State) -> bool {
    let jobs = state.effects.iter().sum();
    let mut executors = EXECUTORS..EXECUTORS + 2;
    state.roles[COORDINATOR] == roles::finished(jobs)
        && executors.all(|executor| !state.network.between(COORDINATOR, executor))
}

/// A word of recovery to the coordinator upon which it sends nothing, while no job waits and none can come. Nothing but
/// completions can come to the coordinator otherwise, and it makes no difference which of the two is first: the word
/// issues no attempt and routes no job, and a completion changes nothing that the word is about, nor sends anything. That
/// recovery and the coordinator stop repeating themselves does not matter either, if nothing lost waits for it. The word
/// must not be lost itself.
fn is_noted(state: &State, link: (usize, usize), message: Envelope) -> bool {
    if link != (RECOVERY, COORDINATOR)
        || !is_reliable(state)
        || state.network.between(SYSTEM, COORDINATOR)
    {
        return false;
    }
    let before = state.roles[COORDINATOR];
    let outcome = roles::handle(COORDINATOR, before, Input::Receive(RECOVERY, message.body));
    let is_silent = |op: &Op| match op {
        Op::GiveUp(to) => !state.network.is_lost(COORDINATOR, *to),
        Op::Send(..) => false,
    };
    outcome.ops.iter().all(is_silent)
        && ![before, outcome.role]
            .into_iter()
            .any(roles::is_any_waiting)
}

/// Whether no message between processes that are up can be lost any more.
pub fn is_reliable(state: &State) -> bool {
    state.left.losses + state.left.control_crashes == 0
        && !state.crashed[COORDINATOR]
        && !state.crashed[RECOVERY]
}

/// Forgets what a coordinator knows that has finished all `jobs`.
pub fn finish(state: &mut State, jobs: u8) {
    let mut executors = EXECUTORS..EXECUTORS + 2;
    if state.left.normal_jobs + state.left.emergency_jobs == 0
        && !state.crashed[COORDINATOR]
        && roles::is_finished(state.roles[COORDINATOR], jobs)
        && executors.all(|executor| !state.network.between(COORDINATOR, executor))
    {
        state.roles[COORDINATOR] = roles::finished(jobs);
    }
}
