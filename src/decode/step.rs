//! One step of a completion: from logits to the next input, whatever the way to think.
//!
//! Not here: each way (`discrete.rs`, `soft.rs`, `draws.rs`, `vector.rs`), the loop over steps (`rollout.rs`).

use super::discrete::discrete_step;
use super::draws::draws_step;
use super::soft::soft_step;
use super::stop::Stopping;
use super::vector::vector_step;
pub use crate::engine::chain::StepRecord as Step;
use crate::engine::chain::{Pausing, Sampling, Thinking};
use crate::engine::{Action, Blends};
use crate::math::softmax::{entropy, softmax};
use crate::math::threefry::Key;

/// Candidates shown of a step that is drawn from all tokens.
pub const SHOWN: usize = 5;

/// Where in the completion a step stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// Before and including `</think>`.
    Think,
    /// After it.
    Answer,
}

impl Step {
    /// Whether it is part of the thought or of the answer.
    #[must_use]
    pub fn phase(&self) -> Phase {
        if self.answering { Phase::Answer } else { Phase::Think }
    }

    /// What training scores.
    #[must_use]
    pub fn action(&self) -> Action {
        match self {
            _ if self.forced => Action::Forced,
            _ if !self.soft => Action::Token(self.token),
            _ if !self.vector.is_empty() => Action::Vector(self.vector.clone()),
            _ if self.perturbed.is_empty() => Action::Draws(self.candidates.clone()),
            _ => Action::Soft { candidates: self.candidates.clone(), perturbed: self.perturbed.clone() },
        }
    }

    /// Appends it to the inputs as it was fed, or with other weights.
    pub fn push_input(&self, inputs: &mut Blends, weights: Option<&[f32]>) {
        if !self.soft {
            inputs.push_token(self.token);
        } else if self.vector.is_empty() {
            inputs.push(&self.candidates, weights.unwrap_or(&self.mixture));
        } else {
            inputs.push_vector(&self.vector);
        }
    }

    /// Largest weight of the next input; 1 for a token.
    #[must_use]
    pub fn top_weight(&self) -> f32 {
        if self.soft { self.mixture.iter().copied().fold(f32::NEG_INFINITY, f32::max) } else { 1.0 }
    }
}

/// The state of one row between its steps.
pub struct Row {
    key: Key,
    pub steps: Vec<Step>,
    stopping: Stopping,
    answering: bool,
    pub finished: bool,
}

impl Row {
    /// A row that has not begun, with the noise of `key`.
    #[must_use]
    pub fn new(key: Key) -> Self {
        Self { key, steps: Vec::new(), stopping: Stopping::default(), answering: false, finished: false }
    }

    /// Decides the next step from logits (V); `embedding` (V, D) is needed by vectors only.
    pub fn next(&mut self, logits: &[f32], sampling: &Sampling, embedding: &[f64]) -> &Step {
        let index = self.steps.len() as u32;
        let wide: Vec<f64> = logits.iter().map(|z| f64::from(*z)).collect();
        let mut step = if self.answering {
            discrete_step(logits, &sampling.answer, self.key, index)
        } else {
            self.think(logits, sampling, embedding, index)
        };
        step.answering = self.answering;
        step.model_entropy = entropy(&softmax(&wide)) as f32;
        if !self.answering && self.stopping.ends(&wide, sampling, index as usize) && step.token != sampling.end_think {
            step = Step::forced(sampling.end_think, step.model_entropy);
        }
        self.answering |= step.token == sampling.end_think;
        self.finished = step.token == sampling.end_answer;
        self.steps.push(step);
        &self.steps[self.steps.len() - 1]
    }

    fn think(&self, logits: &[f32], sampling: &Sampling, embedding: &[f64], index: u32) -> Step {
        let truncation = &sampling.truncation;
        let mut step = match &sampling.thinking {
            Thinking::Tokens => discrete_step(logits, truncation, self.key, index),
            Thinking::Pause(Pausing { length, token }) => {
                let token = if (index as usize) < *length { *token } else { sampling.end_think };
                Step::forced(token, 0.0)
            }
            Thinking::Blend(blending) => soft_step(logits, truncation, blending, self.key, index),
            Thinking::Draws(drawing) => draws_step(logits, truncation, drawing, self.key, index),
            Thinking::Vector(averaging) => vector_step(logits, embedding, averaging, self.key, index),
        };
        if step.soft && step.token == sampling.end_think {
            // As the published code: the step that leaves soft mode is fed, stored and scored as a token.
            step.soft = false;
            // A greedy shadow is no choice with a probability: it is not scored.
            step.forced = !step.vector.is_empty();
            step.vector.clear();
        }
        step
    }
}
