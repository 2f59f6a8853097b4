//! The policy term: PPO's clipped surrogate with dual clip, and how tokens are summed into one loss.
//!
//! Not here: advantages (`advantage.rs`), the divergence term (`kl.rs`), log probabilities of steps (`softmax.rs`, `gumbel.rs`).

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};

/// log π − log π_old is clamped to plus or minus this before the exponential, so that no ratio overflows; beyond, the gradient is 0.
/// A guard that the reference's verl 0.4.x lacks: within it nothing differs.
pub const LOG_RATIO_LIMIT: f64 = 20.0;
/// Added to token counts before dividing by them. Source: verl `torch_functional.py::masked_mean`.
pub const COUNT_EPSILON: f64 = 1e-8;

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

/// How token losses become one number, under TRL's names.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LossType {
    /// The mean over sequences of their mean over tokens: prefers short right answers and long wrong ones.
    Grpo,
    /// The mean over the tokens of a micro-batch: SofT-GRPO's "token-mean".
    Bnpo,
    /// The mean over the tokens of the whole optimizer step: give the lengths of all its sequences. TRL's default.
    #[default]
    Dapo,
    /// The sum over tokens, over sequences times the longest possible completion: no length bias.
    DrGrpo,
}

/// One weight per sequence (B), so that loss = Σ_i weight_i Σ_t loss_it. Sequences without counted tokens weigh 0.
///
/// `lengths` (B) are the counted tokens of each sequence; `max_length` matters to [`LossType::DrGrpo`] only.
/// Source: TRL `grpo_trainer.py::_compute_loss`.
#[must_use]
pub fn aggregation_weights(loss_type: LossType, lengths: &[usize], max_length: usize) -> Vec<f64> {
    let sequences = lengths.len().max(1) as f64;
    let tokens = lengths.iter().sum::<usize>().max(1) as f64;
    let weight = |length: usize| match loss_type {
        LossType::Grpo => 1.0 / (sequences * length as f64),
        LossType::Bnpo | LossType::Dapo => 1.0 / tokens,
        LossType::DrGrpo => 1.0 / (sequences * max_length.max(1) as f64),
    };
    lengths.iter().map(|&length| if length == 0 { 0.0 } else { weight(length) }).collect()
}

/// How token losses become one number, under verl's names (`loss_agg_mode`), exactly as verl computes them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Aggregation {
    /// Σ loss / (counted tokens + 1e-8).
    #[default]
    TokenMean,
    /// The mean over sequences of their mean over counted tokens.
    SeqMeanTokenMean,
    /// The mean over sequences of their sum.
    SeqMeanTokenSum,
    /// The sum of all over the width of the batch (T); not divided by the number of sequences.
    SeqMeanTokenSumNorm,
}

impl Aggregation {
    /// The weight of each row's tokens (B), from the rows' counted tokens (B) and the width T.
    #[must_use]
    pub fn weights(self, counted: &[f64], width: usize) -> Vec<f64> {
        let rows = counted.len() as f64;
        let total: f64 = counted.iter().sum();
        let weight = |row: f64| match self {
            Self::TokenMean => 1.0 / (total + COUNT_EPSILON),
            Self::SeqMeanTokenMean => 1.0 / (rows * row),
            Self::SeqMeanTokenSum => 1.0 / rows,
            Self::SeqMeanTokenSumNorm => 1.0 / width as f64,
        };
        // A row without counted tokens is 0/0 in verl's seq-mean-token-mean; here it adds nothing.
        counted.iter().map(|&row| if row > 0.0 { weight(row) } else { 0.0 }).collect()
    }
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
    fn settings_out_of_range_are_named() {
        assert!(Clip::default().validate().is_ok());
        let named = |clip: Clip, name: &str| clip.validate().is_err_and(|error| error.to_string().contains(name));
        assert!(named(Clip { low: 1.0, ..Clip::default() }, "epsilon"));
        assert!(named(Clip { high: f64::NAN, ..Clip::default() }, "epsilon_high"));
        assert!(named(Clip { dual: Some(0.5), ..Clip::default() }, "clip_ratio_c"));
    }

    #[test]
    fn weights_of_the_four_loss_types() {
        let weights = |loss_type| aggregation_weights(loss_type, &[2, 6, 0, 4], 8);
        assert_eq!(weights(LossType::Grpo), [0.125, 1.0 / 24.0, 0.0, 0.0625]);
        assert_eq!(weights(LossType::Dapo), [1.0 / 12.0, 1.0 / 12.0, 0.0, 1.0 / 12.0]);
        assert_eq!(weights(LossType::Bnpo), weights(LossType::Dapo));
        assert_eq!(weights(LossType::DrGrpo), [1.0 / 32.0, 1.0 / 32.0, 0.0, 1.0 / 32.0]);
    }
}
