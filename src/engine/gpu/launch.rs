//! One dispatch of one kernel with buffers of its own: for tests and measurements of single kernels, not for work.

use super::device::{Bound, Buffer, Gpu, Role};
use super::kernels::{Access, Kernel};
use super::params::Params;
use crate::error::{Error, Result};

/// Runs `kernel` over `grid` workgroups on copies of `buffers` (4-byte words, in the order of its bindings) and returns
/// those it may write, in that order.
///
/// # Errors
/// `bad-input` when buffers or parameters are not those of the kernel; those of the device.
pub async fn launch<P: Params>(
    gpu: &Gpu,
    kernel: Kernel,
    buffers: &[&[u32]],
    params: &P,
    grid: [u32; 3],
) -> Result<Vec<Vec<u32>>> {
    let spec = kernel.spec();
    if buffers.len() != spec.bindings.len() || !P::KERNELS.contains(&kernel) {
        let (name, wanted, came) = (spec.name, spec.bindings.len(), buffers.len());
        return Err(Error::bad_input(format!(
            "`{name}` takes {wanted} buffers and its own Params; {came} buffers came"
        )));
    }
    let prepared = Prepared::new(gpu, kernel, buffers, bytemuck::bytes_of(params)).await?;
    prepared.run(gpu, grid, 1);
    let mut results = Vec::new();
    for ((words, buffer), access) in buffers.iter().zip(&prepared.buffers).zip(spec.bindings) {
        if *access == Access::Write {
            results.push(bytemuck::pod_collect_to_vec(&read(gpu, buffer, words.len()).await?));
        }
    }
    Ok(results)
}

/// Seconds of one dispatch of `kernel`, the mean of `times` in one submit after one that warms up; `params` are the bytes of
/// its Params.
///
/// # Errors
/// Those of the device.
#[cfg(not(target_family = "wasm"))]
pub async fn measure(
    gpu: &Gpu,
    kernel: Kernel,
    buffers: &[&[u32]],
    params: &[u8],
    grid: [u32; 3],
    times: usize,
) -> Result<f64> {
    let prepared = Prepared::new(gpu, kernel, buffers, params).await?;
    prepared.run(gpu, grid, 1);
    prepared.wait(gpu).await?;
    let clock = std::time::Instant::now();
    prepared.run(gpu, grid, times);
    prepared.wait(gpu).await?;
    Ok(clock.elapsed().as_secs_f64() / times as f64)
}

/// A kernel with its own buffers.
pub struct Prepared {
    buffers: Vec<Buffer>,
    bound: Bound,
    _uniform: Buffer,
}

impl Prepared {
    /// Copies `words` to buffers of its own.
    ///
    /// # Errors
    /// Those of the device.
    pub async fn new(gpu: &Gpu, kernel: Kernel, words: &[&[u32]], params: &[u8]) -> Result<Self> {
        let mut buffers = Vec::new();
        for words in words {
            let buffer = gpu.buffer(kernel.spec().name, 4 * words.len() as u64, Role::Storage).await?;
            gpu.write(&buffer, 0, bytemuck::cast_slice(words));
            buffers.push(buffer);
        }
        let uniform = gpu.buffer("params", params.len() as u64, Role::Uniform).await?;
        gpu.write(&uniform, 0, params);
        let bound = gpu.bind(kernel, &buffers.iter().collect::<Vec<_>>(), &uniform, 0, params.len() as u64).await?;
        Ok(Self { buffers, bound, _uniform: uniform })
    }

    /// Waits until all that was run is done.
    ///
    /// # Errors
    /// Those of the device.
    pub async fn wait(&self, gpu: &Gpu) -> Result<()> {
        match self.buffers.first() {
            Some(any) => read(gpu, any, 1).await.map(|_| ()),
            None => Ok(()),
        }
    }

    /// Dispatches it `times` over in one submit.
    pub fn run(&self, gpu: &Gpu, grid: [u32; 3], times: usize) {
        let mut encoder = gpu.encoder();
        let mut pass = encoder.begin_compute_pass(&wgpu::ComputePassDescriptor::default());
        for _ in 0..times {
            gpu.dispatch(&mut pass, &self.bound, grid);
        }
        drop(pass);
        gpu.submit(encoder);
    }
}

async fn read(gpu: &Gpu, buffer: &Buffer, words: usize) -> Result<Vec<u8>> {
    let length = 4 * words as u64;
    let staging = gpu.buffer("staging", length, Role::Staging).await?;
    let mut encoder = gpu.encoder();
    encoder.copy_buffer_to_buffer(buffer.raw(), 0, staging.raw(), 0, length);
    gpu.submit(encoder);
    gpu.read(&staging, length).await
}
