//! The reading head of a GGUF header: little-endian numbers, texts, arrays, and what is said of a tensor.
//!
//! Not here: the order in which they stand in a file (`gguf.rs`).
//!
//! Every count and length is compared with the bytes that remain in the file before anything is allocated for it.

use super::clip;
use super::gguf::{Array, TensorInfo, Value};
use super::quant::QuantKind;
use crate::error::{Error, Result};

/// Most array elements accepted in a whole file; real vocabularies stay below 300 000, their merges below 600 000.
const MAX_ELEMENTS: u64 = 1 << 21;
/// Most dimensions of a tensor (`GGML_MAX_DIMS`).
const MAX_DIMS: u32 = 4;

/// Reads little-endian numbers and strings; each read names the field it is for.
pub(super) struct Cursor<'a> {
    /// The beginning of the file, perhaps all of it.
    bytes: &'a [u8],
    /// Bytes of the whole file.
    total: u64,
    pub at: usize,
    /// Set where a read failed for want of bytes that the file has but `bytes` has not.
    pub wants_more: bool,
    /// Array elements that may still come, so that the walk over them is bounded for a file of any length.
    elements_left: u64,
}

impl<'a> Cursor<'a> {
    /// At the start of a file of `total` bytes that begins with `bytes`.
    pub fn new(bytes: &'a [u8], total: u64) -> Self {
        Self { bytes, total, at: 0, wants_more: false, elements_left: MAX_ELEMENTS }
    }

    /// Bytes of the file from here on.
    fn remaining(&self) -> u64 {
        self.total.max(self.bytes.len() as u64) - self.at as u64
    }

    pub fn take(&mut self, length: u64, field: &str) -> Result<&'a [u8]> {
        if length > self.remaining() {
            let message = format!("the file ends early: {length} bytes needed, {} left", self.remaining());
            return Err(Error::bad_weights(clip(field), message));
        }
        let left = (self.bytes.len() - self.at) as u64;
        if length > left {
            self.wants_more = true;
            return Err(Error::bad_weights(clip(field), format!("{length} bytes needed, {left} read so far")));
        }
        let from = self.at;
        self.at += length as usize;
        Ok(&self.bytes[from..self.at])
    }

    fn array<const N: usize>(&mut self, field: &str) -> Result<[u8; N]> {
        let mut out = [0; N];
        out.copy_from_slice(self.take(N as u64, field)?);
        Ok(out)
    }

    pub fn u32(&mut self, field: &str) -> Result<u32> {
        Ok(u32::from_le_bytes(self.array(field)?))
    }

    fn u64(&mut self, field: &str) -> Result<u64> {
        Ok(u64::from_le_bytes(self.array(field)?))
    }

    /// A count of things that take at least `least` bytes each.
    pub fn count(&mut self, field: &str, most: u64, least: u64) -> Result<u64> {
        let count = self.u64(field)?;
        let most = most.min(self.remaining() / least);
        if count > most {
            let message =
                format!("expected at most {most} (the file has {} bytes left), found {count}", self.remaining());
            return Err(Error::bad_weights(clip(field), message));
        }
        Ok(count)
    }

    pub fn text(&mut self, field: &str) -> Result<&'a str> {
        let length = self.u64(field)?;
        let bytes = self.take(length, field)?;
        std::str::from_utf8(bytes).map_err(|e| Error::bad_weights(clip(field), format!("expected UTF-8 text: {e}")))
    }

    /// A metadata value: its type, then itself.
    pub fn value(&mut self, key: &str) -> Result<Value<'a>> {
        let kind = self.u32(key)?;
        Ok(match kind {
            0 => Value::Unsigned(u64::from(self.array::<1>(key)?[0])),
            1 => Value::Signed(i64::from(i8::from_le_bytes(self.array(key)?))),
            2 => Value::Unsigned(u64::from(u16::from_le_bytes(self.array(key)?))),
            3 => Value::Signed(i64::from(i16::from_le_bytes(self.array(key)?))),
            4 => Value::Unsigned(u64::from(self.u32(key)?)),
            5 => Value::Signed(i64::from(i32::from_le_bytes(self.array(key)?))),
            6 => Value::Float(shortest(f32::from_le_bytes(self.array(key)?))),
            7 => match self.array::<1>(key)?[0] {
                0 => Value::Bool(false),
                1 => Value::Bool(true),
                other => return Err(Error::bad_weights(clip(key), format!("expected 0 or 1, found {other}"))),
            },
            8 => Value::Text(self.text(key)?),
            9 => Value::Array(self.array_value(key)?),
            10 => Value::Unsigned(self.u64(key)?),
            11 => Value::Signed(i64::from_le_bytes(self.array(key)?)),
            12 => Value::Float(f64::from_le_bytes(self.array(key)?)),
            other => return Err(Error::bad_weights(clip(key), format!("unknown value type {other}"))),
        })
    }

    /// Walk over an array. Arrays of arrays are refused: no known file has them.
    fn array_value(&mut self, key: &str) -> Result<Array<'a>> {
        let kind = self.u32(key)?;
        let size = match kind {
            0 | 1 | 7 => 1,
            2 | 3 => 2,
            4..=6 => 4,
            8 | 10..=12 => 8, // a string takes 8 bytes for its length at least
            other => return Err(Error::bad_weights(clip(key), format!("unsupported array element type {other}"))),
        };
        let count = self.count(key, self.elements_left, size)?;
        self.elements_left -= count;
        let from = self.at;
        if kind == 8 {
            for _ in 0..count {
                let length = self.u64(key)?;
                self.take(length, key)?;
            }
        } else {
            self.take(count * size, key)?; // `count` bounds the product by the bytes that remain
        }
        Ok(Array { kind, count, bytes: &self.bytes[from..self.at] })
    }

    pub fn tensor_info(&mut self, alignment: u64) -> Result<(&'a str, TensorInfo)> {
        let name = self.text("tensor name")?;
        let fail = |message: String| Error::bad_weights(clip(name), message);
        let dims = self.u32(name)?;
        if dims == 0 || dims > MAX_DIMS {
            return Err(fail(format!("expected 1 to {MAX_DIMS} dimensions, found {dims}")));
        }
        let mut shape = Vec::with_capacity(dims as usize);
        let mut elements = 1u64;
        for _ in 0..dims {
            let n = self.u64(name)?;
            elements = elements.checked_mul(n).filter(|n| *n > 0).ok_or_else(|| {
                fail(format!("dimensions: expected a positive element count below 2^64, found a size of {n}"))
            })?;
            shape.push(usize::try_from(n).map_err(|_| fail(format!("dimension {n} is beyond this machine's words")))?);
        }
        let id = self.u32(name)?;
        let kind = QuantKind::from_ggml_type(id)
            .ok_or_else(|| fail(format!("type: expected {}, found ggml type {id}", QuantKind::names())))?;
        let block = kind.block_len();
        if !shape[0].is_multiple_of(block) {
            return Err(fail(format!("rows of {} values do not divide into {} blocks", shape[0], kind.name())));
        }
        let size = (elements / block as u64)
            .checked_mul(kind.block_bytes() as u64)
            .ok_or_else(|| fail(format!("{elements} values overflow the file's size")))?;
        let offset = self.u64(name)?;
        if !offset.is_multiple_of(alignment) {
            return Err(fail(format!("offset: expected a multiple of {alignment}, found {offset}")));
        }
        shape.reverse(); // the file lists the fastest dimension first
        Ok((name, TensorInfo { kind, shape, offset, size }))
    }
}

/// The f64 nearest to the shortest decimal that names this f32.
fn shortest(x: f32) -> f64 {
    x.to_string().parse().unwrap_or_else(|_| f64::from(x))
}
