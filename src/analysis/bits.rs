//! A set of small numbers, one bit each: places in the trace, numbers of messages.

/// The set.
#[derive(Clone, Debug, Default)]
pub struct Bits {
    words: Vec<u64>,
}

impl Bits {
    /// Puts a number in.
    pub fn insert(&mut self, number: u32) {
        let index = number as usize / 64;
        if index >= self.words.len() {
            self.words.resize(index + 1, 0);
        }
        self.words[index] |= 1 << (number % 64);
    }

    /// Whether a number is in.
    pub fn contains(&self, number: u32) -> bool {
        let word = self.words.get(number as usize / 64);
        word.is_some_and(|word| word & (1 << (number % 64)) != 0)
    }

    /// What is in both.
    pub fn and(&self, other: &Bits) -> Bits {
        let both = self.words.iter().zip(&other.words);
        Bits {
            words: both.map(|(mine, theirs)| mine & theirs).collect(),
        }
    }

    /// The numbers, smallest first.
    pub fn iter(&self) -> impl Iterator<Item = u32> {
        (0..self.words.len() as u32 * 64).filter(|number| self.contains(*number))
    }
}
