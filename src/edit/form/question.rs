//! The form of a question: its kind determines the fields.

use super::lesson::{anchor, optional, query};
use super::{Context, EditAction, EditOperation, Input, Part, Pick, picks};
use crate::change::quoted;
use triage_language::mark;
use triage_language::say;

/// The kinds of questions: name, label and template. `@` stands for the event at the step's position.
const ABOUT: [(&str, &str, &str); 14] = [
    (
        "relation",
        mark!("How two events are related"),
        r#"{"of": @, "to": "kind:job_started"}"#,
    ),
    (
        "vectors",
        mark!("How two events are related, by their vector clocks"),
        r#"{"of": @, "to": "kind:job_started"}"#,
    ),
    (
        "clock",
        mark!("The vector clock of an event"),
        r#"{"of": @}"#,
    ),
    (
        "count",
        mark!("How many events are before, after or concurrent"),
        r#"{"relation": "before", "to": @, "among": "kind:message_received"}"#,
    ),
    (
        "click",
        mark!("An event to click"),
        r#"{"relation": "concurrent", "to": @}"#,
    ),
    (
        "lamport",
        mark!("What two Lamport times prove"),
        r#"{"of": @, "to": "kind:job_started"}"#,
    ),
    (
        "wall",
        mark!("Which of two wall clocks shows the earlier time"),
        r#"{"of": @, "to": "kind:job_started"}"#,
    ),
    (
        "who",
        mark!("Which process"),
        r#"{"of": @, "role": "process"}"#,
    ),
    (
        "level",
        mark!("Which level is set"),
        r#"{"of": "kind:mode_set"}"#,
    ),
    (
        "pauses",
        mark!("Which level pauses a job"),
        r#"{"job": "kind:job_started"}"#,
    ),
    ("targets", mark!("How many targets are met"), "{}"),
    (
        "first",
        mark!("Which of two events happens first"),
        r#"{"of": @, "to": "kind:job_started"}"#,
    ),
    (
        "token",
        mark!("Whether a completion is accepted"),
        r#"{"of": "kind:message_received what:job_completed"}"#,
    ),
    (
        "delay",
        mark!("How long it takes"),
        r#"{"from": @, "to": "kind:job_started", "bounds_ms": [10, 100, 1000]}"#,
    ),
];

/// The question of a step.
pub fn question(context: &Context, step: &str) -> Vec<Part> {
    let path = [step, ".question"].concat();
    let at = |field: &str| [&path, ".", field].concat();
    let here = ["after", "before"]
        .into_iter()
        .find_map(|side| context.json(&[step, ".", side].concat()));
    let here = here.unwrap_or("\"kind:job_submitted\"");
    let template = |name: &str, begin: &str| {
        ["{", &quoted(name), ": ", &begin.replace('@', here), "}"].concat()
    };
    if context.get(&path).is_none() {
        let about = template(ABOUT[6].0, ABOUT[6].2);
        let json = [
            "{\n  \"ask\": \"Which process does it?\",\n  \"about\": ",
            &about,
            "\n}",
        ]
        .concat();
        return vec![Part::EditAction(EditAction::new(
            say("Add a question"),
            EditOperation::Set,
            &path,
            &json,
        ))];
    }
    let kinds = ABOUT.map(|(name, words, begin)| Pick {
        json: template(name, begin),
        label: say(words).to_owned(),
    });
    let mut parts = vec![
        context
            .field(&at("ask"), say("Question"), Input::Long)
            .hint(say("Triage computes the answers from the run."))
            .required()
            .part(),
        context
            .field(
                &at("about"),
                say("Kind of question"),
                Input::Choice(kinds.into()),
            )
            .required()
            .part(),
    ];
    parts.extend(about(context, &at("about")));
    if context.get(&at("reveal")).is_some() {
        parts.extend(anchor(context, &at("reveal"), say("Revealed event")));
        parts.push(Part::EditAction(EditAction::new(
            say("Reveal nothing"),
            EditOperation::Remove,
            &at("reveal"),
            "",
        )));
    } else {
        parts.push(Part::EditAction(EditAction::new(
            say("Reveal an event after the right answer"),
            EditOperation::Set,
            &at("reveal"),
            here,
        )));
    }
    parts.push(
        context
            .field(
                &at("then"),
                say("Explanation after the answer"),
                Input::Long,
            )
            .part(),
    );
    parts.push(Part::EditAction(EditAction::new(
        say("Remove the question"),
        EditOperation::Remove,
        &path,
        "",
    )));
    parts
}

fn about(context: &Context, path: &str) -> Vec<Part> {
    let entry = context.get(path).and_then(|node| node.entries().first());
    let Some(entry) = entry else {
        return Vec::new();
    };
    let at = |field: &str| [path, ".", &entry.name, ".", field].concat();
    let event = |field: &str, label: &'static str| anchor(context, &at(field), label);
    let relation = || {
        let all = [
            ("before", say("before it")),
            ("after", say("after it")),
            ("concurrent", say("concurrent with it")),
        ];
        context
            .field(&at("relation"), say("Relation"), picks(&all))
            .required()
            .part()
    };
    let mut parts = Vec::new();
    match entry.name.as_str() {
        "relation" | "vectors" | "lamport" | "wall" | "first" => {
            parts.extend(event("of", say("First event")));
            parts.extend(event("to", say("Second event")));
        }
        "clock" | "level" | "token" => parts.extend(event("of", say("First event"))),
        "count" => {
            parts.push(relation());
            parts.extend(event("to", say("Relative to")));
            parts.extend(query(
                context,
                &at("among"),
                say("Events to count"),
                say("A query."),
            ));
        }
        "click" => {
            parts.push(relation());
            parts.extend(event("to", say("Relative to")));
        }
        "who" => {
            parts.extend(event("of", say("First event")));
            let roles = [
                ("process", say("the process that records it")),
                ("executor", say("the executor that it is about")),
                ("to", say("the receiver of its message")),
            ];
            parts.push(
                context
                    .field(&at("role"), say("Answer"), picks(&roles))
                    .required()
                    .part(),
            );
        }
        "pauses" => parts.extend(event("job", say("An event of the job"))),
        "targets" => {
            let under = picks(&[
                ("strict", say("strict priority")),
                ("fifo", say("first in, first out")),
            ]);
            let none = say("as in the scenario");
            parts.push(
                optional(context, &at("under"), say("Queue discipline"), none, under)
                    .hint(say("Used for the whole run."))
                    .part(),
            );
        }
        "delay" => {
            parts.extend(event("from", say("From the event")));
            parts.extend(event("to", say("Relative to")));
            parts.push(
                context
                    .field(&at("bounds_ms"), say("Bounds"), Input::Numbers)
                    .unit(say("ms"))
                    .hint(say("The limits between the answers, in ascending order."))
                    .required()
                    .part(),
            );
        }
        _ => {}
    }
    parts
}
