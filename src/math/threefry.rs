//! Counter-based random numbers: Threefry-2x32, and keys that name every draw.
//!
//! Not here: sequential draws and distributions (`stream.rs`), Gumbel noise (`gumbel.rs`).
//!
//! A draw is a function of (key, counter), so any engine can repeat any draw of a rollout without repeating the ones before it.

use serde::{Deserialize, Serialize};

/// Rounds of Threefry-2x32. Source: Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3" (Random123's default).
pub const ROUNDS: usize = 20;
/// Rotation distances of the eight successive rounds. Source: Random123 `threefry.h`, `R_32x2_*`.
pub const ROTATIONS: [u32; 8] = [13, 15, 26, 6, 17, 29, 16, 24];
/// Parity constant of the key schedule. Source: Random123 `threefry.h`, `SKEIN_KS_PARITY32`.
pub const PARITY: u32 = 0x1BD1_1BDA;
/// The minor counter that [`Key::derive`] reserves, so that child keys never coincide with draws.
pub const DERIVE: u32 = u32::MAX;
/// Bits of a uniform. 23 and not 24: the midpoint of the last of 2^24 cells rounds to 1.0 in f32, whose Gumbel noise is infinite.
pub const UNIFORM_BITS: u32 = 23;

/// One block of Threefry-2x32 with 20 rounds: two words of random bits for this key and counter.
///
/// Source: Salmon et al. 2011; the test vectors of Random123 (`kat_vectors`) are below.
#[must_use]
pub fn threefry2x32(key: [u32; 2], counter: [u32; 2]) -> [u32; 2] {
    let schedule = [key[0], key[1], PARITY ^ key[0] ^ key[1]];
    let mut x0 = counter[0].wrapping_add(schedule[0]);
    let mut x1 = counter[1].wrapping_add(schedule[1]);
    for round in 0..ROUNDS {
        x0 = x0.wrapping_add(x1);
        x1 = x1.rotate_left(ROTATIONS[round % 8]) ^ x0;
        if round % 4 == 3 {
            let injection = round / 4 + 1;
            x0 = x0.wrapping_add(schedule[injection % 3]);
            x1 = x1.wrapping_add(schedule[(injection + 1) % 3]).wrapping_add(injection as u32);
        }
    }
    [x0, x1]
}

/// The uniform of some random bits: the top 23 bits x as (x + 0.5) · 2^-23, strictly inside (0, 1), in f32 too.
#[must_use]
pub fn open_uniform(bits: u32) -> f64 {
    let cell = bits >> (u32::BITS - UNIFORM_BITS);
    (f64::from(cell) + 0.5) / f64::from(1u32 << UNIFORM_BITS)
}

/// The name of a family of random draws. Derive one child key for each purpose; draws of one key are named by two counters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Key(pub [u32; 2]);

impl Key {
    /// The root key of a seed: its high and low words (the order of `jax.random.PRNGKey`).
    #[must_use]
    pub fn from_seed(seed: u64) -> Self {
        Self([(seed >> 32) as u32, seed as u32])
    }

    /// The child key number `index`: threefry(key, [index, [`DERIVE`]]).
    #[must_use]
    pub fn derive(self, index: u32) -> Self {
        Self(threefry2x32(self.0, [index, DERIVE]))
    }

    /// The draw named (major, minor): the first word of threefry(key, [major, minor]). `minor` must be below [`DERIVE`].
    #[must_use]
    pub fn bits(self, major: u32, minor: u32) -> u32 {
        debug_assert!(minor != DERIVE, "the minor counter {DERIVE} is reserved for Key::derive");
        threefry2x32(self.0, [major, minor])[0]
    }

    /// The draw named (major, minor) as a uniform in (0, 1); see [`open_uniform`].
    #[must_use]
    pub fn uniform(self, major: u32, minor: u32) -> f64 {
        open_uniform(self.bits(major, minor))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repeats_the_published_test_vectors() {
        // Random123, tests/kat_vectors, lines "threefry2x32 20".
        let ones = u32::MAX;
        assert_eq!(threefry2x32([0, 0], [0, 0]), [0x6b20_0159, 0x99ba_4efe]);
        assert_eq!(threefry2x32([ones, ones], [ones, ones]), [0x1cb9_96fc, 0xbb00_2be7]);
        let pi = threefry2x32([0x1319_8a2e, 0x0370_7344], [0x243f_6a88, 0x85a3_08d3]);
        assert_eq!(pi, [0xc492_3a9c, 0x483d_f7a0]);
    }

    #[test]
    fn uniforms_stay_inside_the_open_interval_in_f32_too() {
        for bits in [0, 1, u32::MAX / 2, u32::MAX - 1, u32::MAX] {
            let uniform = open_uniform(bits);
            assert!(uniform > 0.0 && uniform < 1.0);
            let single = uniform as f32;
            assert!(single > 0.0 && single < 1.0 && f64::from(single) == uniform, "{bits}: {single}");
        }
    }

    #[test]
    fn children_differ_from_each_other_and_from_draws() {
        let key = Key::from_seed(7);
        assert_eq!(Key::from_seed(0x0000_0001_0000_0002), Key([1, 2]));
        assert_ne!(key.derive(0), key.derive(1));
        assert_ne!(key.derive(0), Key::from_seed(8).derive(0));
        assert_ne!(key.derive(3).0[0], key.bits(3, 0));
        assert_eq!(key.uniform(5, 6), open_uniform(key.bits(5, 6)));
    }

    /// Pearson's statistic of counts that should be equal.
    fn chi_square(counts: &[u32]) -> f64 {
        let wanted = f64::from(counts.iter().sum::<u32>()) / counts.len() as f64;
        counts.iter().map(|count| (f64::from(*count) - wanted).powi(2) / wanted).sum()
    }

    /// The bin of draw n under a key.
    type Draw = fn(Key, u32) -> u32;

    #[test]
    fn draws_are_uniform_along_both_counters_children_and_neighbours() {
        let key = Key::from_seed(2025);
        let draws: [(&str, Draw); 4] = [
            ("major", |key, n| key.bits(n, 0) >> 24),
            ("minor", |key, n| key.bits(0, n) >> 24),
            ("children", |key, n| key.derive(n).bits(0, 0) >> 24),
            ("neighbours", |key, n| (key.bits(n, 1) >> 28) << 4 | key.bits(n + 1, 1) >> 28),
        ];
        for (name, draw) in draws {
            let mut counts = [0; 256];
            (0..100_000).for_each(|n| counts[draw(key, n) as usize] += 1);
            // The 1e-3 quantile from above of chi-square with 255 degrees of freedom.
            assert!(chi_square(&counts) <= 330.52, "{name}: {}", chi_square(&counts));
        }
    }
}
