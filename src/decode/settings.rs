//! The settings of each way to think, with the defaults of its paper.
//!
//! Not here: their ranges and what they amount to (`policy.rs`).

use serde::{Deserialize, Serialize};

use crate::engine::chain::{Blending, StopRule};
use crate::math::gumbel::LOG_EPSILON;
use crate::math::noises::Noise;
use crate::math::soft_tokens::{NOISE_SHARE, SOFT_TEMPERATURE};

/// How tokens of an answer are drawn.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AnswerSettings {
    /// Logits are divided by this; 0 takes the most likely token.
    pub temperature: f64,
    /// Keep this many tokens; 0 keeps all.
    pub top_k: usize,
    /// Keep the smallest set with at least this mass.
    pub top_p: f64,
    /// Drop tokens below this share of the most likely one.
    pub min_p: f64,
}

impl Default for AnswerSettings {
    /// The model's own distribution.
    fn default() -> Self {
        Self { temperature: 1.0, top_k: 0, top_p: 1.0, min_p: 0.0 }
    }
}

impl AnswerSettings {
    /// Always the most likely token.
    pub const GREEDY: Self = Self { temperature: 0.0, top_k: 0, top_p: 1.0, min_p: 0.0 };
}

/// Ordinary sampling of one token at a time.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DiscreteSettings {
    /// Logits are divided by this; 0 takes the most likely token.
    pub temperature: f64,
    /// Keep this many tokens; 0 keeps all.
    pub top_k: usize,
    /// Keep the smallest set with at least this mass.
    pub top_p: f64,
    /// Drop tokens below this share of the most likely one.
    pub min_p: f64,
    /// Longest thought in tokens, `</think>` included; 0 for no limit of its own.
    pub max_thought_length: usize,
    /// The thought is so many `<pad>` tokens and `</think>`, whatever the model says: time to compute without content. 0: it thinks.
    pub pause_length: usize,
    /// How the answer is drawn; as the thought when absent.
    pub answer: Option<AnswerSettings>,
}

impl Default for DiscreteSettings {
    /// The discrete baseline's training settings: the model's own distribution (softgrpo: T 1, top_p 1, top_k −1).
    fn default() -> Self {
        Self {
            temperature: 1.0,
            top_k: 0,
            top_p: 1.0,
            min_p: 0.0,
            max_thought_length: 0,
            pause_length: 0,
            answer: None,
        }
    }
}

/// Soft thinking: blends of the likeliest few tokens, with noise or without.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SoftSettings {
    pub temperature: f64,
    pub top_k: usize,
    pub top_p: f64,
    pub min_p: f64,
    /// K: entries of a blend.
    pub soft_top_k: usize,
    /// Gumbel noise on log-probabilities, or a control noise on probabilities.
    pub noise: Noise,
    /// τ: temperature of the softmax over perturbed values; small is nearly one-hot. Gumbel only.
    pub gumbel_temperature: f64,
    /// Multiplies Gumbel noise; 0 is deterministic. The log density assumes 1.
    pub noise_scale: f64,
    /// Clamp Gumbel noise to [−1.5, 3], as the published code of SofT-GRPO.
    pub noise_clamp: bool,
    /// Added to probabilities before the logarithm: 1e-6 in SofT-GRPO's code, 0 in its paper and in Stochastic Soft Thinking. At 0,
    /// candidates cut by top-p or min-p take no part at all.
    pub log_epsilon: f64,
    /// Dirichlet: probabilities times this are the shapes; large stays close to them.
    pub dirichlet_alpha: f64,
    /// Dirichlet: draw for all tokens that truncation kept and then take the K largest (Stochastic Soft Thinking), instead of drawing
    /// for the K likeliest (SofT-GRPO's control).
    pub noise_before_top_k: bool,
    /// Cold Stop: a step whose entropy (nats) is below this is certain.
    pub cold_stop_entropy: f64,
    /// Cold Stop: so many certain steps in a row end the thought; 0 never.
    pub cold_stop_length: usize,
    pub max_thought_length: usize,
    pub answer: Option<AnswerSettings>,
}

impl Default for SoftSettings {
    /// The paper's settings (SofT-GRPO, table 8) in its code's form.
    fn default() -> Self {
        Self {
            temperature: 1.0,
            top_k: 5,
            top_p: 0.95,
            min_p: 0.0,
            soft_top_k: 5,
            noise: Noise::Gumbel,
            gumbel_temperature: 0.1,
            noise_scale: 1.0,
            noise_clamp: true,
            log_epsilon: LOG_EPSILON,
            dirichlet_alpha: 1.0,
            noise_before_top_k: false,
            cold_stop_entropy: 0.0,
            cold_stop_length: 0,
            max_thought_length: 0,
            answer: None,
        }
    }
}

/// Soft and fuzzy tokens: the mean embedding of the whole vocabulary, with Gaussian noise on it.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SoftTokensSettings {
    /// Logits are divided by this before they become the weights of the average: 0.5 for soft tokens, 0.0001 for fuzzy ones.
    pub temperature: f64,
    /// γ: deviation of the noise as a share of the embeddings' root mean square; 0 is deterministic.
    pub embedding_noise: f64,
    pub max_thought_length: usize,
    /// How the answer is drawn; from the model's own distribution when absent.
    pub answer: Option<AnswerSettings>,
}

impl Default for SoftTokensSettings {
    /// "Soft Tokens, Hard Truths": τ 0.5, σ = 0.33 · rms.
    fn default() -> Self {
        Self { temperature: SOFT_TEMPERATURE, embedding_noise: NOISE_SHARE, max_thought_length: 0, answer: None }
    }
}

/// Multiplex thinking: a blend of K tokens drawn independently.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct MultiplexSettings {
    pub temperature: f64,
    pub top_k: usize,
    pub top_p: f64,
    pub min_p: f64,
    /// K: draws of a step.
    pub multiplex_width: usize,
    /// Weigh draws by their probability instead of equally.
    pub weighted: bool,
    pub max_thought_length: usize,
    pub answer: Option<AnswerSettings>,
}

impl Default for MultiplexSettings {
    /// The published script: three draws, equally weighted, from the model's own distribution.
    fn default() -> Self {
        Self {
            temperature: 1.0,
            top_k: 0,
            top_p: 1.0,
            min_p: 0.0,
            multiplex_width: 3,
            weighted: false,
            max_thought_length: 0,
            answer: None,
        }
    }
}

impl SoftSettings {
    /// What a step does with the candidates.
    #[must_use]
    pub fn blending(&self) -> Blending {
        Blending {
            candidates: self.soft_top_k,
            noise: self.noise,
            gumbel_temperature: self.gumbel_temperature,
            noise_scale: self.noise_scale,
            clamp: self.noise_clamp,
            log_epsilon: self.log_epsilon,
            concentration: self.dirichlet_alpha,
            before_cut: self.noise_before_top_k,
        }
    }

    /// When it ends a thought.
    pub(super) fn stop(&self) -> StopRule {
        let (cold_entropy, cold_steps) = (self.cold_stop_entropy, self.cold_stop_length);
        StopRule { cold_entropy, cold_steps, max_thought: self.max_thought_length }
    }
}
