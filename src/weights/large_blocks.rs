//! A language model's matrices on the way from its file to a device: ggml's blocks become the device's, a stretch of rows at a time.
//!
//! Not here: the file (`large.rs`), where blocks lie on the device (`blocks.rs`), who writes them there (`engine/gpu/language.rs`).
//! Blocks of 4 to 8 bits become the device's with the same values, bit for bit but for one rounding less. Matrices of plain floats stay as
//! the file has them, bit for bit.

use super::blocks::{BINDING, BlockKind, BlockPlan, BlockRows};
use super::check_finite;
use super::large::Large;
use super::quant::{BLOCK, Levels, QuantKind};
use super::source::Source;
use crate::error::{Error, Result};
use crate::model::params::ParamSpec;

impl BlockKind {
    /// What a kind of a file becomes.
    #[must_use]
    pub fn of(kind: QuantKind) -> Self {
        match kind {
            QuantKind::Q4_0 | QuantKind::Q4_1 | QuantKind::Q4K => Self::NIBBLES,
            QuantKind::Q5_0 | QuantKind::Q5_1 | QuantKind::Q5K | QuantKind::Q8_0 => Self::BYTES,
            QuantKind::Q6K => Self::HALVES,
            QuantKind::F32 => Self::F32,
            QuantKind::F16 => Self::F16,
            QuantKind::Bf16 => Self::BF16,
        }
    }
}

impl BlockRows {
    /// Rows of a file, all of one kind, each a number of whole blocks; floats count 32 to a block.
    ///
    /// # Errors
    /// `not-finite` for floats that are none.
    pub fn of_file(kind: QuantKind, bytes: &[u8]) -> Result<Self> {
        let mut rows = Self::new(BlockKind::of(kind));
        if rows.kind.pairs == 0 {
            rows.words = bytes.as_chunks().0.iter().map(|four| u32::from_le_bytes(*four)).collect();
            return rows.finite();
        }
        let mut parts = Levels::default();
        // Levels around zero become levels from zero on, with a low.
        let shift: i8 = if kind == QuantKind::Q4_0 { 8 } else { 0 };
        let pairs = rows.kind.pairs as usize;
        for block in bytes.chunks_exact(kind.block_bytes()) {
            parts.read(kind, block);
            let levels = parts.levels[..kind.block_len()].as_chunks::<BLOCK>().0;
            for (index, levels) in levels.iter().enumerate() {
                let of_group = |half: usize| {
                    let group = index * pairs + half;
                    let (scale, low) = (parts.scales[group], parts.lows[group]);
                    [scale, if shift == 0 { low } else { -f32::from(shift) * scale }]
                };
                let pairs: [[f32; 2]; 2] = std::array::from_fn(|half| of_group(half.min(pairs - 1)));
                rows.push(&levels.map(|level| level + shift), &pairs[..rows.kind.pairs as usize]);
            }
        }
        Ok(rows)
    }

    /// The same rows of floats, if no exponent is that of infinity and NaN.
    fn finite(self) -> Result<Self> {
        let exponent = match self.kind {
            BlockKind::F32 => 0x7f80_0000,
            BlockKind::F16 => 0x7c00,
            _ => 0x7f80,
        };
        let infinite = |bits: u32| bits & exponent == exponent;
        let halves = self.kind.bits == 16;
        match self.words.iter().any(|word| infinite(*word) || halves && infinite(word >> 16)) {
            false => Ok(self),
            true => Err(Error::NotFinite("expected finite numbers, found NaN or infinity".to_owned())),
        }
    }
}

impl Large {
    /// Where every parameter lies on a device.
    ///
    /// # Errors
    /// `bad-weights` naming a matrix whose rows are not whole blocks of 32.
    pub fn block_plan(&self) -> Result<BlockPlan> {
        let kind_of = |spec: &ParamSpec| self.tensor(&spec.name).map(|(_, tensor)| BlockKind::of(tensor.kind));
        BlockPlan::new(&self.config, BINDING, |spec| kind_of(spec).unwrap_or(BlockKind::BYTES))
    }

    /// Hands over a matrix as a device reads it, a stretch of rows at a time: (the first row, rows).
    ///
    /// # Errors
    /// `bad-weights` naming the tensor where it cannot be read or is not finite; those of `each`.
    pub async fn blocks<S: Source>(
        &self,
        source: &mut S,
        spec: &ParamSpec,
        each: &mut dyn FnMut(usize, &BlockRows) -> Result<()>,
    ) -> Result<()> {
        let (name, tensor) = self.tensor(&spec.name)?;
        self.stretches(source, spec, &mut |first, bytes| {
            let rows = BlockRows::of_file(tensor.kind, bytes).map_err(|e| Error::bad_weights(&name, e.to_string()))?;
            check_finite(&name, rows.pairs.as_flattened())?;
            each(first, &rows)
        })
        .await
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::weights::quant::dequantise;

    #[test]
    fn a_device_reads_what_the_file_has() {
        let mut draws = crate::math::stream::Stream::new(crate::math::threefry::Key::from_seed(8));
        for kind in QuantKind::ALL {
            // Random levels of two blocks with scales near 1: f16 1.0 where a kind has its halves, whatever they are for.
            let mut bytes: Vec<u8> = (0..2 * 32usize.max(kind.block_len()) / kind.block_len() * kind.block_bytes())
                .map(|_| draws.below(256) as u8)
                .collect();
            let mut values = vec![0.0; bytes.len() / kind.block_bytes() * kind.block_len()];
            for (index, block) in bytes.chunks_exact_mut(kind.block_bytes()).enumerate() {
                let one = [0, 0x3c]; // 1.0 as f16
                match kind {
                    QuantKind::F32 => block.copy_from_slice(&(index as f32 - 20.0).to_le_bytes()),
                    QuantKind::F16 => block.copy_from_slice(&half::f16::from_f32(index as f32 - 20.0).to_le_bytes()),
                    QuantKind::Bf16 => block.copy_from_slice(&half::bf16::from_f32(index as f32 - 20.0).to_le_bytes()),
                    QuantKind::Q6K => block[208..].copy_from_slice(&one),
                    QuantKind::Q4_1 | QuantKind::Q5_1 | QuantKind::Q4K | QuantKind::Q5K => {
                        block[..2].copy_from_slice(&one);
                        block[2..4].copy_from_slice(&one);
                    }
                    QuantKind::Q4_0 | QuantKind::Q5_0 | QuantKind::Q8_0 => block[..2].copy_from_slice(&one),
                }
            }
            dequantise(kind, &bytes, &mut values).unwrap();
            let found = BlockRows::of_file(kind, &bytes).unwrap().values();
            assert_eq!(found.len(), values.len(), "{kind:?}");
            assert_eq!(found, values, "{kind:?}"); // whole numbers: one rounding less makes no difference
        }
        let [half, brain] = [half::f16::INFINITY.to_bits(), half::bf16::NEG_INFINITY.to_bits()];
        for (kind, bytes) in [
            (QuantKind::F32, f32::NAN.to_le_bytes().to_vec()),
            (QuantKind::F16, [[0, 0], half.to_le_bytes()].concat()),
            (QuantKind::Bf16, [brain.to_le_bytes(), [0, 0]].concat()),
        ] {
            assert_eq!(BlockRows::of_file(kind, &bytes.repeat(16)).unwrap_err().code(), "not-finite", "{kind:?}");
        }
    }
}
