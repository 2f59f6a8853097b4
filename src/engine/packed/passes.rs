//! Whole sequences through packed layers, forward and back: what an adapter's gradient needs. Only the input of each layer is kept;
//! everything inside a layer is computed again when its turn comes in the backward (gradient checkpointing, Chen et al. 2016).
//!
//! Not here: decoding against a cache (`model.rs`), the head and the densities (`head.rs`), the adapter's arithmetic (`adapter.rs`).

use super::adapter::Adapter;
use super::model::PackedModel;
use super::product::{Activations, multiply};
use super::tree::Tree;
use super::tree_attention::{Attended, attend, attend_backward};
use crate::engine::Pulse;
use crate::engine::cpu::Heads;
use crate::engine::cpu::product::{Matrix, product};
use crate::engine::cpu::rms_norm::{rms_norm_row, rms_norm_row_backward};
use crate::engine::cpu::rope::Rope;
use crate::engine::cpu::swiglu::{swiglu_row, swiglu_row_backward};
use crate::error::Result;
use crate::model::lora::Target;
use crate::weights::rows::Rows;

/// Rows of a matrix that are unpacked at a time.
const TILE: usize = 128;

/// What a pass runs through: the model, beside it an adapter, over the rows of a tree.
#[derive(Clone, Copy)]
pub struct Pass<'a> {
    pub model: &'a PackedModel,
    pub adapter: Option<&'a Adapter>,
    pub tree: &'a Tree,
    pub rope: &'a Rope,
}

/// A matrix of a layer and where its results stand in a row.
type Side<'a> = (Target, &'a Rows, usize);

/// Everything in a layer but its end.
struct Inside {
    normed: Vec<f32>, // (N, D)
    qkv: Vec<f32>,    // (N, (H + 2·Hkv)·hd)
    attended: Attended,
    mixed: Vec<f32>,      // (N, H·hd)
    middle: Vec<f32>,     // (N, D), the residual stream after attention
    normed_mlp: Vec<f32>, // (N, D)
    gate_up: Vec<f32>,    // (N, 2·F)
    inner: Vec<f32>,      // (N, F)
}

impl Pass<'_> {
    /// x: (N, D), the inputs, becomes the hidden states, not yet normed. `keep` takes the input of each layer.
    ///
    /// # Errors
    /// `cancelled`.
    pub async fn forward(&self, x: &mut Vec<f32>, mut keep: Option<&mut Vec<Vec<f32>>>, pulse: &Pulse) -> Result<()> {
        for index in 0..self.model.layers.len() {
            pulse.at(index as f64 / self.model.layers.len() as f64).await?;
            let inside = self.inside(index, x, pulse).await?;
            let mut out = inside.middle;
            let down = self.products(index, &self.down(index), &inside.inner, self.model.config.hidden_size);
            add(&mut out, &down);
            let before = std::mem::replace(x, out);
            if let Some(keep) = &mut keep {
                keep.push(before);
            }
        }
        Ok(())
    }

    /// From the gradient by the hidden states, `d` (N, D), adds the adapter's to `gradient`. `kept`: the input of each layer.
    ///
    /// # Errors
    /// `cancelled`.
    pub async fn backward(
        &self,
        adapter: &Adapter,
        mut kept: Vec<Vec<f32>>,
        mut d: Vec<f32>,
        gradient: &mut [f32],
        pulse: &Pulse,
    ) -> Result<()> {
        while let Some(x) = kept.pop() {
            pulse.at(1.0 - (kept.len() + 1) as f64 / self.model.layers.len() as f64).await?;
            let inside = self.inside(kept.len(), &x, pulse).await?;
            self.layer_backward((kept.len(), adapter), (&x, &inside), &mut d, gradient, pulse).await?;
        }
        Ok(())
    }

    fn heads(&self) -> Heads {
        let config = &self.model.config;
        let (query, key_value, size) = (config.num_attention_heads, config.num_key_value_heads, config.head_dim);
        Heads { batch: 1, time: self.tree.rows, query, key_value, size }
    }

    fn qkv(&self, index: usize) -> [Side<'_>; 3] {
        let ([q, k, v], config) = (&self.model.layers[index].qkv, &self.model.config);
        let (wide, narrow) = (config.query_width(), config.key_value_width());
        [(Target::QProj, q, 0), (Target::KProj, k, wide), (Target::VProj, v, wide + narrow)]
    }

    fn output(&self, index: usize) -> [Side<'_>; 1] {
        [(Target::OProj, &self.model.layers[index].output, 0)]
    }

    fn gate_up(&self, index: usize) -> [Side<'_>; 2] {
        let [gate, up] = &self.model.layers[index].gate_up;
        [(Target::GateProj, gate, 0), (Target::UpProj, up, self.model.config.intermediate_size)]
    }

    fn down(&self, index: usize) -> [Side<'_>; 1] {
        [(Target::DownProj, &self.model.layers[index].down, 0)]
    }

    /// The results (N, `stride`) of matrices of one input.
    fn products(&self, index: usize, sides: &[Side<'_>], x: &[f32], stride: usize) -> Vec<f32> {
        let mut vectors = Vectors::new(x, x.len() / self.tree.rows);
        let mut out = vec![0.0; self.tree.rows * stride];
        for (target, matrix, at) in sides {
            vectors.times(matrix, &mut out[*at..], stride);
            if let Some(adapter) = self.adapter {
                adapter.add(index, *target, x, &mut out[*at..], stride);
            }
        }
        out
    }

    /// The gradient by x (N, in) of [`Pass::products`], from that by its results.
    fn products_backward(
        &self,
        sides: &[Side<'_>],
        (x, dy): (&[f32], &[f32]),
        (index, adapter): (usize, &Adapter),
        gradient: &mut [f32],
    ) -> Vec<f32> {
        let stride = dy.len() / self.tree.rows;
        let mut dx = vec![0.0; x.len()];
        for (target, matrix, at) in sides {
            back(matrix, &dy[*at..], stride, &mut dx);
            adapter.backward((index, *target), x, (&dy[*at..], stride), &mut dx, gradient);
        }
        dx
    }

    async fn inside(&self, index: usize, x: &[f32], pulse: &Pulse) -> Result<Inside> {
        let (config, layer) = (&self.model.config, &self.model.layers[index]);
        let wide = self.heads().width();
        let normed = self.model.normed(x, &layer.input_norm);
        let mut qkv = self.products(index, &self.qkv(index), &normed, wide);
        if let Some(bias) = &layer.qkv_bias {
            for row in qkv.chunks_exact_mut(wide) {
                row.iter_mut().zip(bias.iter().flatten()).for_each(|(x, b)| *x += b);
            }
        }
        let (mixed, attended) = attend(&qkv, self.tree, self.rope, self.heads());
        pulse.beat().await?;
        let mut middle = self.products(index, &self.output(index), &mixed, config.hidden_size);
        add(&mut middle, x);
        let normed_mlp = self.model.normed(&middle, &layer.mlp_norm);
        let f = config.intermediate_size;
        let gate_up = self.products(index, &self.gate_up(index), &normed_mlp, 2 * f);
        let mut inner = vec![0.0; self.tree.rows * f];
        gate_up.chunks_exact(2 * f).zip(inner.chunks_exact_mut(f)).for_each(|(row, out)| swiglu_row(row, out));
        pulse.beat().await?;
        Ok(Inside { normed, qkv, attended, mixed, middle, normed_mlp, gate_up, inner })
    }

    /// `d`, the gradient by the layer's output, becomes that by its input.
    async fn layer_backward(
        &self,
        own: (usize, &Adapter),
        (x, inside): (&[f32], &Inside),
        d: &mut [f32],
        gradient: &mut [f32],
        pulse: &Pulse,
    ) -> Result<()> {
        let (index, f) = (own.0, self.model.config.intermediate_size);
        let layer = &self.model.layers[index];
        let d_inner = self.products_backward(&self.down(index), (&inside.inner, d), own, gradient);
        let mut d_gate_up = vec![0.0; inside.gate_up.len()];
        let rows = inside.gate_up.chunks_exact(2 * f).zip(d_inner.chunks_exact(f));
        for ((row, dy), out) in rows.zip(d_gate_up.chunks_exact_mut(2 * f)) {
            swiglu_row_backward(row, dy, out);
        }
        pulse.beat().await?;
        let d_normed = self.products_backward(&self.gate_up(index), (&inside.normed_mlp, &d_gate_up), own, gradient);
        self.model.norm_backward(&inside.middle, &layer.mlp_norm, &d_normed, d);
        pulse.beat().await?;
        let d_mixed = self.products_backward(&self.output(index), (&inside.mixed, d), own, gradient);
        let d_qkv = attend_backward(&inside.qkv, &inside.attended, &d_mixed, self.tree, self.rope, self.heads());
        pulse.beat().await?;
        let d_normed = self.products_backward(&self.qkv(index), (&inside.normed, &d_qkv), own, gradient);
        self.model.norm_backward(x, &layer.input_norm, &d_normed, d);
        Ok(())
    }
}

impl PackedModel {
    /// x (N, D) root-mean-square normalised.
    pub(super) fn normed(&self, x: &[f32], gain: &[f32]) -> Vec<f32> {
        let mut out = vec![0.0; x.len()];
        for (x, out) in x.chunks_exact(gain.len()).zip(out.chunks_exact_mut(gain.len())) {
            rms_norm_row(x, gain, self.config.rms_norm_eps, out);
        }
        out
    }

    /// Adds to `d` (N, D) the gradient by x, from that by its norm.
    pub(super) fn norm_backward(&self, x: &[f32], gain: &[f32], d_normed: &[f32], d: &mut [f32]) {
        let width = gain.len();
        let (mut scratch, mut dx) = (vec![0.0; width], vec![0.0; width]);
        let rows = x.chunks_exact(width).zip(d_normed.chunks_exact(width)).zip(d.chunks_exact_mut(width));
        for ((x, dy), d) in rows {
            let scale = rms_norm_row(x, gain, self.config.rms_norm_eps, &mut scratch);
            rms_norm_row_backward([x, gain], scale, dy, &mut scratch, &mut dx);
            add(d, &dx);
        }
    }
}

/// Many vectors (N, in) to be multiplied by matrices of rows as wide.
pub struct Vectors<'a> {
    x: &'a [f32],
    /// In a browser, where whole numbers are multiplied faster than floats. Natively `gemm` is several times faster than either.
    whole: Option<Activations>,
    tile: Vec<f32>,
}

impl<'a> Vectors<'a> {
    pub fn new(x: &'a [f32], width: usize) -> Self {
        let whole = cfg!(target_family = "wasm").then(|| {
            let mut whole = Activations::default();
            whole.set(x, width);
            whole
        });
        Self { x, whole, tile: Vec::new() }
    }

    /// out (N, out), rows `stride` apart = x · Wᵀ.
    pub fn times(&mut self, matrix: &Rows, out: &mut [f32], stride: usize) {
        if let Some(whole) = &self.whole {
            return multiply(matrix, whole, out, stride);
        }
        let (rows, width) = (matrix.len(), matrix.width);
        self.tile.resize(TILE.min(rows) * width, 0.0);
        for first in (0..rows).step_by(TILE) {
            let count = TILE.min(rows - first);
            let tile = &mut self.tile[..count * width];
            matrix.values(first, tile);
            let (x, w) = (Matrix::rows(self.x, width), Matrix::rows(tile, width).transposed());
            product(&mut out[first..], stride, [self.x.len() / width, count, width], x, w, false);
        }
    }
}

/// dx (N, in) += dy · W, dy (N, out) with rows `stride` apart: a tile of W's rows is unpacked at a time.
pub fn back(matrix: &Rows, dy: &[f32], stride: usize, dx: &mut [f32]) {
    let (rows, width) = (matrix.len(), matrix.width);
    let n = dx.len() / width;
    let mut tile = vec![0.0; TILE.min(rows) * width];
    for first in (0..rows).step_by(TILE) {
        let count = TILE.min(rows - first);
        let tile = &mut tile[..count * width];
        matrix.values(first, tile);
        let dy = Matrix::rows(&dy[first..], stride);
        product(dx, width, [n, width, count], dy, Matrix::rows(tile, width), true);
    }
}

/// to += from.
pub fn add(to: &mut [f32], from: &[f32]) {
    to.iter_mut().zip(from).for_each(|(to, from)| *to += from);
}
