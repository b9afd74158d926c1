//! Everything that is wrong with a scenario while it is written: the readers stop at the first thing that they cannot read,
//! so that here each part is read by itself.

use super::json::Json;
use super::reader::{self, Problem, Read};
use super::{Scenario, validate};
use triage_engine::access::Principal;
use triage_engine::command::{Command, ExecutorSpec};
use triage_engine::configuration::Configuration;
use triage_engine::workload::Workload;

/// Everything that is wrong with a scenario, each with its path; JSON that is none with its line.
pub fn problems(text: &str) -> Vec<String> {
    match reader::file(text) {
        Ok(json) => of(&json),
        Err(problem) => vec![problem],
    }
}

/// Everything that is wrong with a scenario that is JSON.
pub fn of(json: &Json) -> Vec<String> {
    let first = match Scenario::read(json) {
        Ok(scenario) => return validate::problems(&scenario),
        Err(problem) => problem.to_string(),
    };
    let mut found = Vec::new();
    if let Json::Object(entries) = json {
        for (name, value) in entries {
            let problems = match &**name {
                "configuration" => Configuration::read(value).err().into_iter().collect(),
                "principals" => each::<Principal>(value),
                "executors" => each::<ExecutorSpec>(value),
                "workload" => each::<Workload>(value),
                "commands" => each::<Command>(value),
                _ => Vec::new(),
            };
            found.extend(problems.into_iter().map(|it| it.below(name).to_string()));
        }
    }
    if !found.contains(&first) {
        found.insert(0, first);
    }
    found
}

/// The first problem of each item of a list.
fn each<T: Read>(json: &Json) -> Vec<Problem> {
    let Json::List(items) = json else {
        return Vec::new(); // which the whole says
    };
    let read = items.iter().enumerate();
    let problem = |(at, item)| {
        let problem = T::read(item).err()?;
        Some(problem.below(&["[", &usize::to_string(&at), "]"].concat()))
    };
    read.filter_map(problem).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::library;

    #[test]
    fn every_part_that_cannot_be_read_is_told() {
        let text = library()[0].json;
        assert_eq!(problems(text), Vec::<String>::new());
        let broken = r#"{
            "format": 1, "name": "a", "title": 7, "duration_us": 5,
            "configuration": {"heartbeat_us": "often"},
            "executors": [{"id": "a", "capacity": 1}, {"capacity": 1}, {"id": "b", "capacity": 1, "colour": "red"}],
            "commands": [{"action": {"crash": {"process": "a"}}}, {"action": {"explode": {}}}]
        }"#;
        let found = problems(broken);
        let paths: Vec<&str> = found
            .iter()
            .map(|it| it.split_once(": ").unwrap().0)
            .collect();
        assert_eq!(
            paths,
            [
                "title",
                "configuration.heartbeat_us",
                "executors[1]",
                "executors[2].colour",
                "commands[1].action"
            ]
        );
    }

    #[test]
    fn what_can_be_read_is_validated_as_ever() {
        let text = library()[0].json.replace("\"format\": 1", "\"format\": 2");
        assert_eq!(problems(&text).len(), 1);
        assert!(problems("{").concat().contains(" at line 1"));
    }
}
