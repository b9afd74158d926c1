//! A small sorted table by number: what the page needs of a map, at a tenth of a tree's code size.

/// Entries in the order of their numbers.
pub struct Table<T>(Vec<(u32, T)>);

impl<T> Default for Table<T> {
    fn default() -> Self {
        Table(Vec::new())
    }
}

impl<T> Table<T> {
    fn find(&self, key: u32) -> Result<usize, usize> {
        self.0.binary_search_by_key(&key, |entry| entry.0)
    }

    /// The entry under a number.
    pub fn get(&self, key: u32) -> Option<&T> {
        self.find(key).ok().map(|at| &self.0[at].1)
    }

    /// Puts an entry under a number, in place of the one that was there.
    pub fn insert(&mut self, key: u32, value: T) {
        match self.find(key) {
            Ok(at) => self.0[at].1 = value,
            Err(at) => self.0.insert(at, (key, value)),
        }
    }

    /// Takes an entry out.
    pub fn remove(&mut self, key: u32) -> Option<T> {
        self.find(key).ok().map(|at| self.0.remove(at).1)
    }

    /// Every entry with its number, lowest first.
    pub fn iter(&self) -> impl Iterator<Item = &(u32, T)> {
        self.0.iter()
    }

    /// Keeps the entries that a test likes.
    pub fn retain(&mut self, mut keep: impl FnMut(u32, &mut T) -> bool) {
        self.0.retain_mut(|(key, value)| keep(*key, value));
    }

    /// Takes every entry out, lowest first.
    pub fn drain(&mut self) -> impl Iterator<Item = T> {
        std::mem::take(&mut self.0).into_iter().map(|entry| entry.1)
    }
}
