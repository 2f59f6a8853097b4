//! The joint loss of recommender and codebooks, L_gen + L_vq + L_recon, and its gradients by Burn's autodiff.
//!
//! Not here: which histories are asked (`trainer.rs`), how an assignment is made (`assignment.rs`). Letters: B questions of a batch, n
//! different items in it, W width of the recommender. Source: DIGER, branch `gradient-fix`, with a decoder alone in place of T5.

use std::collections::HashMap;
use std::sync::Arc;

use burn::tensor::activation::log_softmax;
use burn::tensor::{Device, Int, Tensor, TensorData};
use serde::{Deserialize, Serialize};

use super::assignment::{Assignment, Draw, assign, books};
use super::quantizer::ResidualQuantizer;
use super::tokens::Tokens;
use crate::engine::cpu::density::indices;
use crate::engine::cpu::fused::Form;
use crate::engine::cpu::read;
use crate::engine::cpu::rope::Rope;
use crate::engine::cpu::transformer::{Sight, Transformer};
use crate::error::Result;
use crate::model::config::ModelConfig;

/// By which ways the recommendation loss reaches the codebooks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Routes {
    /// Through the inputs that say what a user met before.
    pub history: bool,
    /// Through the inputs that say the target's codes so far.
    pub target: bool,
    /// Through the labels.
    pub labels: bool,
}

impl Default for Routes {
    fn default() -> Self {
        Self { history: true, target: true, labels: true }
    }
}

impl Routes {
    /// The recommendation loss trains the recommender only.
    pub const DETACHED: Self = Self { history: false, target: false, labels: false };
}

/// Questions of one update: what a user met, and the item met next.
#[derive(Clone, Debug, Default)]
pub struct Batch {
    /// The different items, ascending (n).
    pub items: Vec<u32>,
    /// Places in `items`: the history and, last, the target (B).
    pub rows: Vec<Vec<usize>>,
}

impl Batch {
    /// Of (history, target) pairs.
    #[must_use]
    pub fn new<'a>(questions: impl Iterator<Item = (&'a [u32], u32)>) -> Self {
        let whole: Vec<Vec<u32>> = questions.map(|(known, target)| [known, &[target]].concat()).collect();
        let mut items: Vec<u32> = whole.iter().flatten().copied().collect();
        items.sort_unstable();
        items.dedup();
        let places: HashMap<u32, usize> = items.iter().enumerate().map(|(at, &item)| (item, at)).collect();
        let rows = whole.iter().map(|row| row.iter().map(|item| places[item]).collect()).collect();
        Self { items, rows }
    }
}

/// Weights of the three losses.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Shares {
    pub generation: f64,
    pub quantization: f64,
    pub reconstruction: f64,
    /// Of the commitment inside L_vq.
    pub commitment: f64,
}

/// What came of one batch.
pub struct Joint {
    /// Nats an item: the sum over its tokens, meant over questions.
    pub generation: f64,
    pub quantization: f64,
    pub reconstruction: f64,
    /// Of the recommender, flat.
    pub model_gradient: Vec<f32>,
    /// Of the codebooks (L, K, D).
    pub codebook_gradient: Vec<f32>,
    /// The forward's codes (n, L), and those without noise.
    pub codes: Vec<u32>,
    pub deterministic: Vec<u32>,
    /// Nats, meant over items and levels: how undecided the soft assignment is.
    pub assignment_entropy: f64,
}

/// The recommender and the codebooks as the loss sees them.
pub struct Parts<'a> {
    pub config: &'a ModelConfig,
    pub params: &'a [f32],
    pub quantizer: &'a ResidualQuantizer,
    pub tokens: Tokens,
    /// The suffix of every item of the batch (n).
    pub suffix: &'a [u32],
}

/// Loss and gradients of a batch.
///
/// # Errors
/// Only where the backend gives no numbers back.
pub async fn joint(parts: &Parts<'_>, batch: &Batch, draw: &Draw<'_>, routes: Routes, shares: Shares) -> Result<Joint> {
    let device = Device::flex().autodiff();
    let model = Transformer::new(parts.config, parts.params, &device, Form::Fused, true);
    let codebooks = books(parts.quantizer, &device);
    let assigned = assign(&codebooks, draw, shares.commitment, &device);
    let generation = generation(parts, &model, batch, &assigned, routes, &device);
    let loss = generation.clone().mul_scalar(shares.generation)
        + assigned.quantization.clone().mul_scalar(shares.quantization)
        + assigned.reconstruction.clone().mul_scalar(shares.reconstruction);
    let mut gradients = loss.backward();
    let mut model_gradient = vec![0.0; parts.params.len()];
    model.add_gradients(&mut gradients, &mut model_gradient).await?;
    let mut codebook_gradient = Vec::with_capacity(parts.quantizer.codebooks.len());
    for book in &codebooks {
        match book.grad_remove(&mut gradients) {
            Some(gradient) => codebook_gradient.extend(read(gradient).await?),
            None => codebook_gradient.resize(codebook_gradient.len() + book.dims().iter().product::<usize>(), 0.0),
        }
    }
    let levels = assigned.soft.len() as f64;
    let entropy = |soft: &Tensor<2>| -(soft.clone() * soft.clone().clamp_min(1e-30).log()).sum_dim(1).mean();
    let entropies = assigned.soft.iter().map(entropy).reduce(|sum, one| sum + one);
    Ok(Joint {
        generation: scalar(generation).await?,
        quantization: scalar(assigned.quantization).await?,
        reconstruction: scalar(assigned.reconstruction).await?,
        model_gradient,
        codebook_gradient,
        codes: assigned.codes,
        deterministic: assigned.deterministic,
        assignment_entropy: match entropies {
            Some(sum) => scalar(sum).await? / levels,
            None => 0.0,
        },
    })
}

/// L_gen: −Σ over the target's tokens of Σ_i P_i log p_i, meant over questions.
fn generation(
    parts: &Parts<'_>,
    model: &Transformer,
    batch: &Batch,
    assigned: &Assignment,
    routes: Routes,
    device: &Device,
) -> Tensor<1> {
    let Parts { tokens, suffix, .. } = *parts;
    let (items, each, rows) = (batch.items.len(), tokens.per_item(), batch.rows.len());
    let kept = |route: bool, level: usize| {
        let indicator = assigned.straight_through[level].clone();
        if route { indicator } else { indicator.detach() }
    };
    // Each item once, not once a place: (n·(L + 1), W), token after token, for the histories and again for the targets.
    let table = |route: bool| {
        let level = |place| {
            let (from, count) = tokens.at(place);
            let words = model.embedding().clone().slice_dim(0, from..from + count);
            if place < tokens.levels {
                return kept(route, place).matmul(words);
            }
            words.select(0, places(suffix.iter().map(|s| (*s).min(count as u32 - 1) as usize), device))
        };
        let levels = (0..each).map(|place| level(place).unsqueeze_dim::<3>(1)).collect();
        let width = parts.config.hidden_size;
        Tensor::cat(levels, 1).reshape([items * each, width])
    };
    let begin = tokens.begin() as usize;
    let begin = model.embedding().clone().slice_dim(0, begin..begin + 1);
    let inputs = Tensor::cat(vec![table(routes.history), table(routes.target), begin], 0);

    // A row: the beginning, the history's items, the target's codes; padding on the right, where causality hides it.
    let time = batch.rows.iter().map(|row| row.len() * each).max().unwrap_or(each);
    let (mut order, mut asked) = (Vec::with_capacity(rows * time), vec![Vec::new(); each]);
    for (row, whole) in batch.rows.iter().enumerate() {
        let (target, history) = whole.split_last().map_or((0, &[][..]), |(target, history)| (*target, history));
        order.push(2 * items * each);
        order.extend(history.iter().flat_map(|item| (0..each).map(move |place| item * each + place)));
        order.extend((0..each - 1).map(|place| (items + target) * each + place));
        for (place, asked) in asked.iter_mut().enumerate() {
            asked.push(row * time + history.len() * each + place);
        }
        order.resize((row + 1) * time, 2 * items * each);
    }
    let x = inputs.select(0, places(order.into_iter(), device));
    let hidden = model.hidden(x, rows, &Arc::new(Rope::new(parts.config, time)), Sight::Own);
    let targets: Vec<usize> = batch.rows.iter().map(|row| row.last().copied().unwrap_or(0)).collect();
    let mut loss = Tensor::<1>::zeros([1], device);
    for (place, asked) in asked.into_iter().enumerate() {
        let (from, count) = tokens.at(place);
        let words = model.embedding().clone().slice_dim(0, from..from + count);
        let logits = hidden.clone().select(0, places(asked.into_iter(), device)).matmul(words.transpose());
        let log_probs = log_softmax(logits, 1);
        let labels = if place < tokens.levels {
            kept(routes.labels, place).select(0, places(targets.iter().copied(), device))
        } else {
            let mut hard = vec![0.0_f32; rows * count];
            for (row, target) in targets.iter().enumerate() {
                hard[row * count + (suffix[*target] as usize).min(count - 1)] = 1.0;
            }
            Tensor::from_data(TensorData::new(hard, [rows, count]), device)
        };
        loss = loss - (labels * log_probs).sum();
    }
    loss.div_scalar(rows as f64)
}

fn places(rows: impl Iterator<Item = usize>, device: &Device) -> Tensor<1, Int> {
    indices(&rows.collect::<Vec<_>>(), device)
}

async fn scalar(tensor: Tensor<1>) -> Result<f64> {
    Ok(read(tensor).await?.first().map_or(f64::NAN, |value| f64::from(*value)))
}
