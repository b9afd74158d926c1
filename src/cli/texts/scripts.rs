//! Texts in scripts and in index.html: what stands in `triageText("…")`, and in elements marked `data-say`.

use std::path::Path;

use super::{Found, from, listed, read};

const CALL: &str = "triageText(";
const MARK: &str = " data-say>";

/// Finds the texts of `public/*.js` and index.html.
pub fn find(root: &Path, found: &mut Found) -> Result<(), String> {
    for path in listed(&root.join("public"))? {
        if path.extension().is_some_and(|it| it == "js") {
            script(&from(root, &path), &read(&path)?, found);
        }
    }
    page("index.html", &read(&root.join("index.html"))?, found);
    Ok(())
}

fn script(file: &str, source: &str, found: &mut Found) {
    for (at, _) in source.match_indices(CALL) {
        let rest = source[at + CALL.len()..].trim_start();
        if !rest.starts_with('"') {
            continue;
        }
        // A string in double quotes without line ends reads as JSON does.
        let mut letters = serde_json::Deserializer::from_str(rest).into_iter::<String>();
        match letters.next() {
            Some(Ok(english)) => found.add(file, None, &english, None),
            _ => {
                let line = source[..at].lines().count();
                let problem = format!("{file}:{line}: the text in triageText cannot be read");
                found.problems.push(problem);
            }
        }
    }
}

fn page(file: &str, source: &str, found: &mut Found) {
    for (at, _) in source.match_indices(MARK) {
        let rest = &source[at + MARK.len()..];
        let english = rest.split('<').next().unwrap_or_default();
        found.add(file, None, english, None);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_and_marked_elements_are_found() {
        let mut found = Found::default();
        script(
            "a.js",
            r#"x = window.triageText("It's \"{a}\" – so", { a }); triageText(other); const triageText = 1; triageText(
              "next line")"#,
            &mut found,
        );
        page(
            "index.html",
            "<p id=\"a\" data-say>Starting…</p><p>no</p>",
            &mut found,
        );
        let english: Vec<&str> = found.texts.iter().map(|it| it.english.as_str()).collect();
        assert_eq!(english, ["It's \"{a}\" – so", "next line", "Starting…"]);
        assert!(found.problems.is_empty());
    }
}
