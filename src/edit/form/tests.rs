//! Tests of the form: it loses nothing, and everything that it writes is valid.

use super::*;
use crate::{SMALL_SCENARIO, lesson_on, text_problems};
use triage_scenario::library;

/// The form of a text with everything unfolded.
fn whole(kind: Kind, text: &str) -> Form {
    let mut folds = Folds::default();
    for section in [
        "general",
        "executors",
        "workload",
        "policies",
        "detection",
        "network",
        "timeline",
        "people",
        "steps",
        "scenario",
    ] {
        folds.sections.push(section.to_owned());
    }
    for list in [
        "executors",
        "workload",
        "commands",
        "principals",
        "configuration.network.links",
    ] {
        for base in ["", "scenario."] {
            folds
                .items
                .extend((0..90).map(|at| format!("{base}{list}[{at}]")));
            folds.expanded_lists.push(format!("{base}{list}"));
        }
    }
    for at in 0..40 {
        folds.items.push(format!("steps[{at}]"));
        folds
            .items
            .extend((0..10).map(|mark| format!("steps[{at}].look_at[{mark}]")));
    }
    form(kind, text, &[], &folds, None).unwrap()
}

fn field<'a>(form: &'a Form, path: &str) -> &'a Field {
    let all = fields(form);
    let found = all.into_iter().find(|field| field.path == path);
    found.unwrap_or_else(|| panic!("no field {path}"))
}

fn lessons() -> Vec<String> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../public/lessons");
    let files = std::fs::read_dir(folder)
        .unwrap()
        .map(|file| file.unwrap().path());
    let files = files.filter(|path| !path.ends_with("index.json"));
    files
        .map(|path| std::fs::read_to_string(path).unwrap())
        .collect()
}

#[test]
fn what_a_field_shows_written_back_changes_nothing() {
    let scenarios = library()
        .into_iter()
        .map(|one| (Kind::Scenario, one.json.to_owned()));
    let lessons = lessons().into_iter().map(|text| (Kind::Lesson, text));
    let mut count = 0;
    for (kind, text) in scenarios.chain(lessons) {
        let form = whole(kind, &text);
        for field in fields(&form) {
            assert_eq!(
                apply(&text, field, &field.value).unwrap(),
                text,
                "{}",
                field.path
            );
            // Writing the value again doesn't change the meaning of the text.
            if field.value.is_empty() || matches!(field.input, Input::Choice(_) | Input::Side) {
                continue;
            }
            let other = Field {
                value: "\u{1}".to_owned(),
                parent: None,
                ..field.clone()
            };
            let again = apply(&text, &other, &field.value).unwrap();
            if kind == Kind::Scenario {
                let read = |text: &str| triage_scenario::parse(text).unwrap();
                if again.len() <= text.len() {
                    assert_eq!(read(&again), read(&text), "{}", field.path);
                }
            }
            count += 1;
        }
    }
    assert!(count > 500, "{count}");
}

#[test]
fn every_option_of_every_field_is_valid_or_reported() {
    let text = library()
        .iter()
        .find(|one| one.name == "basic-operation")
        .unwrap()
        .json;
    for field in fields(&whole(Kind::Scenario, text)) {
        let Input::Choice(picks) = &field.input else {
            continue;
        };
        assert!(
            !field.value.is_empty() || picks[0].json.is_empty(),
            "{} shows nothing",
            field.path
        );
        for (at, pick) in picks.iter().enumerate() {
            let new = apply(text, field, &at.to_string()).unwrap();
            let found = text_problems(Kind::Scenario, &new);
            let is_unknown =
                |says: &str| says.contains("there is no") || says.contains("is already used");
            assert!(
                found.iter().all(|it| is_unknown(&it.message)),
                "{} {at}: {found:?}",
                field.path
            );
            let shown = whole(Kind::Scenario, &new);
            let again = fields(&shown)
                .into_iter()
                .find(|it| it.path == field.path)
                .cloned();
            assert_eq!(
                again.map(|it| it.value),
                Some(at.to_string()),
                "{} {:?}",
                field.path,
                pick
            );
        }
    }
}

#[test]
fn numbers_are_shown_in_their_unit_and_read_exactly() {
    let text = SMALL_SCENARIO;
    let form = whole(Kind::Scenario, text);
    let duration = field(&form, "duration_us");
    assert_eq!((duration.value.as_str(), duration.unit), ("20", "s"));
    for (typed, expected) in [
        ("12.5", "12500000"),
        ("0,000001", "1"),
        (".5", "500000"),
        ("007", "7000000"),
    ] {
        let new = apply(text, duration, typed).unwrap();
        assert!(
            new.contains(&format!("\"duration_us\": {expected},")),
            "{typed}: {new}"
        );
    }
    for typed in [
        "",
        "x",
        "1e3",
        "1.2.3",
        "-",
        ".",
        "0.0000001",
        "99999999999999999999",
    ] {
        assert!(apply(text, duration, typed).is_err(), "{typed}");
    }
    let east = field(&form, "executors[0].location.x_m");
    let new = apply(text, east, "-1200").unwrap();
    assert!(
        new.contains(r#""location": {"x_m": -1200, "y_m": 0}"#),
        "{new}"
    );
    let east = whole(Kind::Scenario, &new);
    let east = field(&east, "executors[0].location.x_m");
    assert_eq!(apply(&new, east, "").unwrap(), text);
}

#[test]
fn policies_and_detectors_are_set_with_what_they_need() {
    let mut text = SMALL_SCENARIO.to_owned();
    let mut set = |path: &str, typed: &str| {
        let form = whole(Kind::Scenario, &text);
        let field = field(&form, path);
        let typed = match &field.input {
            Input::Choice(picks) => {
                let at = picks.iter().position(|pick| pick.json.contains(typed));
                at.unwrap_or_else(|| panic!("{typed}")).to_string()
            }
            _ => typed.to_owned(),
        };
        text = apply(&text, field, &typed).unwrap();
        assert_eq!(text_problems(Kind::Scenario, &text), [], "{text}");
    };
    set("configuration.detector.timeout.suspect_us", "1500");
    set("configuration.detector", "phi_accrual");
    set(
        "configuration.detector.phi_accrual.fail_phi_thousandths",
        "9.5",
    );
    set("configuration.discipline", "weighted");
    set("configuration.discipline.weighted.ageing_us", "2.5");
    set("configuration.routing_normal", "two_choices");
    set("configuration.emergency_delivery", "causal");
    set("configuration.network.latency_us", "7");
    let scenario = triage_scenario::parse(&text).unwrap();
    assert_eq!(
        scenario.configuration.discipline.ageing_us(),
        Some(2_500_000)
    );
    assert!(text.contains("\"fail_phi_thousandths\": 9500"));
    assert!(text.contains("\"network\": {\"latency_us\": 7000}"));
}

#[test]
fn buttons_add_copy_move_sort_and_remove() {
    let act = |operation, path: &str, json: &str| EditAction::new("", operation, path, json);
    let text = SMALL_SCENARIO.to_owned();
    let form = whole(Kind::Scenario, &text);
    let lists = form
        .sections
        .iter()
        .flat_map(|it| it.parts.iter().flatten());
    let lists: Vec<&List> = lists
        .filter_map(|part| match part {
            Part::List(list) => Some(list),
            _ => None,
        })
        .collect();
    let mut new = text.clone();
    for add in lists.iter().flat_map(|list| &list.add_actions) {
        new = perform(&new, add).unwrap().0;
        assert_eq!(text_problems(Kind::Scenario, &new), [], "{}", add.label);
    }
    let (twice, item) = perform(&text, &act(EditOperation::Duplicate, "executors[0]", "")).unwrap();
    assert_eq!(item.as_deref(), Some("executors[1]"));
    assert!(
        twice.contains(r#"{"id": "exec-3", "capacity": 2},"#),
        "{twice}"
    );
    let (gone, _) = perform(&twice, &act(EditOperation::Remove, "executors[1]", "")).unwrap();
    assert_eq!(gone, text);
    let (down, _) = perform(&text, &act(EditOperation::Down, "executors[0]", "")).unwrap();
    let (up, item) = perform(&down, &act(EditOperation::Up, "executors[1]", "")).unwrap();
    assert_eq!((up, item.as_deref()), (text.clone(), Some("executors[0]")));
    assert_eq!(
        perform(&text, &act(EditOperation::Up, "executors[0]", "")),
        None
    );
    let early = act(
        EditOperation::Add,
        "commands",
        r#"{"at_us": 5, "action": {"unite": {}}}"#,
    );
    let (more, _) = perform(&text, &early).unwrap();
    let (sorted, _) = perform(&more, &act(EditOperation::Sort, "commands", "")).unwrap();
    let moments: Vec<u64> = triage_scenario::parse(&sorted)
        .unwrap()
        .commands
        .iter()
        .map(|it| it.at_us)
        .collect();
    assert_eq!(moments, [5, 1_000_000]);
}

#[test]
fn a_problem_stands_at_its_field_and_marks_its_item() {
    let text = SMALL_SCENARIO.replace("\"exec-2\", \"capacity\": 2", "\"exec-2\", \"capacity\": 0");
    let found = text_problems(Kind::Scenario, &text);
    let mut folds = Folds::initial(Kind::Scenario);
    folds.open_item("executors[1]");
    let form = form(Kind::Scenario, &text, &found, &folds, None).unwrap();
    let field = field(&form, "executors[1].capacity");
    assert_eq!(field.problems, ["0 is below 1"]);
    let Some(Part::List(list)) = form.sections[1].parts.as_ref().map(|it| &it[0]) else {
        panic!("no list");
    };
    assert_eq!((list.items[0].wrong, list.items[1].wrong), (false, true));
}

#[test]
fn every_question_template_is_valid() {
    let text = lesson_on(library()[1].json);
    let ask = whole(Kind::Lesson, &text);
    let Some(Part::List(steps)) = ask.sections[1].parts.as_ref().map(|it| &it[0]) else {
        panic!("no steps");
    };
    let acts = steps.items[0]
        .parts
        .iter()
        .flatten()
        .filter_map(|part| match part {
            Part::EditAction(act) => Some(act),
            _ => None,
        });
    let mut text = text;
    for act in acts {
        text = perform(&text, act).unwrap().0;
    }
    assert_eq!(text_problems(Kind::Lesson, &text), [], "{text}");
    let form = whole(Kind::Lesson, &text);
    let about = field(&form, "steps[0].question.about");
    for at in 0..12 {
        let new = apply(&text, about, &at.to_string()).unwrap();
        assert_eq!(text_problems(Kind::Lesson, &new), [], "{new}");
        let form = whole(Kind::Lesson, &new);
        assert_eq!(
            field(&form, "steps[0].question.about").value,
            at.to_string()
        );
    }
}

#[test]
fn an_anchor_is_a_query_or_a_query_with_its_hit() {
    let text = lesson_on(library()[1].json);
    let form = whole(Kind::Lesson, &text);
    let second = apply(&text, field(&form, "steps[0].after#hit"), "2").unwrap();
    assert!(second.contains(r#""after": {"query": "kind:job_submitted", "hit": 2}"#));
    let form = whole(Kind::Lesson, &second);
    let other = apply(&second, field(&form, "steps[0].after"), "kind:job_started").unwrap();
    assert!(other.contains(r#"{"query": "kind:job_started", "hit": 2}"#));
    let before = apply(&other, field(&form, "steps[0]#side"), "before").unwrap();
    assert!(
        before.contains(r#""before": {"query": "kind:job_started", "hit": 2}"#)
            && !before.contains("after")
    );
    let evidence = Evidence::of(library()[1].json).unwrap();
    assert!(
        evidence
            .describe("kind:job_submitted", 1)
            .contains("events match; the first is: 00:")
    );
    assert!(evidence.describe("kind:none", 1).contains("none"));
    let player = {
        let mut player =
            triage_playback::Player::new(triage_scenario::parse(library()[1].json).unwrap());
        player.record_ahead(2_000);
        player
    };
    for seq in 0..400 {
        let (query, hit) = anchor_of(&player, seq).unwrap();
        let anchor = triage_lesson::Anchor { query, hit };
        assert_eq!(triage_lesson::find(&player, &anchor), Ok(seq));
    }
}
