//! Lists of dispatches whose bind groups are made once and whose parameters are rewritten before each use.
//!
//! Not here: what the lists contain (`forward.rs`, `rollout.rs`, `score.rs`).

use super::device::{Bound, Buffer, Gpu, Role};
use super::kernels::Kernel;
use super::params::Params;
use super::workspace::{Slot, Workspace};
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
}

impl Call {
    /// A dispatch of `grid` workgroups along x and y.
    #[must_use]
    pub fn new<P: Params>(kernel: Kernel, buffers: &[Slot], params: &P, grid: [usize; 2]) -> Self {
        debug_assert!(P::KERNELS.contains(&kernel), "{kernel:?} takes other parameters");
        let params = bytemuck::bytes_of(params).to_vec();
        Self { kernel, buffers: buffers.to_vec(), params, grid: [grid[0] as u32, grid[1] as u32, 1] }
    }
}

/// A list of dispatches, ready to run.
pub struct Program {
    dispatches: Vec<(Kernel, Bound, [u32; 3])>,
    uniform: Buffer,
    bytes: Vec<u8>,
}

impl Program {
    /// Makes the bind groups of `calls`. Their parameters may change later, their kernels and buffers not.
    ///
    /// # Errors
    /// Those of [`Gpu::buffer`] and [`Gpu::bind`].
    pub async fn new(gpu: &Gpu, workspace: &Workspace, calls: &[Call]) -> Result<Self> {
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
            dispatches.push((call.kernel, bound, call.grid));
        }
        let mut program = Self { dispatches, uniform, bytes };
        program.update(gpu, calls)?;
        Ok(program)
    }

    /// Gives each dispatch new parameters and a new grid: one write to the device.
    ///
    /// # Errors
    /// `bad-input` when `calls` are not those the program was made of.
    pub fn update(&mut self, gpu: &Gpu, calls: &[Call]) -> Result<()> {
        let same = calls.len() == self.dispatches.len()
            && calls.iter().zip(&self.dispatches).all(|(call, made)| call.kernel == made.0);
        if !same {
            return Err(Error::bad_input("a GPU program was given the parameters of another one"));
        }
        for ((call, dispatch), bytes) in
            calls.iter().zip(&mut self.dispatches).zip(self.bytes.chunks_exact_mut(ALIGNMENT))
        {
            bytes[..call.params.len()].copy_from_slice(&call.params);
            dispatch.2 = call.grid;
        }
        gpu.write(&self.uniform, 0, &self.bytes);
        Ok(())
    }

    /// Adds the dispatches, `times` over, to the commands, as one pass.
    pub fn record(&self, gpu: &Gpu, encoder: &mut wgpu::CommandEncoder, times: usize) {
        let mut pass = encoder.begin_compute_pass(&wgpu::ComputePassDescriptor::default());
        for _ in 0..times {
            for (_, bound, grid) in &self.dispatches {
                gpu.dispatch(&mut pass, bound, *grid);
            }
        }
    }

    /// The number of dispatches.
    #[must_use]
    pub fn len(&self) -> usize {
        self.dispatches.len()
    }
}
