//! The form of a scenario.

use super::action::{self, names};
use super::{Act, Context, Deed, Input, Number, Part, Pick, Section, ms, number, picks, seconds};
use crate::edit::tree::Node;
use crate::engine::configuration::{COORDINATORS_MAX, Configuration};
use crate::engine::policy::detector::Preset;
use crate::engine::policy::phi::PhiAccrual;
use crate::language::{say, tr};

const MINUTE_US: i64 = 60_000_000;
const DAY_US: i64 = 86_400_000_000;

/// What holds where a scenario says nothing, in its own format.
pub fn usual() -> Node {
    // Writing plain values to memory cannot fail.
    let json = |value: Result<String, serde_json::Error>| value.unwrap_or_default();
    let configuration = json(serde_json::to_string(&Configuration::default()));
    let text = ["{\"seed\": 1, \"configuration\": ", &configuration, "}"].concat();
    Node::parse(&text).unwrap_or(Node {
        from: 0,
        to: 0,
        value: crate::edit::tree::Value::Object(Vec::new()),
    })
}

/// Every section.
pub fn sections(context: &Context) -> Vec<Section> {
    vec![
        general(context),
        executors(context),
        workload(context),
        policies(context),
        detection(context),
        network(context),
        timeline(context),
        people(context),
    ]
}

fn general(context: &Context) -> Section {
    let (id, title) = match context.base {
        "" => ("general", say("General")),
        _ => ("scenario", say("Its scenario")),
    };
    context.section(id, title, String::new(), || {
        let at = |path| context.at(path);
        vec![
            context
                .field(&at("title"), say("Title"), Input::Line)
                .hint(say("On the screen; 1 to 80 characters."))
                .needed()
                .part(),
            context
                .field(&at("name"), say("Name"), Input::Line)
                .hint(say(
                    "Lower-case letters, digits, - and _; at most 40. Files are called by it.",
                ))
                .needed()
                .part(),
            context
                .field(&at("description"), say("Description"), Input::Long)
                .hint(say("What there is to see, in a few sentences."))
                .part(),
            context
                .field(&at("duration_us"), say("Duration"), seconds(1, DAY_US))
                .unit(say("s"))
                .hint(say("How long the story takes."))
                .needed()
                .part(),
            context
                .field(&at("seed"), say("Seed"), number(1, 0, i64::MAX))
                .hint(say("Of every chance: the same seed gives the same run."))
                .part(),
        ]
    })
}

fn executors(context: &Context) -> Section {
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
            say("There is none: a run needs at least one."),
            &name,
            &|path| executor(context, path),
        );
        list.adds = vec![Act::new(
            say("Add an executor"),
            Deed::Add,
            &path,
            r#"{"id": "exec-1", "capacity": 2}"#,
        )];
        vec![Part::List(list)]
    })
}

/// The fields of an executor, at the beginning or added later.
pub fn executor(context: &Context, path: &str) -> Vec<Part> {
    let at = |field: &str| [path, ".", field].concat();
    let mut parts = vec![
        context
            .field(&at("id"), say("Name"), Input::Line)
            .hint(say("Of its own: letters, digits, - and _."))
            .needed()
            .part(),
        context
            .field(&at("capacity"), say("Slots"), number(1, 1, 1024))
            .hint(say("How many jobs it runs at once."))
            .needed()
            .part(),
        context
            .field(&at("capabilities"), say("Capabilities"), Input::Names)
            .hint(say(
                "Names with commas between, such as fire, medical; at most 16.",
            ))
            .part(),
    ];
    parts.extend(location(context, &at("location")));
    parts
}

/// Where something is.
pub fn location(context: &Context, path: &str) -> Vec<Part> {
    let one = |field: &str, label: &'static str, hint: &'static str| {
        let at = [path, ".", field].concat();
        let most = i64::from(i32::MAX);
        let mut field = context
            .field(&at, label, number(1, -most, most))
            .unit(say("m"))
            .hint(hint);
        field.inside = Some((path.to_owned(), r#"{"x_m": 0, "y_m": 0}"#.to_owned()));
        field.whole = Some(path.to_owned());
        field.part()
    };
    vec![
        one("x_m", say("East"), say("Empty: it has no place.")),
        one("y_m", say("North"), say("Latency grows with distance.")),
    ]
}

fn workload(context: &Context) -> Section {
    let path = context.at("workload");
    let count = context.count(&path);
    let says = tr!("one stream of jobs" | "{n} streams of jobs" % count);
    context.section("workload", say("Workload"), says, || {
        let name = |path: &str| {
            let name = context.text_of(&[path, ".name"].concat()).unwrap_or("?");
            let kind = context.text_of(&[path, ".type"].concat());
            (
                name.to_owned(),
                kind.map_or_else(
                    || say("normal jobs").to_owned(),
                    |kind| tr!("emergency jobs: {}", kind),
                ),
            )
        };
        let mut list = context.list(&path, say("No jobs come by themselves."), &name, &|path| {
            stream(context, path)
        });
        let until = context
            .plain(&context.at("duration_us"))
            .unwrap_or("20000000");
        let json = [
            r#"{"name": "stream", "arrivals": {"poisson": {"mean_us": 1000000}}, "until_us": "#,
            until,
            r#", "work": {"min_us": 500000, "max_us": 2000000}}"#,
        ];
        list.adds = vec![Act::new(
            say("Add a stream of jobs"),
            Deed::Add,
            &path,
            &json.concat(),
        )];
        vec![Part::List(list)]
    })
}

fn stream(context: &Context, path: &str) -> Vec<Part> {
    let at = |field: &str| [path, ".", field].concat();
    let is_fixed = context.get(&at("arrivals.fixed")).is_some();
    let arrivals = Input::Choice(vec![
        Pick {
            json: r#"{"poisson": {"mean_us": 1000000}}"#.to_owned(),
            words: say("Poisson process").to_owned(),
        },
        Pick {
            json: r#"{"fixed": {"every_us": 1000000}}"#.to_owned(),
            words: say("Fixed intervals").to_owned(),
        },
    ]);
    let span = match is_fixed {
        true => context
            .field(
                &at("arrivals.fixed.every_us"),
                say("Every"),
                seconds(100, DAY_US),
            )
            .hint(say("From one job to the next.")),
        false => context
            .field(
                &at("arrivals.poisson.mean_us"),
                say("Mean interval"),
                seconds(100, DAY_US),
            )
            .hint(say("Between jobs, on average; independent of each other.")),
    };
    vec![
        context
            .field(&at("name"), say("Name"), Input::Line)
            .hint(say("Jobs are called by it."))
            .needed()
            .part(),
        context
            .field(&at("type"), say("Emergency type"), Input::Line)
            .hint(say("Such as fire or medical; empty for normal jobs."))
            .part(),
        context
            .field(&at("arrivals"), say("Arrivals"), arrivals)
            .hint(say("How they come."))
            .needed()
            .part(),
        span.unit(say("s")).needed().part(),
        context
            .field(&at("from_us"), say("From"), seconds(0, DAY_US))
            .unit(say("s"))
            .part(),
        context
            .field(&at("until_us"), say("Until"), seconds(1, DAY_US))
            .unit(say("s"))
            .needed()
            .part(),
        context
            .field(
                &at("work.min_us"),
                say("Least work"),
                ms(1, 600 * MINUTE_US),
            )
            .unit(say("ms"))
            .needed()
            .part(),
        context
            .field(&at("work.max_us"), say("Most work"), ms(1, 600 * MINUTE_US))
            .unit(say("ms"))
            .needed()
            .part(),
        context
            .field(&at("requirements"), say("Requirements"), Input::Names)
            .hint(say("Capabilities that an executor must have."))
            .part(),
        action::execution(context, &at("execution")),
    ]
}

fn policies(context: &Context) -> Section {
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
                words: say("Weighted, with ageing").to_owned(),
            });
        }
        let mut parts = vec![
            context
                .field(
                    &at("coordinators"),
                    say("Coordinators"),
                    number(1, 1, i64::from(COORDINATORS_MAX)),
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
                        seconds(1, 60 * MINUTE_US),
                    )
                    .unit(say("s"))
                    .hint(say(
                        "The head start of an emergency job before a normal one.",
                    ))
                    .needed()
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
                .field(&at("cold_start_us"), say("Cold start"), ms(0, MINUTE_US))
                .unit(say("ms"))
                .hint(say(
                    "Of a serverless function that no emergency has pre-warmed.",
                ))
                .part(),
        ]);
        parts
    })
}

fn detection(context: &Context) -> Section {
    context.section("detection", say("Failure detection"), String::new(), || {
        let at = |path: &str| context.at(&["configuration.", path].concat());
        let pick = |json: String, words: &str| Pick {
            json,
            words: words.to_owned(),
        };
        let timeout = context
            .usual
            .get("configuration.detector.timeout")
            .and_then(|node| {
                let number = |field: &str| match &node.get(field)?.value {
                    crate::edit::tree::Value::Plain(number) => Some(number.clone()),
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
                "Which silence is too long: fixed bounds, or learned from heartbeats.",
            ));
        if context.get(&at("detector")).is_none() {
            detector.value = "0".to_owned();
        }
        let mut parts = vec![detector.part()];
        if context.get(&at("detector.phi_accrual")).is_some() {
            parts.extend(phi(context, &at("detector.phi_accrual")));
        } else if context.get(&at("detector.preset")).is_none() {
            let bound = |field: &str, label: &'static str, most: i64| {
                let path = at(&["detector.timeout.", field].concat());
                let mut field = context
                    .field(&path, label, ms(1, most))
                    .unit(say("ms"))
                    .needed();
                if field.value.is_empty() {
                    field.value.clone_from(&field.usual);
                }
                field.inside = Some((at("detector"), timeout.clone()));
                field
            };
            parts.push(
                bound("suspect_us", say("Suspected after"), MINUTE_US)
                    .hint(say("It gets new jobs only if nobody else can."))
                    .part(),
            );
            parts.push(
                bound("fail_us", say("Failed after"), 10 * MINUTE_US)
                    .hint(say("Its jobs are reassigned; more than the above."))
                    .part(),
            );
        } else {
            parts.push(Part::Note(
                say("A real system as it comes, with its heartbeats where none are given below.")
                    .to_owned(),
            ));
        }
        parts.extend([
            context
                .field(
                    &at("heartbeat_us"),
                    say("Heartbeat every"),
                    ms(10_000, MINUTE_US),
                )
                .unit(say("ms"))
                .part(),
            context
                .field(
                    &at("heartbeat_jitter_percent"),
                    say("Jitter of heartbeats"),
                    number(1, 0, 50),
                )
                .unit("%")
                .hint(say("Each span is longer or shorter by up to this."))
                .part(),
            context
                .field(&at("brake_percent"), say("Brake at"), number(1, 0, 100))
                .unit("%")
                .hint(say(
                    "When so many are silent at once, nobody is declared failed; 0 for never.",
                ))
                .part(),
            context
                .field(
                    &at("brake_hold_us"),
                    say("Brake for at most"),
                    seconds(1, 10 * MINUTE_US),
                )
                .unit(say("s"))
                .part(),
        ]);
        parts
    })
}

fn phi(context: &Context, path: &str) -> Vec<Part> {
    let usual = PhiAccrual::default();
    let at = |field: &str| [path, ".", field].concat();
    let one = |field: &str, label: &'static str, input: Number, usual: u64| {
        let mut field = context.field(&at(field), label, Input::Number(input));
        field.usual = input.shown(&usual.to_string());
        field
    };
    let plain = |per: u64, least: i64, most: i64| Number { per, least, most };
    vec![
        one(
            "suspect_phi_thousandths",
            say("Suspected at φ"),
            plain(1_000, 1, 100_000),
            usual.suspect_phi_thousandths.into(),
        )
        .hint(say(
            "φ = −log₁₀ of the chance that a heartbeat is later than this silence.",
        ))
        .part(),
        one(
            "fail_phi_thousandths",
            say("Failed at φ"),
            plain(1_000, 2, 100_000),
            usual.fail_phi_thousandths.into(),
        )
        .hint(say("More than the above."))
        .part(),
        one(
            "window",
            say("Window"),
            plain(1, 2, 1_000),
            usual.window.into(),
        )
        .unit(say("heartbeats"))
        .hint(say("How many of the last spans it learns from."))
        .part(),
        context
            .field(
                &at("distribution"),
                say("Distribution"),
                Input::Choice(vec![
                    Pick {
                        json: String::new(),
                        words: say("as usual: normal").to_owned(),
                    },
                    Pick {
                        json: "\"normal\"".to_owned(),
                        words: say("normal").to_owned(),
                    },
                    Pick {
                        json: "\"exponential\"".to_owned(),
                        words: say("exponential").to_owned(),
                    },
                ]),
            )
            .part(),
        one(
            "deviation_us_min",
            say("Least deviation"),
            plain(1_000, 1, MINUTE_US),
            usual.deviation_us_min,
        )
        .unit(say("ms"))
        .part(),
        one(
            "pause_us",
            say("Acceptable pause"),
            plain(1_000, 0, 10 * MINUTE_US),
            usual.pause_us,
        )
        .unit(say("ms"))
        .hint(say("Silence that is excused."))
        .part(),
        one(
            "first_us",
            say("First span"),
            plain(1_000, 1_000, 10 * MINUTE_US),
            usual.first_us,
        )
        .unit(say("ms"))
        .hint(say("Expected before any was seen."))
        .part(),
    ]
}

fn network(context: &Context) -> Section {
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
            say("Every link has the latency above."),
            &name,
            &|path| {
                let at = |field: &str| [path, ".", field].concat();
                vec![
                    action::process(context, &at("from"), say("From"), false),
                    action::process(context, &at("to"), say("To"), false),
                    context
                        .field(&at("latency_us"), say("Latency"), ms(1, MINUTE_US))
                        .unit(say("ms"))
                        .needed()
                        .part(),
                    context
                        .field(&at("jitter_us"), say("Jitter"), ms(0, MINUTE_US))
                        .unit(say("ms"))
                        .part(),
                ]
            },
        );
        let first = names(context).into_iter().next().unwrap_or_default();
        let json = [
            "{\"from\": \"coordinator-1\", \"to\": ",
            &crate::edit::change::quoted(&first),
            ", \"latency_us\": 50000}",
        ];
        list.title = say("Links of their own");
        list.adds = vec![Act::new(
            say("Add a link"),
            Deed::Add,
            &links,
            &json.concat(),
        )];
        vec![
            context
                .field(&at("network.latency_us"), say("Latency"), ms(1, MINUTE_US))
                .unit(say("ms"))
                .hint(say("Of a message, in the middle."))
                .part(),
            context
                .field(&at("network.jitter_us"), say("Jitter"), ms(0, MINUTE_US))
                .unit(say("ms"))
                .hint(say("Up to this more or less; at most the latency."))
                .part(),
            context
                .field(
                    &at("network.latency_ns_per_km"),
                    say("Latency by distance"),
                    number(1_000, 0, 1_000_000),
                )
                .unit(say("µs per km"))
                .hint(say("5 is light in fibre."))
                .part(),
            Part::List(list),
            context
                .field(
                    &at("wall_clock_offset_us"),
                    say("Offset of wall clocks"),
                    ms(0, MINUTE_US),
                )
                .unit(say("ms"))
                .hint(say("Each is wrong by up to this at the beginning."))
                .part(),
            context
                .field(
                    &at("wall_clock_drift_ppm"),
                    say("Drift of wall clocks"),
                    number(1, 0, 10_000),
                )
                .unit(say("ppm"))
                .hint(say("Each runs fast or slow by up to this."))
                .part(),
        ]
    })
}

fn timeline(context: &Context) -> Section {
    let path = context.at("commands");
    let count = context.count(&path);
    let says = tr!("one command" | "{n} commands" % count);
    context.section("timeline", say("Timeline"), says, || {
        let name = |path: &str| action::name(context, path);
        let mut list = context.list(&path, say("Nobody gives commands."), &name, &|path| {
            let at = |field: &str| [path, ".", field].concat();
            let mut parts = vec![
                context
                    .field(&at("at_us"), say("At"), seconds(0, DAY_US))
                    .unit(say("s"))
                    .hint(say("After the beginning."))
                    .part(),
                people_field(context, &at("principal")),
            ];
            parts.extend(action::action(context, &at("action")));
            parts
        });
        let last = list_end(context, &path);
        list.adds = action::adds(context, &path, &last);
        if count > 1 {
            list.adds
                .push(Act::new(say("Sort by time"), Deed::Sort, &path, ""));
        }
        vec![Part::List(list)]
    })
}

/// A moment for one more command: a second after the last.
fn list_end(context: &Context, path: &str) -> String {
    let items = context.get(path).map_or(&[][..], Node::items);
    let moment = |item: &Node| match &item.get("at_us")?.value {
        crate::edit::tree::Value::Plain(number) => number.parse::<u64>().ok(),
        _ => None,
    };
    let last = items.iter().filter_map(moment).max();
    last.map_or(1_000_000, |last| last.saturating_add(1_000_000))
        .to_string()
}

fn people_field(context: &Context, path: &str) -> Part {
    let usual = Pick {
        json: String::new(),
        words: say("commander, as usual").to_owned(),
    };
    let mut all = vec![usual];
    let mut add = |name: &str| {
        all.push(Pick {
            json: crate::edit::change::quoted(name),
            words: name.to_owned(),
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
    if let Some(name) = there.filter(|name| !all.iter().any(|pick| pick.words == *name)) {
        all.push(Pick {
            json: crate::edit::change::quoted(name),
            words: name.to_owned(),
        });
    }
    context
        .field(path, say("By"), Input::Choice(all))
        .hint(say("Who gives the command, and must be allowed to."))
        .part()
}

fn people(context: &Context) -> Section {
    let path = context.at("principals");
    let count = context.count(&path);
    let says = match count {
        0 => String::new(),
        _ => tr!("one beside the roles" | "{n} beside the roles" % count),
    };
    context.section("people", say("Principals"), says, || {
        let name = |path: &str| {
            let text = |field: &str| context.text_of(&[path, ".", field].concat()).unwrap_or("?");
            (text("name").to_owned(), text("role").to_owned())
        };
        let mut list = context.list(
            &path,
            say("The four roles are always there: observer, operator, dispatcher, commander."),
            &name,
            &|path| {
                let roles =
                    ["observer", "operator", "dispatcher", "commander"].map(|role| (role, role));
                vec![
                    context
                        .field(&[path, ".name"].concat(), say("Name"), Input::Line)
                        .needed()
                        .part(),
                    context
                        .field(&[path, ".role"].concat(), say("Role"), picks(&roles))
                        .hint(say(
                            "What it may do: each role may more than the one before.",
                        ))
                        .needed()
                        .part(),
                ]
            },
        );
        list.adds = vec![Act::new(
            say("Add a principal"),
            Deed::Add,
            &path,
            r#"{"name": "person-1", "role": "operator"}"#,
        )];
        vec![Part::List(list)]
    })
}
