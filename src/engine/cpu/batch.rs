//! Sequences packed side by side for the training forward: padded on the right, where causality hides the padding.

use std::sync::Arc;

use burn::tensor::{Device, Tensor, TensorData};

use super::density::{Densities, densities, indices};
use super::rope::Rope;
use super::transformer::{Sight, Transformer};
use crate::engine::{Action, Scoring, Sequence};
use crate::error::Result;
use crate::model::config::ModelConfig;

/// Runs `model` over `batch` and returns the hidden states (B·T, D) and the padded length T.
#[must_use]
pub fn hidden(
    model: &Transformer,
    config: &ModelConfig,
    batch: &[Sequence],
    scoring: &Scoring,
    device: &Device,
) -> (Tensor<2>, usize) {
    let time = batch.iter().map(|s| s.inputs.rows()).max().unwrap_or(0);
    let width = batch.iter().map(widest).max().unwrap_or(1);
    let (mut ids, mut weights) = (Vec::new(), Vec::new());
    for sequence in batch {
        let inputs = &sequence.inputs;
        for row in 0..time {
            let range = row * inputs.width..row * inputs.width + inputs.width.min(width);
            let filled = if row < inputs.rows() { range.len() } else { 0 };
            ids.extend(inputs.ids.get(range.clone()).unwrap_or_default().iter().map(|id| *id as usize));
            weights.extend_from_slice(inputs.weights.get(range).unwrap_or_default());
            ids.resize(ids.len() + width - filled, 0);
            weights.resize(weights.len() + width - filled, 0.0);
        }
    }
    let weights = Tensor::<2>::from_data(TensorData::new(weights, [batch.len() * time, width]), device);
    let mut x = model.blend(indices(&ids, device), weights, scoring.input_gradient); // (B·T, D)
    if let Some(vectors) = padded_vectors(batch, time) {
        let dim = vectors.len() / (batch.len() * time);
        x = x + Tensor::<2>::from_data(TensorData::new(vectors, [batch.len() * time, dim]), device);
    }
    let rope = Arc::new(Rope::new(config, time));
    (model.hidden(x, batch.len(), &rope, Sight::Own), time)
}

/// The vectors of all inputs (B·T, D), where there are any.
fn padded_vectors(batch: &[Sequence], time: usize) -> Option<Vec<f32>> {
    let dim = batch.iter().map(|s| s.inputs.dim).max().filter(|dim| *dim > 0)?;
    let mut vectors = Vec::with_capacity(batch.len() * time * dim);
    for (index, sequence) in batch.iter().enumerate() {
        vectors.extend_from_slice(&sequence.inputs.vectors);
        vectors.resize((index + 1) * time * dim, 0.0);
    }
    Some(vectors)
}

/// How many leading entries of a sequence's blends carry weight anywhere; plain tokens need one.
fn widest(sequence: &Sequence) -> usize {
    let rows = sequence.inputs.weights.chunks(sequence.inputs.width.max(1));
    rows.map(|row| row.iter().rposition(|w| *w != 0.0).map_or(1, |last| last + 1)).max().unwrap_or(1)
}

/// Log densities of every action of `batch`, in reading order.
///
/// # Errors
/// As [`densities`].
pub fn batch_densities(
    model: &Transformer,
    config: &ModelConfig,
    batch: &[Sequence],
    scoring: &Scoring,
    device: &Device,
) -> Result<Densities> {
    let (hidden, time) = hidden(model, config, batch, scoring, device);
    let rows: Vec<usize> = (batch.iter().enumerate())
        .flat_map(|(b, s)| (0..s.actions.len()).map(move |a| b * time + s.first + a))
        .collect();
    let actions: Vec<&Action> = batch.iter().flat_map(|s| &s.actions).collect();
    let logits = model.logits(hidden.select(0, indices(&rows, device))); // (N, V)
    densities(logits, model.embedding(), &actions, scoring, device)
}
