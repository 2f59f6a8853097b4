//! Attention: what places the keys, attends, and hands gradients back.

use super::forward::{Fill, Forward, Shape};
use crate::engine::gpu::kernels::Kernel;
use crate::engine::gpu::params::{AttentionCausal, AttentionDecode, AttentionGradient, CacheFill, Rope};
use crate::engine::gpu::program::Call;
use crate::engine::gpu::slots::Slot;

/// The widest head that one thread attends with.
pub const MAX_ALONE: usize = 128;
/// Turns of loops that one thread of a plain kernel may take. llvmpipe (Mesa 22.3) counts the turns of all loops of a thread and
/// leaves every loop after 65 535, without a word.
pub const MAX_TURNS: usize = 60_000;

impl Forward {
    /// Sizes as the causal kernels and their backward take them.
    fn causal(&self, rows: usize, time: usize) -> AttentionCausal {
        let c = &self.config;
        AttentionCausal {
            rows: rows as u32,
            time: time as u32,
            groups: (c.num_attention_heads / c.num_key_value_heads) as u32,
            kv_heads: c.num_key_value_heads as u32,
            head_dim: c.head_dim as u32,
            scale: (c.head_dim as f64).sqrt().recip() as f32,
        }
    }

    fn alone(&self, positions: usize) -> bool {
        let hd = self.config.head_dim;
        self.plain && hd.is_multiple_of(8) && hd <= MAX_ALONE && positions * (hd / 2 + 1) <= MAX_TURNS
    }

    /// The new position of each row: Qkv → Mixed, through the caches of `layer`.
    pub fn attention_decode(&self, layer: usize, rows: usize) -> Call {
        let c = &self.config;
        let causal = self.causal(rows, 1);
        let params = AttentionDecode {
            rows: rows as u32,
            groups: causal.groups,
            kv_heads: causal.kv_heads,
            head_dim: causal.head_dim,
            columns: self.columns as u32,
            scale: causal.scale,
        };
        let buffers = [Slot::Qkv, Slot::Rope, Slot::State, Slot::Keys(layer), Slot::Values(layer), Slot::Mixed];
        let work = 4 * rows * c.query_width() * self.columns;
        let call = if self.alone(self.columns) {
            let grid = [(rows * c.num_attention_heads).div_ceil(16), 1];
            Call::new(Kernel::AttentionDecodePlain, &buffers, &params, grid)
        } else {
            Call::new(Kernel::AttentionDecode, &buffers, &params, [c.num_key_value_heads, rows])
        };
        let words = rows * self.columns * c.key_value_width() * 2; // at worst
        call.with_work(work, words)
    }

    /// Whole sequences: turns the queries and keys in `qkv`, attends → `mixed`; `fill` also keeps keys and values.
    pub fn attention_causal(
        &self,
        layer: usize,
        shape: Shape,
        fill: Option<Fill>,
        qkv: Slot,
        mixed: Slot,
    ) -> Vec<Call> {
        let c = &self.config;
        let Shape { rows, time } = shape;
        let (heads, kv_heads, hd) = (c.num_attention_heads, c.num_key_value_heads, c.head_dim);
        let stride = (c.query_width() + 2 * c.key_value_width()) as u32;
        let turned = heads + kv_heads;
        let rope = Rope { rows: rows as u32, time: time as u32, heads: turned as u32, head_dim: hd as u32, stride };
        let mut calls =
            vec![Call::new(Kernel::Rope, &[Slot::Rope, qkv], &rope, [(turned * hd / 2).div_ceil(64), rows])];
        if let Some(fill) = fill {
            let params = CacheFill {
                first: fill.first as u32,
                repeats: fill.repeats as u32,
                time: time as u32,
                columns: self.columns as u32,
                heads: kv_heads as u32,
                head_dim: hd as u32,
                stride,
                key_offset: c.query_width() as u32,
            };
            let grid = [(time * c.key_value_width()).div_ceil(64), fill.rows];
            calls.push(Call::new(Kernel::CacheFill, &[qkv, Slot::Keys(layer), Slot::Values(layer)], &params, grid));
        }
        let params = self.causal(rows, time);
        let work = 2 * rows * c.query_width() * time;
        let call = if self.alone(time) {
            Call::new(Kernel::AttentionCausalPlain, &[qkv, mixed], &params, [(rows * heads).div_ceil(16), 1])
        } else {
            Call::new(Kernel::AttentionCausal, &[qkv, mixed], &params, [kv_heads, rows])
        };
        calls.push(call.with_work(work, rows * (stride as usize + c.query_width())));
        calls
    }

    /// The gradient of `qkv` (before RoPE) from that of `mixed`.
    pub fn attention_backward(&self, shape: Shape, qkv: Slot, mixed: Slot) -> [Call; 2] {
        let c = &self.config;
        let Shape { rows, time } = shape;
        let AttentionCausal { groups, kv_heads, head_dim, scale, .. } = self.causal(rows, time);
        let params = AttentionGradient { rows: rows as u32, time: time as u32, groups, kv_heads, head_dim, scale };
        let queries = [qkv, mixed, Slot::DMixed, Slot::Rope, Slot::Stats, Slot::DQkv];
        let keys = [qkv, Slot::DMixed, Slot::Rope, Slot::Stats, Slot::DQkv];
        let (work, words) = (4 * rows * c.query_width() * time, rows * (4 * c.query_width() + 4 * c.key_value_width()));
        let grid = |pairs: usize| [(rows * pairs).div_ceil(32), 1];
        [
            Call::new(Kernel::AttentionQueryGradient, &queries, &params, grid(c.num_attention_heads))
                .with_work(work, words),
            Call::new(Kernel::AttentionKeyGradient, &keys, &params, grid(c.num_key_value_heads)).with_work(work, words),
        ]
    }
}
