//! Writing of blocks, in the five kinds that files of this lab have. Rounding is that of ggml's reference
//! (`quantize_row_*_ref` in ggml-quants.c), plain and scalar.
//!
//! Not here: reading (`levels.rs`), which tensor gets which kind (`gguf_model.rs`).

use half::f16;

use super::{BLOCK, QuantKind, check_lengths};
use crate::error::{Error, Result};

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
            _ => return Err(unwritten(kind)),
        }
    }
    Ok(())
}

fn unwritten(kind: QuantKind) -> Error {
    let names = QuantKind::WRITTEN.map(QuantKind::name).join(", ");
    Error::bad_input(format!("{} is only read, not written; choose one of {names}", kind.name()))
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
fn push_nibbles(block: &[f32], out: &mut Vec<u8>, level: impl Fn(f32) -> f32) {
    let (first, second) = block.split_at(BLOCK / 2);
    let nibble = |x: f32| (level(x) as u8).min(15); // `as` truncates toward zero and saturates, as ggml's cast does
    out.extend(first.iter().zip(second).map(|(low, high)| nibble(*low) | nibble(*high) << 4));
}
