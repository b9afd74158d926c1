//! Locates the problems that the readers report in the text.

use std::ops::Range;

use super::Kind;
use super::tree::{Node, Value};
use triage_lesson::Lesson;
use triage_scenario::json::misread;

/// A problem and its location.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextProblem {
    /// Empty for syntax errors, and for the document as a whole.
    pub path: String,
    pub message: String,
    /// The bytes to mark.
    pub range: Range<usize>,
    /// From 1.
    pub line: usize,
}

/// The problems in a text that don't depend on a run.
pub fn text_problems(kind: Kind, text: &str) -> Vec<TextProblem> {
    if let Some((message, line, column)) = misread(text) {
        return vec![at_line(text, message, line, column)];
    }
    let problems = match kind {
        Kind::Scenario => triage_scenario::every::problems(text),
        Kind::Lesson => triage_lesson::text_problems::problems(text),
    };
    located(text, problems)
}

/// The problems of a lesson in its run, such as questions and anchors that match no event; the same as `./dev cli
/// lesson` reports. Requires a text without other problems.
pub fn run_problems(text: &str) -> Vec<TextProblem> {
    let mut problems = match Lesson::parse(text) {
        Ok(lesson) => triage_lesson::problems(&lesson),
        Err(_) => Vec::new(), // reported by `text_problems`
    };
    problems.dedup();
    located(text, problems)
}

fn located(text: &str, problems: Vec<String>) -> Vec<TextProblem> {
    let tree = Node::parse(text);
    let found = problems.into_iter();
    found
        .map(|problem| match &tree {
            Some(tree) => at_path(text, tree, &problem),
            None => at(text, problem, 0..0),
        })
        .collect()
}

fn at(text: &str, message: String, range: Range<usize>) -> TextProblem {
    TextProblem {
        path: String::new(),
        message,
        line: line_of(text, range.start),
        range,
    }
}

/// Splits a problem that starts with its path: `executors[2].capacity: 0 is below 1`, or `steps[1] "Title": …`.
fn at_path(text: &str, tree: &Node, problem: &str) -> TextProblem {
    let (path, message) = split_path(problem);
    let lookup = tree.lookup(path);
    // Find the field that the message quotes, because the message may be in any language.
    let names = |name: &str| message.contains(&["`", name, "`"].concat());
    let unknown = lookup
        .entry
        .filter(|entry| lookup.rest.is_empty() && names(&entry.name));
    let entries = lookup.node.entries();
    let again = entries.iter().enumerate().find(|(at, entry)| {
        let before = entries[..*at].iter().any(|one| one.name == entry.name);
        before && names(&entry.name)
    });
    let range = match (again, unknown) {
        (Some((_, entry)), _) | (None, Some(entry)) => entry.from..entry.name_to,
        (None, None) => tree
            .get(path)
            .and_then(|node| mentioned_range(node, message))
            .unwrap_or_else(|| tree.range(path)),
    };
    TextProblem {
        path: path.to_owned(),
        message: message.to_owned(),
        line: line_of(text, range.start),
        range,
    }
}

/// Splits a problem into its path, if it has one, and the message.
fn split_path(problem: &str) -> (&str, &str) {
    // Paths contain no spaces, so everything before the first space is a path if it ends with a colon.
    let end = problem.find([' ', '\n']).unwrap_or(problem.len());
    let first = &problem[..end];
    if let Some(path) = first.strip_suffix(':') {
        return (path, problem[end..].trim_start());
    }
    // The title of a step may follow in quotes.
    if first.starts_with("steps[") && first.ends_with(']') {
        let rest = problem[end..].trim_start();
        let message = rest.strip_prefix('"').and_then(|rest| {
            let close = rest.match_indices("\": ").map(|(at, _)| at);
            let mut close = close.filter(|at| !rest[..*at].ends_with('\\'));
            close.next().map(|at| &rest[at + 3..])
        });
        return (first, message.unwrap_or(rest));
    }
    ("", problem)
}

/// The longest text within a value that the message mentions; problems of a step mention the query.
fn mentioned_range(node: &Node, message: &str) -> Option<Range<usize>> {
    let mut best: Option<&Node> = None;
    let mut open = vec![node];
    while let Some(node) = open.pop() {
        match &node.value {
            Value::Text(text) if text.len() > 3 && message.contains(text.as_str()) => {
                let is_longer = |best: &Node| (best.to - best.from) <= (node.to - node.from);
                if best.is_none_or(is_longer) {
                    best = Some(node);
                }
            }
            _ => {}
        }
        open.extend(node.items());
        open.extend(node.entries().iter().map(|entry| &entry.node));
    }
    best.map(|node| node.from..node.to)
}

/// Locates a syntax error by its line and column.
fn at_line(text: &str, message: String, line: usize, column: usize) -> TextProblem {
    let line = line.max(1);
    let begin: usize = text
        .split_inclusive('\n')
        .take(line - 1)
        .map(str::len)
        .sum();
    let rest = text[begin.min(text.len())..]
        .lines()
        .next()
        .unwrap_or_default();
    let mut from = begin + column.saturating_sub(1).min(rest.len());
    while !text.is_char_boundary(from) {
        from -= 1;
    }
    // If a line ends too early, mark its last character.
    if from >= begin + rest.len()
        && let Some(last) = rest.chars().next_back()
    {
        from = begin + rest.len() - last.len_utf8();
    }
    let to = from + text[from..].chars().next().map_or(0, char::len_utf8);
    let found = at(text, message, from..to);
    TextProblem { line, ..found }
}

fn line_of(text: &str, at: usize) -> usize {
    text[..at].bytes().filter(|byte| *byte == b'\n').count() + 1
}

#[cfg(test)]
mod tests {
    use super::*;
    use triage_scenario::library;

    fn found(kind: Kind, text: &str) -> Vec<(String, String, usize)> {
        let found = text_problems(kind, text).into_iter();
        found
            .map(|it| (it.path, text[it.range].to_owned(), it.line))
            .collect()
    }

    #[test]
    fn a_problem_is_at_its_line() {
        let text = "{\n \"format\": 1,\n \"name\": \"a\", \"title\": \"T\",\n \"duration_us\": 0,\n \"executors\": [\n  {\"id\": \"x\", \"capacity\": 0},\n  {\"id\": \"x\"}\n ]\n}";
        assert_eq!(
            found(Kind::Scenario, text),
            [("executors[1]".to_owned(), "{".to_owned(), 7)]
        );
        let text = text.replace("{\"id\": \"x\"}", "{\"id\": \"x\", \"capacity\": 2}");
        assert_eq!(
            found(Kind::Scenario, &text),
            [
                ("duration_us".to_owned(), "0".to_owned(), 4),
                ("executors[0].capacity".to_owned(), "0".to_owned(), 6),
                ("executors[1].id".to_owned(), "\"x\"".to_owned(), 7),
            ]
        );
    }

    #[test]
    fn syntax_errors_have_a_line() {
        for (text, line, marked) in [
            ("", 1, ""),
            ("{\n  \"a\": é\n}", 2, "é"),
            ("{\n  \"a\": 1\n  \"b\": 2\n}", 3, "\""),
            ("{\n  \"a\": [1,", 2, ","),
            ("{\n  \"a\": 1,\n}", 3, "}"),
        ] {
            let found = text_problems(Kind::Scenario, text);
            assert_eq!(found.len(), 1);
            assert_eq!(
                (found[0].line, &text[found[0].range.clone()]),
                (line, marked),
                "{text}: {found:?}"
            );
            assert!(!found[0].message.contains(" at line "));
        }
    }

    #[test]
    fn invalid_numbers_have_a_line() {
        let found = text_problems(Kind::Scenario, "{\n\"format\": 01\n}");
        assert_eq!((found.len(), found[0].line), (1, 2), "{found:?}");
    }

    #[test]
    fn duplicate_fields_are_marked() {
        let text = "{\n\"format\": 1,\n\"format\": 1\n}";
        let found = text_problems(Kind::Scenario, text);
        assert_eq!((found[0].line, found[0].path.as_str()), (3, ""));
    }

    #[test]
    fn a_query_without_events_is_marked_in_its_step() {
        let lesson = format!(
            r#"{{"lesson_format": 1, "name": "a", "title": "A", "about": "", "scenario": "{}", "steps": [
                {{"title": "T \": x", "text": [],
                  "after": "kind:job_started job:job-99999"}},
                {{"title": "U", "text": [],
                  "question": {{"ask": "?",
                    "about": {{"token": {{"of": "kind:no_such_thing"}}}}}}}}
            ]}}"#,
            library()[0].name
        );
        assert_eq!(text_problems(Kind::Lesson, &lesson), []);
        let found = run_problems(&lesson);
        assert_eq!(found[0].line, 3, "{found:?}");
        assert_eq!(found[0].path, "steps[0]");
        assert!(found[0].message.contains("job-99999"), "{found:?}");
    }

    #[test]
    fn nothing_is_wrong_with_what_is_built_in() {
        for built_in in library() {
            assert_eq!(text_problems(Kind::Scenario, built_in.json), []);
        }
    }
}
