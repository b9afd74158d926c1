//! The catalogue of a language as translators have it: a `.po` file (GNU gettext), read and written by `polib`.

use std::io::BufWriter;
use std::path::Path;

use polib::catalog::Catalog;
use polib::message::{Message, MessageFlags, MessageView};
use polib::metadata::CatalogMetadata;
use polib::po_file;

use super::Text;
use triage_language::Language;

/// A text with its translation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CatalogueEntry {
    /// What is translated.
    pub text: Text,
    /// Its translation: one form, or one for each number of the language; empty where it is missing.
    pub forms: Vec<String>,
    /// Whether somebody should look at it again.
    pub is_fuzzy: bool,
    /// What translators have noted.
    pub comments: String,
}

impl CatalogueEntry {
    /// Whether it is translated, and surely.
    pub fn is_done(&self) -> bool {
        !self.is_fuzzy && !self.forms.is_empty() && self.forms.iter().all(|it| !it.is_empty())
    }

    fn is_of(&self, text: &Text) -> bool {
        self.text.context == text.context && self.text.english == text.english
    }
}

/// The texts of one language, in the order of their file.
#[derive(Clone, Debug)]
pub struct Texts {
    /// What stands at the head of the file.
    head: Vec<String>,
    metadata: CatalogMetadata,
    /// The texts.
    pub entries: Vec<CatalogueEntry>,
}

/// Forms of a text with a plural: languages with more are not offered yet.
const FORMS: usize = 2;

impl Texts {
    /// Reads a file; one that is not there is empty.
    ///
    /// # Errors
    /// Says that it is damaged.
    pub fn read(path: &Path, language: Language) -> Result<Texts, String> {
        if !path.exists() {
            return Ok(Texts {
                head: vec![format!("Triage in {}: docs/languages.md.", language.name())],
                metadata: metadata(language),
                entries: Vec::new(),
            });
        }
        let catalogue =
            po_file::parse(path).map_err(|problem| format!("{}: {problem}", path.display()))?;
        Ok(Texts {
            entries: catalogue.messages().map(entry).collect(),
            head: catalogue.preheader,
            metadata: catalogue.metadata,
        })
    }

    /// The same translations for the texts that there are now: new ones have none, and gone ones are gone.
    pub fn following(&self, texts: &[Text]) -> Texts {
        let follow = |text: &Text| {
            let known = self.entries.iter().find(|entry| entry.is_of(text)).cloned();
            let mut entry = known.unwrap_or(CatalogueEntry {
                text: text.clone(),
                forms: Vec::new(),
                is_fuzzy: false,
                comments: String::new(),
            });
            if entry.text.plural != text.plural && entry.is_done() {
                entry.is_fuzzy = true;
            }
            entry.text = text.clone();
            let forms = text.plural.as_ref().map_or(1, |_| FORMS);
            entry.forms.resize(forms, String::new());
            entry
        };
        Texts {
            head: self.head.clone(),
            metadata: self.metadata.clone(),
            entries: texts.iter().map(follow).collect(),
        }
    }

    /// How many texts are in both.
    pub fn shared_with(&self, other: &Texts) -> usize {
        let is_there =
            |entry: &&CatalogueEntry| other.entries.iter().any(|one| one.is_of(&entry.text));
        self.entries.iter().filter(is_there).count()
    }

    /// The translation of a text.
    pub fn find(&self, text: &Text) -> Option<&CatalogueEntry> {
        self.entries.iter().find(|entry| entry.is_of(text))
    }

    /// Writes a file.
    ///
    /// # Errors
    /// Says that it cannot be written.
    pub fn write(&self, path: &Path) -> Result<(), String> {
        let mut catalogue = Catalog::new(self.metadata.clone());
        catalogue.preheader.clone_from(&self.head);
        for entry in &self.entries {
            catalogue.append_or_update(message(entry));
        }
        let failed = |problem: std::io::Error| format!("{}: {problem}", path.display());
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder).map_err(failed)?;
        }
        let mut written = BufWriter::new(Vec::new());
        po_file::write(&catalogue, &mut written).map_err(failed)?;
        let bytes = written.into_inner().map_err(|it| failed(it.into_error()))?;
        std::fs::write(path, bytes).map_err(failed)
    }
}

fn metadata(language: Language) -> CatalogMetadata {
    let head = format!(
        "Project-Id-Version: Triage\nMIME-Version: 1.0\nContent-Type: text/plain; charset=UTF-8\n\
         Content-Transfer-Encoding: 8bit\nLanguage: {}\nPlural-Forms: nplurals={FORMS}; plural=(n != 1);\n",
        language.tag()
    );
    CatalogMetadata::parse(&head).unwrap_or_default()
}

fn entry(message: &dyn MessageView) -> CatalogueEntry {
    let forms = match (message.msgstr_plural(), message.msgstr()) {
        (Ok(forms), _) => forms.clone(),
        (_, Ok(text)) => vec![text.to_owned()],
        _ => Vec::new(),
    };
    let files = message.source().split_whitespace().map(str::to_owned);
    CatalogueEntry {
        text: Text {
            context: message.msgctxt().map(str::to_owned),
            english: message.msgid().to_owned(),
            plural: message.msgid_plural().ok().map(str::to_owned),
            files: files.collect(),
        },
        forms,
        is_fuzzy: message.is_fuzzy(),
        comments: message.translator_comments().to_owned(),
    }
}

fn message(entry: &CatalogueEntry) -> Message {
    let text = &entry.text;
    let mut flags = MessageFlags::new();
    if entry.is_fuzzy {
        flags.add_flag("fuzzy");
    }
    let mut build = match &text.plural {
        Some(plural) => {
            let mut build = Message::build_plural();
            build.with_msgid_plural(plural.clone());
            build.with_msgstr_plural(entry.forms.clone());
            build
        }
        None => {
            let mut build = Message::build_singular();
            build.with_msgstr(entry.forms.concat());
            build
        }
    };
    build.with_msgctxt(text.context.clone().unwrap_or_default());
    build.with_msgid(text.english.clone());
    // Files without lines: else the catalogue would change with every change of the source.
    build.with_source(text.files.join("\n"));
    build.with_translator_comments(entry.comments.clone());
    build.with_flags(flags);
    build.done()
}

#[cfg(test)]
mod tests {
    use super::super::tests::text;
    use super::*;

    #[test]
    fn translations_stay_when_texts_come_and_go() {
        let path = std::env::temp_dir().join(format!("triage-{}.po", std::process::id()));
        let empty = Texts::read(&path, Language::German).unwrap();
        let long = "A long text, longer than a line of the file may be, with \"quotes\", a \\ and\na line end, so that it is folded.";
        let mut first = empty.following(&[
            text("stays", None),
            text("goes", None),
            text("one job", Some("{n} jobs")),
            text(long, None),
        ]);
        first.entries[0].forms = vec!["bleibt".to_owned()];
        first.entries[2].forms = vec!["ein Auftrag".to_owned(), "{n} Aufträge".to_owned()];
        first.entries[3].forms = vec![long.to_uppercase()];
        first.write(&path).unwrap();
        let read = Texts::read(&path, Language::German).unwrap();
        assert_eq!(read.entries, first.entries);
        let second = read.following(&[text("new", None), text("stays", None), text(long, None)]);
        let done: Vec<bool> = second.entries.iter().map(CatalogueEntry::is_done).collect();
        assert_eq!(done, [false, true, true]);
        // A sentence that has got a plural needs another look.
        let third = read.following(&[text("stays", Some("stay"))]);
        assert_eq!(third.entries[0].forms, ["bleibt", ""]);
        assert!(third.entries[0].is_fuzzy);
        second.write(&path).unwrap();
        let bytes = std::fs::read(&path).unwrap();
        Texts::read(&path, Language::German)
            .unwrap()
            .write(&path)
            .unwrap();
        assert_eq!(
            std::fs::read(&path).unwrap(),
            bytes,
            "written again it is the same"
        );
        std::fs::remove_file(&path).unwrap();
    }
}
