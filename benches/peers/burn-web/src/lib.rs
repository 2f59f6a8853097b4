//! The peer Burn on wgpu: a decoder of Burn's own modules, its autodiff and its AdamW, in the browser.
//!
//! Not here: sizes, weights and tokens, which the page hands over (`pages/work.mjs`), and timing (`pages/meter.mjs`).
//! Letters: V vocabulary, D width, H heads, L layers, B rows, T positions.

use burn::module::Param;
use burn::nn;
use burn::optim::{AdamWConfig, GradientsParams, ModuleOptimizer};
use burn::prelude::*;
use burn::tensor::activation::{log_softmax, silu, softmax};
use wasm_bindgen::prelude::*;

/// In place of the logits of positions that lie ahead.
const MASKED: f32 = -1e9;

#[derive(Module, Debug)]
struct Block {
    norm1: nn::RmsNorm,
    q: nn::Linear,
    k: nn::Linear,
    v: nn::Linear,
    o: nn::Linear,
    norm2: nn::RmsNorm,
    gate: nn::Linear,
    up: nn::Linear,
    down: nn::Linear,
}

#[derive(Module, Debug)]
struct Decoder {
    embedding: nn::Embedding,
    blocks: Vec<Block>,
    norm: nn::RmsNorm,
}

/// Reads tensors off the page's flat weights, in its order.
struct Cutter<'a> {
    flat: &'a [f32],
    at: usize,
    device: &'a Device,
}

impl Cutter<'_> {
    fn cut<const N: usize>(&mut self, shape: [usize; N]) -> Param<Tensor<N>> {
        let length = shape.iter().product::<usize>();
        let data = TensorData::new(self.flat[self.at..self.at + length].to_vec(), shape);
        self.at += length;
        Param::from_tensor(Tensor::from_data(data, self.device))
    }

    fn norm(&mut self, width: usize) -> nn::RmsNorm {
        let mut norm = nn::RmsNormConfig::new(width).init(self.device);
        norm.gamma = self.cut([width]);
        norm
    }

    fn linear(&mut self, inputs: usize, outputs: usize) -> nn::Linear {
        let mut linear = nn::LinearConfig::new(inputs, outputs).with_bias(false).init(self.device);
        linear.weight = self.cut([inputs, outputs]);
        linear
    }
}

impl Decoder {
    fn new(vocabulary: usize, d: usize, layers: usize, cutter: &mut Cutter<'_>) -> Self {
        let mut embedding = nn::EmbeddingConfig::new(vocabulary, d).init(cutter.device);
        embedding.weight = cutter.cut([vocabulary, d]);
        let blocks = (0..layers).map(|_| Block {
            norm1: cutter.norm(d),
            q: cutter.linear(d, d),
            k: cutter.linear(d, d),
            v: cutter.linear(d, d),
            o: cutter.linear(d, d),
            norm2: cutter.norm(d),
            gate: cutter.linear(d, 4 * d),
            up: cutter.linear(d, 4 * d),
            down: cutter.linear(4 * d, d),
        });
        let blocks = blocks.collect();
        Self { embedding, blocks, norm: cutter.norm(d) }
    }

    /// Tokens (B, T) → logits (B, T, V).
    fn forward(&self, tokens: Tensor<2, Int>, heads: usize) -> Tensor<3> {
        let [_, t] = tokens.dims();
        let mut x = self.embedding.forward(tokens); // (B, T, D)
        let ahead = Tensor::<2, Bool>::tril_mask([t, t], 0, &x.device());
        for block in &self.blocks {
            let y = block.norm1.forward(x.clone());
            x = x + block.o.forward(attention(block, y, heads, &ahead));
            let z = block.norm2.forward(x.clone());
            x = x + block.down.forward(silu(block.gate.forward(z.clone())) * block.up.forward(z));
        }
        let table = self.embedding.weight.val().transpose().unsqueeze::<3>(); // (1, D, V)
        self.norm.forward(x).matmul(table)
    }
}

fn attention(block: &Block, y: Tensor<3>, heads: usize, ahead: &Tensor<2, Bool>) -> Tensor<3> {
    let [b, t, d] = y.dims();
    let width = d / heads;
    let split = |x: Tensor<3>| x.reshape([b, t, heads, width]).swap_dims(1, 2); // (B, H, T, D/H)
    let (q, k) = (split(block.q.forward(y.clone())), split(block.k.forward(y.clone())));
    let v = split(block.v.forward(y));
    let logits = q.matmul(k.swap_dims(2, 3)) / (width as f32).sqrt(); // (B, H, T, T)
    let hidden = ahead.clone().reshape([1, 1, t, t]).expand([b, heads, t, t]);
    softmax(logits.mask_fill(hidden, MASKED), 3).matmul(v).swap_dims(1, 2).reshape([b, t, d])
}

/// What the page holds.
#[wasm_bindgen]
pub struct Peer {
    model: Option<Decoder>,
    optimizer: ModuleOptimizer,
    tokens: Tensor<2, Int>,
    heads: usize,
    vocabulary: usize,
    loss: Option<Tensor<1>>,
}

#[wasm_bindgen]
impl Peer {
    /// `sizes`: V, D, H, L, B, T; `weights` and `tokens` as in `pages/work.mjs`.
    pub async fn open(sizes: Vec<usize>, weights: Vec<f32>, tokens: Vec<i32>) -> Result<Peer, JsError> {
        console_error_panic_hook::set_once();
        let &[vocabulary, d, heads, layers, b, t] = sizes.as_slice() else {
            return Err(JsError::new("sizes: expected six numbers, V D H L B T"));
        };
        let device = Device::wgpu_options().init_async().await.map_err(|error| JsError::new(&format!("{error:?}")))?;
        let device = device.autodiff();
        let mut cutter = Cutter { flat: &weights, at: 0, device: &device };
        let model = Decoder::new(vocabulary, d, layers, &mut cutter);
        let tokens = Tensor::from_data(TensorData::new(tokens, [b, t]), &device);
        // Rate aside, the defaults of Burn's AdamW are those of `work.mjs`.
        let optimizer = AdamWConfig::new().init();
        Ok(Self { model: Some(model), optimizer, tokens, heads, vocabulary, loss: None })
    }

    /// Forward: the loss waits to be read.
    pub fn score(&mut self) -> Result<(), JsError> {
        let model = self.model.as_ref().ok_or_else(|| JsError::new("an earlier step failed"))?;
        let [b, t] = self.tokens.dims();
        let log_probs = log_softmax(model.forward(self.tokens.clone(), self.heads), 2);
        let targets = self.tokens.clone().slice([0..b, 1..t]).reshape([b, t - 1, 1]);
        let seen = log_probs.slice([0..b, 0..t - 1, 0..self.vocabulary]);
        self.loss = Some(seen.gather(2, targets).mean().neg());
        Ok(())
    }

    /// Forward, backward and AdamW: the loss waits to be read.
    pub fn update(&mut self, rate: f64) -> Result<(), JsError> {
        self.score()?;
        if let (Some(loss), Some(model)) = (&self.loss, self.model.take()) {
            let gradients = GradientsParams::from_grads(loss.backward(), &model);
            self.model = Some(self.optimizer.step(rate, model, gradients));
        }
        Ok(())
    }

    /// Reads the loss back, behind all that was asked for before.
    pub async fn loss(&mut self) -> Result<f32, JsError> {
        let loss = self.loss.take().ok_or_else(|| JsError::new("no step was taken"))?;
        let data = loss.into_data_async().await.map_err(|error| JsError::new(&format!("{error:?}")))?;
        data.iter::<f32>().next().ok_or_else(|| JsError::new("the loss is empty"))
    }

    /// Waits for the new parameters, by reading the smallest of them.
    pub async fn settle(&mut self) -> Result<(), JsError> {
        if let Some(model) = &self.model {
            let norm = model.norm.gamma.val();
            norm.into_data_async().await.map_err(|error| JsError::new(&format!("{error:?}")))?;
        }
        Ok(())
    }
}
