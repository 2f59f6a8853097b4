//! The pass that keeps what the backward needs, the backward, and the optimizer: every gradient by hand.
//!
//! Kept of each layer: both norms' results, their x̂ and scales, q k v, what attention mixed, gate and up, and their product; also
//! what each query gives each key, where attention is made of products; elsewhere that alone is computed twice. Not here: inference (`forward.rs`), losses (the host gives their slopes).

use super::density::{ActionShape, density_backward_calls, density_calls};
use super::forward::{Forward, Shape};
use super::passes::BatchPass;
use super::product::{Linear, Store};
use super::tensors::Layer;
use crate::engine::gpu::capacity::PARTIALS;
use crate::engine::gpu::kernels::Kernel;
use crate::engine::gpu::params::{
    AdamW, ClipNorm, ColumnSums, EmbeddingGradient, RmsNormBackward, RmsNormTrain, SquareSums, SwigluElements,
};
use crate::engine::gpu::program::Call;
use crate::engine::gpu::slots::{Kept, Slot};
use crate::engine::{OptimizerConfig, Scoring};
use crate::model::params::count;

/// One pass of learning over padded sequences.
#[derive(Clone, Copy, Debug)]
pub struct LearnPass {
    pub batch: BatchPass,
    pub actions: ActionShape,
    pub scoring: Scoring,
}

/// Where a norm keeps what its backward needs.
#[derive(Clone, Copy)]
pub(super) struct Norm {
    /// Of the gain in the flat parameters, or among the vectors beside blocks.
    pub gain: usize,
    pub rows: usize,
    /// Whether it takes the rows that `Slot::Rows` names.
    pub gather: bool,
    pub unit: Slot,
    pub scales: Slot,
}

impl Forward {
    fn input_norm(&self, index: usize, rows: usize) -> Norm {
        let at = |kept| Slot::Kept(index, kept);
        let gain = self.tensors.layers[index].input_norm;
        Norm { gain, rows, gather: false, unit: at(Kept::UnitIn), scales: at(Kept::ScaleIn) }
    }

    fn mlp_norm(&self, index: usize, rows: usize) -> Norm {
        let at = |kept| Slot::Kept(index, kept);
        let gain = self.tensors.layers[index].mlp_norm;
        Norm { gain, rows, gather: false, unit: at(Kept::UnitMid), scales: at(Kept::ScaleMid) }
    }

    pub(super) fn final_norm(&self, rows: usize) -> Norm {
        Norm { gain: self.tensors.norm, rows, gather: true, unit: Slot::UnitLast, scales: Slot::ScaleLast }
    }

    pub(super) fn gate_up(&self, layer: &Layer) -> Linear {
        let (columns, inner) = (2 * self.config.intermediate_size, self.config.hidden_size);
        Linear { columns, inner, weight: layer.gate, bias: None }
    }

    /// The head with as many columns as a row of `Slot::DLogits` has: what lies beyond the vocabulary is 0 there.
    fn padded_head(&self) -> Linear {
        Linear { columns: self.config.vocab_size.next_multiple_of(4), ..self.head_linear() }
    }

    /// Where gains lie.
    fn gains(&self) -> Slot {
        if self.blocks.is_some() { Slot::Vectors } else { Slot::Weights }
    }

    pub(super) fn norm_train(&self, norm: Norm, [from, to]: [Slot; 2]) -> Call {
        let params = RmsNormTrain {
            width: self.config.hidden_size as u32,
            count: norm.rows as u32,
            gather: u32::from(norm.gather),
            gain_offset: norm.gain as u32,
            epsilon: self.config.rms_norm_eps as f32,
        };
        let buffers = [from, self.gains(), Slot::Rows, to, norm.unit, norm.scales];
        Call::new(Kernel::RmsNormTrain, &buffers, &params, [norm.rows.div_ceil(32), 1])
            .with_work(5 * norm.rows * self.config.hidden_size, 3 * norm.rows * self.config.hidden_size)
    }

    /// The gradient of a norm: its gain's, and `Slot::DHidden` handed on to `Slot::DX`.
    fn norm_backward(&self, norm: Norm) -> [Call; 2] {
        let width = self.config.hidden_size;
        let gain = self.column_sums(Slot::DHidden, Some(norm.unit), norm.rows, width, norm.gain);
        [gain, self.norm_input_gradient(norm)]
    }

    /// `Slot::DHidden` handed on to `Slot::DX`, for gains that do not learn.
    pub(super) fn norm_input_gradient(&self, norm: Norm) -> Call {
        let width = self.config.hidden_size;
        let params = RmsNormBackward {
            width: width as u32,
            count: norm.rows as u32,
            gather: u32::from(norm.gather),
            gain_offset: norm.gain as u32,
        };
        let buffers = [Slot::DHidden, self.gains(), norm.unit, norm.scales, Slot::Rows, Slot::DX];
        Call::new(Kernel::RmsNormBackward, &buffers, &params, [norm.rows.div_ceil(32), 1])
            .with_work(8 * norm.rows * width, 4 * norm.rows * width)
    }

    fn column_sums(&self, dy: Slot, factor: Option<Slot>, rows: usize, columns: usize, offset: usize) -> Call {
        let params = ColumnSums {
            rows: rows as u32,
            columns: columns as u32,
            factor: u32::from(factor.is_some()),
            offset: offset as u32,
        };
        let buffers = [dy, factor.unwrap_or(dy), Slot::Gradient];
        let call = if self.plain {
            Call::new(Kernel::ColumnSumsPlain, &buffers, &params, [(columns / 4).div_ceil(16), 1])
        } else {
            Call::new(Kernel::ColumnSums, &buffers, &params, [columns / 4, 1])
        };
        call.with_work(2 * rows * columns, 2 * rows * columns)
    }

    pub(super) fn swiglu_elements(&self, kernel: Kernel, buffers: [Slot; 2], rows: usize) -> Call {
        let columns = self.config.intermediate_size;
        let params = SwigluElements { rows: rows as u32, columns: columns as u32 };
        Call::new(kernel, &buffers, &params, [(columns / 4).div_ceil(64), rows])
            .with_work(10 * rows * columns, 4 * rows * columns)
    }
}

/// From blends to the logits and log densities of the wanted positions, keeping what [`backward_calls`] needs.
#[must_use]
pub fn train_calls(forward: &Forward, pass: LearnPass) -> Vec<Call> {
    let mut calls = keep_calls(forward, pass.batch);
    calls.extend(density_calls(forward, Slot::Weights, &pass.scoring, pass.batch.wanted, pass.actions));
    calls
}

/// From blends to the logits of the wanted positions, keeping what [`logits_backward_calls`] needs.
#[must_use]
pub fn keep_calls(forward: &Forward, batch: BatchPass) -> Vec<Call> {
    let BatchPass { sequences, time, wanted, .. } = batch;
    let shape = Shape { rows: sequences * time, time };
    let (rows, weights) = (shape.rows, Slot::Weights);
    let mut calls = forward.inputs(weights, batch);
    for (index, layer) in forward.tensors.layers.iter().enumerate() {
        let at = |kept| Slot::Kept(index, kept);
        let (qkv, mixed, gate_up, inner) = (at(Kept::Qkv), at(Kept::Mixed), at(Kept::GateUp), at(Kept::Inner));
        calls.push(forward.norm_train(forward.input_norm(index, rows), [Slot::X, at(Kept::NormedIn)]));
        calls.push(forward.product(weights, at(Kept::NormedIn), qkv, rows, forward.qkv(layer), Store::Replace));
        calls.extend(forward.attention_pairs(index, shape, qkv, Slot::Attended(index), mixed));
        calls.push(forward.product(weights, mixed, Slot::X, rows, forward.output(layer), Store::Add));
        calls.push(forward.norm_train(forward.mlp_norm(index, rows), [Slot::X, at(Kept::NormedMid)]));
        calls.push(forward.product(
            weights,
            at(Kept::NormedMid),
            gate_up,
            rows,
            forward.gate_up(layer),
            Store::Replace,
        ));
        calls.push(forward.swiglu_elements(Kernel::SwigluTrain, [gate_up, inner], rows));
        calls.push(forward.product(weights, inner, Slot::X, rows, forward.down(layer), Store::Add));
    }
    calls.push(forward.norm_train(forward.final_norm(wanted), [Slot::X, Slot::Hidden]));
    calls.extend(forward.head(weights, Slot::Hidden, wanted));
    calls
}

/// From `Slot::Slopes` to `Slot::Gradient`, which is added to. `Slot::DX` must hold zeros.
#[must_use]
pub fn backward_calls(forward: &Forward, pass: LearnPass) -> Vec<Call> {
    let mut calls = density_backward_calls(forward, &pass.scoring, pass.batch.wanted, pass.actions);
    calls.extend(logits_backward_calls(forward, pass.batch, pass.scoring.input_gradient));
    calls
}

/// From `Slot::DLogits` to `Slot::Gradient`, which is added to, and `Slot::DX`, which must hold zeros; `inputs`: what `Slot::Entries`
/// names also reaches the embedding.
#[must_use]
pub fn logits_backward_calls(forward: &Forward, batch: BatchPass, inputs: bool) -> Vec<Call> {
    let BatchPass { sequences, time, wanted, .. } = batch;
    let shape = Shape { rows: sequences * time, time };
    let (rows, head, weights) = (shape.rows, forward.padded_head(), Slot::Weights);
    let mut calls = vec![
        forward.weight_gradient(Slot::DLogits, Slot::Hidden, wanted, head),
        forward.input_gradient(weights, Slot::DLogits, Slot::DHidden, wanted, head, Store::Replace),
    ];
    calls.extend(forward.norm_backward(forward.final_norm(wanted)));
    for (index, layer) in forward.tensors.layers.iter().enumerate().rev() {
        let at = |kept| Slot::Kept(index, kept);
        let (qkv, mixed, gate_up, inner) = (at(Kept::Qkv), at(Kept::Mixed), at(Kept::GateUp), at(Kept::Inner));
        let linear = forward.down(layer);
        calls.push(forward.weight_gradient(Slot::DX, inner, rows, linear));
        calls.push(forward.input_gradient(weights, Slot::DX, Slot::DInner, rows, linear, Store::Replace));
        calls.push(forward.swiglu_elements(Kernel::SwigluBackward, [Slot::DInner, gate_up], rows));
        let linear = forward.gate_up(layer);
        calls.push(forward.weight_gradient(gate_up, at(Kept::NormedMid), rows, linear));
        calls.push(forward.input_gradient(weights, gate_up, Slot::DHidden, rows, linear, Store::Replace));
        calls.extend(forward.norm_backward(forward.mlp_norm(index, rows)));
        let linear = forward.output(layer);
        calls.push(forward.weight_gradient(Slot::DX, mixed, rows, linear));
        calls.push(forward.input_gradient(weights, Slot::DX, Slot::DMixed, rows, linear, Store::Replace));
        calls.extend(forward.attention_backward(index, shape, qkv, mixed));
        let linear = forward.qkv(layer);
        calls.push(forward.weight_gradient(Slot::DQkv, at(Kept::NormedIn), rows, linear));
        if let Some(bias) = linear.bias {
            calls.push(forward.column_sums(Slot::DQkv, None, rows, linear.columns, bias));
        }
        calls.push(forward.input_gradient(weights, Slot::DQkv, Slot::DHidden, rows, linear, Store::Replace));
        calls.extend(forward.norm_backward(forward.input_norm(index, rows)));
    }
    if inputs {
        let (vocabulary, width) = (forward.config.vocab_size, forward.config.hidden_size);
        let params = EmbeddingGradient { vocabulary: vocabulary as u32, width: width as u32 };
        let buffers = [Slot::Starts, Slot::Entries, Slot::DX, Slot::Gradient];
        let grid = [(width / 4).div_ceil(16), vocabulary.div_ceil(4)];
        calls.push(
            Call::new(Kernel::EmbeddingGradient, &buffers, &params, grid).with_work(2 * rows * width, 2 * rows * width),
        );
    }
    calls
}

/// Numbers that AdamW moves, and where it finds them.
#[derive(Clone, Copy, Debug)]
pub struct Optimized {
    pub weights: Slot,
    pub gradient: Slot,
    pub moment1: Slot,
    pub moment2: Slot,
    /// (PARTIALS)
    pub partial: Slot,
    /// (2)
    pub report: Slot,
    /// Fours of numbers.
    pub fours: usize,
}

/// Clips `Slot::Gradient` by its global norm and takes AdamW step number `time` (from 1).
#[must_use]
pub fn optimizer_calls(forward: &Forward, optimizer: &OptimizerConfig, time: usize) -> [Call; 3] {
    let model = Optimized {
        weights: Slot::Weights,
        gradient: Slot::Gradient,
        moment1: Slot::Moment1,
        moment2: Slot::Moment2,
        partial: Slot::Partial,
        report: Slot::Report,
        fours: count(&forward.config).div_ceil(4),
    };
    optimize_calls(&model, optimizer, time)
}

/// The same for any numbers.
#[must_use]
pub fn optimize_calls(of: &Optimized, optimizer: &OptimizerConfig, time: usize) -> [Call; 3] {
    let fours = of.fours;
    let squares = SquareSums { count: fours as u32, partials: PARTIALS as u32 };
    let clip = ClipNorm { partials: PARTIALS as u32, max_norm: optimizer.max_grad_norm as f32 };
    let groups = fours.div_ceil(64);
    let across = groups.min(1024);
    let correction = |beta: f64| (1.0 - (beta as f32).powi(time as i32).min(1.0)).max(f32::MIN_POSITIVE);
    let adamw = AdamW {
        count: fours as u32,
        stride: 64 * across as u32,
        rate: optimizer.learning_rate as f32,
        keep: (1.0 - optimizer.learning_rate * optimizer.weight_decay) as f32,
        beta1: optimizer.beta1 as f32,
        beta2: optimizer.beta2 as f32,
        epsilon: optimizer.epsilon as f32,
        correct1: correction(optimizer.beta1),
        correct2: correction(optimizer.beta2),
    };
    let states = [of.gradient, of.report, of.weights, of.moment1, of.moment2];
    [
        Call::new(Kernel::SquareSums, &[of.gradient, of.partial], &squares, [PARTIALS / 64, 1]),
        Call::new(Kernel::ClipNorm, &[of.partial, of.report], &clip, [1, 1]),
        Call::new(Kernel::AdamW, &states, &adamw, [across, groups.div_ceil(across)]),
    ]
    .map(|call| call.with_work(8 * fours, 8 * fours))
}
