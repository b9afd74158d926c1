//! The form of a command.

use super::scenario::{executor, location};
use super::{Context, EditAction, EditOperation, Input, Part, Pick, ms, number, picks};
use crate::change::quoted;
use crate::tree::{Node, Value};
use triage_engine::bounds::{DELAY_US_MAX, PERCENT, SLOW_FACTOR, WORK_US};
use triage_language::mark;
use triage_language::say;
use triage_view::format::clock_short;

/// Names are chosen from a list up to this number, and typed beyond it.
const CHOICE_MAX: usize = 60;

/// Every action: its name in the text, its label, and its template. `@` stands for the name of an executor.
const ACTIONS: [(&str, &str, &str); 21] = [
    (
        "submit_normal_job",
        mark!("Submit a normal job"),
        r#"{"work_us": 2000000}"#,
    ),
    (
        "submit_emergency_job",
        mark!("Submit an emergency job"),
        r#"{"type": "medical", "job": {"work_us": 1000000}}"#,
    ),
    (
        "declare_emergency",
        mark!("Declare an emergency"),
        r#"{"type": "fire", "level": "HIGH"}"#,
    ),
    (
        "change_emergency",
        mark!("Change the level of an emergency"),
        r#"{"level": "CRITICAL"}"#,
    ),
    ("clear_emergency", mark!("Clear an emergency"), "{}"),
    (
        "add_executor",
        mark!("Add an executor"),
        r#"{"id": "exec-9", "capacity": 2}"#,
    ),
    (
        "drain_executor",
        mark!("Drain an executor"),
        r#"{"executor": @}"#,
    ),
    (
        "remove_executor",
        mark!("Remove an executor"),
        r#"{"executor": @}"#,
    ),
    ("crash", mark!("Crash a process"), r#"{"process": @}"#),
    ("restart", mark!("Restart a process"), r#"{"process": @}"#),
    ("hang", mark!("Hang a process"), r#"{"process": @}"#),
    ("resume", mark!("Resume a process"), r#"{"process": @}"#),
    (
        "slow",
        mark!("Slow an executor down"),
        r#"{"process": @, "factor": 4}"#,
    ),
    ("partition", mark!("Cut a process off"), r#"{"process": @}"#),
    (
        "heal",
        mark!("End the partition of a process"),
        r#"{"process": @}"#,
    ),
    (
        "degrade_link",
        mark!("Degrade a link"),
        r#"{"from": "*", "to": "*", "loss_percent": 20}"#,
    ),
    (
        "restore_link",
        mark!("Restore a link"),
        r#"{"from": "*", "to": "*"}"#,
    ),
    (
        "forge_clock",
        mark!("Forge a clock"),
        r#"{"from": @, "to": "recovery"}"#,
    ),
    ("split", mark!("Split the network"), r#"{"group": [@]}"#),
    ("unite", mark!("Unite the network"), "{}"),
    ("run_heartbeat_cycle", mark!("Request heartbeats now"), "{}"),
];

/// Actions with a button of their own in the timeline; each command's action can be changed afterwards.
const OFFERED: [&str; 6] = [
    "submit_normal_job",
    "submit_emergency_job",
    "declare_emergency",
    "clear_emergency",
    "crash",
    "partition",
];

/// The names of executors, including those that commands add.
pub fn names(context: &Context) -> Vec<String> {
    let executors = context.get(&context.at("executors"));
    let commands = context.get(&context.at("commands"));
    let begin = executors.map_or(&[][..], Node::items).iter();
    let later = commands.map_or(&[][..], Node::items).iter();
    let later = later.filter_map(|command| command.get("action.add_executor"));
    let ids = begin.chain(later).filter_map(|it| it.get("id")?.text());
    ids.map(str::to_owned).collect()
}

/// The names of all processes that a link or a fault may refer to.
pub fn all_processes(context: &Context) -> Vec<String> {
    let count = context.plain(&context.at("configuration.coordinators"));
    let count = count
        .and_then(|count| count.parse::<u16>().ok())
        .unwrap_or(1)
        .clamp(1, 8);
    let mut all = names(context);
    all.push("recovery".to_owned());
    all.extend((1..=count).map(|number| ["coordinator-", &number.to_string()].concat()));
    all.push("system".to_owned());
    all
}

/// A field for the name of a process; `all` also offers all processes.
pub fn process(context: &Context, path: &str, label: &'static str, all: bool) -> Part {
    chosen(context, path, label, all_processes(context), all)
}

fn chosen(
    context: &Context,
    path: &str,
    label: &'static str,
    names: Vec<String>,
    all: bool,
) -> Part {
    if names.len() > CHOICE_MAX {
        return context.field(path, label, Input::Line).required().part();
    }
    let mut picks: Vec<Pick> = names
        .into_iter()
        .map(|name| Pick {
            json: quoted(&name),
            label: name,
        })
        .collect();
    if all {
        picks.insert(
            0,
            Pick {
                json: quoted("*"),
                label: say("all processes").to_owned(),
            },
        );
    }
    let there = context.text_of(path).unwrap_or_default();
    if !there.is_empty() && !picks.iter().any(|pick| pick.json == quoted(there)) {
        picks.push(Pick {
            json: quoted(there),
            label: there.to_owned(),
        });
    }
    let mut field = context.field(path, label, Input::Choice(picks)).required();
    if all && context.get(path).is_none() {
        field.value = "0".to_owned();
    }
    field.part()
}

/// How a job is executed.
pub fn execution(context: &Context, path: &str) -> Part {
    let mut input = picks(&[
        ("traditional", say("traditional")),
        ("serverless", say("serverless")),
        ("hybrid", say("hybrid")),
    ]);
    if let Input::Choice(picks) = &mut input {
        picks.insert(
            0,
            Pick {
                json: String::new(),
                label: say("default: traditional").to_owned(),
            },
        );
    }
    context
        .field(path, say("Execution"), input)
        .hint(say(
            "A serverless function has a cold start unless it is warm.",
        ))
        .part()
}

/// Title and summary of a command: its time and what it does.
pub fn name(context: &Context, path: &str) -> (String, String) {
    let at_us = context.plain(&[path, ".at_us"].concat()).unwrap_or("0");
    let time = at_us
        .parse::<u64>()
        .map_or_else(|_| at_us.to_owned(), clock_short);
    let action = context.get(&[path, ".action"].concat());
    let entry = action.and_then(|action| action.entries().first());
    let Some(entry) = entry else {
        return (time, String::new());
    };
    let known = ACTIONS.iter().find(|(name, ..)| *name == entry.name);
    let words = known.map_or(entry.name.as_str(), |(_, words, _)| say(words));
    let mut texts = Vec::new();
    collect_texts(&entry.node, &mut texts);
    ([&time, "  ", words].concat(), texts.join(" · "))
}

/// Collects the texts within a value, for the summary.
fn collect_texts<'a>(node: &'a Node, texts: &mut Vec<&'a str>) {
    if let Value::Text(text) = &node.value {
        texts.push(text);
    }
    node.items()
        .iter()
        .for_each(|item| collect_texts(item, texts));
    for entry in node.entries() {
        collect_texts(&entry.node, texts);
    }
}

/// The buttons that add a command to the timeline.
pub fn add_actions(context: &Context, path: &str, at_us: &str) -> Vec<EditAction> {
    let one = |name: &&str| {
        let (_, words, begin) = ACTIONS.iter().find(|(known, ..)| known == name)?;
        let json = [
            "{\"at_us\": ",
            at_us,
            ", \"action\": ",
            &template(context, name, begin),
            "}",
        ];
        Some(EditAction::new(
            say(words),
            EditOperation::Add,
            path,
            &json.concat(),
        ))
    };
    OFFERED.iter().filter_map(one).collect()
}

fn template(context: &Context, name: &str, begin: &str) -> String {
    let first = names(context).into_iter().next().unwrap_or_default();
    [
        "{",
        &quoted(name),
        ": ",
        &begin.replace('@', &quoted(&first)),
        "}",
    ]
    .concat()
}

/// The fields of an action.
pub fn action(context: &Context, path: &str) -> Vec<Part> {
    let all = ACTIONS.map(|(name, words, begin)| Pick {
        json: template(context, name, begin),
        label: say(words).to_owned(),
    });
    let kind = context
        .field(path, say("Emergency type"), Input::Choice(all.into()))
        .required();
    let mut parts = vec![kind.part()];
    let entry = context.get(path).and_then(|node| node.entries().first());
    let Some(entry) = entry else { return parts };
    let inside = [path, ".", &entry.name].concat();
    let at = |field: &str| [&inside, ".", field].concat();
    match entry.name.as_str() {
        "submit_normal_job" => parts.extend(job(context, &inside)),
        "submit_emergency_job" => {
            parts.push(emergency_type(context, &at("type")));
            parts.extend(job(context, &at("job")));
        }
        "declare_emergency" => {
            parts.push(emergency_type(context, &at("type")));
            parts.push(level(context, &at("level")));
            parts.push(
                context
                    .field(&at("place"), say("Location"), Input::Line)
                    .hint(say("In your own words."))
                    .part(),
            );
            parts.extend(location(context, &at("location")));
            parts.push(
                context
                    .field(
                        &at("radius_m"),
                        say("Radius"),
                        number(1, &(0..=u32::MAX.into())),
                    )
                    .unit(say("m"))
                    .part(),
            );
        }
        "change_emergency" => {
            parts.push(emergency(context, &at("emergency")));
            parts.push(level(context, &at("level")));
        }
        "clear_emergency" => parts.push(emergency(context, &at("emergency"))),
        "add_executor" => parts.extend(executor(context, &inside)),
        "drain_executor" | "remove_executor" => {
            parts.push(chosen(
                context,
                &at("executor"),
                say("Executor"),
                names(context),
                false,
            ));
        }
        "crash" | "restart" | "hang" | "resume" | "partition" | "heal" => {
            parts.push(process(context, &at("process"), say("Process"), false));
        }
        "slow" => {
            parts.push(chosen(
                context,
                &at("process"),
                say("Executor"),
                names(context),
                false,
            ));
            parts.push(
                context
                    .field(&at("factor"), say("Factor"), number(1, &SLOW_FACTOR))
                    .hint(say("Slowdown factor."))
                    .required()
                    .part(),
            );
        }
        "degrade_link" => {
            parts.push(process(context, &at("from"), say("From"), true));
            parts.push(process(context, &at("to"), say("To"), true));
            let percent = |field: &str, label: &'static str, hint: &'static str| {
                let field = context.field(&at(field), label, number(1, &PERCENT));
                field.unit("%").hint(hint).part()
            };
            parts.push(percent(
                "loss_percent",
                say("Loss"),
                say("100 cuts the link in this direction."),
            ));
            parts.push(percent(
                "duplicate_percent",
                say("Duplicates"),
                say("Messages that arrive twice."),
            ));
            parts.push(percent(
                "reorder_percent",
                say("Reordering"),
                say("Messages that may overtake others on the link."),
            ));
            parts.push(
                context
                    .field(&at("delay_us"), say("Delay"), ms(&(0..=DELAY_US_MAX)))
                    .unit(say("ms"))
                    .part(),
            );
        }
        "restore_link" => {
            parts.push(process(context, &at("from"), say("From"), true));
            parts.push(process(context, &at("to"), say("To"), true));
        }
        "forge_clock" => {
            parts.push(process(context, &at("from"), say("From"), false));
            parts.push(process(context, &at("to"), say("To"), false));
        }
        "split" => parts.push(
            context
                .field(&at("group"), say("Group"), Input::Names)
                .hint(say(
                    "Names separated by commas. They are cut off from all other processes, in both directions.",
                ))
                .required()
                .part(),
        ),
        _ => {}
    }
    parts
}

fn job(context: &Context, path: &str) -> Vec<Part> {
    let at = |field: &str| [path, ".", field].concat();
    let mut parts = vec![
        context
            .field(&at("work_us"), say("Work"), ms(&WORK_US))
            .unit(say("ms"))
            .hint(say("How long the job holds a slot."))
            .required()
            .part(),
        context
            .field(&at("name"), say("Name of the job"), Input::Line)
            .part(),
        context
            .field(&at("requirements"), say("Requirements"), Input::Names)
            .hint(say("Capabilities that an executor must have."))
            .part(),
        context
            .field(&at("target"), say("Target"), Input::Line)
            .hint(say("Name of an executor. If empty, routing decides."))
            .part(),
    ];
    parts.extend(location(context, &at("location")));
    parts.push(execution(context, &at("execution")));
    parts
}

fn emergency_type(context: &Context, path: &str) -> Part {
    context
        .field(path, say("Emergency type"), Input::Line)
        .hint(say("For example fire, medical, or any other word."))
        .required()
        .part()
}

fn level(context: &Context, path: &str) -> Part {
    let levels = ["LOW", "MEDIUM", "HIGH", "CRITICAL"].map(|level| (level, level));
    context
        .field(path, say("Level"), picks(&levels))
        .required()
        .part()
}

fn emergency(context: &Context, path: &str) -> Part {
    context
        .field(path, say("Emergency"), Input::Line)
        .hint(say(
            "For example emergency-1. If empty, the last one declared.",
        ))
        .part()
}
