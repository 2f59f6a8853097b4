//! What a model is: its configuration and the one list of its parameters.
//!
//! Not here: how the parameters are computed with (`engine/`), stored (`weights/`) or what the tokens mean (`text.rs`).

pub mod config;
mod config_json;
pub mod lora;
pub mod params;

pub use config::{Family, ModelConfig};
pub use params::ParamSpec;
