//! The truth of the lab: every formula of the method as a pure function of plain slices in f64.
//!
//! Not here: devices, clocks, global randomness, tensors. `engine/` repeats these formulas fast and is tested against them.

pub mod advantage;
pub mod aggregation;
pub mod bootstrap;
mod density;
pub mod divergence;
pub mod gumbel;
pub mod kl;
pub mod noises;
pub mod objective;
pub mod pass_at_k;
pub mod rope;
pub mod soft_tokens;
pub mod softmax;
pub mod special;
pub mod straight_through;
pub mod stream;
pub mod surrogate;
pub mod threefry;
pub mod truncation;
