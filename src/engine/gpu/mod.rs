//! The GPU engine: the transformer, the soft step, the backward and the optimizer in hand-written WGSL (`shaders/`) on wgpu.
//!
//! Not here: losses (`math/`, `train/`), which next input is chosen when the host decodes (`decode/`).

mod adapter;
mod batch;
mod blocks;
mod calls;
mod capacity;
pub mod chain;
pub mod codes;
mod density;
mod device;
mod engine;
pub mod kernels;
pub mod language;
pub mod launch;
mod learn;
mod learn_beside;
pub mod params;
mod portions;
pub mod profile;
mod program;
mod record;
mod recorder;
mod rollout;
mod score;
mod sizes;
mod slots;
mod tiles;
mod warm_up;
mod workspace;

pub use capacity::Capacity;
pub use density::density_of;
pub use device::{Bound, Buffer, Counts, Gpu, Role};

use self::calls::Forward;
use self::capacity::BESIDE_BYTES;
use self::program::Programs;
use self::recorder::Recorder;
use self::sizes::largest_buffer;
use self::slots::Slot;
use self::workspace::Workspace;
use crate::engine::check::check_length;
use crate::error::Result;
use crate::model::config::ModelConfig;
use crate::weights::Packed;

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

impl Variant {
    fn is_plain(self, gpu: &Gpu) -> bool {
        self == Self::Plain || self == Self::ByAdapter && gpu.is_software()
    }
}

/// See the module. Buffers and bind groups are made for a capacity, and again only when more room is asked for than ever before;
/// pipelines when they are first used.
pub struct GpuEngine {
    config: ModelConfig,
    capacity: Capacity,
    gpu: Gpu,
    workspace: Workspace,
    forward: Forward,
    programs: Programs,
    /// The weights that are in blocks on the device, where they came from flat parameters.
    packed: Option<Packed>,
    /// What grows with the positions of a pass beside frozen weights may take so many bytes.
    beside_room: u64,
    /// Whether the adapter that is there changes nothing.
    adapter_off: bool,
    /// AdamW steps taken.
    time: usize,
    /// Rows of the device that the host still decodes, their prompts' lengths, and how many inputs they have had.
    alive: Vec<usize>,
    lengths: Vec<usize>,
    decoded: usize,
}

impl GpuEngine {
    /// Opens a device and puts `params`, in the order of `model::params::layout`, on it. Room for work is made as it is asked for.
    ///
    /// # Errors
    /// Those of [`GpuEngine::new`].
    pub async fn open(config: &ModelConfig, params: &[f32]) -> Result<Self> {
        Self::new(config, params, Capacity::default()).await
    }

    /// As [`GpuEngine::open`], with room for `capacity` from the start.
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
        check_length(config, params.len())?;
        let gpu = Gpu::open(largest_buffer(config, &capacity, false)).await?;
        Self::on(gpu, config, params, capacity, variant).await
    }

    /// As [`GpuEngine::with_variant`], on a device that is open.
    ///
    /// # Errors
    /// Those of [`GpuEngine::new`].
    pub async fn on(
        gpu: Gpu,
        config: &ModelConfig,
        params: &[f32],
        capacity: Capacity,
        variant: Variant,
    ) -> Result<Self> {
        config.validate()?;
        capacity.validate(config)?;
        check_length(config, params.len())?;
        gpu.check_size(largest_buffer(config, &capacity, false), config)?;
        let workspace = Workspace::new(&gpu, config, &capacity, None).await?;
        let forward = Forward::new(config, capacity.context, variant.is_plain(&gpu))?;
        gpu.write(workspace.buffer(Slot::Weights)?, 0, bytemuck::cast_slice(params));
        Ok(Self::of_parts(config.clone(), capacity, gpu, workspace, forward))
    }

    fn of_parts(config: ModelConfig, capacity: Capacity, gpu: Gpu, workspace: Workspace, forward: Forward) -> Self {
        Self {
            config,
            capacity,
            gpu,
            workspace,
            forward,
            programs: Programs::default(),
            packed: None,
            beside_room: BESIDE_BYTES,
            adapter_off: true,
            time: 0,
            alive: Vec::new(),
            lengths: Vec::new(),
            decoded: 0,
        }
    }

    /// The device, for its counts.
    #[must_use]
    pub fn gpu(&self) -> &Gpu {
        &self.gpu
    }

    /// Makes room for `need` beside what there is room for; forgets rollouts in progress if it has to.
    ///
    /// # Errors
    /// `bad-input` for what the kernels cannot do, `out-of-memory` naming what would fit: then all is as it was.
    async fn make_room(&mut self, need: &Capacity) -> Result<()> {
        let wanted = self.capacity.union(need);
        if wanted == self.capacity {
            return Ok(());
        }
        wanted.validate(&self.config)?;
        self.gpu.check_size(largest_buffer(&self.config, &wanted, self.is_packed()), &self.config)?;
        if (wanted.rows, wanted.context) != (self.capacity.rows, self.capacity.context) {
            self.alive.clear(); // their caches are made anew
        }
        let forward = self.forward.with_columns(wanted.context);
        match self.workspace.grow(&self.gpu, &self.config, &wanted).await {
            Ok(made) => self.programs.forget(&made),
            Err(error) => {
                self.programs.clear();
                self.workspace.grow(&self.gpu, &self.config, &self.capacity).await?;
                return Err(error);
            }
        }
        (self.forward, self.capacity) = (forward, wanted);
        Ok(())
    }

    /// The first `words` 4-byte words of a buffer, when all work is done.
    async fn copy_out(&self, slot: Slot, words: usize) -> Result<Vec<u8>> {
        let bytes = 4 * words as u64;
        let staging = self.workspace.staging()?;
        let mut recorder = Recorder::new(&self.gpu);
        recorder.copy(self.workspace.buffer(slot)?, staging, bytes);
        recorder.submit();
        self.gpu.read(staging, bytes).await
    }

    async fn copy_out_f32(&self, slot: Slot, words: usize) -> Result<Vec<f32>> {
        Ok(bytemuck::pod_collect_to_vec(&self.copy_out(slot, words).await?))
    }
}
