//! Soft thinking: one blend of K tokens a step, by noise on the truncated distribution.
//!
//! Not here: when a thought ends (`stop.rs`), what follows it (`discrete.rs`).
//! Sources: SofT-GRPO §3 and its sampler, whose steps the numbers name; Stochastic Soft Thinking (arXiv 2508.03440) and Soft Thinking
//! (arXiv 2505.15778) are the same steps with other settings.

use super::step::Step;
use crate::engine::blend::mixture_entropy;
use crate::engine::chain::Blending;
use crate::math::gumbel::{clamp_noise, gumbel, perturb};
use crate::math::noises::{Noise, candidate_stream, gamma_sample, gaussian_sample};
use crate::math::threefry::Key;
use crate::math::truncation::{Candidates, Truncation, truncate};

/// logits: (V). Noise depends on `key`, `step` and the token's id alone. The step's K entries descend by their weight.
#[must_use]
pub fn soft_step(logits: &[f32], truncation: &Truncation, blending: &Blending, key: Key, step: u32) -> Step {
    let pool = if blending.before_cut { logits.len() } else { blending.candidates };
    let found = truncate(logits, truncation, pool); // 1-3
    match blending.noise {
        Noise::Gumbel => {
            let drawn = found.ids.iter().map(|id| gumbel(key.uniform(step, *id)));
            let noise = drawn.map(|n| if blending.clamp { clamp_noise(n) } else { n }).collect(); // 5
            perturbed_step(&found, noise, blending)
        }
        Noise::Dirichlet | Noise::Gaussian => sampled_step(&found, blending, key, step),
    }
}

/// Steps 4, 6 and 7 with the noise (K) given.
#[must_use]
pub fn perturbed_step(found: &Candidates, noise: Vec<f64>, blending: &Blending) -> Step {
    let stored = perturb(&found.probs, &noise, blending.noise_scale, blending.log_epsilon);
    in_order(found, noise, stored.into_iter().map(|y| y as f32).collect(), blending)
}

/// The entries sorted by what is stored of them, rounded as it is stored.
fn in_order(found: &Candidates, noise: Vec<f64>, stored: Vec<f32>, blending: &Blending) -> Step {
    let log_probs = perturb(&found.probs, &noise, 0.0, blending.log_epsilon);
    let mut order: Vec<usize> = (0..stored.len()).collect();
    order.sort_by(|a, b| stored[*b].total_cmp(&stored[*a])); // stable: of equals the likelier first
    order.truncate(blending.candidates);
    let perturbed: Vec<f32> = order.iter().map(|i| stored[*i]).collect();
    let weights = blending.weights(&perturbed); // 7
    Step {
        token: order.first().map_or(0, |i| found.ids[*i]),
        soft: true,
        candidates: order.iter().map(|i| found.ids[*i]).collect(),
        log_probs: order.iter().map(|i| log_probs[*i] as f32).collect(),
        noise: order.iter().map(|i| noise[*i] as f32).collect(),
        mixture_entropy: mixture_entropy(&weights),
        mixture: weights,
        perturbed,
        winner_changed: order.first() != Some(&0),
        ..Step::default()
    }
}

/// The control noises: samples take the place of perturbed values; the "noise" is sample minus probability.
fn sampled_step(found: &Candidates, blending: &Blending, key: Key, step: u32) -> Step {
    let sample = |(id, prob): (&u32, &f64)| {
        let mut draws = candidate_stream(key, step, *id);
        match blending.noise {
            Noise::Gaussian => gaussian_sample(*prob, &mut draws) as f32,
            _ => gamma_sample(blending.concentration * prob, &mut draws) as f32,
        }
    };
    let stored: Vec<f32> = found.ids.iter().zip(&found.probs).map(sample).collect();
    let noise = stored.iter().zip(&found.probs).map(|(x, prob)| f64::from(*x) - prob).collect();
    in_order(found, noise, stored, blending)
}
