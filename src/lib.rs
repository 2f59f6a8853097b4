//! Soft Thinking Lab. The floors, lowest first: a module may use only what stands above it in this list.

pub mod error;

pub mod math;
pub mod tasks;

pub mod model;
pub mod text;
pub mod weights;

pub mod engine;

pub mod decode;
pub mod train;

pub mod verify;

pub mod lab;

#[cfg(target_family = "wasm")]
pub mod wasm;
