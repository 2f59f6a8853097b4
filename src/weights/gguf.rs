//! The GGUF container (versions 2 and 3, little-endian): bytes → metadata values and tensor views.
//!
//! Not here: what the keys and names mean for a model (`gguf_model.rs`), writing (`gguf_write.rs`), decoding of blocks
//! (`quant.rs`). Source: the format's description in ggml (docs/gguf.md).
//!
//! Every count and length is compared with the bytes that remain before anything is allocated for it. Arrays (the
//! vocabulary, mostly) are walked but not kept: this crate takes its tokenizer from `tokenizer.huggingface.json`.

use std::collections::BTreeMap;

use super::quant::QuantKind;
use super::{MAX_TENSORS, clip};
use crate::error::{Error, Result};

/// The first four bytes of every GGUF file.
pub const MAGIC: [u8; 4] = *b"GGUF";
/// Where tensor data is aligned when the file does not say.
pub const DEFAULT_ALIGNMENT: u64 = 32;
/// Most metadata entries accepted; real files have a few dozen.
const MAX_KEYS: u64 = 4096;
/// Most array elements accepted in a whole file; real vocabularies stay below 300 000, their merges below 600 000.
const MAX_ELEMENTS: u64 = 1 << 21;
/// Most dimensions of a tensor (`GGML_MAX_DIMS`).
const MAX_DIMS: u32 = 4;

/// A metadata value. Arrays are only counted.
#[derive(Debug, Clone, PartialEq)]
pub enum Value<'a> {
    /// Any unsigned integer.
    Unsigned(u64),
    /// Any signed integer.
    Signed(i64),
    /// A float; one stored as f32 is given as the f64 of its shortest decimal, so 1e-5 reads as 1e-5.
    Float(f64),
    /// A truth value.
    Bool(bool),
    /// UTF-8 text.
    Text(&'a str),
    /// An array of this many elements.
    Array(u64),
}

/// One tensor, not yet decoded.
#[derive(Debug, Clone)]
pub struct TensorView<'a> {
    /// How its numbers are stored.
    pub kind: QuantKind,
    /// Row-major shape (the file's dimensions reversed).
    pub shape: Vec<usize>,
    /// Exactly the bytes of its blocks.
    pub data: &'a [u8],
}

/// A GGUF file, checked but not decoded.
#[derive(Debug, Clone)]
pub struct Gguf<'a> {
    /// Metadata by key.
    pub metadata: BTreeMap<&'a str, Value<'a>>,
    /// Tensors by name.
    pub tensors: BTreeMap<&'a str, TensorView<'a>>,
}

/// What the header says of a tensor.
struct Info<'a> {
    name: &'a str,
    kind: QuantKind,
    shape: Vec<usize>,
    offset: u64,
    size: u64,
}

/// Check a whole GGUF file: counts, lengths, types, names, and that tensors lie inside the file without overlap.
///
/// # Errors
/// `bad-weights` naming the header field, key or tensor.
pub fn read(bytes: &[u8]) -> Result<Gguf<'_>> {
    let mut cursor = Cursor { bytes, at: 0, elements_left: MAX_ELEMENTS };
    if cursor.take(4, "magic")? != MAGIC {
        return Err(Error::bad_weights("magic", "expected `GGUF`"));
    }
    let version = cursor.u32("version")?;
    if !matches!(version, 2 | 3) {
        let swapped = matches!(version.swap_bytes(), 2 | 3);
        let hint = if swapped { " (a big-endian file)" } else { "" };
        return Err(Error::bad_weights("version", format!("expected 2 or 3, found {version}{hint}")));
    }
    // A tensor's header takes at least 24 bytes and a key's at least 13: a count beyond that is a lie.
    let tensor_count = cursor.count("tensor_count", MAX_TENSORS as u64, 24)?;
    let key_count = cursor.count("metadata_kv_count", MAX_KEYS, 13)?;
    let mut metadata = BTreeMap::new();
    for _ in 0..key_count {
        let key = cursor.text("metadata key")?;
        let value = cursor.value(key)?;
        if metadata.insert(key, value).is_some() {
            return Err(Error::bad_weights(clip(key), "the key comes twice"));
        }
    }
    let alignment = match metadata.get("general.alignment") {
        None => DEFAULT_ALIGNMENT,
        Some(Value::Unsigned(n)) if n.is_power_of_two() && (8..=1 << 20).contains(n) => *n,
        Some(other) => {
            let message = format!("expected a power of two from 8 to 2^20, found {}", clip(&format!("{other:?}")));
            return Err(Error::bad_weights("general.alignment", message));
        }
    };
    let mut infos = Vec::with_capacity(tensor_count as usize);
    for _ in 0..tensor_count {
        infos.push(cursor.tensor_info(alignment)?);
    }
    let start = (cursor.at as u64).next_multiple_of(alignment);
    let data = usize::try_from(start).ok().and_then(|start| bytes.get(start..)).unwrap_or(&[]);
    let tensors = place(infos, data)?;
    Ok(Gguf { metadata, tensors })
}

/// Cut the tensors out of the data section, refusing ranges past its end, overlaps and repeated names.
fn place<'a>(mut infos: Vec<Info<'a>>, data: &'a [u8]) -> Result<BTreeMap<&'a str, TensorView<'a>>> {
    infos.sort_by_key(|info| (info.offset, info.size));
    let mut tensors = BTreeMap::new();
    let mut end = 0;
    for Info { name, kind, shape, offset, size } in infos {
        let fail = |message: String| Err(Error::bad_weights(clip(name), message));
        if offset < end {
            return fail(format!("offset {offset} lies inside the tensor before, which ends at {end}"));
        }
        let Some(stop) = offset.checked_add(size).filter(|stop| *stop <= data.len() as u64) else {
            return fail(format!("{size} bytes at offset {offset} do not fit the {} bytes of data", data.len()));
        };
        end = stop;
        let view = TensorView { kind, shape, data: &data[offset as usize..stop as usize] };
        if tensors.insert(name, view).is_some() {
            return fail("the tensor comes twice".to_owned());
        }
    }
    Ok(tensors)
}

/// Reads little-endian numbers and strings; each read names the field it is for.
struct Cursor<'a> {
    bytes: &'a [u8],
    at: usize,
    /// Array elements that may still come, so that the walk over them is bounded for a file of any length.
    elements_left: u64,
}

impl<'a> Cursor<'a> {
    fn remaining(&self) -> u64 {
        (self.bytes.len() - self.at) as u64
    }

    fn take(&mut self, length: u64, field: &str) -> Result<&'a [u8]> {
        if length > self.remaining() {
            let message = format!("the file ends early: {length} bytes needed, {} left", self.remaining());
            return Err(Error::bad_weights(clip(field), message));
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

    fn u32(&mut self, field: &str) -> Result<u32> {
        Ok(u32::from_le_bytes(self.array(field)?))
    }

    fn u64(&mut self, field: &str) -> Result<u64> {
        Ok(u64::from_le_bytes(self.array(field)?))
    }

    /// A count of things that take at least `least` bytes each.
    fn count(&mut self, field: &str, most: u64, least: u64) -> Result<u64> {
        let count = self.u64(field)?;
        let most = most.min(self.remaining() / least);
        if count > most {
            let message =
                format!("expected at most {most} (the file has {} bytes left), found {count}", self.remaining());
            return Err(Error::bad_weights(clip(field), message));
        }
        Ok(count)
    }

    fn text(&mut self, field: &str) -> Result<&'a str> {
        let length = self.u64(field)?;
        let bytes = self.take(length, field)?;
        std::str::from_utf8(bytes).map_err(|e| Error::bad_weights(clip(field), format!("expected UTF-8 text: {e}")))
    }

    /// A metadata value: its type, then itself.
    fn value(&mut self, key: &str) -> Result<Value<'a>> {
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
            9 => Value::Array(self.skip_array(key)?),
            10 => Value::Unsigned(self.u64(key)?),
            11 => Value::Signed(i64::from_le_bytes(self.array(key)?)),
            12 => Value::Float(f64::from_le_bytes(self.array(key)?)),
            other => return Err(Error::bad_weights(clip(key), format!("unknown value type {other}"))),
        })
    }

    /// Walk over an array and return its length. Arrays of arrays are refused: no known file has them.
    fn skip_array(&mut self, key: &str) -> Result<u64> {
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
        if kind == 8 {
            for _ in 0..count {
                let length = self.u64(key)?;
                self.take(length, key)?;
            }
        } else {
            self.take(count * size, key)?; // `count` bounds the product by the bytes that remain
        }
        Ok(count)
    }

    fn tensor_info(&mut self, alignment: u64) -> Result<Info<'a>> {
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
            .ok_or_else(|| fail(format!("type: expected F32, F16, Q8_0, Q4_0 or Q4_1, found ggml type {id}")))?;
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
        Ok(Info { name, kind, shape, offset, size })
    }
}

/// The f64 nearest to the shortest decimal that names this f32.
fn shortest(x: f32) -> f64 {
    x.to_string().parse().unwrap_or_else(|_| f64::from(x))
}
