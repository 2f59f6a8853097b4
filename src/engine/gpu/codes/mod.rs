//! The second lab's joint step on the device: items quantised level by level, the recommender's loss, its routes to the codebooks, AdamW
//! on both. One submit and one read-back a step; nothing is made after the first.
//!
//! Not here: which items and histories a step is about, noise, decays, kept ids, evaluation (`semantic_id/`, on the processor: they are a
//! few thousand numbers an epoch, or a search that branches at every place). Its formulas in f64: `semantic_id/exact.rs`.

mod calls;
mod pack;
mod slots;
mod step;

pub use self::pack::CodeBatch;
pub use self::slots::CodeSlot;
pub use self::step::{CodeReport, CodeShape, CodeState, CodeStep};

use self::calls::CodeCalls;
use self::pack::Packed;
use self::slots::{RECORD, sizes};
use super::capacity::{Capacity, MAX_GROUPS, MAX_TURNS, learn_limit};
use super::device::{Buffer, Gpu, Role};
use super::program::Task;
use super::recorder::Recorder;
use super::slots::Slot;
use super::{GpuEngine, Variant};
use crate::engine::Engine;
use crate::error::{Error, Result};
use crate::model::config::ModelConfig;
use crate::model::params::count;

const BOOKS: [CodeSlot; 3] = [CodeSlot::Books, CodeSlot::BookMoment1, CodeSlot::BookMoment2];
const MODEL: [Slot; 3] = [Slot::Weights, Slot::Moment1, Slot::Moment2];

/// A recommender and its codebooks on a device.
pub struct CodeTrainer {
    engine: GpuEngine,
    shape: CodeShape,
    staging: Buffer,
}

impl CodeTrainer {
    /// Opens a device and makes room for the largest batch.
    ///
    /// # Errors
    /// `bad-input` for what the kernels cannot do, naming what would fit; those of [`Gpu::open`].
    pub async fn open(config: &ModelConfig, state: &CodeState, shape: CodeShape) -> Result<Self> {
        Self::with_variant(config, state, shape, Variant::ByAdapter).await
    }

    /// As [`CodeTrainer::open`], with a say in which kernels run.
    ///
    /// # Errors
    /// Those of [`CodeTrainer::open`].
    pub async fn with_variant(
        config: &ModelConfig,
        state: &CodeState,
        shape: CodeShape,
        variant: Variant,
    ) -> Result<Self> {
        let mut engine = GpuEngine::with_variant(config, &state.model[0], Capacity::default(), variant).await?;
        let span = engine.forward.span(shape.most_time);
        check_room(config, &shape, span)?;
        let positions = shape.positions();
        let need =
            Capacity { tokens: positions, learn: positions, candidates: shape.levels + 1, span, ..engine.capacity };
        engine.make_room(&need).await?;
        engine.workspace.grow_to(&engine.gpu, &sizes(config, &shape)).await?;
        let read = shape.levels * shape.most_items * RECORD + shape.most_questions * (shape.levels + 1) + 4;
        let words = (read + shape.book_words()).max(count(config));
        let staging = engine.gpu.buffer("staging of codes", 4 * words as u64, Role::Staging).await?;
        let mut trainer = Self { engine, shape, staging };
        trainer.write(state)?;
        Ok(trainer)
    }

    /// The device, for its counts.
    #[must_use]
    pub fn gpu(&self) -> &Gpu {
        &self.engine.gpu
    }

    /// "GPU (WGSL) on llvmpipe, Vulkan".
    #[must_use]
    pub fn name(&self) -> String {
        self.engine.name()
    }

    /// Puts parameters and memory on the device; moments that are empty are zeros.
    ///
    /// # Errors
    /// `bad-input` when lengths are not those of the model and the codebooks.
    pub fn write(&mut self, state: &CodeState) -> Result<()> {
        let model =
            MODEL.into_iter().zip(&state.model).map(|(slot, numbers)| (slot, numbers, count(&self.engine.config)));
        let books = BOOKS.map(Slot::Code).into_iter().zip(&state.books);
        let books = books.map(|(slot, numbers)| (slot, numbers, self.shape.books()));
        for (slot, numbers, expected) in model.chain(books) {
            let zeros = vec![0.0; if numbers.is_empty() { expected } else { 0 }];
            let numbers = if numbers.is_empty() { &zeros } else { numbers };
            if numbers.len() != expected {
                let came = numbers.len();
                return Err(Error::bad_input(format!("{slot:?}: expected {expected} numbers, {came} came")));
            }
            self.engine.gpu.write(self.engine.workspace.buffer(slot)?, 0, bytemuck::cast_slice(numbers));
        }
        self.engine.time = state.time;
        Ok(())
    }

    /// Parameters and memory as they are now.
    ///
    /// # Errors
    /// Those of the device.
    pub async fn state(&self) -> Result<CodeState> {
        let (model, books) = (count(&self.engine.config), self.shape.books());
        let slots = MODEL.map(|slot| (slot, model)).into_iter().chain(BOOKS.map(|slot| (Slot::Code(slot), books)));
        let mut parts = self.read(&slots.collect::<Vec<_>>()).await?.into_iter();
        let mut next = || [(); 3].map(|()| parts.next().unwrap_or_default());
        Ok(CodeState { time: self.engine.time, model: next(), books: next() })
    }

    /// The gradients that the last step left, before clipping: of the recommender and of the codebooks.
    ///
    /// # Errors
    /// Those of the device.
    pub async fn gradients(&self) -> Result<[Vec<f32>; 2]> {
        let slots =
            [(Slot::Gradient, count(&self.engine.config)), (Slot::Code(CodeSlot::BookGradient), self.shape.books())];
        let mut parts = self.read(&slots).await?.into_iter();
        Ok([(); 2].map(|()| parts.next().unwrap_or_default()))
    }

    /// The first words of some buffers.
    async fn read(&self, slots: &[(Slot, usize)]) -> Result<Vec<Vec<f32>>> {
        let mut all = Vec::with_capacity(slots.len());
        for slot in slots {
            let mut recorder = Recorder::new(&self.engine.gpu);
            let words = self.copy(&mut recorder, std::slice::from_ref(slot))?;
            recorder.submit();
            let found = self.engine.gpu.read(&self.staging, 4 * words as u64).await?;
            all.push(bytemuck::pod_collect_to_vec(&found));
        }
        Ok(all)
    }

    /// Copies the first words of some buffers to the staging buffer, one after the other.
    fn copy(&self, recorder: &mut Recorder<'_>, slots: &[(Slot, usize)]) -> Result<usize> {
        let mut offset = 0;
        for (slot, words) in slots {
            let from = self.engine.workspace.buffer(*slot)?;
            recorder.copy_to(from, &self.staging, 4 * offset as u64, 4 * *words as u64);
            offset += words;
        }
        Ok(offset)
    }

    /// One step on a batch.
    ///
    /// # Errors
    /// `bad-input` where the batch does not fit; those of the device.
    pub async fn step(&mut self, batch: &CodeBatch<'_>, step: &CodeStep) -> Result<CodeReport> {
        let packed = Packed::new(batch, &self.shape)?;
        let time = self.engine.time + 1;
        let engine = &mut self.engine;
        packed.upload(batch, &self.shape, &engine.gpu, &engine.workspace)?;
        let parts =
            CodeCalls { forward: &engine.forward, config: &engine.config, shape: &self.shape, step, packed: &packed };
        let calls = parts.all(time);
        engine.programs.ready(&engine.gpu, &engine.workspace, Task::Codes, &calls).await?;
        let engine = &self.engine;
        let mut recorder = Recorder::new(&engine.gpu);
        let sums = [CodeSlot::Sums, CodeSlot::LabelSums, CodeSlot::BookGradient].map(Slot::Code);
        for slot in [Slot::DX, Slot::Gradient].into_iter().chain(sums) {
            recorder.clear(engine.workspace.buffer(slot)?, None);
        }
        let program = engine.programs.made(Task::Codes)?;
        recorder.run(program, 1);
        let words = self.copy(&mut recorder, &self.report_slots(&packed, step))?;
        recorder.submit();
        let found: Vec<u32> = bytemuck::pod_collect_to_vec(&engine.gpu.read(&self.staging, 4 * words as u64).await?);
        let report = self.report(&found, &packed, step);
        self.engine.time = time;
        Ok(report)
    }

    fn report_slots(&self, packed: &Packed, step: &CodeStep) -> Vec<(Slot, usize)> {
        let record = self.shape.levels * packed.items * RECORD;
        let mut slots = vec![(Slot::Report, 2), (Slot::Code(CodeSlot::Record), record)];
        slots.push((Slot::Code(CodeSlot::Losses), packed.pass.wanted));
        slots.extend(step.books.map(|_| (Slot::Code(CodeSlot::BookReport), 2)));
        slots.extend(step.read_books.then(|| (Slot::Code(CodeSlot::Books), self.shape.books())));
        slots
    }

    /// What the words that [`Self::report_slots`] names say.
    fn report(&self, words: &[u32], packed: &Packed, step: &CodeStep) -> CodeReport {
        let (levels, n) = (self.shape.levels, packed.items);
        let number = |word: &u32| f64::from(f32::from_bits(*word));
        let (norm, rest) = words.split_at(2);
        let (record, rest) = rest.split_at(levels * n * RECORD);
        let (losses, rest) = rest.split_at(packed.pass.wanted);
        let (book_norm, rest) = rest.split_at(if step.books.is_some() { 2 } else { 0 });
        let field = |place: usize| -> Vec<u32> {
            let of = |at: usize| record[(at % levels * n + at / levels) * RECORD + place];
            (0..levels * n).map(of).collect() // item by item
        };
        let elements = (n * self.shape.dim) as f64;
        let left: Vec<f64> = field(3).iter().map(number).collect();
        let last: f64 = left.iter().skip(levels - 1).step_by(levels).sum();
        let applied = [norm, book_norm].iter().all(|report| report.get(1).is_none_or(|scale| number(scale) != 0.0));
        CodeReport {
            generation: losses.iter().map(number).sum::<f64>() / packed.pass.sequences as f64,
            quantization: (1.0 + step.commitment) * left.iter().sum::<f64>() / (elements * levels as f64),
            reconstruction: last / elements,
            codes: field(0),
            nearest: field(1),
            drawn: field(2),
            entropy: field(4).iter().map(number).sum::<f64>() / (n * levels) as f64,
            norms: [norm, book_norm].map(|report| report.first().map_or(0.0, number)),
            applied,
            books: step.read_books.then(|| rest.iter().map(|word| f32::from_bits(*word)).collect()),
        }
    }
}

/// Whether one pass of learning holds the largest batch.
fn check_room(config: &ModelConfig, shape: &CodeShape, span: usize) -> Result<()> {
    let (positions, most) = (shape.positions(), learn_limit(config, span).min(MAX_GROUPS));
    if positions > most {
        let (questions, time) = (shape.most_questions, shape.most_time);
        return Err(Error::bad_input(format!(
            "batch_size: {questions} questions of {time} positions are more than the GPU engine learns from at once ({most} \
             positions); take batch_size={} or less, or the CPU engine",
            (most / time).max(1)
        )));
    }
    // A thread looks at every item of the batch, and 256 of them at every distance.
    let longest = shape.most_items.max(shape.most_items * shape.codes / 256);
    if longest > MAX_TURNS {
        return Err(Error::bad_input(format!(
            "the GPU engine takes batches of up to {} different items with {} codes; {} may come: take a smaller batch_size or \
             max_history, or the CPU engine",
            MAX_TURNS.min(MAX_TURNS * 256 / shape.codes),
            shape.codes,
            shape.most_items
        )));
    }
    Ok(())
}
