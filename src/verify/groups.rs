//! Comparing numbers with expected ones, and the largest error of each group.
//!
//! Not here: what is compared (`cases.rs`, `engine_cases.rs`).

use super::GroupReport;

/// In f64, expected numbers smaller than this (Euclidean norm of a case) count as this large: they are what cancellation left over.
pub const SMALLEST_SCALE: f64 = 1e-6;

/// The groups of one file while its cases are compared.
pub struct Groups {
    file: String,
    tolerance: f64,
    smallest: f64,
    pub reports: Vec<GroupReport>,
}

impl Groups {
    /// No groups yet; `tolerance` is that of numbers, relative to their norm or to `smallest` where they are smaller.
    pub fn new(file: &str, tolerance: f64, smallest: f64) -> Self {
        Self { file: file.to_owned(), tolerance, smallest, reports: Vec::new() }
    }

    fn record(&mut self, group: &str, error: f64, tolerance: f64) {
        let error = if error.is_nan() { f64::INFINITY } else { error };
        if let Some(report) = self.reports.iter_mut().find(|report| report.group == group) {
            report.cases += 1;
            report.max_error = report.max_error.max(error);
            return;
        }
        let (file, group) = (self.file.clone(), group.to_owned());
        self.reports.push(GroupReport { file, group, cases: 1, max_error: error, tolerance });
    }

    /// Numbers, by the norm of their difference relative to the norm of what was expected.
    pub fn numbers(&mut self, group: &str, got: &[f64], wanted: &[f64]) {
        self.record(group, relative_error(got, wanted, self.smallest), self.tolerance);
    }

    /// A difference that was measured elsewhere, with a tolerance of its own.
    pub fn within(&mut self, group: &str, difference: f64, tolerance: f64) {
        self.record(group, difference, tolerance);
    }

    /// Whole numbers, by how many of them differ.
    pub fn exact(&mut self, group: &str, got: &[u32], wanted: &[u32]) {
        let differ = got.iter().zip(wanted).filter(|(left, right)| left != right).count();
        self.record(group, (differ + got.len().abs_diff(wanted.len())) as f64, 0.0);
    }
}

/// ‖got − wanted‖ / max(‖wanted‖, smallest); infinite for different lengths.
pub fn relative_error(got: &[f64], wanted: &[f64], smallest: f64) -> f64 {
    if got.len() != wanted.len() {
        return f64::INFINITY;
    }
    let squares: f64 = got.iter().zip(wanted).map(|(left, right)| (left - right) * (left - right)).sum();
    let scale: f64 = wanted.iter().map(|value| value * value).sum();
    squares.sqrt() / scale.sqrt().max(smallest)
}
