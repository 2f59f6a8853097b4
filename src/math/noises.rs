//! The control noises of the reference's ablations, Dirichlet and Gaussian: samples, mixtures and scores with their backward.
//!
//! Not here: Gumbel noise, the method itself (`gumbel.rs`).
//!
//! Both controls store the unnormalised samples (K) as the action and mix by samples / Σ samples. The score of the Dirichlet control is
//! the mean of Gamma log densities of those samples, not the Dirichlet density, exactly as the reference codes it. Source: SofT-GRPO
//! `sampler.py` and `torch_functional.py`, Dirichlet and Gaussian branches.

use std::f64::consts::TAU;

use serde::{Deserialize, Serialize};

use super::density::{Term, Terms};
use super::gumbel::{DensityForm, log_density, log_density_backward};
use super::softmax::softmax;
use super::special::{digamma, ln_gamma};
use super::stream::Stream;
use super::threefry::Key;

/// A candidate counts in a control's score if its probability is greater.
pub const MASK_PROB: f64 = 0.05;
/// A Gamma log density is clamped from below here.
pub const GAMMA_LOG_DENSITY_MIN: f64 = -5.0;
/// A Gamma log density is clamped from above here.
pub const GAMMA_LOG_DENSITY_MAX: f64 = 3.0;
/// Gamma samples are raised to this: shapes near 0 draw numbers that underflow, whose logarithm would be infinite.
pub const GAMMA_SAMPLE_MIN: f64 = 1e-30;
/// The standard deviation of the Gaussian control.
pub const GAUSSIAN_DEVIATION: f64 = 0.05;
/// A Gaussian sample is scored as if it lay no further from its mean than this.
pub const GAUSSIAN_REACH: f64 = 0.15;

/// The noise of a soft step.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Noise {
    /// The method: the action is perturbed log probabilities.
    #[default]
    Gumbel,
    /// Control: the action is Gamma samples.
    Dirichlet,
    /// Control: the action is normal samples around the probabilities.
    Gaussian,
}

impl Noise {
    /// The score, in nats, of a stored action (K) under the current logits of the same candidates (K), as the reference's code has it.
    #[must_use]
    pub fn log_density(self, candidate_logits: &[f64], action: &[f64]) -> f64 {
        match self {
            Self::Gumbel => log_density(candidate_logits, action, &DensityForm::code()),
            Self::Dirichlet => gamma_terms(candidate_logits, action).score(),
            Self::Gaussian => gaussian_terms(candidate_logits, action).score(),
        }
    }

    /// The gradient of `d_out` · [`Noise::log_density`] by the candidates' logits (K).
    #[must_use]
    pub fn log_density_backward(self, candidate_logits: &[f64], action: &[f64], d_out: f64) -> Vec<f64> {
        match self {
            Self::Gumbel => log_density_backward(candidate_logits, action, &DensityForm::code(), d_out),
            Self::Dirichlet => gamma_terms(candidate_logits, action).backward(d_out),
            Self::Gaussian => gaussian_terms(candidate_logits, action).backward(d_out),
        }
    }
}

/// The draws of one candidate at one step of a rollout: the same whatever else is drawn.
#[must_use]
pub fn candidate_stream(key: Key, step: u32, id: u32) -> Stream {
    Stream::new(key.derive(step).derive(id))
}

/// A Gamma(`shape`, rate 1) sample of the Dirichlet control; a candidate without probability gets the floor.
#[must_use]
pub fn gamma_sample(shape: f64, draws: &mut Stream) -> f64 {
    if shape > 0.0 { draws.gamma(shape).max(GAMMA_SAMPLE_MIN) } else { GAMMA_SAMPLE_MIN }
}

/// An N(q, 0.05²) sample of the Gaussian control.
#[must_use]
pub fn gaussian_sample(prob: f64, draws: &mut Stream) -> f64 {
    prob + GAUSSIAN_DEVIATION * draws.normal()
}

/// The mixture (K) of a control's samples (K): samples / Σ samples. Gaussian weights may be negative, as in the reference.
#[must_use]
pub fn sample_mixture(samples: &[f64]) -> Vec<f64> {
    let total: f64 = samples.iter().sum();
    samples.iter().map(|sample| sample / total).collect()
}

/// Terms (q - 1) ln x - x - ln Γ(q), clamped to [-5, 3].
fn gamma_terms(candidate_logits: &[f64], samples: &[f64]) -> Terms {
    let probs = softmax(candidate_logits);
    let terms = probs.iter().zip(samples).map(|(prob, sample)| {
        let counted = *prob > MASK_PROB || prob.is_nan();
        if !counted {
            return Term { value: 0.0, d_prob: 0.0, counted }; // ln Γ of a probability that underflowed to 0 is infinite
        }
        let density = (prob - 1.0) * sample.ln() - sample - ln_gamma(*prob);
        let value = density.clamp(GAMMA_LOG_DENSITY_MIN, GAMMA_LOG_DENSITY_MAX);
        let d_prob = if value == density { sample.ln() - digamma(*prob) } else { 0.0 };
        Term { value, d_prob, counted }
    });
    Terms { terms: terms.collect(), probs, mean: true }
}

/// Terms log N(x; q, 0.05²) with x clamped to q ± 0.15; the clamp moves with q, so outside it the gradient is 0.
fn gaussian_terms(candidate_logits: &[f64], samples: &[f64]) -> Terms {
    let probs = softmax(candidate_logits);
    let variance = GAUSSIAN_DEVIATION * GAUSSIAN_DEVIATION;
    let terms = probs.iter().zip(samples).map(|(prob, sample)| {
        let distance = sample - prob;
        let used = distance.clamp(-GAUSSIAN_REACH, GAUSSIAN_REACH);
        let value = -0.5 * (used * used / variance + TAU.ln()) - GAUSSIAN_DEVIATION.ln();
        let d_prob = if used == distance { distance / variance } else { 0.0 };
        Term { value, d_prob, counted: *prob > MASK_PROB || prob.is_nan() }
    });
    Terms { terms: terms.collect(), probs, mean: true }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn samples_are_usable_and_mixtures_sum_to_one() {
        let mut draws = Stream::new(Key::from_seed(5));
        let probs = [0.9, 0.0999, 1e-4, 1e-12, 0.0];
        for _ in 0..200 {
            let gammas: Vec<f64> = probs.iter().map(|prob| gamma_sample(*prob, &mut draws)).collect();
            assert!(gammas.iter().all(|sample| *sample >= GAMMA_SAMPLE_MIN && sample.is_finite()));
            let normals = probs.iter().map(|prob| gaussian_sample(*prob, &mut draws)).collect();
            for samples in [gammas, normals] {
                assert!((sample_mixture(&samples).iter().sum::<f64>() - 1.0).abs() <= 1e-12);
            }
        }
    }

    #[test]
    fn a_candidate_whose_probability_underflows_does_no_harm() {
        let score = Noise::Dirichlet.log_density(&[800.0, 0.0], &[0.9, GAMMA_SAMPLE_MIN]);
        let gradient = Noise::Dirichlet.log_density_backward(&[800.0, 0.0], &[0.9, GAMMA_SAMPLE_MIN], 1.0);
        assert!(score.is_finite() && gradient.iter().all(|d| d.is_finite()));
    }
}
