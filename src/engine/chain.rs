//! What a chain of decode steps is asked for and the record it leaves: plain data, the same as decode's rollouts hold.
//!
//! Not here: who runs the steps (`gpu/rollout.rs`, `decode/rollout.rs`), what they compute (`decode/`, `shaders/`).

use crate::error::{Error, Result};
use crate::math::gumbel::LOG_EPSILON;
use crate::math::noises::Noise;
use crate::math::threefry::Key;
use crate::math::truncation::Truncation;
use crate::text::Ending;

/// What to roll out: every prompt once for each of its keys.
#[derive(Clone, Copy, Debug)]
pub struct ChainRequest<'a> {
    /// Token ids of the prompts.
    pub prompts: &'a [Vec<u32>],
    /// Row-major (prompts, repeats); row r draws the noise of `keys[r]`.
    pub keys: &'a [Key],
    pub sampling: &'a Sampling,
    /// Steps between two reports, at most: few for a listener, many for speed.
    pub chunk: usize,
    /// How a thought ends where that takes more than `sampling.end_think`.
    pub ending: Ending,
}

/// What the steps of a thought are.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Thinking {
    /// Drawn tokens.
    Tokens,
    /// A fixed number of equal tokens, whatever the model says.
    Pause(Pausing),
    /// Blends of the likeliest few, by noise on their probabilities.
    Blend(Blending),
    /// Blends of tokens drawn independently of each other.
    Draws(Drawing),
    /// The mean embedding of the whole distribution, with noise on it.
    Vector(Averaging),
}

/// The control without content: a thought that is time to compute and nothing else.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pausing {
    /// Steps before `end_think`.
    pub length: usize,
    /// What each of them feeds.
    pub token: u32,
}

/// Soft thinking: a blend of K candidates.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Blending {
    /// K: entries of a blend.
    pub candidates: usize,
    /// Gumbel noise on log-probabilities, or one of the control noises on probabilities.
    pub noise: Noise,
    /// Gumbel: temperature of the softmax over perturbed values.
    pub gumbel_temperature: f64,
    /// Gumbel: multiplies the noise; 0 is deterministic.
    pub noise_scale: f64,
    /// Gumbel: clamp the noise to [`crate::math::gumbel::NOISE_MIN`], [`crate::math::gumbel::NOISE_MAX`].
    pub clamp: bool,
    /// Gumbel: added to probabilities before the logarithm; at 0 candidates that truncation cut are absent.
    pub log_epsilon: f64,
    /// Dirichlet: multiplies the probabilities to shapes.
    pub concentration: f64,
    /// Dirichlet: draw for every token that truncation kept, then keep the K largest samples.
    pub before_cut: bool,
}

impl Blending {
    /// SofT-GRPO's with K candidates: clamped Gumbel noise, τ 0.1.
    #[must_use]
    pub fn soft_grpo(candidates: usize) -> Self {
        Self {
            candidates,
            noise: Noise::Gumbel,
            gumbel_temperature: 0.1,
            noise_scale: 1.0,
            clamp: true,
            log_epsilon: LOG_EPSILON,
            concentration: 1.0,
            before_cut: false,
        }
    }
}

/// Multiplex thinking: K independent draws.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Drawing {
    /// K: draws of a step.
    pub draws: usize,
    /// Weigh the draws by their probability; otherwise equally.
    pub weighted: bool,
}

/// Soft Tokens: Σ softmax(logits / temperature) · embedding + deviation · normal noise.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Averaging {
    pub temperature: f64,
    /// σ, in the unit of the embedding; 0 is deterministic.
    pub deviation: f64,
}

/// When a thought is ended for the model: `end_think` then takes the place of what it chose.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct StopRule {
    /// Cold Stop: entropy (nats, at the sampling temperature, before truncation) below which a step counts as certain.
    pub cold_entropy: f64,
    /// Cold Stop: so many certain steps in a row end the thought; 0 never.
    pub cold_steps: usize,
    /// Longest thought, `end_think` included; 0 for no limit of its own.
    pub max_thought: usize,
}

/// How a chain of steps chooses its next inputs and when it stops.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sampling {
    /// Of the thought.
    pub truncation: Truncation,
    /// Of the answer, which is drawn token by token.
    pub answer: Truncation,
    pub thinking: Thinking,
    pub stop: StopRule,
    /// The token after which the answer is drawn, discretely.
    pub end_think: u32,
    /// The token that ends a row.
    pub end_answer: u32,
    /// Longest completion, tokens.
    pub max_steps: usize,
}

/// One step of one row, in the terms of decode's `Step` and `SoftStep`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct StepRecord {
    /// Whether it came after `end_think`.
    pub answering: bool,
    /// The token: drawn, or the projection of the blend.
    pub token: u32,
    /// Whether the next input is the blend (true) or the token alone.
    pub soft: bool,
    /// Whether a rule put the token in the place of the model's choice: a stop rule `end_think`, or a pause.
    pub forced: bool,
    /// Descending by weight; of a discrete step the drawn token, then the likeliest others; of draws in their order.
    pub candidates: Vec<u32>,
    /// Log-probabilities of the candidates, nats.
    pub log_probs: Vec<f32>,
    /// Their noise; empty where it has no meaning for a single candidate.
    pub noise: Vec<f32>,
    /// Perturbed log-probabilities, or samples of a control noise: what was stored, the action.
    pub perturbed: Vec<f32>,
    /// The weights of the next input.
    pub mixture: Vec<f32>,
    /// Soft Tokens: the next input itself (D), the action.
    pub vector: Vec<f32>,
    /// Entropy (nats) of the weights of the next input, of all of them where `mixture` holds the heaviest few.
    pub mixture_entropy: f32,
    /// Whether the noise made another candidate win than the likeliest one.
    pub winner_changed: bool,
    /// Entropy (nats) of the model's untruncated distribution at temperature 1.
    pub model_entropy: f32,
}

impl StepRecord {
    /// A token in the place of what the model chose: the end of a thought, or a pause in it.
    #[must_use]
    pub fn forced(token: u32, model_entropy: f32) -> Self {
        Self {
            token,
            forced: true,
            candidates: vec![token],
            log_probs: vec![0.0],
            noise: vec![0.0],
            perturbed: vec![0.0],
            mixture: vec![1.0],
            model_entropy,
            ..Self::default()
        }
    }
}

/// All steps of one row.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RowRecord {
    pub steps: Vec<StepRecord>,
    /// Whether `end_answer` came within `max_steps`.
    pub finished: bool,
}

impl Sampling {
    /// Entries of the widest input: K, or 1 for tokens and vectors.
    #[must_use]
    pub fn width(&self) -> usize {
        match self.thinking {
            Thinking::Tokens | Thinking::Pause(_) | Thinking::Vector(_) => 1,
            Thinking::Blend(blending) => blending.candidates,
            Thinking::Draws(drawing) => drawing.draws,
        }
    }

    /// # Errors
    /// `bad-input` naming the setting, its range and what came.
    pub fn validate(&self) -> Result<()> {
        self.truncation.validate()?;
        self.answer.validate()?;
        let positive = |name: &str, value: f64| match value > 0.0 && value.is_finite() {
            true => Ok(()),
            false => Err(Error::bad_input(format!("`{name}` of soft thinking must be above 0; got {value}"))),
        };
        let not_negative = |name: &str, value: f64| match value >= 0.0 && value.is_finite() {
            true => Ok(()),
            false => Err(Error::bad_input(format!("`{name}` of soft thinking must be at least 0; got {value}"))),
        };
        if self.thinking != Thinking::Tokens && self.width() == 0 {
            return Err(Error::bad_input("a blend needs at least 1 candidate; got 0"));
        }
        match self.thinking {
            Thinking::Tokens | Thinking::Pause(_) => Ok(()),
            Thinking::Blend(blending) => {
                positive("temperature", self.truncation.temperature)?;
                positive("gumbel_temperature", blending.gumbel_temperature)?;
                positive("dirichlet_alpha", blending.concentration)?;
                not_negative("log_epsilon", blending.log_epsilon)?;
                not_negative("noise_scale", blending.noise_scale)
            }
            Thinking::Draws(_) => positive("temperature", self.truncation.temperature),
            Thinking::Vector(averaging) => {
                positive("temperature", averaging.temperature)?;
                not_negative("embedding_noise", averaging.deviation)
            }
        }
    }
}
