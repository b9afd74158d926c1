//! What an expression found in a log, handed over as JSON by whoever evaluated it.

use super::{Execution, LogEntry};
use triage_language::say;
use triage_scenario::json::{Json, parse};

/// What whoever evaluated the expressions has found, as JSON: a list of executions, each `[name, delimiter, entries]`;
/// a delimiter `null` or its first and last line; an entry `[first line, last line, event, host, clock, fields]`, its
/// fields a list of names and values, one after the other.
///
/// # Errors
/// Says that it is something else.
pub fn executions_from_json(text: &str) -> Result<Vec<Execution>, String> {
    let wrong = || say("the result of the parser cannot be read").to_owned();
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
        let entries: Option<Vec<LogEntry>> = entries.into_iter().map(entry_from_json).collect();
        executions.push(Execution {
            name,
            delimiter,
            entries: entries.ok_or_else(wrong)?,
        });
    }
    Ok(executions)
}

fn entry_from_json(json: Json) -> Option<LogEntry> {
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
    Some(LogEntry {
        line: line as u32,
        last_line: last_line as u32,
        event,
        host,
        clock,
        fields,
    })
}
