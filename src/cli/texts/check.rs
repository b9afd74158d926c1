//! Whether a catalogue is whole: every text has its translation, and a translation has the parts of its text.

use std::collections::BTreeMap;

use super::Text;
use super::catalogue::{CatalogueEntry, Texts};
use triage_lesson::text::{Piece, pieces};

/// What is wrong with a catalogue, a line each.
pub fn check(texts: &[Text], catalogue: &Texts) -> Vec<String> {
    let mut problems = Vec::new();
    for text in texts {
        match catalogue.find(text) {
            None => problems.push(format!("missing in the catalogue: {}", named(text))),
            Some(entry) if entry.text.plural != text.plural => {
                problems.push(format!(
                    "has another plural in the catalogue: {}",
                    named(text)
                ));
            }
            Some(entry) if entry.is_fuzzy => problems.push(format!("fuzzy: {}", named(text))),
            Some(entry) if !entry.is_done() => {
                problems.push(format!("not translated: {}", named(text)));
            }
            Some(entry) => compare(entry, &mut problems),
        }
    }
    for entry in &catalogue.entries {
        let is_used = texts
            .iter()
            .any(|text| text.context == entry.text.context && text.english == entry.text.english);
        if !is_used {
            problems.push(format!("no longer used: {}", named(&entry.text)));
        }
    }
    problems
}

fn named(text: &Text) -> String {
    let files = text.files.join(", ");
    match &text.context {
        Some(context) => format!("{:?} as {context:?} ({files})", text.english),
        None => format!("{:?} ({files})", text.english),
    }
}

fn compare(entry: &CatalogueEntry, problems: &mut Vec<String>) {
    let text = &entry.text;
    let english: Vec<&str> = [&text.english]
        .into_iter()
        .chain(&text.plural)
        .map(String::as_str)
        .collect();
    for (at, form) in entry.forms.iter().enumerate() {
        let own = english.get(at).copied().unwrap_or(&text.english);
        let found = holes(form);
        // "one job" may also be "{n} Auftrag".
        let fits = found == holes(own) || at == 0 && english.iter().any(|it| holes(it) == found);
        if !fits {
            problems.push(format!(
                "the parts in braces differ in {form:?}: {}",
                named(text)
            ));
        }
        if links(form) != links(own) {
            problems.push(format!("the links differ in {form:?}: {}", named(text)));
        }
        if edges(form) != edges(own) {
            problems.push(format!(
                "the spaces at the ends differ in {form:?}: {}",
                named(text)
            ));
        }
    }
}

/// The parts in braces that are filled in, with how often each is; order is free, but for `{}`.
fn holes(text: &str) -> BTreeMap<String, usize> {
    let mut found = BTreeMap::new();
    let mut rest = text.replace("{{", "").replace("}}", "");
    while let Some((_, after)) = rest.split_once('{') {
        let (name, behind) = after.split_once('}').unwrap_or((after, ""));
        *found.entry(name.to_owned()).or_default() += 1;
        rest = behind.to_owned();
    }
    found
}

/// Terms of the glossary that a text leads to.
fn links(text: &str) -> Vec<&str> {
    let all = pieces(text).into_iter();
    let mut terms: Vec<&str> = all
        .filter_map(|piece| match piece {
            Piece::Term { term, .. } => Some(term),
            Piece::Text(_) => None,
        })
        .collect();
    terms.sort_unstable();
    terms.dedup();
    terms
}

fn edges(text: &str) -> (bool, bool) {
    (
        text.starts_with(char::is_whitespace),
        text.ends_with(char::is_whitespace),
    )
}

#[cfg(test)]
mod tests {
    use super::super::tests::text;
    use super::*;
    use std::path::Path;
    use triage_language::Language;

    /// What is said of one text with these forms.
    fn said(english: &str, plural: Option<&str>, forms: &[&str]) -> Vec<String> {
        let texts = [text(english, plural)];
        let none = Texts::read(Path::new("/there/is/none"), Language::German).unwrap();
        let mut catalogue = none.following(&texts);
        catalogue.entries[0].forms = forms.iter().map(|&form| form.to_owned()).collect();
        check(&texts, &catalogue)
    }

    #[test]
    fn a_whole_catalogue_has_no_problems() {
        for (english, plural, forms) in [
            ("{a} waits for {b}", None, &["auf {b} wartet {a}"][..]),
            (
                "one job",
                Some("{n} jobs"),
                &["ein Auftrag", "{n} Aufträge"],
            ),
            (
                "one job",
                Some("{n} jobs"),
                &["{n} Auftrag", "{n} Aufträge"],
            ),
            ("the [[stamp]] {{x}}", None, &["der [[Stempel|stamp]]"]),
        ] {
            assert_eq!(said(english, plural, forms), Vec::<String>::new());
        }
    }

    #[test]
    fn whatever_is_wrong_is_named() {
        for (english, plural, forms, words) in [
            ("a", None, &[""][..], "not translated"),
            ("{} has left", None, &["ist weg"], "parts in braces"),
            ("{a} of {b}", None, &["{a} von {a}"], "parts in braces"),
            (
                "one",
                Some("{n} jobs"),
                &["ein", "Aufträge"],
                "parts in braces",
            ),
            ("one", Some("{n} jobs"), &["ein", ""], "not translated"),
            ("the [[stamp]]", None, &["der [[Stempel]]"], "links"),
            ("✓ Done: ", None, &["✓ Getan:"], "spaces"),
        ] {
            let said = said(english, plural, forms);
            assert_eq!(said.len(), 1, "{english}: {said:?}");
            assert!(
                said[0].contains(words) && said[0].contains("src/a.rs"),
                "{said:?}"
            );
        }
    }

    #[test]
    fn missing_fuzzy_and_unused_texts_are_named() {
        let none = Texts::read(Path::new("/there/is/none"), Language::German).unwrap();
        let mut catalogue = none.following(&[text("old", None), text("unsure", None)]);
        for entry in &mut catalogue.entries {
            entry.forms = vec!["x".to_owned()];
        }
        catalogue.entries[1].is_fuzzy = true;
        let said = check(&[text("new", None), text("unsure", None)], &catalogue);
        let begin: Vec<&str> = said.iter().filter_map(|it| it.split(':').next()).collect();
        assert_eq!(
            begin,
            ["missing in the catalogue", "fuzzy", "no longer used"]
        );
    }
}
