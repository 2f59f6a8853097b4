//! Blocks of weight files, read bit for bit as the `gguf` package reads them.
//!
//! Not here: what the kinds mean (`weights/quant/`).

use serde::Deserialize;

use super::groups::Groups;
use crate::error::{Error, Result};
use crate::weights::quant::{QuantKind, dequantise};

/// Bytes and values (f32, little-endian) in hexadecimal.
#[derive(Deserialize)]
pub struct BlocksCase {
    kind: String,
    bytes: String,
    values: String,
}

pub fn blocks_case(groups: &mut Groups, case: &BlocksCase) -> Result<()> {
    let kind = QuantKind::ALL.into_iter().find(|kind| kind.name() == case.kind);
    let kind = kind.ok_or_else(|| Error::bad_input(format!("`kind` must be one of {}", QuantKind::names())))?;
    let expected: Vec<u32> =
        hexadecimal(&case.values)?.as_chunks::<4>().0.iter().map(|four| u32::from_le_bytes(*four)).collect();
    let mut found = vec![0.0; expected.len()];
    dequantise(kind, &hexadecimal(&case.bytes)?, &mut found)?;
    // Adding 0 makes −0 and 0 one number.
    let bits = |value: f32| (value + 0.0).to_bits();
    let expected: Vec<u32> = expected.into_iter().map(|b| bits(f32::from_bits(b))).collect();
    groups.exact("blocks/values", &found.into_iter().map(bits).collect::<Vec<_>>(), &expected);
    Ok(())
}

fn hexadecimal(text: &str) -> Result<Vec<u8>> {
    let pair = |pair: &[u8]| std::str::from_utf8(pair).ok().and_then(|pair| u8::from_str_radix(pair, 16).ok());
    let bytes: Option<Vec<u8>> = text.as_bytes().chunks(2).map(pair).collect();
    bytes.ok_or_else(|| Error::bad_input("`bytes` and `values` must be hexadecimal"))
}
