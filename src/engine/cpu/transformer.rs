//! The decoder of the Llama/Qwen2 family as Hugging Face defines it, in Burn tensors: the easiest file to read about the model.
//!
//! Not here: which token comes next, what the loss is, where parameters come from. Letters: `model/config.rs`.

use std::sync::Arc;

use burn::tensor::activation::{silu, softmax};
use burn::tensor::{Device, Int, Tensor, TensorData};

use super::fused::Form;
use super::fused::attention::{Heads, attention};
use super::fused::cached::{Cache, cached_attention};
use super::fused::linear::linear;
use super::fused::rms_norm::rms_norm;
use super::fused::swiglu::swiglu;
use super::rope::Rope;
use crate::model::config::ModelConfig;

/// Added to a score that must not be seen; large enough for exp to give 0, small enough never to become infinite.
const HIDDEN: f32 = -1e30;

/// What the columns of a row may look at.
pub enum Sight<'a> {
    /// The row's own columns, up to each.
    Own,
    /// Those in a cache too, from each row's padding on. `length`: columns in the cache before these.
    Cached { caches: &'a mut [Cache], padding: &'a [usize], length: usize },
}

/// The parameters of one block; products that share their input are fused.
struct Layer {
    input_norm: Tensor<1>,       // (D)
    qkv: Tensor<2>,              // ((H + 2·Hkv)·hd, D)
    qkv_bias: Option<Tensor<1>>, // ((H + 2·Hkv)·hd)
    output: Tensor<2>,           // (D, H·hd)
    mlp_norm: Tensor<1>,         // (D)
    gate_up: Tensor<2>,          // (2·F, D)
    down: Tensor<2>,             // (D, F)
}

/// All parameters on one device, cut from the flat buffer of `model::params`.
pub struct Transformer {
    config: ModelConfig,
    form: Form,
    embedding: Tensor<2>, // (V, D)
    layers: Vec<Layer>,
    norm: Tensor<1>,         // (D)
    head: Option<Tensor<2>>, // (V, D); tied when absent
}

/// Reads tensors off the flat buffer in layout order.
struct Cutter<'a> {
    flat: &'a [f32],
    at: usize,
    device: &'a Device,
    track: bool,
}

impl Cutter<'_> {
    fn cut<const N: usize>(&mut self, shape: [usize; N]) -> Tensor<N> {
        let len = shape.iter().product::<usize>();
        let data = TensorData::new(self.flat[self.at..self.at + len].to_vec(), shape);
        self.at += len;
        let tensor = Tensor::from_data(data, self.device);
        if self.track { tensor.require_grad() } else { tensor }
    }
}

impl Transformer {
    /// Cuts `flat` (in the order of `model::params::layout`, of exactly its length) into tensors on `device`;
    /// with `track`, gradients are kept for all of them.
    #[must_use]
    pub fn new(config: &ModelConfig, flat: &[f32], device: &Device, form: Form, track: bool) -> Self {
        let (d, f, hd) = (config.hidden_size, config.intermediate_size, config.head_dim);
        let (h, kv) = (config.num_attention_heads, config.num_key_value_heads);
        let mut cutter = Cutter { flat, at: 0, device, track };
        let embedding = cutter.cut([config.vocab_size, d]);
        let layers = (0..config.num_hidden_layers)
            .map(|_| Layer {
                input_norm: cutter.cut([d]),
                qkv: cutter.cut([(h + 2 * kv) * hd, d]),
                qkv_bias: config.attention_bias.then(|| cutter.cut([(h + 2 * kv) * hd])),
                output: cutter.cut([d, h * hd]),
                mlp_norm: cutter.cut([d]),
                gate_up: cutter.cut([2 * f, d]),
                down: cutter.cut([d, f]),
            })
            .collect();
        let norm = cutter.cut([d]);
        let head = (!config.tie_word_embeddings).then(|| cutter.cut([config.vocab_size, d]));
        Self { config: config.clone(), form, embedding, layers, norm, head }
    }

    /// Σ weight · embedding, the next input of every row. ids and weights: (N, K) → (N, D).
    #[must_use]
    pub fn blend(&self, ids: Tensor<1, Int>, weights: Tensor<2>, input_gradient: bool) -> Tensor<2> {
        let [n, k] = weights.dims();
        let table = if input_gradient { self.embedding.clone() } else { self.embedding.clone().detach() };
        let rows = table.select(0, ids); // (N·K, D)
        if k == 1 {
            return rows * weights; // (N, D)
        }
        let d = self.config.hidden_size;
        (rows.reshape([n, k, d]) * weights.unsqueeze_dim(2)).sum_dim(1).reshape([n, d])
    }

    /// The embedding table (V, D).
    #[must_use]
    pub fn embedding(&self) -> &Tensor<2> {
        &self.embedding
    }

    /// The stack of blocks. x: (B·T, D) → hidden states (B·T, D).
    #[must_use]
    pub fn hidden(&self, mut x: Tensor<2>, batch: usize, rope: &Arc<Rope>, mut sight: Sight<'_>) -> Tensor<2> {
        for (index, layer) in self.layers.iter().enumerate() {
            let y = self.rms_norm(x.clone(), &layer.input_norm);
            x = x + self.attention(index, y, batch, rope, &mut sight);
            let y = self.rms_norm(x.clone(), &layer.mlp_norm);
            x = x + self.swiglu(layer, y);
        }
        self.rms_norm(x, &self.norm)
    }

    /// Hidden states (N, D) → logits (N, V).
    #[must_use]
    pub fn logits(&self, hidden: Tensor<2>) -> Tensor<2> {
        self.linear(hidden, self.head.as_ref().unwrap_or(&self.embedding))
    }

    /// x · Wᵀ. x: (N, in), weight: (out, in) → (N, out).
    fn linear(&self, x: Tensor<2>, weight: &Tensor<2>) -> Tensor<2> {
        match self.form {
            Form::Fused => linear(x, weight.clone()),
            Form::Composed => x.matmul(weight.clone().transpose()),
        }
    }

    fn rms_norm(&self, x: Tensor<2>, gain: &Tensor<1>) -> Tensor<2> {
        if self.form == Form::Fused {
            return rms_norm(x, gain.clone(), self.config.rms_norm_eps);
        }
        let mean_square = x.clone().square().mean_dim(1); // (N, 1)
        x * mean_square.add_scalar(self.config.rms_norm_eps).sqrt().recip() * gain.clone().unsqueeze()
    }

    fn attention(
        &self,
        index: usize,
        x: Tensor<2>,
        batch: usize,
        rope: &Arc<Rope>,
        sight: &mut Sight<'_>,
    ) -> Tensor<2> {
        let (layer, config) = (&self.layers[index], &self.config);
        let (query, key_value) = (config.num_attention_heads, config.num_key_value_heads);
        let heads = Heads { batch, time: x.dims()[0] / batch, query, key_value, size: config.head_dim };
        let mut qkv = self.linear(x, &layer.qkv); // (B·T, (H + 2·Hkv)·hd)
        if let Some(bias) = &layer.qkv_bias {
            qkv = qkv + bias.clone().unsqueeze();
        }
        let mixed = match (sight, self.form) {
            (Sight::Cached { caches, padding, length }, _) => {
                let device = qkv.device();
                let mixed = cached_attention(on_host(qkv), rope, heads, &mut caches[index], padding, *length);
                if cfg!(feature = "burn-wgpu") { Tensor::from_data(mixed.into_data(), &device) } else { mixed }
            }
            (Sight::Own, Form::Fused) => attention(qkv, rope, heads),
            (Sight::Own, Form::Composed) => composed_attention(qkv, rope, heads),
        }; // (B·T, H·hd)
        self.linear(mixed, &layer.output) // (B·T, D)
    }

    fn swiglu(&self, layer: &Layer, x: Tensor<2>) -> Tensor<2> {
        let gate_up = self.linear(x, &layer.gate_up); // (N, 2·F)
        let hidden = match self.form {
            Form::Fused => swiglu(gate_up),
            Form::Composed => {
                let f = self.config.intermediate_size;
                silu(gate_up.clone().slice_dim(1, 0..f)) * gate_up.slice_dim(1, f..2 * f)
            }
        }; // (N, F)
        self.linear(hidden, &layer.down) // (N, D)
    }

    /// Adds each parameter's gradient to `flat`, in layout order.
    pub async fn add_gradients(
        &self,
        gradients: &mut burn::tensor::Gradients,
        flat: &mut [f32],
    ) -> crate::error::Result<()> {
        let mut at = 0;
        add(&self.embedding, gradients, flat, &mut at).await?;
        for layer in &self.layers {
            add(&layer.input_norm, gradients, flat, &mut at).await?;
            add(&layer.qkv, gradients, flat, &mut at).await?;
            if let Some(bias) = &layer.qkv_bias {
                add(bias, gradients, flat, &mut at).await?;
            }
            add(&layer.output, gradients, flat, &mut at).await?;
            add(&layer.mlp_norm, gradients, flat, &mut at).await?;
            add(&layer.gate_up, gradients, flat, &mut at).await?;
            add(&layer.down, gradients, flat, &mut at).await?;
        }
        add(&self.norm, gradients, flat, &mut at).await?;
        if let Some(head) = &self.head {
            add(head, gradients, flat, &mut at).await?;
        }
        Ok(())
    }
}

async fn add<const N: usize>(
    parameter: &Tensor<N>,
    gradients: &mut burn::tensor::Gradients,
    flat: &mut [f32],
    at: &mut usize,
) -> crate::error::Result<()> {
    let len = parameter.dims().iter().product::<usize>();
    if let Some(gradient) = parameter.grad_remove(gradients) {
        let values = super::read(gradient).await?;
        for (sum, value) in flat[*at..*at + len].iter_mut().zip(values) {
            *sum += value;
        }
    }
    *at += len;
    Ok(())
}

/// The same numbers on the host, where the cache is; flex has them there already.
#[cfg(feature = "burn-wgpu")]
fn on_host(tensor: Tensor<2>) -> Tensor<2> {
    Tensor::from_data(tensor.into_data(), &Device::flex())
}

#[cfg(not(feature = "burn-wgpu"))]
fn on_host(tensor: Tensor<2>) -> Tensor<2> {
    tensor
}

/// [`attention`] in Burn's operations: (B·T, (H + 2·Hkv)·hd) → (B·T, H·hd).
fn composed_attention(qkv: Tensor<2>, rope: &Rope, heads: Heads) -> Tensor<2> {
    let Heads { batch: b, time: t, query: h, key_value: kv, size: hd } = heads;
    let device = qkv.device();
    let qkv = qkv.reshape([b, t, h + 2 * kv, hd]).swap_dims(1, 2); // (B, H + 2·Hkv, T, hd)
    let qk = rope.rotate(qkv.clone().slice_dim(1, 0..h + kv), &device);
    let q = qk.clone().slice_dim(1, 0..h).reshape([b, kv, h / kv * t, hd]); // heads that share a key, side by side
    let k = qk.slice_dim(1, h..h + kv); // (B, Hkv, T, hd)
    let v = qkv.slice_dim(1, h + kv..h + 2 * kv); // (B, Hkv, T, hd)
    let mask = (0..h / kv * t).flat_map(|row| (0..t).map(move |key| if key <= row % t { 0.0 } else { HIDDEN }));
    let mask = Tensor::<4>::from_data(TensorData::new(mask.collect(), [1, 1, h / kv * t, t]), &device);
    let scores = q.matmul(k.swap_dims(2, 3)).mul_scalar(f64::from(heads.scale())) + mask; // (B, Hkv, G·T, T)
    let mixed = softmax(scores, 3).matmul(v); // (B, Hkv, G·T, hd)
    mixed.reshape([b, h, t, hd]).swap_dims(1, 2).reshape([b * t, h * hd])
}
