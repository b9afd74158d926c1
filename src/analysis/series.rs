//! Figures over time: how soon jobs start, how many wait, how busy the slots are, how many messages travel.

use super::slots::Slots;
use triage_engine::job::Class;
use triage_engine::record::{FaultKind, Record};
use triage_engine::time::{SECOND_NS, to_us};
use triage_engine::trace::{Form, Trace};

/// The first start of a job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Start {
    /// When, in ns.
    pub t_ns: u64,
    /// From its submission, in µs.
    pub latency_us: u64,
    /// Of which class.
    pub class: Class,
}

/// One stretch of time in figures.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Bucket {
    /// Begin, in ns.
    pub from_ns: u64,
    /// The most accepted normal jobs that were in no slot at one time in it.
    pub normal_waiting: u32,
    /// The same of emergency jobs.
    pub emergency_waiting: u32,
    /// Slots in use on average.
    pub busy_slots: f64,
    /// Slots of executors that had not crashed or left, on average.
    pub slots: f64,
    /// Messages sent for each second: jobs, emergencies and all that matters.
    pub messages_per_s: f64,
    /// Heartbeats, their replies and acknowledgements sent for each second.
    pub background_per_s: f64,
    /// Messages lost.
    pub lost: u32,
}

/// The first starts of jobs, in order.
pub fn starts(trace: &Trace) -> Vec<Start> {
    let mut submitted: Vec<Option<(u64, Class)>> = vec![None; trace.jobs().len() + 1];
    let mut starts = Vec::new();
    for (_, event) in trace.iter() {
        match event.record {
            Record::JobSubmitted { job, class, .. } => {
                // A trace contains every job that its events name.
                submitted[job.0 as usize] = Some((event.t_ns, class));
            }
            Record::JobStarted(attempt, ..) => {
                // Only the first start counts.
                if let Some((since_ns, class)) = submitted[attempt.job.0 as usize].take() {
                    starts.push(Start {
                        t_ns: event.t_ns,
                        latency_us: to_us(event.t_ns - since_ns),
                        class,
                    });
                }
            }
            _ => {}
        }
    }
    starts
}

/// The share of starts that took at most so long, as steps: latency in µs, share in 0 to 1. For each class.
pub fn distribution(starts: &[Start], class: Class) -> Vec<(u64, f64)> {
    let of_class = starts.iter().filter(|start| start.class == class);
    let mut values: Vec<u64> = of_class.map(|start| start.latency_us).collect();
    values.sort_unstable();
    let count = values.len() as f64;
    let ranked = values.iter().zip(1..);
    ranked
        .map(|(value, rank)| (*value, f64::from(rank) / count))
        .collect()
}

/// Where a job is, as far as waiting is concerned.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Stage {
    Unknown,
    Waiting(Class),
    Running(Class),
    Done,
}

/// The run from its beginning to `end_ns` in `count` stretches of equal length (at least one).
pub fn load(trace: &Trace, slots: &Slots, end_ns: u64, count: usize) -> Vec<Bucket> {
    let count = count.max(1);
    let width_ns = (end_ns / count as u64).max(1);
    let mut buckets: Vec<Bucket> = (0..count as u64)
        .map(|index| Bucket {
            from_ns: index * width_ns,
            ..Bucket::default()
        })
        .collect();
    count_waiting(trace, width_ns, &mut buckets);
    count_messages(trace, width_ns, &mut buckets);
    for stay in slots.stays() {
        let to_ns = stay.to_ns.unwrap_or(end_ns).min(end_ns);
        spread(
            stay.from_ns,
            to_ns,
            width_ns,
            &mut buckets,
            |bucket, share| {
                bucket.busy_slots += share;
            },
        );
    }
    count_slots(trace, slots, end_ns, width_ns, &mut buckets);
    buckets
}

/// Gives each bucket the share of it that an interval covers.
fn spread(
    from_ns: u64,
    to_ns: u64,
    width_ns: u64,
    buckets: &mut [Bucket],
    mut add: impl FnMut(&mut Bucket, f64),
) {
    if to_ns <= from_ns {
        return;
    }
    let (first, last) = (from_ns / width_ns, (to_ns - 1) / width_ns);
    for index in first..=last {
        let Some(bucket) = buckets.get_mut(index as usize) else {
            return;
        };
        let begin = bucket.from_ns.max(from_ns);
        let end = (bucket.from_ns + width_ns).min(to_ns);
        add(bucket, (end - begin) as f64 / width_ns as f64);
    }
}

fn count_waiting(trace: &Trace, width_ns: u64, buckets: &mut [Bucket]) {
    let mut stages = vec![Stage::Unknown; trace.jobs().len() + 1];
    let mut waiting = [0u32; 2];
    let mut next = 0;
    // What waits holds from the event before until this one: in every bucket that this touches.
    let mut note = |until_ns: u64, waiting: &[u32; 2]| {
        while let Some(bucket) = buckets.get_mut(next)
            && bucket.from_ns <= until_ns
        {
            bucket.normal_waiting = bucket.normal_waiting.max(waiting[0]);
            bucket.emergency_waiting = bucket.emergency_waiting.max(waiting[1]);
            if bucket.from_ns + width_ns > until_ns {
                return;
            }
            next += 1;
        }
    };
    for (_, event) in trace.iter() {
        note(event.t_ns, &waiting);
        let (job, stage) = match &event.record {
            Record::JobAccepted { job, class } => (*job, Stage::Waiting(*class)),
            Record::JobStarted(attempt, class, _) | Record::JobResumed(attempt, class) => {
                (attempt.job, Stage::Running(*class))
            }
            Record::JobPaused(attempt, class) => (attempt.job, Stage::Waiting(*class)),
            Record::JobOrphaned(attempt, _) => match stages[attempt.job.0 as usize] {
                Stage::Running(class) => (attempt.job, Stage::Waiting(class)),
                _ => continue,
            },
            Record::CompletionAccepted(attempt) | Record::JobCompleted(attempt) => {
                (attempt.job, Stage::Done)
            }
            _ => continue,
        };
        let old = &mut stages[job.0 as usize];
        // A zombie may run what is done already.
        let new = if *old == Stage::Done {
            Stage::Done
        } else {
            stage
        };
        if let Stage::Waiting(class) = *old {
            waiting[class as usize] -= 1;
        }
        if let Stage::Waiting(class) = new {
            waiting[class as usize] += 1;
        }
        *old = new;
    }
    note(u64::MAX, &waiting);
}

fn count_messages(trace: &Trace, width_ns: u64, buckets: &mut [Bucket]) {
    let per_s = SECOND_NS as f64 / width_ns as f64;
    for (_, event) in trace.iter() {
        let Some(bucket) = buckets.get_mut((event.t_ns / width_ns) as usize) else {
            return;
        };
        match (&event.record, event.form) {
            (Record::HeartbeatSent, _) => bucket.background_per_s += per_s,
            (Record::MessageSent(what, _), _) if what.is_background() => {
                bucket.background_per_s += per_s;
            }
            (_, Form::Send { .. }) => bucket.messages_per_s += per_s,
            (Record::MessageDropped(..), _) => bucket.lost += 1,
            _ => {}
        }
    }
}

fn count_slots(trace: &Trace, slots: &Slots, end_ns: u64, width_ns: u64, buckets: &mut [Bucket]) {
    // Since when each executor's slots are there.
    let mut since: Vec<Option<u64>> = vec![None; trace.names().len()];
    let capacity: Vec<_> = slots.executors().collect();
    let mut close = |executor: usize, since: &mut Option<u64>, to_ns: u64| {
        let Some(from_ns) = since.take() else { return };
        let place = capacity.binary_search_by_key(&executor, |(index, _)| index.index());
        let Some((_, slots)) = place.ok().and_then(|place| capacity.get(place)) else {
            return;
        };
        spread(from_ns, to_ns, width_ns, buckets, |bucket, share| {
            bucket.slots += share * f64::from(*slots);
        });
    };
    for (_, event) in trace.iter() {
        let (executor, there) = match &event.record {
            Record::ExecutorAdded { executor, .. } => (*executor, true),
            Record::FaultInjected(FaultKind::Crash, executor, _)
            | Record::ExecutorRemoved(executor) => (*executor, false),
            Record::FaultCleared(FaultKind::Crash, executor) => (*executor, true),
            _ => continue,
        };
        let entry = &mut since[executor.index()];
        if there {
            entry.get_or_insert(event.t_ns);
        } else {
            close(executor.index(), entry, event.t_ns);
        }
    }
    for (executor, entry) in since.iter_mut().enumerate() {
        close(executor, entry, end_ns);
    }
}
