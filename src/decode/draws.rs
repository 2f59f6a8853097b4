//! Multiplex thinking: a blend of K tokens drawn independently of each other (arXiv 2601.08808; github GMLR-Penn/Multiplex-Thinking).
//!
//! Not here: one draw (`discrete.rs`). As in the published code the first draw is what graders and the stop rule read, and draws of the
//! same token keep their places: it then simply weighs more.

use super::discrete::draw;
use super::step::Step;
use crate::engine::blend::{merged, mixture_entropy};
use crate::engine::chain::Drawing;
use crate::math::threefry::Key;
use crate::math::truncation::Truncation;

/// The key of draw k of a rollout; draw 0 is the one that discrete thinking of the same seed makes.
#[must_use]
pub fn draw_key(key: Key, k: usize) -> Key {
    if k == 0 { key } else { key.derive(k as u32) }
}

/// logits: (V). The K draws stand in the order they were made; their weights are equal, or go by their probabilities.
#[must_use]
pub fn draws_step(logits: &[f32], truncation: &Truncation, drawing: &Drawing, key: Key, step: u32) -> Step {
    let draws: Vec<_> = (0..drawing.draws).map(|k| draw(logits, truncation, draw_key(key, k), step)).collect();
    let ids: Vec<u32> = draws.iter().map(|draw| draw.candidates.ids[draw.winner]).collect();
    let probs: Vec<f64> = draws.iter().map(|draw| draw.candidates.probs[draw.winner]).collect();
    let weights = drawing.weights(&probs);
    Step {
        token: ids.first().copied().unwrap_or(0),
        soft: true,
        log_probs: probs.iter().map(|prob| prob.ln() as f32).collect(),
        mixture_entropy: mixture_entropy(&merged(&ids, &weights)),
        mixture: weights,
        winner_changed: draws.first().is_some_and(|draw| draw.winner != 0),
        candidates: ids,
        ..Step::default()
    }
}
