//! ggml's blocks taken apart: whole-number levels, and for each group of them one scale and one lowest value.
//!
//! Not here: plain floats, lengths (`mod.rs`), writing (`encode.rs`). Source: `dequantize_row_*` in ggml-quants.c. Every kind is the
//! same line, value = scale · level + low, whose two factors are rounded as ggml rounds them, so that values come out bit for bit.
//!
//! | kind | block                                                                  | level      | scale     | low        |
//! |------|------------------------------------------------------------------------|------------|-----------|------------|
//! | Q8_0 | f16 d, 32 × i8 q                                                       | q          | d         | 0          |
//! | Q4_0 | f16 d, 16 bytes: low nibbles q₀…, high ones q₁₆…                       | q − 8      | d         | 0          |
//! | Q4_1 | f16 d, f16 m, 16 bytes as above                                        | q          | d         | m          |
//! | Q5_0 | f16 d, u32 fifth bits, 16 bytes as above                               | q − 16     | d         | 0          |
//! | Q5_1 | f16 d, f16 m, u32 fifth bits, 16 bytes as above                        | q          | d         | m          |
//! | Q4_K | f16 d, f16 n, 8 × (6-bit s, 6-bit m) in 12 bytes, 128 bytes of nibbles | q          | d · s     | −(n · m)   |
//! | Q5_K | the same with 32 bytes of fifth bits before the nibbles                | q          | d · s     | −(n · m)   |
//! | Q6_K | 128 bytes of nibbles, 64 of bit pairs, 16 × i8 s, f16 d                | q − 32     | d · s     | 0          |

use half::f16;

use super::QuantKind;

/// Values in the largest block.
pub const MOST: usize = 256;

/// One block taken apart. Only the first [`QuantKind::block_len`] levels mean something, and a scale and a low for each
/// [`QuantKind::group`] of them.
#[derive(Clone, Debug)]
pub struct Levels {
    pub levels: [i8; MOST],
    pub scales: [f32; 16],
    pub lows: [f32; 16],
}

impl Default for Levels {
    fn default() -> Self {
        Self { levels: [0; MOST], scales: [0.0; 16], lows: [0.0; 16] }
    }
}

impl Levels {
    /// Takes one block apart; the kinds that are plain floats leave it as it is.
    pub fn read(&mut self, kind: QuantKind, block: &[u8]) {
        match kind {
            QuantKind::F32 | QuantKind::F16 | QuantKind::Bf16 => {}
            QuantKind::Q8_0 => {
                self.one_group(half_at(block, 0), 0.0);
                for (level, q) in self.levels.iter_mut().zip(&block[2..]) {
                    *level = *q as i8;
                }
            }
            QuantKind::Q4_0 => {
                self.one_group(half_at(block, 0), 0.0);
                self.nibbles(&block[2..], 0, -8);
            }
            QuantKind::Q4_1 => {
                self.one_group(half_at(block, 0), half_at(block, 2));
                self.nibbles(&block[4..], 0, 0);
            }
            QuantKind::Q5_0 => {
                self.one_group(half_at(block, 0), 0.0);
                self.nibbles(&block[6..], word_at(block, 2), -16);
            }
            QuantKind::Q5_1 => {
                self.one_group(half_at(block, 0), half_at(block, 2));
                self.nibbles(&block[8..], word_at(block, 4), 0);
            }
            QuantKind::Q4K => self.read_k(block, &[], &block[16..]),
            QuantKind::Q5K => self.read_k(block, &block[16..48], &block[48..]),
            QuantKind::Q6K => self.read_six(block),
        }
    }

    fn one_group(&mut self, scale: f32, low: f32) {
        self.scales[0] = scale;
        self.lows[0] = low;
    }

    /// 32 levels: j and j + 16 share byte j, low and high nibble; bit i of `fifth` is the fifth bit of level i.
    fn nibbles(&mut self, bytes: &[u8], fifth: u32, shift: i8) {
        for (j, byte) in bytes.iter().take(16).enumerate() {
            self.levels[j] = level(byte & 15, fifth >> j, shift);
            self.levels[j + 16] = level(byte >> 4, fifth >> (j + 16), shift);
        }
    }

    /// Q4_K and Q5_K: eight groups of 32; groups 2 p and 2 p + 1 are the low and high nibbles of the same 32 bytes, and bit g of
    /// byte j of `fifth` is the fifth bit of level j of group g.
    fn read_k(&mut self, block: &[u8], fifth: &[u8], nibbles: &[u8]) {
        let (d, n) = (half_at(block, 0), half_at(block, 2));
        for group in 0..8 {
            let (scale, least) = six_bits(&block[4..16], group);
            self.scales[group] = d * f32::from(scale);
            self.lows[group] = -(n * f32::from(least));
            for (j, to) in self.levels[group * 32..][..32].iter_mut().enumerate() {
                let nibble = nibbles[group / 2 * 32 + j] >> (4 * (group % 2)) & 15;
                *to = level(nibble, fifth.get(j).map_or(0, |byte| u32::from(*byte) >> group), 0);
            }
        }
    }

    /// Q6_K: two halves of 128; in each, the quarter q takes a nibble of byte j + 32·(q mod 2) and bits 2 q of byte j.
    fn read_six(&mut self, block: &[u8]) {
        let (low, rest) = block.split_at(128);
        let (high, rest) = rest.split_at(64);
        let d = half_at(rest, 16);
        for (group, scale) in self.scales.iter_mut().enumerate() {
            *scale = d * f32::from(rest[group] as i8);
        }
        self.lows = [0.0; 16];
        for (at, to) in self.levels.iter_mut().enumerate() {
            let (half, quarter, j) = (at / 128, at % 128 / 32, at % 32);
            let nibble = low[half * 64 + quarter % 2 * 32 + j] >> (quarter / 2 * 4) & 15;
            let pair = high[half * 32 + j] >> (quarter * 2) & 3;
            *to = (nibble | pair << 4) as i8 - 32;
        }
    }
}

fn level(nibble: u8, fifth: u32, shift: i8) -> i8 {
    (nibble | ((fifth & 1) as u8) << 4) as i8 + shift
}

/// Scale and least value of a group, six bits each (`get_scale_min_k4`).
fn six_bits(packed: &[u8], group: usize) -> (u8, u8) {
    if group < 4 {
        return (packed[group] & 63, packed[group + 4] & 63);
    }
    let both = packed[group + 4];
    (both & 15 | packed[group - 4] >> 6 << 4, both >> 4 | packed[group] >> 6 << 4)
}

pub(super) fn half_at(block: &[u8], at: usize) -> f32 {
    f16::from_le_bytes([block[at], block[at + 1]]).to_f32()
}

fn word_at(block: &[u8], at: usize) -> u32 {
    u32::from_le_bytes([block[at], block[at + 1], block[at + 2], block[at + 3]])
}
