#![doc = include_str!("../README.md")]
//! # Modules
//! The floors, lowest first: a module may use only what stands above it in this list.

#![deny(clippy::unwrap_used, clippy::expect_used)]

pub mod error;

pub mod math;
pub mod tasks;

pub mod model;
pub mod text;
pub mod weights;

pub mod engine;

pub mod decode;
pub mod train;

pub mod experiment;
#[cfg(feature = "native")]
pub mod scale_out;

pub mod verify;

pub mod semantic_id;

pub mod lab;

#[cfg(target_family = "wasm")]
pub mod wasm;

#[doc = include_str!("methods.md")]
pub mod methods {}

// Checkouts may share a build folder (`CARGO_TARGET_DIR`), and there cargo would take one's library for another's whenever its
// files look newer. `.cargo/config.toml` puts the checkout's path into this variable; reading it makes cargo compare it.
const _: Option<&str> = option_env!("LAB_CHECKOUT");
