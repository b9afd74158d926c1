//! The order in which the events of a log are told, and what is told of them.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::rc::Rc;

use super::LogEntry;
use super::clocks::Hosts;
use triage_engine::id::ProcessIndex;
use triage_engine::recorded::{Log, LogEvent, Logged};

/// The places in an order in which each comes after its causes and after its process's earlier events; otherwise as
/// they stand in the log. What was checked before makes every clock greater than those of its causes, so there is one.
pub fn order(entries: &[LogEntry], lanes: &[Vec<usize>], causes: &[Vec<usize>]) -> Vec<usize> {
    let mut effects = vec![Vec::new(); entries.len()];
    let mut missing: Vec<usize> = causes.iter().map(Vec::len).collect();
    for (place, causes) in causes.iter().enumerate() {
        for cause in causes {
            effects[*cause].push(place);
        }
    }
    for pair in lanes.iter().flat_map(|lane| lane.windows(2)) {
        effects[pair[0]].push(pair[1]);
        missing[pair[1]] += 1;
    }
    let ready = (0..entries.len()).filter(|place| missing[*place] == 0);
    let mut ready: BinaryHeap<Reverse<usize>> = ready.map(Reverse).collect();
    let mut order = Vec::with_capacity(entries.len());
    while let Some(Reverse(place)) = ready.pop() {
        order.push(place);
        for effect in &effects[place] {
            missing[*effect] -= 1;
            if missing[*effect] == 0 {
                ready.push(Reverse(*effect));
            }
        }
    }
    order
}

/// The events in that order, with their causes and effects.
pub fn assemble(
    entries: &[LogEntry],
    hosts: &Hosts,
    causes: &[Vec<usize>],
    order: &[usize],
) -> Log {
    let mut seq_of = vec![0; entries.len()];
    for (seq, place) in (0u32..).zip(order) {
        seq_of[*place] = seq;
    }
    let mut log = Log {
        hosts: hosts.names.clone(),
        events: Vec::with_capacity(entries.len()),
    };
    for (seq, place) in (0u32..).zip(order) {
        let entry = &entries[*place];
        let mut from: Vec<(ProcessIndex, u32)> = Vec::new();
        for cause in &causes[*place] {
            let sender = ProcessIndex(hosts.of(&entries[*cause]) as u16);
            from.push((sender, seq_of[*cause]));
            log.events[seq_of[*cause] as usize].last_effect = Some(seq);
        }
        from.sort_unstable();
        let fields = entry.fields.iter();
        let logged = Logged {
            text: entry.event.as_str().into(),
            line: entry.line,
            fields: fields
                .map(|(name, value)| (name.as_str().into(), value.as_str().into()))
                .collect(),
            more_causes: from.split_off(from.len().min(1)),
        };
        log.events.push(LogEvent {
            process: ProcessIndex(hosts.of(entry) as u16),
            cause: from.pop(),
            logged: Rc::new(logged),
            last_effect: None,
        });
    }
    log
}
