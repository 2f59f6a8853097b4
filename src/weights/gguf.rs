//! The GGUF container (versions 2 and 3, little-endian): bytes → metadata values and tensor views.
//!
//! Not here: what the keys and names mean for a model (`gguf_model.rs`), writing (`gguf_write.rs`), decoding of blocks
//! (`quant/`). Source: the format's description in ggml (docs/gguf.md).
//!
//! Arrays (the vocabulary, mostly) are walked and left where they are; nothing is copied. A header needs only the beginning of its
//! file, so that a large one can be judged before its tensors are there.

use std::collections::BTreeMap;

use super::gguf_cursor::Cursor;
use super::quant::QuantKind;
use super::{MAX_TENSORS, clip};
use crate::error::{Error, Result};

/// The first four bytes of every GGUF file.
pub const MAGIC: [u8; 4] = *b"GGUF";
/// Where tensor data is aligned when the file does not say.
pub const DEFAULT_ALIGNMENT: u64 = 32;
/// Most metadata entries accepted; real files have a few dozen.
const MAX_KEYS: u64 = 4096;

/// A metadata value.
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
    /// An array, not decoded.
    Array(Array<'a>),
}

/// Metadata by key.
pub type Metadata<'a> = BTreeMap<&'a str, Value<'a>>;

/// An array of a file's metadata, checked but left in its bytes.
#[derive(Clone, Copy, PartialEq)]
pub struct Array<'a> {
    /// GGUF's number of its elements' type.
    pub(super) kind: u32,
    /// How many there are.
    pub count: u64,
    pub(super) bytes: &'a [u8],
}

/// Not its elements: messages quote values.
impl std::fmt::Debug for Array<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "an array of {} elements", self.count)
    }
}

impl<'a> Array<'a> {
    /// Its texts; nothing where it holds something else. A text that is not UTF-8 comes as an empty one.
    pub fn texts(self) -> Option<impl Iterator<Item = &'a str>> {
        let mut rest = self.bytes;
        let next = move || {
            let (length, after) = rest.split_first_chunk::<8>()?;
            let (text, after) = after.split_at_checked(usize::try_from(u64::from_le_bytes(*length)).ok()?)?;
            rest = after;
            Some(std::str::from_utf8(text).unwrap_or_default())
        };
        (self.kind == 8).then(|| std::iter::from_fn(next))
    }

    /// Its 32-bit whole numbers; nothing where it holds something else.
    pub fn integers(self) -> Option<impl Iterator<Item = i32>> {
        let numbers = self.bytes.as_chunks::<4>().0.iter().map(|four| i32::from_le_bytes(*four));
        matches!(self.kind, 4 | 5).then_some(numbers)
    }

    /// Its 32-bit floats; nothing where it holds something else.
    pub fn floats(self) -> Option<impl Iterator<Item = f32>> {
        let numbers = self.bytes.as_chunks::<4>().0.iter().map(|four| f32::from_le_bytes(*four));
        (self.kind == 6).then_some(numbers)
    }
}

/// What the header says of a tensor.
#[derive(Debug, Clone, PartialEq)]
pub struct TensorInfo {
    /// How its numbers are stored.
    pub kind: QuantKind,
    /// Row-major shape (the file's dimensions reversed).
    pub shape: Vec<usize>,
    /// Where its bytes begin in the file.
    pub offset: u64,
    /// How many they are.
    pub size: u64,
}

/// A GGUF file's header: everything but the tensors' numbers.
#[derive(Debug, Clone)]
pub struct Header<'a> {
    /// Metadata by key.
    pub metadata: Metadata<'a>,
    /// Tensors by name; each lies inside the file, and no two overlap.
    pub tensors: BTreeMap<&'a str, TensorInfo>,
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
    pub metadata: Metadata<'a>,
    /// Tensors by name.
    pub tensors: BTreeMap<&'a str, TensorView<'a>>,
}

/// Check a whole GGUF file: counts, lengths, types, names, and that tensors lie inside the file without overlap.
///
/// # Errors
/// `bad-weights` naming the header field, key or tensor.
pub fn read(bytes: &[u8]) -> Result<Gguf<'_>> {
    let Header { metadata, tensors } = match header(bytes, bytes.len() as u64)? {
        Some(header) => header,
        None => return Err(Error::bad_weights("header", "the file ends early")),
    };
    let view = |(name, info): (_, TensorInfo)| {
        let data = &bytes[info.offset as usize..(info.offset + info.size) as usize]; // `place` has seen that it fits
        (name, TensorView { kind: info.kind, shape: info.shape, data })
    };
    Ok(Gguf { metadata, tensors: tensors.into_iter().map(view).collect() })
}

/// The header of a file of `total` bytes that begins with `bytes`; nothing where it needs more of the beginning.
///
/// # Errors
/// `bad-weights` naming the header field, key or tensor.
pub fn header(bytes: &[u8], total: u64) -> Result<Option<Header<'_>>> {
    let mut cursor = Cursor::new(bytes, total);
    match parse(&mut cursor, total) {
        Err(_) if cursor.wants_more => Ok(None),
        parsed => parsed.map(Some),
    }
}

fn parse<'a>(cursor: &mut Cursor<'a>, total: u64) -> Result<Header<'a>> {
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
    Ok(Header { metadata, tensors: place(infos, start, total.saturating_sub(start))? })
}

/// Puts the tensors into the `data` bytes from `start` on, refusing ranges past their end, overlaps and repeated names.
fn place(mut infos: Vec<(&str, TensorInfo)>, start: u64, data: u64) -> Result<BTreeMap<&str, TensorInfo>> {
    infos.sort_by_key(|(_, info)| (info.offset, info.size));
    let mut tensors = BTreeMap::new();
    let mut end = 0;
    for (name, mut info) in infos {
        let fail = |message: String| Err(Error::bad_weights(clip(name), message));
        let TensorInfo { offset, size, .. } = info;
        if offset < end {
            return fail(format!("offset {offset} lies inside the tensor before, which ends at {end}"));
        }
        let Some(stop) = offset.checked_add(size).filter(|stop| *stop <= data) else {
            return fail(format!("{size} bytes at offset {offset} do not fit the {data} bytes of data"));
        };
        end = stop;
        info.offset += start;
        if tensors.insert(name, info).is_some() {
            return fail("the tensor comes twice".to_owned());
        }
    }
    Ok(tensors)
}
