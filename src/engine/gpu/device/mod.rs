//! The adapter and device, by our own request: errors with a code, pipelines made once, buffers whose bytes are counted.
//!
//! Not here: which kernels there are (`kernels.rs`), what runs in which order (`program.rs`).

mod fault;
mod pipelines;
mod wait;

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};

use self::fault::{Faults, explain, lost, no_adapter};
use self::pipelines::{Pipeline, compile};
use self::wait::Promise;
use super::kernels::{KERNELS, Kernel, MAX_STORAGE_BUFFERS};
use crate::error::{Error, Result};

/// What a device has done since it was opened. House rule: after warm-up `creations` and `live_bytes` stand still.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Buffers, bind groups and pipelines made.
    pub creations: u64,
    /// Kernels dispatched.
    pub dispatches: u64,
    /// Command buffers submitted.
    pub submits: u64,
    /// Times the host waited for numbers from the device.
    pub read_backs: u64,
    /// Bytes of all living buffers.
    pub live_bytes: u64,
}

#[derive(Default)]
struct Counters {
    creations: AtomicU64,
    dispatches: AtomicU64,
    submits: AtomicU64,
    read_backs: AtomicU64,
    live_bytes: AtomicU64,
}

/// A buffer that gives its bytes back to the count when dropped.
pub struct Buffer {
    raw: wgpu::Buffer,
    counters: Arc<Counters>,
}

impl Buffer {
    /// The wgpu buffer.
    #[must_use]
    pub fn raw(&self) -> &wgpu::Buffer {
        &self.raw
    }
}

impl Drop for Buffer {
    fn drop(&mut self) {
        self.counters.live_bytes.fetch_sub(self.raw.size(), Ordering::Relaxed);
    }
}

/// What a buffer is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Bound to kernels; can be written by the host and copied from and to.
    Storage,
    /// The `params` of kernels.
    Uniform,
    /// Mapped by the host.
    Staging,
}

/// A kernel with the buffers of its bindings.
pub struct Bound {
    pipeline: wgpu::ComputePipeline,
    group: wgpu::BindGroup,
}

/// An open device. Only kernels in use are compiled: on a software adapter one can take seconds.
pub struct Gpu {
    device: wgpu::Device,
    queue: wgpu::Queue,
    info: wgpu::AdapterInfo,
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
            let advice = "the page must come by https or from localhost; the CPU engine does the same work more slowly";
            return Err(Error::NoWebgpu(format!("this browser offers no WebGPU here: {advice}")));
        }
        let instance = wgpu::Instance::new(wgpu::InstanceDescriptor::new_without_display_handle());
        let options = wgpu::RequestAdapterOptions {
            power_preference: wgpu::PowerPreference::HighPerformance,
            ..Default::default()
        };
        let adapter = instance.request_adapter(&options).await.map_err(|e| no_adapter(&e))?;
        let offered = adapter.limits();
        let largest = largest.max(1 << 20).next_multiple_of(16); // as buffers are
        if offered.max_buffer_size < largest || offered.max_storage_buffer_binding_size < largest {
            let most = offered.max_buffer_size.min(offered.max_storage_buffer_binding_size) >> 20;
            let name = adapter.get_info().name;
            return Err(Error::OutOfMemory(format!(
                "the model needs a buffer of {} MiB, but {name} allows {most} MiB; take a smaller preset or fewer rollouts",
                largest.div_ceil(1 << 20)
            )));
        }
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
        let faults = Faults::of(&device);
        let pipelines = KERNELS.iter().map(|_| OnceLock::new()).collect();
        Ok(Self { device, queue, info: adapter.get_info(), pipelines, counters: Arc::default(), faults })
    }

    /// The adapter's name and the way it is driven, for people: "llvmpipe (LLVM 15.0.6, 256 bits), Vulkan".
    #[must_use]
    pub fn adapter(&self) -> String {
        let backend =
            if cfg!(target_family = "wasm") { "WebGPU".to_owned() } else { format!("{:?}", self.info.backend) };
        format!("{}, {backend}", self.info.name)
    }

    /// Whether the adapter is a processor that plays a GPU.
    #[must_use]
    pub fn is_software(&self) -> bool {
        self.info.device_type == wgpu::DeviceType::Cpu
    }

    /// What was done so far.
    #[must_use]
    pub fn counts(&self) -> Counts {
        let read = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        Counts {
            creations: read(&self.counters.creations),
            dispatches: read(&self.counters.dispatches),
            submits: read(&self.counters.submits),
            read_backs: read(&self.counters.read_backs),
            live_bytes: read(&self.counters.live_bytes),
        }
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
        Ok(Buffer { raw, counters: Arc::clone(&self.counters) })
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
            .map(|(binding, buffer)| wgpu::BindGroupEntry { binding, resource: buffer.raw.as_entire_binding() })
            .collect();
        let params =
            wgpu::BufferBinding { buffer: &uniform.raw, offset, size: std::num::NonZeroU64::new(params_bytes) };
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
        self.queue.write_buffer(&buffer.raw, offset, bytes);
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
        staging.raw.map_async(wgpu::MapMode::Read, 0..bytes, move |outcome| keep.fulfil(outcome));
        // In a browser this does nothing: its event loop completes the mapping.
        let polled = self.device.poll(wgpu::PollType::wait_indefinitely());
        self.faults.check()?;
        polled.map_err(|e| Error::DeviceLost(format!("waiting for the GPU failed: {e}")))?;
        promise
            .await
            .map_err(|e| self.faults.check().err().unwrap_or_else(|| lost(&format!("a buffer was not mapped: {e}"))))?;
        let view = staging.raw.get_mapped_range(0..bytes).map_err(|e| lost(&e.to_string()))?;
        let copy = view.to_vec();
        drop(view);
        staging.raw.unmap();
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
