//! Log densities of actions and their gradients by the logits; of vectors also through the mean embedding, which is a product.
//!
//! Not here: where the logits come from (`passes.rs`, `backward.rs`), how actions are packed (`batch.rs`).

use super::forward::Forward;
use super::product::{Linear, Store};
use crate::engine::gpu::capacity::is_large;
use crate::engine::gpu::kernels::Kernel;
use crate::engine::gpu::params::{LogDensity, VectorDensity, VectorDensityBackward, VectorShares};
use crate::engine::gpu::program::Call;
use crate::engine::gpu::slots::Slot;
use crate::engine::{Scoring, VectorScoring};
use crate::math::gumbel::{ABSENT, CLAMP_MARGIN, NOISE_MAX, NOISE_MIN};
use crate::math::noises::{
    GAMMA_LOG_DENSITY_MAX, GAMMA_LOG_DENSITY_MIN, GAUSSIAN_DEVIATION, GAUSSIAN_REACH, MASK_PROB, Noise,
};

/// A mask that counts every candidate: no log probability is lower.
const NO_MASK: f32 = -1e30;

/// The kind of an action that is a soft step, as the kernels read it; tokens are 0.
pub const SOFT: u32 = 1;
/// The kind of an action that is a vector.
pub const VECTOR: u32 = 2;

/// The widest of a batch of actions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ActionShape {
    /// W: ids.
    pub width: usize,
    /// S: log densities.
    pub scores: usize,
    /// Whether some are vectors.
    pub vectors: bool,
}

/// What noises are called in the kernels.
#[must_use]
pub fn noise_number(noise: Noise) -> u32 {
    match noise {
        Noise::Gumbel => 0,
        Noise::Dirichlet => 1,
        Noise::Gaussian => 2,
    }
}

/// What the kernels of `shaders/shared/soft_density.wgsl` are told about `actions` rows of logits.
#[must_use]
pub fn density_params(scoring: &Scoring, vocabulary: usize, actions: usize, shape: ActionShape) -> LogDensity {
    let form = &scoring.density;
    LogDensity {
        actions: actions as u32,
        vocabulary: vocabulary as u32,
        stride: vocabulary.next_multiple_of(4) as u32,
        width: shape.width as u32,
        scores: shape.scores as u32,
        temperature: scoring.temperature as f32,
        noise: noise_number(scoring.noise),
        clamp_noise: u32::from(form.clamp),
        noise_min: NOISE_MIN as f32,
        noise_max: NOISE_MAX as f32,
        clamp_margin: CLAMP_MARGIN as f32,
        mask: form.mask.map_or(NO_MASK, |mask| mask as f32),
        mean: u32::from(form.mean || scoring.noise != Noise::Gumbel), // the controls have one form
        log_epsilon: form.log_epsilon as f32,
        absent: (0.5 * ABSENT) as f32,
        mask_prob: MASK_PROB as f32,
        density_min: GAMMA_LOG_DENSITY_MIN as f32,
        density_max: GAMMA_LOG_DENSITY_MAX as f32,
        deviation: GAUSSIAN_DEVIATION as f32,
        reach: GAUSSIAN_REACH as f32,
    }
}

/// From `Slot::Logits` to `Slot::Scores`, under the parameters in `weights`.
#[must_use]
pub fn density_calls(
    forward: &Forward,
    weights: Slot,
    scoring: &Scoring,
    actions: usize,
    shape: ActionShape,
) -> Vec<Call> {
    let vocabulary = forward.config.vocab_size;
    let params = density_params(scoring, vocabulary, actions, shape);
    let buffers = [Slot::Logits, Slot::Actions, Slot::Perturbed, Slot::Scores];
    let call = if is_large(&forward.config) {
        Call::new(Kernel::LogDensityWide, &buffers, &params, [actions, 1])
    } else if forward.plain {
        Call::new(Kernel::LogDensityPlain, &buffers, &params, [actions.div_ceil(16), 1])
    } else {
        Call::new(Kernel::LogDensity, &buffers, &params, [actions, 1])
    };
    let mut calls = vec![call.with_work(10 * actions * vocabulary, actions * vocabulary)];
    if let (true, Some(how)) = (shape.vectors, scoring.vectors) {
        calls.extend(forward.vector_density(weights, &how, actions, shape));
    }
    calls
}

/// From `Slot::Slopes` to `Slot::DLogits`, and of vectors to the embedding's place in `Slot::Gradient`.
#[must_use]
pub fn density_backward_calls(forward: &Forward, scoring: &Scoring, actions: usize, shape: ActionShape) -> Vec<Call> {
    let vocabulary = forward.config.vocab_size;
    let params = density_params(scoring, vocabulary, actions, shape);
    let buffers = [Slot::Logits, Slot::Actions, Slot::Perturbed, Slot::Slopes, Slot::DLogits];
    let call = if is_large(&forward.config) {
        Call::new(Kernel::LogDensityBackwardWide, &buffers, &params, [actions, 1])
    } else {
        Call::new(Kernel::LogDensityBackward, &buffers, &params, [actions.div_ceil(32), 1])
    };
    let mut calls = vec![call.with_work(10 * actions * vocabulary, 2 * actions * vocabulary)];
    if let (true, Some(how)) = (shape.vectors, scoring.vectors) {
        calls.extend(forward.vector_density_backward(&how, actions, shape));
    }
    calls
}

impl Forward {
    /// The embedding as the weights of a product, with as many rows as shares have columns.
    fn embedding_linear(&self) -> Linear {
        let (columns, inner) = (self.config.vocab_size.next_multiple_of(4), self.config.hidden_size);
        Linear { columns, inner, weight: 0, bias: None }
    }

    /// Mean embeddings of marked rows of `Slot::Logits` → `to` (rows, D), by way of `Slot::VectorShares`. What marks a row is
    /// `mark`, the first word of each `mark_stride` in `marks`.
    pub(super) fn mean_embeddings(
        &self,
        weights: Slot,
        temperature: f64,
        rows: usize,
        (marks, mark_stride, mark): (Slot, usize, u32),
        (to, store): (Slot, Store),
    ) -> [Call; 2] {
        let vocabulary = self.config.vocab_size;
        let params = VectorShares {
            rows: rows as u32,
            vocabulary: vocabulary as u32,
            stride: vocabulary.next_multiple_of(4) as u32,
            mark_stride: mark_stride as u32,
            mark,
            temperature: temperature as f32,
        };
        let buffers = [Slot::Logits, marks, Slot::VectorShares];
        [
            Call::new(Kernel::VectorShares, &buffers, &params, [rows.div_ceil(32), 1])
                .with_work(10 * rows * vocabulary, 2 * rows * vocabulary),
            self.input_gradient(weights, Slot::VectorShares, to, rows, self.embedding_linear(), store),
        ]
    }

    fn vector_density(&self, weights: Slot, how: &VectorScoring, actions: usize, shape: ActionShape) -> Vec<Call> {
        let dim = self.config.hidden_size;
        let marks = (Slot::Actions, 2 + shape.width, VECTOR);
        let mean = (Slot::Delta, Store::Replace);
        let params = VectorDensity {
            actions: actions as u32,
            dim: dim as u32,
            width: shape.width as u32,
            scores: shape.scores as u32,
            vector: VECTOR,
            scale: (0.5 / (how.deviation * how.deviation)) as f32,
        };
        let buffers = [Slot::Fed, Slot::Actions, Slot::Delta, Slot::Scores];
        let mut calls = self.mean_embeddings(weights, how.temperature, actions, marks, mean).to_vec();
        calls.push(
            Call::new(Kernel::VectorDensity, &buffers, &params, [actions.div_ceil(32), 1])
                .with_work(4 * actions * dim, 3 * actions * dim),
        );
        calls
    }

    fn vector_density_backward(&self, how: &VectorScoring, actions: usize, shape: ActionShape) -> Vec<Call> {
        let vocabulary = self.config.vocab_size;
        let table = Linear { columns: vocabulary, ..self.embedding_linear() };
        let params = VectorDensityBackward {
            actions: actions as u32,
            vocabulary: vocabulary as u32,
            stride: vocabulary.next_multiple_of(4) as u32,
            width: shape.width as u32,
            scores: shape.scores as u32,
            vector: VECTOR,
            temperature: how.temperature as f32,
            scale: (1.0 / (how.deviation * how.deviation)) as f32,
        };
        let buffers = [Slot::Pull, Slot::Actions, Slot::Slopes, Slot::VectorShares, Slot::DLogits];
        let mut calls = vec![
            self.product(Slot::Weights, Slot::Delta, Slot::Pull, actions, table, Store::Replace),
            Call::new(Kernel::VectorDensityBackward, &buffers, &params, [actions.div_ceil(32), 1])
                .with_work(8 * actions * vocabulary, 4 * actions * vocabulary),
        ];
        if how.embedding_gradient {
            calls.push(self.weight_gradient(Slot::VectorShares, Slot::Delta, actions, self.embedding_linear()));
        }
        calls
    }
}
