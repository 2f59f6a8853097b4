//! The weights of a blend from what a step stored: one place for decode, for training and for what the GPU records.
//!
//! Not here: how values are drawn and stored (`decode/`, `shaders/`), the formulas (`math/`).

use std::collections::BTreeMap;

use super::chain::{Blending, Drawing};
use crate::math::gumbel::mixture;
use crate::math::noises::{Noise, sample_mixture};
use crate::math::softmax::entropy;

/// Probabilities below this are shown as if they were this large: their logarithm stays finite.
pub const LEAST_SHOWN: f64 = 1e-30;

impl Blending {
    /// The weights (K) of stored values (K): what rollout and training both use, so that the inputs of the old, the new and the
    /// reference policy are identical.
    #[must_use]
    pub fn weights(&self, stored: &[f32]) -> Vec<f32> {
        let stored: Vec<f64> = stored.iter().map(|y| f64::from(*y)).collect();
        let weights = match self.noise {
            Noise::Gumbel => mixture(&stored, self.gumbel_temperature),
            Noise::Dirichlet | Noise::Gaussian => sample_mixture(&stored),
        };
        weights.into_iter().map(|w| w as f32).collect()
    }
}

impl Drawing {
    /// The weights (K) of draws with these probabilities (K).
    #[must_use]
    pub fn weights(&self, probs: &[f64]) -> Vec<f32> {
        let masses: Vec<f64> = probs.iter().map(|prob| if self.weighted { *prob } else { 1.0 }).collect();
        let total: f64 = masses.iter().sum();
        masses.into_iter().map(|mass| (mass / total) as f32).collect()
    }
}

/// The weight of each token among draws, in the order of ids: draws of the same token are one in the input.
#[must_use]
pub fn merged(ids: &[u32], weights: &[f32]) -> Vec<f32> {
    let mut tokens = BTreeMap::<u32, f32>::new();
    ids.iter().zip(weights).for_each(|(id, weight)| *tokens.entry(*id).or_default() += weight);
    tokens.into_values().collect()
}

/// Entropy (nats) of the weights of a blend; Gaussian ones may be negative.
#[must_use]
pub fn mixture_entropy(weights: &[f32]) -> f32 {
    entropy(&weights.iter().map(|w| f64::from(w.max(0.0))).collect::<Vec<_>>()) as f32
}
