//! New parameters from rollouts: warm start, the objectives of four papers and their relatives, and every number they report.
//!
//! Not here: the formulas (`math/`), decoding (`decode/`), gradients (`engine/`).

mod adapter;
mod check;
pub mod checkpoint;
pub mod config;
mod effect;
pub mod frame;
pub mod gather;
pub mod grpo;
pub mod metrics;
pub mod multiplex;
pub mod preset;
pub mod reward;
pub mod run;
pub mod soft_grpo;
pub mod soft_tokens;
pub mod terms;
pub mod warm_start;
pub mod watch;

pub use config::{Objective, TrainConfig};
pub use metrics::Metrics;
pub use preset::presets;
pub use run::Run;
pub use watch::Collapse;
