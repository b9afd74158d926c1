//! Drafts stored in the browser: the latest first, and only a few, so that starting another document loses nothing.

use serde::Serialize;

use super::Kind;
use triage_scenario::json::Json;
use triage_scenario::reader::{self, Problem, Read, object};

/// Maximum number of stored drafts.
const DRAFTS_MAX: usize = 5;

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Draft {
    /// When it was started, in ms of the browser's clock; identifies the draft.
    pub id: u64,
    /// The name of its [`Kind`].
    pub kind: String,
    /// Its latest title; empty if it can't be read.
    pub title: String,
    pub text: String,
}

impl Draft {
    /// Its kind; `None` if another version of the page stored an unknown one.
    pub fn kind(&self) -> Option<Kind> {
        Kind::of(&self.kind)
    }
}

impl Read for Draft {
    fn read(json: &Json) -> Result<Draft, Problem> {
        object!(json => Draft { "id" => id, "kind" => kind, "title" => title, "text" => text })
    }
}

/// Reads the stored drafts, the latest first; empty if they can't be read.
pub fn read(stored: &str) -> Vec<Draft> {
    let mut all: Vec<Draft> = reader::read(stored).unwrap_or_default();
    all.retain(|draft| draft.kind().is_some());
    all
}

/// The stored text after a draft was changed: it replaces the one with the same id.
pub fn upsert(stored: &str, draft: Draft) -> String {
    let mut all = read(stored);
    all.retain(|one| one.id != draft.id);
    all.insert(0, draft);
    all.truncate(DRAFTS_MAX);
    written(&all)
}

/// The stored text after a draft was deleted.
pub fn remove(stored: &str, id: u64) -> String {
    let mut all = read(stored);
    all.retain(|one| one.id != id);
    written(&all)
}

fn written(all: &[Draft]) -> String {
    serde_json::to_string(all).unwrap_or_else(|_| unreachable!("plain values can be serialised"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draft(id: u64, text: &str) -> Draft {
        Draft {
            id,
            kind: "lesson".to_owned(),
            title: "A \"title\"".to_owned(),
            text: text.to_owned(),
        }
    }

    #[test]
    fn the_newest_is_first_and_each_is_there_once() {
        let mut stored = String::new();
        for id in 1..=7 {
            stored = upsert(&stored, draft(id, "{\n"));
        }
        stored = upsert(&stored, draft(5, "again"));
        let ids: Vec<u64> = read(&stored).iter().map(|it| it.id).collect();
        assert_eq!(ids, [5, 7, 6, 4, 3]);
        assert_eq!(read(&stored)[0], draft(5, "again"));
        assert_eq!(read(&remove(&stored, 5)).len(), 4);
    }

    #[test]
    fn unreadable_drafts_are_skipped() {
        for stored in [
            "",
            "[",
            "{}",
            "[1]",
            r#"[{"id": 1, "kind": "poem", "title": "", "text": ""}]"#,
        ] {
            assert_eq!(read(stored), []);
        }
    }
}
