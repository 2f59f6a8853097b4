//! GRPO: group-relative policy optimisation of discrete thoughts (Shao et al. 2024; verl's and TRL's form).
//!
//! One step, top to bottom:
//! 1. ask `generation_batch_size / num_generations` questions, answer each `num_generations` times;
//! 2. reward = grade of the answer; advantage = reward standardised inside its group (switches: `baseline`, `scale_rewards`);
//! 3. action = the drawn token; its density = log-probability over the whole vocabulary;
//! 4. clipped surrogate on the ratio of new to old density, KL to the frozen start, AdamW (switches: `surrogate`, `loss_type`, …).
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
    let policy = config.policy(); // tokens
    let gathered = frame.gather(engine, &policy, index, pulse).await?;
    let batch: Vec<Sequence> = gathered.samples.iter().map(|s| s.rollout.sequence()).collect(); // inputs: the tokens themselves
    frame.learn(engine, gathered, &batch, &config.scoring(0.0), pulse).await
}
