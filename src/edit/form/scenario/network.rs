//! Links, and inaccurate clocks.

use crate::change::quoted;
use crate::form::action::{self, names};
use crate::form::{Context, EditAction, EditOperation, Part, Section, ms, number};
use triage_language::{say, tr};
use triage_scenario::bounds;

pub fn section(context: &Context) -> Section {
    context.section("network", say("Network and clocks"), String::new(), || {
        let at = |path: &str| context.at(&["configuration.", path].concat());
        let links = at("network.links");
        let name = |path: &str| {
            let end = |field: &str| context.text_of(&[path, ".", field].concat()).unwrap_or("?");
            (
                tr!("{from} to {to}", from = end("from"), to = end("to")),
                String::new(),
            )
        };
        let mut list = context.list(
            &links,
            say("All links have the latency above."),
            &name,
            &|path| {
                let at = |field: &str| [path, ".", field].concat();
                vec![
                    action::process(context, &at("from"), say("From"), false),
                    action::process(context, &at("to"), say("To"), false),
                    context
                        .field(&at("latency_us"), say("Latency"), ms(&bounds::LATENCY_US))
                        .unit(say("ms"))
                        .required()
                        .part(),
                    context
                        .field(
                            &at("jitter_us"),
                            say("Jitter"),
                            ms(&(0..=bounds::LATENCY_US_MAX)),
                        )
                        .unit(say("ms"))
                        .part(),
                ]
            },
        );
        let first = names(context).into_iter().next().unwrap_or_default();
        let json = [
            "{\"from\": \"coordinator-1\", \"to\": ",
            &quoted(&first),
            ", \"latency_us\": 50000}",
        ];
        list.title = say("Individual links");
        list.add_actions = vec![EditAction::new(
            say("Add a link"),
            EditOperation::Add,
            &links,
            &json.concat(),
        )];
        vec![
            context
                .field(
                    &at("network.latency_us"),
                    say("Latency"),
                    ms(&bounds::LATENCY_US),
                )
                .unit(say("ms"))
                .hint(say("Mean latency of a message."))
                .part(),
            context
                .field(
                    &at("network.jitter_us"),
                    say("Jitter"),
                    ms(&(0..=bounds::LATENCY_US_MAX)),
                )
                .unit(say("ms"))
                .hint(say(
                    "The latency varies by up to this value, which is at most the latency.",
                ))
                .part(),
            context
                .field(
                    &at("network.latency_ns_per_km"),
                    say("Latency by distance"),
                    number(1_000, &bounds::LATENCY_NS_PER_KM),
                )
                .unit(say("µs per km"))
                .hint(say("5 is the speed of light in fibre."))
                .part(),
            Part::List(list),
            context
                .field(
                    &at("wall_clock_offset_us"),
                    say("Offset of wall clocks"),
                    ms(&bounds::WALL_CLOCK_OFFSET_US),
                )
                .unit(say("ms"))
                .hint(say("Each wall clock starts wrong by up to this value."))
                .part(),
            context
                .field(
                    &at("wall_clock_drift_ppm"),
                    say("Drift of wall clocks"),
                    number(1, &bounds::WALL_CLOCK_DRIFT_PPM),
                )
                .unit(say("ppm"))
                .hint(say(
                    "Each wall clock runs fast or slow by up to this value.",
                ))
                .part(),
        ]
    })
}
