//! Rows of a matrix as a GPU reads them: blocks of 32 levels, each block with a scale and a low, or two of them; or floats as they are.
//!
//! Not here: where they lie (`blocks.rs`), the blocks of files (`quant.rs`).
//! weight = scale · level + low, in f32, so that every kind of ggml block of 4 to 8 bits becomes one of three layouts exactly.
//! Floats lie in words as a little-endian file has them, of 16 bits two in a word; 32 of them count as a block.

use half::{bf16, f16};

use super::quant::BLOCK;

/// How a matrix is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BlockKind {
    /// Of a level: 4 (0 to 15) or 8 (−128 to 127); of a float: 16 or 32. As many words hold a block.
    pub bits: u32,
    /// Pairs of scale and low a block: 1, or 2 with 8 bits, one for each half; none with floats.
    pub pairs: u32,
    /// Floats of 16 bits are the upper halves of those of 32, Google Brain's; without it IEEE 754's.
    pub brain: bool,
}

impl BlockKind {
    /// Q4_0, Q4_1, Q4_K.
    pub const NIBBLES: Self = Self { bits: 4, pairs: 1, brain: false };
    /// Q5_0, Q5_1, Q5_K, Q8_0.
    pub const BYTES: Self = Self { bits: 8, pairs: 1, brain: false };
    /// Q6_K, whose scales are of 16 weights.
    pub const HALVES: Self = Self { bits: 8, pairs: 2, brain: false };
    /// F16.
    pub const F16: Self = Self { bits: 16, pairs: 0, brain: false };
    /// BF16.
    pub const BF16: Self = Self { bits: 16, pairs: 0, brain: true };
    /// F32.
    pub const F32: Self = Self { bits: 32, pairs: 0, brain: false };

    /// Words of a row of `width` weights.
    #[must_use]
    pub fn row_words(self, width: usize) -> usize {
        width / BLOCK * self.bits as usize
    }

    /// Pairs of such a row.
    #[must_use]
    pub fn row_pairs(self, width: usize) -> usize {
        width / BLOCK * self.pairs as usize
    }
}

/// Rows of a matrix, ready for the device.
#[derive(Clone, Debug, PartialEq)]
pub struct BlockRows {
    pub kind: BlockKind,
    /// Levels or floats: `bits` words a block. Of 4 bits, the low nibbles of word j are the levels 4·j to 4·j + 3, the high ones 16
    /// further; the first of two floats in a word lies in its low half.
    pub words: Vec<u32>,
    /// Scale and low of each block, or half of one.
    pub pairs: Vec<[f32; 2]>,
}

impl BlockRows {
    /// No rows yet.
    #[must_use]
    pub fn new(kind: BlockKind) -> Self {
        Self { kind, words: Vec::new(), pairs: Vec::new() }
    }

    /// Appends a block of 4 or 8 bits: 32 levels and `kind.pairs` pairs.
    pub fn push(&mut self, levels: &[i8; BLOCK], pairs: &[[f32; 2]]) {
        let byte = |i: usize| u32::from(levels[i].cast_unsigned());
        let words = self.kind.bits as usize;
        self.words.extend((0..words).map(|j| {
            let at = |i: usize| if words == 8 { byte(4 * j + i) } else { byte(4 * j + i) | byte(16 + 4 * j + i) << 4 };
            (0..4).fold(0, |word, i| word | at(i) << (8 * i))
        }));
        self.pairs.extend_from_slice(pairs);
    }

    /// The weights as the device computes them.
    #[must_use]
    pub fn values(&self) -> Vec<f32> {
        let halves = |word: &u32| [*word as u16, (word >> 16) as u16];
        let floats = |of: fn(u16) -> f32| self.words.iter().flat_map(halves).map(of).collect();
        match self.kind {
            BlockKind::F32 => return self.words.iter().map(|word| f32::from_bits(*word)).collect(),
            BlockKind::F16 => return floats(|bits| f16::from_bits(bits).to_f32()),
            BlockKind::BF16 => return floats(|bits| bf16::from_bits(bits).to_f32()),
            _ => {}
        }
        let (bits, pairs) = (self.kind.bits as usize, self.kind.pairs as usize);
        let blocks = self.words.chunks_exact(bits).zip(self.pairs.chunks_exact(pairs));
        let value = |(words, pairs): (&[u32], &[[f32; 2]]), i: usize| {
            let byte = |i: usize| (words[i / 4] >> (8 * (i % 4))) as u8;
            let level =
                if bits == 8 { i32::from(byte(i).cast_signed()) } else { i32::from(byte(i % 16) >> (i / 16 * 4) & 15) };
            let [scale, low] = pairs[i * pairs.len() / BLOCK];
            (level as f32).mul_add(scale, low)
        };
        blocks.flat_map(|block| (0..BLOCK).map(move |i| value(block, i))).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_hold_levels_scales_and_lows() {
        let mut nibbles = BlockRows::new(BlockKind::NIBBLES);
        let mut halves = BlockRows::new(BlockKind::HALVES);
        let levels: [i8; BLOCK] = std::array::from_fn(|i| (i * 7 % 16) as i8);
        nibbles.push(&levels, &[[0.5, -1.0]]);
        let expected: Vec<f32> = levels.iter().map(|l| 0.5 * f32::from(*l) - 1.0).collect();
        assert_eq!(nibbles.values(), expected);
        let levels: [i8; BLOCK] = std::array::from_fn(|i| (i as i8 - 16) * 8);
        halves.push(&levels, &[[0.5, 0.0], [2.0, 1.0]]);
        let value = |(i, l): (usize, &i8)| if i < 16 { 0.5 * f32::from(*l) } else { 2.0 * f32::from(*l) + 1.0 };
        assert_eq!(halves.values(), levels.iter().enumerate().map(value).collect::<Vec<f32>>());
    }
}
