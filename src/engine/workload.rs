//! Open workload generators: jobs arrive whether or not earlier ones are done.

use std::rc::Rc;

use serde::Serialize;

use super::command::JobRequest;
use super::emergency::EmergencyType;
use super::job::Execution;
use super::rng::Generator;
use super::time::from_us;

/// A stream of jobs.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Workload {
    /// What its jobs are called; a number is added.
    pub name: Rc<str>,
    /// The emergency its jobs serve; without it they are normal.
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub kind: Option<EmergencyType>,
    /// When jobs arrive.
    pub arrivals: Arrivals,
    /// The first arrival is due one span after this, in µs.
    pub from_us: u64,
    /// No arrival at or after this, in µs.
    pub until_us: u64,
    /// Work of a job.
    pub work: Work,
    /// Capabilities an executor must have.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub requirements: Vec<Rc<str>>,
    /// How its jobs run.
    pub execution: Execution,
}

/// Spans between arrivals.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Arrivals {
    /// Always the same span.
    Fixed {
        /// In µs: at least 100.
        every_us: u64,
    },
    /// Independent exponential spans, as in a Poisson process.
    Poisson {
        /// In µs: at least 100.
        mean_us: u64,
    },
}

/// Work of a job, uniform between two bounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Work {
    /// The least, in µs: at least 1.
    pub min_us: u64,
    /// The most, in µs: at most an hour.
    pub max_us: u64,
}

/// A workload in progress. Has a stream of chance of its own, so that nothing else changes what arrives.
#[derive(Clone, Debug)]
pub struct Source {
    workload: Rc<Workload>,
    generator: Generator,
    count: u32,
}

impl Source {
    /// A workload before its first arrival.
    pub fn new(workload: Workload, generator: Generator) -> Self {
        Source {
            workload: Rc::new(workload),
            generator,
            count: 0,
        }
    }

    /// When the next job arrives after `after_ns`, if one does.
    pub fn next_ns(&mut self, after_ns: u64) -> Option<u64> {
        let span_ns = match self.workload.arrivals {
            Arrivals::Fixed { every_us } => from_us(every_us),
            Arrivals::Poisson { mean_us } => self.generator.exponential(from_us(mean_us)),
        };
        let t_ns = after_ns.max(from_us(self.workload.from_us)) + span_ns;
        (t_ns < from_us(self.workload.until_us)).then_some(t_ns)
    }

    /// The job that arrives now.
    pub fn arrive(&mut self) -> (Option<EmergencyType>, JobRequest) {
        self.count += 1;
        let workload = &self.workload;
        let request = JobRequest {
            name: Some(format!("{} {}", workload.name, self.count).into()),
            work_us: self
                .generator
                .between(workload.work.min_us, workload.work.max_us),
            requirements: workload.requirements.clone(),
            location: None,
            target: None,
            execution: workload.execution,
        };
        (workload.kind.clone(), request)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(arrivals: Arrivals) -> Source {
        let workload = Workload {
            name: "round".into(),
            kind: None,
            arrivals,
            from_us: 1_000_000,
            until_us: 11_000_000,
            work: Work {
                min_us: 100,
                max_us: 200,
            },
            requirements: vec![],
            execution: Execution::Traditional,
        };
        Source::new(workload, Generator::new(3, 1))
    }

    fn arrivals(mut source: Source) -> Vec<u64> {
        let mut t_ns = 0;
        let mut all = Vec::new();
        while let Some(next) = source.next_ns(t_ns) {
            all.push(next);
            t_ns = next;
        }
        all
    }

    #[test]
    fn fixed_arrivals_are_evenly_spaced_within_their_window() {
        let all = arrivals(source(Arrivals::Fixed { every_us: 500_000 }));
        assert_eq!(all.len(), 19);
        assert!(all.windows(2).all(|pair| pair[1] - pair[0] == 500_000_000));
        assert_eq!(all[0], 1_500_000_000);
    }

    #[test]
    fn poisson_arrivals_vary_and_have_about_their_rate() {
        let all = arrivals(source(Arrivals::Poisson { mean_us: 10_000 }));
        assert!((900..1100).contains(&all.len()), "{}", all.len());
        assert!(
            all.windows(2)
                .any(|pair| pair[1] - pair[0] != all[1] - all[0])
        );
    }

    #[test]
    fn work_stays_between_its_bounds() {
        let mut source = source(Arrivals::Fixed { every_us: 1_000 });
        for _ in 0..100 {
            let (_, request) = source.arrive();
            assert!((100..=200).contains(&request.work_us));
        }
    }
}
