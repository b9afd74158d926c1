//! Streams of jobs.

use crate::form::{
    Context, EditAction, EditOperation, Input, Part, Pick, Section, action, ms, seconds,
};
use triage_engine::bounds::WORK_US;
use triage_language::{say, tr};
use triage_scenario::bounds;

pub fn section(context: &Context) -> Section {
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
        let mut list = context.list(
            &path,
            say("No jobs are submitted automatically."),
            &name,
            &|path| stream(context, path),
        );
        let until = context
            .plain(&context.at("duration_us"))
            .unwrap_or("20000000");
        let json = [
            r#"{"name": "stream", "arrivals": {"poisson": {"mean_us": 1000000}}, "until_us": "#,
            until,
            r#", "work": {"min_us": 500000, "max_us": 2000000}}"#,
        ];
        list.add_actions = vec![EditAction::new(
            say("Add a stream of jobs"),
            EditOperation::Add,
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
            label: say("Poisson process").to_owned(),
        },
        Pick {
            json: r#"{"fixed": {"every_us": 1000000}}"#.to_owned(),
            label: say("Fixed intervals").to_owned(),
        },
    ]);
    let span = match is_fixed {
        true => context
            .field(
                &at("arrivals.fixed.every_us"),
                say("Interval"),
                seconds(&bounds::ARRIVALS_US),
            )
            .hint(say("Time from one job to the next.")),
        false => context
            .field(
                &at("arrivals.poisson.mean_us"),
                say("Mean interval"),
                seconds(&bounds::ARRIVALS_US),
            )
            .hint(say(
                "Average time between jobs, which arrive independently of each other.",
            )),
    };
    vec![
        context
            .field(&at("name"), say("Name"), Input::Line)
            .hint(say("The jobs get this name."))
            .required()
            .part(),
        context
            .field(&at("type"), say("Emergency type"), Input::Line)
            .hint(say("For example fire or medical; empty for normal jobs."))
            .part(),
        context
            .field(&at("arrivals"), say("Arrivals"), arrivals)
            .hint(say("When jobs arrive."))
            .required()
            .part(),
        span.unit(say("s")).required().part(),
        context
            .field(&at("from_us"), say("From"), seconds(&bounds::MOMENT_US))
            .unit(say("s"))
            .part(),
        context
            .field(&at("until_us"), say("Until"), seconds(&bounds::DURATION_US))
            .unit(say("s"))
            .required()
            .part(),
        context
            .field(&at("work.min_us"), say("Minimum work"), ms(&WORK_US))
            .unit(say("ms"))
            .required()
            .part(),
        context
            .field(&at("work.max_us"), say("Maximum work"), ms(&WORK_US))
            .unit(say("ms"))
            .required()
            .part(),
        context
            .field(&at("requirements"), say("Requirements"), Input::Names)
            .hint(say("Capabilities that an executor must have."))
            .part(),
        action::execution(context, &at("execution")),
    ]
}
