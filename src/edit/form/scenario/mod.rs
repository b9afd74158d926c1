//! The form of a scenario: one section for each part.

mod detection;
mod executors;
mod network;
mod people;
mod policies;
mod timeline;
mod workload;

pub use executors::{executor, location};

use crate::form::{Context, Input, Section, number, seconds};
use crate::tree::{Node, Value};
use triage_engine::configuration::Configuration;
use triage_language::say;
use triage_scenario::bounds;

/// The default values of a scenario, in its format.
pub fn defaults() -> Node {
    let json = |value: Result<String, serde_json::Error>| {
        value.unwrap_or_else(|_| unreachable!("plain values can be serialised"))
    };
    let configuration = json(serde_json::to_string(&Configuration::default()));
    let text = ["{\"seed\": 1, \"configuration\": ", &configuration, "}"].concat();
    Node::parse(&text).unwrap_or(Node {
        from: 0,
        to: 0,
        value: Value::Object(Vec::new()),
    })
}

pub fn sections(context: &Context) -> Vec<Section> {
    vec![
        general(context),
        executors::section(context),
        workload::section(context),
        policies::section(context),
        detection::section(context),
        network::section(context),
        timeline::section(context),
        people::section(context),
    ]
}

fn general(context: &Context) -> Section {
    let (id, title) = match context.base {
        "" => ("general", say("General")),
        _ => ("scenario", say("Scenario of the lesson")),
    };
    context.section(id, title, String::new(), || {
        let at = |path| context.at(path);
        vec![
            context
                .field(&at("title"), say("Title"), Input::Line)
                .hint(say("Shown on the page; 1 to 80 characters."))
                .required()
                .part(),
            context
                .field(&at("name"), say("Name"), Input::Line)
                .hint(say(
                    "Lower-case letters, digits, - and _; at most 40 characters. Files get this name.",
                ))
                .required()
                .part(),
            context
                .field(&at("description"), say("Description"), Input::Long)
                .hint(say("What the scenario shows, in a few sentences."))
                .part(),
            context
                .field(
                    &at("duration_us"),
                    say("Duration"),
                    seconds(&bounds::DURATION_US),
                )
                .unit(say("s"))
                .hint(say("Simulated length of the scenario."))
                .required()
                .part(),
            context
                .field(&at("seed"), say("Seed"), number(1, &(0..=u64::MAX)))
                .hint(say("Start value of all random numbers: the same seed gives the same run."))
                .part(),
        ]
    })
}
