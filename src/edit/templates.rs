//! Templates for new documents: small but valid, so that there is something to change.

use super::change::quoted;
use super::tree::{Member, Node, Value};
use triage_scenario::library;

/// A coordinator, recovery, two executors and one job.
pub const SMALL_SCENARIO: &str = r#"{
  "format": 1,
  "name": "my-scenario",
  "title": "My scenario",
  "description": "",
  "seed": 1,
  "duration_us": 20000000,
  "configuration": {},
  "executors": [
    {"id": "exec-1", "capacity": 2},
    {"id": "exec-2", "capacity": 2}
  ],
  "commands": [
    {"at_us": 1000000, "action": {"submit_normal_job": {"work_us": 2000000}}}
  ]
}
"#;

/// A lesson with one step about a scenario: by name if it is built in, otherwise embedded.
pub fn lesson_on(scenario: &str) -> String {
    let built_in = library()
        .into_iter()
        .find(|one| one.json.trim() == scenario.trim());
    let scenario = match built_in {
        Some(entry) => quoted(entry.name),
        None => scenario.trim().replace('\n', "\n  "),
    };
    [
        r#"{
  "lesson_format": 1,
  "name": "my-lesson",
  "title": "My lesson",
  "about": "",
  "minutes": 5,
  "scenario": "#,
        &scenario,
        r#",
  "steps": [
    {
      "title": "The first step",
      "text": ["What the step shows."],
      "after": "kind:job_submitted"
    }
  ]
}
"#,
    ]
    .concat()
}

/// Formats JSON like a hand-written scenario: one line for each field, and for each item of a list of objects.
pub fn formatted(json: &str) -> String {
    let Some(tree) = Node::parse(json) else {
        return json.to_owned();
    };
    let field = |entry: &Member| {
        let items = entry.node.items();
        let is_long = items.iter().any(|item| !item.entries().is_empty());
        let value = if is_long {
            let items: Vec<String> = items.iter().map(on_one_line).collect();
            ["[\n    ", &items.join(",\n    "), "\n  ]"].concat()
        } else {
            on_one_line(&entry.node)
        };
        [&quoted(&entry.name), ": ", &value].concat()
    };
    let fields: Vec<String> = tree.entries().iter().map(field).collect();
    ["{\n  ", &fields.join(",\n  "), "\n}\n"].concat()
}

fn on_one_line(node: &Node) -> String {
    match &node.value {
        Value::Plain(plain) => plain.clone(),
        Value::Text(text) => quoted(text),
        Value::List(items) => {
            let items: Vec<String> = items.iter().map(on_one_line).collect();
            ["[", &items.join(", "), "]"].concat()
        }
        Value::Object(entries) => {
            let field =
                |entry: &Member| [&quoted(&entry.name), ": ", &on_one_line(&entry.node)].concat();
            let fields: Vec<String> = entries.iter().map(field).collect();
            ["{", &fields.join(", "), "}"].concat()
        }
    }
}

/// The title of a document, if it can be read.
pub fn title_of(text: &str) -> Option<String> {
    let tree = Node::parse(text)?;
    tree.get("title")?.text().map(str::to_owned)
}

/// The name of a document, if it is a valid file name.
pub fn name_of(text: &str) -> Option<String> {
    let tree = Node::parse(text)?;
    let name = tree.get("name")?.text()?.to_owned();
    let plain = |letter: char| letter.is_ascii_alphanumeric() || "-_".contains(letter);
    (!name.is_empty() && name.chars().all(plain)).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Kind, run_problems, text_problems};

    #[test]
    fn templates_are_valid() {
        assert_eq!(text_problems(Kind::Scenario, SMALL_SCENARIO), []);
        for scenario in library().iter().map(|one| one.json).chain([SMALL_SCENARIO]) {
            let lesson = lesson_on(scenario);
            assert_eq!(text_problems(Kind::Lesson, &lesson), []);
            assert_eq!(run_problems(&lesson), []);
        }
        assert!(lesson_on(library()[1].json).contains("\"scenario\": \"basic-operation\""));
        assert_eq!(title_of(SMALL_SCENARIO).as_deref(), Some("My scenario"));
        assert_eq!(name_of(SMALL_SCENARIO).as_deref(), Some("my-scenario"));
        assert_eq!(name_of(r#"{"name": "../x"}"#), None);
    }

    #[test]
    fn formatting_preserves_the_content() {
        for built_in in library() {
            let scenario = triage_scenario::parse(built_in.json).unwrap();
            let text = formatted(&serde_json::to_string(&scenario).unwrap());
            assert_eq!(triage_scenario::parse(&text).unwrap(), scenario);
            assert!(text.lines().count() > 8 && text.contains("  \"executors\": [\n    {\"id\": "));
        }
        assert_eq!(formatted("no JSON"), "no JSON");
    }
}
