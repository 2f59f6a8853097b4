//! Group-relative advantages: how much better a rollout is than the others on its question.
//!
//! Not here: rewards (`tasks/`), what advantages weigh (`surrogate.rs`).

use serde::{Deserialize, Serialize};

/// Added to the standard deviation before dividing, as verl and SofT-GRPO do. TRL adds [`TRL_EPSILON`].
pub const EPSILON: f64 = 1e-6;
/// TRL's choice for the same: `grpo_trainer.py`.
pub const TRL_EPSILON: f64 = 1e-4;

/// What the difference from the group's mean is divided by (TRL's `scale_rewards`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ScaleRewards {
    /// The standard deviation of the group: GRPO.
    #[default]
    Group,
    /// The standard deviation of the whole batch: Lite-PPO.
    Batch,
    /// Nothing: Dr. GRPO.
    None,
}

/// What a reward is compared with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Baseline {
    /// The mean of its group, itself included: GRPO.
    #[default]
    GroupMean,
    /// The mean of the others of its group: RLOO, unbiased. It is G / (G − 1) times the difference from the group's mean.
    LeaveOneOut,
    /// Nothing: plain REINFORCE.
    None,
}

/// The mean, and the unbiased (n − 1) standard deviation: 0 for fewer than two values.
#[must_use]
pub fn mean_and_deviation(values: &[f64]) -> (f64, f64) {
    let count = values.len() as f64;
    let mean = values.iter().sum::<f64>() / count.max(1.0);
    let squares: f64 = values.iter().map(|value| (value - mean) * (value - mean)).sum();
    (mean, if values.len() < 2 { 0.0 } else { (squares / (count - 1.0)).sqrt() })
}

/// Advantages (B) of rewards (B) whose successive `group_size` entries answer one question. A shorter last run is a group of its own.
///
/// See [`group_advantages_by_id`].
///
/// # Panics
/// If `group_size` is 0.
#[must_use]
pub fn group_advantages(rewards: &[f64], group_size: usize, scale: ScaleRewards, epsilon: f64) -> Vec<f64> {
    assert!(group_size > 0, "group_advantages: a group must hold at least one rollout");
    let group: Vec<usize> = (0..rewards.len()).map(|place| place / group_size).collect();
    group_advantages_by_id(rewards, &group, scale, epsilon)
}

/// Advantages (B) of rewards (B) whose successive `group_size` entries answer one question: (reward − baseline) / (deviation + epsilon),
/// or the difference alone. A group of one has no baseline, except [`Baseline::None`]: 0.
///
/// Sources: [`group_advantages_by_id`]; RLOO: Ahmadian et al. 2024, arXiv 2402.14740, §2.2; verl `compute_rloo_outcome_advantage`.
///
/// # Panics
/// If `group_size` is 0.
#[must_use]
pub fn advantages(
    rewards: &[f64],
    group_size: usize,
    baseline: Baseline,
    scale: ScaleRewards,
    epsilon: f64,
) -> Vec<f64> {
    assert!(group_size > 0, "advantages: a group must hold at least one rollout");
    if baseline == Baseline::GroupMean {
        return group_advantages(rewards, group_size, scale, epsilon);
    }
    let batch_deviation = mean_and_deviation(rewards).1;
    let of_group = |group: &[f64]| -> Vec<f64> {
        let (mean, deviation) = mean_and_deviation(group);
        let count = group.len() as f64;
        let divisor = match scale {
            ScaleRewards::Group => deviation + epsilon,
            ScaleRewards::Batch => batch_deviation + epsilon,
            ScaleRewards::None => 1.0,
        };
        let difference = |reward: f64| match baseline {
            Baseline::LeaveOneOut if group.len() > 1 => (reward - mean) * count / (count - 1.0),
            Baseline::GroupMean | Baseline::LeaveOneOut => reward - mean,
            Baseline::None => reward,
        };
        group.iter().map(|reward| difference(*reward) / divisor).collect()
    };
    rewards.chunks(group_size).flat_map(of_group).collect()
}

/// Advantages (B) of rewards (B) grouped by equal ids (B): (reward − mean of its group) / (deviation + epsilon), or the difference alone.
///
/// Rewards all equal give 0 (up to the rounding of their mean), and so does a group of one, which has no baseline. A NaN reward makes
/// its group NaN. Source: verl `core_algos.py::compute_grpo_outcome_advantage`; DeepSeekMath, arXiv 2402.03300, §4.1.
///
/// # Panics
/// If there are fewer ids than rewards.
#[must_use]
pub fn group_advantages_by_id(rewards: &[f64], group: &[usize], scale: ScaleRewards, epsilon: f64) -> Vec<f64> {
    assert!(group.len() >= rewards.len(), "group_advantages_by_id: {} ids, {} rewards", group.len(), rewards.len());
    let mut members = std::collections::BTreeMap::<usize, Vec<usize>>::new();
    for (place, id) in group.iter().take(rewards.len()).enumerate() {
        members.entry(*id).or_default().push(place);
    }
    let batch_deviation = mean_and_deviation(rewards).1;
    let mut advantages = vec![0.0; rewards.len()];
    for places in members.values() {
        let (mean, deviation) = mean_and_deviation(&places.iter().map(|place| rewards[*place]).collect::<Vec<_>>());
        let divisor = match scale {
            ScaleRewards::Group => deviation + epsilon,
            ScaleRewards::Batch => batch_deviation + epsilon,
            ScaleRewards::None => 1.0,
        };
        for place in places {
            advantages[*place] = (rewards[*place] - mean) / divisor;
        }
    }
    advantages
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_success_in_eight() {
        let rewards = [1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0];
        let scaled = group_advantages(&rewards, 8, ScaleRewards::Group, EPSILON);
        // std = sqrt(1/8) = .3536: +2.475 for the one, -.3536 for the others, less the epsilon's share of 3e-6.
        assert!((scaled[0] - 2.474_87).abs() <= 1e-4 && (scaled[1] + 0.353_55).abs() <= 1e-4, "{scaled:?}");
        assert_eq!(group_advantages(&rewards, 8, ScaleRewards::None, EPSILON)[..2], [0.875, -0.125]);
    }

    #[test]
    fn the_batch_deviation_spans_groups() {
        let scaled = group_advantages(&[0.0, 1.0, 5.0, 5.0], 2, ScaleRewards::Batch, 0.0);
        let deviation = mean_and_deviation(&[0.0, 1.0, 5.0, 5.0]).1;
        assert_eq!(scaled, [-0.5 / deviation, 0.5 / deviation, 0.0, 0.0]);
    }

    #[test]
    fn groups_that_teach_nothing_give_zero() {
        assert_eq!(group_advantages(&[1.0; 6], 3, ScaleRewards::Group, EPSILON), [0.0; 6]);
        assert_eq!(group_advantages(&[0.5], 1, ScaleRewards::Group, EPSILON), [0.0]);
        assert!(group_advantages(&[f64::NAN, 1.0], 2, ScaleRewards::Group, EPSILON)[1].is_nan());
        assert!(group_advantages(&[], 4, ScaleRewards::Group, EPSILON).is_empty());
    }

    #[test]
    fn leave_one_out_compares_with_the_others_and_no_baseline_with_nothing() {
        let of = |baseline| advantages(&[1.0, 0.0, 0.0, 3.0, 5.0], 3, baseline, ScaleRewards::None, EPSILON);
        let wanted = [1.0, -0.5, -0.5, -2.0, 2.0];
        assert!(of(Baseline::LeaveOneOut).iter().zip(wanted).all(|(got, wanted)| (got - wanted).abs() <= 1e-15));
        assert_eq!(of(Baseline::None), [1.0, 0.0, 0.0, 3.0, 5.0]);
        assert_eq!(advantages(&[2.0], 1, Baseline::LeaveOneOut, ScaleRewards::None, EPSILON), [0.0]);
        let scaled = advantages(&[1.0, 0.0, 0.0], 3, Baseline::LeaveOneOut, ScaleRewards::Group, EPSILON);
        let grouped = group_advantages(&[1.0, 0.0, 0.0], 3, ScaleRewards::Group, EPSILON);
        assert!(scaled.iter().zip(grouped).all(|(loo, mean)| (loo - 1.5 * mean).abs() <= 1e-12));
    }
}
