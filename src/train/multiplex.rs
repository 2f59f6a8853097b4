//! Multiplex thinking: group-relative policy optimisation of thoughts whose steps are several draws (Tang et al. 2026, arXiv 2601.08808).
//!
//! One step, top to bottom:
//! 1. ask `generation_batch_size / num_generations` questions, answer each `num_generations` times;
//! 2. reward = grade of the answer; advantage = reward standardised inside its group (switches: `baseline`, `scale_rewards`);
//! 3. action of a thought step = K = `multiplex_width` tokens drawn independently; its density = the product of their probabilities.
//!    `</think>` and the answer are tokens, scored as in `grpo.rs`;
//! 4. clipped surrogate on the ratio of new to old probability of each draw on its own, summed over the K of a step, AdamW; a step
//!    counts as one token in `loss_type`. GSPO's ratio is the mean over all draws.
//!
//! Source of 4: the published code, which sums K clipped losses where the paper writes one ratio of products.
//!
//! Not here: steps 1 and 2 in detail (`gather.rs`), step 4 (`frame.rs`).

use super::frame::{Frame, Outcome};
use crate::engine::{Engine, Pulse, Sequence};
use crate::error::Result;

/// One training step on the questions of step number `index`.
///
/// # Errors
/// The engine's, and `cancelled`.
pub async fn step<E: Engine>(engine: &mut E, frame: &Frame, index: usize, pulse: &Pulse) -> Result<Outcome> {
    let config = &frame.config;
    let policy = config.policy(); // blends of draws
    let gathered = frame.gather(engine, &policy, index, pulse).await?;
    let batch: Vec<Sequence> = gathered.samples.iter().map(|s| s.rollout.sequence()).collect(); // inputs: means of the draws
    frame.learn(engine, gathered, &batch, &config.scoring(0.0), pulse).await
}
