//! Logs in the manner of ShiViz (Beschastnikh et al., "Debugging Distributed Systems", CACM 59(8), 2016): every event
//! names its process and carries a vector clock, and nothing else says who received what. An event has heard of another
//! process when its clock knows more of it than the one before; among those it heard of, it must have received
//! directly from each that no other of them explains.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};
use std::fmt;
use std::rc::Rc;

use crate::engine::id::ProcessIndex;
use crate::engine::recorded::{Log, LogEvent, Logged};
use crate::language::{say, tr};
use crate::scenario::json::{Json, parse};

/// How an event is found in a log that does not say: one line with what happened, one with the process and its clock.
pub const PARSER: &str = r"(?<event>.*)\n(?<host>\S*) (?<clock>{.*})";
/// A log may have so many processes,
pub const HOSTS_MAX: usize = 500;
/// so many events,
pub const EVENTS_MAX: usize = 200_000;
/// and so many bytes.
pub const BYTES_MAX: usize = 64_000_000;
/// So many problems are told one by one.
const PROBLEMS_TOLD: usize = 12;

/// A log file before it is taken apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogFile<'a> {
    /// The expression for one event, with groups `event`, `host` and `clock`; others become fields.
    pub parser: &'a str,
    /// The expression for what stands between two executions; empty if there is but one. A group `trace` names the one
    /// that follows.
    pub delimiter: &'a str,
    /// The log itself.
    pub body: &'a str,
    /// The line of the file in which it begins, from 1.
    pub first_line: u32,
}

impl<'a> LogFile<'a> {
    /// A file as ShiViz reads it has the parser in its first line and the delimiter in its second, and either may be
    /// empty. A file whose first line names no group `clock`, and is not empty, is taken for a log without them.
    pub fn split(text: &'a str) -> LogFile<'a> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let mut lines = text.splitn(3, '\n');
        let (first, second) = (lines.next(), lines.next());
        let trim = |line: Option<&'a str>| line.unwrap_or_default().trim_end_matches('\r');
        let (parser, delimiter) = (trim(first), trim(second));
        if parser.contains("(?<clock>") || (parser.is_empty() && second.is_some()) {
            return LogFile {
                parser: if parser.is_empty() { PARSER } else { parser },
                delimiter,
                body: lines.next().unwrap_or_default(),
                first_line: 3,
            };
        }
        LogFile {
            parser: PARSER,
            delimiter: "",
            body: text,
            first_line: 1,
        }
    }
}

/// One event as the parser found it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Entry {
    /// Its first line in the file, from 1.
    pub line: u32,
    /// Its last line.
    pub last_line: u32,
    /// What happened.
    pub event: String,
    /// Where.
    pub host: String,
    /// The vector clock: `{"host": count, …}`.
    pub clock: String,
    /// What other groups of the parser found, by their names.
    pub fields: Vec<(String, String)>,
}

/// One of the executions in a log file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Execution {
    /// Its name, or its number.
    pub name: String,
    /// The lines of the delimiter before it, if there is one.
    pub delimiter: Option<(u32, u32)>,
    /// What the parser found in it.
    pub entries: Vec<Entry>,
}

/// How many lines of a file belong to no event and to no delimiter and are not empty, and the first of them: the
/// parser passes over them, so whoever reads the log should know.
pub fn passed_over(file: &LogFile<'_>, executions: &[Execution]) -> Option<(usize, u32)> {
    let lines = file.body.lines().count();
    let mut covered = vec![false; lines];
    let mut cover = |first: u32, last: u32| {
        for line in first..=last {
            let place = line.checked_sub(file.first_line);
            if let Some(line) = place.and_then(|place| covered.get_mut(place as usize)) {
                *line = true;
            }
        }
    };
    for execution in executions {
        if let Some((first, last)) = execution.delimiter {
            cover(first, last);
        }
        for entry in &execution.entries {
            cover(entry.line, entry.last_line);
        }
    }
    let lines = (file.first_line..).zip(file.body.lines()).zip(covered);
    let mut left = lines.filter(|((_, text), covered)| !covered && !text.trim().is_empty());
    let ((first, _), _) = left.next()?;
    Some((1 + left.count(), first))
}

/// Everything that is wrong with a log, each with its line; the first few in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogErrors {
    /// Line and sentence, in the order of lines.
    pub told: Vec<(u32, String)>,
    /// How many more there are.
    pub more: usize,
}

impl fmt::Display for LogErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, (line, sentence)) in self.told.iter().enumerate() {
            if place > 0 {
                f.write_str("\n")?;
            }
            match line {
                0 => f.write_str(sentence)?,
                line => f.write_str(&tr!(
                    "line {line}: {sentence}",
                    line = line,
                    sentence = sentence
                ))?,
            }
        }
        match self.more {
            0 => Ok(()),
            more => {
                f.write_str("\n")?;
                f.write_str(&tr!("and {} more", more))
            }
        }
    }
}

impl std::error::Error for LogErrors {}

impl LogErrors {
    fn of(mut problems: Vec<(u32, String)>) -> LogErrors {
        problems.sort();
        let more = problems.len().saturating_sub(PROBLEMS_TOLD);
        problems.truncate(PROBLEMS_TOLD);
        LogErrors {
            told: problems,
            more,
        }
    }

    fn one(line: u32, sentence: impl Into<String>) -> LogErrors {
        LogErrors::of(vec![(line, sentence.into())])
    }
}

/// Reads the events of one execution.
///
/// # Errors
/// Every clock that cannot be read or contradicts another one, by its line; nothing is made of such a log.
pub fn read(entries: &[Entry]) -> Result<Log, LogErrors> {
    if entries.is_empty() {
        return Err(LogErrors::one(
            0,
            say(
                "the parser finds no event in this log: it must match each of them, with groups event, host and clock",
            ),
        ));
    }
    if entries.len() > EVENTS_MAX {
        let sentence = tr!(
            "{found} events are too many: at most {most} are read",
            found = entries.len(),
            most = EVENTS_MAX
        );
        return Err(LogErrors::one(0, sentence));
    }
    let hosts = hosts(entries)?;
    let clocks = clocks(entries, &hosts)?;
    let lanes = lanes(entries, &hosts, &clocks)?;
    let causes = causes(entries, &hosts, &clocks, &lanes)?;
    let order = order(entries, &lanes, &causes);
    Ok(assemble(entries, &hosts, &causes, &order))
}

/// The processes, in the order of their first events.
struct Hosts {
    names: Vec<Rc<str>>,
    places: BTreeMap<Rc<str>, u16>,
}

impl Hosts {
    fn of(&self, entry: &Entry) -> usize {
        self.places
            .get(entry.host.as_str())
            .map_or(0, |place| usize::from(*place))
    }
}

fn hosts(entries: &[Entry]) -> Result<Hosts, LogErrors> {
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
type Vector = Vec<(u16, u32)>;

fn get(vector: &Vector, host: u16) -> u32 {
    vector
        .binary_search_by_key(&host, |(host, _)| *host)
        .map_or(0, |place| vector[place].1)
}

fn clocks(entries: &[Entry], hosts: &Hosts) -> Result<Vec<Vector>, LogErrors> {
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

fn clock(entry: &Entry, hosts: &Hosts) -> Result<Vector, String> {
    let json = parse(&entry.clock).map_err(|problem| {
        let shown: String = entry.clock.chars().take(60).collect();
        tr!(
            "the clock {shown} is no JSON object of counts: {problem}",
            shown = shown,
            problem = problem
        )
    })?;
    let Json::Object(counts) = json else {
        return Err(
            say("the clock must be a JSON object, such as {\"a\": 1, \"b\": 3}").to_owned(),
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
                "the clock knows {count} events of {name}, and the log has no event of a process of that name",
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
            "the clock of {} has no entry of its own: an event counts itself",
            entry.host
        ));
    }
    Ok(vector)
}

/// For each process the places of its events, in the order of their own entries: 1, 2, 3 and so on.
fn lanes(
    entries: &[Entry],
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
                        "this is event {own} of {name}, and so is the one in line {earlier}: each event counts itself once",
                        own = own,
                        name = name,
                        earlier = earlier
                    ),
                    None => tr!(
                        "the first event of {name} says it is its event {own}: it must begin with 1",
                        name = name,
                        own = own
                    ),
                    Some(earlier) => tr!(
                        "{name} goes from event {before} in line {earlier} to event {own}: what is between is missing",
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
fn causes(
    entries: &[Entry],
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
                "{who} has forgotten: it knew {before} events of {whom} and knows {now} now",
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
                    "it knows {count} events of {whom}, and the log has only {all}",
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
            "{who} has forgotten: it knew {count} events of {whom} and knows none now",
            who = name(own),
            count = count,
            whom = name(*host)
        ));
    }
    for (from, _, place) in &heard {
        for (host, count) in &clocks[*place] {
            if *host == own && *count >= get(vector, own) {
                return Err(tr!(
                    "it has heard of an event of {from} that knows {count} events of {whom}, which has had only {had} before",
                    from = name(*from),
                    count = count,
                    whom = name(own),
                    had = get(vector, own) - 1
                ));
            }
            if *host != own && get(vector, *host) < *count {
                return Err(tr!(
                    "it has heard of an event of {from} that knows {count} events of {whom}, and knows only {own} itself",
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

/// The places in an order in which each comes after its causes and after its process's earlier events; otherwise as
/// they stand in the log. What was checked before makes every clock greater than those of its causes, so there is one.
fn order(entries: &[Entry], lanes: &[Vec<usize>], causes: &[Vec<usize>]) -> Vec<usize> {
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

fn assemble(entries: &[Entry], hosts: &Hosts, causes: &[Vec<usize>], order: &[usize]) -> Log {
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

/// What whoever evaluated the expressions has found, as JSON: a list of executions, each `[name, delimiter, entries]`;
/// a delimiter `null` or its first and last line; an entry `[first line, last line, event, host, clock, fields]`, its
/// fields a list of names and values, one after the other.
///
/// # Errors
/// Says that it is something else.
pub fn executions_from_json(text: &str) -> Result<Vec<Execution>, String> {
    let wrong = || say("what the parser found cannot be read").to_owned();
    let Json::List(all) = parse(text)? else {
        return Err(wrong());
    };
    let mut executions = Vec::with_capacity(all.len());
    for one in all {
        let Json::List(parts) = one else {
            return Err(wrong());
        };
        let Ok([Json::Text(name), delimiter, Json::List(entries)]) = <[Json; 3]>::try_from(parts)
        else {
            return Err(wrong());
        };
        let delimiter = match &delimiter {
            Json::List(lines) => match lines.as_slice() {
                [Json::Whole(first), Json::Whole(last)] => Some((*first as u32, *last as u32)),
                _ => return Err(wrong()),
            },
            _ => None,
        };
        let entries: Option<Vec<Entry>> = entries.into_iter().map(entry_from_json).collect();
        executions.push(Execution {
            name,
            delimiter,
            entries: entries.ok_or_else(wrong)?,
        });
    }
    Ok(executions)
}

fn entry_from_json(json: Json) -> Option<Entry> {
    let Json::List(parts) = json else { return None };
    let parts = <[Json; 6]>::try_from(parts).ok()?;
    let [
        Json::Whole(line),
        Json::Whole(last_line),
        Json::Text(event),
        Json::Text(host),
        Json::Text(clock),
        Json::List(fields),
    ] = parts
    else {
        return None;
    };
    let mut texts = fields.into_iter().filter_map(|field| match field {
        Json::Text(text) => Some(text),
        _ => None,
    });
    let mut fields = Vec::new();
    while let (Some(name), Some(value)) = (texts.next(), texts.next()) {
        fields.push((name, value));
    }
    Some(Entry {
        line: line as u32,
        last_line: last_line as u32,
        event,
        host,
        clock,
        fields,
    })
}
