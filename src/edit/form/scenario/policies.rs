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
                .hint(say("Each owns the jobs that were sent to it; they gossip."))
                .part(),
            context
                .field(&at("discipline"), say("Queue discipline"), discipline)
                .hint(say("Strict: emergency jobs first, whatever waits."))
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
                    .hint(say(
                        "The head start of an emergency job before a normal one.",
                    ))
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
                .hint(say("Which executor gets a job."))
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
                    "Causal: what is received waits for what it depends on.",
                ))
                .part(),
            context
                .field(
                    &at("cold_start_us"),
                    say("Cold start"),
                    ms(&bounds::COLD_START_US),
                )
                .unit(say("ms"))
                .hint(say(
                    "Of a serverless function that no emergency has pre-warmed.",
                ))
                .part(),
        ]);
        parts
    })
}
