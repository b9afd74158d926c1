//! Which processes a log has, and the clocks of its entries.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::errors::LogErrors;
use super::{HOSTS_MAX, LogEntry};
use triage_language::{say, tr};
use triage_scenario::json::{Json, parse};

/// The processes, in the order of their first events.
pub struct Hosts {
    /// Their names.
    pub names: Vec<Rc<str>>,
    places: BTreeMap<Rc<str>, u16>,
}

impl Hosts {
    /// The place of the process of an entry.
    pub fn of(&self, entry: &LogEntry) -> usize {
        self.places
            .get(entry.host.as_str())
            .map_or(0, |place| usize::from(*place))
    }
}

/// Finds the processes of a log.
///
/// # Errors
/// Says which entry has none.
pub fn hosts(entries: &[LogEntry]) -> Result<Hosts, LogErrors> {
    let mut hosts = Hosts {
        names: Vec::new(),
        places: BTreeMap::new(),
    };
    for entry in entries {
        if entry.host.is_empty() {
            return Err(LogErrors::one(
                entry.line,
                say("the process has no name: the group host is empty"),
            ));
        }
        if hosts.places.contains_key(entry.host.as_str()) {
            continue;
        }
        if hosts.names.len() == HOSTS_MAX {
            let sentence = tr!("there are more than {} processes", HOSTS_MAX);
            return Err(LogErrors::one(entry.line, sentence));
        }
        let name: Rc<str> = entry.host.as_str().into();
        hosts
            .places
            .insert(Rc::clone(&name), hosts.names.len() as u16);
        hosts.names.push(name);
    }
    Ok(hosts)
}

/// The entries of a clock that are not zero, by process.
pub type Vector = Vec<(u16, u32)>;

/// What a clock knows of a process.
pub fn get(vector: &Vector, host: u16) -> u32 {
    vector
        .binary_search_by_key(&host, |(host, _)| *host)
        .map_or(0, |place| vector[place].1)
}

/// Reads the clock of every entry.
///
/// # Errors
/// Says which clocks cannot be read.
pub fn clocks(entries: &[LogEntry], hosts: &Hosts) -> Result<Vec<Vector>, LogErrors> {
    let mut problems = Vec::new();
    let mut clocks = Vec::with_capacity(entries.len());
    for entry in entries {
        match clock(entry, hosts) {
            Ok(vector) => clocks.push(vector),
            Err(sentence) => problems.push((entry.line, sentence)),
        }
    }
    if problems.is_empty() {
        Ok(clocks)
    } else {
        Err(LogErrors::of(problems))
    }
}

fn clock(entry: &LogEntry, hosts: &Hosts) -> Result<Vector, String> {
    let json = parse(&entry.clock).map_err(|problem| {
        let shown: String = entry.clock.chars().take(60).collect();
        tr!(
            "the clock {shown} isn't a JSON object with numbers of events: {problem}",
            shown = shown,
            problem = problem
        )
    })?;
    let Json::Object(counts) = json else {
        return Err(
            say("the clock must be a JSON object, for example {\"a\": 1, \"b\": 3}").to_owned(),
        );
    };
    let mut vector = Vector::new();
    for (name, count) in counts {
        let count = match count {
            Json::Whole(count) if count < u64::from(u32::MAX) => count as u32,
            other => {
                return Err(tr!(
                    "the clock's entry for {name} must be a whole number of events, not {found}",
                    name = name,
                    found = other.in_words()
                ));
            }
        };
        let Some(host) = hosts.places.get(name.as_str()) else {
            if count == 0 {
                continue;
            }
            return Err(tr!(
                "the clock counts {count} events of {name}, but the log has no event of a process with this name",
                count = count,
                name = name
            ));
        };
        vector.push((*host, count));
    }
    vector.sort_unstable();
    if let Some(pair) = vector.windows(2).find(|pair| pair[0].0 == pair[1].0) {
        let name = &hosts.names[usize::from(pair[0].0)];
        return Err(tr!("the clock has two entries for {}", name));
    }
    vector.retain(|(_, count)| *count > 0);
    let own = hosts.of(entry) as u16;
    if get(&vector, own) == 0 {
        return Err(tr!(
            "the clock of {} has no entry for its own process: each event counts itself",
            entry.host
        ));
    }
    Ok(vector)
}
