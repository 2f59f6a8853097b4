//! The second lab: a recommender whose items are written as short codes, which the recommendation loss itself may train (DIGER,
//! arXiv 2601.19711).
//!
//! A wing of the house: it uses `math`, `error` and engine primitives, and nothing uses it but its doors. With the first lab it shares
//! one formula, softmax((score + Gumbel noise) / τ), `math/gumbel.rs::mixture`: an estimator here, an action density there. Here the
//! softmax only lends a hard choice of a code its gradient; there the perturbed values are the action, and their density is what
//! reinforcement learning moves.
//!
//! Updates are computed by Burn on the CPU (`joint.rs`) or, where the settings say so, in WGSL on the GPU (`device.rs`).
//!
//! Letters: N items; L levels; K codes a level; D width of an item's vector.

pub mod assignment;
pub mod beam;
pub mod catalogue;
pub mod config;
pub mod decay;
mod device;
pub mod epoch;
pub mod exact;
pub mod experiment;
pub mod health;
pub mod import;
pub mod joint;
pub mod noise;
pub mod quantizer;
pub mod ranking;
pub mod sinkhorn;
pub mod snapshot;
pub mod summary;
pub mod tokens;
pub mod trainer;
mod update;

pub use catalogue::{Catalogue, CatalogueConfig, Fold};
pub use config::{ARMS, SemanticConfig};
pub use epoch::{Epoch, Ranking};
pub use quantizer::{Ids, QuantizerConfig, ResidualQuantizer};
pub use trainer::SemanticRun;
