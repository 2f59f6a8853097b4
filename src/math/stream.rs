//! Sequential draws for generators: integers, choices, shuffles, normals and gammas from one Threefry key.
//!
//! Not here: the noise of a rollout, whose draws are named by (sequence, step, candidate), not by order (`threefry.rs`, `Key`).

use std::ops::RangeInclusive;

use super::threefry::{Key, open_uniform};

/// A sequence of random draws: draw n is `key.bits(low word of n, high word of n)`.
///
/// Two streams of one key are equal: derive a child key for each purpose.
#[derive(Clone, Debug)]
pub struct Stream {
    key: Key,
    drawn: u64,
}

impl Stream {
    /// The stream of a key, at its beginning.
    #[must_use]
    pub fn new(key: Key) -> Self {
        Self { key, drawn: 0 }
    }

    /// 32 random bits.
    pub fn next_u32(&mut self) -> u32 {
        let bits = self.key.bits(self.drawn as u32, (self.drawn >> 32) as u32);
        self.drawn += 1;
        bits
    }

    /// 64 random bits (two draws, the high word first).
    pub fn next_u64(&mut self) -> u64 {
        let high = u64::from(self.next_u32());
        (high << 32) | u64::from(self.next_u32())
    }

    /// A uniform in the open interval (0, 1), on a grid of 2^-23.
    pub fn uniform(&mut self) -> f64 {
        open_uniform(self.next_u32())
    }

    /// A whole number in 0..n, each exactly as likely as the others. Source: Lemire 2019, "Fast random integer generation in an interval".
    ///
    /// # Panics
    /// If n is 0: there is no such number.
    pub fn below(&mut self, n: u32) -> u32 {
        assert!(n > 0, "below(0): there is no whole number below 0 to draw");
        let unfair = n.wrapping_neg() % n; // 2^32 mod n: so many low products would favour some answers
        loop {
            let product = u64::from(self.next_u32()) * u64::from(n);
            if product as u32 >= unfair {
                return (product >> 32) as u32;
            }
        }
    }

    /// A whole number of the range, both ends included, each exactly as likely as the others.
    ///
    /// # Panics
    /// If the range is empty.
    pub fn range(&mut self, range: RangeInclusive<i64>) -> i64 {
        let (low, high) = range.into_inner();
        assert!(low <= high, "range({low}..={high}): the range is empty");
        let span = high.wrapping_sub(low) as u64; // the count of numbers, less one
        let offset = match u32::try_from(span) {
            Ok(u32::MAX) => u64::from(self.next_u32()),
            Ok(small) => u64::from(self.below(small + 1)),
            Err(_) => self.below_or_equal(span),
        };
        low.wrapping_add(offset as i64)
    }

    /// A whole number in 0..=last by rejection under the smallest covering mask: at most two attempts on average.
    fn below_or_equal(&mut self, last: u64) -> u64 {
        let mask = u64::MAX >> last.leading_zeros();
        loop {
            let drawn = self.next_u64() & mask;
            if drawn <= last {
                return drawn;
            }
        }
    }

    /// Puts the items into a random order, each order equally likely (Fisher and Yates).
    ///
    /// # Panics
    /// If there are more than 2^32 - 1 items.
    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        assert!(u32::try_from(items.len()).is_ok(), "shuffle: more than 2^32 - 1 items");
        for last in (1..items.len()).rev() {
            items.swap(last, self.below(last as u32 + 1) as usize);
        }
    }

    /// One of the items, each equally likely.
    ///
    /// # Panics
    /// If there are none, or more than 2^32 - 1.
    pub fn choose<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        assert!(!items.is_empty(), "choose: there is nothing to choose from");
        assert!(u32::try_from(items.len()).is_ok(), "choose: more than 2^32 - 1 items");
        &items[self.below(items.len() as u32) as usize]
    }

    /// A draw of the standard normal distribution (Box and Muller; the sine half is not kept, so that each draw costs two uniforms).
    pub fn normal(&mut self) -> f64 {
        let radius = (-2.0 * self.uniform().ln()).sqrt();
        radius * (std::f64::consts::TAU * self.uniform()).cos()
    }

    /// A draw of the Gamma distribution with this shape and rate 1. Source: Marsaglia and Tsang 2000, shapes below 1 by their boost.
    ///
    /// # Panics
    /// If the shape is not a positive number.
    pub fn gamma(&mut self, shape: f64) -> f64 {
        assert!(shape > 0.0 && shape.is_finite(), "gamma: the shape must be a positive number, it is {shape}");
        if shape < 1.0 {
            let boost = self.uniform().ln() / shape;
            return self.gamma(shape + 1.0) * boost.exp();
        }
        let d = shape - 1.0 / 3.0;
        let c = 1.0 / (9.0 * d).sqrt();
        loop {
            let x = self.normal();
            let v = (1.0 + c * x).powi(3);
            if v > 0.0 && self.uniform().ln() < 0.5 * x * x + d - d * v + d * v.ln() {
                return d * v;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stream(seed: u64) -> Stream {
        Stream::new(Key::from_seed(seed))
    }

    #[test]
    fn draws_follow_the_named_counters() {
        let key = Key::from_seed(3);
        let mut draws = Stream::new(key);
        assert_eq!([draws.next_u32(), draws.next_u32()], [key.bits(0, 0), key.bits(1, 0)]);
    }

    #[test]
    fn integers_stay_in_range_and_reach_both_ends() {
        let mut draws = stream(1);
        for (low, high) in
            [(0, 0), (-3, 4), (i64::MIN, i64::MAX), (-5_000_000_000, 5_000_000_000), (0, i64::from(u32::MAX))]
        {
            assert!((0..100).all(|_| (low..=high).contains(&draws.range(low..=high))));
        }
        let seen: std::collections::BTreeSet<i64> = (0..200).map(|_| draws.range(-2..=2)).collect();
        assert_eq!(seen.into_iter().collect::<Vec<_>>(), [-2, -1, 0, 1, 2]);
        assert_eq!(draws.below(1), 0);
    }

    #[test]
    fn shuffles_are_permutations_and_choices_are_members() {
        let mut draws = stream(2);
        let mut items: Vec<u32> = (0..50).collect();
        draws.shuffle(&mut items);
        assert!(items.contains(draws.choose(&items)) && items[..10] != (0..10).collect::<Vec<u32>>());
        items.sort_unstable();
        assert_eq!(items, (0..50).collect::<Vec<u32>>());
    }

    #[test]
    fn normals_and_gammas_have_their_moments() {
        let mut draws = stream(4);
        let count = 40_000;
        let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len() as f64;
        let normals: Vec<f64> = (0..count).map(|_| draws.normal()).collect();
        let squares: Vec<f64> = normals.iter().map(|x| x * x).collect();
        // Four standard errors of a mean over 40 000 draws: 4/200 of the deviation (1, and sqrt 2 for the squares).
        assert!(mean(&normals).abs() <= 0.02 && (mean(&squares) - 1.0).abs() <= 0.03);
        for shape in [0.2, 0.9, 2.5] {
            let gammas: Vec<f64> = (0..count).map(|_| draws.gamma(shape)).collect();
            assert!((mean(&gammas) - shape).abs() <= 0.02 * shape.sqrt(), "shape {shape}: mean {}", mean(&gammas));
        }
    }
}
