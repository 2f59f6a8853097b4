//! (stand-in until the real counter-based generator arrives; same interface)

/// Names one stream of random numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Key([u32; 2]);

fn mix(mut z: u64) -> u64 {
    z = z.wrapping_add(0x9E37_79B9_7F4A_7C15);
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

impl Key {
    #[must_use]
    pub fn from_seed(seed: u64) -> Self {
        Self([seed as u32, (seed >> 32) as u32])
    }

    #[must_use]
    pub fn derive(self, label: u32) -> Self {
        let seed = u64::from(self.0[0]) | (u64::from(self.0[1]) << 32);
        Self::from_seed(mix(mix(seed) ^ u64::from(label)))
    }
}

/// Random numbers in order from one key.
#[derive(Clone, Debug)]
pub struct Stream(u64);

impl Stream {
    #[must_use]
    pub fn new(key: Key) -> Self {
        Self(mix(u64::from(key.0[0]) | (u64::from(key.0[1]) << 32)))
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        mix(self.0)
    }

    pub fn below(&mut self, n: u32) -> u32 {
        ((u128::from(self.next()) * u128::from(n)) >> 64) as u32
    }

    pub fn uniform(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1u64 << 53) as f64
    }

    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for i in (1..items.len()).rev() {
            items.swap(i, self.below(i as u32 + 1) as usize);
        }
    }
}
