//! The collapse watch: smoothed reward, entropy and KL of a run, and the signs that it is being ruined.
//!
//! Not here: what is kept of the best moment and who pauses (`run.rs`).

use serde::{Deserialize, Serialize};

use super::config::TrainConfig;
use super::metrics::Metrics;

/// Steps that a smoothed number looks back on, about.
const HORIZON: f64 = 10.0;
/// Steps before any sign counts.
const PATIENCE: usize = 3;
/// A fall of the reward smaller than this is noise of small batches, whatever its share.
const LEAST_FALL: f64 = 0.1;
/// With smoothed rewards above this the entropy may vanish: the task is mastered.
const MASTERY: f64 = 0.9;

/// Which sign it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sign {
    Reward,
    Entropy,
    Kl,
}

/// Why a run pauses.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Collapse {
    pub sign: Sign,
    /// The sign in a sentence.
    pub message: String,
    /// Training steps done when it was seen.
    pub step: usize,
    /// Training steps done at the best moment that was kept.
    pub best_step: usize,
    /// The smoothed reward then.
    pub best_reward: f64,
}

/// Running means of a run, each number counted since the start or since it was last [`Watch::rearmed`].
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Watch {
    steps: usize,
    reward: f64,
    entropy: f64,
    kl: f64,
    /// The largest smoothed reward.
    best_reward: f64,
    /// The entropy of the first step.
    start_entropy: f64,
    /// The moment whose position was kept.
    kept: Option<Kept>,
}

/// A moment worth going back to.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Kept {
    /// Training steps done.
    pub step: usize,
    /// The smoothed reward of the step after it.
    pub reward: f64,
}

impl Watch {
    /// Counts one step's numbers. Returns the sign of collapse, if there is one, in a sentence.
    pub fn see(&mut self, metrics: &Metrics, config: &TrainConfig) -> Option<(Sign, String)> {
        self.steps += 1;
        let share = 1.0 / (self.steps as f64).min(HORIZON);
        let follow = |mean: &mut f64, value: f64| *mean += share * (value - *mean);
        follow(&mut self.reward, metrics.reward);
        follow(&mut self.entropy, metrics.entropy);
        follow(&mut self.kl, metrics.kl.unwrap_or(0.0));
        if self.steps == 1 {
            (self.best_reward, self.start_entropy) = (self.reward, self.entropy);
        }
        self.best_reward = self.best_reward.max(self.reward);
        if self.steps < PATIENCE { None } else { self.sign(config) }
    }

    fn sign(&self, config: &TrainConfig) -> Option<(Sign, String)> {
        let Self { reward, entropy, kl, best_reward, start_entropy, .. } = *self;
        let fall = best_reward - reward;
        if fall > LEAST_FALL && fall > config.collapse_reward_drop * best_reward.abs() {
            let sentence = format!("The smoothed reward has fallen from {best_reward:.3} to {reward:.3}.");
            return Some((Sign::Reward, sentence));
        }
        if entropy < config.collapse_entropy_share * start_entropy && reward < MASTERY {
            let sentence = format!(
                "The entropy has fallen from {start_entropy:.3} to {entropy:.4} nats with the reward at {reward:.3}: the \
                 model no longer tries alternatives."
            );
            return Some((Sign::Entropy, sentence));
        }
        (kl > config.collapse_kl).then(|| {
            let sentence = format!(
                "The divergence from the reference is {kl:.2} nats per log density, more than `collapse_kl` ({}).",
                config.collapse_kl
            );
            (Sign::Kl, sentence)
        })
    }

    /// The best moment that was kept.
    #[must_use]
    pub fn kept(&self) -> Option<Kept> {
        self.kept
    }

    /// Whether the position before the newest step, with `step` steps done, is worth keeping in the place of the one kept so far.
    pub fn keeps(&mut self, step: usize) -> bool {
        let better = self.kept.is_none_or(|kept| self.reward > kept.reward);
        if better {
            self.kept = Some(Kept { step, reward: self.reward });
        }
        better
    }

    /// A watch that has seen nothing but knows the moment kept: the next steps are measured against themselves.
    #[must_use]
    pub fn rearmed(&self) -> Self {
        Self { kept: self.kept, ..Self::default() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(steps: &[(f64, f64, f64)]) -> Option<(Sign, String)> {
        let (mut watch, config) = (Watch::default(), TrainConfig::default());
        let see = |(reward, entropy, kl): &(f64, f64, f64)| {
            let metrics = Metrics { reward: *reward, entropy: *entropy, kl: Some(*kl), ..Metrics::default() };
            watch.see(&metrics, &config)
        };
        steps.iter().filter_map(see).last()
    }

    #[test]
    fn each_sign_is_named_and_ordinary_runs_have_none() {
        let sign = |steps: Vec<(f64, f64, f64)>| seen(&steps).map(|(sign, _)| sign);
        let ordinary = (0..60).map(|i| (0.3 + 0.01 * f64::from(i % 20), 0.5 - 0.006 * f64::from(i), 0.01)).collect();
        assert_eq!(sign(ordinary), None);
        let falls = (0..30).map(|i| (if i < 10 { 0.5 } else { 0.0 }, 0.5, 0.0)).collect();
        assert_eq!(sign(falls), Some(Sign::Reward));
        let certain = |reward: f64| (0..60).map(|i| (reward, if i < 5 { 0.5 } else { 1e-4 }, 0.0)).collect();
        assert_eq!(sign(certain(0.4)), Some(Sign::Entropy));
        assert_eq!(sign(certain(0.97)), None, "a mastered task needs no alternatives");
        assert_eq!(sign((0..30).map(|_| (0.4, 0.5, 9.0)).collect()), Some(Sign::Kl));
        assert_eq!(sign(vec![(0.5, 0.5, 0.0), (0.0, 0.5, 0.0)]), None, "two steps are no trend");
        assert_eq!(sign((0..30).map(|i| (if i < 10 { 0.08 } else { 0.0 }, 0.5, 0.0)).collect()), None);
    }
}
