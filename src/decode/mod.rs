//! From logits to the next input: discrete sampling, every way to think softly, when to stop, and the record of what was done.
//!
//! Not here: the transformer (`engine/`), learning (`train/`).

pub mod diagnose;
pub mod discrete;
pub mod draws;
pub mod evaluate;
pub mod policy;
pub mod preset;
pub mod rollout;
mod settings;
pub mod soft;
pub mod step;
pub mod stop;
pub mod vector;

pub use policy::{AnswerSettings, DiscreteSettings, MultiplexSettings, Policy, SoftSettings, SoftTokensSettings};
pub use rollout::{Rollout, rollout};
pub use step::{Phase, Step};
