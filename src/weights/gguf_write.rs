//! The GGUF container, version 3: metadata values and encoded tensors → bytes.
//!
//! Not here: which keys and tensors a model has (`gguf_model.rs`).

use super::gguf::{DEFAULT_ALIGNMENT, MAGIC};
use super::quant::{self, QuantKind};
use crate::error::Result;

const TYPE_U32: u32 = 4;
const TYPE_I32: u32 = 5;
const TYPE_F32: u32 = 6;
const TYPE_BOOL: u32 = 7;
const TYPE_TEXT: u32 = 8;
const TYPE_ARRAY: u32 = 9;

/// Collects keys and tensors in the order they are given; the same calls give the same bytes.
#[derive(Debug, Default)]
pub struct Writer {
    key_count: u64,
    keys: Vec<u8>,
    tensor_count: u64,
    infos: Vec<u8>,
    data: Vec<u8>,
}

impl Writer {
    /// Add an unsigned number.
    pub fn u32(&mut self, key: &str, value: u32) {
        self.key(key, TYPE_U32);
        self.keys.extend(value.to_le_bytes());
    }

    /// Add a float.
    pub fn f32(&mut self, key: &str, value: f32) {
        self.key(key, TYPE_F32);
        self.keys.extend(value.to_le_bytes());
    }

    /// Add a truth value.
    pub fn bool(&mut self, key: &str, value: bool) {
        self.key(key, TYPE_BOOL);
        self.keys.push(u8::from(value));
    }

    /// Add a text.
    pub fn text(&mut self, key: &str, value: &str) {
        self.key(key, TYPE_TEXT);
        push_text(&mut self.keys, value);
    }

    /// Add an array of texts.
    pub fn texts(&mut self, key: &str, values: &[String]) {
        self.array(key, TYPE_TEXT, values.len());
        for value in values {
            push_text(&mut self.keys, value);
        }
    }

    /// Add an array of signed numbers.
    pub fn i32s(&mut self, key: &str, values: &[i32]) {
        self.array(key, TYPE_I32, values.len());
        self.keys.extend(values.iter().flat_map(|x| x.to_le_bytes()));
    }

    /// Encode and add a tensor of row-major `shape`.
    ///
    /// # Errors
    /// Those of [`quant::quantise`]: values that are not finite or too large for `kind`.
    pub fn tensor(&mut self, name: &str, shape: &[usize], kind: QuantKind, values: &[f32]) -> Result<()> {
        self.tensor_count += 1;
        push_text(&mut self.infos, name);
        self.infos.extend((shape.len() as u32).to_le_bytes());
        self.infos.extend(shape.iter().rev().flat_map(|n| (*n as u64).to_le_bytes()));
        self.infos.extend(kind.ggml_type().to_le_bytes());
        self.infos.extend((self.data.len() as u64).to_le_bytes());
        quant::quantise(kind, values, &mut self.data)?;
        pad(&mut self.data);
        Ok(())
    }

    /// The whole file.
    #[must_use]
    pub fn finish(self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(64 + self.keys.len() + self.infos.len() + self.data.len());
        bytes.extend(MAGIC);
        bytes.extend(3u32.to_le_bytes());
        bytes.extend(self.tensor_count.to_le_bytes());
        bytes.extend(self.key_count.to_le_bytes());
        bytes.extend(self.keys);
        bytes.extend(self.infos);
        pad(&mut bytes);
        bytes.extend(self.data);
        bytes
    }

    fn key(&mut self, key: &str, kind: u32) {
        self.key_count += 1;
        push_text(&mut self.keys, key);
        self.keys.extend(kind.to_le_bytes());
    }

    fn array(&mut self, key: &str, element: u32, length: usize) {
        self.key(key, TYPE_ARRAY);
        self.keys.extend(element.to_le_bytes());
        self.keys.extend((length as u64).to_le_bytes());
    }
}

fn push_text(out: &mut Vec<u8>, text: &str) {
    out.extend((text.len() as u64).to_le_bytes());
    out.extend(text.as_bytes());
}

fn pad(bytes: &mut Vec<u8>) {
    bytes.resize(bytes.len().next_multiple_of(DEFAULT_ALIGNMENT as usize), 0);
}
