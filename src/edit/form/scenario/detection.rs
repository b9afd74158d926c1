//! Failure detection: when silence counts as a failure.

use std::ops::RangeInclusive;

use crate::form::{Context, Input, Number, Part, Pick, Section, ms, number, seconds, within};
use crate::tree::Value;
use triage_engine::bounds::PERCENT;
use triage_engine::policy::detector::Preset;
use triage_engine::policy::phi::PhiAccrual;
use triage_language::{say, tr};
use triage_scenario::bounds;

pub fn section(context: &Context) -> Section {
    context.section("detection", say("Failure detection"), String::new(), || {
        let at = |path: &str| context.at(&["configuration.", path].concat());
        let pick = |json: String, label: &str| Pick {
            json,
            label: label.to_owned(),
        };
        let timeout = context
            .defaults
            .get("configuration.detector.timeout")
            .and_then(|node| {
                let number = |field: &str| match &node.get(field)?.value {
                    Value::Plain(number) => Some(number.clone()),
                    _ => None,
                };
                Some(
                    [
                        "{\"timeout\": {\"suspect_us\": ",
                        &number("suspect_us")?,
                        ", \"fail_us\": ",
                        &number("fail_us")?,
                        "}}",
                    ]
                    .concat(),
                )
            })
            .unwrap_or_default();
        let mut all = vec![
            pick(timeout.clone(), say("Timeout")),
            pick("{\"phi_accrual\": {}}".to_owned(), say("φ-accrual")),
        ];
        all.extend(Preset::ALL.map(|preset| {
            let json = ["{\"preset\": \"", preset.name(), "\"}"].concat();
            pick(json, &tr!("Preset: {}", preset.name()))
        }));
        let mut detector = context
            .field(&at("detector"), say("Detector"), Input::Choice(all))
            .hint(say(
                "Which silence is too long: fixed limits, or limits learned from heartbeats.",
            ));
        if context.get(&at("detector")).is_none() {
            detector.value = "0".to_owned();
        }
        let mut parts = vec![detector.part()];
        if context.get(&at("detector.phi_accrual")).is_some() {
            parts.extend(phi(context, &at("detector.phi_accrual")));
        } else if context.get(&at("detector.preset")).is_none() {
            let bound = |field: &str, label: &'static str, bounds_us: &RangeInclusive<u64>| {
                let path = at(&["detector.timeout.", field].concat());
                let mut field = context
                    .field(&path, label, ms(bounds_us))
                    .unit(say("ms"))
                    .required();
                if field.value.is_empty() {
                    field.value.clone_from(&field.default_value);
                }
                field.parent = Some((at("detector"), timeout.clone()));
                field
            };
            parts.push(
                bound("suspect_us", say("Suspected after"), &bounds::SUSPECT_US)
                    .hint(say("A suspected executor gets new jobs only if no other executor can take them."))
                    .part(),
            );
            parts.push(
                bound("fail_us", say("Failed after"), &(2..=bounds::FAIL_US_MAX))
                    .hint(say("The executor's jobs are reassigned. Must be more than the value above."))
                    .part(),
            );
        } else {
            parts.push(Part::Note(
                say("The default settings of a real system. Its heartbeat interval is used unless you set one below.")
                    .to_owned(),
            ));
        }
        parts.extend([
            context
                .field(
                    &at("heartbeat_us"),
                    say("Heartbeat interval"),
                    ms(&bounds::HEARTBEAT_US),
                )
                .unit(say("ms"))
                .part(),
            context
                .field(
                    &at("heartbeat_jitter_percent"),
                    say("Heartbeat jitter"),
                    number(1, &bounds::HEARTBEAT_JITTER_PERCENT),
                )
                .unit("%")
                .hint(say("Each interval is longer or shorter by up to this value."))
                .part(),
            context
                .field(&at("brake_percent"), say("Hold reassignment at"), number(1, &PERCENT))
                .unit("%")
                .hint(say(
                    "If this many executors are silent at the same time, none of them is declared failed. 0 turns this off.",
                ))
                .part(),
            context
                .field(
                    &at("brake_hold_us"),
                    say("Hold for at most"),
                    seconds(&bounds::BRAKE_HOLD_US),
                )
                .unit(say("s"))
                .part(),
        ]);
        parts
    })
}

fn phi(context: &Context, path: &str) -> Vec<Part> {
    let default_value = PhiAccrual::default();
    let at = |field: &str| [path, ".", field].concat();
    let one = |field: &str, label: &'static str, input: Number, default_value: u64| {
        let mut field = context.field(&at(field), label, Input::Number(input));
        field.default_value = input.shown(&default_value.to_string());
        field
    };
    vec![
        one(
            "suspect_phi_thousandths",
            say("Suspected at φ"),
            within(1_000, &(1..=bounds::PHI_THOUSANDTHS_MAX)),
            default_value.suspect_phi_thousandths.into(),
        )
        .hint(say(
            "φ = −log₁₀ of the probability that a heartbeat arrives after an even longer silence.",
        ))
        .part(),
        one(
            "fail_phi_thousandths",
            say("Failed at φ"),
            within(1_000, &(2..=bounds::PHI_THOUSANDTHS_MAX)),
            default_value.fail_phi_thousandths.into(),
        )
        .hint(say("Must be more than the value above."))
        .part(),
        one(
            "window",
            say("Window"),
            within(1, &bounds::PHI_WINDOW),
            default_value.window.into(),
        )
        .unit(say("heartbeats"))
        .hint(say("How many of the latest intervals the detector uses."))
        .part(),
        context
            .field(
                &at("distribution"),
                say("Distribution"),
                Input::Choice(vec![
                    Pick {
                        json: String::new(),
                        label: say("default: normal").to_owned(),
                    },
                    Pick {
                        json: "\"normal\"".to_owned(),
                        label: say("normal").to_owned(),
                    },
                    Pick {
                        json: "\"exponential\"".to_owned(),
                        label: say("exponential").to_owned(),
                    },
                ]),
            )
            .part(),
        one(
            "deviation_us_min",
            say("Minimum standard deviation"),
            within(1_000, &bounds::PHI_DEVIATION_US),
            default_value.deviation_us_min,
        )
        .unit(say("ms"))
        .part(),
        one(
            "pause_us",
            say("Acceptable pause"),
            within(1_000, &bounds::PHI_PAUSE_US),
            default_value.pause_us,
        )
        .unit(say("ms"))
        .hint(say("A silence that does not raise suspicion."))
        .part(),
        one(
            "first_us",
            say("Initial interval"),
            within(1_000, &bounds::PHI_FIRST_US),
            default_value.first_us,
        )
        .unit(say("ms"))
        .hint(say("Expected until the first interval is measured."))
        .part(),
    ]
}
