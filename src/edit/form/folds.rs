//! Which parts of a form are unfolded.

use crate::Kind;
use crate::change::split;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Folds {
    /// IDs of open sections.
    pub sections: Vec<String>,
    /// Paths of open items.
    pub items: Vec<String>,
    /// Paths of lists that are shown in full.
    pub expanded_lists: Vec<String>,
}

impl Folds {
    /// What is open initially.
    pub fn initial(kind: Kind) -> Folds {
        let open = match kind {
            Kind::Scenario => vec!["general", "executors", "policies", "timeline"],
            Kind::Lesson => vec!["general", "steps"],
        };
        Folds {
            sections: open.into_iter().map(str::to_owned).collect(),
            ..Folds::default()
        }
    }

    /// Adds a name to the list or removes it.
    pub fn toggle(open: &mut Vec<String>, name: &str) {
        match open.iter().position(|one| one == name) {
            Some(at) => drop(open.remove(at)),
            None => open.push(name.to_owned()),
        }
    }

    /// Opens an item and closes its siblings, so that only one is edited at a time.
    pub fn open_item(&mut self, path: &str) {
        let (list, _) = split(path);
        self.close_below(list);
        self.items.push(path.to_owned());
    }

    /// Closes all items of a list.
    pub fn close_below(&mut self, list: &str) {
        let begin = [list, "["].concat();
        self.items.retain(|one| !one.starts_with(&begin));
    }
}
