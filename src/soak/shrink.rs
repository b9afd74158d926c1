//! A failing scenario made small: what can be left out while the same rule still breaks, is.

use super::run;
use triage_engine::command::Action;
use triage_scenario::{Scenario, parse};

/// A smaller scenario that breaks the same rule, or the same one if it breaks none.
pub fn shrink(scenario: &Scenario) -> Scenario {
    let mut best = scenario.clone();
    let Err(first) = run(&best) else {
        return best;
    };
    // Without the last commands, which undo every fault, it would fail for want of healing.
    let last_us = best.commands.last().map(|command| command.at_us);
    let story = best
        .commands
        .iter()
        .take_while(|command| Some(command.at_us) < last_us)
        .count();
    let healing = best.commands.split_off(story);
    let healed = |candidate: &Scenario| {
        let mut whole = candidate.clone();
        whole.commands.extend_from_slice(&healing);
        whole
            .commands
            .retain(|command| names_who_is_there(candidate, &command.action));
        whole
    };
    let fails = |candidate: &Scenario| {
        let whole = healed(candidate);
        let json = serde_json::to_string(&whole).unwrap_or_default();
        parse(&json).is_ok() && run(&whole).is_err_and(|other| other.rule == first.rule)
    };
    loop {
        let before = size(&best);
        thin(&mut best, |scenario| &mut scenario.workload, &fails);
        thin(&mut best, |scenario| &mut scenario.commands, &fails);
        thin(&mut best, |scenario| &mut scenario.executors, &fails);
        if size(&best) == before {
            return healed(&best);
        }
    }
}

/// Whether a command that undoes a fault names a process that is still in the scenario.
fn names_who_is_there(scenario: &Scenario, action: &Action) -> bool {
    let (Action::Heal { process }
    | Action::Resume { process }
    | Action::Restart { process }
    | Action::Slow { process, .. }) = action
    else {
        return true;
    };
    let added = scenario
        .commands
        .iter()
        .filter_map(|command| match &command.action {
            Action::AddExecutor(spec) => Some(spec),
            _ => None,
        });
    let executor = scenario
        .executors
        .iter()
        .chain(added)
        .any(|spec| spec.id == *process);
    executor || !process.starts_with("exec-")
}

fn size(scenario: &Scenario) -> usize {
    scenario.workload.len() + scenario.commands.len() + scenario.executors.len()
}

/// Leaves out halves, quarters and so on of one list down to single items (Zeller's delta debugging, simplified).
fn thin<T: Clone>(
    best: &mut Scenario,
    list: fn(&mut Scenario) -> &mut Vec<T>,
    fails: &dyn Fn(&Scenario) -> bool,
) {
    let mut piece = list(best).len();
    while piece > 0 {
        let mut from = 0;
        while from < list(best).len() {
            let mut candidate = best.clone();
            let items = list(&mut candidate);
            items.drain(from..(from + piece).min(items.len()));
            if fails(&candidate) {
                *best = candidate;
            } else {
                from += piece;
            }
        }
        piece /= 2;
    }
}
