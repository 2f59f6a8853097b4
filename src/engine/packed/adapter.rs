//! A low-rank adapter beside packed matrices: what it adds to their products, and the gradients of its own numbers.
//!
//! Not here: its shape and names (`model/lora.rs`), its files (`weights/peft.rs`), whose turn it is (`passes.rs`).

use crate::engine::cpu::product::{Matrix, product};
use crate::model::config::ModelConfig;
use crate::model::lora::{LoraConfig, Place, Places, Target};

/// See the module.
#[derive(Clone, Debug)]
pub struct Adapter {
    pub lora: LoraConfig,
    /// In the order of [`LoraConfig::layout`].
    pub params: Vec<f32>,
    places: Places,
}

impl Adapter {
    /// `params` must be as many as [`LoraConfig::count`] says.
    pub fn new(lora: LoraConfig, config: &ModelConfig, params: Vec<f32>) -> Self {
        let places = lora.places(config);
        Self { lora, params, places }
    }

    /// Whether it changes nothing: B is 0 everywhere, as in a fresh one.
    pub fn is_off(&self) -> bool {
        self.places.are_off(&self.params)
    }

    /// out[n · stride + o] += scale · (B (A x))[o] for each row n. x: (N, in).
    pub fn add(&self, layer: usize, target: Target, x: &[f32], out: &mut [f32], stride: usize) {
        let Some(place) = self.places.of(layer, target) else { return };
        let (r, n) = (self.lora.r, x.len() / place.width);
        let inner = self.inner(place, x);
        let b = Matrix::rows(&self.params[place.b.clone()], r);
        product(out, stride, [n, place.rows, r], Matrix::rows(&inner, r), b.transposed(), true);
    }

    /// scale · A x: (N, r).
    fn inner(&self, place: &Place, x: &[f32]) -> Vec<f32> {
        let (r, n, scale) = (self.lora.r, x.len() / place.width, self.lora.scale());
        let a = Matrix::rows(&self.params[place.a.clone()], place.width);
        let mut inner = vec![0.0; n * r];
        product(&mut inner, r, [n, r, place.width], Matrix::rows(x, place.width), a.transposed(), false);
        inner.iter_mut().for_each(|z| *z *= scale);
        inner
    }

    /// The backward of [`Adapter::add`], with z = scale · A x: dB += dyᵀ z, dA += scale · (dy B)ᵀ x, dx += scale · (dy B) A.
    /// dy: rows `stride` apart; dx: (N, in); `gradient` is as long as `params`.
    pub fn backward(
        &self,
        (layer, target): (usize, Target),
        x: &[f32],
        (dy, stride): (&[f32], usize),
        dx: &mut [f32],
        gradient: &mut [f32],
    ) {
        let Some(place) = self.places.of(layer, target) else { return };
        let (r, n, width, scale) = (self.lora.r, x.len() / place.width, place.width, self.lora.scale());
        let (dy, inner) = (Matrix::rows(dy, stride), self.inner(place, x));
        let d_b = &mut gradient[place.b.clone()];
        product(d_b, r, [place.rows, r, n], dy.transposed(), Matrix::rows(&inner, r), true);
        let mut d_inner = vec![0.0; n * r];
        let b = Matrix::rows(&self.params[place.b.clone()], r);
        product(&mut d_inner, r, [n, r, place.rows], dy, b, false);
        d_inner.iter_mut().for_each(|d| *d *= scale);
        let d_inner = Matrix::rows(&d_inner, r);
        let d_a = &mut gradient[place.a.clone()];
        product(d_a, width, [r, width, n], d_inner.transposed(), Matrix::rows(x, width), true);
        let a = Matrix::rows(&self.params[place.a.clone()], width);
        product(dx, width, [n, width, r], d_inner, a, true);
    }
}
