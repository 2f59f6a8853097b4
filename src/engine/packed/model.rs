//! The Llama/Qwen2 decoder over matrices that stay in blocks: what `cpu/transformer.rs` computes, one position after the other.
//!
//! Not here: gradients (`passes.rs`), the products (`product.rs`), whose turn it is (`mod.rs`). Letters: `model/config.rs`.

use super::adapter::Adapter;
use super::product::{Activations, multiply};
use crate::engine::cpu::Heads;
use crate::engine::cpu::cached::{Cache, attend};
use crate::engine::cpu::rms_norm::rms_norm_row;
use crate::engine::cpu::rope::Rope;
use crate::engine::cpu::swiglu::swiglu_row;
use crate::error::{Error, Result};
use crate::model::config::ModelConfig;
use crate::model::lora::Target;
use crate::model::params::{ParamSpec, layout};
use crate::weights::large::Large;
use crate::weights::rows::Rows;
use crate::weights::source::Source;

const QKV: [Target; 3] = [Target::QProj, Target::KProj, Target::VProj];
const GATE_UP: [Target; 2] = [Target::GateProj, Target::UpProj];

/// Hears how many of how many bytes of the weights are read.
pub type LoadListener<'a> = dyn FnMut(u64, u64) + 'a;

pub(super) struct Layer {
    pub input_norm: Vec<f32>,            // (D)
    pub qkv: [Rows; 3],                  // (H·hd, D), (Hkv·hd, D), (Hkv·hd, D)
    pub qkv_bias: Option<[Vec<f32>; 3]>, // their rows
    pub output: Rows,                    // (D, H·hd)
    pub mlp_norm: Vec<f32>,              // (D)
    pub gate_up: [Rows; 2],              // (F, D), (F, D)
    pub down: Rows,                      // (D, F)
}

/// All parameters, the matrices in blocks.
pub struct PackedModel {
    pub config: ModelConfig,
    pub(super) embedding: Rows, // (V, D)
    pub(super) layers: Vec<Layer>,
    pub(super) norm: Vec<f32>,     // (D)
    pub(super) head: Option<Rows>, // (V, D); tied when absent
    rope_divisors: Option<Vec<f32>>,
}

/// New positions of one row: `time` of them after the `length` in its caches, one cache a layer.
pub struct Run<'a> {
    pub caches: &'a mut [Cache],
    pub length: usize,
    pub time: usize,
}

/// Takes the parameters off a file in layout order.
struct Loader<'a, S> {
    large: &'a Large,
    source: &'a mut S,
    specs: std::vec::IntoIter<ParamSpec>,
    read: u64,
    total: u64,
    on_progress: &'a mut LoadListener<'a>,
}

impl<S: Source> Loader<'_, S> {
    fn next(&mut self) -> Result<ParamSpec> {
        let spec =
            self.specs.next().ok_or_else(|| Error::bad_weights("*", "the layout of the model has ended early"))?;
        (self.on_progress)(self.read, self.total);
        self.read += spec.len as u64;
        Ok(spec)
    }

    async fn matrix(&mut self) -> Result<Rows> {
        let spec = self.next()?;
        self.large.matrix(self.source, &spec).await
    }

    async fn vector(&mut self) -> Result<Vec<f32>> {
        let spec = self.next()?;
        self.large.vector(self.source, &spec).await
    }

    async fn layer(&mut self, bias: bool) -> Result<Layer> {
        Ok(Layer {
            input_norm: self.vector().await?,
            qkv: [self.matrix().await?, self.matrix().await?, self.matrix().await?],
            qkv_bias: match bias {
                true => Some([self.vector().await?, self.vector().await?, self.vector().await?]),
                false => None,
            },
            output: self.matrix().await?,
            mlp_norm: self.vector().await?,
            gate_up: [self.matrix().await?, self.matrix().await?],
            down: self.matrix().await?,
        })
    }
}

impl PackedModel {
    /// Reads the parameters tensor by tensor; `on_progress` hears of (parameters read, parameters in all).
    ///
    /// # Errors
    /// `bad-weights` naming the tensor at fault; what the source says.
    pub async fn load<S: Source>(large: &Large, source: &mut S, on_progress: &mut LoadListener<'_>) -> Result<Self> {
        let config = large.config.clone();
        let specs = layout(&config);
        let total = specs.iter().map(|spec| spec.len as u64).sum();
        let mut on_progress = |read: u64, total: u64| on_progress(read, total);
        let specs = specs.into_iter();
        let mut loader = Loader { large, source, specs, read: 0, total, on_progress: &mut on_progress };
        let embedding = loader.matrix().await?;
        let mut layers = Vec::with_capacity(config.num_hidden_layers);
        for _ in 0..config.num_hidden_layers {
            layers.push(loader.layer(config.attention_bias).await?);
        }
        let norm = loader.vector().await?;
        let head = if config.tie_word_embeddings { None } else { Some(loader.matrix().await?) };
        (loader.on_progress)(total, total);
        let rope_divisors = large.rope_divisors(loader.source).await?;
        Ok(Self { config, embedding, layers, norm, head, rope_divisors })
    }

    /// Tables for positions below `positions`.
    pub fn rope(&self, positions: usize) -> Rope {
        Rope::divided(&self.config, positions, self.rope_divisors.as_deref())
    }

    /// Adds Σ weight · embedding to `sum` (D).
    pub fn blend(&self, ids: &[u32], weights: &[f32], sum: &mut [f32]) {
        for (id, weight) in ids.iter().zip(weights).filter(|(_, weight)| **weight != 0.0) {
            self.embedding.add_row(*id as usize, *weight, sum);
        }
    }

    /// The stack of blocks over the runs' positions, one after the other. x: (N, D) becomes the hidden states, not yet normed.
    pub fn advance(&self, x: &mut [f32], runs: &mut [Run<'_>], rope: &Rope, adapter: Option<&Adapter>) {
        let config = &self.config;
        let (d, f) = (config.hidden_size, config.intermediate_size);
        let (q, kv) = (config.query_width(), config.key_value_width());
        let n = x.len() / d;
        let mut vectors = Activations::default();
        let mut normed = vec![0.0; n * d];
        let (mut qkv, mut mixed) = (vec![0.0; n * (q + 2 * kv)], vec![0.0; n * q]);
        let (mut gate_up, mut inner, mut out) = (vec![0.0; n * 2 * f], vec![0.0; n * f], vec![0.0; n * d]);
        for (index, layer) in self.layers.iter().enumerate() {
            let beside = |target: Target, x: &[f32], out: &mut [f32], stride: usize| {
                if let Some(adapter) = adapter {
                    adapter.add(index, target, x, out, stride);
                }
            };
            self.norm_rows(x, &layer.input_norm, &mut normed);
            vectors.set(&normed, d);
            for ((part, target), at) in layer.qkv.iter().zip(QKV).zip([0, q, q + kv]) {
                multiply(part, &vectors, &mut qkv[at..], q + 2 * kv);
                beside(target, &normed, &mut qkv[at..], q + 2 * kv);
            }
            if let Some(bias) = &layer.qkv_bias {
                for row in qkv.chunks_exact_mut(q + 2 * kv) {
                    row.iter_mut().zip(bias.iter().flatten()).for_each(|(x, b)| *x += b);
                }
            }
            mixed.fill(0.0);
            self.attention(index, &qkv, &mut mixed, runs, rope);
            vectors.set(&mixed, q);
            multiply(&layer.output, &vectors, &mut out, d);
            beside(Target::OProj, &mixed, &mut out, d);
            x.iter_mut().zip(&out).for_each(|(x, y)| *x += y);
            self.norm_rows(x, &layer.mlp_norm, &mut normed);
            vectors.set(&normed, d);
            for ((part, target), at) in layer.gate_up.iter().zip(GATE_UP).zip([0, f]) {
                multiply(part, &vectors, &mut gate_up[at..], 2 * f);
                beside(target, &normed, &mut gate_up[at..], 2 * f);
            }
            gate_up.chunks_exact(2 * f).zip(inner.chunks_exact_mut(f)).for_each(|(row, out)| swiglu_row(row, out));
            vectors.set(&inner, f);
            multiply(&layer.down, &vectors, &mut out, d);
            beside(Target::DownProj, &inner, &mut out, d);
            x.iter_mut().zip(&out).for_each(|(x, y)| *x += y);
        }
    }

    fn attention(&self, index: usize, qkv: &[f32], mixed: &mut [f32], runs: &mut [Run<'_>], rope: &Rope) {
        let config = &self.config;
        let (query, key_value, size) = (config.num_attention_heads, config.num_key_value_heads, config.head_dim);
        let (mut qkv, mut mixed) = (qkv, mixed);
        for run in runs {
            let heads = Heads { batch: 1, time: run.time, query, key_value, size };
            let (own, rest) = qkv.split_at(run.time * heads.width());
            let (to, after) = mixed.split_at_mut(run.time * query * size);
            attend(own, to, rope, heads, &mut run.caches[index], &[0], run.length);
            (qkv, mixed) = (rest, after);
        }
    }

    fn norm_rows(&self, x: &[f32], gain: &[f32], out: &mut [f32]) {
        let d = gain.len();
        for (x, out) in x.chunks_exact(d).zip(out.chunks_exact_mut(d)) {
            rms_norm_row(x, gain, self.config.rms_norm_eps, out);
        }
    }

    /// Hidden states (N, D) → logits (N, V).
    pub fn logits(&self, hidden: &[f32]) -> Vec<f32> {
        let (d, v) = (self.config.hidden_size, self.config.vocab_size);
        let mut normed = vec![0.0; hidden.len()];
        self.norm_rows(hidden, &self.norm, &mut normed);
        let mut vectors = Activations::default();
        vectors.set(&normed, d);
        let mut logits = vec![0.0; hidden.len() / d * v];
        multiply(self.head.as_ref().unwrap_or(&self.embedding), &vectors, &mut logits, v);
        logits
    }
}
