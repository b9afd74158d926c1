//! Causality by clocks equals reachability in the graph of causes, which is computed here a second time and
//! without clocks: on pseudo-random pairs of events, on chains and on cuts of every built-in scenario.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use triage::analysis::causality::{Comparison, Cone, Cut, CutVerdict, Relation};
use triage::analysis::lanes::Lanes;
use triage::engine::EmergencySystem;
use triage::engine::clock::{Causality, Stamp};
use triage::engine::id::ProcessIndex;
use triage::engine::trace::{Form, Recorder, Trace};
use triage::scenario;

const PAIRS: u32 = 10_000;

/// SplitMix64: seeded, and no part of what is tested.
struct Chance(u64);

impl Chance {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % bound as u64) as usize
    }
}

/// The events of processes of one run, and for each the set of all that happened before it.
struct Graph {
    name: &'static str,
    trace: Trace,
    lanes: Lanes,
    /// Places of events of processes.
    events: Vec<u32>,
    /// By place: the direct causes.
    causes: Vec<Vec<u32>>,
    /// By place: one bit for each earlier place.
    past: Vec<Vec<u64>>,
    stamps: Vec<Rc<Stamp>>,
}

impl Graph {
    fn of(built_in: scenario::BuiltIn) -> Graph {
        let scenario = scenario::parse(built_in.json).unwrap();
        let mut system = EmergencySystem::new(scenario.setup());
        system.run_until(scenario.duration_us);
        let trace = system.trace().clone();
        let words = trace.count().div_ceil(64) as usize;
        let (mut events, mut causes) = (Vec::new(), Vec::<Vec<u32>>::new());
        let mut past = Vec::<Vec<u64>>::new();
        let mut latest = BTreeMap::new();
        for (seq, event) in trace.iter() {
            let mut direct = Vec::new();
            if let Some(process) = event.process() {
                events.push(seq);
                direct.extend(latest.insert(process, seq));
                if event.record.kind() != "message_refused" {
                    direct.extend(event.cause());
                }
            }
            let mut before = vec![0; words];
            for cause in &direct {
                for (word, theirs) in before.iter_mut().zip(&past[*cause as usize]) {
                    *word |= theirs;
                }
                before[*cause as usize / 64] |= 1 << (cause % 64);
            }
            past.push(before);
            causes.push(direct);
        }
        let mut stamps = Vec::new();
        trace.stamps(0, trace.count(), &mut |_, _, stamp| {
            stamps.push(Rc::clone(stamp));
        });
        Graph {
            name: built_in.name,
            lanes: Lanes::of(&trace),
            trace,
            events,
            causes,
            past,
            stamps,
        }
    }

    fn all() -> Vec<Graph> {
        scenario::library().into_iter().map(Graph::of).collect()
    }

    fn happened_before(&self, a: u32, b: u32) -> bool {
        self.past[b as usize][a as usize / 64] & (1 << (a % 64)) != 0
    }

    fn causality(&self, a: u32, b: u32) -> Causality {
        match (
            a == b,
            self.happened_before(a, b),
            self.happened_before(b, a),
        ) {
            (true, ..) => Causality::Equal,
            (_, true, _) => Causality::Before,
            (_, _, true) => Causality::After,
            _ => Causality::Concurrent,
        }
    }

    /// Events on the shortest chain from the earlier to the later, both counted.
    fn distance(&self, earlier: u32, later: u32) -> usize {
        let mut seen = BTreeSet::from([later]);
        let mut level = vec![later];
        for length in 1.. {
            if level.contains(&earlier) {
                return length;
            }
            assert!(!level.is_empty(), "no chain from #{earlier} to #{later}");
            let causes = level.iter().flat_map(|seq| &self.causes[*seq as usize]);
            level = causes.copied().filter(|seq| seen.insert(*seq)).collect();
        }
        unreachable!()
    }

    fn hold_chain(&self, comparison: &Comparison, shortest: bool) {
        let (a, b) = (comparison.a.seq, comparison.b.seq);
        let chain = &comparison.chain;
        let (first, last) = match comparison.causality {
            Causality::Concurrent => return assert!(chain.is_empty()),
            Causality::After => (b, a),
            _ => (a, b),
        };
        let at = || format!("{}: #{first} to #{last}: {chain:?}", self.name);
        assert_eq!(
            (chain.first(), chain.last()),
            (Some(&first), Some(&last)),
            "{}",
            at()
        );
        for step in chain.windows(2) {
            assert!(self.causes[step[1] as usize].contains(&step[0]), "{}", at());
        }
        if shortest {
            assert_eq!(chain.len(), self.distance(first, last), "{}", at());
        }
    }
}

#[test]
fn vectors_comparisons_and_cones_equal_reachability() {
    for graph in Graph::all() {
        let (trace, lanes) = (&graph.trace, &graph.lanes);
        let mut chance = Chance(7);
        let mut seen = BTreeSet::new();
        let mut cone: Option<Cone> = None;
        for pair in 0..PAIRS {
            // A cone is asked about many events, as a view does.
            if pair % 20 == 0 {
                let event = graph.events[chance.below(graph.events.len())];
                cone = Cone::of(trace, lanes, event);
            }
            let cone = cone.as_ref().unwrap();
            let a = cone.event();
            let b = match pair % 40 {
                // Equal events are rare by chance.
                1 => a,
                _ => graph.events[chance.below(graph.events.len())],
            };
            let truth = graph.causality(a, b);
            seen.insert(format!("{truth:?}"));
            let at = format!("{}: #{a} and #{b}", graph.name);

            let stamps = (&graph.stamps[a as usize], &graph.stamps[b as usize]);
            assert_eq!(stamps.0.vector.compare(&stamps.1.vector), truth, "{at}");
            let relation = match truth {
                Causality::Equal => Relation::Itself,
                Causality::Before => Relation::Future,
                Causality::After => Relation::Past,
                Causality::Concurrent => Relation::Concurrent,
            };
            assert_eq!(cone.relation_of(trace, lanes, b), Some(relation), "{at}");
            let comparison =
                Comparison::with_stamps(trace, lanes, (a, stamps.0), (b, stamps.1)).unwrap();
            assert_eq!(comparison.causality, truth, "{at}");
            graph.hold_chain(&comparison, pair % 10 == 0);
            if pair % 100 == 0 {
                assert_eq!(Comparison::of(trace, lanes, a, b), Some(comparison), "{at}");
            }
        }
        assert_eq!(seen.len(), 4, "{}: only {seen:?}", graph.name);
    }
}

#[test]
fn the_counts_of_a_cone_are_those_of_reachability() {
    for graph in Graph::all() {
        let mut chance = Chance(11);
        for _ in 0..200 {
            let event = graph.events[chance.below(graph.events.len())];
            let cone = Cone::of(&graph.trace, &graph.lanes, event).unwrap();
            let mut counts = [0; 3];
            for other in graph.events.iter().filter(|other| **other != event) {
                match graph.causality(*other, event) {
                    Causality::Before => counts[0] += 1,
                    Causality::After => counts[1] += 1,
                    _ => counts[2] += 1,
                }
            }
            assert_eq!(
                [cone.past(), cone.future(), cone.concurrent()],
                counts,
                "{}: #{event}",
                graph.name
            );
        }
    }
}

#[test]
fn a_cut_is_consistent_exactly_if_it_holds_the_past_of_all_it_holds() {
    for graph in Graph::all() {
        let mut chance = Chance(13);
        let (mut consistent, mut inconsistent) = (0, 0);
        for round in 0..300 {
            let cut = if round % 3 == 0 {
                // Near a moment of the run, where cuts are sometimes consistent.
                let count = chance.below(graph.trace.count() as usize) as u32;
                let moment = Cut::before(&graph.lanes, count);
                let process = ProcessIndex(chance.below(graph.lanes.processes()) as u16);
                let had = moment.included()[process.index()];
                moment.moved(
                    &graph.lanes,
                    process,
                    (had + chance.below(9) as u32).saturating_sub(4),
                )
            } else {
                let length = |index| graph.lanes.of_process(ProcessIndex(index as u16)).len();
                let included = (0..graph.lanes.processes())
                    .map(|index| chance.below(length(index) + 1) as u32)
                    .collect();
                Cut::of(&graph.lanes, included)
            };
            match hold_cut(&graph, &cut) {
                true => consistent += 1,
                false => inconsistent += 1,
            }
        }
        assert!(consistent > 10 && inconsistent > 10, "{}", graph.name);
    }
}

/// Holds the verdict and the repair of a cut against sets of events; says whether it is consistent.
fn hold_cut(graph: &Graph, cut: &Cut) -> bool {
    let (trace, lanes) = (&graph.trace, &graph.lanes);
    let at = format!("{}: {:?}", graph.name, cut.included());
    let prefixes = |cut: &Cut| -> BTreeSet<u32> {
        let lane = |(index, count): (usize, &u32)| {
            lanes.of_process(ProcessIndex(index as u16))[..*count as usize].to_vec()
        };
        cut.included().iter().enumerate().flat_map(lane).collect()
    };
    let inside = prefixes(cut);
    let mut bits = vec![0; trace.count().div_ceil(64) as usize];
    for seq in &inside {
        bits[*seq as usize / 64] |= 1_u64 << (seq % 64);
    }
    let closed = |seq: &u32| {
        let past = &graph.past[*seq as usize];
        past.iter().zip(&bits).all(|(past, bits)| past & !bits == 0)
    };
    let kept: BTreeSet<u32> = inside.iter().copied().filter(closed).collect();
    assert_eq!(
        prefixes(&cut.largest_consistent_within(trace, lanes)),
        kept,
        "{at}"
    );

    let event = |seq: u32| trace.get(seq).unwrap();
    match cut.verdict(trace, lanes) {
        CutVerdict::Inconsistent { violations } => {
            assert_ne!(kept, inside, "{at}");
            let receipts = inside
                .iter()
                .filter_map(|seq| Some((event(*seq).cause()?, *seq)));
            let without: Vec<_> = receipts
                .filter(|(send, _)| !inside.contains(send))
                .collect();
            assert_eq!(violations, without, "{at}");
            false
        }
        CutVerdict::Consistent { in_flight } => {
            assert_eq!(kept, inside, "{at}");
            let mut sent = BTreeSet::new();
            for seq in &inside {
                if let Form::Send { message, .. } = event(*seq).form {
                    sent.insert(message);
                }
            }
            for (seq, event) in trace.iter() {
                match event.form {
                    Form::Receipt { message, .. } if inside.contains(&seq) => sent.remove(&message),
                    Form::Environment {
                        message: Some(message),
                    } => sent.remove(&message),
                    _ => false,
                };
            }
            assert_eq!(in_flight as usize, sent.len(), "{at}");
            true
        }
    }
}
