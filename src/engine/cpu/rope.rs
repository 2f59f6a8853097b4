//! Rotary positions, in the half-split form of Hugging Face: x·cos + rotate_half(x)·sin.

use burn::tensor::{Device, Tensor, TensorData};

use crate::math::rope::rates;
use crate::model::config::ModelConfig;

/// Cosines and sines of the positions from 0 on, each (T, hd/2).
#[derive(Debug)]
pub struct Rope {
    half: usize,
    cos: Vec<f32>,
    sin: Vec<f32>,
}

impl Rope {
    /// Tables for positions below `positions`.
    #[must_use]
    pub fn new(config: &ModelConfig, positions: usize) -> Self {
        Self::divided(config, positions, None)
    }

    /// The same with each rate divided by its number (hd/2): Llama 3's scaled positions.
    #[must_use]
    pub fn divided(config: &ModelConfig, positions: usize, divisors: Option<&[f32]>) -> Self {
        let half = config.head_dim / 2;
        let divisor = |i: usize| divisors.and_then(|all| all.get(i)).map_or(1.0, |d| f64::from(*d));
        let plain = rates(config.head_dim, config.rope_theta);
        let rates: Vec<f64> = plain.iter().enumerate().map(|(i, rate)| rate / divisor(i)).collect();
        let angles = (0..positions).flat_map(|position| rates.iter().map(move |rate| position as f64 * rate));
        let (cos, sin) = angles.map(|angle| (angle.cos() as f32, angle.sin() as f32)).unzip();
        Self { half, cos, sin }
    }

    /// x: (B, H, T, hd), rotated by the place of each T: the composed form.
    #[must_use]
    pub fn rotate(&self, x: Tensor<4>, device: &Device) -> Tensor<4> {
        let [_, _, t, hd] = x.dims();
        let table = |values: &[f32]| {
            let rows = values[..t * self.half].chunks(self.half.max(1));
            let both: Vec<f32> = rows.flat_map(|row| [row, row].concat()).collect();
            Tensor::<4>::from_data(TensorData::new(both, [1, 1, t, hd]), device)
        };
        let first = x.clone().slice_dim(3, 0..hd / 2);
        let second = x.clone().slice_dim(3, hd / 2..hd);
        let rotated = Tensor::cat(vec![second.neg(), first], 3);
        x * table(&self.cos) + rotated * table(&self.sin)
    }

    /// One head (hd) turned by its `position` and multiplied by `scale`.
    pub fn turn(&self, x: &[f32], out: &mut [f32], position: usize, scale: f32) {
        let ((first, second), (out_first, out_second)) = (x.split_at(self.half), out.split_at_mut(self.half));
        for (i, (cos, sin)) in self.at(position).enumerate() {
            let (a, b) = (first[i], second[i]);
            out_first[i] = (a * cos - b * sin) * scale;
            out_second[i] = (b * cos + a * sin) * scale;
        }
    }

    /// The transpose of [`Rope::turn`], which is what its backward needs.
    pub fn turn_back(&self, x: &[f32], out: &mut [f32], position: usize, scale: f32) {
        let ((first, second), (out_first, out_second)) = (x.split_at(self.half), out.split_at_mut(self.half));
        for (i, (cos, sin)) in self.at(position).enumerate() {
            let (a, b) = (first[i], second[i]);
            out_first[i] = (a * cos + b * sin) * scale;
            out_second[i] = (b * cos - a * sin) * scale;
        }
    }

    fn at(&self, position: usize) -> impl Iterator<Item = (&f32, &f32)> {
        let range = position * self.half..(position + 1) * self.half;
        self.cos[range.clone()].iter().zip(&self.sin[range])
    }
}
