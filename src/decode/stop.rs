//! When a thought is ended for the model: Cold Stop, and the longest thought allowed.
//!
//! Not here: the model's own end, which is the token `</think>` (`step.rs`).
//! Source: Soft-Thinking `schedule_batch.py`: while the entropy stays below a threshold for so many steps, the next token is replaced.

use crate::engine::chain::{Sampling, StopRule};
use crate::math::softmax::entropy_of_logits;

/// What has to be remembered between the steps of one thought.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stopping {
    /// Certain steps in a row.
    certain: usize,
}

impl Stopping {
    /// Whether the step that was chosen from `logits` (V), the thought's number `index` (from 0), is replaced by the end of the thought.
    pub fn ends(&mut self, logits: &[f32], sampling: &Sampling, index: usize) -> bool {
        let StopRule { cold_entropy, cold_steps, max_thought } = sampling.stop;
        if cold_steps > 0 {
            let temperature = if sampling.truncation.temperature > 0.0 { sampling.truncation.temperature } else { 1.0 };
            let nats = entropy_of_logits(logits, temperature);
            self.certain = if nats < cold_entropy { self.certain + 1 } else { 0 };
        }
        (cold_steps > 0 && self.certain >= cold_steps) || (max_thought > 0 && index + 1 >= max_thought)
    }
}
