//! All that is tested natively, each file a module: one binary, since forty took longer to link than to run.
//!
//! `cargo test --features native --test native kernels_large::` runs one of them. What runs WGSL needs an adapter, which the feature `gpu`
//! promises (a software one is mesa-vulkan-drivers): without one these fail. Not here: real browsers (`browser.rs`, `browser_gpu.rs`).

mod device;

mod actions;
mod cli;
mod cli_language;
mod cli_semantic;
mod engine;
mod experiment;
mod fused;
mod golden;
mod gpu;
mod gpu_floats;
mod gpu_language;
mod gpu_large;
mod gpu_learning;
mod gpu_lora;
mod gpu_semantic;
mod graders;
mod gradients_math;
mod house;
mod kernels;
mod kernels_adapter;
mod kernels_backward;
mod kernels_large;
mod kernels_semantic;
mod kernels_steps;
mod large;
mod large_folder;
mod learning;
mod lora;
mod objectives;
mod objectives_autodiff;
mod own_questions;
mod parity;
mod policies;
mod progress;
mod sampling;
mod scale_out;
mod semantic_id;
mod semantic_joint;
mod shaders;
mod smollm2;
mod tasks;
mod text;
mod weights;
mod weights_hostile;
