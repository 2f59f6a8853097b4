//! SofT-GRPO: group-relative policy optimisation of soft thoughts (Zheng et al. 2025, arXiv 2511.06411).
//!
//! One step, top to bottom:
//! 1. ask `generation_batch_size / num_generations` questions, answer each `num_generations` times;
//! 2. reward = grade of the answer; advantage = reward standardised inside its group;
//! 3. action of a thought step = the perturbed log-probabilities y = ln(q + 1e-6) + noise of K candidates;
//!    its density = that of the Gumbel noise y − ln(q + 1e-6) under the current policy (`math/gumbel.rs::log_density`).
//!    `</think>` and the answer are tokens, scored as in `grpo.rs`;
//! 4. clipped surrogate on the ratio of new to old density, KL to the frozen start, AdamW.
//!
//! Where the paper and its published code differ, this follows the code:
//! 1. the density is the mean over candidates with q > 4.98 %, not the sum over all; with top-p < 1 the sum explodes,
//!    because candidates that top-p cut come back with noise near −14 (measured: gradient norm 14 000);
//! 2. the noise is clamped to [−1.5, 3] when drawn and again when the density is taken;
//! 3. the loss is a mean over tokens, not over sequences first (switch: `loss_type`);
//! 4. KL compares the densities of soft actions, not token distributions.
//!
//! And where this differs from the published code on purpose:
//! 5. the answer is sampled discretely; the published sampler keeps drawing clamped Gumbel noise after `</think>`;
//! 6. top-p is part of the rollout only, here as there, but cut candidates are the next most likely ids, not arbitrary ones;
//! 7. the mean over tokens is taken over a whole mini-batch, not over micro-batches of two sequences.
//!
//! `diff grpo.rs soft_grpo.rs` shows what SofT-GRPO changes. Not here: steps 2 and 4 in detail (`frame.rs`).

use super::frame::{Frame, Outcome};
use crate::decode::rollout::rollout;
use crate::engine::{Engine, Pulse, Sequence};
use crate::error::Result;

/// One training step on the questions of step number `index`.
///
/// # Errors
/// The engine's, and `cancelled`.
pub async fn step<E: Engine>(engine: &mut E, frame: &Frame, index: usize, pulse: &Pulse) -> Result<Outcome> {
    let config = &frame.config;
    let policy = config.policy(); // blends of `soft_top_k` tokens
    let (questions, prompts) = frame.questions(index)?;
    let rollouts = rollout(engine, &frame.request(&prompts, &policy, index), pulse, &mut |_, _| ()).await?;
    let batch: Vec<Sequence> = rollouts.iter().map(|r| r.sequence()).collect(); // inputs: Σ softmax(y/τ)·embedding, detached
    let samples = frame.samples(&questions, rollouts);
    frame.learn(engine, samples, &batch, &config.scoring(), pulse).await
}
