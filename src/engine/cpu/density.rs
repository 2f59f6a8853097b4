//! Log densities of actions in Burn tensors, so that autodiff proves the hand-written backwards of `math`.

use burn::tensor::activation::{log_softmax, softmax};
use burn::tensor::{Device, Int, Tensor, TensorData};

use super::noise_density::noise_log_density;
use crate::engine::{Action, Scoring, VectorScoring};
use crate::error::{Error, Result};
use crate::math::softmax::entropy;

/// Log densities of a batch of actions, kind by kind.
pub struct Densities {
    /// (N), in the order of `order`.
    pub values: Tensor<1>,
    /// `order[i]` is the place, among all log densities of the caller's list, of `values[i]`.
    pub order: Vec<usize>,
    /// Log-probabilities of the whole vocabulary at the scoring temperature, (actions, V), in the caller's order.
    pub log_probs: Tensor<2>,
}

/// The actions of a batch, sorted by kind: rows of the logits, and places among all log densities.
#[derive(Default)]
struct Kinds {
    tokens: (Vec<usize>, Vec<usize>),
    labels: Vec<i32>,
    soft: (Vec<usize>, Vec<usize>),
    ids: Vec<i32>,
    perturbed: Vec<f32>,
    width: usize,
    vectors: (Vec<usize>, Vec<usize>),
    fed: Vec<f32>,
    forced: Vec<usize>,
}

impl Kinds {
    fn sort(actions: &[&Action]) -> Result<Self> {
        let (mut kinds, mut place) = (Self::default(), 0);
        for (row, action) in actions.iter().enumerate() {
            match action {
                Action::Token(id) => kinds.token(row, place, *id),
                Action::Draws(ids) => ids.iter().enumerate().for_each(|(k, id)| kinds.token(row, place + k, *id)),
                Action::Forced => kinds.forced.push(place),
                Action::Vector(fed) => {
                    kinds.vectors.0.push(row);
                    kinds.vectors.1.push(place);
                    kinds.fed.extend_from_slice(fed);
                }
                Action::Soft { candidates, perturbed } => {
                    if kinds.width != 0 && kinds.width != candidates.len() {
                        return Err(Error::bad_input(
                            "all soft steps of a batch must have the same number of candidates",
                        ));
                    }
                    kinds.width = candidates.len();
                    kinds.soft.0.push(row);
                    kinds.soft.1.push(place);
                    kinds.ids.extend(candidates.iter().map(|id| *id as i32));
                    kinds.perturbed.extend_from_slice(perturbed);
                }
            }
            place += action.scores();
        }
        Ok(kinds)
    }

    fn token(&mut self, row: usize, place: usize, id: u32) {
        self.tokens.0.push(row);
        self.tokens.1.push(place);
        self.labels.push(id as i32);
    }
}

/// logits: (actions, V), one row per action; embedding: (V, D).
///
/// # Errors
/// `bad-input` when soft steps of different K are mixed, or vectors come without a word on how they are scored.
pub fn densities(
    logits: Tensor<2>,
    embedding: &Tensor<2>,
    actions: &[&Action],
    scoring: &Scoring,
    device: &Device,
) -> Result<Densities> {
    let tempered =
        if scoring.temperature == 1.0 { logits.clone() } else { logits.clone().div_scalar(scoring.temperature) };
    let log_probs = log_softmax(tempered.clone(), 1);
    let kinds = Kinds::sort(actions)?;
    let mut parts = Vec::new();
    if !kinds.labels.is_empty() {
        let n = kinds.labels.len();
        let labels = Tensor::<2, Int>::from_data(TensorData::new(kinds.labels, [n, 1]), device);
        parts.push(log_probs.clone().select(0, indices(&kinds.tokens.0, device)).gather(1, labels).reshape([n]));
    }
    if kinds.width > 0 {
        let (n, width) = (kinds.soft.0.len(), kinds.width);
        let ids = Tensor::<2, Int>::from_data(TensorData::new(kinds.ids, [n, width]), device);
        let perturbed = Tensor::<2>::from_data(TensorData::new(kinds.perturbed, [n, width]), device);
        let candidate_logits = tempered.select(0, indices(&kinds.soft.0, device)).gather(1, ids); // (N, K)
        parts.push(noise_log_density(candidate_logits, perturbed, scoring));
    }
    if !kinds.fed.is_empty() {
        let how = scoring.vectors.ok_or_else(|| Error::bad_input("vectors need `Scoring::vectors` to be scored by"))?;
        let n = kinds.vectors.0.len();
        let dim = kinds.fed.len() / n;
        let fed = Tensor::<2>::from_data(TensorData::new(kinds.fed, [n, dim]), device);
        parts.push(vector_log_density(logits.select(0, indices(&kinds.vectors.0, device)), embedding, fed, &how));
    }
    if !kinds.forced.is_empty() {
        parts.push(Tensor::zeros([kinds.forced.len()], device));
    }
    let order = [kinds.tokens.1, kinds.soft.1, kinds.vectors.1, kinds.forced].concat();
    Ok(Densities { values: Tensor::cat(parts, 0), order, log_probs })
}

/// `math::soft_tokens::log_density` row by row: logits (N, V), embedding (V, D), fed (N, D) → (N).
fn vector_log_density(logits: Tensor<2>, embedding: &Tensor<2>, fed: Tensor<2>, how: &VectorScoring) -> Tensor<1> {
    let n = fed.dims()[0];
    let table = if how.embedding_gradient { embedding.clone() } else { embedding.clone().detach() };
    let mean = softmax(logits.div_scalar(how.temperature), 1).matmul(table); // h⁰ (N, D)
    (fed - mean).square().sum_dim(1).div_scalar(-2.0 * how.deviation * how.deviation).reshape([n])
}

/// Row numbers as an index tensor.
#[must_use]
pub fn indices(rows: &[usize], device: &Device) -> Tensor<1, Int> {
    let rows: Vec<i32> = rows.iter().map(|row| *row as i32).collect();
    let n = rows.len();
    Tensor::from_data(TensorData::new(rows, [n]), device)
}

/// Entropies (N) of rows of log-probabilities (N, V), with a gradient.
#[must_use]
pub fn entropies(log_probs: Tensor<2>) -> Tensor<1> {
    let n = log_probs.dims()[0];
    (log_probs.clone().exp() * log_probs).sum_dim(1).neg().reshape([n])
}

/// Entropy (nats) of a row of log-probabilities.
#[must_use]
pub fn row_entropy(log_probs: &[f32]) -> f64 {
    let probs: Vec<f64> = log_probs.iter().map(|lp| f64::from(*lp).exp()).collect();
    entropy(&probs)
}
