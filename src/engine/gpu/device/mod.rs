//! The adapter and device, by our own request: errors with a code, pipelines made once, buffers whose bytes are counted.
//!
//! Not here: which kernels there are (`kernels.rs`), what runs in which order (`program.rs`).

mod buffer;
mod counts;
mod fault;
#[cfg(target_family = "wasm")]
mod nudge;
mod pipelines;
mod report;
mod wait;

use std::sync::atomic::Ordering;
use std::sync::{Arc, OnceLock};

pub use self::buffer::{Buffer, Role};
use self::counts::Counters;
pub use self::counts::Counts;
use self::fault::{Faults, explain, lost, no_adapter, smaller_preset, too_large};
use self::pipelines::{Pipeline, compile};
use self::wait::Promise;
use super::kernels::{KERNELS, Kernel, MAX_STORAGE_BUFFERS};
use crate::engine::Report;
use crate::error::{Error, Result};
use crate::model::config::ModelConfig;

/// A kernel with the buffers of its bindings.
pub struct Bound {
    pipeline: wgpu::ComputePipeline,
    group: wgpu::BindGroup,
}

/// What every WebGPU device binds at least, bytes.
const DEFAULT_BINDING: u64 = 128 << 20;

/// An open device. Only kernels in use are compiled: on a software adapter one can take seconds.
pub struct Gpu {
    device: wgpu::Device,
    /// Bytes that one buffer may have.
    largest: u64,
    queue: wgpu::Queue,
    report: Report,
    /// In the order of the table; a kernel is compiled when it is first bound.
    pipelines: Vec<OnceLock<Pipeline>>,
    counters: Arc<Counters>,
    faults: Faults,
}

impl Gpu {
    /// Opens the best adapter with the limits we need and no more: `largest` bytes in one buffer.
    ///
    /// # Errors
    /// `no-webgpu` where there is no WebGPU at all, `no-adapter` where it offers nothing, `out-of-memory` where one buffer
    /// cannot hold `largest` bytes, `device-lost` when the driver refuses a device or a kernel.
    pub async fn open(largest: u64) -> Result<Self> {
        #[cfg(target_family = "wasm")]
        if !wgpu::util::is_browser_webgpu_supported().await {
            let advice = "it needs a page that comes by https or from localhost; the CPU engine does the same work";
            return Err(Error::NoWebgpu(format!("this browser offers no WebGPU here: {advice}")));
        }
        let instance = wgpu::Instance::new(wgpu::InstanceDescriptor::new_without_display_handle());
        let options = wgpu::RequestAdapterOptions {
            power_preference: wgpu::PowerPreference::HighPerformance,
            ..Default::default()
        };
        let adapter = instance.request_adapter(&options).await.map_err(|e| no_adapter(&e))?;
        let report = Report::of(&adapter);
        let offered = adapter.limits();
        let most = offered.max_buffer_size.min(offered.max_storage_buffer_binding_size);
        let largest = largest.next_multiple_of(16); // as buffers are
        if most < largest {
            return Err(too_large(&report.adapter, largest, most));
        }
        // What every WebGPU has anyway leaves room to grow.
        let largest = largest.max(most.min(DEFAULT_BINDING)).max(1 << 20);
        let required_limits = wgpu::Limits {
            max_storage_buffers_per_shader_stage: MAX_STORAGE_BUFFERS,
            max_storage_buffer_binding_size: largest,
            max_buffer_size: largest,
            max_compute_workgroup_storage_size: 16_384,
            ..wgpu::Limits::downlevel_defaults()
        };
        let descriptor = wgpu::DeviceDescriptor { label: Some("lab"), required_limits, ..Default::default() };
        let (device, queue) = adapter.request_device(&descriptor).await.map_err(|e| {
            Error::DeviceLost(format!("the adapter {} gave no device: {e}; reload the page", adapter.get_info().name))
        })?;
        #[cfg(target_family = "wasm")]
        let report = report.named_by(&device);
        let faults = Faults::of(&device);
        let pipelines = KERNELS.iter().map(|_| OnceLock::new()).collect();
        Ok(Self { device, largest, queue, report, pipelines, counters: Arc::default(), faults })
    }

    /// The adapter's name and the way it is driven, for people: "llvmpipe (LLVM 15.0.6, 256 bits), Vulkan".
    #[must_use]
    pub fn adapter(&self) -> String {
        format!("{}, {}", self.report.adapter, self.report.backend)
    }

    /// What the adapter says of itself.
    #[must_use]
    pub fn report(&self) -> &Report {
        &self.report
    }

    /// Whether the adapter is a processor that plays a GPU.
    #[must_use]
    pub fn is_software(&self) -> bool {
        self.report.software
    }

    /// Whether a buffer of `bytes` can be made.
    ///
    /// # Errors
    /// `out-of-memory` naming both sizes and what to do.
    pub fn check_size(&self, bytes: u64, config: &ModelConfig) -> Result<()> {
        if bytes <= self.largest {
            return Ok(());
        }
        let Error::OutOfMemory(text) = too_large(&self.report.adapter, bytes, self.largest) else { return Ok(()) };
        Err(Error::OutOfMemory(format!("{text}{}", smaller_preset(config))))
    }

    /// Bytes that one buffer may have.
    #[must_use]
    pub fn largest(&self) -> u64 {
        self.largest
    }

    /// Arithmetic operations that one submit may hold so that it stays well below a watchdog's patience.
    #[must_use]
    pub fn work_per_submit(&self) -> u64 {
        // 200 ms at a rate that slow adapters of either kind reach.
        if self.is_software() { 800_000_000 } else { 20_000_000_000 }
    }

    /// What was done so far.
    #[must_use]
    pub fn counts(&self) -> Counts {
        self.counters.read()
    }

    /// A zeroed buffer of `bytes`, rounded up to 16.
    ///
    /// # Errors
    /// `out-of-memory`, naming `label`.
    pub async fn buffer(&self, label: &str, bytes: u64, role: Role) -> Result<Buffer> {
        use wgpu::BufferUsages as Usage;
        let usage = match role {
            Role::Storage => Usage::STORAGE | Usage::COPY_SRC | Usage::COPY_DST,
            Role::Uniform => Usage::UNIFORM | Usage::COPY_DST,
            Role::Staging => Usage::MAP_READ | Usage::COPY_DST,
        };
        let size = bytes.max(16).next_multiple_of(16);
        let descriptor = wgpu::BufferDescriptor { label: Some(label), size, usage, mapped_at_creation: false };
        let raw = self.scoped(label, |gpu| gpu.device.create_buffer(&descriptor)).await?;
        self.counters.creations.fetch_add(1, Ordering::Relaxed);
        self.counters.live_bytes.fetch_add(raw.size(), Ordering::Relaxed);
        Ok(Buffer::counted(raw, Arc::clone(&self.counters)))
    }

    /// Compiles a kernel, unless that was done, and ties buffers to its bindings; `params` lies at `offset` in `uniform`, `params_bytes` long.
    ///
    /// # Errors
    /// `device-lost` with the driver's words when they do not fit each other.
    pub async fn bind(
        &self,
        kernel: Kernel,
        buffers: &[&Buffer],
        uniform: &Buffer,
        offset: u64,
        params_bytes: u64,
    ) -> Result<Bound> {
        let mut entries: Vec<wgpu::BindGroupEntry<'_>> = (0u32..)
            .zip(buffers)
            .map(|(binding, buffer)| wgpu::BindGroupEntry { binding, resource: buffer.raw().as_entire_binding() })
            .collect();
        let params =
            wgpu::BufferBinding { buffer: uniform.raw(), offset, size: std::num::NonZeroU64::new(params_bytes) };
        entries.push(wgpu::BindGroupEntry {
            binding: buffers.len() as u32,
            resource: wgpu::BindingResource::Buffer(params),
        });
        let name = kernel.spec().name;
        let Pipeline { pipeline, layout } = self.pipeline(kernel).await?;
        let descriptor = wgpu::BindGroupDescriptor { label: Some(name), layout, entries: &entries };
        let group = self.scoped(name, |gpu| gpu.device.create_bind_group(&descriptor)).await?;
        self.counters.creations.fetch_add(1, Ordering::Relaxed);
        Ok(Bound { pipeline: pipeline.clone(), group })
    }

    /// Compiles a kernel, unless that was done.
    ///
    /// # Errors
    /// `device-lost` with the driver's words.
    pub async fn compile(&self, kernel: Kernel) -> Result<()> {
        self.pipeline(kernel).await.map(|_| ())
    }

    async fn pipeline(&self, kernel: Kernel) -> Result<&Pipeline> {
        let place = &self.pipelines[kernel as usize];
        if let Some(made) = place.get() {
            return Ok(made);
        }
        let made = self.scoped(kernel.spec().name, |gpu| compile(&gpu.device, kernel)).await?;
        self.counters.creations.fetch_add(1, Ordering::Relaxed);
        Ok(place.get_or_init(|| made))
    }

    /// Writes numbers to a buffer before the next submit. `offset` and the length are multiples of 4 bytes.
    pub fn write(&self, buffer: &Buffer, offset: u64, bytes: &[u8]) {
        if bytes.is_empty() {
            return;
        }
        self.queue.write_buffer(buffer.raw(), offset, bytes);
    }

    /// A fresh list of commands.
    #[must_use]
    pub fn encoder(&self) -> wgpu::CommandEncoder {
        self.device.create_command_encoder(&wgpu::CommandEncoderDescriptor::default())
    }

    /// Adds one dispatch to a pass.
    pub fn dispatch(&self, pass: &mut wgpu::ComputePass<'_>, bound: &Bound, grid: [u32; 3]) {
        pass.set_pipeline(&bound.pipeline);
        pass.set_bind_group(0, &bound.group, &[]);
        pass.dispatch_workgroups(grid[0], grid[1], grid[2]);
        self.counters.dispatches.fetch_add(1, Ordering::Relaxed);
    }

    /// Hands commands to the device.
    pub fn submit(&self, encoder: wgpu::CommandEncoder) {
        self.queue.submit([encoder.finish()]);
        self.counters.submits.fetch_add(1, Ordering::Relaxed);
    }

    /// Waits for everything submitted and reads the first `bytes` of a staging buffer.
    ///
    /// # Errors
    /// `device-lost` or `out-of-memory`: what went wrong since the last read-back.
    pub async fn read(&self, staging: &Buffer, bytes: u64) -> Result<Vec<u8>> {
        self.counters.read_backs.fetch_add(1, Ordering::Relaxed);
        let (promise, keep) = Promise::new();
        staging.raw().map_async(wgpu::MapMode::Read, 0..bytes, move |outcome| keep.fulfil(outcome));
        // In a browser this does nothing: its event loop completes the mapping.
        let polled = self.device.poll(wgpu::PollType::wait_indefinitely());
        self.faults.check()?;
        polled.map_err(|e| Error::DeviceLost(format!("waiting for the GPU failed: {e}")))?;
        #[cfg(target_family = "wasm")]
        nudge::nudge(&self.queue, &promise).await;
        promise
            .await
            .map_err(|e| self.faults.check().err().unwrap_or_else(|| lost(&format!("a buffer was not mapped: {e}"))))?;
        let view = staging.raw().get_mapped_range(0..bytes).map_err(|e| lost(&e.to_string()))?;
        let copy = view.to_vec();
        drop(view);
        staging.raw().unmap();
        Ok(copy)
    }

    /// Destroys the device, as a driver that crashes would; for tests of what happens then.
    pub fn destroy(&self) {
        self.device.destroy();
    }

    /// Runs `make` and reports what the device complained about meanwhile.
    async fn scoped<T>(&self, what: &str, make: impl FnOnce(&Self) -> T) -> Result<T> {
        self.faults.check()?;
        let scopes = [wgpu::ErrorFilter::Validation, wgpu::ErrorFilter::Internal, wgpu::ErrorFilter::OutOfMemory]
            .map(|filter| self.device.push_error_scope(filter));
        let made = make(self);
        // Scopes are a stack: the last one pushed is popped first.
        let popped: Vec<_> = scopes.into_iter().rev().map(wgpu::ErrorScopeGuard::pop).collect();
        for outcome in popped {
            if let Some(error) = outcome.await {
                return Err(explain(what, &error));
            }
        }
        self.faults.check()?;
        Ok(made)
    }
}
