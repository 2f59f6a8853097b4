//! The JSON header of a safetensors file, read entry by entry.
//!
//! Not here: whether offsets and shapes fit the data (`safetensors.rs`).

use std::collections::BTreeMap;
use std::fmt;

use serde::Deserialize;
use serde::de::{Error as _, MapAccess, SeqAccess, Visitor};

use super::{MAX_TENSORS, clip};
use crate::error::{Error, Result};

/// Most entries of `__metadata__`.
const MAX_METADATA: usize = 4096;
/// Most dimensions of a tensor.
const MAX_DIMS: usize = 8;

/// What the header says of one tensor; nothing of it is checked yet.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Entry {
    pub(super) dtype: String,
    pub(super) shape: Shape,
    /// First byte and one past the last, from the end of the header.
    pub(super) data_offsets: [u64; 2],
}

/// Sizes of a tensor, bounded in number.
pub(super) struct Shape(pub(super) Vec<u64>);

impl<'de> Deserialize<'de> for Shape {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        deserializer.deserialize_seq(ShapeVisitor)
    }
}

struct ShapeVisitor;

impl<'de> Visitor<'de> for ShapeVisitor {
    type Value = Shape;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of sizes")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> std::result::Result<Shape, A::Error> {
        let mut shape = Vec::new();
        while let Some(size) = list.next_element()? {
            if shape.len() == MAX_DIMS {
                return Err(A::Error::custom(format_args!("shape: expected at most {MAX_DIMS} sizes, found more")));
            }
            shape.push(size);
        }
        Ok(Shape(shape))
    }
}

/// The parsed header.
pub(super) struct Header {
    pub(super) metadata: BTreeMap<String, String>,
    pub(super) entries: BTreeMap<String, Entry>,
}

/// Parse the header's JSON: bounded in entries, no name twice.
///
/// # Errors
/// `bad-weights` naming the tensor at fault, or `header` when the JSON itself is broken.
pub(super) fn parse(json: &[u8]) -> Result<Header> {
    let mut fault = None;
    let mut parser = serde_json::Deserializer::from_slice(json);
    let parsed = serde::Deserializer::deserialize_map(&mut parser, HeaderVisitor { fault: &mut fault });
    let parsed = parsed.and_then(|header| parser.end().map(|()| header));
    parsed.map_err(|e| fault.unwrap_or_else(|| Error::bad_weights("header", clip(&format!("not valid JSON: {e}")))))
}

/// Reads the header entry by entry, so that it can stop at the first fault and say at which name.
struct HeaderVisitor<'f> {
    fault: &'f mut Option<Error>,
}

impl HeaderVisitor<'_> {
    fn stop<E: serde::de::Error>(&mut self, name: &str, message: impl fmt::Display) -> E {
        *self.fault = Some(Error::bad_weights(clip(name), clip(&message.to_string())));
        E::custom("see fault")
    }
}

impl<'de> Visitor<'de> for HeaderVisitor<'_> {
    type Value = Header;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object of tensors")
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut map: A) -> std::result::Result<Header, A::Error> {
        let mut header = Header { metadata: BTreeMap::new(), entries: BTreeMap::new() };
        while let Some(name) = map.next_key::<String>()? {
            if name == "__metadata__" {
                header.metadata = map.next_value::<Metadata>().map_err(|e| self.stop::<A::Error>(&name, e))?.0;
                continue;
            }
            if header.entries.len() >= MAX_TENSORS {
                return Err(self.stop("header", format!("expected at most {MAX_TENSORS} tensors, found more")));
            }
            let entry = map.next_value().map_err(|e| self.stop::<A::Error>(&name, e))?;
            if header.entries.contains_key(&name) {
                return Err(self.stop(&name, "the tensor comes twice"));
            }
            header.entries.insert(name, entry);
        }
        Ok(header)
    }
}

/// The `__metadata__` object, bounded in entries.
struct Metadata(BTreeMap<String, String>);

impl<'de> Deserialize<'de> for Metadata {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        deserializer.deserialize_map(MetadataVisitor)
    }
}

struct MetadataVisitor;

impl<'de> Visitor<'de> for MetadataVisitor {
    type Value = Metadata;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object of strings")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> std::result::Result<Metadata, A::Error> {
        let mut metadata = BTreeMap::new();
        while let Some((key, value)) = map.next_entry()? {
            metadata.insert(key, value);
            if metadata.len() > MAX_METADATA {
                return Err(A::Error::custom(format_args!("expected at most {MAX_METADATA} entries, found more")));
            }
        }
        Ok(Metadata(metadata))
    }
}
