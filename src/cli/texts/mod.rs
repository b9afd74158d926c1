//! Which texts there are to translate, and what the catalogues have of them: `./dev cli texts`. Only the headless runner
//! has this; the page knows its texts by showing them.

mod catalogue;
mod check;
mod files;
mod rust;
mod scripts;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use triage_language::Language;

pub use catalogue::{CatalogueEntry, Texts};

/// A text to be translated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text {
    /// Which of its meanings, where it has several.
    pub context: Option<String>,
    /// What stands in the source.
    pub english: String,
    /// What stands there for any number but one.
    pub plural: Option<String>,
    /// The files that have it, from the top folder.
    pub files: Vec<String>,
}

/// Texts that were found, in the order in which they were; each is there once.
#[derive(Default)]
struct Found {
    texts: Vec<Text>,
    by_key: BTreeMap<(Option<String>, String), usize>,
    problems: Vec<String>,
}

impl Found {
    fn add(&mut self, file: &str, context: Option<&str>, english: &str, plural: Option<&str>) {
        if english.trim().is_empty() {
            return;
        }
        let key = (context.map(str::to_owned), english.to_owned());
        let at = *self.by_key.entry(key).or_insert(self.texts.len());
        if at == self.texts.len() {
            self.texts.push(Text {
                context: context.map(str::to_owned),
                english: english.to_owned(),
                plural: None,
                files: Vec::new(),
            });
        }
        let text = &mut self.texts[at];
        if !text.files.iter().any(|one| one == file) {
            text.files.push(file.to_owned());
        }
        match (&text.plural, plural) {
            (None, Some(plural)) => text.plural = Some(plural.to_owned()),
            (Some(one), Some(other)) if one != other => self.problems.push(format!(
                "{file}: {english:?} has the plural {other:?} here and {one:?} elsewhere"
            )),
            _ => {}
        }
    }
}

/// All texts of the project in a folder.
///
/// # Errors
/// Says what cannot be read, and which text is not written as one that can be found.
pub fn gather(root: &Path) -> Result<Vec<Text>, String> {
    let mut found = Found::default();
    for file in sources(root)? {
        let text = read(&root.join(&file))?;
        rust::find(&file, &text, &mut found);
    }
    scripts::find(root, &mut found)?;
    files::find(root, &mut found)?;
    if found.problems.is_empty() {
        Ok(found.texts)
    } else {
        Err(found.problems.join("\n"))
    }
}

/// The languages that have a catalogue.
pub fn translated() -> impl Iterator<Item = Language> {
    let all = Language::ALL.into_iter();
    all.filter(|language| *language != Language::English)
}

/// Where the catalogue of a language lies.
pub fn place(root: &Path, language: Language) -> PathBuf {
    root.join("locales").join([language.tag(), ".po"].concat())
}

/// Brings the catalogue of a language up to date with the source, and says in a sentence what has changed.
///
/// # Errors
/// Says what cannot be read or written.
pub fn update(root: &Path, language: Language) -> Result<String, String> {
    let place = place(root, language);
    let before = Texts::read(&place, language)?;
    let texts = gather(root)?;
    let after = before.following(&texts);
    after.write(&place)?;
    let missing = after.entries.iter().filter(|one| !one.is_done()).count();
    Ok(format!(
        "{}: {} texts, {} of them new, {missing} without a translation; {} removed",
        place.display(),
        after.entries.len(),
        after.entries.len() - before.shared_with(&after),
        before.entries.len() - before.shared_with(&after),
    ))
}

/// What is wrong with the catalogue of a language, a line each; nothing when it is whole.
///
/// # Errors
/// Says what cannot be read.
pub fn problems(root: &Path, language: Language) -> Result<Vec<String>, String> {
    let texts = Texts::read(&place(root, language), language)?;
    Ok(check::check(&gather(root)?, &texts))
}

/// The sources of the page, from the top folder, in order: no tests, and nothing of the headless runner.
fn sources(root: &Path) -> Result<Vec<String>, String> {
    let apart = ["src/cli", "src/soak"].map(|name| root.join(name));
    let mut all = Vec::new();
    let mut open = vec![root.join("src")];
    while let Some(folder) = open.pop() {
        for path in listed(&folder)? {
            if apart.contains(&path) || path.ends_with("tests.rs") {
                continue;
            }
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|it| it == "rs") {
                all.push(from(root, &path));
            }
        }
    }
    all.sort_unstable();
    Ok(all)
}

/// What lies in a folder, in order.
fn listed(folder: &Path) -> Result<Vec<PathBuf>, String> {
    let failed = |problem: std::io::Error| format!("{}: {problem}", folder.display());
    let all = fs::read_dir(folder).map_err(failed)?;
    let mut all: Vec<PathBuf> = all
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<Result<_, _>>()
        .map_err(failed)?;
    all.sort_unstable();
    Ok(all)
}

fn read(path: &Path) -> Result<String, String> {
    fs::read_to_string(path).map_err(|problem| format!("{}: {problem}", path.display()))
}

/// The name of a file from the top folder, with slashes.
fn from(root: &Path, path: &Path) -> String {
    let inside = path.strip_prefix(root).unwrap_or(path);
    inside.to_string_lossy().replace('\\', "/")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A text of one file.
    pub fn text(english: &str, plural: Option<&str>) -> Text {
        Text {
            context: None,
            english: english.to_owned(),
            plural: plural.map(str::to_owned),
            files: vec!["src/a.rs".to_owned()],
        }
    }
}
