//! One joint step as a list of dispatches: assignment, recommender forward and backward, routes, codebooks, AdamW on both.
//!
//! Not here: the transformer's layers (`engine/gpu/calls`), when the list runs (`mod.rs`). Letters: `slots.rs`.

use super::pack::Packed;
use super::slots::CodeSlot;
use super::{CodeShape, CodeStep};
use crate::engine::gpu::calls::{
    Forward, Optimized, keep_calls, logits_backward_calls, optimize_calls, optimizer_calls,
};
use crate::engine::gpu::kernels::Kernel;
use crate::engine::gpu::params::{
    CodeChoose, CodeDistances, CodeIndicatorGradient, CodeLoss, CodeRange, CodeScores, CodeTokenGradient, CodeTokens,
    CodebookGradient, EmbeddingGradient, Params, StraightThrough,
};
use crate::engine::gpu::program::Call;
use crate::engine::gpu::slots::Slot;
use crate::model::config::ModelConfig;

/// The sizes of one step.
pub struct CodeCalls<'a> {
    pub forward: &'a Forward,
    pub config: &'a ModelConfig,
    pub shape: &'a CodeShape,
    pub step: &'a CodeStep,
    pub packed: &'a Packed,
}

/// A dispatch over `count` threads of one dimension, 64 a workgroup, and how many threads a row of workgroups has.
fn line(count: usize) -> ([usize; 2], u32) {
    let groups = count.div_ceil(64);
    let across = groups.clamp(1, 1024);
    ([across, groups.div_ceil(across)], 64 * across as u32)
}

impl CodeCalls<'_> {
    /// Everything, in order. AdamW takes step number `time` (from 1).
    #[must_use]
    pub fn all(&self, time: usize) -> Vec<Call> {
        let CodeShape { levels, .. } = *self.shape;
        let mut calls: Vec<Call> = (0..levels).flat_map(|level| self.assign(level)).collect();
        calls.push(self.tokens());
        calls.extend(keep_calls(self.forward, self.packed.pass));
        calls.push(self.loss());
        calls.extend(logits_backward_calls(self.forward, self.packed.pass, true));
        calls.extend(self.hand_back());
        if let Some(optimizer) = &self.step.books {
            calls.extend((0..levels).flat_map(|level| self.learn(level)));
            calls.extend(optimize_calls(&book_slots(self.shape), optimizer, time));
        }
        // The routes read the words that the loss was made with, so these move last.
        calls.extend(optimizer_calls(self.forward, &self.step.model, time));
        calls
    }

    fn call<P: Params>(&self, kernel: Kernel, slots: &[CodeSlot], params: &P, grid: [usize; 2], work: usize) -> Call {
        let slots: Vec<Slot> = slots.iter().map(|slot| Slot::Code(*slot)).collect();
        Call::new(kernel, &slots, params, grid).with_work(work, work)
    }

    fn book_offset(&self, level: usize) -> u32 {
        (level * self.shape.codes * self.shape.dim) as u32
    }

    /// What an element of what a level, and of what all levels leave weighs in the gradient by a codeword.
    fn word_shares(&self) -> [f32; 2] {
        let elements = (self.packed.items * self.shape.dim) as f64;
        let CodeStep { quantization, reconstruction, .. } = *self.step;
        [2.0 * quantization / (elements * self.shape.levels as f64), 2.0 * reconstruction / elements].map(|x| x as f32)
    }

    /// A level of the residual quantisation: scores, choices, what is left.
    fn assign(&self, level: usize) -> [Call; 5] {
        let CodeShape { codes, dim, .. } = *self.shape;
        let n = self.packed.items;
        let (items, codes32, dim32, book_offset) = (n as u32, codes as u32, dim as u32, self.book_offset(level));
        let (grid, stride) = line(n * codes);
        let distances = CodeDistances { items, codes: codes32, dim: dim32, book_offset };
        let range = CodeRange { count: (n * codes) as u32, level: level as u32 };
        let scores = CodeScores { count: (n * codes) as u32, stride, level: level as u32 };
        let soft = StraightThrough { rows: items, codes: codes32, temperature: self.step.temperature as f32 };
        let choose = CodeChoose {
            items,
            codes: codes32,
            dim: dim32,
            book_offset,
            level: level as u32,
            take_drawn: u32::from(self.step.sampled),
        };
        let [given, left, noise, softly] =
            [CodeSlot::Residual(level), CodeSlot::Residual(level + 1), CodeSlot::Noise(level), CodeSlot::Soft(level)];
        use CodeSlot::{Books, Drawn, Range, Record, Scores};
        let rows = [n.div_ceil(64), 1];
        [
            self.call(
                Kernel::CodeDistances,
                &[given, Books, Scores],
                &distances,
                [codes.div_ceil(16), n.div_ceil(4)],
                3 * n * codes * dim,
            ),
            self.call(Kernel::CodeRange, &[Scores, Range], &range, [1, 1], 2 * n * codes),
            self.call(Kernel::CodeScores, &[Range, Scores], &scores, grid, 2 * n * codes),
            self.call(Kernel::StraightThrough, &[Scores, noise, softly, Drawn], &soft, rows, 20 * n * codes),
            self.call(
                Kernel::CodeChoose,
                &[Scores, softly, Drawn, given, Books, left, Record],
                &choose,
                rows,
                n * (10 * codes + 4 * dim),
            ),
        ]
    }

    /// The tokens of all inputs → `Slot::Ids`.
    fn tokens(&self) -> Call {
        let entries = self.packed.pass.sequences * self.packed.pass.time * self.packed.pass.width;
        let (grid, stride) = line(entries);
        let (items, codes) = (self.packed.items as u32, self.shape.codes as u32);
        let params = CodeTokens { entries: entries as u32, stride, items, codes };
        let buffers = [Slot::Code(CodeSlot::Sources), Slot::Code(CodeSlot::Record), Slot::Ids];
        Call::new(Kernel::CodeTokens, &buffers, &params, grid).with_work(4 * entries, 3 * entries)
    }

    /// `Slot::Logits` → L_gen and its gradient.
    fn loss(&self) -> Call {
        let CodeShape { levels, codes, suffixes, .. } = *self.shape;
        let (rows, vocabulary) = (self.packed.pass.wanted, self.config.vocab_size);
        let params = CodeLoss {
            rows: rows as u32,
            vocabulary: vocabulary as u32,
            stride: vocabulary.next_multiple_of(4) as u32,
            width: codes.next_multiple_of(4) as u32,
            levels: levels as u32,
            codes: codes as u32,
            suffixes: suffixes as u32,
            items: self.packed.items as u32,
            share: self.question_share(),
        };
        let code = Slot::Code;
        let buffers = [
            Slot::Logits,
            code(CodeSlot::Targets),
            code(CodeSlot::Record),
            Slot::DLogits,
            code(CodeSlot::Surprise),
            code(CodeSlot::Losses),
        ];
        Call::new(Kernel::CodeLoss, &buffers, &params, [rows.div_ceil(32), 1])
            .with_work(20 * rows * codes + rows * vocabulary, 2 * rows * vocabulary)
    }

    /// What a question weighs in the loss.
    fn question_share(&self) -> f32 {
        (self.step.generation / self.packed.pass.sequences as f64) as f32
    }

    /// `Slot::DX` summed item by item, and from there to the words of codes.
    fn hand_back(&self) -> [Call; 2] {
        let CodeShape { levels, codes, .. } = *self.shape;
        let (n, width) = (self.packed.items, self.config.hidden_size);
        let gather = EmbeddingGradient { vocabulary: ((levels + 1) * n) as u32, width: width as u32 };
        let tokens = levels * codes;
        let words =
            CodeTokenGradient { items: n as u32, codes: codes as u32, tokens: tokens as u32, width: width as u32 };
        let [starts, entries, sums, record] =
            [CodeSlot::SumStarts, CodeSlot::SumEntries, CodeSlot::Sums, CodeSlot::Record].map(Slot::Code);
        let rows = self.packed.pass.sequences * self.packed.pass.time;
        let across = (width / 4).div_ceil(16);
        [
            Call::new(
                Kernel::EmbeddingGradient,
                &[starts, entries, Slot::DX, sums],
                &gather,
                [across, ((levels + 1) * n).div_ceil(4)],
            )
            .with_work(2 * rows * width, 2 * rows * width),
            Call::new(Kernel::CodeTokenGradient, &[sums, record, Slot::Gradient], &words, [across, tokens.div_ceil(4)])
                .with_work(n * tokens * width / 4, n * tokens + n * levels * width),
        ]
    }

    /// The gradient of a level's codebook; at the first level also what the labels say, for all.
    fn learn(&self, level: usize) -> Vec<Call> {
        let CodeShape { levels, codes, dim, .. } = *self.shape;
        let (n, width, wide) = (self.packed.items, self.config.hidden_size, codes.next_multiple_of(4));
        let CodeStep { history, target, labels, .. } = *self.step;
        let [word_share, whole_share] = self.word_shares();
        let open = |route: bool| if route { 1.0 } else { 0.0 };
        let (items, codes32, dim32, book_offset) = (n as u32, codes as u32, dim as u32, self.book_offset(level));
        let indicator = CodeIndicatorGradient {
            items,
            codes: codes32,
            dim: dim32,
            book_offset,
            level: level as u32,
            width: width as u32,
            label_stride: wide as u32,
            history: open(history),
            target_codes: open(target),
            label_share: open(labels) * self.question_share(),
            word_share,
            whole_share,
        };
        let soft = StraightThrough { rows: items, codes: codes32, temperature: self.step.temperature as f32 };
        let book = CodebookGradient {
            items,
            codes: codes32,
            dim: dim32,
            book_offset,
            level: level as u32,
            word_share,
            whole_share,
        };
        let [given, left, last] = [level, level + 1, levels].map(CodeSlot::Residual);
        use CodeSlot::{BookGradient, Books, DIndicator, DScores, LabelSums, Range, Record, Sums};
        let places = [codes.div_ceil(16), n.div_ceil(4)];
        let buffers = [
            Slot::Code(Sums),
            Slot::Weights,
            Slot::Code(LabelSums),
            Slot::Code(left),
            Slot::Code(last),
            Slot::Code(Books),
            Slot::Code(DIndicator),
        ];
        let mut calls: Vec<Call> = (level == 0).then(|| self.gather_labels()).into_iter().collect();
        calls.extend([
            Call::new(Kernel::CodeIndicatorGradient, &buffers, &indicator, places)
                .with_work(4 * n * codes * (width + dim), n * codes),
            self.call(
                Kernel::StraightThroughBackward,
                &[CodeSlot::Soft(level), DIndicator, DScores],
                &soft,
                [n.div_ceil(64), 1],
                6 * n * codes,
            ),
            self.call(
                Kernel::CodebookGradient,
                &[DScores, given, left, last, Record, Books, Range, BookGradient],
                &book,
                [dim.div_ceil(16), codes.div_ceil(4)],
                4 * n * codes * dim,
            ),
        ]);
        calls
    }

    fn gather_labels(&self) -> Call {
        let (n, levels, wide) = (self.packed.items, self.shape.levels, self.shape.codes.next_multiple_of(4));
        let params = EmbeddingGradient { vocabulary: (levels * n) as u32, width: wide as u32 };
        let slots = [CodeSlot::LabelStarts, CodeSlot::LabelEntries, CodeSlot::Surprise, CodeSlot::LabelSums];
        let grid = [(wide / 4).div_ceil(16), (levels * n).div_ceil(4)];
        self.call(Kernel::EmbeddingGradient, &slots, &params, grid, 2 * levels * n * wide)
    }
}

/// Where AdamW finds the codebooks.
fn book_slots(shape: &CodeShape) -> Optimized {
    let code = Slot::Code;
    Optimized {
        weights: code(CodeSlot::Books),
        gradient: code(CodeSlot::BookGradient),
        moment1: code(CodeSlot::BookMoment1),
        moment2: code(CodeSlot::BookMoment2),
        partial: code(CodeSlot::BookPartial),
        report: code(CodeSlot::BookReport),
        fours: shape.book_words() / 4,
    }
}
