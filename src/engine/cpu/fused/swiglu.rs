//! silu(gate) · up in one pass, over a row that holds gate and up side by side.

use burn::tensor::Tensor;

use super::lanes::F4;
use super::{Input, Kept, Values, finish};

#[derive(Clone, Debug)]
struct Swiglu {
    gate_up: Values,
    width: usize,
}

/// `gate_up`: (N, 2·F) → (N, F).
#[must_use]
pub fn swiglu(gate_up: Tensor<2>) -> Tensor<2> {
    let [n, f] = [gate_up.dims()[0], gate_up.dims()[1] / 2];
    let inputs = [Input::new(gate_up)];
    let mut out = vec![0.0; n * f];
    for (row, out) in inputs[0].values.slice().chunks_exact(2 * f).zip(out.chunks_exact_mut(f)) {
        swiglu_row(row, out);
    }
    finish(inputs, out, [n, f], |[gate_up]| Swiglu { gate_up, width: f })
}

/// A row of gates (F), then as many ups → (F).
pub fn swiglu_row(gate_up: &[f32], out: &mut [f32]) {
    let (gate, up) = gate_up.split_at(out.len());
    for ((gate, up), out) in fours(gate).zip(fours(up)).zip(out.chunks_mut(4)) {
        put(out, gate.times(sigmoid(gate)).times(up));
    }
}

fn sigmoid(x: F4) -> F4 {
    // exp is right up to 88; below −87 the sigmoid is under 1e-37 anyway.
    let e = x.max(F4::splat(-87.0)).times(F4::splat(-1.0)).exp();
    F4::splat(1.0).over(F4::splat(1.0).plus(e))
}

/// The numbers four at a time, the last ones filled up with 0.
fn fours(values: &[f32]) -> impl Iterator<Item = F4> {
    values.chunks(4).map(|chunk| {
        if let Ok(four) = chunk.try_into() {
            return F4::load(four);
        }
        let mut four = [0.0; 4];
        four[..chunk.len()].copy_from_slice(chunk);
        F4::load(&four)
    })
}

fn put(to: &mut [f32], values: F4) {
    if let Some(four) = to.first_chunk_mut() {
        return values.store(four);
    }
    let mut four = [0.0; 4];
    values.store(&mut four);
    to.copy_from_slice(&four[..to.len()]);
}

/// The gradient by a row of gates and ups, from that of its result. With s = sigmoid(gate): d gate = dy · up · s · (1 + gate · (1 − s)),
/// d up = dy · gate · s.
pub fn swiglu_row_backward(gate_up: &[f32], dy: &[f32], out: &mut [f32]) {
    let one = F4::splat(1.0);
    let ((gate, up), (d_gate, d_up)) = (gate_up.split_at(dy.len()), out.split_at_mut(dy.len()));
    let outs = d_gate.chunks_mut(4).zip(d_up.chunks_mut(4));
    for (((gate, up), dy), (d_gate, d_up)) in fours(gate).zip(fours(up)).zip(fours(dy)).zip(outs) {
        let s = sigmoid(gate);
        let silu = gate.times(s);
        put(d_up, dy.times(silu));
        put(d_gate, dy.times(up).times(s.plus(silu.times(one.minus(s)))));
    }
}

impl Kept<1> for Swiglu {
    fn backward(self, dy: &[f32], _: [bool; 1]) -> [Vec<f32>; 1] {
        let (rows, f) = (self.gate_up.slice(), self.width);
        let mut gradient = vec![0.0; rows.len()];
        for ((row, dy), out) in rows.chunks_exact(2 * f).zip(dy.chunks_exact(f)).zip(gradient.chunks_exact_mut(2 * f)) {
            swiglu_row_backward(row, dy, out);
        }
        [gradient]
    }
}
