//! Attention: what places the keys, attends, and hands gradients back.

use super::forward::{Fill, Forward, Shape};
use crate::engine::gpu::capacity::MAX_TURNS;
use crate::engine::gpu::kernels::Kernel;
use crate::engine::gpu::params::{
    AttentionCausal, AttentionDecode, AttentionGradient, AttentionProduct, AttentionRows, CacheFill, Rope,
};
use crate::engine::gpu::program::Call;
use crate::engine::gpu::slots::Slot;
use crate::error::{Error, Result};

/// The widest head that one thread attends with.
pub const MAX_ALONE: usize = 128;

/// The longest sequences whose attention is made of products, which keep a number for every pair of positions.
const MAX_SPAN: usize = 256;

impl Forward {
    /// The elements of a row of `Slot::Attended` where attention over sequences of `time` is made of products: on software
    /// adapters, where a thread that attends alone waits for every load; else 0.
    #[must_use]
    pub fn span(&self, time: usize) -> usize {
        let products = self.plain && self.config.head_dim.is_multiple_of(8) && time <= MAX_SPAN;
        if products { time.next_multiple_of(4) } else { 0 }
    }

    /// Whether the backward's kernels can take sequences of `time`: the thread of a key must not run out of turns.
    ///
    /// # Errors
    /// `bad-input` saying what to do.
    pub fn check_learnable(&self, time: usize) -> Result<()> {
        let c = &self.config;
        let turns = time * (c.num_attention_heads / c.num_key_value_heads) * (c.head_dim / 2 + 2);
        if !self.plain || self.span(time) > 0 || turns <= MAX_TURNS {
            return Ok(());
        }
        Err(Error::bad_input(format!(
            "sequences of {time} positions are too long to learn from on a software adapter; take shorter ones or the CPU engine"
        )))
    }

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

    fn rope(&self, qkv: Slot, shape: Shape, back: bool) -> Call {
        let c = &self.config;
        let turned = c.num_attention_heads + c.num_key_value_heads;
        let params = Rope {
            rows: shape.rows as u32,
            time: shape.time as u32,
            heads: turned as u32,
            head_dim: c.head_dim as u32,
            stride: (c.query_width() + 2 * c.key_value_width()) as u32,
            back: u32::from(back),
        };
        Call::new(Kernel::Rope, &[Slot::Rope, qkv], &params, [(turned * c.head_dim / 2).div_ceil(64), shape.rows])
            .with_work(4 * shape.rows * turned * c.head_dim, 2 * shape.rows * turned * c.head_dim)
    }

    fn cache_fill(&self, layer: usize, qkv: Slot, time: usize, fill: Fill) -> Call {
        let c = &self.config;
        let params = CacheFill {
            first: fill.first as u32,
            repeats: fill.repeats as u32,
            time: time as u32,
            columns: self.columns as u32,
            heads: c.num_key_value_heads as u32,
            head_dim: c.head_dim as u32,
            stride: (c.query_width() + 2 * c.key_value_width()) as u32,
            key_offset: c.query_width() as u32,
        };
        let grid = [(time * c.key_value_width()).div_ceil(64), fill.rows];
        Call::new(Kernel::CacheFill, &[qkv, Slot::Keys(layer), Slot::Values(layer)], &params, grid)
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
        let mut calls = vec![self.rope(qkv, shape, false)];
        calls.extend(fill.map(|fill| self.cache_fill(layer, qkv, time, fill)));
        let params = self.causal(rows, time);
        let work = 2 * rows * c.query_width() * time;
        let call = if self.alone(time) {
            let grid = [(rows * c.num_attention_heads).div_ceil(16), 1];
            Call::new(Kernel::AttentionCausalPlain, &[qkv, mixed], &params, grid)
        } else {
            Call::new(Kernel::AttentionCausal, &[qkv, mixed], &params, [c.num_key_value_heads, rows])
        };
        calls.push(call.with_work(work, rows * (2 * c.query_width() + 2 * c.key_value_width())));
        calls
    }

    /// The same by products, where there is a span, which leave what each query gives each key in `shares`.
    pub fn attention_pairs(&self, layer: usize, shape: Shape, qkv: Slot, shares: Slot, mixed: Slot) -> Vec<Call> {
        if self.span(shape.time) == 0 {
            return self.attention_causal(layer, shape, None, qkv, mixed);
        }
        let sides = self.sides();
        vec![
            self.rope(qkv, shape, false),
            self.pairs(
                Kernel::AttentionScores,
                [qkv, qkv, shares],
                shape,
                [sides.query, sides.key],
                self.causal(1, 1).scale,
            ),
            self.pair_rows(Kernel::AttentionSoftmax, &[shares], shape),
            self.pairs(Kernel::AttentionMix, [shares, qkv, mixed], shape, [sides.mixed, sides.value], 1.0),
        ]
    }

    /// The gradient of `qkv` (before RoPE) from that of `mixed`.
    pub fn attention_backward(&self, layer: usize, shape: Shape, qkv: Slot, mixed: Slot) -> Vec<Call> {
        if self.span(shape.time) == 0 {
            return self.attention_backward_alone(shape, qkv, mixed).to_vec();
        }
        let (sides, shares, d_shares) = (self.sides(), Slot::Attended(layer), Slot::DAttended);
        let (d_mixed, d_qkv) = (Slot::DMixed, Slot::DQkv);
        vec![
            self.pairs(Kernel::AttentionScores, [d_mixed, qkv, d_shares], shape, [sides.mixed, sides.value], 1.0),
            self.pair_rows(Kernel::AttentionSoftmaxBackward, &[shares, d_shares], shape),
            self.pairs(Kernel::AttentionBack, [shares, d_mixed, d_qkv], shape, [sides.value, sides.mixed], 1.0),
            self.pairs(Kernel::AttentionMix, [d_shares, qkv, d_qkv], shape, [sides.query, sides.key], 1.0),
            self.pairs(Kernel::AttentionBack, [d_shares, qkv, d_qkv], shape, [sides.key, sides.query], 1.0),
            self.rope(d_qkv, shape, true),
        ]
    }

    /// By one thread for each query, then one for each key.
    fn attention_backward_alone(&self, shape: Shape, qkv: Slot, mixed: Slot) -> [Call; 2] {
        let c = &self.config;
        let Shape { rows, time } = shape;
        let AttentionCausal { groups, kv_heads, head_dim, scale, .. } = self.causal(rows, time);
        let params = AttentionGradient { rows: rows as u32, time: time as u32, groups, kv_heads, head_dim, scale };
        let queries = [qkv, mixed, Slot::DMixed, Slot::Rope, Slot::Stats, Slot::DQkv];
        let keys = [qkv, Slot::DMixed, Slot::Rope, Slot::Stats, Slot::DQkv];
        let (work, words) = (4 * rows * c.query_width() * time, rows * (4 * c.query_width() + 4 * c.key_value_width()));
        let grid = |pairs: usize| [(rows * pairs).div_ceil(32), 1];
        [
            Call::new(Kernel::AttentionQueryGradient, &queries, &params, grid(c.num_attention_heads)),
            Call::new(Kernel::AttentionKeyGradient, &keys, &params, grid(c.num_key_value_heads)),
        ]
        .map(|call| call.with_work(work, words))
    }

    /// Where queries, keys, values and what is mixed lie in their rows.
    fn sides(&self) -> Sides {
        let (q, kv) = (self.config.query_width() / 4, self.config.key_value_width() / 4);
        let stride = q + 2 * kv;
        Sides {
            query: Side { stride, offset: 0 },
            key: Side { stride, offset: q },
            value: Side { stride, offset: q + kv },
            mixed: Side { stride: q, offset: 0 },
        }
    }

    /// A product over all pairs of positions of each sequence and head.
    fn pairs(&self, kernel: Kernel, buffers: [Slot; 3], shape: Shape, [own, other]: [Side; 2], scale: f32) -> Call {
        let c = &self.config;
        let (Shape { rows, time }, heads, parts) = (shape, c.num_attention_heads, c.head_dim / 4);
        let params = AttentionProduct {
            time: time as u32,
            heads: heads as u32,
            groups: (heads / c.num_key_value_heads) as u32,
            parts: parts as u32,
            width: time.div_ceil(4) as u32,
            own_stride: own.stride as u32,
            own_offset: own.offset as u32,
            other_stride: other.stride as u32,
            other_offset: other.offset as u32,
            scale,
        };
        let (grid, depth) = match kernel {
            Kernel::AttentionScores => ([time.div_ceil(32), time.div_ceil(32)], heads),
            Kernel::AttentionBack => ([parts.div_ceil(4), time.div_ceil(64)], c.num_key_value_heads),
            _ => ([parts.div_ceil(4), time.div_ceil(64)], heads),
        };
        // Half of the pairs.
        Call::new(kernel, &buffers, &params, grid)
            .with_depth(rows / time * depth)
            .with_work(rows * time * c.query_width(), rows * (2 * c.query_width() + heads * time))
    }

    fn pair_rows(&self, kernel: Kernel, buffers: &[Slot], shape: Shape) -> Call {
        let Shape { rows, time } = shape;
        let (pairs, scale) = (rows * self.config.num_attention_heads, self.causal(rows, time).scale);
        let params = AttentionRows { rows: pairs as u32, time: time as u32, width: time.div_ceil(4) as u32, scale };
        Call::new(kernel, buffers, &params, [pairs.div_ceil(16), 1]).with_work(5 * pairs * time, 3 * pairs * time)
    }
}

/// A part of the rows of a buffer, in fours of elements.
#[derive(Clone, Copy)]
struct Side {
    stride: usize,
    offset: usize,
}

struct Sides {
    query: Side,
    key: Side,
    value: Side,
    mixed: Side,
}
