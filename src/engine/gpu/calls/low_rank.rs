//! The products of a low-rank adapter: one kernel, whose offsets and steps make it each of the five.
//!
//! Not here: which product is when (the passes), the adapter's places (`model/lora.rs`).

use super::forward::Forward;
use crate::engine::gpu::kernels::Kernel;
use crate::engine::gpu::params::LowRank;
use crate::engine::gpu::program::Call;
use crate::engine::gpu::slots::Slot;

impl Forward {
    /// c = scale · a·bᵀ (+ c), each element where `params` says (see `shaders/low_rank.wgsl`). Three different slots.
    #[must_use]
    pub fn low_rank(&self, a: Slot, b: Slot, c: Slot, params: LowRank) -> Call {
        let [rows, columns, inner] = [params.rows, params.columns, params.inner].map(|n| n as usize);
        let tiles = rows.div_ceil(8) * columns.div_ceil(8);
        Call::new(Kernel::LowRank, &[a, b, c], &params, [tiles.div_ceil(8), 1])
            .with_work(2 * 64 * tiles * inner, (rows + columns) * inner + rows * columns)
    }
}
