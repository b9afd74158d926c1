//! Routing and queue disciplines.

use crate::form::{Context, Input, Pick, Section, ms, number, picks, seconds};
use triage_language::say;
use triage_scenario::bounds;

pub fn section(context: &Context) -> Section {
    context.section("policies", say("Policies"), String::new(), || {
        let at = |path: &str| context.at(&["configuration.", path].concat());
        let routing = || {
            picks(&[
                ("round_robin", say("Round robin")),
                ("least_loaded", say("Least loaded")),
                ("two_choices", say("Power of two choices")),
                ("capability", say("By capability")),
                ("nearest", say("Nearest")),
            ])
        };
        let mut discipline = picks(&[
            ("strict", say("Strict priority")),
            ("fifo", say("First in, first out")),
        ]);
        if let Input::Choice(picks) = &mut discipline {
            picks.push(Pick {
                json: r#"{"weighted": {"ageing_us": 5000000}}"#.to_owned(),
                label: say("Weighted, with ageing").to_owned(),
            });
        }
        let mut parts = vec![
            context
                .field(
                    &at("coordinators"),
                    say("Coordinators"),
                    number(1, &bounds::COORDINATORS),
                )
                .hint(say(
                    "Each coordinator owns the jobs that were sent to it. Coordinators gossip.",
                ))
                .part(),
            context
                .field(&at("discipline"), say("Queue discipline"), discipline)
                .hint(say(
                    "With strict priority, emergency jobs always come before normal jobs.",
                ))
                .part(),
        ];
        if context.get(&at("discipline.weighted")).is_some() {
            parts.push(
                context
                    .field(
                        &at("discipline.weighted.ageing_us"),
                        say("Ageing"),
                        seconds(&bounds::AGEING_US),
                    )
                    .unit(say("s"))
                    .hint(say("The head start of an emergency job over a normal one."))
                    .required()
                    .part(),
            );
        }
        parts.extend([
            context
                .field(
                    &at("routing_normal"),
                    say("Routing of normal jobs"),
                    routing(),
                )
                .hint(say("How the executor of a job is chosen."))
                .part(),
            context
                .field(
                    &at("routing_emergency"),
                    say("Routing of emergency jobs"),
                    routing(),
                )
                .part(),
            context
                .field(
                    &at("emergency_delivery"),
                    say("Delivery of emergencies"),
                    picks(&[
                        ("relayed", say("Relayed by recovery")),
                        ("fifo", say("Broadcast, link order")),
                        ("causal", say("Broadcast, causal order")),
                    ]),
                )
                .hint(say(
                    "With causal order, a received message waits for the messages it depends on.",
                ))
                .part(),
            context
                .field(
                    &at("cold_start_us"),
                    say("Cold start"),
                    ms(&bounds::COLD_START_US),
                )
                .unit(say("ms"))
                .hint(say("For a serverless function that is not warm."))
                .part(),
        ]);
        parts
    })
}
