//! The tree of what was done by hand. Every act begins a version of the run that shares the past of the one it was
//! done in, so acting in the past loses nothing: a version is its acts, and its events are replayed from them.

use std::rc::Rc;

use super::Player;
use triage_engine::command::Action;
use triage_engine::time::to_us;
use triage_engine::trace::Recorder;
use triage_language::{language, say, tr};

/// A command given by hand: replayed after exactly as many steps of the world.
#[derive(Clone, Debug)]
pub(super) struct Given {
    pub t_ns: u64,
    pub steps: u64,
    pub principal: Rc<str>,
    pub action: Action,
}

/// A place of the cursor: after so many events, at a moment in ns.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Place {
    pub count: u32,
    pub t_ns: u64,
}

/// The run with one act more than its parent.
#[derive(Debug, Default)]
pub(super) struct Version {
    pub parent: Option<usize>,
    pub act: Option<Given>,
    /// Just before the act.
    pub begin: Place,
    /// Events that somebody watched in it.
    pub seen: u32,
    pub name: Option<String>,
}

/// Every version, and the one that is played.
#[derive(Debug)]
pub(super) struct Tree {
    versions: Vec<Version>,
    current: usize,
    /// What was undone, the latest last.
    undone: Vec<usize>,
}

impl Default for Tree {
    fn default() -> Tree {
        Tree {
            versions: vec![Version::default()],
            current: 0,
            undone: Vec::new(),
        }
    }
}

/// A branch as a menu shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Branch {
    /// What [`Player::switch_branch`] takes.
    pub id: usize,
    /// The name a person gave it, or its last act in words.
    pub name: String,
    /// Commands by hand in it.
    pub acts: usize,
    /// When it left the branch it began in, in µs; 0 for the scenario as it is written.
    pub begin_us: u64,
    /// Whether it is played now.
    pub is_current: bool,
}

impl Tree {
    /// Every version, the scenario as it is written first.
    pub fn versions(&self) -> &[Version] {
        &self.versions
    }

    /// The same, to be named.
    pub fn versions_mut(&mut self) -> &mut [Version] {
        &mut self.versions
    }

    /// The version that is played.
    pub fn current(&self) -> usize {
        self.current
    }

    /// From the first version to one of them.
    fn line_of(&self, id: usize) -> Vec<usize> {
        let mut line = vec![id];
        while let Some(parent) = line.last().and_then(|last| self.versions[*last].parent) {
            line.push(parent);
        }
        line.reverse();
        line
    }

    /// The commands by hand of a version, in order.
    fn acts_of(&self, id: usize) -> Vec<Given> {
        let line = self.line_of(id).into_iter();
        line.filter_map(|version| self.versions[version].act.clone())
            .collect()
    }

    /// Somebody watched the current version up to here.
    pub fn see(&mut self, count: u32) {
        let version = &mut self.versions[self.current];
        version.seen = version.seen.max(count);
    }

    /// A new act after the first `given` ones of the current version.
    fn act(&mut self, given_before: usize, act: Given, begin: Place) {
        let parent = self.line_of(self.current)[given_before];
        // What nobody has watched beyond is continued under the same name.
        let continued = self.versions[parent].seen <= begin.count;
        let name = continued
            .then(|| self.versions[parent].name.take())
            .flatten();
        self.versions.push(Version {
            parent: Some(parent),
            act: Some(act),
            begin,
            name,
            ..Version::default()
        });
        self.current = self.versions.len() - 1;
        self.undone.clear();
    }

    /// Whether a version shows nothing that one of its children does not: nobody watched it beyond their beginning.
    fn is_covered(&self, id: usize) -> bool {
        let mut children = self
            .versions
            .iter()
            .filter(|version| version.parent == Some(id));
        children.any(|child| child.begin.count >= self.versions[id].seen)
    }

    fn branch(&self, id: usize) -> Branch {
        let version = &self.versions[id];
        let name = version.name.clone().unwrap_or_else(|| match &version.act {
            Some(act) => tr!(
                "{what} at {seconds} s",
                what = triage_labels::action(&act.action),
                seconds = seconds(to_us(act.t_ns))
            ),
            None => say("original").to_owned(),
        });
        Branch {
            id,
            name,
            acts: self.line_of(id).len() - 1,
            begin_us: to_us(version.begin.t_ns),
            is_current: id == self.current,
        }
    }
}

impl Player {
    /// Every branch of the run: the current one, and each that holds something no other does.
    pub fn branches(&self) -> Vec<Branch> {
        let tree = &self.tree;
        let ids = 0..tree.versions.len();
        ids.filter(|id| *id == tree.current || !tree.is_covered(*id))
            .map(|id| tree.branch(id))
            .collect()
    }

    /// Goes to the same moment of another branch. An unknown number changes nothing.
    pub fn switch_branch(&mut self, id: usize) {
        if id < self.tree.versions.len() && id != self.tree.current {
            let now_us = to_us(self.world.now_ns());
            self.tree.undone.clear();
            self.go_to_version(id);
            self.seek_us(now_us);
        }
    }

    /// Gives a branch a name; an empty one gives it back the name of its last act.
    pub fn rename_branch(&mut self, id: usize, name: &str) {
        let name: String = name.trim().chars().take(60).collect();
        if let Some(version) = self.tree.versions.get_mut(id) {
            version.name = (!name.is_empty()).then_some(name);
            self.revision += 1;
        }
    }

    /// Takes the last command by hand back: the run as it was without it, just before it. The branch with it stays.
    /// False if there is none.
    pub fn undo(&mut self) -> bool {
        let undone = self.tree.current;
        let (parent, begin) = {
            let version = &self.tree.versions[undone];
            (version.parent, version.begin)
        };
        let Some(parent) = parent else {
            return false;
        };
        self.go_to_version(parent);
        self.tree.undone.push(undone);
        self.go_to_place(begin);
        true
    }

    /// Gives the command that was taken back last again. False if there is none.
    pub fn redo(&mut self) -> bool {
        let Some(id) = self.tree.undone.pop() else {
            return false;
        };
        self.go_to_version(id);
        while self.given_before < self.given.len() && self.run_one() {}
        self.moved();
        true
    }

    /// Whether [`Player::undo`] and [`Player::redo`] have something to do.
    pub fn can_undo_redo(&self) -> (bool, bool) {
        let current = &self.tree.versions[self.tree.current];
        (current.parent.is_some(), !self.tree.undone.is_empty())
    }

    /// Remembers an act at the cursor and makes it the newest of the current version.
    pub(super) fn remember_act(&mut self, act: Given, count: u32) {
        let begin = Place {
            count,
            t_ns: act.t_ns,
        };
        self.tree.act(self.given_before, act.clone(), begin);
        self.given.truncate(self.given_before);
        self.given.push(act);
        self.given_before = self.given.len();
    }

    /// Makes another version the current one; the cursor is left where the two part, or where it was before that.
    pub(super) fn go_to_version(&mut self, id: usize) {
        let acts = self.tree.acts_of(id);
        let (old, new) = (self.tree.line_of(self.tree.current), self.tree.line_of(id));
        let shared = old.iter().zip(&new).take_while(|(a, b)| a == b).count() - 1;
        let parts = [self.given.get(shared), acts.get(shared)];
        let steps = parts.into_iter().flatten().map(|act| act.steps).min();
        if let Some(steps) = steps {
            self.go_to_step(steps, shared);
            self.forget_future();
        }
        self.given = acts;
        self.tree.current = id;
        self.playing = false;
        let seen = self.tree.versions[id].seen;
        self.record_ahead(seen.saturating_sub(self.trace.count()));
    }

    /// Moves the cursor to a place of the current version.
    fn go_to_place(&mut self, place: Place) {
        let fits = |count: u32, now_ns: u64| count <= place.count && now_ns <= place.t_ns;
        let back = !fits(self.count, self.world.now_ns());
        self.restore(
            |checkpoint| fits(checkpoint.count, checkpoint.world.now_ns()),
            back,
        );
        while self.count < place.count && self.run_one() {}
        self.world.pass(place.t_ns);
        self.moved();
    }

    /// Moves the cursor to where as many steps were made and as many acts done, if it is beyond; else leaves it.
    fn go_to_step(&mut self, steps: u64, given: usize) {
        if self.world.steps() <= steps && self.given_before <= given {
            return;
        }
        self.restore(
            |checkpoint| checkpoint.world.steps() <= steps && checkpoint.given <= given,
            true,
        );
        while (self.world.steps() < steps || self.given_before < given) && self.run_one() {}
    }
}

/// A span in seconds with one decimal.
pub(super) fn seconds(us: u64) -> String {
    let (whole, tenths) = (us / 1_000_000, us / 100_000 % 10);
    [
        &whole.to_string(),
        language().decimal_mark(),
        &tenths.to_string(),
    ]
    .concat()
}
