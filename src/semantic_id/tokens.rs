//! The recommender's vocabulary: a code of each level is a token of its own, then the suffixes, then the beginning of a history.

/// Which token stands for what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tokens {
    /// L.
    pub levels: usize,
    /// K.
    pub codes: usize,
    /// How many items that share all codes can be told apart.
    pub suffixes: usize,
}

impl Tokens {
    /// Tokens of an item: its codes and its suffix.
    #[must_use]
    pub fn per_item(self) -> usize {
        self.levels + 1
    }

    /// V.
    #[must_use]
    pub fn vocabulary(self) -> usize {
        self.levels * self.codes + self.suffixes + 1
    }

    /// The beginning of every history.
    #[must_use]
    pub fn begin(self) -> u32 {
        self.vocabulary() as u32 - 1
    }

    /// The tokens that may stand at a place of an item: from, count.
    #[must_use]
    pub fn at(self, place: usize) -> (usize, usize) {
        match place < self.levels {
            true => (place * self.codes, self.codes),
            false => (self.levels * self.codes, self.suffixes),
        }
    }

    /// What stands at each place of an item (L + 1). Beyond the last suffix items can no longer be told apart.
    #[must_use]
    pub fn places(self, codes: &[u32], suffix: u32) -> Vec<u32> {
        [codes, &[suffix.min(self.suffixes as u32 - 1)]].concat()
    }

    /// The tokens of an item's places.
    pub fn of(self, places: &[u32]) -> impl Iterator<Item = u32> {
        places.iter().enumerate().map(move |(place, code)| self.at(place).0 as u32 + code)
    }
}
