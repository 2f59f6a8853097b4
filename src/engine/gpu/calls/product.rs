//! Linear layers: the product, and the two products of its backward.

use super::forward::Forward;
use crate::engine::gpu::kernels::Kernel;
use crate::engine::gpu::params::{InputGradient, Matmul, WeightGradient};
use crate::engine::gpu::program::Call;
use crate::engine::gpu::slots::Slot;

/// One linear layer y = x·wᵀ: its sizes and where its weights are.
#[derive(Clone, Copy, Debug)]
pub struct Linear {
    /// N: elements of a row of y.
    pub columns: usize,
    /// K: elements of a row of x.
    pub inner: usize,
    /// Of w (N, K) in the flat parameters, elements; the number of its first matrix in blocks.
    pub weight: usize,
    pub bias: Option<usize>,
}

/// What becomes of what the output holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Store {
    Replace,
    Add,
}

impl Forward {
    /// y = x·wᵀ (+ bias) (+ y), over flat parameters, by the blocked kernels where the sizes allow it.
    #[must_use]
    pub fn product(&self, weights: Slot, x: Slot, y: Slot, rows: usize, linear: Linear, store: Store) -> Call {
        let Linear { columns, inner, weight, bias } = linear;
        let words = rows * (columns + inner) + columns * inner;
        let params = Matmul {
            rows: rows as u32,
            columns: columns as u32,
            inner: inner as u32,
            weight_offset: weight as u32,
            bias_offset: bias.unwrap_or(0) as u32,
            has_bias: u32::from(bias.is_some()),
            add: u32::from(store == Store::Add),
        };
        let call = if !inner.is_multiple_of(4) || !weight.is_multiple_of(4) {
            Call::new(Kernel::MatmulPlain, &[x, weights, y], &params, [columns.div_ceil(8), rows.div_ceil(8)])
        } else if self.plain {
            Call::new(Kernel::Matmul, &[x, weights, y], &params, [columns.div_ceil(64), rows.div_ceil(32)])
        } else {
            Call::new(Kernel::MatmulTiled, &[x, weights, y], &params, [columns.div_ceil(64), rows.div_ceil(64)])
        };
        call.with_work(2 * rows * columns * inner, words)
    }

    /// dx = dy·w (+ dx). N and K are multiples of 4.
    #[must_use]
    pub fn input_gradient(&self, weights: Slot, dy: Slot, dx: Slot, rows: usize, linear: Linear, store: Store) -> Call {
        let Linear { columns, inner, weight, .. } = linear;
        let words = rows * (columns + inner) + columns * inner;
        let params = InputGradient {
            rows: rows as u32,
            columns: columns as u32,
            inner: inner as u32,
            weight_offset: weight as u32,
            add: u32::from(store == Store::Add),
        };
        let buffers = [dy, weights, dx];
        let call = if self.plain {
            Call::new(Kernel::InputGradient, &buffers, &params, [inner.div_ceil(64), rows.div_ceil(32)])
        } else {
            Call::new(Kernel::InputGradientTiled, &buffers, &params, [inner.div_ceil(64), rows.div_ceil(64)])
        };
        call.with_work(2 * rows * columns * inner, words)
    }

    /// gradient of w += dyᵀ·x. N and K are multiples of 4.
    #[must_use]
    pub fn weight_gradient(&self, dy: Slot, x: Slot, rows: usize, linear: Linear) -> Call {
        let Linear { columns, inner, weight, .. } = linear;
        let words = rows * (columns + inner) + columns * inner;
        let params = WeightGradient {
            rows: rows as u32,
            columns: columns as u32,
            inner: inner as u32,
            weight_offset: weight as u32,
        };
        let buffers = [dy, x, Slot::Gradient];
        let call = if self.plain {
            Call::new(Kernel::WeightGradient, &buffers, &params, [inner.div_ceil(64), columns.div_ceil(32)])
        } else {
            Call::new(Kernel::WeightGradientTiled, &buffers, &params, [inner.div_ceil(32), columns.div_ceil(32)])
        };
        call.with_work(2 * rows * columns * inner, words)
    }
}
