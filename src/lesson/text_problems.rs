//! Finds all problems in the text of a lesson and its embedded scenario, for the editor. [`super::problems`] finds
//! those that only show in its run.

use super::format::File;
use super::{Lesson, Step, validate};
use triage_scenario::every;
use triage_scenario::json::Json;
use triage_scenario::reader::{self, Problem, Read};

/// All problems in the text of a lesson, each with its path; for invalid JSON the syntax error with its line.
pub fn problems(text: &str) -> Vec<String> {
    let json = match reader::file(text) {
        Ok(json) => json,
        Err(problem) => return vec![problem],
    };
    let mut found = Vec::new();
    if let Json::Object(entries) = &json {
        for (name, value) in entries {
            match (&**name, value) {
                ("scenario", Json::Object(_)) => {
                    let inside = every::of(value).into_iter();
                    found.extend(inside.map(|problem| ["scenario.", &problem].concat()));
                }
                ("steps", Json::List(items)) => {
                    let problem = |(at, item)| step(at, item);
                    found.extend(items.iter().enumerate().filter_map(problem));
                }
                _ => {}
            }
        }
    }
    let whole = match File::read(&json) {
        Err(problem) => Some(problem.to_string()),
        Ok(_) => Lesson::parse(text).err(),
    };
    if let Some(whole) = whole.filter(|it| !found.contains(it)) {
        found.insert(0, whole);
    }
    found
}

fn step(at: usize, json: &Json) -> Option<String> {
    let place = ["steps[", &at.to_string(), "]"].concat();
    match Step::read(json) {
        Err(problem) => {
            let below = |problem: Problem| problem.below(&place).to_string();
            Some(below(problem))
        }
        Ok(step) => validate::step_text_problem(&step).map(|problem| [place, problem].concat()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn problems_of_every_step_and_the_scenario_are_reported() {
        let text = r#"{
            "lesson_format": 1, "name": "a", "title": "A", "about": "b",
            "scenario": {"format": 1, "name": "s", "title": "", "duration_us": 1, "executors": []},
            "steps": [
                {"title": "t", "text": [], "after": "kind:"},
                {"title": "t", "text": []},
                {"title": "t", "text": "no list"},
                {"title": "t", "text": [], "view": "nothing"}
            ]
        }"#;
        let found = problems(text);
        for (place, begin) in [
            "scenario.title: ",
            "scenario.executors: ",
            "steps[0]: kind:: ",
            "steps[2].text: ",
            "steps[3].view: ",
        ]
        .into_iter()
        .enumerate()
        {
            assert!(found[place].starts_with(begin), "{found:?}");
        }
        assert_eq!(found.len(), 5, "{found:?}");
    }

    #[test]
    fn every_built_in_lesson_is_valid() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../public/lessons");
        for file in std::fs::read_dir(folder).unwrap() {
            let path = file.unwrap().path();
            if path.ends_with("index.json") {
                continue;
            }
            let text = std::fs::read_to_string(&path).unwrap();
            assert_eq!(problems(&text), Vec::<String>::new(), "{path:?}");
        }
    }
}
