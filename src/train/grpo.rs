//! GRPO: group-relative policy optimisation of discrete thoughts (Shao et al. 2024; verl's and TRL's form).
//!
//! One step, top to bottom:
//! 1. ask `generation_batch_size / num_generations` questions, answer each `num_generations` times;
//! 2. reward = grade of the answer; advantage = reward standardised inside its group;
//! 3. action = the drawn token; its density = log-probability over the whole vocabulary;
//! 4. clipped surrogate on the ratio of new to old density, KL to the frozen start, AdamW.
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
    let policy = config.policy(); // tokens
    let (questions, prompts) = frame.questions(index)?;
    let rollouts = rollout(engine, &frame.request(&prompts, &policy, index), pulse, &mut |_, _| ()).await?;
    let batch: Vec<Sequence> = rollouts.iter().map(|r| r.sequence()).collect(); // inputs: the tokens themselves
    let samples = frame.samples(&questions, rollouts);
    frame.learn(engine, samples, &batch, &config.scoring(), pulse).await
}
