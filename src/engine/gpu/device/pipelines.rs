//! A kernel of the table as a compute pipeline.
//!
//! Not here: the table (`kernels.rs`).

use crate::engine::gpu::kernels::{Access, Kernel};

/// A kernel made ready, and how its buffers are bound.
#[derive(Debug)]
pub struct Pipeline {
    pub pipeline: wgpu::ComputePipeline,
    pub layout: wgpu::BindGroupLayout,
}

/// Compiles a kernel. Its layout comes from the table, so that a binding the shader does not expect is an error.
#[must_use]
pub fn compile(device: &wgpu::Device, kernel: Kernel) -> Pipeline {
    let spec = kernel.spec();
    let label = Some(spec.name);
    let storage = |access: &Access| wgpu::BufferBindingType::Storage { read_only: *access == Access::Read };
    let entries: Vec<wgpu::BindGroupLayoutEntry> = (0u32..)
        .zip(spec.bindings.iter().map(storage).chain([wgpu::BufferBindingType::Uniform]))
        .map(|(binding, ty)| wgpu::BindGroupLayoutEntry {
            binding,
            visibility: wgpu::ShaderStages::COMPUTE,
            ty: wgpu::BindingType::Buffer { ty, has_dynamic_offset: false, min_binding_size: None },
            count: None,
        })
        .collect();
    let layout = device.create_bind_group_layout(&wgpu::BindGroupLayoutDescriptor { label, entries: &entries });
    let pipeline_layout = device.create_pipeline_layout(&wgpu::PipelineLayoutDescriptor {
        label,
        bind_group_layouts: &[Some(&layout)],
        immediate_size: 0,
    });
    let source = wgpu::ShaderSource::Wgsl(spec.source().into());
    let module = device.create_shader_module(wgpu::ShaderModuleDescriptor { label, source });
    let pipeline = device.create_compute_pipeline(&wgpu::ComputePipelineDescriptor {
        label,
        layout: Some(&pipeline_layout),
        module: &module,
        entry_point: Some("main"),
        // No kernel reads workgroup memory it has not written.
        compilation_options: wgpu::PipelineCompilationOptions {
            zero_initialize_workgroup_memory: false,
            ..Default::default()
        },
        cache: None,
    });
    Pipeline { pipeline, layout }
}
