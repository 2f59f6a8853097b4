//! Which code an item takes at each level, so that a loss of the codes reaches the codebooks: a Gumbel straight-through estimator.
//!
//! Not here: what the codes are for (`joint.rs`), when noise goes (`decay.rs`). Letters: n items of a batch.
//! Its exact form, with the backward by hand, is `exact.rs`. Source: DIGER §DRIL and its branch `gradient-fix`.

use burn::tensor::activation::softmax;
use burn::tensor::{Device, Tensor, TensorData};

use super::quantizer::ResidualQuantizer;

/// Which code the forward takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Forward {
    /// The id that was kept at the beginning of the epoch; noise is in the gradient only.
    Cached,
    /// The largest of score plus noise, drawn anew each time.
    Sampled,
}

/// What an assignment needs to know besides the codebooks.
pub struct Draw<'a> {
    /// Vectors of the items (n, D).
    pub content: &'a [f32],
    /// The kept codes (n, L).
    pub cached: &'a [u32],
    /// Noise times its scale, already 0 where there is none (n, L, K).
    pub noise: &'a [f32],
    /// τ.
    pub temperature: f64,
    pub forward: Forward,
}

/// One batch of items, assigned.
pub struct Assignment {
    /// The forward's codes (n, L).
    pub codes: Vec<u32>,
    /// Codes without noise, by the codebooks as they are now (n, L).
    pub deterministic: Vec<u32>,
    /// For each level (n, K): one-hot at the code in the forward, the soft assignment in the backward.
    pub straight_through: Vec<Tensor<2>>,
    /// What the noise alone would choose (n, L): the largest of score plus noise.
    pub sampled: Vec<u32>,
    /// Nats, meant over items and levels: how undecided the soft assignment is.
    pub entropy: f64,
    /// Codebook and commitment losses, meant over levels.
    pub quantization: Tensor<1>,
    /// ‖Σ codewords − vector‖², meant over items and elements.
    pub reconstruction: Tensor<1>,
}

/// Assigns every item of the batch. `books`: a codebook a level (K, D), on an autodiff device.
#[must_use]
pub fn assign(books: &[Tensor<2>], draw: &Draw<'_>, commitment: f64, device: &Device) -> Assignment {
    let [size, dim] = books[0].dims();
    let (levels, items) = (books.len(), draw.content.len() / dim);
    let content = Tensor::<2>::from_data(TensorData::new(draw.content.to_vec(), [items, dim]), device);
    let mut residual = content.clone();
    let mut sum = Tensor::<2>::zeros([items, dim], device);
    let mut quantization = Tensor::<1>::zeros([1], device);
    let [mut codes, mut deterministic, mut sampled] = [0, 1, 2].map(|_| vec![0; items * levels]);
    let (mut straight_through, mut entropy) = (Vec::new(), 0.0);
    for (level, book) in books.iter().enumerate() {
        let scores = scores(&residual, book);
        let noise: Vec<f32> =
            (0..items).flat_map(|item| &draw.noise[(item * levels + level) * size..][..size]).copied().collect();
        let noisy = scores.clone() + Tensor::<2>::from_data(TensorData::new(noise, [items, size]), device);
        let (plain, drawn) = (largest(&scores), largest(&noisy));
        let soft = softmax(noisy.div_scalar(draw.temperature), 1);
        let mut hard = vec![0.0_f32; items * size];
        for item in 0..items {
            let at = item * levels + level;
            let code = match draw.forward {
                Forward::Cached => draw.cached[at],
                Forward::Sampled => drawn[item],
            };
            (codes[at], deterministic[at], sampled[at]) = (code, plain[item], drawn[item]);
            hard[item * size + code as usize] = 1.0;
        }
        let hard = Tensor::<2>::from_data(TensorData::new(hard, [items, size]), device);
        // In this order the sum in brackets is exactly 0: the forward stays one-hot to the bit.
        let indicator = hard + (soft.clone() - soft.clone().detach());
        let word = indicator.clone().matmul(book.clone());
        quantization = quantization
            + (word.clone() - residual.clone().detach()).square().mean()
            + (word.clone().detach() - residual.clone()).square().mean().mul_scalar(commitment);
        residual = residual - word.clone().detach();
        sum = sum + word;
        straight_through.push(indicator);
        entropy += total_entropy(&soft);
    }
    Assignment {
        codes,
        deterministic,
        sampled,
        straight_through,
        entropy: entropy / (items * levels).max(1) as f64,
        quantization: quantization.div_scalar(levels as f64),
        reconstruction: (sum - content).square().mean(),
    }
}

/// −‖r − e‖², moved and scaled over the batch to [−1, 1], so that noise of unit scale means the same everywhere; the scale itself
/// passes no gradient. (n, D) × (K, D) → (n, K).
fn scores(residual: &Tensor<2>, book: &Tensor<2>) -> Tensor<2> {
    let square = |x: &Tensor<2>| x.clone().square().sum_dim(1);
    let cross = residual.clone().matmul(book.clone().transpose()).mul_scalar(-2.0);
    let distances = cross + square(residual) + square(book).transpose();
    let values = distances.clone().detach();
    let (low, high) = (values.clone().min(), values.max());
    let middle = (low.clone() + high.clone()).mul_scalar(0.5).unsqueeze::<2>();
    let half = (high - low).mul_scalar(0.5).clamp_min(1e-12).unsqueeze::<2>();
    (middle - distances) / half
}

/// The place of the largest in each row, the first of equals.
fn largest(rows: &Tensor<2>) -> Vec<u32> {
    let width = rows.dims()[1];
    let values = rows.clone().into_data();
    let values: &[f32] = values.as_slice().unwrap_or_default();
    let row = |row: &[f32]| (0..row.len()).fold(0, |best, at| if row[at] > row[best] { at } else { best }) as u32;
    values.chunks_exact(width).map(row).collect()
}

/// Nats, of all rows together.
fn total_entropy(rows: &Tensor<2>) -> f64 {
    let values = rows.clone().into_data();
    let values: &[f32] = values.as_slice().unwrap_or_default();
    -values.iter().filter(|p| **p > 0.0).map(|p| f64::from(p * p.ln())).sum::<f64>()
}

/// The codebooks of a quantiser as tensors that keep gradients.
#[must_use]
pub fn books(quantizer: &ResidualQuantizer, device: &Device) -> Vec<Tensor<2>> {
    let shape = [quantizer.codes, quantizer.dim];
    let level =
        |level| Tensor::from_data(TensorData::new(quantizer.book(level).to_vec(), shape), device).require_grad();
    (0..quantizer.levels).map(level).collect()
}
