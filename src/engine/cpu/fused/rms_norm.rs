//! Root-mean-square normalisation in one pass: y = x · gain / √(mean(x²) + ε).

use burn::tensor::Tensor;

use super::lanes::F4;
use super::slices::dot;
use super::{Input, Kept, Values, finish};

#[derive(Clone, Debug)]
struct RmsNorm {
    x: Values,
    gain: Values,
    /// 1 / √(mean(x²) + ε) of every row.
    scales: Vec<f32>,
}

/// x: (N, D), gain: (D) → (N, D).
#[must_use]
pub fn rms_norm(x: Tensor<2>, gain: Tensor<1>, epsilon: f64) -> Tensor<2> {
    let [n, d] = x.dims();
    let inputs = [Input::new(x), Input::new(gain)];
    let [x, gain] = inputs.each_ref().map(|input| input.values.slice());
    let (mut y, mut scales) = (vec![0.0; n * d], Vec::with_capacity(n));
    for (x, y) in x.chunks_exact(d).zip(y.chunks_exact_mut(d)) {
        scales.push(rms_norm_row(x, gain, epsilon, y));
    }
    finish(inputs, y, [n, d], |[x, gain]| RmsNorm { x, gain, scales })
}

/// One row; returns 1 / √(mean(x²) + ε).
pub fn rms_norm_row(x: &[f32], gain: &[f32], epsilon: f64, y: &mut [f32]) -> f32 {
    let scale = (dot(x, x) / x.len() as f32 + epsilon as f32).sqrt().recip();
    each(y, x, gain, |x, gain| x.times(F4::splat(scale)).times(gain));
    scale
}

/// out = f(a, b), four at a time.
fn each(out: &mut [f32], a: &[f32], b: &[f32], f: impl Fn(F4, F4) -> F4) {
    let (out4, rest) = out.as_chunks_mut::<4>();
    let ((a4, a_rest), (b4, b_rest)) = (a.as_chunks::<4>(), b.as_chunks::<4>());
    for ((out, a), b) in out4.iter_mut().zip(a4).zip(b4) {
        f(F4::load(a), F4::load(b)).store(out);
    }
    for ((out, a), b) in rest.iter_mut().zip(a_rest).zip(b_rest) {
        let mut lanes = [0.0; 4];
        f(F4::splat(*a), F4::splat(*b)).store(&mut lanes);
        *out = lanes[0];
    }
}

/// The gradient by one row, from that of its norm; `scale` is what [`rms_norm_row`] returned, s. With u = dy · gain, which `u` holds
/// afterwards: dx = s·u − x · s³ · Σ(u·x)/D.
pub fn rms_norm_row_backward([x, gain]: [&[f32]; 2], scale: f32, dy: &[f32], u: &mut [f32], dx: &mut [f32]) {
    each(u, dy, gain, F4::times);
    let pull = scale * scale * scale * dot(u, x) / x.len() as f32;
    each(dx, u, x, |u, x| u.times(F4::splat(scale)).minus(x.times(F4::splat(pull))));
}

impl Kept<2> for RmsNorm {
    /// d gain = Σ over rows of dy · x · s.
    fn backward(self, dy: &[f32], _: [bool; 2]) -> [Vec<f32>; 2] {
        let (x, gain) = (self.x.slice(), self.gain.slice());
        let d = gain.len();
        let (mut dx, mut dgain, mut u) = (vec![0.0; x.len()], vec![0.0; d], vec![0.0; d]);
        let rows = x.chunks_exact(d).zip(dy.chunks_exact(d)).zip(dx.chunks_exact_mut(d)).zip(self.scales);
        for (((x, dy), dx), scale) in rows {
            rms_norm_row_backward([x, gain], scale, dy, &mut u, dx);
            each(&mut u, dy, x, |dy, x| dy.times(x).times(F4::splat(scale)));
            dgain.iter_mut().zip(&u).for_each(|(sum, term)| *sum += term);
        }
        [dx, dgain]
    }
}
