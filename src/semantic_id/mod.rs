//! The second lab: a recommender whose items are written as short codes, which the recommendation loss itself may train (DIGER,
//! arXiv 2601.19711).
//!
//! A wing of the house: it uses `math`, `error` and engine primitives, and nothing uses it but its doors. With the first lab it shares
//! one formula, softmax((score + Gumbel noise) / τ): there the density of an action, here a straight-through gradient estimator.
//!
//! Letters: N items; L levels; K codes a level; D width of an item's vector.

pub mod assignment;
pub mod beam;
pub mod catalogue;
pub mod config;
pub mod decay;
pub mod health;
pub mod import;
pub mod joint;
pub mod quantizer;
pub mod ranking;
pub mod sinkhorn;
pub mod tokens;
pub mod trainer;

pub use catalogue::{Catalogue, CatalogueConfig, Fold};
pub use config::{ARMS, SemanticConfig};
pub use quantizer::{Ids, QuantizerConfig, ResidualQuantizer};
pub use trainer::{Epoch, Ranking, SemanticRun};
