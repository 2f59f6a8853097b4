//! What an adapter says of itself, as plain data.
//!
//! Not here: asking it (`gpu/device`).

use serde::Serialize;

/// The capability report of an adapter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Report {
    /// The adapter's name.
    pub adapter: String,
    /// How it is driven: "Vulkan", "WebGPU".
    pub backend: String,
    /// A processor that plays a GPU.
    pub software: bool,
    /// Whether shaders may compute in f16; ours do not.
    pub f16: bool,
    /// Bytes.
    pub max_buffer_size: u64,
    /// Bytes.
    pub max_storage_buffer_binding_size: u64,
    /// Bytes.
    pub max_compute_workgroup_storage_size: u32,
    pub max_compute_invocations_per_workgroup: u32,
    pub max_storage_buffers_per_shader_stage: u32,
}
