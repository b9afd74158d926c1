//! Checks that every built-in lesson is valid, and that errors in files are reported.

use super::*;
use std::fs;
use std::path::Path;

fn folder() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../public/lessons")
}

fn lessons() -> Vec<(String, Lesson)> {
    let index = fs::read_to_string(folder().join("index.json")).unwrap();
    let listed = parse_index(&index).unwrap_or_else(|problem| panic!("index.json: {problem}"));
    let read = |listed: LessonSummary| {
        let file = folder().join([&listed.name, ".json"].concat());
        let json = fs::read_to_string(file).unwrap();
        let lesson = Lesson::parse(&json).unwrap_or_else(|e| panic!("{}: {e}", listed.name));
        let same = LessonSummary {
            name: lesson.name.clone(),
            title: lesson.title.clone(),
            about: lesson.about.clone(),
            minutes: lesson.minutes,
            steps: lesson.steps.len() as u32,
            questions: lesson.questions() as u32,
        };
        assert_eq!(listed, same, "index.json and {}", listed.name);
        (json, lesson)
    };
    listed.into_iter().map(read).collect()
}

#[test]
fn every_lesson_holds_in_its_run() {
    let mut all = Vec::new();
    for (_, lesson) in lessons() {
        for problem in problems(&lesson) {
            all.push(format!("{}: {problem}", lesson.name));
        }
    }
    assert!(all.is_empty(), "{}", all.join("\n"));
}

#[test]
fn the_questions_of_every_lesson_can_be_printed() {
    let (mut events, mut clicks) = (0, 0);
    for (_, lesson) in lessons() {
        let printed = worksheet::questions(&lesson).unwrap();
        assert_eq!(printed.len(), lesson.questions(), "{}", lesson.name);
        for one in &printed {
            let empty = one.choices.is_empty();
            assert!(empty || one.choices.len() > 1, "{}", one.ask);
            clicks += usize::from(empty);
            events += one.events.len();
            assert!(one.events.iter().all(|words| !words.is_empty()));
        }
    }
    assert!(
        clicks > 0 && events > 10,
        "{clicks} clicks, {events} events"
    );
}

#[test]
fn every_file_is_listed() {
    let listed: Vec<String> = lessons().into_iter().map(|(_, it)| it.name).collect();
    for entry in fs::read_dir(folder()).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let name = name.strip_suffix(".json").unwrap();
        assert!(
            name == "index" || listed.iter().any(|it| it == name),
            "{name}"
        );
    }
}

#[test]
fn every_term_is_in_the_glossary() {
    let glossary = glossary::entries(include_str!("../../docs/glossary.md"));
    for entry in &glossary {
        let paragraphs = entry.text.len();
        assert!(paragraphs > 0, "{} is not explained", entry.term);
    }
    for (_, lesson) in lessons() {
        for paragraph in lesson.steps.iter().flat_map(|step| &step.text) {
            for piece in text::pieces(paragraph) {
                let text::Piece::Term { term, .. } = piece else {
                    continue;
                };
                assert!(
                    glossary.iter().any(|entry| entry.slug == term),
                    "{}: {term} is not in the glossary",
                    lesson.name
                );
            }
        }
    }
}

#[test]
fn problems_of_a_file_have_a_location() {
    let (json, _) = lessons().into_iter().next().unwrap();
    let broken = |from: &str, to: &str| {
        let json = json.replacen(from, to, 1);
        Lesson::parse(&json).expect_err(to)
    };
    for (from, to, expected) in [
        (
            "\"lesson_format\": 1",
            "\"lesson_format\": 2",
            "lesson_format: 2 is not supported",
        ),
        ("\"steps\"", "\"step\"", "step: unknown field `step`"),
        ("\"after\": ", "\"after\": \"kind:nothing\", \"text\": ", ""),
        ("kind:", "kid:", "there is no field \"kid\""),
    ] {
        let problem = broken(from, to);
        assert!(problem.contains(expected), "{problem}");
    }
    assert!(Lesson::parse("").unwrap_err().contains("line 1"));
}

#[test]
fn an_invalid_anchor_is_a_problem() {
    let json = r#"{"lesson_format": 1, "name": "x", "title": "X", "about": "", "scenario": "basic-operation", "steps": [
        {"title": "a", "text": [], "after": {"query": "kind:job_started", "hit": 9000}, "look_at": [{"process": "nobody"}]}]}"#;
    let found = problems(&Lesson::parse(json).unwrap());
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].contains("this run does not have 9000 events that match kind:job_started"));
}
