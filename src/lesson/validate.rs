//! Validates a lesson: first its text alone, then in its run.

use super::anchor::{Anchor, find, time_ns};
use super::question::{About, AnswerOptions, Question, ask, judge};
use super::{Highlight, Lesson, Place, Step};
use triage_analysis::query::Query;
use triage_engine::process::executor::Executor;
use triage_engine::trace::Recorder;
use triage_language::{say, tr};
use triage_playback::Player;
use triage_view::diagram::labels::event_label;

/// Maximum number of events that are recorded ahead, as on the page.
pub const RECORD_AHEAD_EVENTS: u32 = 20_000;

/// The names of the dock views.
pub const VIEWS: [&str; 8] = [
    "diagram", "clocks", "slots", "latency", "log", "audit", "overview", "compare",
];

/// The first problem that doesn't depend on the run.
pub(super) fn text_problem(lesson: &Lesson) -> Option<String> {
    let letters = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if lesson.name.is_empty() || lesson.name.len() > 40 || !lesson.name.chars().all(letters) {
        return Some(say("name: use 1 to 40 lower-case letters, digits and -").to_owned());
    }
    if lesson.steps.is_empty() {
        return Some(say("steps: a lesson needs at least one step").to_owned());
    }
    let problem = |(at, step): (usize, &Step)| {
        step_text_problem(step).map(|problem| format!("steps[{at}]{problem}"))
    };
    lesson.steps.iter().enumerate().find_map(problem)
}

pub(super) fn step_text_problem(step: &Step) -> Option<String> {
    if let Some(view) = step.view.as_deref().filter(|view| !VIEWS.contains(view)) {
        return Some(tr!(
            ".view: there is no view {view}: choose one of {known}",
            view = format!("{view:?}"),
            known = VIEWS.join(", ")
        ));
    }
    if let Some(About::Delay { bounds_ms, .. }) =
        step.question.as_ref().map(|question| &question.about)
        && (bounds_ms.is_empty() || bounds_ms.windows(2).any(|pair| pair[0] >= pair[1]))
    {
        return Some(
            say(".question.about.delay.bounds_ms: give at least one number, in ascending order")
                .to_owned(),
        );
    }
    let anchor = |anchor: &Anchor| {
        let parsed = Query::parse(&anchor.query)
            .err()
            .map(|error| error.to_string());
        let first = (anchor.hit == 0).then(|| say("matches are counted from 1").to_owned());
        let problem = parsed.or(first)?;
        Some(format!(": {}: {problem}", anchor.query))
    };
    let until = step.task.as_ref().map(|task| Anchor {
        query: task.until.clone(),
        hit: 1,
    });
    anchors(step).chain(until.iter()).find_map(anchor)
}

/// The anchors of a step: its position, highlights and reveal.
fn anchors(step: &Step) -> impl Iterator<Item = &Anchor> {
    let place = step.at.as_ref().map(|place| match place {
        Place::After(anchor) | Place::Before(anchor) => anchor,
    });
    let highlights = step
        .highlights
        .iter()
        .filter_map(|highlight| match highlight {
            Highlight::Slot(anchor) | Highlight::Event(anchor) | Highlight::Message(anchor) => {
                Some(anchor)
            }
            _ => None,
        });
    let question = step.question.as_ref();
    let reveal = question.and_then(|question| question.reveal.as_ref());
    place.into_iter().chain(highlights).chain(reveal)
}

/// Plays a lesson from the first step to the last one and completes each task with its own command. `see` is called at
/// each step, before the task is done.
///
/// # Errors
/// If a step can't be reached.
pub fn rehearse(
    lesson: &Lesson,
    see: &mut dyn FnMut(&mut Player, usize, &Step),
) -> Result<(), String> {
    let scenario = triage_scenario::parse(&lesson.scenario).map_err(|errors| errors.to_string())?;
    let mut player = Player::new(scenario);
    player.record_ahead(RECORD_AHEAD_EVENTS);
    for (at, step) in lesson.steps.iter().enumerate() {
        let in_step = |problem: String| format!("steps[{at}] {:?}: {problem}", step.title);
        if let Some(place) = &step.at {
            let seq = place.last_event(&player).map_err(in_step)?;
            seek_to(&mut player, seq);
        }
        see(&mut player, at, step);
        if let Some(task) = &step.task {
            task.perform(&mut player).map_err(in_step)?;
        }
        if let Some(reveal) = step.question.as_ref().and_then(|it| it.reveal.as_ref()) {
            let seq = find(&player, reveal).map_err(in_step)?;
            seek_to(&mut player, seq);
        }
    }
    Ok(())
}

fn seek_to(player: &mut Player, seq: u32) {
    let t_ns = time_ns(player, seq);
    // Seek by time first: before the first checkpoint, seeking to a single event isn't possible.
    player.seek_us(t_ns / 1000);
    player.seek_event(seq);
}

/// All problems of a lesson in its run.
pub fn problems(lesson: &Lesson) -> Vec<String> {
    let mut found = Vec::new();
    let walked = rehearse(lesson, &mut |player, at, step| {
        let mut report =
            |problem: String| found.push(format!("steps[{at}] {:?}: {problem}", step.title));
        for highlight in &step.highlights {
            if let Some(problem) = highlight_problem(player, highlight) {
                report(problem);
            }
        }
        let Some(question) = &step.question else {
            return;
        };
        for anchor in question.subject() {
            if let Err(problem) = find(player, &anchor) {
                report(problem);
            }
        }
        if step.view.as_deref() == Some("diagram") {
            for problem in hidden_events(player, step, question) {
                report(problem);
            }
        }
        match ask(player, question) {
            Err(problem) => report(problem),
            Ok(AnswerOptions::Choose(choices)) => {
                let right = choices.iter().filter(|choice| choice.answer.right).count();
                if right != 1 || choices.len() < 2 {
                    report(tr!(
                        "{right} of {all} answers are right: exactly one must be",
                        right,
                        all = choices.len()
                    ));
                }
            }
            Ok(AnswerOptions::Click) => {
                let seqs = 0..player.trace().count();
                let answers: Vec<bool> = seqs
                    .filter_map(|seq| judge(player, question, seq))
                    .map(|answer| answer.right)
                    .collect();
                if !answers.contains(&true) || !answers.contains(&false) {
                    report(say("there must be both right and wrong events to click").to_owned());
                }
            }
        }
    });
    found.extend(walked.err());
    found
}

/// Events that the answer depends on but that aren't visible in the diagram while the question is open.
fn hidden_events(player: &Player, step: &Step, question: &Question) -> Vec<String> {
    let drawn = step.drawn();
    let problem = |seq: u32| {
        let event = player.trace().get(seq)?;
        let words = event_label(player, seq);
        if !drawn.shows(&event.record) {
            return Some(tr!(
                "{words} has no mark in the diagram: see `arrows`",
                words
            ));
        }
        (seq >= player.count()).then(|| tr!("{words} is after the cursor", words))
    };
    let relevant_events = question.relevant_events(player);
    relevant_events.into_iter().filter_map(problem).collect()
}

fn highlight_problem(player: &Player, highlight: &Highlight) -> Option<String> {
    let world = player.world();
    match highlight {
        Highlight::Part(_) => None,
        Highlight::Process(name) | Highlight::Clock(name) => {
            let missing = world.find(name).is_none();
            missing.then(|| tr!("there is no process {}", format!("{name:?}")))
        }
        Highlight::Event(anchor) => find(player, anchor).err(),
        Highlight::Slot(anchor) => match find(player, anchor) {
            Err(problem) => Some(problem),
            Ok(seq) => {
                let job = player.trace().get(seq).and_then(|event| event.record.job());
                let runs = |executor: &Executor| {
                    executor
                        .running_jobs
                        .iter()
                        .any(|(attempt, _)| Some(attempt.job) == job)
                };
                let found = world.executors().any(|(_, _, executor)| runs(executor));
                (!found).then(|| {
                    tr!(
                        "the job of {} is not in a slot at this moment",
                        anchor.query
                    )
                })
            }
        },
        Highlight::Message(anchor) => match find(player, anchor) {
            Err(problem) => Some(problem),
            Ok(seq) => {
                let found = world
                    .network()
                    .in_flight()
                    .any(|message| message.send_seq == seq);
                (!found).then(|| {
                    tr!(
                        "no message of {} is on its way at this moment",
                        anchor.query
                    )
                })
            }
        },
    }
}
