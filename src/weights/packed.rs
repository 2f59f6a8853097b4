//! A model's matrices kept in ggml's blocks, all scales, then all quants.
//!
//! Not here: unpacked parameters (`gguf_model.rs`), how a GPU reads them (`blocks.rs`).

use half::f16;

use super::blocks::{BlockKind, BlockRows};
use super::quant::{BLOCK, QuantKind};
use crate::model::config::ModelConfig;
use crate::model::params::{ParamSpec, count, layout};

/// Where a tensor lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// A matrix: its first block.
    Blocks(usize),
    /// A norm or a bias: its first element among the vectors.
    Vector(usize),
}

/// All parameters of a model, in the order of `model::params::layout`.
#[derive(Clone, Debug, PartialEq)]
pub struct Packed {
    bits: u32,
    scales: Vec<f32>,
    quants: Vec<u32>,
    vectors: Vec<f32>,
    places: Vec<(ParamSpec, Place)>,
}

impl Packed {
    /// An empty one for matrices of `kind`; nothing for kinds without a kernel.
    pub(super) fn of_kind(kind: QuantKind) -> Option<Self> {
        let bits = match kind {
            QuantKind::Q8_0 => 8,
            QuantKind::Q4_0 => 4,
            _ => return None,
        };
        Some(Self { bits, scales: Vec::new(), quants: Vec::new(), vectors: Vec::new(), places: Vec::new() })
    }

    /// Appends a norm or a bias.
    pub(super) fn push_vector(&mut self, spec: &ParamSpec, values: &[f32]) {
        self.places.push((spec.clone(), Place::Vector(self.vectors.len())));
        self.vectors.extend_from_slice(values);
    }

    /// Appends a matrix from its blocks, row by row.
    pub(super) fn push_matrix<'a>(&mut self, spec: &ParamSpec, rows: impl Iterator<Item = &'a [u8]>) {
        self.places.push((spec.clone(), Place::Blocks(self.scales.len())));
        let block_bytes = 2 + BLOCK * self.bits as usize / 8;
        for block in rows.flat_map(|row| row.chunks_exact(block_bytes)) {
            self.scales.push(f16::from_le_bytes([block[0], block[1]]).to_f32());
            let words = block[2..].chunks_exact(4).map(|four| u32::from_le_bytes([four[0], four[1], four[2], four[3]]));
            self.quants.extend(words);
        }
    }

    /// Bits of a weight: 8 (Q8_0) or 4 (Q4_0).
    #[must_use]
    pub fn bits(&self) -> u32 {
        self.bits
    }

    /// How the matrices are written on a device.
    #[must_use]
    pub fn kind(&self) -> BlockKind {
        if self.bits == 4 { BlockKind::NIBBLES } else { BlockKind::BYTES }
    }

    /// A matrix as a device reads it; nothing for norms and biases.
    #[must_use]
    pub fn rows(&self, spec: &ParamSpec) -> Option<BlockRows> {
        let Some(Place::Blocks(first)) = self.place(&spec.name) else { return None };
        let (end, words) = (first + spec.len / BLOCK, self.bits as usize);
        let zero = if self.bits == 4 { 8.0 } else { 0.0 }; // the level that stands for 0
        let pairs = self.scales[first..end].iter().map(|scale| [*scale, -zero * scale]).collect();
        Some(BlockRows { kind: self.kind(), words: self.quants[first * words..end * words].to_vec(), pairs })
    }

    /// The elements of a norm or a bias; none of a matrix.
    #[must_use]
    pub fn vector(&self, spec: &ParamSpec) -> &[f32] {
        match self.place(&spec.name) {
            Some(Place::Vector(at)) => self.vectors.get(at..at + spec.len).unwrap_or_default(),
            _ => &[],
        }
    }

    /// Where the tensor of a Hugging Face name lies.
    #[must_use]
    pub fn place(&self, name: &str) -> Option<Place> {
        self.places.iter().find(|(spec, _)| spec.name == name).map(|(_, place)| *place)
    }

    /// The flat parameters, exactly those that reading the file unpacked gives.
    #[must_use]
    pub fn unpack(&self, config: &ModelConfig) -> Vec<f32> {
        let mut params = vec![0.0; count(config)];
        for spec in layout(config) {
            let values = &mut params[spec.range()];
            match self.place(&spec.name) {
                Some(Place::Vector(at)) => values.copy_from_slice(&self.vectors[at..at + spec.len]),
                Some(Place::Blocks(first)) => {
                    for (block, values) in values.chunks_exact_mut(BLOCK).enumerate() {
                        self.unpack_block(first + block, values);
                    }
                }
                None => {}
            }
        }
        params
    }

    fn unpack_block(&self, block: usize, values: &mut [f32]) {
        let (words, scale) = (self.bits as usize, self.scales[block]);
        let byte = |i: usize| (self.quants[block * words + i / 4] >> (8 * (i % 4))) as u8;
        for (i, value) in values.iter_mut().enumerate() {
            let q = match self.bits {
                8 => i32::from(byte(i) as i8),
                _ => i32::from(byte(i % 16) >> (4 * (i / 16)) & 15) - 8,
            };
            *value = scale * q as f32;
        }
    }
}
