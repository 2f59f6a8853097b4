//! Log densities of actions in Burn tensors, so that autodiff proves the hand-written backward of `math::gumbel`.

use burn::tensor::activation::log_softmax;
use burn::tensor::{Device, Int, Tensor, TensorData};

use crate::engine::{Action, Scoring};
use crate::error::{Error, Result};
use crate::math::gumbel::{CLAMP_MARGIN, LOG_EPSILON, NOISE_MAX, NOISE_MIN};
use crate::math::softmax::entropy;

/// Log densities of a batch of actions, tokens first, then soft steps.
pub struct Densities {
    /// (N), in the order of `order`.
    pub values: Tensor<1>,
    /// `order[i]` is the index, in the caller's list, of the action behind `values[i]`.
    pub order: Vec<usize>,
    /// Log-probabilities of the whole vocabulary, (N, V), in the caller's order.
    pub log_probs: Tensor<2>,
}

/// logits: (N, V), one row per action.
///
/// # Errors
/// `bad-input` when soft steps of different K are mixed.
pub fn densities(logits: Tensor<2>, actions: &[&Action], scoring: &Scoring, device: &Device) -> Result<Densities> {
    let logits = if scoring.temperature == 1.0 { logits } else { logits.div_scalar(scoring.temperature) };
    let log_probs = log_softmax(logits.clone(), 1);
    let (mut token_rows, mut labels) = (Vec::new(), Vec::new());
    let (mut soft_rows, mut ids, mut perturbed, mut width) = (Vec::new(), Vec::new(), Vec::new(), 0);
    for (row, action) in actions.iter().enumerate() {
        match action {
            Action::Token(id) => {
                token_rows.push(row);
                labels.push(*id as i32);
            }
            Action::Soft { candidates, perturbed: values } => {
                if width != 0 && width != candidates.len() {
                    return Err(Error::bad_input("all soft steps of a batch must have the same number of candidates"));
                }
                width = candidates.len();
                soft_rows.push(row);
                ids.extend(candidates.iter().map(|id| *id as i32));
                perturbed.extend_from_slice(values);
            }
        }
    }
    let mut parts = Vec::new();
    if !token_rows.is_empty() {
        let n = token_rows.len();
        let labels = Tensor::<2, Int>::from_data(TensorData::new(labels, [n, 1]), device);
        parts.push(log_probs.clone().select(0, indices(&token_rows, device)).gather(1, labels).reshape([n]));
    }
    if !soft_rows.is_empty() {
        let n = soft_rows.len();
        let ids = Tensor::<2, Int>::from_data(TensorData::new(ids, [n, width]), device);
        let perturbed = Tensor::<2>::from_data(TensorData::new(perturbed, [n, width]), device);
        let candidate_logits = logits.select(0, indices(&soft_rows, device)).gather(1, ids); // (N, K)
        parts.push(gumbel_log_density(candidate_logits, perturbed, scoring));
    }
    let order = token_rows.into_iter().chain(soft_rows).collect();
    Ok(Densities { values: Tensor::cat(parts, 0), order, log_probs })
}

/// `math::gumbel::log_density` row by row: (N, K), (N, K) → (N).
fn gumbel_log_density(candidate_logits: Tensor<2>, perturbed: Tensor<2>, scoring: &Scoring) -> Tensor<1> {
    let n = perturbed.dims()[0];
    let log_q = log_softmax(candidate_logits, 1).exp().add_scalar(LOG_EPSILON).log(); // l = ln(q + 1e-6)
    let noise = perturbed - log_q.clone();
    let noise = if scoring.density.clamp { clamp(noise) } else { noise };
    let density = noise.clone().neg() - noise.neg().exp(); // ln of the Gumbel(0, 1) density
    let kept = match scoring.density.mask {
        Some(threshold) => log_q.detach().greater_scalar(threshold).float(),
        None => density.ones_like().detach(),
    };
    let sum = (density * kept.clone()).sum_dim(1);
    let value = if scoring.density.mean { sum / kept.sum_dim(1) } else { sum };
    value.reshape([n])
}

/// Clamps to the noise's range, with a gradient only inside it and clear of its bounds (`math::gumbel::inside_clamp`).
fn clamp(noise: Tensor<2>) -> Tensor<2> {
    let above = noise.clone().detach().greater_scalar(NOISE_MIN + CLAMP_MARGIN).float();
    let below = noise.clone().detach().lower_scalar(NOISE_MAX - CLAMP_MARGIN).float();
    let inside = above * below;
    let bounded = noise.clone().detach().clamp(NOISE_MIN, NOISE_MAX);
    noise * inside.clone() + bounded * (inside.neg() + 1.0)
}

/// Row numbers as an index tensor.
#[must_use]
pub fn indices(rows: &[usize], device: &Device) -> Tensor<1, Int> {
    let rows: Vec<i32> = rows.iter().map(|row| *row as i32).collect();
    let n = rows.len();
    Tensor::from_data(TensorData::new(rows, [n]), device)
}

/// Entropy (nats) of a row of log-probabilities.
#[must_use]
pub fn row_entropy(log_probs: &[f32]) -> f64 {
    let probs: Vec<f64> = log_probs.iter().map(|lp| f64::from(*lp).exp()).collect();
    entropy(&probs)
}
