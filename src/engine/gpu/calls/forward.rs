//! The layers of a forward pass for decoding and scoring: seven dispatches each.
//!
//! Not here: whole passes (`passes.rs`).

use std::sync::Arc;

use super::beside::{Beside, Part};
use super::product::{Linear, Store};
use super::tensors::{Layer, Tensors};
use crate::engine::gpu::capacity::{MAX_TURNS, is_large};
use crate::engine::gpu::chain::DRAWS;
use crate::engine::gpu::kernels::Kernel;
use crate::engine::gpu::params::{EmbedMix, RmsNorm, SoftStep, Swiglu};
use crate::engine::gpu::program::Call;
use crate::engine::gpu::slots::Slot;
use crate::error::Result;
use crate::model::config::ModelConfig;
use crate::weights::blocks::BlockPlan;

/// Builds the calls of a forward pass for one model.
#[derive(Clone, Debug)]
pub struct Forward {
    pub(super) config: ModelConfig,
    /// C: columns of a cache.
    pub(super) columns: usize,
    /// Whether to take the kernels without barriers, where there are such.
    pub(super) plain: bool,
    pub(super) tensors: Tensors,
    /// Where the weights lie, if they stay in blocks.
    pub(super) blocks: Option<Arc<BlockPlan>>,
    /// What learns beside them, if anything does.
    pub(super) beside: Option<Arc<Beside>>,
}

/// M = B·T positions of whole sequences of T, padded on the right, where causality hides the padding.
#[derive(Clone, Copy, Debug)]
pub struct Shape {
    pub rows: usize,
    pub time: usize,
}

/// What the rows of a pass are.
#[derive(Clone, Copy, Debug)]
pub enum Rows {
    /// Whole sequences; `Fill` also keeps their keys and values.
    Sequences(Shape, Option<Fill>),
    /// One new position of each of B rows, at the place the state names.
    New(usize),
}

/// Which rows of the caches take the keys and values of a pass over prompts.
#[derive(Clone, Copy, Debug)]
pub struct Fill {
    /// The first row.
    pub first: usize,
    /// How many in all.
    pub rows: usize,
    /// How many for each prompt.
    pub repeats: usize,
}

impl Forward {
    /// Finds every parameter of `config` in the flat layout; caches have `columns` positions. `plain` kernels suit
    /// software adapters: one thread does what a workgroup would.
    ///
    /// # Errors
    /// `bad-weights` naming a tensor that the layout lacks.
    pub fn new(config: &ModelConfig, columns: usize, plain: bool) -> Result<Self> {
        Ok(Self { config: config.clone(), columns, plain, tensors: Tensors::find(config)?, blocks: None, beside: None })
    }

    /// The same with caches of `columns` positions.
    #[must_use]
    pub fn with_columns(&self, columns: usize) -> Self {
        Self { columns, ..self.clone() }
    }

    /// The same over weights that stay in blocks.
    ///
    /// # Errors
    /// As [`Forward::new`].
    pub fn over(&self, plan: BlockPlan) -> Result<Self> {
        let tensors = Tensors::find_blocks(&self.config, &plan)?;
        Ok(Self { tensors, blocks: Some(Arc::new(plan)), ..self.clone() })
    }

    /// Where the weights lie, if they stay in blocks.
    #[must_use]
    pub fn plan(&self) -> Option<&BlockPlan> {
        self.blocks.as_deref()
    }

    /// Whether it takes the kernels without barriers.
    #[must_use]
    pub fn is_plain(&self) -> bool {
        self.plain
    }

    pub(super) fn qkv(&self, layer: &Layer) -> Linear {
        let columns = self.config.query_width() + 2 * self.config.key_value_width();
        Linear { columns, inner: self.config.hidden_size, weight: layer.qkv, bias: layer.qkv_bias }
    }

    pub(super) fn output(&self, layer: &Layer) -> Linear {
        let (columns, inner) = (self.config.hidden_size, self.config.query_width());
        Linear { columns, inner, weight: layer.output, bias: None }
    }

    pub(super) fn down(&self, layer: &Layer) -> Linear {
        let (columns, inner) = (self.config.hidden_size, self.config.intermediate_size);
        Linear { columns, inner, weight: layer.down, bias: None }
    }

    pub(super) fn head_linear(&self) -> Linear {
        let (columns, inner) = (self.config.vocab_size, self.config.hidden_size);
        Linear { columns, inner, weight: self.tensors.head, bias: None }
    }

    /// One step of every row, from logits to the next blends.
    #[must_use]
    pub fn soft_step(&self, step: &SoftStep) -> Vec<Call> {
        let rows = step.rows as usize;
        if is_large(&self.config) {
            return self.large_step(step);
        }
        let buffers = [Slot::Logits, Slot::RowKeys, Slot::State, Slot::Ids, Slot::Shares, Slot::Record];
        let v = self.config.vocab_size;
        // At worst it walks the whole order for the pool's mass and again for what may be drawn, and looks at it all for each draw;
        // before the cut, it walks once more and keeps K in order.
        let walks = if step.before_cut == 1 { 3 * v + step.candidates as usize } else { 2 * v };
        let draws = if step.thinking == DRAWS { step.candidates as usize } else { 0 };
        let call = if self.plain && v * (walks + draws + 80) <= MAX_TURNS {
            Call::new(Kernel::SoftStepPlain, &buffers, step, [rows.div_ceil(16), 1])
        } else {
            Call::new(Kernel::SoftStep, &buffers, step, [rows, 1])
        };
        vec![call.with_work(20 * rows * v, rows * v)]
    }

    /// The same over a large vocabulary: its tiles, then the rows.
    fn large_step(&self, step: &SoftStep) -> Vec<Call> {
        let (rows, tiles, v) = (step.rows as usize, step.tiles as usize, self.config.vocab_size);
        let tiling = [Slot::Logits, Slot::State, Slot::Tiles];
        let [logits, keys, state, record] = [Slot::Logits, Slot::RowKeys, Slot::State, Slot::Record];
        let buffers = [logits, keys, Slot::Tiles, state, Slot::Ids, Slot::Shares, record];
        vec![
            Call::new(Kernel::VocabularyTiles, &tiling, step, [tiles.div_ceil(64), rows])
                .with_work(60 * rows * v, rows * v),
            Call::new(Kernel::SoftStepLarge, &buffers, step, [rows, 1]).with_work(200 * rows * v, rows * v),
        ]
    }

    /// Σ weight · embedding of blends of `candidates` entries → X (M, D).
    #[must_use]
    pub fn embed(&self, weights: Slot, rows: usize, candidates: usize) -> Vec<Call> {
        let width = self.config.hidden_size;
        if let Some(plan) = &self.blocks {
            return self.embed_blocks(plan, rows, candidates);
        }
        let params = EmbedMix { width: width as u32, candidates: candidates as u32, rows: rows as u32 };
        let buffers = [Slot::Ids, Slot::Shares, weights, Slot::X];
        let call = Call::new(Kernel::EmbedMix, &buffers, &params, [width.div_ceil(64), rows]);
        vec![call.with_work(2 * rows * width * candidates, rows * width * (candidates + 1))]
    }

    /// The blocks: X (M, D) → X (M, D).
    pub(super) fn blocks(&self, weights: Slot, what: Rows) -> Vec<Call> {
        let rows = match what {
            Rows::Sequences(shape, _) => shape.rows,
            Rows::New(rows) => rows,
        };
        let mut calls = Vec::new();
        for (index, layer) in self.tensors.layers.iter().enumerate() {
            calls.push(self.rms_norm(weights, layer.input_norm, rows, None));
            calls.extend(self.linear(weights, Slot::Hidden, Slot::Qkv, rows, self.qkv(layer), Store::Replace));
            calls.extend(self.beside(weights, (index, Part::Qkv), [Slot::Hidden, Slot::Qkv], rows));
            match what {
                Rows::Sequences(shape, None) => {
                    calls.extend(self.attention_pairs(index, shape, Slot::Qkv, Slot::DAttended, Slot::Mixed));
                }
                Rows::Sequences(shape, fill) => {
                    calls.extend(self.attention_causal(index, shape, fill, Slot::Qkv, Slot::Mixed));
                }
                Rows::New(rows) => calls.push(self.attention_decode(index, rows)),
            }
            calls.extend(self.linear(weights, Slot::Mixed, Slot::X, rows, self.output(layer), Store::Add));
            calls.extend(self.beside(weights, (index, Part::Output), [Slot::Mixed, Slot::X], rows));
            calls.push(self.rms_norm(weights, layer.mlp_norm, rows, None));
            calls.extend(self.swiglu(weights, index, rows));
            calls.extend(self.linear(weights, Slot::Inner, Slot::X, rows, self.down(layer), Store::Add));
            calls.extend(self.beside(weights, (index, Part::Down), [Slot::Inner, Slot::X], rows));
        }
        calls
    }

    /// The last norm's rows (M, D) → Logits (M, V).
    #[must_use]
    pub fn head(&self, weights: Slot, hidden: Slot, rows: usize) -> Vec<Call> {
        self.linear(weights, hidden, Slot::Logits, rows, self.head_linear(), Store::Replace)
    }

    /// X → Hidden, or the rows that `Slot::Rows` names → a slot from some row on.
    pub(super) fn rms_norm(&self, weights: Slot, gain: usize, rows: usize, gather: Option<(Slot, usize)>) -> Call {
        let (to, first) = gather.unwrap_or((Slot::Hidden, 0));
        let params = RmsNorm {
            width: self.config.hidden_size as u32,
            count: rows as u32,
            gather: u32::from(gather.is_some()),
            first: first as u32,
            gain_offset: gain as u32,
            epsilon: self.config.rms_norm_eps as f32,
        };
        let weights = if self.blocks.is_some() { Slot::Vectors } else { weights };
        let buffers = [Slot::X, weights, Slot::Rows, to];
        let call = if self.plain {
            Call::new(Kernel::RmsNormPlain, &buffers, &params, [rows.div_ceil(16), 1])
        } else {
            Call::new(Kernel::RmsNorm, &buffers, &params, [rows, 1])
        };
        call.with_work(4 * rows * self.config.hidden_size, 2 * rows * self.config.hidden_size)
    }

    /// Whether gates and ups are one product with an elementwise kernel after it. On software adapters that is faster; with more than
    /// four layers it would be more dispatches a step than were promised (7 a layer and 8).
    fn splits_swiglu(&self) -> bool {
        let blocks = [self.config.hidden_size, self.config.intermediate_size].iter().all(|n| n.is_multiple_of(4));
        self.plain && blocks && self.config.num_hidden_layers <= 4
    }

    fn swiglu(&self, weights: Slot, index: usize, rows: usize) -> Vec<Call> {
        let layer = &self.tensors.layers[index];
        let (columns, inner) = (self.config.intermediate_size, self.config.hidden_size);
        if self.blocks.is_some() || self.splits_swiglu() {
            let mut calls = self.linear(weights, Slot::Hidden, Slot::GateUp, rows, self.gate_up(layer), Store::Replace);
            calls.extend(self.beside(weights, (index, Part::GateUp), [Slot::Hidden, Slot::GateUp], rows));
            calls.push(self.swiglu_elements(Kernel::SwigluTrain, [Slot::GateUp, Slot::Inner], rows));
            return calls;
        }
        let params = Swiglu {
            rows: rows as u32,
            columns: columns as u32,
            inner: inner as u32,
            gate_offset: layer.gate as u32,
            up_offset: layer.up as u32,
        };
        let buffers = [Slot::Hidden, weights, Slot::Inner];
        let call = if [inner, layer.gate, layer.up].iter().all(|n| n.is_multiple_of(4)) {
            Call::new(Kernel::Swiglu, &buffers, &params, [columns.div_ceil(16), rows.div_ceil(32)])
        } else {
            Call::new(Kernel::SwigluPlain, &buffers, &params, [columns.div_ceil(8), rows.div_ceil(8)])
        };
        vec![call.with_work(4 * rows * columns * inner, rows * (columns + inner) + 2 * columns * inner)]
    }
}
