//! The safetensors container: bytes ⇄ named float tensors and text metadata.
//!
//! Not here: which tensors a model has (`mod.rs`), the JSON of the header (`safetensors_header.rs`). The reader is our own and not the `safetensors` crate's because a
//! hostile file must be refused by tensor name, with duplicates seen, and after a bounded number of header entries:
//! the crate collects the whole header into maps first (a repeated name silently replaces the earlier one) and its
//! errors mostly do not say which tensor is at fault. The format is small: u64 header length, JSON header, data.

use std::collections::BTreeMap;

use half::{bf16, f16};

use super::clip;
use super::safetensors_header::{self, Entry};
use crate::error::{Error, Result};

/// Longest JSON header read, in bytes; the format's own implementation stops at 100 MB.
pub(super) const MAX_HEADER: u64 = 64 << 20;

/// Number formats of safetensors that can become `f32`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dtype {
    /// 64-bit float.
    F64,
    /// 32-bit float.
    F32,
    /// 16-bit IEEE float.
    F16,
    /// 16-bit brain float.
    BF16,
}

impl Dtype {
    fn from_name(name: &str) -> Option<Self> {
        Some(match name {
            "F64" => Self::F64,
            "F32" => Self::F32,
            "F16" => Self::F16,
            "BF16" => Self::BF16,
            _ => return None,
        })
    }

    /// Bytes of one number.
    #[must_use]
    pub fn size(self) -> usize {
        match self {
            Self::F64 => 8,
            Self::F32 => 4,
            Self::F16 | Self::BF16 => 2,
        }
    }
}

/// One tensor inside a safetensors file, not yet decoded.
#[derive(Debug, Clone)]
pub struct TensorView<'a> {
    /// How the numbers are stored.
    pub dtype: Dtype,
    /// Row-major shape; empty for a scalar.
    pub shape: Vec<usize>,
    /// Little-endian numbers, exactly as many as the shape says.
    data: &'a [u8],
}

impl TensorView<'_> {
    /// Number of elements.
    #[must_use]
    pub fn len(&self) -> usize {
        self.data.len() / self.dtype.size()
    }

    /// Whether there is no element.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.data.is_empty()
    }

    /// The numbers as f64, exact; not checked for NaN.
    #[must_use]
    pub fn to_f64(&self) -> Vec<f64> {
        let numbers = self.data.chunks_exact(self.dtype.size());
        numbers.map(|b| number(self.dtype, b)).collect()
    }

    /// The numbers as f32 (F64 is rounded); not checked for NaN.
    #[must_use]
    pub fn to_f32(&self) -> Vec<f32> {
        let numbers = self.data.chunks_exact(self.dtype.size());
        numbers.map(|b| number(self.dtype, b) as f32).collect()
    }

    /// As [`TensorView::to_f32`], into a buffer of [`TensorView::len`] elements.
    pub fn copy_to(&self, out: &mut [f32]) {
        for (value, bytes) in out.iter_mut().zip(self.data.chunks_exact(self.dtype.size())) {
            *value = number(self.dtype, bytes) as f32;
        }
    }
}

fn number(dtype: Dtype, b: &[u8]) -> f64 {
    match dtype {
        Dtype::F64 => f64::from_le_bytes([b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7]]),
        Dtype::F32 => f64::from(f32::from_le_bytes([b[0], b[1], b[2], b[3]])),
        Dtype::F16 => f16::from_le_bytes([b[0], b[1]]).to_f64(),
        Dtype::BF16 => bf16::from_le_bytes([b[0], b[1]]).to_f64(),
    }
}

/// A safetensors file, checked but not decoded.
#[derive(Debug, Clone)]
pub struct Safetensors<'a> {
    /// The `__metadata__` entries.
    pub metadata: BTreeMap<String, String>,
    /// Tensors by name.
    pub tensors: BTreeMap<String, TensorView<'a>>,
}

impl<'a> Safetensors<'a> {
    /// The tensor of this name.
    ///
    /// # Errors
    /// `bad-weights` naming it when it is missing.
    pub fn tensor(&self, name: &str) -> Result<&TensorView<'a>> {
        self.tensors.get(name).ok_or_else(|| Error::bad_weights(clip(name), "the tensor is missing from the file"))
    }
}

/// Check a whole safetensors file: lengths, names, types, shapes, and that the tensors cover the data without gap or
/// overlap. Allocates in proportion to the header that is really there.
///
/// # Errors
/// `bad-weights` naming the header field or tensor.
pub fn read(bytes: &[u8]) -> Result<Safetensors<'_>> {
    let Some((length, rest)) = bytes.split_first_chunk::<8>() else {
        return Err(Error::bad_weights("header length", format!("expected 8 bytes, found {}", bytes.len())));
    };
    let length = u64::from_le_bytes(*length);
    if length > rest.len() as u64 || length > MAX_HEADER {
        let most = MAX_HEADER.min(rest.len() as u64);
        return Err(Error::bad_weights("header length", format!("expected at most {most} bytes, found {length}")));
    }
    let (header, data) = rest.split_at(length as usize);
    let header = safetensors_header::parse(header)?;
    let mut tensors = BTreeMap::new();
    let mut ranges = Vec::with_capacity(header.entries.len());
    for (name, entry) in header.entries {
        let view = locate(&name, &entry, data)?;
        ranges.push((entry.data_offsets, name.clone()));
        tensors.insert(name, view);
    }
    ranges.sort();
    let mut end = 0;
    for ([from, to], name) in &ranges {
        if *from != end {
            let message =
                format!("data_offsets: expected to begin at {end}, where the tensor before ends, found {from}");
            return Err(Error::bad_weights(clip(name), message));
        }
        end = *to;
    }
    if end != data.len() as u64 {
        let message = format!("the tensors take {end} bytes but the file holds {}", data.len());
        return Err(Error::bad_weights("data", message));
    }
    Ok(Safetensors { metadata: header.metadata, tensors })
}

/// The checked view of one header entry.
fn locate<'a>(name: &str, entry: &Entry, data: &'a [u8]) -> Result<TensorView<'a>> {
    let fail = |message: String| Err(Error::bad_weights(clip(name), message));
    let Some(dtype) = Dtype::from_name(&entry.dtype) else {
        return fail(format!("dtype: expected F32, F16, BF16 or F64, found `{}`", clip(&entry.dtype)));
    };
    let [from, to] = entry.data_offsets;
    if from > to || to > data.len() as u64 {
        return fail(format!("data_offsets: expected a range within {} bytes, found {from} to {to}", data.len()));
    }
    let size = entry.shape.0.iter().try_fold(dtype.size() as u64, |size, n| size.checked_mul(*n));
    if size != Some(to - from) {
        let shown = &entry.shape.0;
        return fail(format!(
            "shape {shown:?} as {} does not take the {} bytes of its offsets",
            entry.dtype,
            to - from
        ));
    }
    // With an element count that fits the file, each size fits too unless another one is 0.
    let Ok(shape) = entry.shape.0.iter().map(|n| usize::try_from(*n)).collect() else {
        return fail("shape: a size beyond this machine's words".to_owned());
    };
    Ok(TensorView { dtype, shape, data: &data[from as usize..to as usize] })
}

/// A tensor to write: name, row-major shape, values.
#[derive(Debug, Clone)]
pub struct Tensor<'a> {
    /// Name in the header.
    pub name: &'a str,
    /// Row-major shape.
    pub shape: &'a [usize],
    /// As many values as the shape says.
    pub data: &'a [f32],
}

/// Write F32 tensors and metadata as a safetensors file, in the given order; the same input gives the same bytes.
///
/// # Errors
/// `bad-input` when a shape does not fit its data or a name comes twice.
pub fn write(tensors: &[Tensor<'_>], metadata: &BTreeMap<String, String>) -> Result<Vec<u8>> {
    let mut header = serde_json::Map::new();
    if !metadata.is_empty() {
        header.insert("__metadata__".into(), serde_json::json!(metadata));
    }
    let mut end = 0;
    for tensor in tensors {
        let name = tensor.name;
        if tensor.shape.iter().product::<usize>() != tensor.data.len() {
            let found = tensor.data.len();
            return Err(Error::bad_input(format!("`{name}`: shape {:?} for {found} values", tensor.shape)));
        }
        let from = end;
        end += 4 * tensor.data.len();
        let entry = serde_json::json!({ "dtype": "F32", "shape": tensor.shape, "data_offsets": [from, end] });
        if header.insert(name.to_owned(), entry).is_some() {
            return Err(Error::bad_input(format!("`{name}`: the name comes twice")));
        }
    }
    let mut header = serde_json::Value::Object(header).to_string().into_bytes();
    header.resize(header.len().next_multiple_of(8), b' '); // the data begins aligned, as the format asks
    let mut bytes = Vec::with_capacity(8 + header.len() + end);
    bytes.extend((header.len() as u64).to_le_bytes());
    bytes.extend(header);
    for tensor in tensors {
        bytes.extend(tensor.data.iter().flat_map(|x| x.to_le_bytes()));
    }
    Ok(bytes)
}
