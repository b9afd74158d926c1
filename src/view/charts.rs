//! The latency charts as data: lines, bounds and a sentence for each. `public/charts.js` draws them.

use serde::Serialize;

use triage_analysis::latency::Target;
use triage_analysis::series::{self, Bucket, Start};
use triage_analysis::slots::Slots;
use triage_engine::job::Class;
use triage_engine::time::{SECOND_NS, from_us};
use triage_language::{grouped, say, tr};
use triage_playback::Player;

/// Time intervals in a chart.
const BUCKETS: usize = 160;
/// Fewer intervals for messages, because single messages would make a spiky line.
const MESSAGE_BUCKETS: usize = 50;

/// One line of a chart.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct ChartLine {
    /// Name in the legend.
    pub name: &'static str,
    /// A CSS custom property.
    pub colour: &'static str,
    /// `points`, `steps` or `area`.
    pub kind: &'static str,
    /// Ascending, in thousandths of a second of simulated time, or of a millisecond in the distribution. Integers,
    /// because formatting fractions would add ten kilobytes to the page.
    pub x: Vec<u64>,
    /// In thousandths of the chart's unit.
    pub y: Vec<u64>,
}

/// A limit drawn as a line.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Bound {
    /// The axis: `x` or `y`.
    pub at: &'static str,
    /// In thousandths of the axis's unit.
    pub value: u64,
    /// A CSS custom property.
    pub colour: &'static str,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Chart {
    /// For tests: `start`, `distribution`, `waiting`, `utilisation`, `messages`.
    pub id: &'static str,
    /// Includes the unit.
    pub title: &'static str,
    /// Whether the x axis is time and shares the scrubber's range.
    pub time: bool,
    /// The end of the x axis, in ms.
    pub end: u64,
    /// Whether the x axis is logarithmic.
    pub x_log: bool,
    /// Whether the y axis is logarithmic.
    pub y_log: bool,
    /// The y axis reaches at least this value, in its unit.
    pub y_least: u32,
    pub lines: Vec<ChartLine>,
    pub bounds: Vec<Bound>,
    /// The chart in a sentence.
    pub summary: String,
}

const NORMAL: &str = "--normal";
const EMERGENCY: &str = "--critical";

/// All charts of the recorded events, or only of the first `known` ones, with the scrubber's time axis.
pub fn charts(player: &Player, known: Option<u32>) -> Vec<Chart> {
    let whole = player.trace();
    let part = known.map(|known| {
        let mut part = whole.clone();
        part.truncate(known, whole.names().len(), whole.jobs().len());
        part
    });
    let trace = part.as_ref().unwrap_or(whole);
    let end_us = player.end_us();
    let starts = series::starts(trace);
    let slots = Slots::of(trace);
    let recorded_ns = match known {
        Some(_) => player.world().now_ns(),
        None => from_us(player.recorded_us()),
    };
    let buckets = series::load(trace, &slots, recorded_ns, BUCKETS);
    let mut charts = vec![
        start(&starts),
        distribution(&starts),
        waiting(&buckets),
        utilisation(&buckets),
        messages(&series::load(trace, &slots, recorded_ns, MESSAGE_BUCKETS)),
    ];
    for chart in &mut charts {
        chart.end = end_us / 1000;
    }
    charts
}

/// A moment in ms.
fn place(t_ns: u64) -> u64 {
    t_ns / (SECOND_NS / 1000)
}

fn thousandths(value: f64) -> u64 {
    (value * 1e3 + 0.5) as u64
}

fn bounds(at: &'static str) -> Vec<Bound> {
    let bound = |target: Target, colour| Bound {
        at,
        value: target.bound_us(),
        colour,
    };
    vec![
        bound(Target::NormalStart, NORMAL),
        bound(Target::EmergencyStart, EMERGENCY),
    ]
}

/// A latency of 0 can't be drawn on a logarithmic axis.
fn latency(latency_us: u64) -> u64 {
    latency_us.max(100)
}

/// Maximum number of points in a line; more than there are pixels would show nothing more.
const POINTS_MAX: usize = 2_000;

/// Keeps the highest point for each x and thins out the result. `points` must be ascending in x.
fn thinned(points: Vec<(u64, u64)>) -> (Vec<u64>, Vec<u64>) {
    let group = points.len().div_ceil(POINTS_MAX).max(1);
    let mut thin: Vec<(u64, u64)> = Vec::new();
    for part in points.chunks(group) {
        let highest = part.iter().copied().max_by_key(|point| point.1);
        let Some(point) = highest else {
            unreachable!("chunks are never empty");
        };
        match thin.last_mut() {
            Some(last) if last.0 >= point.0 => last.1 = last.1.max(point.1),
            _ => thin.push(point),
        }
    }
    thin.into_iter().unzip()
}

fn by_class(points: &dyn Fn(Class) -> Vec<(u64, u64)>, kind: &'static str) -> Vec<ChartLine> {
    let classes = [
        (Class::Normal, say("normal"), NORMAL),
        (Class::Emergency, say("emergency"), EMERGENCY),
    ];
    let lines = classes.into_iter().map(|(class, name, colour)| {
        let (x, y) = thinned(points(class));
        ChartLine {
            name,
            colour,
            kind,
            x,
            y,
        }
    });
    lines.collect()
}

fn worst(starts: &[Start], class: Class) -> String {
    let of_class = || starts.iter().filter(|start| start.class == class);
    match of_class().map(|start| start.latency_us).max() {
        Some(worst) => {
            let (count, ms) = (of_class().count() as u64, grouped(worst.div_ceil(1000)));
            let count = grouped(count);
            match class {
                Class::Normal => tr!(
                    "{count} normal starts, the slowest after {ms} ms",
                    count,
                    ms
                ),
                Class::Emergency => tr!(
                    "{count} emergency starts, the slowest after {ms} ms",
                    count,
                    ms
                ),
            }
        }
        None => no_start(class).to_owned(),
    }
}

fn no_start(class: Class) -> &'static str {
    match class {
        Class::Normal => say("no normal start"),
        Class::Emergency => say("no emergency start"),
    }
}

fn start(starts: &[Start]) -> Chart {
    let points = |class: Class| {
        let of_class = starts.iter().filter(move |start| start.class == class);
        of_class
            .map(|start| (place(start.t_ns), latency(start.latency_us)))
            .collect()
    };
    let normal = worst(starts, Class::Normal);
    let emergency = worst(starts, Class::Emergency);
    Chart {
        id: "start",
        title: say("Start latency, ms"),
        time: true,
        y_log: true,
        lines: by_class(&points, "points"),
        bounds: bounds("y"),
        summary: tr!(
            "In total {normal}; {emergency}. Dashed: the targets, 500 and 100 ms.",
            normal,
            emergency
        ),
        ..Chart::default()
    }
}

fn distribution(starts: &[Start]) -> Chart {
    let steps = |class: Class| {
        let steps = series::distribution(starts, class).into_iter();
        steps
            .map(|(latency_us, share)| (latency(latency_us), thousandths(share * 100.0)))
            .collect()
    };
    let within = |class: Class, target: Target| {
        let of_class = || starts.iter().filter(|start| start.class == class);
        let good = of_class().filter(|start| start.latency_us < target.bound_us());
        match of_class().count() {
            0 => no_start(class).to_owned(),
            all => {
                let percent = good.count() * 100 / all;
                match class {
                    Class::Normal => tr!("{percent} % of normal starts", percent),
                    Class::Emergency => tr!("{percent} % of emergency starts", percent),
                }
            }
        }
    };
    let normal = within(Class::Normal, Target::NormalStart);
    let emergency = within(Class::Emergency, Target::EmergencyStart);
    Chart {
        id: "distribution",
        title: say("% started within ms"),
        x_log: true,
        y_least: 100,
        lines: by_class(&steps, "steps"),
        bounds: bounds("x"),
        summary: tr!(
            "Within the target: {normal} and {emergency}.",
            normal,
            emergency
        ),
        ..Chart::default()
    }
}

/// A line with one value for each interval.
fn over_time(
    name: &'static str,
    colour: &'static str,
    kind: &'static str,
    buckets: &[Bucket],
    value: fn(&Bucket) -> f64,
) -> ChartLine {
    ChartLine {
        name,
        colour,
        kind,
        x: buckets.iter().map(|one| place(one.from_ns)).collect(),
        y: buckets.iter().map(|one| thousandths(value(one))).collect(),
    }
}

fn most(buckets: &[Bucket], value: fn(&Bucket) -> u32) -> u32 {
    buckets.iter().map(value).max().unwrap_or_default()
}

fn waiting(buckets: &[Bucket]) -> Chart {
    let normal = |one: &Bucket| f64::from(one.normal_waiting);
    let emergency = |one: &Bucket| f64::from(one.emergency_waiting);
    Chart {
        id: "waiting",
        title: say("Jobs waiting"),
        time: true,
        y_least: 4,
        lines: vec![
            over_time(say("normal"), NORMAL, "area", buckets, normal),
            over_time(say("emergency"), EMERGENCY, "area", buckets, emergency),
        ],
        summary: match (
            most(buckets, |one| one.normal_waiting),
            most(buckets, |one| one.emergency_waiting),
        ) {
            (0, 0) => say("No job has waited.").to_owned(),
            (normal, emergency) => tr!(
                "At most {normal} normal and {emergency} emergency jobs waited, including paused ones.",
                normal,
                emergency
            ),
        },
        ..Chart::default()
    }
}

fn utilisation(buckets: &[Bucket]) -> Chart {
    let busy = |one: &Bucket| one.busy_slots;
    let slots = |one: &Bucket| one.slots;
    let sum = |value: fn(&Bucket) -> f64| buckets.iter().map(value).sum::<f64>();
    let share = sum(|one| one.busy_slots) / sum(|one| one.slots).max(1e-9);
    Chart {
        id: "utilisation",
        title: say("Slots in use"),
        time: true,
        y_least: 1,
        lines: vec![
            over_time(say("available slots"), "--dim", "steps", buckets, slots),
            over_time(say("in use"), "--accent", "area", buckets, busy),
        ],
        summary: tr!(
            "{} % of all slots were in use on average.",
            (share * 100.0).round() as u32
        ),
        ..Chart::default()
    }
}

fn messages(buckets: &[Bucket]) -> Chart {
    let sent = |one: &Bucket| one.messages_per_s;
    let background = |one: &Bucket| one.background_per_s;
    let lost: u32 = buckets.iter().map(|one| one.lost).sum();
    Chart {
        id: "messages",
        title: say("Messages per second"),
        time: true,
        y_least: 10,
        lines: vec![
            over_time(say("background"), "--good", "steps", buckets, background),
            over_time(say("all others"), "--accent", "steps", buckets, sent),
        ],
        summary: tr!("{} messages were lost.", grouped(lost.into())),
        ..Chart::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_chart_of_every_story_has_lines_of_one_length_and_rising_places() {
        for entry in triage_scenario::library() {
            let mut player = Player::new(triage_scenario::parse(entry.json).expect("valid"));
            player.record_ahead(u32::MAX);
            for chart in charts(&player, None) {
                assert!(!chart.lines.is_empty() && !chart.summary.is_empty());
                for line in &chart.lines {
                    assert_eq!(line.x.len(), line.y.len(), "{}", chart.id);
                    let rising = line.x.windows(2).all(|pair| pair[0] < pair[1]);
                    assert!(rising, "{}: {}", entry.name, chart.id);
                    let drawable = |y: &u64| *y > 0 || !chart.y_log;
                    assert!(line.y.iter().all(drawable), "{}", chart.id);
                }
            }
        }
    }

    #[test]
    fn a_run_without_events_has_charts_too() {
        let mut scenario =
            triage_scenario::parse(triage_scenario::library()[0].json).expect("valid");
        scenario.executors.clear();
        scenario.workload.clear();
        scenario.commands.clear();
        let player = Player::new(scenario);
        let charts = charts(&player, None);
        assert_eq!(charts.len(), 5);
        assert_eq!(
            charts[1].summary,
            "Within the target: no normal start and no emergency start."
        );
    }
}
