//! Every buffer of the engine, made for a stated capacity and made anew only when a larger one is asked for.
//!
//! Not here: what lies in them (`slots.rs`), what is computed in them (`calls/`).

use super::capacity::Capacity;
use super::device::{Buffer, Gpu, Role};
use super::sizes::sizes;
use super::slots::Slot;
use crate::error::{Error, Result};
use crate::math::rope::rates;
use crate::model::config::ModelConfig;
use crate::weights::blocks::{BlockPlan, Part};

/// All buffers.
pub struct Workspace {
    buffers: Vec<(Slot, Buffer)>,
    staging: Option<Buffer>,
    /// Whether the weights are in blocks, and the flat parameters are not there.
    in_blocks: bool,
}

impl Workspace {
    /// Makes all buffers; those of weights in blocks where there is a plan of them.
    ///
    /// # Errors
    /// `out-of-memory`, naming the buffer.
    pub async fn new(gpu: &Gpu, config: &ModelConfig, capacity: &Capacity, blocks: Option<&BlockPlan>) -> Result<Self> {
        let mut workspace = Self { buffers: Vec::new(), staging: None, in_blocks: blocks.is_some() };
        if let Some(plan) = blocks {
            workspace.pack(gpu, plan).await?;
        }
        workspace.grow(gpu, config, capacity).await?;
        workspace.write_rope(gpu, config, None)?;
        Ok(workspace)
    }

    /// Writes the cosines and sines of positions, each rate divided by its number (head_dim / 2) where there are some: Llama 3's scaled
    /// positions.
    ///
    /// # Errors
    /// `not-ready` where growing failed half-way.
    pub fn write_rope(&self, gpu: &Gpu, config: &ModelConfig, divisors: Option<&[f32]>) -> Result<()> {
        gpu.write(self.buffer(Slot::Rope)?, 0, bytemuck::cast_slice(&rope_table(config, divisors)));
        Ok(())
    }

    /// Makes what is missing or too small for `capacity` and says what; what depends on the model alone is kept, with its contents.
    ///
    /// # Errors
    /// `out-of-memory`, naming the buffer.
    pub async fn grow(&mut self, gpu: &Gpu, config: &ModelConfig, capacity: &Capacity) -> Result<Vec<Slot>> {
        let (mut staged, mut made) = (16, Vec::new());
        for (slot, words) in sizes(config, capacity) {
            if slot == Slot::Weights && self.in_blocks {
                continue;
            }
            let bytes = 4 * words as u64;
            if [Slot::Record, Slot::Logits, Slot::Scores, Slot::Weights, Slot::Adapter].contains(&slot) {
                staged = staged.max(bytes);
            }
            if self.make(gpu, slot, bytes).await? {
                made.push(slot);
            }
        }
        if self.staging.as_ref().is_none_or(|staging| staging.raw().size() < staged) {
            self.staging = None;
            self.staging = Some(gpu.buffer("staging", staged, Role::Staging).await?);
        }
        Ok(made)
    }

    /// Makes a buffer that is missing or too small, and says whether it did.
    async fn make(&mut self, gpu: &Gpu, slot: Slot, bytes: u64) -> Result<bool> {
        let place = self.buffers.iter().position(|(other, _)| *other == slot);
        if place.is_some_and(|place| self.buffers[place].1.raw().size() >= bytes) {
            return Ok(false);
        }
        // The old one first, so that both need not fit.
        if let Some(place) = place {
            self.buffers.swap_remove(place);
        }
        self.buffers.push((slot, gpu.buffer(&format!("{slot:?}"), bytes, Role::Storage).await?));
        Ok(true)
    }

    /// Makes buffers beside those of the transformer, slots and 4-byte words, and says which were missing or too small.
    ///
    /// # Errors
    /// `out-of-memory`, naming the buffer.
    pub async fn grow_to(&mut self, gpu: &Gpu, sizes: &[(Slot, usize)]) -> Result<Vec<Slot>> {
        let mut made = Vec::new();
        for (slot, words) in sizes {
            if self.make(gpu, *slot, 4 * *words as u64).await? {
                made.push(*slot);
            }
        }
        Ok(made)
    }

    /// Makes the buffers of weights in blocks, in the place of the flat ones.
    ///
    /// # Errors
    /// `out-of-memory`: then the flat ones are there still.
    pub async fn pack(&mut self, gpu: &Gpu, plan: &BlockPlan) -> Result<()> {
        let mut made = Vec::new();
        for (slot, bytes) in parts(plan) {
            made.push((slot, gpu.buffer(&format!("{slot:?}"), bytes, Role::Storage).await?));
        }
        self.buffers.retain(|(slot, _)| *slot != Slot::Weights);
        self.buffers.extend(made);
        self.in_blocks = true;
        Ok(())
    }

    /// Puts flat weights in the place of packed ones.
    ///
    /// # Errors
    /// `out-of-memory`: then the packed ones are there still.
    pub async fn unpack(&mut self, gpu: &Gpu, params: &[f32]) -> Result<()> {
        let buffer = gpu.buffer("Weights", 4 * params.len() as u64, Role::Storage).await?;
        gpu.write(&buffer, 0, bytemuck::cast_slice(params));
        self.buffers.retain(|(slot, _)| !matches!(slot, Slot::Pairs(_) | Slot::Quants(_) | Slot::Vectors));
        self.buffers.push((Slot::Weights, buffer));
        self.in_blocks = false;
        Ok(())
    }

    /// The buffer of a slot.
    ///
    /// # Errors
    /// `not-ready` for what was not made: the reference before one was frozen, layers that do not exist.
    pub fn buffer(&self, slot: Slot) -> Result<&Buffer> {
        let found = self.buffers.iter().find(|(other, _)| *other == slot);
        found.map(|(_, buffer)| buffer).ok_or_else(|| Error::NotReady(format!("the GPU buffer {slot:?} was not made")))
    }

    /// Where numbers are copied to be read.
    ///
    /// # Errors
    /// `not-ready` where growing failed half-way.
    pub fn staging(&self) -> Result<&Buffer> {
        self.staging.as_ref().ok_or_else(|| Error::NotReady("the GPU's staging buffer was not made".into()))
    }
}

/// The buffers of weights in blocks and their bytes.
fn parts(plan: &BlockPlan) -> impl Iterator<Item = (Slot, u64)> {
    let both = |(index, part): (usize, &Part)| {
        [(Slot::Pairs(index), 8 * part.pairs as u64), (Slot::Quants(index), 4 * part.words as u64)]
    };
    plan.parts().iter().enumerate().flat_map(both).chain([(Slot::Vectors, 4 * plan.vector_len() as u64)])
}

/// Cosines and sines (positions, head_dim / 2, 2), in f64 until the last step: a GPU's own are too coarse.
fn rope_table(config: &ModelConfig, divisors: Option<&[f32]>) -> Vec<f32> {
    let divisor = |i: usize| divisors.and_then(|all| all.get(i)).map_or(1.0, |d| f64::from(*d));
    let plain = rates(config.head_dim, config.rope_theta);
    let rates: Vec<f64> = plain.iter().enumerate().map(|(i, rate)| rate / divisor(i)).collect();
    let mut table = Vec::with_capacity(config.max_position_embeddings * config.head_dim);
    for position in 0..config.max_position_embeddings {
        for rate in &rates {
            let angle = position as f64 * rate;
            table.extend([angle.cos() as f32, angle.sin() as f32]);
        }
    }
    table
}
