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
        let words = format!("{} {} {}", info.name, info.driver, info.driver_info);
        Self {
            software: info.device_type == wgpu::DeviceType::Cpu || is_named_software(&words),
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

/// Whether an adapter's own words are those of a processor that plays a GPU.
fn is_named_software(words: &str) -> bool {
    let words = words.to_lowercase();
    ["swiftshader", "llvmpipe", "lavapipe", "softpipe", "basic render"].iter().any(|name| words.contains(name))
}

#[cfg(target_family = "wasm")]
impl Report {
    /// With the vendor and architecture that the browser tells of a device; wgpu passes on the description only, which is often empty.
    #[must_use]
    pub fn named_by(mut self, device: &wgpu::Device) -> Self {
        use js_sys::Reflect;
        use wasm_bindgen::JsValue;

        let Some(device) = device.as_webgpu() else { return self };
        let info = Reflect::get(device.as_ref(), &"adapterInfo".into()).unwrap_or(JsValue::UNDEFINED);
        let text =
            |key: &str| Reflect::get(&info, &key.into()).ok().and_then(|text| text.as_string()).unwrap_or_default();
        let words = [text("vendor"), text("architecture"), text("description")].join(" ");
        let words = words.trim();
        if !words.is_empty() {
            self.software |= is_named_software(words);
            self.adapter = words.to_owned();
        }
        self
    }
}
