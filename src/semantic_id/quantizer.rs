//! Codes for vectors by residual quantisation: each level quantises what the levels above left over.
//!
//! Not here: how the recommendation loss moves the codebooks (the trainer), balanced assignment (`sinkhorn.rs`), health (`health.rs`).

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use super::sinkhorn::{balanced, centred};
use crate::error::{Error, Result};
use crate::math::stream::Stream;
use crate::math::threefry::Key;

/// How items are written as codes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct QuantizerConfig {
    /// L, 1 to 8.
    pub levels: usize,
    /// K, 2 to 1024.
    pub codes: usize,
    /// Rounds of k-means before training.
    pub kmeans_rounds: usize,
    /// The entropic weight of the balanced assignment; 0: each item takes its nearest code.
    pub sinkhorn_epsilon: f64,
    pub sinkhorn_iterations: usize,
}

impl Default for QuantizerConfig {
    fn default() -> Self {
        Self { levels: 3, codes: 16, kmeans_rounds: 25, sinkhorn_epsilon: 0.003, sinkhorn_iterations: 50 }
    }
}

impl QuantizerConfig {
    /// # Errors
    /// `bad-input` naming the value that cannot be, and what can.
    pub fn validate(&self, items: usize) -> Result<()> {
        let Self { levels, codes, .. } = *self;
        if !(2..=1024).contains(&codes) {
            let why = if codes == 1 { ": with one code all items are written alike" } else { "" };
            return Err(Error::bad_input(format!("codes: expected 2 to 1024 a level, got {codes}{why}")));
        }
        if codes > items {
            return Err(Error::bad_input(format!("codes: expected at most one an item ({items}), got {codes}")));
        }
        // N items are told apart by so many bits; a level beyond that has nothing left to say.
        let bits = usize::BITS as usize - items.saturating_sub(1).leading_zeros() as usize;
        let most = bits.clamp(1, 8);
        if !(1..=most).contains(&levels) {
            return Err(Error::bad_input(format!(
                "levels: expected 1 to {most} for {items} items ({bits} bits tell them apart), got {levels}"
            )));
        }
        if !(self.sinkhorn_epsilon == 0.0 || (1e-4..=10.0).contains(&self.sinkhorn_epsilon)) {
            let epsilon = self.sinkhorn_epsilon;
            return Err(Error::bad_input(format!(
                "sinkhorn_epsilon: expected 0 (nearest code) or 0.0001 to 10, got {epsilon}"
            )));
        }
        Ok(())
    }
}

/// The codebooks.
#[derive(Clone, Debug, PartialEq)]
pub struct ResidualQuantizer {
    pub levels: usize,
    pub codes: usize,
    pub dim: usize,
    /// (L, K, D).
    pub codebooks: Vec<f32>,
}

/// What items are written as.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ids {
    pub levels: usize,
    /// (N, L).
    pub codes: Vec<u32>,
    /// (N): which of the items that share all codes this is, counted from 0 in the order of the catalogue.
    pub suffix: Vec<u32>,
}

impl Ids {
    /// Adds the suffixes that tell apart what shares all codes.
    #[must_use]
    pub fn new(levels: usize, codes: Vec<u32>) -> Self {
        let mut met: HashMap<Vec<u32>, u32> = HashMap::new();
        let suffix = codes
            .chunks_exact(levels)
            .map(|id| {
                let count = met.entry(id.to_vec()).or_default();
                *count += 1;
                *count - 1
            })
            .collect();
        Self { levels, codes, suffix }
    }

    /// The codes of an item (L).
    #[must_use]
    pub fn of(&self, item: u32) -> &[u32] {
        &self.codes[item as usize * self.levels..][..self.levels]
    }

    /// The codes of one level, an item each (N).
    #[must_use]
    pub fn level(&self, level: usize) -> Vec<u32> {
        self.codes.iter().skip(level).step_by(self.levels).copied().collect()
    }
}

impl ResidualQuantizer {
    /// Codebooks from k-means, level by level on what is left over. `content` (N, D).
    ///
    /// # Errors
    /// `bad-input` from [`QuantizerConfig::validate`].
    pub fn fit(content: &[f32], dim: usize, config: &QuantizerConfig, key: Key) -> Result<Self> {
        let items = content.len() / dim;
        config.validate(items)?;
        let QuantizerConfig { levels, codes, .. } = *config;
        let mut residual = content.to_vec();
        let mut codebooks = Vec::with_capacity(levels * codes * dim);
        for level in 0..levels {
            let mut draws = Stream::new(key.derive(level as u32));
            let book = kmeans(&residual, dim, codes, config.kmeans_rounds, &mut draws);
            for row in residual.chunks_exact_mut(dim) {
                let code = nearest(row, &book, dim);
                subtract(row, &book[code * dim..][..dim]);
            }
            codebooks.extend(book);
        }
        Ok(Self { levels, codes, dim, codebooks })
    }

    /// The codewords of a level (K, D).
    #[must_use]
    pub fn book(&self, level: usize) -> &[f32] {
        let size = self.codes * self.dim;
        &self.codebooks[level * size..][..size]
    }

    /// The nearest code of each level for every vector: no balance, no noise. `content` (N, D).
    #[must_use]
    pub fn nearest_ids(&self, content: &[f32]) -> Ids {
        self.ids(content, |distances| {
            let row =
                |row: &[f64]| (0..row.len()).fold(0, |best, code| if row[code] < row[best] { code } else { best });
            distances.chunks_exact(self.codes).map(row).collect()
        })
    }

    /// The ids that are kept for an epoch: level by level balanced, so that every code has its share of the items.
    #[must_use]
    pub fn balanced_ids(&self, content: &[f32], config: &QuantizerConfig) -> Ids {
        if config.sinkhorn_epsilon == 0.0 {
            return self.nearest_ids(content);
        }
        let QuantizerConfig { sinkhorn_epsilon, sinkhorn_iterations, .. } = *config;
        self.ids(content, |distances| balanced(&centred(distances), self.codes, sinkhorn_epsilon, sinkhorn_iterations))
    }

    fn ids(&self, content: &[f32], assign: impl Fn(&[f64]) -> Vec<usize>) -> Ids {
        let (dim, levels) = (self.dim, self.levels);
        let mut residual = content.to_vec();
        let mut codes = vec![0_u32; content.len() / dim * levels];
        for level in 0..levels {
            let book = self.book(level);
            let words = || book.chunks_exact(dim);
            let distances: Vec<f64> =
                residual.chunks_exact(dim).flat_map(|row| words().map(|word| distance(row, word))).collect();
            for ((item, code), row) in assign(&distances).into_iter().enumerate().zip(residual.chunks_exact_mut(dim)) {
                codes[item * levels + level] = code as u32;
                subtract(row, &book[code * dim..][..dim]);
            }
        }
        Ids::new(levels, codes)
    }

    /// The sum of an item's codewords (D): what its codes say of its vector.
    #[must_use]
    pub fn reconstruct(&self, id: &[u32]) -> Vec<f32> {
        let mut sum = vec![0.0; self.dim];
        for (level, &code) in id.iter().enumerate() {
            let word = &self.book(level)[code as usize * self.dim..][..self.dim];
            sum.iter_mut().zip(word).for_each(|(sum, part)| *sum += part);
        }
        sum
    }
}

/// Squared Euclidean distance.
#[must_use]
pub fn distance(a: &[f32], b: &[f32]) -> f64 {
    a.iter().zip(b).map(|(a, b)| f64::from(a - b) * f64::from(a - b)).sum()
}

fn nearest(row: &[f32], book: &[f32], dim: usize) -> usize {
    let away = |code: usize| distance(row, &book[code * dim..][..dim]);
    (0..book.len() / dim).fold(0, |best, code| if away(code) < away(best) { code } else { best })
}

fn subtract(row: &mut [f32], word: &[f32]) {
    row.iter_mut().zip(word).for_each(|(value, part)| *value -= part);
}

/// Lloyd's k-means, started by k-means++ (Arthur and Vassilvitskii 2007). A centre that loses all its rows goes to the row farthest
/// from its own centre. Returns (K, D).
fn kmeans(rows: &[f32], dim: usize, codes: usize, rounds: usize, draws: &mut Stream) -> Vec<f32> {
    let count = rows.len() / dim;
    let row = |at: usize| &rows[at * dim..][..dim];
    let mut book = row(draws.below(count as u32) as usize).to_vec();
    let mut away: Vec<f64> = (0..count).map(|at| distance(row(at), &book)).collect();
    while book.len() < codes * dim {
        let mut left = draws.uniform() * away.iter().sum::<f64>();
        let drawn = away.iter().position(|away| {
            left -= away;
            left <= 0.0
        });
        let word = row(drawn.unwrap_or(count - 1));
        away.iter_mut().enumerate().for_each(|(at, away)| *away = away.min(distance(row(at), word)));
        book.extend_from_slice(word);
    }
    for _ in 0..rounds {
        let assigned: Vec<usize> = (0..count).map(|at| nearest(row(at), &book, dim)).collect();
        let mut sums = vec![0.0_f64; codes * dim];
        let mut counts = vec![0_usize; codes];
        for (at, &code) in assigned.iter().enumerate() {
            counts[code] += 1;
            sums[code * dim..][..dim].iter_mut().zip(row(at)).for_each(|(sum, value)| *sum += f64::from(*value));
        }
        let before = book.clone();
        for code in 0..codes {
            let word = &mut book[code * dim..][..dim];
            if counts[code] == 0 {
                let lost = |at: usize| distance(row(at), &before[assigned[at] * dim..][..dim]);
                let farthest = (0..count).fold(0, |best, at| if lost(at) > lost(best) { at } else { best });
                word.copy_from_slice(row(farthest));
            } else {
                let mean = sums[code * dim..][..dim].iter().map(|sum| (sum / counts[code] as f64) as f32);
                word.iter_mut().zip(mean).for_each(|(value, mean)| *value = mean);
            }
        }
        if book == before {
            break;
        }
    }
    book
}
