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
use crate::math::softmax::entropy_of_logits;
use crate::math::threefry::Key;
use crate::text::Ending;

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
    ending: Ending,
    /// How many tokens of an ending that a rule began are fed.
    ended: usize,
    answering: bool,
    pub finished: bool,
}

impl Row {
    /// A row that has not begun, with the noise of `key`.
    #[must_use]
    pub fn new(key: Key) -> Self {
        Self::with_ending(key, Ending::default())
    }

    /// The same for a model whose thoughts end with more than one token.
    #[must_use]
    pub fn with_ending(key: Key, ending: Ending) -> Self {
        let (steps, stopping) = (Vec::new(), Stopping::default());
        Self { key, steps, stopping, ending, ended: 0, answering: false, finished: false }
    }

    /// Decides the next step from logits (V); `embedding` (V, D) is needed by vectors only.
    pub fn next(&mut self, logits: &[f32], sampling: &Sampling, embedding: &[f64]) -> &Step {
        let index = self.steps.len() as u32;
        let model_entropy = entropy_of_logits(logits, 1.0) as f32;
        let mut step = match self.ending.fed().get(self.ended).filter(|_| self.ended > 0) {
            Some(token) => {
                self.ended += 1;
                Step::forced(*token, model_entropy)
            }
            None if self.answering => discrete_step(logits, &sampling.answer, self.key, index),
            None => self.think(logits, sampling, embedding, index),
        };
        (step.answering, step.model_entropy) = (self.answering, model_entropy);
        let ends = !self.answering && self.ended == 0 && self.stopping.ends(logits, sampling, index as usize);
        if ends && !self.leaves(step.token, sampling) {
            let fed = self.ending.fed().first().copied();
            self.ended = usize::from(fed.is_some());
            step = Step::forced(fed.unwrap_or(sampling.end_think), model_entropy);
        }
        self.answering |= self.leaves(step.token, sampling);
        self.finished = step.token == sampling.end_answer;
        self.steps.push(step);
        &self.steps[self.steps.len() - 1]
    }

    /// Whether `token`, the next one, ends the thought: the last of those that are looked for, after the others.
    fn leaves(&self, token: u32, sampling: &Sampling) -> bool {
        let before = self.ending.sought().split_last().map_or(&[][..], |(_, before)| before);
        let tail = self.steps.iter().rev().map(|step| &step.token);
        token == sampling.end_think
            && self.steps.len() >= before.len()
            && tail.zip(before.iter().rev()).all(|(a, b)| a == b)
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
        if step.soft && self.leaves(step.token, sampling) {
            // As the published code: the step that leaves soft mode is fed, stored and scored as a token.
            step.soft = false;
            // A greedy shadow is no choice with a probability: it is not scored.
            step.forced = !step.vector.is_empty();
            step.vector.clear();
        }
        step
    }
}
