//! What is being written, kept between visits: the newest first, a few at most, so that beginning something else loses
//! nothing.

use serde::Serialize;

use super::Kind;
use triage_scenario::json::Json;
use triage_scenario::reader::{self, Problem, Read, object};

/// More than this many are not kept.
const DRAFTS_MAX: usize = 5;

/// A text that is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Draft {
    /// When it was begun, in ms of the browser's clock: tells it from others.
    pub id: u64,
    /// The word of its [`Kind`].
    pub kind: String,
    /// Its title when it was written last; empty if it had none that could be read.
    pub title: String,
    /// The text.
    pub text: String,
}

impl Draft {
    /// What it is; nothing for what another version of the page wrote.
    pub fn kind(&self) -> Option<Kind> {
        Kind::of(&self.kind)
    }
}

impl Read for Draft {
    fn read(json: &Json) -> Result<Draft, Problem> {
        object!(json => Draft { "id" => id, "kind" => kind, "title" => title, "text" => text })
    }
}

/// What is kept, the newest first; nothing where it cannot be read.
pub fn read(stored: &str) -> Vec<Draft> {
    let mut all: Vec<Draft> = reader::read(stored).unwrap_or_default();
    all.retain(|draft| draft.kind().is_some());
    all
}

/// What is to be kept once a draft was written: it takes the place of the one of its number.
pub fn upsert(stored: &str, draft: Draft) -> String {
    let mut all = read(stored);
    all.retain(|one| one.id != draft.id);
    all.insert(0, draft);
    all.truncate(DRAFTS_MAX);
    written(&all)
}

/// What is to be kept once a draft is not wanted any more.
pub fn remove(stored: &str, id: u64) -> String {
    let mut all = read(stored);
    all.retain(|one| one.id != id);
    written(&all)
}

fn written(all: &[Draft]) -> String {
    // Writing plain values to memory cannot fail.
    serde_json::to_string(all).unwrap_or_default()
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
    fn what_cannot_be_read_is_nothing() {
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
