//! The transformer as lists of dispatches. Letters: `model/config.rs`; M rows of any kind.
//!
//! Not here: when they run (`rollout.rs`, `score.rs`, `learn.rs`), what they compute (`shaders/`).

mod attention;
mod backward;
mod beside;
mod blocks;
mod checkpointed;
mod density;
mod forward;
mod low_rank;
mod passes;
mod product;
mod tensors;

pub use backward::{
    LearnPass, Optimized, backward_calls, keep_calls, logits_backward_calls, optimize_calls, optimizer_calls,
    train_calls,
};
pub use beside::{Beside, Frozen};
pub use checkpointed::{checkpoint_backward_calls, checkpoint_calls, tile_backward_calls, tile_calls};
pub use density::{ActionShape, SOFT, VECTOR, density_calls, density_params, noise_number};
pub use forward::Forward;
pub use passes::{
    BatchPass, PromptPass, batch_calls, decode_calls, hidden_calls, prompt_calls, step_calls, wanted_calls,
};
