//! The transformer as a list of dispatches: seven a layer. Letters: `model/config.rs`; M rows of any kind.
//!
//! Not here: which next input is chosen (`rollout.rs`), what is scored (`score.rs`).

use super::kernels::Kernel;
use super::params::{AttentionCausal, AttentionDecode, CacheFill, EmbedMix, Matmul, RmsNorm, Rope, SoftStep, Swiglu};
use super::program::Call;
use super::workspace::Slot;
use crate::error::{Error, Result};
use crate::model::config::ModelConfig;
use crate::model::params::layout;

/// The widest head that one thread attends with.
const MAX_ALONE: usize = 128;
/// Turns of loops that one thread of a plain kernel may take. llvmpipe (Mesa 22.3) counts the turns of all loops of a thread and
/// leaves every loop after 65 535, without a word.
const MAX_TURNS: usize = 60_000;

/// Where the parameters of one block begin in the flat buffer, elements.
#[derive(Clone, Debug)]
struct Layer {
    input_norm: usize,
    qkv: usize,
    qkv_bias: Option<usize>,
    output: usize,
    mlp_norm: usize,
    gate: usize,
    up: usize,
    down: usize,
}

/// Builds the calls of a forward pass for one model.
#[derive(Clone, Debug)]
pub struct Forward {
    config: ModelConfig,
    /// C: columns of a cache.
    columns: usize,
    /// Whether to take the kernels without barriers, where there are such.
    plain: bool,
    layers: Vec<Layer>,
    norm: usize,
    head: usize,
}

/// What the rows of a pass are.
#[derive(Clone, Copy, Debug)]
pub enum Shape {
    /// M = B·T positions of whole sequences of T; `fill` also keeps their keys and values.
    Causal { rows: usize, time: usize, fill: Option<Fill> },
    /// One new position of each of B rows, at the place the state names.
    Decode { rows: usize },
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

/// One linear layer: where its weights are and what happens to the result.
#[derive(Clone, Copy)]
struct Linear {
    columns: usize,
    inner: usize,
    weight: usize,
    bias: Option<usize>,
    add: bool,
}

impl Shape {
    fn rows(&self) -> usize {
        match self {
            Self::Causal { rows, .. } | Self::Decode { rows } => *rows,
        }
    }
}

impl Forward {
    /// Finds every parameter of `config` in the flat layout; caches have `columns` positions. `plain` kernels suit
    /// software adapters: one thread does what a workgroup would.
    ///
    /// # Errors
    /// `bad-weights` naming a tensor that the layout lacks.
    pub fn new(config: &ModelConfig, columns: usize, plain: bool) -> Result<Self> {
        let specs = layout(config);
        let offset = |name: &str| {
            let spec = specs.iter().find(|spec| spec.name == name);
            spec.map(|spec| spec.offset).ok_or_else(|| Error::bad_weights(name, "the layout has no such tensor"))
        };
        let mut layers = Vec::new();
        for index in 0..config.num_hidden_layers {
            let at = |name: &str| offset(&format!("model.layers.{index}.{name}"));
            layers.push(Layer {
                input_norm: at("input_layernorm.weight")?,
                qkv: at("self_attn.q_proj.weight")?,
                qkv_bias: if config.attention_bias { Some(at("self_attn.q_proj.bias")?) } else { None },
                output: at("self_attn.o_proj.weight")?,
                mlp_norm: at("post_attention_layernorm.weight")?,
                gate: at("mlp.gate_proj.weight")?,
                up: at("mlp.up_proj.weight")?,
                down: at("mlp.down_proj.weight")?,
            });
        }
        let head = if config.tie_word_embeddings { 0 } else { offset("lm_head.weight")? };
        Ok(Self { config: config.clone(), columns, plain, layers, norm: offset("model.norm.weight")?, head })
    }

    /// One step of every row, from logits to the next blends.
    #[must_use]
    pub fn soft_step(&self, step: &SoftStep) -> Call {
        let rows = step.rows as usize;
        let buffers = [Slot::Logits, Slot::RowKeys, Slot::State, Slot::Ids, Slot::Shares, Slot::Record];
        let v = self.config.vocab_size;
        // At worst it walks the whole order for the pool's mass and again for what may be drawn.
        if self.plain && v * (2 * v + 80) <= MAX_TURNS {
            return Call::new(Kernel::SoftStepPlain, &buffers, step, [rows.div_ceil(16), 1]);
        }
        Call::new(Kernel::SoftStep, &buffers, step, [rows, 1])
    }

    /// Σ weight · embedding of blends of `candidates` entries → X (M, D).
    #[must_use]
    pub fn embed(&self, weights: Slot, rows: usize, candidates: usize) -> Call {
        let width = self.config.hidden_size;
        let params = EmbedMix { width: width as u32, candidates: candidates as u32, rows: rows as u32 };
        Call::new(Kernel::EmbedMix, &[Slot::Ids, Slot::Shares, weights, Slot::X], &params, [width.div_ceil(64), rows])
    }

    /// The blocks: X (M, D) → X (M, D).
    #[must_use]
    pub fn blocks(&self, weights: Slot, shape: Shape) -> Vec<Call> {
        let c = &self.config;
        let (d, q, kv, f) = (c.hidden_size, c.query_width(), c.key_value_width(), c.intermediate_size);
        let rows = shape.rows();
        let mut calls = Vec::new();
        for (index, layer) in self.layers.iter().enumerate() {
            calls.push(self.rms_norm(weights, layer.input_norm, rows, None));
            let qkv = Linear { columns: q + 2 * kv, inner: d, weight: layer.qkv, bias: layer.qkv_bias, add: false };
            calls.push(matmul(weights, Slot::Hidden, Slot::Qkv, rows, qkv));
            calls.extend(self.attention(index, shape));
            let output = Linear { columns: d, inner: q, weight: layer.output, bias: None, add: true };
            calls.push(matmul(weights, Slot::Mixed, Slot::X, rows, output));
            calls.push(self.rms_norm(weights, layer.mlp_norm, rows, None));
            calls.push(self.swiglu(weights, layer, rows));
            let down = Linear { columns: d, inner: f, weight: layer.down, bias: None, add: true };
            calls.push(matmul(weights, Slot::Inner, Slot::X, rows, down));
        }
        calls
    }

    /// The last norm of all rows: X → Hidden (M, D).
    #[must_use]
    pub fn last_norm(&self, weights: Slot, rows: usize) -> Call {
        self.rms_norm(weights, self.norm, rows, None)
    }

    /// The last norm of the rows that `Slot::Rows` names: X → `to` (rows, D) from row `first` on.
    #[must_use]
    pub fn last_norm_of(&self, weights: Slot, rows: usize, to: Slot, first: usize) -> Call {
        self.rms_norm(weights, self.norm, rows, Some((to, first)))
    }

    /// The last norm's rows (M, D) → Logits (M, V).
    #[must_use]
    pub fn head(&self, weights: Slot, hidden: Slot, rows: usize) -> Call {
        let (columns, inner) = (self.config.vocab_size, self.config.hidden_size);
        let head = Linear { columns, inner, weight: self.head, bias: None, add: false };
        matmul(weights, hidden, Slot::Logits, rows, head)
    }

    fn rms_norm(&self, weights: Slot, gain: usize, rows: usize, gather: Option<(Slot, usize)>) -> Call {
        let (to, first) = gather.unwrap_or((Slot::Hidden, 0));
        let params = RmsNorm {
            width: self.config.hidden_size as u32,
            count: rows as u32,
            gather: u32::from(gather.is_some()),
            first: first as u32,
            gain_offset: gain as u32,
            epsilon: self.config.rms_norm_eps as f32,
        };
        let buffers = [Slot::X, weights, Slot::Rows, to];
        if self.plain {
            return Call::new(Kernel::RmsNormPlain, &buffers, &params, [rows.div_ceil(16), 1]);
        }
        Call::new(Kernel::RmsNorm, &buffers, &params, [rows, 1])
    }

    fn swiglu(&self, weights: Slot, layer: &Layer, rows: usize) -> Call {
        let (columns, inner) = (self.config.intermediate_size, self.config.hidden_size);
        let params = Swiglu {
            rows: rows as u32,
            columns: columns as u32,
            inner: inner as u32,
            gate_offset: layer.gate as u32,
            up_offset: layer.up as u32,
        };
        let buffers = [Slot::Hidden, weights, Slot::Inner];
        if [inner, layer.gate, layer.up].iter().all(|n| n.is_multiple_of(4)) {
            return Call::new(Kernel::Swiglu, &buffers, &params, [columns.div_ceil(16), rows.div_ceil(32)]);
        }
        Call::new(Kernel::SwigluPlain, &buffers, &params, [columns.div_ceil(8), rows.div_ceil(8)])
    }

    /// Qkv → Mixed, with what it takes to place and keep the keys.
    fn attention(&self, layer: usize, shape: Shape) -> Vec<Call> {
        let c = &self.config;
        let (heads, kv_heads, hd) = (c.num_attention_heads, c.num_key_value_heads, c.head_dim);
        let groups = (heads / kv_heads) as u32;
        let scale = (hd as f64).sqrt().recip() as f32;
        let (keys, values) = (Slot::Keys(layer), Slot::Values(layer));
        let positions = if let Shape::Causal { time, .. } = shape { time } else { self.columns };
        let alone = self.plain && hd.is_multiple_of(8) && hd <= MAX_ALONE && positions * (hd / 2 + 1) <= MAX_TURNS;
        let (rows, time, fill) = match shape {
            Shape::Causal { rows, time, fill } => (rows, time, fill),
            Shape::Decode { rows } => {
                let params = AttentionDecode {
                    rows: rows as u32,
                    groups,
                    kv_heads: kv_heads as u32,
                    head_dim: hd as u32,
                    columns: self.columns as u32,
                    scale,
                };
                let buffers = [Slot::Qkv, Slot::Rope, Slot::State, keys, values, Slot::Mixed];
                if alone {
                    let grid = [(rows * heads).div_ceil(16), 1];
                    return vec![Call::new(Kernel::AttentionDecodePlain, &buffers, &params, grid)];
                }
                return vec![Call::new(Kernel::AttentionDecode, &buffers, &params, [kv_heads, rows])];
            }
        };
        let stride = (c.query_width() + 2 * c.key_value_width()) as u32;
        let turned = heads + kv_heads;
        let rope = Rope { rows: rows as u32, time: time as u32, heads: turned as u32, head_dim: hd as u32, stride };
        let mut calls =
            vec![Call::new(Kernel::Rope, &[Slot::Rope, Slot::Qkv], &rope, [(turned * hd / 2).div_ceil(64), rows])];
        if let Some(fill) = fill {
            let params = CacheFill {
                first: fill.first as u32,
                repeats: fill.repeats as u32,
                time: time as u32,
                columns: self.columns as u32,
                heads: kv_heads as u32,
                head_dim: hd as u32,
                stride,
                key_offset: c.query_width() as u32,
            };
            let grid = [(time * c.key_value_width()).div_ceil(64), fill.rows];
            calls.push(Call::new(Kernel::CacheFill, &[Slot::Qkv, keys, values], &params, grid));
        }
        let params = AttentionCausal {
            rows: rows as u32,
            time: time as u32,
            groups,
            kv_heads: kv_heads as u32,
            head_dim: hd as u32,
            scale,
        };
        let (kernel, grid) = if alone {
            (Kernel::AttentionCausalPlain, [(rows * heads).div_ceil(16), 1])
        } else {
            (Kernel::AttentionCausal, [kv_heads, rows])
        };
        calls.push(Call::new(kernel, &[Slot::Qkv, Slot::Mixed], &params, grid));
        calls
    }
}

/// y = a·wᵀ (+ bias) (+ y), by the blocked kernel where the sizes allow it.
fn matmul(weights: Slot, a: Slot, y: Slot, rows: usize, linear: Linear) -> Call {
    let Linear { columns, inner, weight, bias, add } = linear;
    let params = Matmul {
        rows: rows as u32,
        columns: columns as u32,
        inner: inner as u32,
        weight_offset: weight as u32,
        bias_offset: bias.unwrap_or(0) as u32,
        has_bias: u32::from(bias.is_some()),
        add: u32::from(add),
    };
    if inner.is_multiple_of(4) && weight.is_multiple_of(4) {
        return Call::new(Kernel::Matmul, &[a, weights, y], &params, [columns.div_ceil(32), rows.div_ceil(32)]);
    }
    Call::new(Kernel::MatmulPlain, &[a, weights, y], &params, [columns.div_ceil(8), rows.div_ceil(8)])
}
