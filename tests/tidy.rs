//! The floors hold: what each part of the source must not know, checked on its text.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

use std::fs;
use std::path::{Path, PathBuf};

fn sources(folder: &str) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    let mut open = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)];
    while let Some(path) = open.pop() {
        if path.is_dir() {
            open.extend(
                fs::read_dir(&path)
                    .unwrap()
                    .map(|entry| entry.unwrap().path()),
            );
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text = fs::read_to_string(&path).unwrap();
            found.push((path, text));
        }
    }
    assert!(!found.is_empty(), "{folder} has no sources");
    found
}

fn lacks(folders: &[&str], banned: &[&str]) {
    for (path, text) in folders.iter().flat_map(|folder| sources(folder)) {
        for word in banned {
            let line = text
                .lines()
                .find(|line| !line.trim_start().starts_with("//") && line.contains(word));
            assert!(
                line.is_none(),
                "{} must not know {word}: {}",
                path.display(),
                line.unwrap_or_default()
            );
        }
    }
}

#[test]
fn only_the_page_knows_the_browser() {
    let below = [
        "src/engine",
        "src/analysis",
        "src/scenario",
        "src/import",
        "src/playback",
        "src/view",
        "src/lesson",
        "src/edit",
    ];
    lacks(
        &below,
        &["leptos", "web_sys", "js_sys", "wasm_bindgen", "crate::page"],
    );
}

#[test]
fn the_engine_is_a_function_of_seed_and_commands() {
    lacks(
        &["src/engine"],
        &[
            "HashMap",
            "HashSet",
            "Instant::now",
            "SystemTime",
            "thread::",
            "rand::random",
        ],
    );
}

#[test]
fn imports_run_downwards() {
    lacks(
        &["src/engine"],
        &[
            "crate::analysis",
            "crate::scenario",
            "crate::playback",
            "crate::view",
        ],
    );
    lacks(
        &["src/analysis", "src/scenario", "src/import"],
        &["crate::playback", "crate::view"],
    );
    lacks(&["src/playback"], &["crate::view"]);
    lacks(&["src/view"], &["crate::lesson"]);
    lacks(&["src/lesson", "src/view"], &["crate::edit"]);
}

#[test]
fn every_file_says_what_it_is() {
    for (path, text) in ["src", "tests"].into_iter().flat_map(sources) {
        if path.to_string_lossy().contains("node_modules") {
            continue;
        }
        assert!(
            text.starts_with("//!"),
            "{} has no //! line",
            path.display()
        );
    }
}
