//! The transformer as lists of dispatches. Letters: `model/config.rs`; M rows of any kind.
//!
//! Not here: when they run (`rollout.rs`, `score.rs`, `learn.rs`), what they compute (`shaders/`).

mod attention;
mod backward;
mod forward;
mod passes;
mod product;
mod tensors;

pub use backward::{LearnPass, backward_calls, optimizer_calls, train_calls};
pub use forward::Forward;
pub use passes::{BatchPass, PromptPass, batch_calls, decode_calls, density_call, prompt_calls, step_calls};

/// A mask that counts every candidate: no log probability is lower.
const NO_MASK: f32 = -1e30;
