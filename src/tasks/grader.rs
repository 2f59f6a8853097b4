//! What counts as a right answer to a user's own question: the same characters, the same number, or what a function says.
//!
//! Not here: the questions (`own.rs`), functions of a page (`wasm/`).

use std::collections::HashMap;

use crate::error::{Error, Result};

/// A custom grader: question, expected answer and given answer to a grade in [0, 1]; NaN for "cannot say", which earns nothing.
pub type GradeFunction = Box<dyn Fn(&str, &str, &str) -> f64>;

/// How many answers and lines a custom grader is tried on to see how far guessing gets.
const TRIED: (usize, usize) = (32, 256);

/// What counts as a right answer.
pub enum Grader {
    /// The same characters.
    Exact,
    /// Both are numbers that differ by at most the tolerance, 0 or more.
    Numeric { tolerance: f64 },
    /// Whatever the function says.
    Custom(GradeFunction),
}

impl Grader {
    /// `exact` or `numeric`; how far numbers may differ, 1e-6 if it is not said.
    ///
    /// # Errors
    /// `bad-input` for another name or an unusable tolerance.
    pub fn from_name(name: &str, tolerance: Option<f64>) -> Result<Self> {
        match (name, tolerance) {
            ("exact", None) => Ok(Self::Exact),
            ("numeric", tolerance) if tolerance.is_none_or(|t| t.is_finite() && t >= 0.0) => {
                Ok(Self::Numeric { tolerance: tolerance.unwrap_or(1e-6) })
            }
            ("numeric" | "exact", _) => {
                Err(Error::bad_input("tolerance: expected a number of at least 0, and only with the numeric grader"))
            }
            _ => Err(Error::bad_input(format!("grader: expected exact or numeric, got {name:?}"))),
        }
    }

    pub(super) fn grade(&self, question: &str, expected: &str, given: &str) -> f64 {
        match self {
            Self::Exact => f64::from(u8::from(expected == given)),
            Self::Numeric { tolerance } => match (number(expected), number(given)) {
                (Some(expected), Some(given)) if (expected - given).abs() <= *tolerance => 1.0,
                _ => 0.0,
            },
            Self::Custom(function) => {
                let grade = function(question, expected, given);
                if grade.is_nan() { 0.0 } else { grade.clamp(0.0, 1.0) }
            }
        }
    }

    /// Why an expected answer cannot be one.
    pub(super) fn refuses(&self, question: &str, expected: &str) -> Option<String> {
        match self {
            Self::Exact => None,
            Self::Numeric { .. } => number(expected)
                .is_none()
                .then(|| format!("the numeric grader needs a number as answer, got {expected:?}")),
            Self::Custom(function) => {
                let grade = function(question, expected, expected);
                let why =
                    || format!("the grader must give a number from 0 to 1 for the right answer, it gives {grade}");
                (!(0.0..=1.0).contains(&grade)).then(why)
            }
        }
    }

    /// 1 / the share of these questions and expected answers that the best single answer gets right.
    pub(super) fn guess_space(&self, pairs: &[(&str, &str)]) -> f64 {
        let mut counts: HashMap<&str, usize> = HashMap::new();
        pairs.iter().for_each(|(_, expected)| *counts.entry(expected).or_default() += 1);
        let best = match self {
            Self::Exact => counts.values().copied().max().unwrap_or(1) as f64,
            Self::Numeric { tolerance } => {
                let mut numbers: Vec<f64> = pairs.iter().filter_map(|(_, expected)| number(expected)).collect();
                numbers.sort_by(f64::total_cmp);
                let within = |low: usize| numbers.partition_point(|n| *n <= numbers[low] + 2.0 * tolerance) - low;
                (0..numbers.len()).map(within).max().unwrap_or(1) as f64
            }
            Self::Custom(_) => {
                let mut answers: Vec<(&str, usize)> = counts.into_iter().collect();
                answers.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
                let some = &pairs[..pairs.len().min(TRIED.1)];
                let earned = |answer: &str| {
                    some.iter().map(|(question, expected)| self.grade(question, expected, answer)).sum::<f64>()
                };
                let most = answers.iter().take(TRIED.0).map(|(answer, _)| earned(answer)).fold(0.0, f64::max);
                most * pairs.len() as f64 / some.len().max(1) as f64
            }
        };
        (pairs.len() as f64 / best.max(f64::MIN_POSITIVE)).clamp(1.0, 1e12)
    }
}

/// A finite number: digits with at most one point, a sign, an exponent. Not `inf`, not spaces.
fn number(text: &str) -> Option<f64> {
    let plain = text.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'+' | b'-' | b'.' | b'e'));
    text.parse().ok().filter(|value: &f64| plain && value.is_finite())
}
