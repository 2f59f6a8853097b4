//! The five ways a tensor's numbers are stored in GGUF: F32, F16 and ggml's 32-wide blocks Q8_0, Q4_0 and Q4_1.
//!
//! Not here: which tensor gets which (`gguf_model.rs`) and where it lies in a file (`gguf.rs`). Layout and rounding are
//! those of ggml's reference (`quantize_row_*_ref` and `dequantize_row_*` in ggml-quants.c), plain and scalar.
//!
//! | kind | block of 32                                 | value                     |
//! |------|---------------------------------------------|---------------------------|
//! | Q8_0 | f16 d, 32 × i8 q                            | d · q                     |
//! | Q4_0 | f16 d, 16 bytes: low nibble q₀…, high q₁₆…  | d · (q − 8)               |
//! | Q4_1 | f16 d, f16 m, 16 bytes as above             | d · q + m                 |

use half::f16;

use crate::error::{Error, Result};

/// Values in a block of the Q kinds.
pub const BLOCK: usize = 32;

/// How a tensor's numbers are stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum QuantKind {
    /// 32-bit floats: 4 bytes a value, exact.
    F32,
    /// 16-bit floats: 2 bytes a value, 11 significant bits, at most 65 504.
    F16,
    /// 8-bit blocks: 34 bytes per 32 values.
    Q8_0,
    /// 4-bit blocks around zero: 18 bytes per 32 values.
    Q4_0,
    /// 4-bit blocks with a minimum: 20 bytes per 32 values.
    Q4_1,
}

impl QuantKind {
    /// Every kind, for loops and messages.
    pub const ALL: [Self; 5] = [Self::F32, Self::F16, Self::Q8_0, Self::Q4_0, Self::Q4_1];

    /// The name ggml uses, `Q8_0`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::F32 => "F32",
            Self::F16 => "F16",
            Self::Q8_0 => "Q8_0",
            Self::Q4_0 => "Q4_0",
            Self::Q4_1 => "Q4_1",
        }
    }

    /// The kind of this name, in upper or lower case.
    ///
    /// # Errors
    /// `bad-input` listing the names.
    pub fn from_name(name: &str) -> Result<Self> {
        Self::ALL.into_iter().find(|kind| kind.name().eq_ignore_ascii_case(name)).ok_or_else(|| {
            Error::bad_input(format!("`quantization`: expected F32, F16, Q8_0, Q4_0 or Q4_1, found `{name}`"))
        })
    }

    /// `ggml_type` in a tensor's header (ggml.h).
    #[must_use]
    pub fn ggml_type(self) -> u32 {
        match self {
            Self::F32 => 0,
            Self::F16 => 1,
            Self::Q4_0 => 2,
            Self::Q4_1 => 3,
            Self::Q8_0 => 8,
        }
    }

    /// The kind of a `ggml_type`, if it is one of the five.
    #[must_use]
    pub fn from_ggml_type(id: u32) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.ggml_type() == id)
    }

    /// `general.file_type`: what most tensors of a file are (`llama_ftype` in llama.h).
    #[must_use]
    pub fn file_type(self) -> u32 {
        match self {
            Self::F32 => 0,
            Self::F16 => 1,
            Self::Q4_0 => 2,
            Self::Q4_1 => 3,
            Self::Q8_0 => 7,
        }
    }

    /// Values in one block.
    #[must_use]
    pub fn block_len(self) -> usize {
        match self {
            Self::F32 | Self::F16 => 1,
            Self::Q8_0 | Self::Q4_0 | Self::Q4_1 => BLOCK,
        }
    }

    /// Bytes of one block.
    #[must_use]
    pub fn block_bytes(self) -> usize {
        match self {
            Self::F32 => 4,
            Self::F16 => 2,
            Self::Q8_0 => 2 + BLOCK,
            Self::Q4_0 => 2 + BLOCK / 2,
            Self::Q4_1 => 4 + BLOCK / 2,
        }
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
    let blocks = bytes.chunks_exact(kind.block_bytes()).zip(out.chunks_exact_mut(kind.block_len()));
    for (block, values) in blocks {
        match kind {
            QuantKind::F32 => values[0] = f32::from_le_bytes([block[0], block[1], block[2], block[3]]),
            QuantKind::F16 => values[0] = half_at(block, 0),
            QuantKind::Q8_0 => {
                let d = half_at(block, 0);
                for (value, q) in values.iter_mut().zip(&block[2..]) {
                    *value = d * f32::from(*q as i8);
                }
            }
            QuantKind::Q4_0 => {
                let d = half_at(block, 0);
                read_nibbles(&block[2..], values, |q| d * (q - 8.0));
            }
            QuantKind::Q4_1 => {
                let (d, m) = (half_at(block, 0), half_at(block, 2));
                read_nibbles(&block[4..], values, |q| d * q + m);
            }
        }
    }
    Ok(())
}

/// Encode whole blocks, appending to `out`.
///
/// # Errors
/// `bad-input` when `values` is not whole blocks; `not-finite` when a value is, or is too large for the kind's f16.
pub fn quantise(kind: QuantKind, values: &[f32], out: &mut Vec<u8>) -> Result<()> {
    let blocks = values.len() / kind.block_len();
    check_lengths(kind, blocks * kind.block_bytes(), values.len())?;
    out.reserve(blocks * kind.block_bytes());
    for block in values.chunks_exact(kind.block_len()) {
        match kind {
            QuantKind::F32 if block[0].is_finite() => out.extend(block[0].to_le_bytes()),
            QuantKind::F32 => return Err(too_large(kind, block[0])),
            QuantKind::F16 => push_half(kind, block[0], block, out)?,
            QuantKind::Q8_0 => {
                let largest = block.iter().fold(0.0f32, |a, x| a.max(x.abs()));
                let d = largest / 127.0;
                push_half(kind, d, block, out)?;
                let inverse = inverse_or_zero(d);
                out.extend(block.iter().map(|x| (x * inverse).round() as i8 as u8));
            }
            QuantKind::Q4_0 => {
                // The value of largest magnitude, sign kept, is stored exactly, as −8 d.
                let largest = block.iter().fold(0.0f32, |a, x| if x.abs() > a.abs() { *x } else { a });
                let d = largest / -8.0;
                push_half(kind, d, block, out)?;
                let inverse = inverse_or_zero(d);
                push_nibbles(block, out, |x| x * inverse + 8.5);
            }
            QuantKind::Q4_1 => {
                let low = block.iter().copied().fold(f32::INFINITY, f32::min);
                let high = block.iter().copied().fold(f32::NEG_INFINITY, f32::max);
                let d = (high - low) / 15.0;
                push_half(kind, d, block, out)?;
                push_half(kind, low, block, out)?;
                let inverse = inverse_or_zero(d);
                push_nibbles(block, out, |x| (x - low) * inverse + 0.5);
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

fn half_at(block: &[u8], at: usize) -> f32 {
    f16::from_le_bytes([block[at], block[at + 1]]).to_f32()
}

/// Append `scale` as f16, refusing a block that holds NaN or whose scale leaves f16's range.
fn push_half(kind: QuantKind, scale: f32, block: &[f32], out: &mut Vec<u8>) -> Result<()> {
    let half = f16::from_f32(scale);
    // `max` and `min` above skip NaN, so the values are looked at themselves.
    if let Some(bad) = block.iter().find(|x| !x.is_finite() || !half.is_finite()) {
        return Err(too_large(kind, *bad));
    }
    out.extend(half.to_le_bytes());
    Ok(())
}

fn too_large(kind: QuantKind, value: f32) -> Error {
    let name = kind.name();
    Error::NotFinite(format!("a value near {value} cannot be stored as {name}: expected a finite number in its range"))
}

fn inverse_or_zero(d: f32) -> f32 {
    if d == 0.0 { 0.0 } else { 1.0 / d }
}

/// Values j and j + 16 share byte j: low and high nibble.
fn read_nibbles(bytes: &[u8], values: &mut [f32], value: impl Fn(f32) -> f32) {
    let (first, second) = values.split_at_mut(BLOCK / 2);
    for ((byte, low), high) in bytes.iter().zip(first).zip(second) {
        *low = value(f32::from(byte & 15));
        *high = value(f32::from(byte >> 4));
    }
}

fn push_nibbles(block: &[f32], out: &mut Vec<u8>, level: impl Fn(f32) -> f32) {
    let (first, second) = block.split_at(BLOCK / 2);
    let nibble = |x: f32| (level(x) as u8).min(15); // `as` truncates toward zero and saturates, as ggml's cast does
    out.extend(first.iter().zip(second).map(|(low, high)| nibble(*low) | nibble(*high) << 4));
}
