//! Learning beside frozen weights: of a pass only the input of each layer is kept; what is inside a layer is computed again when its turn
//! comes in the backward, in buffers that all layers share (gradient checkpointing, Chen et al. 2016). Logits come a tile at a time.
//!
//! Not here: models that learn as a whole (`backward.rs`), what the adapter itself gives (`beside.rs`).

use super::backward::Norm;
use super::beside::Part;
use super::density::{ActionShape, density_backward_calls, density_calls};
use super::forward::{Forward, Shape};
use super::passes::{BatchPass, wanted_calls};
use super::product::Store;
use crate::engine::Scoring;
use crate::engine::gpu::kernels::Kernel;
use crate::engine::gpu::program::Call;
use crate::engine::gpu::slots::{Kept, Slot};

impl Forward {
    /// The same place for all layers.
    fn shared_norm(&self, gain: usize, rows: usize, [unit, scales]: [Kept; 2]) -> Norm {
        let at = |kept| Slot::Kept(0, kept);
        Norm { gain, rows, gather: false, unit: at(unit), scales: at(scales) }
    }

    /// From `Slot::Input` of a layer to `Slot::Inner`; the residual stream after attention is in `Slot::X`.
    fn inside(&self, index: usize, shape: Shape) -> Vec<Call> {
        let (layer, rows, weights) = (&self.tensors.layers[index], shape.rows, Slot::Weights);
        let (normed_in, normed_mid) = (Slot::Kept(0, Kept::NormedIn), Slot::Kept(0, Kept::NormedMid));
        let norm = self.shared_norm(layer.input_norm, rows, [Kept::UnitIn, Kept::ScaleIn]);
        let mut calls = vec![self.norm_train(norm, [Slot::Input(index), normed_in])];
        calls.extend(self.linear(weights, normed_in, Slot::Qkv, rows, self.qkv(layer), Store::Replace));
        calls.extend(self.beside(weights, (index, Part::Qkv), [normed_in, Slot::Qkv], rows));
        calls.extend(self.attention_pairs(0, shape, Slot::Qkv, Slot::Attended(0), Slot::Mixed));
        calls.extend(self.linear(weights, Slot::Mixed, Slot::X, rows, self.output(layer), Store::Replace));
        calls.extend(self.beside(weights, (index, Part::Output), [Slot::Mixed, Slot::X], rows));
        calls.push(self.add_rows([Slot::Input(index), Slot::X], rows));
        let norm = self.shared_norm(layer.mlp_norm, rows, [Kept::UnitMid, Kept::ScaleMid]);
        calls.push(self.norm_train(norm, [Slot::X, normed_mid]));
        calls.extend(self.linear(weights, normed_mid, Slot::GateUp, rows, self.gate_up(layer), Store::Replace));
        calls.extend(self.beside(weights, (index, Part::GateUp), [normed_mid, Slot::GateUp], rows));
        calls.push(self.swiglu_elements(Kernel::SwigluTrain, [Slot::GateUp, Slot::Inner], rows));
        calls
    }

    /// `Slot::DX`, the gradient by a layer's output, becomes that by its input; of the first layer, whose inputs do not learn, only the
    /// adapter's gradient is of use.
    fn layer_backward(&self, index: usize, shape: Shape) -> Vec<Call> {
        let (layer, rows) = (&self.tensors.layers[index], shape.rows);
        let (normed_in, normed_mid) = (Slot::Kept(0, Kept::NormedIn), Slot::Kept(0, Kept::NormedMid));
        let mut calls = self.inside(index, shape);
        // Only the backward needs z of the last product.
        calls.extend(self.beside_inner(Slot::Weights, (index, Part::Down), Slot::Inner, rows));
        calls.extend(self.back_blocks(Slot::DX, Slot::DInner, rows, self.down(layer), Store::Replace));
        calls.extend(self.beside_backward((index, Part::Down), [Slot::Inner, Slot::DX], Some(Slot::DInner), rows));
        calls.push(self.swiglu_elements(Kernel::SwigluBackward, [Slot::DInner, Slot::GateUp], rows));
        calls.extend(self.back_blocks(Slot::GateUp, Slot::DHidden, rows, self.gate_up(layer), Store::Replace));
        let both = [normed_mid, Slot::GateUp];
        calls.extend(self.beside_backward((index, Part::GateUp), both, Some(Slot::DHidden), rows));
        calls.push(self.norm_input_gradient(self.shared_norm(layer.mlp_norm, rows, [Kept::UnitMid, Kept::ScaleMid])));
        calls.extend(self.back_blocks(Slot::DX, Slot::DMixed, rows, self.output(layer), Store::Replace));
        calls.extend(self.beside_backward((index, Part::Output), [Slot::Mixed, Slot::DX], Some(Slot::DMixed), rows));
        calls.extend(self.attention_backward(0, shape, Slot::Qkv, Slot::Mixed));
        let both = [normed_in, Slot::DQkv];
        if index == 0 {
            calls.extend(self.beside_backward((index, Part::Qkv), both, None, rows));
            return calls;
        }
        calls.extend(self.back_blocks(Slot::DQkv, Slot::DHidden, rows, self.qkv(layer), Store::Replace));
        calls.extend(self.beside_backward((index, Part::Qkv), both, Some(Slot::DHidden), rows));
        calls.push(self.norm_input_gradient(self.shared_norm(layer.input_norm, rows, [Kept::UnitIn, Kept::ScaleIn])));
        calls
    }
}

fn shape(batch: BatchPass) -> Shape {
    Shape { rows: batch.sequences * batch.time, time: batch.time }
}

/// From blends to `Slot::Input` of each layer and the last states in `Slot::X`. `Slot::Input(0)` must hold zeros.
#[must_use]
pub fn checkpoint_calls(forward: &Forward, batch: BatchPass) -> Vec<Call> {
    let (shape, last) = (shape(batch), forward.tensors.layers.len() - 1);
    let mut calls = forward.inputs(Slot::Weights, batch);
    calls.push(forward.add_rows([Slot::X, Slot::Input(0)], shape.rows));
    for (index, layer) in forward.tensors.layers.iter().enumerate() {
        calls.extend(forward.inside(index, shape));
        let (to, store) = if index == last { (Slot::X, Store::Add) } else { (Slot::Input(index + 1), Store::Replace) };
        calls.extend(forward.linear(Slot::Weights, Slot::Inner, to, shape.rows, forward.down(layer), store));
        calls.extend(forward.beside(Slot::Weights, (index, Part::Down), [Slot::Inner, to], shape.rows));
        if index != last {
            calls.push(forward.add_rows([Slot::X, to], shape.rows));
        }
    }
    calls
}

/// From `Slot::DX` by the last states to `Slot::AdapterGradient`, which is added to.
#[must_use]
pub fn checkpoint_backward_calls(forward: &Forward, batch: BatchPass) -> Vec<Call> {
    let layers = (0..forward.tensors.layers.len()).rev();
    layers.flat_map(|index| forward.layer_backward(index, shape(batch))).collect()
}

/// From the last states in `Slot::X` to `Slot::Scores` of the actions of a tile, whose positions `Slot::Rows` names, under the policy in
/// `weights`.
#[must_use]
pub fn tile_calls(forward: &Forward, weights: Slot, scoring: &Scoring, rows: usize, actions: ActionShape) -> Vec<Call> {
    let mut calls = wanted_calls(forward, weights, rows);
    calls.extend(density_calls(forward, weights, scoring, rows, actions));
    calls
}

/// From `Slot::Slopes` of a tile's actions to `Slot::DX`, which is added to; the logits are computed again.
#[must_use]
pub fn tile_backward_calls(forward: &Forward, scoring: &Scoring, rows: usize, actions: ActionShape) -> Vec<Call> {
    let norm = forward.final_norm(rows);
    let mut calls = vec![forward.norm_train(norm, [Slot::X, Slot::Hidden])];
    calls.extend(forward.head(Slot::Weights, Slot::Hidden, rows));
    calls.extend(density_backward_calls(forward, scoring, rows, actions));
    calls.extend(forward.back_head(Slot::DLogits, Slot::DHidden, rows, Store::Replace));
    calls.push(forward.norm_input_gradient(norm));
    calls
}
