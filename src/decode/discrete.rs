//! Discrete thinking: one token a step, drawn by Gumbel-max over the truncated distribution.
//!
//! Not here: blends of tokens; `soft.rs` adds exactly that.

use super::step::{SHOWN, Step};
use crate::math::gumbel::gumbel;
use crate::math::softmax::log_sum_exp;
use crate::math::threefry::Key;
use crate::math::truncation::{Candidates, Truncation, truncate};

/// Vocabularies from this size on are not sorted for a draw.
const MANY: usize = 4096;

/// A drawn token and what it was drawn from.
#[derive(Clone, Debug, PartialEq)]
pub struct Draw {
    /// Index into `candidates` of the drawn token.
    pub winner: usize,
    /// Everything that could have been drawn, most likely first; of a large vocabulary the likeliest few and the drawn token.
    pub candidates: Candidates,
    /// Gumbel(0, 1) noise of each candidate, unclamped.
    pub noise: Vec<f64>,
}

/// Draws a token: argmax of ln q + noise, which is distributed as q.
///
/// logits: (V). The noise of a token depends on `key`, `step` and its id alone, so soft and discrete
/// thinking of the same seed meet the same luck. Temperature 0 takes the most likely token.
#[must_use]
pub fn draw(logits: &[f32], truncation: &Truncation, key: Key, step: u32) -> Draw {
    if truncation.temperature == 0.0 {
        let greedy = Truncation { temperature: 1.0, top_k: 1, top_p: 1.0, min_p: 0.0 };
        return Draw { winner: 0, candidates: truncate(logits, &greedy, 1), noise: vec![0.0] };
    }
    if logits.len() >= MANY && truncation.top_k == 0 && truncation.top_p >= 1.0 && truncation.min_p == 0.0 {
        return draw_of_many(logits, truncation, key, step);
    }
    let mut candidates = truncate(logits, truncation, logits.len());
    let kept = candidates.probs.iter().take_while(|q| **q > 0.0).count().max(1);
    candidates.ids.truncate(kept);
    candidates.probs.truncate(kept);
    let noise: Vec<f64> = candidates.ids.iter().map(|id| gumbel(key.uniform(step, *id))).collect();
    let perturbed = candidates.probs.iter().zip(&noise).map(|(q, noise)| q.ln() + noise);
    let winner = perturbed.enumerate().max_by(|a, b| a.1.total_cmp(&b.1)).map_or(0, |(index, _)| index);
    Draw { winner, candidates, noise }
}

/// The same draw where nothing is cut: of so many only the likeliest few and the drawn one are put in order.
fn draw_of_many(logits: &[f32], truncation: &Truncation, key: Key, step: u32) -> Draw {
    let mut candidates = truncate(logits, truncation, SHOWN);
    let tempered: Vec<f64> = logits.iter().map(|z| f64::from(*z) / truncation.temperature).collect();
    let (mut drawn, mut most) = (0u32, f64::NEG_INFINITY);
    for (id, z) in (0u32..).zip(&tempered) {
        let perturbed = z + gumbel(key.uniform(step, id));
        if perturbed > most {
            (drawn, most) = (id, perturbed);
        }
    }
    let winner = candidates.ids.iter().position(|id| *id == drawn).unwrap_or_else(|| {
        candidates.ids.push(drawn);
        candidates.ids.len() - 1
    });
    let total = log_sum_exp(&tempered);
    candidates.probs = candidates.ids.iter().map(|id| (tempered[*id as usize] - total).exp()).collect();
    let noise = candidates.ids.iter().map(|id| gumbel(key.uniform(step, *id))).collect();
    Draw { winner, candidates, noise }
}

/// A draw as a step: the drawn token first, with all the weight, then the likeliest others.
#[must_use]
pub fn discrete_step(logits: &[f32], truncation: &Truncation, key: Key, step: u32) -> Step {
    let draw = draw(logits, truncation, key, step);
    let mut order: Vec<usize> = (0..draw.candidates.ids.len().min(SHOWN)).filter(|i| *i != draw.winner).collect();
    order.insert(0, draw.winner);
    order.truncate(SHOWN);
    let log_prob = |i: &usize| draw.candidates.probs[*i].ln();
    Step {
        token: draw.candidates.ids[draw.winner],
        candidates: order.iter().map(|i| draw.candidates.ids[*i]).collect(),
        log_probs: order.iter().map(|i| log_prob(i) as f32).collect(),
        noise: order.iter().map(|i| draw.noise[*i] as f32).collect(),
        perturbed: order.iter().map(|i| (log_prob(i) + draw.noise[*i]) as f32).collect(),
        mixture: order.iter().map(|i| if *i == draw.winner { 1.0 } else { 0.0 }).collect(),
        winner_changed: draw.winner != 0,
        ..Step::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_tokens_are_drawn_from_as_few_are() {
        let logits: Vec<f32> = (0..MANY as u32).map(|i| 4.0 * (i as f32 * 1.3).sin()).collect();
        let nearly = Truncation { temperature: 0.8, top_k: MANY, top_p: 1.0, min_p: 0.0 }; // cuts nothing, but is sorted
        let (mut unlikely, all) = (0, Truncation { top_k: 0, ..nearly });
        for seed in 0..40 {
            let key = Key::from_seed(seed);
            let (few, many) = (draw(&logits, &nearly, key, 3), draw(&logits, &all, key, 3));
            assert_eq!(few.candidates.ids[few.winner], many.candidates.ids[many.winner]);
            let probs = (few.candidates.probs[few.winner], many.candidates.probs[many.winner]);
            assert!((probs.0 / probs.1 - 1.0).abs() <= 1e-12, "{probs:?}"); // sums of 4096 terms in another order
            assert_eq!(few.candidates.ids[..SHOWN], many.candidates.ids[..SHOWN]);
            unlikely += usize::from(many.winner >= SHOWN);
        }
        assert!(unlikely > 20, "the drawn token is nearly always among the likeliest: nothing is tested");
    }
}
