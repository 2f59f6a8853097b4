//! The decoder of the Llama/Qwen2 family as Hugging Face defines it, in Burn tensors: the easiest file to read about the model.
//!
//! Not here: which token comes next, what the loss is, where parameters come from. Letters: `model/config.rs`.

use burn::tensor::activation::{silu, softmax};
use burn::tensor::{Device, Int, Tensor, TensorData};

use super::rope::Rope;
use crate::model::config::ModelConfig;

/// Added to a score that must not be seen; large enough for exp to give 0, small enough never to become infinite.
pub const HIDDEN: f32 = -1e30;

/// Keys and values of all positions so far, each (B, Hkv, C, head_dim).
#[derive(Clone, Default)]
pub struct Cache {
    entries: Option<(Tensor<4>, Tensor<4>)>,
}

impl Cache {
    /// Appends along the position axis and returns everything seen so far.
    fn extend(&mut self, keys: Tensor<4>, values: Tensor<4>) -> (Tensor<4>, Tensor<4>) {
        let extended = match self.entries.take() {
            None => (keys, values),
            Some((k, v)) => (Tensor::cat(vec![k, keys], 2), Tensor::cat(vec![v, values], 2)),
        };
        self.entries = Some(extended.clone());
        extended
    }

    /// Keeps (or repeats) rows of the batch.
    pub fn select(&mut self, rows: &Tensor<1, Int>) {
        self.entries = self.entries.take().map(|(k, v)| (k.select(0, rows.clone()), v.select(0, rows.clone())));
    }
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
    pub fn new(config: &ModelConfig, flat: &[f32], device: &Device, track: bool) -> Self {
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
        Self { config: config.clone(), embedding, layers, norm, head }
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

    /// The stack of blocks. x: (B·T, D); mask: (B or 1, 1, G·T, C), added to the scores → hidden states (B·T, D).
    #[must_use]
    pub fn hidden(
        &self,
        mut x: Tensor<2>,
        batch: usize,
        rope: &Rope,
        mask: &Tensor<4>,
        mut caches: Option<&mut [Cache]>,
    ) -> Tensor<2> {
        for (index, layer) in self.layers.iter().enumerate() {
            let cache = caches.as_deref_mut().map(|all| &mut all[index]);
            let y = self.rms_norm(x.clone(), &layer.input_norm);
            x = x + self.attention(layer, y, batch, rope, mask, cache);
            let y = self.rms_norm(x.clone(), &layer.mlp_norm);
            x = x + self.swiglu(layer, y);
        }
        self.rms_norm(x, &self.norm)
    }

    /// Hidden states (N, D) → logits (N, V).
    #[must_use]
    pub fn logits(&self, hidden: Tensor<2>) -> Tensor<2> {
        hidden.matmul(self.head.as_ref().unwrap_or(&self.embedding).clone().transpose())
    }

    fn rms_norm(&self, x: Tensor<2>, gain: &Tensor<1>) -> Tensor<2> {
        let mean_square = x.clone().square().mean_dim(1); // (N, 1)
        x * mean_square.add_scalar(self.config.rms_norm_eps).sqrt().recip() * gain.clone().unsqueeze()
    }

    fn attention(
        &self,
        layer: &Layer,
        x: Tensor<2>,
        b: usize,
        rope: &Rope,
        mask: &Tensor<4>,
        cache: Option<&mut Cache>,
    ) -> Tensor<2> {
        let (h, kv, hd) = (self.config.num_attention_heads, self.config.num_key_value_heads, self.config.head_dim);
        let t = x.dims()[0] / b;
        let mut qkv = x.matmul(layer.qkv.clone().transpose()); // (B·T, (H + 2·Hkv)·hd)
        if let Some(bias) = &layer.qkv_bias {
            qkv = qkv + bias.clone().unsqueeze();
        }
        let qkv = qkv.reshape([b, t, h + 2 * kv, hd]).swap_dims(1, 2); // (B, H + 2·Hkv, T, hd)
        let qk = rope.rotate(qkv.clone().slice_dim(1, 0..h + kv));
        let q = qk.clone().slice_dim(1, 0..h).reshape([b, kv, h / kv * t, hd]); // heads that share a key, side by side
        let k = qk.slice_dim(1, h..h + kv); // (B, Hkv, T, hd)
        let v = qkv.slice_dim(1, h + kv..h + 2 * kv); // (B, Hkv, T, hd)
        let (k, v) = match cache {
            Some(cache) => cache.extend(k, v), // (B, Hkv, C, hd)
            None => (k, v),
        };
        let scores = q.matmul(k.swap_dims(2, 3)).mul_scalar((hd as f64).sqrt().recip()) + mask.clone(); // (B, Hkv, G·T, C)
        let mixed = softmax(scores, 3).matmul(v); // (B, Hkv, G·T, hd)
        let mixed = mixed.reshape([b, h, t, hd]).swap_dims(1, 2).reshape([b * t, h * hd]);
        mixed.matmul(layer.output.clone().transpose()) // (B·T, D)
    }

    fn swiglu(&self, layer: &Layer, x: Tensor<2>) -> Tensor<2> {
        let f = self.config.intermediate_size;
        let gate_up = x.matmul(layer.gate_up.clone().transpose()); // (N, 2·F)
        let gate = gate_up.clone().slice_dim(1, 0..f);
        let up = gate_up.slice_dim(1, f..2 * f);
        (silu(gate) * up).matmul(layer.down.clone().transpose()) // (N, D)
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
