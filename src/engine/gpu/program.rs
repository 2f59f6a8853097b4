//! Lists of dispatches whose bind groups are made once and whose parameters are rewritten before each use.
//!
//! Not here: what the lists contain (`calls/`).

use super::device::{Bound, Buffer, Gpu, Role};
use super::kernels::Kernel;
use super::params::Params;
use super::slots::Slot;
use super::workspace::Workspace;
use crate::error::{Error, Result};

/// Where one dispatch's parameters may begin in a uniform buffer: WebGPU's default alignment, bytes.
const ALIGNMENT: usize = 256;

/// One dispatch: a kernel, the buffers of its bindings in order, its parameters and how many workgroups.
#[derive(Clone, Debug, PartialEq)]
pub struct Call {
    pub kernel: Kernel,
    pub buffers: Vec<Slot>,
    pub params: Vec<u8>,
    pub grid: [u32; 3],
    /// Arithmetic operations, roughly: what a submit's length is estimated from.
    pub work: u64,
    /// 4-byte words it reads and writes, roughly, each once.
    pub words: u64,
}

impl Call {
    /// A dispatch of `grid` workgroups along x and y.
    #[must_use]
    pub fn new<P: Params>(kernel: Kernel, buffers: &[Slot], params: &P, grid: [usize; 2]) -> Self {
        debug_assert!(P::KERNELS.contains(&kernel), "{kernel:?} takes other parameters");
        let params = bytemuck::bytes_of(params).to_vec();
        Self { kernel, buffers: buffers.to_vec(), params, grid: [grid[0] as u32, grid[1] as u32, 1], work: 0, words: 0 }
    }

    /// The same with `groups` workgroups along z.
    #[must_use]
    pub fn with_depth(mut self, groups: usize) -> Self {
        self.grid[2] = groups as u32;
        self
    }

    /// The same with estimates of its arithmetic operations and of the words it moves.
    #[must_use]
    pub fn with_work(self, operations: usize, words: usize) -> Self {
        Self { work: operations as u64, words: words as u64, ..self }
    }
}

pub(super) struct Dispatch {
    kernel: Kernel,
    buffers: Vec<Slot>,
    pub bound: Bound,
    pub grid: [u32; 3],
    pub work: u64,
    words: u64,
}

/// A list of dispatches, ready to run.
pub struct Program {
    pub(super) dispatches: Vec<Dispatch>,
    uniform: Buffer,
    bytes: Vec<u8>,
}

impl Program {
    /// Makes the bind groups of `calls`, compiling kernels that were not yet. Their parameters may change later, their
    /// kernels and buffers not.
    ///
    /// # Errors
    /// Those of [`Gpu::buffer`] and [`Gpu::bind`].
    async fn new(gpu: &Gpu, workspace: &Workspace, calls: &[Call]) -> Result<Self> {
        let bytes = vec![0; calls.len() * ALIGNMENT];
        let uniform = gpu.buffer("params", bytes.len() as u64, Role::Uniform).await?;
        let mut dispatches = Vec::with_capacity(calls.len());
        for (index, call) in calls.iter().enumerate() {
            let mut buffers = Vec::with_capacity(call.buffers.len());
            for slot in &call.buffers {
                buffers.push(workspace.buffer(*slot)?);
            }
            let (offset, length) = ((index * ALIGNMENT) as u64, call.params.len() as u64);
            let bound = gpu.bind(call.kernel, &buffers, &uniform, offset, length).await?;
            let (kernel, buffers) = (call.kernel, call.buffers.clone());
            dispatches.push(Dispatch { kernel, buffers, bound, grid: call.grid, work: call.work, words: call.words });
        }
        Ok(Self { dispatches, uniform, bytes })
    }

    /// Whether only parameters and grids of `calls` differ from those the program was made of.
    fn fits(&self, calls: &[Call]) -> bool {
        let same = |(call, made): (&Call, &Dispatch)| call.kernel == made.kernel && call.buffers == made.buffers;
        calls.len() == self.dispatches.len() && calls.iter().zip(&self.dispatches).all(same)
    }

    /// How many dispatches it has.
    #[must_use]
    pub fn len(&self) -> usize {
        self.dispatches.len()
    }

    /// The end of a portion from dispatch `first` on: of `most` operations, or of one dispatch.
    #[must_use]
    pub fn portion(&self, first: usize, most: u64) -> usize {
        let (mut end, mut work) = (first, 0);
        while end < self.len() && (end == first || work + self.dispatches[end].work <= most) {
            work += self.dispatches[end].work;
            end += 1;
        }
        end
    }

    /// Gives each dispatch its parameters and grid: one write to the device, and none where nothing changed.
    fn update(&mut self, gpu: &Gpu, calls: &[Call]) {
        let mut changed = false;
        for ((call, dispatch), bytes) in
            calls.iter().zip(&mut self.dispatches).zip(self.bytes.chunks_exact_mut(ALIGNMENT))
        {
            let place = &mut bytes[..call.params.len()];
            changed |= place != call.params.as_slice();
            place.copy_from_slice(&call.params);
            (dispatch.grid, dispatch.work, dispatch.words) = (call.grid, call.work, call.words);
        }
        if changed {
            gpu.write(&self.uniform, 0, &self.bytes);
        }
    }
}

/// What one dispatch is and what it does.
pub struct Entry<'a> {
    pub kernel: Kernel,
    pub grid: [u32; 3],
    pub work: u64,
    pub words: u64,
    bound: &'a Bound,
}

impl Entry<'_> {
    /// Dispatches it `times` over in one submit.
    pub fn repeat(&self, gpu: &Gpu, times: usize) {
        let mut encoder = gpu.encoder();
        let mut pass = encoder.begin_compute_pass(&wgpu::ComputePassDescriptor::default());
        for _ in 0..times {
            gpu.dispatch(&mut pass, self.bound, self.grid);
        }
        drop(pass);
        gpu.submit(encoder);
    }
}

/// The name of a program.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Task {
    /// A pass over prompts, filling caches.
    Prompts,
    /// The head alone: logits of the prompts' last positions.
    Head,
    /// One step of a chain.
    Step,
    /// One step whose inputs the host gives.
    Decode,
    /// A pass over whole sequences, to their logits.
    Batch,
    /// The logits of some of their positions, where a large vocabulary leaves no room for all.
    Stretch,
    /// The same, to log densities.
    Score,
    /// The same with the reference's parameters.
    Reference,
    /// The log densities of a tile of positions, over a large vocabulary or frozen weights.
    Tile,
    /// The same with the reference's parameters.
    TileReference,
    /// Their gradients.
    TileBackward,
    /// A pass that keeps what the backward needs.
    Train,
    /// The backward.
    Backward,
    /// Clipping and AdamW.
    Optimize,
    /// A whole joint step of the second lab.
    Codes,
}

/// All programs that were needed so far.
#[derive(Default)]
pub struct Programs(Vec<(Task, Program)>);

impl Programs {
    /// The program of a task with the parameters of `calls`: made on first use, and again where other kernels are called for.
    ///
    /// # Errors
    /// Those of the device.
    pub async fn ready(&mut self, gpu: &Gpu, workspace: &Workspace, task: Task, calls: &[Call]) -> Result<&Program> {
        let place = match self.0.iter().position(|(other, program)| *other == task && program.fits(calls)) {
            Some(place) => place,
            None => {
                self.0.retain(|(other, _)| *other != task);
                self.0.push((task, Program::new(gpu, workspace, calls).await?));
                self.0.len() - 1
            }
        };
        let program = &mut self.0[place].1;
        program.update(gpu, calls);
        Ok(program)
    }

    /// The program of a task that was made before.
    ///
    /// # Errors
    /// `not-ready` where it was not.
    pub fn made(&self, task: Task) -> Result<&Program> {
        let found = self.0.iter().find(|(other, _)| *other == task);
        found
            .map(|(_, program)| program)
            .ok_or_else(|| Error::NotReady(format!("the GPU's list {task:?} was not made")))
    }

    /// The dispatches of a task, if it was needed so far.
    pub fn entries(&self, task: Task) -> impl Iterator<Item = Entry<'_>> {
        let programs = self.0.iter().filter(move |(other, _)| *other == task);
        programs.flat_map(|(_, program)| &program.dispatches).map(|dispatch| {
            let Dispatch { kernel, grid, work, words, bound, .. } = dispatch;
            Entry { kernel: *kernel, grid: *grid, work: *work, words: *words, bound }
        })
    }

    /// Forgets the programs that bind one of `slots`, whose buffers were made anew.
    pub fn forget(&mut self, slots: &[Slot]) {
        let binds = |dispatch: &Dispatch| dispatch.buffers.iter().any(|slot| slots.contains(slot));
        self.0.retain(|(_, program)| !program.dispatches.iter().any(binds));
    }

    /// Forgets everything.
    pub fn clear(&mut self) {
        self.0.clear();
    }
}
