//! SofT-GRPO: group-relative policy optimisation of soft thoughts (Zheng et al. 2025, arXiv 2511.06411).
//!
//! One step, top to bottom:
//! 1. ask `generation_batch_size / num_generations` questions, answer each `num_generations` times;
//! 2. reward = grade of the answer; advantage = reward standardised inside its group (switches: `baseline`, `scale_rewards`);
//! 3. action of a thought step = the perturbed log-probabilities y = ln(q + 1e-6) + noise of K candidates;
//!    its density = that of the Gumbel noise y − ln(q + 1e-6) under the current policy (`math/gumbel.rs::log_density`).
//!    `</think>` and the answer are tokens, scored as in `grpo.rs`;
//! 4. clipped surrogate on the ratio of new to old density, KL to the frozen start, AdamW (switches: `surrogate`, `loss_type`, …).
//!
//! Where the paper and its published code differ, the defaults follow the code; presets "softgrpo-paper" and "softgrpo-code":
//! 1. the density is the mean over candidates with q > 4.98 %, not the sum over all (`density_reduction`, `density_mask`);
//! 2. the noise is clamped to [−1.5, 3] when drawn and again when the density is taken (`noise_clamp`);
//! 3. candidates that top-p cut stay in the action at ln 1e-6 (`log_epsilon`; 0 leaves them out). Without 1 and 2 their density
//!    explodes, because they come back with noise near −14 (measured: gradient norm 14 000); that combination is refused;
//! 4. the loss is a mean over the tokens of micro-batches of two, not over sequences first (`loss_type` "bnpo",
//!    `per_device_train_batch_size`). The default here is "dapo": over the tokens of a whole mini-batch;
//! 5. KL compares the densities of soft actions, not token distributions;
//! 6. the control noises (`noise` "dirichlet", "gaussian") are fed as x / Σx and scored as if softmax(x / τ) had been fed
//!    (`published_rebuild`). The default here scores what was fed.
//!
//! And where this differs from the published code on purpose:
//! 7. the answer is sampled discretely; the published sampler keeps drawing clamped Gumbel noise after `</think>`;
//! 8. top-p is part of the rollout only, here as there, but cut candidates are the next most likely ids, not arbitrary ones.
//!
//! `diff grpo.rs soft_grpo.rs` shows what SofT-GRPO changes. Not here: steps 1 and 2 in detail (`gather.rs`), step 4 (`frame.rs`).

use super::frame::{Frame, Outcome};
use crate::engine::{Engine, Pulse, Sequence};
use crate::error::Result;

/// One training step on the questions of step number `index`.
///
/// # Errors
/// The engine's, and `cancelled`.
pub async fn step<E: Engine>(engine: &mut E, frame: &Frame, index: usize, pulse: &Pulse) -> Result<Outcome> {
    let config = &frame.config;
    let policy = config.policy(); // blends of `soft_top_k` tokens
    let gathered = frame.gather(engine, &policy, index, pulse).await?;
    let rollouts = gathered.samples.iter().map(|s| &s.rollout);
    let batch: Vec<Sequence> = match config.rebuild_temperature() {
        None => rollouts.map(|r| r.sequence()).collect(), // inputs: Σ weight · embedding as fed, detached
        Some(tau) => rollouts.map(|r| r.sequence_by_softmax(tau)).collect(), // difference 6
    };
    frame.learn(engine, gathered, &batch, &config.scoring(0.0), pulse).await
}
