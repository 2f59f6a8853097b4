//! A language model's file on the device: what it will take there, known from its header, and its tensors streamed block by block.
//!
//! Not here: the file (`weights/large.rs`), its blocks (`weights/large_blocks.rs`), where they lie (`workspace.rs`).

use super::capacity::{BESIDE_BYTES, MAX_CANDIDATES, beside_limit};
use super::sizes::sizes;
use super::slots::Slot;
use super::{Capacity, GpuEngine, Variant};
use crate::engine::packed::LoadListener;
use crate::error::Result;
use crate::model::config::ModelConfig;
use crate::model::lora::LoraConfig;
use crate::model::params::layout;
use crate::weights::blocks::{BINDING, BlockPlan, BlockRows};
use crate::weights::large::Large;
use crate::weights::plan::{LEARNING_LENGTH, LEARNING_ROWS, LOGITS_TILE, LearningPlan, MemoryPlan};
use crate::weights::source::Source;

/// Bytes written between two submits, before which the driver keeps a copy of all that was written.
const FLUSH: u64 = 16 << 20;
/// Steps between two read-backs that the plan counts with.
const CHUNK: usize = 32;

/// The model's sizes with room for `context` positions only: tables for all that a model was made for may be larger than the model.
fn shortened(large: &Large, context: usize) -> ModelConfig {
    let most = large.config.max_position_embeddings;
    ModelConfig { max_position_embeddings: context.clamp(1, most), ..large.config.clone() }
}

fn room(config: &ModelConfig, rows: usize) -> Capacity {
    let context = config.max_position_embeddings;
    let candidates = MAX_CANDIDATES.min(config.vocab_size);
    Capacity { rows, context, tokens: context, candidates, chunk: CHUNK, ..Capacity::default() }
}

/// What `rows` rows of at most `context` positions take of the device, blends of 64 candidates included: `largest_tensor` is the
/// largest buffer, which the adapter must allow.
///
/// # Errors
/// `bad-input` where the model has fewer positions, or sizes that no kernel can run; `bad-weights` for rows that are not whole blocks.
pub fn device_plan(large: &Large, rows: usize, context: usize) -> Result<MemoryPlan> {
    let mut plan = large.plan(rows, context)?;
    let config = shortened(large, context);
    let capacity = room(&config, rows);
    capacity.validate(&config)?;
    let blocks = large.block_plan()?;
    plan.weights = blocks.bytes();
    (plan.cache, plan.scratch) = (0, 0);
    (plan.largest_tensor, plan.largest_tensor_name) = (blocks.largest(), "weights".to_owned());
    for (slot, words) in sizes(&config, &capacity) {
        let bytes = 4 * words as u64;
        match slot {
            Slot::Weights => continue,
            Slot::Keys(_) | Slot::Values(_) => plan.cache += bytes,
            _ => plan.scratch += bytes,
        }
        if bytes > plan.largest_tensor {
            (plan.largest_tensor, plan.largest_tensor_name) = (bytes, format!("{slot:?}"));
        }
    }
    let (lora, usual) = (LoraConfig::default(), (LEARNING_ROWS, LEARNING_LENGTH.min(context)));
    plan.learning = usual_learning_plan(&config, &lora, usual).total();
    Ok(plan)
}

/// What an adapter takes while it learns on a device, beside what thinking in one row takes: see [`LearningPlan::new`]. What grows with the
/// positions of a pass may take `room_left` bytes.
#[must_use]
pub fn learning_plan(
    config: &ModelConfig,
    lora: &LoraConfig,
    (sequences, length): (usize, usize),
    room_left: u64,
) -> LearningPlan {
    let span = length.next_multiple_of(4); // at worst
    let limit = beside_limit(config, span, room_left.min(BESIDE_BYTES), BINDING);
    let positions = sequences.saturating_mul(length).min(limit).max(length);
    let think = |rows| Capacity { rows, context: length, tokens: length, ..room(config, rows) };
    let learn = Capacity {
        tokens: positions,
        span,
        tile: LOGITS_TILE,
        beside: positions,
        adapter: lora.count(config),
        ranks: lora.r * lora.target_modules.len(),
        ..think(sequences)
    };
    let sum = |capacity: &Capacity, of: &dyn Fn(Slot) -> bool| {
        let sizes = sizes(config, capacity).into_iter().filter(|(slot, _)| *slot != Slot::Weights && of(*slot));
        sizes.map(|(_, words)| 4 * words as u64).sum::<u64>()
    };
    let more = |of: &dyn Fn(Slot) -> bool| sum(&learn, of) - sum(&think(1), of);
    let parameters = more(&|slot| matches!(slot, Slot::Adapter | Slot::AdapterGradient));
    let moments = more(&|slot| matches!(slot, Slot::Moment1 | Slot::Moment2));
    let kept = more(&|slot| matches!(slot, Slot::Input(_)));
    let logits = more(&|slot| matches!(slot, Slot::Logits | Slot::DLogits));
    LearningPlan {
        parameters,
        moments,
        // The reference on the device; start and best moment on the host.
        references: 3 * 4 * lora.count(config) as u64,
        kept,
        passes: more(&|_| true) - parameters - moments - kept - logits,
        logits,
        positions,
    }
}

/// [`learning_plan`] before a device is open, which may leave less room.
#[must_use]
pub fn usual_learning_plan(config: &ModelConfig, lora: &LoraConfig, size: (usize, usize)) -> LearningPlan {
    learning_plan(config, lora, size, BESIDE_BYTES)
}

impl GpuEngine {
    /// Opens a device and brings a language model's weights there, which stay in blocks; room for work is made as it is asked for.
    /// That one row of `context` positions fits `memory` bytes and the adapter is known before the first tensor is read.
    ///
    /// # Errors
    /// `out-of-memory` with the numbers; those of [`device_plan`] and [`Gpu::open`](super::Gpu::open); what the source says.
    pub async fn load<S: Source>(
        large: &Large,
        source: &mut S,
        (context, memory): (usize, u64),
        on_progress: &mut LoadListener<'_>,
    ) -> Result<Self> {
        let config = shortened(large, context);
        let needed = device_plan(large, 1, config.max_position_embeddings)?;
        needed.fit(memory)?;
        let plan: BlockPlan = large.block_plan()?;
        let largest = needed.largest_tensor;
        let mut engine =
            Self::open_blocks_within(&config, plan, Capacity::default(), Variant::ByAdapter, largest).await?;
        engine.beside_room = BESIDE_BYTES.min(memory - needed.total()); // it fits
        engine.fill(large, source, on_progress).await?;
        Ok(engine)
    }

    /// What learning by an adapter of this shape takes more, for so many completions of one question, so long with their prompt.
    #[must_use]
    pub fn learning_plan(&self, lora: &LoraConfig, sequences: usize, length: usize) -> LearningPlan {
        learning_plan(&self.config, lora, (sequences, length), self.beside_room)
    }

    async fn fill<S: Source>(&self, large: &Large, source: &mut S, on_progress: &mut LoadListener<'_>) -> Result<()> {
        let specs = layout(&self.config);
        let total = specs.iter().map(|spec| spec.len as u64).sum();
        let (mut read, mut waiting) = (0, 0);
        for spec in &specs {
            on_progress(read, total);
            if spec.shape.len() == 2 {
                let write = &mut |first: usize, rows: &BlockRows| {
                    self.write_rows(&spec.name, first, rows)?;
                    waiting += 4 * rows.words.len() as u64 + 8 * rows.pairs.len() as u64;
                    if waiting >= FLUSH {
                        self.gpu.submit(self.gpu.encoder());
                        waiting = 0;
                    }
                    Ok(())
                };
                large.blocks(source, spec, write).await?;
            } else {
                self.write_vector(&spec.name, &large.vector(source, spec).await?)?;
            }
            read += spec.len as u64;
        }
        if let Some(divisors) = large.rope_divisors(source).await? {
            self.workspace.write_rope(&self.gpu, &self.config, Some(&divisors))?;
        }
        self.copy_out(Slot::Vectors, 1).await?; // what went wrong on the device comes to light here
        on_progress(total, total);
        Ok(())
    }
}
