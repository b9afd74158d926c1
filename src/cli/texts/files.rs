//! Texts in the files of the library: lessons, scenarios and the glossary, read as the page reads them.

use std::path::Path;

use super::{Found, from, listed, read};
use triage_lesson::{Lesson, glossary, parse_index};

/// Finds the texts of the library.
pub fn find(root: &Path, found: &mut Found) -> Result<(), String> {
    for path in listed(&root.join("public/scenarios"))? {
        let file = from(root, &path);
        scenario(&file, &read(&path)?, found)?;
    }
    for path in listed(&root.join("public/lessons"))? {
        let file = from(root, &path);
        let json = read(&path)?;
        if path.ends_with("index.json") {
            for listed in parse_index(&json).map_err(|problem| format!("{file}: {problem}"))? {
                found.add(&file, None, &listed.title, None);
                found.add(&file, None, &listed.about, None);
            }
        } else {
            lesson(&file, &json, found)?;
        }
    }
    for entry in glossary::entries(&read(&root.join("docs/glossary.md"))?) {
        for text in [&entry.term].into_iter().chain(&entry.text) {
            found.add("docs/glossary.md", None, text, None);
        }
    }
    Ok(())
}

fn scenario(file: &str, json: &str, found: &mut Found) -> Result<(), String> {
    let read = triage_scenario::parse(json).map_err(|problem| format!("{file}: {problem}"))?;
    found.add(file, None, &read.title, None);
    found.add(file, None, &read.description, None);
    Ok(())
}

fn lesson(file: &str, json: &str, found: &mut Found) -> Result<(), String> {
    let lesson = Lesson::parse(json).map_err(|problem| format!("{file}: {problem}"))?;
    let mut add = |text: &str| found.add(file, None, text, None);
    add(&lesson.title);
    add(&lesson.about);
    for step in &lesson.steps {
        add(&step.title);
        for paragraph in &step.text {
            add(paragraph);
        }
        if let Some(task) = &step.task {
            add(&task.say);
        }
        if let Some(question) = &step.question {
            add(&question.ask);
            add(&question.then);
        }
    }
    scenario(file, &lesson.scenario, found)
}
