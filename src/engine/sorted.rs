//! Maps and sets as sorted vectors. The engine's are small, or grow at their end, so they are as fast as trees; and
//! the page, which is downloaded, is a tenth smaller without trees of a dozen types.

/// Entries in the order of their keys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SortedMap<K, V>(Vec<(K, V)>);

impl<K, V> Default for SortedMap<K, V> {
    fn default() -> Self {
        SortedMap(Vec::new())
    }
}

impl<K: Ord, V> SortedMap<K, V> {
    fn place<Q: Ord + ?Sized>(&self, key: &Q) -> Result<usize, usize>
    where
        K: std::borrow::Borrow<Q>,
    {
        self.0.binary_search_by(|entry| entry.0.borrow().cmp(key))
    }

    /// The value of a key.
    pub fn get<Q: Ord + ?Sized>(&self, key: &Q) -> Option<&V>
    where
        K: std::borrow::Borrow<Q>,
    {
        let place = self.place(key).ok()?;
        Some(&self.0[place].1)
    }

    /// The same, to be changed.
    pub fn get_mut<Q: Ord + ?Sized>(&mut self, key: &Q) -> Option<&mut V>
    where
        K: std::borrow::Borrow<Q>,
    {
        let place = self.place(key).ok()?;
        Some(&mut self.0[place].1)
    }

    /// Whether there is a value of a key.
    pub fn contains_key(&self, key: &K) -> bool {
        self.place(key).is_ok()
    }

    /// Puts a value under a key; gives back the one that was there.
    pub fn insert(&mut self, key: K, value: V) -> Option<V> {
        match self.place(&key) {
            Ok(place) => Some(std::mem::replace(&mut self.0[place].1, value)),
            Err(place) => {
                self.0.insert(place, (key, value));
                None
            }
        }
    }

    /// The value of a key, which is `value` if there was none.
    pub fn get_or_insert(&mut self, key: K, value: V) -> &mut V {
        let place = match self.place(&key) {
            Ok(place) => place,
            Err(place) => {
                self.0.insert(place, (key, value));
                place
            }
        };
        &mut self.0[place].1
    }

    /// Takes the value of a key out.
    pub fn remove(&mut self, key: &K) -> Option<V> {
        let place = self.place(key).ok()?;
        Some(self.0.remove(place).1)
    }

    /// How many entries there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Forgets every entry.
    pub fn clear(&mut self) {
        self.0.clear();
    }

    /// Every key, lowest first.
    pub fn keys(&self) -> impl Iterator<Item = &K> {
        self.0.iter().map(|entry| &entry.0)
    }

    /// Every value, in the order of the keys.
    pub fn values(&self) -> impl Iterator<Item = &V> {
        self.0.iter().map(|entry| &entry.1)
    }

    /// The same, to be changed.
    pub fn values_mut(&mut self) -> impl Iterator<Item = &mut V> {
        self.0.iter_mut().map(|entry| &mut entry.1)
    }

    /// Every entry, lowest key first.
    pub fn iter(&self) -> impl Iterator<Item = (&K, &V)> {
        self.0.iter().map(|entry| (&entry.0, &entry.1))
    }

    /// The same, with values to be changed.
    pub fn iter_mut(&mut self) -> impl Iterator<Item = (&K, &mut V)> {
        self.0.iter_mut().map(|entry| (&entry.0, &mut entry.1))
    }
}

impl<K, V> IntoIterator for SortedMap<K, V> {
    type Item = (K, V);
    type IntoIter = std::vec::IntoIter<(K, V)>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl<K: Ord, V> FromIterator<(K, V)> for SortedMap<K, V> {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(entries: I) -> Self {
        let mut map = SortedMap::default();
        for (key, value) in entries {
            map.insert(key, value);
        }
        map
    }
}

/// Keys in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SortedSet<K>(Vec<K>);

impl<K> Default for SortedSet<K> {
    fn default() -> Self {
        SortedSet(Vec::new())
    }
}

impl<K: Ord> SortedSet<K> {
    /// Puts a key in; false if it was there.
    pub fn insert(&mut self, key: K) -> bool {
        let place = self.0.binary_search(&key);
        if let Err(place) = place {
            self.0.insert(place, key);
        }
        place.is_err()
    }

    /// Takes a key out; false if it was not there.
    pub fn remove(&mut self, key: &K) -> bool {
        let place = self.0.binary_search(key);
        if let Ok(place) = place {
            self.0.remove(place);
        }
        place.is_ok()
    }

    /// Takes the lowest keys out.
    pub fn drop_first(&mut self, count: usize) {
        self.0.drain(..count.min(self.0.len()));
    }

    /// The keys, lowest first.
    pub fn iter(&self) -> impl Iterator<Item = &K> {
        self.0.iter()
    }

    /// Whether a key is in it.
    pub fn contains(&self, key: &K) -> bool {
        self.0.binary_search(key).is_ok()
    }

    /// How many keys there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl<K: Ord> FromIterator<K> for SortedSet<K> {
    fn from_iter<I: IntoIterator<Item = K>>(keys: I) -> Self {
        let mut set = SortedSet::default();
        for key in keys {
            set.insert(key);
        }
        set
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::{BTreeMap, BTreeSet};

    #[test]
    fn they_do_what_trees_do() {
        let (mut map, mut tree) = (SortedMap::default(), BTreeMap::new());
        let (mut set, mut other) = (SortedSet::default(), BTreeSet::new());
        let mut chance: u32 = 7;
        for _ in 0..2_000 {
            chance = chance.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let (key, value) = (chance >> 26, chance >> 8 & 0xff);
            match chance >> 20 & 3 {
                0 => assert_eq!(map.remove(&key), tree.remove(&key)),
                1 => assert_eq!(
                    *map.get_or_insert(key, value),
                    *tree.entry(key).or_insert(value)
                ),
                2 => assert_eq!(set.remove(&key), other.remove(&key)),
                _ => {
                    assert_eq!(map.insert(key, value), tree.insert(key, value));
                    assert_eq!(set.insert(key), other.insert(key));
                }
            }
            assert_eq!(map.get(&key), tree.get(&key));
            assert_eq!(set.contains(&key), other.contains(&key));
            assert!(map.iter().eq(tree.iter()));
            assert_eq!((map.len(), set.len()), (tree.len(), other.len()));
        }
    }
}
