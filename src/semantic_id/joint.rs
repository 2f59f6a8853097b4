//! The joint loss of recommender and codebooks, L_gen + L_vq + L_recon, and its gradients by Burn's autodiff.
//!
//! Not here: which histories are asked (`update.rs`), how an assignment is made (`assignment.rs`). Letters: B questions of a batch, n
//! different items in it, W width of the recommender. Source: DIGER, branch `gradient-fix`, with two deliberate differences: a decoder
//! alone in place of T5, and a history of one input an item, the sum of its tokens, in place of one a token.

use std::collections::HashMap;
use std::sync::Arc;

use burn::tensor::activation::log_softmax;
use burn::tensor::{Device, Tensor, TensorData};
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
    /// The forward's codes (n, L), those without noise, and those that noise alone would choose.
    pub codes: Vec<u32>,
    pub deterministic: Vec<u32>,
    pub sampled: Vec<u32>,
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
    Ok(Joint {
        generation: scalar(generation).await?,
        quantization: scalar(assigned.quantization).await?,
        reconstruction: scalar(assigned.reconstruction).await?,
        model_gradient,
        codebook_gradient,
        codes: assigned.codes,
        deterministic: assigned.deterministic,
        sampled: assigned.sampled,
        assignment_entropy: assigned.entropy,
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
    let words = |from: usize, count: usize| model.embedding().clone().slice_dim(0, from..from + count);
    let kept = |route: bool, level: usize| {
        let indicator = assigned.straight_through[level].clone();
        if route { indicator } else { indicator.detach() }
    };
    let suffixes: Vec<usize> = suffix.iter().map(|suffix| (*suffix as usize).min(tokens.suffixes - 1)).collect();
    let suffixes = one_hot(suffixes.into_iter(), tokens.suffixes, device);
    let targets: Vec<usize> = batch.rows.iter().map(|row| row.last().copied().unwrap_or(0)).collect();
    let targets = indices(&targets, device);

    // Each item once, not once a place: (n, W); then the targets' codes, level after level (L·B, W); then the beginning.
    let mut blocks: Vec<Tensor<2>> = (0..tokens.levels).map(|level| kept(routes.history, level)).collect();
    blocks.push(suffixes.clone());
    let mut inputs = vec![Tensor::cat(blocks, 1).matmul(words(0, tokens.vocabulary() - 1))];
    for level in 0..tokens.levels {
        let (from, count) = tokens.at(level);
        inputs.push(kept(routes.target, level).select(0, targets.clone()).matmul(words(from, count)));
    }
    inputs.push(words(tokens.begin() as usize, 1));
    let (order, asked, time) = layout(batch, items, each);
    let x = Tensor::cat(inputs, 0).select(0, indices(&order, device));
    let hidden = model.hidden(x, rows, &Arc::new(Rope::new(parts.config, time)), Sight::Own);

    let logits = model.logits(hidden.select(0, indices(&asked, device))); // ((L + 1)·B, V)
    let mut loss = Tensor::<1>::zeros([1], device);
    for place in 0..each {
        let (from, count) = tokens.at(place);
        let logits = logits.clone().slice([place * rows..(place + 1) * rows, from..from + count]);
        let labels = if place < tokens.levels { kept(routes.labels, place) } else { suffixes.clone() };
        loss = loss - (labels.select(0, targets.clone()) * log_softmax(logits, 1)).sum();
    }
    loss.div_scalar(rows as f64)
}

/// Which input stands where, (B, T) row by row: the beginning, the history's items, the target's codes; padding on the right, where
/// causality hides it. Then the positions that are asked for the target's places, place after place; then T.
fn layout(batch: &Batch, items: usize, each: usize) -> (Vec<usize>, Vec<usize>, usize) {
    let (rows, levels) = (batch.rows.len(), each - 1);
    let begin = items + levels * rows;
    let time = batch.rows.iter().map(|row| row.len() + levels).max().unwrap_or(each);
    let (mut order, mut asked) = (Vec::with_capacity(rows * time), vec![0; each * rows]);
    for (row, whole) in batch.rows.iter().enumerate() {
        let history = &whole[..whole.len().saturating_sub(1)];
        order.push(begin);
        order.extend_from_slice(history);
        order.extend((0..levels).map(|level| items + level * rows + row));
        order.resize((row + 1) * time, begin);
        for place in 0..each {
            asked[place * rows + row] = row * time + history.len() + place;
        }
    }
    (order, asked, time)
}

fn one_hot(rows: impl ExactSizeIterator<Item = usize>, width: usize, device: &Device) -> Tensor<2> {
    let n = rows.len();
    let mut hard = vec![0.0_f32; n * width];
    rows.enumerate().for_each(|(row, place)| hard[row * width + place] = 1.0);
    Tensor::from_data(TensorData::new(hard, [n, width]), device)
}

async fn scalar(tensor: Tensor<1>) -> Result<f64> {
    Ok(read(tensor).await?.first().map_or(f64::NAN, |value| f64::from(*value)))
}
