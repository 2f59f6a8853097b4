//! Updates on a GPU, where a run's settings say so: opening, one update, taking everything back at the end of an epoch.
//!
//! The processor keeps what is cheap there: batches and noise, decays, kept ids and k-means (a few thousand numbers an epoch), and the beam
//! search, which branches at every place. Not here: the joint step itself (`engine/gpu/codes/`), the same on the CPU (`joint.rs`).

use super::assignment::{Draw, Forward};
use super::config::SemanticConfig;
use super::decay::Usage;
use super::joint::{Batch, Joint};
use super::trainer::SemanticRun;
use super::update::Moments;
use crate::engine::OptimizerConfig;
use crate::engine::choose::EngineChoice;
#[cfg(feature = "gpu")]
use crate::engine::gpu::codes::{CodeBatch, CodeShape, CodeState, CodeStep, CodeTrainer};
#[cfg(any(not(feature = "gpu"), feature = "burn-wgpu"))]
use crate::error::Error;
use crate::error::Result;

/// What an epoch begins with: what a run goes back to when its device is lost in the middle.
pub(super) struct Saved {
    params: Vec<f32>,
    codebooks: Vec<f32>,
    moments: [Moments; 3],
    usage: Vec<Usage>,
    sigma: f64,
    updates: usize,
}

impl SemanticRun {
    /// Opens the engine that the settings ask for, unless that was done, and says which computes updates. `auto`: a GPU that is one; a
    /// processor that plays a GPU is slower than the CPU engine (`benches/semantic_ids/gpu.md`).
    ///
    /// # Errors
    /// What keeps a GPU from working where one was asked for; `bad-input` for sizes that its kernels do not take.
    pub async fn open(&mut self) -> Result<String> {
        if self.device.is_none() && !self.opened {
            self.device = match self.config.engine {
                EngineChoice::Cpu => None,
                EngineChoice::Gpu => Some(OnDevice::open(self).await?),
                EngineChoice::Auto => OnDevice::open(self).await.ok().filter(|device| !device.is_software()),
                #[cfg(feature = "burn-wgpu")]
                EngineChoice::BurnWgpu => {
                    return Err(Error::bad_input("engine: expected auto, cpu or gpu; Burn on wgpu has no second lab"));
                }
            };
            self.opened = true;
        }
        Ok(self.device.as_ref().map_or_else(|| "CPU (Burn)".into(), OnDevice::name))
    }

    /// Keeps what the epoch begins with, where it runs on a device.
    pub(super) fn save(&mut self) {
        self.saved = self.device.is_some().then(|| Saved {
            params: self.params.clone(),
            codebooks: self.quantizer.codebooks.clone(),
            moments: self.moments.clone(),
            usage: self.usage.clone(),
            sigma: self.sigma,
            updates: self.updates,
        });
    }

    /// After an error on the device: back to where the epoch began, which the next call begins anew, on a device opened anew.
    pub(super) fn restore(&mut self) {
        if let Some(Saved { params, codebooks, moments, usage, sigma, updates }) = self.saved.take() {
            (self.params, self.quantizer.codebooks, self.moments) = (params, codebooks, moments);
            (self.usage, self.sigma, self.updates) = (usage, sigma, updates);
            (self.device, self.opened) = (None, false);
        }
    }

    /// Takes parameters, codebooks and AdamW's memory from the device, where there is one.
    ///
    /// # Errors
    /// Those of the device.
    pub(super) async fn fetch(&mut self) -> Result<()> {
        let Some(device) = &self.device else { return Ok(()) };
        let [model, books] = device.state().await?;
        let [[params, first, second], [codebooks, book_first, book_second]] = [model, books];
        (self.params, self.quantizer.codebooks) = (params, codebooks);
        (self.moments[0], self.moments[1]) =
            (Moments { first, second }, Moments { first: book_first, second: book_second });
        Ok(())
    }

    /// One update on the device; the codebooks come back where the next update's noise hangs on them.
    ///
    /// # Errors
    /// `not-finite`; those of the device.
    pub(super) async fn update_on(
        &mut self,
        device: &mut OnDevice,
        batch: &Batch,
        draw: &Draw<'_>,
        suffix: &[u32],
        optimizers: [OptimizerConfig; 2],
    ) -> Result<Joint> {
        let (found, books) = device.step(&self.config, batch, draw, suffix, optimizers).await?;
        if let Some(books) = books {
            self.quantizer.codebooks = books;
        }
        Ok(found)
    }

    /// For tests of what happens when a driver crashes: destroys the device.
    #[doc(hidden)]
    pub fn lose_device(&self) {
        if let Some(device) = &self.device {
            device.destroy();
        }
    }

    /// What the device has done, where there is one: creations, dispatches, submits, read-backs.
    #[must_use]
    pub fn device_counts(&self) -> Option<[u64; 4]> {
        self.device.as_ref().map(OnDevice::counts)
    }
}

/// The recommender and the codebooks on a device.
#[cfg(feature = "gpu")]
pub(super) struct OnDevice(Box<CodeTrainer>);

#[cfg(feature = "gpu")]
impl OnDevice {
    async fn open(run: &SemanticRun) -> Result<Self> {
        let SemanticConfig { batch_size, max_history, .. } = run.config;
        let tokens = run.tokens;
        let shape = CodeShape {
            levels: tokens.levels,
            codes: tokens.codes,
            suffixes: tokens.suffixes,
            dim: run.catalogue.dim,
            most_items: run.catalogue.items().min(batch_size * (max_history + 1)),
            most_questions: batch_size.min(run.catalogue.histories.len()),
            most_time: 1 + max_history + tokens.levels,
        };
        let [model, books, _] = run.moments.clone();
        let state = CodeState {
            time: run.updates,
            model: [run.params.clone(), model.first, model.second],
            books: [run.quantizer.codebooks.clone(), books.first, books.second],
        };
        Ok(Self(Box::new(CodeTrainer::open(&run.model, &state, shape).await?)))
    }

    fn name(&self) -> String {
        self.0.name()
    }

    fn is_software(&self) -> bool {
        self.0.gpu().is_software()
    }

    fn destroy(&self) {
        self.0.gpu().destroy();
    }

    fn counts(&self) -> [u64; 4] {
        let counts = self.0.gpu().counts();
        [counts.creations, counts.dispatches, counts.submits, counts.read_backs]
    }

    /// Parameters and moments of the recommender and of the codebooks.
    async fn state(&self) -> Result<[[Vec<f32>; 3]; 2]> {
        let CodeState { model, books, .. } = self.0.state().await?;
        Ok([model, books])
    }

    async fn step(
        &mut self,
        config: &SemanticConfig,
        batch: &Batch,
        draw: &Draw<'_>,
        suffix: &[u32],
        [model, books]: [OptimizerConfig; 2],
    ) -> Result<(Joint, Option<Vec<f32>>)> {
        let suffix: Vec<u32> = suffix.iter().map(|suffix| (*suffix).min(config.suffixes as u32 - 1)).collect();
        let rows = CodeBatch {
            rows: &batch.rows,
            content: draw.content,
            kept: draw.cached,
            suffix: &suffix,
            noise: draw.noise,
        };
        let step = CodeStep {
            temperature: draw.temperature,
            sampled: draw.forward == Forward::Sampled,
            history: config.route_history,
            target: config.route_target,
            labels: config.route_labels,
            generation: 1.0,
            quantization: config.quantization,
            reconstruction: config.reconstruction,
            commitment: config.commitment,
            model,
            books: (config.codebook_learning_rate > 0.0).then_some(books),
            read_books: config.hot_ratio.is_some(),
        };
        let found = self.0.step(&rows, &step).await?;
        let joint = Joint {
            generation: if found.applied { found.generation } else { f64::NAN },
            quantization: found.quantization,
            reconstruction: found.reconstruction,
            model_gradient: Vec::new(),
            codebook_gradient: Vec::new(),
            codes: found.codes,
            deterministic: found.nearest,
            sampled: found.drawn,
            assignment_entropy: found.entropy,
        };
        Ok((joint, found.books))
    }
}

/// A build without GPU engine has none of these.
#[cfg(not(feature = "gpu"))]
pub(super) enum OnDevice {}

#[cfg(not(feature = "gpu"))]
impl OnDevice {
    async fn open(_: &SemanticRun) -> Result<Self> {
        Err(Error::NoWebgpu("this build has no GPU engine; use engine \"cpu\" or \"auto\"".into()))
    }

    fn name(&self) -> String {
        match *self {}
    }

    fn is_software(&self) -> bool {
        match *self {}
    }

    fn destroy(&self) {
        match *self {}
    }

    fn counts(&self) -> [u64; 4] {
        match *self {}
    }

    async fn state(&self) -> Result<[[Vec<f32>; 3]; 2]> {
        match *self {}
    }

    async fn step(
        &mut self,
        _: &SemanticConfig,
        _: &Batch,
        _: &Draw<'_>,
        _: &[u32],
        _: [OptimizerConfig; 2],
    ) -> Result<(Joint, Option<Vec<f32>>)> {
        match *self {}
    }
}
