//! The timeline of commands.

use crate::change::quoted;
use crate::form::{
    Context, EditAction, EditOperation, Input, Part, Pick, Section, action, seconds,
};
use crate::tree::{Node, Value};
use triage_language::{say, tr};
use triage_scenario::bounds;

pub fn section(context: &Context) -> Section {
    let path = context.at("commands");
    let count = context.count(&path);
    let says = tr!("one command" | "{n} commands" % count);
    context.section("timeline", say("Timeline"), says, || {
        let name = |path: &str| action::name(context, path);
        let mut list = context.list(&path, say("No commands."), &name, &|path| {
            let at = |field: &str| [path, ".", field].concat();
            let mut parts = vec![
                context
                    .field(&at("at_us"), say("At"), seconds(&bounds::MOMENT_US))
                    .unit(say("s"))
                    .hint(say("Time since the start of the run."))
                    .part(),
                people_field(context, &at("principal")),
            ];
            parts.extend(action::action(context, &at("action")));
            parts
        });
        let last = list_end(context, &path);
        list.add_actions = action::add_actions(context, &path, &last);
        if count > 1 {
            list.add_actions.push(EditAction::new(
                say("Sort by time"),
                EditOperation::Sort,
                &path,
                "",
            ));
        }
        vec![Part::List(list)]
    })
}

/// The time for one more command: a second after the last one.
fn list_end(context: &Context, path: &str) -> String {
    let items = context.get(path).map_or(&[][..], Node::items);
    let moment = |item: &Node| match &item.get("at_us")?.value {
        Value::Plain(number) => number.parse::<u64>().ok(),
        _ => None,
    };
    let last = items.iter().filter_map(moment).max();
    last.map_or(1_000_000, |last| last.saturating_add(1_000_000))
        .to_string()
}

fn people_field(context: &Context, path: &str) -> Part {
    let default_value = Pick {
        json: String::new(),
        label: say("default: commander").to_owned(),
    };
    let mut all = vec![default_value];
    let mut add = |name: &str| {
        all.push(Pick {
            json: quoted(name),
            label: name.to_owned(),
        });
    };
    ["commander", "dispatcher", "operator", "observer"]
        .iter()
        .for_each(|name| add(name));
    let own = context.get(&context.at("principals"));
    for one in own.map_or(&[][..], Node::items) {
        if let Some(name) = one.get("name").and_then(Node::text) {
            add(name);
        }
    }
    let there = context.text_of(path);
    if let Some(name) = there.filter(|name| !all.iter().any(|pick| pick.label == *name)) {
        all.push(Pick {
            json: quoted(name),
            label: name.to_owned(),
        });
    }
    context
        .field(path, say("By"), Input::Choice(all))
        .hint(say(
            "The principal that gives the command. It needs permission to do so.",
        ))
        .part()
}
