//! Who received what, out of nothing but the clocks, which are held against each other.

use super::LogEntry;
use super::clocks::{Hosts, Vector, get};
use super::errors::LogErrors;
use triage_language::tr;

/// For each process the places of its events, in the order of their own entries: 1, 2, 3 and so on.
///
/// # Errors
/// Says where one is missing or there twice.
pub fn lanes(
    entries: &[LogEntry],
    hosts: &Hosts,
    clocks: &[Vector],
) -> Result<Vec<Vec<usize>>, LogErrors> {
    let mut lanes: Vec<Vec<usize>> = vec![Vec::new(); hosts.names.len()];
    for (place, entry) in entries.iter().enumerate() {
        lanes[hosts.of(entry)].push(place);
    }
    let mut problems = Vec::new();
    for (host, lane) in (0u16..).zip(&mut lanes) {
        let name = &hosts.names[usize::from(host)];
        lane.sort_by_key(|place| get(&clocks[*place], host));
        let (mut expected, mut before) = (1, None);
        for place in lane.iter() {
            let (own, line) = (get(&clocks[*place], host), entries[*place].line);
            if own != expected {
                let sentence = match before {
                    Some(earlier) if own < expected => tr!(
                        "this is event {own} of {name}, and so is the one in line {earlier}: each event must increase its own entry by one",
                        own = own,
                        name = name,
                        earlier = earlier
                    ),
                    None => tr!(
                        "the first event of {name} has the number {own} in its clock: it must be 1",
                        name = name,
                        own = own
                    ),
                    Some(earlier) => tr!(
                        "{name} goes from event {before} in line {earlier} to event {own}: the events between them are missing",
                        name = name,
                        before = expected - 1,
                        earlier = earlier,
                        own = own
                    ),
                };
                problems.push((line, sentence));
            }
            (expected, before) = (own + 1, Some(line));
        }
    }
    if problems.is_empty() {
        Ok(lanes)
    } else {
        Err(LogErrors::of(problems))
    }
}

/// For each event the places of those it received from.
///
/// # Errors
/// Says which clocks contradict others.
pub fn causes(
    entries: &[LogEntry],
    hosts: &Hosts,
    clocks: &[Vector],
    lanes: &[Vec<usize>],
) -> Result<Vec<Vec<usize>>, LogErrors> {
    let mut problems = Vec::new();
    let mut causes = vec![Vec::new(); entries.len()];
    let nothing = Vector::new();
    for (place, entry) in entries.iter().enumerate() {
        let own = hosts.of(entry) as u16;
        let vector = &clocks[place];
        let before = match get(vector, own) {
            1 => &nothing,
            number => &clocks[lanes[usize::from(own)][number as usize - 2]],
        };
        match received(vector, before, own, hosts, clocks, lanes) {
            Ok(found) => causes[place] = found,
            Err(sentence) => problems.push((entry.line, sentence)),
        }
    }
    if problems.is_empty() {
        Ok(causes)
    } else {
        Err(LogErrors::of(problems))
    }
}

/// What an event received, from its clock and the one before it; a sentence when they contradict those of others.
fn received(
    vector: &Vector,
    before: &Vector,
    own: u16,
    hosts: &Hosts,
    clocks: &[Vector],
    lanes: &[Vec<usize>],
) -> Result<Vec<usize>, String> {
    let name = |host: u16| &hosts.names[usize::from(host)];
    let mut heard = Vec::new();
    for (host, count) in vector {
        if *host == own {
            continue;
        }
        if *count < get(before, *host) {
            return Err(tr!(
                "the entry of {who} for {whom} decreases from {before} to {now}: entries never decrease",
                who = name(own),
                before = get(before, *host),
                whom = name(*host),
                now = count
            ));
        }
        if *count > get(before, *host) {
            let lane = &lanes[usize::from(*host)];
            let Some(place) = lane.get(*count as usize - 1) else {
                return Err(tr!(
                    "the clock counts {count} events of {whom}, but the log has only {all}",
                    count = count,
                    whom = name(*host),
                    all = lane.len()
                ));
            };
            heard.push((*host, *count, *place));
        }
    }
    if let Some((host, count)) = before.iter().find(|(host, _)| get(vector, *host) == 0) {
        return Err(tr!(
            "the entry of {who} for {whom} was {count} and is missing now: entries never decrease",
            who = name(own),
            count = count,
            whom = name(*host)
        ));
    }
    for (from, _, place) in &heard {
        for (host, count) in &clocks[*place] {
            if *host == own && *count >= get(vector, own) {
                return Err(tr!(
                    "it depends on an event of {from} whose clock counts {count} events of {whom}, but {whom} had only {had} events before",
                    from = name(*from),
                    count = count,
                    whom = name(own),
                    had = get(vector, own) - 1
                ));
            }
            if *host != own && get(vector, *host) < *count {
                return Err(tr!(
                    "it depends on an event of {from} whose clock counts {count} events of {whom}, but its own clock counts only {own}",
                    from = name(*from),
                    count = count,
                    whom = name(*host),
                    own = get(vector, *host)
                ));
            }
        }
    }
    let explained = |host: u16, count: u32| {
        let others = heard.iter().filter(|(other, ..)| *other != host);
        let mut others = others.map(|(.., place)| &clocks[*place]);
        others.any(|other| get(other, host) >= count)
    };
    let direct = heard
        .iter()
        .filter(|(host, count, _)| !explained(*host, *count));
    Ok(direct.map(|(.., place)| *place).collect())
}
