//! The GPU engine: the transformer and the soft step in hand-written WGSL (`shaders/`) on wgpu.
//!
//! Decodes and scores; it does not learn yet, so it is not an [`Engine`](super::Engine). Not here: losses (`math/`, `train/`).

pub mod chain;
mod device;
mod forward;
pub mod kernels;
pub mod launch;
pub mod params;
mod program;
mod rollout;
mod score;
mod workspace;

pub use device::{Bound, Buffer, Counts, Gpu, Role};
pub use workspace::Capacity;

use self::chain::Sampling;
use self::forward::Forward;
use self::program::Program;
use self::rollout::{PromptPass, prompt_calls, step_calls};
use self::score::{BatchPass, batch_calls, density_call};
use self::workspace::{Slot, Workspace, largest_buffer};
use super::Scoring;
use crate::error::{Error, Result};
use crate::math::gumbel::DensityForm;
use crate::math::truncation::Truncation;
use crate::model::config::ModelConfig;
use crate::model::params::count;

/// Every list of dispatches.
struct Programs {
    /// A pass over prompts, filling caches.
    prompts: Program,
    /// The head alone: logits of the prompts' last positions.
    head: Program,
    /// One decode step.
    step: Program,
    /// A pass over whole sequences.
    batch: Program,
    /// The same with the reference's parameters.
    reference: Option<Program>,
    /// Log densities from logits.
    density: Program,
}

/// Which of two kernels for the same work is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Variant {
    /// Plain ones on a software adapter, the others on a GPU.
    ByAdapter,
    /// One thread does what a workgroup would: no barriers, which software adapters pay dearly.
    Plain,
    /// Workgroups share their work.
    Shared,
}

/// See the module. Buffers, bind groups and pipelines are made in [`GpuEngine::new`] and never again, but for the
/// reference's, which the first [`GpuEngine::set_reference`] makes.
pub struct GpuEngine {
    config: ModelConfig,
    capacity: Capacity,
    gpu: Gpu,
    workspace: Workspace,
    forward: Forward,
    programs: Programs,
}

impl GpuEngine {
    /// Opens a device and puts `params`, in the order of `model::params::layout`, on it, with room for `capacity`.
    ///
    /// # Errors
    /// `bad-input` when the configuration, the capacity or the length is out of range; those of [`Gpu::open`].
    pub async fn new(config: &ModelConfig, params: &[f32], capacity: Capacity) -> Result<Self> {
        Self::with_variant(config, params, capacity, Variant::ByAdapter).await
    }

    /// As [`GpuEngine::new`], with a say in which kernels run.
    ///
    /// # Errors
    /// Those of [`GpuEngine::new`].
    pub async fn with_variant(
        config: &ModelConfig,
        params: &[f32],
        capacity: Capacity,
        variant: Variant,
    ) -> Result<Self> {
        config.validate()?;
        capacity.validate(config)?;
        check_length(config, params)?;
        let gpu = Gpu::open(largest_buffer(config, &capacity)).await?;
        let workspace = Workspace::new(&gpu, config, &capacity).await?;
        let plain = variant == Variant::Plain || variant == Variant::ByAdapter && gpu.is_software();
        let forward = Forward::new(config, capacity.context, plain)?;
        let make = async |calls: &[program::Call]| Program::new(&gpu, &workspace, calls).await;
        let sampling =
            Sampling { truncation: Truncation::NONE, blending: None, end_think: 0, end_answer: 0, max_steps: 0 };
        let scoring = Scoring { temperature: 1.0, density: DensityForm::code(), input_gradient: false };
        let programs = Programs {
            prompts: make(&prompt_calls(&forward, PromptPass::default())).await?,
            head: make(&[forward.head(Slot::Weights, Slot::Last, 0)]).await?,
            step: make(&step_calls(&forward, &sampling.params(config, &capacity, 0))).await?,
            batch: make(&batch_calls(&forward, Slot::Weights, BatchPass::default())).await?,
            reference: None,
            density: make(&[density_call(config, &scoring, 0, 0)]).await?,
        };
        gpu.write(workspace.buffer(Slot::Weights)?, 0, bytemuck::cast_slice(params));
        Ok(Self { config: config.clone(), capacity, gpu, workspace, forward, programs })
    }

    /// For people: "GPU (WGSL) on llvmpipe, Vulkan".
    #[must_use]
    pub fn name(&self) -> String {
        format!("GPU (WGSL) on {}", self.gpu.adapter())
    }

    /// The model.
    #[must_use]
    pub fn config(&self) -> &ModelConfig {
        &self.config
    }

    /// The device, for its counts.
    #[must_use]
    pub fn gpu(&self) -> &Gpu {
        &self.gpu
    }

    /// Dispatches of one decode step.
    #[must_use]
    pub fn dispatches_per_step(&self) -> usize {
        self.programs.step.len()
    }

    /// Replaces all parameters.
    ///
    /// # Errors
    /// `bad-input` when the length is wrong.
    pub fn write_params(&mut self, params: &[f32]) -> Result<()> {
        check_length(&self.config, params)?;
        self.gpu.write(self.workspace.buffer(Slot::Weights)?, 0, bytemuck::cast_slice(params));
        Ok(())
    }

    /// Freezes a copy of `params` (or of the current parameters) as the reference policy.
    ///
    /// # Errors
    /// `bad-input` when the length is wrong, `out-of-memory` for a second copy.
    pub async fn set_reference(&mut self, params: Option<&[f32]>) -> Result<()> {
        if let Some(params) = params {
            check_length(&self.config, params)?;
        }
        self.workspace.make_reference(&self.gpu, &self.config).await?;
        let (weights, reference) = (self.workspace.buffer(Slot::Weights)?, self.workspace.buffer(Slot::Reference)?);
        match params {
            Some(params) => self.gpu.write(reference, 0, bytemuck::cast_slice(params)),
            None => {
                let mut encoder = self.gpu.encoder();
                encoder.copy_buffer_to_buffer(weights.raw(), 0, reference.raw(), 0, weights.raw().size());
                self.gpu.submit(encoder);
            }
        }
        if self.programs.reference.is_none() {
            let calls = batch_calls(&self.forward, Slot::Reference, BatchPass::default());
            self.programs.reference = Some(Program::new(&self.gpu, &self.workspace, &calls).await?);
        }
        Ok(())
    }

    /// The first `words` 4-byte words of a buffer, when all work is done.
    async fn copy_out(&self, slot: Slot, words: usize) -> Result<Vec<u8>> {
        let bytes = 4 * words as u64;
        let mut encoder = self.gpu.encoder();
        let staging = self.workspace.staging();
        encoder.copy_buffer_to_buffer(self.workspace.buffer(slot)?.raw(), 0, staging.raw(), 0, bytes);
        self.gpu.submit(encoder);
        self.gpu.read(staging, bytes).await
    }
}

fn check_length(config: &ModelConfig, params: &[f32]) -> Result<()> {
    let (expected, len) = (count(config), params.len());
    if len == expected {
        return Ok(());
    }
    Err(Error::bad_input(format!("the model has {expected} parameters, but {len} numbers came")))
}
