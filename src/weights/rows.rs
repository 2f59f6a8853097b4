//! A matrix in memory as the processor multiplies it: small whole numbers with a scale for each few of them, or plain floats.
//!
//! Not here: the product (`engine/packed/`), the blocks of files (`quant/`). Every kind of block becomes one of two layouts, which
//! hold the same numbers: 4 bits a level where that is enough, 8 bits else; a scale and, where the kind has one, a lowest value of
//! each group, as f32, so that value = scale · level + low exactly as the file has it.

use super::quant::{Levels, QuantKind, dequantise};
use crate::error::Result;

/// Levels between two scales of the activations, and the most between two of a matrix.
pub const GROUP: usize = 32;

/// The levels or values, row by row.
#[derive(Clone, Debug, PartialEq)]
pub enum Cells {
    /// Levels 0 to 15, 32 in eight words: word k holds levels k, k + 8, k + 16 and k + 24, the first in its lowest bits. A vector of
    /// words then gives each quarter with a shift and a mask.
    Nibbles(Vec<[u16; 8]>),
    /// Levels −128 to 127, 32 at a time.
    Bytes(Vec<[i8; 32]>),
    /// Values.
    Floats(Vec<f32>),
}

/// See the module.
#[derive(Clone, Debug, PartialEq)]
pub struct Rows {
    /// Numbers in a row.
    pub width: usize,
    /// Levels that share a scale: 16 or 32. Nothing to floats.
    pub group: usize,
    pub cells: Cells,
    /// Of each group, row by row; empty for floats.
    pub scales: Vec<f32>,
    /// Of each group; empty where all are 0.
    pub lows: Vec<f32>,
}

/// What a kind becomes: bits of a level, and whether groups have a lowest value.
fn layout(kind: QuantKind) -> (usize, bool) {
    match kind {
        QuantKind::F32 | QuantKind::F16 | QuantKind::Bf16 => (32, false),
        QuantKind::Q4_0 | QuantKind::Q4_1 | QuantKind::Q4K => (4, true),
        QuantKind::Q5_1 | QuantKind::Q5K => (8, true),
        QuantKind::Q5_0 | QuantKind::Q8_0 | QuantKind::Q6K => (8, false),
    }
}

impl Rows {
    /// An empty matrix for rows of `width` numbers of `kind`, with room for `rows` of them.
    #[must_use]
    pub fn new(kind: QuantKind, rows: usize, width: usize) -> Self {
        let (bits, low) = layout(kind);
        let blocks = rows * width / GROUP;
        let cells = match bits {
            4 => Cells::Nibbles(Vec::with_capacity(blocks)),
            8 => Cells::Bytes(Vec::with_capacity(blocks)),
            _ => Cells::Floats(Vec::with_capacity(rows * width)),
        };
        let scales = if bits == 32 { 0 } else { rows * width / kind.group() };
        let lows = if low { scales } else { 0 };
        let group = kind.group().max(16);
        Self { width, group, cells, scales: Vec::with_capacity(scales), lows: Vec::with_capacity(lows) }
    }

    /// Bytes that a matrix of this shape takes.
    #[must_use]
    pub fn bytes(kind: QuantKind, rows: usize, width: usize) -> u64 {
        let (bits, low) = layout(kind);
        let numbers = rows as u64 * width as u64;
        let scale = if bits == 32 { 0 } else { 4 * (1 + u64::from(low)) };
        numbers * bits as u64 / 8 + numbers / kind.group() as u64 * scale
    }

    /// Appends a row from its blocks.
    ///
    /// # Errors
    /// `bad-input` when the bytes are not a row of this kind.
    pub fn push(&mut self, kind: QuantKind, bytes: &[u8]) -> Result<()> {
        if let Cells::Floats(values) = &mut self.cells {
            let at = values.len();
            values.resize(at + self.width, 0.0);
            return dequantise(kind, bytes, &mut values[at..]);
        }
        let mut parts = Levels::default();
        // Levels around zero become levels from zero on, with a lowest value.
        let shift = if kind == QuantKind::Q4_0 { 8 } else { 0 };
        for block in bytes.chunks_exact(kind.block_bytes()) {
            parts.read(kind, block);
            for levels in parts.levels[..kind.block_len()].as_chunks::<GROUP>().0 {
                match &mut self.cells {
                    Cells::Nibbles(cells) => cells.push(nibbles(levels, shift)),
                    Cells::Bytes(cells) => cells.push(*levels),
                    Cells::Floats(_) => {}
                }
            }
            let groups = kind.block_len() / kind.group();
            self.scales.extend_from_slice(&parts.scales[..groups]);
            if layout(kind).1 {
                let lows = parts.lows.iter().zip(&parts.scales).take(groups);
                self.lows.extend(lows.map(|(low, scale)| low - scale * f32::from(shift)));
            }
        }
        Ok(())
    }

    /// The number of rows.
    #[must_use]
    pub fn len(&self) -> usize {
        let numbers = match &self.cells {
            Cells::Nibbles(cells) => cells.len() * GROUP,
            Cells::Bytes(cells) => cells.len() * GROUP,
            Cells::Floats(values) => values.len(),
        };
        numbers / self.width.max(1)
    }

    /// The numbers that may not be finite: the values, or the scales of groups.
    pub(super) fn numbers(&self) -> &[f32] {
        if let Cells::Floats(values) = &self.cells { values } else { &self.scales }
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Writes the values of the rows from `first` on, as many as `out` holds.
    pub fn values(&self, first: usize, out: &mut [f32]) {
        let (blocks, groups) = (self.width / GROUP, self.width / self.group);
        for (row, out) in (first..).zip(out.chunks_exact_mut(self.width)) {
            let here = row * groups..(row + 1) * groups;
            let low = |group: usize| self.lows.get(group).copied().unwrap_or(0.0);
            let scaled = here.clone().zip(self.scales.get(here).unwrap_or_default());
            match &self.cells {
                Cells::Floats(values) => out.copy_from_slice(&values[row * self.width..][..self.width]),
                Cells::Bytes(cells) => {
                    let levels = cells[row * blocks..(row + 1) * blocks].as_flattened().chunks_exact(self.group);
                    for (((group, scale), levels), out) in scaled.zip(levels).zip(out.chunks_exact_mut(self.group)) {
                        let low = low(group);
                        levels.iter().zip(out).for_each(|(level, out)| *out = scale * f32::from(*level) + low);
                    }
                }
                Cells::Nibbles(cells) => {
                    let cells = &cells[row * blocks..(row + 1) * blocks];
                    for (((group, scale), words), out) in scaled.zip(cells).zip(out.as_chunks_mut::<GROUP>().0) {
                        let low = low(group);
                        for (shift, out) in [0, 4, 8, 12].into_iter().zip(out.as_chunks_mut::<8>().0) {
                            let level = |word: u16| f32::from(word >> shift & 15);
                            words.iter().zip(out).for_each(|(word, out)| *out = scale * level(*word) + low);
                        }
                    }
                }
            }
        }
    }

    /// Adds `weight` times a row to `sum`.
    pub fn add_row(&self, row: usize, weight: f32, sum: &mut [f32]) {
        let blocks = self.width / GROUP;
        let (from, groups) = (row * blocks, self.width / self.group);
        let mut level = |at: usize, level: f32| {
            let group = row * groups + at / self.group;
            sum[at] += weight * (self.scales[group] * level + self.lows.get(group).copied().unwrap_or(0.0));
        };
        match &self.cells {
            Cells::Floats(values) => {
                let values = &values[row * self.width..][..self.width];
                sum.iter_mut().zip(values).for_each(|(sum, value)| *sum += weight * value);
            }
            Cells::Bytes(cells) => {
                let levels = cells[from..from + blocks].as_flattened();
                levels.iter().enumerate().for_each(|(at, l)| level(at, f32::from(*l)));
            }
            Cells::Nibbles(cells) => {
                for (block, words) in cells[from..from + blocks].iter().enumerate() {
                    for i in 0..GROUP {
                        level(block * GROUP + i, f32::from(words[i % 8] >> (i / 8 * 4) & 15));
                    }
                }
            }
        }
    }
}

fn nibbles(levels: &[i8; GROUP], shift: i8) -> [u16; 8] {
    let level = |i: usize| (levels[i] + shift) as u16;
    std::array::from_fn(|k| level(k) | level(k + 8) << 4 | level(k + 16) << 8 | level(k + 24) << 12)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::weights::quant::quantise;

    #[test]
    fn rows_hold_what_the_file_has() {
        for kind in QuantKind::WRITTEN {
            let values: Vec<f32> = (0..192).map(|i| ((i * 37 % 61) as f32 / 30.0 - 1.0) * (1.0 + i as f32)).collect();
            let (mut bytes, mut expected) = (Vec::new(), vec![0.0; 192]);
            quantise(kind, &values, &mut bytes).unwrap();
            dequantise(kind, &bytes, &mut expected).unwrap();
            let mut rows = Rows::new(kind, 2, 96);
            bytes.chunks_exact(kind.bytes(96)).for_each(|row| rows.push(kind, row).unwrap());
            assert_eq!(rows.len(), 2);
            let mut both = vec![0.0; 192];
            rows.values(0, &mut both);
            for (row, expected) in expected.chunks_exact(96).enumerate() {
                let mut found = vec![0.0; 96];
                rows.add_row(row, 1.0, &mut found);
                assert_eq!(found, both[row * 96..][..96], "{kind:?}");
                rows.values(row, &mut found);
                for (a, b) in found.iter().zip(expected) {
                    // Only Q4_0 is written another way, with a product and a sum more.
                    assert!((a - b).abs() <= 16.0 * f32::EPSILON * 200.0, "{kind:?}: {a} {b}");
                }
            }
            let held = 4 * (rows.scales.len() + rows.lows.len())
                + match &rows.cells {
                    Cells::Nibbles(cells) => 16 * cells.len(),
                    Cells::Bytes(cells) => 32 * cells.len(),
                    Cells::Floats(values) => 4 * values.len(),
                };
            assert_eq!(held as u64, Rows::bytes(kind, 2, 96));
        }
    }
}
