//! The floors hold: what each part of the source must not know, checked on its text.
#![allow(clippy::unwrap_used, clippy::expect_used)]

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
        "src/app",
        "src/labels",
        "src/language",
        "src/soak",
        "src/cli",
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

/// Parts of the page that a person sees: each sets state, and others react to it.
const FEATURES: [&str; 9] = [
    "commands",
    "dock",
    "edit",
    "import",
    "lesson",
    "share",
    "side",
    "stage",
    "transport",
];

/// What puts the features together.
const SHELL: [&str; 6] = ["address", "api", "app", "help", "keys", "top_bar"];

#[test]
fn features_of_the_page_do_not_import_each_other() {
    for feature in FEATURES {
        let others = FEATURES.iter().filter(|other| **other != feature);
        let banned: Vec<_> = others
            .chain(&SHELL)
            .flat_map(|name| [format!("page::{name}::"), format!("page::{name};")])
            .collect();
        let banned: Vec<_> = banned.iter().map(|it| &**it).collect();
        let folder = format!("src/page/{feature}");
        let file = format!("{folder}.rs");
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        lacks(
            &[if root.join(&folder).is_dir() {
                &folder
            } else {
                &file
            }],
            &banned,
        );
    }
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

#[test]
fn the_architecture_names_files_that_exist() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let text = fs::read_to_string(root.join("ARCHITECTURE.md")).unwrap();
    let is_path = |name: &&str| {
        let folders = [
            "src/", "public/", "style/", "locales/", "docs/", "tests/", "fuzz/",
        ];
        folders.iter().any(|folder| name.starts_with(folder))
    };
    let names: Vec<&str> = text.split('`').skip(1).step_by(2).filter(is_path).collect();
    assert!(names.len() > 40, "{names:?}");
    for name in names {
        assert!(root.join(name).exists(), "ARCHITECTURE.md names {name}");
    }
}
