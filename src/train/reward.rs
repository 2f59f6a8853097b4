//! What a completion earns beyond the grade of its answer: credit for form, punishment for length, the price of divergence.
//!
//! Not here: grades (`tasks/`), advantages (`math/advantage.rs`).

/// The reward of a completion: its grade, at least `format_reward` if it is well formed, less [`overlong_punishment`].
///
/// Source of the credit: Soft Tokens, arXiv 2509.19170, appendix A: 100 if right, 10 if an answer could be read, else 0.
#[must_use]
pub fn reward(grade: f64, well_formed: bool, format_reward: f64, punishment: f64) -> f64 {
    let credit = if well_formed { format_reward } else { 0.0 };
    grade.max(credit) - punishment
}

/// DAPO's soft overlong punishment of a completion of `length` tokens: 0 up to `longest − cache`, then rising to 1 at `longest`.
///
/// Source: Yu et al. 2025, arXiv 2503.14476, equation 13.
#[must_use]
pub fn overlong_punishment(length: usize, longest: usize, cache: usize) -> f64 {
    let over = (length + cache).saturating_sub(longest);
    if cache == 0 { 0.0 } else { (over as f64 / cache as f64).min(1.0) }
}

/// Σ_t (log π_old − log ref) over the densities that count, in nats: what [`crate::train::TrainConfig::use_kl_in_reward`] charges.
#[must_use]
pub fn divergence(old: &[f64], reference: &[f64], weights: &[f64]) -> f64 {
    let pairs = old.iter().zip(reference).zip(weights);
    pairs.filter(|(_, weight)| **weight != 0.0).map(|((old, reference), _)| old - reference).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wrong_answer_in_the_right_form_earns_the_credit_and_a_right_one_its_grade() {
        assert_eq!(
            (reward(1.0, true, 0.1, 0.0), reward(0.0, true, 0.1, 0.0), reward(0.0, false, 0.1, 0.0)),
            (1.0, 0.1, 0.0)
        );
        assert_eq!((reward(0.3, true, 0.1, 0.5), reward(0.3, true, 0.5, 0.0)), (0.3 - 0.5, 0.5));
    }

    #[test]
    fn punishment_rises_over_the_last_tokens() {
        let at = |length| overlong_punishment(length, 40, 8);
        assert_eq!((at(10), at(32), at(36), at(40), at(50)), (0.0, 0.0, 0.5, 1.0, 1.0));
        assert_eq!(overlong_punishment(40, 40, 0), 0.0);
    }

    #[test]
    fn what_was_given_costs_nothing() {
        assert_eq!(divergence(&[-1.0, 0.0, -2.0], &[-1.5, 3.0, -1.75], &[1.0, 0.0, 1.0]), 0.25);
    }
}
