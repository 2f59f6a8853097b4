//! How a tensor's numbers are stored in GGUF: plain floats and ggml's blocks.
//!
//! Not here: the blocks themselves (`levels.rs`), writing them (`encode.rs`), which tensor gets which (`gguf_model.rs`) and where it
//! lies in a file (`gguf.rs`).

mod encode;
mod levels;

use half::bf16;

pub use self::encode::quantise;
use self::levels::half_at;
pub use self::levels::{Levels, MOST};
use crate::error::{Error, Result};

/// Values in a block of the kinds that are written.
pub const BLOCK: usize = 32;

/// How a tensor's numbers are stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum QuantKind {
    /// 32-bit floats: 4 bytes a value, exact.
    F32,
    /// 16-bit floats: 2 bytes a value, 11 significant bits, at most 65 504.
    F16,
    /// The upper half of 32-bit floats: 2 bytes a value, 8 significant bits.
    Bf16,
    /// 8-bit blocks: 34 bytes per 32 values.
    Q8_0,
    /// 4-bit blocks around zero: 18 bytes per 32 values.
    Q4_0,
    /// 4-bit blocks with a minimum: 20 bytes per 32 values.
    Q4_1,
    /// 5-bit blocks around zero: 22 bytes per 32 values.
    Q5_0,
    /// 5-bit blocks with a minimum: 24 bytes per 32 values.
    Q5_1,
    /// 4 bits in blocks of blocks: 144 bytes per 256 values.
    Q4K,
    /// 5 bits in blocks of blocks: 176 bytes per 256 values.
    Q5K,
    /// 6 bits in blocks of blocks: 210 bytes per 256 values.
    Q6K,
}

/// What ggml says of a kind.
struct Facts {
    name: &'static str,
    /// `ggml_type` in ggml.h.
    ggml_type: u32,
    /// `llama_ftype` in llama.h, of a file made mostly of it.
    file_type: u32,
    /// Values in one block, and its bytes.
    block: (usize, usize),
    /// Values that share a scale.
    group: usize,
}

impl QuantKind {
    /// Every kind that is read.
    pub const ALL: [Self; 11] = [
        Self::F32,
        Self::F16,
        Self::Bf16,
        Self::Q8_0,
        Self::Q4_0,
        Self::Q4_1,
        Self::Q5_0,
        Self::Q5_1,
        Self::Q4K,
        Self::Q5K,
        Self::Q6K,
    ];
    /// Every kind that is written too.
    pub const WRITTEN: [Self; 5] = [Self::F32, Self::F16, Self::Q8_0, Self::Q4_0, Self::Q4_1];

    const fn facts(self) -> Facts {
        let (name, ggml_type, file_type, block, group) = match self {
            Self::F32 => ("F32", 0, 0, (1, 4), 1),
            Self::F16 => ("F16", 1, 1, (1, 2), 1),
            Self::Bf16 => ("BF16", 30, 32, (1, 2), 1),
            Self::Q4_0 => ("Q4_0", 2, 2, (32, 18), 32),
            Self::Q4_1 => ("Q4_1", 3, 3, (32, 20), 32),
            Self::Q5_0 => ("Q5_0", 6, 8, (32, 22), 32),
            Self::Q5_1 => ("Q5_1", 7, 9, (32, 24), 32),
            Self::Q8_0 => ("Q8_0", 8, 7, (32, 34), 32),
            Self::Q4K => ("Q4_K", 12, 15, (256, 144), 32),
            Self::Q5K => ("Q5_K", 13, 17, (256, 176), 32),
            Self::Q6K => ("Q6_K", 14, 18, (256, 210), 16),
        };
        Facts { name, ggml_type, file_type, block, group }
    }

    /// The name ggml uses, `Q8_0`.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.facts().name
    }

    /// The names of all kinds that are read, for messages.
    #[must_use]
    pub fn names() -> String {
        Self::ALL.map(Self::name).join(", ")
    }

    /// The kind of this name that can be written, in upper or lower case.
    ///
    /// # Errors
    /// `bad-input` listing the names.
    pub fn from_name(name: &str) -> Result<Self> {
        Self::WRITTEN.into_iter().find(|kind| kind.name().eq_ignore_ascii_case(name)).ok_or_else(|| {
            Error::bad_input(format!("`quantization`: expected F32, F16, Q8_0, Q4_0 or Q4_1, found `{name}`"))
        })
    }

    /// `ggml_type` in a tensor's header.
    #[must_use]
    pub fn ggml_type(self) -> u32 {
        self.facts().ggml_type
    }

    /// The kind of a `ggml_type`, if it is one that is read.
    #[must_use]
    pub fn from_ggml_type(id: u32) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.ggml_type() == id)
    }

    /// `general.file_type`: what most tensors of a file are.
    #[must_use]
    pub fn file_type(self) -> u32 {
        self.facts().file_type
    }

    /// Values in one block.
    #[must_use]
    pub fn block_len(self) -> usize {
        self.facts().block.0
    }

    /// Bytes of one block.
    #[must_use]
    pub fn block_bytes(self) -> usize {
        self.facts().block.1
    }

    /// Values that share a scale; 1 for plain floats.
    #[must_use]
    pub fn group(self) -> usize {
        self.facts().group
    }

    /// Bytes of `len` values, whole blocks of them.
    #[must_use]
    pub fn bytes(self, len: usize) -> usize {
        len / self.block_len() * self.block_bytes()
    }

    /// The kind actually used for a tensor of this row-major shape: vectors stay F32, as llama.cpp requires, and rows
    /// that do not divide into blocks fall back to F16.
    #[must_use]
    pub fn fitting(self, shape: &[usize]) -> Self {
        match shape {
            [] | [_] => Self::F32,
            [.., row] if !row.is_multiple_of(self.block_len()) => Self::F16,
            _ => self,
        }
    }
}

/// Decode whole blocks into `out`; NaN and infinite scales come out as NaN and infinite values.
///
/// `out.len()` must be a multiple of the block length and `bytes` its exact encoding.
///
/// # Errors
/// `bad-input` when the two lengths do not belong together.
pub fn dequantise(kind: QuantKind, bytes: &[u8], out: &mut [f32]) -> Result<()> {
    check_lengths(kind, bytes.len(), out.len())?;
    let mut parts = Levels::default();
    let blocks = bytes.chunks_exact(kind.block_bytes()).zip(out.chunks_exact_mut(kind.block_len()));
    for (block, values) in blocks {
        match kind {
            QuantKind::F32 => values[0] = f32::from_le_bytes([block[0], block[1], block[2], block[3]]),
            QuantKind::F16 => values[0] = half_at(block, 0),
            QuantKind::Bf16 => values[0] = bf16::from_le_bytes([block[0], block[1]]).to_f32(),
            _ => {
                parts.read(kind, block);
                for (i, value) in values.iter_mut().enumerate() {
                    let group = i / kind.group();
                    *value = parts.scales[group] * f32::from(parts.levels[i]) + parts.lows[group];
                }
            }
        }
    }
    Ok(())
}

fn check_lengths(kind: QuantKind, bytes: usize, values: usize) -> Result<()> {
    let whole = values.is_multiple_of(kind.block_len());
    if whole && values / kind.block_len() * kind.block_bytes() == bytes {
        return Ok(());
    }
    let (name, block, size) = (kind.name(), kind.block_len(), kind.block_bytes());
    Err(Error::bad_input(format!(
        "{name} needs {size} bytes for every {block} values, found {bytes} bytes for {values} values"
    )))
}
