//! One dispatch of one kernel with buffers of its own: for tests and measurements of single kernels, not for work.

use super::device::{Gpu, Role};
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
        return Err(Error::bad_input(format!("`{name}` takes {wanted} buffers and its own Params; {came} buffers came")));
    }
    let mut made = Vec::new();
    for words in buffers {
        let buffer = gpu.buffer(spec.name, 4 * words.len() as u64, Role::Storage).await?;
        gpu.write(&buffer, 0, bytemuck::cast_slice(words));
        made.push(buffer);
    }
    let bytes = bytemuck::bytes_of(params);
    let uniform = gpu.buffer("params", bytes.len() as u64, Role::Uniform).await?;
    gpu.write(&uniform, 0, bytes);
    let group = gpu.bind(kernel, &made.iter().collect::<Vec<_>>(), &uniform, 0, bytes.len() as u64).await?;
    let mut encoder = gpu.encoder();
    let mut pass = encoder.begin_compute_pass(&wgpu::ComputePassDescriptor::default());
    gpu.dispatch(&mut pass, kernel, &group, grid);
    drop(pass);
    gpu.submit(encoder);
    let mut results = Vec::new();
    for ((words, buffer), access) in buffers.iter().zip(&made).zip(spec.bindings) {
        if *access == Access::Write {
            let length = 4 * words.len() as u64;
            let staging = gpu.buffer("staging", length, Role::Staging).await?;
            let mut encoder = gpu.encoder();
            encoder.copy_buffer_to_buffer(buffer.raw(), 0, staging.raw(), 0, length);
            gpu.submit(encoder);
            results.push(bytemuck::pod_collect_to_vec(&gpu.read(&staging, length).await?));
        }
    }
    Ok(results)
}
