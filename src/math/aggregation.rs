//! How the losses of tokens become one number: a weight for each sequence of a batch.
//!
//! Not here: the losses of tokens (`surrogate.rs`, `kl.rs`).

use serde::{Deserialize, Serialize};

/// Added to token counts before dividing by them. Source: verl `torch_functional.py::masked_mean`.
pub const COUNT_EPSILON: f64 = 1e-8;

/// How token losses become one number, under TRL's names.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LossType {
    /// The mean over sequences of their mean over tokens: prefers short right answers and long wrong ones.
    Grpo,
    /// The mean over the tokens of a micro-batch, averaged over the micro-batches of an optimizer step: SofT-GRPO's "token-mean", whose
    /// micro-batches hold two sequences.
    Bnpo,
    /// The mean over the tokens of the whole optimizer step: give the lengths of all its sequences. TRL's default.
    #[default]
    Dapo,
    /// The sum over tokens, over sequences times the longest possible completion: no length bias.
    DrGrpo,
    /// The mean over sequences of their sum over tokens: REINFORCE's and RLOO's (verl "seq-mean-token-sum").
    SeqMeanTokenSum,
}

/// One weight per sequence (B), so that loss = Σ_i weight_i Σ_t loss_it. Sequences without counted tokens weigh 0.
///
/// `lengths` (B) are the counted tokens of each sequence of an optimizer step; `max_length` matters to [`LossType::DrGrpo`] only,
/// `micro_batch` (sequences; all of them when absent) to [`LossType::Bnpo`] only: successive micro-batches, the last may be shorter, weigh
/// the same. Source: TRL `grpo_trainer.py::_compute_loss`; verl `dp_actor.py::update_policy`.
#[must_use]
pub fn aggregation_weights(
    loss_type: LossType,
    lengths: &[usize],
    max_length: usize,
    micro_batch: Option<usize>,
) -> Vec<f64> {
    let micro_batch = match loss_type {
        LossType::Bnpo => micro_batch.unwrap_or(lengths.len()).max(1),
        _ => lengths.len().max(1),
    };
    let micro_batches = lengths.len().div_ceil(micro_batch) as f64;
    let sequences = lengths.len() as f64;
    let of_micro_batch = |lengths: &[usize]| -> Vec<f64> {
        let tokens = lengths.iter().sum::<usize>() as f64;
        let weight = |length: usize| match loss_type {
            LossType::Grpo => 1.0 / (sequences * length as f64),
            LossType::Bnpo | LossType::Dapo => 1.0 / (micro_batches * tokens),
            LossType::DrGrpo => 1.0 / (sequences * max_length.max(1) as f64),
            LossType::SeqMeanTokenSum => 1.0 / sequences,
        };
        lengths.iter().map(|&length| if length == 0 { 0.0 } else { weight(length) }).collect()
    };
    lengths.chunks(micro_batch).flat_map(of_micro_batch).collect()
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_of_the_loss_types() {
        let weights = |loss_type| aggregation_weights(loss_type, &[2, 6, 0, 4], 8, None);
        assert_eq!(weights(LossType::Grpo), [0.125, 1.0 / 24.0, 0.0, 0.0625]);
        assert_eq!(weights(LossType::Dapo), [1.0 / 12.0, 1.0 / 12.0, 0.0, 1.0 / 12.0]);
        assert_eq!(weights(LossType::Bnpo), weights(LossType::Dapo));
        assert_eq!(weights(LossType::SeqMeanTokenSum), [0.25, 0.25, 0.0, 0.25]);
        assert_eq!(weights(LossType::DrGrpo), [1.0 / 32.0, 1.0 / 32.0, 0.0, 1.0 / 32.0]);
    }

    #[test]
    fn micro_batches_weigh_the_same_however_long_they_are() {
        let weights = |micro_batch| aggregation_weights(LossType::Bnpo, &[2, 6, 0, 4, 5], 8, Some(micro_batch));
        assert_eq!(weights(2), [1.0 / 24.0, 1.0 / 24.0, 0.0, 1.0 / 12.0, 1.0 / 15.0]);
        assert_eq!(weights(1), [0.1, 1.0 / 30.0, 0.0, 0.05, 0.04]);
        assert_eq!(weights(99), [1.0 / 17.0, 1.0 / 17.0, 0.0, 1.0 / 17.0, 1.0 / 17.0]);
        assert!(aggregation_weights(LossType::Bnpo, &[], 8, None).is_empty());
    }
}
