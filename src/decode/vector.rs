//! Soft and fuzzy tokens: the mean embedding of the whole distribution with Gaussian noise on it (arXiv 2509.19170, §3).
//!
//! Not here: the formulas (`math/soft_tokens.rs`). The token of a step, which graders and the stop rule read, is the most likely one:
//! the paper's greedy shadow sequence.

use super::step::{SHOWN, Step};
use crate::engine::blend::LEAST_SHOWN;
use crate::engine::chain::Averaging;
use crate::math::soft_tokens::{mean_embedding, unit_normal};
use crate::math::softmax::entropy;
use crate::math::threefry::Key;
use crate::math::truncation::{Truncation, truncate};

/// logits: (V); embedding: (V, D), row-major. The step shows the few heaviest entries of its average.
#[must_use]
pub fn vector_step(logits: &[f32], embedding: &[f64], averaging: &Averaging, key: Key, step: u32) -> Step {
    let wide: Vec<f64> = logits.iter().map(|z| f64::from(*z)).collect();
    let mean = mean_embedding(&wide, embedding, averaging.temperature);
    let noise = |d: u32| if averaging.deviation > 0.0 { averaging.deviation * unit_normal(key, step, d) } else { 0.0 };
    let all = Truncation { temperature: averaging.temperature, ..Truncation::NONE };
    let found = truncate(logits, &all, logits.len());
    let shown = found.ids.len().min(SHOWN);
    Step {
        token: found.ids.first().copied().unwrap_or(0),
        soft: true,
        log_probs: found.probs[..shown].iter().map(|prob| prob.max(LEAST_SHOWN).ln() as f32).collect(),
        mixture: found.probs[..shown].iter().map(|prob| *prob as f32).collect(),
        mixture_entropy: entropy(&found.probs) as f32,
        candidates: found.ids[..shown].to_vec(),
        vector: mean.iter().zip(0u32..).map(|(m, d)| (m + noise(d)) as f32).collect(),
        ..Step::default()
    }
}
