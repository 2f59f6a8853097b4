//! Products and embeddings over weights that stay in blocks: a dispatch for each piece that lies together.
//!
//! Not here: where pieces lie (`weights/blocks.rs`), products over flat parameters (`product.rs`).

use super::forward::Forward;
use super::product::{Linear, Store};
use crate::engine::gpu::kernels::Kernel;
use crate::engine::gpu::params::{BackProduct, BlockProduct, EmbedMixBlocks};
use crate::engine::gpu::program::Call;
use crate::engine::gpu::slots::Slot;
use crate::weights::blocks::{BlockPlan, Piece};

/// Up to so many rows a product is bound by reading its weights, which `matmul_few` does best on a GPU.
const FEW: usize = 32;
/// An input gradient sums over so many columns at a time: the error of longer sums grows, `MAX_TURNS` ends them, and so does the watchdog.
const STRETCH: usize = 2048;

impl Forward {
    /// y = x·wᵀ (+ bias) (+ y), wherever the weights lie.
    #[must_use]
    pub fn linear(&self, weights: Slot, x: Slot, y: Slot, rows: usize, linear: Linear, store: Store) -> Vec<Call> {
        let Some(plan) = &self.blocks else {
            return vec![self.product(weights, x, y, rows, linear, store)];
        };
        let pieces = plan.pieces(linear.weight, linear.columns);
        pieces.iter().map(|piece| self.block_product(piece, [x, y], rows, linear, store)).collect()
    }

    fn block_product(&self, piece: &Piece, [x, y]: [Slot; 2], rows: usize, linear: Linear, store: Store) -> Call {
        let Piece { kind, part, first_word, first_pair, first_row, rows: columns } = *piece;
        let inner = linear.inner;
        let params = BlockProduct {
            rows: rows as u32,
            columns: columns as u32,
            inner: inner as u32,
            bits: kind.bits,
            brain: u32::from(kind.brain),
            first_word: first_word as u32,
            first_pair: first_pair as u32,
            pairs: kind.pairs,
            stride: linear.columns as u32,
            first_column: first_row as u32,
            bias_offset: linear.bias.map_or(0, |bias| bias + first_row) as u32,
            has_bias: u32::from(linear.bias.is_some()),
            add: u32::from(store == Store::Add),
        };
        let buffers = [x, Slot::Pairs(part), Slot::Quants(part), Slot::Vectors, y];
        let (kernel, width) = match kind.bits {
            _ if !self.plain && rows <= FEW => (Kernel::MatmulFew, 8),
            4 => (Kernel::MatmulNibbles, 128),
            8 => (Kernel::MatmulBytes, 128),
            _ => (Kernel::MatmulFloats, 128),
        };
        let words = rows * (columns + inner) + columns * (kind.row_words(inner) + 2 * kind.row_pairs(inner));
        Call::new(kernel, &buffers, &params, [columns.div_ceil(width), rows.div_ceil(8)])
            .with_work(2 * rows.next_multiple_of(if self.plain { 8 } else { 1 }) * columns * inner, words)
    }

    /// dx = dy·w (+ dx), wherever the weights lie; `linear.columns` elements make a row of dy.
    #[must_use]
    pub fn back_blocks(&self, dy: Slot, dx: Slot, rows: usize, linear: Linear, store: Store) -> Vec<Call> {
        self.back_pieces([dy, dx], rows, linear, linear.columns, store)
    }

    /// From the gradient of the logits (M, V up to a multiple of 4) to that of the last norm's rows (M, D).
    #[must_use]
    pub fn back_head(&self, dy: Slot, dx: Slot, rows: usize, store: Store) -> Vec<Call> {
        let linear = self.head_linear();
        self.back_pieces([dy, dx], rows, linear, linear.columns.next_multiple_of(4), store)
    }

    fn back_pieces(&self, of: [Slot; 2], rows: usize, linear: Linear, stride: usize, store: Store) -> Vec<Call> {
        let Some(plan) = &self.blocks else {
            let [dy, dx] = of;
            return vec![self.input_gradient(Slot::Weights, dy, dx, rows, Linear { columns: stride, ..linear }, store)];
        };
        let pieces = plan.pieces(linear.weight, linear.columns);
        let stretches = pieces.iter().flat_map(|piece| {
            (0..piece.rows).step_by(STRETCH).map(|first| piece.stretch(linear.inner, first, STRETCH))
        });
        let call = |(index, piece)| {
            let add = store == Store::Add || index > 0;
            self.back_product(&piece, of, rows, [linear.inner, stride], add)
        };
        stretches.enumerate().map(call).collect()
    }

    fn back_product(&self, piece: &Piece, of: [Slot; 2], rows: usize, sizes: [usize; 2], add: bool) -> Call {
        let Piece { kind, part, first_word, first_pair, first_row, rows: columns } = *piece;
        let ([dy, dx], [inner, stride]) = (of, sizes);
        let params = BackProduct {
            rows: rows as u32,
            columns: columns as u32,
            inner: inner as u32,
            bits: kind.bits,
            brain: u32::from(kind.brain),
            first_word: first_word as u32,
            first_pair: first_pair as u32,
            pairs: kind.pairs,
            stride: stride as u32,
            first_column: first_row as u32,
            add: u32::from(add),
        };
        let buffers = [dy, Slot::Pairs(part), Slot::Quants(part), dx];
        let words = rows * (columns + inner) + columns * (kind.row_words(inner) + 2 * kind.row_pairs(inner));
        let (kernel, width, height) = match kind.bits {
            _ if !self.plain => (Kernel::InputGradientBlocks, 64, 64),
            4 => (Kernel::InputGradientNibbles, 256, 16),
            8 => (Kernel::InputGradientBytes, 256, 16),
            _ => (Kernel::InputGradientFloats, 256, 16),
        };
        Call::new(kernel, &buffers, &params, [inner.div_ceil(width), rows.div_ceil(height)])
            .with_work(2 * rows.next_multiple_of(height) * columns * inner, words)
    }

    /// Σ weight · embedding → X (M, D).
    pub(super) fn embed_blocks(&self, plan: &BlockPlan, rows: usize, candidates: usize) -> Vec<Call> {
        let width = self.config.hidden_size;
        // The embedding is the first matrix.
        let pieces = plan.pieces(0, self.config.vocab_size);
        let call = |piece: &Piece| {
            let Piece { kind, part, first_word, first_pair, first_row, rows: tokens } = *piece;
            let params = EmbedMixBlocks {
                width: width as u32,
                candidates: candidates as u32,
                rows: rows as u32,
                bits: kind.bits,
                brain: u32::from(kind.brain),
                first_word: first_word as u32,
                first_pair: first_pair as u32,
                pairs: kind.pairs,
                first_id: first_row as u32,
                tokens: tokens as u32,
                add: u32::from(first_row > 0),
            };
            let buffers = [Slot::Ids, Slot::Shares, Slot::Pairs(part), Slot::Quants(part), Slot::X];
            Call::new(Kernel::EmbedMixBlocks, &buffers, &params, [(width / 4).div_ceil(64), rows])
                .with_work(3 * rows * width * candidates, rows * width * (candidates + 1))
        };
        pieces.iter().map(call).collect()
    }
}
