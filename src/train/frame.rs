//! What the objectives share: questions, rewards, mini-batches and the clipped policy update.
//!
//! Not here: what an action is and how dense it is, which is all that `grpo.rs` and `soft_grpo.rs` differ in.

use std::ops::Range;

use super::config::TrainConfig;
use super::metrics::{Metrics, Tally, of_rollouts};
use crate::decode::evaluate::{grade, prompt_tokens};
use crate::decode::policy::Policy;
use crate::decode::rollout::{CHUNK, Request, Rollout};
use crate::engine::{Engine, Pulse, Scoring, Sequence, Slopes, Weights};
use crate::error::Result;
use crate::math::advantage::group_advantages;
use crate::math::aggregation::aggregation_weights;
use crate::math::kl::kl;
use crate::math::objective::Scored;
use crate::math::threefry::Key;
use crate::tasks::{Question, Split, Task};
use crate::text::Tokenizer;

/// Added to a group's standard deviation before dividing by it (verl; TRL has 1e-4).
pub const ADVANTAGE_EPSILON: f64 = 1e-6;
/// Separates the streams of randomness of a run.
const QUESTIONS: u32 = 1;
const ROLLOUTS: u32 = 2;

/// A validated configuration with what it names.
pub struct Frame {
    pub config: TrainConfig,
    pub task: Box<dyn Task>,
    pub tokenizer: Tokenizer,
}

/// A completion with what it earned.
#[derive(Clone, Debug)]
pub struct Sample {
    pub question: Question,
    pub answer: Option<String>,
    pub reward: f64,
    pub advantage: f64,
    pub rollout: Rollout,
}

/// What one step made: its numbers and its completions, groups side by side.
pub struct Outcome {
    pub metrics: Metrics,
    pub samples: Vec<Sample>,
}

/// A seed for one stream of randomness of one step.
fn derive(seed: u64, stream: u32, step: usize) -> u64 {
    let Key([high, low]) = Key::from_seed(seed).derive(stream).derive(step as u32);
    u64::from(high) << 32 | u64::from(low)
}

impl Frame {
    /// The questions of training step `step` and their prompts, each to be answered `num_generations` times.
    ///
    /// # Errors
    /// `bad-input` if the task asks in characters that the tokenizer lacks.
    pub fn questions(&self, step: usize) -> Result<(Vec<Question>, Vec<Vec<u32>>)> {
        let first = derive(self.config.seed, QUESTIONS, step);
        let count = self.config.generation_batch_size / self.config.num_generations;
        let questions: Vec<Question> =
            (0..count).map(|i| self.task.question(Split::Train, first.wrapping_add(i as u64))).collect();
        let prompts = questions.iter().map(|q| prompt_tokens(&self.tokenizer, &q.prompt)).collect::<Result<_>>()?;
        Ok((questions, prompts))
    }

    /// The rollouts of step `step`.
    #[must_use]
    pub fn request<'a>(&self, prompts: &'a [Vec<u32>], policy: &'a Policy, step: usize) -> Request<'a> {
        Request {
            prompts,
            offset: 0,
            samples: self.config.num_generations,
            policy,
            max_steps: self.config.max_length(self.task.as_ref()),
            seed: derive(self.config.seed, ROLLOUTS, step),
            marks: self.tokenizer.marks(),
            chunk: CHUNK,
        }
    }

    /// Grades completions and spreads rewards into advantages.
    #[must_use]
    pub fn samples(&self, questions: &[Question], rollouts: Vec<Rollout>) -> Vec<Sample> {
        let group = self.config.num_generations;
        let graded: Vec<(Option<String>, f64)> = (rollouts.iter().enumerate())
            .map(|(row, rollout)| grade(self.task.as_ref(), &questions[row / group], &self.tokenizer, rollout))
            .collect();
        let rewards: Vec<f64> = graded.iter().map(|(_, reward)| *reward).collect();
        let advantages = group_advantages(&rewards, group, self.config.scale_rewards, ADVANTAGE_EPSILON);
        (rollouts.into_iter().zip(graded).zip(advantages).enumerate())
            .map(|(row, ((rollout, (answer, reward)), advantage))| Sample {
                question: questions[row / group].clone(),
                answer,
                reward,
                advantage,
                rollout,
            })
            .collect()
    }

    /// Whole groups, split into `steps_per_generation` runs.
    fn mini_batches(&self) -> Vec<Range<usize>> {
        let (group, parts) = (self.config.num_generations, self.config.steps_per_generation);
        let groups = self.config.generation_batch_size / group;
        (0..parts).map(|i| groups * i / parts * group..groups * (i + 1) / parts * group).collect()
    }

    /// The clipped policy update on scored sequences: log densities of the old, the reference and the new policy,
    /// loss = Σ weight · (surrogate + beta · KL), `steps_per_generation · num_iterations` AdamW steps.
    ///
    /// # Errors
    /// The engine's, and `cancelled`: then the updates already made stand.
    pub async fn learn<E: Engine>(
        &self,
        engine: &mut E,
        samples: Vec<Sample>,
        batch: &[Sequence],
        scoring: &Scoring,
        pulse: &Pulse,
    ) -> Result<Outcome> {
        let config = &self.config;
        let old = engine.score(batch, scoring, Weights::Current, pulse).await?;
        let reference = match config.beta > 0.0 {
            true => Some(engine.score(batch, scoring, Weights::Reference, pulse).await?),
            false => None,
        };
        let counted = |sample: &Sample| sample.rollout.finished || !config.mask_truncated_completions;
        let lengths: Vec<usize> = samples.iter().map(|s| if counted(s) { s.rollout.steps.len() } else { 0 }).collect();
        let max_length = config.max_length(self.task.as_ref());
        let (objective, mut tally) = (config.loss(), Tally::default());
        for _ in 0..config.num_iterations {
            for range in self.mini_batches() {
                let weights = aggregation_weights(config.loss_type, &lengths[range.clone()], max_length, None);
                let mut loss = |i: usize, log_densities: &[f64]| -> Slopes {
                    let row = range.start + i;
                    let weights = vec![weights[i]; log_densities.len()];
                    let found = objective.sequence_loss(&Scored {
                        log_densities,
                        old: &old.log_densities[row],
                        reference: reference.as_ref().map(|r| r.log_densities[row].as_slice()),
                        weights: &weights,
                        entropies: &old.entropies[row],
                        entropy_weights: &weights,
                        advantage: samples[row].advantage,
                    });
                    tally.sequence(&found);
                    found.d_log_densities.into()
                };
                let report =
                    engine.update(&batch[range.clone()], scoring, &mut loss, &config.optimizer(), pulse).await?;
                tally.update(&report);
            }
        }
        let rollouts: Vec<&Rollout> = samples.iter().map(|s| &s.rollout).collect();
        let rewards: Vec<f64> = samples.iter().map(|s| s.reward).collect();
        let mut metrics = of_rollouts(&rollouts, &rewards, config.num_generations);
        tally.fill(&mut metrics);
        metrics.learning_rate = config.learning_rate;
        metrics.entropy = mean(old.entropies.iter().flatten().copied());
        metrics.kl = reference.map(|r| {
            let pairs = old.log_densities.iter().flatten().zip(r.log_densities.iter().flatten());
            mean(pairs.map(|(now, start)| kl(crate::math::kl::KlEstimator::K3, *now, *start).0))
        });
        Ok(Outcome { metrics, samples })
    }
}

fn mean(values: impl Iterator<Item = f64>) -> f64 {
    let (sum, count) = values.fold((0.0, 0usize), |(sum, count), value| (sum + value, count + 1));
    sum / count.max(1) as f64
}
