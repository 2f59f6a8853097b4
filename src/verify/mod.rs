//! Checks this build against published numbers: what `lab verify` prints and `tests/golden.rs` asserts.
//!
//! Not here: the numbers (they are data, in the schema of `tests/golden`), the formulas (`math/`).

mod blocks;
pub mod cases;
pub mod engine_cases;
mod groups;
pub mod language;
pub mod models;

use serde::Serialize;

pub use cases::verify_cases;
pub use engine_cases::verify_on_cpu;
#[cfg(feature = "gpu")]
pub use engine_cases::verify_on_gpu;

/// The largest error found in one group of cases.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct GroupReport {
    /// The file the cases came from.
    pub file: String,
    /// What was compared, such as `log_density/gradient`.
    pub group: String,
    /// How many cases were compared.
    pub cases: usize,
    /// The largest error of a case; infinite where a number came out as NaN. The unit is that of the tolerance.
    pub max_error: f64,
    /// What the error may be.
    pub tolerance: f64,
}

impl GroupReport {
    /// Whether cases were compared at all and the largest error is within the tolerance.
    #[must_use]
    pub fn passed(&self) -> bool {
        self.cases > 0 && self.max_error <= self.tolerance
    }
}
