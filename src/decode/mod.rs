//! From logits to the next input: discrete sampling, soft thinking, when to stop, and the record of what was done.
//!
//! Not here: the transformer (`engine/`), learning (`train/`).

pub mod discrete;
pub mod evaluate;
pub mod policy;
pub mod rollout;
pub mod soft;

pub use policy::{DiscreteSettings, Policy, SoftSettings};
pub use rollout::{Phase, Rollout, Step, rollout};
