//! The loss of one sequence: the policy term, the divergence from the reference and the entropy bonus, with all slopes.
//!
//! Not here: the single formulas (`surrogate.rs`, `kl.rs`), the weights of sequences (`aggregation.rs`), advantages (`advantage.rs`).

use serde::{Deserialize, Serialize};

use super::kl::{KlEstimator, kl};
use super::surrogate::{Clip, TokenLoss, clipped_surrogate, score_function, sequence_surrogate};

/// The form of the policy term.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Surrogate {
    /// PPO's, on ratios of new to old density: [`clipped_surrogate`], [`sequence_surrogate`].
    #[default]
    Clipped,
    /// [`score_function`]: no ratio, no clip.
    ScoreFunction,
}

/// What a ratio is of (TRL's `importance_sampling_level`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SamplingLevel {
    /// One log density: PPO, GRPO. A Multiplex step has one for each of its draws.
    #[default]
    Token,
    /// The geometric mean over a sequence: GSPO.
    Sequence,
}

/// A loss as it is written in a paper: Σ weight · (policy + `beta` · KL) − Σ entropy weight · `entropy_coef` · H.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Objective {
    pub surrogate: Surrogate,
    /// Of the clipped surrogate.
    pub level: SamplingLevel,
    /// Of the clipped surrogate.
    pub clip: Clip,
    /// The weight of the divergence from the reference; 0 for none.
    pub beta: f64,
    pub kl_estimator: KlEstimator,
    /// The weight of the entropy bonus; 0 for none.
    pub entropy_coef: f64,
}

/// One sequence as the loss sees it: N log densities, and the distributions of A actions. A Multiplex step has K densities, others one.
#[derive(Clone, Copy, Debug)]
pub struct Scored<'a> {
    /// Under the current policy, in nats (N).
    pub log_densities: &'a [f64],
    /// Under the policy that acted (N).
    pub old: &'a [f64],
    /// Under the reference (N); absent: no divergence term.
    pub reference: Option<&'a [f64]>,
    /// The weight of each density in the loss of the batch (N); 0 for what was given, not chosen.
    pub weights: &'a [f64],
    /// Entropy in nats of the distribution each action was drawn from (A). Its slopes do not depend on it.
    pub entropies: &'a [f64],
    /// The weight of each action's entropy in the loss of the batch (A).
    pub entropy_weights: &'a [f64],
    /// How much better than its baseline the sequence was.
    pub advantage: f64,
}

/// What a sequence adds to the loss of the batch.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SequenceLoss {
    /// All terms, to be minimised.
    pub loss: f64,
    /// The policy term alone.
    pub policy: f64,
    /// d loss / d `log_densities` (N).
    pub d_log_densities: Vec<f64>,
    /// d loss / d `entropies` (A).
    pub d_entropies: Vec<f64>,
    pub counts: Counts,
}

/// How many densities were counted, and of how many the surrogate was clipped. GSPO clips all of a sequence or none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    pub counted: usize,
    pub clipped_low: usize,
    pub clipped_high: usize,
    pub clipped_dual: usize,
}

impl Counts {
    fn token(&mut self, token: &TokenLoss) {
        self.counted += 1;
        self.clipped_low += usize::from(token.clipped_low);
        self.clipped_high += usize::from(token.clipped_high);
        self.clipped_dual += usize::from(token.clipped_dual);
    }

    /// Adds another sequence's.
    pub fn add(&mut self, other: &Self) {
        self.counted += other.counted;
        self.clipped_low += other.clipped_low;
        self.clipped_high += other.clipped_high;
        self.clipped_dual += other.clipped_dual;
    }
}

impl Objective {
    /// The loss of one sequence and its slopes. The advantage, the old and the reference densities are constants.
    ///
    /// # Panics
    /// If `old`, `reference` or `weights` are shorter than `log_densities`, or `entropies` shorter than `entropy_weights`.
    #[must_use]
    pub fn sequence_loss(&self, scored: &Scored) -> SequenceLoss {
        let chosen: Vec<usize> =
            (0..scored.log_densities.len()).filter(|place| scored.weights[*place] != 0.0).collect();
        let whole = self.whole(scored, &chosen);
        // A sequence's ratio moves with each of its densities: each has the slope of all their weights.
        let total: f64 = chosen.iter().map(|place| scored.weights[*place]).sum();
        let mut result = SequenceLoss { d_log_densities: vec![0.0; scored.log_densities.len()], ..Default::default() };
        for place in chosen {
            let (now, weight) = (scored.log_densities[place], scored.weights[place]);
            let token = whole.unwrap_or_else(|| self.token(now, scored.old[place], scored.advantage));
            let (divergence, pull) = match scored.reference {
                Some(reference) if self.beta != 0.0 => kl(self.kl_estimator, now, reference[place]),
                _ => (0.0, 0.0),
            };
            let slope_weight = if whole.is_some() { total } else { weight };
            result.policy += weight * token.loss;
            result.loss += weight * (token.loss + self.beta * divergence);
            result.d_log_densities[place] = slope_weight * token.d_log_prob + weight * self.beta * pull;
            result.counts.token(&token);
        }
        result.d_entropies = scored.entropy_weights.iter().map(|weight| -self.entropy_coef * weight).collect();
        if self.entropy_coef != 0.0 {
            result.loss += result.d_entropies.iter().zip(scored.entropies).map(|(slope, h)| slope * h).sum::<f64>();
        }
        result
    }

    fn token(&self, now: f64, old: f64, advantage: f64) -> TokenLoss {
        match self.surrogate {
            Surrogate::Clipped => clipped_surrogate(now, old, advantage, &self.clip),
            Surrogate::ScoreFunction => score_function(now, advantage),
        }
    }

    /// The policy term that all `chosen` densities share, if they do.
    fn whole(&self, scored: &Scored, chosen: &[usize]) -> Option<TokenLoss> {
        let of = |values: &[f64]| chosen.iter().map(|place| values[*place]).collect::<Vec<f64>>();
        (self.surrogate == Surrogate::Clipped && self.level == SamplingLevel::Sequence)
            .then(|| sequence_surrogate(&of(scored.log_densities), &of(scored.old), scored.advantage, &self.clip))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn loss(objective: &Objective, weights: &[f64]) -> SequenceLoss {
        let zeros = vec![0.0; weights.len()];
        objective.sequence_loss(&Scored {
            log_densities: &[-1.0, -2.0, -0.5],
            old: &[-1.1, -1.9, -0.5],
            reference: Some(&[-1.0, -2.5, -0.4]),
            weights,
            entropies: &zeros,
            entropy_weights: weights,
            advantage: 1.0,
        })
    }

    #[test]
    fn what_was_given_has_no_part_in_the_loss() {
        for level in [SamplingLevel::Token, SamplingLevel::Sequence] {
            let objective = Objective { level, beta: 0.1, entropy_coef: 0.01, ..Objective::default() };
            let got = loss(&objective, &[0.5, 0.0, 0.5]);
            assert_eq!((got.d_log_densities[1], got.d_entropies[1], got.counts.counted), (0.0, 0.0, 2));
            assert_eq!(got.d_entropies[0], -0.005);
        }
        let none = loss(&Objective::default(), &[0.0; 3]);
        assert_eq!((none.loss, none.d_log_densities), (0.0, vec![0.0; 3]));
    }

    #[test]
    fn without_a_weight_the_divergence_is_not_even_looked_at() {
        let objective = Objective { surrogate: Surrogate::ScoreFunction, ..Objective::default() };
        let got = loss(&objective, &[1.0; 3]);
        assert_eq!((got.loss, got.policy, got.d_log_densities), (3.5, 3.5, vec![-1.0; 3]));
    }
}
