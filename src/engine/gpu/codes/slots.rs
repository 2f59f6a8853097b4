//! What lies in the buffers of the second lab, beside those of the transformer, and how large each must be.
//!
//! Letters: n items of a batch; L levels; K codes; D width of an item's vector; W width of the recommender; B questions; M = (L + 1) · B
//! asked places. Not here: the transformer's buffers (`engine/gpu/slots.rs`).

use super::CodeShape;
use crate::engine::gpu::capacity::PARTIALS;
use crate::engine::gpu::slots::Slot;
use crate::model::config::ModelConfig;

/// Words of a record of one item at one level, see `shaders/code_choose.wgsl`.
pub const RECORD: usize = 5;

/// A buffer of the second lab.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CodeSlot {
    /// The codebooks (L, K, D), then zeros up to a multiple of 4; their gradient and AdamW's memory likewise.
    Books,
    BookGradient,
    BookMoment1,
    BookMoment2,
    /// Partial sums of the gradient's squares, then its norm and the factor that clips it.
    BookPartial,
    BookReport,
    /// What a level is given (n, D); the one after the last: what all levels leave.
    Residual(usize),
    /// Noise of a level, multiplied by its scale (n, K).
    Noise(usize),
    /// Soft choices of a level (n, K).
    Soft(usize),
    /// Distances, then scores of the level at hand (n, K).
    Scores,
    /// Codes that the noise chose at the level at hand (n).
    Drawn,
    /// Middle and scale of each level's distances (L, 2).
    Range,
    /// What every item took (L, n, [`RECORD`]).
    Record,
    /// Where the tokens of inputs come from (positions, L + 1).
    Sources,
    /// What is asked (M).
    Targets,
    /// Nats (M).
    Losses,
    /// −ln p of every code at the places of codes (L·B, K up to a multiple of 4).
    Surprise,
    /// Where an item's places begin, and these (n + L·n + 1; 2 words each).
    SumStarts,
    SumEntries,
    /// What the places of each item got back (n + L·n, W).
    Sums,
    /// The same of questions that ask for an item.
    LabelStarts,
    LabelEntries,
    LabelSums,
    /// Gradient of the indicator, then of the scores, of the level at hand (n, K).
    DIndicator,
    DScores,
}

/// What lies in each slot and how many 4-byte words it needs.
#[must_use]
pub fn sizes(config: &ModelConfig, shape: &CodeShape) -> Vec<(Slot, usize)> {
    let CodeShape { levels, codes, dim, most_items: n, most_questions: b, .. } = *shape;
    let (positions, asked, books) = (shape.positions(), b * (levels + 1), shape.book_words());
    let wide = codes.next_multiple_of(4);
    let mut sizes = vec![
        (CodeSlot::Books, books),
        (CodeSlot::BookGradient, books),
        (CodeSlot::BookMoment1, books),
        (CodeSlot::BookMoment2, books),
        (CodeSlot::BookPartial, PARTIALS),
        (CodeSlot::BookReport, 2),
        (CodeSlot::Scores, n * codes),
        (CodeSlot::Drawn, n),
        (CodeSlot::Range, 2 * levels),
        (CodeSlot::Record, levels * n * RECORD),
        (CodeSlot::Sources, positions * (levels + 1)),
        (CodeSlot::Targets, asked),
        (CodeSlot::Losses, asked),
        (CodeSlot::Surprise, levels * b * wide),
        (CodeSlot::SumStarts, (levels + 1) * n + 1),
        (CodeSlot::SumEntries, 2 * positions),
        (CodeSlot::Sums, (levels + 1) * n * config.hidden_size),
        (CodeSlot::LabelStarts, levels * n + 1),
        (CodeSlot::LabelEntries, 2 * levels * b),
        (CodeSlot::LabelSums, levels * n * wide),
        (CodeSlot::DIndicator, n * codes),
        (CodeSlot::DScores, n * codes),
        (CodeSlot::Residual(levels), n * dim),
    ];
    for level in 0..levels {
        sizes.extend([
            (CodeSlot::Residual(level), n * dim),
            (CodeSlot::Noise(level), n * codes),
            (CodeSlot::Soft(level), n * codes),
        ]);
    }
    sizes.into_iter().map(|(slot, words)| (Slot::Code(slot), words)).collect()
}
