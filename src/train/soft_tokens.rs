//! Soft and fuzzy tokens: reinforcement of thoughts that are noisy mean embeddings (Butt et al. 2025, arXiv 2509.19170).
//!
//! One step, top to bottom:
//! 1. ask `generation_batch_size / num_generations` questions, answer each `num_generations` times;
//! 2. reward = grade of the answer, at least `format_reward` if well formed; advantage = reward − mean of the others (preset);
//! 3. action of a thought step = the embedding h̃ = softmax(z/τ)·E + σ·normal that was fed; its density =
//!    −‖h̃ − softmax(z/τ)·E‖² / 2σ² under the current policy (`math/soft_tokens.rs::log_density`). σ is a share of the live table's root
//!    mean square, taken once a step. `</think>` is read off the likeliest tokens and given, not chosen; the answer is tokens;
//! 4. the score function −A · log density, summed over the completion, AdamW; no ratio, no KL (preset).
//!
//! Differences from the paper: the answer is drawn after `</think>`, not after "The final answer is:", and a thought that is too long is
//! ended by `max_thought_length` without a prefilled phrase. A clipped ratio (`surrogate` "clipped") is possible; its log has the variance
//! ‖Δh⁰‖²/σ². At the fuzzy τ the density hardly reaches the logits: what is learned comes from the answer and, with
//! `embedding_gradient`, from the table.
//!
//! Not here: steps 1 and 2 in detail (`gather.rs`), step 4 (`frame.rs`).

use super::frame::{Frame, Outcome};
use crate::decode::rollout::embedding_of;
use crate::engine::{Engine, Pulse, Sequence};
use crate::error::Result;

/// One training step on the questions of step number `index`.
///
/// # Errors
/// The engine's, and `cancelled`.
pub async fn step<E: Engine>(engine: &mut E, frame: &Frame, index: usize, pulse: &Pulse) -> Result<Outcome> {
    let config = &frame.config;
    let policy = config.policy(); // noisy mean embeddings
    let (deviation, _) = embedding_of(engine, &policy).await?;
    let gathered = frame.gather(engine, &policy, index, pulse).await?;
    let batch: Vec<Sequence> = gathered.samples.iter().map(|s| s.rollout.sequence()).collect(); // inputs: h̃ as fed, constants
    frame.learn(engine, gathered, &batch, &config.scoring(deviation), pulse).await
}
