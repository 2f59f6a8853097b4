//! Weights that stay in blocks: an engine that is opened for them and filled as they are read, and one that packs what it has.
//!
//! Not here: where they lie (`weights/blocks.rs`), what is computed from them (`calls/blocks.rs`).

use super::calls::Forward;
use super::sizes::largest_buffer;
use super::slots::Slot;
use super::workspace::Workspace;
use super::{Capacity, Gpu, GpuEngine, Variant};
use crate::engine::check::no_adapter;
use crate::error::{Error, Result};
use crate::model::config::ModelConfig;
use crate::model::params::layout;
use crate::weights::Packed;
use crate::weights::blocks::{BINDING, BlockPlan, BlockRows};

impl GpuEngine {
    /// An engine whose weights stay in blocks, with room for `capacity`, and zeros until [`GpuEngine::write_rows`] and
    /// [`GpuEngine::write_vector`] have brought every parameter. They are frozen; an adapter may learn beside them.
    ///
    /// # Errors
    /// `bad-input` when the configuration or the capacity is out of range; those of [`Gpu::open`].
    pub async fn open_blocks(
        config: &ModelConfig,
        plan: BlockPlan,
        capacity: Capacity,
        variant: Variant,
    ) -> Result<Self> {
        Self::open_blocks_within(config, plan, capacity, variant, 0).await
    }

    /// The same on a device that allows buffers of `largest` bytes too, for room that is made later.
    pub(super) async fn open_blocks_within(
        config: &ModelConfig,
        plan: BlockPlan,
        capacity: Capacity,
        variant: Variant,
        largest: u64,
    ) -> Result<Self> {
        config.validate()?;
        capacity.validate(config)?;
        let largest = largest.max(plan.largest()).max(largest_buffer(config, &capacity, true));
        let gpu = Gpu::open(largest).await?;
        gpu.check_size(largest, config)?;
        let workspace = Workspace::new(&gpu, config, &capacity, Some(&plan)).await?;
        let forward = Forward::new(config, capacity.context, variant.is_plain(&gpu))?.over(plan)?;
        Ok(Self::of_parts(config.clone(), capacity, gpu, workspace, forward))
    }

    /// Writes rows of a matrix, from row `first` on: a whole one, or a stretch as it comes from a file.
    ///
    /// # Errors
    /// `bad-weights` for names and rows that the plan does not have.
    pub fn write_rows(&self, name: &str, first: usize, rows: &BlockRows) -> Result<()> {
        let missing = || Error::bad_weights(name, "the model has no such matrix in blocks");
        let (width, pieces) = self.forward.plan().and_then(|plan| plan.matrix(name)).ok_or_else(missing)?;
        let (words, pairs) = (rows.kind.row_words(width), rows.kind.row_pairs(width));
        let count = rows.words.len() / words;
        let mut written = 0;
        for piece in pieces.iter().filter(|piece| piece.kind == rows.kind) {
            let from = first.max(piece.first_row);
            let to = (first + count).min(piece.first_row + piece.rows);
            if from >= to {
                continue;
            }
            let (ours, theirs, count) = (from - first, from - piece.first_row, to - from);
            let levels = &rows.words[ours * words..][..count * words];
            let scales = &rows.pairs[ours * pairs..][..count * pairs];
            let (levels_at, scales_at) = (piece.first_word + theirs * words, piece.first_pair + theirs * pairs);
            let (quants, table) = (Slot::Quants(piece.part), Slot::Pairs(piece.part));
            self.gpu.write(self.workspace.buffer(quants)?, 4 * levels_at as u64, bytemuck::cast_slice(levels));
            self.gpu.write(self.workspace.buffer(table)?, 8 * scales_at as u64, bytemuck::cast_slice(scales));
            written += count;
        }
        if written == count && rows.words.len() == count * words && rows.pairs.len() == count * pairs {
            return Ok(());
        }
        let (kind, end) = (rows.kind, first + count);
        Err(Error::bad_weights(
            name,
            format!("rows {first} to {end} of {kind:?} are not those the model was planned with"),
        ))
    }

    /// Writes a norm or a bias.
    ///
    /// # Errors
    /// `bad-weights` for names and lengths that the plan does not have.
    pub fn write_vector(&self, name: &str, values: &[f32]) -> Result<()> {
        let plan = self.forward.plan();
        let place = plan.and_then(|plan| plan.vector(name).zip(plan.find(name)));
        let (len, at) = place.ok_or_else(|| Error::bad_weights(name, "the model has no such vector beside blocks"))?;
        if values.len() != len {
            return Err(Error::bad_weights(name, format!("expected {len} numbers, {} came", values.len())));
        }
        self.gpu.write(self.workspace.buffer(Slot::Vectors)?, 4 * at as u64, bytemuck::cast_slice(values));
        Ok(())
    }

    /// Keeps the weights in blocks of 8 or 4 bits, from which every product reads them, until something is learned. `packed` must be
    /// the parameters the engine has.
    ///
    /// # Errors
    /// `bad-weights` for those of another model, `out-of-memory`.
    pub async fn pack(&mut self, packed: Packed) -> Result<()> {
        let plan = BlockPlan::new(&self.config, BINDING, |_| packed.kind())?;
        self.workspace.pack(&self.gpu, &plan).await?;
        self.workspace.grow(&self.gpu, &self.config, &self.capacity).await?;
        self.programs.clear();
        let flat = Forward::new(&self.config, self.capacity.context, self.forward.is_plain())?;
        self.forward = flat.over(plan)?;
        for spec in layout(&self.config) {
            match packed.rows(&spec) {
                Some(rows) => self.write_rows(&spec.name, 0, &rows)?,
                None => self.write_vector(&spec.name, packed.vector(&spec))?,
            }
        }
        self.packed = Some(packed);
        Ok(())
    }

    /// Whether the weights are in blocks.
    #[must_use]
    pub fn is_packed(&self) -> bool {
        self.forward.plan().is_some()
    }

    /// Whether they are for good: an adapter may learn beside them.
    #[must_use]
    pub fn is_frozen(&self) -> bool {
        self.is_packed() && self.packed.is_none()
    }

    /// Makes sure that the flat parameters are on the device.
    ///
    /// # Errors
    /// `bad-input` where there never were any, `out-of-memory`.
    pub(super) async fn unpack(&mut self) -> Result<()> {
        if !self.is_packed() {
            return Ok(());
        }
        let params = self.flat()?;
        let forward = Forward::new(&self.config, self.capacity.context, self.forward.is_plain())?;
        self.workspace.unpack(&self.gpu, &params).await?;
        self.programs.clear();
        (self.forward, self.packed) = (forward, None);
        Ok(())
    }

    /// The flat parameters that the blocks stand for.
    ///
    /// # Errors
    /// `bad-input` where there never were any.
    pub(super) fn flat(&self) -> Result<Vec<f32>> {
        let packed = self.packed.as_ref().ok_or_else(no_adapter)?;
        Ok(packed.unpack(&self.config))
    }
}
