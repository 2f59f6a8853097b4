//! What the objectives share once the completions are there: advantages, mini-batches and the policy update.
//!
//! Not here: what an action is and how dense it is, which is all that `grpo.rs`, `soft_grpo.rs`, `soft_tokens.rs` and `multiplex.rs`
//! differ in; where completions come from (`gather.rs`).

use std::ops::Range;

use super::config::TrainConfig;
use super::gather::{Gathered, Sample};
use super::metrics::{Metrics, Tally, of_rollouts};
use super::reward::divergence;
use crate::decode::rollout::Rollout;
use crate::engine::{Action, Engine, Pulse, Scores, Scoring, Sequence, Slopes, Stage, Weights};
use crate::error::Result;
use crate::math::advantage::{EPSILON, advantages};
use crate::math::aggregation::aggregation_weights;
use crate::math::kl::{KlEstimator, kl};
use crate::math::objective::Scored;
use crate::tasks::Task;
use crate::text::Tokenizer;

/// A validated configuration with what it names.
pub struct Frame {
    pub config: TrainConfig,
    pub task: Box<dyn Task>,
    pub tokenizer: Tokenizer,
}

/// What one step made: its numbers and its completions, groups side by side.
pub struct Outcome {
    pub metrics: Metrics,
    pub samples: Vec<Sample>,
}

impl Frame {
    /// The policy update on scored sequences: log densities of the old, the reference and the new policy, advantages, and
    /// `steps_per_generation · num_iterations` AdamW steps on Σ weight · loss (`math/objective.rs`). An update whose loss or gradient is
    /// not finite is left out and counted.
    ///
    /// # Errors
    /// The engine's, and `cancelled`: then the updates already made stand.
    pub async fn learn<E: Engine>(
        &self,
        engine: &mut E,
        mut gathered: Gathered,
        batch: &[Sequence],
        scoring: &Scoring,
        pulse: &Pulse,
    ) -> Result<Outcome> {
        let config = &self.config;
        let (old, reference) = self.scores(engine, batch, scoring, pulse).await?;
        self.spread_rewards(&mut gathered.samples, batch, &old, reference.as_ref());
        let samples = &gathered.samples;
        let lengths: Vec<usize> = samples.iter().zip(batch).map(|(s, sequence)| self.counted(s, sequence)).collect();
        let max_length = config.max_length(self.task.as_ref());
        let (objective, mut tally) = (config.loss(), Tally::default());
        let (rows, all) = (batch.len(), batch.len() * config.num_iterations);
        let learning = pulse.during(Stage::Learn, all);
        for iteration in 0..config.num_iterations {
            for range in self.mini_batches() {
                let own = learning.share(&(iteration * rows + range.start..iteration * rows + range.end), all);
                let micro_batch = config.per_device_train_batch_size;
                let weights = aggregation_weights(config.loss_type, &lengths[range.clone()], max_length, micro_batch);
                let mut loss = |i: usize, log_densities: &[f64]| -> Slopes {
                    let row = range.start + i;
                    let (density_weights, entropy_weights) = spread(&batch[row], weights[i]);
                    let found = objective.sequence_loss(&Scored {
                        log_densities,
                        old: &old.log_densities[row],
                        reference: reference.as_ref().map(|r| r.log_densities[row].as_slice()),
                        weights: &density_weights,
                        entropies: &old.entropies[row],
                        entropy_weights: &entropy_weights,
                        advantage: samples[row].advantage,
                    });
                    tally.sequence(&found);
                    match found.loss.is_finite() {
                        true if config.entropy_coef > 0.0 => {
                            Slopes { densities: found.d_log_densities, entropies: found.d_entropies }
                        }
                        true => found.d_log_densities.into(),
                        false => vec![f64::NAN; log_densities.len()].into(), // so that the update is left out
                    }
                };
                let report =
                    engine.update(&batch[range.clone()], scoring, &mut loss, &config.optimizer(), &own).await?;
                tally.update(&report);
            }
        }
        let metrics = self.metrics(&gathered, batch, &old, reference.as_ref(), &tally);
        Ok(Outcome { metrics, samples: gathered.samples })
    }

    /// Log densities under the policy as it is, and under the reference where that counts.
    async fn scores<E: Engine>(
        &self,
        engine: &mut E,
        batch: &[Sequence],
        scoring: &Scoring,
        pulse: &Pulse,
    ) -> Result<(Scores, Option<Scores>)> {
        let twice = self.config.beta > 0.0;
        let policies = if twice { 2 } else { 1 };
        let pulse = pulse.during(Stage::Score, policies * batch.len());
        let old = engine.score(batch, scoring, Weights::Current, &pulse.share(&(0..1), policies)).await?;
        let reference = match twice {
            true => Some(engine.score(batch, scoring, Weights::Reference, &pulse.share(&(1..2), policies)).await?),
            false => None,
        };
        Ok((old, reference))
    }

    /// Rewards, less the price of divergence where it is part of them, become advantages.
    fn spread_rewards(&self, samples: &mut [Sample], batch: &[Sequence], old: &Scores, reference: Option<&Scores>) {
        let config = &self.config;
        let price = |row: usize| match reference {
            Some(reference) if config.use_kl_in_reward => {
                let (weights, _) = spread(&batch[row], 1.0);
                config.beta * divergence(&old.log_densities[row], &reference.log_densities[row], &weights)
            }
            _ => 0.0,
        };
        let rewards: Vec<f64> = samples.iter().enumerate().map(|(row, sample)| sample.reward - price(row)).collect();
        let found = advantages(&rewards, config.num_generations, config.baseline, config.scale_rewards, EPSILON);
        samples.iter_mut().zip(found).for_each(|(sample, advantage)| sample.advantage = advantage);
    }

    /// Actions of a completion that count in the loss.
    fn counted(&self, sample: &Sample, sequence: &Sequence) -> usize {
        match sample.rollout.finished || !self.config.mask_truncated_completions {
            true => sequence.actions.iter().filter(|action| **action != Action::Forced).count(),
            false => 0,
        }
    }

    /// Whole groups, split into `steps_per_generation` runs.
    fn mini_batches(&self) -> Vec<Range<usize>> {
        let (group, parts) = (self.config.num_generations, self.config.steps_per_generation);
        let groups = self.config.generation_batch_size / group;
        (0..parts).map(|i| groups * i / parts * group..groups * (i + 1) / parts * group).collect()
    }

    fn metrics(
        &self,
        gathered: &Gathered,
        batch: &[Sequence],
        old: &Scores,
        reference: Option<&Scores>,
        tally: &Tally,
    ) -> Metrics {
        let config = &self.config;
        let rollouts: Vec<&Rollout> = gathered.samples.iter().map(|s| &s.rollout).collect();
        let rewards: Vec<f64> = gathered.samples.iter().map(|s| s.reward).collect();
        let mut metrics = of_rollouts(&rollouts, &rewards, config.num_generations);
        tally.fill(&mut metrics);
        metrics.learning_rate = config.learning_rate;
        metrics.num_tokens = gathered.tokens;
        metrics.frac_reward_zero_std = gathered.equal_groups as f64 / gathered.groups.max(1) as f64;
        metrics.num_gen_batches = config.dynamic_sampling.then_some(gathered.batches);
        let shaped = config.format_reward > 0.0 || config.soft_punish_cache > 0;
        metrics.grade = shaped.then(|| mean(gathered.samples.iter().map(|s| s.grade)));
        metrics.audit =
            gathered.samples.iter().map(|s| s.audit).collect::<Option<Vec<f64>>>().map(|all| mean(all.into_iter()));
        metrics.entropy = mean(old.entropies.iter().flatten().copied());
        metrics.kl = reference.map(|reference| {
            let chosen = batch.iter().flat_map(|sequence| spread(sequence, 1.0).0);
            let pairs = old.log_densities.iter().flatten().zip(reference.log_densities.iter().flatten());
            let counted = pairs.zip(chosen).filter(|(_, weight)| *weight > 0.0);
            mean(counted.map(|((now, start), _)| kl(KlEstimator::K3, *now, *start).0))
        });
        metrics
    }
}

/// `weight` for each log density and for each action of a sequence; 0 for what was given, not chosen.
fn spread(sequence: &Sequence, weight: f64) -> (Vec<f64>, Vec<f64>) {
    let of = |action: &Action| if *action == Action::Forced { 0.0 } else { weight };
    let densities = sequence.actions.iter().flat_map(|action| std::iter::repeat_n(of(action), action.scores()));
    (densities.collect(), sequence.actions.iter().map(of).collect())
}

fn mean(values: impl Iterator<Item = f64>) -> f64 {
    let (sum, count) = values.fold((0.0, 0usize), |(sum, count), value| (sum + value, count + 1));
    sum / count.max(1) as f64
}
