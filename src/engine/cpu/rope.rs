//! Rotary positions, in the half-split form of Hugging Face: x·cos + rotate_half(x)·sin.

use burn::tensor::{Device, Tensor, TensorData};

use crate::model::config::ModelConfig;

/// Cosines and sines of a batch of positions, each (B or 1, 1, T, head_dim).
pub struct Rope {
    cos: Tensor<4>,
    sin: Tensor<4>,
}

impl Rope {
    /// Tables for `positions`, row-major (B, T); B = 1 serves every row of the batch.
    #[must_use]
    pub fn new(config: &ModelConfig, positions: &[usize], rows: usize, device: &Device) -> Self {
        let half = config.head_dim / 2;
        let (mut cos, mut sin) = (Vec::new(), Vec::new());
        for &position in positions {
            for i in 0..config.head_dim {
                let exponent = (i % half) as f64 / half as f64;
                let angle = position as f64 * config.rope_theta.powf(-exponent);
                cos.push(angle.cos() as f32);
                sin.push(angle.sin() as f32);
            }
        }
        let shape = [rows, 1, positions.len() / rows, config.head_dim];
        Self {
            cos: Tensor::from_data(TensorData::new(cos, shape), device),
            sin: Tensor::from_data(TensorData::new(sin, shape), device),
        }
    }

    /// x: (B, H, T, head_dim), rotated by the position of each T.
    #[must_use]
    pub fn rotate(&self, x: Tensor<4>) -> Tensor<4> {
        let hd = x.dims()[3];
        let first = x.clone().slice_dim(3, 0..hd / 2);
        let second = x.clone().slice_dim(3, hd / 2..hd);
        let rotated = Tensor::cat(vec![second.neg(), first], 3);
        x * self.cos.clone() + rotated * self.sin.clone()
    }
}
