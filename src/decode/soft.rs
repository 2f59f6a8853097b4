//! Soft thinking: one blend of K tokens a step, by Gumbel-Softmax over the truncated distribution.
//!
//! Not here: what happens after `</think>`, where decoding is discrete (`rollout.rs`).
//! Source: SofT-GRPO §3 and its sampler; the numbered steps are those of the published code.

use crate::decode::SoftSettings;
use crate::math::gumbel::{clamp_noise, gumbel, mixture, perturb};
use crate::math::threefry::Key;
use crate::math::truncation::{Truncation, truncate};

/// One soft step: K entries in descending order of their weight.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SoftStep {
    /// Token ids; the first is the projection, which the grader and the stop rule read.
    pub candidates: Vec<u32>,
    /// ln(q + 1e-6), nats.
    pub log_probs: Vec<f32>,
    /// Clamped Gumbel noise.
    pub noise: Vec<f32>,
    /// log_probs + noise_scale · noise: the action that is scored and stored.
    pub perturbed: Vec<f32>,
    /// softmax(perturbed / gumbel_temperature): the weights of the next input.
    pub mixture: Vec<f32>,
    /// Whether the noise made another candidate win than the most likely one.
    pub winner_changed: bool,
}

/// logits: (V). Noise depends on `key`, `step` and the token's id alone.
#[must_use]
pub fn soft_step(logits: &[f32], settings: &SoftSettings, key: Key, step: u32) -> SoftStep {
    let SoftSettings { temperature, top_k, top_p, min_p, .. } = *settings;
    let candidates = truncate(logits, &Truncation { temperature, top_k, top_p, min_p }, settings.soft_top_k); // 1-3
    let noise: Vec<f64> = candidates.ids.iter().map(|id| clamp_noise(gumbel(key.uniform(step, *id)))).collect(); // 5
    let perturbed: Vec<f32> =
        perturb(&candidates.probs, &noise, settings.noise_scale).into_iter().map(|y| y as f32).collect(); // 4, 6
    let weights = blend_weights(&perturbed, settings.gumbel_temperature); // 7
    let mut order: Vec<usize> = (0..weights.len()).collect();
    order.sort_by(|a, b| perturbed[*b].total_cmp(&perturbed[*a]));
    let log_probs = perturb(&candidates.probs, &noise, 0.0);
    SoftStep {
        candidates: order.iter().map(|i| candidates.ids[*i]).collect(),
        log_probs: order.iter().map(|i| log_probs[*i] as f32).collect(),
        noise: order.iter().map(|i| noise[*i] as f32).collect(),
        perturbed: order.iter().map(|i| perturbed[*i]).collect(),
        mixture: order.iter().map(|i| weights[*i]).collect(),
        winner_changed: order.first() != Some(&0),
    }
}

/// The weights of a blend from its stored perturbed values: what rollout and training both use, so that
/// the inputs of the old, the new and the reference policy are identical.
#[must_use]
pub fn blend_weights(perturbed: &[f32], gumbel_temperature: f64) -> Vec<f32> {
    let perturbed: Vec<f64> = perturbed.iter().map(|y| f64::from(*y)).collect();
    mixture(&perturbed, gumbel_temperature).into_iter().map(|w| w as f32).collect()
}
