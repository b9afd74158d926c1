//! The form of a lesson: general fields, steps, and the embedded scenario if there is one.

use super::question;
use super::{
    Context, EditAction, EditOperation, Field, Input, Part, Pick, Section, action, number, picks,
    scenario,
};
use crate::change::quoted;
use triage_language::{known, say, tr};
use triage_lesson::PARTS;
use triage_scenario::library;

pub fn sections(context: &Context) -> Vec<Section> {
    let mut sections = vec![general(context), steps(context)];
    if context
        .get("scenario")
        .is_some_and(|node| !node.entries().is_empty())
    {
        sections.extend(scenario::sections(&scenario_context(context)));
    }
    sections
}

fn general(context: &Context) -> Section {
    context.section("general", say("General"), String::new(), || {
        let mut all: Vec<Pick> = library()
            .iter()
            .map(|one| Pick {
                json: quoted(one.name),
                label: known(one.title),
            })
            .collect();
        if context
            .get("scenario")
            .is_some_and(|node| node.text().is_none())
        {
            let json = context.json("scenario").unwrap_or_default().to_owned();
            let words = say("this lesson's own scenario, below").to_owned();
            all.push(Pick { json, label: words });
        }
        vec![
            context
                .field("title", say("Title"), Input::Line)
                .required()
                .part(),
            context
                .field("name", say("Name"), Input::Line)
                .hint(say(
                    "Lower-case letters, digits and -; at most 40 characters. The file gets this name.",
                ))
                .required()
                .part(),
            context
                .field("about", say("Summary"), Input::Long)
                .hint(say("What a student can do after the lesson, in one or two sentences."))
                .part(),
            context
                .field("minutes", say("Minutes"), number(1, &(0..=u32::MAX.into())))
                .hint(say("Approximate length of the lesson; 5 if empty."))
                .part(),
            context
                .field("scenario", say("Scenario"), Input::Choice(all))
                .hint(say("The scenario that the lesson plays."))
                .required()
                .part(),
        ]
    })
}

fn steps(context: &Context) -> Section {
    let count = context.count("steps");
    let says = tr!("one step" | "{n} steps" % count);
    context.section("steps", say("Steps"), says, || {
        let name = |path: &str| {
            let title = context.text_of(&[path, ".title"].concat()).unwrap_or("?");
            let asks = context.get(&[path, ".question"].concat()).is_some();
            (
                title.to_owned(),
                if asks {
                    say("question").to_owned()
                } else {
                    String::new()
                },
            )
        };
        let mut list = context.list(
            "steps",
            say("A lesson has at least one step."),
            &name,
            &|path| step(context, path),
        );
        list.reorderable = true;
        let json = "{\n  \"title\": \"Another step\",\n  \"text\": [\"What the step shows.\"]\n}";
        list.add_actions = vec![EditAction::new(
            say("Add a step"),
            EditOperation::Add,
            "steps",
            json,
        )];
        vec![Part::List(list)]
    })
}

fn step(context: &Context, path: &str) -> Vec<Part> {
    let at = |field: &str| [path, ".", field].concat();
    let mut parts = vec![
        context
            .field(&at("title"), say("Title"), Input::Line)
            .required()
            .part(),
        context
            .field(&at("text"), say("Text"), Input::Paragraphs)
            .hint(say(
                "An empty line starts a new paragraph. [[term]] links to the glossary.",
            ))
            .part(),
        context
            .field(&[path, "#side"].concat(), say("Cursor"), Input::Side)
            .hint(say("Put it before an event that students should predict."))
            .part(),
    ];
    for side in ["after", "before"] {
        if context.get(&at(side)).is_some() {
            parts.extend(anchor(context, &at(side), say("Event")));
        }
    }
    let views = triage_lesson::VIEWS.map(|view| (view, view));
    parts.push(
        optional(
            context,
            &at("view"),
            say("View"),
            say("none"),
            picks(&views),
        )
        .hint(say("The view that opens below the stage."))
        .part(),
    );
    parts.push(
        optional(
            context,
            &at("arrows"),
            say("Arrows"),
            say("jobs and levels only"),
            Input::Choice(arrows()),
        )
        .hint(say("What the diagram also shows in this step."))
        .part(),
    );
    parts.push(Part::List(marks(context, &at("look_at"))));
    if context.get(&at("do")).is_some() {
        parts.push(
            context
                .field(&at("do.say"), say("Task for the student"), Input::Long)
                .required()
                .part(),
        );
        parts.extend(action::action(
            &scenario_context(context),
            &at("do.command"),
        ));
        parts.extend(query(
            context,
            &at("do.until"),
            say("Done when"),
            say("A query. The task is done when an event after the start of the step matches."),
        ));
        parts.push(Part::EditAction(EditAction::new(
            say("Remove the task"),
            EditOperation::Remove,
            &at("do"),
            "",
        )));
    } else {
        let json = "{\n  \"say\": \"What to do\",\n  \"command\": {\"run_heartbeat_cycle\": {}},\n  \"until\": \"kind:message_received what:heartbeat\"\n}";
        parts.push(Part::EditAction(EditAction::new(
            say("Add a task"),
            EditOperation::Set,
            &at("do"),
            json,
        )));
    }
    parts.extend(question::question(context, path));
    parts
}

fn arrows() -> Vec<Pick> {
    let pick = |json: &str, label: &str| Pick {
        json: json.to_owned(),
        label: label.to_owned(),
    };
    vec![
        pick(r#"["acknowledgements"]"#, say("acknowledgements")),
        pick(r#"["heartbeats"]"#, say("heartbeats")),
        pick(
            r#"["acknowledgements", "heartbeats"]"#,
            say("acknowledgements and heartbeats"),
        ),
    ]
}

/// The context for an embedded scenario.
fn scenario_context<'a>(context: &Context<'a>) -> Context<'a> {
    Context {
        base: "scenario.",
        defaults: scenario::defaults(),
        ..*context
    }
}

/// A choice with an option to leave the field out.
pub fn optional(
    context: &Context,
    path: &str,
    label: &'static str,
    none: &str,
    mut input: Input,
) -> Field {
    if let Input::Choice(picks) = &mut input {
        picks.insert(
            0,
            Pick {
                json: String::new(),
                label: none.to_owned(),
            },
        );
    }
    context.field(path, label, input)
}

/// An anchor: its query, which of its hits, and what it matches in the run.
pub fn anchor(context: &Context, path: &str, label: &'static str) -> Vec<Part> {
    let mut query = context.field(path, label, Input::Anchor).required();
    let hit_path = [path, "#hit"].concat();
    let hit = context
        .field(&hit_path, say("Match"), Input::Hit)
        .hint(say("Which of the matching events, counted from 1."))
        .required();
    let place: usize = hit.value.parse().unwrap_or(1);
    if let Some(evidence) = context.evidence {
        query.hint = evidence.describe(&query.value, place);
    }
    vec![query.part(), hit.part()]
}

/// A query without a hit number.
pub fn query(context: &Context, path: &str, label: &'static str, hint: &'static str) -> Vec<Part> {
    let mut field = context
        .field(path, label, Input::Query)
        .required()
        .hint(hint);
    if let Some(evidence) = context.evidence {
        field.hint = [hint, " ", &evidence.describe(&field.value, 1)].concat();
    }
    vec![field.part()]
}

fn marks(context: &Context, path: &str) -> super::List {
    let name = |path: &str| {
        let entry = context.get(path).and_then(|node| node.entries().first());
        let kind = entry.map_or("?", |entry| entry.name.as_str());
        let words = entry.map(|entry| {
            let query = entry.node.get("query").and_then(crate::Node::text);
            entry.node.text().or(query).unwrap_or_default().to_owned()
        });
        (kind.to_owned(), words.unwrap_or_default())
    };
    let mut list = context.list(path, say("Nothing is highlighted."), &name, &|path| {
        mark(context, path)
    });
    list.title = say("Look at");
    list.add_actions = vec![EditAction::new(
        say("Add something to look at"),
        EditOperation::Add,
        path,
        r#"{"process": "coordinator-1"}"#,
    )];
    list
}

fn mark(context: &Context, path: &str) -> Vec<Part> {
    let pick = |json: &str, label: &str| Pick {
        json: json.to_owned(),
        label: label.to_owned(),
    };
    let kinds = Input::Choice(vec![
        pick(
            r#"{"process": "coordinator-1"}"#,
            say("The card of a process"),
        ),
        pick(
            r#"{"clock": "coordinator-1"}"#,
            say("The clock of a process"),
        ),
        pick(
            r#"{"slot": "kind:job_started"}"#,
            say("The slot of an event's job"),
        ),
        pick(r#"{"event": "kind:job_started"}"#, say("An event")),
        pick(
            r#"{"message": "kind:job_submitted"}"#,
            say("A message, given by its send"),
        ),
        pick(r#"{"part": "stage"}"#, say("A part of the page")),
    ]);
    let mut parts = vec![context.field(path, say("What"), kinds).required().part()];
    let entry = context.get(path).and_then(|node| node.entries().first());
    let Some(entry) = entry else { return parts };
    let inside = [path, ".", &entry.name].concat();
    match entry.name.as_str() {
        "process" | "clock" => {
            parts.push(
                context
                    .field(&inside, say("Process"), Input::Line)
                    .hint(say("The name in the run."))
                    .required()
                    .part(),
            );
        }
        "part" => parts.push(
            context
                .field(&inside, say("Part"), picks(&PARTS))
                .required()
                .part(),
        ),
        _ => parts.extend(anchor(context, &inside, say("Event"))),
    }
    parts
}
