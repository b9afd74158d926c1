//! What of a form is folded and unfolded.

use crate::Kind;
use crate::change::split;

/// What is folded and unfolded.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Folds {
    /// Sections that are open.
    pub sections: Vec<String>,
    /// Items that are open, by their paths.
    pub items: Vec<String>,
    /// Lists of which all is shown.
    pub expanded_lists: Vec<String>,
}

impl Folds {
    /// What is open at first.
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

    /// Opens what is closed, and closes what is open.
    pub fn toggle(open: &mut Vec<String>, name: &str) {
        match open.iter().position(|one| one == name) {
            Some(at) => drop(open.remove(at)),
            None => open.push(name.to_owned()),
        }
    }

    /// An item is opened, and its neighbours are closed: what is worked at is one of them.
    pub fn open_item(&mut self, path: &str) {
        let (list, _) = split(path);
        self.close_below(list);
        self.items.push(path.to_owned());
    }

    /// Nothing of a list is open any more.
    pub fn close_below(&mut self, list: &str) {
        let begin = [list, "["].concat();
        self.items.retain(|one| !one.starts_with(&begin));
    }
}
