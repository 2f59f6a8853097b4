//! The assignment of items to codes, its losses and its backward in f64 on plain slices: what Burn's (`assignment.rs`) is compared with.
//!
//! Not here: the Gumbel-softmax choice itself (`math/straight_through.rs`), σ's own loss (`decay.rs`).
//! Letters: n items; L levels; K codes; D width. Source: DIGER §DRIL and its branch `gradient-fix`.

use super::sinkhorn::centred;
use crate::math::straight_through::{straight_through, straight_through_backward};

/// What an assignment is made of.
#[derive(Clone, Debug)]
pub struct Assignment<'a> {
    /// (L, K, D).
    pub books: &'a [f64],
    pub codes: usize,
    pub dim: usize,
    /// (n, D).
    pub content: &'a [f64],
    /// The codes of the forward (n, L); none: the largest of score plus noise.
    pub kept: Option<&'a [u32]>,
    /// Noise times its scale (n, L, K).
    pub noise: &'a [f64],
    /// τ.
    pub temperature: f64,
    /// β of the commitment loss.
    pub commitment: f64,
}

/// What came of it.
#[derive(Clone, Debug)]
pub struct Assigned {
    /// The forward's codes (n, L).
    pub codes: Vec<u32>,
    /// (n, L, K).
    pub soft: Vec<f64>,
    /// Codebook loss and β · commitment loss, meant over levels and elements.
    pub quantization: f64,
    /// ‖Σ codewords − vector‖², meant over items and elements.
    pub reconstruction: f64,
    /// What every level was given (L, n, D).
    residuals: Vec<f64>,
    /// 1 / half the range of each level's distances (L).
    scales: Vec<f64>,
}

/// From outside: dLoss/d indicator (n, L, K), and the weights of the two losses of the assignment's own.
#[derive(Clone, Copy, Debug)]
pub struct Upstream<'a> {
    pub indicator: &'a [f64],
    pub quantization: f64,
    pub reconstruction: f64,
}

fn distance(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| (a - b) * (a - b)).sum()
}

impl Assignment<'_> {
    /// n.
    #[must_use]
    pub fn items(&self) -> usize {
        self.content.len() / self.dim
    }

    /// L.
    #[must_use]
    pub fn levels(&self) -> usize {
        self.books.len() / (self.codes * self.dim)
    }

    fn word(&self, level: usize, code: usize) -> &[f64] {
        &self.books[(level * self.codes + code) * self.dim..][..self.dim]
    }

    /// Assigns every item, level by level on what the levels above left over.
    #[must_use]
    pub fn forward(&self) -> Assigned {
        let (n, levels, k, d) = (self.items(), self.levels(), self.codes, self.dim);
        let mut residual = self.content.to_vec();
        let (mut codes, mut soft) = (vec![0; n * levels], vec![0.0; n * levels * k]);
        let (mut residuals, mut scales, mut quantization) = (Vec::new(), Vec::new(), 0.0);
        for level in 0..levels {
            residuals.extend_from_slice(&residual);
            let rows = residual.chunks_exact(d);
            let distances: Vec<f64> =
                rows.flat_map(|row| (0..k).map(move |code| distance(row, self.word(level, code)))).collect();
            let range = distances.iter().fold((f64::MAX, f64::MIN), |(a, b), v| (a.min(*v), b.max(*v)));
            scales.push(if range.1 > range.0 { 2.0 / (range.1 - range.0) } else { 0.0 });
            for (item, row) in centred(&distances).chunks_exact(k).enumerate() {
                let scores: Vec<f64> = row.iter().map(|distance| -distance).collect();
                let at = item * levels + level;
                let choice = straight_through(&scores, &self.noise[at * k..][..k], self.temperature);
                codes[at] = self.kept.map_or(choice.place as u32, |kept| kept[at]);
                soft[at * k..][..k].copy_from_slice(&choice.soft);
                let word = self.word(level, codes[at] as usize);
                let left = &mut residual[item * d..][..d];
                quantization += (1.0 + self.commitment) * distance(word, left) / (n * d * levels) as f64;
                left.iter_mut().zip(word).for_each(|(left, word)| *left -= word);
            }
        }
        // What no level took is the difference of the vector and the sum of its words.
        let reconstruction = residual.iter().map(|left| left * left).sum::<f64>() / (n * d) as f64;
        Assigned { codes, soft, quantization, reconstruction, residuals, scales }
    }

    /// The gradient of the losses by the codebooks (L, K, D). What a level is given, and the scale of its scores, pass none: residuals
    /// are cut from the words above, as in DIGER's code, and vectors are frozen.
    #[must_use]
    pub fn backward(&self, assigned: &Assigned, upstream: &Upstream<'_>) -> Vec<f64> {
        let (n, levels, k, d) = (self.items(), self.levels(), self.codes, self.dim);
        let mut gradient = vec![0.0; self.books.len()];
        for item in 0..n {
            let last = &assigned.residuals[((levels - 1) * n + item) * d..][..d];
            let last_word = self.word(levels - 1, assigned.codes[item * levels + levels - 1] as usize);
            for level in 0..levels {
                let at = item * levels + level;
                let residual = &assigned.residuals[(level * n + item) * d..][..d];
                let word = self.word(level, assigned.codes[at] as usize);
                let d_word: Vec<f64> = (0..d)
                    .map(|i| {
                        let codebook = 2.0 * (word[i] - residual[i]) / (n * d * levels) as f64;
                        let whole = 2.0 * (last_word[i] - last[i]) / (n * d) as f64;
                        upstream.quantization * codebook + upstream.reconstruction * whole
                    })
                    .collect();
                let book = |code: usize| (level * k + code) * d;
                let chosen = book(assigned.codes[at] as usize);
                gradient[chosen..][..d].iter_mut().zip(&d_word).for_each(|(sum, part)| *sum += part);
                // The indicator weighs the codewords, so the loss of the sum of words reaches the soft choice too.
                let d_indicator: Vec<f64> = (0..k)
                    .map(|code| {
                        let of_word: f64 = d_word.iter().zip(self.word(level, code)).map(|(a, b)| a * b).sum();
                        upstream.indicator[at * k + code] + of_word
                    })
                    .collect();
                let soft = &assigned.soft[at * k..][..k];
                let d_scores = straight_through_backward(soft, &d_indicator, self.temperature);
                for (code, d_score) in d_scores.into_iter().enumerate() {
                    let word = self.word(level, code);
                    for i in 0..d {
                        gradient[book(code) + i] += d_score * assigned.scales[level] * 2.0 * (residual[i] - word[i]);
                    }
                }
            }
        }
        gradient
    }
}
