//! The policy term: PPO's clipped surrogate with dual clip, of tokens or of whole sequences, and the plain score function.
//!
//! Not here: advantages (`advantage.rs`), how tokens are summed into one loss (`aggregation.rs`), the other terms of a loss
//! (`objective.rs`, `kl.rs`), log probabilities of steps (`softmax.rs`, `gumbel.rs`).

use serde::{Deserialize, Serialize};

use super::aggregation::{Aggregation, COUNT_EPSILON};
use crate::error::{Error, Result};

/// log π − log π_old is clamped to plus or minus this before the exponential, so that no ratio overflows; beyond, the gradient is 0.
/// A guard that the reference's verl 0.4.x lacks: within it nothing differs.
pub const LOG_RATIO_LIMIT: f64 = 20.0;

/// The bounds of the clipped surrogate.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Clip {
    /// The ratio is clipped from below at 1 − low (TRL `epsilon`).
    pub low: f64,
    /// The ratio is clipped from above at 1 + high (TRL `epsilon_high`).
    pub high: f64,
    /// For negative advantages the loss is at most −advantage · dual (verl `clip_ratio_c`); above 1.
    pub dual: Option<f64>,
}

impl Default for Clip {
    /// SofT-GRPO's: 0.2, 0.2 and 3. Source: `ppo_trainer.yaml`.
    fn default() -> Self {
        Self { low: 0.2, high: 0.2, dual: Some(3.0) }
    }
}

impl Clip {
    /// Checks the ranges.
    ///
    /// # Errors
    /// `bad-input` naming the setting by its TRL or verl name, its range and what came.
    pub fn validate(&self) -> Result<()> {
        let wrong = |name: &str, value: f64, range: &str| {
            Err(Error::bad_input(format!("`{name}` must be {range}; it is {value}")))
        };
        match self.dual {
            _ if !(0.0..1.0).contains(&self.low) => wrong("epsilon", self.low, "in [0, 1)"),
            _ if !(0.0..=1e6).contains(&self.high) => wrong("epsilon_high", self.high, "in [0, 1e6]"),
            Some(dual) if !(dual > 1.0 && dual.is_finite()) => wrong("clip_ratio_c", dual, "greater than 1"),
            _ => Ok(()),
        }
    }
}

/// The policy term of one token.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TokenLoss {
    /// To be minimised.
    pub loss: f64,
    /// The derivative of the loss by the current log probability.
    pub d_log_prob: f64,
    /// π / π_old.
    pub ratio: f64,
    /// The lower bound took hold: ratio < 1 − low and a negative advantage.
    pub clipped_low: bool,
    /// The upper bound took hold: ratio > 1 + high and a positive advantage.
    pub clipped_high: bool,
    /// The dual bound took hold.
    pub clipped_dual: bool,
}

/// max(−Aρ, −A clip(ρ, 1 − low, 1 + high)), and for A < 0 at most −A · dual, where ρ = exp(`log_prob` − `old_log_prob`).
///
/// Source: Schulman et al. 2017, arXiv 1707.06347, equation 7; dual clip: Ye et al. 2020, arXiv 1912.09729;
/// verl `core_algos.py::compute_policy_loss`.
#[must_use]
pub fn clipped_surrogate(log_prob: f64, old_log_prob: f64, advantage: f64, clip: &Clip) -> TokenLoss {
    let log_ratio = log_prob - old_log_prob;
    let used = log_ratio.clamp(-LOG_RATIO_LIMIT, LOG_RATIO_LIMIT);
    let ratio = used.exp();
    let plain = -advantage * ratio;
    let clipped = -advantage * ratio.max(1.0 - clip.low).min(1.0 + clip.high);
    let held = clipped > plain;
    let loss = if held { clipped } else { plain };
    let ceiling = clip.dual.filter(|_| advantage < 0.0).map(|dual| -advantage * dual).filter(|ceiling| loss > *ceiling);
    TokenLoss {
        loss: ceiling.unwrap_or(loss),
        d_log_prob: if held || ceiling.is_some() || used != log_ratio { 0.0 * loss } else { plain },
        ratio,
        clipped_low: held && advantage < 0.0,
        clipped_high: held && advantage > 0.0,
        clipped_dual: ceiling.is_some(),
    }
}

/// −A log π: the score function (REINFORCE), whose gradient is unbiased for the policy that acted. The ratio is 1, nothing is clipped.
///
/// Source: Williams 1992; RLOO: Ahmadian et al. 2024, arXiv 2402.14740; Soft Tokens: Butt et al. 2025, arXiv 2509.19170, §3.
#[must_use]
pub fn score_function(log_prob: f64, advantage: f64) -> TokenLoss {
    TokenLoss {
        loss: -advantage * log_prob,
        d_log_prob: -advantage,
        ratio: 1.0,
        clipped_low: false,
        clipped_high: false,
        clipped_dual: false,
    }
}

/// GSPO: the clipped surrogate of a whole sequence, whose ratio is exp(mean_t (log π − log π_old)) over its T tokens.
///
/// `d_log_prob` is the derivative by the log probability of each of the T tokens: all have the same. Without tokens: that of ratio 1,
/// without a slope. Source: Zheng et al. 2025, arXiv 2507.18071, equations 5 to 7; TRL `importance_sampling_level="sequence"`.
#[must_use]
pub fn sequence_surrogate(log_probs: &[f64], old_log_probs: &[f64], advantage: f64, clip: &Clip) -> TokenLoss {
    let tokens = log_probs.len().max(1) as f64;
    let log_ratio = log_probs.iter().zip(old_log_probs).map(|(new, old)| new - old).sum::<f64>() / tokens;
    let whole = clipped_surrogate(log_ratio, 0.0, advantage, clip);
    TokenLoss { d_log_prob: whole.d_log_prob / tokens, ..whole }
}

/// A batch of tokens, row after row (B × T).
#[derive(Clone, Copy, Debug)]
pub struct PolicyBatch<'a> {
    /// Under the current policy, in nats (B·T).
    pub log_probs: &'a [f64],
    /// Under the policy that drew the rollouts (B·T).
    pub old_log_probs: &'a [f64],
    /// (B·T).
    pub advantages: &'a [f64],
    /// 1 for tokens that count, 0 for others (B·T).
    pub mask: &'a [f64],
    /// T, at least 1.
    pub width: usize,
}

/// The policy loss of a batch, with verl's metrics.
#[derive(Clone, Debug, PartialEq)]
pub struct PolicyLoss {
    pub loss: f64,
    /// The share of counted tokens held by the lower or upper bound (`actor/pg_clipfrac`).
    pub clip_fraction: f64,
    /// The share of counted tokens held by the dual bound (`actor/pg_clipfrac_lower`).
    pub clip_fraction_lower: f64,
    /// The mean of log π_old − log π over counted tokens (`actor/ppo_kl`).
    pub approx_kl: f64,
    /// d loss / d `log_probs` (B·T).
    pub grad_log_probs: Vec<f64>,
}

/// The clipped surrogate of a batch. Source: verl `core_algos.py::compute_policy_loss` and `agg_loss`.
#[must_use]
pub fn policy_loss(batch: &PolicyBatch, clip: &Clip, aggregation: Aggregation) -> PolicyLoss {
    let counted: Vec<f64> = batch.mask.chunks(batch.width.max(1)).map(|row| row.iter().sum()).collect();
    let weights = aggregation.weights(&counted, batch.width);
    let tokens = counted.iter().sum::<f64>() + COUNT_EPSILON;
    let mut total = PolicyLoss {
        loss: 0.0,
        clip_fraction: 0.0,
        clip_fraction_lower: 0.0,
        approx_kl: 0.0,
        grad_log_probs: vec![0.0; batch.mask.len()],
    };
    for (place, &mask) in batch.mask.iter().enumerate().filter(|(_, mask)| **mask != 0.0) {
        let (log_prob, old_log_prob) = (batch.log_probs[place], batch.old_log_probs[place]);
        let token = clipped_surrogate(log_prob, old_log_prob, batch.advantages[place], clip);
        let weight = mask * weights[place / batch.width];
        total.loss += weight * token.loss;
        total.grad_log_probs[place] = weight * token.d_log_prob;
        let share = |happened: bool| if happened { mask / tokens } else { 0.0 };
        total.clip_fraction += share(token.clipped_low || token.clipped_high);
        total.clip_fraction_lower += share(token.clipped_dual);
        total.approx_kl += mask / tokens * (old_log_prob - log_prob);
    }
    total
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn on_policy_the_gradient_is_minus_the_advantage() {
        for advantage in [-2.0, 0.0, 1.5] {
            let token = clipped_surrogate(-0.7, -0.7, advantage, &Clip::default());
            assert_eq!((token.loss, token.d_log_prob, token.ratio), (-advantage, -advantage, 1.0));
            assert!(!(token.clipped_low || token.clipped_high || token.clipped_dual));
        }
    }

    #[test]
    fn each_bound_takes_hold_where_it_should() {
        let token = |log_ratio: f64, advantage: f64| clipped_surrogate(log_ratio, 0.0, advantage, &Clip::default());
        assert!(token(0.5, 1.0).clipped_high && !token(0.5, -1.0).clipped_high);
        assert!(token(-0.5, -1.0).clipped_low && !token(-0.5, 1.0).clipped_low);
        let dual = token(2.0, -1.0);
        assert!(dual.clipped_dual && dual.loss == 3.0 && dual.d_log_prob == 0.0);
    }

    #[test]
    fn a_runaway_ratio_stays_finite_and_nan_is_not_hidden() {
        for advantage in [-1.0, 0.0, 1.0] {
            let token = clipped_surrogate(1000.0, -1000.0, advantage, &Clip { dual: None, ..Clip::default() });
            assert!(token.loss.is_finite() && token.d_log_prob == 0.0);
        }
        let broken = clipped_surrogate(f64::NAN, 0.0, 1.0, &Clip::default());
        assert!(broken.loss.is_nan() && broken.d_log_prob.is_nan());
    }

    #[test]
    fn a_sequence_of_one_token_is_a_token_and_a_long_one_moves_by_the_mean() {
        let clip = Clip::default();
        assert_eq!(sequence_surrogate(&[-1.0], &[-1.1], 0.7, &clip), clipped_surrogate(-1.0, -1.1, 0.7, &clip));
        let two = sequence_surrogate(&[-1.0, -2.0], &[-1.5, -1.7], 1.0, &clip);
        assert!((two.ratio - 0.1f64.exp()).abs() <= 1e-15 && (two.d_log_prob + 0.5 * two.ratio).abs() <= 1e-15);
    }

    #[test]
    fn the_score_function_is_the_surrogate_where_the_policy_has_not_moved() {
        let (score, surrogate) = (score_function(-0.4, 1.3), clipped_surrogate(-0.4, -0.4, 1.3, &Clip::default()));
        assert_eq!((score.d_log_prob, score.ratio), (surrogate.d_log_prob, surrogate.ratio));
    }

    #[test]
    fn settings_out_of_range_are_named() {
        assert!(Clip::default().validate().is_ok());
        let named = |clip: Clip, name: &str| clip.validate().is_err_and(|error| error.to_string().contains(name));
        assert!(named(Clip { low: 1.0, ..Clip::default() }, "epsilon"));
        assert!(named(Clip { high: f64::NAN, ..Clip::default() }, "epsilon_high"));
        assert!(named(Clip { dual: Some(0.5), ..Clip::default() }, "clip_ratio_c"));
    }
}
