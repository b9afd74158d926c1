//! The figures of a run as a table: one figure a row, so that any spreadsheet or data frame can filter and pivot it.
//! Quoted and ended as RFC 4180 says.

use std::io::{self, Write};

use super::{Run, is_background};
use crate::latency::{Latencies, Target, percentile};
use crate::slots::Slots;
use crate::suspicion::Suspicions;
use triage_engine::id::JobId;
use triage_engine::job::Class;
use triage_engine::message::EmergencyChange;
use triage_engine::record::Record;
use triage_engine::sorted::SortedMap;
use triage_engine::time::to_us;
use triage_engine::trace::{Event, Form};

const CLASSES: [Class; 2] = [Class::Normal, Class::Emergency];

/// What happens to jobs, by kind of event, as rows of each class.
const JOB_KINDS: [(&str, &str); 11] = [
    ("submitted", "job_submitted"),
    ("accepted", "job_accepted"),
    ("refused", "job_refused"),
    ("started", "job_started"),
    ("paused", "job_paused"),
    ("resumed", "job_resumed"),
    ("returned", "job_returned"),
    ("orphaned", "job_orphaned"),
    ("reassigned", "job_reassigned"),
    ("completed", "completion_accepted"),
    ("completions_refused", "completion_refused"),
];

/// What a row says: of what, which, which figure, in what unit, how much.
type Put<'a> = dyn FnMut(&str, &str, &str, &str, &str) + 'a;

/// Writes the header and every row.
pub fn write(run: &Run<'_>, out: &mut dyn Write) -> io::Result<()> {
    let mut table = String::from("group,name,figure,unit,value\r\n");
    let mut put = |group: &str, name: &str, figure: &str, unit: &str, value: &str| {
        for (place, field) in [group, name, figure, unit, value].into_iter().enumerate() {
            if place > 0 {
                table.push(',');
            }
            quoted(&mut table, field);
        }
        table.push_str("\r\n");
    };
    let (scenario, seed) = run.scenario();
    put("run", scenario, "seed", "", &seed.to_string());
    put(
        "run",
        scenario,
        "simulated",
        "us",
        &run.end_us().to_string(),
    );
    put("run", scenario, "events", "count", &run.count.to_string());
    let mut tally = Tally::default();
    for (_, event) in run.events() {
        tally.observe(run, event);
    }
    tally.rows(&mut put);
    executors(run, &mut put);
    out.write_all(table.as_bytes())
}

/// Appends a field, in quotes where it needs them.
fn quoted(out: &mut String, field: &str) {
    if !field.contains(['"', ',', '\r', '\n']) {
        return out.push_str(field);
    }
    out.push('"');
    for c in field.chars() {
        if c == '"' {
            out.push('"');
        }
        out.push(c);
    }
    out.push('"');
}

/// Everything that is counted in one pass.
#[derive(Default)]
struct Tally {
    jobs: [[u32; JOB_KINDS.len()]; 2],
    submitted_ns: SortedMap<JobId, u64>,
    completions_us: [Vec<u64>; 2],
    latencies: Latencies,
    suspicions: Suspicions,
    emergencies: [u32; 3],
    /// Sent, of those again, received, refused, lost; of messages that matter and of background ones. What is lost
    /// does not say what it was, so it is counted with the former.
    messages: [[u32; 5]; 2],
    denied: u32,
}

impl Tally {
    fn observe(&mut self, run: &Run<'_>, event: &Event) {
        let record = &event.record;
        self.latencies.observe(event);
        self.suspicions.observe(event);
        let messages = &mut self.messages[usize::from(is_background(record))];
        match event.form {
            Form::Send { retry_of, .. } => {
                messages[0] += 1;
                messages[1] += u32::from(retry_of.is_some());
            }
            Form::Receipt { .. } => {
                messages[2] += 1;
                messages[3] += u32::from(matches!(record, Record::MessageRefused(_)));
            }
            _ => {}
        }
        match record {
            Record::MessageDropped(..) => self.messages[0][4] += 1,
            Record::CommandDenied(_) => self.denied += 1,
            Record::Emergency(announcement) => {
                let place = match announcement.change {
                    EmergencyChange::Declared => 0,
                    EmergencyChange::Changed => 1,
                    EmergencyChange::Cleared => 2,
                };
                self.emergencies[place] += 1;
            }
            _ => {}
        }
        self.observe_job(run, event);
    }

    fn observe_job(&mut self, run: &Run<'_>, event: &Event) {
        let Some(id) = event.record.job() else {
            return;
        };
        let again = matches!(
            event.form,
            Form::Send {
                retry_of: Some(_),
                ..
            }
        );
        let job = run.trace.jobs().get((id.0 as usize).wrapping_sub(1));
        let (Some(job), false) = (job, again) else {
            return;
        };
        let class = usize::from(job.class() == Class::Emergency);
        let kind = event.record.kind();
        if let Some(place) = JOB_KINDS.iter().position(|(_, known)| *known == kind) {
            self.jobs[class][place] += 1;
        }
        match &event.record {
            Record::JobSubmitted { .. } => {
                self.submitted_ns.insert(id, event.t_ns);
            }
            Record::CompletionAccepted(_) => {
                if let Some(since_ns) = self.submitted_ns.remove(&id) {
                    let value_us = to_us(event.t_ns.saturating_sub(since_ns));
                    self.completions_us[class].push(value_us);
                }
            }
            _ => {}
        }
    }

    fn rows(&mut self, put: &mut Put<'_>) {
        for (class, counts) in CLASSES.into_iter().zip(&self.jobs) {
            for ((figure, _), count) in JOB_KINDS.iter().zip(counts) {
                put("jobs", class.name(), figure, "count", &count.to_string());
            }
        }
        for (target, name) in Target::ALL.into_iter().zip(TARGETS) {
            let samples = self.latencies.samples(target).iter();
            let mut values: Vec<u64> = samples.map(|sample| sample.value_us).collect();
            spread(name, &mut values, put);
            let summary = self.latencies.summary(target);
            put(
                "latency",
                name,
                "target",
                "us",
                &summary.bound_us.to_string(),
            );
            let met = if summary.met { "true" } else { "false" };
            put("latency", name, "met", "", met);
        }
        let names = ["normal_completion", "emergency_completion"];
        for (name, values) in names.into_iter().zip(&mut self.completions_us) {
            spread(name, values, put);
        }
        let figures = self.suspicions.at(u64::MAX);
        for (figure, count) in [
            ("suspicions", figures.suspicions),
            ("suspicions_false", figures.suspicions_false),
            ("failures", figures.failures),
            ("failures_false", figures.failures_false),
        ] {
            put("detector", "recovery", figure, "count", &count.to_string());
        }
        if let Some(longest_us) = figures.mistake_us_max {
            put(
                "detector",
                "recovery",
                "mistake_max",
                "us",
                &longest_us.to_string(),
            );
        }
        let figures = ["declared", "changed", "cleared"];
        for (figure, count) in figures.into_iter().zip(self.emergencies) {
            put("emergencies", "all", figure, "count", &count.to_string());
        }
        let figures = ["sent", "sent_again", "received", "refused", "lost"];
        for (place, figure) in figures.into_iter().enumerate() {
            let [matter, background] = [0, 1].map(|kind: usize| self.messages[kind][place]);
            let all = (matter + background).to_string();
            put("messages", "all", figure, "count", &all);
            // What is lost does not say what it was.
            if figure != "lost" {
                put(
                    "messages",
                    "background",
                    figure,
                    "count",
                    &background.to_string(),
                );
            }
        }
        put(
            "commands",
            "all",
            "denied",
            "count",
            &self.denied.to_string(),
        );
    }
}

/// The four targets by name, in the order of `Target::ALL`.
const TARGETS: [&str; 4] = ["emergency_start", "normal_start", "detection", "recovery"];

/// How many values there are, their percentiles by nearest rank and the greatest; only the first without values.
fn spread(name: &str, values: &mut [u64], put: &mut Put<'_>) {
    values.sort_unstable();
    put(
        "latency",
        name,
        "values",
        "count",
        &values.len().to_string(),
    );
    for (figure, percent) in [("p50", 50), ("p95", 95), ("p99", 99), ("max", 100)] {
        if let Some(value) = percentile(values, percent) {
            put("latency", name, figure, "us", &value.to_string());
        }
    }
}

/// How busy each executor was.
fn executors(run: &Run<'_>, put: &mut Put<'_>) {
    let slots = Slots::until(run.trace, run.count);
    for (executor, capacity) in slots.executors() {
        let name = run.name(executor);
        let stays = slots
            .stays()
            .iter()
            .filter(|stay| stay.executor == executor);
        let (mut count, mut busy_ns) = (0_u32, 0);
        for stay in stays {
            count += 1;
            busy_ns += stay
                .to_ns
                .unwrap_or(run.end_ns)
                .saturating_sub(stay.from_ns);
        }
        put("executor", name, "slots", "count", &capacity.to_string());
        put("executor", name, "stretches", "count", &count.to_string());
        put("executor", name, "busy", "us", &to_us(busy_ns).to_string());
    }
}

#[cfg(test)]
mod tests {
    use super::quoted;

    #[test]
    fn fields_are_quoted_as_rfc_4180_says() {
        for (field, expected) in [
            ("plain words", "plain words"),
            ("a,b", "\"a,b\""),
            ("say \"no\"", "\"say \"\"no\"\"\""),
            ("two\nlines", "\"two\nlines\""),
        ] {
            let mut out = String::new();
            quoted(&mut out, field);
            assert_eq!(out, expected);
        }
    }
}
