//! Causal attention of whole sequences: rotary positions, scores, softmax and mixing, one head at a time.
//!
//! Not here: one new position against a cache (`cached.rs`).

use std::sync::Arc;

use burn::tensor::Tensor;

use super::product::{Matrix, product};
use super::slices::{dot, exp_and_sum, largest};
use super::{Input, Kept, Values, finish};
use crate::engine::cpu::rope::Rope;

/// The shape of a (B·T, (H + 2·Hkv)·hd) matrix of queries, keys and values.
#[derive(Clone, Copy, Debug)]
pub struct Heads {
    pub batch: usize,
    pub time: usize,
    /// H.
    pub query: usize,
    /// Hkv.
    pub key_value: usize,
    /// hd.
    pub size: usize,
}

impl Heads {
    /// Numbers per row of queries, keys and values.
    #[must_use]
    pub fn width(&self) -> usize {
        (self.query + 2 * self.key_value) * self.size
    }

    /// What scores are multiplied by: 1/√hd.
    #[must_use]
    pub fn scale(&self) -> f32 {
        (self.size as f64).sqrt().recip() as f32
    }

    /// The head `index` of sequence `b` in rows of `width` heads, as (T, hd).
    fn head<'a>(&self, rows: &'a [f32], width: usize, b: usize, index: usize) -> Matrix<'a> {
        Matrix::rows(&rows[(b * self.time * width + index) * self.size..], width * self.size)
    }

    /// The same, to write to.
    fn head_mut<'a>(&self, rows: &'a mut [f32], width: usize, b: usize, index: usize) -> &'a mut [f32] {
        &mut rows[(b * self.time * width + index) * self.size..]
    }
}

#[derive(Clone, Debug)]
struct Attention {
    qkv: Values,
    rope: Arc<Rope>,
    heads: Heads,
    /// Scaled queries and keys after rotation, (B·T, (H + Hkv)·hd).
    turned: Vec<f32>,
    /// Softmax of the scores, (B, H, T, T).
    shares: Vec<f32>,
}

/// qkv: (B·T, (H + 2·Hkv)·hd) → (B·T, H·hd).
#[must_use]
pub fn attention(qkv: Tensor<2>, rope: &Arc<Rope>, heads: Heads) -> Tensor<2> {
    let Heads { batch, time: t, query: h, key_value: kv, size: hd } = heads;
    let inputs = [Input::new(qkv)];
    let qkv = inputs[0].values.slice();
    let turned = turn(qkv, rope, heads);
    let (mut shares, mut mixed) = (vec![0.0; batch * h * t * t], vec![0.0; batch * t * h * hd]);
    for (at, shares) in shares.chunks_exact_mut(t * t).enumerate() {
        let (b, head) = (at / h, at % h);
        let group = head / (h / kv);
        let (q, k) = (heads.head(&turned, h + kv, b, head), heads.head(&turned, h + kv, b, h + group));
        product(shares, t, [t, t, hd], q, k.transposed(), false);
        causal_softmax(shares, t);
        let v = heads.head(qkv, h + 2 * kv, b, h + kv + group);
        product(heads.head_mut(&mut mixed, h, b, head), h * hd, [t, hd, t], Matrix::rows(shares, t), v, false);
    }
    let rope = Arc::clone(rope);
    finish(inputs, mixed, [batch * t, h * hd], |[qkv]| Attention { qkv, rope, heads, turned, shares })
}

/// Queries, scaled, and keys, turned by their positions.
fn turn(qkv: &[f32], rope: &Rope, heads: Heads) -> Vec<f32> {
    let (wide, hd) = ((heads.query + heads.key_value) * heads.size, heads.size);
    let mut turned = vec![0.0; heads.batch * heads.time * wide];
    for (row, (from, to)) in qkv.chunks_exact(heads.width()).zip(turned.chunks_exact_mut(wide)).enumerate() {
        for (head, (from, to)) in from.chunks_exact(hd).zip(to.chunks_exact_mut(hd)).enumerate() {
            rope.turn(from, to, row % heads.time, if head < heads.query { heads.scale() } else { 1.0 });
        }
    }
    turned
}

/// Softmax of each row over the columns up to the row's own; 0 after it.
fn causal_softmax(scores: &mut [f32], t: usize) {
    for (row, scores) in scores.chunks_exact_mut(t).enumerate() {
        let (seen, hidden) = scores.split_at_mut(row + 1);
        let sum = exp_and_sum(seen, largest(seen));
        let scale = sum.recip();
        seen.iter_mut().for_each(|share| *share *= scale);
        hidden.fill(0.0);
    }
}

impl Kept<1> for Attention {
    /// With P the shares and dP = dO·Vᵀ: dV = Pᵀ·dO, dS = P ∘ (dP − Σ dP∘P), dQ = dS·K, dK = dSᵀ·Q, turned back.
    fn backward(self, gradient: &[f32], _: [bool; 1]) -> [Vec<f32>; 1] {
        let Heads { time: t, query: h, key_value: kv, size: hd, .. } = self.heads;
        let (heads, qkv, all) = (self.heads, self.qkv.slice(), h + 2 * kv);
        let (mut out, mut ds) = (vec![0.0; qkv.len()], vec![0.0; t * t]);
        for (at, shares) in self.shares.chunks_exact(t * t).enumerate() {
            let (b, head) = (at / h, at % h);
            let group = head / (h / kv);
            let add = head % (h / kv) > 0; // heads that share a key add up
            let d_out = heads.head(gradient, h, b, head);
            let v = heads.head(qkv, all, b, h + kv + group);
            let p = Matrix::rows(shares, t);
            product(heads.head_mut(&mut out, all, b, h + kv + group), all * hd, [t, hd, t], p.transposed(), d_out, add);
            product(&mut ds, t, [t, t, hd], d_out, v.transposed(), false);
            softmax_backward(&mut ds, shares, t);
            let (q, k) = (heads.head(&self.turned, h + kv, b, head), heads.head(&self.turned, h + kv, b, h + group));
            let ds = Matrix::rows(&ds, t);
            product(heads.head_mut(&mut out, all, b, head), all * hd, [t, hd, t], ds, k, false);
            product(heads.head_mut(&mut out, all, b, h + group), all * hd, [t, hd, t], ds.transposed(), q, add);
        }
        let mut turned = vec![0.0; hd];
        for (row, out) in out.chunks_exact_mut(all * hd).enumerate() {
            for (head, out) in out.chunks_exact_mut(hd).take(h + kv).enumerate() {
                turned.copy_from_slice(out);
                self.rope.turn_back(&turned, out, row % t, if head < h { heads.scale() } else { 1.0 });
            }
        }
        [out]
    }
}

/// Turns gradients of the shares into gradients of the scores.
fn softmax_backward(gradients: &mut [f32], shares: &[f32], t: usize) {
    for (row, (gradient, share)) in gradients.chunks_exact_mut(t).zip(shares.chunks_exact(t)).enumerate() {
        let mean = dot(&gradient[..=row], &share[..=row]);
        gradient.iter_mut().zip(share).for_each(|(gradient, share)| *gradient = share * (*gradient - mean));
    }
}
