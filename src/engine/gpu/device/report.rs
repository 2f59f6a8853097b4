//! Asking an adapter what it is.
//!
//! Not here: opening it (`mod.rs`), the data (`engine/report.rs`).

use crate::engine::Report;

impl Report {
    /// Reads an adapter.
    #[must_use]
    pub fn of(adapter: &wgpu::Adapter) -> Self {
        let (info, limits) = (adapter.get_info(), adapter.limits());
        let backend = if cfg!(target_family = "wasm") { "WebGPU".to_owned() } else { format!("{:?}", info.backend) };
        let words = format!("{} {} {}", info.name, info.driver, info.driver_info).to_lowercase();
        let named =
            ["swiftshader", "llvmpipe", "lavapipe", "softpipe", "basic render"].iter().any(|name| words.contains(name));
        Self {
            software: info.device_type == wgpu::DeviceType::Cpu || named,
            adapter: if info.name.is_empty() { "an unnamed adapter".into() } else { info.name },
            backend,
            f16: adapter.features().contains(wgpu::Features::SHADER_F16),
            max_buffer_size: limits.max_buffer_size,
            max_storage_buffer_binding_size: limits.max_storage_buffer_binding_size,
            max_compute_workgroup_storage_size: limits.max_compute_workgroup_storage_size,
            max_compute_invocations_per_workgroup: limits.max_compute_invocations_per_workgroup,
            max_storage_buffers_per_shader_stage: limits.max_storage_buffers_per_shader_stage,
        }
    }
}
