//! Executors at the start of the run, and locations.

use crate::form::{Context, EditAction, EditOperation, Input, Number, Part, Section, number};
use crate::tree::Node;
use triage_engine::bounds::CAPACITY;
use triage_language::{say, tr};

pub fn section(context: &Context) -> Section {
    let path = context.at("executors");
    let count = context.count(&path);
    let says = tr!("one executor" | "{n} executors" % count);
    context.section("executors", say("Executors"), says, || {
        let name = |path: &str| {
            let id = context.text_of(&[path, ".id"].concat()).unwrap_or("?");
            let slots = context.plain(&[path, ".capacity"].concat()).unwrap_or("?");
            let names = context.get(&[path, ".capabilities"].concat());
            let names: Vec<&str> = names
                .map_or(&[][..], Node::items)
                .iter()
                .filter_map(Node::text)
                .collect();
            let says = match names.is_empty() {
                true => tr!("{} slots", slots),
                false => tr!(
                    "{slots} slots: {names}",
                    slots = slots,
                    names = names.join(", ")
                ),
            };
            (id.to_owned(), says)
        };
        let mut list = context.list(
            &path,
            say("No executors: a run needs at least one."),
            &name,
            &|path| executor(context, path),
        );
        list.add_actions = vec![EditAction::new(
            say("Add an executor"),
            EditOperation::Add,
            &path,
            r#"{"id": "exec-1", "capacity": 2}"#,
        )];
        vec![Part::List(list)]
    })
}

/// The fields of an executor, at the start or added by a command.
pub fn executor(context: &Context, path: &str) -> Vec<Part> {
    let at = |field: &str| [path, ".", field].concat();
    let mut parts = vec![
        context
            .field(&at("id"), say("Name"), Input::Line)
            .hint(say("A unique name of letters, digits, - and _."))
            .required()
            .part(),
        context
            .field(&at("capacity"), say("Slots"), number(1, &CAPACITY))
            .hint(say("How many jobs the executor can run at the same time."))
            .required()
            .part(),
        context
            .field(&at("capabilities"), say("Capabilities"), Input::Names)
            .hint(say(
                "Names separated by commas, for example fire, medical; at most 16.",
            ))
            .part(),
    ];
    parts.extend(location(context, &at("location")));
    parts
}

/// The fields of a location.
pub fn location(context: &Context, path: &str) -> Vec<Part> {
    let one = |field: &str, label: &'static str, hint: &'static str| {
        let at = [path, ".", field].concat();
        let most = i64::from(i32::MAX);
        let mut field = context
            .field(
                &at,
                label,
                Input::Number(Number {
                    scale: 1,
                    min: -most,
                    max: most,
                }),
            )
            .unit(say("m"))
            .hint(hint);
        field.parent = Some((path.to_owned(), r#"{"x_m": 0, "y_m": 0}"#.to_owned()));
        field.removes = Some(path.to_owned());
        field.part()
    };
    vec![
        one(
            "x_m",
            say("East"),
            say("If empty, the executor has no location."),
        ),
        one("y_m", say("North"), say("Latency grows with distance.")),
    ]
}
