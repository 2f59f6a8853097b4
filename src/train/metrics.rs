//! Every number a training step reports, with its one definition. TRL's and verl's names where the thing is the same.
//! The page's tooltips and the README read [`DEFINITIONS`].

use serde::Serialize;

use crate::decode::Rollout;
use crate::engine::UpdateReport;
use crate::math::objective::{Counts, SequenceLoss};

/// What one training step reports; absent numbers do not apply to it.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Metrics {
    pub step: usize,
    pub reward: f64,
    pub reward_std: f64,
    pub frac_reward_zero_std: f64,
    #[serde(rename = "rewards/grade/mean", skip_serializing_if = "Option::is_none")]
    pub grade: Option<f64>,
    #[serde(rename = "audit/mean", skip_serializing_if = "Option::is_none")]
    pub audit: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub num_gen_batches: Option<usize>,
    pub entropy: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kl: Option<f64>,
    pub policy_loss: f64,
    #[serde(rename = "clip_ratio/region_mean")]
    pub clip_region: f64,
    #[serde(rename = "clip_ratio/low_mean")]
    pub clip_low: f64,
    #[serde(rename = "clip_ratio/high_mean")]
    pub clip_high: f64,
    pub grad_norm: f64,
    #[serde(rename = "grad_norm/thought", skip_serializing_if = "Option::is_none")]
    pub grad_norm_thought: Option<f64>,
    #[serde(rename = "grad_norm/answer", skip_serializing_if = "Option::is_none")]
    pub grad_norm_answer: Option<f64>,
    pub skipped_updates: usize,
    pub learning_rate: f64,
    #[serde(rename = "completions/mean_length")]
    pub mean_length: f64,
    #[serde(rename = "completions/min_length")]
    pub min_length: usize,
    #[serde(rename = "completions/max_length")]
    pub max_length: usize,
    #[serde(rename = "completions/mean_thought_length")]
    pub mean_thought_length: f64,
    #[serde(rename = "completions/clipped_ratio")]
    pub clipped_ratio: f64,
    #[serde(rename = "soft/mixture_entropy", skip_serializing_if = "Option::is_none")]
    pub mixture_entropy: Option<f64>,
    #[serde(rename = "soft/effective_tokens", skip_serializing_if = "Option::is_none")]
    pub effective_tokens: Option<f64>,
    #[serde(rename = "soft/top1_weight", skip_serializing_if = "Option::is_none")]
    pub top1_weight: Option<f64>,
    #[serde(rename = "soft/near_one_hot", skip_serializing_if = "Option::is_none")]
    pub near_one_hot: Option<f64>,
    #[serde(rename = "val/pass@1", skip_serializing_if = "Option::is_none")]
    pub val_pass_at_1: Option<f64>,
    #[serde(rename = "val/pass@k", skip_serializing_if = "Option::is_none")]
    pub val_pass_at_k: Option<f64>,
    pub num_tokens: usize,
    pub step_time: f64,
}

/// The key of each number and what it means.
pub const DEFINITIONS: &[(&str, &str)] = &[
    ("step", "Training steps done. One step rolls out a batch of completions and updates the model on it."),
    (
        "reward",
        "Mean reward of the step's completions: the grade, 0 to 1, with credit and punishment where they are on.",
    ),
    (
        "reward_std",
        "Standard deviation (n − 1) of the rewards inside a group, averaged over groups. At 0 there is nothing to learn.",
    ),
    ("frac_reward_zero_std", "Share of groups whose completions all got the same reward; they teach nothing."),
    ("rewards/grade/mean", "Mean grade of the answers alone, without credit for form and punishment for length."),
    (
        "audit/mean",
        "What an honest grader gives the step's answers on average, where the reward is known to have a loophole. It teaches nothing.",
    ),
    (
        "num_gen_batches",
        "Batches of questions that dynamic sampling asked to fill one with groups whose rewards differ.",
    ),
    (
        "entropy",
        "Entropy in nats of the model's next-token distribution, averaged over the step's tokens. Falling to 0 means it no longer tries alternatives.",
    ),
    (
        "kl",
        "How far the policy has moved from its start: the estimator e^Δ − Δ − 1, Δ = reference minus current log density, in nats per token, measured before the update.",
    ),
    (
        "policy_loss",
        "The policy term of the loss, averaged over the step's updates. Its size says little; watch the reward.",
    ),
    ("clip_ratio/region_mean", "Share of tokens whose ratio was clipped on either side."),
    ("clip_ratio/low_mean", "Share of tokens clipped below 1 − epsilon with a negative advantage."),
    ("clip_ratio/high_mean", "Share of tokens clipped above 1 + epsilon_high with a positive advantage."),
    ("grad_norm", "Global L2 norm of the gradient before clipping, averaged over the step's updates."),
    (
        "grad_norm/thought",
        "L2 norm of the gradient of the policy term from the steps of the thought alone, measured after the step when the model is evaluated.",
    ),
    ("grad_norm/answer", "The same from the steps of the answer alone."),
    ("skipped_updates", "Updates left out because the loss or its gradient was not finite."),
    ("learning_rate", "AdamW's step size."),
    ("completions/mean_length", "Mean number of tokens of a completion, thought and answer."),
    ("completions/min_length", "Shortest completion of the step."),
    ("completions/max_length", "Longest completion of the step."),
    ("completions/mean_thought_length", "Mean number of steps up to and including </think>."),
    ("completions/clipped_ratio", "Share of completions cut off before their end mark."),
    ("soft/mixture_entropy", "Entropy in nats of the blend's weights, averaged over soft steps. 0 is one token alone."),
    ("soft/top1_weight", "Largest weight of the blend, averaged over soft steps."),
    (
        "soft/effective_tokens",
        "e to the power of that entropy, averaged over soft steps: how many tokens a blend amounts to.",
    ),
    ("soft/near_one_hot", "Share of soft steps whose largest weight exceeds 0.95: soft in name only."),
    ("val/pass@1", "Share of right answers on held-out questions, sampled as in training."),
    ("val/pass@k", "Chance that at least one of eval_samples answers to a held-out question is right."),
    ("num_tokens", "Completion tokens generated since the start of the run."),
    ("step_time", "Seconds the step took, evaluation included."),
];

/// Sums over the updates of one step that were applied, and the shares of the update in progress.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    counts: Counts,
    loss: f64,
    pending: (Counts, f64),
    updates: usize,
    skipped: usize,
    grad_norm: f64,
}

impl Tally {
    /// Counts one sequence's share of the loss.
    pub fn sequence(&mut self, found: &SequenceLoss) {
        self.pending.0.add(&found.counts);
        self.pending.1 += found.policy;
    }

    /// Counts one update and the shares since the last.
    pub fn update(&mut self, report: &UpdateReport) {
        let (counts, loss) = std::mem::take(&mut self.pending);
        self.updates += 1;
        if !report.applied {
            self.skipped += 1;
            return;
        }
        self.counts.add(&counts);
        self.loss += loss;
        self.grad_norm += report.grad_norm;
    }

    /// Writes what was counted into `metrics`.
    pub fn fill(&self, metrics: &mut Metrics) {
        let Counts { counted, clipped_low, clipped_high, clipped_dual } = self.counts;
        let share = |count: usize| count as f64 / counted.max(1) as f64;
        metrics.clip_low = share(clipped_low);
        metrics.clip_high = share(clipped_high);
        metrics.clip_region = share(clipped_low + clipped_high + clipped_dual);
        let applied = (self.updates - self.skipped).max(1) as f64;
        metrics.policy_loss = self.loss / applied;
        metrics.grad_norm = self.grad_norm / applied;
        metrics.skipped_updates = self.skipped;
    }
}

/// The numbers that can be read off the rollouts and rewards alone. Groups of `group` stand side by side.
#[must_use]
pub fn of_rollouts(rollouts: &[&Rollout], rewards: &[f64], group: usize) -> Metrics {
    let n = rollouts.len().max(1) as f64;
    let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len().max(1) as f64;
    let deviations: Vec<f64> = (rewards.chunks(group))
        .map(|group| {
            let m = mean(group);
            (group.iter().map(|r| (r - m).powi(2)).sum::<f64>() / (group.len().max(2) - 1) as f64).sqrt()
        })
        .collect();
    let lengths: Vec<usize> = rollouts.iter().map(|r| r.steps.len()).collect();
    let soft: Vec<_> = rollouts.iter().flat_map(|r| &r.steps).filter(|s| s.soft).collect();
    let over_soft = |value: &dyn Fn(&crate::decode::Step) -> f64| {
        (!soft.is_empty()).then(|| soft.iter().map(|s| value(s)).sum::<f64>() / soft.len() as f64)
    };
    let top = |s: &crate::decode::Step| f64::from(s.top_weight());
    Metrics {
        reward: mean(rewards),
        reward_std: mean(&deviations),
        frac_reward_zero_std: deviations.iter().filter(|d| **d == 0.0).count() as f64 / deviations.len().max(1) as f64,
        mean_length: lengths.iter().sum::<usize>() as f64 / n,
        min_length: lengths.iter().min().copied().unwrap_or(0),
        max_length: lengths.iter().max().copied().unwrap_or(0),
        mean_thought_length: rollouts.iter().map(|r| r.thought_length()).sum::<usize>() as f64 / n,
        clipped_ratio: rollouts.iter().filter(|r| !r.finished).count() as f64 / n,
        mixture_entropy: over_soft(&|s| f64::from(s.mixture_entropy)),
        top1_weight: over_soft(&top),
        effective_tokens: over_soft(&|s| f64::from(s.mixture_entropy).exp()),
        near_one_hot: over_soft(&|s| f64::from(u8::from(top(s) > 0.95))),
        num_tokens: lengths.iter().sum(),
        ..Metrics::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_number_is_defined_once_and_every_definition_has_its_number() {
        let full = Metrics {
            kl: Some(0.0),
            grade: Some(0.0),
            audit: Some(0.0),
            num_gen_batches: Some(1),
            mixture_entropy: Some(0.0),
            top1_weight: Some(0.0),
            near_one_hot: Some(0.0),
            effective_tokens: Some(0.0),
            grad_norm_thought: Some(0.0),
            grad_norm_answer: Some(0.0),
            val_pass_at_1: Some(0.0),
            val_pass_at_k: Some(0.0),
            ..Metrics::default()
        };
        let value = serde_json::to_value(full).unwrap();
        let mut keys: Vec<&str> = value.as_object().unwrap().keys().map(String::as_str).collect();
        let mut defined: Vec<&str> = DEFINITIONS.iter().map(|(key, _)| *key).collect();
        keys.sort_unstable();
        defined.sort_unstable();
        assert_eq!(keys, defined);
    }
}
