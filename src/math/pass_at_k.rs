//! How often at least one of k samples is right: the unbiased estimate, the majority's answer, and what guessing alone reaches.
//!
//! Not here: grading (`tasks/`), running evaluations (`lab.rs`).

use crate::error::{Error, Result};

/// The unbiased estimate 1 − C(n − c, k) / C(n, k) of pass@k from n samples of which c are correct.
///
/// Source: Chen et al. 2021, arXiv 2107.03374, equation 1, in its product form, which does not overflow.
///
/// # Errors
/// `bad-input` if k is 0, k > n, or more are correct than there are.
pub fn pass_at_k(n: usize, correct: usize, k: usize) -> Result<f64> {
    if k == 0 || k > n {
        return Err(Error::bad_input(format!("`k` must be in 1..={n}, the number of samples; it is {k}")));
    }
    if correct > n {
        return Err(Error::bad_input(format!("`correct` must be in 0..={n}, the number of samples; it is {correct}")));
    }
    if n - correct < k {
        return Ok(1.0); // any k samples hold a correct one
    }
    let all_wrong: f64 = (n - correct + 1..=n).map(|i| 1.0 - k as f64 / i as f64).product();
    Ok(1.0 - all_wrong)
}

/// The place of the first sample that gives the most frequent answer; of equally frequent answers, the one that came first.
/// None for no samples.
#[must_use]
pub fn majority_vote<T: PartialEq>(answers: &[T]) -> Option<usize> {
    let votes = |answer: &T| answers.iter().filter(|other| *other == answer).count();
    let mut best: Option<(usize, usize)> = None;
    for (place, answer) in answers.iter().enumerate() {
        let count = votes(answer);
        if best.is_none_or(|(_, most)| count > most) {
            best = Some((place, count));
        }
    }
    best.map(|(place, _)| place)
}

/// The pass@k of blind guessing among `space` equally likely answers: 1 − (1 − 1/space)^k. A pass@k near it shows nothing.
///
/// `space` may be any number ≥ 1, so that a mean over questions can be used; below 1 it counts as 1.
#[must_use]
pub fn guessing_ceiling(space: f64, k: usize) -> f64 {
    1.0 - (1.0 - 1.0 / space.max(1.0)).powf(k as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pass_at_one_is_the_mean_and_rises_with_k() {
        assert!((pass_at_k(10, 3, 1).unwrap() - 0.3).abs() <= 1e-15);
        let values: Vec<f64> = (1..=10).map(|k| pass_at_k(10, 3, k).unwrap()).collect();
        assert!(values.windows(2).all(|pair| pair[0] <= pair[1]) && values[9] == 1.0);
        assert_eq!(pass_at_k(10, 0, 10).unwrap(), 0.0);
    }

    #[test]
    fn impossible_counts_are_named() {
        for (n, correct, k) in [(4, 1, 5), (4, 1, 0), (4, 5, 1), (0, 0, 1)] {
            assert_eq!(pass_at_k(n, correct, k).unwrap_err().code(), "bad-input");
        }
    }

    #[test]
    fn the_majority_wins_and_the_first_breaks_ties() {
        assert_eq!(majority_vote(&["7", "9", "9"]), Some(1));
        assert_eq!(majority_vote(&["7", "9", "9", "7"]), Some(0));
        assert_eq!(majority_vote::<u32>(&[]), None);
    }

    #[test]
    fn guessing_among_ten() {
        assert!((guessing_ceiling(10.0, 1) - 0.1).abs() <= 1e-15);
        assert!((guessing_ceiling(10.0, 2) - 0.19).abs() <= 1e-15);
        assert_eq!(guessing_ceiling(1.0, 3), 1.0);
    }
}
