//! Slots and series agree with the world they were taken from, in every built-in scenario.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use triage::analysis::latency::{Latencies, Target};
use triage::analysis::series;
use triage::analysis::slots::{End, Slots};
use triage::engine::EmergencySystem;
use triage::engine::job::Class;
use triage::engine::world::Status;
use triage::scenario;

fn systems() -> impl Iterator<Item = (&'static str, EmergencySystem, u64)> {
    scenario::library().into_iter().map(|entry| {
        let scenario = scenario::parse(entry.json).unwrap();
        let system = EmergencySystem::new(scenario.setup());
        (entry.name, system, scenario.duration_us)
    })
}

#[test]
fn open_stays_are_what_really_runs_at_any_time() {
    for (name, mut system, duration_us) in systems() {
        for part in 1..=40 {
            let t_us = duration_us * part / 40;
            system.run_until(t_us);
            let slots = Slots::of(system.trace());
            for (index, process, executor) in system.world().executors() {
                let open = |end: End| {
                    let here = slots.stays().iter().filter(|stay| stay.executor == index);
                    here.filter(|stay| stay.end == end).count()
                };
                let running = match process.status {
                    Status::Crashed | Status::Left => 0,
                    _ => executor.status().running as usize,
                };
                assert_eq!(
                    open(End::Running),
                    running,
                    "{name}, {} at {t_us} µs",
                    process.name
                );
            }
        }
    }
}

#[test]
fn no_slot_holds_two_jobs_and_no_executor_more_than_its_capacity() {
    for (name, mut system, duration_us) in systems() {
        system.run_until(duration_us);
        let slots = Slots::of(system.trace());
        assert!(
            slots.stays().iter().any(|stay| stay.end == End::Completed),
            "{name}"
        );
        for (executor, capacity) in slots.executors() {
            let mut free_ns = vec![0; capacity.into()];
            for stay in slots
                .stays()
                .iter()
                .filter(|stay| stay.executor == executor)
            {
                let free = &mut free_ns[usize::from(stay.slot)];
                assert!(*free <= stay.from_ns, "{name}: two jobs in one slot");
                *free = stay.to_ns.unwrap_or(u64::MAX);
            }
        }
    }
}

#[test]
fn starts_are_those_that_the_targets_are_measured_by() {
    for (name, mut system, duration_us) in systems() {
        system.run_until(duration_us);
        let mut latencies = Latencies::default();
        for (_, event) in system.trace().iter() {
            latencies.observe(event);
        }
        let starts = series::starts(system.trace());
        for (class, target) in [
            (Class::Normal, Target::NormalStart),
            (Class::Emergency, Target::EmergencyStart),
        ] {
            let summary = latencies.summary(target);
            let steps = series::distribution(&starts, class);
            assert_eq!(steps.len(), summary.count as usize, "{name}");
            assert_eq!(steps.last().map(|step| step.0), summary.max_us, "{name}");
            let half = steps.iter().find(|step| step.1 >= 0.5).map(|step| step.0);
            assert_eq!(half, summary.p50_us, "{name}");
        }
    }
}

#[test]
fn buckets_add_up_to_the_stays_and_the_messages() {
    for (name, mut system, duration_us) in systems() {
        system.run_until(duration_us);
        let (trace, end_ns) = (system.trace(), duration_us * 1000);
        let slots = Slots::of(trace);
        let stays = slots.stays().iter();
        let busy_ns: u64 = stays
            .map(|stay| stay.to_ns.unwrap_or(end_ns) - stay.from_ns)
            .sum();
        for count in [1, 7, 100] {
            let buckets = series::load(trace, &slots, end_ns, count);
            assert_eq!(buckets.len(), count);
            let width_ns = (end_ns / count as u64) as f64;
            let sum: f64 = buckets
                .iter()
                .map(|bucket| bucket.busy_slots * width_ns)
                .sum();
            // The last few ns may belong to no bucket.
            assert!(
                (sum - busy_ns as f64).abs() < 1e6,
                "{name}: {sum} is not {busy_ns}"
            );
            for bucket in &buckets {
                assert!(
                    bucket.busy_slots <= bucket.slots + 1e-6,
                    "{name}: {bucket:?}"
                );
            }
        }
        let last = series::load(trace, &slots, end_ns, 50).pop().unwrap();
        let waiting = last.normal_waiting + last.emergency_waiting;
        let overview = system.system_overview();
        let jobs = overview.jobs;
        let open = jobs.submitted - jobs.refused - jobs.completed;
        assert!(waiting <= open, "{name}: {waiting} of {open}");
    }
}
