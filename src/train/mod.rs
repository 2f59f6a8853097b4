//! New parameters from rollouts: warm start, GRPO, SofT-GRPO, and every number they report.
//!
//! Not here: the formulas (`math/`), decoding (`decode/`), gradients (`engine/`).

pub mod config;
pub mod frame;
pub mod grpo;
pub mod metrics;
pub mod run;
pub mod soft_grpo;
pub mod warm_start;

pub use config::{Objective, TrainConfig};
pub use metrics::Metrics;
pub use run::Run;
