//! Pictures of real runs, compared with the trace that they are made from.

use super::camera::SCALE_FIRST;
use super::picture::{EventMark, Paint, Shape, Stroke};
use super::*;
use triage_analysis::causality::Cut;
use triage_engine::clock::Causality;
use triage_engine::id::ProcessIndex;
use triage_engine::record::Record;
use triage_engine::trace::Form;

const WIDTH: f64 = 740.0;
const HEIGHT: f64 = 154.0;

fn player(name: &str, until_us: u64) -> Player {
    let library = triage_scenario::library();
    let entry = library.iter().find(|entry| entry.name == name).unwrap();
    let mut player = Player::new(triage_scenario::parse(entry.json).unwrap());
    player.seek_us(until_us);
    player
}

fn diagram(player: &Player, choice: &FilterOptions) -> Diagram {
    let mut diagram = Diagram::default();
    diagram.camera.width_px = WIDTH;
    diagram.filter_options = choice.clone();
    diagram.follow(player);
    diagram.rows.arrange(HEIGHT);
    diagram
}

/// Calls `see` with the camera at every part of the run.
fn everywhere(diagram: &mut Diagram, mut see: impl FnMut(&Diagram)) {
    diagram.move_camera(&mut |camera, timeline| camera.pan(timeline, -1e12));
    loop {
        see(diagram);
        let before = diagram.camera.left_ns;
        diagram.move_camera(&mut |camera, timeline| camera.pan(timeline, WIDTH * 0.8));
        if diagram.camera.left_ns == before {
            break;
        }
    }
}

/// Compares the events that marks and runs represent with the events in the window, away from its edges.
fn check_counts(diagram: &Diagram, player: &Player, picture: &Picture) {
    let (from_ns, to_ns) = diagram.window_ns();
    for process in 0..diagram.index().lines() as u16 {
        let line = diagram.index().line(process).unwrap();
        let Some(y) = diagram.rows.middles()[usize::from(process)] else {
            continue;
        };
        let inside = |t_ns: u64| (t_ns as f64) >= from_ns && (t_ns as f64) <= to_ns;
        let spots = line.spots.iter().filter(|spot| inside(spot.t_ns)).count() as u32;
        let marks = picture.marks.iter();
        let drawn: u32 = marks.filter(|m| m.y == y).map(|m| m.count).sum();
        assert!(drawn >= spots, "{drawn} of {spots} drawn on line {process}");
        let t_ns = |seq: &u32| player.trace().get(*seq).unwrap().t_ns;
        let quiet = line.unmarked.iter().filter(|seq| inside(t_ns(seq))).count() as u32;
        let runs = picture.runs.iter();
        let told: u32 = runs.filter(|run| run.y == y).map(|run| run.count).sum();
        assert!(told >= quiet, "{told} of {quiet} told on line {process}");
    }
}

fn check_inside(picture: &Picture) {
    for mark in &picture.marks {
        assert!((-13.0..=WIDTH + 40.0).contains(&mark.x), "{mark:?}");
    }
    for segment in &picture.segments {
        assert!(
            segment.from_x >= -21.0 && segment.to_x <= WIDTH + 21.0,
            "{segment:?}"
        );
    }
    for shaft in &picture.shafts {
        let (left, right) = (shaft.from.0.min(shaft.to.0), shaft.from.0.max(shaft.to.0));
        assert!(right >= -13.0 && left <= WIDTH + 40.0, "{shaft:?}");
    }
}

#[test]
fn every_visible_event_has_a_mark_or_is_counted_in_a_run() {
    for name in [
        "basic-operation",
        "failure-recovery",
        "mixed-workload",
        "partition",
    ] {
        let player = player(name, 40_000_000);
        for choice in [
            FilterOptions::default(),
            FilterOptions {
                acknowledgements: true,
                heartbeats: true,
                ..FilterOptions::default()
            },
        ] {
            for zoom in [1.0, 0.05, 0.001, 20.0] {
                let mut diagram = diagram(&player, &choice);
                diagram.move_camera(&mut |camera, timeline| camera.zoom(timeline, 0.0, zoom));
                if zoom > 1.0 {
                    // At this scale there would be hundreds of positions, so only the first two are tested.
                    let picture = diagram.picture(&player, None);
                    check_counts(&diagram, &player, &picture);
                    check_inside(&picture);
                    continue;
                }
                everywhere(&mut diagram, |diagram| {
                    let picture = diagram.picture(&player, None);
                    check_counts(diagram, &player, &picture);
                    check_inside(&picture);
                });
            }
        }
    }
}

#[test]
fn nothing_is_counted_twice() {
    let player = player("mixed-workload", 40_000_000);
    for choice in [
        FilterOptions::default(),
        FilterOptions {
            acknowledgements: true,
            heartbeats: true,
            ..FilterOptions::default()
        },
    ] {
        let mut diagram = diagram(&player, &choice);
        diagram.move_camera(&mut |camera, timeline| camera.show_all(timeline));
        let picture = diagram.picture(&player, None);
        let drawn: u32 = picture.marks.iter().map(|mark| mark.count).sum();
        let told: u32 = picture.runs.iter().map(|run| run.count).sum();
        let of_processes = player.trace().iter().filter(|(_, e)| e.process().is_some());
        assert_eq!(drawn, diagram.index().drawn());
        assert_eq!(drawn + told, of_processes.count() as u32);
    }
}

#[test]
fn arrows_end_at_the_marks_of_their_events_and_run_forward() {
    for name in ["basic-operation", "mixed-workload", "escalation"] {
        let player = player(name, 30_000_000);
        let mut diagram = diagram(&player, &FilterOptions::default());
        let mut seen = 0;
        everywhere(&mut diagram, |diagram| {
            let picture = diagram.picture(&player, None);
            let at = |x: f64, y: f64| {
                let near = |m: &&EventMark| (m.x - x).abs() <= 4.0 && m.y == y;
                picture.marks.iter().find(near).is_some()
            };
            for shaft in picture.shafts.iter().filter(|shaft| shaft.head) {
                assert!(shaft.to.0 > shaft.from.0, "{shaft:?}");
                let inside = |x: f64| (0.0..WIDTH).contains(&x);
                assert!(
                    !inside(shaft.from.0) || at(shaft.from.0, shaft.from.1),
                    "{shaft:?}"
                );
                assert!(
                    !inside(shaft.to.0) || at(shaft.to.0, shaft.to.1),
                    "{shaft:?}"
                );
                seen += 1;
            }
        });
        assert!(seen > 50, "{seen} arrows in {name}");
    }
}

#[test]
fn a_hop_is_as_wide_as_it_takes() {
    let player = player("basic-operation", 10_000_000);
    let diagram = diagram(&player, &FilterOptions::default());
    let mut checked = 0;
    for (seq, event) in player.trace().iter() {
        let (Form::Receipt { cause, .. }, Record::JobAccepted { .. }) = (event.form, &event.record)
        else {
            continue;
        };
        let send = player.trace().get(cause).unwrap();
        let (from, _) = diagram.locate(&player, cause).unwrap();
        let (to, _) = diagram.locate(&player, seq).unwrap();
        let wanted = (event.t_ns - send.t_ns) as f64 * SCALE_FIRST;
        assert!((to - from - wanted).abs() < 1e-6, "{from} {to} {wanted}");
        checked += 1;
    }
    assert!(checked > 3);
}

#[test]
fn events_of_a_line_keep_their_order_whatever_the_scale() {
    let player = player("mixed-workload", 20_000_000);
    for zoom in [1.0, 0.01, 100.0] {
        let mut diagram = diagram(&player, &FilterOptions::default());
        diagram.move_camera(&mut |camera, timeline| camera.zoom(timeline, 0.0, zoom));
        for process in 0..diagram.index().lines() as u16 {
            let line = diagram.index().line(process).unwrap();
            let mut before = f64::NEG_INFINITY;
            for spot in &line.spots {
                let (x, _) = diagram.locate(&player, spot.seq).unwrap();
                assert!(x >= before, "event {} at zoom {zoom}", spot.seq);
                before = x;
            }
        }
    }
}

#[test]
fn following_the_record_is_the_same_as_reading_it_whole() {
    let library = triage_scenario::library();
    let entry = library
        .iter()
        .find(|entry| entry.name == "partition")
        .unwrap();
    let mut player = Player::new(triage_scenario::parse(entry.json).unwrap());
    let mut grown = diagram(&player, &FilterOptions::default());
    for second in 1..36 {
        player.seek_us(second * 1_000_000);
        grown.follow(&player);
    }
    let mut whole = diagram(&player, &FilterOptions::default());
    for diagram in [&mut grown, &mut whole] {
        diagram.rows.arrange(HEIGHT);
        diagram.move_camera(&mut |camera, timeline| camera.follow(timeline, 30e9));
    }
    assert_eq!(grown.picture(&player, None), whole.picture(&player, None));
}

#[test]
fn future_events_are_ahead_and_messages_in_flight_are_split_at_the_cursor() {
    let mut player = player("basic-operation", 8_000_000);
    let accepted = player.trace().iter().find_map(|(seq, event)| {
        matches!(event.record, Record::JobAccepted { .. }).then_some((seq, event.clone()))
    });
    let (_, receipt) = accepted.unwrap();
    let send_ns = player.trace().get(receipt.cause().unwrap()).unwrap().t_ns;
    let middle_us = (send_ns + receipt.t_ns) / 2_000;
    player.seek_us(middle_us);
    let mut diagram = diagram(&player, &FilterOptions::default());
    diagram.move_camera(&mut |camera, timeline| camera.follow(timeline, middle_us as f64 * 1e3));
    let picture = diagram.picture(&player, None);
    let halves: Vec<_> = picture
        .shafts
        .iter()
        .filter(|shaft| shaft.seq == receipt.cause().unwrap())
        .collect();
    assert_eq!(halves.len(), 2);
    assert_eq!((halves[0].ahead, halves[1].ahead), (false, true));
    assert!((halves[0].to.0 - picture.now_x).abs() < 1e-6);
    assert_eq!(halves[0].to, halves[1].from);
    for mark in picture.marks.iter().filter(|mark| mark.seq != u32::MAX) {
        assert_eq!(mark.ahead, mark.seq >= player.count());
    }
}

#[test]
fn at_the_end_of_the_record_a_message_reaches_to_the_cursor() {
    let full = player("basic-operation", 8_000_000);
    let receipt = full
        .trace()
        .iter()
        .find_map(|(_, event)| matches!(event.record, Record::JobAccepted { .. }).then_some(event));
    let receipt = receipt.unwrap();
    let cause = receipt.cause().unwrap();
    let send_ns = full.trace().get(cause).unwrap().t_ns;
    let player = player("basic-operation", (send_ns + receipt.t_ns) / 2_000);
    let diagram = diagram(&player, &FilterOptions::default());
    let picture = diagram.picture(&player, None);
    let shaft = picture
        .shafts
        .iter()
        .find(|shaft| shaft.seq == cause)
        .unwrap();
    assert!((shaft.to.0 - picture.now_x).abs() < 1e-6 && !shaft.head);
    let (from_y, to_y) = (
        diagram.rows.middles()[0].unwrap(),
        diagram.rows.middles()[1].unwrap(),
    );
    assert!(((shaft.to.1 - from_y) / (to_y - from_y) - 0.5).abs() < 0.01);
}

#[test]
fn losses_faults_health_and_levels_are_drawn() {
    let player = player("partition", 36_000_000);
    let mut diagram = diagram(&player, &FilterOptions::default());
    diagram.move_camera(&mut |camera, timeline| camera.show_all(timeline));
    let picture = diagram.picture(&player, None);
    assert!(!diagram.index().lost().is_empty());
    let crosses = picture
        .marks
        .iter()
        .filter(|mark| mark.shape == Shape::Cross);
    assert!(crosses.count() >= diagram.index().lost().len());
    let words: Vec<&str> = picture
        .labels
        .iter()
        .map(|label| label.text.as_str())
        .collect();
    for wanted in ["cut off", "connected", "hangs", "resumes"] {
        assert!(words.contains(&wanted), "{wanted}: {words:?}");
    }
    let failed = picture
        .bands
        .iter()
        .filter(|band| band.paint == Paint::CRITICAL);
    assert!(failed.count() >= 2);
}

#[test]
fn one_job_can_be_followed() {
    let player = player("failure-recovery", 32_000_000);
    let reassigned = player
        .trace()
        .iter()
        .find_map(|(_, event)| match event.record {
            Record::JobReassigned(attempt, _) => Some(attempt.job),
            _ => None,
        });
    let job = reassigned.unwrap();
    let choice = FilterOptions {
        job: Some(job.0),
        ..FilterOptions::default()
    };
    let mut diagram = diagram(&player, &choice);
    let of_job = player.trace().iter().filter(|(_, event)| {
        event.process().is_some()
            && event.record.job() == Some(job)
            && !appearance::is_background(&event.record)
    });
    assert_eq!(diagram.index().drawn() as usize, of_job.count());
    diagram.move_camera(&mut |camera, timeline| camera.show_all(timeline));
    let picture = diagram.picture(&player, None);
    assert!(
        picture
            .shafts
            .iter()
            .any(|shaft| shaft.stroke == Stroke::Plain)
    );
    assert!(!picture.runs.is_empty(), "the rest is still counted");
}

#[test]
fn keys_walk_along_lines_and_messages() {
    let player = player("basic-operation", 8_000_000);
    let mut diagram = diagram(&player, &FilterOptions::default());
    let find = |wanted: fn(&Record) -> bool| {
        player
            .trace()
            .iter()
            .find(|(_, event)| wanted(&event.record))
            .unwrap()
            .0
    };
    let submitted = find(|record| matches!(record, Record::JobSubmitted { .. }));
    let accepted = find(|record| matches!(record, Record::JobAccepted { .. }));
    diagram.highlight.focused = Some(submitted);
    assert_eq!(diagram.walk(&player, Step::Effect), Some(accepted));
    diagram.highlight.focused = Some(accepted);
    assert_eq!(diagram.walk(&player, Step::Cause), Some(submitted));
    assert_eq!(diagram.walk(&player, Step::Up), Some(submitted));
    let routed = diagram.walk(&player, Step::Forward).unwrap();
    assert!(matches!(
        player.trace().get(routed).unwrap().record,
        Record::JobRouted(_)
    ));
    diagram.highlight.focused = Some(routed);
    assert_eq!(diagram.walk(&player, Step::Back), Some(accepted));
    assert_eq!(diagram.walk(&player, Step::First), Some(accepted));
}

/// Thirty executors, and enough work for more than `events` events.
fn crowd(events: u32) -> Player {
    let executors: Vec<String> = (1..=30)
        .map(|i| format!(r#"{{"id": "e{i}", "capacity": 4, "capabilities": ["general"]}}"#))
        .collect();
    let json = format!(
        r#"{{"format": 1, "name": "crowd", "title": "Crowd", "description": "", "seed": 3,
            "duration_us": 3600000000, "executors": [{}],
            "workload": [{{"name": "work", "arrivals": {{"poisson": {{"mean_us": 9000}}}},
                "until_us": 3600000000, "work": {{"min_us": 50000, "max_us": 200000}}}}],
            "commands": []}}"#,
        executors.join(",")
    );
    let mut player = Player::new(triage_scenario::parse(&json).unwrap());
    let mut t_us = 0;
    while player.trace().count() < events {
        t_us += 1_000_000;
        player.seek_us(t_us);
    }
    player
}

#[test]
fn a_picture_of_a_hundred_thousand_events_is_bounded_by_its_pixels() {
    let player = crowd(100_000);
    let choice = FilterOptions {
        acknowledgements: true,
        heartbeats: true,
        ..FilterOptions::default()
    };
    for choice in [FilterOptions::default(), choice] {
        let mut diagram = diagram(&player, &choice);
        let lines = diagram.index().lines() as f64;
        for zoom in [1.0, 0.1, 0.01, 1e-9] {
            diagram.move_camera(&mut |camera, timeline| camera.zoom(timeline, 300.0, zoom));
            let picture = diagram.picture(&player, None);
            let in_sight = (HEIGHT / diagram.rows.row_px + 2.0).min(lines);
            let marks = picture.marks.len() as f64;
            assert!(
                marks <= in_sight * (WIDTH + 24.0) / 4.0 + 60.0,
                "{marks} marks at {zoom}"
            );
            let runs = picture.runs.len() as f64;
            assert!(
                runs <= in_sight * (WIDTH + 24.0) / 9.0 + in_sight,
                "{runs} runs at {zoom}"
            );
            assert!(
                picture.shafts.len() < 8_000,
                "{} arrows at {zoom}",
                picture.shafts.len()
            );
            assert!(
                !picture.shafts.is_empty()
                    && picture.labels.len() <= 80
                    && picture.ticks.len() < 20
            );
        }
        diagram.move_camera(&mut |camera, timeline| camera.show_all(timeline));
        let picture = diagram.picture(&player, None);
        assert!(
            picture.shafts.len() < 8_000,
            "{} arrows",
            picture.shafts.len()
        );
    }
}

/// The first event of a kind in a run that is recorded to its end.
fn first(player: &Player, kind: &str) -> u32 {
    let mut events = player.trace().iter();
    events
        .find(|(_, event)| event.record.kind() == kind)
        .unwrap()
        .0
}

#[test]
fn choosing_an_event_colours_every_mark_by_the_vectors() {
    let player = player("mixed-workload", 40_000_000);
    let mut diagram = diagram(&player, &FilterOptions::default());
    let selected = first(&player, "mode_set");
    diagram.select(&player, Some(selected), None);
    let trace = player.trace();
    let own = trace.stamp(selected);
    let mut seen = [0; 3];
    everywhere(&mut diagram, |diagram| {
        let picture = diagram.picture(&player, None);
        for mark in picture.marks.iter().filter(|mark| mark.count == 1) {
            let other = trace.stamp(mark.seq);
            let (wanted, at) = match own.vector.compare(&other.vector) {
                Causality::Equal => continue,
                Causality::After => (Paint::PAST, 0),
                Causality::Before => (Paint::FUTURE, 1),
                Causality::Concurrent => (Paint::CONCURRENT, 2),
            };
            assert_eq!(mark.paint, wanted, "event {}", mark.seq);
            assert_eq!(mark.hollow, wanted == Paint::CONCURRENT);
            seen[at] += 1;
        }
    });
    assert!(seen.iter().all(|count| *count > 2), "{seen:?}");
    let told = diagram.causal_summary().unwrap();
    let of_processes = trace.iter().filter(|(_, event)| event.process().is_some());
    assert_eq!(
        told.past + told.future + told.concurrent + 1,
        of_processes.count() as u32
    );
    let t_ns = trace.get(selected).unwrap().t_ns as f64;
    diagram.move_camera(&mut |camera, timeline| camera.reveal(timeline, t_ns));
    let picture = diagram.picture(&player, None);
    let mut marks = picture.selected.iter();
    assert!(marks.any(|mark| mark.seq == selected && !mark.hollow));
}

#[test]
fn clusters_do_not_mix_past_and_future() {
    let player = player("mixed-workload", 40_000_000);
    let mut diagram = diagram(&player, &FilterOptions::default());
    let selected = first(&player, "mode_set");
    diagram.select(&player, Some(selected), None);
    diagram.move_camera(&mut |camera, timeline| camera.zoom(timeline, 0.0, 0.01));
    diagram.move_camera(&mut |camera, timeline| camera.show_all(timeline));
    let picture = diagram.picture(&player, None);
    for mark in picture.marks.iter().filter(|mark| mark.count > 1) {
        let process = player.trace().get(mark.seq).unwrap().process().unwrap();
        let spots = &diagram.index().line(process.0).unwrap().spots;
        let at = spots
            .binary_search_by_key(&mark.seq, |spot| spot.seq)
            .unwrap();
        let relation = |at: usize| diagram.highlight.relation(process.0, spots[at].seq);
        for other in at..at + mark.count as usize {
            assert_eq!(relation(at), relation(other));
        }
    }
}

#[test]
fn the_proof_is_drawn_from_the_first_event_to_the_second() {
    let player = player("basic-operation", 24_000_000);
    let mut diagram = diagram(&player, &FilterOptions::default());
    let (from, to) = (
        first(&player, "job_submitted"),
        first(&player, "job_started"),
    );
    diagram.select(&player, Some(from), Some(to));
    diagram.move_camera(&mut |camera, timeline| camera.reveal(timeline, 2e9));
    let picture = diagram.picture(&player, None);
    let chain = picture
        .shafts
        .iter()
        .filter(|shaft| shaft.stroke == Stroke::Chain);
    let chain: Vec<_> = chain.collect();
    assert_eq!(chain.len() + 1, diagram.highlight.chain.len());
    let begin = diagram.locate(&player, from).unwrap();
    let end = diagram.locate(&player, to).unwrap();
    assert_eq!((chain[0].from, chain[chain.len() - 1].to), (begin, end));
    let told = diagram.causal_summary().unwrap();
    assert!(told.verdict.as_ref().unwrap().contains("happened before"));
}

#[test]
fn the_proof_follows_arrows_that_are_drawn_for_it() {
    let player = player("basic-operation", 24_000_000);
    let mut diagram = diagram(&player, &FilterOptions::default());
    let acknowledged = first(&player, "message_received");
    let sent = player.trace().get(acknowledged).unwrap().cause().unwrap();
    let arrows = |diagram: &Diagram| {
        let links = diagram.index().links().iter();
        links.map(|link| link.arrows.len()).sum::<usize>()
    };
    let without = arrows(&diagram);
    for (ends, drawn) in [((Some(sent), Some(acknowledged)), 1), ((None, None), 0)] {
        diagram.select(&player, ends.0, ends.1);
        diagram.follow(&player);
        assert_eq!(arrows(&diagram), without + drawn);
    }
}

#[test]
fn a_cut_runs_between_the_events_of_each_line() {
    let player = player("basic-operation", 24_000_000);
    let diagram = diagram(&player, &FilterOptions::default());
    let lanes = player.lanes();
    let cut: Vec<u32> = (0..lanes.processes() as u32).map(|at| 2 + at).collect();
    let picture = diagram.picture(&player, Some(&cut));
    assert_eq!(picture.cut.len(), cut.len());
    for (process, (x, _)) in picture.cut.iter().enumerate() {
        let line = diagram.index().line(process as u16).unwrap();
        for spot in &line.spots {
            let entry = lanes.entry(ProcessIndex(process as u16), spot.seq);
            let (at, _) = diagram.locate(&player, spot.seq).unwrap();
            assert_eq!(
                at < *x,
                entry <= cut[process],
                "{at} {x}: event {}",
                spot.seq
            );
        }
    }
}

fn found(player: &Player, query: &str) -> (Diagram, QueryResult) {
    let choice = FilterOptions {
        query: query.to_owned(),
        ..FilterOptions::default()
    };
    let diagram = diagram(player, &choice);
    let found = diagram.query_result().unwrap();
    (diagram, found)
}

#[test]
fn a_query_leaves_only_its_hits_and_says_how_many_have_no_mark() {
    let player = player("failure-recovery", 32_000_000);
    let (diagram, found) = found(&player, "kind:job_started");
    let started = player.trace().iter();
    let started = started.filter(|(_, event)| event.record.kind() == "job_started");
    let count = started.count() as u32;
    assert_eq!(
        (found.hits, found.hidden, diagram.index().drawn()),
        (count, 0, count)
    );
    let idle = diagram.index().line(0).unwrap();
    assert!(idle.is_empty() && !diagram.rows.visible().any(|process| process == 0));
}

#[test]
fn heartbeats_and_faults_count_among_the_hits_though_they_have_no_mark() {
    let player = player("failure-recovery", 32_000_000);
    let (_, beats) = found(&player, "kind:heartbeat_sent");
    assert!(beats.hits > 50 && beats.hidden == beats.hits);
    let (_, faults) = found(&player, "fault:crash");
    assert_eq!((faults.hits, faults.hidden), (2, 2), "it begins and ends");
}

#[test]
fn a_pattern_over_causality_is_a_filter_too_and_follows_the_record() {
    let mut player = player("failure-recovery", 8_000_000);
    let query = "kind:executor_failed -> kind:job_started";
    let (mut diagram, none) = found(&player, query);
    assert_eq!(none.hits, 0);
    player.seek_us(32_000_000);
    diagram.follow(&player);
    let some = diagram.query_result().unwrap();
    assert!(some.hits > 2);
    assert_eq!(diagram.index().drawn(), some.hits);
}

#[test]
fn a_query_that_cannot_be_understood_says_so_and_hides_nothing() {
    let player = player("basic-operation", 5_000_000);
    let all = self::diagram(&player, &FilterOptions::default());
    let (diagram, found) = found(&player, "kind:job_stared");
    assert!(
        found.is_error && found.text.contains("job_started"),
        "{}",
        found.text
    );
    assert_eq!(diagram.index().drawn(), all.index().drawn());
}

#[test]
fn a_stroke_cuts_the_lines_that_it_crosses_where_they_are_crossed() {
    let player = player("failure-recovery", 24_000_000);
    let diagram = diagram(&player, &FilterOptions::default());
    let lanes = player.lanes();
    let before: Vec<u32> = vec![0; lanes.processes()];
    let (from_x, to_x) = (80.0, 320.0);
    let (top, bottom) = (0.0, diagram.rows.height_px);
    let drawn = diagram.cut_along(&player, &before, (from_x, top), (to_x, bottom));
    let mut beyond = 0;
    for process in diagram.rows.visible() {
        let line = diagram.index().line(process).unwrap();
        for spot in &line.spots {
            let entry = lanes.entry(ProcessIndex(process), spot.seq);
            let (x, y) = diagram.locate(&player, spot.seq).unwrap();
            let mut at_x = from_x + (to_x - from_x) * (y - top) / (bottom - top);
            if Some(process) == diagram.rows.visible().last() {
                at_x = to_x; // the line nearest to the end is cut at the end
            }
            beyond += u32::from(x > at_x);
            let included = entry <= drawn[usize::from(process)];
            assert!(
                included == (x < at_x) || (x - at_x).abs() < 1e-6,
                "{x} {at_x}"
            );
        }
    }
    assert!(beyond > 10, "the stroke is inside the picture");
    // A short stroke on one line doesn't change the others.
    let moved = diagram.cut_along(&player, &drawn, (200.0, 1.0), (210.0, 2.0));
    assert_eq!(moved[1..], drawn[1..]);
    assert_ne!(moved[0], drawn[0]);
}

#[test]
fn a_cut_that_leaves_a_sender_behind_shows_the_message() {
    let player = player("failure-recovery", 9_340_000);
    let mut diagram = diagram(&player, &FilterOptions::default());
    let mut cut = Cut::before(player.lanes(), player.count())
        .included()
        .to_vec();
    diagram.judge_cut(&player, Some(&cut));
    assert!(diagram.judged_cut().is_consistent());
    let (recovery, _) = player.world().find("recovery").unwrap();
    cut[recovery.index()] -= 1;
    diagram.judge_cut(&player, Some(&cut));
    assert!(!diagram.judged_cut().is_consistent());
    let picture = diagram.picture(&player, Some(&cut));
    assert!(!picture.cut_consistent && !picture.cut_broken.is_empty());
    diagram.judge_cut(&player, None);
    assert_eq!(diagram.judged_cut().sentence, "");
}
